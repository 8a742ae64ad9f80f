#include "chem/cofactor_hydrogens.hpp"

#include <openbabel/atom.h>
#include <openbabel/mol.h>
#include <openbabel/oberror.h>
#include <openbabel/obiter.h>

#include "chem/autodock_type.hpp"
#include "chem/hetero_group.hpp"
#include "chem/open_babel.hpp"

namespace theriac::chem {
namespace {

/// Open Babel reports doubtful bond orders on the terminal; here they are expected.
struct SilentOpenBabel {
  SilentOpenBabel() { OpenBabel::obErrorLog.StopLogging(); }
  ~SilentOpenBabel() { OpenBabel::obErrorLog.StartLogging(); }
  SilentOpenBabel(const SilentOpenBabel&) = delete;
  SilentOpenBabel& operator=(const SilentOpenBabel&) = delete;
};

bool shown_to_open_babel(int element) {
  return element > 1 && !is_metal(element);
}

std::string type_of(OpenBabel::OBAtom& atom) {
  const int element = static_cast<int>(atom.GetAtomicNum());
  if (element == 6) return atom.IsAromatic() ? "A" : "C";
  if (element == 7) {
    int hydrogens = 0;
    FOR_NBORS_OF_ATOM(neighbour, atom) hydrogens += neighbour->GetAtomicNum() == 1;
    return hydrogens == 0 && atom.GetExplicitDegree() <= 2 ? "NA" : "N";
  }
  return element_autodock_type(element);
}

}  // namespace

CofactorAtoms complete_cofactor(const std::vector<ModelAtom>& atoms, double ph) {
  CofactorAtoms result;
  result.types.resize(atoms.size());
  const std::lock_guard<std::mutex> lock(open_babel_mutex());
  const SilentOpenBabel silent;
  OpenBabel::OBMol molecule;
  std::vector<int> source;  // index in `atoms` by Open Babel's index
  molecule.BeginModify();
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    result.types[i] = element_autodock_type(atoms[i].element);
    if (!shown_to_open_babel(atoms[i].element)) continue;
    OpenBabel::OBAtom* added = molecule.NewAtom();
    added->SetAtomicNum(atoms[i].element);
    added->SetVector(atoms[i].position.x, atoms[i].position.y, atoms[i].position.z);
    source.push_back(static_cast<int>(i));
  }
  molecule.EndModify();
  molecule.ConnectTheDots();
  molecule.PerceiveBondOrders();
  molecule.AddHydrogens(false, true, ph);
  FOR_ATOMS_OF_MOL(atom, molecule) {
    if (atom->GetAtomicNum() != 1) {
      result.types[source[atom->GetIdx() - 1]] = type_of(*atom);
      continue;
    }
    FOR_NBORS_OF_ATOM(heavy, &*atom)
    result.hydrogens.push_back({source[heavy->GetIdx() - 1], {}, {atom->GetX(), atom->GetY(), atom->GetZ()}});
  }
  return result;
}

}  // namespace theriac::chem
