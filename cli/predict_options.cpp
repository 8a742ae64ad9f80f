#include "cli/predict_options.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "chem/error.hpp"
#include "cli/device_option.hpp"

namespace theriac::cli {

void declare_predict_options(CLI::App& app, PredictOptions& o) {
  const char* group = "Input and output";
  app.add_option("-l,--ligand", o.molecules.inputs,
                 "molecules: any molecule file, folders, globs, or - for stdin")
      ->type_name("FILE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->group(group);
  app.add_option("-o,--out", o.out, "by its extension: .csv, .h5, .jsonl or .sdf; - is CSV on stdout")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--columns", o.columns, "just these, with commas between; all by default")
      ->type_name("NAME,NAME")
      ->delimiter(',')
      ->group(group);
  app.add_option("--models", o.models,
                 "trained endpoints: default (those that ship), names of single ones, files of theriac train "
                 "properties, or none")
      ->type_name("NAME,FILE")
      ->delimiter(',')
      ->group(group);
  app.add_option("--target", o.target,
                 "proteins (FASTA): adds the predicted affinity to each, with a 90 % interval, where model "
                 "and protein "
                 "fit together")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--affinity_models", o.affinity_models,
                 "for --target: affinity-davis (pKd), which ships, or files of theriac train affinity")
      ->type_name("NAME,FILE")
      ->delimiter(',')
      ->capture_default_str()
      ->group(group);
  app.add_flag("--list", o.list, "show the columns with their units, and end")->group(group);
  app.add_option("--layout", o.layout,
                 "wide: a row a molecule; long: a row a value, with interval and domain")
      ->check(CLI::IsMember({"wide", "long"}))
      ->type_name("wide|long")
      ->capture_default_str()
      ->group(group);
  app.add_option(
         "--intervals", o.intervals,
         "in wide tables, columns <name>_low, _high (or _set), _domain and _percentile beside the values of "
         "trained estimates, of all columns, or of none")
      ->check(CLI::IsMember({"estimates", "all", "none"}))
      ->type_name("estimates|all|none")
      ->capture_default_str()
      ->group(group);
  app.add_option("--outside_domain", o.outside_domain,
                 "where a trained model has no basis (domain out): no value, or the value all the same")
      ->check(CLI::IsMember({"empty", "value"}))
      ->type_name("empty|value")
      ->capture_default_str()
      ->group(group);
  app.add_option("--compare_with", o.compare_with,
                 "percentiles among these molecules instead of approved drugs, for every column")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--write_percentiles", o.write_percentiles,
                 "write the quantiles of every column over the input (CSV), for percentiles later")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--explain", o.explain,
                 "write a page (HTML) that shows which atoms drive the predictions, alerts and neighbours")
      ->type_name("PAGE")
      ->group(group);
  app.add_option("--explain_top", o.explain_top, "molecules on that page: the first that can be predicted")
      ->check(CLI::Range(1, 1000))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  add_device_option(app, o.device, "of the network behind trained endpoints")->group(group);
  app.add_flag("--as_drawn", o.as_drawn, "keep salts, charges and isotopes; by default the neutral parent")
      ->group(group);
  add_ligand_options(app, o.molecules);
}

void check_predict_options(const PredictOptions& options, bool json, bool overwrite) {
  if (options.only_explains() && options.explain.empty())
    throw UsageError("no output", "give a file with -o, --explain or --write_percentiles");
  if (!options.out.empty()) check_prediction_path(options.out);
  if (options.out == "-" && json)
    throw UsageError("-o - and --json both write to standard output", "use one of them");
  for (const std::string& path : {options.out, options.write_percentiles, options.explain})
    if (!path.empty() && path != "-" && !overwrite && std::filesystem::exists(path))
      throw UsageError(fmt::format("'{}' exists", path), "use --overwrite or another -o");
}

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

}  // namespace theriac::cli
