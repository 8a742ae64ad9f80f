// theriac screen plan: a library of any size cut into shards, with everything that its screen needs.
#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "chem/standardise.hpp"
#include "cli/record_blocks.hpp"
#include "cli/record_sample.hpp"
#include "cli/result_object.hpp"
#include "cli/screen_command.hpp"
#include "cli/screen_estimate.hpp"
#include "cli/screen_folder.hpp"
#include "cli/session.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/sha256.hpp"
#include "datasets/shard_lease.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;

struct PlanOptions {
  ScreenOptions screen;
  int shards = 0;
  int sample = 12;
};

/// What a record's shard is chosen by: its parent molecule, so that salts and other drawings meet; the text
/// of what is no molecule; the number of what cannot be read.
std::uint64_t shard_key(const chem::RawRecord& raw, bool as_drawn) {
  const auto record = chem::parse(raw);
  try {
    if (!record.good()) return chem::stable_hash(fmt::format("record {}", raw.index));
    if (!record.molecule) return chem::stable_hash(raw.text);
    const bool standardise = !as_drawn && record.pdbqt_text.empty();
    return chem::stable_hash(standardise ? chem::standardised(*record.molecule).smiles()
                                         : record.molecule->smiles());
  } catch (const std::exception&) {
    return chem::stable_hash(fmt::format("record {}", raw.index));
  }
}

/// The files of a library as one input; plan.json lists each of them once, elsewhere.
datasets::InputFile whole(const std::vector<datasets::InputFile>& files) {
  datasets::InputFile library{"library", "", "", 0};
  library.path = files.size() == 1 ? files.front().path : fmt::format("{} files", files.size());
  std::string lines;
  for (const auto& file : files) {
    lines += fmt::format("{} {} {}\n", file.sha256, file.bytes, file.path);
    library.bytes += file.bytes;
  }
  library.sha256 = files.size() == 1 ? files.front().sha256 : datasets::sha256(lines);
  return library;
}

class Planning {
 public:
  Planning(const PlanOptions& options, const CLI::App& app, Session& session)
      : options_(options),
        session_(session),
        screen_(options.screen),
        notice_(settle_ranking(screen_.dock)),
        folder_(options.screen.dock.out),
        settings_(screen_settings(app, screen_)),
        sample_(session.seed(), options.sample > 0 ? largest_sample : 0) {}

  int run();

 private:
  void check() const;
  datasets::RunIdentity identity(const std::vector<datasets::InputFile>& library,
                                 const std::vector<JudgeRecord>& judges, const ScreenStages& stages) const;
  bool is_planned(const std::string& identity) const;
  void clear() const;
  void keep_inputs();
  bool cut(const std::string& identity, const LigandInput& input);
  int finish(PlanFacts facts, ScreenStages& stages);
  int report(const PlanFacts& facts, const ScreenEstimate* estimate);

  const PlanOptions& options_;
  Session& session_;
  ScreenOptions screen_;
  std::string notice_;  ///< why poses are not ordered by the learned scorer
  std::string folder_;
  std::vector<EffectiveSetting> settings_;
  RecordSample sample_;  ///< for the estimate
};

void Planning::check() const {
  if (folder_.empty()) throw UsageError("where should the plan go?", "-o DIR makes a folder");
  if (options_.shards < 1)
    throw UsageError("how many shards?", "--shards N; a few hundred molecules to dock in each, or more");
  if (!screen_.dock.ligands.smiles.empty())
    throw UsageError("a screen is planned from files", "theriac dock takes --smiles");
  if (!screen_.dock.seed_poses.empty())
    throw UsageError("a screen takes no seed poses", "theriac dock --seed_poses takes them, for few ligands");
  for (const auto& path : screen_.dock.ligands.inputs)
    if (path == "-")
      throw UsageError("standard input cannot be planned: it cannot be looked at again", "give files");
}

datasets::RunIdentity Planning::identity(const std::vector<datasets::InputFile>& library,
                                         const std::vector<JudgeRecord>& judges,
                                         const ScreenStages& stages) const {
  datasets::RunIdentity identity;
  identity.command = "screen";
  identity.version = chem::theriac_version();
  identity.seed = fmt::format("{}", session_.seed());
  for (const auto& setting : settings_) identity.settings.emplace_back(setting.name, setting.text());
  identity.settings.emplace_back("shards", fmt::format("{}", options_.shards));
  for (const auto& record : judges) identity.settings.emplace_back(record.judge, record.sha256);
  if (stages.site()) identity.inputs = stages.site()->inputs;
  if (const auto& known = screen_.similarity.known; !known.empty())
    identity.inputs.push_back(datasets::describe_input("known ligands", known));
  for (const auto& model : screen_.models)
    if (fs::is_regular_file(model)) identity.inputs.push_back(datasets::describe_input("model", model));
  identity.inputs.push_back(whole(library));
  return identity;
}

/// Throws UsageError when the folder holds another plan or something else.
bool Planning::is_planned(const std::string& identity) const {
  if (const auto before = ScreenFolder::read(folder_)) {
    if (before->identity == identity) return true;
    throw UsageError(
        fmt::format("'{}' holds another plan: library, settings, seed or version differ", folder_),
        "use --overwrite, which also removes its shards, or another -o");
  }
  if (fs::exists(folder_) && !fs::is_empty(folder_) && !fs::exists(folder_ + "/shards"))
    throw UsageError(fmt::format("'{}' is not empty and holds no plan", folder_),
                     "give another folder with -o");
  return false;
}

/// Removes what a plan left behind, and nothing else.
void Planning::clear() const {
  fs::remove(folder_ + "/plan.json");
  for (const char* name : {"records.bin", "records.part", "index.bin", "screen.toml", "job.json"})
    fs::remove(folder_ + '/' + name);
  fs::remove_all(folder_ + "/inputs");
  std::error_code error;
  std::vector<fs::path> old;
  for (fs::directory_iterator entry(folder_ + "/shards", error), end; !error && entry != end;
       entry.increment(error))
    if (entry->path().filename().string().rfind("shard-", 0) == 0) old.push_back(entry->path());
  for (const auto& path : old) fs::remove(path);
}

/// Copies the files that the settings name, so that the folder needs nothing else, and writes the settings.
void Planning::keep_inputs() {
  std::map<std::string, std::string> kept;
  int number = 0;
  for (std::string* path : files_of(screen_)) {
    const std::string name = fmt::format("inputs/{}/{}", number++, fs::path(*path).filename().string());
    fs::create_directories(fs::path(folder_ + '/' + name).parent_path());
    datasets::DurableFile copy(folder_ + '/' + name);
    copy.write(datasets::read_file(*path));
    copy.publish();
    kept[*path] = name;
  }
  auto settings = settings_;
  for (auto& setting : settings)
    if (setting.name == "receptor" || setting.name == "autobox_ligand" || setting.name == "flex" ||
        setting.name == "cnn" || setting.name == "similar_to" || setting.name == "pose_scorer" ||
        setting.name == "pose_affinity" || setting.name == "models")
      for (auto& value : setting.values)
        if (const auto copy = kept.find(value); copy != kept.end()) value = copy->second;
  datasets::DurableFile file(folder_ + "/screen.toml");
  file.write(
      settings_toml("screen plan LIBRARY --shards N --config screen.toml -o ANOTHER_FOLDER (in this folder: "
                    "inputs are named from it)",
                    settings));
  file.publish();
}

/// False when asked to stop before the end.
bool Planning::cut(const std::string& identity, const LigandInput& input) {
  const bool finished = datasets::ShardRecordsWriter::finished(folder_, identity);
  if (finished && options_.sample == 0) return true;
  auto reader = input.open();
  if (finished) {  // stopped at the estimate: its sample is drawn again
    while (const auto raw = reader.next_raw()) {
      if (session_.stop().stop_requested()) return false;
      sample_.offer(*raw);
    }
    return true;
  }
  datasets::ShardRecordsWriter writer(folder_, identity, options_.shards);
  if (writer.records_kept() > 0)
    session_.terminal().note(fmt::format("{} records are planned: continuing", writer.records_kept()));
  for (std::int64_t i = 0; i < writer.records_kept(); ++i)
    if (const auto raw = reader.next_raw()) sample_.offer(*raw);
  auto progress = session_.progress({"plan", "mol", 0, writer.records_kept(), 0, writer.records_kept(), ""});
  const auto next = record_blocks(reader, *progress, session_);
  try {
    for (auto block = next(); !block.empty(); block = next()) {
      std::vector<std::uint64_t> keys(block.size());
      tbb::parallel_for(std::size_t{0}, block.size(),
                        [&](std::size_t i) { keys[i] = shard_key(block[i], screen_.dock.as_drawn); });
      for (std::size_t i = 0; i < block.size(); ++i) {
        sample_.offer(block[i]);
        writer.add(block[i], keys[i]);
      }
    }
  } catch (const StoppedEarly&) {
    writer.flush();
    return false;
  }
  progress->finish();
  writer.finish();
  return true;
}

int Planning::report(const PlanFacts& facts, const ScreenEstimate* estimate) {
  session_.terminal().note(
      fmt::format("planned   {} records in {} shards in {}", facts.records, facts.shards, folder_));
  if (estimate) {
    const std::string text = estimate->text(session_.threads());
    for (std::size_t at = 0; at < text.size();) {
      const auto end = text.find('\n', at);
      session_.terminal().note(text.substr(at, end - at));
      at = end + 1;
    }
  }
  session_.terminal().note(
      fmt::format("next      theriac screen run {0}   or   theriac screen submit {0}", folder_));
  return print_result(session_, "screen plan",
                      {{"folder", folder_},
                       {"records", facts.records},
                       {"shards", facts.shards},
                       {"estimate", facts.estimate}},
                      exit_done);
}

int Planning::finish(PlanFacts facts, ScreenStages& stages) {
  const datasets::ShardRecords records(folder_);
  facts.records = records.count();
  std::optional<ScreenEstimate> estimate;
  if (options_.sample > 0) {
    estimate = estimated(records, sample_.drawn(), stages, options_.sample, session_.stop());
    estimate->planned_bytes =
        static_cast<double>(fs::file_size(folder_ + "/records.bin") + fs::file_size(folder_ + "/index.bin"));
    facts.estimate = estimate->json();
  }
  for (const auto& file : facts.library) {
    const auto now = planned_file({"ligand", file.path, file.sha256, file.bytes});
    if (now.modified != file.modified || fs::file_size(file.path) != file.bytes)
      throw InputError(fmt::format("the library '{}' was changed while it was planned", file.path),
                       "plan it again with --overwrite when nothing writes to it");
  }
  ScreenFolder::write(folder_, facts);
  return report(facts, estimate ? &*estimate : nullptr);
}

int Planning::run() {
  check();
  const LigandInput input(screen_.dock.ligands);
  ScreenStages stages(screen_, session_.seed());
  for (const auto& setting : settings_)
    if (session_.options.dry_run) std::printf("%-18s %s\n", setting.name.c_str(), setting.text().c_str());
  session_.terminal().note(fmt::format("screen    {} through {}", input.label(), stages.tiers().text()));
  if (const auto* similarity = stages.similarity())
    session_.terminal().note(fmt::format("similar   to {} known ligands of {} ({} could not be read)",
                                         similarity->known(), screen_.similarity.known,
                                         similarity->unreadable()));
  stages.say_what_docks(session_.terminal());
  if (stages.tiers().dock && !notice_.empty()) session_.terminal().warn("judge", notice_);
  if (session_.options.dry_run) return exit_done;
  if (session_.options.overwrite) clear();
  PlanFacts facts;
  facts.shards = options_.shards;
  std::vector<datasets::InputFile> described;
  for (const auto& file : input.files()) {
    const auto before = planned_file({"ligand", file, "", 0});
    described.push_back(datasets::describe_input("ligand", file));
    facts.library.push_back(planned_file(described.back()));
    facts.library.back().modified = before.modified;
  }
  facts.judges = stages.judges();
  const auto planned = identity(described, facts.judges, stages);
  facts.identity = planned.json();
  facts.version = planned.version;
  facts.seed = planned.seed;
  if (is_planned(facts.identity)) {
    session_.terminal().note(
        fmt::format("'{}' is planned, from the same library with the same settings", folder_));
    return report(*ScreenFolder::read(folder_), nullptr);
  }
  std::error_code error;
  fs::create_directories(folder_ + "/shards", error);
  if (error) datasets::throw_storage_error("make the folder", folder_, error.value());
  datasets::LeaseHolder holder;
  auto lease = datasets::ShardLease::take(folder_ + "/shards/plan", {60, session_.stop(), {}}, &holder);
  if (!lease)
    throw StorageError(fmt::format("'{}' is being planned by {}", folder_, holder.text()), "wait for it");
  keep_inputs();
  if (!cut(facts.identity, input)) {
    session_.terminal().note(fmt::format("stopped; what was planned is safe in {}", folder_));
    return session_.exit_code({});
  }
  const int code = finish(std::move(facts), stages);
  lease->remove();
  return code;
}

}  // namespace

Command screen_plan_command() {
  Command command;
  command.name = "screen plan";
  command.summary =
      "cut a library into shards, with settings, receptor and models, and estimate time and disk";
  command.examples = {
      "theriac screen plan library.smi.gz --shards 64 -r 1iep.pdb --autobox_ligand STI -o abl1",
      "theriac screen plan part-*.sdf.gz --shards 400 --filter \"mw<500 and rotb<9\" --columns herg,qed "
      "--require \"herg<0.5\" -c dock.toml -o abl1",
      "theriac screen plan library.smi --shards 8 --columns herg,ames,solubility_aqsoldb -o profile"};
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto o = std::make_shared<PlanOptions>();
    app.add_option("library", o->screen.dock.ligands.inputs, "molecule files, folders or globs, of any size")
        ->type_name("LIBRARY...");
    app.add_option("--shards", o->shards, "parts of the library; each is run as one task")
        ->check(CLI::Range(1, 1000000))
        ->type_name("N");
    app.add_option("--sample", o->sample,
                   "molecules docked for the estimate of time and disk; 0: no estimate")
        ->check(CLI::Range(0, 1000))
        ->type_name("N")
        ->capture_default_str();
    declare_screen_options(app, o->screen);
    app.get_option("--out")->description("folder of the plan: shards, and later their rows, go there");
    app.get_option("--ligand")->description("the same as LIBRARY");
    for (const char* refused : {"--seed_poses", "--smiles"})
      app.get_option(refused)->group("");  // not in the help
    add_run_options(app, session);
    add_output_options(app, session);
    return [o, &app, &session] { return Planning(*o, app, session).run(); };
  };
  return command;
}

}  // namespace theriac::cli
