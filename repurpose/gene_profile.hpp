// A user's own disease: a list of genes, or an expression signature of genes that are up and down.
//
// A text file, a gene a line: HGNC symbol, Entrez id or UniProt accession; after it, separated by a tab, a
// comma or blanks, optionally "up" or "down", or a number (a weight; in a signature its sign says up or
// down). Lines that begin with '#' and a header line ("gene", "symbol") are passed over.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "datasets/store.hpp"

namespace theriac::repurpose {

struct ProfileGene {
  std::uint32_t target = 0;  ///< row of the store
  double weight = 1;         ///< above 0
  int change = 0;            ///< +1 up, -1 down in the disease, 0 not said
};

/// A line that names no gene of the store.
struct UnknownGene {
  std::size_t line = 0;
  std::string text;
};

struct GeneProfile {
  std::string name;                ///< of the file
  std::vector<ProfileGene> genes;  ///< sorted by target, each once (the last line counts)
  std::vector<UnknownGene> unknown;

  /// Whether any gene is said to be up or down.
  bool is_signature() const;
};

/// Throws InputError: no such file, no genes in it, a cell that is neither a number nor up or down (file,
/// line, value), or no gene that the store knows.
GeneProfile read_gene_profile(const datasets::Store& store, const std::string& path);
/// The same from text already read; `source` names it in messages.
GeneProfile gene_profile_from_text(const datasets::Store& store, std::string_view text,
                                   const std::string& source);

}  // namespace theriac::repurpose
