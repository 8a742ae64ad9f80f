// A user's own molecules against the genes of a disease, or one target, by likeness to known ligands.
// Structure only: no probability, and no word on molecules of a new kind.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "chem/record_reader.hpp"
#include "cli/session.hpp"
#include "repurpose/ligand_similarity.hpp"

namespace theriac::cli {

/// One record of the library.
struct LikenessRow {
  std::int64_t record = 0;  ///< from 1, as in the input
  std::string name, smiles;
  std::string message;                 ///< why it could not be compared; empty when it was
  repurpose::EnsembleSimilarity best;  ///< the gene whose ligands it resembles most
  int drug_direction = 0;              ///< of the nearest ligand on that gene, 0 not known
};

/// One row per record, in order of the input; bad records are rows with a message.
std::vector<LikenessRow> compare_library(const datasets::Store& store,
                                         const repurpose::LigandEnsembles& ensembles,
                                         const std::vector<std::uint32_t>& targets,
                                         chem::RecordReader& reader, chem::StopToken stop);

/// The best rows as a table; `top` 0 is all.
std::string likeness_text(const datasets::Store& store, const std::vector<LikenessRow>& rows,
                          std::size_t top);
/// All rows, in order of the input, as CSV. Throws StorageError.
void write_likeness(const datasets::Store& store, const std::vector<LikenessRow>& rows,
                    const std::string& path);

}  // namespace theriac::cli
