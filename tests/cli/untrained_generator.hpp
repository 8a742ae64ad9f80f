// A folder with an untrained generator in it, for tests of the commands that use one. Its vocabulary is that
// of the starter molecules and of the drugs of theriac bench modes.
#pragma once
#include "cli/design_drugs.hpp"
#include "generative/graph_policy.hpp"
#include "tests/cli/transcript.hpp"
#include "tests/generative/action_fixtures.hpp"

inline const theriac::generative::ActionVocabulary& untrained_vocabulary() {
  using namespace theriac;
  static const generative::ActionVocabulary words = [] {
    generative::VocabularyCensus census;
    for (int times = 0; times < 3; ++times) {
      for (const auto& smiles : generative::smiles_of_file(THERIAC_STARTER_MOLECULES))
        census.add(chem::flat_graph(smiles));
      for (const auto& drug : cli::design_drugs()) census.add(chem::flat_graph(drug.smiles));
    }
    return census.vocabulary({});
  }();
  return words;
}

/// Holds "g.safetensors".
inline const TemporaryFolder& untrained_folder() {
  static const TemporaryFolder here;
  static const bool saved = [] {
    theriac::generative::GraphPolicy(untrained_vocabulary(), {16, 1, 16}, 3).save(here / "g.safetensors", {});
    return true;
  }();
  (void)saved;
  return here;
}
