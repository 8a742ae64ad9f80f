#include "scoring/property_scorer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <exception>

#include "chem/descriptors.hpp"
#include "chem/structural_alerts.hpp"
#include "chem/substructure.hpp"
#include "scoring/drug_likeness.hpp"
#include "scoring/synthetic_accessibility.hpp"

namespace theriac::scoring {
namespace {

using chem::AlertSet;

constexpr double crippen_standard_deviation = 0.677;  // Wildman and Crippen 1999, 9920 molecules
constexpr double normal_95 = 1.96;
// of 3,000 molecules from ChEMBL, ZINC and screening sets, 98 % know 0.91 or more of their fragments, all
// 0.80
constexpr double sa_known_in = 0.9, sa_known_edge = 0.8;

Domain clogp_domain(const chem::Descriptors& d) {
  return d.unusual_atoms == 0 ? Domain::in : Domain::out;
}

Domain sa_domain(double known_share) {
  return known_share >= sa_known_in ? Domain::in : known_share >= sa_known_edge ? Domain::edge : Domain::out;
}

std::shared_ptr<const ScoreKind> kind(std::string name, std::string unit, Direction direction,
                                      std::string method, std::string version) {
  return std::make_shared<const ScoreKind>(
      ScoreKind{std::move(name), std::move(unit), direction, std::move(method), std::move(version)});
}

std::vector<std::shared_ptr<const ScoreKind>> property_kinds() {
  std::vector<std::shared_ptr<const ScoreKind>> out;
  for (const auto& c : chem::descriptor_columns())
    out.push_back(kind(c.name, c.unit, Direction::neutral, c.meaning, "1"));
  const auto lower = Direction::lower_is_better;
  out.push_back(kind("qed", "", Direction::higher_is_better, "QED, mean weights (Bickerton 2012)", "1.1.0"));
  out.push_back(kind("rule_of_five", "", lower, "violations of the rule of five (Lipinski 1997)", "1"));
  out.push_back(
      kind("sa", "", lower, "synthetic accessibility, 1 to 10 (Ertl and Schuffenhauer 2009)", "1.1"));
  out.push_back(kind("pains", "", lower, "PAINS alerts (Baell and Holloway 2010)", "1"));
  out.push_back(kind("brenk", "", lower, "unwanted groups (Brenk 2008)", "1"));
  out.push_back(kind("nih", "", lower, "NIH alerts (Jadhav 2010, Doveston 2015)", "1"));
  return out;
}

bool belongs(AlertSet set, const std::string& score_name) {
  switch (set) {
    case AlertSet::brenk:
      return score_name == "brenk";
    case AlertSet::nih:
      return score_name == "nih";
    default:
      return score_name == "pains";
  }
}

/// Fills a row kind after kind.
class RowWriter {
 public:
  explicit RowWriter(const std::vector<std::shared_ptr<const ScoreKind>>& kinds) : kinds_(kinds) {
    row_.scores.reserve(kinds.size());
  }

  Score& exact(double value) {
    row_.scores.push_back({kinds_[row_.scores.size()], value, value, value, Domain::in, {}});
    return row_.scores.back();
  }

  void alerts(const std::vector<chem::Alert>& alerts) {
    const std::string& name = kinds_[row_.scores.size()]->name;
    std::vector<std::string> names;
    for (const auto& alert : alerts)
      if (belongs(alert.set, name)) names.push_back(alert.name);
    exact(static_cast<double>(names.size())).detail = fmt::format("{}", fmt::join(names, "; "));
  }

  ScoreRow finish() { return std::move(row_); }

 private:
  const std::vector<std::shared_ptr<const ScoreKind>>& kinds_;
  ScoreRow row_;
};

}  // namespace

PropertyScorer::PropertyScorer() : kinds_(property_kinds()) {
  FragmentTable::shipped();
}

ScoreRow PropertyScorer::score_one(const chem::Molecule& molecule) const {
  const chem::SubstructureTarget target(molecule);
  const auto descriptors = chem::descriptors(molecule);
  RowWriter row(kinds_);
  for (const auto& column : chem::descriptor_columns()) {
    Score& score = row.exact(column.value(descriptors));
    if (score.name() != "clogp") continue;
    score.domain = clogp_domain(descriptors);
    score.low -= normal_95 * crippen_standard_deviation;
    score.high += normal_95 * crippen_standard_deviation;
  }
  row.exact(qed(qed_properties(target, descriptors))).domain = clogp_domain(descriptors);
  row.exact(rule_of_five_violations(descriptors));
  const auto sa = synthetic_accessibility(molecule);
  row.exact(sa.score).domain = sa_domain(sa.known_share);
  const auto alerts = chem::structural_alerts(target);
  for (int set = 0; set < 3; ++set) row.alerts(alerts);  // pains, brenk, nih
  return row.finish();
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
