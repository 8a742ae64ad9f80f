// Several of gnina's networks as one judge of poses.
//
// CNNscore and CNNaffinity are means over the networks, the variance of the affinity is that of the
// population (divisor: number of networks), CNN_VS = CNNscore x CNNaffinity. A. T. McNutt et al., J.
// Cheminform. 13, 43 (2021).
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "scoring/gnina_network.hpp"

namespace theriac::scoring {

struct GninaVerdict {
  double score = 0;              ///< probability that the pose lies within 2 angstrom of the true one, 0 to 1
  double affinity = 0;           ///< pK, if the pose is right
  double affinity_variance = 0;  ///< pK^2, between the networks; 0 for one
};

/// Throws UsageError without outputs.
GninaVerdict gnina_verdict(const std::vector<GninaOutput>& outputs);

/// The models that gnina 1.3 means by a name: "fast", "default" and "default1.0" are its sets,
/// "NAME_ensemble" is every one of `known` whose name begins with NAME, another name is itself. Dots are
/// underscores.
std::vector<std::string> gnina_model_names(const std::string& choice, const std::vector<std::string>& known);

class GninaEnsemble {
 public:
  /// `label`: what the user chose, for messages and results. Throws ModelError without networks.
  GninaEnsemble(std::string label, std::vector<GninaNetwork> networks);

  const std::string& label() const { return label_; }
  const std::vector<GninaNetwork>& networks() const { return networks_; }
  bool reads_mean() const;
  bool reads_maximum() const;

  /// Safe to call from many threads. Throws as GninaNetwork::output.
  GninaVerdict verdict(const DensityVolume& volume) const;

 private:
  std::string label_;
  std::vector<GninaNetwork> networks_;
};

}  // namespace theriac::scoring
