// theriac campaign: a design campaign from one TOML file.
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "chem/data_file.hpp"
#include "chem/error.hpp"
#include "cli/campaign_docking.hpp"
#include "cli/campaign_run.hpp"
#include "cli/command.hpp"
#include "cli/duration.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "datasets/durable_file.hpp"
#include "generative/docking_tier.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;
using generative::CampaignProgress;

struct CampaignOptions {
  std::string file, out;
  bool init = false, example = false;
  int top = 10;
  HandOutOptions docking;
};

double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         1e-6 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

int write_example(const CampaignOptions& options, Session& session) {
  if (options.file.empty()) {
    std::fputs(campaign_file_example().c_str(), stdout);
    return exit_done;
  }
  if (fs::exists(options.file))
    throw UsageError(fmt::format("'{}' exists already", options.file),
                     "--init never overwrites; give another name");
  datasets::DurableFile out(options.file);
  out.write(campaign_file_example());
  out.publish();
  session.terminal().note(
      fmt::format("wrote     {}: edit [target] and [[objective]], then theriac campaign --dry-run {}",
                  options.file, options.file));
  return exit_done;
}

/// The command line wins over the file; the file over defaults.
void settle(CampaignFile& file, const CampaignOptions& options, Session& session) {
  const auto given = [&](const char* name) {
    const auto found = session.origins.find(name);
    return found != session.origins.end() && found->second != "default";
  };
  if (given("seed")) {
    file.settings.seed = session.seed();
    file.settings.evolution.seed = file.settings.docking.options.seed = file.settings.seed;
  }
  bool again = false;
  if (!given("cpu") && file.cpu) {
    session.options.cpu = *file.cpu;
    again = true;
  }
  if (!given("max-time") && !file.max_time.empty()) {
    session.options.max_time = file.max_time;
    again = true;
  }
  if (again) session.begin();
  if (!options.out.empty()) file.out = options.out;
}

void say_inputs(const CampaignInputs& inputs, Session& session) {
  for (const PreparedTarget& target : inputs.targets) {
    for (const std::string& line : target.report.summary())
      session.terminal().note(fmt::format("receptor  {}", line));
    session.terminal().note(
        fmt::format("box       center {:.1f} {:.1f} {:.1f}   size {:.1f} {:.1f} {:.1f} A   ({})",
                    target.box.center.x, target.box.center.y, target.box.center.z, target.box.size.x,
                    target.box.size.y, target.box.size.z, target.box.origin));
    for (const std::string& warning : target.warnings) session.terminal().warn("box", warning);
    for (const std::string& warning : target.report.warnings) session.terminal().warn("receptor", warning);
  }
  session.terminal().note(fmt::format(
      "start     {} molecules{}", inputs.start.size(),
      inputs.bad_records.empty() ? "" : fmt::format(", {} records left out", inputs.bad_records.size())));
  for (const std::string& record : inputs.bad_records) session.terminal().warn("start", record);
}

/// Docks a few starting molecules to say how long the whole will take.
double seconds_per_molecule(const CampaignFile& file, const CampaignInputs& inputs) {
  auto options = file.settings.docking.options;
  std::vector<generative::CampaignTarget> targets;
  for (const PreparedTarget& target : inputs.targets)
    targets.push_back({target.name,
                       std::make_shared<scoring::DockingEngine>(target.receptor, target.box, options),
                       nullptr});
  const generative::DockingTier tier(std::move(targets), file.settings.docking.ph, file.settings.seed);
  const double before = wall_seconds();
  int n = 0;
  for (std::size_t i = 0; i < inputs.start.size() && n < 3;
       i += std::max<std::size_t>(1, inputs.start.size() / 3), ++n)
    tier.docked(tier.prepared(inputs.start[i].smiles()), false);
  return (wall_seconds() - before) / std::max(1, n);
}

/// What a campaign will do at most.
struct Plan {
  std::string lines;  ///< one per stage, "# ..."
  double docked = 0;  ///< molecules
  double candidates = 0;
};

Plan plan(const CampaignFile& file, const std::vector<generative::StageSettings>& stages, std::size_t start) {
  const auto& s = file.settings;
  Plan out;
  double seeds = std::ceil(s.docking.top_fraction *
                           static_cast<double>(std::min(start, static_cast<std::size_t>(s.per_round))));
  std::string origin = fmt::format("start: {:.0f} of {} molecules", seeds, start);
  for (const auto& stage : stages) {
    const double share = std::ceil(s.docking.top_fraction * stage.per_round);
    const std::string title = stage.name.empty() ? "rounds    " : fmt::format("stage      {}:", stage.name);
    out.lines += fmt::format("# {} {}{} of {} candidates, ", title, stage.rounds,
                             stage.name.empty() ? "" : " rounds", stage.per_round);
    if (stage.docking) {
      double docked = seeds + share * stage.rounds;
      if (stage.max_docked > 0) docked = std::min(docked, static_cast<double>(stage.max_docked));
      out.docked += docked;
      out.lines += fmt::format("the best {:.0f} of each docked; {}\n", share, origin);
    } else {
      out.lines +=
          fmt::format("none docked; start: {} molecules\n",
                      &stage == &stages.front() ? fmt::format("{}", start) : fmt::format("{:.0f}", seeds));
    }
    out.candidates += static_cast<double>(stage.rounds) * stage.per_round;
    seeds = stage.carry;
    origin = fmt::format("start: the best {} of the stage before", stage.carry);
  }
  out.docked = std::min(out.docked, static_cast<double>(s.stop.max_docked));
  return out;
}

int dry_run(const CampaignFile& file, const CampaignInputs& inputs, Session& session) {
  const auto& s = file.settings;
  const auto campaign = make_campaign(file, inputs);  // refuses what cannot work
  const double each = seconds_per_molecule(file, inputs);
  const Plan steps = plan(file, campaign.stages(), inputs.start.size());
  const double final_cost =
      s.docking.final_exhaustiveness > 0
          ? s.docking.final_top * s.docking.final_exhaustiveness / s.docking.options.exhaustiveness
          : 0;
  struct statvfs disk {};
  const fs::path parent = fs::absolute(file.out).parent_path();
  const bool known = statvfs(parent.c_str(), &disk) == 0;
  std::string text = campaign_toml(file, fs::absolute(file.path).parent_path().string());
  text += fmt::format(
      "\n# plan\n# out        {}\n{}"
      "# docking    at most {:.0f} molecules, {:.2f} s each on {} threads here\n# time       at most about "
      "{} (and less with stop rules)\n"
      "# disk       about {:.0f} MB, {}\n",
      file.out, steps.lines, steps.docked, each, session.threads(),
      duration_text(each * (steps.docked + final_cost)), 1 + steps.docked * 0.003 + steps.candidates * 0.0008,
      known ? fmt::format("{:.1f} GB free",
                          static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize) / 1e9)
            : "the folder of 'out' does not exist");
  std::fputs(text.c_str(), stdout);
  if (!known)
    throw StorageError(fmt::format("folder not found: '{}' (out)", parent.string()), "make it first");
  return exit_done;
}

std::string progress_note(const CampaignProgress& p) {
  if (p.stage == CampaignProgress::Stage::reference) return "redocking the reference";
  const std::string best =
      p.best_name.empty() ? std::string() : fmt::format(", best {:.3f} {}", p.best_total, p.best_name);
  if (p.stage == CampaignProgress::Stage::final_tier)
    return fmt::format("final docking {}/{}{}", p.docked, p.to_dock, best);
  const std::string stage = p.stage_name.empty() ? std::string() : p.stage_name + ": ";
  const std::string docked = p.to_dock > 0 ? fmt::format(", {}/{}", p.docked, p.to_dock) : std::string();
  return fmt::format("{}round {}/{}{}{}", stage, p.round, p.rounds, docked, best);
}

std::string busy_text(double wall, double processor, int threads) {
  return fmt::format("{:.0f} % of {} threads busy", 100 * processor / (wall * threads), threads);
}

void say_stages(const generative::CampaignResult& result, Session& session) {
  for (const auto& stage : result.stages)
    if (!stage.name.empty())
      session.terminal().note(fmt::format(
          "stage     {}: rounds {} to {}, {}, best {:.3f}, {}", stage.name, stage.first_round,
          stage.last_round,
          stage.docked > 0 ? fmt::format("{} docked", stage.docked) : fmt::format("{} scored", stage.scored),
          stage.best_total, stage.ending));
}

void say_front(const generative::CampaignResult& result, std::size_t objectives, Session& session) {
  if (objectives < 2 || result.rounds.empty()) return;
  const auto& first = result.rounds[static_cast<std::size_t>(result.stages.back().first_round)];
  const auto count = std::count(result.fronts.begin(), result.fronts.end(), 1);
  std::string text = fmt::format("front     {} molecule{} that no other beats in every objective", count,
                                 count == 1 ? "" : "s");
  if (std::isfinite(result.rounds.back().hypervolume))
    text += fmt::format("; hypervolume {:.3f}, at first {:.3f}", result.rounds.back().hypervolume,
                        first.hypervolume);
  session.terminal().note(text);
}

int finish(datasets::RunFolder& folder, const generative::CampaignResult& result,
           const CampaignOptions& options, Session& session) {
  if (!session.options.json) {
    std::fputs((gain_table(result) + "\n" + best_table(result, options.top)).c_str(), stdout);
    std::fflush(stdout);
  } else {
    std::fputs(datasets::read_file(folder.file("summary.json")).c_str(), stdout);
  }
  std::int64_t failed = 0, tried = 0;
  for (const auto& row : result.rows) {
    failed += row.status == generative::CandidateStatus::failed;
    tried += row.status == generative::CandidateStatus::failed ||
             row.status == generative::CandidateStatus::docked;
  }
  session.terminal().note(fmt::format("report    {}   poses  {}   table  {}", folder.file("report.html"),
                                      folder.file("poses.sdf.gz"), folder.file("results.csv")));
  return session.exit_code({tried, failed});
}

/// The docking is in other hands: how to go on.
int say_waiting(const HandedOutDocking::Waiting& waiting, Session& session) {
  session.terminal().note(
      fmt::format("waiting   for {} of {} tasks in '{}': when they are finished, the same command takes "
                  "their rows and goes on",
                  waiting.unfinished.size(), waiting.tasks, waiting.folder));
  return print_result(
      session, "campaign",
      {{"waiting_for", waiting.folder}, {"tasks", waiting.tasks}, {"unfinished", waiting.unfinished}},
      exit_stopped);
}

int compute(const CampaignFile& file, const CampaignInputs& inputs, const CampaignOptions& options,
            Session& session) {
  const auto identity = campaign_identity(file, inputs);
  datasets::RunFolder folder(file.out, identity, session.options.overwrite);
  if (folder.finished()) {
    session.terminal().note(
        fmt::format("{} is finished already: same file, inputs, seed and version", file.out));
    if (session.options.json) std::fputs(datasets::read_file(folder.file("summary.json")).c_str(), stdout);
    return exit_done;
  }
  if (folder.resumed())
    session.terminal().note(
        fmt::format("{} was stopped; file, inputs, seed and version are the same: continuing", file.out));
  const double wall = wall_seconds(), processor = processor_seconds();
  auto campaign = make_campaign(file, inputs);
  std::shared_ptr<HandedOutDocking> elsewhere;
  if (options.docking.hand_out) {
    elsewhere = std::make_shared<HandedOutDocking>(folder, file, inputs.targets, identity.fingerprint(),
                                                   options.docking, session);
    campaign.dock_elsewhere(elsewhere);
  }
  ProgressState state;
  state.label = "campaign";
  state.unit = "mol";
  auto progress = session.progress(state);
  const auto result = campaign.run(folder.journal(), session.stop(), [&](const CampaignProgress& p) {
    if (!p.remark.empty())
      return session.terminal().note(fmt::format("proposer  round {}: {}", p.round, p.remark));
    progress->update(p.total_docked, p.failed, progress_note(p));
  });
  progress->finish();
  if (result.waiting && !session.stop().stop_requested()) return say_waiting(elsewhere->waiting(), session);
  if (result.stopped) {
    session.terminal().note(result.ending);
    return session.exit_code({0, 0});
  }
  publish_campaign_run(folder, file, inputs, campaign, result, identity);
  const double seconds = wall_seconds() - wall;
  const std::string busy = busy_text(seconds, processor_seconds() - processor, session.threads());
  auto provenance = session.provenance();
  provenance.notes.emplace_back("cores", busy);
  provenance.notes.emplace_back("ending", result.ending);
  folder.finish(provenance);
  session.terminal().note(fmt::format("campaign  {} in {}, {}", result.ending, duration_text(seconds), busy));
  if (result.reference)
    session.terminal().note(fmt::format("reference {} redocked at {:.2f} A, {:.2f} kcal/mol",
                                        result.reference->name, result.reference->rmsd,
                                        result.reference->affinity));
  say_stages(result, session);
  say_front(result, campaign.compared_objectives(), session);
  return finish(folder, result, options, session);
}

int run(const CampaignOptions& options, Session& session) {
  if (options.init) return write_example(options, session);
  check_hand_out(options.docking);
  if (options.file.empty() && !options.example)
    throw UsageError("which campaign?",
                     "give a TOML file, --example for the one that ships, or --init for a commented start");
  if (!options.file.empty() && options.example)
    throw UsageError("both a file and --example are given", "one of them");
  CampaignFile file =
      read_campaign_file(options.example ? chem::data_file("examples/campaign.toml") : options.file);
  settle(file, options, session);
  const CampaignInputs inputs = read_campaign_inputs(file);
  say_inputs(inputs, session);
  return session.options.dry_run ? dry_run(file, inputs, session) : compute(file, inputs, options, session);
}

}  // namespace

Command campaign_command() {
  Command command;
  command.name = "campaign";
  command.group = "Ideas";
  command.summary = "design molecules: propose, filter, score, dock, learn, from one TOML file";
  command.examples = {"theriac campaign --init abl1.toml", "theriac campaign --dry-run abl1.toml",
                      "theriac campaign abl1.toml", "theriac campaign --example -o demo",
                      "theriac campaign abl1.toml --hand_out --now --wait --slurm partition=short"};
  command.citation =
      "J. H. Jensen, Chem. Sci. 10, 3567 (2019); O. Trott, A. J. Olson, J. Comput. Chem. 31, 455 (2010)";
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto options = std::make_shared<CampaignOptions>();
    app.add_option("file", options->file, "campaign file; --init explains every key")->type_name("FILE.toml");
    app.add_option("-o,--out", options->out,
                   "run folder; wins over 'out' in the file; same file + same folder = resume")
        ->type_name("FOLDER");
    app.add_flag("--init", options->init, "write the commented example to FILE.toml, or to stdout");
    app.add_flag("--example", options->example,
                 "run the campaign that ships with Theriac: CDK2, about two minutes on two cores");
    app.add_option("--top", options->top, "molecules printed at the end")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    declare_hand_out(app, options->docking);
    add_run_options(app, session);
    add_output_options(app, session);
    return [options, &session] { return run(*options, session); };
  };
  command.parts = {campaign_dock_command(), campaign_status_command()};
  return command;
}

}  // namespace theriac::cli
