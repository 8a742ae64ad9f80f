// Protein language models against what the published programs compute, for every case of every model: the
// plain pass in double to 1e-9, the fast one to 1e-4, and the scores, likelihoods and tokens built on them.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "chem/text_file.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/model_file.hpp"
#include "scoring/protein_language_model.hpp"
#include "scoring/protein_reference.hpp"
#include "scoring/simd_level.hpp"

namespace fs = std::filesystem;
using namespace theriac;
using namespace theriac::scoring;

namespace {

const std::string golden = THERIAC_SHARED_DATA "/golden/protein-lm";

bool present() {
  if (fs::is_directory(golden)) return true;
  WARN("skipped: needs ../shared/golden/protein-lm");
  return false;
}

nlohmann::json json_of(const std::string& path) {
  return nlohmann::json::parse(datasets::read_file(path));
}

std::vector<std::string> model_folders() {
  std::vector<std::string> out;
  const auto index = json_of(golden + "/index.json");
  for (const auto& model : index["models"]) out.push_back(model["folder"]);
  return out;
}

/// The tensors of one case.
struct Case {
  const datasets::ModelFile& file;
  std::string name;
  bool has(const std::string& field) const { return file.contains(name + "/" + field); }
  datasets::TensorShape shape(const std::string& field) const { return file.info(name + "/" + field).shape; }
  std::vector<std::int64_t> integers(const std::string& field) const {
    return file.integers(name + "/" + field, shape(field));
  }
  std::vector<double> reals(const std::string& field) const {
    return file.doubles(name + "/" + field, shape(field));
  }
};

/// A row of a padded batch: the tokens that its attention mask keeps, where they stand, and which of them are
/// recorded at which place of the expected tensor.
struct GoldenRow {
  TokenRow row;
  std::vector<std::pair<std::size_t, std::size_t>> compared;  ///< index in row, row of the expected tensor
};

std::vector<GoldenRow> rows_of(const Case& c, const ProteinWeights& weights) {
  const auto shape = c.shape("input_ids");
  const auto ids = c.integers("input_ids");
  const auto length = static_cast<std::size_t>(shape[1]);
  const auto mask =
      c.has("attention_mask") ? c.integers("attention_mask") : std::vector<std::int64_t>(ids.size(), 1);
  const bool fair = c.file.source().find("fair-names") != std::string::npos;
  std::vector<std::int64_t> recorded;
  if (c.has("rows")) recorded = c.integers("rows");
  std::vector<GoldenRow> out;
  for (std::size_t b = 0; b < static_cast<std::size_t>(shape[0]); ++b) {
    const std::vector<int> whole(ids.begin() + static_cast<std::ptrdiff_t>(b * length),
                                 ids.begin() + static_cast<std::ptrdiff_t>((b + 1) * length));
    auto places = default_positions(weights.shape, weights.tokens.padding(), whole);
    if (c.has("position_ids")) {
      const auto given = c.integers("position_ids");
      places.assign(given.begin() + static_cast<std::ptrdiff_t>(b * length),
                    given.begin() + static_cast<std::ptrdiff_t>((b + 1) * length));
    }
    GoldenRow one;
    for (std::size_t t = 0; t < length; ++t) {
      if (!mask[b * length + t] || (fair && whole[t] == 1)) continue;
      const auto at = recorded.empty()
                          ? recorded.end()
                          : std::find(recorded.begin(), recorded.end(), static_cast<std::int64_t>(t));
      const std::size_t rows = recorded.empty() ? length : recorded.size();
      if (recorded.empty() || at != recorded.end())
        one.compared.emplace_back(
            one.row.tokens.size(),
            b * rows + (recorded.empty() ? t : static_cast<std::size_t>(at - recorded.begin())));
      one.row.tokens.push_back(whole[t]);
      one.row.positions.push_back(places[t]);
    }
    out.push_back(std::move(one));
  }
  return out;
}

/// Largest difference where both are recorded; not a number counts as infinite.
template <typename Numbers>
double difference(const GoldenRow& row, const Numbers& ours, std::size_t skip,
                  const std::vector<double>& expected, std::size_t width) {
  double worst = 0;
  for (const auto& [mine, theirs] : row.compared)
    for (std::size_t k = 0; k < width; ++k) {
      const double d = std::abs(ours[(skip + mine) * width + k] - expected[theirs * width + k]);
      worst = d <= worst ? worst : (std::isnan(d) ? INFINITY : d);
    }
  return worst;
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return INFINITY;
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double d = std::abs(a[i] - b[i]);
    worst = d <= worst ? worst : (std::isnan(d) ? INFINITY : d);
  }
  return worst;
}

void check_reference(const Case& c, const ProteinWeights& weights, double tolerance) {
  for (const auto& golden_row : rows_of(c, weights)) {
    const auto states = protein_reference(weights, golden_row.row.tokens, golden_row.row.positions);
    const auto columns = static_cast<std::size_t>(weights.shape.columns),
               width = static_cast<std::size_t>(weights.shape.width);
    if (c.has("logits_f64"))
      CHECK(difference(golden_row, states.logits, 0, c.reals("logits_f64"), columns) < tolerance);
    if (c.has("last_hidden_f64"))
      CHECK(difference(golden_row, states.hidden.back(), 0, c.reals("last_hidden_f64"), width) < tolerance);
    if (c.has("logits")) CHECK(difference(golden_row, states.logits, 0, c.reals("logits"), columns) < 1e-4);
    for (std::size_t layer = 0; layer < states.hidden.size(); ++layer)
      if (const std::string name = "hidden_" + std::to_string(layer); c.has(name))
        CHECK(difference(golden_row, states.hidden[layer], 0, c.reals(name), width) < 1e-4);
  }
}

void check_engine(const Case& c, const ProteinWeights& weights, const ProteinLanguageModel& model) {
  const auto golden_rows = rows_of(c, weights);
  std::vector<TokenRow> rows;
  for (const auto& each : golden_rows) rows.push_back(each.row);
  const auto hidden = model.hidden_states(rows);
  const auto logits = c.has("logits") ? model.logits(rows) : std::vector<float>();
  std::size_t skip = 0;
  for (const auto& each : golden_rows) {
    if (c.has("logits"))
      CHECK(difference(each, logits, skip, c.reals("logits"), static_cast<std::size_t>(model.columns())) <
            1e-4);
    if (c.has("last_hidden"))
      CHECK(difference(each, hidden, skip, c.reals("last_hidden"), static_cast<std::size_t>(model.width())) <
            1e-4);
    skip += each.row.tokens.size();
  }
}

bool half_rounded(const std::string& name) {
  return name.find("half_rounded") != std::string::npos;
}

struct Golden {
  std::string folder;
  nlohmann::json cases;
  datasets::ModelFile tensors;
  explicit Golden(const std::string& name)
      : folder(golden + "/" + name),
        cases(json_of(folder + "/cases.json")["cases"]),
        tensors(datasets::ModelFile::read(folder + "/cases.safetensors")) {}
};

std::vector<double> as_doubles(const std::vector<std::int64_t>& x) {
  return {x.begin(), x.end()};
}

}  // namespace

TEST_CASE("the plain pass in double equals the published programs to 1e-9 in every case") {
  if (!present()) return;
  int compared = 0;
  for (const auto& name : model_folders()) {
    const Golden g(name);
    for (const auto& entry : g.cases) {
      const Case c{g.tensors, entry["case"]};
      if (!c.has("input_ids") || !(c.has("logits") || c.has("last_hidden"))) continue;
      if (c.shape("input_ids")[1] > 400) continue;  // minutes, and the fast pass is compared there
      INFO(name << ": " << c.name);
      const auto weights = read_protein_weights(
          g.folder, half_rounded(c.name) ? MissingFrequencies::half_rounded : MissingFrequencies::exact);
      // recomputed frequencies: another order of rounding moves the last bit of a float32
      check_reference(c, weights, name == "esm2-a-bare" ? 5e-6 : 1e-9);
      ++compared;
    }
  }
  CHECK(compared >= 120);
}

TEST_CASE("the fast pass equals the published programs to 1e-4 in every case, with every instruction set") {
  if (!present()) return;
  for (const auto& simd : simd_levels()) {
    int compared = 0;
    for (const auto& name : model_folders()) {
      const Golden g(name);
      for (const bool half : {false, true}) {
        if (half && name != "esm2-a-bare") continue;
        const auto weights = read_protein_weights(
            g.folder, half ? MissingFrequencies::half_rounded : MissingFrequencies::exact);
        const ProteinLanguageModel model(weights, simd);
        for (const auto& entry : g.cases) {
          const Case c{g.tensors, entry["case"]};
          if (!c.has("input_ids") || !(c.has("logits") || c.has("last_hidden"))) continue;
          if (half != half_rounded(c.name)) continue;
          INFO(simd << " " << name << ": " << c.name);
          check_engine(c, weights, model);
          ++compared;
        }
      }
    }
    CHECK(compared > 120);
  }
}

TEST_CASE("masked marginals and pseudo-likelihoods are those of the published program") {
  if (!present()) return;
  for (const std::string name : {"esm2-a", "esm2-b", "esm1b"}) {
    INFO(name);
    const Golden g(name);
    const auto model = ProteinLanguageModel::read(g.folder);
    const Case marginals{g.tensors, "masked_marginals"}, likelihood{g.tensors, "pseudo_log_likelihood"};
    std::string sequence;
    std::vector<std::string> sequences;
    for (const auto& entry : g.cases) {
      if (entry["case"] == marginals.name) sequence = entry["sequences"][0];
      if (entry["case"] == likelihood.name)
        for (const auto& each : entry["sequences"]) sequences.push_back(each);
    }
    std::vector<int> positions(sequence.size());
    for (std::size_t i = 0; i < positions.size(); ++i) positions[i] = static_cast<int>(i);
    const auto relative = [&](std::vector<double> table) {
      for (std::size_t i = 0; i < sequence.size(); ++i) {
        const double native = table[i * 20 + std::string(residue_order).find(sequence[i])];
        for (std::size_t a = 0; a < 20; ++a) table[i * 20 + a] -= native;
      }
      return table;
    };
    for (const auto over : {Normalisation::whole, Normalisation::residues}) {
      CHECK(largest_difference(relative(model.masked_log_probabilities(sequence, positions, over)),
                               marginals.reals("masked_marginal_f64")) < 1e-4);
      CHECK(largest_difference(relative(model.visible_log_probabilities(sequence, positions, over)),
                               marginals.reals("wildtype_marginal_f64")) < 1e-4);
    }
    const auto pll = likelihood.reals("pll"), pll_20 = likelihood.reals("pll_20"),
               perplexity = likelihood.reals("pseudo_perplexity");
    const auto whole = model.log_likelihoods(sequences),
               residues = model.log_likelihoods(sequences, Normalisation::residues);
    for (std::size_t i = 0; i < sequences.size(); ++i) {
      CHECK(largest_difference(whole[i].log_p, likelihood.reals("log_p_" + std::to_string(i))) < 1e-4);
      CHECK(whole[i].sum() == Approx(pll[i]).margin(1e-3));
      CHECK(whole[i].perplexity() == Approx(perplexity[i]).epsilon(1e-4));
      CHECK(residues[i].sum() == Approx(pll_20[i]).margin(1e-3));
    }
  }
}

TEST_CASE("peptides behind a target: logits at the masks and pseudo-perplexities are PepMLM's") {
  if (!present()) return;
  const Golden g("pepmlm");
  const auto model = ProteinLanguageModel::read(g.folder);
  int designs = 0, peptides = 0;
  for (const auto& entry : g.cases) {
    const Case c{g.tensors, entry["case"]};
    INFO(c.name);
    const std::string target = entry["target"];
    if (c.has("mask_logits_f64")) {
      TokenRow row = model.row_of(target + std::string(entry["peptide_length"].get<std::size_t>(), 'X'));
      std::vector<int> places;
      for (const auto place : c.integers("mask_positions")) {
        places.push_back(static_cast<int>(place));
        row.tokens[static_cast<std::size_t>(place)] = model.tokens().mask();
      }
      CHECK(as_doubles(c.integers("input_ids")) == std::vector<double>(row.tokens.begin(), row.tokens.end()));
      const auto logits = model.logits_at({row}, {places});
      CHECK(largest_difference({logits.begin(), logits.end()}, c.reals("mask_logits_f64")) < 1e-4);
      ++designs;
    } else {
      const auto expected = c.reals("pseudo_perplexity_f64");
      for (std::size_t i = 0; i < expected.size(); ++i, ++peptides) {
        const std::string peptide = entry["peptides"][i];
        const auto found = model.pseudo_likelihood(target + peptide, static_cast<int>(target.size()),
                                                   static_cast<int>(peptide.size()));
        CHECK(found.perplexity() == Approx(expected[i]).epsilon(1e-4));
        auto terms = c.reals("nll_" + std::to_string(i));
        for (double& term : terms) term = -term;
        CHECK(largest_difference(found.log_p, terms) < 1e-4);
      }
    }
  }
  CHECK(designs == 4);
  CHECK(peptides == 16);
}

TEST_CASE("likelihoods of causal models: ProGen2 in both directions, GPT-2 over its tokens") {
  if (!present()) return;
  for (const std::string name : {"progen2-a", "progen2-b", "progen2-c"}) {
    INFO(name);
    const Golden g(name);
    const auto model = ProteinLanguageModel::read(g.folder);
    const Case c{g.tensors, "likelihood"};
    std::vector<std::string> sequences;
    for (const auto& entry : g.cases)
      if (entry["case"] == c.name)
        for (const auto& each : entry["sequences"]) sequences.push_back(each);
    const auto sums = c.reals("ll_sum"), means = c.reals("ll_mean"),
               entropies = c.reals("cross_entropy_forward");
    const auto found = model.log_likelihoods(sequences);
    for (std::size_t i = 0; i < sequences.size(); ++i) {
      const auto forward = c.reals("log_p_forward_" + std::to_string(i));
      auto backward = c.reals("log_p_reverse_" + std::to_string(i));
      std::reverse(backward.begin(), backward.end());
      std::vector<double> both;
      for (std::size_t k = 0; k < forward.size(); ++k) both.push_back((forward[k] + backward[k]) / 2);
      CHECK(largest_difference(found[i].log_p, both) < 1e-4);
      CHECK(found[i].sum() == Approx(sums[i]).margin(1e-3));
      CHECK(found[i].mean() == Approx(means[i]).margin(1e-4));
      double sum = 0;
      const auto whole = model.token_log_probabilities({model.row_of(sequences[i])}).front();
      for (const double value : whole) sum -= value / static_cast<double>(whole.size());
      CHECK(sum == Approx(entropies[i]).margin(1e-4));
    }
  }
  const Golden g("gpt2-a");
  const auto model = ProteinLanguageModel::read(g.folder);
  const Case c{g.tensors, "log_likelihood"};
  for (const auto& entry : g.cases)
    if (entry["case"] == c.name)
      for (std::size_t i = 0; i < entry["sequences"].size(); ++i) {
        const auto found = model.log_likelihoods({entry["sequences"][i].get<std::string>()}).front();
        CHECK(largest_difference(found.log_p, c.reals("log_p_" + std::to_string(i))) < 1e-4);
        CHECK(found.perplexity() == Approx(c.reals("perplexity")[i]).epsilon(1e-4));
      }
}

TEST_CASE("text becomes the tokens of the published tokenizers, and back") {
  if (!present()) return;
  int texts = 0;
  for (const std::string name : {"esm2-a", "gpt2-a", "progen2-a", "progen2-b", "progen2-c"}) {
    const auto tokens = read_protein_weights(golden + "/" + name).tokens;
    const auto file = json_of(golden + "/" + name + "/tokenizer_cases.json");
    for (const auto& entry : file["cases"]) {
      INFO(name << ": " << entry["text"]);
      const auto ids = entry["ids"].get<std::vector<int>>();
      CHECK(tokens.encode(entry["text"]) == ids);
      if (name == "gpt2-a") CHECK(tokens.decode(ids) == entry["decoded"].get<std::string>());
      ++texts;
    }
  }
  CHECK(texts > 90);
}

TEST_CASE("every broken container is refused, every unusual one read") {
  if (!present()) return;
  const std::string table = datasets::read_file(golden + "/bad/index.tsv");
  std::string_view rest = table, line;
  chem::next_line(rest, line);
  int rows = 0;
  while (chem::next_line(rest, line)) {
    const auto first = line.find('\t');
    const std::string path(line.substr(0, first));
    const std::string verdict(line.substr(first + 1, line.find('\t', first + 1) - first - 1));
    INFO(path << ": " << verdict);
    std::string outcome = "load";
    std::size_t warnings = 0;
    try {
      if (path.rfind("model/", 0) == 0)
        warnings = ProteinLanguageModel::read(golden + "/bad/" + path).warnings().size();
      else
        warnings = datasets::ModelFile::read(golden + "/bad/" + path).warnings().size();
    } catch (const Error& error) {
      outcome = "reject";
      CHECK(std::string(error.what()).size() > 20);
    }
    if (verdict == "reject") CHECK(outcome == "reject");
    if (verdict.rfind("load", 0) == 0) CHECK(outcome == "load");
    if (verdict == "load with a warning" || (verdict == "reject or warn" && outcome == "load"))
      CHECK(warnings > 0);
    ++rows;
  }
  CHECK(rows == 100);
}
