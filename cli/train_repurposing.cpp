#include "cli/train_repurposing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "chem/text_stream.hpp"
#include "cli/bench_conditions.hpp"
#include "cli/repurpose_question.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "datasets/provenance.hpp"
#include "repurpose/knowledge_graph.hpp"
#include "repurpose/ranking_training.hpp"

namespace theriac::cli {
namespace {

using datasets::Store;

/// Sources that the graph took treatments from.
std::string treatment_sources(const Store& store, const repurpose::GraphOptions& options) {
  std::vector<bool> used(store.sources().size(), false);
  for (const auto kind : {datasets::LinkKind::treats, datasets::LinkKind::palliates})
    for (const auto source : store.links(kind).source) used[source] = true;
  std::string names;
  for (std::size_t i = 0; i < used.size(); ++i) {
    const auto& source = store.sources()[i];
    const auto begins = [&](const std::string& each) { return source.name.rfind(each, 0) == 0; };
    const bool chosen =
        options.treatment_sources.empty() ||
        std::any_of(options.treatment_sources.begin(), options.treatment_sources.end(), begins);
    if (used[i] && chosen && repurpose::allows(options, source))
      names += (names.empty() ? "" : ", ") + source.name;
  }
  return names;
}

std::string licence_text(const std::string& choice) {
  if (choice == "permissive") return "public domain, CC0 or CC BY: every link that was used";
  if (choice != "any" && choice != "non_commercial")
    return "CC0, CC BY, CC BY-SA, ODbL: every link that was used";
  return "mixed, links for non-commercial use among them";
}

std::vector<std::string> drugbank_ids(const std::string& line) {
  std::vector<std::string> ids;
  for (std::size_t at = line.find("DB"); at != std::string::npos; at = line.find("DB", at + 1)) {
    const bool begins = at == 0 || !std::isalnum(static_cast<unsigned char>(line[at - 1]));
    std::size_t end = at + 2;
    while (end < line.size() && std::isdigit(static_cast<unsigned char>(line[end]))) ++end;
    if (begins && end == at + 7) ids.push_back(line.substr(at, 7));
  }
  return ids;
}

}  // namespace

std::vector<std::uint32_t> drugs_of_file(const Store& store, const std::string& path) {
  auto stream = chem::TextStream::open(path);
  std::vector<std::uint32_t> drugs;
  std::size_t ids = 0;
  for (std::string line; stream.next_line(line);)
    for (const auto& id : drugbank_ids(line)) {
      ++ids;
      const auto row = store.find(datasets::EntityKind::drug, id);
      if (row >= 0) drugs.push_back(static_cast<std::uint32_t>(row));
    }
  if (drugs.empty())
    throw InputError(fmt::format("'{}' names no drug of the store: {} DrugBank ids in it", path, ids),
                     "ids look like DB00945; theriac store info lists what a store holds");
  std::sort(drugs.begin(), drugs.end());
  drugs.erase(std::unique(drugs.begin(), drugs.end()), drugs.end());
  return drugs;
}

int train_repurposing(const RepurposingTrainingOptions& options, Session& session) {
  if (options.store.empty()) throw UsageError("train repurposing needs a store", "--store full.h5");
  const Store store = Store::open(options.store);
  repurpose::GraphOptions graph_options;
  graph_options.licences = allowed_licences(options.links);
  graph_options.treatment_sources = options.sources;
  const repurpose::KnowledgeGraph graph(store, graph_options);
  const auto set = repurpose::learning_set(graph.tables(), options.drugs.empty()
                                                               ? repurpose::covered_drugs(store, "Hetionet")
                                                               : drugs_of_file(store, options.drugs));
  std::size_t pairs = 0;
  for (std::size_t d = 0; d < set.diseases.size(); ++d) pairs += set.known_drugs(d);
  session.terminal().note(fmt::format("data      {} treatments of {} diseases, {} candidate drugs", pairs,
                                      set.diseases.size(), set.drugs.size()));
  if (session.options.dry_run) {
    session.terminal().note(fmt::format("plan      weights would go to {}", options.out));
    return exit_done;
  }
  const Stopwatch watch;
  auto model = repurpose::train_ranking(graph.features(), set);
  model.name = options.name;
  model.date = datasets::utc_now().substr(0, 10);
  model.licence = licence_text(options.links);
  model.fitted_on =
      fmt::format("{} treatments of {} diseases by {} candidate drugs ({})", pairs, set.diseases.size(),
                  set.drugs.size(), treatment_sources(store, graph_options));
  model.figures = options.about;
  model.write(options.out);
  session.terminal().note(fmt::format("wrote     {}: {} lines, prevalence {:.4f}, {:.1f} s", options.out,
                                      model.treated.model.features().size(), model.prevalence(),
                                      watch.wall_seconds()));
  return print_result(session, "train",
                      {{"task", "repurposing"},
                       {"treatments", pairs},
                       {"diseases", set.diseases.size()},
                       {"drugs", set.drugs.size()},
                       {"seconds", watch.wall_seconds()},
                       {"out", options.out}},
                      exit_done);
}

}  // namespace theriac::cli
