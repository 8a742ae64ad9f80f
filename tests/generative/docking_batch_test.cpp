// Docking of a campaign that other processes do: batches, tasks, and what becomes of their rows.
#include "generative/docking_batch.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "chem/error.hpp"
#include "datasets/durable_file.hpp"
#include "generative/campaign_results.hpp"
#include "generative/docking_task.hpp"
#include "tests/datasets/temporary_folder.hpp"
#include "tests/generative/campaign_fixtures.hpp"

using Catch::Matchers::Contains;
using namespace theriac;
using namespace theriac::generative;
using datasets::ShardOutcome;

namespace {

BatchFacts facts(const std::string& campaign = "c1") {
  BatchFacts out;
  out.campaign = campaign;
  out.docking = "{}";
  out.round = 3;
  out.tasks = 2;
  int index = 0;
  for (const auto& molecule : start()) out.requests.push_back({{3, index++}, molecule.smiles()});
  out.requests.push_back({{3, index}, "C1CC"});  // fails
  return out;
}

DockingTier tier() {
  return {targets(), 7.4, 1};
}

std::string rows_of(const DockingBatch& batch, int task) {
  return datasets::read_file(batch.task_stem(task) + ".rows");
}

void damage(const std::string& path, std::size_t at) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(at));
  const char was = static_cast<char>(file.get());
  file.seekp(static_cast<std::streamoff>(at));
  file.put(static_cast<char>(was ^ 0x20));
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

/// Docks every task in this process, `patience` molecules at a time, as if killed after each.
class DockedInPieces : public DockingElsewhere {
 public:
  DockedInPieces(std::string folder, int tasks, int patience)
      : folder_(std::move(folder)), tasks_(tasks), patience_(patience) {}
  void dock(int round, bool final_tier, const std::vector<DockingRequest>& requests,
            const std::function<void(std::vector<DockedCandidate>)>& take) override {
    const std::string folder = folder_ + (final_tier ? "/final" : "/" + std::to_string(round));
    if (!DockingBatch::exists(folder)) {
      BatchFacts facts;
      facts.round = round;
      facts.final_tier = final_tier;
      facts.tasks = tasks_;
      facts.requests = requests;
      DockingBatch::write(folder, facts);
    }
    const DockingBatch batch(folder);
    const DockingTier docking = tier();
    for (int task = 0; task < tasks_; ++task) {
      std::atomic<bool> flag{false};
      DockingTaskOptions options;
      options.stop = chem::StopToken(&flag);
      int seen = 0;
      options.observe = [&](std::int64_t, std::int64_t, std::int64_t) { flag = ++seen >= patience_; };
      if (run_docking_task(batch, task, docking, options).outcome == ShardOutcome::stopped) return;
      take(batch.rows(task));
    }
  }
  void taken(int, bool) override { ++taken_; }
  int taken_ = 0;

 private:
  std::string folder_;
  int tasks_, patience_;
};

}  // namespace

TEST_CASE("a batch is read back as it was written and cut into tasks") {
  const TemporaryFolder folder;
  CHECK_FALSE(DockingBatch::exists(folder / "b"));
  CHECK_THROWS_AS(DockingBatch(folder / "b"), InputError);
  DockingBatch::write(folder / "b", facts());
  const DockingBatch batch(folder / "b/");
  CHECK(batch.facts().campaign == "c1");
  CHECK(batch.facts().docking == "{}");
  CHECK(batch.text() == "round 3");
  REQUIRE(batch.facts().requests.size() == 8);
  REQUIRE(batch.requests(0).size() == 4);
  CHECK(batch.requests(1)[1].id == CandidateId{3, 3});
  CHECK(batch.requests(1)[1].smiles == facts().requests[3].smiles);
  CHECK(batch.unfinished() == std::vector<int>{0, 1});
  CHECK(batch.task_identity(0) != batch.task_identity(1));
  const auto bytes = datasets::read_file(folder / "b/batch");
  for (const std::size_t at : {std::size_t{3}, bytes.size() / 2, bytes.size() - 2}) {
    damage(folder / "b/batch", at);
    CHECK_THROWS_WITH(DockingBatch(folder / "b"), Contains("b/batch' is damaged"));
    damage(folder / "b/batch", at);
  }
  CHECK_NOTHROW(DockingBatch(folder / "b"));
}

TEST_CASE("a task that was stopped again and again gives the rows of a calm one") {
  const TemporaryFolder folder;
  DockingBatch::write(folder / "calm", facts());
  DockingBatch::write(folder / "shaken", facts());
  const DockingBatch calm(folder / "calm"), shaken(folder / "shaken");
  const DockingTier docking = tier();
  const auto report = run_docking_task(calm, 1, docking, {});
  CHECK(report.outcome == ShardOutcome::finished);
  CHECK(report.molecules == 4);
  CHECK(report.failed == 1);
  CHECK(calm.unfinished() == std::vector<int>{0});
  CHECK(run_docking_task(calm, 1, docking, {}).outcome == ShardOutcome::complete);
  CHECK(names_in(folder / "calm") == std::vector<std::string>{"batch", "task-00001.rows"});

  int stops = 0;
  for (;; ++stops) {
    REQUIRE(stops < 10);
    std::atomic<bool> flag{false};
    DockingTaskOptions options;
    options.stop = chem::StopToken(&flag);
    options.observe = [&](std::int64_t, std::int64_t, std::int64_t) { flag = true; };
    if (run_docking_task(shaken, 1, docking, options).outcome == ShardOutcome::finished) break;
    const auto journals = datasets::shard_journals(shaken.task_stem(1));
    REQUIRE(journals.size() == 1);
    std::ofstream(journals.front(), std::ios::app) << "torn";  // a block that a kill cut off
  }
  CHECK(stops >= 1);
  CHECK(rows_of(calm, 1) == rows_of(shaken, 1));
  const auto rows = calm.rows(1);
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].affinities.size() == 1);
  CHECK_FALSE(rows[0].pose.empty());
  CHECK_FALSE(rows[3].message.empty());
}

TEST_CASE("a task that another process holds is refused") {
  const TemporaryFolder folder;
  DockingBatch::write(folder / "b", facts());
  const DockingBatch batch(folder / "b");
  datasets::LeaseHolder holder;
  auto lease = datasets::ShardLease::take(batch.task_stem(0), {}, &holder);
  REQUIRE(lease);
  const auto report = run_docking_task(batch, 0, tier(), {});
  CHECK(report.outcome == ShardOutcome::busy);
  CHECK_THAT(report.holder, Contains("process "));
  CHECK(batch.unfinished().size() == 2);
}

TEST_CASE("rows that are damaged or of another batch are not taken") {
  const TemporaryFolder folder;
  DockingBatch::write(folder / "b", facts());
  DockingBatch::write(folder / "other", facts("c2"));
  const DockingBatch batch(folder / "b"), other(folder / "other");
  const DockingTier docking = tier();
  run_docking_task(batch, 0, docking, {});
  run_docking_task(batch, 1, docking, {});
  const std::string good = rows_of(batch, 0);
  const auto expect = [&](const std::string& why) {
    try {
      batch.rows(0);
      FAIL("taken");
    } catch (const StorageError& e) {
      CHECK_THAT(e.what(), Contains("the result of task 0 of round 3 cannot be used") && Contains(why));
      CHECK_THAT(e.hint(), Contains("--task 0 --overwrite makes it anew"));
    }
  };
  damage(batch.task_stem(0) + ".rows", good.size() / 2);
  expect("task-00000.rows");
  std::ofstream(batch.task_stem(0) + ".rows", std::ios::binary) << good.substr(0, good.size() - 9);
  expect("task-00000.rows");
  std::filesystem::remove(batch.task_stem(0) + ".rows");
  std::filesystem::copy(batch.task_stem(1) + ".rows", batch.task_stem(0) + ".rows");
  expect("of another task or campaign");
  DockingTaskOptions again;
  again.overwrite = true;
  CHECK(run_docking_task(batch, 0, docking, again).outcome == ShardOutcome::finished);
  CHECK(rows_of(batch, 0) == good);
  std::filesystem::copy(batch.task_stem(1) + ".rows", other.task_stem(1) + ".rows");
  CHECK_THROWS_WITH(other.rows(1), Contains("of another task or campaign"));
}

TEST_CASE("a campaign whose molecules are docked elsewhere ends in the same bytes") {
  auto s = staged_settings();
  const Folder here("here"), there("there");
  const TemporaryFolder tasks;
  {
    datasets::RunFolder run(here.path, identity());
    Campaign c = campaign(s);
    publish_campaign(run, c, c.run(run.journal()));
    run.finish({});
  }
  int waited = 0, taken = 0;
  for (bool done = false; !done;) {
    REQUIRE(waited < 200);
    datasets::RunFolder run(there.path, identity());
    Campaign c = campaign(s);
    const auto place = std::make_shared<DockedInPieces>(tasks.path(), 2, 1);
    if (waited != 1) c.dock_elsewhere(place);  // once it goes on by itself, for a while
    std::atomic<bool> flag{false};
    int seen = 0;
    const auto result = c.run(run.journal(), chem::StopToken(&flag), [&](const CampaignProgress&) {
      if (waited == 1) flag = ++seen > 6;
    });
    taken += place->taken_;
    if (waited != 1) CHECK(result.waiting == result.stopped);
    waited += result.stopped;
    done = !result.stopped;
    if (!done) continue;
    publish_campaign(run, c, result);
    run.finish({});
  }
  CHECK(waited > 4);
  CHECK(taken > 2);
  for (const char* file : {"results.csv", "rounds.csv", "failures.csv", "results.h5", "poses.sdf.gz"}) {
    INFO(file);
    CHECK(here.text(file) == there.text(file));
  }
}
