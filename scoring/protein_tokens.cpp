#include "scoring/protein_tokens.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>

#include "chem/error.hpp"
#include "chem/text_file.hpp"

namespace theriac::scoring {
namespace {

constexpr std::size_t residues_in_a_line = 60;  // of ProtGPT2's training text

/// White space as the reference strips it: ASCII, and the no-break space in UTF-8.
std::size_t space_length(std::string_view text) {
  if (std::isspace(static_cast<unsigned char>(text[0]))) return 1;
  return text.substr(0, 2) == "\xc2\xa0" ? 2 : 0;
}

std::string upper(const std::string& text) {
  std::string out = text;
  for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

}  // namespace

void ProteinTokens::fill(ProteinFamily family, std::vector<std::string> names) {
  family_ = family;
  names_ = std::move(names);
  letters_.assign(128, -1);
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (names_[i].size() == 1) letters_[static_cast<unsigned char>(names_[i][0]) & 127] = static_cast<int>(i);
  for (const char* letter = residue_order; *letter; ++letter)
    residues_.push_back(letters_[static_cast<unsigned char>(*letter)]);
}

ProteinTokens ProteinTokens::esm() {
  std::vector<std::string> names = {"<cls>", "<pad>", "<eos>", "<unk>"};
  for (const char c : std::string_view("LAGVSERTIDPKQNFYMHWCXBUZO.-")) names.emplace_back(1, c);
  names.insert(names.end(), {"<null_1>", "<mask>"});
  ProteinTokens tokens;
  tokens.fill(ProteinFamily::esm, std::move(names));
  tokens.begin_ = 0, tokens.padding_ = 1, tokens.end_ = 2, tokens.mask_ = 32;
  return tokens;
}

ProteinTokens ProteinTokens::esm(const std::string& vocabulary_text, const std::string& source) {
  std::vector<std::string> names;
  std::string_view rest = vocabulary_text, line;
  while (chem::next_line(rest, line)) names.emplace_back(chem::trimmed(line));
  while (!names.empty() && names.back().empty()) names.pop_back();
  std::set<std::string> seen;
  for (const auto& name : names)
    if (!seen.insert(name).second) throw ModelError(fmt::format("token '{}' is in '{}' twice", name, source));
  ProteinTokens tokens;
  tokens.fill(ProteinFamily::esm, std::move(names));
  tokens.begin_ = tokens.id("<cls>"), tokens.padding_ = tokens.id("<pad>");
  tokens.end_ = tokens.id("<eos>"), tokens.mask_ = tokens.id("<mask>");
  for (const std::string needed : {"<cls>", "<pad>", "<eos>", "<unk>", "<mask>", "X"})
    if (tokens.id(needed) < 0) throw ModelError(fmt::format("token '{}' is not in '{}'", needed, source));
  for (std::size_t i = 0; i < tokens.residues_.size(); ++i)
    if (tokens.residues_[i] < 0)
      throw ModelError(fmt::format("residue '{}' is not in '{}'", residue_order[i], source));
  return tokens;
}

ProteinTokens ProteinTokens::progen2(const std::vector<std::string>& more) {
  std::vector<std::string> names = {"<|pad|>", "<|bos|>", "<|eos|>", "1", "2"};
  for (const char c : std::string_view("ABCDEFGHIKLMNOPQRSTUVWXYZ")) names.emplace_back(1, c);
  names.insert(names.end(), more.begin(), more.end());
  ProteinTokens tokens;
  tokens.fill(ProteinFamily::progen2, std::move(names));
  tokens.padding_ = 0, tokens.begin_ = 3, tokens.end_ = 4;
  return tokens;
}

ProteinTokens ProteinTokens::gpt2(BytePairEncoding encoding) {
  ProteinTokens tokens;
  tokens.family_ = ProteinFamily::gpt2;
  tokens.names_ = encoding.names();
  tokens.begin_ = tokens.end_ = encoding.end_of_text();
  tokens.encoding_ = std::make_shared<const BytePairEncoding>(std::move(encoding));
  return tokens;
}

ProteinTokens ProteinTokens::unnamed_gpt2() {
  ProteinTokens tokens;
  tokens.family_ = ProteinFamily::gpt2;
  return tokens;
}

const BytePairEncoding& ProteinTokens::encoding() const {
  if (!encoding_)
    throw ModelError("there is no vocabulary for this model, so that it reads token numbers only",
                     "vocab.json and merges.txt of the published model belong beside its weights");
  return *encoding_;
}

std::string ProteinTokens::name(int token) const {
  if (token >= 0 && static_cast<std::size_t>(token) < names_.size())
    return names_[static_cast<std::size_t>(token)];
  return fmt::format("<token {}>", token);
}

int ProteinTokens::id(const std::string& name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  return found == names_.end() ? -1 : static_cast<int>(found - names_.begin());
}

std::vector<int> ProteinTokens::encode(const std::string& text) const {
  if (family_ == ProteinFamily::gpt2) return encoding().encode(text);
  const bool esm = family_ == ProteinFamily::esm;
  std::vector<int> out;
  if (esm) out.push_back(begin_);
  bool in_unknown_run = false;
  for (std::string_view rest = text; !rest.empty();) {
    std::size_t length = 0;
    int token = -1;
    for (std::size_t i = 0; i < names_.size(); ++i)
      if (names_[i].size() > length && rest.substr(0, names_[i].size()) == names_[i])
        length = names_[i].size(), token = static_cast<int>(i);
    const std::size_t space = length ? 0 : space_length(rest);
    if (length)
      out.push_back(token);
    else if (esm && !space && !in_unknown_run)
      out.push_back(id("<unk>"));
    in_unknown_run = !length && !space;
    rest.remove_prefix(length ? length : std::max<std::size_t>(space, 1));
  }
  if (esm) out.push_back(end_);
  return out;
}

std::string ProteinTokens::decode(const std::vector<int>& tokens) const {
  if (family_ == ProteinFamily::gpt2) return encoding().decode(tokens);
  std::string out;
  for (const int token : tokens)
    if (const std::string text = name(token); text.size() == 1) out += text;
  return out;
}

std::vector<int> ProteinTokens::of_residues(const std::string& residues) const {
  if (family_ == ProteinFamily::gpt2)
    throw UsageError("tokens of this model stand for several residues at once",
                     "a model with one token a residue: ESM-2, ProGen2, Theriac's own");
  const int unknown = id("X");
  std::vector<int> out;
  out.reserve(residues.size());
  for (const char c : upper(residues)) {
    const auto byte = static_cast<unsigned char>(c);
    // the digits of ProGen2's vocabulary are ends of the chain, not residues
    const int token = byte < 128 && !std::isdigit(byte) ? letters_[byte] : -1;
    out.push_back(token < 0 ? unknown : token);
  }
  return out;
}

std::vector<int> ProteinTokens::row_of(const std::string& residues) const {
  if (family_ == ProteinFamily::gpt2) {
    std::string text = "<|endoftext|>\n";
    const std::string letters = upper(residues);
    for (std::size_t i = 0; i < letters.size(); i += residues_in_a_line)
      text += letters.substr(i, residues_in_a_line) + "\n";
    return encoding().encode(text + "<|endoftext|>");
  }
  auto out = of_residues(residues);
  out.insert(out.begin(), begin_);
  out.push_back(end_);
  return out;
}

}  // namespace theriac::scoring
