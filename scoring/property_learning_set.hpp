// Many tables of measured properties as one thing to learn from, and what keeps tests honest.
//
// A molecule of the test rows of any benchmark leaves every task, also under another name: drawn as a salt,
// without stereo marks or as another tautomer (chem/tautomer_skeleton.hpp, of the standardised parent). So no
// label of a test molecule reaches the network, by whatever table.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "scoring/message_network.hpp"
#include "scoring/property_tasks.hpp"

namespace theriac::scoring {

/// One value as it stands in a table.
struct PropertyRow {
  int task = 0;
  int molecule = 0;
  double value = 0;
  bool test = false;
  std::string smiles;  ///< as in the table
};

struct LearningMolecule {
  std::string smiles;    ///< canonical, as drawn in the table
  std::string skeleton;  ///< chem::tautomer_skeleton of the parent
  std::string scaffold;  ///< Bemis-Murcko; empty without rings
  chem::BondGraph graph;
  bool learnable = true;  ///< not the copy of a test molecule
};

struct PropertyLearningSet {
  std::vector<PropertyTask> tasks;
  std::vector<LearningMolecule> molecules;
  std::vector<PropertyRow> rows;
  std::vector<std::string> missing_files;
  std::int64_t unreadable = 0;  ///< rows without a molecule or with a value that cannot be learned
  std::int64_t leaked = 0;      ///< rows that are not learned because of the rule above
};

/// Reads the tables of property_tasks() that are in `folder`, on all threads. Throws InputError when none
/// is, or one does not have the columns it should have.
PropertyLearningSet read_property_learning_set(const std::string& folder);

/// Molecules kept back for validation: whole scaffolds, `share` of what may be learned, as
/// datasets::group_split draws them. Test molecules are never among them.
std::vector<bool> scaffold_hold_out(const PropertyLearningSet& set, double share, std::uint64_t seed);

struct PropertyExamples {
  MessageExamples examples;
  std::vector<MessageTask> tasks;  ///< with the scale that the values used have
  std::vector<TaskLoss> losses;
};

/// What is learned when the molecules marked in `left_out` are kept back. Several values of a molecule in a
/// task become their mean. A value of a task with n molecules weighs as 1 / n^`balance`.
PropertyExamples property_examples(const PropertyLearningSet& set, const std::vector<bool>& left_out,
                                   double balance = 0.5);

}  // namespace theriac::scoring
