// theriac dock: ligands into a receptor, from raw files to a run folder.
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "chem/binding_box.hpp"
#include "chem/conformer.hpp"
#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "chem/pose_file.hpp"
#include "chem/receptor_file.hpp"
#include "chem/torsion_tree.hpp"
#include "cli/command.hpp"
#include "cli/dock_options.hpp"
#include "cli/dock_pipeline.hpp"
#include "cli/dock_run.hpp"
#include "cli/docking_site.hpp"
#include "cli/effective_settings.hpp"
#include "cli/judge_record.hpp"
#include "cli/report.hpp"
#include "cli/session.hpp"
#include "cli/site_docking.hpp"
#include "cli/text_table.hpp"
#include "datasets/durable_file.hpp"
#include "scoring/docking.hpp"
#include "scoring/docking_results.hpp"
#include "scoring/opencl_device.hpp"
#include "scoring/seed_table.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;

constexpr int rows_printed = 3;
constexpr std::int64_t largest_reported_run = 2000;  // records; larger runs: theriac report
constexpr int dry_run_molecules = 3;

/// The known ligand as it lies in the site; empty without one, or when it has no docking form (metals,
/// boron).
std::string reference_sdf(const std::optional<chem::Molecule>& reference) {
  if (!reference) return {};
  try {
    const auto molecule = chem::with_hydrogens(*reference);
    return chem::sdf_record(molecule, chem::flexible_ligand(molecule), molecule.coordinates());
  } catch (const MoleculeError&) {
    return {};
  }
}

/// One run of the command: everything that has to be known together.
class DockRun {
 public:
  DockRun(const DockOptions& options, const CLI::App& app, Session& session)
      : options_(options),
        app_(app),
        session_(session),
        to_(destination(options, session.options.overwrite)),
        input_(options.ligands),
        site_(docking_site(options.receptor, options.box)),
        records_(input_.count()),
        docking_(docking_options(options, session.seed(), records_)),
        seeds_(seed_poses(options, input_)),
        ligand_(ligand_options(options, site_, session.seed(), to_.files.pdbqt)) {
    ligand_.seeds = seeds_;
    to_.files.judges.origins = seeds_ != nullptr;
    to_.files.judges.waters = keeps_waters(options.receptor);
    if (seeds_) site_.inputs.push_back(datasets::describe_input("seed poses", options.seed_poses));
    docking_.on_device_failure = [&terminal = session.terminal()](const std::string& what) {
      terminal.warn("device", what);
    };
    to_.files.side_chains = !to_.single() && !site_.receptor.flexible_residues.empty();
  }

  int run();

 private:
  datasets::RunIdentity identity() const;
  std::vector<EffectiveSetting> settings() const;
  void say_what_is_docked();
  int dry_run(const scoring::LigandDocking& docking);
  void say_what_computes();
  void publish_extras(datasets::RunFolder& folder);
  void publish_seeds(datasets::RunFolder& folder);
  void warn_of_missing_poses(const scoring::DockingSummary& summary);
  void print_top(const scoring::DockingSummary& summary);
  int report_finished(const datasets::RunFolder& folder);
  int finish(datasets::RunFolder& folder, const DockProgress& progress, double seconds);

  const DockOptions& options_;
  const CLI::App& app_;
  Session& session_;
  Destination to_;
  LigandInput input_;
  DockingSite site_;
  std::int64_t records_;
  scoring::DockingOptions docking_;
  std::shared_ptr<const scoring::SeedPoses> seeds_;  ///< null without any
  scoring::LigandDockingOptions ligand_;
};

std::vector<EffectiveSetting> DockRun::settings() const {
  auto settings = effective_settings(app_, settings_of_no_consequence());
  settings.push_back({"exhaustiveness", {fmt::format("{}", docking_.exhaustiveness)}});
  settings.push_back({"num_modes", {fmt::format("{}", docking_.num_modes)}});
  settings.push_back({"rank_by", {options_.judges.rank_by}});
  if (docking_.device != "cpu") settings.push_back({"device", {docking_.device}});
  settings.push_back({"seed", {fmt::format("{}", session_.seed())}});
  return settings;
}

datasets::RunIdentity DockRun::identity() const {
  datasets::RunIdentity identity;
  identity.command = "dock";
  identity.version = chem::theriac_version();
  identity.seed = fmt::format("{}", session_.seed());
  for (const auto& setting : settings())
    if (setting.name != "seed") identity.settings.emplace_back(setting.name, setting.text());
  for (const auto& record : judge_records(options_.judges))
    identity.settings.emplace_back(record.judge, record.sha256);
  identity.settings.emplace_back("result", to_.single() ? to_.file : "folder");
  identity.inputs = site_.inputs;
  for (auto& input : input_.describe()) identity.inputs.push_back(std::move(input));
  return identity;
}

void DockRun::say_what_is_docked() {
  auto& terminal = session_.terminal();
  bool first = true;
  for (const auto& line : site_.report.summary()) {
    terminal.note((first ? "receptor  " : "          ") + line);
    first = false;
  }
  for (const auto& notice : site_.notices) terminal.note("          " + notice);
  const auto& box = site_.box;
  terminal.note(fmt::format("box       center {:.1f} {:.1f} {:.1f}   size {:.1f} {:.1f} {:.1f} A   ({})",
                            box.center.x, box.center.y, box.center.z, box.size.x, box.size.y, box.size.z,
                            box.origin));
  for (const auto& warning : site_.warnings) terminal.warn("box", warning);
  terminal.note(fmt::format("ligands   {}: {} records", input_.label(), records_));
  if (seeds_)
    terminal.note(fmt::format("seeds     {}: {} poses", options_.seed_poses, seeds_->file.poses().size()));
  const bool search = task_of(options_) == scoring::DockingTask::dock;
  terminal.note(search ? fmt::format("docking   {}, exhaustiveness {:g}, {} poses each, {} threads, seed {}",
                                     options_.scoring, docking_.exhaustiveness, docking_.num_modes,
                                     session_.threads(), session_.seed())
                       : fmt::format("{}   {}, {} threads", options_.score_only ? "scoring" : "minimise",
                                     options_.scoring, session_.threads()));
}

void DockRun::say_what_computes() {
  say_judges(session_.terminal(), ligand_);
  if (docking_.device == "cpu") return;
  const auto device = scoring::opencl_device(docking_.device);
  session_.terminal().note(fmt::format("device    {}: {}, {:.1f} GB, driver {} ({})", docking_.device,
                                       device.name, device.memory_bytes / 1e9, device.driver,
                                       device.platform));
}

void DockRun::publish_extras(datasets::RunFolder& folder) {
  folder.publish("receptor_prepared.pdb", chem::receptor_pdb(site_.receptor));
  if (site_.without_waters)
    folder.publish("receptor_without_waters.pdb", chem::receptor_pdb(*site_.without_waters));
  folder.publish("receptor_report.txt", site_.report.text());
  folder.publish("box.pdb", chem::box_cage_pdb(site_.box));
  folder.publish("box.txt", chem::vina_box_config(site_.box));
  folder.publish("run.toml", settings_toml("dock --config run.toml -o ANOTHER_FOLDER", settings()));
  const std::string reference = reference_sdf(site_.reference);
  if (!reference.empty()) folder.publish("reference.sdf", reference);
  folder.publish("view.pml", chem::pymol_script({"receptor_prepared.pdb", "poses.sdf.gz",
                                                 reference.empty() ? "" : "reference.sdf", site_.box}));
}

void DockRun::publish_seeds(datasets::RunFolder& folder) {
  if (!seeds_) return;
  const auto counts = scoring::publish_seed_table(folder, scoring::rows_of(folder.journal()), seeds_->file);
  auto& terminal = session_.terminal();
  terminal.note(
      fmt::format("seeds     {} refined, {} of them the best pose of a ligand", counts.used, counts.best));
  const auto lost = [&](std::int64_t count, const char* what) {
    if (count > 0)
      terminal.warn("seed poses", fmt::format("{} of {} {}{}", count, options_.seed_poses, what,
                                              to_.single() ? "" : fmt::format(": {}/seeds.csv", to_.folder)));
  };
  lost(counts.unread, "could not be read");
  lost(counts.unmatched, "belong to no ligand of the input");
  lost(counts.refused, "could not be used: outside the box, another stereoisomer or another molecule");
}

/// A single SDF has no place for poses of ligands without bonds; a run folder keeps them as PDBQT.
void DockRun::warn_of_missing_poses(const scoring::DockingSummary& summary) {
  if (!to_.files.poses || summary.only_pdbqt == 0) return;
  session_.terminal().warn("poses",
                           fmt::format("{} of {} ligands came as PDBQT, without bonds: their poses are not "
                                       "in this SDF; -o docked.pdbqt or a run folder has them",
                                       summary.only_pdbqt, summary.ok));
}

void DockRun::print_top(const scoring::DockingSummary& summary) {
  const auto& common = session_.options;
  if (summary.best.empty() || to_.final_path == "-" || common.json || common.quiet) return;
  std::vector<TextColumn> columns = {{"rank", true}, {"name"}, {"kcal/mol", true}, {"LE", true}};
  if (ligand_.learned) columns.push_back({"right pose", true});
  const auto order = to_.files.order;
  if (order != scoring::LigandOrder::energy)
    columns.push_back({order == scoring::LigandOrder::affinity ? "pK" : "pK beside size", true});
  if (ligand_.cnn) columns.push_back({"CNN score", true});
  columns.push_back({"H-bonds", true});
  columns.push_back({"contacts"});
  const auto share = [](double value) {
    return std::isfinite(value) ? fmt::format("{:.2f}", value) : std::string("-");
  };
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < summary.best.size() && i < rows_printed; ++i) {
    const auto& row = summary.best[i];
    rows.push_back({fmt::format("{}", i + 1), row.name, fmt::format("{:.2f}", row.score()),
                    fmt::format("{:.2f}", row.ligand_efficiency())});
    if (ligand_.learned) rows.back().push_back(share(row.poses.front().probability));
    if (order != scoring::LigandOrder::energy) rows.back().push_back(share(-row.ranking_value(order)));
    if (ligand_.cnn) rows.back().push_back(share(row.poses.front().cnn_score));
    rows.back().push_back(fmt::format("{}", row.contact_count("hbond")));
    rows.back().push_back(row.contact_residues());
  }
  std::fputs(text_table(columns, rows).c_str(), stdout);
  for (std::size_t i = 0; i < summary.best.size() && i < rows_printed; ++i)
    if (const auto& row = summary.best[i]; !row.poses.front().reasons.empty())
      std::printf("      %s: %s\n", row.name.c_str(), row.poses.front().reasons.c_str());
  if (!to_.single() && summary.ok > rows_printed)
    std::printf("      ... %lld more: theriac show %s\n", static_cast<long long>(summary.ok - rows_printed),
                to_.folder.c_str());
}

nlohmann::ordered_json json_result(const scoring::DockingSummary& summary, const Destination& to, int code) {
  nlohmann::ordered_json json;
  json["schema"] = "theriac.result/1";
  json["command"] = "dock";
  json["output"] = to.final_path;
  json["records"] = summary.records;
  json["ok"] = summary.ok;
  json["failed"] = summary.failed;
  json["skipped"] = summary.skipped;
  json["duplicates"] = summary.duplicates;
  json["top"] = nlohmann::ordered_json::array();
  for (const auto& row : summary.best)
    json["top"].push_back({{"name", row.name},
                           {"smiles", row.smiles},
                           {"score_kcal_mol", row.score()},
                           {"input_index", row.input_index}});
  json["exit_code"] = code;
  return json;
}

int DockRun::finish(datasets::RunFolder& folder, const DockProgress& progress, double seconds) {
  auto& terminal = session_.terminal();
  if (progress.done < records_) {  // stopped
    const int code = session_.exit_code({records_, 0});
    terminal.note(fmt::format("stopped after {} of {} records; they are safe in {}", progress.done, records_,
                              to_.folder));
    return code;
  }
  const auto summary = scoring::publish_docking_results(folder, docking_target(options_, site_, docking_),
                                                        to_.files, fmt::format("{}", session_.seed()), 10);
  if (!to_.single()) publish_extras(folder);
  publish_seeds(folder);
  if (!to_.single() && records_ <= largest_reported_run)
    folder.publish("report.html", report_html(read_run_report(folder.path(), identity().json())));
  if (!to_.single()) folder.finish(session_.provenance());
  terminal.end_warnings();
  terminal.note(fmt::format("docked {} of {} in {:.1f} s ({} failed{}{})", summary.ok, summary.records,
                            seconds, summary.failed,
                            summary.skipped ? fmt::format(", {} skipped", summary.skipped) : "",
                            summary.duplicates ? fmt::format(", {} duplicates", summary.duplicates) : ""));
  print_top(summary);
  if (to_.final_path == "-") {
    std::fputs(datasets::read_file(folder.file(to_.file)).c_str(), stdout);
    warn_of_missing_poses(summary);
    fs::remove_all(to_.folder);
  } else if (to_.single()) {
    folder.deliver(to_.file, to_.final_path);
    warn_of_missing_poses(summary);
    terminal.note(fmt::format("wrote     {}", to_.final_path));
  } else {
    terminal.note(
        fmt::format("table  {0}/results.csv   poses  {0}/poses.sdf.gz   PyMOL  {0}/view.pml", to_.folder));
  }
  const bool none = summary.ok == 0 && summary.records > 0 && summary.failed > 0;
  if (none)
    terminal.error(fmt::format("no usable molecule among {} records", summary.records),
                   "the reasons are in failures.csv");
  const int code =
      none ? static_cast<int>(exit_input) : session_.exit_code({summary.records, summary.failed});
  if (session_.options.json)
    std::printf("%s\n", json_result(summary, to_, code)
                            .dump(2, ' ', false, nlohmann::json::error_handler_t::replace)
                            .c_str());
  return code;
}

int DockRun::report_finished(const datasets::RunFolder& folder) {
  session_.terminal().note(fmt::format(
      "{} is complete, with the same inputs, box, settings, seed and version: nothing to do", folder.path()));
  session_.terminal().note(
      fmt::format("theriac show {} prints it; --overwrite runs it again", folder.path()));
  return exit_done;
}

int DockRun::dry_run(const scoring::LigandDocking& docking) {
  for (const auto& setting : settings()) {
    const auto origin = session_.origins.find(setting.name);
    const bool chosen = origin == session_.origins.end() || origin->second == "default";
    std::printf("%-18s %-28s %s\n", setting.name.c_str(), setting.text().c_str(),
                chosen ? "default" : origin->second.c_str());
  }
  auto reader = input_.open();
  const double start = session_.provenance().seconds;
  int tried = 0, good = 0;
  for (; tried < dry_run_molecules; ++tried) {
    const auto raw = reader.next_raw();
    if (!raw) break;
    const auto row = docking.row(*raw);
    good += row.status == scoring::RowStatus::ok;
    if (row.status == scoring::RowStatus::failed) session_.terminal().warn("ligand", row.message);
  }
  const double each = (session_.provenance().seconds - start) / std::max(1, tried);
  std::printf("tried              %d records, %d docked, %.2f s each on %d threads\n", tried, good, each,
              session_.threads());
  std::printf("estimate           %.0f s for %lld records, about %.1f MB in %s\n",
              each * static_cast<double>(records_), static_cast<long long>(records_),
              0.012 * static_cast<double>(records_) * docking_.num_modes, to_.final_path.c_str());
  return good == 0 && tried > 0 ? exit_input : exit_done;
}

int DockRun::run() {
  say_what_is_docked();
  say_what_computes();
  const SiteDocking ready(options_, site_, docking_, ligand_);
  if (session_.options.dry_run) return dry_run(ready.docking());

  datasets::RunFolder folder(to_.folder, identity(), session_.options.overwrite);
  if (folder.finished()) return report_finished(folder);
  const auto before = static_cast<std::int64_t>(folder.journal().record_count());
  if (folder.journal().torn_bytes() > 0)
    session_.terminal().note(fmt::format("{} half-written bytes at the end of the journal were cut off",
                                         folder.journal().torn_bytes()));
  if (folder.resumed())
    session_.terminal().note(
        fmt::format("{} was stopped after {} of {}; inputs, box, seed and version are the same: continuing",
                    to_.folder, before, records_));
  const auto progress = session_.progress({"dock", "lig", records_, before, 0, before, ""});
  DockPipelineOptions pipeline = told_pipeline(session_, *progress);
  pipeline.batch = ready.engine().device_batch();
  pipeline.dock_duplicates_once = task_of(options_) == scoring::DockingTask::dock;
  pipeline.block_seconds = options_.checkpoint;
  const double start = session_.provenance().seconds;
  auto reader = input_.open();
  const LigandSteps steps{&ready.docking().intake(), &ready.docking(), {}};
  const auto state =
      run_dock_pipeline([&reader] { return reader.next_raw(); }, steps, folder.journal(), pipeline);
  progress->finish();
  return finish(folder, state, session_.provenance().seconds - start);
}

}  // namespace

int run_dock(const DockOptions& options, const CLI::App& app, Session& session) {
  DockOptions settled = options;
  const std::string notice = settle_ranking(settled);
  if (!notice.empty()) session.terminal().warn("judge", notice);
  return DockRun(settled, app, session).run();
}

Command dock_command() {
  Command command;
  command.name = "dock";
  command.group = "Molecules and receptors";
  command.summary = "dock ligands into a receptor; --score_only and --minimize for poses you already have";
  command.examples = {
      "theriac dock -r 1iep.pdb --autobox_ligand STI -l ligands.smi -o run1",
      "theriac dock -r rec.pdbqt -l lig.sdf --center_x 15.2 --center_y 53.9 --center_z 16.9 --size_x 20 "
      "--size_y 20 --size_z 20 -o docked.sdf",
      "theriac dock -r rec.pdbqt -l pose.sdf --autobox_ligand pose.sdf --score_only -o scores.csv"};
  command.citation =
      "O. Trott, A. J. Olson, AutoDock Vina, J. Comput. Chem. 31, 455 (2010), doi:10.1002/jcc.21334 (the "
      "scoring "
      "function); a docking score ranks molecules, it is not a measured affinity";
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto options = std::make_shared<DockOptions>();
    declare_dock_options(app, *options);
    add_run_options(app, session);
    add_output_options(app, session);
    return [options, &app, &session] { return run_dock(*options, app, session); };
  };
  return command;
}

}  // namespace theriac::cli
