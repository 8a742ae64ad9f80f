#include "cli/screening_figures.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>

#include "scoring/enrichment.hpp"

namespace theriac::cli {
namespace {

using scoring::Enrichment;
using scoring::Sample;
using scoring::ScreenRanking;

constexpr const char* size_alone = "heavy atoms alone";

std::vector<double> figures_of(const Enrichment& e) {
  return {e.factor, e.bedroc, e.auroc};
}

void add_method(RankedSet& set, const std::string& name, const std::vector<const ScreeningRow*>& rows,
                double (*score)(const ScreeningRow&)) {
  RankingMethod method{name, {}};
  for (const ScreeningRow* row : rows) method.scores.push_back(score(*row));
  set.methods.push_back(std::move(method));
}

/// Only where a scorer said anything.
void add_judged(RankedSet& set, const std::string& name, const std::vector<const ScreeningRow*>& rows,
                double (*score)(const ScreeningRow&)) {
  if (std::any_of(rows.begin(), rows.end(), [&](const auto* row) { return std::isfinite(score(*row)); }))
    add_method(set, name, rows, score);
}

std::vector<Sample> strata(const RankedSet& set) {
  std::vector<Sample> both(2);
  for (std::size_t i = 0; i < set.active.size(); ++i) both[set.active[i] ? 0 : 1].push_back(i);
  return both;
}

}  // namespace

RankedSet ranked_set(const std::string& name, const std::vector<const ScreeningRow*>& rows) {
  RankedSet set;
  set.name = name;
  for (const ScreeningRow* row : rows) set.active.push_back(row->active);
  add_method(set, "Theriac", rows, [](const ScreeningRow& row) { return -row.score; });
  // Y. Pan, N. Huang, S. Cho, A. D. MacKerell, J. Chem. Inf. Comput. Sci. 43, 267 (2003): by a root of the
  // size
  add_method(set, "Theriac, per root of heavy atoms", rows,
             [](const ScreeningRow& row) { return -row.score / std::sqrt(std::max(1, row.heavy_atoms)); });
  add_judged(set, "score of the most probable pose", rows,
             [](const ScreeningRow& row) { return -row.probable_score; });
  add_judged(set, "probability of the pose", rows, [](const ScreeningRow& row) { return row.probability; });
  add_judged(set, "pose affinity", rows, [](const ScreeningRow& row) { return row.pose_affinity; });
  add_judged(set, "pose affinity, size-corrected", rows,
             [](const ScreeningRow& row) { return row.pose_affinity_size_corrected; });
  add_judged(set, "CNN score", rows, [](const ScreeningRow& row) { return row.cnn_score; });
  add_judged(set, "CNN affinity", rows, [](const ScreeningRow& row) { return row.cnn_affinity; });
  add_judged(set, "CNN score x affinity", rows,
             [](const ScreeningRow& row) { return row.cnn_score * row.cnn_affinity; });
  add_judged(set, "CNN affinity, per root of heavy atoms", rows, [](const ScreeningRow& row) {
    return row.cnn_affinity / std::sqrt(std::max(1, row.heavy_atoms));
  });
  add_method(set, "molecular weight alone", rows,
             [](const ScreeningRow& row) { return row.molecular_weight; });
  add_method(set, size_alone, rows,
             [](const ScreeningRow& row) { return static_cast<double>(row.heavy_atoms); });
  add_method(set, "log P alone", rows, [](const ScreeningRow& row) { return row.clogp; });
  return set;
}

RowsBySet by_set(const std::vector<ScreeningRow>& rows) {
  RowsBySet sets;
  for (const auto& row : rows) {
    auto at = std::find_if(sets.begin(), sets.end(), [&](const auto& set) { return set.first == row.set; });
    if (at == sets.end()) at = sets.insert(sets.end(), {row.set, {}});
    at->second.push_back(&row);
  }
  for (auto& set : sets)
    std::sort(set.second.begin(), set.second.end(),
              [](const auto* a, const auto* b) { return a->row < b->row; });
  return sets;
}

std::vector<RankedSet> shared_sets(const std::vector<ScreeningRow>& rows,
                                   const std::vector<ScreeningRow>& vina) {
  std::map<std::pair<std::string, int>, const ScreeningRow*> ours;
  for (const auto& row : rows) ours[{row.set, row.row}] = &row;
  std::vector<RankedSet> sets;
  for (const auto& [name, theirs] : by_set(vina)) {
    RankedSet set{name, {}, {{"Theriac", {}}, {"Vina", {}}}};
    for (const ScreeningRow* row : theirs) {
      const auto at = ours.find({name, row->row});
      if (at == ours.end()) continue;
      set.active.push_back(row->active);
      set.methods[0].scores.push_back(-at->second->score);
      set.methods[1].scores.push_back(-row->score);
    }
    sets.push_back(std::move(set));
  }
  return sets;
}

std::vector<ScreeningFigures> figures_of_set(const RankedSet& set, bool with_difference) {
  std::vector<ScreenRanking> rankings;
  for (const auto& method : set.methods) rankings.emplace_back(method.scores, set.active);
  scoring::BootstrapOptions options;
  options.resamples = screening_resamples;
  const auto all = scoring::bootstrap_all(
      strata(set),
      [&](const Sample& sample) {
        std::vector<double> values;
        for (const auto& ranking : rankings)
          for (const double value : figures_of(ranking.enrichment(sample))) values.push_back(value);
        for (std::size_t k = 0; with_difference && k < 3; ++k) values.push_back(values[k] - values[3 + k]);
        return values;
      },
      options);
  std::vector<ScreeningFigures> out;
  for (std::size_t m = 0; 3 * m < all.size(); ++m) {
    const std::string name = m < set.methods.size() ? set.methods[m].name : "Theriac - Vina";
    out.push_back({set.name,
                   name,
                   set.actives(),
                   set.active.size() - set.actives(),
                   {all.begin() + static_cast<std::ptrdiff_t>(3 * m),
                    all.begin() + static_cast<std::ptrdiff_t>(3 * m + 3)}});
  }
  return out;
}

std::vector<ScreeningFigures> mean_figures(const std::vector<ScreeningFigures>& lines) {
  std::vector<ScreeningFigures> out;
  for (const auto& line : lines) {
    const auto known = [&](const ScreeningFigures& mean) { return mean.method == line.method; };
    if (std::any_of(out.begin(), out.end(), known)) continue;
    std::vector<const ScreeningFigures*> same;
    for (const auto& other : lines)
      if (other.method == line.method) same.push_back(&other);
    ScreeningFigures mean{"mean", line.method, 0, 0, {}};
    for (const auto* each : same) {
      mean.actives += each->actives;
      mean.decoys += each->decoys;
    }
    if (same.size() == 1) mean.figures = same.front()->figures;
    for (std::size_t k = 0; k < screening_figure_names.size() && same.size() > 1; ++k)
      mean.figures.push_back(scoring::bootstrap(same.size(), [&](const Sample& sample) {
        double sum = 0;
        for (const auto i : sample) sum += same[i]->figures[k].value;
        return sum / static_cast<double>(sample.size());
      }));
    out.push_back(std::move(mean));
  }
  return out;
}

std::vector<ScreeningFigures> figures_beside_size(const std::vector<ScreeningFigures>& lines) {
  std::vector<ScreeningFigures> out = mean_figures(lines);
  out.erase(
      std::remove_if(out.begin(), out.end(), [](const auto& line) { return line.method == size_alone; }),
      out.end());
  std::map<std::string, const ScreeningFigures*> by_size;
  for (const auto& line : lines)
    if (line.method == size_alone) by_size[line.set] = &line;
  if (by_size.size() < 2) return {};
  for (auto& mean : out) {
    std::vector<const ScreeningFigures*> same;
    for (const auto& line : lines)
      if (line.method == mean.method) same.push_back(&line);
    for (std::size_t k = 0; k < screening_figure_names.size(); ++k)
      mean.figures[k] = scoring::bootstrap(same.size(), [&](const Sample& sample) {
        double sum = 0;
        for (const auto i : sample)
          sum += same[i]->figures[k].value - by_size.at(same[i]->set)->figures[k].value;
        return sum / static_cast<double>(sample.size());
      });
  }
  return out;
}

}  // namespace theriac::cli
