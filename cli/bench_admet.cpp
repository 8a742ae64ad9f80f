#include "cli/bench_admet.hpp"

#include <fmt/format.h>

#include <cmath>
#include <memory>

#include "chem/error.hpp"
#include "cli/admet_report.hpp"
#include "cli/admet_task.hpp"
#include "cli/growing_table.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/results_table.hpp"
#include "datasets/sha256.hpp"

namespace theriac::cli {
namespace {

using datasets::Column;
using datasets::ColumnType;

std::vector<scoring::Endpoint> chosen(const std::vector<std::string>& tasks) {
  std::vector<scoring::Endpoint> out;
  for (const std::string& name : tasks) out.push_back(scoring::known_endpoint(name));
  if (tasks.empty())
    for (const auto& endpoint : scoring::known_endpoints())
      if (endpoint.benchmarked()) out.push_back(endpoint);
  return out;
}

void write_predictions(const std::string& path, const std::vector<AdmetPrediction>& rows) {
  const auto real = [](const char* name) { return Column{name, ColumnType::float64, "", "", 6, {}}; };
  datasets::CsvTable table(path, {{"smiles", ColumnType::text, "", "", -1, {}},
                                  real("observed"),
                                  real("predicted"),
                                  real("low"),
                                  real("high"),
                                  {"set", ColumnType::text, "", "", -1, {}},
                                  real("similarity"),
                                  real("random_forest"),
                                  real("nearest_neighbour")});
  const auto cell = [](double value) {
    return std::isfinite(value) ? datasets::Cell{value} : datasets::Cell{};
  };
  for (const auto& row : rows)
    table.append({row.smiles, cell(row.observed), cell(row.predicted), cell(row.low), cell(row.high),
                  row.classes, cell(row.similarity), cell(row.forest), cell(row.neighbour)});
  table.publish();
}

void run_task(const scoring::Endpoint& endpoint, const AdmetBenchOptions& options, const NetworkRun* network,
              GrowingTable& table, Session& session) {
  scoring::MoleculeLibrary library;
  const auto data = read_endpoint_data(options.data, endpoint, session.seed(), library);
  AdmetTaskOptions task;
  task.seeds = options.seeds;
  task.trees = options.trees;
  task.seed = session.seed();
  task.network = network;
  std::vector<AdmetPrediction> predictions;
  const auto result = run_admet_task(endpoint, data, library, task, predictions);
  write_predictions(fmt::format("{}/predictions/{}.csv", options.out, endpoint.name), predictions);
  table.append({admet_cells(result)});
  session.terminal().note(admet_line(endpoint, result));
}

}  // namespace

int bench_admet(const AdmetBenchOptions& options, Session& session) {
  const auto endpoints = chosen(options.tasks);
  if (options.seeds < 2) throw UsageError("--seeds needs at least 2: one model has no spread");
  make_folder(options.out + "/predictions");
  std::unique_ptr<const NetworkRun> network;
  if (!options.network.empty()) network = std::make_unique<NetworkRun>(options.network);
  const Settings settings = {{"seeds", std::to_string(options.seeds)},
                             {"trees", std::to_string(options.trees)},
                             {"seed", std::to_string(session.seed())},
                             {"features", std::to_string(chem::features_version)},
                             {"network", network ? datasets::sha256_of_file(network->file()) : "none"}};
  GrowingTable table(options.out + "/admet.csv", admet_columns(), 1, settings, session.options.overwrite);
  for (const auto& endpoint : endpoints) {
    if (session.stop().stop_requested()) return exit_stopped;
    if (!table.contains({endpoint.name})) run_task(endpoint, options, network.get(), table, session);
  }
  const std::string report = admet_report(table.rows());
  datasets::DurableFile file(options.out + "/admet.md");
  file.write(report);
  file.publish();
  session.terminal().note(fmt::format("wrote     {}/admet.csv, admet.md and predictions", options.out));
  return print_tables(session, "bench admet", report, {options.out + "/admet.csv"}, exit_done);
}

}  // namespace theriac::cli
