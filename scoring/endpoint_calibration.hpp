// What turns the output of a trained endpoint into something to rely on: an interval or a calibrated
// probability, the set of classes that cannot be ruled out, and whether the model knows such molecules at
// all.
//
// All of it is learned from predictions of molecules while their scaffold was held out:
//
// - Intervals are conformal (V. Vovk, A. Gammerman, G. Shafer, Algorithmic Learning in a Random World
// (2005)):
//   the half width is the residual that 90 % stay below, normalised by how unlike the molecule is to the
//   nearest one that was learned from (H. Papadopoulos et al., J. Artif. Intell. Res. 40, 815 (2011)).
// - Probabilities are Platt's (1999).
// - Class sets are conformal class by class (Mondrian; V. Vovk, ACML (2012)): of the molecules that are truly
// 1
//   nine of ten have 1 in their set, and of those that are truly 0 nine of ten have 0, however rare a class
//   is.
// - A model has no basis where it was not tested, or tested and found no better than the mean of what it
//   learned from.
#pragma once
#include <limits>
#include <string>
#include <vector>

#include "scoring/boosted_trees.hpp"
#include "scoring/endpoint.hpp"

namespace theriac::scoring {

/// Similarity to the nearest training molecule from which a prediction stands on near relatives.
constexpr double domain_in_from = 0.45;
/// The verdict `out` ends here for models from files that say nothing of it.
constexpr double domain_out_below = 0.25;

struct EndpointCalibration {
  double width = 0;              ///< half width of the 90 % interval at similarity 1, on the model's scale
  double growth = 0;             ///< half width at similarity s: width * exp(growth * (1 - s))
  double slope = 1, offset = 0;  ///< probability: sigmoid(slope * log odds + offset)
  double one_from = 0;           ///< class 1 is in the 90 % set from this probability on
  double zero_until = 1;         ///< class 0 is in it up to this one
  double known_from = domain_out_below;  ///< similarity below which there is no basis

  Domain domain(double similarity) const;
};

struct EndpointPrediction {
  double value = 0;          ///< in the endpoint's unit
  double low = 0, high = 0;  ///< 90 % interval; NaN for probabilities
  std::string classes = {};  ///< 90 % set: "0", "1", "0|1" or "none"; empty for values
};

/// Predictions of molecules that the predicting models had not seen, against what was measured.
struct HeldOutPredictions {
  std::vector<double> raw, similarity;  ///< on the model's scale; to the nearest molecule learned from
  std::vector<float> values;            ///< measured, in the endpoint's unit
  std::vector<Bound> bounds;            ///< empty: all exact
};

/// Throws UsageError without a single exact value.
EndpointCalibration calibration_of(const Endpoint& endpoint, const HeldOutPredictions& seen);

/// The calibration of a model that was changed and asked again about a few of these molecules: before, as
/// `calibration` knows it, and after. The few do not tell a tail from chance, so of an interval only the half
/// width changes, by the ratio of the mean absolute errors, and Platt's two numbers are drawn to what they
/// were; both as if ten molecules more had told no difference.
EndpointCalibration recalibrated(const Endpoint& endpoint, const EndpointCalibration& calibration,
                                 const HeldOutPredictions& before, const HeldOutPredictions& after);

EndpointPrediction finished(const Endpoint& endpoint, const EndpointCalibration& calibration, double raw,
                            double similarity);

/// What the model learns: the value, or its log10 with numbers below a thousandth of the smallest unit cut
/// off.
double model_scale(const Endpoint& endpoint, double value);
double natural_scale(const Endpoint& endpoint, double raw);
/// Of a prediction in the endpoint's unit: log odds of a probability, else as model_scale.
double raw_scale(const Endpoint& endpoint, double prediction);

/// Per held-out molecule: the logarithmic loss of the calibrated probability, or the absolute error on the
/// model's scale.
std::vector<double> held_out_losses(const Endpoint& endpoint, const EndpointCalibration& calibration,
                                    const HeldOutPredictions& seen);

}  // namespace theriac::scoring
