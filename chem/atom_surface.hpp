// Surfaces from the graph alone, without a copy of the molecule for RDKit to store its results on. Inside
// `chem`. Equal to RDKit's calcTPSA and getLabuteAtomContribs, which tests hold against these.
#pragma once
#include <vector>

namespace RDKit {
class ROMol;
}

namespace theriac::chem {

/// Topological polar surface area, angstrom^2, of nitrogen and oxygen: P. Ertl, B. Rohde, P. Selzer, J. Med.
/// Chem. 43, 3714 (2000), table 1; the formula of its footnote for atoms that the table lacks.
double polar_surface(const RDKit::ROMol& graph);

/// Van der Waals surface of every atom that its neighbours and a hydrogen leave free, angstrom^2: P. Labute,
/// J. Mol. Graph. Model. 18, 464 (2000), section 3.
std::vector<double> free_surface(const RDKit::ROMol& graph);

}  // namespace theriac::chem
