#include "cli/train_properties_network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "chem/record_reader.hpp"
#include "cli/network_predictions.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/model_file.hpp"
#include "datasets/network_library.hpp"
#include "datasets/provenance.hpp"
#include "datasets/results_table.hpp"
#include "scoring/descriptor_examples.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;
using datasets::ColumnType;
using datasets::real_column;
using datasets::text_column;
using scoring::MessageEngine;
using scoring::MessageNetwork;
using scoring::PropertyLearningSet;

// The same molecules are held out whatever the seed, so that predictions of several networks can be averaged.
constexpr std::uint64_t hold_out_seed = 1;

/// SMILES of at most `most` records of a file, drawn at random.
std::vector<std::string> drawn_smiles(const std::string& file, std::int64_t most, std::uint64_t seed) {
  chem::RecordReader reader({file});
  std::vector<std::string> all;
  while (auto record = reader.next_raw()) {
    if (!chem::is_smiles_text(record->format))
      throw InputError(fmt::format("'{}' holds no SMILES", file), "give a .smi or .csv file");
    if (record->message.empty()) all.push_back(std::move(record->text));
  }
  chem::CounterRandom random(seed, "corpus", "molecules");
  const auto wanted = std::min(all.size(), static_cast<std::size_t>(most));
  for (std::size_t i = 0; i < wanted; ++i)
    std::swap(all[i], all[i + random.below(static_cast<std::uint32_t>(all.size() - i))]);
  all.resize(wanted);
  return all;
}

void write_curve(const std::string& path, const std::vector<scoring::MessageTrainingPoint>& curve) {
  datasets::CsvTable table(path, {{"step", ColumnType::int64, "", "", -1, {}},
                                  real_column("epoch", {}, {}, 4),
                                  real_column("rate", {}, {}, 8),
                                  real_column("loss", {}, {}, 6),
                                  real_column("seconds", "s", {}, 1),
                                  real_column("molecules_per_second", "1/s", {}, 1)});
  for (const auto& p : curve)
    table.append({p.step, p.epoch, p.rate, p.loss, p.seconds, p.molecules_per_second});
  table.publish();
}

class NetworkTraining {
 public:
  NetworkTraining(std::string folder, std::string out, const NetworkTrainingOptions& options,
                  Session& session)
      : folder_(std::move(folder)), out_(std::move(out)), options_(options), session_(session) {}

  int run() {
    if (!options_.init.empty() && !options_.corpus.empty())
      throw UsageError("--init and --corpus are two beginnings", "give one of them");
    if (!options_.init.empty()) MessageNetwork::load(options_.init);  // before anything is computed
    say("reading", folder_);
    set_ = scoring::read_property_learning_set(folder_);
    describe();
    if (session_.options.dry_run) {
      say("plan", fmt::format("weights, predictions and figures would go to {}", out_));
      return ended();
    }
    std::error_code failure;
    fs::create_directories(out_, failure);
    if (failure) throw StorageError(fmt::format("cannot make the folder '{}': {}", out_, failure.message()));
    if ((options_.corpus.empty() || learn_descriptors()) &&
        (options_.hold_out == 0 || learn_without_hold_out()) && learn_all())
      return told(true);
    say("stopped", "the same command again goes on from here");
    return told(false);
  }

 private:
  std::string in_out(const std::string& name) const { return (fs::path(out_) / name).string(); }

  void say(const char* what, const std::string& text) {
    session_.terminal().note(fmt::format("{:9} {}", what, text));
  }

  int ended() { return session_.exit_code({static_cast<std::int64_t>(set_.rows.size()), set_.unreadable}); }

  int told(bool finished) {
    return print_result(session_, "train",
                        {{"task", "properties-network"},
                         {"tasks", set_.tasks.size()},
                         {"molecules", set_.molecules.size()},
                         {"failed", set_.unreadable},
                         {"finished", finished},
                         {"out", out_}},
                        ended());
  }

  void describe() {
    std::int64_t test = 0;
    for (const auto& row : set_.rows) test += row.test;
    say("data", fmt::format("{} tasks, {} molecules, {} values; {} more are test rows", set_.tasks.size(),
                            set_.molecules.size(), static_cast<std::int64_t>(set_.rows.size()) - test, test));
    say("data",
        fmt::format("{} values left out because their molecule is a test molecule; {} rows unreadable",
                    set_.leaked, set_.unreadable));
    for (const auto& file : set_.missing_files) session_.terminal().warn("missing tables", "no " + file);
  }

  std::unique_ptr<MessageEngine> new_engine(int outputs) const {
    auto shape = options_.shape;
    shape.outputs = outputs;
    return datasets::network_maker<scoring::MessageEngineMaker>().make(shape, session_.seed(),
                                                                       options_.device);
  }

  /// The network of a stage, or nothing when it was stopped.
  std::optional<MessageNetwork> trained(const std::string& stage, MessageEngine& engine,
                                        const scoring::MessageExamples& examples,
                                        const std::vector<scoring::MessageTask>& tasks,
                                        const std::vector<scoring::TaskLoss>& losses,
                                        scoring::MessageTrainingOptions training) {
    training.seed = session_.seed();
    const auto result = engine.train(
        examples, losses, training, in_out(stage + "-checkpoint.safetensors"), session_.stop(),
        [&](const scoring::MessageTrainingPoint& p) {
          say(stage.c_str(), fmt::format("step {:6} of {}  epoch {:5.2f}  loss {:.4f}  {:.0f} molecules/s",
                                         p.step, p.steps, p.epoch, p.loss, p.molecules_per_second));
        });
    write_curve(in_out(stage + "-curve.csv"), result.curve);
    if (result.stopped) return std::nullopt;
    seconds_ = result.seconds;
    say(stage.c_str(),
        fmt::format("{} molecules in {:.1f} min", examples.graphs.size(), result.seconds / 60));
    return MessageNetwork(engine.shape(), tasks, engine.weights());
  }

  /// The result of a stage that was done before, if it is there and was made with these settings.
  std::optional<MessageNetwork> done_before(const std::string& file) {
    if (!fs::exists(file)) return std::nullopt;
    const auto found = datasets::ModelFile::read(file).metadata("settings");
    if (found != settings())
      throw UsageError(fmt::format("'{}' was made with {}, now it is {}", file, found, settings()),
                       "give the same settings, or another output folder");
    say("reading", file + ", learned before");
    return MessageNetwork::load(file);
  }

  /// What all stages of a folder have in common.
  std::string settings() const {
    return fmt::format("seed {}, width {}, depth {}, {} '{}'", session_.seed(), options_.shape.hidden,
                       options_.shape.depth, options_.init.empty() ? "corpus" : "begun from",
                       fs::path(options_.init.empty() ? options_.corpus : options_.init).filename().string());
  }

  bool learn_descriptors() {
    const std::string file = in_out("descriptors.safetensors");
    if (done_before(file)) return true;
    say("reading", options_.corpus);
    const auto lesson =
        scoring::descriptor_examples(drawn_smiles(options_.corpus, options_.molecules, session_.seed()));
    say("data", fmt::format("{} molecules with {} descriptors; {} unreadable", lesson.examples.graphs.size(),
                            lesson.tasks.size(), lesson.unreadable));
    auto engine = new_engine(static_cast<int>(lesson.tasks.size()));
    scoring::MessageTrainingOptions training;
    training.epochs = options_.corpus_epochs;
    training.batch = 128;
    training.rate = 2e-3;
    training.averaging = 0.99;
    const auto network =
        trained("descriptors", *engine, lesson.examples, lesson.tasks, lesson.losses, training);
    if (!network) return false;
    network->save(file, {{"training_data", fs::path(options_.corpus).filename().string()},
                         {"training_molecules", std::to_string(lesson.examples.graphs.size())},
                         {"epochs", std::to_string(options_.corpus_epochs)},
                         {"settings", settings()}});
    return true;
  }

  /// The weights of the descriptor network that do not depend on what is predicted.
  void begin_from_descriptors(MessageEngine& engine) const {
    if (options_.corpus.empty() && options_.init.empty()) return;
    auto weights =
        MessageNetwork::load(options_.init.empty() ? in_out("descriptors.safetensors") : options_.init)
            .weights();
    weights.erase(std::remove_if(weights.begin(), weights.end(),
                                 [](const auto& t) { return t.name.rfind("output.", 0) == 0; }),
                  weights.end());
    engine.set_weights(weights);
  }

  std::optional<MessageNetwork> learned(const std::string& stage, const std::vector<bool>& left_out) {
    const std::string file = in_out(stage + ".safetensors");
    if (auto before = done_before(file)) return before;
    const auto lesson = scoring::property_examples(set_, left_out);
    auto engine = new_engine(static_cast<int>(lesson.tasks.size()));
    begin_from_descriptors(*engine);
    scoring::MessageTrainingOptions training;
    training.epochs = options_.epochs;
    training.dropout = 0.15;
    training.weight_decay = 0.01;
    training.averaging = 0.999;
    auto network = trained(stage, *engine, lesson.examples, lesson.tasks, lesson.losses, training);
    if (network) network->save(file, facts(lesson.examples.graphs.size()));
    return network;
  }

  bool learn_without_hold_out() {
    const auto left_out = scoring::scaffold_hold_out(set_, options_.hold_out, hold_out_seed);
    const auto network = learned("hold-out", left_out);
    if (!network) return false;
    const auto found = network_predictions(*network, set_, [&](const scoring::PropertyRow& row) {
      return !row.test && left_out[static_cast<std::size_t>(row.molecule)];
    });
    write_predictions(in_out("hold-out.csv"), found, set_);
    hold_out_ = task_figures(found, set_);
    say("hold-out", fmt::format("{} values of {} molecules", found.rows.size(),
                                std::count(left_out.begin(), left_out.end(), true)));
    return true;
  }

  bool learn_all() {
    const auto network = learned("properties-network", std::vector<bool>(set_.molecules.size(), false));
    if (!network) return false;
    const auto found =
        network_predictions(*network, set_, [](const scoring::PropertyRow& row) { return row.test; });
    write_predictions(in_out("test.csv"), found, set_);
    write_figures(*network, task_figures(found, set_));
    return true;
  }

  void write_figures(const MessageNetwork& network, const std::vector<TaskFigure>& test) {
    datasets::CsvTable table(
        in_out("figures.csv"),
        {text_column("task"), text_column("metric"), real_column("learned_values", {}, {}, 0),
         real_column("hold_out", {}, {}, 4), real_column("hold_out_rows", {}, {}, 0),
         real_column("test", {}, {}, 4), real_column("test_rows", {}, {}, 0)});
    const auto cell = [](double value) {
      return std::isnan(value) ? datasets::Cell{} : datasets::Cell{value};
    };
    std::string lines =
        "| task | metric | values learned | hold-out | rows | test | rows |\n|---|---|---|---|---|---|---|\n";
    const auto shown = [](double value) {
      return std::isnan(value) ? std::string() : fmt::format("{:.3f}", value);
    };
    for (std::size_t t = 0; t < test.size(); ++t) {
      const TaskFigure held = hold_out_.empty() ? TaskFigure{} : hold_out_[t];
      const std::int64_t values = network.tasks()[t].values;
      table.append({set_.tasks[t].name, test[t].metric, static_cast<double>(values), cell(held.value),
                    static_cast<double>(held.rows), cell(test[t].value), static_cast<double>(test[t].rows)});
      lines += fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", set_.tasks[t].name, test[t].metric,
                           values, shown(held.value), held.rows, shown(test[t].value), test[t].rows);
    }
    table.publish();
    write_card(network, lines);
    say("done",
        fmt::format("{}; figures in {}", in_out("properties-network.safetensors"), in_out("figures.csv")));
  }

  void write_card(const MessageNetwork& network, const std::string& lines) {
    std::size_t parameters = 0;
    for (const auto& tensor : network.weights()) parameters += tensor.numbers.size();
    const auto& shape = network.shape();
    std::string text = fmt::format(
        "# Property network\n\nMessages along directed bonds: width {}, depth {}, a layer of {}, {} outputs; "
        "{} parameters.\n\n| | |\n|---|---|\n",
        shape.hidden, shape.depth, shape.head, shape.outputs, parameters);
    const auto file = datasets::ModelFile::read(in_out("properties-network.safetensors"));
    for (const auto& [key, value] : file.metadata())
      if (key != "tasks" && key != "layout") text += fmt::format("| {} | {} |\n", key, value);
    datasets::DurableFile card(in_out("card.md"));
    card.write(text + "\n" + lines);
    card.publish();
  }

  std::map<std::string, std::string> facts(std::size_t molecules) const {
    return {{"training_molecules", std::to_string(molecules)},
            {"training_data", fmt::format("{} tables of measured properties", set_.tasks.size())},
            {"left_out",
             fmt::format("{} values of molecules of the test rows, by tautomer skeleton", set_.leaked)},
            {"corpus", options_.corpus.empty() ? "" : fs::path(options_.corpus).filename().string()},
            {"initial_weights", options_.init.empty() ? "" : fs::path(options_.init).filename().string()},
            {"epochs", std::to_string(options_.epochs)},
            {"training_minutes", fmt::format("{:.1f}", seconds_ / 60)},
            {"threads", std::to_string(session_.threads())},
            {"settings", settings()},
            {"description", options_.about},
            {"data_licence", options_.licence},
            {"date", datasets::utc_now().substr(0, 10)},
            {"theriac_version", chem::theriac_version()},
            {"libtorch_version", datasets::network_library().libtorch}};
  }

  const std::string folder_, out_;
  const NetworkTrainingOptions options_;
  Session& session_;
  PropertyLearningSet set_;
  std::vector<TaskFigure> hold_out_;
  double seconds_ = 0;
};

}  // namespace

void declare_network_training(CLI::App& app, NetworkTrainingOptions& o) {
  const char* group = "Properties network";
  app.add_option("--corpus", o.corpus, "molecules (SMILES) whose descriptors the network learns first")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--corpus_molecules", o.molecules, "how many of them, drawn at random")
      ->check(CLI::Range(1, 100000000))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--corpus_epochs", o.corpus_epochs, "times that each of them is seen")
      ->check(CLI::Range(1, 10000))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--property_epochs", o.epochs, "times that each measured molecule is seen")
      ->check(CLI::Range(1, 10000))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option(
         "--hold_out", o.hold_out,
         "share of the molecules, by whole scaffolds, that a first network does not see and predicts; "
         "0: none")
      ->check(CLI::Range(0.0, 0.9))
      ->type_name("X")
      ->capture_default_str()
      ->group(group);
  app.add_option("--message_width", o.shape.hidden, "width of the messages")
      ->check(CLI::Range(8, 4096))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--message_depth", o.shape.depth, "bonds that a message crosses")
      ->check(CLI::Range(1, 16))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
}

int train_properties_network(const std::string& folder, const std::string& out,
                             const NetworkTrainingOptions& options, Session& session) {
  return NetworkTraining(folder, out, options, session).run();
}

}  // namespace theriac::cli
