// A molecule and what has been measured on it so far: every fingerprint and property is computed once, when
// it is first asked for, however many tasks look at it.
//
// Used by one thread at a time.
#pragma once
#include <array>
#include <optional>
#include <vector>

#include "chem/descriptors.hpp"
#include "chem/element_counts.hpp"
#include "chem/fingerprint.hpp"
#include "chem/molecule.hpp"
#include "chem/structural_alerts.hpp"
#include "chem/substructure.hpp"
#include "scoring/synthetic_accessibility.hpp"

namespace theriac::scoring {

enum class CountKind {
  ecfp4,      ///< Morgan, radius 2
  ecfp6,      ///< Morgan, radius 3
  fcfp4,      ///< Morgan on functional classes of atoms, radius 2
  atom_pairs  ///< atoms 1 to 10 bonds apart
};

class MeasuredMolecule {
 public:
  explicit MeasuredMolecule(chem::Molecule molecule) : molecule_(std::move(molecule)) {}

  const chem::Molecule& molecule() const { return molecule_; }
  const chem::CountFingerprint& counts(CountKind kind) const;
  const chem::Fingerprint& pharmacophores() const;  ///< Gobbi's 2D signature
  const chem::ElementCounts& elements() const;
  const chem::RingCounts& rings() const;
  const chem::SubstructureTarget& target() const;
  const std::vector<chem::Alert>& alerts() const;  ///< of all sets
  double log_p() const;                            ///< Crippen
  double polar_surface_area() const;               ///< angstrom^2
  double bertz_complexity() const;
  const chem::Descriptors& descriptors() const;
  double qed() const;
  const SyntheticAccessibility& synthetic_accessibility() const;

 private:
  chem::Molecule molecule_;
  mutable std::array<std::optional<chem::CountFingerprint>, 4> counts_;
  mutable std::optional<chem::Fingerprint> pharmacophores_;
  mutable std::optional<chem::ElementCounts> elements_;
  mutable std::optional<chem::RingCounts> rings_;
  mutable std::optional<chem::SubstructureTarget> target_;
  mutable std::optional<chem::Descriptors> descriptors_;
  mutable std::optional<std::vector<chem::Alert>> alerts_;
  mutable std::optional<SyntheticAccessibility> synthetic_accessibility_;
  mutable std::optional<double> log_p_, polar_surface_area_, bertz_complexity_, qed_;
};

}  // namespace theriac::scoring
