// A trained predictor of one endpoint: a few boosted-tree models whose mean is the prediction, where it pays
// together with a message-passing network, and what turns that into an interval or a calibrated probability.
//
// Everything that calibrates comes from scaffold-disjoint cross-validation inside the training molecules:
// each molecule is predicted by a model that saw no molecule of its scaffold. Intervals are conformal (V.
// Vovk, A. Gammerman, G. Shafer, Algorithmic Learning in a Random World (2005)): the half width is the
// residual that a share of 90 % stays below, normalised by how unlike the molecule is to the nearest training
// molecule (H. Papadopoulos et al., J. Artif. Intell. Res. 40, 815 (2011)). Probabilities are Platt's (1999),
// fitted to the same predictions.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "scoring/boosted_trees.hpp"
#include "scoring/endpoint.hpp"
#include "scoring/molecule_library.hpp"

namespace theriac::scoring {

/// Measurements of molecules of a library; a molecule may occur several times.
struct MeasuredSet {
  std::vector<std::uint32_t> molecules;
  std::vector<float> values;  ///< in the endpoint's unit; 0 or 1 for a probability
  std::vector<Bound> bounds;  ///< one per value; empty: all are exact
  std::vector<int> folds;     ///< of the cross-validation that calibrates, from 0; scaffolds stay together
  std::size_t size() const { return molecules.size(); }
};

struct EndpointFitOptions {
  int members = 2;  ///< models averaged
  int trees = 600;
  int depth = 6;
  double column_share = 0.2;
  std::uint64_t seed = 1;
};

/// Similarity below which a prediction has no basis, and above which it stands on near relatives.
constexpr double domain_out_below = 0.25, domain_in_from = 0.45;
Domain domain_of(double similarity);

/// How one molecule of the training set is predicted by a model that has not seen its scaffold.
struct OutOfFold {
  std::vector<double> raw;         ///< on the model's scale: log odds, or the (log10 of the) value
  std::vector<double> similarity;  ///< to the nearest molecule of the other folds
};

struct EndpointCalibration {
  double width = 0;              ///< half width of the 90 % interval at similarity 1, on the model's scale
  double growth = 0;             ///< half width at similarity s: width * exp(growth * (1 - s))
  double slope = 1, offset = 0;  ///< probability: sigmoid(slope * log odds + offset)
};

struct EndpointPrediction {
  double value = 0;          ///< in the endpoint's unit
  double low = 0, high = 0;  ///< 90 % interval; NaN for probabilities
};

/// Predictions of molecules that the predicting models had not seen, against what was measured.
struct HeldOutPredictions {
  std::vector<double> raw, similarity;
  std::vector<float> values;  ///< measured, in the endpoint's unit
  std::vector<Bound> bounds;  ///< empty: all exact
};

/// Throws UsageError without a single exact value.
EndpointCalibration calibration_of(const Endpoint& endpoint, const HeldOutPredictions& seen);

/// What the network said of the rows of a measured set, on the model's scale, while it had not seen their
/// scaffolds. NaN for rows that it learned from.
using NetworkEvidence = std::vector<double>;

class EndpointModel {
 public:
  Endpoint endpoint;
  std::vector<BoostedTrees> members;
  EndpointCalibration calibration;
  std::vector<std::uint32_t> training;  ///< molecules of the library, rising, each once
  double network_weight = 0;            ///< share of the network in the prediction, on the model's scale

  /// Cross-validation, calibration and the members, on all threads. `out_of_fold`, when given, gets row by
  /// row what the calibration saw. Throws UsageError with fewer than 30 rows or with one class only.
  static EndpointModel fit(const Endpoint& endpoint, const MoleculeLibrary& library, const FeatureBins& bins,
                           const MeasuredSet& measured, const EndpointFitOptions& options,
                           OutOfFold* out_of_fold = nullptr);

  /// Chooses the network's weight by the rows that both parts predicted unseen, and calibrates their mixture
  /// with them. With fewer than 100 such rows it is a quarter; else of 1/2, 1/4, 3/4 and 0 the first whose
  /// error is within one standard error of the smallest (the rule of L. Breiman et al., Classification and
  /// Regression Trees (1984), 3.4.3).
  void add_network(const MeasuredSet& measured, const OutOfFold& seen, const NetworkEvidence& network);
  /// Trees and network together; `network` is on the model's scale.
  double mixed(double trees, double network) const;

  /// Means of the members for 64 molecules side by side (see BoostedTrees::add_predictions).
  void predict_raw(const std::uint8_t* block, float* raw) const;
  /// `similarity` to the nearest training molecule.
  EndpointPrediction finished(double raw, double similarity) const;
};

EndpointPrediction finished(const Endpoint& endpoint, const EndpointCalibration& calibration, double raw,
                            double similarity);

/// What every row would have been told: predicted and calibrated without its own fold.
std::vector<EndpointPrediction> cross_calibrated(const Endpoint& endpoint, const MeasuredSet& measured,
                                                 const OutOfFold& seen);

/// What the model learns: the value, or its log10 with numbers below a thousandth of the smallest unit cut
/// off.
double model_scale(const Endpoint& endpoint, double value);
double natural_scale(const Endpoint& endpoint, double raw);
/// Of a prediction in the endpoint's unit: log odds of a probability, else as model_scale.
double raw_scale(const Endpoint& endpoint, double prediction);

/// Mean of the members for molecules of the library, on the model's scale.
std::vector<double> predicted_raw(const std::vector<BoostedTrees>& members, const FeatureBins& bins,
                                  const MoleculeLibrary& library,
                                  const std::vector<std::uint32_t>& molecules);

/// Of every query to the nearest of the members, both places in the library; a query is not its own
/// neighbour.
std::vector<double> nearest_similarity(const MoleculeLibrary& library,
                                       const std::vector<std::uint32_t>& queries,
                                       const std::vector<std::uint32_t>& members);

}  // namespace theriac::scoring
