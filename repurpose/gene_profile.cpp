#include "repurpose/gene_profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>

#include "chem/error.hpp"
#include "chem/text_file.hpp"
#include "repurpose/entity_name.hpp"

namespace theriac::repurpose {
namespace {

using datasets::EntityKind;
using datasets::Store;

constexpr const char* what_to_do =
    "a gene a line: its symbol, Entrez id or UniProt accession, then up, down or a weight";

std::vector<std::string_view> cells_of(std::string_view line) {
  std::vector<std::string_view> cells;
  while (!line.empty()) {
    const std::size_t begin = line.find_first_not_of(" \t,;");
    if (begin == std::string_view::npos) break;
    line.remove_prefix(begin);
    const std::size_t end = std::min(line.find_first_of(" \t,;"), line.size());
    cells.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return cells;
}

struct Change {
  double weight = 1;
  int direction = 0;
};

/// What stands behind the gene; nothing when it can be neither.
std::optional<Change> change_of(std::string_view cell) {
  const std::string word = datasets::comparable_name(cell);
  if (word == "up") return Change{1, +1};
  if (word == "down") return Change{1, -1};
  double value = 0;
  if (!cell.empty() && cell.front() == '+') cell.remove_prefix(1);
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc() || end != cell.data() + cell.size() || !std::isfinite(value)) return std::nullopt;
  return Change{std::abs(value), value > 0 ? +1 : value < 0 ? -1 : 0};
}

bool is_header(std::string_view cell) {
  const std::string word = datasets::comparable_name(cell);
  return word == "gene" || word == "genes" || word == "symbol" || word == "gene symbol" || word == "entrez" ||
         word == "uniprot" || word == "gene id";
}

/// The gene that a cell names; nothing when it is unknown or ambiguous.
std::optional<std::uint32_t> gene_of(const Store& store, std::string_view cell) {
  try {
    return find_entity(store, EntityKind::target, std::string(cell)).entity;
  } catch (const InputError&) {
    return std::nullopt;
  }
}

/// Weights all above 0 are weights only; a sign anywhere makes the list a signature.
void settle_directions(GeneProfile& profile, bool any_word, bool any_negative) {
  if (any_word || any_negative) return;
  for (auto& gene : profile.genes) gene.change = 0;
}

}  // namespace

bool GeneProfile::is_signature() const {
  return std::any_of(genes.begin(), genes.end(), [](const ProfileGene& gene) { return gene.change != 0; });
}

GeneProfile gene_profile_from_text(const Store& store, std::string_view text, const std::string& source) {
  GeneProfile profile;
  profile.name = source;
  std::map<std::uint32_t, ProfileGene> by_target;
  std::string_view line;
  bool any_word = false, any_negative = false;
  for (std::size_t number = 1; chem::next_line(text, line); ++number) {
    const auto cells = cells_of(line);
    if (cells.empty() || cells.front().front() == '#' || (number == 1 && is_header(cells.front()))) continue;
    Change change;
    if (cells.size() > 1) {
      const auto read = change_of(cells[1]);
      if (!read)
        throw InputError(
            fmt::format("'{}' is neither a number nor up or down ({}, line {})", cells[1], source, number),
            what_to_do);
      change = *read;
      any_word = any_word || std::isalpha(static_cast<unsigned char>(cells[1].front()));
      any_negative = any_negative || change.direction < 0;
    }
    const auto target = gene_of(store, cells.front());
    if (!target)
      profile.unknown.push_back({number, std::string(cells.front())});
    else if (change.weight > 0)
      by_target[*target] = {*target, change.weight, change.direction};
  }
  for (const auto& [target, gene] : by_target) profile.genes.push_back(gene);
  if (profile.genes.empty() && profile.unknown.empty())
    throw InputError(fmt::format("no genes in '{}'", source), what_to_do);
  if (profile.genes.empty())
    throw InputError(fmt::format("none of the {} genes of '{}' is in the store, the first is '{}'",
                                 profile.unknown.size(), source, profile.unknown.front().text),
                     what_to_do);
  settle_directions(profile, any_word, any_negative);
  return profile;
}

GeneProfile read_gene_profile(const Store& store, const std::string& path) {
  return gene_profile_from_text(store, chem::read_text_file(path), path);
}

}  // namespace theriac::repurpose
