// Answers about a disease, a pair of drug and disease, or a user's own genes: ranked, explained, ready to be
// shown.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/pair_table.hpp"
#include "cli/repurpose_answer.hpp"
#include "cli/repurpose_question.hpp"
#include "repurpose/disease_ranking.hpp"

namespace theriac::cli {

/// A store, the model and the graph that questions are answered from. Not to be moved: the graph points into
/// it.
struct Grounds {
  datasets::Store store;
  repurpose::RankingModel model;
  repurpose::KnowledgeGraph graph;

  explicit Grounds(const RepurposeOptions& options);
};

repurpose::RankOptions rank_options(const RepurposeOptions& options, const datasets::Store& store);
repurpose::AnswerOptions answer_options(const RepurposeOptions& options, const datasets::Store& store);

/// The table of all pairs beside the store, for questions with the usual links, model and options; adds a
/// warning when there is one that does not fit.
std::optional<PairTable> pair_table(const Grounds& grounds, const RepurposeOptions& options,
                                    std::vector<std::string>& warnings);

/// Each throws InputError for names that mean nothing or several things. The answer points into `grounds`.
RepurposeAnswer disease_answer(const Grounds& grounds, const RepurposeOptions& options);
RepurposeAnswer pair_answer(const Grounds& grounds, const RepurposeOptions& options);
RepurposeAnswer genes_answer(const Grounds& grounds, const RepurposeOptions& options);

}  // namespace theriac::cli
