#include "cli/train_endpoints.hpp"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "cli/endpoint_card.hpp"
#include "cli/endpoint_data.hpp"
#include "cli/endpoint_facts.hpp"
#include "cli/endpoint_rivals.hpp"
#include "cli/growing_table.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/provenance.hpp"
#include "datasets/results_table.hpp"
#include "scoring/endpoint_set.hpp"
#include "scoring/reliability.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;
using datasets::Column;
using datasets::ColumnType;
using scoring::EndpointKind;
using scoring::EndpointModel;
using scoring::MeasuredSet;

bool exact(const MeasuredSet& set, std::size_t i) {
  return set.bounds.empty() || set.bounds[i] == scoring::Bound::exact;
}

/// Error of held-out predictions on the model's scale: log loss of calibrated probabilities, or absolute
/// error.
double held_out_loss(const scoring::Endpoint& endpoint, const MeasuredSet& measured,
                     const scoring::OutOfFold& seen) {
  const auto told = scoring::cross_calibrated(endpoint, measured, seen);
  scoring::Values observed, predicted;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    if (!exact(measured, i)) continue;
    const bool value = endpoint.kind == EndpointKind::value;
    observed.push_back(value ? scoring::model_scale(endpoint, measured.values[i]) : measured.values[i]);
    predicted.push_back(value ? seen.raw[i] : told[i].value);
  }
  return scoring::property_metric(
      endpoint.kind == EndpointKind::value ? scoring::PropertyMetric::mae : scoring::PropertyMetric::log_loss,
      observed, predicted);
}

struct Candidate {
  int depth;
  double column_share;
};

/// The tree depth and share of columns with the smallest error of held-out scaffolds.
Candidate tuned(const scoring::Endpoint& endpoint, const EndpointData& data,
                const scoring::MoleculeLibrary& library, const scoring::FeatureBins& bins,
                scoring::EndpointFitOptions fit, Session& session) {
  constexpr Candidate candidates[] = {{6, 0.3}, {6, 0.1}, {4, 0.3}};
  Candidate best = candidates[0];
  double least = std::numeric_limits<double>::infinity();
  fit.members = 0;
  for (const Candidate& candidate : candidates) {
    fit.depth = candidate.depth;
    fit.column_share = candidate.column_share;
    scoring::OutOfFold seen;
    EndpointModel::fit(endpoint, library, bins, data.train, fit, &seen);
    const double loss = held_out_loss(endpoint, data.train, seen);
    session.terminal().note(
        fmt::format("tried     depth {}, {:.0f} % of the columns: {} {:.4f} on held-out scaffolds",
                    candidate.depth, 100 * candidate.column_share,
                    endpoint.kind == EndpointKind::value ? "absolute error" : "log loss", loss));
    if (loss < least) {
      least = loss;
      best = candidate;
    }
  }
  return best;
}

/// Rows of `set` whose fold is, or is not, `fold`.
MeasuredSet part(const MeasuredSet& set, int fold, bool inside, std::vector<std::size_t>& rows) {
  MeasuredSet out;
  rows.clear();
  for (std::size_t i = 0; i < set.size(); ++i) {
    if ((set.folds[i] == fold) != inside) continue;
    rows.push_back(i);
    out.molecules.push_back(set.molecules[i]);
    out.values.push_back(set.values[i]);
  }
  return out;
}

void append(CardSplit& split, const scoring::Endpoint& endpoint, double observed,
            const scoring::EndpointPrediction& told, double similarity, const std::string& name) {
  split.observed.push_back(observed);
  split.predicted.push_back(told.value);
  if (endpoint.kind == EndpointKind::value) {
    split.low.push_back(told.low);
    split.high.push_back(told.high);
  } else {
    split.classes.push_back(told.classes);
  }
  split.similarity.push_back(similarity);
  split.names.push_back(name);
}

CardSplit empty_split(const std::string& name, const std::string& about) {
  CardSplit split;
  split.name = name;
  split.about = about;
  split.rivals = {{"training mean", {}}, {"nearest neighbour", {}}, {"random forest", {}}};
  return split;
}

void append_rivals(CardSplit& split, const EndpointRivals& rivals, const std::vector<char>& kept) {
  for (std::size_t k = 0; k < kept.size(); ++k) {
    if (!kept[k]) continue;
    split.rivals[0].predicted.push_back(rivals.mean[k]);
    split.rivals[1].predicted.push_back(rivals.neighbour[k]);
    split.rivals[2].predicted.push_back(rivals.forest[k]);
  }
}

/// Every row as predicted, and calibrated, without its fold.
CardSplit folds_as_split(const std::string& name, const std::string& about, const scoring::Endpoint& endpoint,
                         const EndpointData& data, const MeasuredSet& measured,
                         const scoring::OutOfFold& seen, const scoring::MoleculeLibrary& library,
                         std::uint64_t seed) {
  CardSplit split = empty_split(name, about);
  const auto told = scoring::cross_calibrated(endpoint, measured, seen);
  std::vector<std::size_t> inside, outside;
  for (int fold = 0; fold < calibration_folds; ++fold) {
    const auto asked = part(measured, fold, true, inside);
    const auto learned = part(measured, fold, false, outside);
    const auto rivals = endpoint_rivals(endpoint, library, learned, asked.molecules, seed);
    std::vector<char> kept;
    for (const auto i : inside) {
      kept.push_back(exact(measured, i));
      if (!kept.back()) continue;
      append(split, endpoint, measured.values[i], told[i], seen.similarity[i],
             data.table.rows[data.train_rows[i]].name);
    }
    append_rivals(split, rivals, kept);
  }
  return split;
}

/// A model of the training rows asked about the test rows.
CardSplit test_as_split(const std::string& name, const std::string& about, const EndpointModel& model,
                        const scoring::FeatureBins& bins, const EndpointData& data,
                        const scoring::MoleculeLibrary& library, std::uint64_t seed) {
  CardSplit split = empty_split(name, about);
  const auto raw = scoring::predicted_raw(model.members, bins, library, data.test.molecules);
  const auto similarity = scoring::nearest_similarity(library, data.test.molecules, model.training);
  const auto rivals = endpoint_rivals(model.endpoint, library, data.train, data.test.molecules, seed);
  std::vector<char> kept;
  for (std::size_t i = 0; i < data.test.size(); ++i) {
    kept.push_back(exact(data.test, i));
    if (!kept.back()) continue;
    append(split, model.endpoint, data.test.values[i], model.finished(raw[i], similarity[i]), similarity[i],
           data.table.rows[data.test_rows[i]].name);
  }
  append_rivals(split, rivals, kept);
  return split;
}

void write_held_out(const std::string& path, const CardSplit& split) {
  const auto real = [](const char* name) { return Column{name, ColumnType::float64, "", "", 6, {}}; };
  datasets::CsvTable table(path, {{"name", ColumnType::text, "", "", -1, {}},
                                  real("observed"),
                                  real("predicted"),
                                  real("low"),
                                  real("high"),
                                  {"set", ColumnType::text, "", "", -1, {}},
                                  real("similarity"),
                                  real("training_mean"),
                                  real("nearest_neighbour"),
                                  real("random_forest")});
  for (std::size_t i = 0; i < split.observed.size(); ++i) {
    const bool interval = !split.low.empty();
    table.append({split.names[i], split.observed[i], split.predicted[i],
                  interval ? datasets::Cell{split.low[i]} : datasets::Cell{},
                  interval ? datasets::Cell{split.high[i]} : datasets::Cell{},
                  interval ? datasets::Cell{} : datasets::Cell{split.classes[i]}, split.similarity[i],
                  split.rivals[0].predicted[i], split.rivals[1].predicted[i], split.rivals[2].predicted[i]});
  }
  table.publish();
}

scoring::Direction direction_of(const std::string& text) {
  return text == "higher"  ? scoring::Direction::higher_is_better
         : text == "lower" ? scoring::Direction::lower_is_better
                           : scoring::Direction::neutral;
}

scoring::Endpoint own_endpoint(const std::string& path, const EndpointTrainingOptions& options,
                               const datasets::PropertyTable& table) {
  scoring::Endpoint e;
  e.name = options.name.empty() ? options.target : options.name;
  e.group = "other";
  e.kind = table.binary ? EndpointKind::probability : EndpointKind::value;
  e.metric = table.binary          ? scoring::PropertyMetric::auroc
             : options.logarithmic ? scoring::PropertyMetric::spearman
                                   : scoring::PropertyMetric::mae;
  e.unit = options.unit.empty() && table.binary ? "probability" : options.unit;
  e.direction = direction_of(options.direction);
  e.logarithmic = options.logarithmic;
  e.meaning = options.meaning.empty() ? e.name : options.meaning;
  e.file = fs::path(path).filename().string();
  e.column = options.target;
  e.source = options.about;
  e.licence = options.licence;
  if (table.binary && options.logarithmic)
    throw UsageError(fmt::format("'{}' holds classes; --log10 is for numbers", options.target));
  if (options.logarithmic)
    for (const auto& row : table.rows)
      if (row.value <= 0)
        throw InputError(fmt::format("'{}' is {} ({}, line {}): a logarithm needs values above 0",
                                     options.target, row.value, path, row.line),
                         "leave out --log10, or correct the table");
  return e;
}

datasets::PropertyTableOptions table_options(const EndpointTrainingOptions& options) {
  datasets::PropertyTableOptions table;
  table.target_column = options.target;
  table.smiles_column = options.smiles_column;
  table.relation_column = options.relation_column;
  table.skip_unreadable_targets = options.skip_unreadable;
  if (options.test == "column") table.split_column = options.split_column;
  if (options.test == "time") table.time_column = options.time_column;
  return table;
}

/// Ranks first: errors of values that span orders of magnitude are those of the largest ones.
std::vector<scoring::PropertyMetric> log_metrics() {
  using M = scoring::PropertyMetric;
  return {M::spearman, M::mae, M::rmse, M::r2};
}

/// The command with the options that matter for the result.
std::string command_of(const scoring::Endpoint& endpoint, const EndpointTrainingOptions& options) {
  std::string out = fmt::format(
      "theriac train properties --data {} --target {} --name {} --split {} --trees {} --members {}",
      endpoint.file, options.target, endpoint.name, options.test, options.trees, options.members);
  if (options.logarithmic) out += " --log10";
  if (options.no_tuning) out += " --no_tuning";
  if (options.skip_unreadable) out += " --skip_unreadable";
  return out;
}

EndpointCard card_of(const scoring::Endpoint& endpoint, const EndpointData& data, const EndpointModel& model,
                     const EndpointTrainingOptions& options, Session& session) {
  EndpointCard card;
  card.name = endpoint.name;
  card.title = endpoint.meaning;
  card.unit = endpoint.kind == EndpointKind::value ? endpoint.unit : "";
  card.direction = options.direction == "neutral" ? "" : options.direction + " is better";
  card.binary = endpoint.kind == EndpointKind::probability;
  card.data_file = endpoint.file;
  card.data_sha256 = data.sha256;
  card.data_licence = options.licence;
  card.data_source = options.about;
  card.molecules = static_cast<std::int64_t>(model.training.size());
  card.positives = data.table.positives;
  card.data_lines = datasets::tally_lines(data.table);
  card.replicate_deviation = data.table.tallies.replicate_deviation;
  card.split_lines = {datasets::fold_line(data.folds)};
  if (!data.leaks.removed.empty()) card.split_lines.push_back(datasets::leak_line(data.leaks));
  card.model_facts = {
      {"trees", fmt::format("{} models of {} symmetric trees, depth {}", model.members.size(), options.trees,
                            model.members.front().depth)},
      {"features", fmt::format("{} counts and {} descriptors, version {}", chem::count_columns,
                               chem::descriptor_names().size(), chem::features_version)},
      {"scale", endpoint.logarithmic ? "log10" : "as measured"},
      {"seed", std::to_string(session.seed())}};
  if (endpoint.logarithmic) card.metrics = log_metrics();
  const double known = model.calibration.known_from;
  card.similarity_edges = {0, known, scoring::domain_in_from, 0.7, 1};
  card.limits = {
      fmt::format("below a similarity of {:.2f} to the nearest training molecule there is no basis for "
                  "a prediction: fewer than ten held-out molecules were so unlike, or they were "
                  "predicted no better than by the mean",
                  known)};
  card.command = command_of(endpoint, options);
  card.date = datasets::utc_now().substr(0, 10);
  card.version = "Theriac " + std::string(chem::theriac_version());
  card.licence = options.licence;
  card.seed = session.seed();
  return card;
}

/// The split that the user asked for, for the card; scaffold folds are in it anyway.
std::optional<CardSplit> further_split(const std::string& path, const scoring::Endpoint& endpoint,
                                       EndpointData& data, scoring::MoleculeLibrary& library,
                                       const scoring::FeatureBins& bins,
                                       const scoring::EndpointFitOptions& fit,
                                       const EndpointTrainingOptions& options, std::uint64_t seed) {
  if (options.test == "scaffold") return std::nullopt;
  if (options.test == "random") {
    MeasuredSet measured = data.train;
    std::vector<datasets::Measurement> rows;
    for (const auto row : data.train_rows) rows.push_back(data.table.rows[row]);
    measured.folds = datasets::group_folds(datasets::skeleton_groups(rows), calibration_folds, seed);
    auto without_members = fit;
    without_members.members = 0;
    scoring::OutOfFold seen;
    EndpointModel::fit(endpoint, library, bins, measured, without_members, &seen);
    return folds_as_split("random",
                          fmt::format("{} folds of compounds at random, seed {}", calibration_folds, seed),
                          endpoint, data, measured, seen, library, seed);
  }
  const auto split = options.test == "time" ? datasets::time_split(data.table.rows, options.test_share, path)
                                            : datasets::column_split(data.table.rows);
  const EndpointData held_out = rows_apart(data, split, seed, library);
  const auto model = EndpointModel::fit(endpoint, library, bins, held_out.train, fit);
  return test_as_split(options.test == "time" ? "time" : "column split",
                       options.test == "time"
                           ? fmt::format("the latest {:.0f} % of the rows", 100 * options.test_share)
                           : fmt::format("rows called 'test' in column '{}'", options.split_column),
                       model, bins, held_out, library, seed);
}

}  // namespace

int train_properties(const std::string& path, const std::string& out, const EndpointTrainingOptions& options,
                     Session& session) {
  if (!options.network.empty() || !options.endpoints.empty() || options.recalibrate)
    throw UsageError("--network, --endpoints and --recalibrate belong to theriac train admet",
                     "a table of your own is learned by trees alone");
  scoring::MoleculeLibrary library;
  EndpointData data =
      read_endpoint_data(path, table_options(options), TestRows::none, session.seed(), library);
  const auto endpoint = own_endpoint(path, options, data.table);
  for (const auto& line : datasets::tally_lines(data.table)) session.terminal().note("data      " + line);
  session.terminal().note("folds     " + datasets::fold_line(data.folds));
  if (session.options.dry_run) {
    session.terminal().note(
        fmt::format("plan      {} from {} rows would go to {}", endpoint.name, data.train.size(), out));
    return exit_done;
  }
  make_folder(out);
  const scoring::FeatureBins bins(features_of(library, data.train.molecules));
  auto fit = fit_options(options, session);
  if (!options.no_tuning) {
    const auto best = tuned(endpoint, data, library, bins, fit, session);
    fit.depth = best.depth;
    fit.column_share = best.column_share;
  }
  scoring::OutOfFold seen;
  const auto model = EndpointModel::fit(endpoint, library, bins, data.train, fit, &seen);
  EndpointCard card = card_of(endpoint, data, model, options, session);
  card.splits.push_back(folds_as_split("scaffold", datasets::fold_line(data.folds), endpoint, data,
                                       data.train, seen, library, session.seed()));
  if (auto further = further_split(path, endpoint, data, library, bins, fit, options, session.seed()))
    card.splits.push_back(std::move(*further));
  write_held_out(out + "/held_out.csv", card.splits.front());
  write_endpoint_card(card, out);
  scoring::EndpointSet set(bins, {model}, library);
  set.set_facts(endpoint.name, training_facts(model, data, seen));
  const std::string file = fmt::format("{}/{}.safetensors", out, endpoint.name);
  set.save(file, set_metadata(options, session));
  for (const auto& [name, text] : set.facts(endpoint.name))
    if (name.rfind("cv_", 0) == 0)
      session.terminal().note(fmt::format("held out  {} {}", name.substr(3), text));
  session.terminal().note(fmt::format("wrote     {}, card.md and held_out.csv", file));
  session.terminal().note(
      fmt::format("use it    theriac predict --models {} -l molecules.smi -o predicted.csv", file));
  return print_result(session, "train",
                      {{"task", "properties"},
                       {"endpoint", endpoint.name},
                       {"rows", data.train.size()},
                       {"model", file},
                       {"figures", set.facts(endpoint.name)},
                       {"out", out}},
                      exit_done);
}

void declare_endpoint_training(CLI::App& app, EndpointTrainingOptions& o) {
  const char* group = "Endpoints (properties, admet)";
  const auto text = [&](const char* flag, std::string& value, const char* what, const char* type) {
    app.add_option(flag, value, what)->type_name(type)->group(group);
  };
  app.add_option("--target", o.target, "column of the measured values: numbers, bounds (>10), or two classes")
      ->type_name("NAME")
      ->capture_default_str()
      ->group(group);
  text("--name", o.name, "of the endpoint, the column of predictions [the target column]", "NAME");
  text("--unit", o.unit, "of the values", "TEXT");
  text("--meaning", o.meaning, "what is measured, for the card", "TEXT");
  app.add_option("--direction", o.direction, "which end is good")
      ->check(CLI::IsMember({"higher", "lower", "neutral"}))
      ->capture_default_str()
      ->group(group);
  app.add_option(
         "--split", o.test,
         "what the card is tested on beside folds of whole scaffolds: nothing more, random folds, the latest "
         "rows, or those that a column calls test")
      ->check(CLI::IsMember({"scaffold", "random", "time", "column"}))
      ->capture_default_str()
      ->group(group);
  app.add_option("--split_column", o.split_column, "column of --split column")
      ->type_name("NAME")
      ->capture_default_str()
      ->group(group);
  app.add_option("--time_column", o.time_column, "column of --split time: dates (2024-05-17) or numbers")
      ->type_name("NAME")
      ->capture_default_str()
      ->group(group);
  text("--relation_column", o.relation_column, "column of =, > and <, as ChEMBL exports have it", "NAME");
  app.add_option("--test_share", o.test_share, "of the rows, the latest, for --split time")
      ->check(CLI::Range(0.01, 0.9))
      ->type_name("X")
      ->capture_default_str()
      ->group(group);
  app.add_flag("--log10", o.logarithmic, "learn the logarithm: for values that span orders of magnitude")
      ->group(group);
  app.add_flag("--no_tuning", o.no_tuning, "do not try other tree depths and column shares")->group(group);
  app.add_flag("--skip_unreadable", o.skip_unreadable,
               "leave out rows whose value cannot be read, and count them")
      ->group(group);
  text("--network", o.network,
       "folder of theriac train properties-network, whose network admet mixes in where it pays", "DIR");
  app.add_flag("--recalibrate", o.recalibrate,
               "admet: keep the trees in OUT/done, and make intervals, probabilities and domains anew from "
               "OUT/held-out")
      ->group(group);
  app.add_option("--endpoints", o.endpoints,
                 "of the list, with commas between; for admet [all whose table is there]")
      ->type_name("NAME,NAME")
      ->delimiter(',')
      ->group(group);
  app.add_option("--members", o.members, "models that are averaged")
      ->check(CLI::Range(1, 100))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--trees", o.trees, "trees of each; of affinity 400 unless given")
      ->check(CLI::Range(1, 100000))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
}

}  // namespace theriac::cli
