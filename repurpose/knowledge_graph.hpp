// The knowledge store, made ready for ranking: its links as tables, and the walks over them.
//
// Building takes a fraction of a second; after that any number of threads may ask any number of questions.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "datasets/store.hpp"
#include "repurpose/disease_features.hpp"
#include "repurpose/evidence.hpp"
#include "repurpose/graph_tables.hpp"

namespace theriac::repurpose {

class KnowledgeGraph {
 public:
  /// The store must outlive the graph and stay where it is.
  explicit KnowledgeGraph(const datasets::Store& store, const GraphOptions& options = {});
  KnowledgeGraph(KnowledgeGraph&&) noexcept;
  KnowledgeGraph& operator=(KnowledgeGraph&&) noexcept;
  ~KnowledgeGraph();

  const datasets::Store& store() const { return *store_; }
  const GraphTables& tables() const { return *tables_; }
  const DiseaseFeatures& features() const { return *features_; }

  /// With the rows of the store's links, and the disease as its last node where the walk leads to one. A
  /// common ATC group, which is no entity of the store, is a step in words between the two drugs.
  EvidencePath path(const WalkedPath& walked, std::int64_t disease) const;

 private:
  bool add_by_relative(EvidencePath& path, const Hop& last, std::uint32_t disease) const;
  std::int64_t link_row(const Hop& hop, std::uint32_t from, std::uint32_t to) const;

  const datasets::Store* store_;
  std::vector<bool> allowed_;  ///< per source
  std::unique_ptr<GraphTables> tables_;
  std::unique_ptr<DiseaseFeatures> features_;
};

}  // namespace theriac::repurpose
