#include "cli/repurpose_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/evidence_drawing.hpp"

namespace theriac::cli {

using datasets::EntityKind;
using datasets::Store;

const char* const repurpose_notice =
    "A rank says what the evidence in this store speaks for, not what helps a patient: research use, not "
    "medical "
    "advice. Probabilities are calibrated to the stated share of true pairs; dose, exposure, safety and "
    "patents are "
    "not weighed.";

std::string wrapped(const std::string& text, std::size_t width) {
  std::string out;
  std::size_t line = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (line > 0 && line + 1 + end - at > width) {
      out += '\n';
      line = 0;
    } else if (line > 0) {
      out += ' ';
      ++line;
    }
    out.append(text, at, end - at);
    line += end - at;
    at = end + 1;
  }
  return out;
}

std::string entity_name(const Store& store, EntityKind kind, std::uint32_t entity) {
  return std::string(store.entities(kind).name[entity]);
}

std::string entity_id(const Store& store, EntityKind kind, std::uint32_t entity) {
  return std::string(store.entities(kind).id[entity]);
}

std::string percent(double share) {
  const double value = 100 * share;
  if (!std::isfinite(value)) return "-";
  if (value > 0 && value < 0.01) return "below 0.01 %";
  return fmt::format("{:.{}f} %", value, value < 0.995 ? 2 : value < 9.95 ? 1 : 0);
}

std::string probability_text(const repurpose::RankedDrug& drug) {
  return drug.has_basis ? percent(drug.probability) : "no basis";
}

std::string main_reason(const RepurposeAnswer& answer, const repurpose::AnswerRow& row) {
  for (const auto& explained : answer.explained)
    if (explained.row.ranked.drug == row.ranked.drug)
      for (const auto& evidence : explained.evidence)
        if (evidence.line == row.main_line && !evidence.paths.empty())
          return path_words(*answer.store, evidence.paths.front());
  return answer.ranking.lines.empty() ? "" : answer.ranking.lines[row.main_line].meaning;
}

const char* const computed_title = "computed, not measured, and no part of the rank";

std::string against_text(const Store& store, const repurpose::AnswerRow& row) {
  std::string text;
  for (const auto& each : row.against)
    text += (text.empty() ? "" : "; ") + repurpose::objection_words(store, each);
  return text;
}

std::string percentile_text(double percentile) {
  return std::isfinite(percentile) ? fmt::format("{:.1f}", percentile) : "-";
}

bool has_disease_percentiles(const std::vector<repurpose::AnswerRow>& rows) {
  return std::any_of(rows.begin(), rows.end(),
                     [](const auto& row) { return std::isfinite(row.disease_percentile); });
}

std::string link_source(const Store& store, const repurpose::PathLink& link) {
  if (!link.words.empty()) return link.words;
  const auto& links = store.links(link.kind);
  const auto& source = store.sources()[links.source[link.row]];
  std::string text = source.name;
  if (!source.licence.empty()) text += fmt::format(" ({})", source.licence);
  const auto note = links.note[link.row];
  const auto reference = links.reference[link.row];
  if (!note.empty()) text += fmt::format(", {}", note);
  if (!reference.empty()) text += fmt::format(", {}", reference);
  return text;
}

}  // namespace theriac::cli
