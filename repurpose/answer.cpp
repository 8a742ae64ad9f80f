#include "repurpose/answer.hpp"

#include <algorithm>
#include <set>

namespace theriac::repurpose {
namespace {

using datasets::EntityKind;
using datasets::LinkKind;
using datasets::Store;

constexpr std::size_t other_mechanisms_shown = 5;

/// The share of popularity in all that speaks for a drug.
double popularity_share(const Ranking& ranking, const RankedDrug& drug) {
  double popular = 0, all = 0;
  for (std::size_t i = 0; i < drug.contributions.size(); ++i) {
    const double part = std::max(0.0, drug.contributions[i]);
    all += part;
    if (ranking.lines[i].popularity) popular += part;
  }
  return all > 0 ? popular / all : 0;
}

bool is_withdrawn(const Store& store, std::uint32_t drug) {
  const auto& status = store.entities(EntityKind::drug).text("status");
  return drug < status.size() && status[drug].find("withdrawn") != std::string_view::npos;
}

AnswerRow row_of(const Store& store, const Ranking& ranking, std::size_t place, std::int64_t disease,
                 const std::vector<KnownUse>& uses) {
  AnswerRow row;
  row.ranked = ranking.drugs[place];
  row.rank = place + 1;
  row.uses = uses_of(uses, row.ranked.drug);
  row.status = leading_status(row.uses);
  row.withdrawn = is_withdrawn(store, row.ranked.drug);
  if (disease >= 0) row.shared = shared_targets(store, row.ranked.drug, static_cast<std::uint32_t>(disease));
  row.effect = effect_verdict(row.shared);
  row.against = objections(row.uses, row.shared, row.withdrawn);
  row.popularity_share = popularity_share(ranking, row.ranked);
  row.main_line = main_line(ranking, row.ranked);
  row.mechanism = mechanism_of(store, row.ranked.drug);
  return row;
}

/// What was seen of the targets of the rows so far.
class Mechanisms {
 public:
  bool shares_any(const std::vector<std::uint32_t>& targets) const {
    return std::any_of(targets.begin(), targets.end(),
                       [&](std::uint32_t t) { return targets_.count(t) > 0; });
  }
  /// The same set of targets, or none known: a drug without targets is of no known mechanism.
  bool is_repeated(const std::vector<std::uint32_t>& targets) const {
    return targets.empty() || sets_.count(targets) > 0 || shares_any(targets);
  }
  void add(const std::vector<std::uint32_t>& targets) {
    sets_.insert(targets);
    targets_.insert(targets.begin(), targets.end());
  }

 private:
  std::set<std::uint32_t> targets_;
  std::set<std::vector<std::uint32_t>> sets_;
};

}  // namespace

std::vector<std::uint32_t> mechanism_of(const Store& store, std::uint32_t drug) {
  const auto& binds = store.links(LinkKind::binds);
  std::vector<std::uint32_t> acting, all;
  for (auto row = binds.from_offsets[drug]; row < binds.from_offsets[drug + 1]; ++row) {
    all.push_back(binds.to[row]);
    if (binds.direction[row] != 0) acting.push_back(binds.to[row]);
  }
  auto& chosen = acting.empty() ? all : acting;
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());  // sorted already
  return chosen;
}

Answer answer_from(const Store& store, const Ranking& ranking, std::int64_t disease,
                   const AnswerOptions& options) {
  Answer answer;
  const auto passing = passing_drugs(store, options.filter);
  const auto uses = disease < 0
                        ? std::vector<KnownUse>()
                        : known_uses(store, with_sub_terms(store, static_cast<std::uint32_t>(disease)));
  Mechanisms shown;
  for (std::size_t place = 0; place < ranking.drugs.size(); ++place) {
    const RankedDrug& drug = ranking.drugs[place];
    if (!drug.has_basis) {
      ++answer.without_basis;
      continue;
    }
    ++answer.ranked;
    if (!passing[drug.drug]) {
      ++answer.filtered_out;
      continue;
    }
    const bool full = options.top > 0 && answer.rows.size() >= options.top;
    if (full && answer.other_mechanisms.size() >= other_mechanisms_shown) continue;
    AnswerRow row = row_of(store, ranking, place, disease, uses);
    if (row.status == UseStatus::contraindicated) {
      if (!full) answer.contraindicated.push_back(std::move(row));
    } else if (options.novel && row.status != UseStatus::none) {
      ++answer.known_left_out;
    } else if (!full && !(options.diverse && shown.is_repeated(row.mechanism))) {
      shown.add(row.mechanism);
      answer.rows.push_back(std::move(row));
    } else if (full && !row.mechanism.empty() && !shown.shares_any(row.mechanism)) {
      shown.add(row.mechanism);
      answer.other_mechanisms.push_back(std::move(row));
    }
  }
  return answer;
}

}  // namespace theriac::repurpose
