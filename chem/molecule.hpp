// One sanitised molecule: a molecular graph with stereochemistry, and 3D coordinates when it has them.
//
// The graph is RDKit's. It is shared and never changed, so a Molecule is cheap to copy and safe to read from
// many threads: everything that RDKit computes lazily (rings, canonical SMILES) is computed on construction.
#pragma once
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "chem/vector3.hpp"

namespace RDKit {
class ROMol;
}

namespace theriac::chem {

class Molecule {
 public:
  /// Throws MoleculeError with RDKit's reason ("ring closure 1 is never closed") when `smiles` is not valid.
  static Molecule from_smiles(const std::string& smiles, std::string name = {});
  /// An MDL mol block, V2000 or V3000; hydrogens and the conformer are kept. Throws MoleculeError.
  static Molecule from_mol_block(const std::string& block, std::string name = {});
  /// The molecule of the empty SMILES. Benchmarks score it; nothing else should meet it.
  static Molecule without_atoms(std::string name = {});
  /// Takes a sanitised RDKit molecule. Used inside `chem`.
  explicit Molecule(std::shared_ptr<const RDKit::ROMol> graph, std::string name = {});

  const std::string& name() const { return name_; }
  void set_name(std::string name) { name_ = std::move(name); }

  /// Canonical isomeric SMILES without explicit hydrogens: the identity of the molecule in Theriac.
  const std::string& smiles() const { return smiles_; }
  int heavy_atom_count() const { return heavy_atom_count_; }
  int atom_count() const;  ///< atoms stored, hydrogens included when they are explicit
  /// Coordinates in angstrom, one per stored atom; empty without a conformer.
  std::vector<Vector3> coordinates() const;
  bool has_3d() const;

  /// The same molecule as read from `smiles()`: heavy atoms in that order, no coordinates. What is computed
  /// of it does not depend on how the molecule was drawn.
  Molecule in_smiles_order() const;

  /// The graph itself, for code inside `chem`. Never cast the const away: it is shared between threads.
  const RDKit::ROMol& graph() const { return *graph_; }
  std::shared_ptr<const RDKit::ROMol> shared_graph() const { return graph_; }

 private:
  Molecule() = default;
  std::shared_ptr<const RDKit::ROMol> graph_;
  std::string name_;
  std::string smiles_;
  int heavy_atom_count_ = 0;
};

/// Canonical SMILES without stereochemistry and isotopes: by which benchmarks tell molecules apart.
std::string flat_smiles(const Molecule& molecule);

}  // namespace theriac::chem
