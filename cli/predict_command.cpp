// theriac predict: what is known and what is estimated of each molecule.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/affinity_columns.hpp"
#include "cli/command.hpp"
#include "cli/predict_options.hpp"
#include "cli/prediction_run.hpp"
#include "cli/predictors.hpp"
#include "cli/record_blocks.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "cli/text_table.hpp"
#include "scoring/device_network.hpp"

namespace theriac::cli {
namespace {

int list_columns(const Predictors& predictors) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& kind : predictors.kinds())
    rows.push_back({kind->name, kind->unit,
                    kind->direction == scoring::Direction::neutral ? "" : scoring::to_text(kind->direction),
                    kind->method});
  std::fputs(text_table({{"column", false}, {"unit", false}, {"better", false}, {"what it is", false}}, rows)
                 .c_str(),
             stdout);
  return exit_done;
}

/// What values are compared with; nothing where nobody asks.
scoring::PercentileTable comparison(const PredictOptions& options, const Predictors& predictors,
                                    Session& session) {
  if (!options.compare_with.empty())
    return compared_set(options.compare_with, predictors, options.as_drawn, session);
  if (options.write_percentiles.empty() || !options.explain.empty())
    return scoring::PercentileTable::approved_drugs();
  return {};
}

int report(const PredictOptions& options, const Predictors& predictors, const std::string& device,
           const RecordCounts& counts, double seconds, Session& session) {
  session.terminal().note(fmt::format("predicted {} of {} molecules in {:.1f} s ({:.0f} a second)",
                                      counts.total - counts.failed, counts.total, seconds,
                                      static_cast<double>(counts.total) / seconds));
  if (counts.total > 0)
    for (const std::string& path : {options.out, options.explain, options.write_percentiles})
      if (!path.empty() && path != "-") session.terminal().note(fmt::format("wrote     {}", path));
  const int code = session.exit_code(
      counts, counts.total == 0
                  ? "nothing was written; run the same command again"
                  : fmt::format("what was written holds the first {} records; --overwrite starts over",
                                counts.total));
  return print_result(session, "predict",
                      {{"records", counts.total},
                       {"failed", counts.failed},
                       {"columns", predictors.kinds().size()},
                       {"device", device},
                       {"seconds", seconds},
                       {"out", options.out},
                       {"explain", options.explain}},
                      code);
}

int predict(const PredictOptions& options, Session& session) {
  const std::string device = scoring::prediction_device(options.device);
  Predictors predictors(options.columns, options.models, device);
  if (!options.target.empty()) add_affinities(options.target, options.affinity_models, predictors, session);
  if (options.list) return list_columns(predictors);
  predictors.show_outside_domain(options.outside_domain == "value");
  check_predict_options(options, session.options.json, session.options.overwrite);
  if (!options.explain.empty()) Explainer(predictors, options.columns, options.models);  // throws early
  const LigandInput input(options.molecules);
  auto reader = input.open();
  if (options.device == "auto") session.terminal().note("device    " + device);
  if (session.options.dry_run) {
    session.terminal().note(fmt::format("plan      {} columns of {} would go to {}",
                                        predictors.kinds().size(), input.label(),
                                        options.out.empty() ? options.explain : options.out));
    return exit_done;
  }
  scoring::PercentileTable compared;
  try {
    compared = comparison(options, predictors, session);
  } catch (const StoppedEarly&) {
    return session.exit_code({}, "nothing was written; run the same command again");
  }
  predictors.compare_with(compared);
  const auto started = std::chrono::steady_clock::now();
  const RecordCounts counts = PredictionRun(options, predictors, session).through(reader, input.label());
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return report(options, predictors, device, counts, seconds, session);
}

}  // namespace

Command predict_command() {
  Command command;
  command.name = "predict";
  command.group = "Molecules and receptors";
  command.summary =
      "absorption, distribution, metabolism, excretion, toxicity, properties and alerts of molecules";
  command.examples = {"theriac predict -l library.sdf.gz -o properties.csv",
                      "theriac predict --smiles 'CC(=O)Oc1ccccc1C(=O)O aspirin' -o aspirin.csv",
                      "theriac predict -l hits.smi --columns qed,sa,muegge --layout long -o hits.h5",
                      "theriac predict -l hits.smi --compare_with our_series.smi -o hits.jsonl",
                      "theriac predict -l hits.smi --columns herg,ames --explain hits.html",
                      "theriac predict -l hits.smi --models herg,ames,my-assay.safetensors -o hits.sdf",
                      "theriac predict -l hits.smi --target kinase.fasta -o affinities.csv",
                      "theriac predict -l library.smi.gz --device auto -o library.csv"};
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto o = std::make_shared<PredictOptions>();
    declare_predict_options(app, *o);
    add_run_options(app, session, Randomness::none);
    add_output_options(app, session);
    return [o, &session] { return predict(*o, session); };
  };
  return command;
}

}  // namespace theriac::cli
