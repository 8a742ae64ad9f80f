#include "cli/bench_modes.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <set>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "chem/fingerprint.hpp"
#include "chem/nearest_name.hpp"
#include "chem/text_file.hpp"
#include "cli/design_question.hpp"
#include "cli/growing_table.hpp"
#include "cli/model_choice.hpp"
#include "cli/modes_report.hpp"
#include "cli/molecule_source.hpp"
#include "cli/record_blocks.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "datasets/results_table.hpp"

namespace theriac::cli {
namespace {

/// What became of one draw; no answer: the message says why.
struct Draw {
  std::optional<DesignAnswer> answer;
  std::string message;
};

double property(const std::vector<double>& values, const char* name) {
  const auto& all = generative::condition_properties();
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& p) { return p.name == name; });
  return values[static_cast<std::size_t>(found - all.begin())];
}

/// Mean Tanimoto distance over all pairs (Morgan, radius 2); 0 for fewer than two molecules.
double diversity(const std::vector<chem::Molecule>& molecules) {
  const std::size_t n = molecules.size();
  if (n < 2) return 0;
  std::vector<chem::Fingerprint> prints(n);
  tbb::parallel_for(std::size_t{0}, n,
                    [&](std::size_t i) { prints[i] = chem::morgan_fingerprint(molecules[i]); });
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < i; ++j) sum += 1 - chem::tanimoto(prints[i], prints[j]);
  return 2 * sum / static_cast<double>(n * (n - 1));
}

class ModesBench {
 public:
  ModesBench(const ModesOptions& options, Session& session)
      : options_(options),
        session_(session),
        drugs_(chosen_drugs(options.drugs)),
        modes_(options.modes.empty() ? design_modes() : options.modes),
        policy_(generative::GraphPolicy::load(model_file(options.model, "generator"))) {
    sources_.push_back(network_source(policy_));
    if (options.random_policy) sources_.push_back(random_source());
    molecules_csv_ = "drug,mode,source,number,valid,satisfied,smiles,qed,sa,message\n";
  }

  void run() {
    const auto steps = static_cast<std::int64_t>(drugs_.size() * modes_.size() * sources_.size());
    const auto progress = session_.progress({"modes", "runs", steps, 0, 0, 0, ""});
    for (const std::string& mode : modes_)
      for (const DesignDrug& drug : drugs_)
        for (const auto& source : sources_) {
          check_stop(session_);
          rows_.push_back(measured(drug, mode, *source));
          failed_ += rows_.back().status != "ok";
          progress->update(static_cast<std::int64_t>(rows_.size()), failed_);
        }
    progress->finish();
  }

  /// Returns the text to show.
  std::string write(const std::string& folder) const {
    const ModesReport report = modes_report(rows_, options_.model, bench_conditions(session_));
    chem::write_text_file(folder + "/modes.csv", report.csv);
    chem::write_text_file(folder + "/modes.md", report.markdown);
    chem::write_text_file(folder + "/molecules.csv", molecules_csv_);
    session_.terminal().note(fmt::format("wrote {0}/modes.csv, {0}/modes.md, {0}/molecules.csv", folder));
    return report.text;
  }

  RecordCounts counts() const { return {static_cast<std::int64_t>(rows_.size()), failed_}; }

 private:
  static std::vector<DesignDrug> chosen_drugs(const std::vector<std::string>& names) {
    const auto all = design_drugs();
    if (names.empty()) return all;
    std::vector<DesignDrug> out;
    std::vector<std::string> known;
    for (const auto& drug : all) known.push_back(drug.name);
    for (const std::string& name : names) {
      const auto found = std::find(known.begin(), known.end(), name);
      if (found == known.end()) {
        const std::string near = chem::nearest_name(name, known);
        throw UsageError(fmt::format("no drug '{}'; there are {}", name, fmt::join(known, ", ")),
                         near.empty() ? "" : fmt::format("did you mean '{}'?", near));
      }
      out.push_back(all[static_cast<std::size_t>(found - known.begin())]);
    }
    return out;
  }

  ModeRow measured(const DesignDrug& drug, const std::string& mode, const MoleculeSource& source) {
    ModeRow row;
    row.drug = drug.name;
    row.mode = mode;
    row.source = source.name();
    const auto values = generative::condition_values(chem::Molecule::from_smiles(drug.smiles));
    row.drug_qed = property(values, "qed");
    row.drug_sa = property(values, "sa");
    try {
      const auto question = design_question(drug, mode, policy_.vocabulary(), drug_seed(drug));
      row.wanted = question.wanted;
      judge(answers(question, source, drug_seed(drug)), row);
    } catch (const InputError& e) {
      row.status = "failed";
      row.message = e.what();
      row.valid = row.unique = row.satisfied = row.quality = row.diversity =
          std::numeric_limits<double>::quiet_NaN();
      session_.terminal().warn("not asked", fmt::format("{}, {}: {}", drug.name, mode, e.what()));
    }
    return row;
  }

  /// Every drug has a stream of its own.
  std::uint64_t drug_seed(const DesignDrug& drug) const {
    return session_.seed() + chem::stable_hash(drug.name);
  }

  std::vector<Draw> answers(const DesignQuestion& question, const MoleculeSource& source,
                            std::uint64_t seed) {
    generative::SamplingOptions sampling;
    sampling.seed = seed;
    if (!question.ranges.empty())
      for (int i = 0; i < options_.draws; ++i) {
        chem::CounterRandom random(seed, "", "wished bins", static_cast<std::uint64_t>(i));
        sampling.conditions.push_back(generative::wished_bins(question.ranges, random));
      }
    const auto molecules =
        source.sample(question.plans, 0, static_cast<std::size_t>(options_.draws), sampling, session_.stop());
    check_stop(session_);
    std::vector<Draw> out(molecules.size());
    tbb::parallel_for(std::size_t{0}, molecules.size(), [&](std::size_t i) {
      try {
        out[i].answer = question.answer(i, molecules[i]);
      } catch (const MoleculeError& e) {
        out[i].message = e.what();
      }
    });
    return out;
  }

  void judge(const std::vector<Draw>& draws, ModeRow& row) {
    std::set<std::string> seen;
    std::vector<chem::Molecule> distinct;
    int valid = 0, satisfied = 0, good = 0;
    for (std::size_t i = 0; i < draws.size(); ++i) {
      const auto& answer = draws[i].answer;
      molecules_csv_ +=
          fmt::format("{},{},{},{},{},", row.drug, row.mode, row.source, i, answer ? "yes" : "no");
      if (!answer) {
        molecules_csv_ += fmt::format(",,,,{}\n", datasets::csv_field(draws[i].message));
        continue;
      }
      const double qed = property(answer->properties, "qed"), sa = property(answer->properties, "sa");
      molecules_csv_ += fmt::format("{},{},{:.3f},{:.3f},\n", answer->satisfied ? "yes" : "no",
                                    datasets::csv_field(answer->smiles), qed, sa);
      ++valid;
      satisfied += answer->satisfied;
      if (!seen.insert(answer->smiles).second) continue;
      distinct.push_back(answer->molecule);
      good += qed >= good_qed && sa <= good_sa;
    }
    const auto share = [&](double n) { return n / static_cast<double>(draws.size()); };
    row.draws = static_cast<std::int64_t>(draws.size());
    row.valid = share(valid);
    row.unique = share(static_cast<double>(seen.size()));
    row.satisfied = share(satisfied);
    row.quality = share(good);
    row.diversity = diversity(distinct);
  }

  const ModesOptions& options_;
  Session& session_;
  std::vector<DesignDrug> drugs_;
  std::vector<std::string> modes_;
  generative::GraphPolicy policy_;
  std::vector<std::unique_ptr<MoleculeSource>> sources_;
  std::vector<ModeRow> rows_;
  std::string molecules_csv_;
  std::int64_t failed_ = 0;
};

}  // namespace

int bench_modes(const ModesOptions& options, Session& session) {
  const std::string folder = options.out.empty() ? "bench-modes" : options.out;
  session.terminal().note(fmt::format("modes of the generator {}, {} draws of each drug; {}", options.model,
                                      options.draws, bench_conditions(session).text()));
  if (session.options.dry_run) return exit_done;
  ModesBench bench(options, session);
  make_folder(folder);
  std::string text;
  try {
    bench.run();
    text = bench.write(folder);
  } catch (const StoppedEarly&) {
  }
  const int code = session.exit_code(bench.counts());
  return text.empty() ? code : print_tables(session, "bench modes", text, {folder + "/modes.csv"}, code);
}

}  // namespace theriac::cli
