// Relatives of a protein laid over its positions: what its evolution has tried there.
//
// Read from an aligned FASTA or A3M file (lower case letters and '.' are insertions and left out), from a
// FASTA file of unaligned relatives, or found by find_homologs().
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "chem/local_alignment.hpp"
#include "chem/sequence.hpp"

namespace theriac::chem {

struct Homolog {
  std::string name;
  std::size_t first = 0;               ///< position of the query where it begins
  std::vector<std::uint8_t> residues;  ///< one code a position from there on; gap_residue where it has none
  double e_value = 0;                  ///< of a search; 0 when it was given
  double identity = 0;                 ///< share of its residues that equal the query's
};

struct Homologs {
  std::string query;             ///< residues
  std::vector<Homolog> rows;     ///< without the query
  double mean_coverage() const;  ///< rows that have a residue at a position, mean over positions
};

/// Lays relatives over the query. Whatever the file is - an alignment in which the query, or a part of it, is
/// the row to look for, or sequences of free length - is told from its rows. `text` is the file's content,
/// `source` its name in messages. Throws InputError: no sequence, nucleotides, rows of unequal length, or an
/// alignment that does not hold the query.
Homologs read_homologs(const std::string& text, const std::string& source, const std::string& query);

/// The same as an A3M text: the query, then the rows, each as long as the query.
std::string homologs_text(const Homologs& homologs, const std::string& query_name);

/// Row of a homolog from its aligned residues; sets the identity.
Homolog homolog_row(std::string name, std::size_t first, std::vector<std::uint8_t> residues,
                    const std::vector<std::uint8_t>& query);

}  // namespace theriac::chem
