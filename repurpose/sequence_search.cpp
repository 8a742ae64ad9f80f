#include "repurpose/sequence_search.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace theriac::repurpose {
namespace {

using datasets::EntityKind;
using datasets::Store;

constexpr std::size_t word_length = 4;
constexpr std::size_t aligned_at_most = 24;  // targets that share most words
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
