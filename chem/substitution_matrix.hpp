// BLOSUM62: how often two residues stand opposite each other in related proteins, against chance.
//
// S. Henikoff, J. G. Henikoff, Proc. Natl. Acad. Sci. USA 89, 10915 (1992); scores in half bits, rounded.
// Background frequencies: A. B. Robinson, L. R. Robinson, Proc. Natl. Acad. Sci. USA 88, 8880 (1991), as
// BLAST uses them. Residues are numbers from 0 to 19 in alphabetical order of their letters.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace theriac::chem {

constexpr std::string_view amino_acid_letters = "ACDEFGHIKLMNPQRSTVWY";
constexpr int residue_kinds = 20;
constexpr std::uint8_t unknown_residue = 20;  ///< B, J, O, U, X, Z and whatever else stands in a sequence
constexpr std::uint8_t gap_residue = 21;      ///< of aligned sequences

/// Number of a residue from its letter in either case; unknown_residue for anything that is not of the
/// twenty.
std::uint8_t residue_code(char letter);
/// The whole sequence.
std::vector<std::uint8_t> residue_codes(std::string_view residues);

/// Score of two residues by number, in half bits; -1 when one of them is unknown.
int blosum62(std::uint8_t a, std::uint8_t b);

/// Frequencies of the twenty in proteins at large; they add up to 1.
const std::array<double, residue_kinds>& background_frequencies();

/// p(b | a): what stands opposite `a` in related proteins, from the scores and the background; adds up to 1.
const std::array<std::array<double, residue_kinds>, residue_kinds>& blosum62_conditionals();

}  // namespace theriac::chem
