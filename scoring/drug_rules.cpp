#include "scoring/drug_rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <tbb/parallel_for.h>

#include <limits>
#include <string>

#include "chem/descriptors.hpp"
#include "chem/element_counts.hpp"

namespace theriac::scoring {
namespace {

constexpr double no_limit = std::numeric_limits<double>::infinity();

/// What the rules look at.
struct Measures {
  chem::Descriptors d;
  int atoms = 0, carbons = 0;  ///< hydrogens among the atoms
};

struct Limit {
  const char* name;
  double (*value)(const Measures&);
  double low, high;  ///< both allowed
};

struct Rule {
  const char* name;
  const char* method;
  bool log_p;
  std::vector<Limit> limits;
};

double weight(const Measures& m) {
  return m.d.molecular_weight;
}
double log_p(const Measures& m) {
  return m.d.clogp;
}
double tpsa(const Measures& m) {
  return m.d.tpsa;
}
double rotatable(const Measures& m) {
  return m.d.rotatable_bonds;
}
double refractivity(const Measures& m) {
  return m.d.molar_refractivity;
}
double atoms(const Measures& m) {
  return m.atoms;
}
double carbons(const Measures& m) {
  return m.carbons;
}
double rings(const Measures& m) {
  return m.d.rings;
}
double heteroatoms(const Measures& m) {
  return m.d.heteroatoms;
}
double acceptors(const Measures& m) {
  return m.d.hydrogen_bond_acceptors;
}
double donors(const Measures& m) {
  return m.d.hydrogen_bond_donors;
}

const std::vector<Rule>& rules() {
  static const std::vector<Rule> all = {
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

std::vector<std::string> broken(const Rule& rule, const Measures& measures) {
  std::vector<std::string> out;
  for (const Limit& limit : rule.limits) {
    const double value = limit.value(measures);
    if (value < limit.low) out.push_back(fmt::format("{} {:.4g} < {:g}", limit.name, value, limit.low));
    if (value > limit.high) out.push_back(fmt::format("{} {:.4g} > {:g}", limit.name, value, limit.high));
  }
  return out;
}

}  // namespace

RuleScorer::RuleScorer() {
  for (const Rule& rule : rules())
    kinds_.push_back(std::make_shared<const ScoreKind>(
        ScoreKind{rule.name, "", Direction::lower_is_better, rule.method, "1"}));
}

std::vector<ScoreRow> RuleScorer::score(const std::vector<chem::Molecule>& molecules) const {
  std::vector<ScoreRow> rows(molecules.size());
  tbb::parallel_for(std::size_t{0}, molecules.size(), [&](std::size_t i) {
    try {
      const auto elements = chem::element_counts(molecules[i]);
      const Measures measures{chem::descriptors(molecules[i]), elements.total(), elements.of(6)};
      for (std::size_t k = 0; k < kinds_.size(); ++k) {
        const auto names = broken(rules()[k], measures);
        const auto count = static_cast<double>(names.size());
        const bool known = !rules()[k].log_p || measures.d.unusual_atoms == 0;
        rows[i].scores.push_back({kinds_[k], count, count, count, known ? Domain::in : Domain::out,
                                  fmt::format("{}", fmt::join(names, "; "))});
      }
    } catch (const std::exception& e) {
      rows[i].scores.clear();
      rows[i].message = fmt::format("cannot judge '{}' by rules: {}", molecules[i].smiles(), e.what());
    }
  });
  return rows;
}

}  // namespace theriac::scoring
