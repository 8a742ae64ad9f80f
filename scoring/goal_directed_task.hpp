// A benchmark task for molecular design: named components, each a measured property and how it becomes a
// score, and how the scores combine.
//
// The definitions are those of GuacaMol (N. Brown et al., J. Chem. Inf. Model. 59, 1096 (2019)); guacamol.hpp
// and pmo.hpp list the tasks. Everything that belongs to a goal (its fingerprint, its compiled pattern) is
// prepared once, and a task computes only what it looks at.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "chem/molecule.hpp"
#include "scoring/measured_molecule.hpp"
#include "scoring/score_modifier.hpp"

namespace theriac::scoring {

/// A raw value of a molecule. Safe for many threads, each with its own MeasuredMolecule.
using Measurement = std::function<double(const MeasuredMolecule&)>;

/// Tanimoto similarity on counts to a goal molecule, 0 to 1.
Measurement similarity_to(const std::string& goal, CountKind kind);
/// Tanimoto similarity of the Gobbi 2D pharmacophore signatures (bits), 0 to 1.
Measurement pharmacophore_similarity_to(const std::string& goal);
/// 1 when the pattern matches, else 0; and the reverse.
Measurement substructure_present(const std::string& smarts);
Measurement substructure_absent(const std::string& smarts);
/// Atoms of an element, e.g. "F"; hydrogens count.
Measurement atoms_of(const std::string& symbol);

/// What the number of all atoms in an isomer term counts.
enum class AtomTotal {
  all,             ///< dummy atoms `*` too (GuacaMol)
  without_dummies  ///< only atoms of an element (PyTDC 0.4.0 and later)
};

struct TaskComponent {
  std::string name;  ///< "sim_ecfp4", "logp", "n_F"
  Measurement measure;
  ScoreModifier modifier = ScoreModifier::none();
};

/// One component per element of the formula, Gauss(count, 1), then the number of all atoms, Gauss(total, 2).
/// Throws UsageError for what is no formula.
std::vector<TaskComponent> isomer_components(const std::string& formula, AtomTotal total = AtomTotal::all);
/// Their geometric mean.
Measurement isomer_of(const std::string& formula, AtomTotal total = AtomTotal::all);

enum class TaskMean { geometric, arithmetic };

struct GoalDirectedTask {
  std::string name;    ///< "celecoxib_rediscovery"
  std::string title;   ///< "Celecoxib rediscovery"
  std::string column;  ///< name in tables of scores, "t01_celecoxib_rediscovery"
  TaskMean mean = TaskMean::geometric;
  std::vector<TaskComponent> components;
  std::vector<int> top_counts;  ///< a list is judged by the mean of its best k, averaged over these k
  std::string start;            ///< goal molecule that the designer is given; usually empty

  /// 0 to 1. A geometric mean stops at the first 0.
  double score(const MeasuredMolecule& molecule) const;
};

struct ComponentValue {
  double raw = 0, modified = 0;
};

/// One per component, so that a score can be checked by hand.
std::vector<ComponentValue> component_values(const GoalDirectedTask& task, const MeasuredMolecule& molecule);

/// Tasks that belong together, and what strings are worth that are no molecules.
struct GoalDirectedSuite {
  std::string name;   ///< "guacamol"
  std::string title;  ///< "GuacaMol"
  std::vector<GoalDirectedTask> tasks;
  double unparsable_score = 0;
  std::optional<double> empty_score;  ///< of the empty SMILES; without it, that is a molecule like others

  /// By name, column or, for "7", position from 1. Throws UsageError with the nearest name.
  const GoalDirectedTask& task(const std::string& name) const;
  /// The suite with these tasks only, in its own order; all of them when no name is given.
  GoalDirectedSuite with_tasks(const std::vector<std::string>& names) const;
  /// One score per task; nothing is a string that cannot be read as a molecule.
  std::vector<double> scores(const std::optional<chem::Molecule>& molecule) const;
};

}  // namespace theriac::scoring
