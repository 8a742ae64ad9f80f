// Which nitrogens of a histidine carry hydrogens. Inside `chem` only; see `receptor_preparation.hpp`.
//
// Each ring nitrogen is looked at along the direction in which it donates or accepts: hydrogen-bond acceptors
// within 3.5 angstrom speak for a hydrogen there, donors and metals against. The state with most satisfied
// hydrogen bonds wins; without any, the epsilon tautomer, the more stable one in water (about 4 to 1).
#pragma once
#include "chem/protein_model.hpp"

namespace theriac::chem {

/// Sets the state of every histidine that has none; one line each in the report, with the count.
void assign_histidines(ProteinModel& model, const PreparationOptions& options, PreparationReport& report);

}  // namespace theriac::chem
