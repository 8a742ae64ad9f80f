#include "chem/molecule_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <utility>
#include <vector>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"

namespace theriac::chem {
namespace {

const std::vector<std::pair<std::string, MoleculeFormat>>& extensions() {
  using F = MoleculeFormat;
  static const std::vector<std::pair<std::string, F>> table{
      {"smi", F::smiles},    {"csv", F::csv},    {"tsv", F::tsv},         {"sdf", F::sdf},
      {"mol", F::mol},       {"mol2", F::mol2},  {"pdb", F::pdb},         {"pdbqt", F::pdbqt},
      {"smiles", F::smiles}, {"ism", F::smiles}, {"cxsmiles", F::smiles}, {"tab", F::tsv},
      {"sd", F::sdf},        {"mdl", F::mol},    {"ent", F::pdb}};
  return table;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::optional<MoleculeFormat> from_word(const std::string& word) {
  for (const auto& [extension, format] : extensions())
    if (extension == word) return format;
  return std::nullopt;
}

/// The first complete lines of `start`; the last one only if nothing follows it.
std::vector<std::string_view> lines_of(std::string_view start) {
  std::vector<std::string_view> lines;
  while (!start.empty()) {
    const std::size_t end = std::min(start.find('\n'), start.size());
    std::string_view line = start.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    lines.push_back(line);
    start.remove_prefix(std::min(end + 1, start.size()));
  }
  return lines;
}

bool begins(std::string_view line, std::string_view word) {
  return line.substr(0, word.size()) == word;
}

bool looks_like_smiles(std::string_view word) {
  static constexpr std::string_view allowed =
      "ABCDEFGHIKLMNOPRSTUVWXYZabcdefghiklmnoprstuy0123456789[]()=#$-+@/\\%.:*~>";
  if (word.empty() || word.size() > 4096) return false;
  const bool only_allowed = word.find_first_not_of(allowed) == std::string_view::npos;
  return only_allowed && word.find_first_of("BCNOPSFIbcnops[*") != std::string_view::npos;
}

std::optional<MoleculeFormat> from_structure_lines(const std::vector<std::string_view>& lines) {
  bool atoms = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto& line = lines[i];
    if (begins(line, "@<TRIPOS>")) return MoleculeFormat::mol2;
    if (i == 3 && (line.find("V2000") != line.npos || line.find("V3000") != line.npos))
      return MoleculeFormat::sdf;
    if (begins(line, "M  END") || begins(line, "$$$$")) return MoleculeFormat::sdf;
    if (begins(line, "ROOT") || begins(line, "TORSDOF")) return MoleculeFormat::pdbqt;
    atoms = atoms || begins(line, "ATOM  ") || begins(line, "HETATM");
  }
  if (atoms) return MoleculeFormat::pdb;
  return std::nullopt;
}

std::optional<MoleculeFormat> from_table_header(std::string_view line) {
  for (const auto& [separator, format] :
       {std::pair{'\t', MoleculeFormat::tsv}, {',', MoleculeFormat::csv}, {';', MoleculeFormat::csv}}) {
    if (line.find(separator) == line.npos) continue;
    std::string_view rest = line;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(separator), rest.size());
      std::string_view cell = rest.substr(0, end);
      if (cell.size() > 1 && cell.front() == '"' && cell.back() == '"')
        cell = cell.substr(1, cell.size() - 2);
      if (is_smiles_column(cell)) return format;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return std::nullopt;
}

}  // namespace

std::string format_name(MoleculeFormat format) {
  for (const auto& [extension, f] : extensions())
    if (f == format) return extension;
  return "unknown";
}

std::string known_formats() {
  std::string text;
  for (std::size_t i = 0; i < 8; ++i) text += (i ? ", " : "") + extensions()[i].first;
  return text;
}

MoleculeFormat format_from_name(const std::string& name) {
  std::string word = lower(name);
  if (!word.empty() && word.front() == '.') word.erase(0, 1);
  if (word.size() > 3 && word.substr(word.size() - 3) == ".gz") word.resize(word.size() - 3);
  if (const auto format = from_word(word)) return *format;
  std::vector<std::string> known;
  for (const auto& entry : extensions()) known.push_back(entry.first);
  const std::string near = nearest_name(word, known);
  throw UsageError(fmt::format("unknown input format '{}'; known formats: {}", name, known_formats()),
                   near.empty() ? std::string() : fmt::format("did you mean '{}'?", near));
}

std::optional<MoleculeFormat> format_from_extension(const std::string& path) {
  std::filesystem::path file(path);
  if (lower(file.extension().string()) == ".gz") file.replace_extension();
  const std::string extension = lower(file.extension().string());
  return extension.empty() ? std::nullopt : from_word(extension.substr(1));
}

std::optional<MoleculeFormat> format_from_content(std::string_view start) {
  if (start.find('\0') != start.npos) return std::nullopt;
  const auto lines = lines_of(start);
  if (const auto structure = from_structure_lines(lines)) return structure;
  for (const auto& line : lines) {
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == line.npos || line[begin] == '#') continue;
    if (const auto table = from_table_header(line)) return table;
    const std::string_view word = line.substr(begin, line.find_first_of(" \t", begin) - begin);
    if (looks_like_smiles(word) || is_smiles_column(word)) return MoleculeFormat::smiles;
    return std::nullopt;
  }
  return std::nullopt;
}

bool is_smiles_text(MoleculeFormat format) {
  return format == MoleculeFormat::smiles || format == MoleculeFormat::csv || format == MoleculeFormat::tsv;
}

bool is_smiles_column(std::string_view name) {
  std::string word;
  for (const char c : lower(std::string(name)))
    if (std::isalnum(static_cast<unsigned char>(c))) word += c;
  static const std::vector<std::string> known{
      "smiles",      "canonicalsmiles", "isomericsmiles", "smilescanonical", "smilesisomeric", "structure",
      "smi",         "cxsmiles",        "molsmiles",      "compoundsmiles",  "ligandsmiles",   "drugsmiles",
      "rdkitsmiles", "cansmi"};
  return std::find(known.begin(), known.end(), word) != known.end();
}

}  // namespace theriac::chem
