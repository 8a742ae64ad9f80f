#include "datasets/run_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <thread>

#include "chem/error.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/sha256.hpp"

namespace theriac::datasets {
namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

constexpr const char* journal_name = "journal";
constexpr const char* provenance_name = "provenance.json";
constexpr const char* tasks_name = "tasks";

std::string dump(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

Json identity_json(const RunIdentity& identity) {
  Json json;
  json["command"] = identity.command;
  json["version"] = identity.version;
  json["seed"] = identity.seed;
  json["settings"] = Json::object();
  for (const auto& [name, value] : identity.settings) json["settings"][name] = value;
  json["inputs"] = Json::array();
  for (const auto& input : identity.inputs)
    json["inputs"].push_back(
        {{"role", input.role}, {"path", input.path}, {"sha256", input.sha256}, {"bytes", input.bytes}});
  return json;
}

/// name -> value, flat, for saying what differs between two runs.
std::map<std::string, std::string> flat(const Json& identity) {
  std::map<std::string, std::string> values;
  for (const char* key : {"command", "version", "seed"}) values[key] = identity.value(key, "");
  if (identity.contains("settings"))
    for (const auto& [name, value] : identity["settings"].items()) values[name] = value.get<std::string>();
  if (identity.contains("inputs"))
    for (const auto& input : identity["inputs"])
      values[fmt::format("{} '{}'", input.value("role", "input"), input.value("path", ""))] =
          input.value("sha256", "").substr(0, 12);
  return values;
}

std::string differences(const Json& before, const Json& now) {
  const auto old_values = flat(before), new_values = flat(now);
  std::set<std::string> names;
  for (const auto& entry : old_values) names.insert(entry.first);
  for (const auto& entry : new_values) names.insert(entry.first);
  std::string text;
  int shown = 0, more = 0;
  for (const auto& name : names) {
    const auto was = old_values.find(name), is = new_values.find(name);
    const std::string before_text = was == old_values.end() ? "absent" : was->second;
    const std::string now_text = is == new_values.end() ? "absent" : is->second;
    if (before_text == now_text) continue;
    if (shown == 3) {
      ++more;
      continue;
    }
    text += fmt::format("{}{} was {}, now {}", shown++ ? "; " : "", name,
                        before_text.empty() ? "''" : before_text, now_text.empty() ? "''" : now_text);
  }
  return more ? fmt::format("{}; and {} more", text, more) : text;
}

std::optional<Json> read_provenance(const std::string& folder) {
  const std::string path = folder + "/" + provenance_name;
  if (!fs::exists(path)) return {};
  Json json = Json::parse(read_file(path), nullptr, false);
  if (json.is_discarded() || !json.is_object() || !json.contains("identity") || !json.contains("files"))
    throw StorageError(fmt::format("'{}' is damaged or not written by Theriac", path),
                       "use --overwrite or another -o");
  return json;
}

[[noreturn]] void refuse_other_run(const std::string& path, const Json& before, const Json& now) {
  throw UsageError(fmt::format("'{}' holds another run: {}", path, differences(before, now)),
                   "use --overwrite or another -o");
}

}  // namespace

InputFile describe_input(const std::string& role, const std::string& path) {
  InputFile input{role, path, sha256_of_file(path), 0};
  std::error_code error;
  const auto size = fs::file_size(path, error);
  input.bytes = error ? 0 : size;
  return input;
}

std::string RunIdentity::json() const {
  return dump(identity_json(*this));
}
std::string RunIdentity::fingerprint() const {
  return sha256(json());
}

struct RunFolder::Implementation {
  std::string path;
  RunIdentity identity;
  int lock = -1;
  bool finished = false;
  std::optional<Journal> journal;
  std::vector<std::string> published;

  ~Implementation() {
    if (lock >= 0) ::close(lock);
  }

  void make_and_lock() {
    std::error_code error;
    fs::create_directories(path, error);
    if (error) throw_storage_error("make the folder", path, error.value());
    if (::access(path.c_str(), W_OK) != 0) throw_storage_error("write to", path, errno);
    lock = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock < 0) throw_storage_error("open", path, errno);
    int refused = ::flock(lock, LOCK_EX | LOCK_NB);
    for (int look = 0; refused != 0 && errno == EWOULDBLOCK && look < 5;
         ++look) {  // `in_use` looks for an instant
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      refused = ::flock(lock, LOCK_EX | LOCK_NB);
    }
    if (refused != 0 && errno == EWOULDBLOCK)
      throw StorageError(fmt::format("another theriac process is running in '{}'", path),
                         "wait for it, or give this run another -o");
  }

  /// Removes what a run left behind; nothing else is ever deleted.
  void clear() {
    if (fs::exists(path + "/" + journal_name) || fs::exists(path + "/" + provenance_name)) remove_tasks();
    if (auto provenance = read_provenance_or_nothing())
      for (const auto& [name, value] : (*provenance)["files"].items())
        if (name.find('/') == std::string::npos) fs::remove(path + "/" + name);
    fs::remove(path + "/" + journal_name);
    fs::remove(path + "/" + provenance_name);
  }

  /// A file of it may be open somewhere on a shared disk: what cannot go yet stays.
  void remove_tasks() const {
    std::error_code ignored;
    fs::remove_all(path + "/" + tasks_name, ignored);
  }

  std::optional<Json> read_provenance_or_nothing() const {
    try {
      return read_provenance(path);
    } catch (const StorageError&) {
      return {};
    }
  }

  void open_existing() {
    const Json now = identity_json(identity);
    const bool has_journal = fs::exists(path + "/" + journal_name);
    if (has_journal) {
      const auto before = Journal::identity_of(path + "/" + journal_name);
      if (before && *before != identity.json()) {
        const Json json = Json::parse(*before, nullptr, false);
        refuse_other_run(path, json.is_discarded() ? Json::object() : json, now);
      }
    } else if (const auto provenance = read_provenance(path)) {
      if ((*provenance)["identity"] != now) refuse_other_run(path, (*provenance)["identity"], now);
      finished = true;
    } else if (!fs::is_empty(path)) {
      throw UsageError(fmt::format("'{}' is not empty and holds no Theriac run", path),
                       "give another folder with -o");
    }
  }
};

RunFolder::RunFolder(std::string path, const RunIdentity& identity, bool overwrite)
    : implementation_(std::make_unique<Implementation>()) {
  auto& folder = *implementation_;
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  folder.path = std::move(path);
  folder.identity = identity;
  if (fs::exists(folder.path) && !fs::is_directory(folder.path))
    throw UsageError(fmt::format("'{}' exists and is not a folder", folder.path),
                     "give another folder with -o");
  folder.make_and_lock();
  if (overwrite) folder.clear();
  folder.open_existing();
  if (!folder.finished) folder.journal.emplace(file(journal_name), identity.json());
}

RunFolder::~RunFolder() = default;
RunFolder::RunFolder(RunFolder&&) noexcept = default;

bool RunFolder::in_use(const std::string& path) {
  const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return false;
  const bool taken = ::flock(folder, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(folder);
  return taken;
}

const std::string& RunFolder::path() const {
  return implementation_->path;
}
std::string RunFolder::file(const std::string& name) const {
  return implementation_->path + "/" + name;
}
std::string RunFolder::tasks() const {
  return file(tasks_name);
}
bool RunFolder::finished() const {
  return implementation_->finished;
}
bool RunFolder::resumed() const {
  return implementation_->journal && implementation_->journal->record_count() > 0;
}

Journal& RunFolder::journal() {
  if (!implementation_->journal) throw StorageError(fmt::format("the run in '{}' is complete", path()));
  return *implementation_->journal;
}

void RunFolder::publish(const std::string& name, std::string_view bytes) {
  DurableFile out(file(name));
  out.write(bytes);
  out.publish();
  note_published(name);
}

void RunFolder::publish(const std::string& name, const std::function<void(const std::string&)>& write) {
  const std::string temporary = file(name) + ".tmp";
  try {
    write(temporary);
    publish_file(temporary, file(name));
  } catch (...) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    throw;
  }
  note_published(name);
}

void RunFolder::note_published(const std::string& name) {
  implementation_->published.push_back(name);
}

void RunFolder::finish(const Provenance& provenance) {
  Json json;
  json["theriac_schema"] = 1;
  json["fingerprint"] = implementation_->identity.fingerprint();
  json["identity"] = identity_json(implementation_->identity);
  json["command_line"] = provenance.command_line;
  json["device"] = provenance.device;
  json["threads"] = provenance.threads;
  json["host"] = host_name();
  json["cpu"] = cpu_name();
  json["started_utc"] = provenance.started_utc;
  json["created_utc"] = utc_now();
  json["seconds"] = provenance.seconds;
  for (const auto& [name, version] : provenance.libraries) json["libraries"][name] = version;
  for (const auto& [name, text] : provenance.notes) json["notes"][name] = text;
  json["files"] = Json::object();
  for (const auto& name : implementation_->published)
    json["files"][name] = {{"sha256", sha256_of_file(file(name))}, {"bytes", fs::file_size(file(name))}};
  DurableFile out(file(provenance_name));
  out.write(dump(json, 2) + '\n');
  out.publish();
  implementation_->remove_tasks();
  implementation_->journal.reset();
  fs::remove(file(journal_name));
  sync_folder(path());
  implementation_->finished = true;
}

void RunFolder::deliver(const std::string& name, const std::string& destination) {
  publish_file(file(name), destination);
  implementation_->journal.reset();
  for (const auto& published : implementation_->published) fs::remove(file(published));
  fs::remove(file(journal_name));
  std::error_code ignored;  // a folder that holds something of the user's stays
  fs::remove(path(), ignored);
}

std::string identity_differences(const std::string& before, const std::string& now) {
  const auto parsed = [](const std::string& text) {
    Json json = Json::parse(text, nullptr, false);
    return json.is_object() ? json : Json::object();
  };
  return differences(parsed(before), parsed(now));
}

void verify_published(const std::string& folder, const std::string& name) {
  if (!fs::is_directory(folder)) throw InputError(fmt::format("no run folder '{}'", folder));
  const auto provenance = read_provenance(folder);
  if (!provenance && fs::exists(folder + "/" + journal_name))
    throw InputError(fmt::format("the run in '{}' is not complete", folder),
                     "run the same command again: it continues");
  if (!provenance)
    throw InputError(fmt::format("'{}' holds no Theriac run ({} is missing)", folder, provenance_name));
  const auto& files = (*provenance)["files"];
  const std::string path = folder + "/" + name;
  if (!files.contains(name)) throw InputError(fmt::format("the run in '{}' has no {}", folder, name));
  if (!fs::exists(path))
    throw StorageError(fmt::format("'{}' is missing", path), "run the command again with --overwrite");
  if (sha256_of_file(path) != files[name].value("sha256", ""))
    throw StorageError(
        fmt::format("'{}' is damaged or was changed (its checksum differs from {})", path, provenance_name),
        "run the command again with --overwrite, or restore the file");
}

}  // namespace theriac::datasets
