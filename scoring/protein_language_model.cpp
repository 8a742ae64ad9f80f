#include "scoring/protein_language_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "chem/error.hpp"
#include "scoring/protein_reference.hpp"
#include "scoring/token_log_softmax.hpp"

namespace theriac::scoring {
namespace {

constexpr int longest_window = 1022;             ///< residues: what ESM-2 was trained on
constexpr std::size_t tokens_in_memory = 16384;  ///< whose hidden states are held at once

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

std::size_t tokens_in(const std::vector<TokenRow>& rows) {
  std::size_t sum = 0;
  for (const auto& row : rows) sum += row.tokens.size();
  return sum;
}

}  // namespace

ProteinLanguageModel ProteinLanguageModel::read(const std::string& path, const std::string& simd) {
  return ProteinLanguageModel(read_protein_weights(path), simd);
}

ProteinLanguageModel::ProteinLanguageModel(ProteinWeights weights, const std::string& simd)
    : shape_(weights.shape),
      tokens_(weights.tokens),
      warnings_(weights.warnings),
      engine_(std::make_unique<ProteinEngine>(weights, simd)) {}

ProteinLanguageModel::ProteinLanguageModel(ProteinLanguageModel&&) noexcept = default;
ProteinLanguageModel& ProteinLanguageModel::operator=(ProteinLanguageModel&&) noexcept = default;
ProteinLanguageModel::~ProteinLanguageModel() = default;

int ProteinLanguageModel::residues_at_once() const {
  return shape_.longest_row ? std::clamp(shape_.longest_row - 2, 1, longest_window) : longest_window;
}

TokenRow ProteinLanguageModel::checked(const TokenRow& row) const {
  if (row.tokens.empty()) throw UsageError("a row of tokens is empty");
  for (const int token : row.tokens)
    if (token < 0 || token >= shape_.vocabulary)
      throw UsageError(fmt::format("there is no token {}, the model has {}", token, shape_.vocabulary));
  if (shape_.longest_row && static_cast<int>(row.tokens.size()) > shape_.longest_row)
    throw UsageError(fmt::format("a row has {} tokens, the positions of this model allow {}",
                                 row.tokens.size(), shape_.longest_row));
  if (shape_.token_dropout &&
      std::all_of(row.tokens.begin(), row.tokens.end(), [&](int token) { return token == tokens_.mask(); }))
    throw UsageError("a row holds nothing but masks", "begin and end tokens belong around it");
  TokenRow out = row;
  if (out.positions.empty()) out.positions = default_positions(shape_, tokens_.padding(), row.tokens);
  if (out.positions.size() != row.tokens.size())
    throw UsageError(fmt::format("{} positions for {} tokens", out.positions.size(), row.tokens.size()));
  const int end = shape_.positions != PositionKind::learned ? std::numeric_limits<int>::max()
                  : shape_.family == ProteinFamily::esm     ? shape_.longest_row + 2
                                                            : shape_.longest_row;
  for (const int position : out.positions)
    if (position < 0 || position >= end)
      throw UsageError(fmt::format("there is no position {}, the last one is {}", position, end - 1));
  return out;
}

std::vector<float> ProteinLanguageModel::hidden_states(const std::vector<TokenRow>& rows) const {
  std::vector<TokenRow> ready;
  for (const auto& row : rows) ready.push_back(checked(row));
  return device_ ? device_->hidden_states(ready) : engine_->hidden_states(ready);
}

std::vector<float> ProteinLanguageModel::head(const std::vector<float>& hidden) const {
  return device_ ? device_->logits(hidden) : engine_->logits(hidden);
}

void ProteinLanguageModel::require_head() const {
  if (!shape_.columns)
    throw ModelError("the model has no language-model head", "it was saved for embeddings only");
}

std::vector<float> ProteinLanguageModel::logits(const std::vector<TokenRow>& rows) const {
  require_head();
  return head(hidden_states(rows));
}

std::vector<float> ProteinLanguageModel::logits_at(const std::vector<TokenRow>& rows,
                                                   const std::vector<std::vector<int>>& places) const {
  require_head();
  if (places.size() != rows.size())
    throw UsageError(fmt::format("places for {} rows, there are {}", places.size(), rows.size()));
  std::vector<float> out;
  for (std::size_t first = 0; first < rows.size();) {
    std::size_t last = first, tokens = 0;
    while (last < rows.size() && (last == first || tokens + rows[last].tokens.size() <= tokens_in_memory))
      tokens += rows[last++].tokens.size();
    const std::vector<TokenRow> some(rows.begin() + static_cast<std::ptrdiff_t>(first),
                                     rows.begin() + static_cast<std::ptrdiff_t>(last));
    const auto states = hidden_states(some);
    std::vector<float> chosen;
    const float* row = states.data();
    for (std::size_t r = first; r < last; ++r) {
      for (const int place : places[r]) {
        if (place < 0 || at(place) >= rows[r].tokens.size())
          throw UsageError(fmt::format("there is no token {} in a row of {}", place, rows[r].tokens.size()));
        chosen.insert(chosen.end(), row + at(place) * at(width()), row + at(place + 1) * at(width()));
      }
      row += rows[r].tokens.size() * at(width());
    }
    const auto logits = head(chosen);
    out.insert(out.end(), logits.begin(), logits.end());
    first = last;
  }
  return out;
}

std::vector<std::vector<double>> ProteinLanguageModel::token_log_probabilities(
    const std::vector<TokenRow>& rows, const std::vector<int>& restrict_to) const {
  if (!causal()) throw UsageError("a masked model gives no probability to the next token");
  std::vector<std::vector<double>> out;
  std::vector<TokenRow> waiting;
  const auto finish = [&] {
    const auto all = logits(waiting);
    const float* row = all.data();
    for (const auto& each : waiting) {
      std::vector<double> values;
      for (std::size_t t = 1; t < each.tokens.size(); ++t, row += columns()) {
        const int token = each.tokens[t];
        const bool known = token < columns() &&
                           (restrict_to.empty() ||
                            std::find(restrict_to.begin(), restrict_to.end(), token) != restrict_to.end());
        values.push_back(-std::numeric_limits<double>::infinity());
        if (known) token_log_softmax(row, columns(), restrict_to, {token}, &values.back());
      }
      row += columns();
      out.push_back(std::move(values));
    }
    waiting.clear();
  };
  for (const auto& row : rows) {
    waiting.push_back(row);
    if (tokens_in(waiting) * at(columns() + width()) > tokens_in_memory * 512) finish();
  }
  finish();
  return out;
}

}  // namespace theriac::scoring
