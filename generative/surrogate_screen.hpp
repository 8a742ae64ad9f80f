// A proposer that thinks before it asks: another one has several ideas for each place, and what was told so
// far predicts which of them are worth a try.
//
// Bayesian optimisation: a Gaussian process on fingerprints (tanimoto_process.hpp)
// is fitted to the worth of molecules told, and the ideas of highest upper bound, mean + courage * deviation,
// are proposed. Ideas passed over are forgotten: the other proposer may have them again.
// A. Tripp, J. M. Hernandez-Lobato, arXiv:2310.09267 (2023).
#pragma once
#include <cstdint>
#include <memory>

#include "generative/proposer.hpp"

namespace theriac::generative {

struct SurrogateScreenOptions {
  int ideas_each = 4;       ///< asked of the other proposer for each place
  int known = 1500;         ///< molecules that the prediction rests on: the best half, the latest half
  int known_least = 20;     ///< below, nothing is predicted: the first ideas are taken
  double courage = 0.5;     ///< deviations added to the mean
  double unscreened = 0.1;  ///< of the places, for the first ideas whatever is predicted
};

class SurrogateScreen : public Proposer {
 public:
  SurrogateScreen(std::unique_ptr<Proposer> ideas, const SurrogateScreenOptions& options = {});
  ~SurrogateScreen() override;

  std::vector<Candidate> propose(int n, int round) override;
  void recall(const std::vector<std::string>& smiles) override;
  void forget(const std::vector<std::string>& smiles) override;
  void learn(const std::vector<Lesson>& lessons) override;
  void objectives_changed() override;
  std::vector<std::string> remarks() override;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace theriac::generative
