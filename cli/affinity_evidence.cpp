#include "cli/affinity_evidence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "chem/molecule.hpp"
#include "cli/model_choice.hpp"
#include "scoring/affinity_scorer.hpp"

namespace theriac::cli {
namespace {

using datasets::EntityKind;
using datasets::Store;
using scoring::Domain;

constexpr const char* standard_model = "affinity-davis";

std::string_view text_of(const Store& store, EntityKind kind, const char* column, std::uint32_t entity) {
  const auto& texts = store.entities(kind).text(column);
  return entity < texts.size() ? std::string_view(texts[entity]) : std::string_view();
}

/// The model's target for a gene: the variant itself, the wild type, or a catalytic domain or complex of it.
int place_of(const std::vector<std::string>& names, const std::string& gene, const std::string& variant) {
  const auto find = [&](const auto& is) {
    const auto at = std::find_if(names.begin(), names.end(), is);
    return at == names.end() ? -1 : static_cast<int>(at - names.begin());
  };
  const auto begins = [](const std::string& name, const std::string& with) {
    return name.compare(0, with.size(), with) == 0;
  };
  int at = -1;
  if (!variant.empty()) at = find([&](const auto& name) { return name == gene + "(" + variant + ")"; });
  if (at < 0) at = find([&](const auto& name) { return name == gene; });
  if (at < 0)
    at = find([&](const auto& name) {
      return begins(name, gene + "(") && name.find("domain-catalytic)") != std::string::npos;
    });
  if (at < 0) at = find([&](const auto& name) { return begins(name, gene + "-cyclin"); });
  return at;
}

}  // namespace

std::unique_ptr<AffinityEvidence> AffinityEvidence::shipped() {
  const auto models = shipped_models();
  const auto at = std::find_if(models.begin(), models.end(),
                               [](const ShippedModel& model) { return model.name == standard_model; });
  if (at == models.end()) return nullptr;
  auto out = std::make_unique<AffinityEvidence>();
  out->model_ = std::make_shared<const scoring::AffinityModel>(scoring::AffinityModel::load(at->path));
  return out;
}

AffinityTarget AffinityEvidence::by_name(const Store& store, std::uint32_t target,
                                         const std::string& variant) const {
  AffinityTarget out{target, std::string(store.entities(EntityKind::target).name[target]), "", nullptr};
  const std::string symbol(text_of(store, EntityKind::target, "symbol", target));
  const auto& names = model_->table().targets;
  const int at = place_of(names, symbol.empty() ? out.gene : symbol, variant);
  if (at < 0) return out;
  out.taken_as = names[static_cast<std::size_t>(at)];
  out.scorer =
      std::make_shared<const scoring::AffinityScorer>(model_, static_cast<std::size_t>(at), "predicted_pkd");
  return out;
}

AffinityTarget AffinityEvidence::by_name_or_sequence(const Store& store, std::uint32_t target,
                                                     const std::string& variant) const {
  AffinityTarget out = by_name(store, target, variant);
  const std::string sequence(text_of(store, EntityKind::target, "sequence", target));
  if (out.scorer || sequence.empty()) return out;
  auto scorer = std::make_shared<const scoring::AffinityScorer>(model_, chem::Sequence{out.gene, sequence},
                                                                "predicted_pkd");
  if (scorer->basis().domain == Domain::out) return out;
  out.taken_as =
      fmt::format("its sequence ({:.2f} like {})", scorer->basis().likeness, scorer->basis().nearest);
  out.scorer = std::move(scorer);
  return out;
}

std::vector<PredictedAffinity> AffinityEvidence::of_drug(const Store& store, std::uint32_t drug,
                                                         const std::vector<AffinityTarget>& targets) const {
  std::string smiles(text_of(store, EntityKind::drug, "key", drug));
  if (smiles.empty()) smiles = text_of(store, EntityKind::drug, "smiles", drug);
  std::vector<PredictedAffinity> out;
  if (smiles.empty()) return out;
  std::vector<chem::Molecule> molecule;
  try {
    molecule.push_back(chem::Molecule::from_smiles(smiles));
  } catch (const MoleculeError&) {
    return out;
  }
  for (const auto& target : targets) {
    if (!target.scorer) continue;
    auto row = target.scorer->score(molecule).front();
    if (!row.failed()) out.push_back({drug, target.target, target.gene, target.taken_as, row.scores.front()});
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    const bool a_out = a.score.domain == Domain::out, b_out = b.score.domain == Domain::out;
    return a_out != b_out ? b_out : a.score.value > b.score.value;
  });
  return out;
}

std::string AffinityEvidence::model_words() const {
  return model_->name + ", " + model_->family;
}

std::vector<std::vector<PredictedAffinity>> predicted_affinities(const Store& store,
                                                                 const std::vector<std::uint32_t>& drugs,
                                                                 const std::vector<std::uint32_t>& targets,
                                                                 std::size_t most) {
  std::vector<std::vector<PredictedAffinity>> out(drugs.size());
  if (drugs.empty() || targets.empty()) return out;
  const auto evidence = AffinityEvidence::shipped();
  if (!evidence) return out;
  std::vector<AffinityTarget> known;
  for (const std::uint32_t target : targets) {
    auto found = evidence->by_name(store, target);
    if (found.scorer) known.push_back(std::move(found));
  }
  for (std::size_t i = 0; i < drugs.size(); ++i) {
    out[i] = evidence->of_drug(store, drugs[i], known);
    const auto first_out = static_cast<std::size_t>(
        std::find_if(out[i].begin(), out[i].end(),
                     [](const auto& affinity) { return affinity.score.domain == Domain::out; }) -
        out[i].begin());
    out[i].resize(std::min({out[i].size(), most, std::max<std::size_t>(1, first_out)}));
  }
  return out;
}

std::string predicted_affinity_words(const PredictedAffinity& affinity) {
  const auto& score = affinity.score;
  if (score.domain == Domain::out) return fmt::format("predicted affinity for {}: no basis", affinity.gene);
  return fmt::format("predicted affinity for {}: {} {:.1f} (90 % interval {:.1f} to {:.1f}), {}",
                     affinity.gene, score.unit(), score.value, score.low, score.high,
                     score.domain == Domain::in ? "in domain" : "at the edge of the domain");
}

std::string predicted_affinity_source(const PredictedAffinity& affinity) {
  const auto& score = affinity.score;
  const auto measured = score.detail.find("measured ");
  return fmt::format(
      "{}, as {}; nearest measured drug {:.2f} alike{}", standard_model, affinity.taken_as,
      score.neighbour_similarity,
      measured == std::string::npos ? "" : ", learned from this very pair, " + score.detail.substr(measured));
}

nlohmann::ordered_json predicted_affinity_json(const PredictedAffinity& affinity) {
  using Json = nlohmann::ordered_json;
  const auto& score = affinity.score;
  const auto number = [&](double value) { return score.domain == Domain::out ? Json() : Json(value); };
  return {{"target", affinity.gene},
          {"taken_as", affinity.taken_as},
          {"value", number(score.value)},
          {"low", number(score.low)},
          {"high", number(score.high)},
          {"unit", score.unit()},
          {"domain", scoring::to_text(score.domain)},
          {"nearest_drug", score.neighbour},
          {"nearest_drug_similarity", score.neighbour_similarity},
          {"source", predicted_affinity_source(affinity)}};
}

}  // namespace theriac::cli
