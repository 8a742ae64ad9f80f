#include "generative/fragments.hpp"

#include <utility>

namespace theriac::generative {
namespace {

constexpr std::pair<const char*, int> table[] = {
    // small groups
    {"C", 8},
    {"F", 8},
    {"Cl", 6},
    {"O", 6},
    {"N", 6},
    {"OC", 6},
    {"CC", 3},
    {"C(C)C", 3},
    {"C(C)(C)C", 1},
    {"C#N", 4},
    {"C(F)(F)F", 4},
    {"C(F)F", 1},
    {"OC(F)(F)F", 2},
    {"OC(F)F", 1},
    {"OCC", 2},
    {"NC", 3},
    {"N(C)C", 4},
    {"CO", 2},
    {"CN", 2},
    {"CCO", 2},
    {"CCN", 2},
    {"CN(C)C", 3},
    {"CCN(C)C", 2},
    {"OCCN(C)C", 1},
    {"COC", 2},
    {"OCCOC", 1},
    {"C(C)(C)O", 2},
    {"CC#N", 1},
    {"Br", 1},
    {"C#C", 1},
    // carbonyl and sulfonyl groups
    {"C(N)=O", 4},
    {"C(=O)NC", 4},
    {"C(=O)N(C)C", 3},
    {"NC(C)=O", 4},
    {"C(=O)O", 3},
    {"C(C)=O", 1},
    {"NC(=O)NC", 2},
    {"NC(N)=O", 2},
    {"S(C)(=O)=O", 4},
    {"S(N)(=O)=O", 4},
    {"NS(C)(=O)=O", 4},
    {"S(=O)(=O)NC", 2},
    {"C(=O)OC", 1},
    {"NC(=O)C1CC1", 2},
    {"C(=N)N", 2},
    {"NC(=N)N", 1},
    {"C(=O)NC1CC1", 1},
    // aromatic rings
    {"c1ccccc1", 6},
    {"c1ccncc1", 4},
    {"c1cccnc1", 4},
    {"c1ccccn1", 3},
    {"c1cncnc1", 2},
    {"c1ncccn1", 2},
    {"c1cnccn1", 1},
    {"c1cn[nH]c1", 3},
    {"c1cnn(C)c1", 3},
    {"[nH]1cccn1", 2},
    {"[nH]1ccnc1", 2},
    {"c1c[nH]cn1", 1},
    {"c1nccs1", 2},
    {"c1cscn1", 1},
    {"c1ccsc1", 1},
    {"c1cccs1", 1},
    {"c1ccco1", 1},
    {"c1cnco1", 1},
    {"c1ccon1", 1},
    {"c1nnc(C)o1", 1},
    {"c1noc(C)n1", 1},
    {"[nH]1ccnn1", 1},
    {"c1nnn[nH]1", 1},
    {"c1ccc(F)cc1", 3},
    {"c1cccc(F)c1", 2},
    {"c1ccc(Cl)cc1", 2},
    {"c1cccc(Cl)c1", 2},
    {"c1ccc(OC)cc1", 2},
    {"c1ccccc1F", 2},
    {"Cc1ccccc1", 3},
    {"Cc1ccncc1", 1},
    {"c1c[nH]c2ccccc12", 1},
    {"c1c[nH]c2ncccc12", 2},
    {"c1cnc2ccccc2c1", 1},
    {"c1nc2ccccc2[nH]1", 1},
    {"c1ccc2c(c1)OCO2", 1},
    {"c1ccc2[nH]ncc2c1", 2},
    // saturated rings
    {"C1CC1", 3},
    {"C1CCC1", 1},
    {"C1CCCC1", 2},
    {"C1CCCCC1", 2},
    {"N1CCOCC1", 4},
    {"N1CCN(C)CC1", 4},
    {"N1CCNCC1", 3},
    {"N1CCCC1", 3},
    {"N1CCCCC1", 3},
    {"C1CCNCC1", 3},
    {"C1CCN(C)CC1", 3},
    {"C1CCOCC1", 3},
    {"C1CCNC1", 2},
    {"C1COC1", 2},
    {"C1CNC1", 1},
    {"N1CCC1", 1},
    {"N1CCC(O)C1", 1},
    {"N1CCC(N)CC1", 1},
    {"CN1CCOCC1", 2},
    {"CN1CCN(C)CC1", 2},
    {"N1CCCC1=O", 1},
    {"NC1CCNCC1", 1},
    {"NC1CCOCC1", 1},
    {"OC1CCNCC1", 1},
    {"CC1CC1", 1},
    // amides and linkers with a ring
    {"C(=O)N1CCOCC1", 2},
    {"C(=O)N1CCN(C)CC1", 1},
    {"C(=O)N1CCCC1", 1},
    {"C(=O)Nc1ccccc1", 2},
    {"NC(=O)c1ccccc1", 2},
    {"Nc1ccccc1", 2},
    {"Nc1ccncc1", 1},
    {"Nc1ncccn1", 2},
    {"Oc1ccccc1", 2},
    {"OCc1ccccc1", 1},
    {"NCc1ccccc1", 1},
    {"CNC(=O)C", 1},
    {"CCc1ccccc1", 1},
    {"S(=O)(=O)N1CCOCC1", 1},
    {"NS(=O)(=O)c1ccccc1", 1}};

std::vector<Fragment> parsed() {
  std::vector<Fragment> out;
  for (const auto& [smiles, weight] : table)
    out.push_back({smiles, weight, chem::molecular_graph(chem::Molecule::from_smiles(smiles))});
  return out;
}

}  // namespace

const std::vector<Fragment>& fragments() {
  static const std::vector<Fragment> list = parsed();
  return list;
}

const Fragment& draw_fragment(chem::CounterRandom& random) {
  static const int total = [] {
    int sum = 0;
    for (const Fragment& f : fragments()) sum += f.weight;
    return sum;
  }();
  int ticket = static_cast<int>(random.below(static_cast<std::uint32_t>(total)));
  for (const Fragment& f : fragments()) {
    ticket -= f.weight;
    if (ticket < 0) return f;
  }
  return fragments().back();
}

}  // namespace theriac::generative
