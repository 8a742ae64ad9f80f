#include "scoring/goal_molecules.hpp"

#include <fmt/format.h>

#include "chem/error.hpp"

namespace theriac::scoring {

const std::vector<GoalMolecule>& goal_molecules() {
  static const std::vector<GoalMolecule> table = {
      {"celecoxib", "Cc1ccc(cc1)-c1cc(nn1-c1ccc(cc1)S(N)(=O)=O)C(F)(F)F"},
      {"troglitazone", "Cc1c(C)c2OC(C)(CCc2c(C)c1O)COc1ccc(cc1)CC1SC(=O)NC1=O"},
      {"thiothixene", "CN1CCN(CC1)CCC=C1c2ccccc2Sc2ccc(cc21)S(=O)(=O)N(C)C"},
      {"aripiprazole", "O=C1CCc2ccc(cc2N1)OCCCCN1CCN(CC1)c1cccc(Cl)c1Cl"},
      {"albuterol", "CC(C)(C)NCC(O)c1ccc(O)c(CO)c1"},
      {"mestranol", "COc1ccc2C3CCC4(C)C(CCC4(O)C#C)C3CCc2c1"},
      {"camphor", "CC1(C)C2CCC1(C)C(=O)C2"},
      {"menthol", "CC(C)C1CCC(C)CC1O"},
      {"tadalafil", "CN1CC(=O)N2C(C1=O)Cc1c([nH]c3ccccc13)C2c1ccc2OCOc2c1"},
      {"sildenafil", "CCCc1nn(C)c2c1nc([nH]c2=O)-c1cc(ccc1OCC)S(=O)(=O)N1CCN(C)CC1"},
      {"osimertinib", "C=CC(=O)Nc1cc(c(OC)cc1N(C)CCN(C)C)Nc1nccc(n1)-c1cn(C)c2ccccc12"},
      {"fexofenadine", "CC(C)(C(=O)O)c1ccc(cc1)C(O)CCCN1CCC(CC1)C(O)(c1ccccc1)c1ccccc1"},
      {"ranolazine", "COc1ccccc1OCC(O)CN1CCN(CC1)CC(=O)Nc1c(C)cccc1C"},
      {"perindopril", "CCCC(C(=O)OCC)NC(C)C(=O)N1C(CC2CCCCC12)C(=O)O"},
      {"amlodipine", "CCOC(=O)C1=C(COCCN)NC(C)=C(C1c1ccccc1Cl)C(=O)OC"},
      {"sitagliptin", "NC(Cc1cc(F)c(F)cc1F)CC(=O)N1CCn2c(C1)nnc2C(F)(F)F"},
      {"zaleplon", "CCN(C(C)=O)c1cccc(c1)-c1ccnc2c(cnn12)C#N"},
      {"hop start", "CCCOc1cc2ncnc(c2cc1S(=O)(=O)C(C)(C)C)Nc1ccc2ncsc2c1"}};
  return table;
}

const GoalMolecule& goal_molecule(const std::string& name) {
  for (const GoalMolecule& goal : goal_molecules())
    if (goal.name == name) return goal;
  throw UsageError(fmt::format("no goal molecule '{}'", name));
}

}  // namespace theriac::scoring
