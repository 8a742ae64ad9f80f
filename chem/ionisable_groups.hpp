// Which atoms of a molecule gain or lose protons in water, and at which pH: a table of groups with their pKa.
//
// A site has the pKa that it would have with every other site neutral: the value of its group, shifted by
// neutral substituents (an ether oxygen two carbons away makes an amine less basic, a nitro group a phenol
// more acidic). The additive scheme and most numbers for amines and phenols follow D. D. Perrin, B. Dempsey,
// E. P. Serjeant, "pKa Prediction for Organic Acids and Bases" (Chapman and Hall, 1981); group values are
// rounded averages of measured constants (CRC Handbook of Chemistry and Physics; R. Prankerd, "Critical
// Compilation of pKa Values for Pharmaceutical Substances", Profiles of Drug Substances 33 (2007)). Charged
// neighbours are dealt with in `protonation`. Expect errors of about one unit. Bases weaker than pKa 3 and
// carbon acids are left out.
#pragma once
#include <string>
#include <vector>

#include "chem/molecule.hpp"

namespace theriac::chem {

struct IonisableSite {
  int atom = 0;       ///< index in the graph that was searched
  bool acid = false;  ///< neutral below its pKa and -1 above; a base is +1 below and neutral above
  double pka = 0;
  bool on_ring = false;  ///< the charge sits in an aromatic ring or is conjugated with it: pyridine, phenol
  std::string group;     ///< "carboxylic acid", "aliphatic amine, tertiary"
};

/// The sites of the neutral form of `molecule`, in canonical order; `atom` counts its heavy atoms.
std::vector<IonisableSite> ionisable_sites(const Molecule& molecule);

/// The same on a graph that is neutral already (see `neutral_form.hpp`). Inside `chem`.
std::vector<IonisableSite> ionisable_sites(const RDKit::ROMol& neutral_graph, const std::vector<int>& order);

}  // namespace theriac::chem
