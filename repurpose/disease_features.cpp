#include "repurpose/disease_features.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"

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

/// Column k of `x` to column at[k].
void put(RealMatrix& out, const std::vector<std::size_t>& at, const RealMatrix& x) {
  for (std::size_t i = 0; i < x.rows; ++i)
    for (std::size_t k = 0; k < x.columns; ++k)
      if (x(i, k) != 0) out(i, at[k]) = x(i, k);
}

RealMatrix beside(const RealMatrix& x, const std::vector<double>& last) {
  RealMatrix out(x.rows, x.columns + 1);
  for (std::size_t i = 0; i < x.rows; ++i) {
    for (std::size_t k = 0; k < x.columns; ++k) out(i, k) = x(i, k);
    out(i, x.columns) = last[i];
  }
  return out;
}

bool is_nothing(const std::vector<double>& weights) {
  return std::all_of(weights.begin(), weights.end(), [](double weight) { return weight == 0; });
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

/// Per drug; nearly all of them do not treat the disease and have one in common.
std::vector<double> own_dampings(const DiseaseProfile& profile) {
  const double in_use = drugs_in_use(profile);
  std::vector<double> dampings(profile.treated_by.size(), std::pow(std::max(in_use, 1.0), -usual_damping));
  for (std::uint32_t c = 0; c < dampings.size(); ++c)
    if (profile.treated_by[c] != 0) dampings[c] = own_damping(profile, in_use, c);
  return dampings;
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
    depart(features_.size());
    features_.push_back({line.name, line.meaning, FeatureFamily::mechanism});
  }
  for (std::size_t i = 0; i < likenesses_.size(); ++i) {
    const auto& drug = likenesses_[i];
    for (const auto column : columns_of(drug)) name_similarity(i, column);
    if (!drug.walk.steps.empty()) likeness_paths_.emplace_back(drug.walk.steps, drug.walk.distinct);
  }
  features_.push_back({"popularity", "number of other diseases it treats", FeatureFamily::popularity});
}

void DiseaseFeatures::depart(std::size_t line) {
  const auto& [steps, distinct, hops] = mechanisms_[line].walk;
  const std::vector<Step> later(steps.begin() + 1, steps.end());
  auto turns = distinct;
  for (auto& turn : turns) turn = {turn.first - 1, turn.last - 1};
  std::size_t r = 0;
  for (; r < remainders_.size(); ++r)
    if (remainders_[r].end == mechanisms_[line].end &&
        (later.empty() ? remainders_[r].path.empty()
                       : !remainders_[r].path.empty() && remainders_[r].path.front().steps() == later &&
                             remainders_[r].path.front().distinct() == turns))
      break;
  if (r == remainders_.size()) {
    remainders_.push_back({{}, mechanisms_[line].end});
    if (!later.empty()) remainders_.back().path.emplace_back(later, turns);
  }
  auto departure = std::find_if(departures_.begin(), departures_.end(), [&](const Departure& known) {
    return known.first.steps().front() == steps.front();
  });
  if (departure == departures_.end())
    departure = departures_.insert(departure, Departure{Metapath({steps.front()}), {}, {}});
  departure->lines.push_back(line);
  departure->remainders.push_back(r);
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
  return std::move(values(std::vector<DiseaseProfile>{profile}).front());
}

std::vector<RealMatrix> DiseaseFeatures::values(const std::vector<DiseaseProfile>& profiles) const {
  std::vector<RealMatrix> out;
  for (std::size_t i = 0; i < profiles.size(); ++i) out.emplace_back(graph_.drugs, features_.size());
  for (std::size_t i = 0; i < profiles.size(); ++i) add_mechanisms(profiles[i], out[i]);
  add_similarities(profiles, out);
  return out;
}

void DiseaseFeatures::add_mechanisms(const DiseaseProfile& profile, RealMatrix& out) const {
  std::vector<std::vector<double>> counted;
  for (const auto& remainder : remainders_) {
    counted.push_back(ends_of(profile, remainder.end));
    if (is_nothing(counted.back())) counted.back().clear();
    if (!counted.back().empty())
      for (const auto& path : remainder.path) counted.back() = path.count(counted.back());
  }
  for (const auto& departure : departures_) {
    std::vector<std::size_t> lines;
    std::vector<const double*> sources;
    for (std::size_t k = 0; k < departure.lines.size(); ++k) {
      const auto& source = counted[departure.remainders[k]];
      if (source.empty()) continue;
      lines.push_back(departure.lines[k]);
      sources.push_back(source.data());
    }
    if (lines.empty()) continue;
    RealMatrix reached(departure.first.end_nodes(), lines.size());
    for (std::size_t n = 0; n < reached.rows; ++n)
      for (std::size_t k = 0; k < lines.size(); ++k) reached(n, k) = sources[k][n];
    put(out, lines, departure.first.count(reached));
  }
}

PlacedCounts DiseaseFeatures::placed(const RealMatrix& values) const {
  return PlacedCounts(values, features_.size() - 1);  // the last line counts the diseases a drug treats
}

/// What walks between drugs begin with, of one question.
struct DiseaseFeatures::Treated {
  Bipartite treats;
  std::vector<double> dampings;
  RealMatrix weights;  ///< drugs x (likenesses of diseases, the disease itself)
  std::vector<bool> filled;

  Treated(const DiseaseProfile& profile, Bipartite seen)
      : treats(std::move(seen)),
        dampings(own_dampings(profile)),
        weights(beside(treats.to_rows(profile.likeness), own_weights(profile, treats))),
        filled(filled_columns(weights)) {}
};

void DiseaseFeatures::add_similarities(const std::vector<DiseaseProfile>& profiles,
                                       std::vector<RealMatrix>& out) const {
  std::vector<Treated> questions;
  for (const auto& profile : profiles) questions.emplace_back(profile, treatments(profile));
  std::size_t at = mechanisms_.size(), summed = 0;
  for (const auto& likeness : likenesses_) {
    const Metapath* path = likeness.walk.steps.empty() ? nullptr : &likeness_paths_[summed++];
    add_similarity(likeness, path, at, questions, out);
    at += columns_of(likeness).size();
  }
  for (std::size_t q = 0; q < questions.size(); ++q)
    for (std::uint32_t c = 0; c < graph_.drugs; ++c)
      out[q](c, at) = static_cast<double>(questions[q].treats.of_row(c).size());
}

/// Lines that say nothing are left out: of most diseases, most.
void DiseaseFeatures::add_similarity(const DrugLikeness& likeness, const Metapath* path, std::size_t at,
                                     const std::vector<Treated>& questions,
                                     std::vector<RealMatrix>& out) const {
  struct Open {
    std::size_t question, column, line;
  };
  std::vector<Open> open;
  const auto columns = columns_of(likeness);
  for (std::size_t q = 0; q < questions.size(); ++q)
    for (std::size_t k = 0; k < columns.size(); ++k)
      if (questions[q].filled[columns[k]]) open.push_back({q, columns[k], at + k});
  if (open.empty()) return;
  RealMatrix x(graph_.drugs, open.size());
  for (std::uint32_t c = 0; c < x.rows; ++c)
    for (std::size_t k = 0; k < open.size(); ++k)
      x(c, k) = questions[open[k].question].weights(c, open[k].column);
  if (path) x = path->count(x);
  for (std::uint32_t c = 0; c < x.rows; ++c)
    for (std::size_t k = 0; k < open.size(); ++k) {
      if (x(c, k) == 0) continue;  // most are: nothing is written where zeros stand
      const auto& question = questions[open[k].question];
      out[open[k].question](c, open[k].line) =
          open[k].column == of_itself ? x(c, k) * question.dampings[c] : x(c, k);
    }
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
