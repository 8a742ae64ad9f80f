// A ranking made an answer: what is known of each drug in the disease stands beside its score,
// contraindicated drugs stand apart, filters are applied, and alternatives of another mechanism are pointed
// out.
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "datasets/store.hpp"
#include "repurpose/drug_filter.hpp"
#include "repurpose/effect_direction.hpp"
#include "repurpose/evidence.hpp"
#include "repurpose/known_use.hpp"
#include "repurpose/objection.hpp"

namespace theriac::repurpose {

struct AnswerOptions {
  DrugFilter filter;
  bool novel = false;    ///< leave out drugs with any use on record in this disease
  bool diverse = false;  ///< one drug per mechanism, the best
  std::size_t top = 20;  ///< 0: all
};

/// A drug with all that has to be said of it.
struct AnswerRow {
  RankedDrug ranked;
  std::size_t rank = 0;  ///< among all drugs of the store, from 1, whatever the filters
  UseStatus status = UseStatus::none;
  std::vector<KnownUse> uses;  ///< in this disease and its sub-terms
  bool withdrawn = false;      ///< from a market
  EffectVerdict effect = EffectVerdict::unknown;
  std::vector<SharedTarget> shared;  ///< targets that the disease has too
  std::vector<Objection> against;    ///< on record; no part of the score
  /// Among all diseases of the drug, 0 to 100; NaN where it is not known (cli/pair_table.hpp).
  double disease_percentile = std::numeric_limits<double>::quiet_NaN();
  double popularity_share = 0;           ///< of what speaks for it, 0 to 1
  std::size_t main_line = 0;             ///< the line that contributes most, popularity apart
  std::vector<std::uint32_t> mechanism;  ///< targets it acts on, sorted: those with a direction, else all
};

struct Answer {
  std::vector<AnswerRow> rows;              ///< best first, at most `top`
  std::vector<AnswerRow> contraindicated;   ///< best first, those that would have been rows
  std::vector<AnswerRow> other_mechanisms;  ///< the next ones that share no target with any row
  std::size_t ranked = 0;                   ///< drugs with a basis
  std::size_t without_basis = 0, filtered_out = 0, known_left_out = 0;
};

/// `disease` is a row of the store, or -1 for a list of genes, of which no use is on record.
Answer answer_from(const datasets::Store& store, const Ranking& ranking, std::int64_t disease,
                   const AnswerOptions& options);

/// Targets that a drug acts on: those of links with a direction of effect, all of them when none has one.
std::vector<std::uint32_t> mechanism_of(const datasets::Store& store, std::uint32_t drug);

}  // namespace theriac::repurpose
