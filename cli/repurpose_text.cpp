#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "cli/evidence_drawing.hpp"
#include "cli/repurpose_answer.hpp"
#include "cli/text_table.hpp"

namespace theriac::cli {
namespace {

using repurpose::AnswerRow;

constexpr std::size_t widest_reason = 88;
constexpr std::size_t paths_per_drug = 8;
constexpr double smallest_contribution = 0.1;

/// Cut between UTF-8 characters.
std::string shortened(const std::string& text, std::size_t letters) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80 && ++seen > letters)
      return text.substr(0, i) + "\u2026";
  return text;
}

std::string status_text(const AnswerRow& row) {
  std::string text = repurpose::use_status_name(row.status);
  if (row.withdrawn) text += ", withdrawn";
  return text;
}

/// Columns of which nothing is known are left out.
std::string table_of(const RepurposeAnswer& answer, const std::vector<AnswerRow>& rows) {
  const bool diseases = has_disease_percentiles(rows);
  const bool against =
      std::any_of(rows.begin(), rows.end(), [](const auto& row) { return !row.against.empty(); });
  std::vector<TextColumn> columns = {{"rank", true}, {"drug"}, {"probability", true}, {"percentile", true}};
  if (diseases) columns.push_back({"among diseases", true});
  for (const auto& column : {TextColumn{"status"}, TextColumn{"effect"}, TextColumn{"popularity", true}})
    columns.push_back(column);
  if (against) columns.push_back({"on record against"});
  columns.push_back({"main reason"});
  std::vector<std::vector<std::string>> cells;
  for (const auto& row : rows) {
    std::vector<std::string> line = {std::to_string(row.rank),
                                     entity_name(*answer.store, datasets::EntityKind::drug, row.ranked.drug),
                                     probability_text(row.ranked), percentile_text(row.ranked.percentile)};
    if (diseases) line.push_back(percentile_text(row.disease_percentile));
    line.push_back(status_text(row));
    line.push_back(repurpose::effect_verdict_name(row.effect));
    line.push_back(percent(row.popularity_share));
    if (against) line.push_back(row.against.empty() ? "-" : against_text(*answer.store, row));
    line.push_back(shortened(main_reason(answer, row), widest_reason));
    cells.push_back(std::move(line));
  }
  return text_table(columns, cells);
}

/// Lines that matter one by one, the rest together.
std::string contribution_table(const RepurposeAnswer& answer, const ExplainedDrug& drug) {
  std::vector<std::vector<std::string>> cells;
  double rest = 0;
  std::size_t small = 0;
  for (const auto& evidence : drug.evidence) {
    if (std::abs(evidence.contribution) < smallest_contribution) {
      rest += evidence.contribution;
      ++small;
      continue;
    }
    cells.push_back({fmt::format("{:+.3f}", evidence.contribution), fmt::format("{:.4g}", evidence.value),
                     answer.ranking.lines[evidence.line].meaning});
  }
  if (small > 0)
    cells.push_back({fmt::format("{:+.3f}", rest), "",
                     fmt::format("{} lines of less than {}", small, smallest_contribution)});
  cells.push_back({fmt::format("{:+.3f}", answer.ranking.intercept), "", "intercept"});
  cells.push_back({fmt::format("{:+.3f}", drug.row.ranked.logit), "", "sum: the logit"});
  return text_table({{"logit", true}, {"value", true}, {"line"}}, cells);
}

std::string paths_of(const RepurposeAnswer& answer, const ExplainedDrug& drug) {
  std::string text;
  for (const auto& each : strongest_paths(*answer.store, drug.evidence, paths_per_drug)) {
    text += fmt::format("{:>+7.3f}  {}\n", each.logit, path_words(*answer.store, *each.path));
    std::string last;
    for (const auto& link : each.path->links) {
      const std::string source = link_source(*answer.store, link);
      if (link.words.empty() && source != last) text += fmt::format("           {}\n", source);
      last = source;
    }
  }
  return text;
}

std::string uses_of(const RepurposeAnswer& answer, const AnswerRow& row) {
  std::string text;
  for (const auto& use : row.uses)
    text += fmt::format("  {}: {}; {}\n", repurpose::use_status_name(use.status),
                        entity_name(*answer.store, datasets::EntityKind::disease, use.disease),
                        link_source(*answer.store, {use.kind, use.row, ""}));
  return text;
}

std::string explanation_of(const RepurposeAnswer& answer, const ExplainedDrug& drug) {
  const auto kind = datasets::EntityKind::drug;
  std::string text = fmt::format("\n{}  {} ({}), probability {}, {}\n", drug.row.rank,
                                 entity_name(*answer.store, kind, drug.row.ranked.drug),
                                 entity_id(*answer.store, kind, drug.row.ranked.drug),
                                 probability_text(drug.row.ranked), status_text(drug.row));
  text += contribution_table(answer, drug);
  const std::string paths = paths_of(answer, drug);
  if (!paths.empty())
    text += "strongest paths, what each adds to the logit, and the sources of its links\n" + paths;
  const std::string uses = uses_of(answer, drug.row);
  if (!uses.empty()) text += "on record, no part of the score\n" + uses;
  if (!drug.row.against.empty())
    text += fmt::format("against it: {}\n", against_text(*answer.store, drug.row));
  if (!drug.computed.empty() || !drug.affinities.empty()) text += fmt::format("{}\n", computed_title);
  for (const auto& score : drug.computed)
    text += fmt::format("  {}; {}\n", repurpose::derived_score_words(*answer.store, score),
                        link_source(*answer.store, {score.kind, score.row, ""}));
  for (const auto& affinity : drug.affinities)
    text +=
        fmt::format("  {}; {}\n", predicted_affinity_words(affinity), predicted_affinity_source(affinity));
  return text;
}

}  // namespace

std::string repurpose_text(const RepurposeAnswer& answer) {
  std::string text = fmt::format("{:<14}{}\n", "question", answer.question);
  if (!answer.matched.empty()) text += fmt::format("{:<14}'{}'\n", "found as", answer.matched);
  for (const auto& [name, value] : answer.facts) text += fmt::format("{:<14}{}\n", name, value);
  text += fmt::format("{:<14}{}\n\n", "model", answer.model);
  if (answer.answer.rows.empty())
    text += "no drug that passes the filters has a basis in this store\n";
  else
    text += table_of(answer, answer.answer.rows);
  if (!answer.answer.other_mechanisms.empty())
    text += "\nnext of other mechanisms\n" + table_of(answer, answer.answer.other_mechanisms);
  if (!answer.answer.contraindicated.empty())
    text += "\ncontraindicated, though the evidence ranks them here\n" +
            table_of(answer, answer.answer.contraindicated);
  for (std::size_t i = 0; i < std::min(answer.laid_open, answer.explained.size()); ++i)
    text += explanation_of(answer, answer.explained[i]);
  text +=
      fmt::format("\n{} drugs ranked, {} without basis", answer.answer.ranked, answer.answer.without_basis);
  if (answer.answer.filtered_out > 0) text += fmt::format(", {} filtered out", answer.answer.filtered_out);
  if (answer.answer.known_left_out > 0)
    text += fmt::format(", {} in use or tried already left out", answer.answer.known_left_out);
  return text + fmt::format("; true pairs among all: {}\n{}\n", percent(answer.ranking.prevalence),
                            wrapped(repurpose_notice));
}

}  // namespace theriac::cli
