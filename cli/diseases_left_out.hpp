// Diseases left out of learning, in groups: nothing that is learned and no feature of a training disease sees
// the treatments of a group's diseases; then all candidate drugs are ranked for each of them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "cli/ranking_figures.hpp"
#include "repurpose/ranking_training.hpp"

namespace theriac::cli {

class Session;

/// The learned ranking, and what it is without some of its lines.
struct RankingVariant {
  std::string name;
  std::vector<std::string> without;
};

/// Lines of path counts that nobody learned and that are summed as they are (`sum_of`): genes of the disease
/// directly, over a pathway and over an interaction, and three ways over drugs in use for a similar disease.
extern const std::vector<std::string> six_path_counts;

/// Names of the lines of a family.
std::vector<std::string> lines_of_family(const repurpose::DiseaseFeatures& features,
                                         repurpose::FeatureFamily family);

struct LeftOutGroup {
  std::vector<std::size_t> judged;                ///< places in the list of judged diseases
  std::vector<std::uint32_t> hidden;              ///< diseases whose treatments no training disease sees
  std::vector<std::uint32_t> hidden_from_judged;  ///< and those that a judged one does not see, its relatives
                                                  ///< apart, which it never sees
};

class DiseasesLeftOut {
 public:
  /// The disease as a question, hiding treatments of some more diseases.
  using Profile = std::function<repurpose::DiseaseProfile(std::uint32_t disease,
                                                          const std::vector<std::uint32_t>& also_hidden)>;

  /// `judged` are diseases of the learning set; one may be judged in several groups. Without `profile` a
  /// disease is asked about as it stands in the graph. Features and set must outlive this.
  DiseasesLeftOut(const repurpose::DiseaseFeatures& features, const repurpose::LearningSet& set,
                  std::vector<std::size_t> judged, std::vector<LeftOutGroup> groups, Profile profile = {});

  /// Scores per variant, judged disease and candidate. False when asked to stop.
  bool run(const std::vector<RankingVariant>& variants, std::vector<DrugRows>& scores, Session& session);

  /// A single line as the score.
  DrugRows line(std::size_t feature) const;
  /// Sum of asinh(count / mean count): what takes no learning.
  DrugRows sum_of(const std::vector<std::string>& names) const;
  /// 1 where a drug is known.
  DrugRows known() const;
  /// "Penalty, chosen within the training diseases: 20 in 50, 5 in 4 of 54 groups".
  std::string penalties() const;

 private:
  void run_group(std::size_t group, const std::vector<RankingVariant>& variants,
                 std::vector<DrugRows>& scores);
  void find_means();

  const repurpose::DiseaseFeatures& features_;
  const repurpose::LearningSet& set_;
  std::vector<std::size_t> judged_;
  std::vector<LeftOutGroup> groups_;
  std::vector<repurpose::PlacedCounts> own_;  ///< per judged disease
  std::vector<double> means_;                 ///< per feature, over candidates and diseases
  std::vector<double> penalties_;             ///< per group
};

/// Groups for leaving out the judged diseases one by one (`count` 0) or in so many parts.
std::vector<LeftOutGroup> groups_of_diseases(const repurpose::LearningSet& set,
                                             const std::vector<std::size_t>& judged, int count);

DrugRows random_scores(std::size_t diseases, std::size_t drugs, std::uint64_t seed);

}  // namespace theriac::cli
