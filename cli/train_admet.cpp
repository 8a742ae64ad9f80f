#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "cli/endpoint_facts.hpp"
#include "cli/growing_table.hpp"
#include "cli/network_run.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"

namespace theriac::cli {

namespace fs = std::filesystem;
using scoring::EndpointModel;

int train_admet(const std::string& folder, const std::string& out, const EndpointTrainingOptions& options,
                Session& session) {
  std::vector<scoring::Endpoint> endpoints;
  for (const auto& name : options.endpoints) endpoints.push_back(scoring::known_endpoint(name));
  if (options.endpoints.empty())
    for (const auto& endpoint : scoring::known_endpoints())
      if (fs::exists(folder + "/" + endpoint.file)) endpoints.push_back(endpoint);
  if (endpoints.empty())
    throw InputError(fmt::format("no table of a known endpoint in '{}'", folder),
                     "the folder should hold tdc/herg.csv.gz and the like");
  make_folder(out + "/done");
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
    const std::string file = fmt::format("{}/done/{}.safetensors", out, endpoints[i].name);
    if (!fs::exists(file) || session.options.overwrite) {
      const auto started = std::chrono::steady_clock::now();
      scoring::OutOfFold seen;
      auto model = EndpointModel::fit(endpoints[i], library, bins, data[i].train, fit, &seen);
      if (network)
        model.add_network(data[i].train, seen, network->evidence(endpoints[i], library, data[i].train));
      scoring::EndpointSet one(bins, {model}, library);
      one.set_facts(endpoints[i].name, cross_validated_facts(model, data[i], seen));
      one.save(file, {});
      session.terminal().note(
          fmt::format("trained   {:32} {:.0f} s", endpoints[i].name,
                      std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count()));
    }
    sets.push_back(scoring::EndpointSet::load(file));
  }
  auto set = scoring::EndpointSet::joined(sets);
  if (network) {
    const char* name = "properties-network.safetensors";
    fs::copy_file(network->file(), out + "/" + name, fs::copy_options::overwrite_existing);
    set.set_network(network->network(), name);
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

}  // namespace theriac::cli
