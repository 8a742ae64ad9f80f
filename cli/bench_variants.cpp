#include "cli/bench_variants.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "chem/substitution_matrix.hpp"
#include "chem/text_file.hpp"
#include "cli/bench_conditions.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "cli/variant_assays.hpp"
#include "datasets/results_table.hpp"
#include "scoring/property_metrics.hpp"
#include "scoring/variant_likelihood.hpp"
#include "scoring/variant_weight_file.hpp"

namespace theriac::cli {
namespace {

using scoring::Interval;
using scoring::PropertyMetric;
using scoring::VariantTerms;

constexpr int resamples = 1000;

/// Predictions of one method for all assays.
struct Method {
  std::string name, what;
  std::vector<std::vector<double>> predictions;
  std::vector<Interval> spearman;  ///< per assay
  Interval mean;                   ///< over assays, resampled by protein
};

struct Bench {
  VariantAssaySet set;
  std::vector<chem::Homologs> homologs;  ///< per protein
  bool with_homologs = false, with_model = false;
  std::vector<VariantTerms> alone, full;  ///< per protein: without and with homologs
  std::vector<Method> methods;
  scoring::NamedVariantWeights weights;  ///< fitted on all assays, for shipping
};

void find_all_homologs(Bench& bench, const VariantBenchOptions& options, Session& session) {
  const auto database = variant_database(options.evidence, session);
  for (std::size_t p = 0; p < bench.set.proteins.size(); ++p) {
    const std::string& name = bench.set.protein_names[p];
    const std::string& residues = bench.set.proteins[p];
    if (database) {
      bench.homologs.push_back(found_homologs(*database, name, residues, options.evidence, session));
      std::filesystem::create_directories(options.out + "/homologs");
      chem::write_text_file(fmt::format("{}/homologs/{}.a3m", options.out, name),
                            chem::homologs_text(bench.homologs.back(), name));
    } else if (!options.evidence.homologs.empty()) {
      const std::string path = fmt::format("{}/{}.a3m", options.evidence.homologs, name);
      bench.homologs.push_back(chem::read_homologs(chem::read_text_file(path), path, residues));
    } else {
      bench.homologs.push_back({residues, {}});
    }
  }
}

void compute_terms(Bench& bench, const VariantBenchOptions& options, Session& session) {
  const auto model = variant_language_model(options.evidence, session);
  bench.with_model = model.has_value();
  const Stopwatch watch;
  for (const auto& homologs : bench.homologs) {
    std::vector<double> odds;
    if (model) odds = scoring::substitution_log_odds(*model, homologs.query);
    bench.alone.emplace_back(chem::Homologs{homologs.query, {}}, odds);
    if (bench.with_homologs) bench.full.emplace_back(homologs, odds);
  }
  session.terminal().note(fmt::format("terms     of {} proteins in {:.1f} s{}", bench.homologs.size(),
                                      watch.wall_seconds(), model ? ", language model included" : ""));
}

template <class Value>
std::vector<std::vector<double>> for_each_substitution(const Bench& bench, Value value) {
  std::vector<std::vector<double>> out;
  for (const auto& assay : bench.set.assays) {
    out.emplace_back();
    for (const auto& s : assay.substitutions) out.back().push_back(value(assay.protein, s));
  }
  return out;
}

/// A combination of terms, measured with the protein left out; its weights on all assays are kept. A protein
/// without homologs gets the predictions of the combination that needs none, as in the command.
void add_combination(Bench& bench, const std::string& name, const std::string& what,
                     const std::vector<VariantTerms>& terms, bool with_model) {
  scoring::VariantFitOptions fit;
  fit.with_language_model = with_model;
  auto predictions = scoring::left_out_predictions(terms, bench.set.assays, fit);
  if (&terms == &bench.full) {
    const auto alone = scoring::left_out_predictions(bench.alone, bench.set.assays, fit);
    for (std::size_t a = 0; a < predictions.size(); ++a)
      if (bench.homologs[bench.set.assays[a].protein].rows.empty()) predictions[a] = alone[a];
  }
  bench.methods.push_back({name, what, std::move(predictions), {}, {}});
  bench.weights.emplace_back(name, scoring::fit_variant_weights(terms, bench.set.assays, -1, fit));
}

void add_methods(Bench& bench) {
  bench.methods.push_back({"blosum62",
                           "BLOSUM62",
                           for_each_substitution(bench,
                                                 [](std::size_t, const chem::Substitution& s) {
                                                   return static_cast<double>(chem::blosum62(
                                                       chem::residue_code(s.from), chem::residue_code(s.to)));
                                                 }),
                           {},
                           {}});
  if (bench.with_homologs)
    bench.methods.push_back({"profile",
                             "homolog profile alone",
                             for_each_substitution(bench,
                                                   [&](std::size_t protein, const chem::Substitution& s) {
                                                     return bench.full[protein].profile_log_odds(
                                                         s.position - 1, chem::residue_code(s.to));
                                                   }),
                             {},
                             {}});
  if (bench.with_model)
    bench.methods.push_back({"language_model",
                             "language model alone",
                             for_each_substitution(bench,
                                                   [&](std::size_t protein, const chem::Substitution& s) {
                                                     return bench.alone[protein].language_model_log_odds(
                                                         s.position - 1, chem::residue_code(s.to));
                                                   }),
                             {},
                             {}});
  add_combination(bench, "sequence", "combined, no homologs", bench.alone, false);
  if (bench.with_model)
    add_combination(bench, "sequence_model", "combined with language model, no homologs", bench.alone, true);
  if (bench.with_homologs) add_combination(bench, "combined", "combined", bench.full, false);
  if (bench.with_homologs && bench.with_model)
    add_combination(bench, "combined_model", "combined with language model", bench.full, true);
}

/// Mean over assays; the interval draws proteins with all their assays.
Interval mean_by_protein(const VariantAssaySet& set, const std::vector<double>& values, std::uint64_t seed) {
  std::vector<std::vector<double>> of_protein(set.proteins.size());
  for (std::size_t a = 0; a < values.size(); ++a) of_protein[set.assays[a].protein].push_back(values[a]);
  scoring::BootstrapOptions options;
  options.seed = seed;
  return scoring::bootstrap(
      of_protein.size(),
      [&](const scoring::Sample& sample) {
        double sum = 0, count = 0;
        for (const auto p : sample)
          for (const double value : of_protein[p]) {
            sum += value;
            ++count;
          }
        return sum / count;
      },
      options);
}

void measure(Bench& bench, std::uint64_t seed) {
  scoring::BootstrapOptions options;
  options.resamples = resamples;
  options.seed = seed;
  for (auto& method : bench.methods) {
    std::vector<double> values;
    for (std::size_t a = 0; a < bench.set.assays.size(); ++a) {
      method.spearman.push_back(scoring::metric_interval(PropertyMetric::spearman, bench.set.assays[a].scores,
                                                         method.predictions[a], options));
      values.push_back(method.spearman.back().value);
    }
    method.mean = mean_by_protein(bench.set, values, seed);
  }
}

const std::vector<std::string>& published_methods() {
  static const std::vector<std::string> names = {"ESM2_(8M)", "ESM2_(650M)", "Site-Independent", "GEMME"};
  return names;
}

std::string three(double value) {
  return std::isfinite(value) ? fmt::format("{:.3f}", value) : "";
}

std::string with_interval(const Interval& i) {
  return fmt::format("{:.3f} ({:.3f} to {:.3f})", i.value, i.low, i.high);
}

std::string table_of(const Bench& bench) {
  std::vector<std::vector<std::string>> rows = {{"assay", "mutants", "homologs"}};
  for (const auto& method : bench.methods) rows.front().push_back(method.what);
  for (const auto& name : published_methods())
    if (bench.set.published.count(name)) rows.front().push_back("published " + name);
  for (std::size_t a = 0; a < bench.set.assays.size(); ++a) {
    const auto& assay = bench.set.assays[a];
    rows.push_back({assay.name, std::to_string(assay.scores.size()),
                    std::to_string(bench.homologs[assay.protein].rows.size())});
    for (const auto& method : bench.methods)
      rows.back().push_back(&method == &bench.methods.back() ? with_interval(method.spearman[a])
                                                             : three(method.spearman[a].value));
    for (const auto& name : published_methods())
      if (bench.set.published.count(name)) rows.back().push_back(three(bench.set.published.at(name)[a]));
  }
  rows.push_back({"mean", "", ""});
  for (const auto& method : bench.methods) rows.back().push_back(with_interval(method.mean));
  for (const auto& name : published_methods())
    if (bench.set.published.count(name))
      rows.back().push_back(three(scoring::mean(bench.set.published.at(name))));
  return markdown_table(rows);
}

std::string csv_of(const Bench& bench) {
  std::string out = "assay,mutants,homologs,method,spearman,low,high\n";
  for (std::size_t a = 0; a < bench.set.assays.size(); ++a) {
    const auto& assay = bench.set.assays[a];
    const auto start = fmt::format("{},{},{}", datasets::csv_field(assay.name), assay.scores.size(),
                                   bench.homologs[assay.protein].rows.size());
    for (const auto& m : bench.methods)
      out += fmt::format("{},{},{:.4f},{:.4f},{:.4f}\n", start, m.name, m.spearman[a].value,
                         m.spearman[a].low, m.spearman[a].high);
    for (const auto& [name, values] : bench.set.published)
      out += fmt::format("{},published {},{},,\n", start, name, three(values[a]));
  }
  return out;
}

/// What the language model adds to a combination: the difference of the means over assays.
struct ModelGain {
  const char *name, *what;
  Interval difference;
};

std::vector<ModelGain> model_gains(const Bench& bench, std::uint64_t seed) {
  const auto method = [&](const std::string& name) {
    return std::find_if(bench.methods.begin(), bench.methods.end(),
                        [&](const Method& m) { return m.name == name; });
  };
  std::vector<ModelGain> gains = {{"sequence", "without homologs", {}}, {"combined", "with homologs", {}}};
  std::vector<ModelGain> out;
  for (auto& gain : gains) {
    const auto with = method(std::string(gain.name) + "_model"), without = method(gain.name);
    if (with == bench.methods.end() || without == bench.methods.end()) continue;
    std::vector<double> differences;
    for (std::size_t a = 0; a < with->spearman.size(); ++a)
      differences.push_back(with->spearman[a].value - without->spearman[a].value);
    gain.difference = mean_by_protein(bench.set, differences, seed);
    out.push_back(gain);
  }
  return out;
}

std::string gains_text(const std::vector<ModelGain>& gains) {
  std::string out;
  for (const auto& [name, what, d] : gains)
    out += fmt::format("\nThe language model adds {:+.4f} ({:+.4f} to {:+.4f}) to the combined mean {}{}.\n",
                       d.value, d.low, d.high, what, d.low > 0 ? "" : ": no gain that can be told from none");
  return out;
}

}  // namespace

int bench_variants(const VariantBenchOptions& options, Session& session) {
  if (!options.evidence.homologs.empty() && !options.evidence.database.empty())
    throw UsageError("both --homologs and --database are given", "use one of them");
  Bench bench;
  bench.set = read_variant_assays(options.data, options.assays);
  bench.with_homologs = !options.evidence.homologs.empty() || !options.evidence.database.empty();
  if (bench.set.proteins.size() < 2)
    throw UsageError("assays of one protein alone: none is left to fit weights to",
                     "choose assays of two proteins or more with --tasks");
  std::filesystem::create_directories(options.out);
  find_all_homologs(bench, options, session);
  compute_terms(bench, options, session);
  add_methods(bench);
  measure(bench, session.seed());
  const auto gains = model_gains(bench, session.seed());
  const std::string table = fmt::format(
      "# Effects of substitutions\n\nSpearman correlation with {} deep mutational scans of {} proteins. "
      "Combined "
      "scores are of weights fitted without the protein measured. Intervals: 95 % bootstrap over mutants of "
      "an assay, "
      "for the mean over proteins. Published figures include multiple mutants where an assay has them. "
      "{}.\n\n{}{}",
      bench.set.assays.size(), bench.set.proteins.size(), bench_conditions(session).text(), table_of(bench),
      gains_text(gains));
  chem::write_text_file(options.out + "/variants.csv", csv_of(bench));
  chem::write_text_file(options.out + "/variants.md", table);
  chem::write_text_file(options.out + "/weights.txt", scoring::variant_weights_text(bench.weights));
  session.terminal().note(
      fmt::format("wrote     {0}/variants.csv, {0}/variants.md, {0}/weights.txt", options.out));
  if (!session.options.json) std::fputs(table.c_str(), stdout);
  nlohmann::ordered_json means;
  for (const auto& m : bench.methods)
    means[m.name] = {{"spearman", m.mean.value}, {"low", m.mean.low}, {"high", m.mean.high}};
  for (const auto& [name, values] : bench.set.published)
    means["published " + name] = {{"spearman", scoring::mean(values)}};
  nlohmann::ordered_json added = nlohmann::ordered_json::object();
  for (const auto& [name, what, d] : gains)
    added[name] = {{"spearman", d.value}, {"low", d.low}, {"high", d.high}};
  return print_result(session, "bench variants",
                      {{"assays", bench.set.assays.size()},
                       {"proteins", bench.set.proteins.size()},
                       {"mean_spearman", means},
                       {"language_model_adds", added},
                       {"out", options.out}},
                      exit_done);
}

}  // namespace theriac::cli
