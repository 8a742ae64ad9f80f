// theriac store: the knowledge store of drugs, targets, diseases and their links - made, filled, looked at,
// checked.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "chem/error.hpp"
#include "cli/command.hpp"
#include "cli/session.hpp"
#include "cli/store_tasks.hpp"

namespace theriac::cli {
namespace {

struct Task {
  const char* name;
  std::size_t fewest_files, most_files;
  const char* files;  ///< what they are, for messages
  std::vector<std::string> options;
  int (*run)(const StoreOptions&, Session&);
};

const std::vector<Task>& tasks() {
  constexpr std::size_t any = 100000;
  static const std::vector<Task> all = {
      {"build", 0, 0, "no files: folders come with --from", {"--from", "--out", "--licence"}, store_build},
      {"import",
       2,
       any,
       "a store and the files to add",
       {"--format", "--out", "--source", "--source_version", "--source_licence", "--source_url", "--target"},
       store_import},
      {"merge", 2, any, "the stores to merge", {"--out"}, store_merge},
      {"info", 0, 1, "one store, or none for the one that ships", {}, store_info},
      {"check", 0, 1, "one store, or none for the one that ships", {}, store_check},
      {"export", 0, 1, "one store, or none for the one that ships", {"--links", "--out"}, store_export},
      {"formats", 0, 0, "no files", {}, store_formats},
  };
  return all;
}

/// The task, its files counted and its options its own. Throws UsageError.
const Task& chosen_task(const StoreOptions& o, const CLI::App& app) {
  for (const auto& task : tasks()) {
    if (o.task != task.name) continue;
    if (o.files.size() < task.fewest_files || o.files.size() > task.most_files)
      throw UsageError(fmt::format("store {} takes {}", task.name, task.files), "theriac store --help");
    for (const char* option : {"--from", "--out", "--licence", "--format", "--source", "--source_version",
                               "--source_licence", "--source_url", "--links", "--target"})
      if (app.count(option) > 0 &&
          std::find(task.options.begin(), task.options.end(), option) == task.options.end())
        throw UsageError(fmt::format("store {} takes no {}", task.name, option), "theriac store --help");
    return task;
  }
  throw UsageError("build, import, merge, info, check, export or formats?", "theriac store --help");
}

}  // namespace

Command store_command() {
  Command command;
  command.name = "store";
  command.group = "Repurposing";
  command.summary = "the knowledge store: drugs, targets, diseases and the links between them";
  command.examples = {"theriac store info", "theriac store build --from downloads/repurposing -o full.h5",
                      "theriac store import full.h5 --format triples my_links.tsv",
                      "theriac store import full.h5 --format docking run1 --target JAK2",
                      "theriac store export full.h5 --links treats -o treats.tsv"};
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto o = std::make_shared<StoreOptions>();
    app.add_option(
           "task", o->task,
           "build a store from folders of public files; import files into one; merge stores; info: what is "
           "in one; check: whether it is sound; export: links as a table; formats: what import reads")
        ->check(CLI::IsMember({"build", "import", "merge", "info", "check", "export", "formats"}));
    app.add_option("files", o->files, "the store, then what the task works on")->type_name("FILE");
    app.add_option("--from", o->from, "folder whose files of known names are imported; several may be given")
        ->type_name("FOLDER");
    app.add_option("-o,--out", o->out,
                   "the store or table to write; for import the store itself if not given")
        ->type_name("FILE");
    app.add_option("--licence", o->licence,
                   "licences of data to take: any, share_alike (and permissive), permissive")
        ->check(CLI::IsMember({"any", "share_alike", "permissive"}))
        ->capture_default_str();
    app.add_option("--format", o->format, "of the files to import; theriac store formats lists them")
        ->type_name("NAME");
    app.add_option("--source", o->source.name, "name of the source of imported links")->type_name("TEXT");
    app.add_option("--source_version", o->source.version, "release or date of the source")->type_name("TEXT");
    app.add_option("--source_licence", o->source.licence, "licence of the source, such as 'CC BY 4.0'")
        ->type_name("TEXT");
    app.add_option("--source_url", o->source.url, "where the source is found")->type_name("TEXT");
    app.add_option("--target", o->target, "of imported docking scores: what was docked into")
        ->type_name("GENE|UNIPROT");
    app.add_option("--links", o->links, "kind of links to export: treats, binds ...")->type_name("KIND");
    add_output_options(app, session);
    const CLI::App* declared = &app;
    return [o, &session, declared] { return chosen_task(*o, *declared).run(*o, session); };
  };
  return command;
}

}  // namespace theriac::cli
