#include "scoring/measured_molecule.hpp"

#include "chem/pharmacophore_signature.hpp"
#include "scoring/drug_likeness.hpp"

namespace theriac::scoring {
namespace {

template <typename Value, typename Measure>
const Value& once(std::optional<Value>& known, Measure measure) {
  if (!known) known = measure();
  return *known;
}

chem::CountFingerprint count_fingerprint(const chem::Molecule& molecule, CountKind kind) {
  switch (kind) {
    case CountKind::ecfp4:
      return chem::morgan_counts(molecule, 2);
    case CountKind::ecfp6:
      return chem::morgan_counts(molecule, 3);
    case CountKind::fcfp4:
      return chem::feature_morgan_counts(molecule, 2);
    case CountKind::atom_pairs:
      break;
  }
  return chem::atom_pair_counts(molecule, 10);
}

}  // namespace

const chem::CountFingerprint& MeasuredMolecule::counts(CountKind kind) const {
  return once(counts_[static_cast<std::size_t>(kind)], [&] { return count_fingerprint(molecule_, kind); });
}

const chem::Fingerprint& MeasuredMolecule::pharmacophores() const {
  return once(pharmacophores_, [&] { return chem::pharmacophore_signature(target()); });
}

const chem::ElementCounts& MeasuredMolecule::elements() const {
  return once(elements_, [&] { return chem::element_counts(molecule_); });
}

const chem::RingCounts& MeasuredMolecule::rings() const {
  return once(rings_, [&] { return chem::ring_counts(molecule_); });
}

const chem::SubstructureTarget& MeasuredMolecule::target() const {
  return once(target_, [&] { return chem::SubstructureTarget(molecule_); });
}

const std::vector<chem::Alert>& MeasuredMolecule::alerts() const {
  return once(alerts_, [&] { return chem::structural_alerts(target()); });
}

double MeasuredMolecule::log_p() const {
  return once(log_p_, [&] { return chem::crippen_log_p(molecule_); });
}

double MeasuredMolecule::polar_surface_area() const {
  return once(polar_surface_area_, [&] { return chem::polar_surface_area(molecule_); });
}

double MeasuredMolecule::bertz_complexity() const {
  return once(bertz_complexity_, [&] { return chem::bertz_complexity(molecule_); });
}

const chem::Descriptors& MeasuredMolecule::descriptors() const {
  return once(descriptors_, [&] { return chem::descriptors(target()); });
}

double MeasuredMolecule::qed() const {
  return once(qed_, [&] { return scoring::qed(qed_properties(target(), descriptors())); });
}

const SyntheticAccessibility& MeasuredMolecule::synthetic_accessibility() const {
  return once(synthetic_accessibility_, [&] { return scoring::synthetic_accessibility(molecule_); });
}

}  // namespace theriac::scoring
