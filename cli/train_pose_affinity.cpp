#include "cli/train_pose_affinity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "cli/affinity_agreement.hpp"
#include "cli/bench_conditions.hpp"
#include "cli/pose_ranking.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "cli/table_reader.hpp"
#include "datasets/provenance.hpp"
#include "scoring/pair_potential.hpp"
#include "scoring/pose_affinity_training.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;
using scoring::PoseDescriptor;
using scoring::PosePool;

std::size_t highest(const std::vector<double>& values) {
  return static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

/// The pose that a pose scorer puts first of each pool, one that saw no relative of its protein.
std::vector<std::size_t> poses_put_first(const std::vector<PosePool>& pools,
                                         const scoring::PoseTrainingOptions& options) {
  const auto scorer = scoring::train_pose_score(pools, options);
  std::vector<std::size_t> first;
  for (std::size_t p = 0; p < pools.size(); ++p)
    first.push_back(
        highest(scorer.without_fold[static_cast<std::size_t>(scorer.fold[p])].scores(pools[p].poses)));
  return first;
}

/// pK by complex, where the index has one.
std::map<std::string, double> measured(const std::string& complexes) {
  std::map<std::string, double> out;
  const TableReader index(complexes + "/index.csv");
  if (!index.has("pK")) return out;
  for (std::size_t row = 0; row < index.size(); ++row)
    if (!index.text(row, "pK").empty()) out[index.text(row, "pdbid")] = index.number(row, "pK");
  return out;
}

std::vector<AffinityAgreement> agreements(const std::vector<PosePool>& pools,
                                          const std::vector<std::size_t>& first,
                                          const scoring::TrainedPoseAffinity& trained,
                                          const std::map<std::string, double>& known) {
  std::vector<MeasuredPose> cases;
  std::vector<RankedAffinity> by{{"heavy atoms alone", {}, false},
                                 {"intermolecular energy", {}, false},
                                 {"the same over 1 + 0.0585 rotors", {}, false},
                                 {"ours, relatives held out", {}, true},
                                 {"ours, size-corrected", {}, false},
                                 {"the teacher", {}, true}};
  for (std::size_t p = 0; p < pools.size(); ++p) {
    const auto found = known.find(pools[p].id);  // of the first search of a complex
    if (found == known.end() || pools[p].rmsd.empty()) continue;
    const auto& pose = pools[p].poses[first[p]];
    const double atoms = pose[PoseDescriptor::heavy_atoms], energy = pose[PoseDescriptor::inter];
    cases.push_back({found->second, atoms, pools[p].group, trained.fold[p]});
    const std::vector<double> said{atoms,
                                   -energy,
                                   -energy / (1 + scoring::torsion_weight * rotors(pose)),
                                   trained.held_out[p],
                                   trained.held_out_corrected[p],
                                   trained.teacher[p]};
    for (std::size_t m = 0; m < by.size(); ++m) by[m].values.push_back(said[m]);
  }
  return cases.size() < 10 ? std::vector<AffinityAgreement>() : affinity_agreements(cases, by);
}

}  // namespace

int train_pose_affinity(PoseScorerTrainingOptions options, Session& session) {
  if (!options.folds.empty())
    throw UsageError("--folds_to with pose-affinity",
                     "only train pose-scorer writes the models of its folds");
  options.pools.affinities = true;
  const Stopwatch watch;
  int ended = exit_done;
  const auto pools = poses_to_learn_from(options, session, ended);
  if (pools.empty()) return ended;
  const auto first = poses_put_first(pools, options.training);
  scoring::PoseAffinityOptions training;
  training.folds = options.training.folds;
  const auto trained = scoring::train_pose_affinity(pools, first, training);
  const auto rows = agreements(pools, first, trained, measured(options.pools.complexes));
  std::size_t poses = 0;
  for (const auto& pool : pools) poses += pool.poses.size();
  std::string sizes;
  for (const auto& [form, error] : trained.size_errors)
    sizes += fmt::format("{}{} {:.3f}", sizes.empty() ? "" : ", ", name(form), error);
  const double agreement = correlation(trained.held_out, trained.teacher);
  const std::string table = rows.empty() ? "no measured affinities to compare with (column pK of index.csv)\n"
                                         : agreement_table(rows);
  auto& terminal = session.terminal();
  terminal.note(fmt::format("learned   from {} poses of {} ligands; agreement with the teacher {:.3f}", poses,
                            pools.size(), agreement));
  terminal.note(fmt::format("chosen    {}; inside the folds: {}", trained.choice, trained.choices));
  terminal.note(fmt::format("size      usual pK is {:.3f} + {:.4f} x {}; held-out distance from it: {}",
                            trained.model.size.start, trained.model.size.slope, name(trained.model.size.form),
                            sizes));
  terminal.note(table);
  auto model = trained.model;
  if (!options.name.empty()) model.name = options.name;
  model.save(options.out, {{"description", options.about},
                           {"data_licence", options.licence},
                           {"training_data", fmt::format("{} poses of {} ligands", poses, pools.size())},
                           {"choice", trained.choice},
                           {"teacher", fs::path(options.pools.teacher).filename().string()},
                           {"agreement_with_teacher", fmt::format("{:.3f}", agreement)},
                           {"cross_validation", table},
                           {"size_forms", sizes},
                           {"date", datasets::utc_now().substr(0, 10)},
                           {"seed", std::to_string(session.seed())},
                           {"theriac_version", chem::theriac_version()}});
  terminal.note(fmt::format("wrote     {}: {} bytes, {:.1f} s", options.out, fs::file_size(options.out),
                            watch.wall_seconds()));
  nlohmann::ordered_json lines = nlohmann::ordered_json::array();
  for (const auto& row : rows) lines.push_back(json_of(row));
  return print_result(session, "train",
                      {{"task", "pose-affinity"},
                       {"ligands", pools.size()},
                       {"poses", poses},
                       {"agreement_with_teacher", agreement},
                       {"affinities", lines},
                       {"out", options.out}},
                      exit_done);
}

}  // namespace theriac::cli
