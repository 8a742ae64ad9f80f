#include "cli/design_drugs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "chem/data_file.hpp"
#include "chem/error.hpp"
#include "chem/flat_graph.hpp"
#include "chem/substructure.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/results_table.hpp"

namespace theriac::cli {
namespace {

const std::vector<std::string>& table_columns() {
  static const std::vector<std::string> names = {"name", "smiles", "scaffold", "warhead_1", "warhead_2"};
  return names;
}

using Match = std::vector<int>;  ///< atom at the attachment point, then those of the warhead

bool overlap(const Match& a, const Match& b) {
  return std::any_of(a.begin() + 1, a.end(),
                     [&](int atom) { return std::find(b.begin() + 1, b.end(), atom) != b.end(); });
}

/// Atoms on the shortest way from one warhead to the other that passes through neither; -1: there is none.
int atoms_between(const std::vector<std::vector<chem::GraphNeighbour>>& adjacent, const Match& a,
                  const Match& b) {
  if (std::find(b.begin() + 1, b.end(), a.front()) != b.end()) return 0;
  std::vector<int> atoms(adjacent.size(), 0), queue{a.front()};
  for (const Match* m : {&a, &b})
    for (auto it = m->begin() + 1; it != m->end(); ++it) atoms[static_cast<std::size_t>(*it)] = -1;
  atoms[static_cast<std::size_t>(a.front())] = 1;
  for (std::size_t head = 0; head < queue.size(); ++head) {
    const auto atom = static_cast<std::size_t>(queue[head]);
    if (queue[head] == b.front()) return atoms[atom];
    for (const auto& n : adjacent[atom])
      if (atoms[static_cast<std::size_t>(n.atom)] == 0) {
        atoms[static_cast<std::size_t>(n.atom)] = atoms[atom] + 1;
        queue.push_back(n.atom);
      }
  }
  return -1;
}

}  // namespace

std::vector<DesignDrug> design_drugs(const std::string& path) {
  const std::string file = path.empty() ? chem::data_file("drugs/design_drugs.csv") : path;
  const auto rows = datasets::read_csv(datasets::read_file(file));
  if (rows.empty() || rows.front() != table_columns())
    throw InputError(
        fmt::format("'{}' does not have the columns {}", file, fmt::join(table_columns(), ", ")));
  std::vector<DesignDrug> out;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto& row = rows[i];
    if (row.size() != table_columns().size() || std::count(row.begin(), row.end(), "") > 0)
      throw InputError(fmt::format("{}, line {}: {} fields are wanted, none of them empty", file, i + 1,
                                   table_columns().size()));
    out.push_back({row[0], row[1], row[2], {row[3], row[4]}});
  }
  if (out.empty()) throw InputError(fmt::format("'{}' has no drug", file));
  return out;
}

bool holds_piece(const chem::Molecule& molecule, const std::string& piece) {
  return chem::SubstructurePattern(piece).matches(molecule);
}

std::vector<int> linker_lengths(const chem::Molecule& molecule, const std::vector<std::string>& warheads) {
  const chem::Molecule canonical = chem::Molecule::from_smiles(molecule.smiles());  // atoms as in the SMILES
  const chem::SubstructureTarget target(canonical);
  const auto first = chem::SubstructurePattern(warheads.at(0)).occurrences(target);
  const auto second = chem::SubstructurePattern(warheads.at(1)).occurrences(target);
  const auto adjacent = chem::neighbours(chem::flat_graph(molecule.smiles()).graph);
  std::set<int> lengths;
  for (const Match& a : first)
    for (const Match& b : second)
      if (!overlap(a, b))
        if (const int atoms = atoms_between(adjacent, a, b); atoms >= 0) lengths.insert(atoms);
  return {lengths.begin(), lengths.end()};
}

}  // namespace theriac::cli
