// theriac show RUN: a result as a table, the best first; one molecule in full with --name.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "cli/argument_list.hpp"
#include "cli/command.hpp"
#include "cli/result_list.hpp"
#include "cli/session.hpp"
#include "cli/text_table.hpp"
#include "datasets/results_table.hpp"

namespace theriac::cli {
namespace {

constexpr std::size_t widest_cell = 48;

struct ShowOptions {
  std::string run, filter, sort, name, columns;
  int top = 20;
  bool descending = false, csv = false, front = false;
};

bool has(const ResultList& list, const std::string& name) {
  return std::find(list.columns.begin(), list.columns.end(), name) != list.columns.end();
}

bool all_empty(const ResultList& list, const std::string& name) {
  const std::size_t at = list.column(name);
  return std::all_of(list.rows.begin(), list.rows.end(), [&](const auto& row) { return row[at].empty(); });
}

/// What is worth a glance: those of these columns that the run has values in.
std::vector<std::string> usual_columns(const ResultList& list) {
  std::vector<std::string> names;
  for (const char* name : {"rank", "name", "score_kcal_mol", "score", "le", "rmsd_ref", "mw", "clogp", "qed",
                           "sa", "hbonds", "contacts", "smiles"})
    if (has(list, name) && !all_empty(list, name)) names.push_back(name);
  return names.empty() ? list.columns : names;
}

bool numeric(const ResultList& list, std::size_t column) {
  return std::all_of(list.rows.begin(), list.rows.end(), [&](const auto& row) {
    return row[column].empty() || row[column].find_first_not_of("+-.0123456789e") == std::string::npos;
  });
}

std::string shortened(const std::string& text) {
  return text.size() <= widest_cell ? text : text.substr(0, widest_cell - 3) + "...";
}

void keep_columns(ResultList& list, const std::vector<std::string>& names) {
  std::vector<std::size_t> positions;
  for (const auto& name : names) positions.push_back(list.column(name));
  for (auto& row : list.rows) {
    std::vector<std::string> kept;
    for (const auto position : positions) kept.push_back(row[position]);
    row = std::move(kept);
  }
  list.columns = names;
}

void print_table(const ResultList& list) {
  std::vector<TextColumn> columns;
  for (std::size_t i = 0; i < list.columns.size(); ++i)
    columns.push_back({list.columns[i], numeric(list, i)});
  std::vector<std::vector<std::string>> rows;
  for (const auto& row : list.rows) {
    rows.emplace_back();
    for (const auto& cell : row) rows.back().push_back(shortened(cell));
  }
  std::fputs(text_table(columns, rows).c_str(), stdout);
}

void print_csv(const ResultList& list) {
  const auto line = [](const std::vector<std::string>& cells) {
    std::string text;
    for (const auto& cell : cells) text += (text.empty() ? "" : ",") + datasets::csv_field(cell);
    return text + '\n';
  };
  std::fputs(line(list.columns).c_str(), stdout);
  for (const auto& row : list.rows) std::fputs(line(row).c_str(), stdout);
}

void print_json(const ResultList& list, std::size_t matching) {
  nlohmann::ordered_json json;
  json["schema"] = "theriac.result/1";
  json["matching"] = matching;
  json["rows"] = nlohmann::ordered_json::array();
  for (const auto& row : list.rows) {
    nlohmann::ordered_json object;
    for (std::size_t i = 0; i < row.size(); ++i)
      if (!row[i].empty()) object[list.columns[i]] = row[i];
    json["rows"].push_back(std::move(object));
  }
  std::printf("%s\n", json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

int show_molecule(ResultList list, const std::string& name) {
  const std::size_t at = list.column("name");
  bool any = false;
  for (const auto& row : list.rows) {
    if (row[at] != name) continue;
    if (any) std::puts("");
    any = true;
    for (std::size_t i = 0; i < row.size(); ++i)
      if (!row[i].empty()) std::printf("%-16s  %s\n", list.columns[i].c_str(), row[i].c_str());
  }
  if (!any)
    throw InputError(fmt::format("no molecule is called '{}' here", name), "theriac show lists the names");
  return exit_done;
}

int show(const ShowOptions& options, Session& session) {
  if (options.run.empty()) throw UsageError("show what?", "theriac show run1, or a CSV file");
  ResultList list = read_results(options.run);
  if (!options.name.empty()) return show_molecule(std::move(list), options.name);
  if (options.front) {
    if (!has(list, "pareto_front"))
      throw UsageError(fmt::format("'{}' has no Pareto front", options.run),
                       "--front lists the front of a campaign");
    filter_results(list, "pareto_front==1");
  }
  if (!options.filter.empty()) filter_results(list, options.filter);
  const std::string sort = !options.sort.empty() ? options.sort : has(list, "rank") ? "rank" : "";
  if (!sort.empty()) sort_results(list, sort, options.descending);
  const std::size_t matching = list.rows.size();
  if (options.top > 0 && list.rows.size() > static_cast<std::size_t>(options.top))
    list.rows.resize(static_cast<std::size_t>(options.top));
  if (!options.columns.empty())
    keep_columns(list, split_list(options.columns));
  else if (!options.csv && !session.options.json)
    keep_columns(list, usual_columns(list));
  if (session.options.json)
    print_json(list, matching);
  else if (options.csv)
    print_csv(list);
  else
    print_table(list);
  if (!session.options.json && matching > list.rows.size())
    session.terminal().note(fmt::format("... {} more: --top 0 shows all", matching - list.rows.size()));
  return exit_done;
}

}  // namespace

Command show_command() {
  Command command;
  command.name = "show";
  command.group = "Looking and checking";
  command.summary = "print a result as a table: the best, filtered, or one molecule";
  command.examples = {"theriac show run1 --top 10",
                      "theriac show run1 --filter \"mw<450 and hbonds>=2\" --sort le",
                      "theriac show run1 --name imatinib", "theriac show campaign1 --front"};
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto options = std::make_shared<ShowOptions>();
    app.add_option("run", options->run, "run folder, or a CSV file");
    app.add_option("--top", options->top, "rows to show; 0 = all")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    app.add_option("--filter", options->filter, "comparisons joined by 'and'")->type_name("RULE");
    app.add_option("--sort", options->sort, "column to sort by; rank if there is one")->type_name("COLUMN");
    app.add_flag("--descending", options->descending, "largest first");
    app.add_option("--columns", options->columns, "columns to show, with commas between")->type_name("A,B");
    app.add_option("--name", options->name, "one molecule in full")->type_name("NAME");
    app.add_flag("--front", options->front,
                 "of a campaign: only molecules that no other beats in every objective");
    app.add_flag("--csv", options->csv, "CSV with all columns instead of a table");
    add_output_options(app, session);
    return [options, &session] { return show(*options, session); };
  };
  return command;
}

}  // namespace theriac::cli
