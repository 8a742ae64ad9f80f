#include "cli/campaign_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "chem/property_filter.hpp"
#include "chem/substructure.hpp"
#include "cli/duration.hpp"
#include "cli/toml_table.hpp"
#include "generative/proposer_choice.hpp"
#include "scoring/device_network.hpp"
#include "scoring/endpoint.hpp"
#include "scoring/property_scorer.hpp"

namespace theriac::cli {
namespace {

using generative::DiversityMethod;
using scoring::Desirability;

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Runs `check`; what it refuses is refused at the place of `key`.
void at_key(const TomlTable& table, const std::string& key, const std::function<void()>& check) {
  try {
    check();
  } catch (const UsageError& e) {
    table.refuse(key, fmt::format("key '{}' in {}: {}", key, table.title(), e.what()), e.hint());
  }
}

/// A path as written, made relative to the campaign file's folder. Residue names have no dot and no slash.
std::string beside(const std::string& campaign, const std::string& path) {
  if (path.empty() || std::filesystem::path(path).is_absolute()) return path;
  return (std::filesystem::path(campaign).parent_path() / path).string();
}

bool names_a_file(const std::string& text) {
  return text.find_first_of("./") != std::string::npos;
}

std::string file_or_residue(const std::string& campaign, const std::string& text) {
  return names_a_file(text) ? beside(campaign, text) : text;
}

std::string model_beside(const std::string& campaign, const std::string& text) {
  return names_a_model_file(text) ? beside(campaign, text) : text;
}

BoxChoice read_box(TomlTable& target, const std::string& campaign) {
  BoxChoice box;
  if (!target.has("box"))
    target.refuse(
        "box", fmt::format("no search box in {}", target.title()),
        "box = { ligand = \"STI\" } | { residues = [\"A:315\"] } | { center = [..], size = [..] } | "
        "{ file = \"box.txt\" } | \"pocket\"");
  if (target.is_text("box")) {
    target.choice("box", "", {"pocket"});
    box.pocket = true;
    return box;
  }
  TomlTable table = target.table("box");
  box.ligand = file_or_residue(campaign, table.text("ligand", ""));
  box.residues = table.texts("residues", {});
  box.center = table.numbers("center", 3);
  box.size = table.numbers("size", 3);
  box.file = beside(campaign, table.text("file", ""));
  box.add = table.number("add", 4.0, 0, 60);
  table.finish();
  const int ways = !box.ligand.empty() + !box.residues.empty() + (!box.center.empty() || !box.size.empty()) +
                   !box.file.empty();
  if (ways != 1)
    target.refuse("box",
                  ways == 0 ? "the search box says nothing" : "the search box is given in more than one way",
                  "one of ligand, residues, center and size, file");
  if (box.center.size() != box.size.size()) target.refuse("box", "the search box needs both center and size");
  return box;
}

TargetChoice read_target(TomlTable& table, const std::string& campaign) {
  TargetChoice target;
  const std::string receptor = table.text("receptor", "");
  if (receptor.empty())
    table.refuse("receptor", fmt::format("no receptor in {}", table.title()), "receptor = \"1iep.pdb\"");
  target.receptor = beside(campaign, receptor);
  target.name = table.text("name", std::filesystem::path(receptor).stem().string());
  const bool plain = !target.name.empty() && target.name.find_first_of(" \t:,/\"'") == std::string::npos;
  if (!plain)
    table.refuse("name", fmt::format("the name '{}' of a target has blanks or punctuation", target.name));
  target.box = read_box(table, campaign);
  return target;
}

/// The key "device" of [section].
std::string network_device(TomlTable& table, const std::string& section, const std::string& usual) {
  std::string device = table.text("device", usual);
  if (!scoring::names_prediction_device(device))
    table.refuse("device",
                 fmt::format("unknown device '{}' in [{}]; available: auto, cpu, cuda:0, cuda:1 ...", device,
                             section));
  return device;
}

void read_targets(TomlTable& file, CampaignFile& out) {
  if (!file.has("target"))
    file.refuse("target", "no [target] in the file", "theriac campaign --init shows one");
  TomlTable table = file.table("target");
  TargetChoice target = read_target(table, out.path);
  target.reference = file_or_residue(out.path, table.text("reference", ""));
  out.settings.docking.ph = table.number("ph", 7.4, 0, 14);
  out.settings.reference_rmsd = table.number("reference_rmsd", 2.5, 0.1, 20);
  out.targets.push_back(std::move(target));
  for (TomlTable& off : table.tables("off_targets")) {
    out.targets.push_back(read_target(off, out.path));
    off.finish();
    for (std::size_t i = 0; i + 1 < out.targets.size(); ++i)
      if (out.targets[i].name == out.targets.back().name)
        off.refuse("name", fmt::format("two targets are named '{}'", out.targets.back().name));
  }
  table.finish();
}

void read_generate(TomlTable& file, CampaignFile& out) {
  TomlTable table = file.table("generate");
  auto& s = out.settings;
  out.start = beside(out.path, table.text("start", ""));
  std::vector<std::string> proposers;
  for (const auto& kind : generative::proposer_kinds()) proposers.push_back(kind.name);
  s.proposer = table.choice("proposer", s.proposer, proposers);
  s.model = model_beside(out.path, table.text("model", s.model));
  s.device = network_device(table, "generate", s.device);
  s.peptide_target = beside(out.path, table.text("sequence", ""));
  s.peptide_length = table.text("peptide_length", s.peptide_length);
  at_key(table, "peptide_length", [&] { generative::length_range(s.peptide_length); });
  s.peptide_ring = table.text("peptide_ring", s.peptide_ring);
  at_key(table, "peptide_ring", [&] { generative::peptide_ring(s.peptide_ring); });
  if (generative::proposer_kind(s.proposer).of_peptides && s.peptide_target.empty())
    table.refuse("proposer", "the proposer 'peptides' needs sequence, a FASTA file of the target");
  s.stop.rounds = static_cast<int>(table.whole("rounds", s.stop.rounds, 0, 100000));
  s.per_round = static_cast<int>(table.whole("per_round", s.per_round, 1, 1000000));
  s.evolution.population = static_cast<int>(table.whole("population", s.evolution.population, 2, 100000));
  auto& limits = s.evolution.plausibility;
  limits.min_heavy_atoms = static_cast<int>(table.whole("min_heavy_atoms", limits.min_heavy_atoms, 1, 200));
  limits.max_heavy_atoms = static_cast<int>(table.whole("max_heavy_atoms", limits.max_heavy_atoms, 2, 200));
  if (limits.max_heavy_atoms < limits.min_heavy_atoms)
    table.refuse("max_heavy_atoms", fmt::format("max_heavy_atoms = {} is less than min_heavy_atoms = {}",
                                                limits.max_heavy_atoms, limits.min_heavy_atoms));
  table.finish();
}

/// What is not said stays as it is.
void read_filter(TomlTable& owner, generative::FilterSettings& f) {
  TomlTable table = owner.table("filter");
  f.rules = table.text("rules", f.rules);
  at_key(table, "rules", [&] { chem::PropertyFilter rules(f.rules); });
  f.alerts = table.texts("alerts", f.alerts);
  const std::vector<std::string> sets{"pains", "brenk", "nih"};
  for (const auto& set : f.alerts)
    if (std::find(sets.begin(), sets.end(), set) == sets.end())
      table.refuse("alerts", fmt::format("key 'alerts' in [filter] has '{}'; known: pains, brenk, nih", set));
  f.sa_max = table.number("sa_max", f.sa_max, 1, 10);
  f.forbid = table.texts("forbid", f.forbid);
  f.require = table.texts("require", f.require);
  at_key(table, "forbid", [&] { chem::SubstructureFilter groups(f.forbid, {}); });
  at_key(table, "require", [&] { chem::SubstructureFilter groups({}, f.require); });
  table.finish();
}

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
  at_key(objective, "want", [&] {
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
    at_key(table, "name", [&] { scoring::Objective check(out.settings.objectives, out.settings.combine); });
  }
  if (out.settings.objectives.empty())
    file.refuse("objective", "no [[objective]] in the file", "theriac campaign --init shows some");
  const bool any = std::any_of(out.settings.objectives.begin(), out.settings.objectives.end(), reads_docking);
  if (!any) file.refuse("objective", "no objective reads a docking score", "add one with source = \"dock\"");
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

void read_stages(TomlTable& file, generative::CampaignSettings& s) {
  auto tables = file.tables("stage");
  for (std::size_t i = 0; i < tables.size(); ++i) {
    auto stage = read_stage(tables[i], s, i + 1 == tables.size());
    at_key(tables[i], "objectives", [&] { generative::active_objectives(s, stage); });
    for (const auto& earlier : s.stages)
      if (earlier.name == stage.name)
        tables[i].refuse("name", fmt::format("two stages are named '{}'", stage.name));
    s.stages.push_back(std::move(stage));
  }
  if (!s.stages.empty() && !s.stages.back().docking)
    tables.back().refuse("docking", fmt::format("the last stage, '{}', docks nothing", s.stages.back().name),
                         "a campaign ends with docking");
}

void read_prediction(TomlTable& file, CampaignFile& out) {
  TomlTable table = file.table("predict");
  auto& p = out.settings.prediction;
  p.model = model_beside(out.path, table.text("model", p.model));
  p.device = network_device(table, "predict", p.device);
  const std::string outside = table.choice("outside_domain", "ignore", {"keep", "ignore", "reject"});
  p.outside = outside == "keep"     ? generative::OutsideDomain::keep
              : outside == "reject" ? generative::OutsideDomain::reject
                                    : generative::OutsideDomain::ignore;
  table.finish();
}

void read_docking(TomlTable& file, CampaignFile& out) {
  TomlTable table = file.table("docking");
  auto& d = out.settings.docking;
  if (table.has("exhaustiveness")) {
    if (table.has("preset")) table.refuse("preset", "[docking] has both preset and exhaustiveness");
    d.options.exhaustiveness = table.number("exhaustiveness", 8, 0.1, 1000);
  } else {
    out.preset = table.choice("preset", "fast", {"fast", "balanced", "thorough"});
    d.options.exhaustiveness = scoring::preset_exhaustiveness(out.preset);
  }
  table.has("preset");
  const std::string scoring = table.choice("scoring", "vina", {"vina", "vinardo"});
  d.options.scoring = scoring == "vina" ? scoring::ScoringFunction::vina : scoring::ScoringFunction::vinardo;
  d.options.num_modes = static_cast<int>(table.whole("num_modes", 1, 1, 100));
  d.top_fraction = table.number("top_fraction", d.top_fraction, 0.001, 1);
  out.final_preset = table.choice("final", "thorough", {"none", "balanced", "thorough"});
  d.final_exhaustiveness = out.final_preset == "none" ? 0 : scoring::preset_exhaustiveness(out.final_preset);
  d.final_top = static_cast<int>(table.whole("final_top", d.final_top, 1, 10000));
  const bool learned = scoring == "vina" && has_learned_judge(out.final_judges);
  out.final_judges.rank_by =
      table.choice("final_rank_by", learned ? "probability" : "energy", {"energy", "probability", "cnn"});
  out.final_judges.pose_affinity = "none";  // results of a campaign have no column for them
  if (out.final_judges.rank_by == "cnn")
    out.final_judges.cnn = model_beside(out.path, table.text("cnn", "fast"));
  else if (table.has("cnn"))
    table.refuse("cnn", "[docking] cnn is for final_rank_by = \"cnn\"");
  table.finish();
}

void read_ways(TomlTable& file, CampaignFile& out) {
  auto& s = out.settings;
  TomlTable combine = file.table("combine");
  s.combine = scoring::combination(
      combine.choice("method", "geometric_mean", {"geometric_mean", "weighted_sum", "pareto"}));
  combine.finish();
  TomlTable diversity = file.table("diversity");
  const std::string method = diversity.choice("method", "murcko", {"murcko", "similarity", "none"});
  s.diversity.method = method == "murcko"       ? DiversityMethod::murcko
                       : method == "similarity" ? DiversityMethod::similarity
                                                : DiversityMethod::off;
  s.diversity.bucket = static_cast<int>(diversity.whole("bucket", s.diversity.bucket, 1, 1000000));
  s.diversity.min_score = diversity.number("min_score", s.diversity.min_score, 0, 1);
  s.diversity.similarity = diversity.number("similarity", s.diversity.similarity, 0.05, 1);
  diversity.finish();
  TomlTable stop = file.table("stop");
  s.stop.rounds_without_gain =
      static_cast<int>(stop.whole("rounds_without_gain", s.stop.rounds_without_gain, 0, 100000));
  s.stop.max_docked = stop.whole("max_docked", s.stop.max_docked, 1, 1000000000);
  stop.finish();
  TomlTable report = file.table("report");
  s.top = static_cast<int>(report.whole("top", s.top, 1, 100000));
  report.finish();
}

CampaignFile read_file(TomlTable file, const std::string& path) {
  CampaignFile out;
  out.path = path;
  if (file.whole("version", 1, 1, 1) != 1) file.refuse("version", "unknown version");
  auto& s = out.settings;
  s.name = file.text("name", std::filesystem::path(path).stem().string());
  out.out = file.text("out", s.name);
  s.seed = static_cast<std::uint64_t>(file.whole("seed", 1, 0, std::numeric_limits<std::int64_t>::max()));
  if (file.has("cpu")) out.cpu = static_cast<int>(file.whole("cpu", 0, 0, 4096));
  out.max_time = file.text("max_time", "");
  if (!out.max_time.empty()) at_key(file, "max_time", [&] { parse_duration(out.max_time); });
  read_ways(file, out);
  read_targets(file, out);
  read_generate(file, out);
  read_filter(file, s.filter);
  read_prediction(file, out);
  read_docking(file, out);
  read_objectives(file, out);
  read_stages(file, s);
  file.finish();
  s.evolution.seed = s.docking.options.seed = s.seed;
  return out;
}

}  // namespace

CampaignFile read_campaign_file(const std::string& path) {
  return read_file(TomlTable::read(path), path);
}

CampaignFile campaign_file_of(const std::string& identity, const std::string& path) {
  const auto json = nlohmann::ordered_json::parse(identity, nullptr, false);
  if (!json.is_object() || !json.contains("settings"))
    throw StorageError(fmt::format("'{}' says nothing about its run", path));
  std::vector<std::pair<std::string, std::string>> settings{{"seed", json.value("seed", "1")}};
  for (const auto& [name, value] : json["settings"].items())
    settings.emplace_back(name, value.get<std::string>());
  return read_file(TomlTable::parse(campaign_toml(settings), path), path);
}

}  // namespace theriac::cli
