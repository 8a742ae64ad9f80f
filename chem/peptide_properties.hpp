// What a peptide's sequence says about handling it: charge, isoelectric point, hydrophobicity, stability.
//
// Charge: Henderson-Hasselbalch over the groups that ionise. Instability: K. Guruprasad et al., Protein Eng.
// 4, 155 (1990). Aliphatic index: A. Ikai, J. Biochem. 88, 1895 (1980). GRAVY: J. Kyte, R. F. Doolittle
// (1982). Boman index: H. G. Boman, J. Intern. Med. 254, 197 (2003). Absorbance: C. N. Pace et al., Protein
// Sci. 4, 2411 (1995). Hydrophobic moment: D. Eisenberg et al., Nature 299, 371 (1982). Constants:
// residue_scales.hpp.
//
// All functions take the twenty residues in upper case and throw InputError naming letter and place for
// anything else, and for an empty sequence.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "chem/residue_scales.hpp"

namespace theriac::chem {

/// Throws InputError unless `residues` is made of the twenty and not empty.
void check_residues(std::string_view residues);

/// What stands at the ends of the chain.
struct PeptideEnds {
  bool free_n = true;  ///< amine; false: acetyl, or closed head to tail
  bool free_c = true;  ///< acid; false: amide, or closed head to tail
};

/// Net charge at a pH. The Bjellqvist set has values of its own for A, M, S, P, T, V and E at the N terminus
/// and D and E at the C terminus.
double net_charge(std::string_view residues, double ph, const PkaSet& set = pka_sets()[0],
                  const PeptideEnds& ends = {});
/// pH without net charge, 0 to 14, by bisection to 1e-4; NaN when nothing in it ionises.
double isoelectric_point(std::string_view residues, const PkaSet& set = pka_sets()[0],
                         const PeptideEnds& ends = {});

double peptide_mass(std::string_view residues);  ///< dalton, average isotopes, free ends, no disulfide
double gravy(std::string_view residues);         ///< mean hydropathy, -4.5 to 4.5
double aliphatic_index(std::string_view residues);
/// Above 40 a protein in a test tube is said to be unstable. Made on globular proteins: weak for peptides.
double instability_index(std::string_view residues);
/// kcal/mol a residue; above 2.48 a peptide is likely to bind other proteins.
double boman_index(std::string_view residues);
double aromaticity(std::string_view residues);  ///< share of F, W and Y
/// Molar absorption at 280 nm, 1/(M cm); `cystines` disulfide bonds add 125 each.
double absorption_280(std::string_view residues, int cystines = 0);
/// Of a segment seen at `degrees` a residue: 100 for a helix, 160 to 180 for a strand. The whole sequence at
/// once, divided by its length.
double hydrophobic_moment(std::string_view residues, double degrees = 100);
double mean_consensus_hydrophobicity(std::string_view residues);

/// A stretch of residues; `begin` counts from 0.
struct Stretch {
  int begin = 0, length = 0;
};

/// What may aggregate: AGGRESCAN's hot spots, five or more residues in a row, none of them P, whose mean
/// propensity over five neighbours exceeds -0.02. Short peptides have few neighbours: a hint, not a verdict.
std::vector<Stretch> aggregation_stretches(std::string_view residues);

/// Half of the sequence and more is one residue, a residue stands four times in a row, a pair three times
/// (GSGSGS), or a sequence of 8 and more has fewer than 4 kinds of residues.
bool low_complexity(std::string_view residues);

}  // namespace theriac::chem
