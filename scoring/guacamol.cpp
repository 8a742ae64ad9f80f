#include "scoring/guacamol.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <set>

#include "chem/error.hpp"

namespace theriac::scoring {
namespace {

using Components = std::vector<TaskComponent>;
constexpr auto ecfp4 = CountKind::ecfp4, ecfp6 = CountKind::ecfp6, fcfp4 = CountKind::fcfp4,
               atom_pairs = CountKind::atom_pairs;

ScoreModifier none() {
  return ScoreModifier::none();
}
ScoreModifier clip(double upper) {
  return ScoreModifier::clip(upper);
}
ScoreModifier gauss(double mu, double sigma) {
  return ScoreModifier::gauss(mu, sigma);
}
ScoreModifier min_gauss(double mu, double sigma) {
  return ScoreModifier::min_gauss(mu, sigma);
}
ScoreModifier max_gauss(double mu, double sigma) {
  return ScoreModifier::max_gauss(mu, sigma);
}

double log_p(const MeasuredMolecule& m) {
  return m.log_p();
}
double tpsa(const MeasuredMolecule& m) {
  return m.polar_surface_area();
}
double bertz(const MeasuredMolecule& m) {
  return m.bertz_complexity();
}
double rings(const MeasuredMolecule& m) {
  return m.rings().rings;
}
double aromatic_rings(const MeasuredMolecule& m) {
  return m.rings().aromatic;
}

/// Sitagliptin's own values, as RDKit gives them.
constexpr double sitagliptin_log_p = 2.0165, sitagliptin_tpsa = 77.04, sitagliptin_bertz = 896.3804853871782;

constexpr const char* quinazoline = "[#7]-c1n[c;h1]nc2[c;h1]c(-[#8])[c;h0][c;h1]c12";
constexpr const char* sulfone = "CS([#6])(=O)=O";
constexpr const char* aminobenzothiazole = "[#7]-c1ccc2ncsc2c1";
constexpr const char* benzothiazole_with_tail =
    "[#6]-[#6]-[#6]-[#8]-[#6]~[#6]~[#6]~[#6]~[#6]-[#7]-c1ccc2ncsc2c1";
constexpr const char* valsartan_core = "CN(C=O)Cc1ccc(c2ccccc2)cc1";

std::vector<GoalDirectedTask> rediscoveries() {
  const auto rediscovery = [](const char* title, const char* goal) {
    GoalDirectedTask task;
    task.title = title;
    task.components = {{"sim_ecfp4", similarity_to(goal, ecfp4), clip(1)}};
    task.top_counts = {1};
    return task;
  };
  return {rediscovery("Celecoxib rediscovery", "celecoxib"),
          rediscovery("Troglitazone rediscovery", "troglitazone"),
          rediscovery("Thiothixene rediscovery", "thiothixene")};
}

GoalDirectedTask task(const char* title, Components components, TaskMean mean = TaskMean::geometric) {
  GoalDirectedTask out;
  out.title = title;
  out.mean = mean;
  out.components = std::move(components);
  out.top_counts = {1, 10, 100};
  return out;
}

std::vector<GoalDirectedTask> similarities_and_isomers() {
  std::vector<GoalDirectedTask> tasks = {
      task("Aripiprazole similarity", {{"sim_ecfp4", similarity_to("aripiprazole", ecfp4), clip(0.75)}}),
      task("Albuterol similarity", {{"sim_fcfp4", similarity_to("albuterol", fcfp4), clip(0.75)}}),
      task("Mestranol similarity", {{"sim_ap", similarity_to("mestranol", atom_pairs), clip(0.75)}}),
      task("C11H24", isomer_components("C11H24")),
      task("C9H10N2O2PF2Cl", isomer_components("C9H10N2O2PF2Cl")),
      task("Median molecules 1", {{"sim_ecfp4_1", similarity_to("menthol", ecfp4), none()},
                                  {"sim_ecfp4_2", similarity_to("camphor", ecfp4), none()}}),
      task("Median molecules 2", {{"sim_ecfp6_1", similarity_to("tadalafil", ecfp6), none()},
                                  {"sim_ecfp6_2", similarity_to("sildenafil", ecfp6), none()}})};
  tasks[3].top_counts = {159};  // all constitutional isomers of undecane
  tasks[4].top_counts = {250};
  return tasks;
}

std::vector<GoalDirectedTask> multi_property_tasks() {
  std::vector<GoalDirectedTask> tasks = {
      task("Osimertinib MPO", {{"sim_fcfp4", similarity_to("osimertinib", fcfp4), clip(0.8)},
                               {"sim_ecfp6", similarity_to("osimertinib", ecfp6), min_gauss(0.85, 0.1)},
                               {"tpsa", tpsa, max_gauss(100, 10)},
                               {"logp", log_p, min_gauss(1, 1)}}),
      task("Fexofenadine MPO", {{"sim_ap", similarity_to("fexofenadine", atom_pairs), clip(0.8)},
                                {"tpsa", tpsa, max_gauss(90, 10)},
                                {"logp", log_p, min_gauss(4, 1)}}),
      task("Ranolazine MPO", {{"sim_ap", similarity_to("ranolazine", atom_pairs), clip(0.7)},
                              {"logp", log_p, max_gauss(7, 1)},
                              {"n_F", atoms_of("F"), gauss(1, 1)},
                              {"tpsa", tpsa, max_gauss(95, 20)}}),
      task("Perindopril MPO", {{"sim_ecfp4", similarity_to("perindopril", ecfp4), none()},
                               {"arom_rings", aromatic_rings, gauss(2, 0.5)}}),
      task("Amlodipine MPO",
           {{"sim_ecfp4", similarity_to("amlodipine", ecfp4), none()}, {"rings", rings, gauss(3, 0.5)}}),
      task("Sitagliptin MPO", {{"sim_ecfp4", similarity_to("sitagliptin", ecfp4), gauss(0, 0.1)},
                               {"logp", log_p, gauss(sitagliptin_log_p, 0.2)},
                               {"tpsa", tpsa, gauss(sitagliptin_tpsa, 5)},
                               {"isomer", isomer_of("C16H15F6N5O"), none()}}),
      task("Zaleplon MPO", {{"sim_ecfp4", similarity_to("zaleplon", ecfp4), none()},
                            {"isomer", isomer_of("C19H17N3O2"), none()}})};
  tasks[2].start = "ranolazine";
  return tasks;
}

std::vector<GoalDirectedTask> pattern_tasks() {
  return {task("Valsartan SMARTS", {{"has_smarts", substructure_present(valsartan_core), none()},
                                    {"logp", log_p, gauss(sitagliptin_log_p, 0.2)},
                                    {"tpsa", tpsa, gauss(sitagliptin_tpsa, 5)},
                                    {"bertz", bertz, gauss(sitagliptin_bertz, 30)}}),
          task("Deco Hop",
               {{"sim_phco", pharmacophore_similarity_to("hop start"), clip(0.85)},
                {"no_smarts_1", substructure_absent(sulfone), none()},
                {"no_smarts_2", substructure_absent(aminobenzothiazole), none()},
                {"has_smarts", substructure_present(quinazoline), none()}},
               TaskMean::arithmetic),
          task("Scaffold Hop",
               {{"sim_phco", pharmacophore_similarity_to("hop start"), clip(0.75)},
                {"has_smarts", substructure_present(benzothiazole_with_tail), none()},
                {"no_smarts", substructure_absent(quinazoline), none()}},
               TaskMean::arithmetic)};
}

/// "Median molecules 1" -> "median_molecules_1"
std::string name_of(std::string title) {
  for (char& c : title) c = c == ' ' ? '_' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return title;
}

GoalDirectedSuite built_suite() {
  GoalDirectedSuite suite;
  suite.name = "guacamol";
  suite.title = "GuacaMol";
  suite.unparsable_score = -1;
  for (auto&& part : {rediscoveries(), similarities_and_isomers(), multi_property_tasks(), pattern_tasks()})
    suite.tasks.insert(suite.tasks.end(), part.begin(), part.end());
  for (std::size_t i = 0; i < suite.tasks.size(); ++i) {
    suite.tasks[i].name = name_of(suite.tasks[i].title);
    suite.tasks[i].column = fmt::format("t{:02}_{}", i + 1, suite.tasks[i].name);
  }
  return suite;
}

std::optional<chem::Molecule> read(const std::string& smiles) {
  try {
    return smiles.empty() ? chem::Molecule::without_atoms() : chem::Molecule::from_smiles(smiles);
  } catch (const MoleculeError&) {
    return {};
  }
}

}  // namespace

const GoalDirectedSuite& guacamol_suite() {
  static const GoalDirectedSuite suite = built_suite();
  return suite;
}

ListScore list_score(const GoalDirectedTask& task, std::vector<double> scores) {
  std::sort(scores.begin(), scores.end(), std::greater<>());
  ListScore out;
  for (const int k : task.top_counts) {
    double sum = 0;
    for (std::size_t i = 0; i < scores.size() && i < static_cast<std::size_t>(k); ++i) sum += scores[i];
    out.top_means.push_back(sum / k);
    out.score += out.top_means.back() / static_cast<double>(task.top_counts.size());
  }
  return out;
}

ListScore list_score(const GoalDirectedTask& task, const std::vector<std::string>& smiles) {
  std::set<std::string> seen;
  std::vector<double> scores;
  for (const std::string& given : smiles) {
    const auto molecule = read(given);
    if (!molecule) continue;
    const std::string flat = chem::flat_smiles(*molecule);
    if (!seen.insert(flat).second) continue;
    const auto drawn_flat = read(flat);
    scores.push_back(drawn_flat ? task.score(MeasuredMolecule(*drawn_flat)) : -1.0);
  }
  return list_score(task, std::move(scores));
}

}  // namespace theriac::scoring
