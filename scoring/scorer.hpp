// The one interface of scoring: many molecules in, one row of scores each out.
//
// Docking, predictors and drug-likeness are scorers. A molecule that cannot be scored becomes a row with a
// message; it never stops the others.
#pragma once
#include <memory>
#include <vector>

#include "chem/molecule.hpp"
#include "scoring/score.hpp"

namespace theriac::scoring {

class Scorer {
 public:
  Scorer() = default;
  Scorer(const Scorer&) = delete;
  Scorer& operator=(const Scorer&) = delete;
  virtual ~Scorer() = default;

  /// What each row holds, in order; known before anything is scored.
  virtual const std::vector<std::shared_ptr<const ScoreKind>>& kinds() const = 0;

  /// Row i belongs to molecule i. Runs in parallel; equal molecules give equal rows whatever the threads and
  /// the other molecules. Safe to call from several threads.
  virtual std::vector<ScoreRow> score(const std::vector<chem::Molecule>& molecules) const = 0;
};

}  // namespace theriac::scoring
