// Protonation states of amino acids at a pH. Inside `chem` only; see `receptor_preparation.hpp`.
//
// pKa of the side chains in water (C. N. Pace, G. R. Grimsley, J. M. Scholtz, J. Biol. Chem. 284, 13285
// (2009)): Asp 3.9, Glu 4.3, His 6.5, Cys 8.6, Tyr 9.8, Lys 10.4, Arg 12.3; N-terminus 8.0, C-terminus 3.7.
// They shift in proteins; only these shifts are modelled, because they are large and geometry shows them:
//   - two carboxyl oxygens of different acids within 3.0 angstrom share a proton (aspartic proteases);
//   - a cysteine that binds a metal is a thiolate, one in a disulfide has no hydrogen;
//   - a histidine nitrogen that binds a metal has no hydrogen;
//   - a histidine between two hydrogen-bond acceptors, one of them an acid, is charged.
#pragma once
#include "chem/protein_model.hpp"

namespace theriac::chem {

/// Fills `state`, `disulfide`, `protonated_atom` and `charged_n_terminus`; tells the report.
/// Throws UsageError for an unknown state, InputError for a state of a residue that is not there.
void assign_protonation(ProteinModel& model, const PreparationOptions& options, PreparationReport& report);

}  // namespace theriac::chem
