#include "chem/nearest_in_groups.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

#include "chem/error.hpp"

#if defined(__x86_64__) && defined(__GNUC__)
#define THERIAC_X86_KERNELS
#endif

namespace theriac::chem {
namespace {

constexpr int digits = 8;  ///< of a number of common bits
constexpr int most_bits = (1 << digits) - 1;

/// One bit of 512 members, as the compiler computes with it.
typedef std::uint64_t Lane __attribute__((vector_size(64), may_alias));

/// Adds two bits to a digit; what it carries to the next goes to `carry`.
inline __attribute__((always_inline)) void add_two(Lane& digit, const Lane& a, const Lane& b, Lane& carry) {
  const Lane either = digit ^ a;
  carry = (digit & a) | (either & b);
  digit = either ^ b;
}

/// 512 members of a row.
inline __attribute__((always_inline)) const Lane& block(const std::uint64_t* row, std::size_t k) {
  return reinterpret_cast<const Lane*>(row)[k];
}

/// For every member in how many of the rows it has its bit: digit d of block k at out[k * digits + d].
/// `row_count` is a multiple of eight.
inline __attribute__((always_inline)) void sum_rows_body(const std::uint64_t* const* rows,
                                                         std::size_t row_count, std::size_t blocks,
                                                         Lane* out) {
  for (std::size_t k = 0; k < blocks; ++k, out += digits) {
    Lane sum[digits] = {};
    for (const std::uint64_t* const* row = rows; row < rows + row_count; row += 8) {
      Lane two_a, two_b, four_a, four_b, carry;
      add_two(sum[0], block(row[0], k), block(row[1], k), two_a);
      add_two(sum[0], block(row[2], k), block(row[3], k), two_b);
      add_two(sum[1], two_a, two_b, four_a);
      add_two(sum[0], block(row[4], k), block(row[5], k), two_a);
      add_two(sum[0], block(row[6], k), block(row[7], k), two_b);
      add_two(sum[1], two_a, two_b, four_b);
      add_two(sum[2], four_a, four_b, carry);
      for (int d = 3; d < digits; ++d) {
        const Lane next = sum[d] & carry;
        sum[d] ^= carry;
        carry = next;
      }
    }
    for (int d = 0; d < digits; ++d) out[d] = sum[d];
  }
}

/// Those of 512 members whose number is at least `least`; whether there is any.
inline __attribute__((always_inline)) bool at_least_body(const Lane* sum, int least, const Lane* among,
                                                         std::uint64_t* out) {
  Lane enough = *among;
  // a number is at least another when, from the highest digit where they differ, its digit is 1
  Lane reached = ~Lane{};
  for (int d = 0; d < digits; ++d) reached = least >> d & 1 ? reached & sum[d] : reached | sum[d];
  enough &= reached;
  std::uint64_t any = 0;
  for (int w = 0; w < 8; ++w) any |= out[w] = enough[w];
  return any != 0;
}

/// The loops for one instruction set.
struct Kernel {
  void (*sum_rows)(const std::uint64_t* const*, std::size_t, std::size_t, Lane*);
  bool (*at_least)(const Lane*, int, const Lane*, std::uint64_t*);
};

#define THERIAC_KERNEL(name, attributes)                                                               \
  attributes void sum_rows_##name(const std::uint64_t* const* rows, std::size_t row_count,             \
                                  std::size_t blocks, Lane* out) {                                     \
    sum_rows_body(rows, row_count, blocks, out);                                                       \
  }                                                                                                    \
  attributes bool at_least_##name(const Lane* sum, int least, const Lane* among, std::uint64_t* out) { \
    return at_least_body(sum, least, among, out);                                                      \
  }                                                                                                    \
  constexpr Kernel kernel_##name{sum_rows_##name, at_least_##name};

THERIAC_KERNEL(plain, )
#ifdef THERIAC_X86_KERNELS
THERIAC_KERNEL(avx2, __attribute__((target("avx2"))))
THERIAC_KERNEL(avx512, __attribute__((target("avx512f,prefer-vector-width=512"))))
#endif

const Kernel& chosen_kernel() {
#ifdef THERIAC_X86_KERNELS
  if (__builtin_cpu_supports("avx512f")) return kernel_avx512;
  if (__builtin_cpu_supports("avx2")) return kernel_avx2;
#endif
  return kernel_plain;
}

const Kernel& kernel() {
  static const Kernel& chosen = chosen_kernel();
  return chosen;
}

/// Similarities, in percent, down to which members are looked at in turn.
constexpr std::array levels = {60, 50, 42, 36, 31, 27, 23, 20, 17, 14, 11, 8, 5, 0};

}  // namespace

/// For one query, whose common bits with all members are counted.
class NearestInGroups::Search {
 public:
  Search(const NearestInGroups& set, int bits, const std::vector<Words>& sums)
      : set_(set), bits_(bits), sums_(sums), found_(set.groups_.size()), open_(set.groups_.size()) {
    std::iota(open_.begin(), open_.end(), 0u);
  }

  std::vector<Found> run() && {
    for (const int level : levels) {
      const bool few = 4 * open_.size() < set_.groups_.size();
      if (few) gather();
      for (std::size_t k = 0; k < set_.blocks_; ++k) look(k, level, few ? among_[k] : set_.in_any_group_[k]);
      const auto settled = [&](std::uint32_t group) {
        return found_[group].similarity * 100 >= static_cast<float>(level) + 0.001f || level == 0;
      };
      open_.erase(std::remove_if(open_.begin(), open_.end(), settled), open_.end());
      if (open_.empty()) break;
    }
    return std::move(found_);
  }

 private:
  /// The members of groups that still miss theirs.
  void gather() {
    among_.assign(set_.blocks_, {});
    for (const auto group : open_) {
      const Words* row = set_.group_bits_.data() + group * set_.blocks_;
      for (std::size_t k = 0; k < set_.blocks_; ++k)
        for (std::size_t w = 0; w < block_words; ++w) among_[k].of[w] |= row[k].of[w];
    }
  }

  void look(std::size_t block, int level, const Words& among) {
    const std::size_t first = block * block_members;
    const int fewest = set_.counts_[first];
    const int most = set_.counts_[std::min(first + block_members, set_.counts_.size()) - 1];
    // common / (bits + count - common) >= level / 100, of the fewest bits
    const int least = (level * (bits_ + fewest) + 99 + level) / (100 + level);
    if (least > std::min(bits_, most)) return;
    std::uint64_t enough[block_words];
    const Words* sum = sums_.data() + block * digits;
    if (!kernel().at_least(reinterpret_cast<const Lane*>(sum), least, reinterpret_cast<const Lane*>(&among),
                           enough))
      return;
    for (std::size_t w = 0; w < block_words; ++w)
      for (std::uint64_t rest = enough[w]; rest; rest &= rest - 1) {
        const int bit = __builtin_ctzll(rest);
        int common = 0;
        for (int d = 0; d < digits; ++d) common |= static_cast<int>(sum[d].of[w] >> bit & 1) << d;
        take(first + 64 * w + static_cast<std::size_t>(bit), common);
      }
  }

  void take(std::size_t place, int common) {
    const int either = bits_ + set_.counts_[place] - common;
    const float similarity = static_cast<float>(common) / static_cast<float>(either);
    const std::uint32_t member = set_.order_[place];
    for (auto g = set_.first_group_[place]; g < set_.first_group_[place + 1]; ++g) {
      Found& best = found_[set_.groups_of_[g]];
      if (similarity > best.similarity || (similarity == best.similarity && member < best.member))
        best = {member, similarity};
    }
  }

  const NearestInGroups& set_;
  const int bits_;
  const std::vector<Words>& sums_;  ///< digit d of block k at k * digits + d
  std::vector<Found> found_;
  std::vector<std::uint32_t> open_;  ///< groups that may have a nearer member than the one found
  std::vector<Words> among_;
};

NearestInGroups::NearestInGroups(const FingerprintSet& members, std::vector<const Group*> groups)
    : members_(members), groups_(std::move(groups)) {
  if (groups_.size() > std::numeric_limits<std::uint16_t>::max())
    throw UsageError(fmt::format("{} groups are too many", groups_.size()));
  for (const auto* group : groups_)
    if (group->empty()) throw UsageError("the nearest of no fingerprints was asked for");
  order_members();
  turn();
  index_groups();
}

void NearestInGroups::order_members() {
  order_.resize(members_.size());
  std::iota(order_.begin(), order_.end(), 0u);
  std::stable_sort(order_.begin(), order_.end(),
                   [&](auto a, auto b) { return members_.count(a) < members_.count(b); });
  for (const auto member : order_) counts_.push_back(members_.count(member));
  blocks_ = (order_.size() + block_members - 1) / block_members;
}

void NearestInGroups::turn() {
  bits_.resize((members_.bits() + 1) * blocks_);
  for (std::size_t place = 0; place < order_.size(); ++place) {
    const std::uint64_t* row = members_.row(order_[place]);
    const std::size_t block = place / block_members, word = place % block_members / 64;
    const std::uint64_t here = std::uint64_t{1} << place % 64;
    for (std::size_t w = 0; w < members_.bits() / 64; ++w)
      for (std::uint64_t rest = row[w]; rest; rest &= rest - 1) {
        const std::size_t bit = 64 * w + static_cast<std::size_t>(__builtin_ctzll(rest));
        bits_[bit * blocks_ + block].of[word] |= here;
      }
  }
}

void NearestInGroups::index_groups() {
  std::vector<std::uint32_t> place_of(order_.size());
  for (std::size_t place = 0; place < order_.size(); ++place)
    place_of[order_[place]] = static_cast<std::uint32_t>(place);
  group_bits_.resize(groups_.size() * blocks_);
  in_any_group_.resize(blocks_);
  first_group_.assign(order_.size() + 1, 0);
  for (const auto* group : groups_)
    for (const auto member : *group) ++first_group_[place_of.at(member) + 1];
  std::partial_sum(first_group_.begin(), first_group_.end(), first_group_.begin());
  groups_of_.resize(first_group_.back());
  std::vector<std::uint32_t> next(first_group_.begin(), first_group_.end() - 1);
  for (std::size_t g = 0; g < groups_.size(); ++g)
    for (const auto member : *groups_[g]) {
      const std::size_t place = place_of[member], block = place / block_members;
      const std::uint64_t here = std::uint64_t{1} << place % 64;
      groups_of_[next[place]++] = static_cast<std::uint16_t>(g);
      group_bits_[g * blocks_ + block].of[place % block_members / 64] |= here;
      in_any_group_[block].of[place % block_members / 64] |= here;
    }
}

std::vector<NearestInGroups::Found> NearestInGroups::nearest(const Fingerprint& query) const {
  if (query.bits() != members_.bits())
    throw UsageError(
        fmt::format("cannot compare fingerprints of {} and {} bits", query.bits(), members_.bits()));
  const int bits = query.count();
  if (bits == 0 || bits > most_bits) return one_by_one(query);
  std::vector<const std::uint64_t*> rows;
  const auto add_row = [&](std::size_t bit) { rows.push_back(bits_[bit * blocks_].of); };
  for (std::size_t bit = 0; bit < members_.bits(); ++bit)
    if (query.words[bit / 64] >> bit % 64 & 1) add_row(bit);
  while (rows.size() % 8) add_row(members_.bits());
  std::vector<Words> sums(blocks_ * digits);
  kernel().sum_rows(rows.data(), rows.size(), blocks_, reinterpret_cast<Lane*>(sums.data()));
  return Search(*this, bits, sums).run();
}

/// For queries whose common bits do not fit into the digits, or that have none.
std::vector<NearestInGroups::Found> NearestInGroups::one_by_one(const Fingerprint& query) const {
  std::vector<Found> out;
  for (const auto* group : groups_) {
    const auto found = members_.nearest_among(query, *group);
    out.push_back({static_cast<std::uint32_t>(found.index), static_cast<float>(found.similarity)});
  }
  return out;
}

}  // namespace theriac::chem
