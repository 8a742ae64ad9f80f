#include "cli/campaign_file.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "cli/campaign_objectives.hpp"
#include "cli/duration.hpp"
#include "cli/toml_table.hpp"
#include "generative/proposer_choice.hpp"
#include "scoring/device_network.hpp"

namespace theriac::cli {
namespace {

using generative::DiversityMethod;

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
  table.check("peptide_length", [&] { generative::length_range(s.peptide_length); });
  s.peptide_ring = table.text("peptide_ring", s.peptide_ring);
  table.check("peptide_ring", [&] { generative::peptide_ring(s.peptide_ring); });
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
  if (!out.max_time.empty()) file.check("max_time", [&] { parse_duration(out.max_time); });
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
