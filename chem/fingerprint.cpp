#include "chem/fingerprint.hpp"

#include <DataStructs/SparseIntVect.h>
#include <GraphMol/Fingerprints/AtomPairs.h>
#include <GraphMol/Fingerprints/MorganFingerprints.h>
#include <GraphMol/ROMol.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "chem/error.hpp"
#include "chem/heavy_graph.hpp"
#include "chem/morgan.hpp"

// The compiler makes one copy of the counting loops per instruction set and the loader picks the best.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define THERIAC_POPCOUNT_CLONES __attribute__((target_clones("default", "popcnt", "arch=icelake-server")))
#else
#define THERIAC_POPCOUNT_CLONES
#endif

namespace theriac::chem {
namespace {

THERIAC_POPCOUNT_CLONES
int bits_set(const std::uint64_t* a, std::size_t words) {
  int n = 0;
  for (std::size_t i = 0; i < words; ++i) n += __builtin_popcountll(a[i]);
  return n;
}

/// For each row, how many bits it has in common with the query.
THERIAC_POPCOUNT_CLONES
void common_bits(const std::uint64_t* query, const std::uint64_t* rows, std::size_t words,
                 std::size_t row_count, int* out) {
  for (std::size_t row = 0; row < row_count; ++row, rows += words) {
    int n = 0;
    for (std::size_t i = 0; i < words; ++i) n += __builtin_popcountll(query[i] & rows[i]);
    out[row] = n;
  }
}

/// Place in `members` of the row with the most bits in common, relative to those that either has; rows that
/// cannot be better by their number of bits are passed over.
THERIAC_POPCOUNT_CLONES
std::size_t most_similar(const std::uint64_t* query, int query_bits, const std::uint64_t* rows,
                         std::size_t words, const int* counts, const std::uint32_t* members, std::size_t n,
                         int& best_common) {
  std::size_t best = 0;
  int best_either = 1;
  best_common = -1;
  for (std::size_t i = 0; i < n; ++i) {
    const int bits = counts[members[i]];
    const int smaller = bits < query_bits ? bits : query_bits, larger = bits < query_bits ? query_bits : bits;
    if (static_cast<long>(smaller) * best_either <= static_cast<long>(best_common) * larger) continue;
    const std::uint64_t* row = rows + members[i] * words;
    int common = 0;
    for (std::size_t w = 0; w < words; ++w) common += __builtin_popcountll(query[w] & row[w]);
    const int either = query_bits + bits - common;
    if (static_cast<long>(common) * best_either <= static_cast<long>(best_common) * either) continue;
    best = i;
    best_common = common;
    best_either = either > 0 ? either : 1;
  }
  return best;
}

double tanimoto_of(int common, int a, int b) {
  const int either = a + b - common;
  return either == 0 ? 1.0 : static_cast<double>(common) / either;
}

void check_radius(int radius) {
  if (radius < 0) throw UsageError(fmt::format("a fingerprint of radius {} cannot be made", radius));
}

/// Takes RDKit's vector over.
template <typename Index>
CountFingerprint counts_of(RDKit::SparseIntVect<Index>* vector) {
  const std::unique_ptr<RDKit::SparseIntVect<Index>> counts(vector);
  CountFingerprint out;
  out.reserve(counts->getNonzeroElements().size());
  for (const auto& [feature, count] : counts->getNonzeroElements())
    out.emplace_back(static_cast<std::uint32_t>(feature), count);
  return out;
}

void refuse_lengths(std::size_t a, std::size_t b) {
  throw UsageError(fmt::format("cannot compare fingerprints of {} and {} bits", a, b));
}

}  // namespace

int Fingerprint::count() const {
  return bits_set(words.data(), words.size());
}

Fingerprint morgan_fingerprint(const Molecule& molecule, int radius, int bits) {
  if (radius < 0 || bits <= 0 || bits % 64 != 0)
    throw UsageError(
        fmt::format("a fingerprint of radius {} and {} bits cannot be made: radius is 0 or more, "
                    "bits a multiple of 64",
                    radius, bits));
  Fingerprint out;
  out.words.resize(static_cast<std::size_t>(bits) / 64);
  for (const std::uint32_t environment : morgan_environments(*heavy_graph(molecule), radius)) {
    const std::uint32_t bit = environment % static_cast<std::uint32_t>(bits);
    out.words[bit / 64] |= std::uint64_t{1} << bit % 64;
  }
  return out;
}

MorganCounts morgan_counts(const Molecule& molecule, int radius) {
  check_radius(radius);
  MorganCounts counts;
  for (const std::uint32_t environment : morgan_environments(*heavy_graph(molecule), radius)) {
    if (counts.empty() || counts.back().first != environment) counts.emplace_back(environment, 0);
    ++counts.back().second;
  }
  return counts;
}

MorganCounts feature_morgan_counts(const Molecule& molecule, int radius) {
  check_radius(radius);
  const auto graph = heavy_graph(molecule);
  std::vector<std::uint32_t> features(graph->getNumAtoms());
  RDKit::MorganFingerprints::getFeatureInvariants(*graph, features);
  return counts_of(
      RDKit::MorganFingerprints::getFingerprint(*graph, static_cast<unsigned>(radius), &features));
}

CountFingerprint atom_pair_counts(const Molecule& molecule, int max_length) {
  if (max_length < 1)
    throw UsageError(fmt::format("atom pairs at most {} bonds apart do not exist", max_length));
  const RDKit::ROMol graph(*heavy_graph(molecule));  // RDKit stores the distance matrix on it
  return counts_of(RDKit::AtomPairs::getAtomPairFingerprint(graph, 1, static_cast<unsigned>(max_length)));
}

double tanimoto(const Fingerprint& a, const Fingerprint& b) {
  if (a.words.size() != b.words.size()) refuse_lengths(a.bits(), b.bits());
  int common = 0;
  common_bits(a.words.data(), b.words.data(), a.words.size(), 1, &common);
  return tanimoto_of(common, a.count(), b.count());
}

double tanimoto(const CountFingerprint& a, const CountFingerprint& b) {
  long smaller = 0, larger = 0;
  auto i = a.begin();
  auto j = b.begin();
  while (i != a.end() || j != b.end()) {
    if (j == b.end() || (i != a.end() && i->first < j->first)) {
      larger += (i++)->second;
    } else if (i == a.end() || j->first < i->first) {
      larger += (j++)->second;
    } else {
      smaller += std::min(i->second, j->second);
      larger += std::max((i++)->second, (j++)->second);
    }
  }
  return larger == 0 ? 1.0 : static_cast<double>(smaller) / static_cast<double>(larger);
}

FingerprintSet::FingerprintSet(std::size_t bits) : words_per_row_(bits / 64) {
  if (bits == 0 || bits % 64 != 0)
    throw UsageError(fmt::format("a fingerprint has a multiple of 64 bits, not {}", bits));
}

void FingerprintSet::check_length(const Fingerprint& fingerprint) const {
  if (fingerprint.words.size() != words_per_row_) refuse_lengths(fingerprint.bits(), bits());
}

void FingerprintSet::add(const Fingerprint& fingerprint) {
  check_length(fingerprint);
  words_.insert(words_.end(), fingerprint.words.begin(), fingerprint.words.end());
  counts_.push_back(fingerprint.count());
}

Fingerprint FingerprintSet::operator[](std::size_t i) const {
  const auto begin = words_.begin() + static_cast<std::ptrdiff_t>(i * words_per_row_);
  return {std::vector<std::uint64_t>(begin, begin + static_cast<std::ptrdiff_t>(words_per_row_))};
}

std::vector<double> FingerprintSet::tanimoto(const Fingerprint& query) const {
  check_length(query);
  const int query_count = query.count();
  std::vector<int> common(size());
  common_bits(query.words.data(), words_.data(), words_per_row_, size(), common.data());
  std::vector<double> out(size());
  for (std::size_t i = 0; i < size(); ++i) out[i] = tanimoto_of(common[i], query_count, counts_[i]);
  return out;
}

Neighbour FingerprintSet::nearest(const Fingerprint& query) const {
  check_length(query);
  if (size() == 0) throw UsageError("the nearest neighbour in an empty set of fingerprints was asked for");
  const int query_count = query.count();
  Neighbour best{0, -1.0};
  for (std::size_t i = 0; i < size(); ++i) {
    // the similarity never exceeds that of the smaller set lying wholly inside the larger
    const int smaller = std::min(query_count, counts_[i]), larger = std::max(query_count, counts_[i]);
    if (tanimoto_of(smaller, smaller, larger) <= best.similarity) continue;
    int common = 0;
    common_bits(query.words.data(), words_.data() + i * words_per_row_, words_per_row_, 1, &common);
    const double similarity = tanimoto_of(common, query_count, counts_[i]);
    if (similarity > best.similarity) best = {i, similarity};
  }
  return best;
}

Neighbour FingerprintSet::nearest_among(const Fingerprint& query,
                                        const std::vector<std::uint32_t>& members) const {
  check_length(query);
  if (members.empty()) throw UsageError("the nearest of no fingerprints was asked for");
  const int bits = query.count();
  int common = 0;
  const auto at = most_similar(query.words.data(), bits, words_.data(), words_per_row_, counts_.data(),
                               members.data(), members.size(), common);
  const std::size_t member = members[at];
  return {member, tanimoto_of(std::max(common, 0), bits, counts_[member])};
}

std::vector<Neighbour> FingerprintSet::nearest(const Fingerprint& query, std::size_t k) const {
  const auto similarity = tanimoto(query);
  std::vector<Neighbour> all(size());
  for (std::size_t i = 0; i < size(); ++i) all[i] = {i, similarity[i]};
  k = std::min(k, all.size());
  std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(k), all.end(),
                    [](const Neighbour& a, const Neighbour& b) {
                      return a.similarity != b.similarity ? a.similarity > b.similarity : a.index < b.index;
                    });
  all.resize(k);
  return all;
}

}  // namespace theriac::chem
