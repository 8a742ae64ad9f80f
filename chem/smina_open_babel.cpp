// Molecules as gnina reads them: the same calls of Open Babel in the same order.
#include <fmt/format.h>
#include <openbabel/atom.h>
#include <openbabel/bond.h>
#include <openbabel/elements.h>
#include <openbabel/mol.h>
#include <openbabel/obconversion.h>
#include <openbabel/obiter.h>
#include <openbabel/residue.h>

#include "chem/error.hpp"
#include "chem/open_babel.hpp"
#include "chem/smina_type.hpp"

namespace theriac::chem {
namespace {

using OpenBabel::OBAtom;
using OpenBabel::OBBond;
using OpenBabel::OBConversion;
using OpenBabel::OBMol;

/// `molecule`'s first record in `text`. The mutex is held by the caller.
void read(OBConversion& conversion, OBMol& molecule, const std::string& text, const std::string& format,
          const QuietOpenBabel& quiet) {
  if (!conversion.SetInFormat(format.c_str()))
    throw MoleculeError(
        fmt::format("Open Babel has no format '{}'; is its plug-in folder installed?", format));
  if (!conversion.ReadString(&molecule, text) || molecule.NumAtoms() == 0) {
    const std::string reason = quiet.text();
    throw MoleculeError(
        fmt::format("not a valid {} record: {}", format, reason.empty() ? "no atoms" : reason));
  }
}

std::string autodock_type(OBAtom& atom) {
  switch (atom.GetAtomicNum()) {
    case 1:
      return "HD";
    case 6:
      return atom.IsAromatic() ? "A" : "C";
    case 7:
      return atom.IsHbondAcceptor() ? "NA" : "N";
    case 8:
      return "OA";
    case 16:
      return atom.IsHbondAcceptor() ? "SA" : "S";
    default:
      return OpenBabel::OBElements::GetSymbol(atom.GetAtomicNum());
  }
}

/// A single bond outside rings, no amide, with another heavy atom on both sides.
bool is_rotatable(OBBond& bond) {
  return bond.GetBondOrder() == 1 && !bond.IsAmide() && !bond.IsInRing() &&
         bond.GetBeginAtom()->GetHvyDegree() != 1 && bond.GetEndAtom()->GetHvyDegree() != 1;
}

/// Index of the rigid fragment of every atom: what stays together without the rotatable bonds.
std::vector<int> rigid_fragments(OBMol& molecule, const std::vector<std::pair<int, int>>& kept_bonds) {
  std::vector<int> fragment(molecule.NumAtoms());
  for (std::size_t i = 0; i < fragment.size(); ++i) fragment[i] = static_cast<int>(i);
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& [i, j] : kept_bonds) {
      int &a = fragment[static_cast<std::size_t>(i)], &b = fragment[static_cast<std::size_t>(j)];
      if (a == b) continue;
      a = b = std::min(a, b);
      changed = true;
    }
  }
  return fragment;
}

UntypedAtoms untyped(OBMol& molecule, unsigned long atoms_read) {
  UntypedAtoms out;
  FOR_ATOMS_OF_MOL(atom, molecule) {
    const unsigned long id = atom->GetId();
    out.atoms.push_back({{atom->GetX(), atom->GetY(), atom->GetZ()},
                         autodock_type(*atom),
                         {},
                         id < atoms_read ? static_cast<int>(id) : -1});
  }
  std::vector<std::pair<int, int>> kept;
  FOR_BONDS_OF_MOL(bond, molecule) {
    const std::pair<int, int> ends(static_cast<int>(bond->GetBeginAtomIdx()) - 1,
                                   static_cast<int>(bond->GetEndAtomIdx()) - 1);
    (is_rotatable(*bond) ? out.rotatable : kept).push_back(ends);
  }
  out.fragments = rigid_fragments(molecule, kept);
  return out;
}

}  // namespace

std::vector<SminaAtom> smina_ligand_by_open_babel(const std::string& text, const std::string& format) {
  const std::lock_guard<std::mutex> lock(open_babel_mutex());
  const QuietOpenBabel quiet;
  OBConversion conversion;
  OBMol molecule;
  read(conversion, molecule, text, format, quiet);
  const unsigned long atoms_read = molecule.NumAtoms();
  molecule.StripSalts();
  molecule.AddHydrogens();
  molecule.PerceiveBondOrders();
  molecule.SetAromaticPerceived();
  molecule.SetAutomaticFormalCharge(false);
  molecule.DeleteNonPolarHydrogens();
  return smina_typed(untyped(molecule, atoms_read));
}

std::vector<SminaAtom> smina_receptor_by_open_babel(const std::string& pdb_text) {
  std::string text;
  {
    const std::lock_guard<std::mutex> lock(open_babel_mutex());
    const QuietOpenBabel quiet;
    OBConversion conversion;
    OBMol receptor;
    read(conversion, receptor, pdb_text, "pdb", quiet);
    FOR_ATOMS_OF_MOL(atom, receptor) {
      OpenBabel::OBResidue* residue = atom->GetResidue();
      if (!residue || atom->GetAtomicNum() != 7 || atom->GetFormalCharge() != 1 ||
          residue->GetName() != "ARG")
        continue;
      std::string id = residue->GetAtomID(&*atom);
      id.erase(0, id.find_first_not_of(' '));
      id.erase(id.find_last_not_of(' ') + 1);
      if (id != "NH1") continue;
      atom->SetFormalCharge(0);
      atom->SetImplicitHCount(2);
    }
    receptor.AddHydrogens(true);
    FOR_ATOMS_OF_MOL(atom, receptor) atom->GetPartialCharge();
    conversion.SetOutFormat("pdbqt");
    conversion.AddOption("r", OBConversion::OUTOPTIONS);  // rigid
    conversion.AddOption("c", OBConversion::OUTOPTIONS);  // one molecule
    text = conversion.WriteString(&receptor);
  }
  return smina_receptor_of_pdbqt(text, "PDBQT by Open Babel");
}

}  // namespace theriac::chem
