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

constexpr std::size_t described_together = 4096;

struct Described {
  bool readable = false;
  chem::BondGraph graph;
};

/// Descriptors go to `values`, one per name.
Described described(const std::string& smiles, float* values) {
  Described out;
  try {
    const auto molecule = chem::Molecule::from_smiles(smiles);
    for (const double value : chem::topological_descriptors(molecule))
      *values++ = std::isfinite(value) && std::abs(value) < 1e30 ? static_cast<float>(value)
                                                                 : std::numeric_limits<float>::quiet_NaN();
    out.graph = chem::bond_graph(molecule);
    out.readable = true;
  } catch (const std::exception&) {  // no molecule, or one that RDKit's descriptors do not take
    out.readable = false;
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
  const auto& names = chem::topological_descriptor_names();
  DescriptorExamples out;
  auto& targets = out.examples.targets;
  targets.resize(smiles.size() * names.size());
  std::vector<Described> part;
  for (std::size_t first = 0; first < smiles.size(); first += described_together) {
    // behind the molecules that were readable so far
    float* values = targets.data() + out.examples.graphs.size() * names.size();
    part.assign(std::min(described_together, smiles.size() - first), Described{});
    tbb::parallel_for(std::size_t{0}, part.size(), [&](std::size_t i) {
      part[i] = described(smiles[first + i], values + i * names.size());
    });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < part.size(); ++i) {
      if (!part[i].readable) continue;
      std::copy_n(values + i * names.size(), names.size(), values + kept++ * names.size());
      out.examples.graphs.push_back(std::move(part[i].graph));
    }
    out.unreadable += static_cast<std::int64_t>(part.size() - kept);
  }
  targets.resize(out.examples.graphs.size() * names.size());
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
