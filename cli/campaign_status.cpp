// theriac campaign status: how far a campaign is, from the files of its run folder alone.
#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/campaign_docking.hpp"
#include "cli/command.hpp"
#include "cli/number_ranges.hpp"
#include "cli/result_object.hpp"
#include "cli/run_standing.hpp"
#include "cli/session.hpp"
#include "cli/text_table.hpp"

namespace theriac::cli {
namespace {

using generative::BestStanding;
using Json = nlohmann::ordered_json;

constexpr std::size_t rounds_printed = 20;

std::string fixed(double value, int decimals) {
  return std::isfinite(value) ? fmt::format("{:.{}f}", value, decimals) : std::string("-");
}

std::string tasks_text(const BatchStanding& b) {
  std::string text = fmt::format("{}: {} of {} finished", b.text, b.finished.size(), b.tasks());
  const auto add = [&](const std::vector<int>& tasks, const char* state) {
    if (!tasks.empty()) text += fmt::format(", {} {} ({})", tasks.size(), state, number_ranges(tasks));
  };
  const auto left = b.left();
  add(b.running, "running");
  if (left.empty()) {
    add(b.stopped, "stopped");
    add(b.waiting, "waiting");
  } else {
    add(left, "left undone");
  }
  text += fmt::format("; {} of {} molecules", b.done, b.molecules);
  if (b.failed > 0) text += fmt::format(", {} failed", b.failed);
  if (!b.job.empty())
    text += fmt::format("; job {} {}", b.job,
                        b.queue == SlurmQueue::there  ? "waits or runs"
                        : b.queue == SlurmQueue::gone ? "is gone"
                                                      : "(squeue does not answer)");
  return text;
}

/// Which round is in hand; the next may be proposed already.
std::string round_text(const RunStanding& s) {
  const auto& rounds = s.rounds.rounds;
  const auto open = s.rounds.open_round();
  const auto& now = open ? rounds[*open] : rounds.back();
  std::string text = fmt::format("round      {}", now.round);
  if (s.rounds_planned > 0) text += fmt::format(" of {}", s.rounds_planned);
  if (!now.stage.empty()) text += fmt::format(", stage {}", now.stage);
  text += open ? ", being docked" : ", done";
  if (rounds.back().round > now.round) text += fmt::format("; round {} is proposed", rounds.back().round);
  return text + "\n";
}

void print(const RunStanding& s) {
  const auto& r = s.rounds;
  std::string text = fmt::format("campaign   {}: {}{}\n", s.name, name(s.state),
                                 s.ending.empty() ? "" : fmt::format(", {}", s.ending));
  if (!r.rounds.empty()) text += round_text(s);
  text += fmt::format("docked     {} molecules, {} failed{}\n", r.docked, r.failed,
                      r.final_docked > 0 ? fmt::format("; {} again with more effort", r.final_docked) : "");
  if (!r.best.name.empty())
    text += fmt::format("best       {}  {}  {} kcal/mol  {}\n", fixed(r.best.total, 3), r.best.name,
                        fixed(r.best.affinity, 2), r.best.smiles);
  if (s.batch) text += fmt::format("tasks      {}\n", tasks_text(*s.batch));
  if (s.journal_cut) text += "journal    its last block is not whole: it is being written, or was cut off\n";
  text += fmt::format("next       {}\n", next_step(s));
  std::fputs(text.c_str(), stdout);
  if (r.rounds.empty()) return;
  const bool staged = !r.rounds.back().stage.empty();
  std::vector<TextColumn> columns{{"round", true}};
  if (staged) columns.push_back({"stage"});
  for (const char* title :
       {"candidates", "filtered", "to dock", "docked", "failed", "best total", "kcal/mol"})
    columns.push_back({title, true});
  std::vector<std::vector<std::string>> rows;
  const std::size_t first = r.rounds.size() > rounds_printed ? r.rounds.size() - rounds_printed : 0;
  for (std::size_t i = first; i < r.rounds.size(); ++i) {
    const auto& round = r.rounds[i];
    std::vector<std::string> row{std::to_string(round.round)};
    if (staged) row.push_back(round.stage);
    for (const int count : {round.candidates, round.filtered, round.to_dock, round.docked, round.failed})
      row.push_back(std::to_string(count));
    row.push_back(fixed(round.best.total, 3));
    row.push_back(fixed(round.best.affinity, 2));
    rows.push_back(std::move(row));
  }
  std::fputs(text_table(columns, rows).c_str(), stdout);
  if (first > 0) std::printf("      the first %zu: --json lists all\n", first);
}

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json best_json(const BestStanding& best) {
  return {{"total", number(best.total)},
          {"kcal_mol", number(best.affinity)},
          {"name", best.name},
          {"smiles", best.smiles}};
}

Json batch_json(const BatchStanding& b) {
  const char* queue = b.job.empty()                  ? ""
                      : b.queue == SlurmQueue::there ? "there"
                      : b.queue == SlurmQueue::gone  ? "gone"
                                                     : "unknown";
  return {{"folder", b.folder},     {"of", b.text},         {"tasks", b.tasks()},
          {"finished", b.finished}, {"running", b.running}, {"stopped", b.stopped},
          {"waiting", b.waiting},   {"left", b.left()},     {"molecules", b.molecules},
          {"done", b.done},         {"failed", b.failed},   {"holders", b.holders},
          {"job", b.job},           {"job_in_queue", queue}};
}

int status(const std::string& folder, Session& session) {
  const RunStanding s = read_run_standing(folder);
  if (!session.options.json) print(s);
  Json rounds = Json::array();
  for (const auto& round : s.rounds.rounds)
    rounds.push_back({{"round", round.round},
                      {"stage", round.stage},
                      {"candidates", round.candidates},
                      {"filtered", round.filtered},
                      {"to_dock", round.to_dock},
                      {"docked", round.docked},
                      {"failed", round.failed},
                      {"best_total", number(round.best.total)},
                      {"best_kcal_mol", number(round.best.affinity)}});
  return print_result(session, "campaign status",
                      {{"folder", s.folder},
                       {"name", s.name},
                       {"state", name(s.state)},
                       {"ending", s.ending},
                       {"docked", s.rounds.docked},
                       {"failed", s.rounds.failed},
                       {"final_docked", s.rounds.final_docked},
                       {"best", s.rounds.best.name.empty() ? Json(nullptr) : best_json(s.rounds.best)},
                       {"tasks", s.batch ? batch_json(*s.batch) : Json(nullptr)},
                       {"next", next_step(s)},
                       {"rounds", rounds}},
                      s.state == RunStanding::State::finished ? exit_done : exit_stopped);
}

}  // namespace

Command campaign_status_command() {
  Command command;
  command.name = "campaign status";
  command.summary =
      "how far a campaign is: rounds, tasks, the best so far, what comes next; exit code 0 when it is "
      "finished, else 75";
  command.examples = {"theriac campaign status abl1", "theriac campaign status abl1 --json"};
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto folder = std::make_shared<std::string>();
    app.add_option("folder", *folder, "run folder of the campaign")->required()->type_name("DIR");
    add_output_options(app, session);
    return [folder, &session] { return status(*folder, session); };
  };
  return command;
}

}  // namespace theriac::cli
