#include "cli/network_run.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <limits>

#include "chem/error.hpp"
#include "chem/standardise.hpp"
#include "cli/table_reader.hpp"

namespace theriac::cli {
namespace {

/// Canonical SMILES of the parent, by which the library knows a molecule; empty where there is none.
std::string parent(const std::string& smiles) {
  try {
    return chem::standardised(chem::Molecule::from_smiles(smiles)).smiles();
  } catch (const MoleculeError&) {
    return {};
  }
}

}  // namespace

NetworkRun::NetworkRun(const std::string& folder) : file_(folder + "/properties-network.safetensors") {
  const TableReader table(folder + "/hold-out.csv");
  std::vector<std::string> parents(table.size());
  tbb::parallel_for(std::size_t{0}, table.size(),
                    [&](std::size_t row) { parents[row] = parent(table.text(row, "smiles")); });
  for (std::size_t row = 0; row < table.size(); ++row)
    held_out_[table.text(row, "task")][parents[row]] = table.number(row, "prediction");
  network_ = std::make_shared<scoring::MessageNetwork>(scoring::MessageNetwork::load(file_));
}

scoring::NetworkEvidence NetworkRun::evidence(const scoring::Endpoint& endpoint,
                                              const scoring::MoleculeLibrary& library,
                                              const scoring::MeasuredSet& measured) const {
  scoring::NetworkEvidence out(measured.size(), std::numeric_limits<double>::quiet_NaN());
  const auto task = held_out_.find(endpoint.network_task);
  if (task == held_out_.end()) return out;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    const auto said = task->second.find(library[measured.molecules[i]].smiles);
    if (said != task->second.end()) out[i] = scoring::raw_scale(endpoint, said->second);
  }
  return out;
}

scoring::Values NetworkRun::raw(const scoring::Endpoint& endpoint, const scoring::MoleculeLibrary& library,
                                const std::vector<std::uint32_t>& molecules) const {
  const auto& tasks = network_->tasks();
  const auto task = std::find_if(tasks.begin(), tasks.end(),
                                 [&](const auto& one) { return one.name == endpoint.network_task; });
  if (task == tasks.end())
    throw ModelError(fmt::format("{} has no output '{}'", file_, endpoint.network_task));
  std::vector<chem::Molecule> asked;
  for (const auto place : molecules) asked.push_back(chem::Molecule::from_smiles(library[place].smiles));
  const auto said = network_->predict(asked);
  scoring::Values out;
  for (std::size_t i = 0; i < asked.size(); ++i)
    out.push_back(scoring::raw_scale(
        endpoint, said[i * tasks.size() + static_cast<std::size_t>(task - tasks.begin())]));
  return out;
}

}  // namespace theriac::cli
