// A trained predictor of one endpoint: a few boosted-tree models whose mean is the prediction, where it pays
// together with a message-passing network, and what turns that into an interval or a calibrated probability.
//
// Everything that calibrates (scoring/endpoint_calibration.hpp) comes from scaffold-disjoint cross-validation
// inside the training molecules: each molecule is predicted by a model that saw no molecule of its scaffold.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "scoring/boosted_trees.hpp"
#include "scoring/endpoint.hpp"
#include "scoring/endpoint_calibration.hpp"
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

/// How one molecule of the training set is predicted by a model that has not seen its scaffold.
struct OutOfFold {
  std::vector<double> raw;         ///< on the model's scale: log odds, or the (log10 of the) value
  std::vector<double> similarity;  ///< to the nearest molecule of the other folds
};

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

  /// From predictions of rows while their scaffold was held out.
  void calibrate(const MeasuredSet& measured, const OutOfFold& seen);
  /// Chooses the network's weight by the rows that both parts predicted unseen. With fewer than 100 such rows
  /// it is a quarter; else of 1/2, 1/4, 3/4 and 0 the first whose error is within one standard error of the
  /// smallest (the rule of L. Breiman et al., Classification and Regression Trees (1984), 3.4.3).
  ///
  /// The mixture is calibrated as the trees were by all rows, corrected by what these rows tell of the
  /// difference (`recalibrated`): a tail needs many rows, a ratio few.
  void add_network(const MeasuredSet& measured, const OutOfFold& seen, const NetworkEvidence& network);
  /// Trees and network together; `network` is on the model's scale.
  double mixed(double trees, double network) const;

  /// Means of the members for 64 molecules side by side (see BoostedTrees::add_predictions).
  void predict_raw(const std::uint8_t* block, float* raw) const;
  /// `similarity` to the nearest training molecule.
  EndpointPrediction finished(double raw, double similarity) const;
};

/// What every row would have been told: predicted and calibrated without its own fold.
std::vector<EndpointPrediction> cross_calibrated(const Endpoint& endpoint, const MeasuredSet& measured,
                                                 const OutOfFold& seen);

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
