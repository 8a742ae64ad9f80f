#include "cli/pose_ranking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

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

}  // namespace

std::vector<PoseRankingRow> compare_rankings(const std::vector<PosePool>& pools,
                                             const std::vector<PoseRanking>& rankings,
                                             const std::vector<std::vector<double>>& sound) {
  std::vector<PoseRankingRow> rows;
  for (const auto& ranking : rankings) {
    std::map<std::string, std::vector<std::size_t>> by_group;
    PoseRankingRow row;
    row.name = ranking.name;
    double losses = 0;
    std::vector<std::array<double, 5>> hits(pools.size());
    for (std::size_t p = 0; p < pools.size(); ++p) {
      if (pools[p].rmsd.empty() || ranking.scores[p].size() != pools[p].rmsd.size()) continue;
      by_group[pools[p].group].push_back(p);
      ++row.ligands;
      const auto hit = [&](const std::vector<double>& s, std::size_t n) {
        return found(pools[p], s, n) ? 1.0 : 0.0;
      };
      hits[p] = {hit(ranking.scores[p], 1), hit(ranking.scores[p], 3), hit(ranking.scores[p], 9),
                 hit(ranking.scores[p], 1) - hit(rankings.front().scores[p], 1),
                 sound.empty() ? std::nan("") : sound[p][first(ranking.scores[p])]};
      const double loss = scoring::ranking_loss(ranking.scores[p], pools[p].rmsd);
      if (std::isfinite(loss)) {
        row.loss += loss;
        ++losses;
      }
    }
    row.loss /= std::max(1.0, losses);
    std::vector<const std::vector<std::size_t>*> groups;
    for (const auto& [name, members] : by_group) groups.push_back(&members);
    const auto interval = [&](std::size_t which) {
      return scoring::bootstrap(groups.size(),
                                [&](const scoring::Sample& sample) {
                                  double sum = 0, count = 0;
                                  for (const auto g : sample)
                                    for (const auto p : *groups[g]) {
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

std::string ranking_table(const std::vector<PoseRankingRow>& rows) {
  const bool checked = !rows.empty() && std::isfinite(rows.front().sound.value);
  std::string text = fmt::format(
      "| ranked by | searches | top-1 | top-3 | top-9 | top-1 beside the first | log loss |{}\n"
      "|---|---:|---:|---:|---:|---:|---:|{}\n",
      checked ? " sound |" : "", checked ? "---:|" : "");
  const auto cell = [](const scoring::Interval& v) {
    return fmt::format("{:.1f} [{:.1f}, {:.1f}]", v.value, v.low, v.high);
  };
  for (const auto& row : rows)
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {:.3f} |{}\n", row.name, row.ligands, cell(row.top1),
                        cell(row.top3), cell(row.top9),
                        &row == &rows.front() ? std::string()
                                              : fmt::format("{:+.1f} [{:+.1f}, {:+.1f}]", row.gain.value,
                                                            row.gain.low, row.gain.high),
                        row.loss, checked ? " " + cell(row.sound) + " |" : std::string());
  return text;
}

nlohmann::ordered_json json_of(const PoseRankingRow& row) {
  const auto interval = [](const scoring::Interval& v) {
    return nlohmann::ordered_json::array({v.value, v.low, v.high});
  };
  nlohmann::ordered_json out{{"ranking", row.name},        {"searches", row.ligands},
                             {"top1", interval(row.top1)}, {"top3", interval(row.top3)},
                             {"top9", interval(row.top9)}, {"gain", interval(row.gain)},
                             {"log_loss", row.loss}};
  if (std::isfinite(row.sound.value)) out["sound"] = interval(row.sound);
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
