#include "scoring/byte_pair_encoding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>

#include "chem/error.hpp"
#include "chem/text_file.hpp"

namespace theriac::scoring {
namespace {

constexpr std::string_view end_of_text_name = "<|endoftext|>";
constexpr int no_rank = std::numeric_limits<int>::max();

std::string utf8(unsigned code) {
  if (code < 0x80) return std::string(1, static_cast<char>(code));
  return {static_cast<char>(0xc0 | code >> 6), static_cast<char>(0x80 | (code & 63))};
}

/// Bytes that print stand for themselves; the others are numbered from 256 on.
std::vector<std::string> letters_of_bytes() {
  std::vector<std::string> letters(256);
  unsigned next = 256;
  for (unsigned byte = 0; byte < 256; ++byte) {
    const bool prints = (byte >= '!' && byte <= '~') || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    letters[byte] = utf8(prints ? byte : next++);
  }
  return letters;
}

/// What a word is made of. Letters and digits beyond ASCII count as letters; marks and other signs there do
/// too, which differs from the reference only in texts that are no sequences.
enum class Sort { letter, digit, space, other };

Sort sort_of(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x80 || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z')) return Sort::letter;
  if (byte >= '0' && byte <= '9') return Sort::digit;
  return byte == ' ' || (byte >= 9 && byte <= 13) ? Sort::space : Sort::other;
}

std::size_t contraction_length(std::string_view text) {
  for (const std::string_view ending : {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"})
    if (text.substr(0, ending.size()) == ending) return ending.size();
  return 0;
}

std::size_t run_length(std::string_view text, std::size_t from, Sort sort) {
  std::size_t end = from;
  while (end < text.size() && sort_of(text[end]) == sort) ++end;
  return end;
}

/// Length of the next word: a contraction, a run of one sort with at most one blank before it, or white space
/// that leaves its last character to the word behind it.
std::size_t word_length(std::string_view text) {
  if (const auto length = contraction_length(text)) return length;
  const std::size_t blank = text[0] == ' ' ? 1 : 0;
  if (blank < text.size() && sort_of(text[blank]) != Sort::space)
    return run_length(text, blank, sort_of(text[blank]));
  const std::size_t end = run_length(text, 0, Sort::space);
  return end == text.size() || end == 1 ? end : end - 1;
}

}  // namespace

BytePairEncoding::BytePairEncoding(const std::string& vocabulary_json, const std::string& merges_text,
                                   const std::string& source)
    : letters_(letters_of_bytes()) {
  for (unsigned byte = 0; byte < 256; ++byte) bytes_[letters_[byte]] = byte;
  const auto vocabulary = nlohmann::json::parse(vocabulary_json, nullptr, false);
  if (!vocabulary.is_object())
    throw ModelError(fmt::format("vocab.json of '{}' is no JSON object of tokens", source));
  names_.resize(vocabulary.size());
  std::vector<bool> seen(vocabulary.size(), false);
  for (const auto& [name, number] : vocabulary.items()) {
    if (!number.is_number_unsigned() || number.get<std::uint64_t>() >= names_.size() ||
        seen[number.get<std::size_t>()])
      throw ModelError(fmt::format("vocab.json of '{}': token '{}' has no number of its own from 0 to {}",
                                   source, name, names_.size() - 1));
    seen[number.get<std::size_t>()] = true;
    names_[number.get<std::size_t>()] = name;
    ids_[name] = number.get<int>();
  }
  end_of_text_ = id(std::string(end_of_text_name));
  for (const auto& letter : letters_)
    if (!ids_.count(letter))
      throw ModelError(fmt::format("vocab.json of '{}' has no token for the byte '{}'", source, letter));
  std::string_view rest = merges_text, line;
  for (int rank = 0; chem::next_line(rest, line);) {
    if (line.empty() || line.substr(0, 9) == "#version:") continue;
    const auto gap = line.find(' ');
    const std::string left(line.substr(0, gap)),
        right(gap == line.npos ? std::string_view() : line.substr(gap + 1));
    if (right.empty() || !ids_.count(left + right))
      throw ModelError(fmt::format("merges.txt of '{}': '{}' makes no token of vocab.json", source, line));
    ranks_.emplace(std::make_pair(left, right), rank++);
  }
}

int BytePairEncoding::id(const std::string& name) const {
  const auto found = ids_.find(name);
  return found == ids_.end() ? -1 : found->second;
}

void BytePairEncoding::encode_word(const std::string& word, std::vector<int>& out) const {
  std::vector<std::string> parts;
  for (const char c : word) parts.push_back(letters_[static_cast<unsigned char>(c)]);
  while (parts.size() > 1) {
    int best = no_rank;
    std::pair<std::string, std::string> pair;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      const auto found = ranks_.find({parts[i], parts[i + 1]});
      if (found != ranks_.end() && found->second < best) best = found->second, pair = found->first;
    }
    if (best == no_rank) break;
    std::vector<std::string> merged;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const bool both = i + 1 < parts.size() && parts[i] == pair.first && parts[i + 1] == pair.second;
      merged.push_back(both ? parts[i] + parts[i + 1] : parts[i]);
      if (both) ++i;
    }
    parts = std::move(merged);
  }
  for (const auto& part : parts) out.push_back(ids_.at(part));
}

std::vector<int> BytePairEncoding::encode(const std::string& text) const {
  std::vector<int> out;
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto special = end_of_text_ < 0 ? rest.npos : rest.find(end_of_text_name);
    std::string_view plain = rest.substr(0, special);
    while (!plain.empty()) {
      const auto length = word_length(plain);
      encode_word(std::string(plain.substr(0, length)), out);
      plain.remove_prefix(length);
    }
    if (special == rest.npos) break;
    out.push_back(end_of_text_);
    rest.remove_prefix(special + end_of_text_name.size());
  }
  return out;
}

std::string BytePairEncoding::decode(const std::vector<int>& tokens) const {
  std::string out;
  for (const int token : tokens) {
    if (token < 0 || static_cast<std::size_t>(token) >= names_.size())
      throw UsageError(fmt::format("there is no token {}, the last one is {}", token, names_.size() - 1));
    const std::string& name = names_[static_cast<std::size_t>(token)];
    if (token == end_of_text_) {
      out += name;
      continue;
    }
    for (std::size_t i = 0; i < name.size();) {
      const std::size_t length = static_cast<unsigned char>(name[i]) < 0x80 ? 1 : 2;
      const auto found = bytes_.find(name.substr(i, length));
      if (found != bytes_.end()) out += static_cast<char>(found->second);
      i += length;
    }
  }
  return out;
}

}  // namespace theriac::scoring
