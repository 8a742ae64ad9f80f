// What a receptor offers to a ligand: rings, charges, donors, acceptors, greasy carbons, metals.
//
// Rings and charges come from residue templates (PHE TYR TRP HIS; ARG LYS HIS; ASP GLU), the rest from
// AutoDock types and bonds perceived by distance. Where hydrogens are missing, donors come from the amino
// acid's plan.
#pragma once
#include <vector>

#include "chem/receptor.hpp"

namespace theriac::scoring {

struct ReceptorRing {
  std::vector<int> atoms;
  chem::Vector3 centre, normal;  ///< normal of unit length
};

struct ReceptorCharge {
  std::vector<int> atoms;
  chem::Vector3 centre;
  int charge = 0;
};

struct ReceptorDonor {
  int atom = -1;
  std::vector<int> hydrogens;  ///< empty when the file has none: then only distances decide
};

/// Indices are atoms of the receptor.
struct ReceptorFeatures {
  std::vector<std::vector<int>> neighbours;  ///< bonded atoms
  std::vector<ReceptorRing> rings;
  std::vector<ReceptorCharge> charges;
  std::vector<ReceptorDonor> donors;
  std::vector<int> acceptors;
  std::vector<int> hydrophobic;
  std::vector<int> metals;
};

ReceptorFeatures receptor_features(const chem::Receptor& receptor);

}  // namespace theriac::scoring
