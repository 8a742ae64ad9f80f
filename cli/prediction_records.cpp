// Predictions as records: JSON lines and SDF.
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "chem/mol_block.hpp"
#include "cli/prediction.hpp"
#include "datasets/durable_file.hpp"

namespace theriac::cli {
namespace {

using Json = nlohmann::ordered_json;
using scoring::Score;

/// JSON has no NaN: what is not known is null.
Json number(double value) {
  return std::isfinite(value) ? Json(rounded(value)) : Json();
}

Json value_json(const Score& score, const std::optional<double>& percentile) {
  Json out = {{"value", number(score.value)},    {"unit", score.unit()},
              {"low", number(score.low)},        {"high", number(score.high)},
              {"domain", to_text(score.domain)}, {"direction", to_text(score.kind->direction)}};
  if (score.kind->of_class) out["set"] = score.classes.empty() ? Json() : Json(score.classes);
  if (percentile) out["percentile"] = number(*percentile);
  if (!score.neighbour.empty()) {
    out["neighbour"] = score.neighbour;
    out["neighbour_similarity"] = number(score.neighbour_similarity);
  }
  out["detail"] = score.detail;
  return out;
}

class RenderedFile : public PredictionFile {
 public:
  explicit RenderedFile(const std::string& path) : file_(path) {}
  void append(const Prediction& row) override { file_.write(row.text); }
  void publish() override { file_.publish(); }

 private:
  datasets::DurableFile file_;
};

class JsonLines : public RenderedFile {
 public:
  using RenderedFile::RenderedFile;

  void render(Prediction& row) const override {
    Json out = {{"record", row.number},
                {"name", row.name},
                {"smiles", row.smiles},
                {"status", row.status()},
                {"message", row.message}};
    if (!row.input.empty()) {
      Json& input = out["input"] = Json::object();
      for (const auto& [name, value] : row.input) input[name] = value;
    }
    Json& properties = out["properties"] = Json::object();
    for (std::size_t k = 0; k < row.scores.size(); ++k)
      properties[row.scores[k].name()] = value_json(
          row.scores[k], k < row.percentiles.size() ? row.percentiles[k] : std::optional<double>());
    row.text = out.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
  }
};

class SdfPredictions : public RenderedFile {
 public:
  using RenderedFile::RenderedFile;

  void render(Prediction& row) const override {
    chem::SdfTags tags = row.input;
    add(tags, "record", fmt::format("{}", row.number));
    add(tags, "smiles", row.smiles);
    add(tags, "status", row.status());
    add(tags, "message", row.message);
    for (std::size_t k = 0; k < row.scores.size(); ++k) add_score(tags, row, k);
    row.text = chem::empty_sdf_record(row.name, tags);
    auto molecule = row.drawn ? row.drawn : row.molecule;
    if (!molecule) return;
    molecule->set_name(row.name);
    try {
      row.text = chem::sdf_record(*molecule, tags);
    } catch (const MoleculeError&) {  // the values stand in the record without atoms
    }
  }

 private:
  /// A tag of ours wins over one of the input, which is kept under another name.
  static void add(chem::SdfTags& tags, const std::string& name, const std::string& value) {
    for (auto& tag : tags)
      if (tag.first == name) tag.first = "input_" + name;
    tags.emplace_back(name, value);
  }

  static void add_number(chem::SdfTags& tags, const std::string& name, double value) {
    if (std::isfinite(value)) add(tags, name, fmt::format("{}", rounded(value)));
  }

  static void add_score(chem::SdfTags& tags, const Prediction& row, std::size_t k) {
    const Score& score = row.scores[k];
    add_number(tags, score.name(), score.value);
    if (score.kind->estimated) {
      add_number(tags, score.name() + "_low", score.low);
      add_number(tags, score.name() + "_high", score.high);
      if (!score.classes.empty()) add(tags, score.name() + "_set", score.classes);
      add(tags, score.name() + "_domain", to_text(score.domain));
      if (k < row.percentiles.size() && row.percentiles[k])
        add_number(tags, score.name() + "_percentile", *row.percentiles[k]);
    }
    if (!score.detail.empty()) add(tags, score.name() + "_detail", score.detail);
  }
};

}  // namespace

std::unique_ptr<PredictionFile> json_lines_file(const std::string& path) {
  return std::make_unique<JsonLines>(path);
}

std::unique_ptr<PredictionFile> sdf_file(const std::string& path) {
  return std::make_unique<SdfPredictions>(path);
}

}  // namespace theriac::cli
