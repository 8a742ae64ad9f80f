// Which waters of a crystal structure belong to the binding site.
//
// A water that bridges ligand and protein is nearly a part of the receptor: 85 % of 392 complexes have at
// least one (cited in G. A. Ross, G. M. Morris, P. C. Biggin, PLoS ONE 7, e32036 (2012)). Such waters sit
// deep, hold on by several hydrogen bonds and are seen sharply. The rule here, whose thresholds are ours, in
// the spirit of A. T. Garcia-Sosa, R. L. Mancera, P. M. Dean, J. Mol. Model. 9, 172 (2003), who judge by
// B-factor and contacts:
//   - the oxygen lies inside the search box;
//   - its occupancy is at least 0.5, all its places together;
//   - at least two polar contacts: N or O of protein or cofactor at 2.4 to 3.5 angstrom, a metal up to 2.8;
//   - its B-factor is at most the mean plus one standard deviation of the protein's heavy atoms; a file whose
//     B-factors are all the same (a model) is judged by contacts alone.
// Ligands and other waters do not count as contacts.
#pragma once
#include <string>
#include <vector>

#include "chem/box.hpp"
#include "chem/crystal_ligand.hpp"
#include "chem/receptor.hpp"
#include "chem/structure_file.hpp"

namespace theriac::chem {

/// An atom that a water holds on to.
struct WaterContact {
  ResidueId residue;
  std::string residue_name, atom;
  double distance = 0;  ///< angstrom

  std::string text() const;  ///< "A:ASP189 OD1 2.8"
};

/// A water inside the box.
struct SiteWater {
  ResidueId residue;
  std::string name;  ///< "HOH"
  Vector3 position;  ///< of the oxygen
  double b_factor = 0, occupancy = 1;
  std::vector<WaterContact> contacts;  ///< nearest first
  bool ordered = false;                ///< it passes the rule
  std::string reason;                  ///< why not; empty when it passes

  std::string label() const;  ///< "A:HOH301"
  /// "A:HOH301 ordered: B 14.2, 3 polar contacts (A:ASP189 OD1 2.8, ...)".
  std::string text() const;
};

/// All waters whose oxygen lies inside `box`, in file order. `chains`: protein chains that count (empty:
/// all); what is `taken_out` gives no contacts and no waters.
std::vector<SiteWater> site_waters(const Structure& structure, const Box& box,
                                   const std::vector<std::string>& chains = {},
                                   const std::vector<ResidueSelection>& taken_out = {});

/// The receptor without its waters, or with those of `kept` alone.
Receptor with_waters(const Receptor& receptor, const std::vector<ResidueId>& kept);

}  // namespace theriac::chem
