#include "cli/bench_redock.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>

#include "chem/error.hpp"
#include "chem/pdbqt.hpp"
#include "chem/pose_file.hpp"
#include "chem/receptor_file.hpp"
#include "chem/symmetric_rmsd.hpp"
#include "chem/text_file.hpp"
#include "cli/bench_conditions.hpp"
#include "cli/growing_table.hpp"
#include "cli/redock_input.hpp"
#include "cli/redock_report.hpp"
#include "cli/redock_row.hpp"
#include "cli/session.hpp"
#include "cli/vina_program.hpp"
#include "datasets/run_folder.hpp"
#include "scoring/docking.hpp"
#include "scoring/pose_check.hpp"

namespace theriac::cli {
namespace {

constexpr int poses_asked = 9;

/// How many of the poses are physically sensible, and what is wrong with the others.
void check_poses(const chem::Receptor& receptor, const chem::FlexibleLigand& ligand,
                 const std::vector<scoring::Pose>& poses, RedockRow& row) {
  std::map<std::string, int> failed;
  for (const auto& pose : poses) {
    const auto report = scoring::check_pose(receptor, ligand, pose.coordinates, pose.flexible_residues);
    ++row.checked_poses;
    row.sound_poses += report.passed();
    for (const auto& check : report.failed) ++failed[check];
  }
  for (const auto& [check, count] : failed)
    row.failed_checks += fmt::format("{}{} {}", row.failed_checks.empty() ? "" : "; ", check, count);
}

std::vector<double> rmsds_of(const RedockInput& input, const std::vector<VinaPose>& poses) {
  std::vector<std::vector<chem::Vector3>> coordinates;
  for (const auto& pose : poses) coordinates.push_back(pose.coordinates);
  return rmsds_to_crystal(input, coordinates);
}

class RedockBench {
 public:
  RedockBench(const RedockOptions& options, Session& session);
  int run();

 private:
  Settings settings() const;
  RedockReportHead report_head() const;
  RedockRow measured(const RedockComplex& complex, bool vina_first) const;
  void run_theriac(const RedockComplex& complex, const RedockInput& input, RedockRow& row) const;
  void run_vina(const RedockComplex& complex, const RedockInput& input, RedockRow& row) const;
  void measure_all(GrowingTable& table);
  int report(const GrowingTable& table);

  const RedockOptions& options_;
  Session& session_;
  BenchConditions conditions_;
  std::optional<VinaProgram> vina_;
  std::vector<RedockComplex> complexes_;  ///< to be docked
  std::vector<std::string> left_out_;     ///< without a start conformer
};

RedockBench::RedockBench(const RedockOptions& options, Session& session)
    : options_(options), session_(session), conditions_(bench_conditions(session)) {
  if (options_.simd != "auto") conditions_.simd = options_.simd;
  if (options_.device != "cpu") conditions_.simd = options_.device;  // what its lines call the kernel
  if (options_.with_vina) vina_.emplace();
  for (auto& complex : read_redock_set(options_.data, options_.choice)) {
    if (complex.start.empty())
      left_out_.push_back(complex.id);
    else
      complexes_.push_back(std::move(complex));
  }
}

Settings RedockBench::settings() const {
  Settings settings = conditions_.settings();
  settings.emplace_back("set", datasets::describe_input("set", options_.data + "/index.csv").sha256);
  settings.emplace_back("exhaustiveness", fmt::format("{}", options_.exhaustiveness));
  settings.emplace_back("ring_conformers", fmt::format("{}", options_.ring_conformers));
  settings.emplace_back("num_modes", fmt::format("{}", poses_asked));
  settings.emplace_back("vina", vina_ ? vina_->version() : "not run");
  if (vina_) settings.emplace_back("vina_exhaustiveness", fmt::format("{}", options_.vina_exhaustiveness));
  return settings;
}

RedockReportHead RedockBench::report_head() const {
  RedockReportHead head;
  head.conditions = conditions_;
  head.exhaustiveness = options_.exhaustiveness;
  head.ring_conformers = options_.ring_conformers;
  head.vina_version = vina_ ? vina_->version() : std::string();
  head.vina_exhaustiveness = options_.vina_exhaustiveness;
  head.left_out = left_out_;
  return head;
}

void RedockBench::run_theriac(const RedockComplex& complex, const RedockInput& input, RedockRow& row) const {
  scoring::DockingOptions docking;
  docking.exhaustiveness = options_.exhaustiveness;
  docking.num_modes = poses_asked;
  docking.seed = session_.seed();
  docking.simd = options_.simd;
  docking.device = options_.device;
  const Stopwatch watch;
  const StartLigand ligand = start_ligand(complex, options_.ring_conformers, session_.seed());
  row.ligand_seconds = watch.wall_seconds();
  const scoring::DockingEngine engine(chem::read_pdbqt_receptor(input.receptor), complex.box, docking);
  const scoring::DockedLigand docked = engine.dock(ligand.flexible);
  row.theriac.wall_seconds = watch.wall_seconds();
  row.theriac.cpu_seconds = watch.cpu_seconds();

  if (docked.poses.empty()) throw MoleculeError(docked.message);
  row.evaluations = static_cast<std::int64_t>(docked.evaluations);
  row.ring_conformers = static_cast<int>(ligand.flexible.ring_conformers.size()) + 1;
  const chem::ReferencePose reference(input.crystal, ligand.molecule, ligand.flexible);
  std::vector<double> rmsds;
  std::string poses;
  check_poses(engine.receptor(), ligand.flexible, docked.poses, row);
  for (const auto& pose : docked.poses) {
    rmsds.push_back(reference.rmsd(pose.coordinates));
    poses += chem::sdf_record(ligand.molecule, ligand.flexible, pose.coordinates,
                              {{"docking_score", fmt::format("{:.3f}", pose.affinity)},
                               {"rmsd_ref", fmt::format("{:.3f}", rmsds.back())}});
  }
  chem::write_text_file(options_.out + "/poses/" + complex.id + ".sdf", poses);
  row.theriac.poses = static_cast<int>(docked.poses.size());
  row.theriac.score = docked.poses.front().affinity;
  row.theriac.set_rmsds(rmsds);
  row.theriac.ran = true;
}

void RedockBench::run_vina(const RedockComplex& complex, const RedockInput& input, RedockRow& row) const {
  VinaOptions vina;
  vina.exhaustiveness = options_.vina_exhaustiveness;
  vina.num_modes = poses_asked;
  vina.cpu = session_.threads();
  vina.seed = session_.seed();
  const auto docked = vina_->dock(input.receptor, input.file.path(), complex.box, vina,
                                  options_.out + "/poses/" + complex.id + "_vina.pdbqt");
  row.vina.wall_seconds = docked.wall_seconds;
  row.vina.cpu_seconds = docked.cpu_seconds;
  if (docked.poses.empty()) throw MoleculeError("no pose was written");
  const auto rmsds = rmsds_of(input, docked.poses);
  row.vina.poses = static_cast<int>(docked.poses.size());
  row.vina.score = docked.poses.front().affinity;
  row.vina.set_rmsds(rmsds);
  row.vina.ran = true;
}

RedockRow RedockBench::measured(const RedockComplex& complex, bool vina_first) const {
  RedockRow row;
  row.id = complex.id;
  row.first = vina_ && vina_first ? "vina" : "theriac";
  const auto attempt = [&](const std::string& who, auto&& step) {
    try {
      step();
    } catch (const StorageError&) {
      throw;
    } catch (const std::exception& error) {
      row.message += (row.message.empty() ? "" : "; ") + who + ": " + error.what();
    }
  };
  attempt("input", [&] {
    const RedockInput input = redock_input(complex, options_.out, session_.seed());
    row.heavy_atoms = input.ligand.flexible.heavy_atom_count();
    row.rotors = static_cast<int>(input.ligand.flexible.fragments.size()) - 1;
    const auto ours = [&] { attempt("theriac", [&] { run_theriac(complex, input, row); }); };
    const auto theirs = [&] { attempt("vina", [&] { run_vina(complex, input, row); }); };
    if (row.first == "vina") theirs();
    ours();
    if (vina_ && row.first != "vina") theirs();
  });
  row.status = row.message.empty() ? "ok" : "failed";
  return row;
}

void RedockBench::measure_all(GrowingTable& table) {
  std::int64_t done = 0, failed = 0;
  for (const auto& complex : complexes_) done += table.contains({complex.id});
  const auto total = static_cast<std::int64_t>(complexes_.size());
  const auto progress = session_.progress({"redock", "complex", total, done, 0, done, ""});
  for (std::size_t i = 0; i < complexes_.size(); ++i) {
    if (session_.stop().stop_requested()) break;
    if (table.contains({complexes_[i].id})) continue;
    const RedockRow row = measured(complexes_[i], i % 2 == 1);
    table.append({redock_cells(row)});
    failed += row.status != "ok";
    if (row.status != "ok")
      session_.terminal().warn("complexes that failed", fmt::format("{}: {}", row.id, row.message));
    progress->update(++done, failed, fmt::format("{} {:.2f} A", row.id, row.theriac.rmsd_top1));
  }
  progress->finish();
}

int RedockBench::report(const GrowingTable& table) {
  std::vector<RedockRow> rows;
  std::int64_t failed = 0;
  for (const auto& cells : table.rows()) {
    rows.push_back(redock_row(cells));
    failed += rows.back().status != "ok";
  }
  const RedockReport report = redock_report(rows, report_head());
  chem::write_text_file(options_.out + "/redock.md", report.markdown);
  chem::write_text_file(options_.out + "/redock.svg", report.figure);
  std::fputs(session_.options.json ? report.json.c_str() : report.text.c_str(), stdout);
  session_.terminal().note(fmt::format("wrote {0}/redock.csv, {0}/redock.md, {0}/redock.svg", options_.out));
  return session_.exit_code({static_cast<std::int64_t>(rows.size()), failed});
}

int RedockBench::run() {
  auto& terminal = session_.terminal();
  terminal.note(fmt::format("redock    {} complexes of {}", complexes_.size(), options_.data));
  for (const auto& id : left_out_)
    terminal.note(fmt::format("          {} left out: no ligand_start.sdf", id));
  terminal.note(fmt::format("          exhaustiveness {:g}, {} poses; {}", options_.exhaustiveness,
                            poses_asked, conditions_.text()));
  if (vina_)
    terminal.note(fmt::format("          beside vina {}, exhaustiveness {}", vina_->version(),
                              options_.vina_exhaustiveness));
  if (session_.options.dry_run) return exit_done;
  make_folder(options_.out + "/poses");
  GrowingTable table(options_.out + "/redock.csv", redock_columns(), 1, settings(),
                     session_.options.overwrite);
  measure_all(table);
  return report(table);
}

/// What poses/ID.pdbqt of another program are away from the crystal pose, as CSV lines.
std::string rmsd_lines(const RedockComplex& complex, const RedockInput& input, const std::string& path) {
  std::vector<std::vector<chem::Vector3>> poses;
  for (const auto& model : chem::read_pdbqt_ligands(chem::read_text_file(path), path)) {
    poses.emplace_back();
    for (const auto& atom : model.atoms) poses.back().push_back(atom.position);
  }
  std::string lines;
  const auto rmsds = rmsds_to_crystal(input, poses);
  for (std::size_t i = 0; i < rmsds.size(); ++i)
    lines += fmt::format("{},{},{:.4f}\n", complex.id, i + 1, rmsds[i]);
  return lines;
}

}  // namespace

int bench_pose_rmsd(const RedockOptions& options, const std::string& poses, Session& session) {
  std::string lines = "pdbid,pose,rmsd\n";
  RecordCounts counts;
  for (const auto& complex : read_redock_set(options.data, options.choice)) {
    const std::string path = poses + "/" + complex.id + ".pdbqt";
    if (complex.start.empty() || !std::filesystem::exists(path)) continue;
    ++counts.total;
    try {
      lines += rmsd_lines(complex, redock_input(complex, options.out, session.seed()), path);
    } catch (const MoleculeError& error) {
      ++counts.failed;
      session.terminal().warn("poses that cannot be measured",
                              fmt::format("{}: {}", complex.id, error.what()));
    }
  }
  if (counts.total == 0)
    throw InputError(fmt::format("no poses of this set in '{}'", poses), "they are called ID.pdbqt");
  std::fputs(lines.c_str(), stdout);
  return session.exit_code(counts);
}

int bench_redock(const RedockOptions& options, Session& session) {
  return RedockBench(options, session).run();
}

}  // namespace theriac::cli
