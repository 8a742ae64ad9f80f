// theriac predict: what the molecular graph alone says of each molecule.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "chem/standardise.hpp"
#include "cli/command.hpp"
#include "cli/ligand_input.hpp"
#include "cli/record_blocks.hpp"
#include "cli/session.hpp"
#include "datasets/results_table.hpp"
#include "scoring/property_scorer.hpp"

namespace theriac::cli {
namespace {

using datasets::Cell;
using datasets::Column;
using datasets::ColumnType;
using datasets::Row;
using scoring::Score;
using scoring::ScoreKind;

struct PredictOptions {
  LigandInputOptions molecules;
  std::string out, layout = "wide";
  std::vector<std::string> columns;
  bool as_drawn = false;
};

/// One record and what is known of it, or why nothing is.
struct PredictedRow {
  std::int64_t number = 0;  ///< from 1
  std::string name, smiles, message;
  std::vector<Score> scores;
};

class Predictors {
 public:
  /// `wanted`: names of columns; empty: all. Throws UsageError for one that does not exist.
  explicit Predictors(const std::vector<std::string>& wanted) {
    std::vector<std::string> names;
    for (const auto& kind : scoring::PropertyScorer::all_kinds()) names.push_back(kind->name);
    for (const std::string& name : wanted) {
      if (std::find(names.begin(), names.end(), name) != names.end()) continue;
      const std::string near = chem::nearest_name(name, names);
      throw UsageError(fmt::format("there is no column '{}'{}", name,
                                   near.empty() ? "" : fmt::format(", did you mean '{}'?", near)),
                       fmt::format("known: {}", fmt::join(names, ", ")));
    }
    scorers_.push_back(std::make_unique<scoring::PropertyScorer>(wanted.empty() ? names : wanted));
    for (const auto& kind : scorers_.back()->kinds()) {
      places_.push_back(places_.size());
      kinds_.push_back(kind);
    }
  }

  const std::vector<std::shared_ptr<const ScoreKind>>& kinds() const { return kinds_; }

  void predict(std::vector<PredictedRow>& rows,
               const std::vector<std::optional<chem::Molecule>>& molecules) const {
    std::vector<chem::Molecule> good;
    std::vector<PredictedRow*> owners;
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (molecules[i]) {
        good.push_back(*molecules[i]);
        owners.push_back(&rows[i]);
      }
    std::vector<std::vector<scoring::ScoreRow>> found;
    for (const auto& scorer : scorers_) found.push_back(scorer->score(good));
    for (std::size_t m = 0; m < good.size(); ++m) {
      std::vector<Score> all;
      for (auto& table : found) {
        if (table[m].failed()) owners[m]->message = table[m].message;
        for (Score& score : table[m].scores) all.push_back(std::move(score));
      }
      if (!owners[m]->message.empty()) continue;
      for (const std::size_t place : places_) owners[m]->scores.push_back(all[place]);
    }
  }

 private:
  std::vector<std::unique_ptr<scoring::Scorer>> scorers_;
  std::vector<std::size_t> places_;
  std::vector<std::shared_ptr<const ScoreKind>> kinds_;
};

std::string described(const ScoreKind& kind) {
  switch (kind.direction) {
    case scoring::Direction::higher_is_better:
      return kind.method + "; higher is better";
    case scoring::Direction::lower_is_better:
      return kind.method + "; lower is better";
    default:
      return kind.method;
  }
}

/// To six decimals: none of these numbers knows more.
double rounded(double value) {
  return std::round(value * 1e6) / 1e6;
}

/// Writes rows in one of the two layouts.
class PredictionTable {
 public:
  PredictionTable(const std::string& path, bool wide,
                  const std::vector<std::shared_ptr<const ScoreKind>>& kinds)
      : wide_(wide), kinds_(kinds), table_(path, columns(wide, kinds)) {}

  void append(const PredictedRow& row) {
    const Row head = {row.number, row.name, row.smiles, std::string(row.message.empty() ? "ok" : "failed"),
                      row.message};
    if (wide_)
      append_wide(row, head);
    else
      append_long(row, head);
  }

  void publish() { table_.publish(); }

 private:
  static std::vector<Column> columns(bool wide, const std::vector<std::shared_ptr<const ScoreKind>>& kinds) {
    const auto text = [](const char* name, const char* about) {
      return Column{name, ColumnType::text, "", about, -1, {}};
    };
    const auto real = [](const std::string& name, const std::string& unit, const std::string& about) {
      return Column{name, ColumnType::float64, unit, about, -1, {}};
    };
    std::vector<Column> out = {{"record", ColumnType::int64, "", "number in the input, from 1", -1, {}},
                               text("name", ""),
                               text("smiles", "canonical, of what was looked at"),
                               text("status", "ok or failed"),
                               text("message", "why there is nothing")};
    if (!wide) {
      out.push_back(text("property", ""));
      out.push_back(real("value", "", ""));
      out.push_back(text("unit", ""));
      out.push_back(real("low", "", "of the 95 % interval; the value itself where it is exact"));
      out.push_back(real("high", "", ""));
      out.push_back(text("domain", "in, edge or out: does the method know such molecules"));
      out.push_back(text("detail", "names of alerts, limits that are broken"));
      return out;
    }
    for (const auto& kind : kinds) out.push_back(real(kind->name, kind->unit, described(*kind)));
    out.push_back(text("doubtful", "columns whose method does not know such molecules, or partly"));
    out.push_back(text("alerts", "their names"));
    out.push_back(text("broken_limits", "of the rules, with the molecule's value"));
    return out;
  }

  void append_wide(const PredictedRow& row, const Row& head) {
    Row cells = head;
    std::vector<std::string> doubtful, alerts, limits;
    for (std::size_t k = 0; k < kinds_.size(); ++k) {
      if (row.scores.empty()) {
        cells.emplace_back();
        continue;
      }
      const Score& score = row.scores[k];
      cells.emplace_back(rounded(score.value));
      if (score.domain != scoring::Domain::in)
        doubtful.push_back(fmt::format("{} {}", score.name(), to_text(score.domain)));
      if (score.detail.empty()) continue;
      const bool alert = score.name() == "pains" || score.name() == "brenk" || score.name() == "nih";
      (alert ? alerts : limits).push_back(fmt::format("{}: {}", score.name(), score.detail));
    }
    for (const auto* list : {&doubtful, &alerts, &limits})
      cells.emplace_back(fmt::format("{}", fmt::join(*list, " | ")));
    table_.append(cells);
  }

  void append_long(const PredictedRow& row, const Row& head) {
    if (row.scores.empty()) {
      Row cells = head;
      cells.resize(head.size() + 7);
      table_.append(cells);
    }
    for (const Score& score : row.scores) {
      Row cells = head;
      cells.insert(cells.end(), {score.name(), rounded(score.value), score.unit(), rounded(score.low),
                                 rounded(score.high), std::string(to_text(score.domain)), score.detail});
      table_.append(cells);
    }
  }

  bool wide_;
  const std::vector<std::shared_ptr<const ScoreKind>>& kinds_;
  datasets::CsvTable table_;
};

std::vector<PredictedRow> predicted(const std::vector<chem::RawRecord>& records, const Predictors& predictors,
                                    const PredictOptions& options) {
  std::vector<PredictedRow> rows(records.size());
  std::vector<std::optional<chem::Molecule>> molecules(records.size());
  tbb::parallel_for(std::size_t{0}, records.size(), [&](std::size_t i) {
    const auto record = chem::parse(records[i]);
    PredictedRow& row = rows[i];
    row.number = record.index + 1;
    row.name = record.name;
    row.message = record.message;
    if (!record.message.empty()) return;
    if (!record.molecule) {
      row.message = "PDBQT without a SMILES remark has no bond orders";
      return;
    }
    try {
      auto molecule = options.as_drawn ? *record.molecule : chem::standardised(*record.molecule);
      if (molecule.heavy_atom_count() == 0) throw MoleculeError("a molecule without heavy atoms");
      row.smiles = molecule.smiles();
      molecules[i] = molecule.in_smiles_order();
    } catch (const MoleculeError& error) {
      row.message = error.what();
    }
  });
  predictors.predict(rows, molecules);
  return rows;
}

int predict(const PredictOptions& options, Session& session) {
  const Predictors predictors(options.columns);
  const LigandInput input(options.molecules);
  if (!session.options.overwrite && std::filesystem::exists(options.out))
    throw UsageError(fmt::format("'{}' exists", options.out), "use --overwrite or another -o");
  auto reader = input.open();
  if (session.options.dry_run) {
    session.terminal().note(fmt::format("plan      {} columns of {} would go to {}",
                                        predictors.kinds().size(), input.label(), options.out));
    return exit_done;
  }
  PredictionTable table(options.out, options.layout == "wide", predictors.kinds());
  RecordCounts counts;
  const auto started = std::chrono::steady_clock::now();
  auto progress = session.progress({"predict", "mol", 0, 0, 0, 0, ""});
  const auto next = record_blocks(reader, *progress, session);
  try {
    for (auto block = next(); !block.empty(); block = next())
      for (const PredictedRow& row : predicted(block, predictors, options)) {
        ++counts.total;
        if (!row.message.empty()) {
          ++counts.failed;
          session.terminal().warn("no prediction", fmt::format("{}: {}", row.name, row.message));
        }
        table.append(row);
      }
  } catch (const StoppedEarly&) {
  }
  progress->finish();
  session.terminal().end_warnings();
  table.publish();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  session.terminal().note(fmt::format("predicted {} of {} molecules in {:.1f} s ({:.0f} a second)",
                                      counts.total - counts.failed, counts.total, seconds,
                                      static_cast<double>(counts.total) / seconds));
  session.terminal().note(fmt::format("wrote     {}", options.out));
  if (session.options.json) {
    const nlohmann::ordered_json json = {{"schema", "theriac.result/1"},
                                         {"command", "predict"},
                                         {"records", counts.total},
                                         {"failed", counts.failed},
                                         {"columns", predictors.kinds().size()},
                                         {"seconds", seconds},
                                         {"out", options.out}};
    std::fputs((json.dump(2) + "\n").c_str(), stdout);
  }
  return session.exit_code(counts);
}

}  // namespace

Command predict_command() {
  Command command;
  command.name = "predict";
  command.group = "Molecules and receptors";
  command.summary = "properties, drug-likeness, rules and structural alerts of molecules, one row each";
  command.examples = {"theriac predict -l library.sdf.gz -o properties.csv",
                      "theriac predict --smiles 'CC(=O)Oc1ccccc1C(=O)O aspirin' -o aspirin.csv",
                      "theriac predict -l hits.smi --columns qed,sa,muegge --layout long -o hits.csv"};
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto o = std::make_shared<PredictOptions>();
    const char* group = "Input and output";
    app.add_option("-l,--ligand", o->molecules.inputs,
                   "molecules: any molecule file, folders, globs, or - for stdin")
        ->type_name("FILE")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->group(group);
    app.add_option("-o,--out", o->out, "CSV file")->type_name("FILE")->required()->group(group);
    app.add_option("--columns", o->columns, "just these, with commas between; all by default")
        ->type_name("NAME,NAME")
        ->delimiter(',')
        ->group(group);
    app.add_option("--layout", o->layout,
                   "wide: a row a molecule; long: a row a value, with interval and domain")
        ->check(CLI::IsMember({"wide", "long"}))
        ->type_name("wide|long")
        ->capture_default_str()
        ->group(group);
    app.add_flag("--as_drawn", o->as_drawn, "keep salts, charges and isotopes; by default the neutral parent")
        ->group(group);
    add_ligand_options(app, o->molecules);
    add_run_options(app, session);
    add_output_options(app, session);
    return [o, &session] { return predict(*o, session); };
  };
  return command;
}

}  // namespace theriac::cli
