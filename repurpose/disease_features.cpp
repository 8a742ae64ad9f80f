#include "repurpose/disease_features.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "repurpose/place_among_drugs.hpp"

namespace theriac::repurpose {
namespace {

using datasets::EntityKind;
using datasets::LinkKind;

struct LikenessWords {
  const char *letters, *meaning;
};
constexpr LikenessWords likeness_words[disease_likenesses] = {
    {"DrD", "a similar disease"},
    {"DmD", "a disease that articles name together with it"},
    {"DaGaD", "a disease with the same genes"},
    {"DlAlD", "a disease of the same organs"},
    {"D", "other diseases, whichever they are"},
};

constexpr auto with_any = static_cast<std::size_t>(DiseaseLikeness::any);
constexpr auto of_itself = disease_likenesses;  ///< the place after the other diseases
constexpr auto with_genes = static_cast<std::size_t>(DiseaseLikeness::genes);
constexpr auto with_organs = static_cast<std::size_t>(DiseaseLikeness::anatomy);

std::vector<double> column(const RealMatrix& x, std::size_t j) {
  std::vector<double> values(x.rows);
  for (std::size_t i = 0; i < x.rows; ++i) values[i] = x(i, j);
  return values;
}

RealMatrix single_column(std::vector<double> values) {
  RealMatrix x(values.size(), 1);
  x.values = std::move(values);
  return x;
}

void put(RealMatrix& out, std::size_t at, const RealMatrix& x) {
  for (std::size_t i = 0; i < x.rows; ++i)
    for (std::size_t k = 0; k < x.columns; ++k) out(i, at + k) = x(i, k);
}

RealMatrix beside(const RealMatrix& x, const std::vector<double>& last) {
  RealMatrix out(x.rows, x.columns + 1);
  put(out, 0, x);
  put(out, x.columns, single_column(last));
  return out;
}

std::vector<double> ends_of(const DiseaseProfile& profile, WalkEnd end) {
  switch (end) {
    case WalkEnd::associated_gene:
      return profile.associated;
    case WalkEnd::raised_gene:
      return profile.raised;
    case WalkEnd::lowered_gene:
      return profile.lowered;
    case WalkEnd::organ:
      return profile.anatomy;
    case WalkEnd::comentioned_disease:
      break;
  }
  return column(profile.likeness, static_cast<std::size_t>(DiseaseLikeness::comentioned));
}

/// Damping of the disease's end of "treats": by the drugs that treat it, without the one that is asked about.
double own_damping(const DiseaseProfile& profile, double drugs, std::uint32_t drug) {
  return std::pow(std::max(drugs - profile.treated_by[drug], 1.0), -usual_damping);
}

double drugs_in_use(const DiseaseProfile& profile) {
  double sum = 0;
  for (const double each : profile.treated_by) sum += each;
  return sum;
}

/// As if the treatments of the disease were one more column of the others.
std::vector<double> own_weights(const DiseaseProfile& profile, const Bipartite& treats) {
  std::vector<double> weights = profile.treated_by;
  for (std::uint32_t c = 0; c < weights.size(); ++c)
    weights[c] *= std::pow(static_cast<double>(treats.of_row(c).size() + 1), -usual_damping);
  return weights;
}

/// The likenesses of diseases that go with one of drugs. Cosines repeat what the sums look
/// at, and go with those that tell most.
std::vector<std::size_t> columns_of(const DrugLikeness& drug) {
  constexpr auto mentioned = static_cast<std::size_t>(DiseaseLikeness::comentioned);
  if (drug.count == LikenessCount::cosine) return {mentioned, with_any, of_itself};
  std::vector<std::size_t> columns;
  for (std::size_t k = 0; k < disease_likenesses; ++k) columns.push_back(k);
  if (!drug.walk.steps.empty()) columns.push_back(of_itself);  // its own link is in no line
  return columns;
}

}  // namespace

std::string family_name(FeatureFamily family) {
  switch (family) {
    case FeatureFamily::mechanism:
      return "mechanism";
    case FeatureFamily::similarity:
      return "similarity";
    case FeatureFamily::treated:
      return "treated";
    case FeatureFamily::popularity:
      return "popularity";
  }
  return {};
}

DiseaseFeatures::DiseaseFeatures(const GraphTables& graph)
    : graph_(graph), mechanisms_(mechanism_lines(graph)), likenesses_(drug_likenesses(graph)) {
  for (const auto& line : mechanisms_) {
    features_.push_back({line.name, line.meaning, FeatureFamily::mechanism});
    mechanism_paths_.emplace_back(line.walk.steps, line.walk.distinct);
  }
  for (std::size_t i = 0; i < likenesses_.size(); ++i) {
    const auto& drug = likenesses_[i];
    for (const auto column : columns_of(drug)) name_similarity(i, column);
    if (!drug.walk.steps.empty()) likeness_paths_.emplace_back(drug.walk.steps, drug.walk.distinct);
  }
  features_.push_back({"popularity", "number of other diseases it treats", FeatureFamily::popularity});
}

void DiseaseFeatures::name_similarity(std::size_t likeness, std::size_t column) {
  const auto& drug = likenesses_[likeness];
  similarity_lines_.push_back({likeness, column});
  if (column == of_itself) {
    features_.push_back({drug.letters + "t", drug.meaning + " treats it", FeatureFamily::treated});
    return;
  }
  const auto& words = likeness_words[column];
  features_.push_back({drug.letters + "t" + words.letters,
                       (drug.walk.steps.empty() ? "treats " : drug.meaning + " treats ") + words.meaning,
                       column == with_any ? FeatureFamily::popularity : FeatureFamily::similarity,
                       static_cast<DiseaseLikeness>(column)});
}

std::size_t DiseaseFeatures::feature(const std::string& name) const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < features_.size(); ++i) {
    if (features_[i].name == name) return i;
    names.push_back(features_[i].name);
  }
  const std::string near = chem::nearest_name(name, names);
  throw ModelError(fmt::format("unknown evidence line '{}'{}", name,
                               near.empty() ? "" : fmt::format(", did you mean '{}'?", near)));
}

Bipartite DiseaseFeatures::treatments(const DiseaseProfile& profile) const {
  std::vector<Link> seen;
  for (const auto& link : graph_.treatments)
    if (!std::binary_search(profile.hidden.begin(), profile.hidden.end(), link.column)) seen.push_back(link);
  return Bipartite(graph_.drugs, graph_.diseases, std::move(seen));
}

RealMatrix DiseaseFeatures::values(const DiseaseProfile& profile) const {
  RealMatrix out(graph_.drugs, features_.size());
  for (std::size_t i = 0; i < mechanisms_.size(); ++i)
    put(out, i, mechanism_paths_[i].count(single_column(ends_of(profile, mechanisms_[i].end))));
  add_similarities(profile, out);
  return out;
}

RealMatrix DiseaseFeatures::places(const RealMatrix& values) const {
  return places_among_drugs(values, features_.size() - 1);  // the last line counts the diseases a drug treats
}

void DiseaseFeatures::add_similarities(const DiseaseProfile& profile, RealMatrix& out) const {
  const Bipartite treats = treatments(profile);
  const auto own = own_weights(profile, treats);
  const double in_use = drugs_in_use(profile);
  const RealMatrix weights = beside(treats.to_rows(profile.likeness), own);
  std::size_t at = mechanisms_.size(), line = 0, summed = 0;
  for (std::size_t i = 0; i < likenesses_.size(); ++i) {
    RealMatrix x = likenesses_[i].walk.steps.empty() ? weights : likeness_paths_[summed++].count(weights);
    for (std::uint32_t c = 0; c < x.rows; ++c)
      if (x(c, of_itself) != 0) x(c, of_itself) *= own_damping(profile, in_use, c);
    for (; line < similarity_lines_.size() && similarity_lines_[line].likeness == i; ++line, ++at)
      put(out, at, single_column(column(x, similarity_lines_[line].column)));
  }
  for (std::uint32_t c = 0; c < graph_.drugs; ++c) out(c, at) = static_cast<double>(treats.of_row(c).size());
}

DiseaseFeatures::Question DiseaseFeatures::mechanism_question(const DiseaseProfile& profile,
                                                              std::size_t line) const {
  const auto& mechanism = mechanisms_[line];
  return {mechanism.walk, ends_of(profile, mechanism.end), last_hop(mechanism.end)};
}

DiseaseFeatures::Question DiseaseFeatures::similarity_question(const DiseaseProfile& profile,
                                                               const Bipartite& treats, std::size_t likeness,
                                                               std::size_t disease_likeness) const {
  Question question{likenesses_[likeness].walk, column(profile.likeness, disease_likeness),
                    last_hop(WalkEnd::comentioned_disease)};
  auto& walk = question.walk;
  walk.steps.push_back({&treats});
  walk.hops.push_back({EntityKind::disease, true, LinkKind::treats});
  if (disease_likeness == with_any) question.last.linked = false;
  if (disease_likeness == with_genes) {  // what the two have in common is part of the path
    walk.steps.push_back({&graph_.associated});
    walk.hops.push_back({EntityKind::target, true, LinkKind::associated});
    question.ends = profile.associated;
    question.last = last_hop(WalkEnd::associated_gene);
  } else if (disease_likeness == with_organs) {
    walk.steps.push_back({&graph_.localizes});
    walk.hops.push_back({EntityKind::anatomy, true, LinkKind::localizes});
    question.ends = profile.anatomy;
    question.last = last_hop(WalkEnd::organ);
  }
  return question;
}

DiseaseFeatures::Question DiseaseFeatures::treated_question(const DiseaseProfile& profile,
                                                            const Bipartite& treats, std::size_t likeness,
                                                            std::uint32_t drug) const {
  return {likenesses_[likeness].walk,
          own_weights(profile, treats),
          {EntityKind::disease, true, LinkKind::treats},
          own_damping(profile, drugs_in_use(profile), drug)};
}

std::vector<WalkedPath> DiseaseFeatures::paths(const DiseaseProfile& profile, const Bipartite& treats,
                                               std::uint32_t drug, std::size_t feature, double value,
                                               std::size_t most) const {
  if (feature + 1 >= features_.size() || value <= 0 || most == 0) return {};
  Question question;
  if (feature < mechanisms_.size()) {
    question = mechanism_question(profile, feature);
  } else {
    const auto& line = similarity_lines_[feature - mechanisms_.size()];
    question = line.column == of_itself ? treated_question(profile, treats, line.likeness, drug)
                                        : similarity_question(profile, treats, line.likeness, line.column);
  }
  std::vector<WalkedPath> found;
  for (auto& path : heaviest_paths(question.walk.steps, question.walk.distinct, drug, question.ends, most)) {
    WalkedPath walked{std::move(path.nodes), question.walk.hops, path.weight * question.factor, 0};
    walked.hops.push_back(question.last);
    walked.share = walked.weight / value;
    found.push_back(std::move(walked));
  }
  return found;
}

}  // namespace theriac::repurpose
