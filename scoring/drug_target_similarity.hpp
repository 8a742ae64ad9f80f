// How alike drugs are, and how alike targets are: the two kernels of drug-target affinity.
//
// Drugs: the mean Tanimoto similarity of counts of atom environments (radius 2), of the same by function, and
// of atom pairs (chem/fingerprint.hpp); each is positive definite, so their mean is. Targets: normalised
// local alignment of whole sequences (chem/sequence_likeness.hpp), nearly so.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "chem/molecule.hpp"
#include "chem/sequence_likeness.hpp"
#include "scoring/row_product.hpp"

namespace theriac::scoring {

class DrugFingerprints {
 public:
  explicit DrugFingerprints(const chem::Molecule& molecule);
  /// 0 to 1.
  static double similarity(const DrugFingerprints& a, const DrugFingerprints& b);

 private:
  std::array<std::vector<std::pair<std::uint32_t, int>>, 3> counts_;
};

/// From SMILES, on all threads. Throws MoleculeError.
std::vector<DrugFingerprints> drug_fingerprints(const std::vector<std::string>& smiles);
/// Square and symmetric, 1 on the diagonal; on all threads.
FloatMatrix drug_similarities(const std::vector<DrugFingerprints>& drugs);
FloatMatrix target_similarities(const std::vector<std::string>& sequences);

}  // namespace theriac::scoring
