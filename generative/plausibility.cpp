#include "generative/plausibility.hpp"

#include "generative/plausibility_rule.hpp"

namespace theriac::generative {
namespace {

const std::vector<PlausibilityRule>& all_rules() {
  static const std::vector<PlausibilityRule> all = [] {
    std::vector<PlausibilityRule> rules;
    for (const auto& part : {ring_rules(), bond_rules(), group_rules()})
      rules.insert(rules.end(), part.begin(), part.end());
    return rules;
  }();
  return all;
}

}  // namespace

std::string implausible_feature(const chem::MolecularGraph& graph, const PlausibilityLimits& limits) {
  if (graph.atoms.empty()) return "no atoms";
  if (!chem::valences_hold(graph)) return "a valence is exceeded";
  const GraphView view(graph, limits);
  for (const PlausibilityRule& rule : all_rules())
    if (rule.broken(view)) return rule.name;
  return {};
}

std::vector<std::string> plausibility_rules() {
  std::vector<std::string> names;
  for (const PlausibilityRule& rule : all_rules()) names.emplace_back(rule.name);
  return names;
}

}  // namespace theriac::generative
