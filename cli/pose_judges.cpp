#include "cli/pose_judges.hpp"

#include <fmt/format.h>

#include "chem/error.hpp"
#include "cli/gnina_models.hpp"
#include "cli/model_choice.hpp"
#include "scoring/device_network.hpp"

namespace theriac::cli {
namespace {

constexpr int judged_pool = 50;  // as gnina keeps
constexpr const char* standard_scorer = "pose-scorer";
constexpr const char* standard_affinity = "pose-affinity";

std::string device_name(const std::string& text) {
  return scoring::names_prediction_device(text)
             ? std::string()
             : fmt::format("there is no device '{}'; known: auto, cpu, cuda:0, cuda:1 ...", text);
}

}  // namespace

void declare_pose_judges(CLI::App& app, PoseJudgeOptions& o) {
  const char* group = "Judging poses";
  app.add_option("--cnn", o.cnn,
                 "gnina's networks judge the poses: probability of a good pose and affinity (pK); fast (one "
                 "network), "
                 "default (three), default1.0 (five), a model's name, or a file; theriac model import gnina "
                 "brings them")
      ->type_name("NAME|FILE")
      ->group(group);
  app.add_option("--cnn_device", o.cnn_device,
                 "where those networks compute: cpu, needing no LibTorch; cuda:0 with a CUDA build of "
                 "LibTorch; auto: "
                 "cuda:0 where there is one, else cpu")
      ->check(device_name)
      ->type_name("auto|cpu|cuda:N")
      ->capture_default_str()
      ->group(group);
  app.add_option(
         "--rank_by", o.rank_by,
         "what orders the poses of a ligand and chooses those that are kept; probability, the default: "
         "that a pose is right, by the learned scorer, together with the networks where --cnn is given; "
         "energy: the "
         "order of Vina; cnn: that of gnina, needs --cnn. The learned scorer was trained on Vina's energies: "
         "with --scoring vinardo the default is cnn where --cnn is given, else energy")
      ->check(CLI::IsMember({"energy", "probability", "cnn"}))
      ->type_name("energy|probability|cnn")
      ->group(group);
  app.add_option("--pose_scorer", o.pose_scorer,
                 "the learned scorer: the one that ships, or a file of theriac train pose-scorer")
      ->type_name("NAME|FILE")
      ->capture_default_str()
      ->group(group);
  app.add_option("--pose_affinity", o.pose_affinity,
                 "the affinities (pK) beside the learned scorer: those that ship, a file of theriac train "
                 "pose-affinity, or none")
      ->type_name("NAME|FILE|none")
      ->capture_default_str()
      ->group(group);
}

void declare_ligand_order(CLI::App& app, std::string& choice) {
  app.add_option(
         "--rank_ligands_by", choice,
         "what ranks the ligands, by the best pose of each: its docking energy, its affinity (pK), or "
         "that above what is usual for as many heavy atoms; no order was best on all our targets")
      ->check(CLI::IsMember({"energy", "affinity", "size_corrected"}))
      ->type_name("energy|affinity|size_corrected")
      ->group("Judging poses");
}

scoring::LigandOrder ligand_order(const std::string& choice, const PoseJudgeOptions& options) {
  if (choice.empty() || choice == "energy") return scoring::LigandOrder::energy;
  if (pose_affinity_file(options).empty())
    throw UsageError(fmt::format("--rank_ligands_by {}, and no pose gets an affinity", choice),
                     "--rank_by probability, with the affinities that ship or --pose_affinity FILE");
  return choice == "affinity" ? scoring::LigandOrder::affinity : scoring::LigandOrder::size_corrected;
}

scoring::PoseOrder pose_order(const PoseJudgeOptions& options) {
  if (options.rank_by == "cnn" && options.cnn.empty())
    throw UsageError("--rank_by cnn without --cnn", "add --cnn fast, or rank by energy");
  if (asks_learned(options)) return scoring::PoseOrder::probability;
  const bool by_cnn = options.rank_by.empty() ? !options.cnn.empty() : options.rank_by == "cnn";
  return by_cnn ? scoring::PoseOrder::cnn : scoring::PoseOrder::energy;
}

int pose_pool(const PoseJudgeOptions& options) {
  switch (pose_order(options)) {
    case scoring::PoseOrder::energy:
      return 0;
    case scoring::PoseOrder::probability:
      return scoring::LearnedPoseScorer::pool;
    case scoring::PoseOrder::cnn:
      break;
  }
  return judged_pool;
}

std::shared_ptr<const scoring::GninaScorer> cnn_judge(const PoseJudgeOptions& options,
                                                      const chem::Receptor& receptor) {
  if (options.cnn.empty()) return nullptr;
  return std::make_shared<scoring::GninaScorer>(gnina_ensemble(options.cnn), receptor,
                                                scoring::prediction_device(options.cnn_device));
}

bool asks_learned(const PoseJudgeOptions& options) {
  return options.rank_by == "probability";
}

bool has_learned_judge(const PoseJudgeOptions& options) {
  if (options.pose_scorer != standard_scorer) return true;
  try {
    learned_judge_file(options);
  } catch (const Error&) {
    return false;
  }
  return true;
}

std::string learned_judge_file(const PoseJudgeOptions& options) {
  return model_file(options.pose_scorer, standard_scorer);
}

std::string pose_affinity_file(const PoseJudgeOptions& options) {
  if (!asks_learned(options) || options.pose_affinity == "none") return {};
  try {
    return model_file(options.pose_affinity, standard_affinity);
  } catch (const Error&) {
    if (options.pose_affinity != standard_affinity) throw;
    return {};
  }
}

std::shared_ptr<const scoring::PoseScorer> learned_judge(const PoseJudgeOptions& options,
                                                         const chem::Receptor& receptor) {
  if (!asks_learned(options)) return nullptr;
  auto model =
      std::make_shared<scoring::PoseScoreModel>(scoring::PoseScoreModel::read(learned_judge_file(options)));
  std::shared_ptr<const scoring::PoseAffinityModel> affinity;
  if (const std::string file = pose_affinity_file(options); !file.empty())
    affinity = std::make_shared<scoring::PoseAffinityModel>(scoring::PoseAffinityModel::read(file));
  return std::make_shared<scoring::LearnedPoseScorer>(std::move(model), std::move(affinity), receptor);
}

}  // namespace theriac::cli
