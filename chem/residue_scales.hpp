// Numbers that stand for the twenty amino acids: hydrophobicity, transfer energies, masses, pKa values.
//
// Published constants, each with its paper. Residues are numbers from 0 to 19 in alphabetical order of their
// letters.
#pragma once
#include <array>
#include <string_view>

namespace theriac::chem {

/// The twenty, in the order of every scale here.
constexpr std::string_view standard_residues = "ACDEFGHIKLMNPQRSTVWY";

using ResidueScale = std::array<double, 20>;

/// Hydropathy: J. Kyte, R. F. Doolittle, J. Mol. Biol. 157, 105 (1982).
constexpr ResidueScale hydropathy = {{1.8, 2.5,  -3.5, -3.5, 2.8,  -0.4, -3.2, 4.5, -3.9, 3.8,
                                      1.9, -3.5, -1.6, -3.5, -4.5, -0.8, -0.7, 4.2, -0.9, -1.3}};

/// Free energy of transfer of the side chain from cyclohexane to water, kcal/mol: A. Radzicka, R. Wolfenden,
/// Biochemistry 27, 1664 (1988), as H. G. Boman used it, J. Intern. Med. 254, 197 (2003); proline counts 0.
constexpr ResidueScale transfer_energy = {{1.81,   1.28,  -8.72, -6.81, 2.98,  0.94, -4.66,
                                           4.92,   -5.55, 4.92,  2.35,  -6.64, 0.0,  -5.54,
                                           -14.92, -3.40, -2.57, 4.04,  2.33,  -0.14}};

/// Consensus hydrophobicity: D. Eisenberg et al., Proc. Natl. Acad. Sci. USA 81, 140 (1984).
constexpr ResidueScale consensus_hydrophobicity = {{0.62,  0.29,  -0.90, -0.74, 1.19,  0.48, -0.40,
                                                    1.38,  -1.50, 1.06,  0.64,  -0.78, 0.12, -0.85,
                                                    -2.53, -0.18, -0.05, 1.08,  0.81,  0.26}};

/// Aggregation propensity (a3v), from mutants of amyloid-beta 42 in E. coli: N. S. de Groot et al., BMC
/// Struct. Biol. 5, 18 (2005); O. Conchillo-Sole et al. (AGGRESCAN), BMC Bioinformatics 8, 65 (2007).
constexpr ResidueScale aggregation_propensity = {{-0.036, 0.604,  -1.836, -1.412, 1.754,  -0.535, -1.033,
                                                  1.822,  -0.931, 1.380,  0.910,  -1.302, -0.334, -1.231,
                                                  -1.240, -0.294, -0.159, 1.594,  1.037,  1.159}};

/// Average mass of the residue inside a chain, dalton (ExPASy list); a chain weighs one water more.
constexpr ResidueScale residue_mass = {{71.0788,  103.1388, 115.0886, 129.1155, 147.1766, 57.0519, 137.1411,
                                        113.1594, 128.1741, 113.1594, 131.1926, 114.1038, 97.1167, 128.1307,
                                        156.1875, 87.0782,  101.1051, 99.1326,  186.2132, 163.1760}};
constexpr double water_mass = 18.0153;

/// Dipeptide instability weights (DIWV), [first][second]: K. Guruprasad, B. V. B. Reddy, M. W. Pandit,
/// Protein Eng. 4, 155 (1990), Table III.
const std::array<ResidueScale, 20>& instability_weights();

/// pKa of the groups that carry charge.
struct PkaSet {
  std::string_view name;
  double n_terminus, lysine, arginine, histidine;
  double aspartate, glutamate, cysteine, tyrosine, c_terminus;
};

/// Bjellqvist, Dawson, EMBOSS, Lehninger, Murray, Rodwell, Sillero, Solomon, Stryer: the sets in common use.
/// The first is the default: B. Bjellqvist et al., Electrophoresis 14, 1023 (1993) and 15, 529 (1994); it has
/// own values for some terminal residues (peptide_charge.hpp).
const std::array<PkaSet, 9>& pka_sets();

/// The set of that name, upper or lower case. Throws UsageError with the nearest name and all names.
const PkaSet& pka_set(std::string_view name);

/// 0 to 19, -1 for anything else; upper case only.
int residue_number(char letter);

}  // namespace theriac::chem
