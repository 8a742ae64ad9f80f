#include "cli/bench_repurposing.hpp"

#include <fmt/format.h>

#include "chem/error.hpp"
#include "cli/bench_conditions.hpp"
#include "cli/bench_disease_areas.hpp"
#include "cli/bench_proximity.hpp"
#include "cli/diseases_left_out.hpp"
#include "cli/growing_table.hpp"
#include "cli/repurpose_question.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "cli/train_repurposing.hpp"
#include "datasets/durable_file.hpp"
#include "repurpose/knowledge_graph.hpp"

namespace theriac::cli {
namespace {

using repurpose::FeatureFamily;
using repurpose::LearningSet;

/// Lines whose names begin so.
std::vector<std::string> lines_with(const repurpose::DiseaseFeatures& features,
                                    const std::vector<std::string>& beginnings) {
  std::vector<std::string> names;
  for (const auto& feature : features.features())
    for (const auto& beginning : beginnings)
      if (feature.name.rfind(beginning, 0) == 0) names.push_back(feature.name);
  return names;
}

std::vector<std::string> joined(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

std::vector<RankingVariant> variants(const repurpose::DiseaseFeatures& features) {
  const auto use = lines_with(features, {"CiPCiC", "CiATiC"}), effects = lines_with(features, {"CcSEcC"});
  const auto popularity = lines_of_family(features, FeatureFamily::popularity);
  return {{"learned", {}},
          {"learned, no classes and ATC codes", use},
          {"learned, no side effects", effects},
          {"learned, none of these three", joined(use, effects)},
          {"learned, no popularity", popularity},
          {"learned, mechanism lines alone",
           joined(popularity, lines_of_family(features, FeatureFamily::similarity))}};
}

DrugRows proximity_of(const repurpose::GraphTables& graph, const LearningSet& set,
                      const std::vector<std::size_t>& judged) {
  std::vector<std::uint32_t> diseases;
  for (const auto d : judged) diseases.push_back(set.diseases[d]);
  return proximity_scores(graph, diseases, set.drugs);
}

}  // namespace

int bench_repurposing(const RepurposingBenchOptions& options, Session& session) {
  if (options.store.empty()) throw UsageError("bench repurposing needs a store", "--store full.h5");
  if (!options.areas.empty()) return bench_disease_areas(options, session);
  const auto store = datasets::Store::open(options.store);
  make_folder(options.out);
  const auto conditions = bench_conditions(session);
  const Stopwatch watch;
  const repurpose::KnowledgeGraph graph(store, {allowed_licences(options.links), {"Hetionet"}});
  const auto set = repurpose::learning_set(graph.tables(), options.drugs.empty()
                                                               ? repurpose::covered_drugs(store, "Hetionet")
                                                               : drugs_of_file(store, options.drugs));
  std::vector<std::size_t> judged;
  RepurposingFigures figures;
  for (std::size_t d = 0; d < set.diseases.size(); ++d) {
    if (set.known_drugs(d) < static_cast<std::size_t>(options.min_known)) continue;
    judged.push_back(d);
    figures.known.push_back(set.known_drugs(d));
    figures.diseases.emplace_back(store.entities(datasets::EntityKind::disease).name[set.diseases[d]]);
  }
  if (judged.size() < 2)
    throw UsageError(
        fmt::format("{} diseases with {} known drugs or more", judged.size(), options.min_known));
  figures.data = fmt::format("Treatments and palliations of Hetionet, links of licence {}", options.links);
  figures.candidates =
      fmt::format("{} candidate drugs, {} diseases to learn from", set.drugs.size(), set.diseases.size());
  session.terminal().note(fmt::format("data      {}; {} diseases judged", figures.candidates, judged.size()));

  const auto& features = graph.features();
  DiseasesLeftOut left_out(features, set, judged, groups_of_diseases(set, judged, options.folds));
  const auto chosen = variants(features);
  std::vector<DrugRows> scores;
  if (!left_out.run(chosen, scores, session))
    return session.exit_code({}, "nothing is kept of a stopped run");
  const DrugRows known = left_out.known();
  for (std::size_t v = 0; v < chosen.size(); ++v)
    figures.methods.push_back(method_figures(chosen[v].name, scores[v], known));
  figures.methods.push_back(
      method_figures("sum of six path counts", left_out.sum_of(six_path_counts), known));
  figures.methods.push_back(
      method_figures("random", random_scores(judged.size(), set.drugs.size(), session.seed()), known));
  figures.methods.push_back(
      method_figures("network proximity", proximity_of(graph.tables(), set, judged), known));
  for (std::size_t f = 0; f < features.features().size(); ++f)
    if (features.features()[f].family != FeatureFamily::treated)
      figures.methods.push_back(method_figures(features.features()[f].name, left_out.line(f), known));
  figures.calibration = calibration_figures(scores.front(), known);
  figures.penalties = left_out.penalties();
  figures.new_indications = new_indications(
      graph, set, {"DrugCentral indications (Rephetio)", "DrugCentral 2016 indications", "repoDB 2017"});
  figures.seconds = watch.wall_seconds();

  write_repurposing_tables(figures, options.out);
  const std::string page = repurposing_report(figures, conditions.text());
  datasets::DurableFile file(options.out + "/repurposing.md");
  file.write(page);
  file.publish();
  return print_tables(session, "bench repurposing", page,
                      {options.out + "/figures.csv", options.out + "/calibration.csv"}, exit_done);
}

}  // namespace theriac::cli
