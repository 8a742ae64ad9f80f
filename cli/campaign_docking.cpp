#include "cli/campaign_docking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>
#include <thread>

#include "chem/binding_box.hpp"
#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "chem/receptor_file.hpp"
#include "cli/number_ranges.hpp"
#include "cli/session.hpp"
#include "cli/slurm_submission.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/sha256.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using generative::DockingBatch;
using generative::DockingRequest;

constexpr int looks_per_query = 4;  // squeue is asked less often: controllers of large clusters are busy

void write_file(const std::string& path, const std::string& text) {
  if (fs::exists(path) && datasets::read_file(path) == text) return;
  datasets::DurableFile file(path);
  file.write(text);
  file.publish();
}

}  // namespace

std::string job_path(const std::string& batch_folder) {
  return batch_folder + "/job.json";
}

std::vector<generative::CampaignTarget> campaign_targets(const CampaignFile& file,
                                                         const std::vector<PreparedTarget>& targets) {
  std::vector<generative::CampaignTarget> out;
  for (const PreparedTarget& target : targets) {
    auto options = file.settings.docking.options;
    generative::CampaignTarget one;
    one.name = target.name;
    one.engine = std::make_shared<scoring::DockingEngine>(target.receptor, target.box, options);
    if (file.settings.docking.final_exhaustiveness > 0) {
      options.exhaustiveness = file.settings.docking.final_exhaustiveness;
      options.pool = pose_pool(file.final_judges);
      one.final_engine = std::make_shared<scoring::DockingEngine>(target.receptor, target.box, options);
      one.pose_scorer = learned_judge(file.final_judges, one.final_engine->receptor());
      if (!one.pose_scorer) one.pose_scorer = cnn_judge(file.final_judges, one.final_engine->receptor());
    }
    out.push_back(std::move(one));
  }
  return out;
}

datasets::RunIdentity docking_identity(const CampaignFile& file, const std::vector<PreparedTarget>& targets) {
  datasets::RunIdentity identity;
  identity.command = "campaign dock";
  identity.version = chem::theriac_version();
  identity.seed = std::to_string(file.settings.seed);
  const std::string folder = fs::absolute(file.path).lexically_normal().parent_path().string();
  for (auto& setting : campaign_settings(campaign_toml(file, folder)))
    if (setting.first.rfind("docking.", 0) == 0 || setting.first.rfind("target.", 0) == 0)
      identity.settings.push_back(std::move(setting));
  for (const PreparedTarget& target : targets) {
    identity.settings.emplace_back("box of " + target.name, chem::vina_box_config(target.box));
    const std::string atoms = chem::receptor_pdbqt(target.receptor);
    identity.inputs.push_back({"prepared receptor", target.name, datasets::sha256(atoms),
                               static_cast<std::uint64_t>(atoms.size())});
  }
  return identity;
}

void declare_hand_out(CLI::App& app, HandOutOptions& o) {
  const std::string heading = "Docking on a cluster";
  app.add_flag("--hand_out", o.hand_out,
               "docking is left to other processes: tasks and a Slurm array for each round; the results are "
               "the same bytes")
      ->group(heading);
  app.add_option("--tasks", o.tasks, "of a round, at most: elements of the array")
      ->check(CLI::Range(1, 1000))
      ->type_name("N")
      ->capture_default_str()
      ->group(heading);
  app.add_flag("--now", o.now, "give the array to sbatch; otherwise its script is only written")
      ->group(heading);
  app.add_flag("--wait", o.wait,
               "wait for the tasks; otherwise the campaign stops with exit code 75 and takes "
               "their rows when it is continued")
      ->group(heading);
  app.add_option("--poll", o.poll, "seconds between two looks for finished tasks")
      ->check(CLI::Range(0.1, 3600.0))
      ->type_name("S")
      ->capture_default_str()
      ->group(heading);
  declare_slurm_array(app, o.array, heading);
}

void check_hand_out(const HandOutOptions& o) {
  if (o.hand_out) return;
  for (const auto& [given, name] : {std::pair{o.now, "--now"}, std::pair{o.wait, "--wait"}})
    if (given) throw UsageError(fmt::format("{} is for docking that is handed out", name), "add --hand_out");
}

HandedOutDocking::HandedOutDocking(const datasets::RunFolder& folder, const CampaignFile& file,
                                   const std::vector<PreparedTarget>& targets,
                                   std::string campaign_fingerprint, HandOutOptions options, Session& session)
    : run_(folder.path()),
      tasks_(folder.tasks()),
      campaign_(std::move(campaign_fingerprint)),
      options_(std::move(options)),
      session_(session) {
  std::error_code error;
  fs::create_directories(tasks_, error);
  if (error) datasets::throw_storage_error("make the folder", tasks_, error.value());
  const std::string path = tasks_ + "/campaign.toml";
  write_file(path, campaign_toml(file, tasks_));
  options_.array.array_size = 100000;  // an element for every task
  docking_ = docking_identity(read_campaign_file(path), targets).json();
  judges_ = judge_records(file.final_judges);
}

std::string HandedOutDocking::batch_folder(int round, bool final_tier) const {
  return final_tier ? tasks_ + "/final" : fmt::format("{}/round-{:03}", tasks_, round);
}

DockingBatch HandedOutDocking::batch_of(int round, bool final_tier,
                                        const std::vector<DockingRequest>& requests) const {
  const std::string folder = batch_folder(round, final_tier);
  if (!DockingBatch::exists(folder)) {
    generative::BatchFacts facts;
    facts.campaign = campaign_;
    facts.docking = docking_;
    facts.judges = judges_;
    facts.round = round;
    facts.final_tier = final_tier;
    facts.tasks = std::min(options_.tasks, static_cast<int>(requests.size()));
    facts.requests = requests;
    DockingBatch::write(folder, facts);
  }
  DockingBatch batch(folder);
  const std::string remedy = fmt::format("remove the folder '{}': it is handed out anew", folder);
  if (batch.facts().campaign != campaign_)
    throw StorageError(fmt::format("'{}' is of another campaign", folder), remedy);
  if (batch.facts().docking != docking_)
    throw StorageError(fmt::format("'{}' was handed out with other settings or receptors: {}", folder,
                                   datasets::identity_differences(batch.facts().docking, docking_)),
                       remedy);
  std::set<generative::CandidateId> there;
  for (const DockingRequest& request : batch.facts().requests) there.insert(request.id);
  for (const DockingRequest& request : requests)
    if (there.count(request.id) == 0)
      throw StorageError(
          fmt::format("'{}' is of other molecules: {} is not among them", folder, request.smiles), remedy);
  return batch;
}

void HandedOutDocking::hand_out(const DockingBatch& batch, const std::vector<int>& tasks) {
  const std::string folder = fs::absolute(batch.folder()).lexically_normal().string();
  auto& terminal = session_.terminal();
  terminal.note(fmt::format("tasks     {}: {} molecules, {} of {} tasks are not finished", batch.text(),
                            batch.facts().requests.size(), tasks.size(), batch.facts().tasks));
  const SlurmSubmission submission(job_path(batch.folder()));
  if (options_.now) {
    std::optional<SlurmSubmission::Job> gone;
    if (const auto job = submission.waiting_or_running(&gone)) {
      job_ = job->number;
      return terminal.note(fmt::format("slurm     job {} waits or runs", job_));
    }
    if (gone)
      terminal.note(fmt::format("slurm     job {} is no longer in the queue: what it left is handed in again",
                                gone->number));
  }
  SlurmArrayOptions options = options_.array;
  if (options.name.empty())
    options.name = fmt::format("{}-{}", fs::path(fs::absolute(run_).lexically_normal()).filename().string(),
                               fs::path(folder).filename().string());
  SlurmArray array;
  array.title =
      fmt::format("Docking of {} in {}. Made by theriac campaign --hand_out.", batch.text(), folder);
  array.folder = folder;
  array.command = fmt::format("campaign dock {} --task", shell_quoted(folder));
  array.parts = tasks;
  const std::string path = batch.folder() + "/array.sbatch";
  if (!options_.now) {
    write_file(path, slurm_array_script(options, array));
    return terminal.note(fmt::format("slurm     sbatch {}", path));
  }
  const std::string said = submission.hand_in(options, array, path);
  job_ = slurm_job_number(said);
  terminal.note(fmt::format("slurm     {}", said));
}

/// A job that is gone and left tasks unfinished will not finish them: waiting longer would be in vain.
void HandedOutDocking::check_queue(const DockingBatch& batch) {
  if (!options_.now || job_.empty() || slurm_queue(job_) != SlurmQueue::gone) return;
  pause(options_.poll);  // its last files may take a while to be seen from here
  const auto left = batch.unfinished();
  if (left.empty() || session_.stop().stop_requested()) return;
  throw StorageError(fmt::format("tasks {} of {} are not finished, and job {} is no longer in the queue",
                                 number_ranges(left), batch.text(), job_),
                     fmt::format("'{}/slurm-{}.log' may say why; the same command hands them in again",
                                 batch.folder(), left.front()));
}

void HandedOutDocking::pause(double seconds) const {
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  while (Clock::now() < end && !session_.stop().stop_requested())
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

void HandedOutDocking::dock(int round, bool final_tier, const std::vector<DockingRequest>& requests,
                            const std::function<void(std::vector<generative::DockedCandidate>)>& take) {
  const DockingBatch batch = batch_of(round, final_tier, requests);
  std::set<generative::CandidateId> open;
  for (const DockingRequest& request : requests) open.insert(request.id);
  std::vector<char> seen(static_cast<std::size_t>(batch.facts().tasks), 0);
  const auto take_finished = [&] {
    for (int task = 0; task < batch.facts().tasks; ++task) {
      if (seen[static_cast<std::size_t>(task)] || !batch.finished(task)) continue;
      seen[static_cast<std::size_t>(task)] = 1;
      std::vector<generative::DockedCandidate> fresh;
      for (auto& row : batch.rows(task))
        if (open.erase({row.round, row.index}) > 0) fresh.push_back(std::move(row));
      if (!fresh.empty()) take(std::move(fresh));
    }
  };
  job_.clear();
  take_finished();
  if (open.empty()) return;
  hand_out(batch, batch.unfinished());
  for (int look = 1; options_.wait && !open.empty() && !session_.stop().stop_requested(); ++look) {
    pause(options_.poll);
    take_finished();
    if (!open.empty() && look % looks_per_query == 0) check_queue(batch);
  }
  if (!open.empty()) waiting_ = {batch.folder(), batch.facts().tasks, batch.unfinished()};
}

void HandedOutDocking::taken(int round, bool final_tier) {
  waiting_ = {};
  std::error_code ignored;  // a file of it may be open on a shared disk; it goes with the campaign's end
  fs::remove_all(batch_folder(round, final_tier), ignored);
}

}  // namespace theriac::cli
