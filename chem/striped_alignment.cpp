#include "chem/striped_alignment.hpp"

#include <algorithm>
#include <cstring>

namespace theriac::chem {
namespace {

constexpr std::int16_t open_cost = 12, extend_cost = 1;  // of the first residue of a gap, and of each more
constexpr std::int16_t far_below = -10000;

template <int Lanes>
struct Lane {
  typedef std::int16_t Vector __attribute__((vector_size(2 * Lanes)));
  typedef std::int8_t Bytes __attribute__((vector_size(Lanes)));
};

// Memory is read and written by memcpy: a vector of the standard library is not aligned as registers are.
template <class Vector, class Cell>
[[gnu::always_inline]] inline void load(Vector& v, const Cell* from) {
  std::memcpy(&v, from, sizeof(Vector));
}
template <class Vector, class Cell>
[[gnu::always_inline]] inline void store(const Vector& v, Cell* to) {
  std::memcpy(to, &v, sizeof(Vector));
}

/// Each lane from the one before; `first` enters at the front.
template <int Lanes, class Vector, class Cell>
[[gnu::always_inline]] inline void shift_lanes(Vector& v, Cell first) {
  alignas(64) Cell cells[Lanes + 1];
  cells[0] = first;
  std::memcpy(cells + 1, &v, sizeof(Vector));
  std::memcpy(&v, cells, sizeof(Vector));
}

template <int Lanes, class Vector>
[[gnu::always_inline]] inline bool any(const Vector& mask) {
  std::int64_t words[Lanes / 4];
  std::memcpy(words, &mask, sizeof(words));
  std::int64_t joined = 0;
  for (const std::int64_t word : words) joined |= word;
  return joined != 0;
}

template <int Lanes>
[[gnu::always_inline]] inline int gapless_row_by_row(const std::int8_t* scores, std::size_t stripes,
                                                     const std::uint8_t* residues, std::size_t count,
                                                     std::int8_t* cells) {
  using Vector = typename Lane<Lanes>::Bytes;
  const Vector zero = {};
  const Vector limit = zero + static_cast<std::int8_t>(gapless_limit);
  Vector best = zero, before, cell, score, old;
  for (std::size_t j = 0; j < count; ++j) {
    const std::int8_t* const of_residue = scores + residues[j] * stripes * Lanes;
    load(before, cells + (stripes - 1) * Lanes);
    shift_lanes<Lanes>(before, std::int8_t{0});
    for (std::size_t s = 0; s < stripes; ++s) {
      load(score, of_residue + s * Lanes);
      load(old, cells + s * Lanes);
      cell = before + score;
      before = old;
      cell = cell > zero ? cell : zero;
      cell = cell < limit ? cell : limit;
      best = cell > best ? cell : best;
      store(cell, cells + s * Lanes);
    }
  }
  int out = 0;
  for (int lane = 0; lane < Lanes; ++lane) out = std::max<int>(out, best[lane]);
  return out;
}

template <int Lanes>
[[gnu::always_inline]] inline AlignmentCorner gapped_row_by_row(const std::int16_t* scores,
                                                                std::size_t stripes,
                                                                const std::uint8_t* residues,
                                                                std::size_t count, std::int16_t* cells,
                                                                std::int16_t* gaps) {
  using Vector = typename Lane<Lanes>::Vector;
  const Vector zero = {};
  const Vector limit = zero + static_cast<std::int16_t>(striped_limit);
  const Vector open = zero + open_cost, extend = zero + extend_cost;
  Vector before, cell, score, old, gap;
  AlignmentCorner end;
  for (std::size_t j = 0; j < count; ++j) {
    const std::int16_t* const of_residue = scores + residues[j] * stripes * Lanes;
    load(before, cells + (stripes - 1) * Lanes);
    shift_lanes<Lanes>(before, std::int16_t{0});
    Vector down = zero + far_below, best = zero;
    for (std::size_t s = 0; s < stripes; ++s) {
      load(score, of_residue + s * Lanes);
      load(old, cells + s * Lanes);
      load(gap, gaps + s * Lanes);
      cell = before + score;
      before = old;
      cell = cell > gap ? cell : gap;
      cell = cell > down ? cell : down;
      cell = cell > zero ? cell : zero;
      cell = cell < limit ? cell : limit;
      best = cell > best ? cell : best;
      store(cell, cells + s * Lanes);
      const Vector opened = cell - open;
      gap = gap - extend;
      gap = gap > opened ? gap : opened;
      store(gap, gaps + s * Lanes);
      down = down - extend;
      down = down > opened ? down : opened;
    }
    // a gap along the query that runs over into the next lane: rare, so looked for until it no longer pays
    for (int lane = 0; lane < Lanes; ++lane) {
      shift_lanes<Lanes>(down, far_below);
      bool pays = true;
      for (std::size_t s = 0; s < stripes && pays; ++s) {
        load(cell, cells + s * Lanes);
        load(gap, gaps + s * Lanes);
        cell = cell > down ? cell : down;
        best = cell > best ? cell : best;
        store(cell, cells + s * Lanes);
        const Vector opened = cell - open;
        gap = gap > opened ? gap : opened;
        store(gap, gaps + s * Lanes);
        down = down - extend;
        pays = any<Lanes>(down > opened && down > zero);
      }
      if (!pays) break;
    }
    if (any<Lanes>(best > zero + static_cast<std::int16_t>(end.score)))
      for (std::size_t s = 0; s < stripes; ++s)
        for (int lane = 0; lane < Lanes; ++lane) {
          const std::size_t position = static_cast<std::size_t>(lane) * stripes + s;
          const int reached = cells[s * Lanes + static_cast<std::size_t>(lane)];
          if (reached > end.score || (reached == end.score && end.residue == j && position < end.position))
            end = {reached, position, j};
        }
  }
  return end;
}

using GaplessKernel = int (*)(const std::int8_t*, std::size_t, const std::uint8_t*, std::size_t,
                              std::int8_t*);
using GappedKernel = AlignmentCorner (*)(const std::int16_t*, std::size_t, const std::uint8_t*, std::size_t,
                                         std::int16_t*, std::int16_t*);

struct Kernels {
  std::size_t gapless_lanes, gapped_lanes;
  GaplessKernel gapless;
  GappedKernel gapped;
};

int gapless_plain(const std::int8_t* s, std::size_t n, const std::uint8_t* r, std::size_t c, std::int8_t* m) {
  return gapless_row_by_row<16>(s, n, r, c, m);
}
AlignmentCorner gapped_plain(const std::int16_t* s, std::size_t n, const std::uint8_t* r, std::size_t c,
                             std::int16_t* m, std::int16_t* g) {
  return gapped_row_by_row<8>(s, n, r, c, m, g);
}

#if defined(__x86_64__) && defined(__GNUC__)
[[gnu::target("avx2")]] int gapless_avx2(const std::int8_t* s, std::size_t n, const std::uint8_t* r,
                                         std::size_t c, std::int8_t* m) {
  return gapless_row_by_row<32>(s, n, r, c, m);
}
[[gnu::target("avx2")]] AlignmentCorner gapped_avx2(const std::int16_t* s, std::size_t n,
                                                    const std::uint8_t* r, std::size_t c, std::int16_t* m,
                                                    std::int16_t* g) {
  return gapped_row_by_row<16>(s, n, r, c, m, g);
}
[[gnu::target("avx512f,avx512bw,avx512vl,prefer-vector-width=512")]] int gapless_avx512(
    const std::int8_t* s, std::size_t n, const std::uint8_t* r, std::size_t c, std::int8_t* m) {
  return gapless_row_by_row<64>(s, n, r, c, m);
}
#endif

/// With gaps AVX-512 brings nothing more: a query fills few of its registers.
Kernels widest_kernels() {
#if defined(__x86_64__) && defined(__GNUC__)
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
    return {64, 16, gapless_avx512, gapped_avx2};
  if (__builtin_cpu_supports("avx2")) return {32, 16, gapless_avx2, gapped_avx2};
#endif
  return {16, 8, gapless_plain, gapped_plain};
}

const Kernels& kernels() {
  static const Kernels chosen = widest_kernels();
  return chosen;
}

}  // namespace

template <class Cell>
StripedScores::Stripes<Cell>::Stripes(const PositionScores& scores, std::size_t lanes) : width(lanes) {
  count = std::max<std::size_t>(1, (scores.length + lanes - 1) / lanes);
  values.assign(PositionScores::kinds * count * lanes, Cell{-100});  // beyond the query nothing matches
  for (std::size_t k = 0; k < PositionScores::kinds; ++k)
    for (std::size_t i = 0; i < scores.length; ++i)
      values[(k * count + i % count) * lanes + i / count] =
          static_cast<Cell>(std::clamp(scores.at(i, static_cast<std::uint8_t>(k)), -100, 27));
}

StripedScores::StripedScores(const PositionScores& scores)
    : gapless_(scores, kernels().gapless_lanes), gapped_(scores, kernels().gapped_lanes) {}

int StripedScores::gapless(const std::uint8_t* residues, std::size_t count, Rows& rows) const {
  rows.diagonals.assign(gapless_.count * gapless_.width, 0);
  return kernels().gapless(gapless_.values.data(), gapless_.count, residues, count, rows.diagonals.data());
}

AlignmentCorner StripedScores::gapped(const std::uint8_t* residues, std::size_t count, Rows& rows) const {
  rows.cells.assign(gapped_.count * gapped_.width, 0);
  rows.gaps.assign(gapped_.count * gapped_.width, far_below);
  return kernels().gapped(gapped_.values.data(), gapped_.count, residues, count, rows.cells.data(),
                          rows.gaps.data());
}

}  // namespace theriac::chem
