#include "cli/bench_peptides.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <iterator>
#include <memory>
#include <set>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "chem/residue_scales.hpp"
#include "chem/text_file.hpp"
#include "cli/bench_conditions.hpp"
#include "cli/binder_composition.hpp"
#include "cli/binder_pairs.hpp"
#include "cli/growing_table.hpp"
#include "cli/model_choice.hpp"
#include "cli/session.hpp"
#include "datasets/results_table.hpp"
#include "generative/peptide_search.hpp"
#include "scoring/property_metrics.hpp"

namespace theriac::cli {
namespace {

/// One way to compare a native peptide with something else: the share of comparisons that it wins (ties
/// half), and whether it lies above their mean.
struct Contest {
  double won = 0;
  bool above_mean = false;
};

Contest contest(double native, const std::vector<double>& rivals) {
  Contest out;
  double sum = 0;
  for (const double rival : rivals) {
    out.won += native > rival ? 1 : native == rival ? 0.5 : 0;
    sum += rival;
  }
  const auto count = static_cast<double>(rivals.size());
  out.won /= count;
  out.above_mean = native > sum / count;
  return out;
}

/// Nats a residue of a peptide behind a target, and of permutations of it on average.
struct Reading {
  double peptide = 0, permuted = 0;
  /// What the order of the residues adds: composition cancels.
  double order() const { return peptide - permuted; }
};

/// Of one pair.
struct PairFigures {
  Reading own;
  std::vector<Reading> shuffled, others;
  std::vector<double> permutations;  ///< behind the own target
  Contest composition, together;  ///< with other targets: of composition alone, and added to the model's nats
};

std::string permuted(const std::string& peptide, std::uint64_t seed, int number) {
  return generative::shuffled_target(peptide, seed ^ 0x9e37u, static_cast<std::uint64_t>(number));
}

class PeptideBench {
 public:
  PeptideBench(const PeptideBenchOptions& options, Session& session) : options_(options), session_(session) {
    file_ = std::filesystem::is_directory(options.model) ? options.model
                                                         : model_file(options.model, "protein-binders");
    test_ = binder_test(options.data, split_file());
    model_ = generative::read_peptide_model(file_, generative::Unmasking::one_pass,
                                            generative::Judgement::by_position);
    if (test_.families < 2) throw InputError("no two families of targets are left to measure with");
    if (model_->masked()) permutations_ = 1;  // each costs a pass a residue behind every target
  }

  int run() {
    session_.terminal().note(fmt::format("model     {}", model_->description()));
    session_.terminal().note(fmt::format(
        "pairs     {} of {} in {} families of targets; left out: {} with other letters, {} whose target is "
        "related "
        "to one of the {} learned pairs",
        test_.pairs.size(), test_.offered, test_.families, test_.odd_letters, test_.related,
        test_.learned.size()));
    measure();
    compare_compositions();
    if (session_.stop().stop_requested()) return session_.exit_code({}, "nothing was written");
    time_proposals();
    return report();
  }

 private:
  /// Beside the weights: MODEL_split.tsv ships, split.tsv is what training leaves.
  std::string split_file() const {
    if (!options_.split.empty()) return options_.split;
    const std::filesystem::path weights(file_);
    for (const auto& name : {weights.stem().string() + "_split.tsv", std::string("split.tsv")})
      if (const auto path = weights.parent_path() / name; std::filesystem::exists(path)) return path.string();
    session_.terminal().warn("split",
                             fmt::format("no split.tsv beside '{}': all pairs of PepNN's training part "
                                         "count as learned",
                                         file_));
    return {};
  }

  /// Which targets a pair is read behind, besides its own and shuffled copies of it.
  std::vector<std::size_t> other_targets(std::size_t i) const {
    chem::CounterRandom random(session_.seed(), test_.pairs[i].target, "other targets");
    std::vector<std::size_t> out;
    while (static_cast<int>(out.size()) < options_.others) {
      const auto other = random.below(static_cast<std::uint32_t>(test_.pairs.size()));
      if (test_.pairs[other].family != test_.pairs[i].family) out.push_back(other);
    }
    return out;
  }

  std::vector<std::string> peptide_and_permutations(std::size_t i) const {
    const auto& peptide = test_.pairs[i].peptide;
    std::vector<std::string> out = {peptide};
    for (int k = 0; k < permutations_; ++k) out.push_back(permuted(peptide, session_.seed(), k));
    return out;
  }

  static Reading reading_of(const std::vector<double>& values, std::size_t first, std::size_t count) {
    Reading out{values[first], 0};
    for (std::size_t k = 1; k < count; ++k)
      out.permuted += values[first + k] / static_cast<double>(count - 1);
    return out;
  }

  void measure() {
    const auto& pairs = test_.pairs;
    figures_.resize(pairs.size());
    struct Guest {
      std::size_t pair, slot;
    };
    std::vector<std::vector<Guest>> guests(pairs.size());  // whose peptides are read behind a target
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const auto others = other_targets(i);
      figures_[i].others.resize(others.size());
      for (std::size_t k = 0; k < others.size(); ++k) guests[others[k]].push_back({i, k});
    }
    tbb::parallel_for(std::size_t{0}, pairs.size(), [&](std::size_t i) {
      if (session_.stop().stop_requested()) return;
      auto asked = peptide_and_permutations(i);
      const std::size_t each = asked.size();
      for (const auto& guest : guests[i])
        for (auto& text : peptide_and_permutations(guest.pair)) asked.push_back(std::move(text));
      const auto values =
          generative::mean_log_probabilities(*model_->read_target(pairs[i].target, longest()), asked);
      figures_[i].own = reading_of(values, 0, each);
      figures_[i].permutations.assign(values.begin() + 1, values.begin() + static_cast<std::ptrdiff_t>(each));
      for (std::size_t g = 0; g < guests[i].size(); ++g)
        figures_[guests[i][g].pair].others[guests[i][g].slot] = reading_of(values, (g + 1) * each, each);
      asked.resize(each);
      for (int k = 0; k < options_.shuffles; ++k) {
        const auto shuffled =
            generative::shuffled_target(pairs[i].target, session_.seed(), static_cast<std::uint64_t>(k));
        figures_[i].shuffled.push_back(reading_of(
            generative::mean_log_probabilities(*model_->read_target(shuffled, longest()), asked), 0, each));
      }
    });
  }

  /// The baseline, learned from the same pairs, on the same comparisons.
  void compare_compositions() {
    const BinderComposition composition(test_.learned, session_.seed());
    for (std::size_t i = 0; i < figures_.size() && !session_.stop().stop_requested(); ++i) {
      auto& f = figures_[i];
      const auto& [target, peptide, source, family] = test_.pairs[i];
      const auto nats = [&](const Reading& r) {
        return r.peptide * static_cast<double>(test_.pairs[i].peptide.size());
      };
      const double own = composition.score(target, peptide);
      std::vector<double> alone, added;
      const auto others = other_targets(i);
      for (std::size_t k = 0; k < others.size(); ++k) {
        alone.push_back(composition.score(test_.pairs[others[k]].target, peptide));
        added.push_back(alone.back() + nats(f.others[k]));
      }
      f.composition = contest(own, alone);
      f.together = contest(own + nats(f.own), added);
    }
  }

  int longest() const {
    std::size_t most = 0;
    for (const auto& pair : test_.pairs) most = std::max(most, pair.peptide.size());
    return static_cast<int>(most);
  }

  /// 100 proposals for each of five targets, as the command makes them.
  void time_proposals() {
    const Stopwatch watch;
    const generative::PeptideDesign design;
    for (std::size_t i = 0; i < std::min<std::size_t>(5, test_.pairs.size()); ++i) {
      const auto& target = test_.pairs[i].target;
      const generative::SpecificityPanel panel(*model_, target, design.longest, 4, session_.seed());
      const auto drawn =
          generative::drawn_peptides(panel.target(), design, 100, target, session_.seed(), session_.stop());
      proposed_ += drawn.peptides.size();
      drawn_ += static_cast<std::size_t>(drawn.drawn);
      for (const auto& each : panel.judged(drawn.peptides)) specificity_.push_back(each.value());
      ++timed_targets_;
    }
    seconds_ = watch.wall_seconds();
  }

  /// Mean over the chosen pairs; the interval draws families of targets.
  scoring::Interval share(const std::vector<double>& values, const std::vector<std::size_t>& chosen) const {
    std::vector<std::vector<double>> of_family(test_.families);
    for (const auto i : chosen) of_family[test_.pairs[i].family].push_back(values[i]);
    of_family.erase(
        std::remove_if(of_family.begin(), of_family.end(), [](const auto& f) { return f.empty(); }),
        of_family.end());
    scoring::BootstrapOptions bootstrap;
    bootstrap.seed = session_.seed();
    return scoring::bootstrap(
        of_family.size(),
        [&](const scoring::Sample& sample) {
          double sum = 0, count = 0;
          for (const auto f : sample)
            for (const double value : of_family[f]) sum += value, ++count;
          return sum / count;
        },
        bootstrap);
  }

  /// The four questions of one group of pairs.
  void add_rows(const std::string& group, const std::vector<std::size_t>& chosen,
                std::vector<std::vector<std::string>>& rows, scoring::Interval* first) const {
    using Values = std::function<Contest(const PairFigures&)>;
    const auto among = [](double native, const std::vector<Reading>& rivals, bool order) {
      std::vector<double> values;
      for (const auto& r : rivals) values.push_back(order ? r.order() : r.peptide);
      return contest(native, values);
    };
    const std::vector<std::pair<const char*, Values>> questions = {
        {"behind its target than behind shuffled copies",
         [&](const auto& f) { return among(f.own.peptide, f.shuffled, false); }},
        {"the same, less what its permutations gain",
         [&](const auto& f) { return among(f.own.order(), f.shuffled, true); }},
        {"behind its target than behind other targets",
         [&](const auto& f) { return among(f.own.peptide, f.others, false); }},
        {"the same, less what its permutations gain",
         [&](const auto& f) { return among(f.own.order(), f.others, true); }},
        {"composition of peptide and target alone, other targets",
         [](const auto& f) { return f.composition; }},
        {"model and composition together, other targets", [](const auto& f) { return f.together; }},
        {"than its permutations, behind its target",
         [&](const auto& f) { return contest(f.own.peptide, f.permutations); }}};
    for (const auto& [title, question] : questions) {
      std::vector<double> won, above;
      for (const auto& f : figures_) {
        const Contest c = question(f);
        won.push_back(c.won);
        above.push_back(c.above_mean ? 1 : 0);
      }
      const auto percent = [](const scoring::Interval& i) {
        return fmt::format("{:.1f} % ({:.1f}-{:.1f})", 100 * i.value, 100 * i.low, 100 * i.high);
      };
      const auto comparisons = share(won, chosen);
      if (first && rows.size() == 1) *first = comparisons;
      rows.push_back(
          {group, std::to_string(chosen.size()), title, percent(comparisons), percent(share(above, chosen))});
    }
  }

  std::string perplexity(const std::function<double(const PairFigures&)>& figure) const {
    std::vector<double> values;
    for (const auto& f : figures_) values.push_back(std::exp(-figure(f)));
    return fmt::format("{:.2f}", scoring::median(values));
  }

  static double mean_of(const std::vector<Reading>& readings) {
    double sum = 0;
    for (const auto& r : readings) sum += r.peptide / static_cast<double>(readings.size());
    return sum;
  }

  void write_pairs() const {
    make_folder(options_.out);
    const auto real = [](const char* name) { return datasets::real_column(name, "nat/residue", "", 5); };
    datasets::CsvTable table(options_.out + "/pairs.csv",
                             {datasets::text_column("peptide"),
                              datasets::text_column("source"),
                              {"family", datasets::ColumnType::int64, "", "", -1, {}},
                              {"target_length", datasets::ColumnType::int64, "", "", -1, {}},
                              real("native"),
                              real("shuffled_targets"),
                              real("other_targets"),
                              real("permuted_peptides")});
    for (std::size_t i = 0; i < figures_.size(); ++i) {
      const auto& f = figures_[i];
      const auto& pair = test_.pairs[i];
      table.append({pair.peptide, pair.source == BinderSource::pepmlm ? "pepmlm" : "held_out",
                    static_cast<std::int64_t>(pair.family), static_cast<std::int64_t>(pair.target.size()),
                    f.own.peptide, mean_of(f.shuffled), mean_of(f.others), f.own.permuted});
    }
    table.publish();
  }

  int report() const {
    write_pairs();
    std::vector<std::size_t> all, pepmlm, held_out;
    for (std::size_t i = 0; i < test_.pairs.size(); ++i) {
      all.push_back(i);
      (test_.pairs[i].source == BinderSource::pepmlm ? pepmlm : held_out).push_back(i);
    }
    std::vector<std::vector<std::string>> rows = {
        {"pairs", "", "native peptide likelier ...", "comparisons (95 %)", "pairs above the mean (95 %)"}};
    scoring::Interval against_shuffled;
    add_rows("all", all, rows, &against_shuffled);
    if (!held_out.empty() && !pepmlm.empty()) {
      add_rows("PepMLM", pepmlm, rows, nullptr);
      add_rows("held out", held_out, rows, nullptr);
    }
    std::printf("%s\nChance is 50 %% everywhere; intervals draw families of targets.\n",
                markdown_table(rows).c_str());
    std::printf(
        "median perplexity of native peptides: %s behind the target, %s behind shuffled targets, %s behind "
        "other "
        "targets; permuted peptides behind the target %s\n",
        perplexity([](const auto& f) { return f.own.peptide; }).c_str(),
        perplexity([](const auto& f) { return mean_of(f.shuffled); }).c_str(),
        perplexity([](const auto& f) { return mean_of(f.others); }).c_str(),
        perplexity([](const auto& f) { return f.own.permuted; }).c_str());
    std::printf(
        "proposals: %zu peptides for %zu targets, drawn and ranked in %.1f s; %zu draws; mean specificity "
        "%+.4f nats a residue\n%s\n",
        proposed_, timed_targets_, seconds_, drawn_, specificity_.empty() ? 0.0 : scoring::mean(specificity_),
        bench_conditions(session_).text().c_str());
    if (against_shuffled.low <= 0.5)
      std::printf(
          "The interval of the first share holds one half: this model does not tell a target from a shuffled "
          "copy of it. Its peptides are plausible sequences, not binders of this target.\n");
    session_.terminal().note(fmt::format("wrote     {}/pairs.csv", options_.out));
    return exit_done;
  }

  const PeptideBenchOptions& options_;
  Session& session_;
  BinderTest test_;
  int permutations_ = 10;
  std::string file_;
  std::unique_ptr<generative::PeptideModel> model_;
  std::vector<PairFigures> figures_;
  std::vector<double> specificity_;
  std::size_t proposed_ = 0, drawn_ = 0, timed_targets_ = 0;
  double seconds_ = 0;
};

}  // namespace

int bench_peptides(const PeptideBenchOptions& options, Session& session) {
  return PeptideBench(options, session).run();
}

}  // namespace theriac::cli
