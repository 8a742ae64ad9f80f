// Morgan (extended-connectivity) fingerprints and Tanimoto similarity.
//
// Every atom environment up to `radius` bonds is hashed to a number: D. Rogers, M. Hahn, J. Chem. Inf. Model.
// 50, 742 (2010). Values equal RDKit's GetMorganFingerprint and GetMorganFingerprintAsBitVect (chirality
// off). Tanimoto is common bits over all bits; two empty fingerprints have similarity 1, as in RDKit.
// Atom pairs (two atoms and the bonds between them): R. E. Carhart, D. H. Smith, R. Venkataraghavan, J. Chem.
// Inf. Comput. Sci. 25, 64 (1985).
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "chem/molecule.hpp"

namespace theriac::chem {

/// Bit i is bit i % 64 of word i / 64.
struct Fingerprint {
  std::vector<std::uint64_t> words;

  std::size_t bits() const { return 64 * words.size(); }
  bool test(std::size_t i) const { return words[i / 64] >> (i % 64) & 1; }
  int count() const;  ///< bits set
  friend bool operator==(const Fingerprint& a, const Fingerprint& b) { return a.words == b.words; }
};

/// Features of a molecule and how often each occurs, sorted by number; not folded.
using CountFingerprint = std::vector<std::pair<std::uint32_t, int>>;
/// The features are atom environments.
using MorganCounts = CountFingerprint;

/// `bits` is a positive multiple of 64. Radius 2 is what the literature calls ECFP4.
Fingerprint morgan_fingerprint(const Molecule& molecule, int radius = 2, int bits = 2048);
MorganCounts morgan_counts(const Molecule& molecule, int radius = 2);
/// The same with atoms told apart only by what they do (donor, acceptor, aromatic, halogen, basic, acidic).
/// Radius 2 is what the literature calls FCFP4.
MorganCounts feature_morgan_counts(const Molecule& molecule, int radius = 2);
/// Pairs of atoms 1 to `max_length` bonds apart.
CountFingerprint atom_pair_counts(const Molecule& molecule, int max_length = 10);

/// 0 to 1. Throws UsageError when the lengths differ.
double tanimoto(const Fingerprint& a, const Fingerprint& b);
/// Sum of the smaller counts over the sum of the larger ones, 0 to 1.
double tanimoto(const CountFingerprint& a, const CountFingerprint& b);

struct Neighbour {
  std::size_t index = 0;
  double similarity = 0;
};

/// Many fingerprints of one length in one block of memory, for bulk comparison.
class FingerprintSet {
 public:
  explicit FingerprintSet(std::size_t bits = 2048);

  /// Throws UsageError when the length differs from the set's.
  void add(const Fingerprint& fingerprint);
  std::size_t size() const { return counts_.size(); }
  std::size_t bits() const { return 64 * words_per_row_; }
  Fingerprint operator[](std::size_t i) const;
  const std::uint64_t* row(std::size_t i) const { return words_.data() + i * words_per_row_; }
  int count(std::size_t i) const { return counts_[i]; }  ///< bits set in member i

  /// Similarity to each member, in order.
  std::vector<double> tanimoto(const Fingerprint& query) const;
  /// The most similar member; of equals the first. Throws UsageError when the set is empty.
  Neighbour nearest(const Fingerprint& query) const;
  /// The most similar of these members; of equals the first. Throws UsageError when there is none.
  Neighbour nearest_among(const Fingerprint& query, const std::vector<std::uint32_t>& members) const;
  /// The k most similar members, best first, equals in order of index.
  std::vector<Neighbour> nearest(const Fingerprint& query, std::size_t k) const;

 private:
  void check_length(const Fingerprint& fingerprint) const;

  std::size_t words_per_row_;
  std::vector<std::uint64_t> words_;
  std::vector<int> counts_;
};

}  // namespace theriac::chem
