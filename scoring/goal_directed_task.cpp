#include "scoring/goal_directed_task.hpp"

#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <set>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "chem/pharmacophore_signature.hpp"
#include "scoring/goal_molecules.hpp"

namespace theriac::scoring {
namespace {

MeasuredMolecule goal(const std::string& name) {
  return MeasuredMolecule(chem::Molecule::from_smiles(goal_molecule(name).smiles, name));
}

/// Measures the components one by one and stops at a score of 0.
double geometric_mean(const std::vector<TaskComponent>& components, const MeasuredMolecule& molecule) {
  double product = 1;
  for (const TaskComponent& component : components) {
    product *= component.modifier(component.measure(molecule));
    if (product == 0) return 0;
  }
  return std::pow(product, 1.0 / static_cast<double>(components.size()));
}

double arithmetic_mean(const std::vector<TaskComponent>& components, const MeasuredMolecule& molecule) {
  double sum = 0;
  for (const TaskComponent& component : components) sum += component.modifier(component.measure(molecule));
  return sum / static_cast<double>(components.size());
}

}  // namespace

Measurement similarity_to(const std::string& name, CountKind kind) {
  const auto counts = std::make_shared<const chem::CountFingerprint>(goal(name).counts(kind));
  return [counts, kind](const MeasuredMolecule& m) { return chem::tanimoto(*counts, m.counts(kind)); };
}

Measurement pharmacophore_similarity_to(const std::string& name) {
  const auto signature = std::make_shared<const chem::Fingerprint>(goal(name).pharmacophores());
  return [signature](const MeasuredMolecule& m) { return chem::tanimoto(*signature, m.pharmacophores()); };
}

Measurement substructure_present(const std::string& smarts) {
  return [pattern = chem::SubstructurePattern(smarts)](const MeasuredMolecule& m) {
    return pattern.matches(m.target()) ? 1.0 : 0.0;
  };
}

Measurement substructure_absent(const std::string& smarts) {
  return [pattern = chem::SubstructurePattern(smarts)](const MeasuredMolecule& m) {
    return pattern.matches(m.target()) ? 0.0 : 1.0;
  };
}

Measurement atoms_of(const std::string& symbol) {
  const int element = chem::molecular_formula(symbol).front().atomic_number;
  return [element](const MeasuredMolecule& m) { return static_cast<double>(m.elements().of(element)); };
}

std::vector<TaskComponent> isomer_components(const std::string& formula, AtomTotal total) {
  std::vector<TaskComponent> components;
  int atoms = 0;
  for (const auto& element : chem::molecular_formula(formula)) {
    components.push_back(
        {"n_" + element.symbol, atoms_of(element.symbol), ScoreModifier::gauss(element.count, 1)});
    atoms += element.count;
  }
  const bool dummies = total == AtomTotal::all;
  components.push_back({"n_atoms",
                        [dummies](const MeasuredMolecule& m) {
                          return static_cast<double>(m.elements().total() -
                                                     (dummies ? 0 : m.elements().of(0)));
                        },
                        ScoreModifier::gauss(atoms, 2)});
  return components;
}

Measurement isomer_of(const std::string& formula, AtomTotal total) {
  return [components = isomer_components(formula, total)](const MeasuredMolecule& m) {
    return geometric_mean(components, m);
  };
}

double GoalDirectedTask::score(const MeasuredMolecule& molecule) const {
  return mean == TaskMean::geometric ? geometric_mean(components, molecule)
                                     : arithmetic_mean(components, molecule);
}

std::vector<ComponentValue> component_values(const GoalDirectedTask& task, const MeasuredMolecule& molecule) {
  std::vector<ComponentValue> values;
  for (const TaskComponent& component : task.components) {
    const double raw = component.measure(molecule);
    values.push_back({raw, component.modifier(raw)});
  }
  return values;
}

const GoalDirectedTask& GoalDirectedSuite::task(const std::string& wanted) const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (wanted == tasks[i].name || wanted == tasks[i].column || wanted == fmt::format("{}", i + 1))
      return tasks[i];
    names.push_back(tasks[i].name);
  }
  const std::string near = chem::nearest_name(wanted, names);
  throw UsageError(fmt::format("no task '{}' in {}{}", wanted, title,
                               near.empty() ? std::string() : fmt::format(", did you mean '{}'?", near)),
                   fmt::format("1 to {}, or names: {}, ...", tasks.size(), names.front()));
}

GoalDirectedSuite GoalDirectedSuite::with_tasks(const std::vector<std::string>& names) const {
  if (names.empty()) return *this;
  std::set<std::string> wanted;
  for (const std::string& given : names) wanted.insert(task(given).name);
  GoalDirectedSuite out = *this;
  out.tasks.clear();
  for (const GoalDirectedTask& one : tasks)
    if (wanted.count(one.name) > 0) out.tasks.push_back(one);
  return out;
}

std::vector<double> GoalDirectedSuite::scores(const std::optional<chem::Molecule>& molecule) const {
  if (!molecule) return std::vector<double>(tasks.size(), unparsable_score);
  if (empty_score && molecule->atom_count() == 0) return std::vector<double>(tasks.size(), *empty_score);
  const MeasuredMolecule measured(*molecule);
  std::vector<double> out;
  for (const GoalDirectedTask& task : tasks) out.push_back(task.score(measured));
  return out;
}

}  // namespace theriac::scoring
