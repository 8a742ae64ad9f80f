// theriac report: the HTML page of a finished run, made anew.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "cli/command.hpp"
#include "cli/report.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/run_folder.hpp"

namespace theriac::cli {
namespace {

struct ReportCommandOptions {
  std::string run, out;
  ReportOptions report;
};

int make_report(const ReportCommandOptions& options, Session& session) {
  if (options.run.empty()) throw UsageError("report on what?", "theriac report run1");
  if (!std::filesystem::is_directory(options.run))
    throw InputError(fmt::format("run folder not found: '{}'", options.run));
  const RunReport report = read_run_report(options.run);
  datasets::verify_published(options.run, "results.csv");
  const std::string path =
      options.out.empty() ? (std::filesystem::path(options.run) / "report-new.html").string() : options.out;
  datasets::DurableFile out(path);
  out.write(report_html(report, options.report));
  out.publish();
  session.terminal().note(fmt::format("wrote     {}", path));
  return print_result(session, "report", {{"run", options.run}, {"report", path}}, exit_done);
}

}  // namespace

Command report_command() {
  Command command;
  command.name = "report";
  command.group = "Looking and checking";
  command.summary = "build the offline HTML report of a finished run";
  command.examples = {"theriac report run1",
                      "theriac report run1 --top 50 --title \"ABL1, first round\" -o abl1.html"};
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto options = std::make_shared<ReportCommandOptions>();
    app.add_option("run", options->run, "run folder of dock or campaign")->type_name("RUN");
    app.add_option("-o,--out", options->out, "file to write; RUN/report-new.html by default")
        ->type_name("FILE");
    app.add_option("--top", options->report.top, "molecules in the table")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--title", options->report.title, "title of the page; the run's name by default")
        ->type_name("TEXT");
    add_output_options(app, session);
    return [options, &session] { return make_report(*options, session); };
  };
  return command;
}

}  // namespace theriac::cli
