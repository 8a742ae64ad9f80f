#include "repurpose/knowledge_graph.hpp"

#include <algorithm>
#include <utility>

namespace theriac::repurpose {

using datasets::EntityKind;
using datasets::LinkKind;

KnowledgeGraph::KnowledgeGraph(const datasets::Store& store, const GraphOptions& options)
    : store_(&store),
      tables_(std::make_unique<GraphTables>(GraphTables::from_store(store, options))),
      features_(std::make_unique<DiseaseFeatures>(*tables_)) {
  for (const auto& source : store.sources()) allowed_.push_back(allows(options, source));
}
KnowledgeGraph::KnowledgeGraph(KnowledgeGraph&&) noexcept = default;
KnowledgeGraph& KnowledgeGraph::operator=(KnowledgeGraph&&) noexcept = default;
KnowledgeGraph::~KnowledgeGraph() = default;

/// The link with a reference where several join the two; -1 when there is none.
std::int64_t KnowledgeGraph::link_row(const Hop& hop, std::uint32_t from, std::uint32_t to) const {
  const auto& table = store_->links(hop.link);
  std::int64_t found = -1;
  const auto look = [&](std::uint32_t first, std::uint32_t second) {
    if (first + 1 >= table.from_offsets.size()) return;
    const auto begin = table.from_offsets[first], end = table.from_offsets[first + 1];
    auto row = static_cast<std::uint64_t>(
        std::lower_bound(table.to.begin() + begin, table.to.begin() + end, second) - table.to.begin());
    for (; row < end && table.to[row] == second; ++row) {
      if (!allowed_[table.source[row]] || (hop.direction != 0 && table.direction[row] != hop.direction))
        continue;
      const bool better = found < 0 || (table.reference[static_cast<std::size_t>(found)].empty() &&
                                        !table.reference[row].empty());
      if (better) found = static_cast<std::int64_t>(row);
    }
  };
  look(hop.backward ? to : from, hop.backward ? from : to);
  const auto [first_kind, second_kind] = datasets::link_ends(hop.link);
  if (found < 0 && first_kind == second_kind) look(hop.backward ? from : to, hop.backward ? to : from);
  return found;
}

/// What is linked to a term above or below the disease: by way of that term.
bool KnowledgeGraph::add_by_relative(EvidencePath& path, const Hop& last, std::uint32_t disease) const {
  if (last.to != EntityKind::disease) return false;
  const bool of_drug = path.nodes.back().kind == EntityKind::drug;
  Hop hop = last;
  for (const auto relative : tables_->relatives[disease])
    for (const auto kind : of_drug ? std::vector<LinkKind>{LinkKind::treats, LinkKind::palliates}
                                   : std::vector<LinkKind>{last.link}) {
      hop.link = kind;
      const auto row = link_row(hop, path.nodes.back().entity, relative);
      if (row < 0) continue;
      path.nodes.push_back({EntityKind::disease, relative});
      path.links.push_back({kind, static_cast<std::uint32_t>(row), ""});
      path.nodes.push_back({EntityKind::disease, disease});
      path.links.push_back({LinkKind::is_a, 0, "related term of"});
      return true;
    }
  return false;
}

EvidencePath KnowledgeGraph::path(const WalkedPath& walked, std::int64_t disease) const {
  EvidencePath path;
  path.share = walked.share;
  const auto genes = static_cast<std::uint32_t>(tables_->targets);
  path.nodes.push_back({EntityKind::drug, walked.nodes.front()});
  for (std::size_t i = 0; i < walked.hops.size(); ++i) {
    Hop hop = walked.hops[i];
    const bool last = i + 1 == walked.hops.size();
    if (last && (disease < 0 || !hop.linked)) break;
    if (!hop.linked) {  // to an ATC group and on to another drug of it: one step in words
      const auto& group = tables_->atc_groups[walked.nodes[i + 1]];
      path.nodes.push_back({EntityKind::drug, walked.nodes[i + 2]});
      path.links.push_back({hop.link, 0, "same ATC group " + group});
      ++i;
      continue;
    }
    std::uint32_t node = last ? static_cast<std::uint32_t>(disease) : walked.nodes[i + 1];
    if (hop.link == LinkKind::treats && link_row(hop, path.nodes.back().entity, node) < 0)
      hop.link = LinkKind::palliates;
    if (hop.link == LinkKind::changes_expression && hop.direction == 0) {  // raised genes, then lowered ones
      const std::uint32_t gene = hop.backward ? walked.nodes[i] : node;
      hop.direction = gene < genes ? 1 : -1;
      if (!hop.backward) node %= genes;
    }
    const auto row = link_row(hop, path.nodes.back().entity, node);
    if (row >= 0) {
      path.nodes.push_back({hop.to, node});
      path.links.push_back({hop.link, static_cast<std::uint32_t>(row), ""});
    } else if (!add_by_relative(path, hop, node)) {
      path.nodes.push_back({hop.to, node});
      path.links.push_back({hop.link, 0, hop.to == EntityKind::disease ? "named together with" : "linked"});
    }
  }
  return path;
}

}  // namespace theriac::repurpose
