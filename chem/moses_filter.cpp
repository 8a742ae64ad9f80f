#include "chem/moses_filter.hpp"

#include <GraphMol/ROMol.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "chem/data_file.hpp"
#include "chem/error.hpp"
#include "chem/prepared_substructure.hpp"
#include "chem/text_file.hpp"

namespace theriac::chem {
namespace {

constexpr std::size_t forbidden_ring = 8;
constexpr std::array allowed_elements = {6, 7, 16, 8, 9, 17, 35, 1};

bool has_large_ring(const RDKit::ROMol& graph) {
  const auto& rings = graph.getRingInfo()->atomRings();
  return std::any_of(rings.begin(), rings.end(),
                     [](const auto& ring) { return ring.size() >= forbidden_ring; });
}

bool has_charge(const RDKit::ROMol& graph) {
  for (const auto atom : graph.atoms())
    if (atom->getFormalCharge() != 0) return true;
  return false;
}

bool has_other_element(const RDKit::ROMol& graph) {
  for (const auto atom : graph.atoms())
    if (std::find(allowed_elements.begin(), allowed_elements.end(), atom->getAtomicNum()) ==
        allowed_elements.end())
      return true;
  return false;
}

}  // namespace

MosesFilter MosesFilter::read(const std::string& path) {
  const std::string text = read_text_file(path);
  std::string_view rest = text, line;
  next_line(rest, line);
  if (line != "name\tsmarts")
    throw InputError(
        fmt::format("'{}' is not a table of filters: its first line is not 'name<tab>smarts'", path));
  std::vector<std::string> names;
  std::vector<std::shared_ptr<const RDKit::ROMol>> queries;
  for (int number = 2; next_line(rest, line); ++number) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos)
      throw InputError(fmt::format("no tab between name and SMARTS ({}, line {})", path, number));
    try {
      queries.push_back(smarts_query(std::string(line.substr(tab + 1))));
      names.emplace_back(line.substr(0, tab));
    } catch (const UsageError& error) {
      throw InputError(fmt::format("{} ({}, line {})", error.what(), path, number));
    }
  }
  if (names.empty()) throw InputError(fmt::format("'{}' holds no filter", path));
  return MosesFilter(std::move(names), PatternSet::of(std::move(queries)));
}

const MosesFilter& MosesFilter::shipped() {
  static const MosesFilter filter = read(data_file("alerts/moses_filters.tsv"));
  return filter;
}

std::vector<std::string> MosesFilter::hits(const Molecule& molecule) const {
  std::vector<std::string> out;
  const auto& graph = molecule.graph();
  if (has_large_ring(graph)) out.push_back("ring8");
  if (has_charge(graph)) out.push_back("charge");
  if (has_other_element(graph)) out.push_back("element");
  PatternSearch search(patterns_, SubstructureTarget(molecule, Hydrogens::all_atoms));
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (search.matches(i)) out.push_back(names_[i]);
  return out;
}

bool MosesFilter::passes(const Molecule& molecule) const {
  const auto& graph = molecule.graph();
  if (has_large_ring(graph) || has_charge(graph) || has_other_element(graph)) return false;
  PatternSearch search(patterns_, SubstructureTarget(molecule, Hydrogens::all_atoms));
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (search.matches(i)) return false;
  return true;
}

}  // namespace theriac::chem
