// Drugs ranked for a disease, a list of genes or a signature; and why each stands where it does.
//
// The features of a pair never see the link of that pair, so a drug in use is ranked as if it had to be found
// again. Contributions and intercept sum to the logit.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "repurpose/evidence.hpp"
#include "repurpose/gene_profile.hpp"
#include "repurpose/knowledge_graph.hpp"
#include "repurpose/ranking_model.hpp"

namespace theriac::repurpose {

struct RankOptions {
  bool popularity = true;  ///< false: the lines of popularity contribute 0
  std::vector<std::uint32_t>
      without;               ///< drugs whose links to this disease and its relatives are not looked at
  bool without_all = false;  ///< no drug's are: as if nothing were in use for it
};

/// The numbers of a ranking without their reasons, per drug of the store.
struct DrugScores {
  std::vector<double> logits, probabilities;  ///< NaN without basis
};
/// How much of the evidence is followed back to paths.
struct PathOptions {
  std::size_t per_line = 5;
  bool main_line_only = false;  ///< of the line that adds most, popularity apart: the reason in short
};

/// A question, and the numbers of every drug that answer it: found once, then ranked and explained. Model
/// and graph must outlive it. Thread-safe.
class RankingQuestion {
 public:
  /// Throws UsageError when the disease is out of range and ModelError when the model knows other lines.
  RankingQuestion(const RankingModel& model, const KnowledgeGraph& graph, std::uint32_t disease,
                  const RankOptions& options = {});
  /// Genes without a stated change stand for the associated genes of a disease, those with one for its
  /// expression (a signature). Throws UsageError when the profile is empty.
  RankingQuestion(const RankingModel& model, const KnowledgeGraph& graph, const GeneProfile& profile,
                  const RankOptions& options = {});
  RankingQuestion(RankingQuestion&&) noexcept;
  RankingQuestion& operator=(RankingQuestion&&) noexcept;
  ~RankingQuestion();

  Ranking ranking() const;
  /// The numbers of `ranking()`, in a fraction of its memory and time: for all diseases one after the other.
  DrugScores scores() const;
  /// Per drug, the lines that contribute to its logit, the strongest first, with their heaviest paths. Throws
  /// UsageError when a drug is out of range.
  std::vector<std::vector<Evidence>> explained(const std::vector<std::uint32_t>& drugs,
                                               const PathOptions& paths = {}) const;

 private:
  friend std::vector<DrugScores> score_diseases(const RankingModel&, const KnowledgeGraph&,
                                                const std::vector<std::uint32_t>&, const RankOptions&);
  struct Numbers;
  static std::unique_ptr<const Numbers> numbers_of(const RankingModel& model, const KnowledgeGraph& graph,
                                                   DiseaseProfile profile, const RankOptions& options);
  explicit RankingQuestion(std::unique_ptr<const Numbers> numbers);
  std::unique_ptr<const Numbers> numbers_;
};

Ranking rank_disease(const RankingModel& model, const KnowledgeGraph& graph, std::uint32_t disease,
                     const RankOptions& options = {});
/// One per disease; several together take less time than one after the other.
std::vector<DrugScores> score_diseases(const RankingModel& model, const KnowledgeGraph& graph,
                                       const std::vector<std::uint32_t>& diseases,
                                       const RankOptions& options);

}  // namespace theriac::repurpose
