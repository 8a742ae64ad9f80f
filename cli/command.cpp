#include "cli/command.hpp"

#include "cli/session.hpp"

namespace theriac::cli {

std::vector<Command> all_commands() {
  return {prepare_command(),  dock_command(),    predict_command(),   generate_command(),
          campaign_command(), protein_command(), repurpose_command(), store_command(),
          train_command(),    model_command(),   show_command(),      report_command(),
          bench_command(),    screen_command(),  doctor_command(),    completion_command()};
}

void add_output_options(CLI::App& app, Session& session) {
  auto& options = session.options;
  const char* group = "Output";
  app.add_flag("-q,--quiet", options.quiet, "only errors on stderr")->group(group);
  app.add_option("--verbosity", options.verbosity, "0 errors only, 1 notes and warnings, 2 details")
      ->check(CLI::Range(0, 2))
      ->capture_default_str()
      ->group(group);
  app.add_flag("--no-color", options.no_color, "no colours; NO_COLOR and TERM=dumb do the same")
      ->group(group);
  app.add_flag("--json", options.json, "one JSON object on stdout at the end (theriac.result/1)")
      ->group(group);
  app.add_option("--log", options.log, "also write every message to this file")
      ->type_name("FILE")
      ->group(group);
}

void add_run_options(CLI::App& app, Session& session, Randomness randomness) {
  auto& options = session.options;
  const char* group = "Run";
  app.add_option("-c,--config", options.config,
                 "settings file: TOML, or 'key = value' lines as Vina's; flags win over it")
      ->type_name("FILE")
      ->group(group);
  if (randomness == Randomness::seeded)
    app.add_option("--seed", options.seed, "random seed, a whole number or 'random'; same seed, same bytes")
        ->type_name("N|random")
        ->capture_default_str()
        ->group(group);
  app.add_option("--cpu", options.cpu, "threads; 0 = all that were granted; does not change the result")
      ->type_name("N")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str()
      ->group(group);
  app.add_option("--progress", options.progress, "auto: a bar on a terminal, else a line a minute")
      ->type_name("auto|bar|lines|none")
      ->check(CLI::IsMember({"auto", "bar", "lines", "none"}))
      ->capture_default_str()
      ->group(group);
  app.add_option("--max-failed", options.max_failed,
                 "exit 4 when more records than this fail: a share or a count")
      ->type_name("N|N%")
      ->capture_default_str()
      ->group(group);
  app.add_flag("--strict", options.strict, "exit 4 when any record fails")->group(group);
  app.add_flag("--overwrite", options.overwrite, "replace another run's results in the output")->group(group);
  app.add_option("--max-time", options.max_time, "stop cleanly after this time, e.g. 55m or 11h30m (exit 75)")
      ->type_name("TIME")
      ->group(group);
  app.add_flag("--dry-run", options.dry_run,
               "check everything, print the plan and each value's origin, and stop")
      ->group(group);
}

}  // namespace theriac::cli
