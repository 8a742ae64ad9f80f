#include "chem/mutation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>

#include "chem/error.hpp"
#include "chem/substitution_matrix.hpp"
#include "chem/text_file.hpp"

namespace theriac::chem {
namespace {

constexpr std::array<std::string_view, residue_kinds> three_letters = {
    "ALA", "CYS", "ASP", "GLU", "PHE", "GLY", "HIS", "ILE", "LYS", "LEU",
    "MET", "ASN", "PRO", "GLN", "ARG", "SER", "THR", "VAL", "TRP", "TYR"};
constexpr const char* how_written = "a substitution is written L858R or p.Leu858Arg, several L858R:T790M";

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

/// The letter of "L" or "Leu"; none for anything else.
std::optional<char> residue_of(std::string_view name) {
  const std::string text = upper(name);
  if (text.size() == 1 && residue_code(text[0]) < residue_kinds) return text[0];
  const auto at = std::find(three_letters.begin(), three_letters.end(), text);
  if (at == three_letters.end()) return std::nullopt;
  return amino_acid_letters[static_cast<std::size_t>(at - three_letters.begin())];
}

/// "L858R" or "p.(Leu858Arg)"; none for what is no substitution.
std::optional<Substitution> substitution_of(std::string_view text) {
  if (text.substr(0, 2) == "p.") text.remove_prefix(2);
  if (text.size() > 2 && text.front() == '(' && text.back() == ')') text = text.substr(1, text.size() - 2);
  const std::size_t digits = text.find_first_of("0123456789");
  const std::size_t behind = text.find_first_not_of("0123456789", digits);
  if (digits == std::string_view::npos || behind == std::string_view::npos) return std::nullopt;
  const auto from = residue_of(text.substr(0, digits)), to = residue_of(text.substr(behind));
  Substitution out;
  const auto [end, fault] = std::from_chars(text.data() + digits, text.data() + behind, out.position);
  if (!from || !to || fault != std::errc() || end != text.data() + behind || out.position == 0)
    return std::nullopt;
  out.from = *from;
  out.to = *to;
  return out;
}

/// What a change is that is no substitution, for the message.
std::string_view other_change(const std::string& text) {
  const std::string all = upper(text);
  const auto holds = [&](const char* part) { return all.find(part) != std::string::npos; };
  if (holds("FS")) return "a frame shift";
  if (holds("DELINS") || holds("INDEL")) return "a deletion with insertion";
  if (holds("DEL")) return "a deletion";
  if (holds("INS")) return "an insertion";
  if (holds("DUP")) return "a duplication";
  if (holds("*") || holds("TER")) return "a stop";
  if (holds("=")) return "no change";
  return "";
}

std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t cut = text.find_first_of(":+,; \t");
    if (cut != 0) parts.push_back(text.substr(0, cut));
    if (cut == std::string_view::npos) break;
    text.remove_prefix(cut + 1);
  }
  return parts;
}

[[noreturn]] void refuse(const std::string& text, std::string_view part) {
  const auto change = other_change(std::string(part));
  if (!change.empty())
    throw UsageError(fmt::format("'{}' is {}, not a substitution", text, change),
                     "only substitutions are scored: a profile knows no length changes");
  throw UsageError(fmt::format("'{}' is no substitution", text), how_written);
}

}  // namespace

std::string Mutant::text() const {
  std::string out;
  for (const auto& s : substitutions)
    out += fmt::format("{}{}{}{}", out.empty() ? "" : ":", s.from, s.position, s.to);
  return out;
}

Mutant parse_mutant(const std::string& text) {
  Mutant mutant;
  const auto parts = parts_of(trimmed(text));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto substitution = substitution_of(parts[i]);
    if (!substitution && i == 0 && parts.size() > 1) {
      mutant.gene = upper(parts[i]);
      continue;
    }
    if (!substitution) refuse(text, parts[i]);
    if (substitution->from == substitution->to)
      throw UsageError(fmt::format("'{}' exchanges {} with itself", text, substitution->from), how_written);
    for (const auto& other : mutant.substitutions)
      if (other.position == substitution->position)
        throw UsageError(fmt::format("'{}' names position {} twice", text, other.position), how_written);
    mutant.substitutions.push_back(*substitution);
  }
  if (mutant.substitutions.empty()) refuse(text, text);
  return mutant;
}

std::vector<Mutant> mutants_from_text(const std::string& text, const std::string& source) {
  std::vector<Mutant> mutants;
  std::string_view rest = text, line;
  for (std::size_t number = 1; next_line(rest, line); ++number) {
    line = trimmed(line);
    if (line.empty() || line.front() == '#') continue;
    std::string_view cell = trimmed(line.substr(0, line.find_first_of(",\t")));
    if (cell.size() > 1 && cell.front() == '"' && cell.back() == '"') cell = cell.substr(1, cell.size() - 2);
    const std::string name = upper(cell);
    if (mutants.empty() && (name == "MUTATION" || name == "MUTANT" || name == "VARIANT")) continue;
    try {
      mutants.push_back(parse_mutant(std::string(cell)));
    } catch (const UsageError& error) {
      throw InputError(fmt::format("{} ({}, line {})", error.what(), source, number), error.hint());
    }
  }
  if (mutants.empty()) throw InputError(fmt::format("no mutation in '{}'", source), "one a line: L858R");
  return mutants;
}

void check_mutant(const Mutant& mutant, const std::string& residues, const std::string& name) {
  for (const auto& s : mutant.substitutions) {
    if (s.position > residues.size())
      throw InputError(fmt::format("'{}': '{}' has {} residues, no position {}", mutant.text(), name,
                                   residues.size(), s.position),
                       "positions count from 1 in the sequence given");
    const char there = residues[s.position - 1];
    if (there == s.from) continue;
    std::string hint = "is the numbering that of another isoform, or of the mature protein?";
    for (std::size_t distance = 1; distance <= residues.size(); ++distance) {
      const bool before = s.position > distance && residues[s.position - 1 - distance] == s.from;
      const bool behind =
          s.position - 1 + distance < residues.size() && residues[s.position - 1 + distance] == s.from;
      if (!before && !behind) continue;
      hint += fmt::format(" the nearest {} is at {}", s.from,
                          before ? s.position - distance : s.position + distance);
      break;
    }
    throw InputError(fmt::format("'{}': position {} of '{}' is {}, not {}", mutant.text(), s.position, name,
                                 there, s.from),
                     hint);
  }
}

std::vector<Mutant> single_mutants(const std::string& residues) {
  std::vector<Mutant> mutants;
  for (std::size_t p = 0; p < residues.size(); ++p) {
    if (residue_code(residues[p]) >= residue_kinds) continue;
    for (const char to : amino_acid_letters)
      if (to != residues[p]) mutants.push_back({"", {{p + 1, residues[p], to}}});
  }
  return mutants;
}

std::string mutated(const std::string& residues, const Mutant& mutant) {
  std::string out = residues;
  for (const auto& s : mutant.substitutions) out.at(s.position - 1) = s.to;
  return out;
}

}  // namespace theriac::chem
