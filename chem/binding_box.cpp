#include "chem/binding_box.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <set>

#include "chem/amino_acid.hpp"
#include "chem/cell_list.hpp"
#include "chem/error.hpp"
#include "chem/ligand_coordinates.hpp"
#include "chem/pdb_columns.hpp"
#include "chem/text_file.hpp"

namespace theriac::chem {
namespace {

constexpr double contact_distance =
    4.0;  ///< a ligand atom at the box wall may touch receptor atoms this far away
constexpr double scoring_reach = 8.0;  ///< cut-off of the Vina terms
constexpr double empty_share_warned = 0.3;

Vector3 lowest(Vector3 a, Vector3 b) {
  return {std::min(a.x, b.x), std::min(a.y, b.y), std::min(a.z, b.z)};
}
Vector3 highest(Vector3 a, Vector3 b) {
  return {std::max(a.x, b.x), std::max(a.y, b.y), std::max(a.z, b.z)};
}

std::pair<Vector3, Vector3> extent_of(const std::vector<Vector3>& points) {
  Vector3 low = points.front(), high = points.front();
  for (const auto& point : points) {
    low = lowest(low, point);
    high = highest(high, point);
  }
  return {low, high};
}

/// All atoms, those of flexible side chains included.
std::vector<Vector3> positions_of(const Receptor& receptor) {
  std::vector<Vector3> positions;
  for (const auto& atom : receptor.atoms) positions.push_back(atom.position);
  for (const auto& residue : receptor.flexible_residues)
    for (const auto& atom : residue.chain.atoms) positions.push_back(atom.position);
  return positions;
}

std::string range_text(Vector3 low, Vector3 high) {
  return fmt::format("{:.1f}..{:.1f}  {:.1f}..{:.1f}  {:.1f}..{:.1f}", low.x, high.x, low.y, high.y, low.z,
                     high.z);
}

double distance_to_box(Vector3 point, Vector3 low, Vector3 high) {
  return distance(point, highest(low, lowest(high, point)));
}

/// Share of the box, on a 2 angstrom lattice (at least 4 points an edge), that is out of reach of all atoms.
double empty_share(const Box& box, const CellList& atoms) {
  std::array<int, 3> n{};
  for (int axis = 0; axis < 3; ++axis)
    n[axis] = std::max(4, static_cast<int>(std::ceil(box.size[axis] / 2.0)));
  long empty = 0;
  for (int i = 0; i < n[0]; ++i)
    for (int j = 0; j < n[1]; ++j)
      for (int k = 0; k < n[2]; ++k) {
        const Vector3 step{(i + 0.5) / n[0] * box.size.x, (j + 0.5) / n[1] * box.size.y,
                           (k + 0.5) / n[2] * box.size.z};
        empty += !atoms.any_within(box.low() + step, scoring_reach);
      }
  return static_cast<double>(empty) / (static_cast<double>(n[0]) * n[1] * n[2]);
}

ResidueId parse_residue(const std::string& part) {
  ResidueId residue;
  std::string rest = part;
  const std::size_t colon = part.rfind(':');
  if (colon != std::string::npos) {
    residue.chain = part.substr(0, colon);
    rest = part.substr(colon + 1);
  }
  const auto result = std::from_chars(rest.data(), rest.data() + rest.size(), residue.number);
  const auto left = rest.data() + rest.size() - result.ptr;
  const bool code = left == 1 && std::isalpha(static_cast<unsigned char>(*result.ptr));
  if (result.ec != std::errc() || (left != 0 && !code))
    throw UsageError(fmt::format("residue '{}' is not CHAIN:NUMBER", part), "write them as A:315,A:381");
  if (code) residue.insertion_code = *result.ptr;
  return residue;
}

std::vector<ResidueId> residues_of(const Receptor& receptor) {
  std::vector<ResidueId> residues;
  for (const auto& atom : receptor.atoms)
    if (residues.empty() || !(residues.back() == atom.residue)) residues.push_back(atom.residue);
  for (const auto& flexible : receptor.flexible_residues) residues.push_back(flexible.residue);
  return residues;
}

std::string residue_label(const Receptor& receptor, const ResidueId& id) {
  for (const auto& atom : receptor.atoms)
    if (atom.residue == id) return fmt::format("{} ({})", id.text(), atom.residue_name);
  return id.text();
}

[[noreturn]] void refuse_residue(const Receptor& receptor, const std::vector<ResidueId>& known,
                                 const ResidueId& wanted) {
  std::set<std::string> chains;
  std::vector<ResidueId> near;
  for (const auto& id : known) {
    chains.insert(id.chain);
    if (wanted.chain.empty() || id.chain == wanted.chain) near.push_back(id);
  }
  if (near.empty())
    throw InputError(fmt::format("no chain '{}' in {}", wanted.chain, receptor.name),
                     fmt::format("its chains are {}", fmt::join(chains, ", ")));
  std::stable_sort(near.begin(), near.end(), [&](const ResidueId& a, const ResidueId& b) {
    return std::abs(a.number - wanted.number) < std::abs(b.number - wanted.number);
  });
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min<std::size_t>(4, near.size()); ++i)
    names.push_back(residue_label(receptor, near[i]));
  throw InputError(fmt::format("no residue {} in {}", wanted.text(), receptor.name),
                   fmt::format("nearest are {}", fmt::join(names, ", ")));
}

}  // namespace

Box box_around(const std::vector<Vector3>& points, double margin, std::string origin) {
  if (points.empty()) throw InputError(fmt::format("no atoms to put a box around ({})", origin));
  const auto [low, high] = extent_of(points);
  const Vector3 border{margin, margin, margin};
  return {0.5 * (low + high), high - low + 2.0 * border, std::move(origin)};
}

Box box_from_ligand_file(const std::string& path, double margin) {
  const auto molecules = read_ligand_coordinates(path);
  std::vector<Vector3> points;
  for (const auto& molecule : molecules) points.insert(points.end(), molecule.begin(), molecule.end());
  std::string origin = std::filesystem::path(path).filename().string();
  if (molecules.size() > 1) origin += fmt::format(", all {} molecules", molecules.size());
  return box_around(points, margin, fmt::format("{} + {:g} A", origin, margin));
}

Box box_from_crystal_ligand(const Structure& structure, const std::string& selection, double margin) {
  const CrystalLigand ligand = find_crystal_ligand(structure, parse_residue_selection(selection));
  std::vector<Vector3> points;
  for (const auto& atom : ligand.atoms)
    if (atom.element > 1) points.push_back(atom.position);
  std::string origin = fmt::format("{} + {:g} A", ligand.text(), margin);
  if (ligand.copies > 1) origin += fmt::format(", first of {} copies", ligand.copies);
  return box_around(points, margin, origin);
}

std::vector<ResidueId> parse_residue_list(const std::string& text) {
  std::vector<ResidueId> residues;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string part(trimmed(rest.substr(0, comma)));
    if (!part.empty()) residues.push_back(parse_residue(part));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  if (residues.empty())
    throw UsageError(fmt::format("no residues in '{}'", text), "write them as A:315,A:381");
  return residues;
}

ResidueId find_residue(const Receptor& receptor, const ResidueId& wanted) {
  const auto known = residues_of(receptor);
  std::vector<ResidueId> matches;
  for (const auto& id : known) {
    const bool same = id.number == wanted.number && id.insertion_code == wanted.insertion_code;
    const bool chain = wanted.chain.empty() || id.chain == wanted.chain;
    if (same && chain && std::find(matches.begin(), matches.end(), id) == matches.end())
      matches.push_back(id);
  }
  if (matches.empty()) refuse_residue(receptor, known, wanted);
  if (matches.size() > 1)
    throw InputError(fmt::format("residue {} is in several chains of {}", wanted.number, receptor.name),
                     fmt::format("name the chain, e.g. {}", matches.front().text()));
  return matches.front();
}

Box box_from_residues(const Receptor& receptor, const std::string& residues, double margin) {
  std::vector<Vector3> points;
  std::vector<std::string> names;
  for (const auto& wanted : parse_residue_list(residues)) {
    const ResidueId id = find_residue(receptor, wanted);
    names.push_back(id.text());
    for (const auto& atom : receptor.atoms)
      if (atom.residue == id) points.push_back(atom.position);
    for (const auto& flexible : receptor.flexible_residues)
      if (flexible.residue == id)
        for (const auto& atom : flexible.chain.atoms) points.push_back(atom.position);
  }
  return box_around(points, margin, fmt::format("residues {} + {:g} A", fmt::join(names, ", "), margin));
}

Box box_around_protein(const Receptor& receptor, double margin) {
  const Box box = box_around(positions_of(receptor), margin, fmt::format("whole protein + {:g} A", margin));
  for (int axis = 0; axis < 3; ++axis)
    if (box.size[axis] > largest_box_edge)
      throw InputError(
          fmt::format("a box round the whole protein is {:.1f} x {:.1f} x {:.1f} A, but {:g} A is the "
                      "longest edge",
                      box.size.x, box.size.y, box.size.z, largest_box_edge),
          "--chains with fewer chains, or --autobox pocket");
  return box;
}

Box box_from_numbers(Vector3 center, Vector3 size) {
  const Box box{center, size, "given numbers"};
  require_sensible_box(box);
  return box;
}

void require_sensible_box(const Box& box) {
  static constexpr std::array<char, 3> names{'x', 'y', 'z'};
  for (int axis = 0; axis < 3; ++axis) {
    const double edge = box.size[axis];
    if (!std::isfinite(box.center[axis]) || std::abs(box.center[axis]) > 1e5)
      throw InputError(fmt::format("center_{} of the search box is {}, not a place in angstrom", names[axis],
                                   box.center[axis]));
    if (!std::isfinite(edge) || edge <= 0)
      throw InputError(
          fmt::format("size_{} of the search box is {}; it must be longer than 0 A", names[axis], edge),
          "20 to 30 A on each side suit most binding sites");
    if (edge > largest_box_edge)
      throw InputError(fmt::format("size_{} of the search box is {:g} A; at most {:g} A can be searched",
                                   names[axis], edge, largest_box_edge),
                       "20 to 30 A on each side suit most binding sites; --autobox pocket chooses one");
  }
}

std::vector<std::string> check_box(const Box& box, const Receptor& receptor, const std::string& hint) {
  require_sensible_box(box);
  const std::vector<Vector3> atoms = positions_of(receptor);
  if (atoms.empty()) throw InputError(fmt::format("the receptor {} has no atoms", receptor.name));
  double nearest = distance_to_box(atoms.front(), box.low(), box.high());
  for (const auto& atom : atoms) nearest = std::min(nearest, distance_to_box(atom, box.low(), box.high()));
  if (nearest > contact_distance) {
    const auto [low, high] = extent_of(atoms);
    throw InputError(
        fmt::format("the search box does not touch the receptor\n    box       {}\n    receptor  {}   "
                    "(nearest atom is {:.0f} A away)",
                    range_text(box.low(), box.high()), range_text(low, high), nearest),
        hint.empty() ? "--autobox_ligand, --autobox_residues or --autobox pocket choose a box" : hint);
  }
  std::vector<std::string> warnings;
  const double empty = empty_share(box, CellList(atoms, scoring_reach));
  if (empty > empty_share_warned)
    warnings.push_back(
        fmt::format("{:.0f} % of the box is outside any protein within {:g} A; docking goes on "
                    "(--box-check off silences this)",
                    100 * empty, scoring_reach));
  return warnings;
}

}  // namespace theriac::chem
