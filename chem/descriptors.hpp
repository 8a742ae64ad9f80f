// Whole-molecule descriptors, defined as in RDKit so that published rules and models keep their meaning.
//
// cLogP and molar refractivity: S. A. Wildman, G. M. Crippen, J. Chem. Inf. Comput. Sci. 39, 868 (1999).
// TPSA: P. Ertl, B. Rohde, P. Selzer, J. Med. Chem. 43, 3714 (2000); nitrogen and oxygen only.
// Donors, acceptors and rotatable bonds: RDKit's CalcNumHBD, CalcNumHBA and strict CalcNumRotatableBonds.
// Topological complexity: S. H. Bertz, J. Am. Chem. Soc. 103, 3599 (1981).
// Explicit hydrogens change nothing: all values are those of the graph with implicit hydrogens.
#pragma once
#include <string>
#include <vector>

#include "chem/molecule.hpp"

namespace theriac::chem {

class SubstructureTarget;

struct Descriptors {
  double molecular_weight = 0;    ///< average, dalton
  double clogp = 0;               ///< Crippen's octanol-water log P
  double molar_refractivity = 0;  ///< Crippen, cm^3/mol
  double tpsa = 0;                ///< topological polar surface area, angstrom^2
  double fraction_csp3 = 0;       ///< sp3 carbons over all carbons, 0 to 1
  int hydrogen_bond_donors = 0;
  int hydrogen_bond_acceptors = 0;
  int lipinski_donors = 0;     ///< N-H and O-H bonds, as in the rule of five
  int lipinski_acceptors = 0;  ///< nitrogen and oxygen atoms, as in the rule of five
  int rotatable_bonds = 0;
  int heavy_atoms = 0;
  int heteroatoms = 0;
  int rings = 0;  ///< in the smallest set of smallest rings
  int aromatic_rings = 0;
  int formal_charge = 0;  ///< elementary charges
  int unusual_atoms = 0;  ///< atoms other than H, C, N, O, F, P, S, Cl, Br, I: outside Crippen's data
};

/// Safe to call for one molecule from many threads.
Descriptors descriptors(const Molecule& molecule);
/// The same of a molecule prepared for patterns, with its hydrogens implicit.
Descriptors descriptors(const SubstructureTarget& target);

/// Single values of the above, for code that needs no others.
double crippen_log_p(const Molecule& molecule);
double polar_surface_area(const Molecule& molecule);  ///< angstrom^2

struct RingCounts {
  int rings = 0;  ///< in the smallest set of smallest rings
  int aromatic = 0;
  int aliphatic = 0;  ///< with at least one bond that is not aromatic
};

RingCounts ring_counts(const Molecule& molecule);

/// Bertz' index: the information content of how bonds meet at atoms and of the elements, in bits; equals
/// RDKit's BertzCT. Aromatic bonds count 1.5. 0 for a single atom.
double bertz_complexity(const Molecule& molecule);

/// What makes a molecule hard to make, besides its fragments.
struct Complexity {
  int atoms = 0;          ///< heavy atoms
  int stereocentres = 0;  ///< tetrahedral centres, specified or not
  int spiro_atoms = 0;
  int bridgehead_atoms = 0;
  int macrocycles = 0;  ///< rings of more than 8 atoms
};

Complexity complexity(const Molecule& molecule);

/// One descriptor as rules and tables name it.
struct DescriptorColumn {
  const char* name;     ///< "mw", "clogp", "hbd" ...
  const char* unit;     ///< "Da", "A^2", "" for a count or a ratio
  const char* meaning;  ///< for help texts
  double (*value)(const Descriptors&);
};

/// All columns, in a fixed order.
const std::vector<DescriptorColumn>& descriptor_columns();

/// The column of that name, or nullptr.
const DescriptorColumn* find_descriptor_column(const std::string& name);

}  // namespace theriac::chem
