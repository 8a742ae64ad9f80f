// A small generator with random weights, over the molecules that ship.
#pragma once
#include "chem/record_reader.hpp"
#include "generative/action_corpus.hpp"
#include "generative/graph_policy.hpp"

namespace theriac::generative {

inline chem::RecordReader starter() {
  return chem::RecordReader(std::vector<std::string>{THERIAC_STARTER_MOLECULES});
}

inline const ActionVocabulary& starter_vocabulary() {
  static const ActionVocabulary v = [] {
    auto reader = starter();
    VocabularyOptions options;
    options.motifs = 64;
    options.least_motif_count = 1;
    options.least_type_count = 1;
    VocabularyCensus census;
    count_corpus(reader, census);
    return census.vocabulary(options);
  }();
  return v;
}

inline GraphPolicy small_policy() {
  return GraphPolicy(starter_vocabulary(), {24, 2, 16}, 7);
}

}  // namespace theriac::generative
