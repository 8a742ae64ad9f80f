// Some three hundred numbers that a molecular graph gives without coordinates, as RDKit defines them.
//
// Sizes, polarity and rings; connectivity and shape indices (L. B. Kier, L. H. Hall, Molecular Connectivity
// in Structure-Activity Analysis, 1986); molecular quantum numbers (K. T. Nguyen et al., ChemMedChem 4, 1803
// (2009)); surface areas by contribution to log P, refractivity and charge (P. Labute, J. Mol. Graph. Model.
// 18, 464 (2000)); autocorrelations of atom properties over bonds (P. Broto, G. Moreau, J. Vandycke, Eur. J.
// Med. Chem. 19, 66 (1984)). What a network learns to predict before it sees a measured value.
#pragma once
#include <string>
#include <vector>

#include "chem/molecule.hpp"

namespace theriac::chem {

/// "mw", "chi1v", "mqn17", "slogp_vsa3", "autocorr2d_88" ..., in the order of the values.
const std::vector<std::string>& topological_descriptor_names();

/// One number per name; not finite where it is not defined (charges of a metal). Safe to call for one
/// molecule from many threads. About a millisecond.
std::vector<double> topological_descriptors(const Molecule& molecule);

}  // namespace theriac::chem
