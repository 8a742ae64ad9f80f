#include "scoring/affinity_scorer.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>

#include "chem/error.hpp"

namespace theriac::scoring {
namespace {

constexpr int clear_alignment = 100;  // half bits; unrelated proteins of 1,000 residues reach about 60
constexpr double in_from = 0.3, related_share = 0.5;
constexpr double drug_in_from = 0.5, drug_edge_from = 0.35;
constexpr std::size_t longest = 40000;

void check_target(const chem::Sequence& target) {
  if (target.residues.empty()) throw InputError(fmt::format("the target '{}' has no residues", target.name));
  if (target.residues.size() > longest)
    throw InputError(fmt::format("the target '{}' has {} residues; {} is the most", target.name,
                                 target.residues.size(), longest));
  if (chem::looks_like_nucleotides(target.residues))
    throw InputError(fmt::format("the target '{}' looks like a sequence of nucleotides", target.name),
                     "translate it: affinities are of proteins");
}

/// Place of the member that is this very structure or sequence, -1 when there is none.
int place_of(const std::vector<std::string>& members, const std::string& wanted) {
  const auto found = std::find(members.begin(), members.end(), wanted);
  return found == members.end() ? -1 : static_cast<int>(found - members.begin());
}

}  // namespace

TargetBasis target_basis(const datasets::AffinityTable& table, const std::vector<int>& scores,
                         const std::vector<double>& likeness) {
  TargetBasis out;
  const auto best = std::max_element(likeness.begin(), likeness.end());
  out.nearest = table.targets[static_cast<std::size_t>(best - likeness.begin())];
  out.likeness = *best;
  const auto clear = std::count_if(scores.begin(), scores.end(), [](int s) { return s >= clear_alignment; });
  out.related = static_cast<double>(clear) / static_cast<double>(scores.size());
  if (out.likeness >= in_from)
    out.domain = Domain::in;
  else if (out.related >= related_share)
    out.domain = Domain::edge;
  return out;
}

Domain drug_domain(double similarity) {
  return similarity >= drug_in_from ? Domain::in : similarity >= drug_edge_from ? Domain::edge : Domain::out;
}

AffinityScorer::AffinityScorer(std::shared_ptr<const AffinityModel> model, const chem::Sequence& target,
                               const std::string& column)
    : model_(std::move(model)) {
  check_target(target);
  const chem::SequenceSet set(model_->table().sequences);
  const auto likeness = set.likeness(target.residues);
  basis_ = target_basis(model_->table(), set.scores(target.residues), likeness);
  const int member = place_of(model_->table().sequences, target.residues);
  target_ = member >= 0 ? model_->features().target(static_cast<std::size_t>(member))
                        : model_->features().new_target({likeness.begin(), likeness.end()});
  set_kind(target.name, column);
}

AffinityScorer::AffinityScorer(std::shared_ptr<const AffinityModel> model, std::size_t member,
                               const std::string& column)
    : model_(std::move(model)) {
  const auto& table = model_->table();
  if (member >= table.targets.size())
    throw UsageError(fmt::format("{} has no target number {}", model_->name, member));
  basis_ = {Domain::in, table.targets[member], 1, 1};
  target_ = model_->features().target(member);
  set_kind(table.targets[member], column);
}

void AffinityScorer::set_kind(const std::string& target, const std::string& column) {
  auto kind = std::make_shared<ScoreKind>();
  kind->name = column;
  kind->unit = model_->unit;
  kind->direction = Direction::higher_is_better;
  kind->method = fmt::format("predicted affinity to {} ({}; {} pairs of {}), 90 % interval",
                             target.empty() ? "the target" : target, model_->name,
                             model_->table().entries.size(), model_->family);
  kind->version = "affinity 1";
  kind->estimated = true;
  kinds_ = {kind};
}

ScoreRow AffinityScorer::score_one(const chem::Molecule& molecule) const {
  const auto& table = model_->table();
  const DrugFingerprints fingerprints(molecule);
  std::vector<float> similarity;
  for (const auto& drug : model_->drug_fingerprints())
    similarity.push_back(static_cast<float>(DrugFingerprints::similarity(fingerprints, drug)));
  const int member = place_of(table.smiles, molecule.smiles());
  const PairSide drug = member >= 0 ? model_->features().drug(static_cast<std::size_t>(member))
                                    : model_->features().new_drug(similarity);
  std::vector<float> features(PairFeatures::count);
  model_->features().fill(drug, target_, features.data());
  const PairCase which = AffinityModel::case_of(drug, target_);
  const auto estimate = model_->predict(which, features).front();
  const auto nearest = std::max_element(similarity.begin(), similarity.end());
  Score score;
  score.kind = kinds_.front();
  score.value = estimate.value;
  score.low = estimate.low;
  score.high = estimate.high;
  score.domain = std::max(basis_.domain, drug_domain(*nearest));
  score.neighbour = table.smiles[static_cast<std::size_t>(nearest - similarity.begin())];
  score.neighbour_similarity = *nearest;
  score.detail =
      fmt::format("{}; target most like {} ({:.2f})", to_text(which), basis_.nearest, basis_.likeness);
  if (member >= 0 && target_.self >= 0 &&
      model_->features().has(static_cast<std::size_t>(member), static_cast<std::size_t>(target_.self)))
    score.detail += fmt::format(
        "; measured {:.2f}",
        model_->features().value(static_cast<std::size_t>(member), static_cast<std::size_t>(target_.self)));
  ScoreRow row;
  row.scores.push_back(std::move(score));
  return row;
}

std::vector<ScoreRow> AffinityScorer::score(const std::vector<chem::Molecule>& molecules) const {
  std::vector<ScoreRow> out(molecules.size());
  tbb::parallel_for(std::size_t{0}, molecules.size(),
                    [&](std::size_t i) { out[i] = score_one(molecules[i]); });
  return out;
}

}  // namespace theriac::scoring
