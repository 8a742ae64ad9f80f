#include "chem/peptide_structure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "chem/error.hpp"
#include "chem/peptide_properties.hpp"

namespace theriac::chem {
namespace {

/// Side chain of an L residue written as N[C@@H](side chain)C(=O); ring numbers 1 and 2 are its own.
const char* side_chain(char residue) {
  switch (residue) {
    case 'A':
      return "C";
    case 'C':
      return "CS";
    case 'D':
      return "CC(=O)O";
    case 'E':
      return "CCC(=O)O";
    case 'F':
      return "Cc1ccccc1";
    case 'H':
      return "Cc1c[nH]cn1";
    case 'I':
      return "[C@@H](C)CC";
    case 'K':
      return "CCCCN";
    case 'L':
      return "CC(C)C";
    case 'M':
      return "CCSC";
    case 'N':
      return "CC(=O)N";
    case 'Q':
      return "CCC(=O)N";
    case 'R':
      return "CCCNC(=N)N";
    case 'S':
      return "CO";
    case 'T':
      return "[C@H](O)C";
    case 'V':
      return "C(C)C";
    case 'W':
      return "Cc1c[nH]c2ccccc12";
    default:  // Y
      return "Cc1ccc(O)cc1";
  }
}

constexpr int chain_ring = 10, first_disulfide_ring = 11;  // ring closure numbers %10, %11 ...

/// Ring closure number of every cysteine in a disulfide, by index from 0.
std::map<std::size_t, int> disulfide_rings(std::string_view residues, const PeptideForm& form) {
  std::map<std::size_t, int> rings;
  int ring = first_disulfide_ring;
  for (const auto& [a, b] : form.disulfides) {
    for (const int position : {a, b}) {
      const auto at = static_cast<std::size_t>(position - 1);
      if (position < 1 || at >= residues.size() || residues[at] != 'C')
        throw InputError(
            fmt::format("no cysteine at position {} of '{}' for a disulfide", position, residues));
      if (!rings.emplace(at, ring).second)
        throw InputError(fmt::format("cysteine {} of '{}' would have two disulfides", position, residues));
    }
    ++ring;
  }
  return rings;
}

void check_form(std::string_view residues, const PeptideForm& form) {
  check_residues(residues);
  if (residues.size() > longest_peptide_molecule)
    throw InputError(fmt::format("{} residues are too many for a molecule; at most {}", residues.size(),
                                 longest_peptide_molecule));
  if (!form.head_to_tail) return;
  if (form.acetyl_n || form.amide_c)
    throw UsageError("a peptide that is closed head to tail has no ends to be acetylated or amidated");
  if (residues.size() < 3)
    throw InputError(
        fmt::format("'{}' is too short to be closed head to tail; 3 residues at least", residues));
}

std::string residue_smiles(char residue, const std::string& closure, int sulfur_ring) {
  if (residue == 'G') return fmt::format("N{}CC(=O)", closure);
  if (residue == 'P') return fmt::format("N1{}CCC[C@H]1C(=O)", closure);
  std::string side = side_chain(residue);
  if (sulfur_ring) side += fmt::format("%{}", sulfur_ring);
  return fmt::format("N{}[C@@H]({})C(=O)", closure, side);
}

}  // namespace

std::vector<std::pair<int, int>> single_disulfide(std::string_view residues) {
  const auto count = std::count(residues.begin(), residues.end(), 'C');
  if (count != 2)
    throw InputError(fmt::format("'{}' has {} cysteines; a disulfide needs exactly 2", residues, count));
  return {{static_cast<int>(residues.find('C')) + 1, static_cast<int>(residues.rfind('C')) + 1}};
}

std::string peptide_smiles(std::string_view residues, const PeptideForm& form) {
  check_form(residues, form);
  const auto rings = disulfide_rings(residues, form);
  std::string text = form.acetyl_n ? "CC(=O)" : "";
  for (std::size_t i = 0; i < residues.size(); ++i) {
    const bool closes = form.head_to_tail && i == 0;
    const auto ring = rings.find(i);
    text += residue_smiles(residues[i], closes ? fmt::format("%{}", chain_ring) : std::string(),
                           ring == rings.end() ? 0 : ring->second);
  }
  if (!form.head_to_tail) return text + (form.amide_c ? "N" : "O");
  text.insert(text.size() - 4, fmt::format("%{}", chain_ring));  // C%10(=O)
  return text;
}

Molecule peptide_molecule(std::string_view residues, const PeptideForm& form) {
  return Molecule::from_smiles(peptide_smiles(residues, form), std::string(residues));
}

}  // namespace theriac::chem
