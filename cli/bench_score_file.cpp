#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_set>

#include "chem/error.hpp"
#include "chem/record_reader.hpp"
#include "cli/bench_conditions.hpp"
#include "cli/bench_goal_directed.hpp"
#include "cli/session.hpp"
#include "cli/text_table.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/results_table.hpp"
#include "scoring/guacamol.hpp"
#include "scoring/pmo.hpp"

namespace theriac::cli {
namespace {

using scoring::GoalDirectedSuite;

constexpr std::size_t block_size = 1024;

struct ScoredRecord {
  std::string name, smiles, message;
  std::vector<double> scores;
  std::string flat;                 ///< SMILES without stereochemistry
  std::vector<double> flat_scores;  ///< of the molecule without stereochemistry
};

std::optional<chem::Molecule> molecule_of(const chem::Record& record) {
  if (record.molecule) return record.molecule;
  // An empty cell is the empty SMILES, which the published programs score.
  if (record.text.empty() && chem::is_smiles_text(record.format))
    return chem::Molecule::without_atoms(record.name);
  return {};
}

/// As GuacaMol judges lists: by the flat molecule, read again.
void score_flat(const GoalDirectedSuite& suite, const chem::Molecule& molecule, ScoredRecord& out) {
  out.flat = chem::flat_smiles(molecule);
  if (out.flat == molecule.smiles()) {
    out.flat_scores = out.scores;
    return;
  }
  try {
    out.flat_scores = suite.scores(chem::Molecule::from_smiles(out.flat));
  } catch (const MoleculeError&) {
    out.flat_scores = suite.scores({});
  }
}

ScoredRecord scored(const GoalDirectedSuite& suite, const chem::RawRecord& raw) {
  const chem::Record record = chem::parse(raw);
  ScoredRecord out;
  out.name = record.name;
  out.smiles = record.smiles_in();
  const auto molecule = molecule_of(record);
  if (!molecule) {
    out.message = record.message;
    out.scores = suite.scores({});
    return out;
  }
  if (!chem::is_smiles_text(record.format)) out.smiles = molecule->smiles();
  try {
    out.scores = suite.scores(molecule);
    score_flat(suite, *molecule, out);
  } catch (const std::exception& error) {
    out.scores = suite.scores({});
    out.message = error.what();
  }
  return out;
}

std::string csv_line(const ScoredRecord& record) {
  std::string line = datasets::csv_field(record.name) + ',' + datasets::csv_field(record.smiles);
  for (const double score : record.scores) line += fmt::format(",{}", score);
  return line + (record.message.empty() ? ",ok," : ",failed,") + datasets::csv_field(record.message) + '\n';
}

std::string header_line(const GoalDirectedSuite& suite) {
  std::string line = "name,smiles";
  for (const auto& task : suite.tasks) line += ',' + task.column;
  return line + ",status,message\n";
}

/// The best scores of a list in every task, each flat molecule once.
class ListJudge {
 public:
  explicit ListJudge(const GoalDirectedSuite& suite) : suite_(suite), best_(suite.tasks.size()) {}

  void add(const ScoredRecord& record) {
    if (record.message.empty() && seen_.insert(record.flat).second)
      for (std::size_t t = 0; t < best_.size(); ++t) keep(t, record.flat_scores[t]);
  }
  std::size_t distinct() const { return seen_.size(); }
  double score(std::size_t task) const {
    if (suite_.name == "pmo") return scoring::top_mean(best_[task], 10);
    return scoring::list_score(suite_.tasks[task], best_[task]).score;
  }
  double best(std::size_t task) const { return scoring::top_mean(best_[task], 1); }

 private:
  /// A heap with the worst of the best on top.
  void keep(std::size_t task, double score) {
    const auto& counts = suite_.tasks[task].top_counts;
    auto& heap = best_[task];
    heap.push_back(score);
    std::push_heap(heap.begin(), heap.end(), std::greater<>());
    if (heap.size() <= static_cast<std::size_t>(*std::max_element(counts.begin(), counts.end()))) return;
    std::pop_heap(heap.begin(), heap.end(), std::greater<>());
    heap.pop_back();
  }

  const GoalDirectedSuite& suite_;
  std::unordered_set<std::string> seen_;  ///< only asked, never walked
  std::vector<std::vector<double>> best_;
};

/// Where the rows go: a file that appears when it is whole, or standard output.
class RowOutput {
 public:
  explicit RowOutput(const std::string& path) {
    if (!path.empty()) file_ = std::make_unique<datasets::DurableFile>(path);
  }
  void write(const std::string& text) {
    if (file_)
      file_->write(text);
    else
      std::fputs(text.c_str(), stdout);
  }
  void publish() {
    if (file_) file_->publish();
  }

 private:
  std::unique_ptr<datasets::DurableFile> file_;
};

std::string list_text(const GoalDirectedSuite& suite, const ListJudge& judge) {
  std::vector<std::vector<std::string>> rows;
  double sum = 0;
  for (std::size_t t = 0; t < suite.tasks.size(); ++t) {
    rows.push_back(
        {suite.tasks[t].name, fmt::format("{:.3f}", judge.best(t)), fmt::format("{:.3f}", judge.score(t))});
    sum += judge.score(t);
  }
  rows.push_back({"sum", "", fmt::format("{:.3f}", sum)});
  return text_table(
      {{"task"}, {"best", true}, {suite.name == "pmo" ? "mean of the best 10" : "score of the list", true}},
      rows);
}

std::string list_json(const GoalDirectedSuite& suite, const ListJudge& judge) {
  nlohmann::ordered_json json = {
      {"schema", "theriac.bench/1"}, {"benchmark", suite.name}, {"distinct", judge.distinct()}};
  for (std::size_t t = 0; t < suite.tasks.size(); ++t)
    json["tasks"].push_back(
        {{"task", suite.tasks[t].name}, {"best", judge.best(t)}, {"list_score", judge.score(t)}});
  return json.dump(2) + '\n';
}

}  // namespace

int bench_score_file(const GoalDirectedOptions& options, const std::string& file, Session& session) {
  const GoalDirectedSuite suite =
      (options.suite == "pmo" ? scoring::pmo_suite() : scoring::guacamol_suite()).with_tasks(options.tasks);
  chem::RecordReader reader({file});
  if (session.options.dry_run) return exit_done;
  RowOutput output(options.out);
  output.write(header_line(suite));
  ListJudge judge(suite);
  RecordCounts counts;
  const Stopwatch watch;
  const auto progress = session.progress({"score", "mol", 0, 0, 0, 0, ""});
  for (bool more = true; more && !session.stop().stop_requested();) {
    std::vector<chem::RawRecord> block;
    while (block.size() < block_size && more) {
      auto record = reader.next_raw();
      more = record.has_value();
      if (more) block.push_back(std::move(*record));
    }
    std::vector<ScoredRecord> rows(block.size());
    tbb::parallel_for(std::size_t{0}, block.size(),
                      [&](std::size_t i) { rows[i] = scored(suite, block[i]); });
    for (const ScoredRecord& row : rows) {
      output.write(csv_line(row));
      judge.add(row);
      ++counts.total;
      counts.failed += !row.message.empty();
    }
    progress->update(counts.total, counts.failed);
  }
  progress->finish();
  if (session.stop().stop_requested()) return session.exit_code(counts);
  output.publish();
  if (!options.out.empty())
    std::fputs((session.options.json ? list_json(suite, judge) : list_text(suite, judge)).c_str(), stdout);
  session.terminal().note(
      fmt::format("scored {} molecules ({} no molecules, {} distinct) in {} tasks, {:.0f} a second",
                  counts.total, counts.failed, judge.distinct(), suite.tasks.size(),
                  static_cast<double>(counts.total) / std::max(1e-9, watch.wall_seconds())));
  return session.exit_code(counts);
}

}  // namespace theriac::cli
