#include "chem/bulk_similarity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "chem/error.hpp"

#if defined(__x86_64__) && defined(__GNUC__)
#define THERIAC_X86_KERNELS
#endif

namespace theriac::chem {
namespace {

constexpr std::size_t lanes = 8;
constexpr std::size_t chunk_blocks = 32;
constexpr std::size_t chunk = chunk_blocks * lanes;
constexpr std::size_t nobody = static_cast<std::size_t>(-1);

/// Bits that the query shares with each member of `block_count` blocks of eight.
inline __attribute__((always_inline)) void common_bits_body(const std::uint64_t* query,
                                                            const std::uint64_t* blocks, std::size_t words,
                                                            std::size_t block_count, std::int32_t* out) {
  for (std::size_t block = 0; block < block_count; ++block, blocks += words * lanes, out += lanes) {
    std::uint64_t sum[lanes] = {};
    for (std::size_t w = 0; w < words; ++w)
      for (std::size_t l = 0; l < lanes; ++l)
        sum[l] += static_cast<std::uint64_t>(__builtin_popcountll(query[w] & blocks[w * lanes + l]));
    for (std::size_t l = 0; l < lanes; ++l) out[l] = static_cast<std::int32_t>(sum[l]);
  }
}

/// Is any common / (query + count - common) greater than best / best_either? In whole numbers, so exactly.
inline __attribute__((always_inline)) bool any_better_body(const std::int32_t* common,
                                                           const std::int32_t* counts, std::size_t n,
                                                           std::int32_t query, std::int32_t best,
                                                           std::int32_t best_either) {
  std::int32_t found = 0;
  for (std::size_t i = 0; i < n; ++i)
    found |= common[i] * best_either > best * (query + counts[i] - common[i]);
  return found != 0;
}

/// The loops for one instruction set.
struct Kernel {
  void (*common_bits)(const std::uint64_t*, const std::uint64_t*, std::size_t, std::size_t, std::int32_t*);
  bool (*any_better)(const std::int32_t*, const std::int32_t*, std::size_t, std::int32_t, std::int32_t,
                     std::int32_t);
};

// One copy per instruction set. (target_clones would ask for the very processor, not for what it can do.)
#define THERIAC_KERNEL(name, attributes)                                                                   \
  attributes void common_bits_##name(const std::uint64_t* query, const std::uint64_t* blocks,              \
                                     std::size_t words, std::size_t block_count, std::int32_t* out) {      \
    common_bits_body(query, blocks, words, block_count, out);                                              \
  }                                                                                                        \
  attributes bool any_better_##name(const std::int32_t* common, const std::int32_t* counts, std::size_t n, \
                                    std::int32_t query, std::int32_t best, std::int32_t best_either) {     \
    return any_better_body(common, counts, n, query, best, best_either);                                   \
  }                                                                                                        \
  constexpr Kernel kernel_##name{common_bits_##name, any_better_##name};

THERIAC_KERNEL(plain, )
#ifdef THERIAC_X86_KERNELS
THERIAC_KERNEL(avx2, __attribute__((target("avx2,popcnt"))))
THERIAC_KERNEL(avx512,
               __attribute__((target("avx512f,avx512vl,avx512bw,avx512vpopcntdq,prefer-vector-width=512"))))
#endif

const Kernel& chosen_kernel() {
#ifdef THERIAC_X86_KERNELS
  if (__builtin_cpu_supports("avx512vpopcntdq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw"))
    return kernel_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt")) return kernel_avx2;
#endif
  return kernel_plain;
}

const Kernel& kernel() {
  static const Kernel& chosen = chosen_kernel();
  return chosen;
}

double ratio(std::int32_t common, std::int32_t either) {
  return either == 0 ? 1.0 : static_cast<double>(common) / either;
}

}  // namespace

BulkSimilarity::BulkSimilarity(const FingerprintSet& members)
    : size_(members.size()), words_(members.bits() / 64) {
  const std::size_t block_count = (size_ + lanes - 1) / lanes;
  blocks_.assign(block_count * words_ * lanes, 0);
  counts_.assign(block_count * lanes, 0);
  for (std::size_t m = 0; m < size_; ++m) {
    for (std::size_t w = 0; w < words_; ++w)
      blocks_[((m / lanes) * words_ + w) * lanes + m % lanes] = members.row(m)[w];
    counts_[m] = members.count(m);
  }
}

void BulkSimilarity::check(const FingerprintSet& queries) const {
  if (queries.bits() != 64 * words_)
    throw UsageError(
        fmt::format("cannot compare fingerprints of {} and {} bits", queries.bits(), 64 * words_));
}

/// Two fingerprints without a bit are equal.
bool BulkSimilarity::empty_member(std::size_t skip) const {
  for (std::size_t m = 0; m < size_; ++m)
    if (counts_[m] == 0 && m != skip) return true;
  return false;
}

/// Members in the outer loop: a chunk of them stays in the cache while all queries pass by.
std::vector<double> BulkSimilarity::largest(const FingerprintSet& queries, RowRange range,
                                            bool skip_self) const {
  struct Best {
    std::int32_t common = -1, either = 1;
  };
  std::vector<Best> best(range.end - range.begin);
  std::array<std::int32_t, chunk> common;
  for (std::size_t first = 0; first < size_; first += chunk) {
    const std::size_t n = std::min(chunk, size_ - first);
    for (std::size_t q = range.begin; q < range.end; ++q) {
      Best& so_far = best[q - range.begin];
      const std::int32_t bits = queries.count(q);
      kernel().common_bits(queries.row(q), blocks_.data() + first * words_, words_, (n + lanes - 1) / lanes,
                           common.data());
      if (!kernel().any_better(common.data(), counts_.data() + first, n, bits, so_far.common, so_far.either))
        continue;
      for (std::size_t i = 0; i < n; ++i) {
        const std::int32_t either = bits + counts_[first + i] - common[i];
        if (common[i] * so_far.either <= so_far.common * either || (skip_self && first + i == q)) continue;
        so_far = {common[i], either};
      }
    }
  }
  std::vector<double> out;
  for (std::size_t q = range.begin; q < range.end; ++q) {
    const Best& found = best[q - range.begin];
    if (queries.count(q) == 0)
      out.push_back(empty_member(skip_self ? q : nobody) ? 1.0 : 0.0);
    else
      out.push_back(found.common < 0 ? 0.0 : ratio(found.common, found.either));
  }
  return out;
}

std::vector<double> BulkSimilarity::nearest(const FingerprintSet& queries, RowRange range) const {
  check(queries);
  if (size_ == 0) throw UsageError("the nearest neighbour in an empty set of fingerprints was asked for");
  return largest(queries, range, false);
}

std::vector<double> BulkSimilarity::nearest_other(const FingerprintSet& members, RowRange range) const {
  check(members);
  return largest(members, range, true);
}

std::vector<BulkSimilarity::Sums> BulkSimilarity::sums(const FingerprintSet& queries, RowRange range) const {
  check(queries);
  std::array<std::int32_t, chunk> common;
  std::vector<Sums> out(range.end - range.begin);
  for (std::size_t first = 0; first < size_; first += chunk) {
    const std::size_t n = std::min(chunk, size_ - first);
    for (std::size_t q = range.begin; q < range.end; ++q) {
      kernel().common_bits(queries.row(q), blocks_.data() + first * words_, words_, (n + lanes - 1) / lanes,
                           common.data());
      Sums& sums = out[q - range.begin];
      for (std::size_t i = 0; i < n; ++i) {
        const double similarity = ratio(common[i], queries.count(q) + counts_[first + i] - common[i]);
        sums.similarity += similarity;
        sums.squared += similarity * similarity;
      }
    }
  }
  return out;
}

}  // namespace theriac::chem
