// theriac <command> [options]: finds the command, reads its options, runs it, and turns errors into exit
// codes.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <new>
#include <string>
#include <vector>

#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "chem/nearest_name.hpp"
#include "cli/argument_list.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/help_page.hpp"
#include "cli/session.hpp"
#include "cli/settings_file.hpp"
#include "cli/stop_signals.hpp"

namespace {

using namespace theriac;
using namespace theriac::cli;

std::string joined(const std::vector<std::string>& words) {
  std::string text = "theriac";
  for (const auto& word : words) {
    const bool plain =
        !word.empty() && word.find_first_of(" \t\n'\"\\$`*?[](){}<>|&;!#~") == std::string::npos;
    text += ' ' + (plain ? word : CLI::detail::convert_arg_for_ini(word));
  }
  return text;
}

int show(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  return exit_done;
}

const Command& find_command(const std::vector<Command>& commands, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& command : commands) {
    if (command.name == name) return command;
    names.push_back(command.name);
  }
  const std::string near = chem::nearest_name(name, names);
  throw UsageError(
      fmt::format("unknown command '{}'", name),
      near.empty() ? "theriac --help lists the commands" : fmt::format("did you mean 'theriac {}'?", near));
}

/// The part of a command that the words behind it name: "embed" of "theriac protein embed".
/// A command that does something itself when no part is named is its own part.
const Command& find_part(const Command& command, const std::vector<std::string>& words) {
  std::vector<std::string> names;
  for (const auto& part : command.parts) {
    names.push_back(part.name);
    if (!words.empty() && command.name + ' ' + words[0] == part.name) return part;
  }
  if (command.declare) return command;
  const std::string hint = fmt::format("theriac {} --help lists its parts", command.name);
  if (words.empty()) throw UsageError(fmt::format("which part of 'theriac {}'?", command.name), hint);
  const std::string near = chem::nearest_name(command.name + ' ' + words[0], names);
  throw UsageError(fmt::format("'theriac {}' has no part '{}'", command.name, words[0]),
                   near.empty() ? hint : fmt::format("did you mean 'theriac {}'?", near));
}

bool contains(const std::vector<std::string>& words, const std::string& word) {
  for (const auto& each : words) {
    if (each == "--") return false;
    if (each == word) return true;
  }
  return false;
}

int run_command(const Command& command, const std::vector<std::string>& words, Session& session) {
  if (!command.parts.empty()) {
    if (!command.declare && !words.empty() && (words[0] == "-h" || words[0] == "--help"))
      return show(parts_help(command));
    const Command& part = find_part(command, words);
    if (&part != &command) return run_command(part, {words.begin() + 1, words.end()}, session);
  }
  CLI::App app(command.summary, command.name);
  app.set_help_flag();
  const auto run = command.declare(app, session);
  if (contains(words, "--help")) return show(full_help(command, app));
  if (contains(words, "-h")) return show(short_help(command, app));

  auto arguments = normalise_arguments(words, app);
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    throw UsageError(error.what(), fmt::format("theriac {} --help lists the options", command.name));
  }
  apply_settings(app, session.options.config, session.origins);
  session.begin();
  return run();
}

int run_words(const std::vector<std::string>& words, Session& session) {
  const auto commands = all_commands();
  if (words.empty() || words[0] == "-h" || words[0] == "--help") return show(overview(commands));
  if (words[0] == "--version" || words[0] == "-V") return show(version_text());
  if (words[0] == "help") {
    if (words.size() == 1) return show(overview(commands));
    std::vector<std::string> rest(words.begin() + 2, words.end());
    rest.push_back("--help");
    return run_command(find_command(commands, words[1]), rest, session);
  }
  return run_command(find_command(commands, words[0]), {words.begin() + 1, words.end()}, session);
}

/// An error nobody foresaw: keep what is needed to report it.
int report_bug(const std::string& what, const std::string& command_line, Session& session) {
  std::error_code ignored;
  const auto path =
      std::filesystem::temp_directory_path(ignored) / fmt::format("theriac-bug-{}.txt", getpid());
  std::ofstream(path) << version_text() << "command  " << command_line << "\nerror    " << what << '\n';
  session.terminal().error("internal error: " + what,
                           fmt::format("this is a bug; the report is in {}", path.string()));
  return exit_bug;
}

int exit_code_of(const Error& error) {
  if (dynamic_cast<const UsageError*>(&error)) return exit_usage;
  if (dynamic_cast<const InputError*>(&error)) return exit_input;
  if (dynamic_cast<const StorageError*>(&error)) return exit_storage;
  if (dynamic_cast<const ModelError*>(&error)) return exit_model;
  if (dynamic_cast<const DeviceError*>(&error)) return exit_device;
  return exit_bug;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const std::string command_line = joined(words);
  install_stop_signals();
  Session session(command_line);
  try {
    const int code = run_words(words, session);
    if (std::fflush(stdout) != 0 && errno != EPIPE) throw StorageError("cannot write to standard output");
    return code;
  } catch (const Error& error) {
    session.terminal().end_warnings();
    session.terminal().error(error.what(), error.hint());
    return exit_code_of(error);
  } catch (const std::bad_alloc&) {
    session.terminal().error("out of memory", "fewer threads (--cpu) need less");
    return exit_bug;
  } catch (const std::exception& error) {
    return report_bug(error.what(), command_line, session);
  }
}
