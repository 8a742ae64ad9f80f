// theriac screen status: how far a planned screen is, from the files of its folder.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/result_object.hpp"
#include "cli/screen_command.hpp"
#include "cli/screen_folder.hpp"
#include "cli/session.hpp"
#include "cli/text_table.hpp"
#include "datasets/shard_files.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t shards_printed = 20;

/// Of a shard that is not finished.
struct OpenShard {
  int shard;
  datasets::ShardStanding standing;
  std::int64_t records;
};

std::uintmax_t bytes_in(const std::string& folder) {
  std::uintmax_t bytes = 0;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code gone;
    const auto size = fs::file_size(entry->path(), gone);
    if (!gone) bytes += size;
  }
  return bytes;
}

void print(const ScreenFolder& folder, const std::vector<OpenShard>& open, std::int64_t done) {
  const auto& facts = folder.facts();
  std::printf("shards     %d of %d finished\n", facts.shards - static_cast<int>(open.size()), facts.shards);
  std::printf(
      "records    %lld of %lld done (%.1f %%)\n", static_cast<long long>(done),
      static_cast<long long>(facts.records),
      facts.records > 0 ? 100.0 * static_cast<double>(done) / static_cast<double>(facts.records) : 100.0);
  std::printf("disk       %.3g MB in shards\n",
              static_cast<double>(bytes_in(folder.path() + "/shards")) / 1e6);
  if (open.empty()) return;
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < open.size() && i < shards_printed; ++i)
    rows.push_back({fmt::format("{}", open[i].shard), datasets::name(open[i].standing.state),
                    fmt::format("{}/{}", open[i].standing.done, open[i].records), open[i].standing.holder});
  std::fputs(text_table({{"shard", true}, {"state"}, {"records", true}, {"held by"}}, rows).c_str(), stdout);
  if (open.size() > shards_printed)
    std::printf("      ... %zu more: --json lists all\n", open.size() - shards_printed);
}

int status(const std::string& path, Session& session) {
  const ScreenFolder folder(path);
  std::vector<OpenShard> open;
  std::int64_t done = folder.facts().records;
  const auto unfinished = folder.unfinished();
  const auto standings = datasets::shard_standings(folder.path() + "/shards");
  for (const int shard : unfinished) {
    const auto begun = standings.find(fs::path(folder.shard_stem(shard)).filename().string());
    const auto standing = begun == standings.end() ? datasets::ShardStanding() : begun->second;
    if (standing.state == datasets::ShardState::finished) continue;  // since the first look
    open.push_back({shard, standing, folder.records().count(shard)});
    done -= open.back().records - static_cast<std::int64_t>(open.back().standing.done);
  }
  if (!session.options.json) print(folder, open, done);
  nlohmann::ordered_json shards = nlohmann::ordered_json::array();
  for (const auto& each : open)
    shards.push_back({{"shard", each.shard},
                      {"state", datasets::name(each.standing.state)},
                      {"done", each.standing.done},
                      {"records", each.records},
                      {"holder", each.standing.holder}});
  return print_result(session, "screen status",
                      {{"folder", path},
                       {"shards", folder.facts().shards},
                       {"finished", folder.facts().shards - static_cast<int>(open.size())},
                       {"records", folder.facts().records},
                       {"done", done},
                       {"estimate", folder.facts().estimate},
                       {"unfinished", shards}},
                      open.empty() ? exit_done : exit_stopped);
}

}  // namespace

Command screen_status_command() {
  Command command;
  command.name = "screen status";
  command.summary = "how far a screen is; exit code 0 when all shards are finished, else 75";
  command.examples = {"theriac screen status abl1", "theriac screen status abl1 --json"};
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto folder = std::make_shared<std::string>();
    app.add_option("folder", *folder, "made by theriac screen plan")->required()->type_name("DIR");
    add_output_options(app, session);
    return [folder, &session] { return status(*folder, session); };
  };
  return command;
}

}  // namespace theriac::cli
