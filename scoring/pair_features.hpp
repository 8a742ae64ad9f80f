// What a matrix of known affinities says of one more pair: numbers for trees to weigh.
//
// The mean of a Gaussian process over all pairs, the habits of the drug and of the target, and what similar
// drugs do to the same target and the same drug does to similar targets; similar by structure or sequence,
// and similar by the completed profile of affinities. Weighted neighbours as features of boosted trees: T. He
// et al. (SimBoost), J. Cheminform. 9, 24 (2017).
//
// A drug or a target is described by its similarities to the members of the matrix alone, so a new one and a
// held-out member are treated alike. A pair never sees its own value through its neighbours.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "scoring/pair_process.hpp"

namespace theriac::scoring {

/// One drug or one target as the matrix sees it.
struct PairSide {
  int self = -1;                               ///< its place in the matrix; -1: not a member
  std::vector<float> similarity, correlation;  ///< to each member: by structure, by completed profile
  std::vector<float> process;                  ///< completed profile, over the members of the other side
  std::vector<std::uint32_t> nearest,
      nearest_profile;          ///< members with values, most similar first, itself left out
  double mean = 0, spread = 0;  ///< of its known values, drawn to the mean of all
  double process_mean = 0;
  double closest = 0;         ///< largest similarity to another member with values
  bool known = false;         ///< it has values
  std::vector<float> kernel;  ///< of a drug: to each member
  // of a target, one number a drug: weights times its kernel; sums over similar targets, with their weights
  std::vector<float> reach, smoothed, smoothed_weight;
};

class PairFeatures {
 public:
  static constexpr std::size_t count = 44;
  static constexpr float missing = -1e9f;  ///< no such neighbour
  static const std::vector<std::string>& names();
  /// Which of the features belong together: a name, the first and how many.
  struct Group {
    const char* name;
    std::size_t first, count;
  };
  static const std::vector<Group>& groups();

  /// Fits the process. Similarities are square and 0 to 1.
  PairFeatures(const FloatMatrix& drug_similarity, const FloatMatrix& target_similarity,
               const std::vector<PairValue>& known, const PairKernel& kernel = {});
  /// With the weights that a fit has found; similarities between members are not needed for new pairs except
  /// of the members themselves.
  PairFeatures(const FloatMatrix& drug_similarity, const FloatMatrix& target_similarity,
               const std::vector<PairValue>& known, PairProcess process);

  PairSide drug(std::size_t member) const;
  PairSide target(std::size_t member) const;
  PairSide new_drug(const std::vector<float>& similarity) const;
  PairSide new_target(const std::vector<float>& similarity) const;

  /// Mean of the process.
  double process_mean(const PairSide& drug, const PairSide& target) const;
  /// `count` numbers.
  void fill(const PairSide& drug, const PairSide& target, float* out) const;
  /// Rows of `count` for pairs of members, in parallel.
  std::vector<float> rows(const std::vector<PairValue>& pairs) const;

  const PairProcess& process() const { return process_; }
  double mean() const { return process_.mean; }
  std::size_t drugs() const { return values_.rows; }
  std::size_t targets() const { return values_.columns; }
  bool has(std::size_t drug, std::size_t target) const { return mask_(drug, target) > 0; }
  float value(std::size_t drug, std::size_t target) const { return values_(drug, target); }

 private:
  void prepare();
  void describe(PairSide& side, const FloatMatrix& values, const FloatMatrix& mask,
                const FloatMatrix& profiles, const std::vector<bool>& known) const;
  PairSide drug_side(std::vector<float> similarity, int self) const;
  PairSide target_side(std::vector<float> similarity, int self) const;

  FloatMatrix drug_similarity_, target_similarity_;
  FloatMatrix values_, mask_, values_by_target_, mask_by_target_;  // drugs x targets, and the other way round
  PairProcess process_;
  FloatMatrix drug_kernel_, drug_reach_, weights_by_target_;  // drugs x drugs; weights times target kernel
  FloatMatrix drug_profiles_, target_profiles_;  // completed rows (columns), standardised, a column a member
  std::vector<bool> known_drugs_, known_targets_;
};

}  // namespace theriac::scoring
