#include "chem/crystal_ligand.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "chem/amino_acid.hpp"
#include "chem/autodock_type.hpp"
#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "chem/open_babel.hpp"
#include "chem/possible_valence.hpp"

namespace theriac::chem {
namespace {

/// Atoms of one residue in one alternate location: the one with the largest summed occupancy.
std::vector<StructureAtom> best_alternate(const std::vector<StructureAtom>& atoms) {
  std::map<char, double> occupancy;
  for (const auto& atom : atoms)
    if (atom.alternate != ' ') occupancy[atom.alternate] += atom.occupancy;
  char best = ' ';
  double most = -1;
  for (const auto& [alternate, sum] : occupancy)
    if (sum > most + 1e-6) {
      most = sum;
      best = alternate;
    }
  std::vector<StructureAtom> kept;
  for (const auto& atom : atoms)
    if (atom.alternate == ' ' || atom.alternate == best) kept.push_back(atom);
  return kept;
}

/// Atoms of all residues that `wanted` accepts, in file order, one entry per residue.
template <class Wanted>
std::vector<CrystalLigand> collect(const Structure& structure, Wanted wanted) {
  std::vector<CrystalLigand> ligands;
  for (const auto& atom : structure.atoms) {
    if (!wanted(atom)) continue;
    if (ligands.empty() || !(ligands.back().residue == atom.residue) ||
        ligands.back().residue_name != atom.residue_name)
      ligands.push_back({atom.residue_name, atom.residue, {}, 1});
    ligands.back().atoms.push_back(atom);
  }
  for (auto& ligand : ligands) ligand.atoms = best_alternate(ligand.atoms);
  return ligands;
}

[[noreturn]] void refuse_selection(const Structure& structure, const ResidueSelection& selection) {
  std::vector<std::string> present, names;
  for (const auto& ligand : crystal_ligands(structure)) {
    present.push_back(ligand.text());
    names.push_back(ligand.residue_name);
  }
  const std::string message = fmt::format("no residue '{}' in {}", selection.text(), structure.name);
  if (present.empty()) throw InputError(message, "there is no small molecule in this file");
  const std::size_t shown = std::min<std::size_t>(present.size(), 8);
  const std::string near = nearest_name(selection.residue_name, names);
  std::string hint =
      fmt::format("it has {}", fmt::join(present.begin(), present.begin() + static_cast<long>(shown), ", "));
  if (!near.empty() && near != selection.residue_name) hint += fmt::format("; did you mean '{}'?", near);
  throw InputError(message, hint);
}

}  // namespace

bool ResidueSelection::matches(const StructureAtom& atom) const {
  return atom.residue_name == residue_name && (!chain || *chain == atom.residue.chain) &&
         (!number || (*number == atom.residue.number && insertion_code == atom.residue.insertion_code));
}

std::string ResidueSelection::text() const {
  std::string text = residue_name;
  if (chain) text += ":" + *chain;
  if (number) text += fmt::format(":{}", *number);
  if (insertion_code != ' ') text += insertion_code;
  return text;
}

ResidueSelection parse_residue_selection(const std::string& text) {
  ResidueSelection selection;
  const std::size_t first = text.find(':');
  selection.residue_name = text.substr(0, first);
  bool valid = !selection.residue_name.empty() && selection.residue_name.size() <= 5;
  if (first != std::string::npos) {
    const std::size_t second = text.find(':', first + 1);
    selection.chain = text.substr(first + 1, second == std::string::npos ? second : second - first - 1);
    if (second != std::string::npos) {
      const char* begin = text.data() + second + 1;
      const char* end = text.data() + text.size();
      int number = 0;
      const auto result = std::from_chars(begin, end, number);
      valid = valid && result.ec == std::errc() && end - result.ptr <= 1;
      selection.number = number;
      if (valid && result.ptr != end) selection.insertion_code = *result.ptr;
    }
  }
  if (!valid)
    throw UsageError(fmt::format("'{}' is not NAME, NAME:CHAIN or NAME:CHAIN:NUMBER", text),
                     "for example STI:A:201");
  return selection;
}

CrystalLigand find_crystal_ligand(const Structure& structure, const ResidueSelection& selection) {
  auto found = collect(structure, [&](const StructureAtom& atom) { return selection.matches(atom); });
  if (found.empty()) refuse_selection(structure, selection);
  found.front().copies = static_cast<int>(found.size());
  return found.front();
}

std::vector<CrystalLigand> crystal_ligands(const Structure& structure) {
  auto found = collect(structure, [](const StructureAtom& atom) {
    return !is_protein_residue(atom.residue_name) && !is_water(atom.residue_name) &&
           !is_nucleotide(atom.residue_name);
  });
  const auto single_atom = [](const CrystalLigand& ligand) { return ligand.atoms.size() < 2; };
  found.erase(std::remove_if(found.begin(), found.end(), single_atom), found.end());
  return found;
}

Molecule crystal_ligand_molecule(const CrystalLigand& ligand) {
  std::string lines;
  int count = 0;
  for (const auto& atom : ligand.atoms) {
    if (atom.element == 1) continue;
    if (atom.element == 0)
      throw MoleculeError(fmt::format("atom '{}' of {} has no element", atom.name, ligand.text()));
    lines += fmt::format("{} {:.4f} {:.4f} {:.4f}\n", element_symbol(atom.element), atom.position.x,
                         atom.position.y, atom.position.z);
    ++count;
  }
  const std::string perceived = mol_block_by_open_babel(fmt::format("{}\n\n{}", count, lines), "xyz");
  return Molecule::from_mol_block(with_possible_valences(perceived), ligand.residue_name);
}

}  // namespace theriac::chem
