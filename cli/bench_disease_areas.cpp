#include "cli/bench_disease_areas.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "cli/bench_conditions.hpp"
#include "cli/bench_proximity.hpp"
#include "cli/diseases_left_out.hpp"
#include "cli/growing_table.hpp"
#include "cli/repurpose_question.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "cli/train_repurposing.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/results_table.hpp"
#include "repurpose/knowledge_graph.hpp"
#include "repurpose/thinned_profile.hpp"
#include "scoring/property_metrics.hpp"

namespace theriac::cli {
namespace {

using repurpose::FeatureFamily;
using repurpose::LearningSet;

/// Which diseases are judged, in which area; each area is one group to leave out.
struct Split {
  std::vector<DiseaseArea> areas;
  std::vector<std::size_t> judged;   ///< of the learning set
  std::vector<LeftOutGroup> groups;  ///< per area with a judged disease
  std::vector<std::size_t> area_of;  ///< per group
};

Split split_of(const repurpose::GraphTables& graph, const LearningSet& set, std::vector<DiseaseArea> areas) {
  Split split;
  split.areas = std::move(areas);
  for (std::size_t a = 0; a < split.areas.size(); ++a) {
    LeftOutGroup group;
    for (const auto disease : split.areas[a].diseases) {
      const auto& relatives = graph.relatives[disease];
      group.hidden.insert(group.hidden.end(), relatives.begin(), relatives.end());
      group.hidden.push_back(disease);
      const auto at = std::lower_bound(set.diseases.begin(), set.diseases.end(), disease);
      if (at == set.diseases.end() || *at != disease) continue;
      group.judged.push_back(split.judged.size());
      split.judged.push_back(static_cast<std::size_t>(at - set.diseases.begin()));
    }
    std::sort(group.hidden.begin(), group.hidden.end());
    group.hidden.erase(std::unique(group.hidden.begin(), group.hidden.end()), group.hidden.end());
    group.hidden_from_judged = group.hidden;
    if (group.judged.empty()) continue;
    split.groups.push_back(std::move(group));
    split.area_of.push_back(a);
  }
  return split;
}

/// Scores of all judged diseases by one method.
struct Method {
  std::string name;
  DrugRows scores;
};

DrugRows rows_of(const DrugRows& rows, const std::vector<std::size_t>& places) {
  DrugRows out;
  for (const auto i : places) out.push_back(rows[i]);
  return out;
}

AreaMethod judge(const Method& method, const DrugRows& known, const std::vector<std::size_t>& places,
                 std::uint64_t seed) {
  const auto scores = rows_of(method.scores, places), classes = rows_of(known, places);
  return {method_figures(method.name, scores, classes), balanced_precision(scores, classes, seed)};
}

std::vector<AreaFigures> figures_of(const Split& split, const datasets::Store& store, const LearningSet& set,
                                    const std::vector<Method>& methods, const DrugRows& known,
                                    std::uint64_t seed) {
  const auto& names = store.entities(datasets::EntityKind::disease).name;
  std::vector<AreaFigures> out;
  std::vector<std::size_t> all(split.judged.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  for (std::size_t g = 0; g <= split.groups.size(); ++g) {
    const bool last = g == split.groups.size();
    const auto& places = last ? all : split.groups[g].judged;
    AreaFigures area;
    area.area = last ? "all areas" : split.areas[split.area_of[g]].name;
    for (std::size_t a = 0; a < split.areas.size(); ++a)
      if (last || a == split.area_of[g]) {
        area.listed += split.areas[a].listed;
        area.in_store += split.areas[a].diseases.size();
      }
    for (const auto i : places) {
      area.diseases.emplace_back(names[set.diseases[split.judged[i]]]);
      area.known_pairs += set.known_drugs(split.judged[i]);
    }
    for (const auto& method : methods) area.methods.push_back(judge(method, known, places, seed));
    out.push_back(std::move(area));
  }
  return out;
}

/// Resampled diseases say something of an area from about this many on.
constexpr std::size_t enough_for_an_interval = 3;

std::string cell(const scoring::Interval& figure, std::size_t diseases) {
  return diseases < enough_for_an_interval
             ? fmt::format("{:.3f}", figure.value)
             : fmt::format("{:.3f} ({:.3f} to {:.3f})", figure.value, figure.low, figure.high);
}

std::string area_table(const AreaFigures& area) {
  std::vector<std::vector<std::string>> rows = {
      {"method", "AUROC", "AUPR", "recall@50", "recall@100", "balanced AUPR"}};
  const std::size_t n = area.diseases.size();
  for (const auto& m : area.methods)
    rows.push_back({m.figures.method, cell(m.figures.auroc, n), cell(m.figures.average_precision, n),
                    cell(m.figures.recall_50, n), cell(m.figures.recall_100, n), cell(m.balanced, n)});
  return markdown_table(rows);
}

std::string page_of(const std::vector<AreaFigures>& areas, const Split& split, const std::string& facts) {
  std::string page = fmt::format(
      "# Repurposing: areas left out\n\n{}\n\nAll treatments of an area hidden at once; mean over its "
      "diseases, 95 % intervals from resampled diseases where there are {} or more.\n",
      facts, enough_for_an_interval);
  for (const auto& area : areas) {
    page += fmt::format("\n## {}\n\n{} diseases listed, {} in the store, {} judged, {} known pairs",
                        area.area, area.listed, area.in_store, area.diseases.size(), area.known_pairs);
    if (area.diseases.size() <= 12) {
      page += ": ";
      for (std::size_t i = 0; i < area.diseases.size(); ++i) page += (i ? ", " : "") + area.diseases[i];
    }
    page += ".\n\n" + area_table(area);
  }
  std::string empty;
  for (std::size_t a = 0; a < split.areas.size(); ++a)
    if (std::find(split.area_of.begin(), split.area_of.end(), a) == split.area_of.end())
      empty += fmt::format("{}{} ({} of {} in the store)", empty.empty() ? "" : ", ", split.areas[a].name,
                           split.areas[a].diseases.size(), split.areas[a].listed);
  if (!empty.empty())
    page += fmt::format(
        "\nNot judged, because no disease of them has both a known drug and anything else known: {}.\n",
        empty);
  return page;
}

void append_figure(datasets::Row& row, const scoring::Interval& figure, std::size_t diseases) {
  const bool interval = diseases >= enough_for_an_interval;
  row.emplace_back(figure.value);
  for (const double end : {figure.low, figure.high}) row.push_back(interval ? end : datasets::Cell());
}

void write_tables(const std::vector<AreaFigures>& areas, const std::string& folder) {
  using datasets::real_column;
  using datasets::text_column;
  std::vector<datasets::Column> columns = {text_column("area"), text_column("method"),
                                           real_column("diseases", {}, "judged", 0)};
  for (const char* name : {"auroc", "average_precision", "recall_50", "recall_100", "balanced_precision"})
    for (const char* part : {"", "_low", "_high"})
      columns.push_back(real_column(std::string(name) + part, {}, {}, 6));
  datasets::CsvTable table(folder + "/areas.csv", columns);
  datasets::CsvTable diseases(folder + "/area_diseases.csv",
                              {text_column("area"), text_column("method"), text_column("disease"),
                               real_column("auroc", {}, {}, 6), real_column("average_precision", {}, {}, 6),
                               real_column("recall_50", {}, {}, 6), real_column("recall_100", {}, {}, 6)});
  for (const auto& area : areas)
    for (const auto& m : area.methods) {
      datasets::Row row = {area.area, m.figures.method, static_cast<double>(area.diseases.size())};
      for (const auto* figure : {&m.figures.auroc, &m.figures.average_precision, &m.figures.recall_50,
                                 &m.figures.recall_100, &m.balanced})
        append_figure(row, *figure, area.diseases.size());
      table.append(row);
      for (std::size_t d = 0; d < area.diseases.size() && area.area != "all areas"; ++d) {
        const auto& f = m.figures.diseases[d];
        diseases.append({area.area, m.figures.method, area.diseases[d], f.auroc, f.average_precision,
                         f.recall_50, f.recall_100});
      }
    }
  table.publish();
  diseases.publish();
}

std::vector<Method> other_methods(const DiseasesLeftOut& left_out, const repurpose::DiseaseFeatures& features,
                                  const LearningSet& set, const Split& split, std::uint64_t seed) {
  std::vector<Method> methods = {{"sum of six path counts", left_out.sum_of(six_path_counts)}};
  for (const auto& name : six_path_counts)
    methods.push_back({fmt::format("path count {}", name), left_out.line(features.feature(name))});
  methods.push_back({"popularity", left_out.line(features.feature("popularity"))});
  std::vector<std::uint32_t> diseases;
  for (const auto d : split.judged) diseases.push_back(set.diseases[d]);
  methods.push_back({"network proximity", proximity_scores(features.graph(), diseases, set.drugs)});
  methods.push_back({"random", random_scores(split.judged.size(), set.drugs.size(), seed)});
  return methods;
}

}  // namespace

scoring::Interval balanced_precision(const DrugRows& scores, const DrugRows& known, std::uint64_t seed) {
  struct Pairs {
    std::vector<double> classes, values;
  };
  std::vector<Pairs> of_disease(scores.size());
  for (std::size_t d = 0; d < scores.size(); ++d) {
    chem::CounterRandom random(seed, "", "balanced negatives", d);
    std::vector<std::size_t> unknown;
    auto& pairs = of_disease[d];
    for (std::size_t c = 0; c < scores[d].size(); ++c) {
      if (known[d][c] == 1) {
        pairs.classes.push_back(1);
        pairs.values.push_back(scores[d][c]);
      } else {
        unknown.push_back(c);
      }
    }
    for (std::size_t n = std::min(pairs.classes.size(), unknown.size()), i = 0; i < n; ++i) {
      std::swap(unknown[i], unknown[i + random.below(static_cast<std::uint32_t>(unknown.size() - i))]);
      pairs.classes.push_back(0);
      pairs.values.push_back(scores[d][unknown[i]]);
    }
  }
  scoring::BootstrapOptions options;
  options.resamples = 1000;
  return scoring::bootstrap(
      scores.size(),
      [&](const scoring::Sample& sample) {
        scoring::Values classes, values;
        for (const auto d : sample) {
          classes.insert(classes.end(), of_disease[d].classes.begin(), of_disease[d].classes.end());
          values.insert(values.end(), of_disease[d].values.begin(), of_disease[d].values.end());
        }
        return scoring::property_metric(scoring::PropertyMetric::average_precision, classes, values);
      },
      options);
}

int bench_disease_areas(const RepurposingBenchOptions& options, Session& session) {
  const auto store = datasets::Store::open(options.store);
  auto areas = read_disease_areas(options.areas, store);
  make_folder(options.out);
  const auto conditions = bench_conditions(session);
  const Stopwatch watch;
  const repurpose::KnowledgeGraph graph(store, {allowed_licences(options.links), {}});
  const auto set = repurpose::learning_set(graph.tables(), options.drugs.empty()
                                                               ? repurpose::covered_drugs(store, "Hetionet")
                                                               : drugs_of_file(store, options.drugs));
  const auto split = split_of(graph.tables(), set, std::move(areas));
  if (split.groups.empty())
    throw UsageError(fmt::format("no disease of '{}' has a known drug and anything else known in '{}'",
                                 options.areas, options.store));
  session.terminal().note(fmt::format("data      {} candidate drugs, {} diseases, {} judged in {} areas",
                                      set.drugs.size(), set.diseases.size(), split.judged.size(),
                                      split.groups.size()));
  const auto& features = graph.features();
  const auto question = [&](std::uint32_t disease, const std::vector<std::uint32_t>& hidden) {
    return repurpose::thinned(graph.tables(), repurpose::profile_of_disease(graph.tables(), disease, hidden),
                              options.hidden_links,
                              chem::CounterRandom(session.seed(), "", "hidden links", disease));
  };
  DiseasesLeftOut left_out(features, set, split.judged, split.groups, question);
  const std::vector<RankingVariant> variants = {
      {"learned", {}}, {"learned, no popularity", lines_of_family(features, FeatureFamily::popularity)}};
  std::vector<DrugRows> scores;
  if (!left_out.run(variants, scores, session))
    return session.exit_code({}, "nothing is kept of a stopped run");
  std::vector<Method> methods;
  for (std::size_t v = 0; v < variants.size(); ++v) methods.push_back({variants[v].name, scores[v]});
  for (auto& method : other_methods(left_out, features, set, split, session.seed()))
    methods.push_back(std::move(method));
  const auto figures = figures_of(split, store, set, methods, left_out.known(), session.seed());
  write_tables(figures, options.out);
  const std::string page = page_of(
      figures, split,
      fmt::format(
          "Treatments and palliations of all sources, links of licence {}; {} candidate drugs, {} "
          "diseases with known drugs. {:.0f} % of the other links of a judged disease left out. {}; {:.0f} "
          "s. {}.",
          options.links, set.drugs.size(), set.diseases.size(), 100 * options.hidden_links, conditions.text(),
          watch.wall_seconds(), left_out.penalties()));
  datasets::DurableFile file(options.out + "/areas.md");
  file.write(page);
  file.publish();
  return print_tables(session, "bench repurposing", page, {options.out + "/areas.csv"}, exit_done);
}

}  // namespace theriac::cli
