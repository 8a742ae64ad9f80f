#include "cli/dock_options.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "chem/error.hpp"
#include "chem/receptor_file.hpp"
#include "scoring/opencl_device.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;

// kcal/mol: where networks choose, a pose may be worse by energy than one that is shown for its energy
constexpr double judged_energy_range = 10;
constexpr std::int64_t many_ligands = 100;  // beyond this, 3 poses instead of 9 unless told otherwise

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() > end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

scoring::ScoringFunction scoring_function(const std::string& name) {
  return name == "vinardo" ? scoring::ScoringFunction::vinardo : scoring::ScoringFunction::vina;
}

std::string target_name(const std::string& receptor_file) {
  std::string name = fs::path(receptor_file).filename().string();
  name = name.substr(0, name.find('.'));
  for (char& c : name)
    if (c == '/' || c == ' ') c = '_';
  return name.empty() ? "receptor" : name;
}

}  // namespace

scoring::DockingTarget docking_target(const DockOptions& options, const DockingSite& site,
                                      const scoring::DockingOptions& docking) {
  return {target_name(options.receptor.receptor),
          chem::receptor_pdb(site.receptor),
          site.inputs.front().sha256,
          site.box,
          options.scoring,
          docking.exhaustiveness};
}

Destination destination(const DockOptions& options, bool overwrite) {
  Destination to;
  to.files.pdbqt = options.pdbqt;
  to.files.judges.cnn = !options.judges.cnn.empty();
  to.files.judges.learned = asks_learned(options.judges);
  to.files.judges.affinity = !pose_affinity_file(options.judges).empty();
  to.files.order = ligand_order(options.rank_ligands_by, options.judges);
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

scoring::DockingTask task_of(const DockOptions& options) {
  if (options.score_only && options.minimize)
    throw UsageError("both --score_only and --minimize are given", "use one of them");
  return options.score_only ? scoring::DockingTask::score
         : options.minimize ? scoring::DockingTask::minimize
                            : scoring::DockingTask::dock;
}

std::string settle_ranking(DockOptions& options) {
  auto& judges = options.judges;
  if (!judges.rank_by.empty()) return {};
  judges.rank_by = judges.cnn.empty() ? "energy" : "cnn";
  if (task_of(options) != scoring::DockingTask::dock) return {};  // one pose each
  if (options.scoring != "vina")
    return fmt::format("poses are ordered by {}: the learned scorer was trained on Vina's energies, not {}'s",
                       judges.rank_by, options.scoring);
  if (!has_learned_judge(judges))
    return fmt::format(
        "poses are ordered by {}: the learned scorer '{}' is not here; install Theriac with its models, or "
        "--pose_scorer FILE",
        judges.rank_by, judges.pose_scorer);
  judges.rank_by = "probability";
  return {};
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
  if (options.device != "cpu" && task_of(options) != scoring::DockingTask::dock)
    throw UsageError(fmt::format("--device {} with --score_only or --minimize", options.device),
                     "only a search runs on a device; leave --device out");
  result.device = scoring::docking_device(options.device);
  result.pool = task_of(options) == scoring::DockingTask::dock ? pose_pool(options.judges) : 0;
  if (result.pool > 0) result.energy_range = std::max(result.energy_range, judged_energy_range);
  return result;
}

scoring::LigandDockingOptions ligand_options(const DockOptions& options, const DockingSite& site,
                                             std::uint64_t seed, bool pdbqt) {
  scoring::LigandDockingOptions result;
  result.task = task_of(options);
  result.ligand.ph = options.receptor.ph;
  result.ligand.as_drawn = options.as_drawn;
  result.ligand.max_embed_seconds = options.max_embed_time;
  result.ligand.keep_pose = result.task != scoring::DockingTask::dock;
  result.ligand.seed = seed;
  result.filter = options.filter;
  result.interactions = options.interactions == "on";
  result.pdbqt = pdbqt;
  result.reference = site.reference;
  result.order = pose_order(options.judges);
  result.cnn = cnn_judge(options.judges, site.receptor);
  result.learned = learned_judge(options.judges, site.receptor);
  return result;
}

std::shared_ptr<const scoring::SeedPoses> seed_poses(const DockOptions& options, const LigandInput& input) {
  if (options.seed_poses.empty()) return nullptr;
  if (task_of(options) != scoring::DockingTask::dock)
    throw UsageError("--seed_poses with --score_only or --minimize",
                     "give the poses themselves as --ligand to score or minimise them");
  require_file(options.seed_poses, "seed pose", "--seed_poses");
  auto seeds =
      std::make_shared<scoring::SeedPoses>(scoring::SeedPoses{chem::SeedFile(options.seed_poses), {}});
  std::set<std::string> titles;
  for (const auto& pose : seeds->file.poses())
    if (!pose.title.empty()) titles.insert(pose.title);
  auto reader = input.open();
  while (const auto record = reader.next_raw())
    if (titles.count(record->name)) seeds->claimed.insert(record->name);
  return seeds;
}

const std::vector<std::string>& settings_of_no_consequence() {
  static const std::vector<std::string> names = {
      "out",       "config",     "seed",    "cpu",        "progress",  "max-failed", "strict",
      "overwrite", "max-time",   "dry-run", "quiet",      "verbosity", "no-color",   "json",
      "log",       "simd",       "device",  "checkpoint", "box-check", "preset",     "exhaustiveness",
      "num_modes", "cnn_device", "rank_by"};
  return names;
}

void declare_dock_options(CLI::App& app, DockOptions& o) {
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
  app.add_option("--energy_range", o.energy_range,
                 "kcal/mol above the best pose, applied after re-scoring; at least 10 where a judge chooses "
                 "the poses")
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
  app.add_option("--seed_poses", o.seed_poses,
                 "poses of other programs (co-folding, diffusion, another docker), matched to the ligands by "
                 "their graph, refined and ranked together with the poses found")
      ->type_name("FILE")
      ->group(search);
  app.add_flag("--score_only", o.score_only, "score the poses as they are")->group(search);
  app.add_flag("--minimize", o.minimize, "move the poses to their nearest local minimum")->group(search);
  app.add_option("--simd", o.simd, "instruction set; the results are the same bytes")
      ->check(CLI::IsMember({"auto", "scalar", "baseline", "avx2", "avx512"}))
      ->type_name("NAME")
      ->capture_default_str()
      ->group(search);
  app.add_option(
         "--device", o.device,
         "where the search runs; auto: the first GPU that OpenCL has, else cpu; theriac doctor lists them")
      ->type_name("cpu|auto|opencl:N[:fused]")
      ->capture_default_str()
      ->group(search);
  app.add_option("--checkpoint", o.checkpoint,
                 "finished ligands are on the disk after this many seconds at the latest")
      ->check(CLI::Range(0.0, 3600.0))
      ->type_name("S")
      ->capture_default_str()
      ->group("Run");
  declare_pose_judges(app, o.judges);
  declare_ligand_order(app, o.rank_ligands_by);
  add_receptor_options(app, o.receptor);
  add_flexible_options(app, o.receptor);
  add_water_option(app, o.receptor);
  add_ligand_options(app, o.ligands);
  app.add_flag("--as_drawn", o.as_drawn, "dock the drawn form: no salt stripping, no change of protonation")
      ->group("Ligands");
  app.add_option(
         "--max_embed_time", o.max_embed_time,
         "processor time for one attempt at 3D coordinates, after which the ligand is a failed row; 0: "
         "no limit")
      ->check(CLI::Range(0.0, 1e6))
      ->type_name("S")
      ->capture_default_str()
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

}  // namespace theriac::cli
