#include "scoring/property_scorer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <exception>
#include <functional>

#include "chem/descriptors.hpp"
#include "chem/error.hpp"
#include "chem/structural_alerts.hpp"
#include "scoring/drug_likeness.hpp"
#include "scoring/drug_rules.hpp"
#include "scoring/measured_molecule.hpp"
#include "scoring/synthetic_accessibility.hpp"

namespace theriac::scoring {
namespace {

using chem::AlertSet;

constexpr double crippen_standard_deviation = 0.677;  // Wildman and Crippen 1999, 9920 molecules
constexpr double normal_95 = 1.96;
constexpr std::size_t most_occurrences = 20;  // of one alert, written out
// of 3,000 molecules from ChEMBL, ZINC and screening sets, 98 % know 0.91 or more of their fragments, all
// 0.80
constexpr double sa_known_in = 0.9, sa_known_edge = 0.8;

Domain clogp_domain(const MeasuredMolecule& m) {
  return m.descriptors().unusual_atoms == 0 ? Domain::in : Domain::out;
}

Domain sa_domain(double known_share) {
  return known_share >= sa_known_in ? Domain::in : known_share >= sa_known_edge ? Domain::edge : Domain::out;
}

/// A score without its kind.
Score exact(double value, Domain domain = Domain::in, std::string detail = {}) {
  return {nullptr, value, value, value, domain, std::move(detail)};
}

Score clogp(const MeasuredMolecule& m) {
  Score score = exact(m.descriptors().clogp, clogp_domain(m));
  score.low -= normal_95 * crippen_standard_deviation;
  score.high += normal_95 * crippen_standard_deviation;
  return score;
}

Score sa(const MeasuredMolecule& m) {
  const auto& found = m.synthetic_accessibility();
  return exact(found.score, sa_domain(found.known_share));
}

Score broken(const DrugRule& rule, const MeasuredMolecule& m) {
  const auto limits = broken_limits(rule, rule_measures(m.descriptors(), m.elements()));
  return exact(static_cast<double>(limits.size()), rule.log_p ? clogp_domain(m) : Domain::in,
               fmt::format("{}", fmt::join(limits, "; ")));
}

/// "quinone_A(370) [0 1 2 5] [7 8 9 12]; azo_A(324) [3 4]"
Score alerts(AlertSet first, AlertSet last, const MeasuredMolecule& m) {
  std::string text;
  int count = 0;
  for (const auto& alert : m.alerts()) {
    if (alert.set < first || alert.set > last) continue;
    ++count;
    text += (text.empty() ? "" : "; ") + alert.name;
    const std::size_t shown = std::min(alert.atoms.size(), most_occurrences);
    for (std::size_t i = 0; i < shown; ++i) text += fmt::format(" [{}]", fmt::join(alert.atoms[i], " "));
    if (shown < alert.atoms.size()) text += fmt::format(" and {} more", alert.atoms.size() - shown);
  }
  return exact(count, Domain::in, std::move(text));
}

std::shared_ptr<const ScoreKind> kind(std::string name, std::string unit, Direction direction,
                                      std::string method, std::string version) {
  return std::make_shared<const ScoreKind>(
      ScoreKind{std::move(name), std::move(unit), direction, std::move(method), std::move(version)});
}

}  // namespace

struct PropertyScorer::Column {
  std::shared_ptr<const ScoreKind> kind;
  std::function<Score(const MeasuredMolecule&)> score;
};

const std::vector<PropertyScorer::Column>& PropertyScorer::all_columns() {
  using M = MeasuredMolecule;
  static const auto columns = [] {
    std::vector<Column> out;
    const auto add = [&out](const char* name, Direction direction, const char* method, const char* version,
                            std::function<Score(const M&)> score) {
      out.push_back({kind(name, "", direction, method, version), std::move(score)});
    };
    for (const auto& c : chem::descriptor_columns())
      out.push_back({kind(c.name, c.unit, Direction::neutral, c.meaning, "1"),
                     c.name == std::string("clogp")
                         ? std::function<Score(const M&)>(clogp)
                         : [value = c.value](const M& m) { return exact(value(m.descriptors())); }});
    const auto lower = Direction::lower_is_better;
    add("qed", Direction::higher_is_better, "QED, mean weights (Bickerton 2012)", "1.1.0",
        [](const M& m) { return exact(m.qed(), clogp_domain(m)); });
    add("rule_of_five", lower, "violations of the rule of five (Lipinski 1997)", "1",
        [](const M& m) { return exact(rule_of_five_violations(m.descriptors())); });
    add("sa", lower, "synthetic accessibility, 1 to 10 (Ertl and Schuffenhauer 2009)", "1.1", sa);
    add("pains", lower, "PAINS alerts (Baell and Holloway 2010)", "1",
        [](const M& m) { return alerts(AlertSet::pains_a, AlertSet::pains_c, m); });
    add("brenk", lower, "unwanted groups (Brenk 2008)", "1",
        [](const M& m) { return alerts(AlertSet::brenk, AlertSet::brenk, m); });
    add("nih", lower, "NIH alerts (Jadhav 2010, Doveston 2015)", "1",
        [](const M& m) { return alerts(AlertSet::nih, AlertSet::nih, m); });
    for (const DrugRule& rule : drug_rules())
      add(rule.name, lower, rule.method, "1", [&rule](const M& m) { return broken(rule, m); });
    return out;
  }();
  return columns;
}

const std::vector<std::shared_ptr<const ScoreKind>>& PropertyScorer::all_kinds() {
  static const auto kinds = [] {
    std::vector<std::shared_ptr<const ScoreKind>> out;
    for (const Column& column : all_columns()) out.push_back(column.kind);
    return out;
  }();
  return kinds;
}

PropertyScorer::PropertyScorer() {
  const auto& all = all_columns();
  for (std::size_t i = 0; i < all.size() - drug_rules().size(); ++i) columns_.push_back(&all[i]);
  for (const auto* column : columns_) kinds_.push_back(column->kind);
  FragmentTable::shipped();
}

PropertyScorer::PropertyScorer(const std::vector<std::string>& columns) {
  for (const std::string& name : columns) {
    const auto& all = all_columns();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Column& c) { return c.kind->name == name; });
    if (found == all.end()) throw UsageError(fmt::format("no property is called '{}'", name));
    columns_.push_back(&*found);
    kinds_.push_back(found->kind);
    if (name == "sa") FragmentTable::shipped();
  }
}

PropertyScorer::~PropertyScorer() = default;

ScoreRow PropertyScorer::score_one(const chem::Molecule& molecule) const {
  const MeasuredMolecule measured(molecule);
  ScoreRow row;
  row.scores.reserve(columns_.size());
  for (const auto* column : columns_) {
    row.scores.push_back(column->score(measured));
    row.scores.back().kind = column->kind;
  }
  return row;
}

std::vector<ScoreRow> PropertyScorer::score(const std::vector<chem::Molecule>& molecules) const {
  std::vector<ScoreRow> rows(molecules.size());
  tbb::parallel_for(tbb::blocked_range<std::size_t>(0, molecules.size()), [&](const auto& range) {
    for (std::size_t i = range.begin(); i < range.end(); ++i) try {
        rows[i] = score_one(molecules[i]);
      } catch (const std::exception& e) {
        rows[i].message =
            fmt::format("cannot compute properties of '{}': {}", molecules[i].smiles(), e.what());
      }
  });
  return rows;
}

}  // namespace theriac::scoring
