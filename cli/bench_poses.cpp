#include "cli/bench_poses.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "chem/autodock_type.hpp"
#include "chem/descriptors.hpp"
#include "chem/error.hpp"
#include "chem/receptor_file.hpp"
#include "chem/symmetric_rmsd.hpp"
#include "chem/text_file.hpp"
#include "cli/bench_conditions.hpp"
#include "cli/gnina_models.hpp"
#include "cli/growing_table.hpp"
#include "cli/pose_bench_report.hpp"
#include "cli/pose_pools.hpp"
#include "cli/pose_ranking.hpp"
#include "cli/redock_input.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "scoring/gnina_scorer.hpp"
#include "scoring/pose_check.hpp"
#include "scoring/pose_features.hpp"

namespace theriac::cli {
namespace {

using scoring::PosePool;

constexpr double metal_distance = 3.0;  // angstrom, to an atom of the crystal ligand

std::vector<std::string> columns(const std::vector<std::string>& networks) {
  std::vector<std::string> names{"pool", "metal", "sound", "description_cpu_s"};
  for (const auto& network : networks) {
    names.push_back(network);
    names.push_back(network + "_cpu_s");
  }
  return names;
}

bool metal_near(const chem::Receptor& receptor, const chem::Molecule& crystal) {
  const auto ligand = crystal.coordinates();
  for (const auto& atom : receptor.atoms) {
    if (!chem::is_metal(atom.element)) continue;
    for (const auto& position : ligand)
      if (chem::distance(atom.position, position) <= metal_distance) return true;
  }
  return false;
}

std::string numbers(const std::vector<double>& values) {
  return fmt::format("{:.5g}", fmt::join(values, " "));
}

std::vector<double> numbers(const std::string& text) {
  std::vector<double> out;
  std::istringstream in(text);
  for (double v; in >> v;) out.push_back(v);
  return out;
}

class PoseBench {
 public:
  PoseBench(const PoseBenchOptions& options, Session& session)
      : options_(options), session_(session), conditions_(bench_conditions(session)) {
    for (const auto& name : options.networks) networks_.push_back(gnina_ensemble(name));
    for (auto& complex : read_redock_set(options.data)) complexes_[complex.id] = std::move(complex);
  }

  int run() {
    pools_ = kept_pose_pools(options_.poses);
    make_folder(options_.out + "/inputs");
    Settings settings = conditions_.settings();
    settings.emplace_back("networks", fmt::format("{}", fmt::join(options_.networks, ", ")));
    GrowingTable table(options_.out + "/judged.csv", columns(options_.networks), 1, settings,
                       session_.options.overwrite);
    judge_all(table);
    if (session_.stop().stop_requested()) return exit_stopped;
    return report(read(table));
  }

 private:
  void judge_all(GrowingTable& table) {
    std::vector<const PosePool*> first;  // networks and checks take their time, a search of each will do
    for (const auto& pool : pools_)
      if (!pool.rmsd.empty() && pool.id == complex_of(pool)) first.push_back(&pool);
    const auto progress =
        session_.progress({"judged", "complex", static_cast<std::int64_t>(first.size()), 0, 0, 0, ""});
    std::int64_t done = 0;
    for (const auto* pool : first) {
      if (session_.stop().stop_requested()) break;
      if (!table.contains({pool->id})) table.append({judged(*pool)});
      progress->update(++done, 0, pool->id);
    }
    progress->finish();
  }

  std::vector<std::string> judged(const PosePool& pool) const {
    const auto found = complexes_.find(pool.id);
    if (found == complexes_.end())
      throw InputError(fmt::format("'{}' is no complex of '{}'", pool.id, options_.data));
    if (pool.coordinates.size() != pool.rmsd.size())
      throw InputError(fmt::format("the poses of {} in '{}' have no coordinates", pool.id, options_.poses),
                       "remove them: theriac train pose-scorer makes them again");
    const auto& complex = found->second;
    const std::string folder = options_.out + "/inputs/" + complex.id;
    make_folder(folder);
    const auto receptor = chem::read_pdbqt_receptor(receptor_for_redocking(complex, folder));
    const StartLigand start = start_ligand(complex, complex_ring_conformers, session_.seed());
    std::vector<double> sound;
    std::vector<scoring::Pose> poses;
    for (const auto& coordinates : pool.coordinates) {
      poses.emplace_back();
      poses.back().coordinates = coordinates;
      sound.push_back(scoring::check_pose(receptor, start.flexible, coordinates).passed() ? 1 : 0);
    }
    const Stopwatch description;
    scoring::PoseFeaturizer(receptor).features(start.flexible, poses);
    std::vector<std::string> row{pool.id,
                                 metal_near(receptor, read_one_molecule(complex.crystal)) ? "yes" : "no",
                                 numbers(sound), fmt::format("{:.4f}", description.cpu_seconds())};
    for (const auto& network : networks_) {
      const Stopwatch watch;
      std::vector<double> log_odds;
      for (const auto& of :
           scoring::GninaScorer(network, receptor).judge({start.molecule, start.flexible}, poses))
        log_odds.push_back(scoring::network_log_odds(of.probability));
      row.push_back(numbers(log_odds));
      row.push_back(fmt::format("{:.4f}", watch.cpu_seconds()));
    }
    return row;
  }

  /// One per pool; of the further searches only what holds for the complex.
  std::vector<JudgedSearch> read(const GrowingTable& table) const {
    std::map<std::string, JudgedSearch> by_id;
    for (const auto& row : table.rows()) {
      JudgedSearch of;
      of.metal = row[1] == "yes";
      of.sound = numbers(row[2]);
      of.description_seconds = std::stod(row[3]);
      for (std::size_t column = 4; column + 1 < row.size(); column += 2) {
        of.networks.push_back(numbers(row[column]));
        of.network_seconds.push_back(std::stod(row[column + 1]));
      }
      by_id[row[0]] = std::move(of);
    }
    std::vector<JudgedSearch> judged;
    for (const auto& pool : pools_) {
      judged.push_back(by_id[pool.id]);
      const auto complex = complexes_.find(complex_of(pool));
      if (pool.rmsd.empty() || complex == complexes_.end()) continue;
      judged.back().metal = by_id[complex->first].metal;
      judged.back().rotatable_bonds =
          chem::descriptors(read_one_molecule(complex->second.crystal)).rotatable_bonds;
    }
    return judged;
  }

  int report(const std::vector<JudgedSearch>& judged) const {
    const auto report = pose_bench_report(pools_, judged, options_.networks, conditions_.text());
    chem::write_text_file(options_.out + "/poses.md", report.markdown);
    chem::write_text_file(options_.out + "/poses.csv", report.table);
    chem::write_text_file(options_.out + "/poses.svg", report.figure);
    if (!session_.options.json) std::fputs(report.markdown.c_str(), stdout);
    session_.terminal().note(
        fmt::format("wrote {0}/judged.csv, {0}/poses.md, {0}/poses.csv, {0}/poses.svg", options_.out));
    return print_result(session_, "bench", {{"task", "poses"}, {"rankings", report.rows}}, exit_done);
  }

  const PoseBenchOptions& options_;
  Session& session_;
  BenchConditions conditions_;
  std::vector<std::shared_ptr<const scoring::GninaEnsemble>> networks_;
  std::map<std::string, RedockComplex> complexes_;
  std::vector<PosePool> pools_;
};

}  // namespace

int bench_poses(const PoseBenchOptions& options, Session& session) {
  return PoseBench(options, session).run();
}

}  // namespace theriac::cli
