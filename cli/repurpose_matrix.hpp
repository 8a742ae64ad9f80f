// All diseases x all drugs: one HDF5 matrix, or a CSV of the best drugs of every disease.
#pragma once
#include <cstddef>
#include <string>

#include "repurpose/answer.hpp"
#include "repurpose/disease_ranking.hpp"

namespace theriac::cli {

struct AllPairs {
  std::size_t diseases = 0, without_basis = 0;  ///< diseases in which no drug has a basis
  std::size_t pairs = 0;                        ///< with a number
};

/// Ranks every disease on all threads and writes `path`: .h5 holds /diseases/{id,name}, /drugs/{id,name} and
/// the float32 matrices /probability, /logit and /disease_percentile (a row per disease; NaN without basis;
/// the last as cli/pair_table.hpp reads it, and made with links of the named `licence`); .csv holds the first
/// `top` drugs of each disease as rows. Equal input gives equal bytes. Throws UsageError for another ending,
/// StorageError.
AllPairs write_all_pairs(const datasets::Store& store, const repurpose::RankingModel& model,
                         const repurpose::KnowledgeGraph& graph, const repurpose::RankOptions& options,
                         const repurpose::AnswerOptions& shown, const std::string& licence,
                         const std::string& path);

}  // namespace theriac::cli
