// What `theriac train protein-lm` reads: proteins (FASTA) or binder pairs (a table), split into those learned
// and those held out.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "generative/protein_corpus.hpp"

namespace theriac::cli {

struct ProteinDataOptions {
  int held_out = 1500;                                 ///< proteins or pairs, at most a tenth
  std::string apart;                                   ///< FASTA: relatives of these are not learned
  std::string target = "target", peptide = "peptide";  ///< columns of a table
};

struct BinderPair {
  std::string target, peptide;
};

struct ProteinTrainingData {
  generative::ProteinCorpus learned, held_out;
  std::vector<BinderPair> held_out_pairs;
  std::size_t relatives = 0;  ///< left out
  std::size_t left_over = 0;  ///< records that are no proteins; pairs that lack one or are too long
  std::string sha256;         ///< of the file
};

/// A file with a tab in its first line is a table of pairs unless that is a header ('>'); any other holds
/// proteins.
/// `split_file` is made, and read again when it is of the same sequences and settings. Pairs are split by
/// their targets. `longest`: tokens of a pair, beyond which its target is cut on the left. Throws InputError:
/// nothing there, nucleotides, no such column.
ProteinTrainingData read_protein_data(const std::string& path, const ProteinDataOptions& options,
                                      std::uint64_t seed, int longest, const std::string& split_file);

}  // namespace theriac::cli
