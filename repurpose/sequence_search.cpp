#include "repurpose/sequence_search.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>

namespace theriac::repurpose {
namespace {

using datasets::EntityKind;
using datasets::Store;

constexpr int gap_open = 11, gap_extend = 1;
constexpr std::size_t word_length = 4;
constexpr std::size_t aligned_at_most = 24;  // targets that share most words
constexpr std::string_view residues_in_order = "ARNDCQEGHILKMFPSTWYV";

/// BLOSUM62: S. Henikoff, J. G. Henikoff, Proc. Natl. Acad. Sci. USA 89, 10915 (1992).
constexpr std::array<std::array<signed char, 20>, 20> blosum62 = {{
    {4, -1, -2, -2, 0, -1, -1, 0, -2, -1, -1, -1, -1, -2, -1, 1, 0, -3, -2, 0},
    {-1, 5, 0, -2, -3, 1, 0, -2, 0, -3, -2, 2, -1, -3, -2, -1, -1, -3, -2, -3},
    {-2, 0, 6, 1, -3, 0, 0, 0, 1, -3, -3, 0, -2, -3, -2, 1, 0, -4, -2, -3},
    {-2, -2, 1, 6, -3, 0, 2, -1, -1, -3, -4, -1, -3, -3, -1, 0, -1, -4, -3, -3},
    {0, -3, -3, -3, 9, -3, -4, -3, -3, -1, -1, -3, -1, -2, -3, -1, -1, -2, -2, -1},
    {-1, 1, 0, 0, -3, 5, 2, -2, 0, -3, -2, 1, 0, -3, -1, 0, -1, -2, -1, -2},
    {-1, 0, 0, 2, -4, 2, 5, -2, 0, -3, -3, 1, -2, -3, -1, 0, -1, -3, -2, -2},
    {0, -2, 0, -1, -3, -2, -2, 6, -2, -4, -4, -2, -3, -3, -2, 0, -2, -2, -3, -3},
    {-2, 0, 1, -1, -3, 0, 0, -2, 8, -3, -3, -1, -2, -1, -2, -1, -2, -2, 2, -3},
    {-1, -3, -3, -3, -1, -3, -3, -4, -3, 4, 2, -3, 1, 0, -3, -2, -1, -3, -1, 3},
    {-1, -2, -3, -4, -1, -2, -3, -4, -3, 2, 4, -2, 2, 0, -3, -2, -1, -2, -1, 1},
    {-1, 2, 0, -1, -3, 1, 1, -2, -1, -3, -2, 5, -1, -3, -1, 0, -1, -3, -2, -2},
    {-1, -1, -2, -3, -1, 0, -2, -3, -2, 1, 2, -1, 5, 0, -2, -1, -1, -1, -1, 1},
    {-2, -3, -3, -3, -2, -3, -3, -3, -1, 0, 0, -3, 0, 6, -4, -2, -2, 1, 3, -1},
    {-1, -2, -2, -1, -3, -1, -1, -2, -2, -3, -3, -1, -2, -4, 7, -1, -1, -4, -3, -2},
    {1, -1, 1, 0, -1, 0, 0, 0, -1, -2, -2, 0, -1, -2, -1, 4, 1, -3, -2, -2},
    {0, -1, 0, -1, -1, -1, -1, -2, -2, -1, -1, -1, -1, -2, -1, 1, 5, -2, -2, 0},
    {-3, -3, -4, -4, -2, -2, -3, -2, -2, -3, -2, -3, -1, 1, -4, -3, -2, 11, 2, -3},
    {-2, -2, -2, -3, -2, -1, -2, -3, 2, -1, -1, -2, -1, 3, -3, -2, -2, 2, 7, -1},
    {0, -3, -3, -3, -1, -2, -2, -3, -3, 3, 1, -2, 1, -1, -2, -2, 0, -3, -1, 4},
}};

/// Place in BLOSUM62; -1 for anything else.
int residue_index(char letter) {
  const auto at = residues_in_order.find(letter);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

int pair_score(char a, char b) {
  const int i = residue_index(a), j = residue_index(b);
  return i < 0 || j < 0 ? -1 : blosum62[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
}

/// An alignment that ends at a cell: its score, and what it holds so far.
struct Ending {
  int score = 0, identical = 0, length = 0;
};

Ending extended(const Ending& from, int score, int identical) {
  return {from.score + score, from.identical + identical, from.length + 1};
}

const Ending& better(const Ending& a, const Ending& b) {
  return b.score > a.score ? b : a;
}

using Words = std::unordered_map<std::string_view, int>;

Words words_of(std::string_view residues) {
  Words words;
  for (std::size_t i = 0; i + word_length <= residues.size(); ++i) ++words[residues.substr(i, word_length)];
  return words;
}

int shared_words(const Words& words, std::string_view residues) {
  Words left = words;
  int shared = 0;
  for (std::size_t i = 0; i + word_length <= residues.size(); ++i) {
    const auto at = left.find(residues.substr(i, word_length));
    if (at == left.end() || at->second == 0) continue;
    --at->second;
    ++shared;
  }
  return shared;
}

}  // namespace

Alignment local_alignment(const std::string& a, const std::string& b) {
  const int nothing = -1000000;
  std::vector<Ending> match(b.size() + 1), down(b.size() + 1, Ending{nothing, 0, 0});
  Ending best;
  for (const char residue : a) {
    Ending diagonal, right{nothing, 0, 0};
    for (std::size_t j = 1; j <= b.size(); ++j) {
      down[j] = better(extended(match[j], -gap_open - gap_extend, 0), extended(down[j], -gap_extend, 0));
      right = better(extended(match[j - 1], -gap_open - gap_extend, 0), extended(right, -gap_extend, 0));
      const bool equal = residue == b[j - 1] && residue_index(residue) >= 0;
      Ending here = extended(diagonal, pair_score(residue, b[j - 1]), equal ? 1 : 0);
      here = better(better(here, down[j]), right);
      if (here.score <= 0) here = {};
      diagonal = match[j];
      match[j] = here;
      best = better(best, here);
    }
  }
  return {best.score, best.identical, best.length};
}

std::vector<SimilarTarget> similar_targets(const Store& store, const std::string& residues,
                                           std::size_t count) {
  const auto& sequences = store.entities(EntityKind::target).text("sequence");
  const Words words = words_of(residues);
  std::vector<std::pair<int, std::uint32_t>> candidates;
  for (std::size_t i = 0; i < sequences.size(); ++i)
    if (const int shared = shared_words(words, sequences[i]); shared > 0)
      candidates.emplace_back(-shared, static_cast<std::uint32_t>(i));
  std::sort(candidates.begin(), candidates.end());
  if (candidates.size() > aligned_at_most) candidates.resize(aligned_at_most);
  std::vector<SimilarTarget> found;
  for (const auto& [shared, target] : candidates) {
    const Alignment alignment = local_alignment(residues, std::string(sequences[target]));
    found.push_back(
        {target, alignment,
         std::min(1.0, static_cast<double>(alignment.length) / static_cast<double>(residues.size()))});
  }
  std::stable_sort(found.begin(), found.end(), [](const SimilarTarget& x, const SimilarTarget& y) {
    return x.alignment.score > y.alignment.score;
  });
  if (found.size() > count) found.resize(count);
  return found;
}

}  // namespace theriac::repurpose
