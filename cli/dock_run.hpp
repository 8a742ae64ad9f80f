// One run of docking into a folder or file, as `theriac dock` does it.
#pragma once
#include <CLI/CLI.hpp>

namespace theriac::cli {

struct DockOptions;
class Session;

/// Docks, writes the results and returns an exit code; a folder that holds this very run is continued. The
/// settings of `app` belong to the identity of the run.
int run_dock(const DockOptions& options, const CLI::App& app, Session& session);

}  // namespace theriac::cli
