#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <kainjow/mustache.hpp>

#include "chem/library_versions.hpp"
#include "cli/evidence_drawing.hpp"
#include "cli/explanation_drawing.hpp"
#include "cli/repurpose_answer.hpp"

namespace theriac::cli {

extern const char* const repurpose_template;  // repurpose_template.html, made part of the program by CMake

namespace {

using datasets::EntityKind;
using kainjow::mustache::data;
using Object = kainjow::mustache::object;
using repurpose::AnswerRow;

constexpr std::size_t paths_listed = 10;
constexpr double smallest_bar = 0.1;  // contributions below it are one bar together

/// With a true minus.
std::string signed_number(double value) {
  return fmt::format("{}{:.2f}", value < 0 ? "\u2212" : "+", std::abs(value));
}

/// First word of a status: the class of its badge.
std::string status_class(repurpose::UseStatus status) {
  const std::string name = repurpose::use_status_name(status);
  return name == "in trial" ? "trial" : name.substr(0, name.find(' '));
}

std::string status_words(const AnswerRow& row) {
  return repurpose::use_status_name(row.status) + (row.withdrawn ? ", withdrawn" : "");
}

std::string share_bar(double share) {
  return fmt::format(
      "<svg width=\"90\" height=\"14\" viewBox=\"0 0 90 14\" role=\"img\" aria-label=\"{0}\"><rect y=\"3\" "
      "width=\"48\" "
      "height=\"8\" fill=\"#e3e8ee\"/><rect y=\"3\" width=\"{1:.1f}\" height=\"8\" fill=\"#7d8a99\"/><text "
      "x=\"53\" "
      "y=\"11\" font-size=\"11\" fill=\"#5a6675\">{0}</text></svg>",
      percent(share), 48 * std::clamp(share, 0.0, 1.0));
}

std::string anchor(const AnswerRow& row) {
  return fmt::format("drug{}", row.ranked.drug);
}

bool is_laid_open(const RepurposeAnswer& answer, const AnswerRow& row) {
  const std::size_t count = std::min(answer.laid_open, answer.explained.size());
  return std::any_of(answer.explained.begin(), answer.explained.begin() + static_cast<std::ptrdiff_t>(count),
                     [&](const ExplainedDrug& e) { return e.row.ranked.drug == row.ranked.drug; });
}

data table_data(const RepurposeAnswer& answer, const std::string& title, const std::string& subtitle,
                const std::vector<AnswerRow>& rows) {
  data list{data::type::list};
  for (const auto& row : rows)
    list.push_back(Object{{"rank", std::to_string(row.rank)},
                          {"name", entity_name(*answer.store, EntityKind::drug, row.ranked.drug)},
                          {"anchor", anchor(row)},
                          {"explained", is_laid_open(answer, row)},
                          {"probability", probability_text(row.ranked)},
                          {"percentile", percentile_text(row.ranked.percentile)},
                          {"disease_percentile", percentile_text(row.disease_percentile)},
                          {"against", against_text(*answer.store, row)},
                          {"status", status_words(row)},
                          {"status_class", status_class(row.status)},
                          {"effect", repurpose::effect_verdict_name(row.effect)},
                          {"popularity_bar", share_bar(row.popularity_share)},
                          {"reason", main_reason(answer, row)}});
  return Object{{"title", title}, {"subtitle", subtitle}, {"rows", list}};
}

/// Contributions as bars to the left and right of zero.
std::string contribution_bars(const RepurposeAnswer& answer, const ExplainedDrug& drug) {
  constexpr double row_height = 20, label_width = 530, half = 130;
  std::vector<std::pair<std::string, double>> parts;
  double rest = 0;
  for (const auto& evidence : drug.evidence) {
    if (std::abs(evidence.contribution) >= smallest_bar)
      parts.emplace_back(answer.ranking.lines[evidence.line].meaning, evidence.contribution);
    else
      rest += evidence.contribution;
  }
  if (parts.size() < drug.evidence.size())
    parts.emplace_back(
        fmt::format("{} lines of less than {}", drug.evidence.size() - parts.size(), smallest_bar), rest);
  parts.emplace_back("intercept: how rare true pairs are", answer.ranking.intercept);
  double largest = 1e-9;
  for (const auto& part : parts) largest = std::max(largest, std::abs(part.second));
  const std::size_t rows = parts.size();
  std::string svg = fmt::format(
      "<svg width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\" role=\"img\" "
      "aria-label=\"contributions to the logit\"><path d=\"M{2:.0f} 0V{1:.0f}\" stroke=\"#8a96a3\"/>",
      label_width + 2 * half + 60, row_height * static_cast<double>(rows), label_width + half);
  const auto bar = [&](std::size_t i, const std::string& label, double value) {
    const double length = (half - 6) * std::abs(value) / largest;
    const double zero = label_width + half, x = value < 0 ? zero - length : zero;
    const double y = row_height * static_cast<double>(i);
    svg += fmt::format(
        "<text x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"end\" font-size=\"12\" "
        "fill=\"#1b2430\">{}</text><rect "
        "x=\"{:.1f}\" y=\"{:.0f}\" width=\"{:.1f}\" height=\"11\" fill=\"{}\"/><text x=\"{:.0f}\" "
        "y=\"{:.0f}\" "
        "font-size=\"11.5\" fill=\"#5a6675\">{}</text>",
        label_width - 8, y + 14, label, x, y + 4, std::max(0.5, length), value < 0 ? "#0072b2" : "#d55e00",
        label_width + 2 * half + 6, y + 14, signed_number(value));
  };
  for (std::size_t i = 0; i < rows; ++i) bar(i, parts[i].first, parts[i].second);
  return svg + "</svg>";
}

data path_list(const RepurposeAnswer& answer, const ExplainedDrug& drug) {
  data list{data::type::list};
  for (const auto& each : strongest_paths(*answer.store, drug.evidence, paths_listed)) {
    std::vector<std::string> sources;
    for (const auto& link : each.path->links) sources.push_back(link_source(*answer.store, link));
    list.push_back(Object{{"words", path_words(*answer.store, *each.path)},
                          {"logit", signed_number(each.logit)},
                          {"line", answer.ranking.lines[each.line].meaning},
                          {"sources", fmt::format("{}", fmt::join(sources, " | "))}});
  }
  return list;
}

data use_list(const RepurposeAnswer& answer, const AnswerRow& row) {
  data list{data::type::list};
  for (const auto& use : row.uses)
    list.push_back(Object{{"status", repurpose::use_status_name(use.status)},
                          {"disease", entity_name(*answer.store, EntityKind::disease, use.disease)},
                          {"source", link_source(*answer.store, {use.kind, use.row, ""})}});
  return list;
}

data computed_list(const RepurposeAnswer& answer, const ExplainedDrug& drug) {
  data list{data::type::list};
  for (const auto& score : drug.computed)
    list.push_back(Object{{"words", repurpose::derived_score_words(*answer.store, score)},
                          {"source", link_source(*answer.store, {score.kind, score.row, ""})}});
  for (const auto& affinity : drug.affinities)
    list.push_back(Object{{"words", predicted_affinity_words(affinity)},
                          {"source", predicted_affinity_source(affinity)}});
  return list;
}

data drug_data(const RepurposeAnswer& answer, const ExplainedDrug& drug) {
  const AnswerRow& row = drug.row;
  const auto& column = answer.store->entities(EntityKind::drug).text("smiles");
  const std::string smiles =
      row.ranked.drug < column.size() ? std::string(column[row.ranked.drug]) : std::string();
  const std::string graph = evidence_drawing(*answer.store, drug.evidence);
  return Object{{"anchor", anchor(row)},
                {"rank", std::to_string(row.rank)},
                {"name", entity_name(*answer.store, EntityKind::drug, row.ranked.drug)},
                {"id", entity_id(*answer.store, EntityKind::drug, row.ranked.drug)},
                {"probability", probability_text(row.ranked)},
                {"percentile", fmt::format("{:.1f}", row.ranked.percentile)},
                {"status", status_words(row)},
                {"has_smiles", !smiles.empty()},
                {"smiles", smiles},
                {"structure", smiles.empty() ? "" : smiles_drawing(smiles)},
                {"logit", signed_number(row.ranked.logit)},
                {"bars", contribution_bars(answer, drug)},
                {"has_paths", !graph.empty()},
                {"graph", graph},
                {"paths", path_list(answer, drug)},
                {"against", against_text(*answer.store, row)},
                {"has_against", !row.against.empty()},
                {"has_computed", !drug.computed.empty() || !drug.affinities.empty()},
                {"computed", computed_list(answer, drug)},
                {"computed_title", std::string(computed_title)},
                {"has_uses", !row.uses.empty()},
                {"uses", use_list(answer, row)}};
}

std::string verdict(const RepurposeAnswer& answer) {
  const auto& result = answer.answer;
  if (result.rows.empty()) return "No drug that passes the filters has a basis in this store.";
  std::size_t fresh = 0;
  for (const auto& row : result.rows) fresh += row.status == repurpose::UseStatus::none;
  return fmt::format(
      "{} drugs shown of {} ranked; {} of those shown have no use in this disease on record. {} drugs "
      "have no basis here and get no number.",
      result.rows.size(), result.ranked, fresh, result.without_basis);
}

data fact_list(const RepurposeAnswer& answer) {
  data list{data::type::list};
  for (std::size_t i = 0; i < answer.facts.size(); ++i)
    list.push_back(Object{{"name", answer.facts[i].first},
                          {"value", answer.facts[i].second},
                          {"last", i + 1 == answer.facts.size()}});
  return list;
}

data source_list(const datasets::Store& store) {
  data list{data::type::list};
  for (const auto& source : store.sources())
    list.push_back(Object{{"name", source.name}, {"version", source.version}, {"licence", source.licence}});
  return list;
}

}  // namespace

std::string repurpose_html(const RepurposeAnswer& answer) {
  data tables{data::type::list}, drugs{data::type::list}, warnings{data::type::list};
  tables.push_back(table_data(answer, "Ranked drugs", "best first", answer.answer.rows));
  if (!answer.answer.other_mechanisms.empty())
    tables.push_back(table_data(answer, "Next of other mechanisms",
                                "they share no target with any drug above", answer.answer.other_mechanisms));
  if (!answer.answer.contraindicated.empty())
    tables.push_back(table_data(answer, "Contraindicated", "the evidence ranks them, the label forbids them",
                                answer.answer.contraindicated));
  for (std::size_t i = 0; i < std::min(answer.laid_open, answer.explained.size()); ++i)
    drugs.push_back(drug_data(answer, answer.explained[i]));
  for (const auto& text : answer.warnings) warnings.push_back(Object{{"text", text}});
  Object page;
  page["question"] = answer.question;
  page["verdict"] = verdict(answer);
  page["facts"] = fact_list(answer);
  page["model"] = answer.model;
  page["notice"] = std::string(repurpose_notice);
  page["prevalence"] = percent(answer.ranking.prevalence);
  page["warnings"] = std::move(warnings);
  page["tables"] = std::move(tables);
  page["drugs"] = std::move(drugs);
  page["store"] = answer.store->created();
  page["sources"] = source_list(*answer.store);
  page["version"] = chem::theriac_version();
  kainjow::mustache::mustache form{std::string(repurpose_template)};
  return form.render(page);
}

}  // namespace theriac::cli
