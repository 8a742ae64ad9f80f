// The predicted affinity of molecules to one protein, with a 90 % interval and whether there is a basis for
// it.
//
// Both must be near something measured: the molecule to a drug, the protein to a target. A protein that
// aligns with few of the targets (a receptor shown to a model of kinases) is outside, whatever the molecule.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "chem/sequence.hpp"
#include "chem/sequence_likeness.hpp"
#include "scoring/affinity_model.hpp"
#include "scoring/scorer.hpp"

namespace theriac::scoring {

/// A protein as an affinity model sees it.
struct TargetBasis {
  Domain domain = Domain::out;
  std::string nearest;  ///< name of the target most like it
  double likeness = 0;  ///< to that one, 0 to 1
  double related = 0;   ///< share of the targets that it aligns with clearly (100 half bits or more)
};

/// From alignment scores with the model's targets: `in` where one is alike to 0.3 or more, `edge` where half
/// of them align clearly, else `out`.
TargetBasis target_basis(const datasets::AffinityTable& table, const std::vector<int>& scores,
                         const std::vector<double>& likeness);
/// `in` from a similarity of 0.5 to a measured drug on, `edge` from 0.35 on.
Domain drug_domain(double similarity);

class AffinityScorer : public Scorer {
 public:
  /// `column`: what the score is called. Throws InputError for a sequence of nucleotides, without residues or
  /// longer than 40,000.
  AffinityScorer(std::shared_ptr<const AffinityModel> model, const chem::Sequence& target,
                 const std::string& column);

  /// A target of the model's own, without an alignment. Throws UsageError when there is no such place.
  AffinityScorer(std::shared_ptr<const AffinityModel> model, std::size_t member, const std::string& column);

  const std::vector<std::shared_ptr<const ScoreKind>>& kinds() const override { return kinds_; }
  std::vector<ScoreRow> score(const std::vector<chem::Molecule>& molecules) const override;
  const TargetBasis& basis() const { return basis_; }

 private:
  void set_kind(const std::string& target, const std::string& column);
  ScoreRow score_one(const chem::Molecule& molecule) const;

  std::shared_ptr<const AffinityModel> model_;
  std::vector<std::shared_ptr<const ScoreKind>> kinds_;
  TargetBasis basis_;
  PairSide target_;
};

}  // namespace theriac::scoring
