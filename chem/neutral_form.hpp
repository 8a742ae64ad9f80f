// The neutral form of a molecule: every acid protonated, every base free. Inside `chem`; outside use
// `standardise` or `protonation`.
#pragma once

namespace RDKit {
class ROMol;
class RWMol;
}  // namespace RDKit

namespace theriac::chem {

/// Moves protons until no N, O, P, S, Se or Te atom carries a charge that a proton could cancel. Charges
/// beside the opposite charge (nitro, N-oxide, azide, ylide), quaternary atoms and single ions (Cl-, Na+)
/// stay.
void neutralise(RDKit::RWMol& graph);

/// Whether that would change nothing.
bool is_neutral_form(const RDKit::ROMol& graph);

}  // namespace theriac::chem
