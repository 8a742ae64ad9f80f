#include "cli/bench_completion.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>
#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "cli/association_set.hpp"
#include "cli/bench_conditions.hpp"
#include "cli/growing_table.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "datasets/durable_file.hpp"
#include "repurpose/association_baselines.hpp"
#include "repurpose/completion_consensus.hpp"
#include "scoring/bootstrap.hpp"
#include "scoring/property_metrics.hpp"

namespace theriac::cli {
namespace {

using repurpose::AssociationData;
using repurpose::RealMatrix;

const std::vector<std::string>& columns() {
  static const std::vector<std::string> names = {"set",   "left_out",          "repeat",  "fold",  "method",
                                                 "auroc", "average_precision", "seconds", "choice"};
  return names;
}

const char* name_of(LeftOut left_out) {
  return left_out == LeftOut::pairs ? "pairs" : "drugs";
}

/// Processor time of this thread: a fold uses no other.
double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

template <class T>
void shuffle(std::vector<T>& items, chem::CounterRandom& random) {
  for (std::size_t i = items.size(); i > 1; --i)
    std::swap(items[i - 1], items[random.below(static_cast<std::uint32_t>(i))]);
}

/// The training tables of one fold and the pairs that it is measured on.
struct FoldTask {
  AssociationData training;
  std::vector<std::size_t> candidates;
  std::vector<double> truth;  ///< 1: removed association, 0: not known

  FoldTask(const AssociationData& data, const std::vector<int>& fold_of, int fold, LeftOut left_out)
      : training(data) {
    std::vector<bool> held_drug(data.drugs(), left_out == LeftOut::pairs);
    for (std::size_t cell = 0; cell < fold_of.size(); ++cell)
      if (fold_of[cell] == fold) {
        training.associations.values[cell] = 0;
        held_drug[cell / data.diseases()] = true;
      }
    for (std::size_t cell = 0; cell < fold_of.size(); ++cell)
      if (held_drug[cell / data.diseases()] && training.associations.values[cell] == 0) {
        candidates.push_back(cell);
        truth.push_back(fold_of[cell] == fold);
      }
  }

  CompletionFigures measured(const std::string& method, const RealMatrix& scores, double seconds) const {
    std::vector<double> predicted;
    for (const std::size_t cell : candidates) predicted.push_back(scores.values[cell]);
    return {method, scoring::property_metric(scoring::PropertyMetric::auroc, truth, predicted),
            scoring::property_metric(scoring::PropertyMetric::average_precision, truth, predicted), seconds,
            ""};
  }
};

RealMatrix random_scores(const AssociationData& data, std::uint64_t seed) {
  chem::CounterRandom random(seed, "", "random scores");
  RealMatrix out(data.drugs(), data.diseases());
  for (double& value : out.values) value = random.uniform();
  return out;
}

/// Runs methods on one fold; what two methods share is computed once and timed for both.
class FoldRun {
 public:
  FoldRun(const FoldTask& task, std::uint64_t seed) : task_(task), seed_(seed) {}

  CompletionFigures operator()(const std::string& method) {
    const double start = thread_seconds();
    const auto done = [&](const RealMatrix& scores) {
      return task_.measured(method, scores, thread_seconds() - start);
    };
    if (method == "random") return done(random_scores(task_.training, seed_));
    if (method == "popularity") return done(repurpose::degree_product(task_.training.associations));
    if (method == "neighbours") return done(repurpose::neighbour_votes(task_.training));
    if (method == "bnnr") return done(repurpose::complete_matrix(task_.training).scores);
    if (method != "kernel") low_rank();
    if (method == "bnnr-short") return task_.measured(method, *low_rank_, low_rank_seconds_);
    kernel();
    if (method == "kernel") return chosen(task_.measured(method, *kernel_, kernel_seconds_));
    const double joining = thread_seconds();
    const auto joined = repurpose::rank_product({&*kernel_, &*low_rank_}, task_.training.associations);
    return chosen(
        task_.measured(method, joined, kernel_seconds_ + low_rank_seconds_ + thread_seconds() - joining));
  }

 private:
  void kernel() {
    if (kernel_) return;
    const double start = thread_seconds();
    choice_ = repurpose::choose_kernel(task_.training, seed_);
    kernel_ = repurpose::KernelCompletion(task_.training, choice_.kernel).scores(choice_.fit);
    kernel_seconds_ = thread_seconds() - start;
  }

  void low_rank() {
    if (low_rank_) return;
    const double start = thread_seconds();
    low_rank_ = repurpose::complete_matrix(task_.training, repurpose::short_completion()).scores;
    low_rank_seconds_ = thread_seconds() - start;
  }

  CompletionFigures chosen(CompletionFigures figures) const {
    figures.choice =
        fmt::format("newcomer_lift {} ridge {} inferred {} inner_auroc {:.4f}", choice_.kernel.newcomer_lift,
                    choice_.fit.ridge, choice_.fit.inferred_share, choice_.auroc);
    return figures;
  }

  const FoldTask& task_;
  std::uint64_t seed_;
  repurpose::KernelChoice choice_;
  std::optional<RealMatrix> kernel_, low_rank_;
  double kernel_seconds_ = 0, low_rank_seconds_ = 0;
};

template <class Known>
std::vector<std::string> chosen_names(const std::vector<std::string>& asked, const Known& known,
                                      const char* what) {
  for (const auto& name : asked)
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      const auto near = chem::nearest_name(name, known);
      throw UsageError(fmt::format("unknown {} '{}'{}", what, name,
                                   near.empty() ? "" : fmt::format(", did you mean '{}'?", near)),
                       fmt::format("known: {}", fmt::join(known, ", ")));
    }
  return asked.empty() ? known : asked;
}

std::string mean_and_spread(const std::vector<double>& values, int decimals) {
  const double mean = scoring::mean(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  if (values.size() < 2) return fmt::format("{:.{}f}", mean, decimals);
  return fmt::format("{:.{}f} ± {:.{}f}", mean, decimals,
                     std::sqrt(squares / static_cast<double>(values.size() - 1)), decimals);
}

/// Per repeat the mean over its folds, in the order of the repeats.
std::vector<double> repeat_means(const std::map<int, std::vector<double>>& by_repeat) {
  std::vector<double> out;
  for (const auto& [repeat, values] : by_repeat) out.push_back(scoring::mean(values));
  return out;
}

struct MethodFigures {
  std::map<int, std::vector<double>> auroc, precision;
  std::vector<double> all_auroc, all_precision, seconds;
};

std::string report(const std::vector<std::vector<std::string>>& rows, const std::vector<std::string>& sets,
                   const std::vector<std::string>& methods, LeftOut left_out,
                   const BenchConditions& conditions) {
  std::map<std::pair<std::string, std::string>, MethodFigures> figures;
  for (const auto& row : rows) {
    if (row[1] != name_of(left_out)) continue;
    auto& f = figures[{row[0], row[4]}];
    const int repeat = std::atoi(row[2].c_str());
    f.all_auroc.push_back(std::strtod(row[5].c_str(), nullptr));
    f.all_precision.push_back(std::strtod(row[6].c_str(), nullptr));
    f.auroc[repeat].push_back(f.all_auroc.back());
    f.precision[repeat].push_back(f.all_precision.back());
    f.seconds.push_back(std::strtod(row[7].c_str(), nullptr));
  }
  std::vector<std::vector<std::string>> table = {
      {"set", "method", "repeats x folds", "AUROC", "of repeats", "AUPR", "of repeats", "s a fold"}};
  for (const auto& set : sets)
    for (const auto& method : methods) {
      const auto found = figures.find({set, method});
      if (found == figures.end()) continue;
      const auto& f = found->second;
      table.push_back({set, method, fmt::format("{} x {}", f.auroc.size(), f.auroc.begin()->second.size()),
                       mean_and_spread(f.all_auroc, 4), mean_and_spread(repeat_means(f.auroc), 4),
                       mean_and_spread(f.all_precision, 4), mean_and_spread(repeat_means(f.precision), 4),
                       fmt::format("{:.2f}", scoring::mean(f.seconds))});
    }
  return fmt::format(
      "# Completion of drug-disease associations\n\nCross-validation leaving out {}; every pair that is not "
      "known "
      "counts as a negative. Mean ± standard deviation over all folds, and over the means of the repeats. "
      "AUPR is "
      "average precision. Seconds are processor time, with the choice of settings. {}.\n\n{}",
      left_out == LeftOut::pairs ? "known pairs" : "all associations of drugs, ranked within those drugs",
      conditions.text(), markdown_table(table, 2));
}

struct Job {
  std::string set;
  int repeat = 0, fold = 0;
  std::vector<std::string> methods;
};

/// What `table` does not hold yet, of one set.
std::vector<Job> missing_jobs(const GrowingTable& table, const std::string& set,
                              const CompletionBenchOptions& options,
                              const std::vector<std::string>& methods) {
  std::vector<Job> jobs;
  for (int repeat = 0; repeat < options.repeats; ++repeat)
    for (int fold = 0; fold < options.folds; ++fold) {
      Job job{set, repeat, fold, {}};
      for (const auto& method : methods)
        if (!table.contains(
                {set, name_of(options.left_out), std::to_string(repeat), std::to_string(fold), method}))
          job.methods.push_back(method);
      if (!job.methods.empty()) jobs.push_back(std::move(job));
    }
  return jobs;
}

std::vector<std::vector<std::string>> run_job(const Job& job, const AssociationData& data,
                                              const CompletionBenchOptions& options, std::uint64_t seed) {
  const std::uint64_t repeat_seed =
      chem::stable_hash(fmt::format("{} {} {}", seed, job.set, job.repeat)) & 0xffffffffu;
  const auto folds = association_folds(data.associations, options.folds, options.left_out, repeat_seed);
  std::vector<std::vector<std::string>> rows;
  for (const auto& f : run_completion_fold(data, folds, job.fold, options.left_out, job.methods, repeat_seed))
    rows.push_back({job.set, name_of(options.left_out), std::to_string(job.repeat), std::to_string(job.fold),
                    f.method, fmt::format("{:.6f}", f.auroc), fmt::format("{:.6f}", f.average_precision),
                    fmt::format("{:.3f}", f.seconds), f.choice});
  return rows;
}

/// As many folds at a time as there are threads; rows in the order of the folds. False when asked to stop.
bool run_jobs(const std::vector<Job>& jobs, const AssociationData& data,
              const CompletionBenchOptions& options, GrowingTable& table, Session& session) {
  const auto step = static_cast<std::size_t>(std::max(1, session.threads()));
  for (std::size_t first = 0; first < jobs.size(); first += step) {
    if (session.stop().stop_requested()) return false;
    const std::size_t count = std::min(step, jobs.size() - first);
    std::vector<std::vector<std::vector<std::string>>> rows(count);
    tbb::parallel_for(std::size_t{0}, count, [&](std::size_t k) {
      rows[k] = run_job(jobs[first + k], data, options, session.seed());
    });
    for (const auto& fold : rows) {
      table.append(fold);
      const auto& last = fold.back();
      session.terminal().note(fmt::format("{:9} repeat {} fold {}  {} AUROC {:.4f} AUPR {:.4f}", last[0],
                                          last[2], last[3], last[4], std::strtod(last[5].c_str(), nullptr),
                                          std::strtod(last[6].c_str(), nullptr)));
    }
  }
  return true;
}

}  // namespace

std::vector<std::string> completion_methods() {
  return {"random", "popularity", "neighbours", "bnnr", "bnnr-short", "kernel", "consensus"};
}

std::vector<int> association_folds(const RealMatrix& associations, int folds, LeftOut left_out,
                                   std::uint64_t seed) {
  chem::CounterRandom random(seed, "", "association folds");
  std::vector<std::size_t> known;
  std::set<std::size_t> drugs;
  for (std::size_t cell = 0; cell < associations.values.size(); ++cell)
    if (associations.values[cell] > 0) {
      known.push_back(cell);
      drugs.insert(cell / associations.columns);
    }
  const std::size_t items = left_out == LeftOut::pairs ? known.size() : drugs.size();
  if (folds < 2 || static_cast<std::size_t>(folds) > items)
    throw UsageError(
        fmt::format("{} folds of {} known {}; needs 2 to {}", folds, items, name_of(left_out), items));
  std::vector<int> out(associations.values.size(), -1);
  if (left_out == LeftOut::pairs) {
    shuffle(known, random);
    for (std::size_t k = 0; k < known.size(); ++k) out[known[k]] = static_cast<int>(k % std::size_t(folds));
    return out;
  }
  std::vector<std::size_t> order(drugs.begin(), drugs.end());
  shuffle(order, random);
  std::vector<int> fold_of_drug(associations.rows, -1);
  for (std::size_t k = 0; k < order.size(); ++k)
    fold_of_drug[order[k]] = static_cast<int>(k % std::size_t(folds));
  for (const std::size_t cell : known) out[cell] = fold_of_drug[cell / associations.columns];
  return out;
}

std::vector<CompletionFigures> run_completion_fold(const AssociationData& data,
                                                   const std::vector<int>& fold_of, int fold,
                                                   LeftOut left_out, const std::vector<std::string>& methods,
                                                   std::uint64_t seed) {
  const FoldTask task(data, fold_of, fold, left_out);
  FoldRun run(task, seed);
  std::vector<CompletionFigures> out;
  for (const auto& method : methods) out.push_back(run(method));
  return out;
}

int bench_completion(const CompletionBenchOptions& options, Session& session) {
  const auto methods = chosen_names(options.methods, completion_methods(), "method");
  const auto sets = options.sets.empty() ? known_association_sets() : options.sets;
  make_folder(options.out);
  const auto conditions = bench_conditions(session);
  Settings settings = conditions.settings();
  settings.emplace_back("folds", std::to_string(options.folds));
  GrowingTable table(options.out + "/completion.csv", columns(), 5, settings, session.options.overwrite);
  for (const auto& set : sets) {
    const AssociationData data = read_association_set(options.data, set);
    const auto known = std::count(data.associations.values.begin(), data.associations.values.end(), 1.0);
    session.terminal().note(fmt::format("{:9} {} drugs, {} diseases, {} known associations", set,
                                        data.drugs(), data.diseases(), known));
    if (!run_jobs(missing_jobs(table, set, options, methods), data, options, table, session))
      return exit_stopped;
  }
  const std::string text = report(table.rows(), sets, methods, options.left_out, conditions);
  datasets::DurableFile file(options.out + "/completion.md");
  file.write(text);
  file.publish();
  session.terminal().note(fmt::format("wrote     {}/completion.csv and completion.md", options.out));
  return print_tables(session, "bench completion", text, {options.out + "/completion.csv"}, exit_done);
}

}  // namespace theriac::cli
