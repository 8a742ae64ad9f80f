#include "cli/store_tasks.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "chem/data_file.hpp"
#include "chem/error.hpp"
#include "cli/session.hpp"
#include "cli/text_table.hpp"
#include "datasets/drug_structures.hpp"
#include "datasets/store_check.hpp"
#include "datasets/store_import.hpp"

namespace theriac::cli {
namespace {

using namespace datasets;

LicenceChoice licence_choice(const std::string& name) {
  if (name == "permissive") return LicenceChoice::permissive;
  return name == "share_alike" ? LicenceChoice::share_alike : LicenceChoice::any;
}

std::string shortened(const std::string& text, std::size_t most) {
  return text.size() <= most ? text : text.substr(0, most - 3) + "...";
}

std::string tally_table(const std::vector<ImportTally>& tallies) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& tally : tallies) {
    const auto number = [](std::int64_t value) { return grouped_number(static_cast<std::size_t>(value)); };
    if (tally.left_out)
      rows.push_back({tally.file, shortened(tally.licence, 34), "", "", "", "", "left out for its licence"});
    else
      rows.push_back({tally.file, shortened(tally.licence, 34), number(tally.rows), number(tally.entities),
                      number(tally.links), number(tally.rejected),
                      tally.licence_left_out
                          ? number(tally.licence_left_out) + " rows left out for their licence"
                          : ""});
  }
  return text_table({{"file"},
                     {"licence"},
                     {"rows", true},
                     {"new entities", true},
                     {"links", true},
                     {"rejected", true},
                     {""}},
                    rows);
}

nlohmann::ordered_json tally_json(const ImportTally& tally) {
  return {{"file", tally.file},
          {"source", tally.source},
          {"licence", tally.licence},
          {"licence_class", licence_class_name(tally.licence_class)},
          {"left_out", tally.left_out},
          {"rows", tally.rows},
          {"entities", tally.entities},
          {"links", tally.links},
          {"passed_over", tally.passed_over},
          {"rejected", tally.rejected},
          {"left_out_for_licence", tally.licence_left_out}};
}

struct Written {
  StoreBuilder::Counts counts;
  std::string rejects;
};

/// `part` names the rejects of an import, so that those of the build stay.
Written write_store(StoreBuilder& store, const std::string& out, const std::string& part) {
  const auto folder = std::filesystem::path(out).parent_path();
  if (!folder.empty() && !std::filesystem::is_directory(folder))
    throw UsageError(fmt::format("folder not found: '{}'", folder.string()),
                     "make it first, or choose another -o");
  Written written;
  written.counts = store.write(out, store.created());
  written.rejects = rejects_path(out, part);
  write_rejects(written.rejects, store.rejected());
  return written;
}

std::size_t total(const std::size_t* counts, int kinds) {
  std::size_t sum = 0;
  for (int k = 0; k < kinds; ++k) sum += counts[k];
  return sum;
}

/// What was made, in words or as JSON.
void report_store(const std::vector<ImportTally>& tallies, const StoreBuilder& store, const Written& written,
                  const std::string& out, double seconds, Session& session) {
  const std::size_t entities = total(written.counts.entities, entity_kinds),
                    links = total(written.counts.links, link_kinds), rejected = store.rejected().size();
  if (session.options.json) {
    nlohmann::ordered_json json = {{"schema", "theriac.store/1"}, {"store", out},
                                   {"entities", entities},        {"links", links},
                                   {"rejected", rejected},        {"seconds", seconds}};
    if (rejected > 0) json["rejects"] = written.rejects;
    for (const auto& tally : tallies) json["files"].push_back(tally_json(tally));
    std::printf("%s\n", json.dump(2).c_str());
    return;
  }
  if (session.options.quiet) return;
  if (!tallies.empty()) std::printf("%s\n", tally_table(tallies).c_str());
  std::printf("%s: %s entities, %s links, %.1f MB, %.1f s\n", out.c_str(), grouped_number(entities).c_str(),
              grouped_number(links).c_str(), static_cast<double>(std::filesystem::file_size(out)) / 1e6,
              seconds);
  if (rejected > 0)
    std::printf("%s rejected rows, with line and reason: %s\n", grouped_number(rejected).c_str(),
                written.rejects.c_str());
}

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

std::string grouped_number(std::size_t number) {
  std::string text = std::to_string(number);
  for (int at = static_cast<int>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

int store_build(const StoreOptions& options, Session& session) {
  const Stopwatch watch;
  if (options.out.empty()) throw UsageError("store build needs -o, the store to write");
  BuildOptions build;
  build.folders = options.from;
  if (build.folders.empty())
    build.folders = {std::filesystem::path(chem::data_file("tables/drugs.csv")).parent_path().string()};
  build.licence = licence_choice(options.licence);
  build.on_file = [&](const std::string& file) { session.terminal().detail("reading " + file); };
  StoreBuilder store;
  const auto report = import_folders(store, build);
  for (const auto& file : report.unknown_files)
    session.terminal().detail("not a file of a known name: " + file);
  const auto written = write_store(store, options.out, "");
  report_store(report.tallies, store, written, options.out, watch.seconds(), session);
  return exit_done;
}

int store_import(const StoreOptions& options, Session& session) {
  const Stopwatch watch;
  if (options.format.empty())
    throw UsageError("store import needs --format", "theriac store formats lists them");
  const auto& format = import_format(options.format);
  if (!options.target.empty() && format.name != "docking")
    throw UsageError(fmt::format("--target means nothing to files of the format {}", format.name));
  StoreBuilder store(Store::open(options.files.front()));
  std::vector<ImportTally> tallies;
  for (std::size_t i = 1; i < options.files.size(); ++i) {
    ImportSource source = options.source;
    if (source.name.empty() && format.name == "triples") source.name = file_stem(options.files[i]);
    tallies.push_back(
        import_file(store, format, options.files[i], source, LicenceChoice::any, options.target));
  }
  complete_structures(store);
  const std::string out = options.out.empty() ? options.files.front() : options.out;
  const auto written = write_store(store, out, format.name);
  report_store(tallies, store, written, out, watch.seconds(), session);
  return exit_done;
}

int store_merge(const StoreOptions& options, Session& session) {
  const Stopwatch watch;
  if (options.out.empty()) throw UsageError("store merge needs -o, the store to write");
  StoreBuilder store(Store::open(options.files.front()));
  for (std::size_t i = 1; i < options.files.size(); ++i) store.add_store(Store::open(options.files[i]));
  const auto written = write_store(store, options.out, "merge");
  report_store({}, store, written, options.out, watch.seconds(), session);
  return exit_done;
}

int store_check(const StoreOptions& options, Session& session) {
  const std::string path =
      options.files.empty() ? chem::data_file("store/starter.h5") : options.files.front();
  const auto faults = datasets::check_store(path);
  if (session.options.json) {
    nlohmann::ordered_json json = {
        {"schema", "theriac.store_check/1"}, {"store", path}, {"sound", faults.empty()}};
    json["faults"] = nlohmann::ordered_json::array();
    for (const auto& fault : faults) json["faults"].push_back({{"place", fault.place}, {"what", fault.what}});
    std::printf("%s\n", json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  } else if (faults.empty()) {
    std::printf("%s: sound\n", path.c_str());
  }
  if (faults.empty()) return exit_done;
  std::string all;
  for (const auto& fault : faults)
    all +=
        (all.empty() ? "" : "\n  ") + (fault.place == "file" ? fault.what : fault.place + ": " + fault.what);
  throw StorageError(
      fmt::format("{} in '{}':\n  {}",
                  faults.size() == 1 ? "1 fault" : fmt::format("{} faults", faults.size()), path, all),
      "build the store again");
}

int store_formats(const StoreOptions&, Session& session) {
  if (session.options.json) {
    nlohmann::ordered_json json = {{"schema", "theriac.store_formats/1"}};
    for (const auto& format : import_formats())
      json["formats"].push_back({{"name", format.name},
                                 {"columns", format.columns},
                                 {"source", format.source.name},
                                 {"licence", format.source.licence}});
    std::printf("%s\n", json.dump(2).c_str());
    return exit_done;
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& format : import_formats()) rows.push_back({format.name, format.columns});
  std::printf("%s", text_table({{"format"}, {"columns, in any order"}}, rows).c_str());
  return exit_done;
}

}  // namespace theriac::cli
