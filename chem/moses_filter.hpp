// The "Filters" metric of the MOSES benchmark: would its authors have let this molecule into their set?
//
// A molecule is rejected for a ring of eight or more atoms, a formal charge (a nitro group has two), an
// element other than C, N, S, O, F, Cl, Br, H, and for any of 22 medicinal chemistry filters (MCF) and 480
// PAINS, matched with every hydrogen an atom: D. Polykovskiy et al., Front. Pharmacol. 11, 565644 (2020).
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "chem/molecule.hpp"
#include "chem/pattern_set.hpp"

namespace theriac::chem {

class MosesFilter {
 public:
  /// A table with the columns name and smarts, tab-separated. Throws InputError with file and line.
  static MosesFilter read(const std::string& path);
  /// The table that ships with Theriac, read once. Throws InputError when it is missing.
  static const MosesFilter& shipped();

  /// Everything that speaks against the molecule: "ring8", "charge", "element", then names in the order of
  /// the table. Safe for many threads.
  std::vector<std::string> hits(const Molecule& molecule) const;
  /// The same as no hits, and stops at the first.
  bool passes(const Molecule& molecule) const;
  std::size_t size() const { return names_.size(); }

 private:
  MosesFilter(std::vector<std::string> names, PatternSet patterns)
      : names_(std::move(names)), patterns_(std::move(patterns)) {}

  std::vector<std::string> names_;
  PatternSet patterns_;
};

}  // namespace theriac::chem
