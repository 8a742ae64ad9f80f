// theriac dock: ligands into a receptor, from raw files to a run folder.
#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "chem/binding_box.hpp"
#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "chem/pose_file.hpp"
#include "chem/receptor_file.hpp"
#include "cli/command.hpp"
#include "cli/dock_pipeline.hpp"
#include "cli/docking_site.hpp"
#include "cli/effective_settings.hpp"
#include "cli/ligand_input.hpp"
#include "cli/session.hpp"
#include "cli/text_table.hpp"
#include "datasets/durable_file.hpp"
#include "scoring/docking.hpp"
#include "scoring/docking_results.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t many_ligands = 100;  // beyond this, 3 poses instead of 9 unless told otherwise
constexpr int rows_printed = 3;
constexpr int dry_run_molecules = 3;

struct DockOptions {
  ReceptorOptions receptor;
  BoxOptions box;
  LigandInputOptions ligands;
  std::string out, preset, scoring = "vina", simd = "auto", filter, interactions = "on";
  std::optional<double> exhaustiveness;
  std::optional<int> num_modes;
  double energy_range = 3.0, min_rmsd = 1.0, spacing = 0.375, checkpoint = 2.0;
  bool score_only = false, minimize = false, as_drawn = false, pdbqt = false;
};

/// What -o asks for: a folder, or a single file by its extension.
struct Destination {
  std::string folder;      ///< of the run; a working folder for a single file
  std::string file;        ///< inside the folder; empty: the whole folder is the result
  std::string final_path;  ///< where the single file goes; "-" is standard output
  scoring::ResultFiles files;

  bool single() const { return !file.empty(); }
};

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() > end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

Destination destination(const DockOptions& options, bool overwrite) {
  Destination to;
  to.files.pdbqt = options.pdbqt;
  if (options.out.empty())
    throw UsageError("where should the results go?", "-o run1 makes a folder, -o docked.sdf one file");
  const std::vector<std::pair<std::string, std::string>> single = {
      {".sdf", "poses.sdf"},           {".sdf.gz", "poses.sdf.gz"}, {".pdbqt", "poses.pdbqt"},
      {".pdbqt.gz", "poses.pdbqt.gz"}, {".csv", "results.csv"},     {".h5", "results.h5"}};
  for (const auto& [extension, name] : single)
    if (ends_with(options.out, extension)) to.file = name;
  to.folder = to.final_path = options.out;
  if (options.out == "-") to.file = "poses.sdf";
  if (!to.single()) return to;
  if (options.out != "-" && fs::exists(options.out) && !overwrite)
    throw UsageError(fmt::format("'{}' exists", options.out), "use --overwrite or another -o");
  to.folder = options.out == "-" ? (fs::temp_directory_path() / fmt::format("theriac-{}", getpid())).string()
                                 : options.out + ".part";
  to.files.csv = to.file == "results.csv";
  to.files.hdf5 = to.file == "results.h5";
  to.files.failures = false;
  to.files.poses = ends_with(to.file, ".sdf") || ends_with(to.file, ".sdf.gz");
  to.files.pdbqt = ends_with(to.file, ".pdbqt") || ends_with(to.file, ".pdbqt.gz");
  to.files.compress_poses = ends_with(to.file, ".gz");
  return to;
}

scoring::ScoringFunction scoring_function(const std::string& name) {
  return name == "vinardo" ? scoring::ScoringFunction::vinardo : scoring::ScoringFunction::vina;
}

scoring::DockingOptions docking_options(const DockOptions& options, std::uint64_t seed,
                                        std::int64_t records) {
  scoring::DockingOptions result;
  if (options.exhaustiveness && !options.preset.empty())
    throw UsageError("both --exhaustiveness and --preset are given", "use one of them");
  result.scoring = scoring_function(options.scoring);
  result.exhaustiveness = options.exhaustiveness.value_or(
      scoring::preset_exhaustiveness(options.preset.empty() ? "balanced" : options.preset));
  result.num_modes = options.num_modes.value_or(records > many_ligands ? 3 : 9);
  result.energy_range = options.energy_range;
  result.min_rmsd = options.min_rmsd;
  result.grid_spacing = options.spacing;
  result.seed = seed;
  result.simd = options.simd;
  return result;
}

scoring::DockingTask task_of(const DockOptions& options) {
  if (options.score_only && options.minimize)
    throw UsageError("both --score_only and --minimize are given", "use one of them");
  return options.score_only ? scoring::DockingTask::score
         : options.minimize ? scoring::DockingTask::minimize
                            : scoring::DockingTask::dock;
}

scoring::LigandDockingOptions ligand_options(const DockOptions& options, const DockingSite& site,
                                             std::uint64_t seed, bool pdbqt) {
  scoring::LigandDockingOptions result;
  result.task = task_of(options);
  result.ligand.ph = options.receptor.ph;
  result.ligand.as_drawn = options.as_drawn;
  result.ligand.keep_pose = result.task != scoring::DockingTask::dock;
  result.ligand.seed = seed;
  result.filter = options.filter;
  result.interactions = options.interactions == "on";
  result.pdbqt = pdbqt;
  result.reference = site.reference;
  return result;
}

const std::vector<std::string>& settings_of_no_consequence() {
  static const std::vector<std::string> names = {
      "out",       "config",   "seed",       "cpu",       "progress",  "max-failed",     "strict",
      "overwrite", "max-time", "dry-run",    "quiet",     "verbosity", "no-color",       "json",
      "log",       "simd",     "checkpoint", "box-check", "preset",    "exhaustiveness", "num_modes"};
  return names;
}

std::string target_name(const std::string& receptor_file) {
  std::string name = fs::path(receptor_file).filename().string();
  name = name.substr(0, name.find('.'));
  for (char& c : name)
    if (c == '/' || c == ' ') c = '_';
  return name.empty() ? "receptor" : name;
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
        docking_(docking_options(options, session.seed(), records_)) {}

  int run();

 private:
  datasets::RunIdentity identity() const;
  std::vector<EffectiveSetting> settings() const;
  void say_what_is_docked();
  int dry_run(const scoring::LigandDocking& docking);
  void publish_extras(datasets::RunFolder& folder);
  scoring::DockingTarget target() const;
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
};

std::vector<EffectiveSetting> DockRun::settings() const {
  auto settings = effective_settings(app_, settings_of_no_consequence());
  settings.push_back({"exhaustiveness", {fmt::format("{}", docking_.exhaustiveness)}});
  settings.push_back({"num_modes", {fmt::format("{}", docking_.num_modes)}});
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
  const bool search = task_of(options_) == scoring::DockingTask::dock;
  terminal.note(search ? fmt::format("docking   {}, exhaustiveness {:g}, {} poses each, {} threads, seed {}",
                                     options_.scoring, docking_.exhaustiveness, docking_.num_modes,
                                     session_.threads(), session_.seed())
                       : fmt::format("{}   {}, {} threads", options_.score_only ? "scoring" : "minimise",
                                     options_.scoring, session_.threads()));
}

scoring::DockingTarget DockRun::target() const {
  return {target_name(options_.receptor.receptor),
          chem::receptor_pdb(site_.receptor),
          site_.inputs.front().sha256,
          site_.box,
          options_.scoring,
          docking_.exhaustiveness};
}

void DockRun::publish_extras(datasets::RunFolder& folder) {
  folder.publish("receptor_prepared.pdb", chem::receptor_pdb(site_.receptor));
  folder.publish("receptor_report.txt", site_.report.text());
  folder.publish("box.pdb", chem::box_cage_pdb(site_.box));
  folder.publish("box.txt", chem::vina_box_config(site_.box));
  folder.publish("run.toml", settings_toml("dock", settings()));
  folder.publish("view.pml", chem::pymol_script({"receptor_prepared.pdb", "poses.sdf.gz", "", site_.box}));
}

void DockRun::print_top(const scoring::DockingSummary& summary) {
  const auto& common = session_.options;
  if (summary.best.empty() || to_.final_path == "-" || common.json || common.quiet) return;
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < summary.best.size() && i < rows_printed; ++i) {
    const auto& row = summary.best[i];
    rows.push_back({fmt::format("{}", i + 1), row.name, fmt::format("{:.2f}", row.score()),
                    fmt::format("{:.2f}", row.ligand_efficiency()),
                    fmt::format("{}", row.contact_count("hbond")), row.contact_residues()});
  }
  std::fputs(
      text_table(
          {{"rank", true}, {"name"}, {"kcal/mol", true}, {"LE", true}, {"H-bonds", true}, {"contacts"}}, rows)
          .c_str(),
      stdout);
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
  const auto summary =
      scoring::publish_docking_results(folder, target(), to_.files, fmt::format("{}", session_.seed()), 10);
  if (!to_.single()) publish_extras(folder);
  if (!to_.single()) folder.finish(session_.provenance());
  terminal.end_warnings();
  terminal.note(fmt::format("docked {} of {} in {:.1f} s ({} failed{}{})", summary.ok, summary.records,
                            seconds, summary.failed,
                            summary.skipped ? fmt::format(", {} skipped", summary.skipped) : "",
                            summary.duplicates ? fmt::format(", {} duplicates", summary.duplicates) : ""));
  print_top(summary);
  if (to_.final_path == "-") {
    std::fputs(datasets::read_file(folder.file(to_.file)).c_str(), stdout);
    fs::remove_all(to_.folder);
  } else if (to_.single()) {
    folder.deliver(to_.file, to_.final_path);
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
  const scoring::DockingEngine engine(site_.receptor, site_.box, docking_);
  const scoring::LigandDocking docking(engine,
                                       ligand_options(options_, site_, session_.seed(), to_.files.pdbqt));
  if (session_.options.dry_run) return dry_run(docking);

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
  DockPipelineOptions pipeline;
  pipeline.threads = session_.threads();
  pipeline.dock_duplicates_once = task_of(options_) == scoring::DockingTask::dock;
  pipeline.block_seconds = options_.checkpoint;
  pipeline.stop = session_.stop();
  pipeline.on_row = [&](const DockProgress& state) {
    progress->update(
        state.done, state.failed,
        state.best_name.empty() ? "" : fmt::format("best {:.1f} {}", state.best_score, state.best_name));
  };
  pipeline.on_failure = [&](const scoring::DockedRow& row) {
    session_.terminal().warn("records that failed", fmt::format("{}: {}", row.name, row.message));
  };
  const double start = session_.provenance().seconds;
  const auto state = run_dock_pipeline(input_.open(), docking, folder.journal(), pipeline);
  progress->finish();
  return finish(folder, state, session_.provenance().seconds - start);
}

void declare_options(CLI::App& app, DockOptions& o) {
  const char* group = "Input and output";
  app.add_option("-r,--receptor", o.receptor.receptor, "receptor: PDB, mmCIF or PDBQT, plain or .gz")
      ->type_name("FILE")
      ->group(group);
  app.add_option(
         "-l,--ligand", o.ligands.inputs,
         "ligands: SMILES, CSV, TSV, SDF, MOL2, PDB, PDBQT, .gz; files, folders, globs, or - for stdin")
      ->type_name("FILE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->group(group);
  app.add_option("-o,--out", o.out,
                 "run folder, or one file: .sdf .sdf.gz .pdbqt .csv .h5; - writes SDF to stdout")
      ->type_name("PATH")
      ->group(group);
  app.add_option("--preset", o.preset, "search effort: fast, balanced or thorough = exhaustiveness 4, 8, 32")
      ->check(CLI::IsMember({"fast", "balanced", "thorough"}))
      ->type_name("NAME")
      ->group(group);
  add_box_options(app, o.box);
  const char* search = "Search";
  app.add_option("--exhaustiveness", o.exhaustiveness, "search effort on Vina's scale; 8 by default")
      ->check(CLI::Range(0.1, 10000.0))
      ->type_name("N")
      ->group(search);
  app.add_option("--num_modes", o.num_modes,
                 "poses kept per ligand; 9 by default, 3 for more than 100 ligands")
      ->check(CLI::Range(1, 1000))
      ->type_name("N")
      ->group(search);
  app.add_option("--energy_range", o.energy_range, "kcal/mol above the best pose, applied after re-scoring")
      ->check(CLI::Range(0.0, 1000.0))
      ->type_name("KCAL")
      ->capture_default_str()
      ->group(search);
  app.add_option("--min_rmsd", o.min_rmsd, "angstrom between kept poses, corrected for symmetry")
      ->check(CLI::Range(0.0, 100.0))
      ->type_name("A")
      ->capture_default_str()
      ->group(search);
  app.add_option("--scoring", o.scoring, "scoring function")
      ->check(CLI::IsMember({"vina", "vinardo"}))
      ->type_name("vina|vinardo")
      ->capture_default_str()
      ->group(search);
  app.add_option("--spacing", o.spacing, "grid spacing, angstrom")
      ->check(CLI::Range(0.1, 1.0))
      ->type_name("A")
      ->capture_default_str()
      ->group(search);
  app.add_flag("--score_only", o.score_only, "score the poses as they are")->group(search);
  app.add_flag("--minimize", o.minimize, "move the poses to their nearest local minimum")->group(search);
  app.add_option("--simd", o.simd, "instruction set; the results are the same bytes")
      ->check(CLI::IsMember({"auto", "baseline", "avx2", "avx512"}))
      ->type_name("NAME")
      ->capture_default_str()
      ->group(search);
  app.add_option("--checkpoint", o.checkpoint,
                 "finished ligands are on the disk after this many seconds at the latest")
      ->check(CLI::Range(0.0, 3600.0))
      ->type_name("S")
      ->capture_default_str()
      ->group("Run");
  add_receptor_options(app, o.receptor);
  add_ligand_options(app, o.ligands);
  app.add_flag("--as_drawn", o.as_drawn, "dock the drawn form: no salt stripping, no change of protonation")
      ->group("Ligands");
  app.add_option("--filter", o.filter,
                 "dock only molecules that fit, e.g. \"mw<600 and rotb<12\"; the others are skipped rows")
      ->type_name("RULE")
      ->group("Ligands");
  app.add_option("--interactions", o.interactions, "contacts of every pose")
      ->check(CLI::IsMember({"on", "off"}))
      ->type_name("on|off")
      ->capture_default_str()
      ->group("Ligands");
  app.add_flag("--pdbqt", o.pdbqt, "also poses as Vina-style PDBQT")->group("Ligands");
}

}  // namespace

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
    declare_options(app, *options);
    add_run_options(app, session);
    add_output_options(app, session);
    return [options, &app, &session] { return DockRun(*options, app, session).run(); };
  };
  return command;
}

}  // namespace theriac::cli
