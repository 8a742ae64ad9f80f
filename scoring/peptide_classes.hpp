// Yes-or-no properties of peptides, learned from published sets: hemolytic, soluble, antimicrobial ...
//
// Boosted trees on peptide_features.hpp, one model a class; the probability is Platt's, from predictions of
// peptides whose relatives were held out. A peptide unlike those that a class was learned from is outside its
// domain: the number is shown, but it has no basis. Trained by peptide_training.hpp.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scoring/boosted_trees.hpp"
#include "scoring/bootstrap.hpp"
#include "scoring/peptide_features.hpp"
#include "scoring/score.hpp"

namespace theriac::scoring {

/// How usual a peptide is: distance from the mean of the learned ones in length, composition, charge and
/// hydropathy, in standard deviations (root mean square).
struct PeptideDomain {
  std::vector<double> mean, deviation;
  double in_until = 0;    ///< 95 % of the learned ones are nearer
  double edge_until = 0;  ///< 99.5 %

  static PeptideDomain of(const std::vector<std::string>& peptides);
  double distance(std::string_view residues) const;
  Domain verdict(std::string_view residues) const;
};

struct PeptideClass {
  std::string name;     ///< column name, "hemolysis"
  std::string meaning;  ///< "lyses red blood cells"
  Direction direction = Direction::neutral;
  std::string data, licence;
  std::size_t peptides = 0, positives = 0;
  Interval auroc;           ///< relatives held out
  Interval baseline_auroc;  ///< trees on length and composition alone, same folds
  double calibration_error = 0;
  double slope = 1, offset = 0;  ///< probability: sigmoid(slope * log odds + offset)
  PeptideDomain domain;
  BoostedTrees trees;
};

struct PeptideClassProbability {
  double probability = 0;
  Domain domain = Domain::in;
};

class PeptideClasses {
 public:
  explicit PeptideClasses(PeptideBins bins) : bins_(std::move(bins)) {}
  /// Throws InputError and ModelError.
  static PeptideClasses read(const std::string& path);
  /// Those that ship with Theriac, models/peptides.safetensors.
  static const PeptideClasses& shipped();
  void write(const std::string& path, const std::string& about, const std::string& date) const;

  const std::vector<PeptideClass>& classes() const { return classes_; }
  void add(PeptideClass added) { classes_.push_back(std::move(added)); }
  /// One probability per class. Throws InputError for what check_residues() refuses.
  std::vector<PeptideClassProbability> predict(std::string_view residues) const;

 private:
  PeptideBins bins_;
  std::vector<PeptideClass> classes_;
};

}  // namespace theriac::scoring
