// Help: `theriac` shows the commands, `theriac dock -h` half a page with examples first, `--help` everything.
#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "cli/command.hpp"

namespace theriac::cli {

std::string overview(const std::vector<Command>& commands);
/// At most 25 lines: examples, then the options of the first group.
std::string short_help(const Command& command, const CLI::App& app);
/// Every option with type, range, default and unit; examples; citation.
std::string full_help(const Command& command, const CLI::App& app);
/// Of a command with parts: what they are.
std::string parts_help(const Command& command);
/// Program version and the libraries in it.
std::string version_text();

}  // namespace theriac::cli
