// New indications, after Project Rephetio (D. S. Himmelstein et al., eLife 6, e26726 (2017)): weights are
// learned from the treatments of a learning set; pairs that only another source has are the positives, all
// other pairs that the set does not know the negatives.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "repurpose/knowledge_graph.hpp"
#include "repurpose/ranking_training.hpp"

namespace theriac::cli {

/// One set of new indications.
struct NewIndicationFigures {
  std::string set, method;
  std::size_t pairs = 0, new_pairs = 0;
  double auroc = 0, average_precision = 0;
};

/// Per source of the store whose name begins so: the learned ranking, and the product of the two degrees.
/// Those without a new pair are left out.
std::vector<NewIndicationFigures> new_indications(const repurpose::KnowledgeGraph& graph,
                                                  const repurpose::LearningSet& set,
                                                  const std::vector<std::string>& sources);

}  // namespace theriac::cli
