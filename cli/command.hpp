// One sub-command: its name, its help, its options and what it does. One file per command defines one of
// these.
#pragma once
#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

namespace theriac::cli {

class Session;

struct Command {
  std::string name;
  std::string group;                  ///< heading in the overview: "Molecules and receptors"
  std::string summary;                ///< one line
  std::vector<std::string> examples;  ///< runnable lines, the plainest first
  std::string citation;               ///< what to cite when it was used; may be empty
  /// Declares the options; returns what to run once they are parsed and settings files are read. The result
  /// is an exit code. Throws the errors of chem/error.hpp.
  std::function<std::function<int()>(CLI::App& app, Session& session)> declare;
  /// Commands of its own behind its name, "protein embed". A command with parts may do something itself too,
  /// "campaign" and "campaign dock"; else it declares nothing.
  std::vector<Command> parts;
};

Command bench_command();
Command campaign_command();
Command completion_command();
Command dock_command();
Command doctor_command();
Command generate_command();
Command model_command();
Command predict_command();
Command prepare_command();
Command protein_command();
Command report_command();
Command repurpose_command();
Command screen_command();
Command show_command();
Command store_command();
Command train_command();

/// All of them, in the order of the overview.
std::vector<Command> all_commands();

/// Adds `-o/--out`-independent options that every command has: --quiet, --verbosity, --no-color, --json,
/// --log.
void add_output_options(CLI::App& app, Session& session);
/// Whether a command draws random numbers.
enum class Randomness { seeded, none };

/// Adds the options of commands that compute: --seed (when seeded), --cpu, --progress, --max-failed,
/// --strict, --overwrite,
/// --max-time, --dry-run, --config.
void add_run_options(CLI::App& app, Session& session, Randomness randomness = Randomness::seeded);

}  // namespace theriac::cli
