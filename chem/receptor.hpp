// A prepared protein: atoms with AutoDock types, as docking sees them.
#pragma once
#include <string>
#include <vector>

#include "chem/flexible_ligand.hpp"
#include "chem/vector3.hpp"

namespace theriac::chem {

/// Which residue: chain A, number 315, insertion code ' '. Written "A:315" or "A:315B".
struct ResidueId {
  std::string chain;
  int number = 0;
  char insertion_code = ' ';

  std::string text() const {
    return chain + ":" + std::to_string(number) +
           (insertion_code == ' ' ? std::string() : std::string(1, insertion_code));
  }
  friend bool operator==(const ResidueId& a, const ResidueId& b) {
    return a.number == b.number && a.insertion_code == b.insertion_code && a.chain == b.chain;
  }
};

struct ReceptorAtom {
  std::string name;          ///< "CA", "OD1"
  std::string residue_name;  ///< "ASP", "ZN"
  ResidueId residue;
  std::string autodock_type;  ///< "C", "A", "OA", "N", "HD", "Zn" ...
  int element = 0;            ///< atomic number
  double charge = 0;          ///< partial charge as in the file, e; 0 when prepared from PDB
  Vector3 position;           ///< angstrom
  bool hetero = false;        ///< HETATM: metal, cofactor, kept water
};

/// A side chain that moves: its first fragment is fixed in space (the CA end), the others turn.
struct FlexibleResidue {
  ResidueId residue;
  std::string residue_name;
  FlexibleLigand chain;
};

struct Receptor {
  std::string name;
  std::vector<ReceptorAtom> atoms;                 ///< rigid atoms only
  std::vector<FlexibleResidue> flexible_residues;  ///< taken out of `atoms`
};

}  // namespace theriac::chem
