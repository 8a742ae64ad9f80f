// A vocabulary of the bundled starter molecules, shared by the tests of the action grammar.
#pragma once
#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "chem/flat_graph.hpp"
#include "generative/vocabulary_census.hpp"

namespace theriac::generative {

inline std::vector<std::string> smiles_of_file(const std::string& path) {
  std::vector<std::string> out;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    std::string smiles;
    if (fields >> smiles) out.push_back(smiles);
  }
  return out;
}

/// Elements, charges, valences and bond counts: what sanitising must leave as it is.
inline std::vector<std::array<int, 4>> atoms_of(const chem::FlatGraph& flat) {
  std::vector<std::array<int, 4>> out;
  for (std::size_t i = 0; i < flat.valences.size(); ++i)
    out.push_back({flat.graph.atoms[i].element, flat.graph.atoms[i].formal_charge, flat.valences[i], 0});
  for (const auto& b : flat.graph.bonds) {
    ++out[static_cast<std::size_t>(b.begin)][3];
    ++out[static_cast<std::size_t>(b.end)][3];
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// More kinds of atoms than the starter molecules have.
inline const std::vector<std::string>& unusual_molecules() {
  static const std::vector<std::string> list{"CP(=O)(O)OC",
                                             "OP(=O)(O)OCC1CCCO1",
                                             "CP(=O)(c1ccccc1)c1ccccc1",
                                             "C[N+](C)(C)[O-]",
                                             "[O-][n+]1ccccc1",
                                             "[O-][n+]1cccc(C)c1",
                                             "CN=[N+]=[N-]",
                                             "[N-]=[N+]=NCc1ccccc1",
                                             "[N-]=[N+]=NCCC",
                                             "O=[N+]([O-])c1ccccc1",
                                             "CC[N+](=O)[O-]",
                                             "CS(C)(=O)=O",
                                             "O=S1(=O)CCCC1",
                                             "O=S1(=O)CCCC1C",
                                             "CS(=O)CC",
                                             "CS(=O)c1ccccc1",
                                             "CS(C)=O",
                                             "O=C1CCCCC1",
                                             "CC=C1CCCC1",
                                             "O=c1cc[nH]cc1",
                                             "Cn1ccc(=O)cc1",
                                             "CC#N",
                                             "CC#CC",
                                             "BrCCI"};
  return list;
}

#ifdef THERIAC_STARTER_MOLECULES
inline const ActionVocabulary& starter_vocabulary() {
  static const ActionVocabulary vocabulary = [] {
    VocabularyCensus census;
    for (const std::string& s : smiles_of_file(THERIAC_STARTER_MOLECULES)) census.add(chem::flat_graph(s));
    for (int times = 0; times < 3; ++times)
      for (const std::string& s : unusual_molecules()) census.add(chem::flat_graph(s));
    VocabularyOptions options;
    options.corpus = "starter molecules and unusual ones";
    return census.vocabulary(options);
  }();
  return vocabulary;
}
#endif

}  // namespace theriac::generative
