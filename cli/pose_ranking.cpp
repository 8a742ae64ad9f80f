#include "cli/pose_ranking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

#include "cli/bench_conditions.hpp"

namespace theriac::cli {
namespace {

using scoring::PosePool;

constexpr double success = 2.0;  // angstrom

std::size_t descriptor(const char* wanted) {
  const auto& names = scoring::pose_descriptor_names();
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), wanted) - names.begin());
}

/// Is there a good pose among the first `count`?
bool found(const PosePool& pool, const std::vector<double>& scores, std::size_t count) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  order.resize(std::min(count, order.size()));
  return std::any_of(order.begin(), order.end(), [&](std::size_t i) { return pool.rmsd[i] <= success; });
}

std::size_t first(const std::vector<double>& scores) {
  return static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
}

/// Probability that a good pose is among `count` drawn without return.
double found_by_chance(const PosePool& pool, std::size_t count) {
  const double poses = static_cast<double>(pool.rmsd.size());
  const double wrong = static_cast<double>(
      std::count_if(pool.rmsd.begin(), pool.rmsd.end(), [](double r) { return r > success; }));
  double none = 1;
  for (double i = 0; i < static_cast<double>(count) && i < poses; ++i)
    none *= std::max(0.0, wrong - i) / (poses - i);
  return 1 - none;
}

double among_first(const PosePool& pool, const PoseRanking& ranking, const std::vector<double>& scores,
                   std::size_t count) {
  if (ranking.by_chance) return found_by_chance(pool, count);
  return found(pool, scores, count) ? 1 : 0;
}

/// How often a pose is found by one ranking of one pool, 0 to 1, and how often the first is sound.
struct Finds {
  double top1 = 0, top3 = 0, top9 = 0, sound = std::nan("");
};

Finds finds(const PosePool& pool, const PoseRanking& ranking, const std::vector<double>& scores,
            const std::vector<double>* sound) {
  Finds out;
  const auto among = [&](std::size_t count) { return among_first(pool, ranking, scores, count); };
  out.top1 = among(1);
  out.top3 = among(3);
  out.top9 = among(9);
  if (sound) out.sound = ranking.by_chance ? scoring::mean(*sound) : (*sound)[first(scores)];
  return out;
}

}  // namespace

std::vector<PoseRankingRow> compare_rankings(const std::vector<PosePool>& pools,
                                             const std::vector<PoseRanking>& rankings,
                                             const std::vector<std::vector<double>>& sound) {
  std::vector<PoseRankingRow> rows;
  for (const auto& ranking : rankings) {
    std::map<std::string, std::vector<std::size_t>> by_group;
    PoseRankingRow row;
    row.name = ranking.name;
    row.added_seconds = ranking.added_seconds;
    double losses = 0;
    std::vector<std::array<double, 5>> hits(pools.size());
    for (std::size_t p = 0; p < pools.size(); ++p) {
      if (pools[p].rmsd.empty() || ranking.scores[p].size() != pools[p].rmsd.size()) continue;
      by_group[pools[p].group].push_back(p);
      ++row.ligands;
      const auto* checked = sound.empty() || sound[p].empty() ? nullptr : &sound[p];
      const Finds of = finds(pools[p], ranking, ranking.scores[p], checked);
      const Finds base = finds(pools[p], rankings.front(), rankings.front().scores[p], nullptr);
      hits[p] = {of.top1, of.top3, of.top9, of.top1 - base.top1, of.sound};
      const double loss =
          ranking.log_odds ? scoring::ranking_loss(ranking.scores[p], pools[p].rmsd) : std::nan("");
      if (std::isfinite(loss)) {
        row.loss += loss;
        ++losses;
      }
    }
    row.loss = losses > 0 ? row.loss / losses : std::nan("");
    std::vector<const std::vector<std::size_t>*> groups;
    for (const auto& [name, members] : by_group) groups.push_back(&members);
    const auto interval = [&](std::size_t which) {
      return scoring::bootstrap(groups.size(),
                                [&](const scoring::Sample& sample) {
                                  double sum = 0, count = 0;
                                  for (const auto g : sample)
                                    for (const auto p : *groups[g]) {
                                      if (!std::isfinite(hits[p][which])) continue;
                                      sum += hits[p][which];
                                      ++count;
                                    }
                                  return count > 0 ? 100 * sum / count : std::nan("");
                                },
                                {2000, 0.95, 1});
    };
    row.top1 = interval(0);
    row.top3 = interval(1);
    row.top9 = interval(2);
    row.gain = interval(3);
    row.sound = interval(4);
    rows.push_back(std::move(row));
  }
  return rows;
}

double share_found(const std::vector<PosePool>& pools, const PoseRanking& ranking, std::size_t count) {
  double found = 0, searches = 0;
  for (std::size_t p = 0; p < pools.size(); ++p) {
    if (pools[p].rmsd.empty() || ranking.scores[p].size() != pools[p].rmsd.size()) continue;
    found += among_first(pools[p], ranking, ranking.scores[p], count);
    ++searches;
  }
  return searches > 0 ? 100 * found / searches : std::nan("");
}

PoseRanking chance_ranking(const std::vector<PosePool>& pools) {
  PoseRanking out{"random order", {}, true};
  for (const auto& pool : pools) out.scores.emplace_back(pool.rmsd.size(), 0.0);
  return out;
}

PoseRanking best_ranking(const std::vector<PosePool>& pools) {
  PoseRanking out{"best possible", {}, false, false};
  for (const auto& pool : pools) {
    out.scores.emplace_back();
    for (const double r : pool.rmsd) out.scores.back().push_back(-r);
  }
  return out;
}

std::vector<PoseRanking> plain_rankings(const std::vector<PosePool>& pools) {
  PoseRanking vina{"Vina energy", {}}, vinardo{"Vinardo energy", {}}, teacher{"teacher", {}};
  const std::size_t vina_place = descriptor("energy_gap"), vinardo_place = descriptor("vinardo_gap");
  bool taught = false;
  for (const auto& pool : pools) {
    const auto negative = [&](std::size_t place) {
      std::vector<double> out;
      for (const auto& pose : pool.poses) out.push_back(-pose.descriptors[place]);
      return out;
    };
    vina.scores.push_back(negative(vina_place));
    vinardo.scores.push_back(negative(vinardo_place));
    teacher.scores.push_back(pool.teacher);
    taught = taught || (!pool.teacher.empty() && !pool.rmsd.empty());
  }
  std::vector<PoseRanking> out{std::move(vina), std::move(vinardo)};
  if (taught) out.push_back(std::move(teacher));
  return out;
}

void add_held_out(const scoring::TrainedPoseScore& trained, std::vector<PoseRanking>& rankings) {
  rankings.push_back({"ours, choices inside the folds", trained.held_out.scores});
  rankings.push_back({"ours, the choice that ships", trained.same_choice.scores});
  const auto& fused = trained.fused.scores;
  if (std::any_of(fused.begin(), fused.end(), [](const auto& of) { return !of.empty(); }))
    rankings.push_back({"ours with the teacher", fused});
}

std::string complex_of(const scoring::PosePool& pool) {
  return pool.id.substr(0, pool.id.find('.'));
}

std::string gain_text(const PoseRankingRow& row) {
  return fmt::format("{:+.1f} [{:+.1f}, {:+.1f}]", row.gain.value, row.gain.low, row.gain.high);
}

std::string ranking_table(const std::vector<PoseRankingRow>& rows) {
  const auto any = [&](auto known) { return std::any_of(rows.begin(), rows.end(), known); };
  const bool checked = any([](const auto& row) { return std::isfinite(row.sound.value); });
  const bool timed = any([](const auto& row) { return std::isfinite(row.added_seconds); });
  std::vector<std::vector<std::string>> cells{
      {"ranked by", "searches", "top-1", "top-3", "top-9",
       fmt::format("top-1 beside {}", rows.empty() ? "the first" : rows.front().name), "log loss"}};
  if (checked) cells.front().emplace_back("sound");
  if (timed) cells.front().emplace_back("added CPU s");
  const auto cell = [](const scoring::Interval& v) {
    return fmt::format("{:.1f} [{:.1f}, {:.1f}]", v.value, v.low, v.high);
  };
  const auto known = [](double value, const char* format) {
    return std::isfinite(value) ? fmt::format(fmt::runtime(format), value) : std::string();
  };
  for (const auto& row : rows) {
    cells.push_back({row.name, std::to_string(row.ligands), cell(row.top1), cell(row.top3), cell(row.top9),
                     &row == &rows.front() ? std::string() : gain_text(row), known(row.loss, "{:.3f}")});
    if (checked) cells.back().push_back(std::isfinite(row.sound.value) ? cell(row.sound) : std::string());
    if (timed) cells.back().push_back(known(row.added_seconds, "{:.3f}"));
  }
  return markdown_table(cells);
}

nlohmann::ordered_json json_of(const PoseRankingRow& row) {
  const auto interval = [](const scoring::Interval& v) {
    return nlohmann::ordered_json::array({v.value, v.low, v.high});
  };
  nlohmann::ordered_json out{{"ranking", row.name},        {"searches", row.ligands},
                             {"top1", interval(row.top1)}, {"top3", interval(row.top3)},
                             {"top9", interval(row.top9)}, {"gain", interval(row.gain)}};
  if (std::isfinite(row.loss)) out["log_loss"] = row.loss;
  if (std::isfinite(row.sound.value)) out["sound"] = interval(row.sound);
  if (std::isfinite(row.added_seconds)) out["added_cpu_s"] = row.added_seconds;
  return out;
}

Reliability reliability(const std::vector<PosePool>& pools,
                        const std::vector<std::vector<double>>& probabilities) {
  Reliability out;
  out.bins.resize(10);
  double poses = 0;
  for (std::size_t p = 0; p < pools.size(); ++p)
    for (std::size_t i = 0; i < probabilities[p].size(); ++i) {
      const double said = probabilities[p][i];
      if (!std::isfinite(said)) continue;
      auto& bin = out.bins[static_cast<std::size_t>(std::clamp(said * 10, 0.0, 9.0))];
      ++bin.poses;
      bin.said += said;
      bin.right += pools[p].rmsd[i] <= success ? 1 : 0;
      ++poses;
    }
  for (auto& bin : out.bins) {
    if (bin.poses == 0) continue;
    out.error += std::abs(bin.said - bin.right) / poses;
    bin.said /= bin.poses;
    bin.right /= bin.poses;
  }
  return out;
}

}  // namespace theriac::cli
