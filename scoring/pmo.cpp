#include "scoring/pmo.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>

#include "chem/error.hpp"
#include "scoring/guacamol.hpp"

namespace theriac::scoring {
namespace {

/// PMO's name of a GuacaMol task.
GoalDirectedTask renamed(const char* name, const char* guacamol_name) {
  GoalDirectedTask task = guacamol_suite().task(guacamol_name);
  task.name = task.column = name;
  return task;
}

GoalDirectedTask renamed(const char* name) {
  return renamed(name, name);
}

GoalDirectedTask isomers(const char* name, const char* formula) {
  GoalDirectedTask task;
  task.name = task.column = name;
  task.title = formula;
  task.components = isomer_components(formula, AtomTotal::without_dummies);
  return task;
}

/// The same task, its isomer term without dummy atoms.
GoalDirectedTask with_isomer(GoalDirectedTask task, const char* formula) {
  for (TaskComponent& component : task.components)
    if (component.name == "isomer") component.measure = isomer_of(formula, AtomTotal::without_dummies);
  return task;
}

GoalDirectedTask drug_likeness() {
  GoalDirectedTask task;
  task.name = task.column = "qed";
  task.title = "QED";
  task.components = {{"qed", [](const MeasuredMolecule& m) { return m.qed(); }, ScoreModifier::none()}};
  return task;
}

GoalDirectedSuite built_suite() {
  GoalDirectedSuite suite;
  suite.name = "pmo";
  suite.title = "PMO";
  suite.unparsable_score = 0;
  suite.empty_score = 0;
  suite.tasks = {drug_likeness(),
                 isomers("isomers_c7h8n2o2", "C7H8N2O2"),
                 isomers("isomers_c9h10n2o2pf2cl", "C9H10N2O2PF2Cl"),
                 renamed("celecoxib_rediscovery"),
                 renamed("troglitazone_rediscovery"),
                 renamed("thiothixene_rediscovery"),
                 renamed("albuterol_similarity"),
                 renamed("mestranol_similarity"),
                 renamed("median1", "median_molecules_1"),
                 renamed("median2", "median_molecules_2"),
                 renamed("osimertinib_mpo"),
                 renamed("fexofenadine_mpo"),
                 renamed("ranolazine_mpo"),
                 renamed("perindopril_mpo"),
                 renamed("amlodipine_mpo"),
                 with_isomer(renamed("sitagliptin_mpo"), "C16H15F6N5O"),
                 with_isomer(renamed("zaleplon_mpo"), "C19H17N3O2"),
                 renamed("valsartan_smarts"),
                 renamed("deco_hop"),
                 renamed("scaffold_hop")};
  for (GoalDirectedTask& task : suite.tasks) {
    task.top_counts = {10};
    task.start.clear();  // PMO hands no molecule out
  }
  return suite;
}

/// The best few scores so far.
class BestScores {
 public:
  explicit BestScores(int top) : top_(static_cast<std::size_t>(top)) {}

  void add(double score) {
    best_.insert(std::upper_bound(best_.begin(), best_.end(), score, std::greater<>()), score);
    if (best_.size() > top_) best_.pop_back();
  }
  double mean() const {
    if (best_.empty()) return 0;
    return std::accumulate(best_.begin(), best_.end(), 0.0) / static_cast<double>(best_.size());
  }

 private:
  std::size_t top_;
  std::vector<double> best_;  ///< falling
};

}  // namespace

const GoalDirectedSuite& pmo_suite() {
  static const GoalDirectedSuite suite = built_suite();
  return suite;
}

double top_auc(const std::vector<double>& scores, int top, int budget, int every) {
  if (top < 1 || budget < 1 || every < 1)
    throw UsageError(
        "the area under the curve of the best needs a number of best, a budget and a step of 1 or more");
  const int calls = static_cast<int>(scores.size());
  if (calls > budget)
    throw UsageError(fmt::format("{} scores are more than the budget of {}", calls, budget));
  BestScores best(top);
  double area = 0, before = 0;
  int reached = 0;
  for (int i = 0; i < calls; ++i) {
    best.add(scores[static_cast<std::size_t>(i)]);
    if ((i + 1) % every != 0 && i + 1 != calls) continue;
    area += (i + 1 - reached) * (best.mean() + before) / 2;
    before = best.mean();
    reached = i + 1;
  }
  return (area + (budget - calls) * before) / budget;
}

double top_mean(std::vector<double> scores, int top) {
  BestScores best(top);
  for (const double score : scores) best.add(score);
  return best.mean();
}

}  // namespace theriac::scoring
