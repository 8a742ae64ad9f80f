#include "scoring/protein_language_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "chem/error.hpp"
#include "scoring/protein_reference.hpp"

namespace theriac::scoring {
namespace {

constexpr int longest_window = 1022;             ///< residues: what ESM-2 was trained on
constexpr std::size_t tokens_in_memory = 16384;  ///< whose hidden states are held at once
constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

/// A stretch of a long sequence that is read at once, and the part of it whose numbers count.
struct Window {
  int begin, end;
  int kept_begin, kept_end;
};

/// Windows that overlap by half; what counts of each is what lies nearer to its middle than to another's.
std::vector<Window> centred_windows(int length, int size) {
  if (length <= size) return {{0, length, 0, length}};
  std::vector<Window> out;
  const int step = std::max(1, size / 2);
  for (int begin = 0;; begin += step) {
    begin = std::min(begin, length - size);
    const int kept = out.empty() ? 0 : (out.back().begin + begin + size) / 2;
    if (!out.empty()) out.back().kept_end = kept;
    out.push_back({begin, begin + size, kept, begin + size});
    if (begin + size == length) return out;
  }
}

/// Windows of which the half that has context before it counts, and of the first one all.
std::vector<Window> windows_with_context(int length, int size) {
  std::vector<Window> out;
  const int step = std::max(1, size / 2);
  for (int begin = 0, done = 0; done < length; begin += step) {
    const int end = std::min(begin + size, length);
    out.push_back({begin, end, done, end});
    done = end;
  }
  return out;
}

/// log p of the wanted columns: log-softmax over `over`, or over all.
void log_softmax(const float* logits, int columns, const std::vector<int>& over,
                 const std::vector<int>& wanted, double* out) {
  double largest = -std::numeric_limits<double>::infinity(), sum = 0;
  const auto each = [&](auto&& work) {
    if (over.empty())
      for (int j = 0; j < columns; ++j) work(j);
    else
      for (const int j : over) work(j);
  };
  each([&](int j) { largest = std::max(largest, static_cast<double>(logits[j])); });
  each([&](int j) { sum += std::exp(logits[j] - largest); });
  for (const int j : wanted) *out++ = logits[j] - largest - std::log(sum);
}

std::size_t tokens_in(const std::vector<TokenRow>& rows) {
  std::size_t sum = 0;
  for (const auto& row : rows) sum += row.tokens.size();
  return sum;
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
  return engine_->hidden_states(ready);
}

void ProteinLanguageModel::require_head() const {
  if (!shape_.columns)
    throw ModelError("the model has no language-model head", "it was saved for embeddings only");
}

std::vector<float> ProteinLanguageModel::logits(const std::vector<TokenRow>& rows) const {
  require_head();
  return engine_->logits(hidden_states(rows));
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
    const auto logits = engine_->logits(chosen);
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
        if (known) log_softmax(row, columns(), restrict_to, {token}, &values.back());
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

// --- sequences

std::vector<TokenRow> ProteinLanguageModel::window_rows(const std::vector<int>& body, int& left,
                                                        std::vector<std::array<int, 4>>& windows) const {
  const bool gpt2 = shape_.family == ProteinFamily::gpt2;
  left = gpt2 ? 0 : 1;
  std::vector<TokenRow> rows;
  const int size = gpt2 ? shape_.longest_row : residues_at_once();
  for (const auto& w : centred_windows(static_cast<int>(body.size()), size)) {
    TokenRow row;
    if (!gpt2) row.tokens.push_back(tokens_.begin());
    row.tokens.insert(row.tokens.end(), body.begin() + w.begin, body.begin() + w.end);
    if (!gpt2) row.tokens.push_back(tokens_.end());
    rows.push_back(std::move(row));
    windows.push_back({w.begin, w.end, w.kept_begin, w.kept_end});
  }
  return rows;
}

std::vector<std::vector<float>> ProteinLanguageModel::residue_embeddings(
    const std::vector<std::string>& sequences) const {
  std::vector<std::vector<float>> out;
  struct Piece {
    std::size_t sequence;
    std::array<int, 4> window;
  };
  std::vector<Piece> pieces;
  std::vector<TokenRow> rows;
  int left = 0;
  for (std::size_t s = 0; s < sequences.size(); ++s) {
    const auto body = shape_.family == ProteinFamily::gpt2 ? tokens_.row_of(sequences[s])
                                                           : tokens_.of_residues(sequences[s]);
    if (body.empty()) throw UsageError("a sequence has no residues");
    std::vector<std::array<int, 4>> windows;
    for (auto& row : window_rows(body, left, windows)) rows.push_back(std::move(row));
    for (const auto& window : windows) pieces.push_back({s, window});
    out.emplace_back(body.size() * at(width()));
  }
  const auto states = hidden_states(rows);
  const float* row = states.data();
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const auto& [begin, end, kept_begin, kept_end] = pieces[i].window;
    const float* first = row + at(left + kept_begin - begin) * at(width());
    std::copy(first, first + at(kept_end - kept_begin) * at(width()),
              out[pieces[i].sequence].begin() + static_cast<std::ptrdiff_t>(at(kept_begin) * at(width())));
    row += rows[i].tokens.size() * at(width());
  }
  return out;
}

std::vector<float> ProteinLanguageModel::pooled_embeddings(const std::vector<std::string>& sequences) const {
  std::vector<float> out;
  std::vector<std::string> waiting;
  std::size_t residues = 0;
  const auto finish = [&] {
    for (const auto& states : residue_embeddings(waiting)) {
      std::vector<double> mean(at(width()));
      for (std::size_t i = 0; i < states.size(); ++i) mean[i % mean.size()] += states[i];
      for (const double sum : mean)
        out.push_back(static_cast<float>(sum * width() / static_cast<double>(states.size())));
    }
    waiting.clear();
    residues = 0;
  };
  for (const auto& sequence : sequences) {
    waiting.push_back(sequence);
    residues += sequence.size();
    if (residues > tokens_in_memory) finish();
  }
  finish();
  return out;
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
    log_softmax(logits.data() + i * at(columns()), columns(), over == Normalisation::whole ? whole : wanted,
                wanted, out.data() + i * 20);
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
      log_softmax(logits.data() + at(i) * at(columns()), columns(), residues, {token}, &out.log_p.back());
  }
  return out;
}

std::vector<std::vector<double>> ProteinLanguageModel::one_direction(
    const std::vector<std::vector<int>>& bodies, int start, const std::vector<int>& over) const {
  std::vector<TokenRow> rows;
  std::vector<std::pair<std::size_t, Window>> windows;
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
      const double value = backward.empty()
                               ? forward[s][i]
                               : (forward[s][i] + backward[s][forward[s].size() - 1 - i]) / 2;
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
