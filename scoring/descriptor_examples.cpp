#include "scoring/descriptor_examples.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "chem/error.hpp"
#include "chem/topological_descriptors.hpp"

namespace theriac::scoring {
namespace {

constexpr float farthest = 6;  ///< standard deviations

struct Described {
  chem::BondGraph graph;
  std::vector<float> values;  ///< empty: not readable
};

Described described(const std::string& smiles) {
  Described out;
  try {
    const auto molecule = chem::Molecule::from_smiles(smiles);
    out.graph = chem::bond_graph(molecule);
    for (const double value : chem::topological_descriptors(molecule))
      out.values.push_back(std::isfinite(value) && std::abs(value) < 1e30
                               ? static_cast<float>(value)
                               : std::numeric_limits<float>::quiet_NaN());
  } catch (const MoleculeError&) {
    out.values.clear();
  }
  return out;
}

/// Mean and standard deviation of one column, and its values in those units.
void standardise(std::vector<float>& targets, std::size_t column, std::size_t columns, MessageTask& task) {
  double sum = 0, squares = 0;
  for (std::size_t i = column; i < targets.size(); i += columns)
    if (!std::isnan(targets[i])) {
      sum += targets[i];
      ++task.values;
    }
  task.mean = task.values ? sum / static_cast<double>(task.values) : 0;
  for (std::size_t i = column; i < targets.size(); i += columns)
    if (!std::isnan(targets[i])) squares += std::pow(targets[i] - task.mean, 2);
  const double spread = task.values ? std::sqrt(squares / static_cast<double>(task.values)) : 0;
  task.spread = spread > 1e-9 ? spread : 1;
  for (std::size_t i = column; i < targets.size(); i += columns)
    if (!std::isnan(targets[i]))
      targets[i] = std::clamp(static_cast<float>(task.learned(targets[i])), -farthest, farthest);
  if (spread <= 1e-9) task.values = 0;
}

}  // namespace

DescriptorExamples descriptor_examples(const std::vector<std::string>& smiles) {
  std::vector<Described> all(smiles.size());
  tbb::parallel_for(std::size_t{0}, smiles.size(), [&](std::size_t i) { all[i] = described(smiles[i]); });
  const auto& names = chem::topological_descriptor_names();
  DescriptorExamples out;
  for (auto& one : all) {
    if (one.values.empty()) {
      ++out.unreadable;
      continue;
    }
    out.examples.graphs.push_back(std::move(one.graph));
    out.examples.targets.insert(out.examples.targets.end(), one.values.begin(), one.values.end());
    one.values = {};
  }
  if (out.examples.graphs.empty()) throw InputError("none of the molecules to learn from can be read");
  for (std::size_t column = 0; column < names.size(); ++column) {
    MessageTask task;
    task.name = names[column];
    standardise(out.examples.targets, column, names.size(), task);
    const double weight = task.values ? 1 / static_cast<double>(names.size()) : 0;
    out.losses.push_back({TaskKind::regression, weight, 1});
    out.tasks.push_back(std::move(task));
  }
  out.examples.digest = message_digest(out.examples);
  return out;
}

}  // namespace theriac::scoring
