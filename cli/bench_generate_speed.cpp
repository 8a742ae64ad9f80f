#include "cli/bench_generate_speed.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <memory>

#include "chem/text_file.hpp"
#include "cli/bench_conditions.hpp"
#include "cli/growing_table.hpp"
#include "cli/model_choice.hpp"
#include "cli/molecule_source.hpp"
#include "cli/record_blocks.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "cli/text_table.hpp"
#include "generative/decoded_molecule.hpp"

namespace theriac::cli {
namespace {

/// One run. The parts are processor seconds of all threads together.
struct SpeedRun {
  std::string source;
  int threads = 1, repeat = 0;
  std::size_t molecules = 0, distinct = 0;
  double wall = 0, processor = 0, network = 0, rules = 0, smiles = 0;

  double rate() const { return static_cast<double>(molecules) / wall; }
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/// Canonical SMILES of all; returns the seconds of all threads.
double write_smiles(const generative::ActionVocabulary& vocabulary,
                    const std::vector<generative::SampledMolecule>& molecules,
                    std::vector<std::string>& out) {
  std::atomic<std::int64_t> nanoseconds{0};
  out.resize(molecules.size());
  tbb::parallel_for(tbb::blocked_range<std::size_t>(0, molecules.size(), 16), [&](const auto& range) {
    const Stopwatch watch;
    for (std::size_t i = range.begin(); i < range.end(); ++i)
      out[i] = generative::settled_smiles(vocabulary, molecules[i].state);
    nanoseconds += static_cast<std::int64_t>(1e9 * watch.wall_seconds());
  });
  return 1e-9 * static_cast<double>(nanoseconds);
}

SpeedRun one_run(const MoleculeSource& source, const generative::ActionVocabulary& vocabulary, int threads,
                 const GenerateSpeedOptions& options, int repeat, Session& session) {
  SpeedRun run;
  run.source = source.name();
  run.threads = threads;
  run.repeat = repeat;
  generative::SamplingTimes times;
  generative::SamplingOptions sampling;
  sampling.seed = session.seed();
  sampling.times = &times;
  const generative::GenerationPlan plan(vocabulary);
  std::vector<std::string> smiles;
  tbb::task_arena arena(threads);
  const Stopwatch watch;
  arena.execute([&] {
    const auto count = static_cast<std::size_t>(options.draws);
    const auto molecules =
        source.sample([&](std::uint64_t) { return plan; }, static_cast<std::uint64_t>(repeat) * count, count,
                      sampling, session.stop());
    run.smiles = write_smiles(vocabulary, molecules, smiles);
  });
  run.wall = watch.wall_seconds();
  run.processor = watch.cpu_seconds();
  run.network = times.network;
  run.rules = times.rules;
  run.molecules = smiles.size();
  std::sort(smiles.begin(), smiles.end());
  run.distinct = static_cast<std::size_t>(std::unique(smiles.begin(), smiles.end()) - smiles.begin());
  return run;
}

std::vector<std::string> table_line(const std::vector<SpeedRun>& runs) {
  std::vector<double> rates, processor;
  double network = 0, rules = 0, smiles = 0, wall = 0;
  for (const SpeedRun& run : runs) {
    rates.push_back(run.rate());
    processor.push_back(static_cast<double>(run.molecules) / run.processor);
    network += run.network;
    rules += run.rules;
    smiles += run.smiles;
    wall += run.wall * run.threads;
  }
  const auto share = [&](double part) { return fmt::format("{:.0f}", 100 * part / wall); };
  const auto [least, most] = std::minmax_element(rates.begin(), rates.end());
  return {runs.front().source,
          fmt::format("{}", runs.front().threads),
          fmt::format("{:.0f}", median(rates)),
          fmt::format("{:.0f} - {:.0f}", *least, *most),
          fmt::format("{:.0f}", median(processor)),
          share(network),
          share(rules),
          share(smiles),
          share(std::max(0.0, wall - network - rules - smiles))};
}

std::string csv(const std::vector<std::vector<SpeedRun>>& all) {
  std::string text =
      "source,threads,repeat,molecules,distinct,wall_seconds,processor_seconds,network_seconds,rules_seconds,"
      "smiles_seconds,molecules_per_second\n";
  for (const auto& runs : all)
    for (const SpeedRun& r : runs)
      text += fmt::format("{},{},{},{},{},{:.4f},{:.4f},{:.4f},{:.4f},{:.4f},{:.1f}\n", r.source, r.threads,
                          r.repeat, r.molecules, r.distinct, r.wall, r.processor, r.network, r.rules,
                          r.smiles, r.rate());
  return text;
}

}  // namespace

int bench_generate_speed(const GenerateSpeedOptions& options, Session& session) {
  const std::string folder = options.out.empty() ? "bench-generate-speed" : options.out;
  const auto conditions = bench_conditions(session);
  session.terminal().note(fmt::format("speed of the generator {}, {} runs of {} molecules; {}", options.model,
                                      options.repeats, options.draws, conditions.text()));
  if (session.options.dry_run) return exit_done;
  const auto policy_here = generator_of(options.model),
             policy_there = generator_of(options.model, options.device);
  const auto& policy = *policy_here;
  std::vector<std::unique_ptr<MoleculeSource>> sources;
  sources.push_back(network_source(policy));
  if (!policy_there->device().empty()) sources.push_back(network_source(*policy_there));
  sources.push_back(random_source());
  std::vector<int> threads = {1};
  if (session.threads() > 1) threads.push_back(session.threads());
  make_folder(folder);
  std::vector<std::vector<SpeedRun>> all;
  std::vector<std::vector<std::string>> table = {{"source", "threads", "molecules/s", "range",
                                                  "per processor second", "network %", "rules %", "SMILES %",
                                                  "rest %"}};
  try {
    for (const auto& source : sources)
      for (const int n : threads) {
        one_run(*source, policy.vocabulary(), n, options, options.repeats, session);  // warms up
        std::vector<SpeedRun> runs;
        for (int repeat = 0; repeat < options.repeats; ++repeat) {
          check_stop(session);
          runs.push_back(one_run(*source, policy.vocabulary(), n, options, repeat, session));
        }
        check_stop(session);
        table.push_back(table_line(runs));
        all.push_back(std::move(runs));
      }
  } catch (const StoppedEarly&) {
    return session.exit_code({0, 0});
  }
  const std::string head = fmt::format(
      "Medians of {} runs of {} molecules, canonical SMILES out, {} lanes a batch on the processor; {} "
      "layers of {}, {} "
      "actions, {} "
      "parameters. The parts are shares of threads times wall time; the rest is waiting.\n",
      options.repeats, options.draws, generative::sampling_lanes, policy.shape().layers,
      policy.shape().hidden, policy.vocabulary().size(), policy.parameters());
  chem::write_text_file(folder + "/speed.csv", csv(all));
  chem::write_text_file(folder + "/speed.md",
                        fmt::format("# Speed of the generator\n\n{}\nWeights `{}`; {}.\n\n", head,
                                    options.model, conditions.text()) +
                            markdown_table(table, 1));
  std::vector<TextColumn> columns;
  for (const auto& title : table.front()) columns.push_back({title, !columns.empty()});
  session.terminal().note(fmt::format("wrote     {0}/speed.csv, {0}/speed.md", folder));
  return print_tables(session, "bench generate-speed",
                      text_table(columns, {table.begin() + 1, table.end()}) + head, {folder + "/speed.csv"},
                      session.exit_code({static_cast<std::int64_t>(all.size()), 0}));
}

}  // namespace theriac::cli
