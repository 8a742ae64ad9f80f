#include "datasets/shard_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>

#include "datasets/durable_file.hpp"

namespace theriac::datasets {
namespace {

namespace fs = std::filesystem;

/// Paths of the files STEM.*
std::vector<std::string> files_of(const std::string& stem) {
  const fs::path path(stem);
  const std::string start = path.filename().string() + '.';
  std::vector<std::string> found;
  std::error_code error;
  for (fs::directory_iterator entry(path.parent_path(), error), end; !error && entry != end;
       entry.increment(error))
    if (entry->path().filename().string().rfind(start, 0) == 0)
      found.push_back((path.parent_path() / entry->path().filename()).string());
  return found;
}

/// N of "BEFORE" + N; nothing for another path.
std::optional<std::uint64_t> number_behind(const std::string& before, const std::string& path) {
  if (path.rfind(before, 0) != 0) return {};
  std::uint64_t number = 0;
  const auto [last, bad] = std::from_chars(path.data() + before.size(), path.data() + path.size(), number);
  if (bad != std::errc() || last != path.data() + path.size()) return {};
  return number;
}

/// Those of `files` that are journals of the shard, the largest last.
std::vector<std::string> journals_among(const std::string& stem, const std::vector<std::string>& files) {
  std::vector<std::pair<std::uintmax_t, std::string>> found;
  for (const auto& path : files) {
    if (!number_behind(stem + ".journal-", path)) continue;
    std::error_code gone;
    const auto size = fs::file_size(path, gone);
    if (!gone) found.emplace_back(size, path);
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> paths;
  for (auto& each : found) paths.push_back(std::move(each.second));
  return paths;
}

/// `files` are those of the shard.
ShardStanding standing_of(const std::string& stem, const std::vector<std::string>& files) {
  ShardStanding out;
  if (std::find(files.begin(), files.end(), stem + ".rows") != files.end()) {
    out.state = ShardState::finished;
    return out;
  }
  const auto journals = journals_among(stem, files);
  if (!journals.empty()) {
    out.state = ShardState::stopped;
    out.done = JournalFile::count_records(journals.back());
  }
  std::vector<std::uint64_t> leases;
  for (const auto& path : files)
    if (const auto number = number_behind(stem + ".lease-", path)) leases.push_back(*number);
  std::sort(leases.begin(), leases.end());
  const auto holder = lease_holder(stem, leases);
  if (!holder || holder->released) return out;
  const auto here = runs_here(*holder);
  if (here && !*here) return out;
  out.state = here ? ShardState::running : ShardState::held;
  out.holder = holder->text();
  return out;
}

void remove_files(const std::vector<std::string>& paths) {
  std::error_code ignored;
  for (const auto& path : paths) fs::remove(path, ignored);
}

}  // namespace

const char* name(ShardState state) {
  switch (state) {
    case ShardState::finished:
      return "finished";
    case ShardState::running:
      return "running";
    case ShardState::held:
      return "held";
    case ShardState::stopped:
      return "stopped";
    case ShardState::waiting:
      return "waiting";
  }
  return "";
}

ShardStanding shard_standing(const std::string& stem) {
  return standing_of(stem, files_of(stem));
}

std::map<std::string, ShardStanding> shard_standings(const std::string& folder) {
  std::map<std::string, std::vector<std::string>> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    const auto dot = name.find('.');
    if (dot != std::string::npos) files[name.substr(0, dot)].push_back(folder + '/' + name);
  }
  std::map<std::string, ShardStanding> out;
  for (const auto& [stem, paths] : files) out.emplace(stem, standing_of(folder + '/' + stem, paths));
  return out;
}

std::string shard_journal_path(const std::string& stem, std::uint64_t lease) {
  return fmt::format("{}.journal-{}", stem, lease);
}

std::vector<std::string> shard_journals(const std::string& stem) {
  return journals_among(stem, files_of(stem));
}

Journal leased_journal(const std::string& stem, const std::string& identity, const ShardLease& lease) {
  const std::string path = shard_journal_path(stem, lease.number());
  const auto earlier = shard_journals(stem);
  if (!earlier.empty() && earlier.back() != path) {
    if (lease.predecessor() == ShardLease::Predecessor::silent) {
      DurableFile copy(path);
      copy.write(read_file(earlier.back()));
      copy.publish();
    } else {
      fs::rename(earlier.back(), path);
    }
  }
  Journal journal(path, identity);
  for (const auto& other : earlier)
    if (other != path) remove_files({other});
  return journal;
}

void publish_shard_rows(const std::string& stem, const std::string& identity, const ShardLease& lease,
                        const std::function<void(Journal&)>& write) {
  const std::string temporary = fmt::format("{}.rows.{}.tmp", stem, lease.number());
  remove_files({temporary});
  try {
    Journal finished(temporary, identity, Durability::on_publish);
    write(finished);
  } catch (...) {
    remove_files({temporary});
    throw;
  }
  publish_file(temporary, stem + ".rows");
}

void tidy_shard(const std::string& stem) {
  for (const auto& path : files_of(stem))
    if (path != stem + ".rows") remove_files({path});
}

void forget_shard(const std::string& stem) {
  remove_files(shard_journals(stem));
  remove_files({stem + ".rows"});
}

}  // namespace theriac::datasets
