#include "cli/campaign_objectives.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "chem/nearest_name.hpp"
#include "chem/property_filter.hpp"
#include "chem/substructure.hpp"
#include "scoring/endpoint.hpp"
#include "scoring/property_scorer.hpp"

namespace theriac::cli {
namespace {

using scoring::Desirability;

constexpr double infinity = std::numeric_limits<double>::infinity();

Desirability read_want(TomlTable& objective) {
  if (!objective.has("want"))
    objective.refuse("want", "an objective needs to say what is wanted",
                     "want = { below = -10.0, reject_above = -7.0 } or { above = 0.7, reject_below = 0.3 }");
  TomlTable want = objective.table("want");
  const bool below = want.has("below"), above = want.has("above");
  const auto limit = [&](const char* key, bool needed) {
    if (needed && !want.has(key))
      objective.refuse(
          "want",
          fmt::format("want in [[objective]] lacks '{}': from where on is a molecule worthless?", key));
    return want.number(key, 0, -infinity, infinity);
  };
  const double b = limit("below", false), a = limit("above", false);
  const double upper = limit("reject_above", below), lower = limit("reject_below", above);
  want.finish();
  if (!below && !above) objective.refuse("want", "want in [[objective]] has neither 'below' nor 'above'");
  std::optional<Desirability> out;
  objective.check("want", [&] {
    out = below && above ? Desirability::between(a, b, lower, upper)
          : below        ? Desirability::below(b, upper)
                         : Desirability::above(a, lower);
  });
  return *out;
}

void check_source(const TomlTable& table, const std::string& source, const CampaignFile& out) {
  static const scoring::PropertyScorer cheap;
  std::vector<std::string> known;
  for (const auto& kind : cheap.kinds()) known.push_back(kind->name);
  if (out.settings.prediction.model == "default")
    for (const auto& endpoint : scoring::known_endpoints()) known.push_back("predict:" + endpoint.name);
  known.push_back("dock");
  for (const auto& target : out.targets) known.push_back("dock:" + target.name);
  // what a file of one's own holds is known when it has been read
  if (out.settings.prediction.model != "default" && source.rfind("predict:", 0) == 0) return;
  if (std::find(known.begin(), known.end(), source) != known.end()) return;
  const std::string near = chem::nearest_name(source, known);
  table.refuse(
      "source",
      fmt::format("unknown source '{}' in [[objective]]; available: {}", source, fmt::join(known, ", ")),
      near.empty() ? "" : fmt::format("did you mean '{}'?", near));
}

bool reads_docking(const scoring::ObjectiveTerm& term) {
  return term.source.rfind("dock:", 0) == 0;
}

/// Names of the objectives that a stage looks at; all it can use when it names none.
std::vector<std::string> stage_objectives(TomlTable& table, const generative::CampaignSettings& s,
                                          bool docks) {
  std::vector<std::string> known;
  for (const auto& term : s.objectives) known.push_back(term.name);
  auto named = table.texts("objectives", {});
  for (const std::string& name : named)
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      const std::string near = chem::nearest_name(name, known);
      table.refuse(
          "objectives",
          fmt::format("unknown objective '{}' in [[stage]]; known: {}", name, fmt::join(known, ", ")),
          near.empty() ? "" : fmt::format("did you mean '{}'?", near));
    }
  if (!named.empty()) return named;
  for (const auto& term : s.objectives)
    if (docks || !reads_docking(term)) named.push_back(term.name);
  return named;
}

bool any_reads_docking(const std::vector<std::string>& names, const generative::CampaignSettings& s) {
  return std::any_of(s.objectives.begin(), s.objectives.end(), [&](const auto& term) {
    return reads_docking(term) && std::find(names.begin(), names.end(), term.name) != names.end();
  });
}

generative::StageSettings read_stage(TomlTable& table, const generative::CampaignSettings& s, bool last) {
  generative::StageSettings stage;
  stage.name = table.text("name", fmt::format("stage {}", s.stages.size() + 1));
  if (stage.name.empty()) table.refuse("name", "the name of a stage is empty");
  stage.objectives = stage_objectives(table, s, table.flag("docking", true));
  stage.docking = table.flag("docking", any_reads_docking(stage.objectives, s));
  if (stage.objectives.empty())
    table.refuse("docking", "without docking no objective is left for this stage");
  stage.filter = s.filter;
  read_filter(table, stage.filter);
  stage.per_round = static_cast<int>(table.whole("per_round", s.per_round, 1, 1000000));
  stage.rounds = static_cast<int>(table.whole("rounds", s.stop.rounds, 0, 100000));
  stage.min_rounds = static_cast<int>(table.whole("min_rounds", 0, 0, 100000));
  if (stage.min_rounds > stage.rounds)
    table.refuse("min_rounds",
                 fmt::format("min_rounds = {} is more than rounds = {}", stage.min_rounds, stage.rounds));
  stage.rounds_without_gain =
      static_cast<int>(table.whole("rounds_without_gain", s.stop.rounds_without_gain, 0, 100000));
  stage.until = table.number("until", 0, 0, 1);
  if (table.has("max_docked") && !stage.docking)
    table.refuse("max_docked", "key 'max_docked' in a [[stage]] that docks nothing");
  stage.max_docked = table.whole("max_docked", 0, 0, 1000000000);
  if (table.has("carry") && last)
    table.refuse("carry", "key 'carry' in the last [[stage]]: nothing comes after it");
  stage.carry = static_cast<int>(table.whole("carry", stage.carry, 1, 1000000));
  table.finish();
  return stage;
}

}  // namespace

void read_filter(TomlTable& owner, generative::FilterSettings& f) {
  TomlTable table = owner.table("filter");
  f.rules = table.text("rules", f.rules);
  table.check("rules", [&] { chem::PropertyFilter rules(f.rules); });
  f.alerts = table.texts("alerts", f.alerts);
  const std::vector<std::string> sets{"pains", "brenk", "nih"};
  for (const auto& set : f.alerts)
    if (std::find(sets.begin(), sets.end(), set) == sets.end())
      table.refuse("alerts", fmt::format("key 'alerts' in [filter] has '{}'; known: pains, brenk, nih", set));
  f.sa_max = table.number("sa_max", f.sa_max, 1, 10);
  f.forbid = table.texts("forbid", f.forbid);
  f.require = table.texts("require", f.require);
  table.check("forbid", [&] { chem::SubstructureFilter groups(f.forbid, {}); });
  table.check("require", [&] { chem::SubstructureFilter groups({}, f.require); });
  table.finish();
}

void read_objectives(TomlTable& file, CampaignFile& out) {
  for (TomlTable& table : file.tables("objective")) {
    std::string source = table.text("source", "");
    if (source.empty()) table.refuse("source", "an objective needs a source", "source = \"dock\" or \"qed\"");
    check_source(table, source, out);
    if (source == "dock") source = "dock:" + out.targets.front().name;
    const bool predicted = source.rfind("predict:", 0) == 0;
    const std::string name = table.text(
        "name", predicted ? source.substr(source.find(':') + 1) : source.substr(0, source.find(':')));
    const double weight = table.number("weight", 1, 0.001, 1000);
    out.settings.objectives.push_back({name, source, weight, read_want(table)});
    table.finish();
    table.check("name", [&] { scoring::Objective check(out.settings.objectives, out.settings.combine); });
  }
  if (out.settings.objectives.empty())
    file.refuse("objective", "no [[objective]] in the file", "theriac campaign --init shows some");
  const bool any = std::any_of(out.settings.objectives.begin(), out.settings.objectives.end(), reads_docking);
  if (!any) file.refuse("objective", "no objective reads a docking score", "add one with source = \"dock\"");
}

void read_stages(TomlTable& file, generative::CampaignSettings& s) {
  auto tables = file.tables("stage");
  for (std::size_t i = 0; i < tables.size(); ++i) {
    auto stage = read_stage(tables[i], s, i + 1 == tables.size());
    tables[i].check("objectives", [&] { generative::active_objectives(s, stage); });
    for (const auto& earlier : s.stages)
      if (earlier.name == stage.name)
        tables[i].refuse("name", fmt::format("two stages are named '{}'", stage.name));
    s.stages.push_back(std::move(stage));
  }
  if (!s.stages.empty() && !s.stages.back().docking)
    tables.back().refuse("docking", fmt::format("the last stage, '{}', docks nothing", s.stages.back().name),
                         "a campaign ends with docking");
}

}  // namespace theriac::cli
