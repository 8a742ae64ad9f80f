// A ring system that is placed as one unit: benzene, indole, morpholine, a steroid.
//
// Motifs arise by cutting every bond that is in no ring, as in MoLeR (K. Maziarz et al., ICLR 2022): a motif
// is the bare system of fused, bridged or spiro rings, its open bonds filled with hydrogens. Its atoms are
// numbered as in its SMILES; those numbers are what the site and entry actions mean. Bonds are those of one
// Kekule structure: for an aromatic system any of them gives the same molecule.
//
// Symmetry is merged: of all atoms that a symmetry of the motif exchanges only the lowest-numbered one can be
// chosen. Once some atoms are bonded, the symmetries that still count are those that leave these atoms in
// place: after one bond, the two ortho positions of benzene are one choice; after a second bond in ortho they
// are not.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "chem/flat_graph.hpp"

namespace theriac::generative {

constexpr int max_motif_atoms = 32;  ///< larger ring systems are built atom by atom

/// Bit p stands for atom p of the motif.
using MotifAtoms = std::uint32_t;

/// A way to exchange atoms of a motif without changing it.
struct MotifSymmetry {
  std::vector<std::uint8_t> image;  ///< image[p]: where atom p goes
  MotifAtoms fixed = 0;             ///< atoms that stay
  MotifAtoms lowered = 0;           ///< atoms that go to a smaller number
};

struct MotifAtom {
  std::uint8_t type = 0;    ///< index of an AtomType
  std::uint8_t free = 0;    ///< open valence of the bare motif
  bool unpaired = false;    ///< a charge whose partner must come from outside
  bool has_double = false;  ///< a double bond within the motif
};

struct RingMotif {
  std::string smiles;      ///< bare, canonical
  std::int64_t count = 0;  ///< in the corpus
  std::vector<MotifAtom> atoms;
  std::vector<chem::GraphBond> bonds;
  std::vector<MotifSymmetry> symmetries;  ///< without the identity
  std::vector<std::uint8_t> distances;    ///< bonds between atoms p and q: distances[p * size + q]

  int size() const { return static_cast<int>(atoms.size()); }
  int distance(int p, int q) const { return distances[static_cast<std::size_t>(p * size() + q)]; }
  /// Of each class of atoms that symmetry still merges the lowest-numbered one, when those in `bonded` are
  /// told apart by what hangs on them.
  MotifAtoms representatives(MotifAtoms bonded) const;
  /// Class of each atom when nothing hangs on the motif: the number of its representative.
  std::vector<std::uint8_t> symmetry_classes() const;
};

/// Symmetries of a connected graph whose atoms and bonds carry labels, without the identity.
/// `complete` is false when there are more than `limit`; then the list is cut short.
struct Symmetries {
  std::vector<MotifSymmetry> found;
  bool complete = true;
};
Symmetries symmetries(const chem::MolecularGraph& graph, const std::vector<int>& atom_labels,
                      const std::vector<int>& bond_labels, int limit);

/// Bonds on the shortest path between any two atoms, row by row.
std::vector<std::uint8_t> all_distances(const chem::MolecularGraph& graph);

}  // namespace theriac::generative
