#include "cli/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <kainjow/mustache.hpp>
#include <limits>
#include <nlohmann/json.hpp>

#include "chem/depiction.hpp"
#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "cli/report_front.hpp"
#include "cli/report_plot.hpp"
#include "cli/report_rounds.hpp"
#include "cli/report_table.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/results_table.hpp"

namespace theriac::cli {

extern const char* const report_template;  // report_template.html, made part of the program by CMake

namespace {

using Json = nlohmann::json;
using kainjow::mustache::data;
using Object = kainjow::mustache::object;

constexpr std::size_t failures_shown = 200;

ResultList read_list(const std::string& path) {
  auto lines = datasets::read_csv(datasets::read_file(path));
  ResultList list;
  if (lines.empty()) return list;
  list.columns = std::move(lines.front());
  list.rows.assign(std::make_move_iterator(lines.begin() + 1), std::make_move_iterator(lines.end()));
  for (auto& row : list.rows) row.resize(list.columns.size());
  return list;
}

double real(const Json& json, const char* key) {
  return json.contains(key) && json[key].is_number() ? json[key].get<double>() : std::nan("");
}

void read_summary(const std::string& path, RunReport& report) {
  const Json json = Json::parse(datasets::read_file(path), nullptr, false);
  if (!json.is_object()) throw StorageError(fmt::format("'{}' is damaged: it is not JSON", path));
  report.name = json.value("name", "");
  report.ending = json.value("ending", "");
  if (json.contains("proposer")) {
    report.proposer = json["proposer"].value("name", "");
    report.proposer_summary = json["proposer"].value("summary", "");
  }
  if (json.contains("reference"))
    report.reference =
        ReportReference{json["reference"].value("name", ""), real(json["reference"], "score_kcal_mol"),
                        real(json["reference"], "rmsd_angstrom")};
  for (const Json& g : json.value("groups", Json::array()))
    report.groups.push_back({g.value("name", ""), g.value("molecules", 0), real(g, "best_total"),
                             real(g, "mean_total"), real(g, "best_kcal_mol"), real(g, "mean_kcal_mol")});
  for (const Json& stage : json.value("stages", Json::array())) {
    const auto names = stage.value("objectives", std::vector<std::string>());
    report.stages.push_back({stage.value("name", ""), fmt::format("{}", fmt::join(names, ", ")),
                             stage.value("first_round", 0), stage.value("last_round", 0),
                             stage.value("docked", 0), stage.value("scored", 0), real(stage, "best_total"),
                             stage.value("ending", "")});
  }
  if (json.contains("pareto"))
    report.front = ReportFront{json["pareto"].value("front", 0), real(json["pareto"], "hypervolume"),
                               real(json["pareto"], "hypervolume_at_start")};
  if (json.contains("top_list")) {
    const Json& top = json["top_list"];
    report.variety = fmt::format(
        "The {} best have {} scaffolds; mean Tanimoto distance between them {:.2f}, mean similarity to the "
        "nearest "
        "starting molecule {:.2f} (Morgan fingerprints, radius 2).",
        top.value("molecules", 0), top.value("scaffolds", 0), real(top, "internal_diversity"),
        real(top, "similarity_to_start"));
  }
  for (const Json& remark : json.value("remarks", Json::array()))
    report.remarks.push_back(
        fmt::format("Proposer in round {}: {}", remark.value("round", 0), remark.value("text", "")));
  for (const Json& o : json.value("objectives", Json::array()))
    report.objectives.push_back(
        {o.value("name", ""), o.value("source", ""), o.value("want", ""), o.value("weight", 1.0)});
}

std::string fixed(double value, int decimals) {
  return std::isfinite(value) ? fmt::format("{:.{}f}", value, decimals) : std::string("-");
}

/// How the run went, counted over the rows.
struct Counts {
  std::size_t rows = 0, docked = 0, failed = 0, filtered = 0, not_docked = 0;
};

Counts count(const ReportTable& table) {
  Counts out;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const std::string status = table.text(i, "status");
    ++out.rows;
    out.docked += status == "docked" || status == "ok";
    out.failed += status == "failed";
    out.filtered += status == "filtered" || status == "skipped";
    out.not_docked += status == "not_docked";
  }
  return out;
}

std::string verdict(const RunReport& report, const ReportTable& table,
                    const std::vector<std::size_t>& ranked) {
  const Counts counts = count(table);
  std::string text = fmt::format("{} molecules docked", counts.docked);
  if (counts.failed > 0) text += fmt::format(", {} failed", counts.failed);
  if (!ranked.empty())
    text += fmt::format("; the best, {}, scores {} kcal/mol", table.text(ranked.front(), "name"),
                        fixed(table.number(ranked.front(), "score_kcal_mol"), 2));
  if (report.groups.size() >= 3)
    text += fmt::format("; best total {} against {} in the starting set",
                        fixed(report.groups[2].best_total, 2), fixed(report.groups[0].best_total, 2));
  if (report.reference)
    text += fmt::format("; reference {} redocked {} A from its crystal pose", report.reference->name,
                        fixed(report.reference->rmsd, 1));
  return text + ".";
}

double correlation(const std::vector<double>& x, const std::vector<double>& y) {
  double n = 0, mx = 0, my = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (std::isfinite(x[i]) && std::isfinite(y[i])) {
      ++n;
      mx += x[i];
      my += y[i];
    }
  if (n < 10) return 0;
  mx /= n;
  my /= n;
  double xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (std::isfinite(x[i]) && std::isfinite(y[i])) {
      xx += (x[i] - mx) * (x[i] - mx);
      yy += (y[i] - my) * (y[i] - my);
      xy += (x[i] - mx) * (y[i] - my);
    }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : 0;
}

/// What a reader should know before the table.
std::vector<std::string> warnings(const RunReport& report, const ReportTable& table,
                                  const std::vector<std::size_t>& ranked) {
  std::vector<std::string> out;
  const Counts counts = count(table);
  if (counts.docked + counts.failed > 0 && 20 * counts.failed > counts.docked + counts.failed)
    out.push_back(fmt::format("{} of {} molecules that were to be docked failed; see Failures.",
                              counts.failed, counts.docked + counts.failed));
  const double r = correlation(table.numbers(ranked, "heavy_atoms"), table.numbers(ranked, "score_kcal_mol"));
  if (r < -0.6)
    out.push_back(
        fmt::format("Scores follow molecular size (correlation with heavy atoms {:.2f}): read the ligand "
                    "efficiency beside the score.",
                    r));
  if (report.command == "campaign" && !report.reference)
    out.push_back(
        "No reference ligand was redocked: whether this box and receptor reproduce a known pose was not "
        "tested.");
  out.insert(out.end(), report.remarks.begin(), report.remarks.end());
  return out;
}

std::string reference_name(const RunReport& report) {
  return report.reference ? "reference " + report.reference->name : std::string();
}

std::vector<Figure> figures(const RunReport& report, const ReportTable& table,
                            const std::vector<std::size_t>& ranked, std::size_t top) {
  std::vector<Figure> out = round_figures(report);
  const auto scores = table.numbers(ranked, "score_kcal_mol");
  std::optional<PlotMark> mark;
  if (report.reference && std::isfinite(report.reference->score))
    mark = PlotMark{reference_name(report), report.reference->score};
  PlotFrame frame;
  frame.title = "Docking scores";
  frame.x_label = "score (kcal/mol), lower is better";
  frame.y_label = "molecules";
  out.push_back({histogram_plot(frame, scores, mark), "All docked molecules."});
  frame.title = "Score against size";
  frame.x_label = "heavy atoms";
  frame.y_label = "score (kcal/mol), lower is better";
  std::vector<PlotPoint> points;
  for (std::size_t k = 0; k < ranked.size(); ++k)
    points.push_back(
        {table.number(ranked[k], "heavy_atoms"), scores[k], table.text(ranked[k], "name"), k < 20});
  out.push_back({scatter_plot(frame, points, mark),
                 "Squares are the 20 best. A cloud that falls to the right is size bias: larger molecules "
                 "score better whatever they are."});
  if (auto front = front_figure(report, table, ranked)) out.push_back(std::move(*front));
  const std::vector<std::size_t> best(
      ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(std::min(top, ranked.size())));
  frame.title = fmt::format("Properties of the best {}", best.size());
  out.push_back({strip_plot(frame, {{"weight (Da)", table.numbers(best, "mw"), 160, 500},
                                    {"clogp", table.numbers(best, "clogp"), 0, 5},
                                    {"TPSA (A^2)", table.numbers(best, "tpsa"), 20, 140},
                                    {"H-bond donors", table.numbers(best, "hbd"), 0, 5},
                                    {"H-bond acceptors", table.numbers(best, "hba"), 0, 10},
                                    {"rotatable bonds", table.numbers(best, "rotb"), 0, 10},
                                    {"QED", table.numbers(best, "qed"), 0.5, 1},
                                    {"SA (easy 1 - 10 hard)", table.numbers(best, "sa"), 1, 4}}),
                 "Bar: middle half, white line: median, thin line: range. Grey: usual for oral drugs "
                 "(Lipinski 1997, Veber 2002; for QED and SA our own choice)."});
  return out;
}

data provenance(const Json& identity) {
  data list{data::type::list};
  const auto add = [&](const std::string& key, const std::string& value) {
    list.push_back(Object{{"key", key}, {"value", value}});
  };
  if (!identity.is_object()) return list;
  add("command", "theriac " + identity.value("command", ""));
  add("version", identity.value("version", ""));
  add("seed", identity.value("seed", ""));
  for (const Json& input : identity.value("inputs", Json::array()))
    add("input: " + input.value("role", ""),
        fmt::format("{} (sha256 {})", input.value("path", ""), input.value("sha256", "")));
  const Json settings = identity.value("settings", Json::object());
  for (const auto& [key, value] : settings.items())
    add(key, value.is_string() ? value.get<std::string>() : value.dump());
  return list;
}

data failures(const ReportTable& table, std::string& title) {
  data list{data::type::list};
  std::size_t n = 0;
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table.text(i, "status") != "failed" || ++n > failures_shown) continue;
    list.push_back(Object{{"name", table.text(i, "name")},
                          {"message", table.text(i, "message")},
                          {"smiles", table.text(i, "smiles")}});
  }
  title = n > failures_shown
              ? fmt::format("The first {} of {}; all of them are in failures.csv.", failures_shown, n)
              : fmt::format("{} molecules have no pose.", n);
  return list;
}

data groups(const RunReport& report) {
  data list{data::type::list};
  for (const ReportGroup& g : report.groups)
    list.push_back(Object{{"name", g.name},
                          {"molecules", std::to_string(g.molecules)},
                          {"best_total", fixed(g.best_total, 3)},
                          {"mean_total", fixed(g.mean_total, 3)},
                          {"best_score", fixed(g.best_score, 2)},
                          {"mean_score", fixed(g.mean_score, 2)}});
  return list;
}

data objectives(const RunReport& report) {
  data list{data::type::list};
  for (const ReportObjective& o : report.objectives)
    list.push_back(Object{{"name", o.name},
                          {"source", o.source},
                          {"want", o.want},
                          {"weight", fmt::format("{:.4g}", o.weight)}});
  return list;
}

}  // namespace

RunReport read_run_report(const std::string& folder, std::string identity) {
  namespace fs = std::filesystem;
  const auto at = [&](const char* name) { return (fs::path(folder) / name).string(); };
  if (!fs::is_regular_file(at("results.csv")))
    throw InputError(
        fmt::format("'{}' holds no finished run (results.csv is missing)", folder),
        fs::exists(at("journal")) ? "the run was stopped: the command that started it continues it" : "");
  RunReport report;
  if (identity.empty()) {
    const Json json = Json::parse(datasets::read_file(at("provenance.json")), nullptr, false);
    if (!json.is_object() || !json.contains("identity"))
      throw StorageError(fmt::format("'{}' is damaged: it names no run", at("provenance.json")));
    identity = json["identity"].dump();
  }
  const Json json = Json::parse(identity, nullptr, false);
  report.command = json.is_object() ? json.value("command", "") : "";
  report.identity = std::move(identity);
  report.results = read_list(at("results.csv"));
  if (fs::is_regular_file(at("rounds.csv"))) report.rounds = read_list(at("rounds.csv"));
  if (fs::is_regular_file(at("summary.json"))) read_summary(at("summary.json"), report);
  if (report.name.empty()) report.name = fs::path(folder).lexically_normal().filename().string();
  return report;
}

std::string report_html(const RunReport& report, const ReportOptions& options) {
  const ReportTable table(report.results);
  const auto ranked = table.ranked();
  const auto top = std::min(ranked.size(), static_cast<std::size_t>(std::max(0, options.top)));
  const Json identity = Json::parse(report.identity, nullptr, false);
  Object page;
  const bool campaign = report.command == "campaign";
  page["title"] = options.title.empty() ? report.name : options.title;
  page["verdict"] = verdict(report, table, ranked);
  page["version"] = chem::theriac_version();
  page["meta"] = fmt::format("theriac {}, version {}, seed {}{}", report.command, chem::theriac_version(),
                             identity.is_object() ? identity.value("seed", "") : "",
                             report.ending.empty() ? "" : "; ended: " + report.ending);
  data notes{data::type::list};
  const auto told = warnings(report, table, ranked);
  for (const auto& text : told) notes.push_back(Object{{"text", text}});
  if (told.empty()) notes.push_back(Object{{"text", "Nothing unusual was found in this run."}});
  page["warnings"] = std::move(notes);
  page["calm"] = told.empty();
  page["is_campaign"] = campaign;
  const auto probabilities = table.numbers(ranked, "probability");
  page["is_judged"] =
      std::any_of(probabilities.begin(), probabilities.end(), [](double p) { return std::isfinite(p); });
  page["by_evolution"] = report.proposer.empty() || report.proposer == "graph-evolution";
  page["proposer"] = report.proposer;
  page["proposer_summary"] = report.proposer_summary;
  page["has_groups"] = !report.groups.empty();
  page["groups"] = groups(report);
  page["objectives"] = objectives(report);
  page["has_stages"] = !report.stages.empty();
  page["stages"] = stage_rows(report);
  put_front(report, table, ranked, page);
  page["variety"] = report.variety;
  page["combine"] = identity.is_object() && identity.contains("settings")
                        ? identity["settings"].value("combine.method", "geometric mean")
                        : "geometric mean";
  page["hits_title"] = fmt::format("The best {} of {} docked molecules", top, ranked.size());
  const HitColumns columns(table);
  page["columns"] = columns.header();
  page["hits"] = columns.rows({ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(top)});
  data plots{data::type::list};
  for (const Figure& f : figures(report, table, ranked, top))
    plots.push_back(Object{{"svg", f.svg}, {"caption", f.caption}});
  page["plots"] = std::move(plots);
  std::string title;
  page["failures"] = failures(table, title);
  page["failures_title"] = title;
  page["has_failures"] = count(table).failed > 0;
  page["provenance"] = provenance(identity);
  kainjow::mustache::mustache tmpl(report_template);
  if (!tmpl.is_valid()) throw Error("the report template is broken: " + tmpl.error_message());
  return tmpl.render(data(page));
}

}  // namespace theriac::cli
