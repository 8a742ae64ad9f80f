#include "scoring/synthetic_accessibility.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>

#include "chem/data_file.hpp"
#include "chem/error.hpp"

namespace theriac::scoring {
namespace {

constexpr char signature[] = "THERSAF1";
constexpr std::size_t header_bytes = 16;
constexpr double unseen_fragment = -4.0;
// raw scores from -4 (hard) to 2.5 (easy) are mapped to 10 .. 1
constexpr double raw_low = -4.0, raw_high = 2.5;

static_assert(sizeof(double) == 8, "the table stores 64-bit numbers");

/// Little endian bytes as numbers, on any machine.
template <typename Bits, typename Value = Bits>
std::vector<Value> numbers(const unsigned char* bytes, std::size_t count) {
  std::vector<Value> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    Bits bits = 0;
    for (std::size_t b = 0; b < sizeof(Bits); ++b)
      bits = static_cast<Bits>(bits | static_cast<Bits>(bytes[i * sizeof(Bits) + b]) << (8 * b));
    std::memcpy(&out[i], &bits, sizeof(Bits));
  }
  return out;
}

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
  throw ModelError(fmt::format("'{}' is not a table of fragment contributions: {}", path, reason),
                   "build or install Theriac again: scripts/sa_fragment_table writes this file");
}

double size_penalty(int atoms) {
  return std::pow(atoms, 1.005) - atoms;
}

double raw_score(double mean_contribution, int distinct_fragments, const chem::Complexity& c) {
  const double penalty = size_penalty(c.atoms) + std::log10(c.stereocentres + 1) +
                         std::log10(c.spiro_atoms + 1) + std::log10(c.bridgehead_atoms + 1) +
                         (c.macrocycles > 0 ? std::log10(2.0) : 0.0);
  const double symmetry =
      c.atoms > distinct_fragments ? 0.5 * std::log(static_cast<double>(c.atoms) / distinct_fragments) : 0.0;
  return mean_contribution - penalty + symmetry;
}

double on_scale_of_ten(double raw) {
  double score = 11.0 - (raw - raw_low + 1.0) / (raw_high - raw_low) * 9.0;
  if (score > 8.0) score = 8.0 + std::log(score - 8.0);
  return std::clamp(score, 1.0, 10.0);
}

}  // namespace

FragmentTable FragmentTable::read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw InputError(fmt::format("cannot open '{}'", path));
  const std::vector<unsigned char> bytes{std::istreambuf_iterator<char>(file),
                                         std::istreambuf_iterator<char>()};
  if (bytes.size() < header_bytes || std::memcmp(bytes.data(), signature, 8) != 0)
    refuse(path, fmt::format("it does not begin with '{}'", signature));
  const auto sizes = numbers<std::uint32_t>(bytes.data() + 8, 2);
  const std::size_t n = sizes[0], m = sizes[1];
  const std::size_t wanted = header_bytes + 8 * m + 6 * n;
  if (bytes.size() != wanted)
    refuse(path, fmt::format("it has {} bytes instead of {}", bytes.size(), wanted));

  FragmentTable table;
  table.scores_ = numbers<std::uint64_t, double>(bytes.data() + header_bytes, m);
  table.fragments_ = numbers<std::uint32_t>(bytes.data() + header_bytes + 8 * m, n);
  table.score_index_ = numbers<std::uint16_t>(bytes.data() + header_bytes + 8 * m + 4 * n, n);
  if (std::adjacent_find(table.fragments_.begin(), table.fragments_.end(), std::greater_equal<>()) !=
      table.fragments_.end())
    refuse(path, "its fragments are not in ascending order");
  for (const auto i : table.score_index_)
    if (i >= m) refuse(path, fmt::format("score number {} of {} is used", i, m));
  for (const double score : table.scores_)
    if (!std::isfinite(score)) refuse(path, "a score is not a number");
  return table;
}

const FragmentTable& FragmentTable::shipped() {
  static const FragmentTable table = read(chem::data_file("sa_fragments.bin"));
  return table;
}

std::optional<double> FragmentTable::contribution(std::uint32_t fragment) const {
  const auto found = std::lower_bound(fragments_.begin(), fragments_.end(), fragment);
  if (found == fragments_.end() || *found != fragment) return std::nullopt;
  return scores_[score_index_[static_cast<std::size_t>(found - fragments_.begin())]];
}

SyntheticAccessibility synthetic_accessibility(const chem::MorganCounts& fragments,
                                               const chem::Complexity& complexity,
                                               const FragmentTable& table) {
  double sum = 0, known = 0;
  int total = 0;
  for (const auto& [fragment, count] : fragments) {
    const auto contribution = table.contribution(fragment);
    sum += count * contribution.value_or(unseen_fragment);
    known += contribution ? count : 0;
    total += count;
  }
  if (total == 0) throw MoleculeError("a molecule without atoms has no synthetic accessibility");
  const double raw = raw_score(sum / total, static_cast<int>(fragments.size()), complexity);
  return {on_scale_of_ten(raw), known / total};
}

SyntheticAccessibility synthetic_accessibility(const chem::Molecule& molecule, const FragmentTable& table) {
  return synthetic_accessibility(chem::morgan_counts(molecule, 2), chem::complexity(molecule), table);
}

}  // namespace theriac::scoring
