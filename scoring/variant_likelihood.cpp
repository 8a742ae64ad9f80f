#include "scoring/variant_likelihood.hpp"

#include <algorithm>
#include <cmath>

#include "chem/error.hpp"
#include "chem/substitution_matrix.hpp"

namespace theriac::scoring {
namespace {

constexpr std::size_t block = 256;  // positions at a time

/// Adds log p of the twenty to `sums` from one reading direction: `body` as it is read, `place_of(i)` the
/// position in the sequence of its i-th residue.
template <class PlaceOf>
void add_direction(const ProteinLanguageModel& model, const std::vector<int>& body, int start,
                   PlaceOf place_of, std::vector<double>& sums) {
  const std::size_t limit =
      model.shape().longest_row > 1 ? static_cast<std::size_t>(model.shape().longest_row) - 1 : body.size();
  const auto& residues = model.tokens().residues();
  const auto columns = static_cast<std::size_t>(model.columns());
  for (std::size_t done = 0; done < body.size();) {
    // a later window begins half a window earlier, for context
    const std::size_t first = done == 0 ? 0 : done - limit / 2;
    const std::size_t last = std::min(body.size(), first + limit);
    TokenRow row{{start}, {}};
    row.tokens.insert(row.tokens.end(), body.begin() + static_cast<std::ptrdiff_t>(first),
                      body.begin() + static_cast<std::ptrdiff_t>(last - 1));
    std::vector<int> places;
    for (std::size_t i = done; i < last; ++i) places.push_back(static_cast<int>(i - first));
    const auto logits = model.logits_at({row}, {places});
    for (std::size_t i = done; i < last; ++i) {
      const float* const of_place = logits.data() + (i - done) * columns;
      double highest = -INFINITY, sum = 0;
      for (const int token : residues) highest = std::max(highest, static_cast<double>(of_place[token]));
      for (const int token : residues) sum += std::exp(static_cast<double>(of_place[token]) - highest);
      for (std::size_t k = 0; k < residues.size(); ++k)
        sums[place_of(i) * 20 + k] += static_cast<double>(of_place[residues[k]]) - highest - std::log(sum);
    }
    done = last;
  }
}

/// In both directions where the model has learned both.
std::vector<double> by_direction(const ProteinLanguageModel& model, const std::string& sequence) {
  const auto& tokens = model.tokens();
  std::vector<double> sums(sequence.size() * 20, 0);
  auto body = tokens.of_residues(sequence);
  add_direction(
      model, body, tokens.begin(), [](std::size_t i) { return i; }, sums);
  if (model.shape().forward_only) return sums;
  std::reverse(body.begin(), body.end());
  add_direction(
      model, body, tokens.end(), [&](std::size_t i) { return body.size() - 1 - i; }, sums);
  return sums;
}

}  // namespace

std::vector<double> substitution_log_odds(const ProteinLanguageModel& model, const std::string& sequence,
                                          const std::function<void(std::size_t)>& progress) {
  if (model.tokens().residues().empty())
    throw UsageError("the tokens of this model are pieces of several residues: it scores no single positions",
                     "ESM-2, ESM-1 and ProGen2 models have one token a residue");
  std::vector<double> out;
  if (model.causal()) {
    out = by_direction(model, sequence);
  } else {
    for (std::size_t first = 0; first < sequence.size(); first += block) {
      std::vector<int> positions;
      for (std::size_t p = first; p < std::min(sequence.size(), first + block); ++p)
        positions.push_back(static_cast<int>(p));
      const auto part = model.masked_log_probabilities(sequence, positions);
      out.insert(out.end(), part.begin(), part.end());
      if (progress) progress(first + positions.size());
    }
  }
  for (std::size_t p = 0; p < sequence.size(); ++p) {
    const std::uint8_t there = chem::residue_code(sequence[p]);
    const double reference = there < 20 ? out[p * 20 + there] : 0;
    for (std::size_t k = 0; k < 20; ++k) out[p * 20 + k] = there < 20 ? out[p * 20 + k] - reference : 0;
  }
  return out;
}

}  // namespace theriac::scoring
