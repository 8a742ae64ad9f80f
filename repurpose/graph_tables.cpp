#include "repurpose/graph_tables.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_invoke.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

#include "chem/error.hpp"

namespace theriac::repurpose {
namespace {

using datasets::EntityKind;
using datasets::LinkKind;
using datasets::LinkTable;

bool begins(const std::string& name, const std::vector<std::string>& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](const std::string& beginning) { return name.rfind(beginning, 0) == 0; });
}

/// Which links of a store may be used.
class LinkChoice {
 public:
  LinkChoice(const datasets::Store& store, const GraphOptions& options) : store_(store) {
    for (const auto& source : store.sources()) {
      allowed_.push_back(allows(options, source));
      treatment_.push_back(options.treatment_sources.empty() ||
                           begins(source.name, options.treatment_sources));
      mechanism_.push_back(begins(source.name, options.mechanism_sources));
    }
  }

  /// Links of a kind that pass the test, with the weight that it gives (0: left out).
  template <class Weight>
  std::vector<Link> links(LinkKind kind, Weight weight) const {
    const LinkTable& table = store_.links(kind);
    std::vector<Link> out;
    out.reserve(table.size());
    for (std::size_t i = 0; i < table.size(); ++i) {
      if (!allowed_[table.source[i]]) continue;
      const double w = weight(table, i);
      if (w > 0) out.push_back({table.from[i], table.to[i], w});
    }
    return out;
  }
  std::vector<Link> links(LinkKind kind) const {
    return links(kind, [](const LinkTable&, std::size_t) { return 1.0; });
  }
  std::vector<Link> directed(LinkKind kind, int direction) const {
    return links(kind, [direction](const LinkTable& table, std::size_t i) {
      return table.direction[i] == direction ? 1.0 : 0.0;
    });
  }
  /// Bindings with a stated action, from the sources of mechanisms if there are any.
  std::vector<Link> mechanisms() const {
    const auto stated = [](const LinkTable& table, std::size_t i) {
      return table.note[i].empty() && table.direction[i] == 0 ? 0.0 : 1.0;
    };
    auto chosen = links(LinkKind::binds, [&](const LinkTable& table, std::size_t i) {
      return mechanism_[table.source[i]] ? stated(table, i) : 0.0;
    });
    return chosen.empty() ? links(LinkKind::binds, stated) : chosen;
  }
  std::vector<Link> treatments(LinkKind kind) const {
    return links(kind, [this](const LinkTable& table, std::size_t i) {
      return treatment_[table.source[i]] ? 1.0 : 0.0;
    });
  }
  std::size_t nodes(EntityKind kind) const { return store_.entities(kind).size(); }
  Bipartite table(EntityKind from, EntityKind to, std::vector<Link> links) const {
    return Bipartite(nodes(from), nodes(to), std::move(links));
  }

 private:
  const datasets::Store& store_;
  std::vector<bool> allowed_, treatment_, mechanism_;
};

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto at = std::min(text.find(separator), text.size());
    if (at > 0) parts.emplace_back(text.substr(0, at));
    text.remove_prefix(std::min(at + 1, text.size()));
  }
  return parts;
}

/// Therapeutic, pharmacological and chemical subgroup of each code.
void add_atc(GraphTables& graph, const datasets::TextColumn& codes) {
  std::map<std::string, std::vector<std::uint32_t>> members;
  for (std::size_t drug = 0; drug < codes.size(); ++drug)
    for (const auto& code : split(codes[drug], '|'))
      for (const std::size_t length : {3, 4, 5})
        if (code.size() >= length)
          members[code.substr(0, length)].push_back(static_cast<std::uint32_t>(drug));
  std::vector<Link> links;
  for (const auto& [code, drugs] : members) {
    for (const auto drug : drugs)
      links.push_back({drug, static_cast<std::uint32_t>(graph.atc_groups.size())});
    graph.atc_groups.push_back(code);
  }
  graph.coded = Bipartite(graph.drugs, graph.atc_groups.size(), std::move(links));
}

std::vector<std::vector<std::uint32_t>> parents_of(std::size_t diseases, const std::vector<Link>& is_a) {
  std::vector<std::vector<std::uint32_t>> parents(diseases);
  for (const auto& link : is_a) parents[link.row].push_back(link.column);
  return parents;
}

std::vector<std::vector<std::uint32_t>> relatives_of(const std::vector<std::vector<std::uint32_t>>& parents) {
  const std::size_t diseases = parents.size();
  std::vector<std::vector<std::uint32_t>> children(diseases), relatives(diseases);
  for (std::uint32_t d = 0; d < diseases; ++d)
    for (const auto parent : parents[d]) children[parent].push_back(d);
  for (std::uint32_t d = 0; d < diseases; ++d) {
    std::vector<std::uint32_t> all = {d};
    for (const auto* next : {&parents, &std::as_const(children)}) {
      std::vector<std::uint32_t> open = {d};
      while (!open.empty()) {
        const auto now = open.back();
        open.pop_back();
        for (const auto other : (*next)[now])
          if (std::find(all.begin(), all.end(), other) == all.end()) {
            all.push_back(other);
            open.push_back(other);
          }
      }
    }
    std::sort(all.begin(), all.end());
    relatives[d] = std::move(all);
  }
  return relatives;
}

void append(std::vector<Link>& to, const std::vector<Link>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

void add_drug_tables(GraphTables& graph, const LinkChoice& choice) {
  constexpr auto drug = EntityKind::drug, target = EntityKind::target;
  graph.binds = choice.table(drug, target, choice.links(LinkKind::binds));
  graph.acts_on = choice.table(drug, target, choice.mechanisms());
  graph.raises = choice.table(drug, target, choice.directed(LinkKind::changes_expression, 1));
  graph.lowers = choice.table(drug, target, choice.directed(LinkKind::changes_expression, -1));
  graph.member_of = choice.table(drug, EntityKind::drug_class, choice.links(LinkKind::member_of));
  graph.causes = choice.table(drug, EntityKind::side_effect, choice.links(LinkKind::causes));
  graph.resembles = Bipartite::symmetric(graph.drugs, choice.links(LinkKind::resembles_drug));
  graph.treatments = choice.treatments(LinkKind::treats);
  append(graph.treatments, choice.treatments(LinkKind::palliates));
}

void add_target_tables(GraphTables& graph, const LinkChoice& choice) {
  constexpr auto target = EntityKind::target;
  graph.interacts = Bipartite::symmetric(graph.targets, choice.links(LinkKind::interacts));
  graph.takes_part = choice.table(target, EntityKind::pathway, choice.links(LinkKind::takes_part));
  graph.process_of = choice.table(target, EntityKind::process, choice.links(LinkKind::process_of));
  graph.raised_in = choice.table(EntityKind::anatomy, target, choice.directed(LinkKind::expressed, 1));
}

void add_disease_tables(GraphTables& graph, const LinkChoice& choice) {
  constexpr auto disease = EntityKind::disease, target = EntityKind::target;
  graph.associated = choice.table(disease, target, choice.links(LinkKind::associated));
  graph.raised = choice.table(disease, target, choice.directed(LinkKind::expression_in, 1));
  graph.lowered = choice.table(disease, target, choice.directed(LinkKind::expression_in, -1));
  graph.localizes = choice.table(disease, EntityKind::anatomy, choice.links(LinkKind::localizes));
  graph.similar = Bipartite::symmetric(
      graph.diseases, choice.links(LinkKind::resembles_disease, [](const LinkTable& t, std::size_t i) {
        return std::isnan(t.strength[i]) ? 1.0 : 0.0;
      }));
  graph.comentioned = Bipartite::symmetric(
      graph.diseases,
      choice.links(LinkKind::resembles_disease,
                   [](const LinkTable& t, std::size_t i) {
                     return t.strength[i] > 0 ? std::pow(std::log1p(static_cast<double>(t.strength[i])), 3)
                                              : 0.0;
                   }),
      0.0);
  graph.parents = parents_of(graph.diseases, choice.links(LinkKind::is_a));
  graph.relatives = relatives_of(graph.parents);
}

void size_empty(Bipartite& table, std::size_t rows, std::size_t columns, const char* name) {
  if (table.size() == 0 && table.rows() == 0) {
    table = Bipartite(rows, columns, {});
  } else if (table.rows() != rows || table.columns() != columns) {
    throw UsageError(fmt::format("table '{}' joins {} and {} nodes, there are {} and {}", name, table.rows(),
                                 table.columns(), rows, columns));
  }
}

}  // namespace

bool allows(const GraphOptions& options, const datasets::Source& source) {
  const auto& licences = options.licences;
  return licences.empty() ||
         std::find(licences.begin(), licences.end(), source.licence_class) != licences.end();
}

void GraphTables::complete() {
  size_empty(binds, drugs, targets, "binds");
  size_empty(acts_on, drugs, targets, "acts_on");
  size_empty(raises, drugs, targets, "raises");
  size_empty(lowers, drugs, targets, "lowers");
  size_empty(resembles, drugs, drugs, "resembles");
  size_empty(interacts, targets, targets, "interacts");
  size_empty(associated, diseases, targets, "associated");
  size_empty(raised, diseases, targets, "raised");
  size_empty(lowered, diseases, targets, "lowered");
  size_empty(similar, diseases, diseases, "similar");
  size_empty(comentioned, diseases, diseases, "comentioned");
  size_empty(localizes, diseases, std::max(localizes.columns(), raised_in.rows()), "localizes");
  size_empty(raised_in, localizes.columns(), targets, "raised_in");
  size_empty(coded, drugs, atc_groups.size(), "coded");
  size_empty(member_of, drugs, member_of.columns(), "member_of");
  size_empty(causes, drugs, causes.columns(), "causes");
  size_empty(takes_part, targets, takes_part.columns(), "takes_part");
  size_empty(process_of, targets, process_of.columns(), "process_of");
  for (const auto& link : treatments)
    if (link.row >= drugs || link.column >= diseases)
      throw UsageError("a treatment leaves the tables of nodes");
  parents.resize(diseases);
  if (relatives.size() != diseases) relatives = relatives_of(parents);

  std::vector<Link> changes;
  const auto shift = static_cast<std::uint32_t>(targets);
  for (std::uint32_t drug = 0; drug < drugs; ++drug) {
    for (const auto& gene : raises.of_row(drug)) changes.push_back({drug, gene.node});
    for (const auto& gene : lowers.of_row(drug)) changes.push_back({drug, gene.node + shift});
  }
  expression = Bipartite(drugs, 2 * targets, std::move(changes));
  unit_targets = binds.with_unit_rows();
  unit_classes = member_of.with_unit_rows();
  unit_codes = coded.with_unit_rows();
  unit_effects = causes.with_unit_rows();
}

namespace {

/// A table of links is checked when it is first asked for: the large ones side by side, not one after the
/// other.
void check_links(const datasets::Store& store) {
  constexpr LinkKind used[] = {LinkKind::expressed,          LinkKind::interacts, LinkKind::causes,
                               LinkKind::process_of,         LinkKind::binds,     LinkKind::takes_part,
                               LinkKind::changes_expression, LinkKind::member_of, LinkKind::expression_in,
                               LinkKind::associated};
  tbb::parallel_for(
      std::size_t{0}, std::size(used), [&](std::size_t i) { store.links(used[i]); },
      tbb::simple_partitioner());
}

}  // namespace

GraphTables GraphTables::from_store(const datasets::Store& store, const GraphOptions& options) {
  const LinkChoice choice(store, options);
  GraphTables graph;
  graph.drugs = choice.nodes(EntityKind::drug);
  graph.targets = choice.nodes(EntityKind::target);
  graph.diseases = choice.nodes(EntityKind::disease);
  check_links(store);
  tbb::parallel_invoke([&] { add_drug_tables(graph, choice); }, [&] { add_target_tables(graph, choice); },
                       [&] {
                         add_disease_tables(graph, choice);
                         add_atc(graph, store.entities(EntityKind::drug).text("atc"));
                       });
  graph.complete();
  return graph;
}

}  // namespace theriac::repurpose
