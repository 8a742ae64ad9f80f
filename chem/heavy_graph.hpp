// The molecular graph without explicit hydrogens, on which descriptors and patterns are defined. Inside
// `chem`.
#pragma once
#include <memory>

#include "chem/molecule.hpp"

namespace theriac::chem {

/// The molecule's own graph when it stores no hydrogens, otherwise a copy without them. It may be shared with
/// other threads: code that lets RDKit store computed properties on it must copy it first.
std::shared_ptr<const RDKit::ROMol> heavy_graph(const Molecule& molecule);

}  // namespace theriac::chem
