#include <algorithm>

#include "chem/error.hpp"
#include "scoring/protein_language_model.hpp"
#include "scoring/token_windows.hpp"

// Vectors of residues and of whole sequences.

namespace theriac::scoring {
namespace {

constexpr std::size_t residues_in_memory = 16384;  ///< whose vectors are held at once

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

}  // namespace

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
    if (residues > residues_in_memory) finish();
  }
  finish();
  return out;
}

}  // namespace theriac::scoring
