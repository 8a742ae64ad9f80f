// The receptor as explicit atoms: what a ligand atom of a given type feels at a point, summed over all
// receptor atoms within 8 angstrom. The plain reference beside the affinity grids, and what final poses are
// scored with. Energies kcal/mol, lengths angstrom.
#pragma once
#include <vector>

#include "chem/box.hpp"
#include "chem/receptor.hpp"
#include "scoring/pair_potential.hpp"

namespace theriac::scoring {

class ReceptorField {
 public:
  struct Site {
    chem::Vector3 position;
    AtomType type;
  };

  /// `box` is where look-ups will be fast; points outside it work too.
  ReceptorField(const chem::Receptor& receptor, const chem::Box& box, ScoringFunction scoring);

  const std::vector<Site>& sites() const { return sites_; }
  ScoringFunction scoring() const { return scoring_; }

  /// Vina's score of one atom (tables by truncation), before the cap.
  double energy(AtomType type, chem::Vector3 position) const;
  /// Vina's minimiser: energy and gradient by interpolated tables, before the cap.
  double energy(AtomType type, chem::Vector3 position, chem::Vector3& gradient) const;
  /// The exact terms without tables or cap.
  PairTerms terms(AtomType type, chem::Vector3 position) const;

 private:
  template <typename Visit>
  void near(chem::Vector3 position, Visit visit) const;
  const std::vector<int>* neighbours(chem::Vector3 position) const;

  ScoringFunction scoring_;
  std::vector<Site> sites_;
  chem::Vector3 low_;
  int cells_[3] = {0, 0, 0};
  std::vector<std::vector<int>> cell_neighbours_;  // per cell of the box, every site that may matter there
};

}  // namespace theriac::scoring
