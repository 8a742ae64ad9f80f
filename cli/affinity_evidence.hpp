// Affinities that the model that ships predicts for drugs of a store: shown beside evidence, no part of a
// rank. Nobody measured them in this store, and outside what the model knows there is no number.
#pragma once
#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "datasets/store.hpp"
#include "scoring/score.hpp"

namespace theriac::scoring {
class AffinityModel;
class AffinityScorer;
}  // namespace theriac::scoring

namespace theriac::cli {

struct PredictedAffinity {
  std::uint32_t drug = 0, target = 0;
  std::string gene, taken_as;  ///< the store's name; the model's target that stands for it
  scoring::Score score;        ///< of domain `out` where there is no basis
};

/// One target as the model sees it; without a scorer there is no basis.
struct AffinityTarget {
  std::uint32_t target = 0;
  std::string gene, taken_as;
  std::shared_ptr<const scoring::AffinityScorer> scorer;
};

class AffinityEvidence {
 public:
  /// Null when the model is not installed. Throws ModelError when it is damaged.
  static std::unique_ptr<AffinityEvidence> shipped();

  /// By the name of the gene, with the variant where the model was shown it ("EGFR(T790M)").
  AffinityTarget by_name(const datasets::Store& store, std::uint32_t target,
                         const std::string& variant = {}) const;
  /// By name, else by the sequence that the store has.
  AffinityTarget by_name_or_sequence(const datasets::Store& store, std::uint32_t target,
                                     const std::string& variant = {}) const;
  /// Of one drug, strongest first; those without basis last. Empty for drugs without a structure.
  std::vector<PredictedAffinity> of_drug(const datasets::Store& store, std::uint32_t drug,
                                         const std::vector<AffinityTarget>& targets) const;
  /// "affinity-davis, protein kinases"
  std::string model_words() const;

 private:
  std::shared_ptr<const scoring::AffinityModel> model_;
};

/// Of drugs for those of the targets that the model knows by name: at most `most` a drug, or one line without
/// basis for a drug like none that was measured. A list a drug; empty lists when the model is not installed.
std::vector<std::vector<PredictedAffinity>> predicted_affinities(const datasets::Store& store,
                                                                 const std::vector<std::uint32_t>& drugs,
                                                                 const std::vector<std::uint32_t>& targets,
                                                                 std::size_t most = 5);

/// "predicted affinity for EGFR: pKd 7.9 (90 % interval 7.1 to 8.6), in domain".
std::string predicted_affinity_words(const PredictedAffinity& affinity);
/// "affinity-davis, as EGFR; nearest measured drug 0.82 alike"; says so where the model learned from this
/// very pair.
std::string predicted_affinity_source(const PredictedAffinity& affinity);
/// Numbers are null without basis.
nlohmann::ordered_json predicted_affinity_json(const PredictedAffinity& affinity);

}  // namespace theriac::cli
