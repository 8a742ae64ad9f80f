// Pockets of a protein, from its shape alone: where to look when no ligand is known.
//
// Grid points outside the protein are scored by how many of 26 directions meet protein within 10 angstrom: a
// point on a convex surface sees protein on one side, a point in a pocket all round. Buried points are
// clustered and the clusters ranked by the sum of their burial. After LIGSITE, M. Hendlich, F. Rippmann, G.
// Barnickel, J. Mol. Graph. Model. 15, 359 (1997), and PocketPicker, M. Weisel, E. Proschak, G. Schneider,
// Chem. Cent. J. 1, 7 (2007). A geometric pocket is a guess: no chemistry, no evidence of binding.
#pragma once
#include <vector>

#include "chem/box.hpp"
#include "chem/receptor.hpp"
#include "chem/vector3.hpp"

namespace theriac::chem {

struct Pocket {
  Vector3 center;                   ///< mean of its points weighted by burial
  double volume = 0;                ///< cubic angstrom
  double burial = 0;                ///< mean share of directions that meet protein, 0 to 1
  double score = 0;                 ///< the rank key
  std::vector<Vector3> points;      ///< grid points, 1 angstrom apart
  std::vector<ResidueId> residues;  ///< with an atom within 5 angstrom of a point
};

/// Pockets, best first, at most `count`; empty for a protein without any. Deterministic.
std::vector<Pocket> find_pockets(const Receptor& receptor, std::size_t count = 5);

/// Round the best pocket, at least 20 and at most 30 angstrom on an edge. Throws InputError if there is none.
Box box_from_pocket(const Receptor& receptor);

}  // namespace theriac::chem
