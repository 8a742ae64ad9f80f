#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/evidence_drawing.hpp"
#include "cli/repurpose_answer.hpp"

namespace theriac::cli {
namespace {

using datasets::EntityKind;
using Json = nlohmann::ordered_json;

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

Json path_json(const RepurposeAnswer& answer, const repurpose::EvidencePath& path) {
  Json nodes = Json::array(), links = Json::array();
  for (const auto& node : path.nodes)
    nodes.push_back({{"kind", datasets::entity_kind_name(node.kind)},
                     {"id", entity_id(*answer.store, node.kind, node.entity)},
                     {"name", entity_name(*answer.store, node.kind, node.entity)}});
  for (const auto& link : path.links)
    links.push_back({{"kind", link.words.empty() ? datasets::link_kind_name(link.kind) : "computed"},
                     {"source", link_source(*answer.store, link)}});
  return {{"share", number(path.share)}, {"nodes", nodes}, {"links", links}};
}

Json evidence_json(const RepurposeAnswer& answer, const std::vector<repurpose::Evidence>& evidence) {
  Json lines = Json::array();
  for (const auto& each : evidence) {
    Json line = {{"line", answer.ranking.lines[each.line].name},
                 {"value", number(each.value)},
                 {"contribution", number(each.contribution)}};
    if (!each.paths.empty()) {
      line["paths"] = Json::array();
      for (const auto& path : each.paths) line["paths"].push_back(path_json(answer, path));
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

Json row_json(const RepurposeAnswer& answer, const repurpose::AnswerRow& row) {
  Json json = {{"rank", row.rank},
               {"id", entity_id(*answer.store, EntityKind::drug, row.ranked.drug)},
               {"name", entity_name(*answer.store, EntityKind::drug, row.ranked.drug)},
               {"probability", number(row.ranked.probability)},
               {"logit", number(row.ranked.logit)},
               {"percentile", number(row.ranked.percentile)},
               {"percentile_among_diseases", number(row.disease_percentile)},
               {"status", repurpose::use_status_name(row.status)},
               {"withdrawn", row.withdrawn},
               {"effect", repurpose::effect_verdict_name(row.effect)},
               {"popularity_share", number(row.popularity_share)},
               {"main_reason", main_reason(answer, row)}};
  for (const auto& use : row.uses)
    json["on_record"].push_back({{"status", repurpose::use_status_name(use.status)},
                                 {"disease", entity_name(*answer.store, EntityKind::disease, use.disease)},
                                 {"source", link_source(*answer.store, {use.kind, use.row, ""})}});
  json["against"] = Json::array();
  for (const auto& each : row.against)
    json["against"].push_back({{"kind", repurpose::objection_name(each.kind)},
                               {"count", each.count},
                               {"words", repurpose::objection_words(*answer.store, each)}});
  for (std::size_t i = 0; i < std::min(answer.laid_open, answer.explained.size()); ++i)
    if (answer.explained[i].row.ranked.drug == row.ranked.drug) {
      json["evidence"] = evidence_json(answer, answer.explained[i].evidence);
      for (const auto& score : answer.explained[i].computed)
        json["computed_not_ranked"].push_back(
            {{"kind", datasets::link_kind_name(score.kind)},
             {"target", entity_name(*answer.store, EntityKind::target, score.target)},
             {"value", number(score.value)},
             {"unit", score.kind == datasets::LinkKind::docked ? "kcal/mol" : "-log10(mol/L)"},
             {"source", link_source(*answer.store, {score.kind, score.row, ""})}});
      for (const auto& affinity : answer.explained[i].affinities)
        json["predicted_affinity_not_ranked"].push_back(predicted_affinity_json(affinity));
    }
  return json;
}

Json rows_json(const RepurposeAnswer& answer, const std::vector<repurpose::AnswerRow>& rows) {
  Json list = Json::array();
  for (const auto& row : rows) list.push_back(row_json(answer, row));
  return list;
}

}  // namespace

std::string repurpose_json(const RepurposeAnswer& answer) {
  Json json = {{"schema", "theriac.repurpose/1"}, {"question", answer.question}};
  for (const auto& [name, value] : answer.facts) json["facts"][name] = value;
  json["store"] = answer.store->path();
  json["model"] = answer.model;
  json["prevalence"] = number(answer.ranking.prevalence);
  json["intercept"] = number(answer.ranking.intercept);
  json["lines"] = Json::array();
  for (const auto& line : answer.ranking.lines)
    json["lines"].push_back(
        {{"name", line.name}, {"meaning", line.meaning}, {"popularity", line.popularity}});
  json["ranked"] = answer.answer.ranked;
  json["without_basis"] = answer.answer.without_basis;
  json["filtered_out"] = answer.answer.filtered_out;
  json["rows"] = rows_json(answer, answer.answer.rows);
  json["other_mechanisms"] = rows_json(answer, answer.answer.other_mechanisms);
  json["contraindicated"] = rows_json(answer, answer.answer.contraindicated);
  json["warnings"] = answer.warnings;
  json["notice"] = repurpose_notice;
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace theriac::cli
