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
#include "datasets/journal.hpp"
#include "datasets/shard_files.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t shards_printed = 20;

struct ShardState {
  int shard;
  std::string state;  ///< running, held (elsewhere), stopped, waiting
  std::int64_t done, records;
  std::string holder;
};

/// Of a shard that is not finished.
ShardState state_of(const ScreenFolder& folder, int shard) {
  ShardState state{shard, "waiting", 0, folder.records().count(shard), ""};
  const auto journals = datasets::shard_journals(folder.shard_stem(shard));
  if (!journals.empty()) {
    state.state = "stopped";
    state.done = static_cast<std::int64_t>(datasets::JournalFile::count_records(journals.back()));
  }
  const auto holder = datasets::lease_holder(folder.shard_stem(shard));
  if (!holder || holder->released) return state;
  const auto here = datasets::runs_here(*holder);
  if (here && !*here) return state;
  state.state = here ? "running" : "held";
  state.holder = holder->text();
  return state;
}

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

void print(const ScreenFolder& folder, const std::vector<ShardState>& open, std::int64_t done) {
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
    rows.push_back({fmt::format("{}", open[i].shard), open[i].state,
                    fmt::format("{}/{}", open[i].done, open[i].records), open[i].holder});
  std::fputs(text_table({{"shard", true}, {"state"}, {"records", true}, {"held by"}}, rows).c_str(), stdout);
  if (open.size() > shards_printed)
    std::printf("      ... %zu more: --json lists all\n", open.size() - shards_printed);
}

int status(const std::string& path, Session& session) {
  const ScreenFolder folder(path);
  std::vector<ShardState> open;
  std::int64_t done = folder.facts().records;
  for (const int shard : folder.unfinished()) {
    open.push_back(state_of(folder, shard));
    done -= open.back().records - open.back().done;
  }
  if (!session.options.json) print(folder, open, done);
  nlohmann::ordered_json shards = nlohmann::ordered_json::array();
  for (const auto& each : open)
    shards.push_back({{"shard", each.shard},
                      {"state", each.state},
                      {"done", each.done},
                      {"records", each.records},
                      {"holder", each.holder}});
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
