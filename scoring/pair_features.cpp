#include "scoring/pair_features.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace theriac::scoring {
namespace {

constexpr int listed = 3;         // neighbours that are named one by one
constexpr double own_weight = 2;  // values of the overall mean that a drug or target starts with
constexpr float background = 1e-3f;

float fourth_power(float s) {
  const float square = s * s;
  return s > 0 ? square * square : 0;
}

std::vector<float> row_of(const FloatMatrix& a, std::size_t r) {
  return {a.row(r), a.row(r) + a.columns};
}

/// Members with values, by falling similarity; of equals the first.
std::vector<std::uint32_t> ordered(const std::vector<float>& similarity, const std::vector<bool>& known,
                                   int self) {
  std::vector<std::uint32_t> out;
  for (std::size_t i = 0; i < similarity.size(); ++i)
    if (known[i] && static_cast<int>(i) != self) out.push_back(static_cast<std::uint32_t>(i));
  std::stable_sort(out.begin(), out.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return similarity[a] > similarity[b]; });
  return out;
}

/// Weighted means of the values in one line of the matrix, with weights s^4 and s^12, and the three nearest
/// with their similarity.
float* neighbours(const std::vector<float>& similarity, const std::vector<std::uint32_t>& order, int self,
                  const float* values, const float* mask, std::size_t n, bool any, float fallback,
                  float* out) {
  float sum4 = background * fallback, weight4 = background, sum12 = sum4, weight12 = background;
  if (any)
    for (std::size_t i = 0; i < n; ++i) {
      if (mask[i] <= 0 || static_cast<int>(i) == self) continue;
      const float w = fourth_power(similarity[i]), w3 = w * w * w;
      sum4 += w * values[i];
      weight4 += w;
      sum12 += w3 * values[i];
      weight12 += w3;
    }
  *out++ = sum4 / weight4;
  *out++ = sum12 / weight12;
  int found = 0;
  if (any)
    for (const std::uint32_t i : order) {
      if (mask[i] <= 0) continue;
      out[found] = values[i];
      out[listed + found] = similarity[i];
      if (++found == listed) break;
    }
  for (; found < listed; ++found) out[found] = out[listed + found] = PairFeatures::missing;
  return out + 2 * listed;
}

}  // namespace

const std::vector<std::string>& PairFeatures::names() {
  static const auto made = [] {
    std::vector<std::string> out{"process"};
    for (const char* of : {"drug", "target"})
      for (const char* what : {" mean", " spread", " process mean", " closest"})
        out.push_back(of + std::string(what));
    for (const char* by :
         {"drugs by structure", "drugs by profile", "targets by sequence", "targets by profile"})
      for (const char* what : {" wide mean", " narrow mean", " value 1", " value 2", " value 3",
                               " similarity 1", " similarity 2", " similarity 3"})
        out.push_back(by + std::string(what));
    for (const char* what : {"both sides mean", "both sides weight", "drug's profile at target's relatives"})
      out.emplace_back(what);
    return out;
  }();
  return made;
}

const std::vector<PairFeatures::Group>& PairFeatures::groups() {
  static const std::vector<Group> made{{"process", 0, 1},
                                       {"drug", 1, 4},
                                       {"target", 5, 4},
                                       {"drugs by structure", 9, 8},
                                       {"drugs by profile", 17, 8},
                                       {"targets by sequence", 25, 8},
                                       {"targets by profile", 33, 8},
                                       {"both sides", 41, 3}};
  return made;
}

PairFeatures::PairFeatures(const FloatMatrix& drug_similarity, const FloatMatrix& target_similarity,
                           const std::vector<PairValue>& known, const PairKernel& kernel)
    : PairFeatures(drug_similarity, target_similarity, known,
                   PairProcess::fit(kernel, side_kernel(kernel.drug, drug_similarity),
                                    side_kernel(kernel.target, target_similarity), known)) {}

PairFeatures::PairFeatures(const FloatMatrix& drug_similarity, const FloatMatrix& target_similarity,
                           const std::vector<PairValue>& known, PairProcess process)
    : drug_similarity_(drug_similarity),
      target_similarity_(target_similarity),
      values_(drug_similarity.rows, target_similarity.rows),
      mask_(drug_similarity.rows, target_similarity.rows),
      process_(std::move(process)) {
  for (const auto& pair : known) {
    values_(pair.drug, pair.target) = pair.value;
    mask_(pair.drug, pair.target) = 1;
  }
  values_by_target_ = transposed(values_);
  mask_by_target_ = transposed(mask_);
  prepare();
}

void PairFeatures::prepare() {
  const auto has_values = [](const FloatMatrix& mask) {
    std::vector<bool> out(mask.rows);
    for (std::size_t i = 0; i < mask.rows; ++i)
      out[i] = std::any_of(mask.row(i), mask.row(i) + mask.columns, [](float m) { return m > 0; });
    return out;
  };
  known_drugs_ = has_values(mask_);
  known_targets_ = has_values(mask_by_target_);
  drug_kernel_ = side_kernel(process_.kernel.drug, drug_similarity_);
  drug_reach_ = product(process_.weights, side_kernel(process_.kernel.target, target_similarity_));
  weights_by_target_ = transposed(process_.weights);
  const FloatMatrix all = product(drug_kernel_, drug_reach_);  // its mean does not matter to correlations
  drug_profiles_ = transposed(standardised_rows(all));
  target_profiles_ = transposed(standardised_rows(transposed(all)));
}

/// What both sides have in common; `values` has a row a member of this side.
void PairFeatures::describe(PairSide& side, const FloatMatrix& values, const FloatMatrix& mask,
                            const FloatMatrix& profiles, const std::vector<bool>& known) const {
  FloatMatrix profile(1, side.process.size());
  profile.values = side.process;
  side.correlation = product(standardised_rows(profile), profiles).values;
  double sum = 0;
  for (const float v : side.process) sum += v;
  side.process_mean = sum / static_cast<double>(side.process.size());
  side.nearest = ordered(side.similarity, known, side.self);
  side.nearest_profile = ordered(side.correlation, known, side.self);
  side.closest = side.nearest.empty() ? 0 : side.similarity[side.nearest.front()];
  double total = own_weight * process_.mean, known_values = 0, squares = 0;
  if (side.self >= 0) {
    const auto self = static_cast<std::size_t>(side.self);
    side.known = known[self];
    for (std::size_t i = 0; i < values.columns; ++i)
      if (mask(self, i) > 0) {
        total += values(self, i);
        ++known_values;
      }
    side.mean = total / (known_values + own_weight);
    for (std::size_t i = 0; i < values.columns; ++i)
      if (mask(self, i) > 0) squares += (values(self, i) - side.mean) * (values(self, i) - side.mean);
    side.spread = known_values > 0 ? std::sqrt(squares / known_values) : 0;
  } else {
    side.mean = process_.mean;
  }
}

PairSide PairFeatures::drug_side(std::vector<float> similarity, int self) const {
  PairSide side;
  side.self = self;
  FloatMatrix row(1, similarity.size());
  row.values = side.kernel = side_kernel_row(process_.kernel.drug, similarity, self);
  side.process = product(row, drug_reach_).values;
  for (float& value : side.process) value += static_cast<float>(process_.mean);
  side.similarity = std::move(similarity);
  describe(side, values_, mask_, drug_profiles_, known_drugs_);
  return side;
}

PairSide PairFeatures::target_side(std::vector<float> similarity, int self) const {
  PairSide side;
  side.self = self;
  FloatMatrix row(1, similarity.size());
  row.values = side_kernel_row(process_.kernel.target, similarity, self);
  const FloatMatrix reach = product(row, weights_by_target_);
  side.reach = reach.values;
  side.process = product(reach, drug_kernel_).values;  // the kernel is symmetric
  for (float& value : side.process) value += static_cast<float>(process_.mean);
  side.similarity = std::move(similarity);
  describe(side, values_by_target_, mask_by_target_, target_profiles_, known_targets_);
  FloatMatrix weights(1, side.similarity.size());
  for (std::size_t i = 0; i < side.similarity.size(); ++i)
    weights.values[i] = static_cast<int>(i) == self ? 0 : fourth_power(side.similarity[i]);
  side.smoothed = product(weights, values_by_target_).values;
  side.smoothed_weight = product(weights, mask_by_target_).values;
  return side;
}

PairSide PairFeatures::drug(std::size_t member) const {
  return drug_side(row_of(drug_similarity_, member), static_cast<int>(member));
}
PairSide PairFeatures::target(std::size_t member) const {
  return target_side(row_of(target_similarity_, member), static_cast<int>(member));
}
PairSide PairFeatures::new_drug(const std::vector<float>& similarity) const {
  return drug_side(similarity, -1);
}
PairSide PairFeatures::new_target(const std::vector<float>& similarity) const {
  return target_side(similarity, -1);
}

double PairFeatures::process_mean(const PairSide& drug, const PairSide& target) const {
  double sum = process_.mean;
  for (std::size_t d = 0; d < drugs(); ++d) sum += static_cast<double>(drug.kernel[d]) * target.reach[d];
  return sum;
}

void PairFeatures::fill(const PairSide& drug, const PairSide& target, float* out) const {
  *out++ = static_cast<float>(process_mean(drug, target));
  for (const PairSide* side : {&drug, &target}) {
    *out++ = static_cast<float>(side->mean);
    *out++ = static_cast<float>(side->spread);
    *out++ = static_cast<float>(side->process_mean);
    *out++ = static_cast<float>(side->closest);
  }
  const bool drugs_known = target.known, targets_known = drug.known;
  const float* at_target =
      drugs_known ? values_by_target_.row(static_cast<std::size_t>(target.self)) : nullptr;
  const float* target_mask =
      drugs_known ? mask_by_target_.row(static_cast<std::size_t>(target.self)) : nullptr;
  const float* at_drug = targets_known ? values_.row(static_cast<std::size_t>(drug.self)) : nullptr;
  const float* drug_mask = targets_known ? mask_.row(static_cast<std::size_t>(drug.self)) : nullptr;
  const auto drug_mean = static_cast<float>(drug.mean), target_mean = static_cast<float>(target.mean);
  out = neighbours(drug.similarity, drug.nearest, drug.self, at_target, target_mask, drugs(), drugs_known,
                   target_mean, out);
  out = neighbours(drug.correlation, drug.nearest_profile, drug.self, at_target, target_mask, drugs(),
                   drugs_known, target_mean, out);
  out = neighbours(target.similarity, target.nearest, target.self, at_drug, drug_mask, targets(),
                   targets_known, drug_mean, out);
  out = neighbours(target.correlation, target.nearest_profile, target.self, at_drug, drug_mask, targets(),
                   targets_known, drug_mean, out);
  float sum = background * static_cast<float>(process_.mean), weight = background;
  for (std::size_t d = 0; d < drugs(); ++d) {
    if (static_cast<int>(d) == drug.self) continue;
    const float w = fourth_power(drug.similarity[d]);
    sum += w * target.smoothed[d];
    weight += w * target.smoothed_weight[d];
  }
  *out++ = sum / weight;
  *out++ = std::log(weight);
  float profile = background * static_cast<float>(drug.process_mean), total = background;
  for (std::size_t t = 0; t < targets(); ++t) {
    if (static_cast<int>(t) == target.self) continue;
    const float w = fourth_power(target.similarity[t]);
    profile += w * drug.process[t];
    total += w;
  }
  *out = profile / total;
}

std::vector<float> PairFeatures::rows(const std::vector<PairValue>& pairs) const {
  std::map<std::uint32_t, std::size_t> drug_place, target_place;
  for (const auto& pair : pairs) {
    drug_place.emplace(pair.drug, 0);
    target_place.emplace(pair.target, 0);
  }
  std::vector<std::uint32_t> drug_members, target_members;
  for (auto& [member, place] : drug_place) place = drug_members.size(), drug_members.push_back(member);
  for (auto& [member, place] : target_place) place = target_members.size(), target_members.push_back(member);
  std::vector<PairSide> targets_described(target_members.size());
  tbb::parallel_for(std::size_t{0}, target_members.size(),
                    [&](std::size_t i) { targets_described[i] = target(target_members[i]); });
  std::vector<std::vector<std::size_t>> of_drug(drug_members.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) of_drug[drug_place[pairs[i].drug]].push_back(i);
  std::vector<float> out(pairs.size() * count);
  tbb::parallel_for(std::size_t{0}, drug_members.size(), [&](std::size_t d) {
    const PairSide side = drug(drug_members[d]);
    for (const std::size_t i : of_drug[d])
      fill(side, targets_described[target_place.at(pairs[i].target)], out.data() + i * count);
  });
  return out;
}

}  // namespace theriac::scoring
