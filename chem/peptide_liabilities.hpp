// Places in a peptide that spoil: residues that react, bonds that proteases cut, steps that synthesis fails
// at.
//
// Patterns of the textbooks, found by letter. Deamidation and isomerisation: N. E. Robinson, A. B. Robinson,
// Molecular Clocks (2004). Aspartimide, diketopiperazine and difficult couplings in Fmoc synthesis: W. C.
// Chan, P. D. White, Fmoc Solid Phase Peptide Synthesis (2000). Specificities of proteases: N. D. Rawlings et
// al. (MEROPS), Nucleic Acids Res. 46, D624 (2018), in the shortest form that is in use. A place found may
// react; one that is not found may be cut by an enzyme that is not listed.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace theriac::chem {

/// Something at a place. `position` counts from 1, as chemists do.
struct PeptidePlace {
  std::string name;  ///< "deamidation", "trypsin"
  int position = 0;  ///< first residue of the pattern; of proteases the residue before the cut
};

/// deamidation (N-G, N-S), isomerisation (D-G, D-S), acid_cleavage (D-P), oxidation (M, W), odd_cysteine (at
/// the last one), pyroglutamate (Q or E first), glycosylation (N-{P}-[ST]-{P}), run (four of a residue). In
/// this order, then by place.
std::vector<PeptidePlace> liabilities(std::string_view residues);

/// Bonds cut by trypsin, chymotrypsin (F, Y, W), elastase (A, V, S, G), pepsin (F, L), DPP-4 (P or A second),
/// furin (R-X-[KR]-R), thrombin (LVPR before G) and caspase-3 (DEVD). None of them at a bond before proline
/// but DPP-4, which asks for what stands before. In this order, then by place.
std::vector<PeptidePlace> protease_sites(std::string_view residues);

/// What makes solid-phase synthesis hard, one entry a rule that applies: long (over 30), hydrophobic (over
/// half of AFILMVWY), beta_branched (four of ITV within five), poor_solubility (less than one charged residue
/// in five), aspartimide (D before G, N, S or A), diketopiperazine (P second from the C terminus),
/// n_terminal_gln, cysteines (over two), arginines (three in a row), tryptophan_methionine (over two). A
/// count of rules of thumb: 0 or 1 is easy, 4 and more asks for a specialist.
std::vector<PeptidePlace> synthesis_difficulties(std::string_view residues);

/// "deamidation@7;oxidation@2": for a table.
std::string places_text(const std::vector<PeptidePlace>& places);

}  // namespace theriac::chem
