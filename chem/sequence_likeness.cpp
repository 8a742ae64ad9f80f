#include "chem/sequence_likeness.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "chem/substitution_matrix.hpp"

namespace theriac::chem {
namespace {

constexpr int gap_open = 11, gap_extend = 1;
constexpr std::size_t lanes = SequenceSet::lanes;
constexpr int kinds = residue_kinds + 1;  // with the unknown one
constexpr std::uint8_t padding = kinds;   // behind the end of a shorter member
constexpr std::int16_t never = -16000;
constexpr int largest_16_bit_score = 32000;

typedef std::int16_t Lanes __attribute__((vector_size(2 * SequenceSet::lanes)));

/// Of one residue of the query: best score that ends here, and the same with a gap.
struct alignas(64) Cell {
  Lanes h, e;
};

inline __attribute__((always_inline)) void keep_larger(Lanes& a, const Lanes& b) {
  a = a > b ? a : b;
}

/// One query against the 32 members of a pack. H and E of the previous column stand in `column`, lane by
/// lane.
inline __attribute__((always_inline)) void pack_scores(const std::uint8_t* query, std::size_t length,
                                                       const std::uint8_t* residues, std::size_t positions,
                                                       const std::int16_t* matrix, Cell* column,
                                                       std::int16_t* best_of_lane) {
  const Lanes zero = {}, open = zero + std::int16_t{gap_open + gap_extend},
              extend = zero + std::int16_t{gap_extend};
  Lanes best = zero;
  Lanes substitution[kinds];
  for (std::size_t j = 0; j < positions; ++j) {
    for (int a = 0; a < kinds; ++a)
      for (std::size_t l = 0; l < lanes; ++l)
        substitution[a][l] = matrix[a * (kinds + 1) + residues[j * lanes + l]];
    Lanes diagonal = zero, gap = zero + never;
    for (std::size_t i = 0; i < length; ++i) {
      Lanes& h = column[i].h;
      Lanes& e = column[i].e;
      Lanes score = diagonal + substitution[query[i]];
      Lanes e_now = e;
      keep_larger(score, e_now);
      keep_larger(score, gap);
      keep_larger(score, zero);
      keep_larger(best, score);
      diagonal = h;
      h = score;
      const Lanes opened = score - open;
      e_now -= extend;
      keep_larger(e_now, opened);
      e = e_now;
      gap -= extend;
      keep_larger(gap, opened);
    }
  }
  for (std::size_t l = 0; l < lanes; ++l) best_of_lane[l] = best[l];
}

using PackScores = void (*)(const std::uint8_t*, std::size_t, const std::uint8_t*, std::size_t,
                            const std::int16_t*, Cell*, std::int16_t*);
#define THERIAC_PACK_SCORES(name, attributes)                                                          \
  attributes void pack_scores_##name(const std::uint8_t* q, std::size_t n, const std::uint8_t* r,      \
                                     std::size_t m, const std::int16_t* s, Cell* c, std::int16_t* b) { \
    pack_scores(q, n, r, m, s, c, b);                                                                  \
  }
THERIAC_PACK_SCORES(plain, )
#if defined(__x86_64__) && defined(__GNUC__)
THERIAC_PACK_SCORES(avx2, __attribute__((target("avx2"))))
THERIAC_PACK_SCORES(avx512, __attribute__((target("avx512f,avx512vl,avx512bw,prefer-vector-width=512"))))
#endif

PackScores widest() {
#if defined(__x86_64__) && defined(__GNUC__)
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) return pack_scores_avx512;
  if (__builtin_cpu_supports("avx2")) return pack_scores_avx2;
#endif
  return pack_scores_plain;
}

/// Rows of residues, a column more for padding.
std::vector<std::int16_t> score_table() {
  std::vector<std::int16_t> out(static_cast<std::size_t>(kinds) * (kinds + 1), never);
  for (int a = 0; a < kinds; ++a)
    for (int b = 0; b < kinds; ++b)
      out[static_cast<std::size_t>(a * (kinds + 1) + b)] =
          static_cast<std::int16_t>(blosum62(static_cast<std::uint8_t>(a), static_cast<std::uint8_t>(b)));
  return out;
}

}  // namespace

int self_alignment_score(const std::string& sequence) {
  int sum = 0;
  for (const std::uint8_t r : residue_codes(sequence))
    if (r < unknown_residue) sum += blosum62(r, r);
  return sum;
}

int local_alignment_score(const std::string& a, const std::string& b) {
  const auto x = residue_codes(a), y = residue_codes(b);
  std::vector<int> h(x.size(), 0), e(x.size(), never);
  int best = 0;
  for (const std::uint8_t residue : y) {
    int diagonal = 0, gap = never;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const int score = std::max({0, diagonal + blosum62(x[i], residue), e[i], gap});
      best = std::max(best, score);
      diagonal = h[i];
      h[i] = score;
      e[i] = std::max(e[i] - gap_extend, score - gap_open - gap_extend);
      gap = std::max(gap - gap_extend, score - gap_open - gap_extend);
    }
  }
  return best;
}

SequenceSet::SequenceSet(const std::vector<std::string>& sequences) : sequences_(sequences) {
  for (const auto& sequence : sequences) self_.push_back(self_alignment_score(sequence));
  std::vector<std::size_t> order(sequences.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return sequences[a].size() < sequences[b].size(); });
  pack_of_.resize(sequences.size());
  for (std::size_t first = 0; first < order.size(); first += lanes) {
    Pack pack;
    const std::size_t last = std::min(order.size(), first + lanes);
    pack.members.assign(order.begin() + static_cast<std::ptrdiff_t>(first),
                        order.begin() + static_cast<std::ptrdiff_t>(last));
    pack.residues.assign(sequences[pack.members.back()].size() * lanes, padding);
    for (std::size_t l = 0; l < pack.members.size(); ++l) {
      const auto codes = residue_codes(sequences[pack.members[l]]);
      for (std::size_t j = 0; j < codes.size(); ++j) pack.residues[j * lanes + l] = codes[j];
    }
    for (const std::size_t m : pack.members) pack_of_[m] = packs_.size();
    packs_.push_back(std::move(pack));
  }
}

std::vector<int> SequenceSet::scores(const std::string& query) const {
  return scores_from(query, 0);
}

std::vector<int> SequenceSet::scores_from(const std::string& query, std::size_t first_pack) const {
  static const auto matrix = score_table();
  static const PackScores kernel = widest();
  const auto codes = residue_codes(query);
  const int own = self_alignment_score(query);
  std::vector<int> out(size());
  for (std::size_t p = first_pack; p < packs_.size(); ++p) {
    const Pack& pack = packs_[p];
    alignas(64) std::int16_t best[lanes] = {};
    std::vector<Cell> column(codes.size(), Cell{Lanes{}, Lanes{} + never});
    kernel(codes.data(), codes.size(), pack.residues.data(), pack.residues.size() / lanes, matrix.data(),
           column.data(), best);
    for (std::size_t l = 0; l < pack.members.size(); ++l) {
      const std::size_t m = pack.members[l];
      out[m] = std::min(own, self_[m]) < largest_16_bit_score ? best[l]
                                                              : local_alignment_score(query, sequences_[m]);
    }
  }
  return out;
}

double SequenceSet::normalised(int score, double self_a, std::size_t b) const {
  return self_a > 0 && self_[b] > 0 ? std::min(1.0, score / std::sqrt(self_a * self_[b])) : 0;
}

std::vector<double> SequenceSet::likeness(const std::string& query) const {
  const auto found = scores(query);
  const double own = self_alignment_score(query);
  std::vector<double> out(found.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    out[i] = query == sequences_[i] ? 1 : normalised(found[i], own, i);
  return out;
}

std::vector<std::pair<std::size_t, double>> SequenceSet::likeness_half(std::size_t member) const {
  const std::size_t own_pack = pack_of_[member];
  const auto found = scores_from(sequences_[member], own_pack);
  std::vector<std::pair<std::size_t, double>> out;
  for (std::size_t p = own_pack; p < packs_.size(); ++p)
    for (const std::size_t m : packs_[p].members)
      out.emplace_back(m, sequences_[m] == sequences_[member] ? 1 : normalised(found[m], self_[member], m));
  return out;
}

}  // namespace theriac::chem
