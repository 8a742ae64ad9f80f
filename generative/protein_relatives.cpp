#include "generative/protein_relatives.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string>

namespace theriac::generative {
namespace {

constexpr int word = 4;
constexpr std::uint32_t words = 20 * 20 * 20 * 20;
constexpr std::int64_t bin = 16;        // diagonals that are counted together, with those of the next bin
constexpr std::int64_t half_band = 40;  // of an alignment
constexpr std::size_t frequent = 400;   // a word in more places than this tells nothing
constexpr int match = 2, mismatch = -1, open = -3, extend = -1;

std::array<std::int8_t, 256> residue_numbers() {
  std::array<std::int8_t, 256> out;
  out.fill(-1);
  constexpr std::string_view twenty = "ACDEFGHIKLMNPQRSTVWY";
  for (std::size_t i = 0; i < twenty.size(); ++i)
    out[static_cast<unsigned char>(twenty[i])] = static_cast<std::int8_t>(i);
  return out;
}

/// Calls use(position, word) for each word of four of the twenty.
template <typename Use>
void each_word(std::string_view text, const Use& use) {
  static const auto numbers = residue_numbers();
  std::uint32_t value = 0;
  int whole = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int n = numbers[static_cast<unsigned char>(text[i])];
    whole = n < 0 ? 0 : whole + 1;
    value = (value * 20 + static_cast<std::uint32_t>(std::max(n, 0))) % words;
    if (whole >= word) use(static_cast<std::int64_t>(i) - word + 1, value);
  }
}

struct Place {
  std::uint32_t protein;
  std::int32_t position;
};

/// Where each word stands in the references.
class WordIndex {
 public:
  explicit WordIndex(const std::vector<std::string_view>& texts) : begin_(words + 1, 0) {
    for (const auto text : texts) each_word(text, [&](std::int64_t, std::uint32_t w) { ++begin_[w + 1]; });
    for (std::size_t w = 0; w < words; ++w) begin_[w + 1] += begin_[w];
    places_.resize(begin_.back());
    auto next = begin_;
    for (std::size_t p = 0; p < texts.size(); ++p)
      each_word(texts[p], [&](std::int64_t at, std::uint32_t w) {
        places_[next[w]++] = {static_cast<std::uint32_t>(p), static_cast<std::int32_t>(at)};
      });
  }
  const Place* begin(std::uint32_t w) const { return places_.data() + begin_[w]; }
  const Place* end(std::uint32_t w) const { return places_.data() + begin_[w + 1]; }

 private:
  std::vector<std::size_t> begin_;
  std::vector<Place> places_;
};

/// A shared word: reference and bin of its diagonal in one number that sorts.
std::uint64_t shared_word(std::uint32_t protein, std::int64_t diagonal) {
  return static_cast<std::uint64_t>(protein) << 32 |
         static_cast<std::uint32_t>((diagonal + (std::int64_t{1} << 24)) / bin);
}

struct Candidate {
  std::uint32_t protein;
  std::int64_t diagonal;
  std::size_t shared;
};

/// References that share enough words with `text` near one diagonal, the best diagonal of each.
std::vector<Candidate> prefiltered(const WordIndex& index, const std::vector<std::string_view>& references,
                                   std::string_view text, std::vector<std::uint64_t>& hits) {
  hits.clear();
  each_word(text, [&](std::int64_t at, std::uint32_t w) {
    if (static_cast<std::size_t>(index.end(w) - index.begin(w)) > frequent) return;
    for (const Place* p = index.begin(w); p != index.end(w); ++p)
      hits.push_back(shared_word(p->protein, p->position - at));
  });
  std::sort(hits.begin(), hits.end());
  std::vector<Candidate> out;
  for (std::size_t i = 0; i < hits.size();) {
    std::size_t same = i, near = i;
    while (same < hits.size() && hits[same] == hits[i]) ++same;
    near = same;
    while (near < hits.size() && hits[near] == hits[i] + 1) ++near;
    const auto protein = static_cast<std::uint32_t>(hits[i] >> 32);
    const std::size_t shared = near - i;
    const std::size_t shorter = std::min(text.size(), references[protein].size());
    const std::size_t enough = shorter < 50 ? 1 : shorter < 150 ? 2 : 3;
    const auto diagonal =
        static_cast<std::int64_t>(hits[i] & 0xffffffffu) * bin - (std::int64_t{1} << 24) + bin;
    if (shared >= enough) {
      if (out.empty() || out.back().protein != protein)
        out.push_back({protein, diagonal, shared});
      else if (shared > out.back().shared)
        out.back() = {protein, diagonal, shared};
    }
    i = same;
  }
  return out;
}

/// Best sum of a stretch without gaps on the diagonals within a bin of `diagonal`, cut at `enough`: cheap,
/// and nothing that is related lacks it.
int best_stretch(std::string_view a, std::string_view b, std::int64_t diagonal, int enough) {
  int best = 0;
  for (std::int64_t d = diagonal - bin; d <= diagonal + bin && best < enough; ++d) {
    const auto begin = std::max<std::int64_t>(0, -d);
    const auto end = std::min(static_cast<std::int64_t>(a.size()), static_cast<std::int64_t>(b.size()) - d);
    int sum = 0;
    for (std::int64_t i = begin; i < end; ++i) {
      sum += a[static_cast<std::size_t>(i)] == b[static_cast<std::size_t>(i + d)] ? match : mismatch;
      sum = std::max(sum, 0);
      best = std::max(best, sum);
    }
  }
  return best;
}

/// Of a relative at the very edge of the rule; gaps cut longer ones into stretches of at least 20.
int stretch_enough(std::size_t shorter) {
  return static_cast<int>(std::min(20.0, 0.2 * static_cast<double>(shorter)));
}

/// What an alignment that ends in a cell consists of.
struct Cell {
  int score = 0;
  std::int32_t equal = 0, columns = 0, first_a = 0, first_b = 0;
};

Cell stepped(Cell cell, int score, bool equal) {
  cell.score += score;
  cell.equal += equal;
  ++cell.columns;
  return cell;
}

}  // namespace

ProteinAlignment aligned(std::string_view a, std::string_view b, std::int64_t diagonal, std::int64_t band) {
  constexpr int never = std::numeric_limits<int>::min() / 2;
  const auto n = static_cast<std::int64_t>(a.size()), m = static_cast<std::int64_t>(b.size());
  // Row i of a, columns j of b; [j - low] with low = i + diagonal - band, so a diagonal step keeps the index.
  const auto width = static_cast<std::size_t>(2 * band + 1);
  Cell none;
  none.score = never;
  std::vector<Cell> best(width + 1, none), down(width + 1, none);  // of the row before, then of this one
  ProteinAlignment out;
  for (std::int64_t i = 0; i < n; ++i) {
    Cell across = none;
    for (std::size_t k = 0; k < width; ++k) {
      const std::int64_t j = i + diagonal - band + static_cast<std::int64_t>(k);
      if (j < 0 || j >= m) {
        best[k] = down[k] = none;
        across = none;
        continue;
      }
      const bool equal = a[static_cast<std::size_t>(i)] == b[static_cast<std::size_t>(j)];
      Cell start;
      start.first_a = static_cast<std::int32_t>(i);
      start.first_b = static_cast<std::int32_t>(j);
      // best[k] still holds cell (i - 1, j - 1), best[k + 1] and down[k + 1] hold (i - 1, j)
      Cell here = stepped(best[k].score > 0 ? best[k] : start, equal ? match : mismatch, equal);
      const Cell opened = stepped(best[k + 1], open + extend, false);
      const Cell longer = stepped(down[k + 1], extend, false);
      const Cell below = opened.score >= longer.score ? opened : longer;
      if (below.score > here.score) here = below;
      if (across.score > here.score) here = across;
      down[k] = below;
      best[k] = here;
      const Cell opened_across = stepped(here, open + extend, false);
      const Cell longer_across = stepped(across, extend, false);
      across = opened_across.score >= longer_across.score ? opened_across : longer_across;
      if (here.score > out.score)
        out = {here.score, here.equal, here.columns, here.first_a, i + 1, here.first_b, j + 1};
    }
  }
  return out;
}

std::vector<std::int32_t> relatives(const std::vector<std::string_view>& references,
                                    const std::vector<std::string_view>& candidates,
                                    const RelativeRule& rule) {
  const WordIndex index(references);
  std::vector<std::int32_t> out(candidates.size(), -1);
  tbb::parallel_for(std::size_t{0}, (candidates.size() + 255) / 256, [&](std::size_t block) {
    std::vector<std::uint64_t> hits;
    for (std::size_t c = block * 256; c < std::min(candidates.size(), (block + 1) * 256); ++c)
      for (const Candidate& candidate : prefiltered(index, references, candidates[c], hits)) {
        const auto a = candidates[c], b = references[candidate.protein];
        const int enough = stretch_enough(std::min(a.size(), b.size()));
        if (best_stretch(a, b, candidate.diagonal, enough) < enough) continue;
        const auto found = aligned(a, b, candidate.diagonal, half_band);
        const auto covered =
            a.size() <= b.size() ? found.last_a - found.first_a : found.last_b - found.first_b;
        const auto shorter = static_cast<double>(std::min(a.size(), b.size()));
        if (static_cast<double>(covered) < rule.coverage * shorter ||
            static_cast<double>(found.equal) < rule.identity * static_cast<double>(found.columns))
          continue;
        out[c] = static_cast<std::int32_t>(candidate.protein);
        break;
      }
  });
  return out;
}

}  // namespace theriac::generative
