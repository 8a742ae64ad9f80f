#include "chem/sequence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <numeric>
#include <string_view>

#include "chem/error.hpp"
#include "chem/text_file.hpp"

namespace theriac::chem {
namespace {

constexpr std::string_view residue_letters = "ACDEFGHIKLMNPQRSTVWYBJOUXZ";

std::string first_word(std::string_view line) {
  return std::string(line.substr(0, line.find_first_of(" \t")));
}

}  // namespace

std::vector<Sequence> sequences_from_text(const std::string& text, const std::string& source) {
  std::vector<Sequence> sequences;
  const auto check_last = [&] {
    if (!sequences.empty() && sequences.back().residues.empty())
      throw InputError(fmt::format("no residues after the header '{}' ({})", sequences.back().name, source));
  };
  std::string_view rest = text, line;
  for (std::size_t number = 1; next_line(rest, line); ++number) {
    line = trimmed(line);
    if (line.empty()) continue;
    if (line.front() == '>') {
      check_last();
      sequences.push_back({first_word(trimmed(line.substr(1))), {}});
      continue;
    }
    if (sequences.empty()) sequences.emplace_back();
    for (std::size_t i = 0; i < line.size(); ++i) {
      const unsigned char c = static_cast<unsigned char>(line[i]);
      if (std::isspace(c) || std::isdigit(c) || (c == '*' && i + 1 == line.size())) continue;
      const char letter = static_cast<char>(std::toupper(c));
      if (residue_letters.find(letter) == std::string_view::npos)
        throw InputError(fmt::format("'{}' stands for no amino acid ({}, line {})", line[i], source, number),
                         "a protein sequence in one-letter code, or a FASTA file of them");
      sequences.back().residues += letter;
    }
  }
  check_last();
  if (sequences.empty()) throw InputError(fmt::format("no sequence in '{}'", source));
  return sequences;
}

std::vector<Sequence> read_sequences(const std::string& path) {
  return sequences_from_text(read_text_file(path), path);
}

bool looks_like_nucleotides(const std::string& residues) {
  constexpr std::size_t fewest = 30;
  if (residues.size() < fewest) return false;
  constexpr std::string_view letters = "ACGTN";
  std::array<std::size_t, letters.size()> counts{};
  for (const char letter : residues) {
    const auto upper = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    const auto at = letters.find(upper == 'U' ? 'T' : upper);
    if (at != std::string_view::npos) ++counts[at];
  }
  const std::size_t bases = std::accumulate(counts.begin(), counts.end(), std::size_t{0});
  // antifreeze proteins are repeats of alanine and threonine
  const auto common = std::count_if(counts.begin(), counts.end() - 1,
                                    [&](std::size_t count) { return 33 * count >= residues.size(); });
  return 20 * bases >= 19 * residues.size() && common >= 3;
}

}  // namespace theriac::chem
