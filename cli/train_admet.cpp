#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "cli/endpoint_facts.hpp"
#include "cli/growing_table.hpp"
#include "cli/held_out_rows.hpp"
#include "cli/network_run.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"

namespace theriac::cli {

namespace fs = std::filesystem;
using scoring::EndpointModel;

namespace {

constexpr const char* network_name = "properties-network.safetensors";

std::string done_file(const std::string& out, const std::string& endpoint) {
  return fmt::format("{}/done/{}.safetensors", out, endpoint);
}
std::string held_out_file(const std::string& out, const std::string& endpoint) {
  return fmt::format("{}/held-out/{}.csv", out, endpoint);
}

std::vector<scoring::Endpoint> wanted_endpoints(const EndpointTrainingOptions& options) {
  std::vector<scoring::Endpoint> endpoints;
  for (const auto& name : options.endpoints) endpoints.push_back(scoring::known_endpoint(name));
  return options.endpoints.empty() ? scoring::known_endpoints() : endpoints;
}

/// Everything in one file, the network of `folder` beside it.
int publish(const std::vector<scoring::EndpointSet>& sets, const std::string& folder, const std::string& out,
            const EndpointTrainingOptions& options, Session& session) {
  auto set = scoring::EndpointSet::joined(sets);
  if (!folder.empty()) {
    const std::string file = folder + "/" + network_name;
    set.set_network(std::make_shared<scoring::MessageNetwork>(scoring::MessageNetwork::load(file)),
                    network_name);
    fs::copy_file(file, out + "/" + network_name, fs::copy_options::overwrite_existing);
  }
  set.save(out + "/admet.safetensors", set_metadata(options, session));
  session.terminal().note(fmt::format("wrote     {}/admet.safetensors: {} endpoints, {} molecules", out,
                                      set.models().size(), set.smiles().size()));
  return print_result(session, "train",
                      {{"task", "admet"},
                       {"endpoints", set.models().size()},
                       {"finished", true},
                       {"molecules", set.smiles().size()},
                       {"model", out + "/admet.safetensors"},
                       {"out", out}},
                      exit_done);
}

/// Trains one endpoint, and keeps what was said of its rows while they were held out.
void train_one(const scoring::Endpoint& endpoint, const scoring::MoleculeLibrary& library,
               const scoring::FeatureBins& bins, const EndpointData& data, const NetworkRun* network,
               const scoring::EndpointFitOptions& fit, const std::string& out) {
  HeldOutRows rows;
  auto model = EndpointModel::fit(endpoint, library, bins, data.train, fit, &rows.trees);
  rows.measured = data.train;
  for (const auto place : data.train.molecules) rows.smiles.push_back(library[place].smiles);
  rows.network = network
                     ? network->evidence(endpoint, library, data.train)
                     : scoring::NetworkEvidence(data.train.size(), std::numeric_limits<double>::quiet_NaN());
  if (network) model.add_network(data.train, rows.trees, rows.network);
  write_held_out_rows(held_out_file(out, endpoint.name), rows);
  scoring::EndpointSet one(bins, {model}, library);
  one.set_facts(endpoint.name, training_facts(model, data, rows.trees));
  one.save(done_file(out, endpoint.name), {});
}

/// The trees as they are; everything that calibrates anew.
scoring::EndpointSet recalibrated(const scoring::Endpoint& endpoint, bool with_network,
                                  const std::string& out) {
  const std::string file = done_file(out, endpoint.name);
  auto set = scoring::EndpointSet::load(file);
  const auto rows = read_held_out_rows(held_out_file(out, endpoint.name));
  EndpointModel model = set.models().front();
  model.network_weight = 0;
  model.calibrate(rows.measured, rows.trees);
  if (with_network) model.add_network(rows.measured, rows.trees, rows.network);
  set.recalibrate(endpoint.name, model.calibration, model.network_weight);
  auto facts = set.facts(endpoint.name);
  for (const auto& [name, text] : cross_validated_facts(endpoint, rows.measured, rows.trees))
    facts[name] = text;
  set.set_facts(endpoint.name, facts);
  set.save(file, {});
  return set;
}

int recalibrate_admet(const std::string& out, const EndpointTrainingOptions& options, Session& session) {
  std::vector<scoring::EndpointSet> sets;
  for (const auto& endpoint : wanted_endpoints(options))
    if (fs::exists(done_file(out, endpoint.name)))
      sets.push_back(recalibrated(endpoint, !options.network.empty(), out));
  if (sets.empty())
    throw InputError(fmt::format("no trained endpoint in '{}/done'", out),
                     "--recalibrate takes the output folder of theriac train admet");
  return publish(sets, options.network, out, options, session);
}

}  // namespace

int train_admet(const std::string& folder, const std::string& out, const EndpointTrainingOptions& options,
                Session& session) {
  if (options.recalibrate) return recalibrate_admet(out, options, session);
  auto endpoints = wanted_endpoints(options);
  if (options.endpoints.empty())
    endpoints.erase(std::remove_if(endpoints.begin(), endpoints.end(),
                                   [&](const auto& e) { return !fs::exists(folder + "/" + e.file); }),
                    endpoints.end());
  if (endpoints.empty())
    throw InputError(fmt::format("no table of a known endpoint in '{}'", folder),
                     "the folder should hold tdc/herg.csv.gz and the like");
  make_folder(out + "/done");
  make_folder(out + "/held-out");
  scoring::MoleculeLibrary library;
  std::vector<EndpointData> data;
  std::vector<std::uint32_t> all;
  for (const auto& endpoint : endpoints) {
    data.push_back(read_endpoint_data(folder, endpoint, session.seed(), library));
    all.insert(all.end(), data.back().train.molecules.begin(), data.back().train.molecules.end());
    session.terminal().note(fmt::format("read      {:32} {:6} rows, {} copies of test molecules left out",
                                        endpoint.name, data.back().train.size(),
                                        data.back().leaks.removed.size()));
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  session.terminal().note(fmt::format("molecules {} different ones", all.size()));
  if (session.options.dry_run) return exit_done;
  const scoring::FeatureBins bins(features_of(library, all));
  const auto fit = fit_options(options, session);
  std::unique_ptr<const NetworkRun> network;
  if (!options.network.empty()) network = std::make_unique<NetworkRun>(options.network);
  std::vector<scoring::EndpointSet> sets;
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    if (session.stop().stop_requested())
      return print_result(session, "train",
                          {{"task", "admet"}, {"endpoints", sets.size()}, {"finished", false}, {"out", out}},
                          session.exit_code({}));
    const std::string file = done_file(out, endpoints[i].name);
    if (!fs::exists(file) || session.options.overwrite) {
      const auto started = std::chrono::steady_clock::now();
      train_one(endpoints[i], library, bins, data[i], network.get(), fit, out);
      session.terminal().note(
          fmt::format("trained   {:32} {:.0f} s", endpoints[i].name,
                      std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count()));
    }
    sets.push_back(scoring::EndpointSet::load(file));
  }
  return publish(sets, options.network, out, options, session);
}

}  // namespace theriac::cli
