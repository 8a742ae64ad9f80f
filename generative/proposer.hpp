// Something that has ideas: it gives candidate molecules and is told what they were worth.
//
// Graph evolution is one; a neural generator is another. What a proposer gives is a function of its settings
// and of what it was told, in that order, and of nothing else: a campaign that was killed tells it the same
// again and gets the same molecules. It keeps no file of its own.
#pragma once
#include <limits>
#include <string>
#include <vector>

#include "chem/molecule.hpp"

namespace theriac::generative {

struct Candidate {
  chem::Molecule molecule;
  std::string origin;  ///< how it came about, for the results table: "start", "crossover + change element"
  /// Natural logarithm of the probability with which the proposer drew it; NaN where the proposer knows none.
  double log_likelihood = std::numeric_limits<double>::quiet_NaN();
};

/// A candidate and its worth. In campaigns, candidates that failed or were filtered are not told.
struct Lesson {
  std::string smiles;  ///< canonical, as the candidate's
  double fitness = 0;  ///< larger is better, 0 is worthless
  std::string bucket;  ///< group that competes for the same place, e.g. its scaffold; may be empty
};

class Proposer {
 public:
  virtual ~Proposer() = default;

  /// Up to `n` candidates, distinct from each other and from everything proposed before. Fewer mean that the
  /// proposer has run dry. Round 0 gives the starting molecules, all of them, whatever `n` is.
  virtual std::vector<Candidate> propose(int n, int round) = 0;

  /// Canonical SMILES of candidates that an earlier process was given: they are not proposed again.
  virtual void recall(const std::vector<std::string>& smiles) = 0;

  /// Canonical SMILES of candidates that nobody took up: they may be proposed again.
  virtual void forget(const std::vector<std::string>& smiles) = 0;

  /// The worth of earlier candidates. May come some rounds late, so that proposing and scoring overlap. A
  /// candidate told again has its new worth from then on.
  virtual void learn(const std::vector<Lesson>& lessons) = 0;

  /// From now on worths are of other objectives, and every worth told so far is void; the next `learn` tells
  /// those of what is carried on anew, and 0 for the rest. What was learnt about making molecules may stay.
  virtual void objectives_changed() {}

  /// What the user should know since the last time this was asked, one sentence each: "proposals repeat
  /// themselves (31 % new): exploration was raised". Asked after every `propose` and every `learn`; shown on
  /// the terminal and kept with the results. As a function of what was told, like everything else here.
  virtual std::vector<std::string> remarks() { return {}; }
};

}  // namespace theriac::generative
