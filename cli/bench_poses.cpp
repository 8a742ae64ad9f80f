#include "cli/bench_poses.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "chem/autodock_type.hpp"
#include "chem/error.hpp"
#include "chem/receptor_file.hpp"
#include "chem/symmetric_rmsd.hpp"
#include "chem/text_file.hpp"
#include "cli/bench_conditions.hpp"
#include "cli/gnina_models.hpp"
#include "cli/growing_table.hpp"
#include "cli/pose_pools.hpp"
#include "cli/pose_ranking.hpp"
#include "cli/redock_input.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "scoring/gnina_scorer.hpp"
#include "scoring/pose_check.hpp"

namespace theriac::cli {
namespace {

using scoring::PosePool;

constexpr double metal_distance = 3.0;  // angstrom, to an atom of the crystal ligand

const std::vector<std::string>& columns() {
  static const std::vector<std::string> names{"pool",  "message", "metal",
                                              "sound", "network", "network_cpu_s"};
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

/// One search, beside its pool.
struct Judged {
  bool metal = false;
  std::vector<double> sound;    ///< 1 or 0 per pose
  std::vector<double> network;  ///< log odds; empty when it did not judge
  double network_cpu = std::nan("");
};

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
    if (!options.cnn.empty()) network_ = gnina_ensemble(options.cnn);
    for (auto& complex : read_redock_set(options.data)) complexes_[complex.id] = std::move(complex);
  }

  int run() {
    pools_ = kept_pose_pools(options_.poses);
    make_folder(options_.out + "/inputs");
    Settings settings = conditions_.settings();
    settings.emplace_back("networks", network_ ? options_.cnn : "none");
    GrowingTable table(options_.out + "/judged.csv", columns(), 1, settings, session_.options.overwrite);
    judge_all(table);
    if (session_.stop().stop_requested()) return exit_stopped;
    read(table);
    return report();
  }

 private:
  void judge_all(GrowingTable& table) {
    std::int64_t total = 0, done = 0;
    for (const auto& pool : pools_) total += !pool.rmsd.empty();
    const auto progress = session_.progress({"judged", "search", total, 0, 0, 0, ""});
    for (const auto& pool : pools_) {
      if (session_.stop().stop_requested()) break;
      if (pool.rmsd.empty()) continue;
      if (!table.contains({pool.id})) table.append({judged(pool)});
      progress->update(++done, 0, pool.id);
    }
    progress->finish();
  }

  std::vector<std::string> judged(const PosePool& pool) const {
    const auto found = complexes_.find(complex_of(pool));
    if (found == complexes_.end())
      throw InputError(fmt::format("'{}' is no complex of '{}'", pool.id, options_.data));
    if (pool.coordinates.size() != pool.rmsd.size())
      throw InputError(fmt::format("the poses of {} in '{}' have no coordinates", pool.id, options_.poses),
                       "remove them: theriac train pose-scorer makes them again");
    const auto& complex = found->second;
    const std::string folder = options_.out + "/inputs/" + complex.id;
    make_folder(folder);
    const auto receptor = chem::read_pdbqt_receptor(receptor_for_redocking(complex, folder));
    const int search = pool.id == complex.id ? 1 : std::stoi(pool.id.substr(complex.id.size() + 1));
    const StartLigand start = start_ligand(complex, complex_ring_conformers,
                                           session_.seed() + static_cast<std::uint64_t>(search - 1));
    std::vector<double> sound, log_odds;
    std::vector<scoring::Pose> poses;
    for (const auto& coordinates : pool.coordinates) {
      poses.emplace_back();
      poses.back().coordinates = coordinates;
      sound.push_back(scoring::check_pose(receptor, start.flexible, coordinates).passed() ? 1 : 0);
    }
    std::string seconds;
    if (network_ && search == 1) {  // the first search of a complex: networks cost most of the time
      const Stopwatch watch;
      const scoring::GninaScorer scorer(network_, receptor);
      for (const auto& judgement : scorer.judge({start.molecule, start.flexible}, poses))
        log_odds.push_back(scoring::network_log_odds(judgement.probability));
      seconds = fmt::format("{:.4f}", watch.cpu_seconds());
    }
    return {pool.id,
            "",
            metal_near(receptor, read_one_molecule(complex.crystal)) ? "yes" : "no",
            numbers(sound),
            numbers(log_odds),
            seconds};
  }

  void read(const GrowingTable& table) {
    std::map<std::string, Judged> by_id;
    for (const auto& row : table.rows()) {
      Judged of;
      of.metal = row[2] == "yes";
      of.sound = numbers(row[3]);
      of.network = numbers(row[4]);
      if (!row[5].empty()) of.network_cpu = std::stod(row[5]);
      by_id[row[0]] = std::move(of);
    }
    for (const auto& pool : pools_) judged_.push_back(by_id[pool.id]);
  }

  std::vector<PoseRanking> rankings() const {
    auto out = plain_rankings(pools_);
    for (auto& ranking : out)
      if (ranking.name == "teacher") ranking.name = "gnina's network that taught ours";
    if (network_) {
      PoseRanking further{"gnina `" + options_.cnn + "`, first search", {}};
      for (const auto& of : judged_) further.scores.push_back(of.network);
      out.push_back(std::move(further));
    }
    add_held_out(scoring::train_pose_score(pools_, {}), out);
    PoseRanking best{"best possible", {}};
    for (const auto& pool : pools_) {
      best.scores.emplace_back();
      for (const double r : pool.rmsd) best.scores.back().push_back(-r);
    }
    out.push_back(std::move(best));
    return out;
  }

  /// The same rankings on some of the pools.
  template <class Keep>
  std::vector<PoseRankingRow> rows_of(std::vector<PoseRanking> rankings, const Keep& keep) const {
    for (auto& ranking : rankings)
      for (std::size_t p = 0; p < pools_.size(); ++p)
        if (!pools_[p].rmsd.empty() && !keep(p)) ranking.scores[p].clear();
    return compare_rankings(pools_, rankings, sound());
  }

  std::vector<std::vector<double>> sound() const {
    std::vector<std::vector<double>> out;
    for (const auto& of : judged_) out.push_back(of.sound);
    return out;
  }

  std::string subsets(const std::vector<PoseRanking>& all) const {
    const auto torsions = [&](std::size_t p) { return rotors(pools_[p].poses.front()); };
    const std::vector<std::pair<std::string, std::vector<PoseRankingRow>>> parts{
        {"rotors 0-4", rows_of(all, [&](std::size_t p) { return torsions(p) < 4.5; })},
        {"5-7", rows_of(all, [&](std::size_t p) { return torsions(p) > 4.5 && torsions(p) < 7.5; })},
        {"8 or more", rows_of(all, [&](std::size_t p) { return torsions(p) > 7.5; })},
        {"metal within 3 Å", rows_of(all, [&](std::size_t p) { return judged_[p].metal; })}};
    std::vector<std::vector<std::string>> cells{{"top-1 (beside Vina)"}};
    for (const auto& [name, rows] : parts)
      cells.front().push_back(fmt::format("{}, {}", name, rows.front().ligands));
    for (std::size_t r = 0; r < all.size(); ++r) {
      cells.push_back({all[r].name});
      for (const auto& [name, rows] : parts)
        cells.back().push_back(rows[r].ligands == 0 ? std::string("-")
                               : r == 0
                                   ? fmt::format("{:.1f} [{:.1f}, {:.1f}]", rows[r].top1.value,
                                                 rows[r].top1.low, rows[r].top1.high)
                                   : fmt::format("{:.1f} ({:+.1f} [{:+.1f}, {:+.1f}])", rows[r].top1.value,
                                                 rows[r].gain.value, rows[r].gain.low, rows[r].gain.high));
    }
    return markdown_table(cells);
  }

  int report() {
    const auto all = rankings();
    const auto rows = rows_of(all, [](std::size_t) { return true; });
    std::set<std::string> complexes, groups;
    double random = 0, searches = 0, sound = 0;
    std::vector<double> seconds;
    for (std::size_t p = 0; p < pools_.size(); ++p) {
      if (pools_[p].rmsd.empty()) continue;
      complexes.insert(complex_of(pools_[p]));
      groups.insert(pools_[p].group);
      ++searches;
      std::vector<double> right;
      for (const double r : pools_[p].rmsd) right.push_back(r <= 2 ? 1 : 0);
      random += scoring::mean(right);
      sound += scoring::mean(judged_[p].sound);
      if (std::isfinite(judged_[p].network_cpu)) seconds.push_back(judged_[p].network_cpu);
    }
    std::string text = fmt::format(
        "# Judges of poses: {} searches of {} complexes in {} groups of related proteins\n\n{}\n"
        "Per cent; top-N: a pose within 2 Å of the crystal pose among the first N of up to 48. Sound: of the "
        "poses "
        "put first, those that pass all physical checks. Beside the first: paired difference in top-1. 95 % "
        "bootstrap intervals over groups. A random pose is right in {:.1f} % and sound in {:.1f} %.\n\n{}\n",
        searches, complexes.size(), groups.size(), ranking_table(rows), 100 * random / searches,
        100 * sound / searches, subsets(all));
    if (!seconds.empty())
      text += fmt::format("gnina `{}`: {:.2f} s of CPU a search at the median.\n\n", options_.cnn,
                          scoring::median(seconds));
    text += conditions_.text() + "\n";
    chem::write_text_file(options_.out + "/poses.md", text);
    nlohmann::ordered_json lines = nlohmann::ordered_json::array();
    for (const auto& row : rows) lines.push_back(json_of(row));
    if (!session_.options.json) std::fputs(text.c_str(), stdout);
    session_.terminal().note(fmt::format("wrote {0}/judged.csv, {0}/poses.md", options_.out));
    return print_result(session_, "bench", {{"task", "poses"}, {"rankings", lines}}, exit_done);
  }

  const PoseBenchOptions& options_;
  Session& session_;
  BenchConditions conditions_;
  std::shared_ptr<const scoring::GninaEnsemble> network_;
  std::map<std::string, RedockComplex> complexes_;
  std::vector<PosePool> pools_;
  std::vector<Judged> judged_;  // one per pool
};

}  // namespace

int bench_poses(const PoseBenchOptions& options, Session& session) {
  return PoseBench(options, session).run();
}

}  // namespace theriac::cli
