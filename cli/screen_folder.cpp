#include "cli/screen_folder.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>

#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/sha256.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int plan_schema = 1;

std::string plan_path(const std::string& folder) {
  return folder + "/plan.json";
}

struct SizeAndTime {
  std::uint64_t bytes;
  std::int64_t modified;
};

std::optional<SizeAndTime> size_and_time(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {};
  return SizeAndTime{static_cast<std::uint64_t>(status.st_size),
                     std::int64_t{status.st_mtim.tv_sec} * 1000000000 + status.st_mtim.tv_nsec};
}

std::set<std::string> file_names(const std::string& folder) {
  std::set<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    names.insert(entry->path().filename().string());
  return names;
}

PlanFacts require_plan(const std::string& folder) {
  if (!fs::is_directory(folder)) throw InputError(fmt::format("no folder '{}'", folder));
  auto facts = ScreenFolder::read(folder);
  if (!facts && fs::exists(folder + "/records.part"))
    throw InputError(fmt::format("the plan in '{}' is not complete", folder),
                     "run theriac screen plan with the same arguments again: it continues");
  if (!facts)
    throw InputError(fmt::format("'{}' holds no plan (plan.json is missing)", folder),
                     "theriac screen plan LIBRARY --shards N -o DIR makes one");
  if (facts->version != chem::theriac_version())
    throw UsageError(fmt::format("'{}' was planned by theriac {}, this is {}", folder, facts->version,
                                 chem::theriac_version()),
                     "finish it with that version, or plan again into another folder");
  return std::move(*facts);
}

}  // namespace

PlannedFile planned_file(const datasets::InputFile& file) {
  PlannedFile planned{file.path, fs::absolute(file.path).string(), file.sha256, file.bytes, 0};
  if (const auto now = size_and_time(file.path)) planned.modified = now->modified;
  return planned;
}

std::optional<PlanFacts> ScreenFolder::read(const std::string& path) {
  if (!fs::exists(plan_path(path))) return {};
  const Json json = Json::parse(datasets::read_file(plan_path(path)), nullptr, false);
  try {
    if (json.at("theriac_schema") != plan_schema) throw Json::other_error::create(0, "", nullptr);
    PlanFacts facts;
    facts.identity = json.at("identity").dump(-1, ' ', false, Json::error_handler_t::replace);
    facts.version = json.at("identity").at("version");
    facts.seed = json.at("identity").at("seed");
    facts.shards = json.at("shards");
    facts.records = json.at("records");
    facts.estimate = json.value("estimate", Json());
    for (const auto& file : json.at("library"))
      facts.library.push_back({file.at("path"), file.at("absolute_path"), file.at("sha256"), file.at("bytes"),
                               file.at("modified")});
    for (const auto& judge : json.value("judges", Json::array()))
      facts.judges.push_back({judge.at("judge"), judge.at("sha256")});
    return facts;
  } catch (const Json::exception&) {
    throw StorageError(fmt::format("'{}' is damaged or of another version", plan_path(path)),
                       "plan again into another folder");
  }
}

void ScreenFolder::write(const std::string& path, const PlanFacts& facts) {
  Json json;
  json["theriac_schema"] = plan_schema;
  json["records"] = facts.records;
  json["shards"] = facts.shards;
  json["library"] = Json::array();
  for (const auto& file : facts.library)
    json["library"].push_back({{"path", file.path},
                               {"absolute_path", file.absolute_path},
                               {"sha256", file.sha256},
                               {"bytes", file.bytes},
                               {"modified", file.modified}});
  if (!facts.judges.empty()) json["judges"] = Json::array();
  for (const auto& record : facts.judges)
    json["judges"].push_back({{"judge", record.judge}, {"sha256", record.sha256}});
  json["estimate"] = facts.estimate;
  json["identity"] = Json::parse(facts.identity);
  datasets::DurableFile file(plan_path(path));
  file.write(json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n');
  file.publish();
}

ScreenFolder::ScreenFolder(std::string path)
    : path_(std::move(path)), facts_(require_plan(path_)), records_(path_) {
  if (records_.shards() != facts_.shards || records_.count() != facts_.records)
    throw StorageError(fmt::format("plan.json and index.bin in '{}' are of different plans", path_),
                       "plan again into another folder");
}

std::uint64_t ScreenFolder::seed() const {
  std::uint64_t seed = 0;
  std::from_chars(facts_.seed.data(), facts_.seed.data() + facts_.seed.size(), seed);
  return seed;
}

std::string ScreenFolder::shard_stem(int shard) const {
  return fmt::format("{}/shards/shard-{:05}", path_, shard);
}

void ScreenFolder::tidy_all() const {
  std::error_code ignored;
  for (const auto& name : file_names(path_ + "/shards"))
    if (name.rfind("shard-", 0) == 0 && fs::path(name).extension() != ".rows")
      fs::remove(path_ + "/shards/" + name, ignored);
}

std::string ScreenFolder::shard_identity(int shard) const {
  return fmt::format("{{\"screen\":\"{}\",\"shard\":{},\"shards\":{},\"version\":\"{}\"}}",
                     datasets::sha256(facts_.identity), shard, facts_.shards, facts_.version);
}

bool ScreenFolder::finished(int shard) const {
  return fs::exists(rows_path(shard));
}

std::vector<int> ScreenFolder::unfinished() const {
  const auto names = file_names(path_ + "/shards");
  std::vector<int> shards;
  for (int k = 0; k < facts_.shards; ++k)
    if (!names.count(fmt::format("shard-{:05}.rows", k))) shards.push_back(k);
  return shards;
}

std::vector<std::string> ScreenFolder::check_library() const {
  std::vector<std::string> absent;
  for (const auto& file : facts_.library) {
    const auto now = size_and_time(file.absolute_path);
    if (!now) {
      absent.push_back(file.path);
      continue;
    }
    if (now->bytes == file.bytes && now->modified == file.modified) continue;
    const bool same = now->bytes == file.bytes && datasets::sha256_of_file(file.absolute_path) == file.sha256;
    if (same) continue;
    throw InputError(fmt::format("the library '{}' was changed after it was planned ({} bytes then, {} now)",
                                 file.path, file.bytes, now->bytes),
                     "the plan holds the records as they were: --as_planned goes on with them; to screen the "
                     "new ones, plan "
                     "into another folder");
  }
  return absent;
}

ScreenOptions planned_options(const ScreenFolder& folder) {
  ScreenOptions options;
  read_screen_settings(folder.path() + "/screen.toml", options);
  const auto in_folder = [&](std::string& path) {
    if (path.rfind("inputs/", 0) == 0) path = folder.path() + '/' + path;
  };
  in_folder(options.dock.receptor.receptor);
  in_folder(options.dock.box.autobox_ligand);
  in_folder(options.dock.receptor.flex);
  in_folder(options.dock.judges.cnn);
  in_folder(options.dock.judges.pose_scorer);
  in_folder(options.dock.judges.pose_affinity);
  in_folder(options.similarity.known);
  for (auto& model : options.models) in_folder(model);
  return options;
}

}  // namespace theriac::cli
