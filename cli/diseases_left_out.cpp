#include "cli/diseases_left_out.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "chem/counter_random.hpp"
#include "cli/session.hpp"

namespace theriac::cli {

const std::vector<std::string> six_path_counts = {"CbGaD", "CbGpPWpGaD", "CbGiGaD",
                                                  "CtDrD", "CbGbCtDrD",  "CrCtDrD"};

std::vector<std::string> lines_of_family(const repurpose::DiseaseFeatures& features,
                                         repurpose::FeatureFamily family) {
  std::vector<std::string> names;
  for (const auto& feature : features.features())
    if (feature.family == family) names.push_back(feature.name);
  return names;
}

DiseasesLeftOut::DiseasesLeftOut(const repurpose::DiseaseFeatures& features,
                                 const repurpose::LearningSet& set, std::vector<std::size_t> judged,
                                 std::vector<LeftOutGroup> groups, Profile profile)
    : features_(features),
      set_(set),
      judged_(std::move(judged)),
      groups_(std::move(groups)),
      own_(judged_.size()) {
  const Profile plain = [this](std::uint32_t disease, const std::vector<std::uint32_t>& hidden) {
    return repurpose::profile_of_disease(features_.graph(), disease, hidden);
  };
  std::vector<const LeftOutGroup*> group_of(judged_.size());
  for (const auto& group : groups_)
    for (const auto i : group.judged) group_of[i] = &group;
  tbb::parallel_for(std::size_t{0}, judged_.size(), [&](std::size_t i) {
    const auto asked =
        (profile ? profile : plain)(set_.diseases[judged_[i]], group_of[i]->hidden_from_judged);
    own_[i] = repurpose::candidate_values(features_, set_, asked);
  });
  find_means();
}

/// Over the judged diseases, and over all others with everything hidden that any judged one does not see.
void DiseasesLeftOut::find_means() {
  std::vector<std::size_t> others;
  std::vector<std::uint32_t> hidden;
  for (std::size_t d = 0; d < set_.diseases.size(); ++d)
    if (std::find(judged_.begin(), judged_.end(), d) == judged_.end()) others.push_back(d);
  for (const auto& group : groups_)
    hidden.insert(hidden.end(), group.hidden_from_judged.begin(), group.hidden_from_judged.end());
  const auto cases = repurpose::all_cases(features_, set_, others, hidden);
  means_.assign(features_.features().size(), 0.0);
  double rows = 0;
  for (const auto* list : {&std::as_const(own_), &cases.values})
    for (const auto& values : *list) {
      rows += static_cast<double>(values.rows());
      for (std::size_t c = 0; c < values.rows(); ++c)
        for (const auto& entry : values.row(c)) means_[entry.line] += entry.count;
    }
  for (double& mean : means_) mean = mean > 0 ? mean / rows : 1;
}

bool DiseasesLeftOut::run(const std::vector<RankingVariant>& variants, std::vector<DrugRows>& scores,
                          Session& session) {
  scores.assign(variants.size(), DrugRows(judged_.size()));
  penalties_.assign(groups_.size(), 0);
  std::atomic<std::size_t> done{0};
  tbb::parallel_for(std::size_t{0}, groups_.size(), [&](std::size_t g) {
    if (session.stop().stop_requested()) return;
    run_group(g, variants, scores);
    session.terminal().note(fmt::format("left out  {} of {} groups of diseases", ++done, groups_.size()));
  });
  return done == groups_.size();
}

void DiseasesLeftOut::run_group(std::size_t group, const std::vector<RankingVariant>& variants,
                                std::vector<DrugRows>& scores) {
  std::set<std::size_t> out;
  for (const auto i : groups_[group].judged) out.insert(judged_[i]);
  const std::set<std::uint32_t> hidden(groups_[group].hidden.begin(), groups_[group].hidden.end());
  std::vector<std::size_t> training;
  for (std::size_t d = 0; d < set_.diseases.size(); ++d)
    if (!out.count(d) && !hidden.count(set_.diseases[d])) training.push_back(d);
  const auto cases = repurpose::all_cases(features_, set_, training, groups_[group].hidden);
  repurpose::LearningOptions options;
  for (std::size_t v = 0; v < variants.size(); ++v) {
    options.without = variants[v].without;
    const auto learnt = repurpose::learn(features_, set_, cases, options);
    if (v == 0) penalties_[group] = learnt.penalty;
    options.penalties = {learnt.penalty};
    for (const auto i : groups_[group].judged) scores[v][i] = learnt.logits(own_[i]);
  }
}

DrugRows DiseasesLeftOut::line(std::size_t feature) const {
  DrugRows scores;
  for (const auto& values : own_) {
    scores.emplace_back();
    for (std::size_t c = 0; c < values.rows(); ++c) scores.back().push_back(values.count(c, feature));
  }
  return scores;
}

DrugRows DiseasesLeftOut::sum_of(const std::vector<std::string>& names) const {
  DrugRows sums(own_.size(), std::vector<double>(set_.drugs.size(), 0.0));
  for (const auto& name : names) {
    const std::size_t f = features_.feature(name);
    for (std::size_t i = 0; i < own_.size(); ++i)
      for (std::size_t c = 0; c < set_.drugs.size(); ++c)
        sums[i][c] += std::asinh(own_[i].count(c, f) / means_[f]);
  }
  return sums;
}

DrugRows DiseasesLeftOut::known() const {
  DrugRows rows;
  for (const auto d : judged_) rows.push_back(set_.known[d]);
  return rows;
}

std::string DiseasesLeftOut::penalties() const {
  std::map<double, std::size_t> counts;
  for (const double penalty : penalties_) ++counts[penalty];
  std::string text;
  for (const auto& [penalty, count] : counts)
    text += fmt::format("{}{} in {}", text.empty() ? "" : ", ", penalty, count);
  return fmt::format("Penalty, chosen within the training diseases: {} of {} groups", text, groups_.size());
}

std::vector<LeftOutGroup> groups_of_diseases(const repurpose::LearningSet& set,
                                             const std::vector<std::size_t>& judged, int count) {
  const std::size_t parts = count > 0 ? static_cast<std::size_t>(count) : judged.size();
  std::vector<LeftOutGroup> groups;
  for (std::size_t i = 0; i < judged.size(); ++i) {
    if (i < parts) groups.emplace_back();
    groups[i % parts].judged.push_back(i);
    groups[i % parts].hidden.push_back(set.diseases[judged[i]]);
  }
  return groups;
}

DrugRows random_scores(std::size_t diseases, std::size_t drugs, std::uint64_t seed) {
  DrugRows scores(diseases, std::vector<double>(drugs));
  chem::CounterRandom random(seed, "", "random ranking");
  for (auto& row : scores)
    for (double& score : row) score = random.uniform();
  return scores;
}

}  // namespace theriac::cli
