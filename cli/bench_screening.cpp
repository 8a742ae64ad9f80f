#include "cli/bench_screening.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>

#include "chem/binding_box.hpp"
#include "chem/conformer.hpp"
#include "chem/descriptors.hpp"
#include "chem/error.hpp"
#include "chem/pocket.hpp"
#include "chem/receptor_file.hpp"
#include "chem/receptor_preparation.hpp"
#include "chem/text_file.hpp"
#include "chem/torsion_tree.hpp"
#include "cli/bench_conditions.hpp"
#include "cli/growing_table.hpp"
#include "cli/redock_input.hpp"
#include "cli/screening_report.hpp"
#include "cli/screening_row.hpp"
#include "cli/screening_set.hpp"
#include "cli/session.hpp"
#include "cli/vina_program.hpp"
#include "datasets/run_folder.hpp"
#include "scoring/docking.hpp"

namespace theriac::cli {
namespace {

constexpr int poses_asked = 3;  // as `theriac dock` for libraries
constexpr std::size_t block_size = 64;

/// A set ready for docking: the receptor file that both engines read, and the box.
struct Site {
  std::string receptor;
  chem::Box box;
};

/// What is to be docked of one set. Vina's molecules are among ours.
struct SetWork {
  ScreeningSet set;
  std::vector<ScreeningMolecule> ours, vina;
};

/// How many of `all` (0: no limit) Vina gets when it is asked to do `fewer` (0: the same).
int limited(int all, int fewer) {
  if (fewer == 0) return all;
  return all == 0 ? fewer : std::min(all, fewer);
}

ScreeningRow empty_row(const ScreeningSet& set, const ScreeningMolecule& molecule) {
  ScreeningRow row;
  row.set = set.name;
  row.row = molecule.row;
  row.id = molecule.id;
  row.active = molecule.active;
  row.status = "ok";
  return row;
}

/// Runs `step`; what a molecule does wrong becomes the message of its row.
template <typename Step>
void attempt(ScreeningRow& row, Step step) {
  try {
    step();
  } catch (const StorageError&) {
    throw;
  } catch (const std::exception& error) {
    row.status = "failed";
    row.message = error.what();
  }
}

/// Who judges poses beside their energy.
struct Judges {
  std::shared_ptr<const scoring::PoseScorer> learned, cnn;
};

/// The judgement that is most sure of its pose.
std::size_t surest(const std::vector<scoring::PoseJudgement>& judgements) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < judgements.size(); ++i)
    if (judgements[i].probability > judgements[best].probability || std::isnan(judgements[best].probability))
      best = i;
  return best;
}

void judge(const Judges& judges, const scoring::PreparedLigand& ligand,
           const std::vector<scoring::Pose>& poses, ScreeningRow& row) {
  if (judges.learned) {
    const auto said = judges.learned->judge(ligand, poses);
    const std::size_t best = surest(said);
    row.probability = said[best].probability;
    row.probable_score = poses[best].affinity;
    row.pose_affinity = said[best].affinity;
    row.pose_affinity_size_corrected = said[best].size_corrected;
  }
  if (judges.cnn) {
    const auto said = judges.cnn->judge(ligand, poses);
    const std::size_t best = surest(said);
    row.cnn_score = said[best].probability;
    row.cnn_affinity = said[best].affinity;
  }
}

/// Those of `molecules` that `table` has no row of.
std::vector<ScreeningMolecule> missing(const ScreeningSet& set, std::vector<ScreeningMolecule> molecules,
                                       const GrowingTable& table) {
  molecules.erase(std::remove_if(molecules.begin(), molecules.end(),
                                 [&](const ScreeningMolecule& molecule) {
                                   return table.contains({set.name, fmt::format("{}", molecule.row)});
                                 }),
                  molecules.end());
  return molecules;
}

class ScreeningBench {
 public:
  ScreeningBench(const ScreeningOptions& options, Session& session);
  int run();

 private:
  Settings settings(bool of_vina) const;
  Site site_of(const ScreeningSet& set) const;
  scoring::PreparedLigand ligand(const ScreeningMolecule& molecule, ScreeningRow& row) const;
  void screen(const SetWork& work, const Site& site, GrowingTable& table, Progress& progress);
  void screen_with_vina(const SetWork& work, const Site& site, GrowingTable& table, Progress& progress);
  void screen_all(GrowingTable& ours, GrowingTable* theirs);
  void count(const ScreeningRow& row, Progress& progress);
  ScreeningReport report(const GrowingTable& ours, const GrowingTable* theirs) const;

  const ScreeningOptions& options_;
  Session& session_;
  BenchConditions conditions_;
  std::optional<VinaProgram> vina_;
  std::vector<SetWork> work_;
  std::int64_t total_ = 0, done_ = 0, failed_ = 0;  ///< dockings
};

ScreeningBench::ScreeningBench(const ScreeningOptions& options, Session& session)
    : options_(options), session_(session), conditions_(bench_conditions(session)) {
  if (options_.with_vina) vina_.emplace();
  for (auto& set : read_screening_sets(options.data, options.targets, options.sets)) {
    SetWork work;
    work.ours = draw_molecules(set, options.actives, options.decoys, session.seed());
    if (vina_)
      work.vina = draw_molecules(set, limited(options.actives, options.vina_actives),
                                 limited(options.decoys, options.vina_decoys), session.seed());
    total_ += static_cast<std::int64_t>(work.ours.size() + work.vina.size());
    work.set = std::move(set);
    work_.push_back(std::move(work));
  }
}

Settings ScreeningBench::settings(bool of_vina) const {
  Settings settings = conditions_.settings();
  settings.emplace_back("set", datasets::describe_input("set", options_.data + "/index.csv").sha256);
  settings.emplace_back("num_modes", fmt::format("{}", poses_asked));
  if (of_vina) {
    settings.emplace_back("vina", vina_->version());
    settings.emplace_back("vina_exhaustiveness", fmt::format("{}", options_.vina_exhaustiveness));
    return settings;
  }
  settings.emplace_back("exhaustiveness", fmt::format("{}", options_.exhaustiveness));
  settings.emplace_back("ring_conformers", fmt::format("{}", options_.ring_conformers));
  if (!options_.judges.cnn.empty()) settings.emplace_back("cnn", options_.judges.cnn);
  return settings;
}

/// Both engines get one PDBQT file: unpacked, or prepared from PDB. Without a box, the best pocket.
Site ScreeningBench::site_of(const ScreeningSet& set) const {
  const std::string folder = options_.out + "/inputs/" + set.name;
  make_folder(folder);
  chem::PreparationOptions preparation;
  preparation.site = set.box;
  const auto receptor = chem::read_receptor(set.receptor, preparation).receptor;
  Site site{folder + "/receptor.pdbqt", set.box ? *set.box : chem::box_from_pocket(receptor)};
  chem::check_box(site.box, receptor);
  chem::write_receptor_pdbqt(receptor, site.receptor);
  return site;
}

scoring::PreparedLigand ScreeningBench::ligand(const ScreeningMolecule& molecule, ScreeningRow& row) const {
  const auto flat = chem::Molecule::from_smiles(molecule.smiles, molecule.id);
  const auto properties = chem::descriptors(flat);
  row.molecular_weight = properties.molecular_weight;
  row.heavy_atoms = properties.heavy_atoms;
  row.clogp = properties.clogp;
  chem::EmbedOptions embed;
  embed.seed = session_.seed();
  embed.ring_conformers = options_.ring_conformers;
  if (options_.ring_conformers == 1) embed.macrocycle_conformers = 1;
  auto embedded = chem::embedded(flat, embed);
  auto flexible = chem::flexible_ligand(embedded);
  flexible.name = molecule.id;
  return {std::move(embedded), std::move(flexible)};
}

void ScreeningBench::count(const ScreeningRow& row, Progress& progress) {
  failed_ += row.status != "ok";
  if (row.status != "ok")
    session_.terminal().warn("molecules that failed", fmt::format("{} {}: {}", row.set, row.id, row.message));
  progress.update(++done_, failed_, row.set);
}

void ScreeningBench::screen(const SetWork& work, const Site& site, GrowingTable& table, Progress& progress) {
  const auto& set = work.set;
  const auto molecules = missing(set, work.ours, table);
  scoring::DockingOptions docking;
  docking.exhaustiveness = options_.exhaustiveness;
  docking.num_modes = poses_asked;
  docking.seed = session_.seed();
  PoseJudgeOptions by_probability = options_.judges;
  by_probability.rank_by = "probability";
  docking.pool = std::max(pose_pool(options_.judges), pose_pool(by_probability));
  std::unique_ptr<scoring::DockingEngine> engine;
  Judges judges;
  for (std::size_t begin = 0; begin < molecules.size(); begin += block_size) {
    if (session_.stop().stop_requested()) return;
    const Stopwatch watch;
    if (!engine)  // its time counts, as reading and grids do in Vina's process
      engine = std::make_unique<scoring::DockingEngine>(chem::read_pdbqt_receptor(site.receptor), site.box,
                                                        docking);
    if (!judges.learned) judges.learned = learned_judge(by_probability, engine->receptor());
    if (!judges.cnn) judges.cnn = cnn_judge(options_.judges, engine->receptor());
    std::vector<ScreeningRow> rows(std::min(block_size, molecules.size() - begin));
    tbb::parallel_for(std::size_t{0}, rows.size(), [&](std::size_t i) {
      const auto& molecule = molecules[begin + i];
      rows[i] = empty_row(set, molecule);
      attempt(rows[i], [&] {
        const auto prepared = ligand(molecule, rows[i]);
        const auto docked = engine->dock(prepared.flexible);
        if (docked.poses.empty()) throw MoleculeError(docked.message);
        rows[i].score = docked.poses.front().affinity;
        judge(judges, prepared, docked.poses, rows[i]);
      });
    });
    const double wall = watch.wall_seconds() / static_cast<double>(rows.size());
    const double cpu = watch.cpu_seconds() / static_cast<double>(rows.size());
    std::vector<std::vector<std::string>> cells;
    for (auto& row : rows) {
      row.wall_seconds = wall;
      row.cpu_seconds = cpu;
      cells.push_back(screening_cells(row));
    }
    table.append(cells);
    for (const auto& row : rows) count(row, progress);
  }
}

void ScreeningBench::screen_with_vina(const SetWork& work, const Site& site, GrowingTable& table,
                                      Progress& progress) {
  const auto& set = work.set;
  VinaOptions vina;
  vina.exhaustiveness = options_.vina_exhaustiveness;
  vina.num_modes = poses_asked;
  vina.cpu = session_.threads();
  vina.seed = session_.seed();
  const std::string folder = options_.out + "/inputs/" + set.name;
  for (const auto& molecule : missing(set, work.vina, table)) {
    if (session_.stop().stop_requested()) return;
    ScreeningRow row = empty_row(set, molecule);
    attempt(row, [&] {
      const LigandFile file(ligand(molecule, row).flexible, folder + "/ligand.pdbqt");
      const auto docked = vina_->dock(site.receptor, file.path(), site.box, vina, folder + "/vina.pdbqt");
      row.wall_seconds = docked.wall_seconds;
      row.cpu_seconds = docked.cpu_seconds;
      if (docked.poses.empty()) throw MoleculeError("vina wrote no pose");
      row.score = docked.poses.front().affinity;
    });
    table.append({screening_cells(row)});
    count(row, progress);
  }
}

ScreeningReport ScreeningBench::report(const GrowingTable& ours, const GrowingTable* theirs) const {
  ScreeningReportHead head;
  head.conditions = conditions_;
  head.exhaustiveness = options_.exhaustiveness;
  head.vina_version = vina_ ? vina_->version() : std::string();
  head.vina_exhaustiveness = options_.vina_exhaustiveness;
  std::vector<ScreeningRow> rows, vina_rows;
  for (const auto& cells : ours.rows()) rows.push_back(screening_row(cells));
  if (theirs)
    for (const auto& cells : theirs->rows()) vina_rows.push_back(screening_row(cells));
  for (const auto& work : work_)
    if (!work.set.box) head.without_box.push_back(work.set.name);
  return screening_report(rows, vina_rows, head);
}

void ScreeningBench::screen_all(GrowingTable& ours, GrowingTable* theirs) {
  done_ = total_;
  for (const auto& work : work_) {
    done_ -= static_cast<std::int64_t>(missing(work.set, work.ours, ours).size());
    if (theirs) done_ -= static_cast<std::int64_t>(missing(work.set, work.vina, *theirs).size());
  }
  const auto progress = session_.progress({"screen", "lig", total_, done_, 0, done_, ""});
  for (const auto& work : work_) {
    if (session_.stop().stop_requested()) break;
    const Site site = site_of(work.set);
    screen(work, site, ours, *progress);
    if (theirs) screen_with_vina(work, site, *theirs, *progress);
  }
  progress->finish();
}

int ScreeningBench::run() {
  auto& terminal = session_.terminal();
  terminal.note(fmt::format("screening {} sets of {}, {} dockings; {}", work_.size(), options_.data, total_,
                            conditions_.text()));
  for (const auto& work : work_)
    terminal.note(fmt::format("          {}: {} molecules{}", work.set.name, work.ours.size(),
                              vina_ ? fmt::format(", {} of them with vina too", work.vina.size()) : ""));
  if (session_.options.dry_run) return exit_done;
  make_folder(options_.out);
  const bool overwrite = session_.options.overwrite;
  GrowingTable ours(options_.out + "/screening.csv", screening_columns(), 2, settings(false), overwrite);
  std::optional<GrowingTable> theirs;
  if (vina_)
    theirs.emplace(options_.out + "/screening_vina.csv", screening_columns(), 2, settings(true), overwrite);
  GrowingTable* const vina_table = theirs ? &*theirs : nullptr;
  screen_all(ours, vina_table);
  const ScreeningReport written = report(ours, vina_table);
  chem::write_text_file(options_.out + "/screening.md", written.markdown);
  chem::write_text_file(options_.out + "/screening.svg", written.figure);
  std::fputs(session_.options.json ? written.json.c_str() : written.text.c_str(), stdout);
  terminal.note(fmt::format("wrote {0}/screening.csv, {0}/screening.md, {0}/screening.svg", options_.out));
  return session_.exit_code({total_, failed_});
}

}  // namespace

int bench_screening(const ScreeningOptions& options, Session& session) {
  return ScreeningBench(options, session).run();
}

}  // namespace theriac::cli
