#include "generative/protein_corpus.hpp"

#include <algorithm>
#include <numeric>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "datasets/sha256.hpp"

namespace theriac::generative {
namespace protein_token {
namespace {

constexpr std::string_view letters = "ABCDEFGHIKLMNOPQRSTUVWXYZ";
constexpr std::string_view twenty = "ACDEFGHIKLMNPQRSTVWY";

std::array<std::uint8_t, 256> letter_table() {
  std::array<std::uint8_t, 256> table{};
  for (std::size_t i = 0; i < letters.size(); ++i)
    table[static_cast<unsigned char>(letters[i])] = static_cast<std::uint8_t>(first_letter + i);
  table['J'] = table['X'];
  return table;
}

}  // namespace

std::uint8_t of(char letter) {
  static const auto table = letter_table();
  return table[static_cast<unsigned char>(letter)];
}

const std::array<std::uint8_t, 20>& residues() {
  static const auto list = [] {
    std::array<std::uint8_t, 20> out{};
    for (std::size_t i = 0; i < 20; ++i) out[i] = of(twenty[i]);
    return out;
  }();
  return list;
}

bool is_residue(std::uint8_t token) {
  static const auto table = [] {
    std::array<bool, 256> out{};
    for (const auto t : residues()) out[t] = true;
    return out;
  }();
  return table[token];
}

}  // namespace protein_token

void ProteinCorpus::append(std::string_view residues) {
  tokens_.push_back(protein_token::begin);
  for (const char letter : residues) {
    const std::uint8_t token = protein_token::of(letter);
    if (token == protein_token::padding)
      throw InputError(std::string("'") + letter + "' stands for no amino acid");
    if (!protein_token::is_residue(token)) ++odd_letters_;
    tokens_.push_back(token);
  }
  tokens_.push_back(protein_token::end);
}

void ProteinCorpus::add(const chem::Sequence& sequence) {
  append(sequence.residues);
  residues_ += static_cast<std::int64_t>(sequence.residues.size());
  begin_.push_back(tokens_.size());
  learned_from_.push_back(1);
}

void ProteinCorpus::add_pair(const std::string& target, const std::string& peptide, std::size_t longest) {
  const std::size_t first = tokens_.size();
  append(target);
  const std::size_t peptide_tokens = peptide.size() + 2;
  if (peptide_tokens >= longest) throw InputError("a peptide is too long for a row of the network");
  const std::size_t room = longest - peptide_tokens;
  if (tokens_.size() - first > room) {
    const auto from = tokens_.begin() + static_cast<std::ptrdiff_t>(first);
    tokens_.erase(from, tokens_.end() - static_cast<std::ptrdiff_t>(room));
  }
  // The token that opens the peptide is given, not learned.
  learned_from_.push_back(static_cast<std::uint32_t>(tokens_.size() - first + 1));
  append(peptide);
  residues_ += static_cast<std::int64_t>(peptide.size());
  begin_.push_back(tokens_.size());
  pairs_ = true;
}

std::string ProteinCorpus::sha256() const {
  std::string text(tokens_.begin(), tokens_.end());
  for (const auto b : begin_) text += std::to_string(b) + ' ';
  return datasets::sha256(text);
}

ProteinEpoch::ProteinEpoch(const ProteinCorpus& corpus, std::int64_t length, std::uint64_t seed,
                           std::uint64_t epoch)
    : corpus_(corpus), length_(static_cast<std::size_t>(length)) {
  order_.resize(corpus.size());
  std::iota(order_.begin(), order_.end(), 0u);
  chem::CounterRandom random(seed, "proteins", "shuffle", epoch);
  for (std::size_t i = order_.size(); i > 1; --i)
    std::swap(order_[i - 1], order_[random.below(static_cast<std::uint32_t>(i))]);
  std::size_t at = 0, filled = length_;
  for (std::size_t k = 0; k < order_.size(); ++k) {
    const std::size_t n = corpus.length_of(order_[k]);
    offset_.push_back(at);
    at += n;
    if (!corpus.pairs()) continue;
    if (filled + n > length_) {
      row_begin_.push_back(k);
      filled = 0;
    }
    filled += n;
  }
  offset_.push_back(at);
  if (corpus.pairs()) {
    row_begin_.push_back(order_.size());
    return;
  }
  // A small corpus still makes one row, part of it padding.
  for (std::size_t b = 0; b == 0 || b + length_ <= at; b += length_) row_begin_.push_back(b);
  row_begin_.push_back(row_begin_.back() + length_);
}

void ProteinEpoch::fill(std::size_t row, ProteinRows& out, std::size_t place) const {
  std::size_t record = row_begin_[row], skip = 0;
  if (!corpus_.pairs()) {
    const auto after = std::upper_bound(offset_.begin(), offset_.end(), row_begin_[row]);
    record = static_cast<std::size_t>(after - offset_.begin()) - 1;
    skip = row_begin_[row] - offset_[record];
  }
  const std::size_t last_record = corpus_.pairs() ? row_begin_[row + 1] : order_.size();
  std::int32_t segment = 0;
  for (std::size_t k = 0; k < length_ && record < last_record; ++record, ++segment, skip = 0) {
    const std::uint8_t* tokens = corpus_.begin_of(order_[record]);
    const std::size_t n = corpus_.length_of(order_[record]), learned = corpus_.learned_from(order_[record]);
    for (std::size_t i = skip; i < n && k < length_; ++i, ++k) {
      out.token[place + k] = tokens[i];
      out.segment[place + k] = segment;
      if (i + 1 < n && i + 1 >= learned) out.target[place + k] = tokens[i + 1];
    }
  }
}

ProteinRows ProteinEpoch::taken(std::size_t first, std::size_t last) const {
  ProteinRows out;
  out.rows = static_cast<std::int64_t>(last - first);
  out.length = static_cast<std::int64_t>(length_);
  const std::size_t n = (last - first) * length_;
  out.token.assign(n, protein_token::padding);
  out.target.assign(n, protein_token::padding);
  out.segment.assign(n, -1);
  for (std::size_t r = first; r < last; ++r) fill(r % rows(), out, (r - first) * length_);
  return out;
}

ProteinWindows protein_windows(const ProteinCorpus& corpus, const std::vector<std::size_t>& records,
                               std::int64_t length) {
  ProteinWindows out;
  const auto row = static_cast<std::size_t>(length);
  std::size_t filled = row;
  std::int32_t segment = 0;
  out.rows.length = length;
  for (const std::size_t record : records) {
    const std::uint8_t* tokens = corpus.begin_of(record);
    const std::size_t n = corpus.length_of(record), learned = corpus.learned_from(record);
    std::size_t scored = learned;  // the next token to score
    for (std::size_t begin = 0; scored < n; begin += row / 2) {
      const std::size_t end = std::min(n - 1, begin + row);  // the last token is never read, only scored
      if (filled + (end - begin) > row) {
        ++out.rows.rows;
        const auto all = static_cast<std::size_t>(out.rows.rows) * row;
        out.rows.token.resize(all, protein_token::padding);
        out.rows.target.resize(all, protein_token::padding);
        out.rows.segment.resize(all, -1);
        out.owner.resize(all, -1);
        filled = 0;
      }
      const std::size_t place = static_cast<std::size_t>(out.rows.rows - 1) * row + filled;
      for (std::size_t i = begin; i < end; ++i) {
        out.rows.token[place + i - begin] = tokens[i];
        out.rows.segment[place + i - begin] = segment;
        if (i + 1 < scored) continue;
        out.rows.target[place + i - begin] = tokens[i + 1];
        out.owner[place + i - begin] = static_cast<std::int32_t>(record);
        scored = i + 2;
      }
      filled += end - begin;
      ++segment;
    }
  }
  return out;
}

}  // namespace theriac::generative
