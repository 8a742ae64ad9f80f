// A table for people: columns padded to their widest cell, numbers to the right.
#pragma once
#include <string>
#include <vector>

namespace theriac::cli {

struct TextColumn {
  std::string title;
  bool right = false;  ///< numbers
};

/// Lines end in "\n" and carry no trailing blanks; the first one holds the titles. Width counts UTF-8
/// characters.
std::string text_table(const std::vector<TextColumn>& columns,
                       const std::vector<std::vector<std::string>>& rows);

}  // namespace theriac::cli
