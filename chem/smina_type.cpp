#include "chem/smina_type.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>

#include "chem/cell_list.hpp"
#include "chem/error.hpp"
#include "chem/text_file.hpp"

namespace theriac::chem {
namespace {

struct TypeRow {
  const char* name;
  const char* autodock;
  double covalent_radius;  // angstrom
};

// smina's table (atom_constants); the AutoDock name stands at the first type that it gives.
constexpr std::array<TypeRow, smina_type_count> rows{{
    {"Hydrogen", "H", 0.37},
    {"PolarHydrogen", "HD", 0.37},
    {"AliphaticCarbonXSHydrophobe", "C", 0.77},
    {"AliphaticCarbonXSNonHydrophobe", "", 0.77},
    {"AromaticCarbonXSHydrophobe", "A", 0.77},
    {"AromaticCarbonXSNonHydrophobe", "", 0.77},
    {"Nitrogen", "N", 0.75},
    {"NitrogenXSDonor", "", 0.75},
    {"NitrogenXSDonorAcceptor", "", 0.75},
    {"NitrogenXSAcceptor", "NA", 0.75},
    {"Oxygen", "O", 0.73},
    {"OxygenXSDonor", "", 0.73},
    {"OxygenXSDonorAcceptor", "", 0.73},
    {"OxygenXSAcceptor", "OA", 0.73},
    {"Sulfur", "S", 1.02},
    {"SulfurAcceptor", "SA", 1.02},
    {"Phosphorus", "P", 1.06},
    {"Fluorine", "F", 0.71},
    {"Chlorine", "Cl", 0.99},
    {"Bromine", "Br", 1.14},
    {"Iodine", "I", 1.33},
    {"Magnesium", "Mg", 1.30},
    {"Manganese", "Mn", 1.39},
    {"Zinc", "Zn", 1.31},
    {"Calcium", "Ca", 1.74},
    {"Iron", "Fe", 1.25},
    {"GenericMetal", "M", 1.75},
    {"Boron", "B", 0.90},
}};
constexpr double largest_covalent_radius = 1.75, bond_allowance = 1.1;

const TypeRow& row(SminaType type) {
  return rows[static_cast<std::size_t>(type)];
}

SminaType type_of_autodock(const std::string& autodock) {
  if (autodock == "Se") return SminaType::Sulfur;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (!autodock.empty() && autodock == rows[i].autodock) return static_cast<SminaType>(i);
  if (autodock.empty() || autodock.size() > 2)
    throw MoleculeError(fmt::format("unknown AutoDock atom type '{}'", autodock),
                        "types have one or two letters");
  return SminaType::GenericMetal;
}

bool is_hydrogen(SminaType type) {
  return type == SminaType::Hydrogen || type == SminaType::PolarHydrogen;
}
bool is_carbon(SminaType type) {
  return type >= SminaType::AliphaticCarbonXSHydrophobe && type <= SminaType::AromaticCarbonXSNonHydrophobe;
}
bool is_heteroatom(SminaType type) {
  return !is_hydrogen(type) && !is_carbon(type) && type != SminaType::Boron;
}

/// What the neighbours make of a type that came from an AutoDock name.
SminaType adjusted(SminaType type, bool by_polar_hydrogen, bool by_heteroatom) {
  switch (type) {
    case SminaType::AliphaticCarbonXSHydrophobe:
      return by_heteroatom ? SminaType::AliphaticCarbonXSNonHydrophobe : type;
    case SminaType::AromaticCarbonXSHydrophobe:
      return by_heteroatom ? SminaType::AromaticCarbonXSNonHydrophobe : type;
    case SminaType::Nitrogen:
      return by_polar_hydrogen ? SminaType::NitrogenXSDonor : type;
    case SminaType::NitrogenXSAcceptor:
      return by_polar_hydrogen ? SminaType::NitrogenXSDonorAcceptor : type;
    case SminaType::Oxygen:
      return by_polar_hydrogen ? SminaType::OxygenXSDonor : type;
    case SminaType::OxygenXSAcceptor:
      return by_polar_hydrogen ? SminaType::OxygenXSDonorAcceptor : type;
    default:
      return type;
  }
}

/// Says whether no torsion changes the distance of two atoms: one rigid fragment, or an end of the rotatable
/// bond between two and an atom of either.
class FixedDistances {
 public:
  explicit FixedDistances(const UntypedAtoms& atoms) : atoms_(atoms) {}
  bool operator()(int i, int j) const {
    if (atoms_.fragments.empty() || fragment(i) == fragment(j)) return true;
    return std::any_of(atoms_.rotatable.begin(), atoms_.rotatable.end(),
                       [&](const std::pair<int, int>& bond) {
                         return turns(bond.first, bond.second, i, j) || turns(bond.first, bond.second, j, i);
                       });
  }

 private:
  int fragment(int atom) const { return atoms_.fragments[static_cast<std::size_t>(atom)]; }
  /// i is an end of the bond and j belongs to the fragment at the other end.
  bool turns(int a, int b, int i, int j) const {
    return (i == a && fragment(j) == fragment(b)) || (i == b && fragment(j) == fragment(a));
  }
  const UntypedAtoms& atoms_;
};

std::string_view columns(std::string_view line, std::size_t first, std::size_t last) {
  return first <= line.size() ? trimmed(line.substr(first - 1, last - first + 1)) : std::string_view();
}

double coordinate(std::string_view text, const std::string& source, int line) {
  double value = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + (!text.empty() && text[0] == '+'), end, value);
  if (text.empty() || read.ec != std::errc() || read.ptr != end)
    throw InputError(fmt::format("coordinate '{}' is not a number ({}, line {})", text, source, line),
                     "PDBQT has fixed columns: x 31-38, y 39-46, z 47-54, charge 71-76, type 78-79");
  return value;
}

}  // namespace

const char* name(SminaType type) {
  return row(type).name;
}

std::vector<SminaAtom> smina_typed(UntypedAtoms untyped) {
  auto& atoms = untyped.atoms;
  for (auto& atom : atoms) atom.type = type_of_autodock(atom.autodock_type);
  const FixedDistances fixed(untyped);
  std::vector<Vector3> positions;
  for (const auto& atom : atoms) positions.push_back(atom.position);
  const double reach = bond_allowance * 2 * largest_covalent_radius;
  const CellList cells(positions, reach);
  const auto squared = [&](int i, int j) {
    return squared_distance(positions[static_cast<std::size_t>(i)], positions[static_cast<std::size_t>(j)]);
  };
  const auto type = [&](int i) { return atoms[static_cast<std::size_t>(i)].type; };
  std::vector<char> by_polar_hydrogen(atoms.size()), by_heteroatom(atoms.size());
  std::vector<int> near;
  for (int i = 0; i < static_cast<int>(atoms.size()); ++i) {
    near.clear();
    cells.for_each_within(positions[static_cast<std::size_t>(i)], reach, [&](int j, double) {
      if (j != i && fixed(i, j)) near.push_back(j);
    });
    for (const int j : near) {
      const double length = bond_allowance * (row(type(i)).covalent_radius + row(type(j)).covalent_radius);
      const double d2 = squared(i, j);
      if (j < i || d2 >= length * length) continue;
      const bool between = std::any_of(near.begin(), near.end(), [&](int k) {
        return k != j && !is_hydrogen(type(k)) && squared(i, k) < d2 && squared(j, k) < d2 && fixed(j, k);
      });
      if (between) continue;
      for (const auto& [a, b] : {std::pair{i, j}, std::pair{j, i}}) {
        by_polar_hydrogen[static_cast<std::size_t>(a)] |= type(b) == SminaType::PolarHydrogen;
        by_heteroatom[static_cast<std::size_t>(a)] |= is_heteroatom(type(b));
      }
    }
  }
  for (std::size_t i = 0; i < atoms.size(); ++i)
    atoms[i].type = adjusted(atoms[i].type, by_polar_hydrogen[i], by_heteroatom[i]);
  return std::move(atoms);
}

std::vector<SminaAtom> smina_atoms(const Receptor& receptor) {
  UntypedAtoms untyped;
  int source = 0;
  const auto add = [&](const Vector3& position, const std::string& type) {
    if (type != "H") untyped.atoms.push_back({position, type, {}, source});
    ++source;
  };
  for (const auto& atom : receptor.atoms) add(atom.position, atom.autodock_type);
  for (const auto& residue : receptor.flexible_residues)
    for (const auto& atom : residue.chain.atoms) add(atom.position, atom.autodock_type);
  return smina_typed(std::move(untyped));
}

std::vector<SminaAtom> smina_atoms(const FlexibleLigand& ligand) {
  std::vector<int> fragment(ligand.atoms.size()), place(ligand.atoms.size(), -1);
  for (std::size_t f = 0; f < ligand.fragments.size(); ++f)
    for (const int atom : ligand.fragments[f].atoms)
      fragment[static_cast<std::size_t>(atom)] = static_cast<int>(f);
  UntypedAtoms untyped;
  for (std::size_t i = 0; i < ligand.atoms.size(); ++i) {
    const auto& atom = ligand.atoms[i];
    if (atom.autodock_type == "H") continue;
    place[i] = static_cast<int>(untyped.atoms.size());
    untyped.atoms.push_back({atom.position, atom.autodock_type, {}, static_cast<int>(i)});
    untyped.fragments.push_back(fragment[i]);
  }
  for (const auto& f : ligand.fragments)
    if (f.parent >= 0)
      untyped.rotatable.emplace_back(place[static_cast<std::size_t>(f.axis_begin)],
                                     place[static_cast<std::size_t>(f.axis_end)]);
  return smina_typed(std::move(untyped));
}

std::vector<SminaAtom> smina_receptor_of_pdbqt(std::string_view text, const std::string& source) {
  UntypedAtoms untyped;
  int line_number = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++line_number;
    const std::string_view record = columns(line, 1, 6);
    if (record == "ENDMDL") break;
    if (record != "ATOM" && record != "HETATM") continue;
    SminaAtom atom;
    atom.position = {coordinate(columns(line, 31, 38), source, line_number),
                     coordinate(columns(line, 39, 46), source, line_number),
                     coordinate(columns(line, 47, 54), source, line_number)};
    atom.autodock_type = columns(line, 78, 79);
    if (atom.autodock_type.empty())
      throw InputError(
          fmt::format("the atom type in columns 78-79 is missing ({}, line {})", source, line_number),
          "convert PDB to PDBQT first");
    atom.source = static_cast<int>(untyped.atoms.size());
    untyped.atoms.push_back(std::move(atom));
  }
  return smina_typed(std::move(untyped));
}

}  // namespace theriac::chem
