// Amino-acid sequences and FASTA files.
#pragma once
#include <string>
#include <vector>

namespace theriac::chem {

struct Sequence {
  std::string name;      ///< first word of the FASTA header; empty for a bare sequence
  std::string residues;  ///< upper case, one letter each: the twenty, and B J O U X Z
};

/// Sequences of a FASTA text, or one bare sequence without a header. Blanks, digits and a final '*' are
/// passed over. Throws InputError naming source, line and letter for what stands for no residue, for a header
/// without residues, and when there is nothing.
std::vector<Sequence> sequences_from_text(const std::string& text, const std::string& source);
/// The same from a file (plain or gzip).
std::vector<Sequence> read_sequences(const std::string& path);

/// Whether residues are really DNA or RNA: at least 30 letters, all of them A, C, G, T, U or N (19 of 20),
/// and three bases of which each makes 3 % or more.
bool looks_like_nucleotides(const std::string& residues);

}  // namespace theriac::chem
