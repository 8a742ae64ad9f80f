#include "scoring/drug_rules.hpp"

#include <fmt/format.h>

#include <limits>
#include <string>

namespace theriac::scoring {
namespace {

constexpr double no_limit = std::numeric_limits<double>::infinity();

double weight(const RuleMeasures& m) {
  return m.descriptors.molecular_weight;
}
double log_p(const RuleMeasures& m) {
  return m.descriptors.clogp;
}
double tpsa(const RuleMeasures& m) {
  return m.descriptors.tpsa;
}
double rotatable(const RuleMeasures& m) {
  return m.descriptors.rotatable_bonds;
}
double refractivity(const RuleMeasures& m) {
  return m.descriptors.molar_refractivity;
}
double atoms(const RuleMeasures& m) {
  return m.atoms;
}
double carbons(const RuleMeasures& m) {
  return m.carbons;
}
double rings(const RuleMeasures& m) {
  return m.descriptors.rings;
}
double heteroatoms(const RuleMeasures& m) {
  return m.descriptors.heteroatoms;
}
double acceptors(const RuleMeasures& m) {
  return m.descriptors.hydrogen_bond_acceptors;
}
double donors(const RuleMeasures& m) {
  return m.descriptors.hydrogen_bond_donors;
}

}  // namespace

RuleMeasures rule_measures(const chem::Descriptors& descriptors, const chem::ElementCounts& elements) {
  return {descriptors, elements.total(), elements.of(6)};
}

const std::vector<DrugRule>& drug_rules() {
  static const std::vector<DrugRule> all = {
      {"veber",
       "limits broken of Veber's rule (2002)",
       false,
       {{"rotb", rotatable, -no_limit, 10}, {"tpsa", tpsa, -no_limit, 140}}},
      {"egan",
       "limits broken of Egan's rule (2000)",
       true,
       {{"clogp", log_p, -no_limit, 5.88}, {"tpsa", tpsa, -no_limit, 131.6}}},
      {"ghose",
       "limits broken of Ghose's filter (1999)",
       true,
       {{"mw", weight, 160, 480},
        {"clogp", log_p, -0.4, 5.6},
        {"mr", refractivity, 40, 130},
        {"atoms", atoms, 20, 70}}},
      {"muegge",
       "limits broken of Muegge's filter (2001)",
       true,
       {{"mw", weight, 200, 600},
        {"clogp", log_p, -2, 5},
        {"tpsa", tpsa, -no_limit, 150},
        {"rings", rings, -no_limit, 7},
        {"carbons", carbons, 5, no_limit},
        {"heteroatoms", heteroatoms, 2, no_limit},
        {"rotb", rotatable, -no_limit, 15},
        {"hba", acceptors, -no_limit, 10},
        {"hbd", donors, -no_limit, 5}}}};
  return all;
}

std::vector<std::string> broken_limits(const DrugRule& rule, const RuleMeasures& measures) {
  std::vector<std::string> out;
  for (const RuleLimit& limit : rule.limits) {
    const double value = limit.value(measures);
    if (value < limit.low) out.push_back(fmt::format("{} {:.4g} < {:g}", limit.name, value, limit.low));
    if (value > limit.high) out.push_back(fmt::format("{} {:.4g} > {:g}", limit.name, value, limit.high));
  }
  return out;
}

}  // namespace theriac::scoring
