#include "cli/campaign_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "chem/binding_box.hpp"
#include "chem/data_file.hpp"
#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "chem/pose_file.hpp"
#include "chem/receptor_file.hpp"
#include "chem/record_reader.hpp"
#include "chem/sequence.hpp"
#include "chem/standardise.hpp"
#include "cli/campaign_docking.hpp"
#include "cli/campaign_figure.hpp"
#include "cli/judge_record.hpp"
#include "cli/model_choice.hpp"
#include "cli/report.hpp"
#include "cli/text_table.hpp"
#include "generative/campaign_results.hpp"
#include "generative/proposer_choice.hpp"
#include "scoring/device_network.hpp"
#include "scoring/endpoint_set.hpp"

namespace theriac::cli {
namespace {

using Json = nlohmann::ordered_json;
using generative::CampaignResult;

/// Parent structures of a molecule file, each name made unique.
void read_start(const std::string& path, CampaignInputs& inputs) {
  std::map<std::string, int> names;
  chem::RecordReader reader({path});
  while (const auto record = reader.next()) {
    try {
      if (!record->good() || !record->molecule)
        throw MoleculeError(record->message.empty() ? "it has no structure" : record->message);
      auto parent = chem::standardised(*record->molecule);
      const int copies = ++names[record->name];
      parent.set_name(copies == 1 ? record->name : fmt::format("{} ({})", record->name, copies));
      inputs.start.push_back(std::move(parent));
    } catch (const MoleculeError& e) {
      inputs.bad_records.push_back(
          fmt::format("{} ({}, line {}): {}", record->name, record->file, record->line, e.what()));
    }
  }
  if (inputs.start.empty())
    throw InputError(fmt::format("no usable molecule in '{}'", path),
                     inputs.bad_records.empty() ? "" : inputs.bad_records.front());
}

Json number(double value) {
  return std::isfinite(value) ? Json(std::round(value * 1e6) / 1e6) : Json(nullptr);
}

std::string fixed(double value, int decimals) {
  return std::isfinite(value) ? fmt::format("{:.{}f}", value, decimals) : std::string("-");
}

std::string folder_of(const std::string& path) {
  return std::filesystem::absolute(path).lexically_normal().parent_path().string();
}

/// Input files are known by where they lie beside the campaign file, so that a run is the same run wherever
/// the folder is.
void name_beside(const std::string& campaign, std::vector<datasets::InputFile>& files) {
  for (auto& file : files) {
    const auto near =
        std::filesystem::absolute(file.path).lexically_normal().lexically_relative(folder_of(campaign));
    if (!near.empty()) file.path = near.string();
  }
}

chem::PoseScene scene(const CampaignInputs& inputs) {
  chem::PoseScene scene;
  scene.receptor_file = "receptor_prepared.pdb";
  scene.poses_file = "poses.sdf.gz";
  if (inputs.targets.front().reference) scene.reference_file = "reference.sdf";
  scene.box = inputs.targets.front().box;
  return scene;
}

/// In the last stage, whose front is reported.
bool several_objectives(const CampaignFile& file) {
  const auto& s = file.settings;
  return (s.stages.empty() ? s.objectives.size() : s.stages.back().objectives.size()) > 1;
}

const generative::RoundSummary& first_of_last_stage(const CampaignResult& result) {
  return result.rounds[static_cast<std::size_t>(result.stages.back().first_round)];
}

std::string reference_record(const chem::Molecule& molecule) {
  chem::FlexibleLigand same;  // every atom in its own place
  const auto coordinates = molecule.coordinates();
  for (std::size_t i = 0; i < coordinates.size(); ++i) {
    chem::LigandAtom atom;
    atom.position = coordinates[i];
    atom.source_atom = static_cast<int>(i);
    same.atoms.push_back(atom);
  }
  return chem::sdf_record(molecule, same, coordinates);
}

std::string peptide_model_path(const CampaignFile& file) {
  const std::string& model = file.settings.model;
  return std::filesystem::is_directory(model) ? model : model_file(model, "protein-binders");
}

std::pair<std::shared_ptr<const generative::PeptideModel>, generative::PeptideProposerOptions>
peptide_setting(const CampaignFile& file) {
  const auto& settings = file.settings;
  const auto targets = chem::read_sequences(settings.peptide_target);
  if (targets.size() != 1 || chem::looks_like_nucleotides(targets[0].residues))
    throw InputError(fmt::format("'{}' holds {}; one protein is needed", settings.peptide_target,
                                 targets.size() == 1 ? "nucleotides" : "several sequences"));
  generative::PeptideProposerOptions options;
  options.target = targets[0].residues;
  std::tie(options.design.shortest, options.design.longest) =
      generative::length_range(settings.peptide_length);
  options.ring = generative::peptide_ring(settings.peptide_ring);
  return {generative::read_peptide_model(peptide_model_path(file), generative::Unmasking::one_pass,
                                         generative::Judgement::one_pass, settings.device),
          options};
}

}  // namespace

CampaignInputs read_campaign_inputs(const CampaignFile& file) {
  CampaignInputs inputs;
  for (const TargetChoice& choice : file.targets) {
    inputs.targets.push_back(prepared_target(choice, file.settings.docking.ph));
    for (const auto& input : inputs.targets.back().inputs) inputs.files.push_back(input);
  }
  const bool peptides = generative::proposer_kind(file.settings.proposer).of_peptides;
  if (peptides) {
    inputs.files.push_back(datasets::describe_input("sequence", file.settings.peptide_target));
    const std::string model = peptide_model_path(file);
    if (std::filesystem::is_regular_file(model))
      inputs.files.push_back(datasets::describe_input("model", model));
  }
  const bool shipped_start = file.start.empty() && !peptides;  // peptides begin with what the model draws
  const std::string start = shipped_start ? chem::data_file("starter/starter_molecules.smi") : file.start;
  const std::size_t start_place = inputs.files.size();
  if (!start.empty()) {
    read_start(start, inputs);
    inputs.files.push_back(datasets::describe_input("start", start));
  }
  if (generative::proposer_kind(file.settings.proposer).learned)
    inputs.files.push_back(datasets::describe_input("model", model_file(file.settings.model, "generator")));
  if (!generative::predicted_endpoints(file.settings).empty())
    inputs.files.push_back(
        datasets::describe_input("endpoints", model_file(file.settings.prediction.model, "admet")));
  name_beside(file.path, inputs.files);
  if (shipped_start) inputs.files[start_place].path = "starter_molecules.smi, as shipped";
  return inputs;
}

generative::Campaign make_campaign(const CampaignFile& file, const CampaignInputs& inputs) {
  std::optional<generative::CampaignReference> reference;
  if (inputs.targets.front().reference)
    reference = generative::CampaignReference{inputs.targets.front().reference_name,
                                              *inputs.targets.front().reference};
  auto proposer = generative::proposer_kind(file.settings.proposer)
                      .make({inputs.start, file.settings.seed, file.settings.evolution,
                             [&] { return generator_of(file.settings.model, file.settings.device); },
                             [&] { return peptide_setting(file); }});
  std::shared_ptr<const scoring::Scorer> predictor;
  const auto endpoints = generative::predicted_endpoints(file.settings);
  if (!endpoints.empty()) {
    const auto& prediction = file.settings.prediction;
    const auto device = scoring::prediction_device(prediction.device);
    const auto set = std::make_shared<const scoring::EndpointSet>(
        scoring::EndpointSet::load(model_file(prediction.model, "admet")));
    predictor =
        std::make_shared<scoring::EndpointScorer>(set, endpoints, scoring::network_on_device(*set, device));
  }
  return generative::Campaign(file.settings, campaign_targets(file, inputs.targets), std::move(proposer),
                              std::move(reference), std::move(predictor));
}

datasets::RunIdentity campaign_identity(const CampaignFile& file, const CampaignInputs& inputs) {
  datasets::RunIdentity identity;
  identity.command = "campaign";
  identity.version = chem::theriac_version();
  identity.seed = std::to_string(file.settings.seed);
  for (auto& setting : campaign_settings(campaign_toml(file, folder_of(file.path))))
    if (setting.first != "version" && setting.first != "seed")
      identity.settings.push_back(std::move(setting));
  for (const auto& record : judge_records(file.final_judges))
    identity.settings.emplace_back(record.judge, record.sha256);
  identity.inputs = inputs.files;
  return identity;
}

std::string campaign_summary(const CampaignFile& file, const CampaignResult& result) {
  Json json;
  json["name"] = file.settings.name;
  json["ending"] = result.ending;
  json["combine"] = scoring::name(file.settings.combine);
  json["proposer"] = {{"name", file.settings.proposer},
                      {"summary", generative::proposer_kind(file.settings.proposer).summary}};
  if (result.reference)
    json["reference"] = {{"name", result.reference->name},
                         {"score_kcal_mol", number(result.reference->affinity)},
                         {"rmsd_angstrom", number(result.reference->rmsd)},
                         {"heavy_atoms", result.reference->heavy_atoms}};
  if (!file.settings.stages.empty()) {
    json["stages"] = Json::array();
    for (std::size_t i = 0; i < result.stages.size(); ++i) {
      const auto& stage = result.stages[i];
      json["stages"].push_back({{"name", stage.name},
                                {"objectives", file.settings.stages[i].objectives},
                                {"first_round", stage.first_round},
                                {"last_round", stage.last_round},
                                {"docked", stage.docked},
                                {"scored", stage.scored},
                                {"best_total", number(stage.best_total)},
                                {"ending", stage.ending}});
    }
  }
  json["groups"] = Json::array();
  for (const auto& g : generative::campaign_gain(result))
    json["groups"].push_back({{"name", g.name},
                              {"molecules", g.molecules},
                              {"best_total", number(g.best_total)},
                              {"mean_total", number(g.mean_total)},
                              {"best_kcal_mol", number(g.best_affinity)},
                              {"mean_kcal_mol", number(g.mean_affinity)}});
  if (several_objectives(file) && !result.rounds.empty())
    json["pareto"] = {{"front", std::count(result.fronts.begin(), result.fronts.end(), 1)},
                      {"hypervolume", number(result.rounds.back().hypervolume)},
                      {"hypervolume_at_start", number(first_of_last_stage(result).hypervolume)},
                      {"reference_point", "desirability 0 in every objective"}};
  const auto variety = generative::top_list_variety(result, file.settings.top);
  json["top_list"] = {{"molecules", variety.molecules},
                      {"scaffolds", variety.scaffolds},
                      {"internal_diversity", number(variety.internal_diversity)},
                      {"similarity_to_start", number(variety.similarity_to_start)}};
  if (!result.remarks.empty()) {
    json["remarks"] = Json::array();
    for (const auto& remark : result.remarks)
      json["remarks"].push_back({{"round", remark.round}, {"text", remark.text}});
  }
  json["objectives"] = Json::array();
  for (const auto& o : file.settings.objectives)
    json["objectives"].push_back(
        {{"name", o.name}, {"source", o.source}, {"weight", o.weight}, {"want", o.want.text()}});
  return json.dump(2) + "\n";
}

void publish_campaign_run(datasets::RunFolder& folder, const CampaignFile& file, const CampaignInputs& inputs,
                          const generative::Campaign& campaign, const CampaignResult& result,
                          const datasets::RunIdentity& identity) {
  generative::publish_campaign(folder, campaign, result);
  const PreparedTarget& target = inputs.targets.front();
  folder.publish("summary.json", campaign_summary(file, result));
  folder.publish("run.toml", campaign_toml(file, folder.path()));
  folder.publish("receptor_prepared.pdb", chem::receptor_pdb(target.receptor));
  folder.publish("receptor_report.txt", target.report.text());
  folder.publish("box.pdb", chem::box_cage_pdb(target.box));
  folder.publish("box.txt", chem::vina_box_config(target.box));
  if (target.reference) folder.publish("reference.sdf", reference_record(*target.reference));
  folder.publish("view.pml", chem::pymol_script(scene(inputs)));
  folder.publish("progress.svg",
                 campaign_figure(file.settings.name, result.rounds,
                                 result.reference ? result.reference->affinity : generative::not_known,
                                 several_objectives(file), result.stages));
  ReportOptions options;
  options.top = file.settings.top;
  folder.publish("report.html", report_html(read_run_report(folder.path(), identity.json()), options));
}

std::string gain_table(const CampaignResult& result) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& g : generative::campaign_gain(result))
    rows.push_back({g.name, std::to_string(g.molecules), fixed(g.best_total, 3), fixed(g.mean_total, 3),
                    fixed(g.best_affinity, 2), fixed(g.mean_affinity, 2)});
  return text_table({{"group", false},
                     {"docked", true},
                     {"best total", true},
                     {"mean total", true},
                     {"best kcal/mol", true},
                     {"mean kcal/mol", true}},
                    rows);
}

std::string best_table(const CampaignResult& result, int top) {
  std::vector<std::vector<std::string>> rows;
  for (std::size_t k = 0; k < std::min(result.ranking.size(), static_cast<std::size_t>(top)); ++k) {
    const auto& row = result.rows[result.ranking[k]];
    const double score = row.final_affinities.empty() ? row.affinities.front() : row.final_affinities.front();
    rows.push_back({std::to_string(k + 1), row.name, fixed(row.assessment.total, 3), fixed(score, 2),
                    fixed(score / std::max(1, row.heavy_atoms), 2), row.smiles});
  }
  return text_table(
      {{"rank", true}, {"name", false}, {"total", true}, {"kcal/mol", true}, {"LE", true}, {"SMILES", false}},
      rows);
}

}  // namespace theriac::cli
