#include "cli/train_pose_scorer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "chem/text_file.hpp"
#include "cli/bench_conditions.hpp"
#include "cli/growing_table.hpp"
#include "cli/pose_ranking.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "datasets/provenance.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;

std::string reliability_text(const Reliability& of) {
  std::string text = "| said | poses | mean said | share right |\n|---|---:|---:|---:|\n";
  for (std::size_t b = 0; b < of.bins.size(); ++b)
    if (of.bins[b].poses > 0)
      text +=
          fmt::format("| {:.1f} to {:.1f} | {} | {:.3f} | {:.3f} |\n", 0.1 * static_cast<double>(b),
                      0.1 * static_cast<double>(b + 1), of.bins[b].poses, of.bins[b].said, of.bins[b].right);
  return text + fmt::format("\nExpected calibration error {:.4f}.\n", of.error);
}

/// DIR/fold0.safetensors ... and DIR/folds.csv: which of them is for which complex.
void write_folds(const scoring::TrainedPoseScore& trained, const std::vector<scoring::PosePool>& pools,
                 const std::string& folder) {
  make_folder(folder);
  for (std::size_t f = 0; f < trained.without_fold.size(); ++f) {
    auto model = trained.without_fold[f];
    model.name = fmt::format("pose-scorer-without-fold-{}", f);
    model.save(fmt::format("{}/fold{}.safetensors", folder, f), {});
  }
  std::string text = "pdbid,scorer\n";
  for (std::size_t p = 0; p < pools.size(); ++p)
    if (!pools[p].rmsd.empty() && pools[p].id == complex_of(pools[p]))
      text += fmt::format("{},fold{}.safetensors\n", pools[p].id, trained.fold[p]);
  chem::write_text_file(folder + "/folds.csv", text);
}

}  // namespace

void declare_pose_scorer_training(CLI::App& app, PoseScorerTrainingOptions& o) {
  const char* group = "Pose scorer";
  app.add_option("--targets", o.pools.receptors,
                 "folder of further receptors: boxes.csv (target, center_x/y/z, size_x/y/z) and TARGET.pdbqt")
      ->type_name("DIR")
      ->group(group);
  app.add_option("--molecules", o.pools.molecules,
                 "files of molecules to dock there; nothing else is read of them")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--per_target", o.pools.per_receptor, "molecules docked into each")
      ->check(CLI::Range(1, 10000))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--searches", o.pools.searches, "searches of each complex, by seeds that follow --seed")
      ->check(CLI::Range(1, 100))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--teacher", o.pools.teacher,
                 "file of one of gnina's networks (.pt or .safetensors), whose opinion of poses is learned")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--poses", o.pools.folder, "folder where docked poses are kept; OUT.poses by default")
      ->type_name("DIR")
      ->group(group);
  app.add_option(
         "--folds_to", o.folds,
         "folder where the scorers of the folds go too, none of which saw relatives of the complexes that "
         "folds.csv gives it: for tests of the whole program")
      ->type_name("DIR")
      ->group(group);
  app.add_option(
         "--ridge", o.training.ridges,
         "how strongly the pose scorer's weights are held back; of several the best is chosen, inside every "
         "fold (pose-affinity trains a pose scorer too, which says what pose comes first)")
      ->check(CLI::Range(1e-6, 1e3))
      ->type_name("X")
      ->capture_default_str()
      ->group(group);
}

std::vector<scoring::PosePool> poses_to_learn_from(PoseScorerTrainingOptions& options, Session& session,
                                                   int& ended) {
  if (fs::path(options.out).extension() != ".safetensors")
    throw UsageError(
        fmt::format("what is learned is one file, and '{}' does not end in .safetensors", options.out),
        "-o " + options.out + ".safetensors");
  if (options.pools.teacher.empty())
    throw UsageError("who judges the poses?", "--teacher names the file of one of gnina's networks");
  if (options.pools.folder.empty()) options.pools.folder = options.out + ".poses";
  session.terminal().note(fmt::format("poses     kept in {}", options.pools.folder));
  ended = exit_done;
  if (session.options.dry_run) return {};
  auto pools = pose_pools(options.pools, session);
  if (session.stop().stop_requested()) {
    session.terminal().note("the same command again goes on from here");
    ended = exit_stopped;
    return {};
  }
  if (pools.empty()) throw InputError("none of the ligands could be docked", "the warnings above say why");
  return pools;
}

int train_pose_scorer(PoseScorerTrainingOptions options, Session& session) {
  const Stopwatch watch;
  int ended = exit_done;
  const auto pools = poses_to_learn_from(options, session, ended);
  if (pools.empty()) return ended;
  const auto trained = scoring::train_pose_score(pools, options.training);
  auto rankings = plain_rankings(pools);
  add_held_out(trained, rankings);
  const auto rows = compare_rankings(pools, rankings);
  const auto trust = reliability(pools, trained.held_out.probabilities);
  std::set<std::string> groups, complexes;
  std::size_t poses = 0;
  for (const auto& pool : pools) {
    poses += pool.poses.size();
    if (pool.rmsd.empty()) continue;
    complexes.insert(complex_of(pool));
    groups.insert(pool.group);
  }
  const std::string table = ranking_table(rows), plot = reliability_text(trust);
  session.terminal().note(fmt::format(
      "learned   from {} poses of {} ligands; {} complexes in {} groups of related proteins, {} folds; "
      "agreement with the teacher {:.3f}",
      poses, pools.size(), complexes.size(), groups.size(), options.training.folds,
      trained.teacher_correlation));
  session.terminal().note(fmt::format("chosen    {}; inside the folds: {}", trained.choice, trained.choices));
  session.terminal().note(table + "\n" + plot);
  auto model = trained.model;
  if (!options.name.empty()) model.name = options.name;
  model.save(options.out,
             {{"description", options.about},
              {"data_licence", options.licence},
              {"training_data", fmt::format("{} poses of {} ligands, {} of them with a known pose", poses,
                                            pools.size(), complexes.size())},
              {"choice", trained.choice},
              {"teacher", fs::path(options.pools.teacher).filename().string()},
              {"training_ligands", std::to_string(pools.size())},
              {"training_poses", std::to_string(poses)},
              {"training_complexes", std::to_string(complexes.size())},
              {"cross_validation", table},
              {"reliability", plot},
              {"date", datasets::utc_now().substr(0, 10)},
              {"seed", std::to_string(session.seed())},
              {"theriac_version", chem::theriac_version()}});
  if (!options.folds.empty()) write_folds(trained, pools, options.folds);
  session.terminal().note(fmt::format("wrote     {}: {} bytes, {:.1f} s", options.out,
                                      fs::file_size(options.out), watch.wall_seconds()));
  nlohmann::ordered_json lines = nlohmann::ordered_json::array();
  for (const auto& row : rows) lines.push_back(json_of(row));
  return print_result(session, "train",
                      {{"task", "pose-scorer"},
                       {"ligands", pools.size()},
                       {"poses", poses},
                       {"complexes", complexes.size()},
                       {"rankings", lines},
                       {"calibration_error", trust.error},
                       {"out", options.out}},
                      exit_done);
}

}  // namespace theriac::cli
