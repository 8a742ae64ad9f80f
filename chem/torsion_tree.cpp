#include "chem/torsion_tree.hpp"

#include <GraphMol/Atom.h>
#include <GraphMol/Bond.h>
#include <GraphMol/Conformer.h>
#include <GraphMol/PartialCharges/GasteigerCharges.h>
#include <GraphMol/ROMol.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "chem/autodock_type.hpp"
#include "chem/error.hpp"
#include "chem/molecular_symmetry.hpp"

namespace theriac::chem {
namespace {

using RDKit::Atom;
using RDKit::ROMol;

std::string hydrogen_type(const ROMol& mol, const Atom* atom) {
  for (const auto* heavy : mol.atomNeighbors(atom)) {
    const int z = heavy->getAtomicNum();
    if (z == 7 || z == 8 || z == 9 || z == 15 || z == 16) return "HD";
  }
  return "H";
}

/// Nitrogen accepts unless its lone pair is used up: cations, anilines and pyrroles, amides and their like.
std::string nitrogen_type(const ROMol& mol, const Atom* atom) {
  if (atom->getFormalCharge() > 0) return "N";
  if (atom->getTotalDegree() == 3 && atom->getTotalValence() == 3)
    for (const auto* n : mol.atomNeighbors(atom))
      if (n->getIsAromatic() || (n->getAtomicNum() == 6 && n->getTotalDegree() == 3)) return "N";
  return "NA";
}

/// Empty when docking knows no type for the element.
std::string autodock_type(const ROMol& mol, const Atom* atom) {
  switch (atom->getAtomicNum()) {
    case 1:
      return hydrogen_type(mol, atom);
    case 6:
      return atom->getIsAromatic() ? "A" : "C";
    case 7:
      return nitrogen_type(mol, atom);
    case 8:
      return "OA";
    case 9:
      return "F";
    case 15:
      return "P";
    case 16:
      return atom->getTotalDegree() == 2 && !atom->getIsAromatic() ? "SA" : "S";
    case 17:
      return "Cl";
    case 34:
      return "S";  // Vina scores selenium as sulphur
    case 35:
      return "Br";
    case 53:
      return "I";
    default:
      return {};
  }
}

std::vector<LigandAtom> ligand_atoms(const Molecule& molecule) {
  const ROMol& mol = molecule.graph();
  const std::vector<std::string> types = autodock_types(molecule);
  const std::vector<Vector3> positions = molecule.coordinates();
  std::vector<double> charges(mol.getNumAtoms(), 0.0);
  RDKit::computeGasteigerCharges(ROMol(mol), charges);  // a copy: the function stores properties on it
  std::vector<LigandAtom> out(mol.getNumAtoms());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const Atom* atom = mol.getAtomWithIdx(static_cast<unsigned>(i));
    out[i].name = (element_symbol(atom->getAtomicNum()) + std::to_string(i + 1)).substr(0, 4);
    out[i].autodock_type = types[i];
    out[i].element = atom->getAtomicNum();
    out[i].charge = std::isfinite(charges[i]) ? charges[i] : 0.0;
    out[i].position = positions[i];
    out[i].source_atom = static_cast<int>(i);
  }
  return out;
}

void check_ready(const Molecule& molecule) {
  const ROMol& mol = molecule.graph();
  if (!molecule.has_3d())
    throw MoleculeError("the molecule has no 3D coordinates",
                        "embed it first, or give an SDF with 3D coordinates");
  for (const auto* atom : mol.atoms())
    if (atom->getTotalNumHs(false) > 0)
      throw MoleculeError(fmt::format("atom {} ({}) lacks {} hydrogen(s)", atom->getIdx() + 1,
                                      atom->getSymbol(), atom->getTotalNumHs(false)),
                          "add hydrogens with coordinates first");
  for (const auto& p : molecule.coordinates())
    if (!std::isfinite(p.x) || !std::isfinite(p.y) || !std::isfinite(p.z))
      throw MoleculeError("a coordinate is not a finite number", "repair the input file, or give a SMILES");
}

std::vector<std::vector<Vector3>> further_conformers(const ROMol& mol) {
  std::vector<std::vector<Vector3>> out;
  for (auto c = mol.beginConformers(); c != mol.endConformers(); ++c) {
    if (c == mol.beginConformers()) continue;
    out.emplace_back();
    for (const auto& p : (*c)->getPositions()) out.back().push_back({p.x, p.y, p.z});
  }
  return out;
}

/// Atoms grouped by the bonds that are left; pieces numbered by their first atom.
std::vector<int> pieces(std::size_t atom_count, const std::vector<std::pair<int, int>>& bonds,
                        const std::vector<std::pair<int, int>>& cut) {
  std::vector<int> group(atom_count);
  std::iota(group.begin(), group.end(), 0);
  const auto find = [&](int i) {
    while (group[i] != i) i = group[i] = group[group[i]];
    return i;
  };
  for (const auto& bond : bonds) {
    const auto ordered = std::minmax(bond.first, bond.second);
    if (std::find(cut.begin(), cut.end(), std::make_pair(ordered.first, ordered.second)) != cut.end())
      continue;
    const int a = find(bond.first), b = find(bond.second);
    group[std::max(a, b)] = std::min(a, b);
  }
  std::vector<int> name(atom_count, -1), out(atom_count);
  int next = 0;
  for (std::size_t i = 0; i < atom_count; ++i) {
    int& n = name[find(static_cast<int>(i))];
    if (n < 0) n = next++;
    out[i] = n;
  }
  return out;
}

struct Rotor {
  int other_piece, own_atom, other_atom;
};

int depth_from(int start, const std::vector<std::vector<Rotor>>& rotors) {
  std::vector<int> depth(rotors.size(), -1), queue{start};
  depth[start] = 0;
  for (std::size_t head = 0; head < queue.size(); ++head)
    for (const auto& r : rotors[queue[head]])
      if (depth[r.other_piece] < 0) {
        depth[r.other_piece] = depth[queue[head]] + 1;
        queue.push_back(r.other_piece);
      }
  return depth[queue.back()];
}

int choose_root(const std::vector<std::vector<Rotor>>& rotors, const std::vector<int>& heavy) {
  int best = 0;
  auto best_key = std::make_tuple(depth_from(0, rotors), -heavy[0]);
  for (int p = 1; p < static_cast<int>(rotors.size()); ++p) {
    const auto key = std::make_tuple(depth_from(p, rotors), -heavy[p]);
    if (key < best_key) {
      best_key = key;
      best = p;
    }
  }
  return best;
}

}  // namespace

std::vector<std::string> autodock_types(const Molecule& with_hydrogens) {
  const ROMol& mol = with_hydrogens.graph();
  std::vector<std::string> out;
  for (const auto* atom : mol.atoms()) {
    out.push_back(autodock_type(mol, atom));
    if (out.back().empty())
      throw MoleculeError(
          fmt::format("atom {} is '{}', an element without a docking type", atom->getIdx() + 1,
                      atom->getSymbol()),
          "docking knows H C N O F P S Cl Se Br I; leave this molecule out or replace the atom");
  }
  return out;
}

std::vector<RigidFragment> torsion_tree(const std::vector<LigandAtom>& atoms,
                                        const std::vector<std::pair<int, int>>& bonds,
                                        const std::vector<std::pair<int, int>>& cut) {
  const std::vector<int> piece = pieces(atoms.size(), bonds, cut);
  const int count = atoms.empty() ? 0 : *std::max_element(piece.begin(), piece.end()) + 1;
  std::vector<std::vector<Rotor>> rotors(static_cast<std::size_t>(count));
  std::vector<int> heavy(static_cast<std::size_t>(count), 0);
  std::vector<std::vector<int>> members(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    members[piece[i]].push_back(static_cast<int>(i));
    heavy[piece[i]] += atoms[i].element > 1;
  }
  for (const auto& [i, j] : cut) {
    rotors[piece[i]].push_back({piece[j], i, j});
    rotors[piece[j]].push_back({piece[i], j, i});
  }
  if (count == 0) return {};

  struct Pending {
    int piece, parent, begin, end;
  };
  std::vector<RigidFragment> out;
  std::vector<char> placed(static_cast<std::size_t>(count), 0);
  std::vector<Pending> stack{{choose_root(rotors, heavy), -1, -1, -1}};
  while (!stack.empty()) {  // depth first, as BRANCH records nest
    const Pending p = stack.back();
    stack.pop_back();
    placed[p.piece] = 1;
    const int index = static_cast<int>(out.size());
    out.push_back({p.parent, p.begin, p.end, members[p.piece]});
    auto& own = rotors[p.piece];
    std::sort(own.begin(), own.end(), [](const Rotor& a, const Rotor& b) {
      return std::tie(a.own_atom, a.other_atom) > std::tie(b.own_atom, b.other_atom);
    });
    for (const auto& r : own)
      if (!placed[r.other_piece]) stack.push_back({r.other_piece, index, r.own_atom, r.other_atom});
  }
  return out;
}

FlexibleLigand flexible_ligand(const Molecule& with_3d, const TorsionOptions& options) {
  check_ready(with_3d);
  FlexibleLigand ligand;
  ligand.name = with_3d.name();
  ligand.key = with_3d.smiles();
  ligand.atoms = ligand_atoms(with_3d);
  for (const auto* bond : with_3d.graph().bonds())
    ligand.bonds.emplace_back(static_cast<int>(bond->getBeginAtomIdx()),
                              static_cast<int>(bond->getEndAtomIdx()));
  const auto part = pieces(ligand.atoms.size(), ligand.bonds, {});
  const int parts = *std::max_element(part.begin(), part.end()) + 1;
  if (parts > 1)
    throw MoleculeError(fmt::format("the molecule has {} disconnected parts", parts),
                        "remove counter-ions and solvents: standardise the molecule first");
  ligand.fragments = torsion_tree(ligand.atoms, ligand.bonds, rotatable_bonds(with_3d, options));
  ligand.ring_conformers = further_conformers(with_3d.graph());
  ligand.symmetries = heavy_atom_symmetries(with_3d);
  return ligand;
}

}  // namespace theriac::chem
