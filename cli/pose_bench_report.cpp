#include "cli/pose_bench_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <set>

#include "cli/bench_conditions.hpp"
#include "cli/figure.hpp"

namespace theriac::cli {
namespace {

using scoring::Interval;
using scoring::PosePool;

constexpr std::size_t drawn_places = 15;  // of the figure
constexpr int fewest_poses = 30;          // of a bin of probabilities that is drawn

/// Ligands of one kind.
struct Subset {
  std::string name;
  std::function<bool(std::size_t)> holds;  // of a pool
};

class Report {
 public:
  Report(const std::vector<PosePool>& pools, const std::vector<JudgedSearch>& judged,
         const std::vector<std::string>& networks, const scoring::PoseTrainingOptions& training)
      : pools_(pools), judged_(judged), networks_(networks) {
    judge(training);
    for (const auto& of : judged_) sound_.push_back(of.sound);
  }

  PoseBenchReport made(const std::string& conditions) const {
    const auto rows = rows_of([](std::size_t) { return true; });
    std::vector<std::pair<std::string, std::vector<PoseRankingRow>>> parts;
    for (const auto& subset : subsets()) parts.emplace_back(subset.name, rows_of(subset.holds));
    PoseBenchReport out;
    out.markdown =
        head() + ranking_table(rows) + explanation() + subset_table(parts) + "\n" +
        "![Share of searches with a right pose among the first N; share right of the poses said to "
        "be](poses.svg)\n\n" +
        errors() + conditions + "\n";
    parts.insert(parts.begin(), {"all", rows});
    out.table = csv(parts);
    out.figure = figure();
    out.rows = nlohmann::ordered_json::array();
    for (const auto& row : rows) out.rows.push_back(json_of(row));
    return out;
  }

 private:
  bool labelled(std::size_t p) const { return !pools_[p].rmsd.empty(); }

  double median_seconds(const std::function<double(const JudgedSearch&)>& of) const {
    std::vector<double> out;
    for (std::size_t p = 0; p < pools_.size(); ++p)
      if (labelled(p) && std::isfinite(of(judged_[p]))) out.push_back(of(judged_[p]));
    return out.empty() ? std::nan("") : scoring::median(out);
  }

  /// What each network says. Where it is the teacher it says so of all searches, not only of those it judged.
  std::vector<scoring::NetworkOpinions> opinions() const {
    std::vector<scoring::NetworkOpinions> out(networks_.size());
    for (std::size_t n = 0; n < networks_.size(); ++n) {
      bool judged = false, teacher = true;
      for (std::size_t p = 0; p < pools_.size(); ++p) {
        out[n].push_back(judged_[p].networks.empty() ? std::vector<double>() : judged_[p].networks[n]);
        if (out[n].back().empty()) continue;
        judged = true;
        teacher = teacher && alike(out[n].back(), pools_[p].teacher);
      }
      for (std::size_t p = 0; judged && teacher && p < pools_.size(); ++p) out[n][p] = pools_[p].teacher;
    }
    return out;
  }

  static bool alike(const std::vector<double>& a, const std::vector<double>& b) {
    constexpr double rounding = 0.02;  // log odds: kept coordinates are single precision
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](double x, double y) { return std::abs(x - y) < rounding; });
  }

  /// Rankings, energies first: the others stand beside the first of them. And how far what each says can be
  /// believed.
  void judge(const scoring::PoseTrainingOptions& training) {
    const auto said = opinions();
    const auto trained = scoring::train_pose_score(pools_, training, said);
    const double ours = median_seconds([](const auto& of) { return of.description_seconds; });
    auto& out = rankings_ = plain_rankings(pools_);
    out.resize(2);  // without the teacher: it may be one of the networks
    reliabilities_.emplace_back("ours", reliability(pools_, trained.held_out.probabilities));
    out.push_back({"ours, relatives held out", trained.held_out.scores, false, true, ours});
    for (std::size_t n = 0; n < networks_.size(); ++n) {
      const double seconds = median_seconds(
          [&](const auto& of) { return of.network_seconds.empty() ? std::nan("") : of.network_seconds[n]; });
      out.push_back({fmt::format("gnina `{}`", networks_[n]), said[n], false, true, seconds});
      out.push_back({fmt::format("ours with gnina `{}`", networks_[n]), trained.joined[n].scores, false, true,
                     ours + seconds});
      reliabilities_.emplace_back(fmt::format("gnina {}", networks_[n]), trust_in(said[n]));
      reliabilities_.emplace_back(fmt::format("ours with gnina {}", networks_[n]),
                                  reliability(pools_, trained.joined[n].probabilities));
    }
    out.push_back(chance_ranking(pools_));
    out.push_back(best_ranking(pools_));
  }

  /// In a network's own probability, as it comes.
  Reliability trust_in(const scoring::NetworkOpinions& log_odds) const {
    std::vector<std::vector<double>> probabilities(pools_.size());
    for (std::size_t p = 0; p < pools_.size(); ++p)
      if (labelled(p))
        for (const double l : log_odds[p]) probabilities[p].push_back(1 / (1 + std::exp(-l)));
    return reliability(pools_, probabilities);
  }

  std::string errors() const {
    std::string text = "Expected calibration error of the probability of a right pose:";
    for (std::size_t r = 0; r < reliabilities_.size(); ++r)
      text += fmt::format("{} {} {:.3f}", r == 0 ? "" : ",", reliabilities_[r].first,
                          reliabilities_[r].second.error);
    return text + ".\n\n";
  }

  std::vector<Subset> subsets() const {
    const auto rotors = [this](std::size_t p) { return judged_[p].rotatable_bonds; };
    const auto heavy = [this](std::size_t p) {
      return static_cast<double>(pools_[p].poses.front()[scoring::PoseDescriptor::heavy_atoms]);
    };
    return {{"first search", [this](std::size_t p) { return complex_of(pools_[p]) == pools_[p].id; }},
            {"0 to 4 rotatable bonds", [=](std::size_t p) { return rotors(p) < 5; }},
            {"5 to 7", [=](std::size_t p) { return rotors(p) >= 5 && rotors(p) < 8; }},
            {"8 or more", [=](std::size_t p) { return rotors(p) >= 8; }},
            {"up to 20 heavy atoms", [=](std::size_t p) { return heavy(p) < 20.5; }},
            {"21 to 30", [=](std::size_t p) { return heavy(p) > 20.5 && heavy(p) < 30.5; }},
            {"31 or more", [=](std::size_t p) { return heavy(p) > 30.5; }},
            {"metal within 3 Å", [this](std::size_t p) { return judged_[p].metal; }},
            {"no metal", [this](std::size_t p) { return !judged_[p].metal; }}};
  }

  std::vector<PoseRankingRow> rows_of(const std::function<bool(std::size_t)>& keep) const {
    auto some = rankings_;
    for (auto& ranking : some)
      for (std::size_t p = 0; p < pools_.size(); ++p)
        if (labelled(p) && !keep(p)) ranking.scores[p].clear();
    return compare_rankings(pools_, some, sound_);
  }

  std::string head() const {
    std::set<std::string> complexes, groups;
    std::size_t searches = 0, most = 0;
    for (std::size_t p = 0; p < pools_.size(); ++p) {
      if (!labelled(p)) continue;
      complexes.insert(complex_of(pools_[p]));
      groups.insert(pools_[p].group);
      most = std::max(most, pools_[p].rmsd.size());
      ++searches;
    }
    return fmt::format(
        "# Judges of poses: {} searches of {} complexes in {} groups of related proteins, up to {} poses "
        "each\n\n",
        searches, complexes.size(), groups.size(), most);
  }

  static std::string explanation() {
    return "\nPer cent of searches; top-N: a pose within 2 Å of the crystal pose among the first N. Sound: "
           "of the "
           "poses put first, those that pass all physical checks. Ours: learned and chosen without the "
           "relatives "
           "of a protein. Log loss: minus the log of the share that the scores give to poses near the true "
           "one. "
           "Added: median processor time a ligand on one thread, work on the receptor included; ours without "
           "finding reasons. In brackets: 95 % bootstrap intervals over groups.\n\n";
  }

  static std::string subset_table(
      const std::vector<std::pair<std::string, std::vector<PoseRankingRow>>>& parts) {
    std::vector<std::vector<std::string>> cells{{"top-1 (and beside the first)"}};
    for (const auto& [name, rows] : parts)
      cells.front().push_back(fmt::format("{}: {}", name, rows.front().ligands));
    for (std::size_t r = 0; r < parts.front().second.size(); ++r) {
      cells.push_back({parts.front().second[r].name});
      for (const auto& part : parts) {
        const PoseRankingRow& row = part.second[r];
        cells.back().push_back(
            row.ligands == 0 ? std::string("-")
            : r == 0 ? fmt::format("{:.1f} [{:.1f}, {:.1f}]", row.top1.value, row.top1.low, row.top1.high)
                     : fmt::format("{:.1f} ({})", row.top1.value, gain_text(row)));
      }
    }
    return markdown_table(cells);
  }

  static std::string csv(const std::vector<std::pair<std::string, std::vector<PoseRankingRow>>>& parts) {
    std::string text = "ranking,subset,searches";
    for (const char* figure : {"top1", "top3", "top9", "gain", "sound"})
      text += fmt::format(",{0},{0}_low,{0}_high", figure);
    text += ",log_loss,added_cpu_s\n";
    const auto number = [](double v) { return std::isfinite(v) ? fmt::format("{:.5g}", v) : std::string(); };
    for (const auto& [name, rows] : parts)
      for (const auto& row : rows) {
        if (row.ligands == 0) continue;
        text += fmt::format("\"{}\",{},{}", row.name, name, row.ligands);
        for (const Interval& v : {row.top1, row.top3, row.top9, row.gain, row.sound})
          text += fmt::format(",{},{},{}", number(v.value), number(v.low), number(v.high));
        text += fmt::format(",{},{}\n", number(row.loss), number(row.added_seconds));
      }
    return text;
  }

  std::string figure() const {
    Panel panel;
    panel.title = "A right pose among the first N";
    panel.x = {"poses looked at, N", 1, static_cast<double>(drawn_places), false};
    panel.y = {"searches with a pose within 2 Å, %", 40, 90, false};
    int colour = 0;
    for (const auto& ranking : rankings_) {
      if (ranking.by_chance) continue;       // far below
      const bool limit = !ranking.log_odds;  // what no judge goes beyond
      Curve curve;
      curve.name = ranking.name;
      curve.name.erase(std::remove(curve.name.begin(), curve.name.end(), '`'), curve.name.end());
      curve.colour = limit ? 4 : colour % 4;
      curve.dashed = limit || colour >= 4;
      if (!limit) ++colour;
      for (std::size_t n = 1; n <= drawn_places; ++n)
        curve.points.emplace_back(static_cast<double>(n), share_found(pools_, ranking, n));
      panel.curves.push_back(std::move(curve));
    }
    return svg_figure(
        {panel, trust()},
        "Share of searches with a pose within 2 angstrom among the first N, by ranking; share of "
        "right poses by the probability that was said");
  }

  Panel trust() const {
    Panel panel;
    panel.title = "Right, of the poses said to be right";
    panel.x = {"probability said", 0, 1, false};
    panel.y = {"share within 2 Å", 0, 1, false};
    panel.legend_at_top_left = true;
    panel.curves.push_back({"said = right", {{0, 0}, {1, 1}}, 4, true, 1});
    int colour = 2;  // as beside it, after the two energies
    for (const auto& [name, of] : reliabilities_) {
      Curve curve{name, {}, colour % 4, colour >= 4};
      ++colour;
      for (const auto& bin : of.bins)
        if (bin.poses >= fewest_poses) curve.points.emplace_back(bin.said, bin.right);
      panel.curves.push_back(std::move(curve));
    }
    return panel;
  }

  const std::vector<PosePool>& pools_;
  const std::vector<JudgedSearch>& judged_;
  const std::vector<std::string>& networks_;
  std::vector<PoseRanking> rankings_;
  std::vector<std::pair<std::string, Reliability>> reliabilities_;
  std::vector<std::vector<double>> sound_;
};

}  // namespace

PoseBenchReport pose_bench_report(const std::vector<PosePool>& pools, const std::vector<JudgedSearch>& judged,
                                  const std::vector<std::string>& networks, const std::string& conditions,
                                  const scoring::PoseTrainingOptions& training) {
  return Report(pools, judged, networks, training).made(conditions);
}

}  // namespace theriac::cli
