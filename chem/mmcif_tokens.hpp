// The tokens of an mmCIF (STAR) file: words, quoted values and text fields, with their line numbers.
//
// S. R. Hall, F. H. Allen, I. D. Brown, Acta Cryst. A47, 655 (1991). Inside `chem` only.
#pragma once
#include <string>
#include <string_view>

namespace theriac::chem {

struct MmcifToken {
  std::string_view text;
  bool quoted = false;  ///< a quoted value: never a keyword, tag or missing value
  long line = 0;

  bool is_tag() const { return !quoted && !text.empty() && text.front() == '_'; }
  bool is_missing() const { return !quoted && (text == "." || text == "?"); }
  /// "loop_", "data_1abc", "save_", "stop_" or "global_", in any case.
  bool is_keyword() const;
  bool is_loop() const;
};

class MmcifTokens {
 public:
  MmcifTokens(std::string_view text, const std::string& source) : text_(text), source_(source) {}
  /// False at the end. Throws InputError for a quote or text field that is never closed.
  bool next(MmcifToken& token);

 private:
  void skip_blanks_and_comments();
  std::string_view text_field();
  std::string_view quoted_value(char quote);

  std::string_view text_;
  const std::string& source_;
  std::size_t position_ = 0;
  long line_ = 1;
};

}  // namespace theriac::chem
