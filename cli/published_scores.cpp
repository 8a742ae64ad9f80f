#include "cli/published_scores.hpp"

namespace theriac::cli {
namespace {

PublishedScores guacamol_scores() {
  return {
      "Published (any number of calls): N. Brown et al., J. Chem. Inf. Model. 59, 1096 (2019), suite v2: the "
      "best "
      "molecule of the data set, SMILES LSTM, SMILES GA, Graph GA, Graph MCTS.",
      {{"data set", true},
       {"SMILES LSTM", true},
       {"SMILES GA", true},
       {"Graph GA", true},
       {"Graph MCTS", false}},
      {{"celecoxib_rediscovery", {.505, 1.000, .732, 1.000, .355}},
       {"troglitazone_rediscovery", {.419, 1.000, .515, 1.000, .311}},
       {"thiothixene_rediscovery", {.456, 1.000, .598, 1.000, .311}},
       {"aripiprazole_similarity", {.595, 1.000, .834, 1.000, .380}},
       {"albuterol_similarity", {.719, 1.000, .907, 1.000, .749}},
       {"mestranol_similarity", {.629, 1.000, .790, 1.000, .402}},
       {"c11h24", {.684, .993, .829, .971, .410}},
       {"c9h10n2o2pf2cl", {.747, .879, .889, .982, .631}},
       {"median_molecules_1", {.334, .438, .334, .406, .225}},
       {"median_molecules_2", {.351, .422, .380, .432, .170}},
       {"osimertinib_mpo", {.839, .907, .886, .953, .784}},
       {"fexofenadine_mpo", {.817, .959, .931, .998, .695}},
       {"ranolazine_mpo", {.792, .855, .881, .920, .616}},
       {"perindopril_mpo", {.575, .808, .661, .792, .385}},
       {"amlodipine_mpo", {.696, .894, .722, .894, .533}},
       {"sitagliptin_mpo", {.509, .545, .689, .891, .458}},
       {"zaleplon_mpo", {.547, .669, .413, .754, .488}},
       {"valsartan_smarts", {.259, .978, .552, .990, .040}},
       {"deco_hop", {.933, .996, .970, 1.000, .590}},
       {"scaffold_hop", {.738, .998, .885, 1.000, .478}}}};
}

PublishedScores pmo_scores() {
  return {
      "Published (10,000 calls): as collected in references/reference_pmo.csv and the result tables of "
      "github.com/invirtuolabs/InVirtuoGen_results, commit db3dd0d. InVG: InVirtuoGen, np: without "
      "prescreening. "
      "REINVENT and Graph GA were run with PyTDC 0.3.6, whose isomer term differs (isomers, sitagliptin_mpo, "
      "zaleplon_mpo); here it is that of 0.4.0 and later.",
      {{"InVG", true},
       {"GenMol", true},
       {"f-RAG", true},
       {"InVG np", false},
       {"Genetic GFN", false},
       {"Mol GA", false},
       {"REINVENT", false},
       {"Graph GA", false}},
      {{"qed", {.943, .942, .939, .942, .942, .941, .941, .940}},
       {"isomers_c7h8n2o2", {.988, .942, .955, .968, .969, .878, .852, .862}},
       {"isomers_c9h10n2o2pf2cl", {.898, .833, .850, .874, .897, .865, .642, .719}},
       {"celecoxib_rediscovery", {.839, .826, .778, .798, .802, .567, .713, .630}},
       {"troglitazone_rediscovery", {.853, .867, .448, .595, .511, .427, .441, .390}},
       {"thiothixene_rediscovery", {.652, .692, .584, .625, .583, .519, .534, .479}},
       {"albuterol_similarity", {.975, .937, .977, .950, .949, .896, .882, .838}},
       {"mestranol_similarity", {.991, .982, .671, .797, .708, .591, .618, .579}},
       {"median1", {.386, .398, .340, .342, .379, .257, .356, .294}},
       {"median2", {.377, .359, .323, .288, .294, .301, .276, .273}},
       {"osimertinib_mpo", {.881, .876, .866, .870, .860, .844, .837, .831}},
       {"fexofenadine_mpo", {.904, .894, .856, .845, .856, .825, .784, .760}},
       {"ranolazine_mpo", {.854, .821, .820, .848, .819, .804, .760, .728}},
       {"perindopril_mpo", {.753, .718, .681, .645, .595, .547, .537, .538}},
       {"amlodipine_mpo", {.836, .810, .749, .733, .761, .688, .635, .661}},
       {"sitagliptin_mpo", {.743, .584, .601, .709, .634, .582, .021, .433}},
       {"zaleplon_mpo", {.624, .584, .486, .536, .552, .519, .358, .346}},
       {"valsartan_smarts", {.935, .822, .627, .210, .135, .000, .178, .000}},
       {"deco_hop", {.968, .960, .936, .748, .733, .649, .666, .619}},
       {"scaffold_hop", {.711, .628, .576, .589, .615, .527, .560, .517}}}};
}

}  // namespace

std::optional<std::vector<double>> PublishedScores::of(const std::string& task) const {
  for (const Line& line : lines)
    if (line.task == task) return line.scores;
  return {};
}

const PublishedScores& published_scores(const std::string& suite) {
  static const PublishedScores guacamol = guacamol_scores(), pmo = pmo_scores();
  return suite == "pmo" ? pmo : guacamol;
}

}  // namespace theriac::cli
