#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "chem/error.hpp"
#include "scoring/protein_language_model.hpp"
#include "scoring/token_log_softmax.hpp"
#include "scoring/token_windows.hpp"

// Chances of the residues of a sequence: masked marginals, pseudo-likelihoods, likelihoods of either
// direction.

namespace theriac::scoring {
namespace {

constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

}  // namespace

double SequenceLikelihood::sum() const {
  double out = 0;
  for (const double value : log_p)
    if (!std::isnan(value)) out += value;
  return out;
}

double SequenceLikelihood::mean() const {
  const auto count = std::count_if(log_p.begin(), log_p.end(), [](double x) { return !std::isnan(x); });
  return sum() / static_cast<double>(count);
}

double SequenceLikelihood::perplexity() const {
  return std::exp(-mean());
}

TokenRow ProteinLanguageModel::row_around(const std::vector<int>& body, int position, int& place) const {
  const int size = residues_at_once(), length = static_cast<int>(body.size());
  const int begin = std::clamp(position - size / 2, 0, std::max(0, length - size));
  TokenRow row;
  row.tokens.push_back(tokens_.begin());
  row.tokens.insert(row.tokens.end(), body.begin() + begin, body.begin() + std::min(length, begin + size));
  row.tokens.push_back(tokens_.end());
  place = position - begin + 1;
  return row;
}

std::vector<double> ProteinLanguageModel::residue_log_probabilities(const std::string& sequence,
                                                                    const std::vector<int>& positions,
                                                                    Normalisation over, bool hidden) const {
  if (!masked()) throw UsageError("a causal model does not see both sides of a position", "log_likelihoods");
  const auto body = tokens_.of_residues(sequence);
  std::vector<double> out(positions.size() * 20);
  const auto wanted = tokens_.residues();
  const std::vector<int> whole;
  const bool one_pass = !hidden && static_cast<int>(body.size()) <= residues_at_once();
  std::vector<TokenRow> rows;
  std::vector<std::vector<int>> places;
  for (const int position : positions) {
    if (position < 0 || at(position) >= body.size())
      throw UsageError(
          fmt::format("there is no position {} in a sequence of {} residues", position + 1, body.size()));
    int place = 0;
    TokenRow row = row_around(body, position, place);
    if (hidden) row.tokens[at(place)] = tokens_.mask();
    if (one_pass && !rows.empty()) {
      places.front().push_back(place);
      continue;
    }
    rows.push_back(std::move(row));
    places.push_back({place});
  }
  const auto logits = logits_at(rows, places);
  for (std::size_t i = 0; i < positions.size(); ++i)
    token_log_softmax(logits.data() + i * at(columns()), columns(),
                      over == Normalisation::whole ? whole : wanted, wanted, out.data() + i * 20);
  return out;
}

std::vector<double> ProteinLanguageModel::masked_log_probabilities(const std::string& sequence,
                                                                   const std::vector<int>& positions,
                                                                   Normalisation over) const {
  return residue_log_probabilities(sequence, positions, over, true);
}

std::vector<double> ProteinLanguageModel::visible_log_probabilities(const std::string& sequence,
                                                                    const std::vector<int>& positions,
                                                                    Normalisation over) const {
  return residue_log_probabilities(sequence, positions, over, false);
}

SequenceLikelihood ProteinLanguageModel::pseudo_likelihood(const std::string& sequence, int first, int count,
                                                           Normalisation over) const {
  if (!masked()) throw UsageError("pseudo-likelihoods need a masked model", "log_likelihoods");
  const auto body = tokens_.of_residues(sequence);
  if (first < 0 || count < 0 || at(first) + at(count) > body.size())
    throw UsageError(
        fmt::format("residues {} to {} of a sequence of {}", first + 1, first + count, body.size()));
  std::vector<TokenRow> rows;
  std::vector<std::vector<int>> places;
  for (int position = first; position < first + count; ++position) {
    int place = 0;
    rows.push_back(row_around(body, position, place));
    rows.back().tokens[at(place)] = tokens_.mask();
    places.push_back({place});
  }
  const auto logits = logits_at(rows, places);
  const auto residues = over == Normalisation::whole ? std::vector<int>() : tokens_.residues();
  SequenceLikelihood out;
  for (int i = 0; i < count; ++i) {
    const int token = body[at(first + i)];
    const bool known =
        residues.empty() || std::find(residues.begin(), residues.end(), token) != residues.end();
    out.log_p.push_back(no_value);
    if (known)
      token_log_softmax(logits.data() + at(i) * at(columns()), columns(), residues, {token},
                        &out.log_p.back());
  }
  return out;
}

std::vector<std::vector<double>> ProteinLanguageModel::one_direction(
    const std::vector<std::vector<int>>& bodies, int start, const std::vector<int>& over) const {
  std::vector<TokenRow> rows;
  std::vector<std::pair<std::size_t, TokenWindow>> windows;
  for (std::size_t s = 0; s < bodies.size(); ++s)
    for (const auto& w : windows_with_context(static_cast<int>(bodies[s].size()), shape_.longest_row - 1)) {
      TokenRow row{{start}, {}};
      row.tokens.insert(row.tokens.end(), bodies[s].begin() + w.begin, bodies[s].begin() + w.end);
      rows.push_back(std::move(row));
      windows.emplace_back(s, w);
    }
  const auto values = token_log_probabilities(rows, over);
  std::vector<std::vector<double>> out(bodies.size());
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const auto& [s, w] = windows[i];
    out[s].insert(out[s].end(), values[i].begin() + (w.kept_begin - w.begin), values[i].end());
  }
  return out;
}

std::vector<SequenceLikelihood> ProteinLanguageModel::both_directions(
    const std::vector<std::string>& sequences, Normalisation over) const {
  std::vector<int> letters = tokens_.residues();
  if (over == Normalisation::whole) {
    letters.clear();
    for (int token = tokens_.end() + 1; token <= tokens_.id("Z"); ++token) letters.push_back(token);
  }
  std::vector<std::vector<int>> bodies;
  for (const auto& sequence : sequences) bodies.push_back(tokens_.of_residues(sequence));
  const auto forward = one_direction(bodies, tokens_.begin(), letters);
  std::vector<std::vector<double>> backward;
  if (!shape_.forward_only) {
    for (auto& body : bodies) std::reverse(body.begin(), body.end());
    backward = one_direction(bodies, tokens_.end(), letters);
  }
  std::vector<SequenceLikelihood> out(sequences.size());
  for (std::size_t s = 0; s < out.size(); ++s)
    for (std::size_t i = 0; i < forward[s].size(); ++i) {
      const double value =
          backward.empty() ? forward[s][i] : (forward[s][i] + backward[s][forward[s].size() - 1 - i]) / 2;
      out[s].log_p.push_back(std::isfinite(value) ? value : no_value);
    }
  return out;
}

std::vector<SequenceLikelihood> ProteinLanguageModel::log_likelihoods(
    const std::vector<std::string>& sequences, Normalisation over) const {
  if (shape_.family == ProteinFamily::progen2) return both_directions(sequences, over);
  std::vector<SequenceLikelihood> out;
  for (const auto& sequence : sequences) {
    if (masked()) {
      out.push_back(pseudo_likelihood(sequence, 0, static_cast<int>(sequence.size()), over));
    } else {
      SequenceLikelihood one;
      one.log_p = token_log_probabilities({row_of(sequence)}).front();
      out.push_back(std::move(one));
    }
  }
  return out;
}

}  // namespace theriac::scoring
