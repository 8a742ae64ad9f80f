// A molecule's heavy atoms with everything that features are made of, gathered in one pass over RDKit's
// graph. Inside `chem`.
//
// Contributions to log P and molar refractivity: S. A. Wildman, G. M. Crippen, J. Chem. Inf. Comput. Sci. 39,
// 868 (1999). Surface: P. Labute, J. Mol. Graph. Model. 18, 464 (2000). Charges: J. Gasteiger, M. Marsili,
// Tetrahedron 36, 3219 (1980). Electrotopological state: L. B. Kier, L. H. Hall, Pharm. Res. 7, 801 (1990).
#pragma once
#include <cstdint>
#include <vector>

#include "chem/molecule.hpp"

namespace theriac::chem {

/// What an atom does in a pharmacophore; one bit each.
enum AtomRole : unsigned {
  role_donor = 1,
  role_acceptor = 2,
  role_positive = 4,  ///< a base that is protonated at pH 7.4, or a positive charge
  role_negative = 8,
  role_aromatic = 16,
  role_lipophilic = 32,  ///< carbon or halogen away from polar atoms, or divalent sulphur
};
constexpr int role_count = 6;

struct AnnotatedAtom {
  int element = 6, degree = 0, hydrogens = 0, charge = 0;
  int pi_electrons = 0;  ///< bond orders beyond single, aromatic ones counted as 1
  bool aromatic = false, ring = false;
  int hybridisation = 0;  ///< as RDKit numbers it
  unsigned roles = 0;
  double log_p = 0, refractivity = 0;  ///< Crippen, hydrogens of the atom included
  int crippen_type = -1;               ///< position in crippen_labels(); -1: none fits
  int hydrogen_type = -1;              ///< the same of its hydrogens
  double surface = 0;                  ///< Labute, angstrom^2
  double gasteiger = 0;                ///< elementary charges; 0 where the method has no parameters
  double intrinsic_state = 0, e_state = 0;
  double valence_delta = 0;  ///< Kier and Hall's delta v
};

struct AnnotatedBond {
  int begin = 0, end = 0;
  int order = 1;  ///< 1, 2, 3; 4: aromatic
  bool ring = false, conjugated = false, stereo = false;
};

struct AnnotatedGraph {
  std::vector<AnnotatedAtom> atoms;
  std::vector<AnnotatedBond> bonds;
  std::vector<std::vector<std::pair<int, int>>> neighbours;  ///< per atom: other end, bond
  std::vector<std::vector<int>> rings;                       ///< smallest set of smallest rings
  std::vector<std::uint16_t> distances;      ///< bonds between atoms, n x n; 0xffff: not connected
  std::vector<double> acid_pkas, base_pkas;  ///< of the ionisable sites
  int stereocentres = 0;                     ///< specified, tetrahedral
  double tpsa = 0;                           ///< angstrom^2

  std::size_t size() const { return atoms.size(); }
  int distance(std::size_t i, std::size_t j) const { return distances[i * atoms.size() + j]; }
};

AnnotatedGraph annotated_graph(const Molecule& molecule);

}  // namespace theriac::chem
