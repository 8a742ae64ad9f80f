#include "chem/pdb_columns.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "chem/autodock_type.hpp"
#include "chem/error.hpp"
#include "chem/text_file.hpp"

namespace theriac::chem {
namespace {

/// Residue numbers above 9999 come as hybrid-36 ("A000" is 10000), as cctbx, gemmi and PyMOL write them.
bool parse_hybrid_36(std::string_view text, int& number) {
  if (text.size() != 4) return false;
  const bool upper = text[0] >= 'A' && text[0] <= 'Z';
  if (!upper && !(text[0] >= 'a' && text[0] <= 'z')) return false;
  int value = 0;
  for (const char c : text) {
    const char first = upper ? 'A' : 'a';
    int digit = c >= '0' && c <= '9' ? c - '0' : c >= first && c <= first + 25 ? c - first + 10 : -1;
    if (digit < 0) return false;
    value = value * 36 + digit;
  }
  const int block = 26 * 36 * 36 * 36;
  number = value - 10 * 36 * 36 * 36 + 10000 + (upper ? 0 : block);
  return true;
}

int parse_residue_number(std::string_view text, LinePlace place) {
  int number = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  if (result.ec == std::errc() && result.ptr == text.data() + text.size()) return number;
  if (parse_hybrid_36(text, number)) return number;
  throw InputError(fmt::format("residue number '{}' is not a number {}", text, place.text()));
}

char column(std::string_view line, int position) {
  return static_cast<int>(line.size()) >= position ? line[position - 1] : ' ';
}

/// Occupancy and B factor may be left out or be stars; they never decide whether a file is usable.
double number_or(std::string_view text, double otherwise) {
  double value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  return result.ec == std::errc() && std::isfinite(value) ? value : otherwise;
}

}  // namespace

std::string LinePlace::text() const {
  return fmt::format("({}, line {})", file, line);
}

std::string_view columns(std::string_view line, int first, int last) {
  const auto begin = static_cast<std::size_t>(first - 1);
  if (begin >= line.size()) return {};
  return trimmed(line.substr(begin, static_cast<std::size_t>(last - first + 1)));
}

bool is_atom_line(std::string_view line) {
  const std::string_view record = line.substr(0, 6);
  return record == "ATOM  " || record == "HETATM";
}

double parse_number(std::string_view text, std::string_view what, LinePlace place) {
  std::string_view digits = text;
  if (!digits.empty() && digits.front() == '+') digits.remove_prefix(1);
  double value = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || result.ec != std::errc() || result.ptr != digits.data() + digits.size())
    throw InputError(fmt::format("{} is '{}', not a number {}", what, text.substr(0, 30), place.text()));
  if (!std::isfinite(value))
    throw InputError(fmt::format("{} is '{}', not finite {}", what, text.substr(0, 30), place.text()));
  return value;
}

double parse_coordinate(std::string_view text, std::string_view what, LinePlace place) {
  const double value = parse_number(text, what, place);
  if (std::abs(value) > 1e5)
    throw InputError(fmt::format("{} is '{}', further than 100,000 angstrom from the origin {}", what,
                                 text.substr(0, 30), place.text()));
  return value;
}

PdbAtomLine parse_pdb_atom_line(std::string_view line, LinePlace place) {
  if (line.size() < 54)
    throw InputError(fmt::format("the atom line ends at column {}, before its coordinates do {}", line.size(),
                                 place.text()),
                     "the file may have been cut short");
  PdbAtomLine atom;
  atom.hetero = line[0] == 'H';
  atom.name = std::string(columns(line, 13, 16));
  atom.alternate = line[16];
  atom.residue_name = std::string(columns(line, 18, 20));
  atom.residue.chain = line[21] == ' ' ? std::string() : std::string(1, line[21]);
  atom.residue.number = parse_residue_number(columns(line, 23, 26), place);
  atom.residue.insertion_code = line[26];
  atom.position = {parse_coordinate(columns(line, 31, 38), "x", place),
                   parse_coordinate(columns(line, 39, 46), "y", place),
                   parse_coordinate(columns(line, 47, 54), "z", place)};
  atom.occupancy = number_or(columns(line, 55, 60), 1.0);
  atom.b_factor = number_or(columns(line, 61, 66), 0.0);
  if (column(line, 21) != ' ' && atom.residue_name.size() == 3) {
    // four-letter residue names spill into column 21; chain letters stay in 22
    atom.residue_name += column(line, 21);
  }
  return atom;
}

std::string pdb_atom_name_field(const std::string& name, int element) {
  const bool two_letters = element_symbol(element).size() == 2;
  if (name.size() >= 4) return name.substr(0, 4);
  return two_letters ? fmt::format("{:<4}", name) : fmt::format(" {:<3}", name);
}

}  // namespace theriac::chem
