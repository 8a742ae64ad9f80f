#include "chem/mmcif_tokens.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "chem/error.hpp"

namespace theriac::chem {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool starts_with_word(std::string_view text, std::string_view word) {
  return text.size() >= word.size() && std::equal(word.begin(), word.end(), text.begin(), [](char w, char c) {
           return w == std::tolower(static_cast<unsigned char>(c));
         });
}

}  // namespace

bool MmcifToken::is_loop() const {
  return !quoted && text.size() == 5 && starts_with_word(text, "loop_");
}

bool MmcifToken::is_keyword() const {
  return !quoted && (is_loop() || starts_with_word(text, "data_") || starts_with_word(text, "save_") ||
                     starts_with_word(text, "stop_") || starts_with_word(text, "global_"));
}

void MmcifTokens::skip_blanks_and_comments() {
  while (position_ < text_.size()) {
    const char c = text_[position_];
    if (c == '#') {
      position_ = std::min(text_.find('\n', position_), text_.size());
    } else if (is_blank(c)) {
      line_ += c == '\n';
      ++position_;
    } else {
      return;
    }
  }
}

std::string_view MmcifTokens::text_field() {
  const long first_line = line_;
  const std::size_t begin = position_ + 1;
  const std::size_t end = text_.find("\n;", begin);
  if (end == std::string_view::npos)
    throw InputError(fmt::format("a text field is never closed ({}, line {})", source_, first_line),
                     "the file may have been cut short");
  const std::string_view field = text_.substr(begin, end - begin);
  line_ += std::count(field.begin(), field.end(), '\n') + 1;
  position_ = end + 2;
  return field;
}

std::string_view MmcifTokens::quoted_value(char quote) {
  const std::size_t begin = position_ + 1;
  for (std::size_t i = begin; i < text_.size() && text_[i] != '\n'; ++i) {
    const bool closes = text_[i] == quote && (i + 1 == text_.size() || is_blank(text_[i + 1]));
    if (!closes) continue;
    position_ = i + 1;
    return text_.substr(begin, i - begin);
  }
  throw InputError(fmt::format("a quote {} is never closed ({}, line {})", quote, source_, line_));
}

bool MmcifTokens::next(MmcifToken& token) {
  skip_blanks_and_comments();
  if (position_ >= text_.size()) return false;
  token.line = line_;
  const char c = text_[position_];
  const bool line_start = position_ == 0 || text_[position_ - 1] == '\n';
  token.quoted = c == '\'' || c == '"' || (c == ';' && line_start);
  if (token.quoted) {
    token.text = c == ';' ? text_field() : quoted_value(c);
    return true;
  }
  const std::size_t begin = position_;
  while (position_ < text_.size() && !is_blank(text_[position_])) ++position_;
  token.text = text_.substr(begin, position_ - begin);
  return true;
}

}  // namespace theriac::chem
