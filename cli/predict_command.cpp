// theriac predict: what is known and what is estimated of each molecule.
#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "chem/error.hpp"
#include "chem/standardise.hpp"
#include "cli/command.hpp"
#include "cli/explanation_page.hpp"
#include "cli/ligand_input.hpp"
#include "cli/predictors.hpp"
#include "cli/record_blocks.hpp"
#include "cli/session.hpp"
#include "cli/text_table.hpp"
#include "datasets/durable_file.hpp"

namespace theriac::cli {
namespace {

constexpr std::int64_t most_compared = 200000;  // whose values are held in memory

struct PredictOptions {
  LigandInputOptions molecules;
  std::string out, layout = "wide", intervals = "estimates";
  std::vector<std::string> columns, models;
  bool list = false;
  std::string compare_with, write_percentiles;
  std::string explain;
  int explain_top = 20;
  bool as_drawn = false;

  /// Nothing but a page of the first molecules is wanted.
  bool only_explains() const { return out.empty() && write_percentiles.empty(); }
};

/// The molecule of a record as it is looked at, or the reason why there is none.
Prediction read_molecule(const chem::RawRecord& raw, bool as_drawn, bool keep_coordinates) {
  const auto record = chem::parse(raw);
  Prediction row;
  row.number = record.index + 1;
  row.name = record.name;
  row.message = record.message;
  row.input = record.properties;
  if (row.failed()) return row;
  if (!record.molecule) {
    row.message = "PDBQT without a SMILES remark has no bond orders";
    return row;
  }
  try {
    const bool spatial = keep_coordinates && record.molecule->has_3d();
    const bool only_heavy = record.molecule->atom_count() == record.molecule->heavy_atom_count();
    // without its hydrogens a molecule is quick to standardise; with coordinates they are wanted
    const auto given = spatial || only_heavy ? *record.molecule : record.molecule->in_smiles_order();
    if (!as_drawn && chem::is_metal_complex(given))
      throw MoleculeError(
          "a metal complex: its parts are other substances; --as_drawn takes it as it stands");
    const auto parent = as_drawn ? given : chem::standardised(given);
    if (parent.heavy_atom_count() == 0) throw MoleculeError("a molecule without heavy atoms");
    row.smiles = parent.smiles();
    row.molecule = parent.in_smiles_order();
    if (spatial) row.drawn = parent;
  } catch (const MoleculeError& error) {
    row.message = error.what();
  }
  return row;
}

std::vector<Prediction> predicted(const std::vector<chem::RawRecord>& records, const Predictors& predictors,
                                  bool as_drawn, bool keep_coordinates) {
  std::vector<Prediction> rows(records.size());
  tbb::parallel_for(std::size_t{0}, records.size(),
                    [&](std::size_t i) { rows[i] = read_molecule(records[i], as_drawn, keep_coordinates); });
  predictors.predict(rows);
  return rows;
}

/// Values of many molecules, for the knots of a percentile table.
class ValueColumns {
 public:
  explicit ValueColumns(const ScoreKinds& kinds) : kinds_(kinds), values_(kinds.size()) {}

  void take(const Prediction& row) {
    for (std::size_t k = 0; k < row.scores.size(); ++k) values_[k].push_back(row.scores[k].value);
    if (!row.scores.empty() && ++molecules_ > most_compared)
      throw UsageError(fmt::format("percentiles are made from at most {} molecules", most_compared),
                       "give a sample of the file");
  }

  scoring::PercentileTable table() {
    scoring::PercentileTable out;
    for (std::size_t k = 0; k < kinds_.size(); ++k) out.add(*kinds_[k], std::move(values_[k]));
    return out;
  }
  std::int64_t molecules() const { return molecules_; }

 private:
  const ScoreKinds& kinds_;
  std::vector<std::vector<double>> values_;
  std::int64_t molecules_ = 0;
};

/// The table of the user's own set.
scoring::PercentileTable compared_set(const std::string& path, const Predictors& predictors, bool as_drawn,
                                      Session& session) {
  chem::RecordReader reader({path});
  ValueColumns values(predictors.kinds());
  auto progress = session.progress({"compare", "mol", 0, 0, 0, 0, ""});
  const auto next = record_blocks(reader, *progress, session);
  for (auto block = next(); !block.empty(); block = next())
    for (const Prediction& row : predicted(block, predictors, as_drawn, false)) values.take(row);
  progress->finish();
  if (values.molecules() == 0) throw InputError(fmt::format("no molecule of '{}' could be predicted", path));
  session.terminal().note(fmt::format("compared  with {} molecules of {}", values.molecules(), path));
  return values.table();
}

/// Further columns of the input, as far as the first block has them; later ones are named once.
class InputColumns {
 public:
  explicit InputColumns(const std::vector<Prediction>& first) {
    for (const auto& row : first)
      for (const auto& [name, value] : row.input) add(name);
  }

  const std::vector<std::string>& names() const { return names_; }
  bool has(const std::string& name) const {
    return std::find(names_.begin(), names_.end(), name) != names_.end();
  }

 private:
  void add(const std::string& name) {
    if (!has(name)) names_.push_back(name);
  }
  std::vector<std::string> names_;
};

PredictionLayout layout_of(const PredictOptions& options, std::vector<std::string> input) {
  PredictionLayout layout;
  layout.wide = options.layout == "wide";
  layout.beside = options.intervals == "all"    ? Beside::all
                  : options.intervals == "none" ? Beside::none
                                                : Beside::estimates;
  layout.percentiles = !options.compare_with.empty();
  layout.input = std::move(input);
  return layout;
}

void check_options(const PredictOptions& options, const Session& session) {
  if (options.only_explains() && options.explain.empty())
    throw UsageError("no output", "give a file with -o, --explain or --write_percentiles");
  if (!options.out.empty()) check_prediction_path(options.out);
  if (options.out == "-" && session.options.json)
    throw UsageError("-o - and --json both write to standard output", "use one of them");
  for (const std::string& path : {options.out, options.write_percentiles, options.explain})
    if (!path.empty() && path != "-" && !session.options.overwrite && std::filesystem::exists(path))
      throw UsageError(fmt::format("'{}' exists", path), "use --overwrite or another -o");
}

/// The first molecules of the input that could be predicted, for the page of --explain.
class Explained {
 public:
  Explained(const PredictOptions& options, const Predictors& predictors)
      : explainer_(predictors, options.columns, options.models),
        most_(static_cast<std::size_t>(options.explain_top)) {
    page_.asked = explainer_.asked_count();
    page_.others = explainer_.chooses() ? explainer_.others_count() : 0;
    page_.compared_with = options.compare_with.empty()
                              ? "approved drugs"
                              : std::filesystem::path(options.compare_with).filename().string();
  }

  bool full() const { return molecules_ == most_; }

  void take(const std::vector<Prediction>& rows) {
    std::vector<Prediction> wanted;
    for (std::size_t i = 0; i < rows.size() && !full(); ++i) {
      wanted.push_back(rows[i]);
      wanted.back().text.clear();
      molecules_ += !rows[i].failed();
      ++page_.records;
    }
    if (wanted.size() < rows.size()) page_.all_read = false;
    for (auto& molecule : explainer_.explain(wanted)) page_.molecules.push_back(std::move(molecule));
  }

  void write(const std::string& path, const std::string& input) {
    page_.input = input;
    datasets::DurableFile file(path);
    file.write(explanation_html(page_));
    file.publish();
  }

 private:
  Explainer explainer_;
  std::size_t most_, molecules_ = 0;
  ExplanationPage page_;
};

/// The run itself: block after block from the reader to the file.
class Run {
 public:
  Run(const PredictOptions& options, const Predictors& predictors, Session& session)
      : options_(options), predictors_(predictors), session_(session), values_(predictors.kinds()) {
    if (!options.explain.empty()) explained_.emplace(options, predictors);
  }

  RecordCounts through(chem::RecordReader& reader, const std::string& input) {
    auto progress = session_.progress({"predict", "mol", 0, 0, 0, 0, ""});
    const auto next = record_blocks(reader, *progress, session_);
    try {
      for (auto block = next(); !block.empty(); block = next()) {
        take(block);
        if (options_.only_explains() && explained_->full()) break;
      }
    } catch (const StoppedEarly&) {
    }
    progress->finish();
    session_.terminal().end_warnings();
    if (file_) file_->publish();
    if (!options_.write_percentiles.empty()) values_.table().write(options_.write_percentiles);
    if (explained_) explained_->write(options_.explain, input);
    return counts_;
  }

 private:
  void take(const std::vector<chem::RawRecord>& block) {
    auto rows = predicted(block, predictors_, options_.as_drawn, wants_coordinates(options_.out));
    if (!options_.out.empty() && !file_) {
      input_.emplace(rows);
      file_ = prediction_file(options_.out, predictors_.kinds(), layout_of(options_, input_->names()));
    }
    if (file_) tbb::parallel_for(std::size_t{0}, rows.size(), [&](std::size_t i) { file_->render(rows[i]); });
    if (explained_) explained_->take(rows);
    for (const Prediction& row : rows) {
      count(row);
      if (!options_.write_percentiles.empty()) values_.take(row);
      if (file_) file_->append(row);
    }
  }

  void count(const Prediction& row) {
    ++counts_.total;
    if (row.failed()) {
      ++counts_.failed;
      session_.terminal().warn("no prediction", fmt::format("{}: {}", row.name, row.message));
    }
    if (!input_) return;
    for (const auto& [name, value] : row.input)
      if (!input_->has(name))
        session_.terminal().warn(
            "column of the input left out",
            fmt::format("'{}' of record {} is not in the first {} records; .jsonl and .sdf keep it", name,
                        row.number, block_records));
  }

  const PredictOptions& options_;
  const Predictors& predictors_;
  Session& session_;
  ValueColumns values_;
  std::optional<InputColumns> input_;
  std::unique_ptr<PredictionFile> file_;
  std::optional<Explained> explained_;
  RecordCounts counts_;
};

void print_json(const PredictOptions& options, const Predictors& predictors, const RecordCounts& counts,
                double seconds) {
  const nlohmann::ordered_json json = {{"schema", "theriac.result/1"},
                                       {"command", "predict"},
                                       {"records", counts.total},
                                       {"failed", counts.failed},
                                       {"columns", predictors.kinds().size()},
                                       {"seconds", seconds},
                                       {"out", options.out},
                                       {"explain", options.explain}};
  std::fputs((json.dump(2) + "\n").c_str(), stdout);
}

int list_columns(const Predictors& predictors) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& kind : predictors.kinds())
    rows.push_back({kind->name, kind->unit,
                    kind->direction == scoring::Direction::neutral ? "" : scoring::to_text(kind->direction),
                    kind->method});
  std::fputs(text_table({{"column", false}, {"unit", false}, {"better", false}, {"what it is", false}}, rows)
                 .c_str(),
             stdout);
  return exit_done;
}

int predict(const PredictOptions& options, Session& session) {
  Predictors predictors(options.columns, options.models);
  if (options.list) return list_columns(predictors);
  check_options(options, session);
  if (!options.explain.empty()) Explainer(predictors, options.columns, options.models);  // throws early
  const LigandInput input(options.molecules);
  auto reader = input.open();
  if (session.options.dry_run) {
    session.terminal().note(fmt::format("plan      {} columns of {} would go to {}",
                                        predictors.kinds().size(), input.label(),
                                        options.out.empty() ? options.explain : options.out));
    return exit_done;
  }
  scoring::PercentileTable compared;
  if (!options.compare_with.empty()) try {
      compared = compared_set(options.compare_with, predictors, options.as_drawn, session);
    } catch (const StoppedEarly&) {
      return session.exit_code({});
    }
  else if (options.write_percentiles.empty() || !options.explain.empty())
    compared = scoring::PercentileTable::approved_drugs();
  predictors.compare_with(compared);

  const auto started = std::chrono::steady_clock::now();
  const RecordCounts counts = Run(options, predictors, session).through(reader, input.label());
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  session.terminal().note(fmt::format("predicted {} of {} molecules in {:.1f} s ({:.0f} a second)",
                                      counts.total - counts.failed, counts.total, seconds,
                                      static_cast<double>(counts.total) / seconds));
  for (const std::string& path : {options.out, options.explain, options.write_percentiles})
    if (!path.empty() && path != "-") session.terminal().note(fmt::format("wrote     {}", path));
  if (session.options.json) print_json(options, predictors, counts, seconds);
  return session.exit_code(counts);
}

}  // namespace

Command predict_command() {
  Command command;
  command.name = "predict";
  command.group = "Molecules and receptors";
  command.summary =
      "absorption, distribution, metabolism, excretion, toxicity, properties and alerts of molecules";
  command.examples = {"theriac predict -l library.sdf.gz -o properties.csv",
                      "theriac predict --smiles 'CC(=O)Oc1ccccc1C(=O)O aspirin' -o aspirin.csv",
                      "theriac predict -l hits.smi --columns qed,sa,muegge --layout long -o hits.h5",
                      "theriac predict -l hits.smi --compare_with our_series.smi -o hits.jsonl",
                      "theriac predict -l hits.smi --columns herg,ames --explain hits.html",
                      "theriac predict -l hits.smi --models herg,ames,my-assay.safetensors -o hits.sdf"};
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto o = std::make_shared<PredictOptions>();
    const char* group = "Input and output";
    app.add_option("-l,--ligand", o->molecules.inputs,
                   "molecules: any molecule file, folders, globs, or - for stdin")
        ->type_name("FILE")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->group(group);
    app.add_option("-o,--out", o->out, "by its extension: .csv, .h5, .jsonl or .sdf; - is CSV on stdout")
        ->type_name("FILE")
        ->group(group);
    app.add_option("--columns", o->columns, "just these, with commas between; all by default")
        ->type_name("NAME,NAME")
        ->delimiter(',')
        ->group(group);
    app.add_option(
           "--models", o->models,
           "trained endpoints: default (those that ship), names of single ones, files of theriac train "
           "properties, or none")
        ->type_name("NAME,FILE")
        ->delimiter(',')
        ->group(group);
    app.add_flag("--list", o->list, "show the columns with their units, and end")->group(group);
    app.add_option("--layout", o->layout,
                   "wide: a row a molecule; long: a row a value, with interval and domain")
        ->check(CLI::IsMember({"wide", "long"}))
        ->type_name("wide|long")
        ->capture_default_str()
        ->group(group);
    app.add_option("--intervals", o->intervals,
                   "in wide tables, columns <name>_low, _high, _domain and _percentile beside the values of "
                   "trained estimates, of all columns, or of none")
        ->check(CLI::IsMember({"estimates", "all", "none"}))
        ->type_name("estimates|all|none")
        ->capture_default_str()
        ->group(group);
    app.add_option("--compare_with", o->compare_with,
                   "percentiles among these molecules instead of approved drugs, for every column")
        ->type_name("FILE")
        ->group(group);
    app.add_option("--write_percentiles", o->write_percentiles,
                   "write the quantiles of every column over the input (CSV), for percentiles later")
        ->type_name("FILE")
        ->group(group);
    app.add_option("--explain", o->explain,
                   "write a page (HTML) that shows which atoms drive the predictions, alerts and neighbours")
        ->type_name("PAGE")
        ->group(group);
    app.add_option("--explain_top", o->explain_top, "molecules on that page: the first that can be predicted")
        ->check(CLI::Range(1, 1000))
        ->type_name("N")
        ->capture_default_str()
        ->group(group);
    app.add_flag("--as_drawn", o->as_drawn, "keep salts, charges and isotopes; by default the neutral parent")
        ->group(group);
    add_ligand_options(app, o->molecules);
    add_run_options(app, session, Randomness::none);
    add_output_options(app, session);
    return [o, &session] { return predict(*o, session); };
  };
  return command;
}

}  // namespace theriac::cli
