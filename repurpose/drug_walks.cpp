#include "repurpose/drug_walks.hpp"

namespace theriac::repurpose {
namespace {

using datasets::EntityKind;
using datasets::LinkKind;

Walk operator+(Walk walk, const Walk& next) {
  walk.steps.insert(walk.steps.end(), next.steps.begin(), next.steps.end());
  walk.hops.insert(walk.hops.end(), next.hops.begin(), next.hops.end());
  return walk;
}

Walk forth(const Bipartite& table, LinkKind link, int direction = 0) {
  return {{{&table}}, {}, {{datasets::link_ends(link).second, true, link, false, direction}}};
}

Walk back(const Bipartite& table, LinkKind link, int direction = 0) {
  return {{{&table, true}}, {}, {{datasets::link_ends(link).first, true, link, true, direction}}};
}

Walk distinct(Walk walk, std::vector<Distinct> pairs) {
  walk.distinct = std::move(pairs);
  return walk;
}

/// Steps over tables that are no links of the store.
Walk unlinked(Walk walk) {
  for (auto& hop : walk.hops) hop.linked = false;
  return walk;
}

}  // namespace

Hop last_hop(WalkEnd end) {
  constexpr auto disease = EntityKind::disease;
  switch (end) {
    case WalkEnd::associated_gene:
      return {disease, true, LinkKind::associated, true, 0};
    case WalkEnd::raised_gene:
      return {disease, true, LinkKind::expression_in, true, 1};
    case WalkEnd::lowered_gene:
      return {disease, true, LinkKind::expression_in, true, -1};
    case WalkEnd::organ:
      return {disease, true, LinkKind::localizes, true, 0};
    case WalkEnd::comentioned_disease:
      break;
  }
  return {disease, true, LinkKind::resembles_disease, false, 0};
}

std::vector<MechanismLine> mechanism_lines(const GraphTables& g) {
  const Walk binds = forth(g.binds, LinkKind::binds), acts = forth(g.acts_on, LinkKind::binds);
  const Walk raises = forth(g.raises, LinkKind::changes_expression, 1);
  const Walk lowers = forth(g.lowers, LinkKind::changes_expression, -1);
  const Walk pathway = forth(g.takes_part, LinkKind::takes_part) + back(g.takes_part, LinkKind::takes_part);
  const Walk process = forth(g.process_of, LinkKind::process_of) + back(g.process_of, LinkKind::process_of);
  const Walk partner = forth(g.interacts, LinkKind::interacts);
  const Walk abundant = back(g.raised_in, LinkKind::expressed, 1);
  const Walk other_disease = back(g.associated, LinkKind::associated);
  const std::vector<Distinct> other_gene = {{1, 3}};
  constexpr auto gene = WalkEnd::associated_gene, up = WalkEnd::raised_gene, down = WalkEnd::lowered_gene;
  return {
      {"CbGaD", "binds genes of the disease", binds, gene},
      {"CmGaD", "acts on genes of the disease", acts, gene},
      {"CbGpPWpGaD", "its targets share pathways with genes of the disease",
       distinct(binds + pathway, other_gene), gene},
      {"CmGpPWpGaD", "the targets it acts on share pathways with genes of the disease",
       distinct(acts + pathway, other_gene), gene},
      {"CbGpGOpGaD", "its targets share processes with genes of the disease",
       distinct(binds + process, other_gene), gene},
      {"CbGiGaD", "its targets interact with genes of the disease", binds + partner, gene},
      {"CuGdD", "raises genes that are low in the disease", raises, down},
      {"CdGuD", "lowers genes that are high in the disease", lowers, up},
      {"CuGuD", "raises genes that are high in the disease", raises, up},
      {"CdGdD", "lowers genes that are low in the disease", lowers, down},
      {"CuGaD", "raises genes of the disease", raises, gene},
      {"CdGaD", "lowers genes of the disease", lowers, gene},
      {"CbGuAlD", "its targets are abundant in the organs of the disease", binds + abundant, WalkEnd::organ},
      {"CbGaDmD", "binds genes of diseases that articles name together with this one", binds + other_disease,
       WalkEnd::comentioned_disease},
      {"CmGaDmD", "acts on genes of diseases that articles name together with this one", acts + other_disease,
       WalkEnd::comentioned_disease},
  };
}

std::vector<DrugLikeness> drug_likenesses(const GraphTables& g) {
  const auto out_and_back = [](const Bipartite& table, LinkKind link) {
    return distinct(forth(table, link) + back(table, link), {{0, 2}});
  };
  const Walk pathway = forth(g.takes_part, LinkKind::takes_part) + back(g.takes_part, LinkKind::takes_part);
  const Walk targets = out_and_back(g.unit_targets, LinkKind::binds);
  const Walk classes = out_and_back(g.unit_classes, LinkKind::member_of);
  const Walk codes = unlinked(out_and_back(g.unit_codes, LinkKind::member_of));
  const Walk effects = out_and_back(g.unit_effects, LinkKind::causes);
  return {
      {"C", "it", {}},
      {"CrC", "a drug of similar structure", forth(g.resembles, LinkKind::resembles_drug)},
      {"CbGbC", "a drug with the same targets", out_and_back(g.binds, LinkKind::binds)},
      {"CmGmC", "a drug that acts on the same targets", out_and_back(g.acts_on, LinkKind::binds)},
      {"CxGxC", "a drug that changes the same genes",
       out_and_back(g.expression, LinkKind::changes_expression)},
      {"CbGpPWpGbC", "a drug with targets in the same pathways",
       distinct(forth(g.binds, LinkKind::binds) + pathway + back(g.binds, LinkKind::binds),
                {{1, 3}, {0, 4}})},
      {"CiPCiC", "a drug of the same class", out_and_back(g.member_of, LinkKind::member_of)},
      {"CiATiC", "a drug of the same ATC group", unlinked(out_and_back(g.coded, LinkKind::member_of))},
      {"CcSEcC", "a drug with the same side effects", out_and_back(g.causes, LinkKind::causes)},
      {"CbGbC-cos-", "a drug with much the same targets", targets, LikenessCount::cosine},
      {"CiPCiC-cos-", "a drug of much the same classes", classes, LikenessCount::cosine},
      {"CiATiC-cos-", "a drug of much the same ATC groups", codes, LikenessCount::cosine},
      {"CcSEcC-cos-", "a drug with much the same side effects", effects, LikenessCount::cosine},
  };
}

}  // namespace theriac::repurpose
