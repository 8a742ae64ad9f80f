// The mechanics of docking: which atoms move together, about which axes, and which pairs inside the ligand
// see each other. Built once per ligand; the SIMD kernel and the plain reference both work on it.
//
// Body 0 is the ligand, a free rigid root with torsions; bodies 1.. are flexible side chains, roots fixed in
// space. Only heavy atoms take part; hydrogens are placed at the end. A torsion that would move no heavy atom
// is left out. Angstrom, radians.
#pragma once
#include <array>
#include <vector>

#include "chem/flexible_ligand.hpp"
#include "chem/receptor.hpp"
#include "scoring/atom_type.hpp"

namespace theriac::scoring {

/// Everything that can change: 7 numbers for the root, one per torsion, and which ring conformer is used.
struct Conformation {
  int conformer = 0;
  chem::Vector3 position;                           ///< of the root's origin
  std::array<double, 4> orientation{{1, 0, 0, 0}};  ///< unit quaternion w x y z
  std::vector<double> torsions;                     ///< 0 = as in the conformer
};

class PoseModel {
 public:
  struct Node {
    int parent = -1;         ///< -1: the ligand's root; -2: a side chain's fixed root
    int begin = 0, end = 0;  ///< its heavy atoms
    int torsion = -1;        ///< index of the torsion that turns it; -1 for roots
  };
  struct Pair {
    int first, second;
    bool intermolecular;  ///< between ligand and side chain; else within the ligand or among side chains
  };
  /// One ring conformer: positions relative to node origins.
  struct Geometry {
    std::vector<chem::Vector3> local;   ///< per heavy atom
    std::vector<chem::Vector3> origin;  ///< per node, in the parent's frame; absolute for fixed roots
    std::vector<chem::Vector3> axis;    ///< per node, unit vector, in the parent's frame
    chem::Vector3 root_position;        ///< where the ligand's root is in the input
    std::vector<std::vector<chem::Vector3>> every_atom;  ///< per body and atom, hydrogens too
  };

  /// Throws MoleculeError for unknown atom types, no heavy atom, or more than 300 heavy atoms.
  PoseModel(const chem::FlexibleLigand& ligand, const chem::Receptor& receptor);

  const std::vector<AtomType>& types() const { return types_; }  ///< per heavy atom
  const std::vector<Node>& nodes() const { return nodes_; }
  const std::vector<Pair>& pairs() const { return pairs_; }
  const std::vector<Geometry>& geometries() const { return geometries_; }
  int ligand_atom_count() const {
    return ligand_atom_count_;
  }  ///< heavy atoms of the ligand; they come first
  int torsion_count() const { return torsion_count_; }
  /// False for side-chain atoms that never move (the fixed root and the end of its rotatable bond): as in
  /// Vina, they see the ligand and the other side chains, but their energy in the receptor is a constant and
  /// left out.
  bool feels_receptor(std::size_t atom) const { return feels_receptor_[atom] != 0; }
  /// Vina's N_tors: every rotatable bond counts 1, one that ends in a terminal heavy atom 1/2.
  double active_torsions() const { return active_torsions_; }

  Conformation input_pose(int conformer = 0) const;
  /// Heavy atoms, in the order of `types()`.
  std::vector<chem::Vector3> heavy_coordinates(const Conformation& conformation) const;
  /// Every atom of a body, hydrogens included, in the order of the FlexibleLigand. Body 0 is the ligand.
  std::vector<chem::Vector3> body_coordinates(const Conformation& conformation, int body) const;
  /// For ligand heavy atom i, its index in FlexibleLigand::atoms.
  const std::vector<int>& ligand_atom_index() const { return ligand_atom_index_; }

  /// Turns forces on heavy atoms (minus the gradient) into the gradient by root position, root rotation
  /// vector and torsions: 6 + torsion_count numbers.
  std::vector<double> gradient(const Conformation& conformation,
                               const std::vector<chem::Vector3>& forces) const;

 private:
  struct Frame {
    chem::Vector3 origin;
    std::array<double, 9> rotation;
  };
  std::vector<Frame> frames(const Conformation& conformation) const;
  void add_body(const chem::FlexibleLigand& body, const std::vector<AtomType>& types, bool fixed_root);
  void add_geometry(const std::vector<const chem::FlexibleLigand*>& bodies, int conformer);
  void add_pairs(const std::vector<const chem::FlexibleLigand*>& bodies);

  struct BodyAtom {
    int body, atom;
  };
  std::vector<AtomType> types_;
  std::vector<BodyAtom> sources_;  // per heavy atom
  std::vector<int> ligand_atom_index_;
  std::vector<Node> nodes_;
  std::vector<BodyAtom> node_axis_begin_, node_axis_end_;  // per node; atom -1 for roots
  std::vector<std::vector<int>> body_node_;                // per body and atom: the node it moves with
  std::vector<char> feels_receptor_;                       // per heavy atom
  std::vector<Pair> pairs_;
  std::vector<Geometry> geometries_;
  int ligand_atom_count_ = 0, torsion_count_ = 0;
  double active_torsions_ = 0;
};

/// `start` moved by `step * direction`; direction = root shift, rotation vector, torsions.
Conformation moved(const Conformation& start, const std::vector<double>& direction, double step);

}  // namespace theriac::scoring
