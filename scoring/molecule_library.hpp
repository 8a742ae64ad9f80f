// Molecules that models learn from, each once, with all that learning and comparing need.
//
// A molecule is known by the canonical SMILES of its parent: salts stripped, charges neutralised.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "chem/fingerprint.hpp"
#include "chem/molecular_features.hpp"

namespace theriac::scoring {

struct LibraryMolecule {
  std::string smiles;  ///< of the parent
  chem::MolecularFeatures features;
};

class MoleculeLibrary {
 public:
  static constexpr std::uint32_t unknown = 0xffffffffu;
  static constexpr int fingerprint_bits = 1024, fingerprint_radius = 2;

  /// The places of parents given as canonical SMILES; those that are new are parsed and described on all
  /// threads. A SMILES that cannot be read has the place `unknown`.
  std::vector<std::uint32_t> add(const std::vector<std::string>& parents);

  std::size_t size() const { return molecules_.size(); }
  const LibraryMolecule& operator[](std::size_t i) const { return molecules_[i]; }
  /// Morgan bits of all, in order.
  const chem::FingerprintSet& fingerprints() const { return fingerprints_; }

 private:
  std::vector<LibraryMolecule> molecules_;
  chem::FingerprintSet fingerprints_{fingerprint_bits};
  std::map<std::string, std::uint32_t> places_;
};

}  // namespace theriac::scoring
