#include "cli/new_indications.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "cli/ranking_figures.hpp"
#include "scoring/property_metrics.hpp"

namespace theriac::cli {
namespace {

using repurpose::LearningOptions;
using repurpose::LearningSet;

/// New indications: pairs of a source that the learning set does not know.
class NewIndications {
 public:
  NewIndications(const repurpose::KnowledgeGraph& graph, const LearningSet& set)
      : store_(graph.store()),
        graph_(graph),
        set_(set),
        diseases_(repurpose::described_diseases(graph.tables())) {}

  void judge(const std::vector<std::string>& sources, std::vector<NewIndicationFigures>& out) const {
    LearningOptions options;
    options.mode = repurpose::LearningMode::treated;
    std::vector<std::size_t> all(set_.diseases.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    const auto learnt = repurpose::learn(graph_.features(), set_,
                                         repurpose::all_cases(graph_.features(), set_, all, {}), options);
    DrugRows learned(diseases_.size()), popular(diseases_.size()), line(diseases_.size());
    const std::size_t popularity = graph_.features().feature("popularity");
    tbb::parallel_for(std::size_t{0}, diseases_.size(), [&](std::size_t d) {
      const auto values = repurpose::candidate_values(
          graph_.features(), set_, repurpose::profile_of_disease(graph_.tables(), diseases_[d]));
      const double of_disease = known_of(diseases_[d]);
      for (std::size_t c = 0; c < set_.drugs.size(); ++c)
        popular[d].push_back(values.count(c, popularity) * of_disease);
      learned[d] = learnt.logits(values);
    });
    for (const auto& source : sources) {
      add(source, "learned", learned, out);
      add(source, "known drugs of the disease x known diseases of the drug", popular, out);
    }
  }

 private:
  std::size_t place(std::uint32_t disease) const {
    const auto found = std::lower_bound(set_.diseases.begin(), set_.diseases.end(), disease);
    return found != set_.diseases.end() && *found == disease
               ? static_cast<std::size_t>(found - set_.diseases.begin())
               : set_.diseases.size();
  }
  double known_of(std::uint32_t disease) const {
    const std::size_t d = place(disease);
    return d < set_.diseases.size() ? static_cast<double>(set_.known_drugs(d)) : 0;
  }

  std::set<std::pair<std::uint32_t, std::uint32_t>> indications(const std::string& source) const {
    std::set<std::pair<std::uint32_t, std::uint32_t>> pairs;
    for (const auto kind : {datasets::LinkKind::treats, datasets::LinkKind::palliates}) {
      const auto& table = store_.links(kind);
      for (std::size_t i = 0; i < table.size(); ++i)
        if (store_.sources()[table.source[i]].name.rfind(source, 0) == 0)
          pairs.insert({table.to[i], table.from[i]});
    }
    return pairs;
  }

  void add(const std::string& source, const std::string& method, const DrugRows& scores,
           std::vector<NewIndicationFigures>& out) const {
    const auto indicated = indications(source);
    scoring::Values classes, values;
    std::size_t fresh = 0;
    for (std::size_t d = 0; d < diseases_.size(); ++d) {
      const std::size_t known = place(diseases_[d]);
      for (std::size_t c = 0; c < set_.drugs.size(); ++c) {
        if (known < set_.diseases.size() && set_.known[known][c] == 1) continue;
        classes.push_back(indicated.count({diseases_[d], set_.drugs[c]}) ? 1 : 0);
        values.push_back(scores[d][c]);
        fresh += classes.back() == 1;
      }
    }
    if (fresh == 0) return;
    out.push_back({source, method, classes.size(), fresh,
                   scoring::property_metric(scoring::PropertyMetric::auroc, classes, values),
                   scoring::property_metric(scoring::PropertyMetric::average_precision, classes, values)});
  }

  const datasets::Store& store_;
  const repurpose::KnowledgeGraph& graph_;
  const LearningSet& set_;
  std::vector<std::uint32_t> diseases_;
};

}  // namespace

std::vector<NewIndicationFigures> new_indications(const repurpose::KnowledgeGraph& graph,
                                                  const repurpose::LearningSet& set,
                                                  const std::vector<std::string>& sources) {
  std::vector<NewIndicationFigures> figures;
  NewIndications(graph, set).judge(sources, figures);
  return figures;
}

}  // namespace theriac::cli
