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
#include "cli/growing_table.hpp"
#include "cli/model_choice.hpp"
#include "cli/session.hpp"
#include "datasets/results_table.hpp"
#include "generative/peptide_search.hpp"
#include "scoring/reliability.hpp"

namespace theriac::cli {
namespace {

struct BinderPair {
  std::string target, peptide;
};

/// The two named columns of a table with tabs; rows whose `only` column holds another text are passed over.
std::vector<BinderPair> read_pairs(const std::string& path, const std::string& target,
                                   const std::string& peptide, const std::string& only = {},
                                   const std::string& value = {}) {
  const std::string text = chem::read_text_file(path);
  std::string_view rest = text, line;
  std::vector<std::string> header;
  std::vector<BinderPair> pairs;
  const auto cells_of = [](std::string_view from) {
    std::vector<std::string> cells(1);
    for (const char c : from)
      if (c == '\t')
        cells.emplace_back();
      else
        cells.back() += c;
    return cells;
  };
  const auto column = [&](const std::string& name) {
    const auto at = std::find(header.begin(), header.end(), name);
    if (at == header.end()) throw InputError(fmt::format("no column '{}' in '{}'", name, path));
    return static_cast<std::size_t>(at - header.begin());
  };
  while (chem::next_line(rest, line)) {
    const auto cells = cells_of(line);
    if (header.empty()) {
      header = cells;
      continue;
    }
    if (cells.size() != header.size()) throw InputError(fmt::format("a row of '{}' is cut short", path));
    if (!only.empty() && cells[column(only)] != value) continue;
    pairs.push_back({cells[column(target)], cells[column(peptide)]});
  }
  return pairs;
}

/// Three-residue words, each once, rising.
std::vector<int> words_of(const std::string& residues) {
  std::set<int> words;
  for (std::size_t i = 0; i + 3 <= residues.size(); ++i)
    words.insert((residues[i] * 128 + residues[i + 1]) * 128 + residues[i + 2]);
  return {words.begin(), words.end()};
}

/// Share of the words of the shorter one that the other has too.
double shared_words(const std::vector<int>& a, const std::vector<int>& b) {
  std::vector<int> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return static_cast<double>(both.size()) /
         static_cast<double>(std::max<std::size_t>(1, std::min(a.size(), b.size())));
}

struct ChosenPairs {
  std::vector<BinderPair> pairs;
  std::size_t all = 0, odd_letters = 0, in_pepinter = 0, related = 0;
};

constexpr double relative_from = 0.25;  // shared words; unrelated proteins of 300 residues share about 0.05

ChosenPairs chosen_pairs(const std::string& folder) {
  ChosenPairs out;
  const auto test = read_pairs(folder + "/pepmlm_test203.tsv.gz", "target_seq", "native_peptide");
  std::set<std::string> pepinter;
  for (const auto& pair : read_pairs(folder + "/pepinter_pairs.tsv.gz", "target_seq", "peptide_seq"))
    pepinter.insert(pair.target);
  std::set<std::string> seen;
  std::vector<std::vector<int>> learned;
  for (const auto& pair :
       read_pairs(folder + "/pepnn_pdb_pairs.tsv.gz", "receptor_seq", "peptide_seq", "split", "train"))
    if (seen.insert(pair.target).second) learned.push_back(words_of(pair.target));
  out.all = test.size();
  for (const auto& pair : test) {
    if (pair.peptide.size() < 2 ||
        pair.peptide.find_first_not_of(chem::standard_residues) != std::string::npos) {
      ++out.odd_letters;
      continue;
    }
    if (pepinter.count(pair.target)) {
      ++out.in_pepinter;
      continue;
    }
    const auto words = words_of(pair.target);
    if (std::any_of(learned.begin(), learned.end(),
                    [&](const auto& other) { return shared_words(words, other) >= relative_from; })) {
      ++out.related;
      continue;
    }
    out.pairs.push_back(pair);
  }
  return out;
}

/// Nats a residue of a native peptide, and of what stands beside it.
struct PairFigures {
  double native = 0, shuffled = 0, others = 0, permuted = 0;
  bool above_every_shuffle = false;
};

std::string permuted(const std::string& peptide, std::uint64_t seed, int number) {
  return generative::shuffled_target(peptide, seed ^ 0x9e37u, static_cast<std::uint64_t>(number));
}

class PeptideBench {
 public:
  PeptideBench(const PeptideBenchOptions& options, Session& session)
      : options_(options), session_(session), chosen_(chosen_pairs(options.data)) {
    file_ = std::filesystem::is_directory(options.model) ? options.model
                                                         : model_file(options.model, "protein-binders");
    model_ = generative::read_peptide_model(file_);
    if (chosen_.pairs.empty()) throw InputError("no pair is left to measure with");
  }

  int run() {
    session_.terminal().note(fmt::format("model     {}", model_->description()));
    session_.terminal().note(fmt::format(
        "pairs     {} of {}; left out: {} with other letters, {} targets also in PepInter, {} relatives of "
        "PepNN "
        "training targets",
        chosen_.pairs.size(), chosen_.all, chosen_.odd_letters, chosen_.in_pepinter, chosen_.related));
    measure();
    if (session_.stop().stop_requested()) return session_.exit_code({}, "nothing was written");
    time_proposals();
    return report();
  }

 private:
  void measure() {
    const auto& pairs = chosen_.pairs;
    figures_.resize(pairs.size());
    std::vector<std::unique_ptr<generative::PeptideContext>> targets(pairs.size());
    tbb::parallel_for(std::size_t{0}, pairs.size(), [&](std::size_t i) {
      if (!session_.stop().stop_requested()) targets[i] = model_->read_target(pairs[i].target, longest());
    });
    tbb::parallel_for(std::size_t{0}, pairs.size(), [&](std::size_t i) {
      if (session_.stop().stop_requested()) return;
      figures_[i] = measured(i, targets);
    });
  }

  int longest() const {
    std::size_t most = 0;
    for (const auto& pair : chosen_.pairs) most = std::max(most, pair.peptide.size());
    return static_cast<int>(most);
  }

  PairFigures measured(std::size_t i,
                       const std::vector<std::unique_ptr<generative::PeptideContext>>& targets) const {
    const auto& [target, peptide] = chosen_.pairs[i];
    const int others = std::min<int>(options_.others, static_cast<int>(targets.size()) - 1);
    std::vector<std::string> asked = {peptide};
    for (int k = 0; k < options_.others; ++k) asked.push_back(permuted(peptide, session_.seed(), k));
    const auto behind = generative::mean_log_probabilities(*targets[i], asked);
    PairFigures out;
    out.native = behind[0];
    for (std::size_t k = 1; k < behind.size(); ++k) out.permuted += behind[k] / options_.others;
    out.above_every_shuffle = true;
    for (int k = 0; k < options_.shuffles; ++k) {
      const auto shuffled = model_->read_target(
          generative::shuffled_target(target, session_.seed(), static_cast<std::uint64_t>(k)), longest());
      const double value = generative::mean_log_probabilities(*shuffled, {peptide})[0];
      out.shuffled += value / options_.shuffles;
      out.above_every_shuffle = out.above_every_shuffle && out.native > value;
    }
    chem::CounterRandom random(session_.seed(), target, "other targets");
    for (int k = 0; k < others; ++k) {
      std::size_t other = i;
      for (int attempt = 0; attempt < 1000 && chosen_.pairs[other].target == target; ++attempt)
        other = random.below(static_cast<std::uint32_t>(targets.size()));
      out.others += generative::mean_log_probabilities(*targets[other], {peptide})[0] / others;
    }
    return out;
  }

  /// 100 proposals for each of five targets, as the command makes them.
  void time_proposals() {
    const Stopwatch watch;
    const generative::PeptideDesign design;
    for (std::size_t i = 0; i < std::min<std::size_t>(5, chosen_.pairs.size()); ++i) {
      const auto& target = chosen_.pairs[i].target;
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

  std::vector<std::string> share_row(const std::string& title,
                                     const std::function<bool(const PairFigures&)>& wins,
                                     const std::string& chance) const {
    const auto hits = static_cast<std::size_t>(std::count_if(figures_.begin(), figures_.end(), wins));
    const auto share = scoring::share_interval(hits, figures_.size());
    return {title, std::to_string(figures_.size()),
            fmt::format("{:.1f} % ({:.1f}-{:.1f})", 100 * share.value, 100 * share.low, 100 * share.high),
            chance};
  }

  std::string perplexity(double PairFigures::*figure) const {
    std::vector<double> values;
    for (const auto& f : figures_) values.push_back(std::exp(-(f.*figure)));
    return fmt::format("{:.2f}", scoring::median(values));
  }

  void write_pairs() const {
    make_folder(options_.out);
    const auto real = [](const char* name) { return datasets::real_column(name, "nat/residue", "", 5); };
    datasets::CsvTable table(options_.out + "/pairs.csv",
                             {datasets::text_column("peptide"),
                              {"target_length", datasets::ColumnType::int64, "", "", -1, {}},
                              real("native"),
                              real("shuffled_targets"),
                              real("other_targets"),
                              real("permuted_peptides")});
    for (std::size_t i = 0; i < figures_.size(); ++i) {
      const auto& f = figures_[i];
      table.append({chosen_.pairs[i].peptide, static_cast<std::int64_t>(chosen_.pairs[i].target.size()),
                    f.native, f.shuffled, f.others, f.permuted});
    }
    table.publish();
  }

  int report() const {
    write_pairs();
    std::vector<std::vector<std::string>> rows = {
        {"native peptide likelier ...", "pairs", "share (95 %)", "chance"}};
    rows.push_back(share_row(
        "with its target than with shuffled copies of it (mean)",
        [](const auto& f) { return f.native > f.shuffled; }, "50 %"));
    rows.push_back(share_row(
        fmt::format("with its target than with each of {} shuffled copies", options_.shuffles),
        [](const auto& f) { return f.above_every_shuffle; },
        fmt::format("{:.0f} %", 100.0 / (options_.shuffles + 1))));
    rows.push_back(share_row(
        "with its target than with other targets (mean)", [](const auto& f) { return f.native > f.others; },
        "50 %"));
    rows.push_back(share_row(
        "with its target than permutations of it (mean)", [](const auto& f) { return f.native > f.permuted; },
        "50 %"));
    std::printf("%s\n", markdown_table(rows).c_str());
    std::printf(
        "median perplexity of native peptides: %s with the target, %s with shuffled targets, %s with other "
        "targets; permuted peptides with the target %s\n",
        perplexity(&PairFigures::native).c_str(), perplexity(&PairFigures::shuffled).c_str(),
        perplexity(&PairFigures::others).c_str(), perplexity(&PairFigures::permuted).c_str());
    std::printf(
        "proposals: %zu peptides for %zu targets, drawn and ranked in %.1f s; %zu draws; mean specificity "
        "%+.4f nats a residue\n%s\n",
        proposed_, timed_targets_, seconds_, drawn_, specificity_.empty() ? 0.0 : scoring::mean(specificity_),
        bench_conditions(session_).text().c_str());
    const auto hits = static_cast<std::size_t>(
        std::count_if(figures_.begin(), figures_.end(), [](const auto& f) { return f.native > f.shuffled; }));
    const auto share = scoring::share_interval(hits, figures_.size());
    if (share.low <= 0.5)
      std::printf(
          "The interval of the first share holds one half: this model does not tell a target from a shuffled "
          "copy of it. Its peptides are plausible sequences, not binders of this target.\n");
    session_.terminal().note(fmt::format("wrote     {}/pairs.csv", options_.out));
    return exit_done;
  }

  const PeptideBenchOptions& options_;
  Session& session_;
  ChosenPairs chosen_;
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
