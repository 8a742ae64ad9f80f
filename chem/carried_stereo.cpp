#include "chem/carried_stereo.hpp"

#include <GraphMol/Chirality.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/RWMol.h>
#include <GraphMol/SmilesParse/SmilesParse.h>
#include <GraphMol/SmilesParse/SmilesWrite.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "chem/error.hpp"
#include "chem/rdkit_log.hpp"

namespace theriac::chem {
namespace {

bool is_centre(const RDKit::Atom& atom) {
  return atom.getChiralTag() == RDKit::Atom::CHI_TETRAHEDRAL_CW ||
         atom.getChiralTag() == RDKit::Atom::CHI_TETRAHEDRAL_CCW;
}

bool is_configured(const RDKit::Bond& bond) {
  return bond.getStereo() > RDKit::Bond::STEREOANY && bond.getStereoAtoms().size() == 2;
}

bool has_stereo(const RDKit::ROMol& graph) {
  for (const RDKit::Atom* atom : graph.atoms())
    if (is_centre(*atom)) return true;
  for (const RDKit::Bond* bond : graph.bonds())
    if (is_configured(*bond)) return true;
  return false;
}

class Carrier {
 public:
  /// `index[i]`: atom of `edited` that atom i of `original` became, or -1.
  Carrier(const RDKit::ROMol& original, RDKit::RWMol& edited, const std::vector<int>& index)
      : original_(original), edited_(edited), index_(index) {}

  void run() {
    for (const RDKit::Atom* atom : original_.atoms())
      if (is_centre(*atom) && now(atom)) carry_centre(*atom, *now(atom));
    for (const RDKit::Bond* bond : original_.bonds())
      if (is_configured(*bond)) carry_double_bond(*bond);
    RDKit::MolOps::setDoubleBondNeighborDirections(edited_);
    RDKit::MolOps::assignStereochemistry(edited_, true, true);
  }

 private:
  RDKit::Atom* now(const RDKit::Atom* atom) const {
    const int i = index_[atom->getIdx()];
    return i < 0 ? nullptr : edited_.getAtomWithIdx(static_cast<unsigned>(i));
  }

  /// The atom that came to `atom` in place of the one neighbour that left it; empty unless it is one for one.
  std::optional<unsigned> newcomer(const RDKit::Atom& atom) const {
    const RDKit::Atom* here = now(&atom);
    std::vector<unsigned> kept, found;
    for (const RDKit::Atom* n : original_.atomNeighbors(&atom))
      if (now(n)) kept.push_back(now(n)->getIdx());
    for (const RDKit::Atom* n : edited_.atomNeighbors(here))
      if (std::find(kept.begin(), kept.end(), n->getIdx()) == kept.end()) found.push_back(n->getIdx());
    if (found.size() != 1 || kept.size() + 1 != atom.getDegree()) return {};
    return found.front();
  }

  /// What stands at `atom` where `neighbour` stood.
  std::optional<unsigned> successor(const RDKit::Atom& atom, const RDKit::Atom& neighbour) const {
    if (const RDKit::Atom* kept = now(&neighbour)) return kept->getIdx();
    return newcomer(atom);
  }

  void carry_centre(const RDKit::Atom& atom, RDKit::Atom& here) {
    if (atom.getDegree() != here.getDegree() || atom.getTotalNumHs() != here.getTotalNumHs()) return;
    RDKit::INT_LIST bonds;  // of `here`, in the order that the tag of `atom` refers to
    for (const RDKit::Atom* n : original_.atomNeighbors(&atom)) {
      const auto other = successor(atom, *n);
      const RDKit::Bond* bond = other ? edited_.getBondBetweenAtoms(here.getIdx(), *other) : nullptr;
      if (!bond) return;
      bonds.push_back(static_cast<int>(bond->getIdx()));
    }
    here.setChiralTag(atom.getChiralTag());
    if (here.getPerturbationOrder(bonds) % 2 != 0) here.invertChirality();
  }

  void carry_double_bond(const RDKit::Bond& bond) {
    const RDKit::Atom *begin = now(bond.getBeginAtom()), *end = now(bond.getEndAtom());
    if (!begin || !end) return;
    RDKit::Bond* here = edited_.getBondBetweenAtoms(begin->getIdx(), end->getIdx());
    if (!here || here->getBondType() != RDKit::Bond::DOUBLE) return;
    const auto& marks = bond.getStereoAtoms();  // one at the beginning, one at the end
    const auto first =
        successor(*bond.getBeginAtom(), *original_.getAtomWithIdx(static_cast<unsigned>(marks[0])));
    const auto second =
        successor(*bond.getEndAtom(), *original_.getAtomWithIdx(static_cast<unsigned>(marks[1])));
    if (!first || !second) return;
    const bool same_side =
        bond.getStereo() == RDKit::Bond::STEREOZ || bond.getStereo() == RDKit::Bond::STEREOCIS;
    if (here->getBeginAtom() == begin)
      here->setStereoAtoms(*first, *second);
    else
      here->setStereoAtoms(*second, *first);
    here->setStereo(same_side ? RDKit::Bond::STEREOCIS : RDKit::Bond::STEREOTRANS);
  }

  const RDKit::ROMol& original_;
  RDKit::RWMol& edited_;
  const std::vector<int>& index_;
};

}  // namespace

Molecule with_carried_stereo(const Molecule& original, const FlatGraph& edited,
                             const std::vector<int>& atom_of) {
  const CanonicalGraph flat = canonical_graph(edited);
  if (!has_stereo(original.graph())) return Molecule::from_smiles(flat.smiles);
  const RdkitLog log;
  std::unique_ptr<RDKit::RWMol> graph(RDKit::SmilesToMol(flat.smiles));
  if (!graph || graph->getNumAtoms() != flat.order.size())
    throw MoleculeError("'" + flat.smiles + "' cannot be read back");
  std::vector<int> place(flat.order.size()), index;
  for (std::size_t k = 0; k < flat.order.size(); ++k)
    place[static_cast<std::size_t>(flat.order[k])] = static_cast<int>(k);
  for (const int atom : atom_of) index.push_back(atom < 0 ? -1 : place[static_cast<std::size_t>(atom)]);
  Carrier(original.graph(), *graph, index).run();
  return Molecule::from_smiles(RDKit::MolToSmiles(*graph));
}

}  // namespace theriac::chem
