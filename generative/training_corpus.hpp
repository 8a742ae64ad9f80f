// Molecules to learn from: one string of actions and one set of property bins each, about 70 bytes a
// molecule.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "generative/action_corpus.hpp"

namespace theriac::generative {

class TrainingCorpus {
 public:
  /// Without properties: all bins are 0 (not said). Throws InputError when `encoded` holds no molecule, with
  /// the first reason; as does the other.
  explicit TrainingCorpus(EncodedCorpus encoded);
  /// With the properties of each molecule, worked out on all threads; that costs a millisecond each, so they
  /// are kept in `bins_file` (if one is named) and read from there when they are of these very strings.
  TrainingCorpus(EncodedCorpus encoded, const ActionVocabulary& vocabulary, const std::string& bins_file);

  std::size_t size() const { return encoded_.strings.size(); }
  std::size_t length_of(std::size_t i) const { return encoded_.strings.length_of(i); }
  /// Molecule `i` in a breadth-first order of its own for each `epoch`; the same each time for equal
  /// arguments.
  std::vector<Action> drawn(const GenerationPlan& plan, std::size_t i, std::uint64_t seed,
                            std::uint64_t epoch) const;
  /// [condition_properties()] bins.
  const std::uint8_t* bins_of(std::size_t i) const;

  const CorpusTally& tally() const { return encoded_.tally; }
  /// SHA-256 of strings and bins: equal for equal corpora.
  std::string sha256() const;

 private:
  bool read_bins(const std::string& file);
  void write_bins(const std::string& file) const;
  std::string strings_sha256() const;

  EncodedCorpus encoded_;
  std::vector<std::uint8_t> bins_;
};

}  // namespace theriac::generative
