#include "generative/residue_ngram.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "chem/error.hpp"

namespace theriac::generative {
namespace {

constexpr int most = 5;

/// Number 0..19 of a token, -1 for another letter.
int number_of(std::uint8_t token) {
  static const auto table = [] {
    std::array<int, 256> out{};
    out.fill(-1);
    const auto& twenty = protein_token::residues();
    for (int i = 0; i < 20; ++i) out[twenty[static_cast<std::size_t>(i)]] = i;
    return out;
  }();
  return table[token];
}

/// Calls use(history, residue) for each of the twenty in a record, with the history back to the last other
/// letter, at most `longest` residues.
template <typename Use>
void each_residue(const ProteinCorpus& corpus, std::size_t record, int longest, const Use& use) {
  std::vector<int> history;
  const std::uint8_t* tokens = corpus.begin_of(record);
  for (std::size_t i = 0; i < corpus.length_of(record); ++i) {
    const int residue = number_of(tokens[i]);
    if (residue < 0) {
      history.clear();
      continue;
    }
    use(history, residue);
    history.push_back(residue);
    if (static_cast<int>(history.size()) > longest) history.erase(history.begin());
  }
}

/// Place of the last n - 1 residues of the history, with `residue` 0 behind them.
std::size_t place_of(const std::vector<int>& history, int n) {
  std::size_t at = 0;
  for (std::size_t i = history.size() - static_cast<std::size_t>(n - 1); i < history.size(); ++i)
    at = at * 20 + static_cast<std::size_t>(history[i]);
  return at * 20;
}

}  // namespace

ResidueNgram::ResidueNgram(int order) : order_(order) {
  if (order < 1 || order > most)
    throw UsageError(fmt::format("n-grams of order {}: from 1 to {} are counted", order, most));
  std::size_t size = 1;
  for (int n = 1; n <= order; ++n) counts_.emplace_back(size *= 20, 0);
}

void ResidueNgram::add(const ProteinCorpus& corpus, std::size_t i) {
  each_residue(corpus, i, order_ - 1, [&](const std::vector<int>& history, int residue) {
    for (int n = 1; n <= order_ && n <= static_cast<int>(history.size()) + 1; ++n)
      ++counts_[static_cast<std::size_t>(n - 1)][place_of(history, n) + static_cast<std::size_t>(residue)];
  });
}

double ResidueNgram::probability(const std::vector<int>& history, int residue, int n) const {
  double p = 1 / 20.0;
  for (int k = 1; k <= n && k <= static_cast<int>(history.size()) + 1; ++k) {
    const std::uint32_t* count = counts_[static_cast<std::size_t>(k - 1)].data() + place_of(history, k);
    double all = 0, kinds = 0;
    for (int x = 0; x < 20; ++x) {
      all += count[x];
      kinds += count[x] > 0;
    }
    if (all > 0) p = (count[residue] + kinds * p) / (all + kinds);
  }
  return p;
}

double ResidueNgram::nats(const ProteinCorpus& corpus, std::size_t i, int n, std::int64_t& residues) const {
  double sum = 0;
  residues = 0;
  each_residue(corpus, i, order_ - 1, [&](const std::vector<int>& history, int residue) {
    sum -= std::log(probability(history, residue, n));
    ++residues;
  });
  return sum;
}

}  // namespace theriac::generative
