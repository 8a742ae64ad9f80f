// theriac completion bash|zsh|fish: the completion script, made from the options that the commands declare.
#include <fmt/format.h>

#include <cstdio>

#include "chem/error.hpp"
#include "cli/argument_list.hpp"
#include "cli/command.hpp"
#include "cli/session.hpp"

namespace theriac::cli {
namespace {

struct CommandWords {
  std::string name, summary;
  std::vector<std::pair<std::string, std::string>> options;  ///< "--seed", its description
};

/// Of a command with parts: the options of all of them, each once.
void add_options(const Command& command, CommandWords& words) {
  for (const auto& part : command.parts) add_options(part, words);
  if (!command.declare) return;
  CLI::App app(command.summary, command.name);
  Session session("");
  command.declare(app, session);
  const auto add = [&](const std::string& name, const CLI::Option* option) {
    for (const auto& known : words.options)
      if (known.first == name) return;
    words.options.emplace_back(name, option->get_description());
  };
  for (const CLI::Option* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) add("--" + name, option);
    for (const auto& name : option->get_snames()) add("-" + name, option);
  }
}

std::vector<CommandWords> words_of_all() {
  std::vector<CommandWords> all;
  for (const auto& command : all_commands()) {
    CommandWords words{command.name, command.summary, {}};
    add_options(command, words);
    all.push_back(std::move(words));
  }
  return all;
}

std::string single_quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string bash_script() {
  std::string names, cases;
  for (const auto& command : words_of_all()) {
    names += command.name + ' ';
    std::string options;
    for (const auto& entry : command.options) options += entry.first + ' ';
    cases += fmt::format("    {}) options={} ;;\n", command.name, single_quoted(options));
  }
  return "_theriac() {\n"
         "  local word=\"${COMP_WORDS[COMP_CWORD]}\" options=''\n"
         "  if [[ $COMP_CWORD -eq 1 ]]; then\n"
         "    COMPREPLY=($(compgen -W " +
         single_quoted(names + "help --help --version") +
         " -- \"$word\"))\n"
         "    return\n"
         "  fi\n"
         "  case \"${COMP_WORDS[1]}\" in\n" +
         cases +
         "  esac\n"
         "  if [[ $word == -* ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
         "  else\n"
         "    COMPREPLY=($(compgen -f -- \"$word\"))\n"
         "  fi\n"
         "}\n"
         "complete -o filenames -F _theriac theriac\n";
}

std::string zsh_script() {
  std::string commands, cases;
  for (const auto& command : words_of_all()) {
    commands += fmt::format("    {}\n", single_quoted(command.name + ":" + command.summary));
    std::string options;
    for (const auto& [name, description] : command.options) {
      std::string text;
      for (const char c : description)
        text += c == '[' || c == ']' || c == ':' ? std::string("\\") + c : std::string(1, c);
      options += ' ' + single_quoted(name + "[" + text + "]");
    }
    cases += fmt::format("    {}) _arguments{} '*:file:_files' ;;\n", command.name, options);
  }
  return "#compdef theriac\n"
         "_theriac() {\n"
         "  local -a commands=(\n" +
         commands +
         "  )\n"
         "  if (( CURRENT == 2 )); then\n"
         "    _describe command commands\n"
         "    return\n"
         "  fi\n"
         "  local command=$words[2]\n"
         "  shift words\n"
         "  (( CURRENT-- ))\n"
         "  case $command in\n" +
         cases +
         "  esac\n"
         "}\n"
         "compdef _theriac theriac\n";
}

std::string fish_script() {
  std::string script;
  for (const auto& command : words_of_all()) {
    script += fmt::format("complete -c theriac -n __fish_use_subcommand -f -a {} -d {}\n", command.name,
                          single_quoted(command.summary));
    for (const auto& [name, description] : command.options)
      script += fmt::format("complete -c theriac -n '__fish_seen_subcommand_from {}' {} {} -d {}\n",
                            command.name, name[1] == '-' ? "-l" : "-s", name.substr(name[1] == '-' ? 2 : 1),
                            single_quoted(description));
  }
  return script;
}

}  // namespace

Command completion_command() {
  Command command;
  command.name = "completion";
  command.group = "Looking and checking";
  command.summary = "print the completion script for bash, zsh or fish";
  command.examples = {"source <(theriac completion bash)",
                      "theriac completion fish > ~/.config/fish/completions/theriac.fish"};
  command.declare = [](CLI::App& app, Session&) {
    auto shell = std::make_shared<std::string>();
    app.add_option("shell", *shell, "bash, zsh or fish")->check(CLI::IsMember({"bash", "zsh", "fish"}));
    return [shell] {
      if (shell->empty()) throw UsageError("which shell?", "theriac completion bash");
      const std::string script = *shell == "bash"  ? bash_script()
                                 : *shell == "zsh" ? zsh_script()
                                                   : fish_script();
      std::fputs(script.c_str(), stdout);
      return static_cast<int>(exit_done);
    };
  };
  return command;
}

}  // namespace theriac::cli
