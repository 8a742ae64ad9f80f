// Counting a corpus: which atom types, bonds and ring systems its molecules are made of.
//
// The vocabulary takes every atom type that is not an accident and the most frequent ring systems. Counts can
// be gathered on several threads and merged; the result does not depend on how the corpus was split.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>

#include "chem/flat_graph.hpp"
#include "generative/action_vocabulary.hpp"
#include "generative/unit_graph.hpp"

namespace theriac::generative {

struct VocabularyOptions {
  int motifs = 2048;                   ///< most frequent ring systems taken
  std::int64_t least_motif_count = 2;  ///< rarer ones are left out
  std::int64_t least_type_count = 3;   ///< rarer atom types and bonds are left out
  int largest_ring = 8;                ///< of rings closed atom by atom
  std::string corpus;                  ///< noted in the vocabulary
};

class VocabularyCensus {
 public:
  /// Counts one molecule. Throws MoleculeError for mixtures and for what no vocabulary can hold (more than
  /// max_graph_atoms heavy atoms, attachment points); then nothing is counted.
  void add(const chem::FlatGraph& molecule);
  void merge(const VocabularyCensus& other);
  std::int64_t molecules() const { return molecules_; }

  /// Throws InputError when nothing was counted, or when no carbon chain can be built from it.
  ActionVocabulary vocabulary(const VocabularyOptions& options = {}) const;

 private:
  struct TypeCount {
    std::int64_t atoms = 0, with_hydrogens = 0;
    std::int64_t bonds[4] = {0, 0, 0, 0};
  };
  struct RingCount {
    std::int64_t count = 0, double_bonded = 0;
  };
  using TypeKey = std::tuple<int, int, int, bool>;  ///< element, charge, valence, charge with a partner
  void add_types(const chem::FlatGraph& molecule);
  void add_ring_systems(const chem::FlatGraph& molecule);

  std::map<TypeKey, TypeCount> types_;
  std::unordered_map<std::string, RingCount> rings_;
  RingSystemNames names_;
  std::int64_t molecules_ = 0, ring_systems_ = 0;
  int largest_molecule_ = 0;
};

}  // namespace theriac::generative
