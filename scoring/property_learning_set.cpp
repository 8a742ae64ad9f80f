#include "scoring/property_learning_set.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>

#include "chem/error.hpp"
#include "chem/scaffold.hpp"
#include "chem/standardise.hpp"
#include "chem/tautomer_skeleton.hpp"
#include "chem/text_file.hpp"
#include "datasets/data_split.hpp"
#include "datasets/results_table.hpp"

namespace theriac::scoring {
namespace {

namespace fs = std::filesystem;

struct RawRow {
  int task = 0;
  int text = 0;  ///< index of its SMILES
  double value = 0;
  bool test = false;
};

/// All tables, each SMILES text once.
struct RawRows {
  std::vector<RawRow> rows;
  std::vector<std::string> texts;
  std::map<std::string, int> places;
  std::int64_t unreadable = 0;

  int place_of(const std::string& text) {
    const auto [place, fresh] = places.try_emplace(text, static_cast<int>(texts.size()));
    if (fresh) texts.push_back(text);
    return place->second;
  }
};

std::optional<double> number_of(const std::string& text) {
  double value = 0;
  const auto end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, value);
  if (fault != std::errc() || stop != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::size_t column_of(const std::vector<std::string>& header, const std::string& name,
                      const std::string& file) {
  const auto found = std::find(header.begin(), header.end(), name);
  if (found == header.end())
    throw InputError(fmt::format("no column '{}' in '{}'; it has: {}", name, file, fmt::join(header, ", ")));
  return static_cast<std::size_t>(found - header.begin());
}

bool usable(const PropertyTask& task, double value) {
  if (task.kind == TaskKind::classification) return value == 0 || value == 1;
  return !task.logarithmic || value > 0;
}

void read_task(const PropertyTask& task, int index, const std::vector<std::vector<std::string>>& table,
               const std::string& file, RawRows& out) {
  const auto& header = table.at(0);
  const std::size_t smiles = column_of(header, "smiles", file), y = column_of(header, task.column, file);
  const std::size_t split = task.benchmark ? column_of(header, "split", file) : 0;
  const std::size_t last = std::max({smiles, y, split});
  for (std::size_t i = 1; i < table.size(); ++i) {
    const auto& fields = table[i];
    if (fields.size() <= last) {
      out.unreadable += fields.size() > 1 || !fields[0].empty();
      continue;
    }
    if (fields[y].empty()) continue;  // not measured
    RawRow row;
    row.task = index;
    const auto value = number_of(fields[y]);
    row.test = task.benchmark && fields[split] == "test";
    if (!row.test && (!value || !usable(task, *value))) {
      ++out.unreadable;
      continue;
    }
    row.value = value.value_or(std::numeric_limits<double>::quiet_NaN());
    row.text = out.place_of(fields[smiles]);
    out.rows.push_back(row);
  }
}

RawRows read_tables(const std::string& folder, PropertyLearningSet& set) {
  RawRows out;
  std::string last_file;
  std::vector<std::vector<std::string>> table;
  for (const auto& task : property_tasks()) {
    const std::string file = (fs::path(folder) / task.file).string();
    if (!fs::exists(file)) {
      if (set.missing_files.empty() || set.missing_files.back() != task.file)
        set.missing_files.push_back(task.file);
      continue;
    }
    if (file != last_file) table = datasets::read_csv(chem::read_text_file(file));
    last_file = file;
    if (table.empty()) throw InputError(fmt::format("'{}' is empty", file));
    read_task(task, static_cast<int>(set.tasks.size()), table, file, out);
    set.tasks.push_back(task);
  }
  if (set.tasks.empty())
    throw InputError(fmt::format("'{}' holds none of the tables of measured properties, such as '{}'", folder,
                                 property_tasks().front().file));
  return out;
}

struct Prepared {
  std::string smiles, scaffold, skeleton;
  chem::BondGraph graph;
};

/// The parent's skeleton. Standardising costs a millisecond, and only salts and charges change by it.
std::string skeleton_of(const chem::Molecule& molecule) {
  const bool plain = molecule.smiles().find_first_of(".+-") == std::string::npos;
  try {
    return chem::tautomer_skeleton(plain ? molecule : chem::standardised(molecule));
  } catch (const std::exception&) {  // an odd structure: compare it as it is
    return chem::flat_smiles(molecule);
  }
}

/// Empty for odd structures too, whose scaffold would break a valence: they are grouped by skeleton.
std::string scaffold_of(const chem::Molecule& molecule) {
  try {
    return chem::murcko_scaffold(molecule);
  } catch (const std::exception&) {
    return {};
  }
}

Prepared prepared(const std::string& text) {
  Prepared out;
  try {
    const auto molecule = chem::Molecule::from_smiles(text);
    out.graph = chem::bond_graph(molecule);
    out.skeleton = skeleton_of(molecule);
    out.scaffold = scaffold_of(molecule);
    out.smiles = molecule.smiles();
  } catch (const MoleculeError&) {
    out.smiles.clear();
  }
  return out;
}

datasets::Measurement measurement_of(const LearningMolecule& molecule) {
  datasets::Measurement out;
  out.smiles = molecule.smiles;
  out.skeleton = molecule.skeleton;
  out.scaffold = molecule.scaffold;
  return out;
}

void forbid_test_molecules(PropertyLearningSet& set) {
  datasets::HeldOutMolecules test;
  for (const auto& row : set.rows)
    if (row.test) test.add(measurement_of(set.molecules[static_cast<std::size_t>(row.molecule)]));
  for (auto& molecule : set.molecules) molecule.learnable = !test.holds(measurement_of(molecule));
  for (const auto& row : set.rows)
    set.leaked += !row.test && !set.molecules[static_cast<std::size_t>(row.molecule)].learnable;
}

}  // namespace

PropertyLearningSet read_property_learning_set(const std::string& folder) {
  PropertyLearningSet set;
  RawRows raw = read_tables(folder, set);
  set.unreadable = raw.unreadable;
  std::vector<Prepared> all(raw.texts.size());
  tbb::parallel_for(std::size_t{0}, all.size(), [&](std::size_t i) { all[i] = prepared(raw.texts[i]); });
  std::map<std::string, int> places;      // of canonical SMILES
  std::vector<int> molecule(all.size());  // of each text
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].smiles.empty()) {
      molecule[i] = -1;
      continue;
    }
    const auto [place, fresh] = places.try_emplace(all[i].smiles, static_cast<int>(set.molecules.size()));
    molecule[i] = place->second;
    if (!fresh) continue;
    set.molecules.push_back({all[i].smiles, all[i].skeleton, all[i].scaffold, std::move(all[i].graph), true});
  }
  for (const auto& row : raw.rows) {
    const int place = molecule[static_cast<std::size_t>(row.text)];
    if (place < 0) {
      ++set.unreadable;
      continue;
    }
    set.rows.push_back({row.task, place, row.value, row.test, raw.texts[static_cast<std::size_t>(row.text)]});
  }
  forbid_test_molecules(set);
  return set;
}

std::vector<bool> scaffold_hold_out(const PropertyLearningSet& set, double share, std::uint64_t seed) {
  std::vector<bool> measured(set.molecules.size(), false);
  for (const auto& row : set.rows)
    if (!row.test && set.molecules[static_cast<std::size_t>(row.molecule)].learnable)
      measured[static_cast<std::size_t>(row.molecule)] = true;
  std::vector<datasets::Measurement> rows;
  std::vector<std::size_t> places;
  for (std::size_t m = 0; m < set.molecules.size(); ++m)
    if (measured[m]) {
      rows.push_back(measurement_of(set.molecules[m]));
      places.push_back(m);
    }
  std::vector<bool> out(set.molecules.size(), false);
  for (const std::size_t i : datasets::group_split(datasets::scaffold_groups(rows), share, seed).test)
    out[places[i]] = true;
  return out;
}

PropertyExamples property_examples(const PropertyLearningSet& set, const std::vector<bool>& left_out,
                                   double balance) {
  const std::size_t tasks = set.tasks.size();
  PropertyExamples out;
  std::vector<double> sums(set.molecules.size() * tasks, 0);
  std::vector<int> counts(sums.size(), 0);
  for (const auto& task : set.tasks) out.tasks.push_back({task.name, task.kind, task.unit, task.logarithmic});
  for (const auto& row : set.rows) {
    const auto m = static_cast<std::size_t>(row.molecule), t = static_cast<std::size_t>(row.task);
    if (row.test || !set.molecules[m].learnable || left_out[m]) continue;
    sums[m * tasks + t] += out.tasks[t].learned(row.value);  // the scale is still that of log10 alone
    ++counts[m * tasks + t];
  }
  std::vector<std::size_t> values(tasks, 0);
  for (std::size_t t = 0; t < tasks; ++t) {
    double sum = 0, squares = 0;
    for (std::size_t i = t; i < sums.size(); i += tasks)
      if (counts[i]) {
        sums[i] /= counts[i];
        sum += sums[i];
        squares += sums[i] * sums[i];
        ++values[t];
      }
    MessageTask& task = out.tasks[t];
    task.values = static_cast<std::int64_t>(values[t]);
    if (task.kind == TaskKind::classification || values[t] == 0) continue;
    const auto n = static_cast<double>(values[t]);
    task.mean = sum / n;
    const double spread = std::sqrt(std::max(0.0, squares / n - task.mean * task.mean));
    task.spread = spread > 1e-9 ? spread : 1;
  }
  const auto weights = task_weights(values, balance);
  for (std::size_t t = 0; t < tasks; ++t) out.losses.push_back({out.tasks[t].kind, weights[t], 0.5});
  for (std::size_t m = 0; m < set.molecules.size(); ++m) {
    const auto first = counts.begin() + static_cast<std::ptrdiff_t>(m * tasks);
    if (std::all_of(first, first + static_cast<std::ptrdiff_t>(tasks), [](int n) { return n == 0; }))
      continue;
    out.examples.graphs.push_back(set.molecules[m].graph);
    for (std::size_t t = 0; t < tasks; ++t) {
      const std::size_t i = m * tasks + t;
      const double value = (sums[i] - out.tasks[t].mean) / out.tasks[t].spread;
      out.examples.targets.push_back(counts[i] ? static_cast<float>(value)
                                               : std::numeric_limits<float>::quiet_NaN());
    }
  }
  out.examples.digest = message_digest(out.examples);
  return out;
}

}  // namespace theriac::scoring
