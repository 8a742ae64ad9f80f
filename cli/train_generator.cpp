#include "cli/train_generator.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "cli/model_choice.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "cli/training_curve.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/network_library.hpp"
#include "datasets/provenance.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;

std::string data_text(const LigandInput& input) {
  std::string text;
  for (const auto& file : input.describe())
    text += fmt::format("{}{} (sha256 {})", text.empty() ? "" : "; ", fs::path(file.path).filename().string(),
                        file.sha256.substr(0, 16));
  return text;
}

generative::GraphPolicy initial_policy(const GeneratorTrainingOptions& options, const LigandInput& input,
                                       Session& session) {
  if (!options.init.empty()) {
    const std::string file = model_file(options.init, "generator");
    session.terminal().note(fmt::format("weights   {}", file));
    return generative::GraphPolicy::load(file);
  }
  session.terminal().note("counting  atom types and ring systems");
  auto reader = input.open();
  auto vocabulary_options = options.vocabulary;
  vocabulary_options.corpus = options.about.empty() ? input.label() : options.about;
  generative::VocabularyCensus census;
  generative::count_corpus(reader, census);
  auto vocabulary = census.vocabulary(vocabulary_options);
  const auto& c = vocabulary.contents();
  session.terminal().note(
      fmt::format("vocabulary {} atom types, {} ring systems ({:.1f} % of those in the data), {} actions",
                  vocabulary.atom_type_count(), vocabulary.motif_count(),
                  100.0 * static_cast<double>(c.covered_ring_systems) /
                      static_cast<double>(std::max<std::int64_t>(1, c.ring_systems)),
                  vocabulary.size()));
  return generative::GraphPolicy(std::move(vocabulary), options.shape, session.seed());
}

void describe_corpus(const generative::TrainingCorpus& corpus, Session& session) {
  const auto& tally = corpus.tally();
  session.terminal().note(fmt::format("data      {} of {} records; {} unreadable, {} outside the vocabulary",
                                      corpus.size(), tally.records, tally.unreadable, tally.not_encodable));
  for (const std::string& example : tally.examples) session.terminal().warn("records left out", example);
}

std::vector<CurvePoint> points_of(const std::vector<generative::TrainingPoint>& curve) {
  std::vector<CurvePoint> points;
  for (const auto& p : curve)
    points.push_back({p.step, p.epoch, p.rate, p.training, p.validation, p.seconds, p.molecules_per_second});
  return points;
}

std::map<std::string, std::string> about(const GeneratorTrainingOptions& options, const LigandInput& input,
                                         const generative::TrainingCorpus& corpus,
                                         const generative::TrainingResult& result, const Session& session) {
  return {{"training_data", data_text(input)},
          {"training_molecules", std::to_string(corpus.size())},
          {"data_licence", options.licence},
          {"description", options.about},
          {"initial_weights", options.init},
          {"steps", std::to_string(result.steps)},
          {"validation_nats_per_molecule", fmt::format("{:.3f}", result.best_validation)},
          {"training_hours", fmt::format("{:.2f}", result.seconds / 3600)},
          {"date", datasets::utc_now().substr(0, 10)},
          {"threads", std::to_string(session.threads())},
          {"device", options.device == "cpu" ? "" : options.device},
          {"seed", std::to_string(session.seed())},
          {"theriac_version", chem::theriac_version()},
          {"libtorch_version", datasets::network_library().libtorch}};
}

void write_card(const std::string& path, const std::map<std::string, std::string>& facts,
                const generative::GraphPolicy& policy) {
  std::string text = "# Molecule generator\n\n";
  text += fmt::format(
      "Recurrent network over graph actions: {} layers of {}, action vectors of {}, {} parameters, {} "
      "actions "
      "({} ring systems).\n\n",
      policy.shape().layers, policy.shape().hidden, policy.shape().embedding, policy.parameters(),
      policy.vocabulary().size(), policy.vocabulary().motif_count());
  text += "| | |\n|---|---|\n";
  for (const auto& [key, value] : facts)
    if (!value.empty()) text += fmt::format("| {} | {} |\n", key, value);
  datasets::DurableFile file(path);
  file.write(text);
  file.publish();
}

}  // namespace

void declare_generator_training(CLI::App& app, GeneratorTrainingOptions& o) {
  const char* group = "Training";
  auto& t = o.training;
  app.add_option("--epochs", t.epochs, "times that each molecule is seen")
      ->check(CLI::Range(1, 10000))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--batch", t.batch, "molecules a step")
      ->check(CLI::Range(1, 65536))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--rate", o.rate, "learning rate at the start; 0.001, with --init 0.0001")
      ->check(CLI::Range(1e-7, 1.0))
      ->type_name("X")
      ->group(group);
  app.add_option("--patience", t.patience, "validations without gain before training ends; 0: never")
      ->check(CLI::Range(0, 100000))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--validate_every", o.validate_every, "steps between validations; 500, protein-lm 100")
      ->check(CLI::Range(1, 1000000))
      ->type_name("N")
      ->group(group);
  app.add_flag("--no_properties", o.no_properties,
               "do not learn to obey property ranges; reads the data faster")
      ->group(group);
  const char* size = "Network (without --init)";
  app.add_option("--hidden", o.shape.hidden, "width of the recurrent layers")
      ->check(CLI::Range(8, 4096))
      ->type_name("N")
      ->capture_default_str()
      ->group(size);
  app.add_option("--layers", o.shape.layers, "recurrent layers")
      ->check(CLI::Range(1, 8))
      ->type_name("N")
      ->capture_default_str()
      ->group(size);
  app.add_option("--embedding", o.shape.embedding, "width of an action's vector")
      ->check(CLI::Range(8, 4096))
      ->type_name("N")
      ->capture_default_str()
      ->group(size);
  app.add_option("--motifs", o.vocabulary.motifs, "most frequent ring systems placed in one action")
      ->check(CLI::Range(0, 8192))
      ->type_name("N")
      ->capture_default_str()
      ->group(size);
}

int train_generator(GeneratorTrainingOptions options, Session& session) {
  const LigandInput input(options.data);
  if (options.rate) options.training.rate = *options.rate;
  if (options.validate_every) options.training.validate_every = *options.validate_every;
  if (!options.rate && !options.init.empty()) options.training.rate = 1e-4;
  options.training.seed = session.seed();
  std::error_code failure;
  if (!session.options.dry_run) fs::create_directories(options.out, failure);
  if (failure)
    throw StorageError(fmt::format("cannot make the folder '{}': {}", options.out, failure.message()));
  generative::GraphPolicy policy = initial_policy(options, input, session);
  if (options.device != "cpu") policy.compute_on(options.device);
  auto reader = input.open();
  auto encoded = generative::encode_corpus(reader, policy.vocabulary(), session.seed());
  const auto corpus = options.no_properties || session.options.dry_run
                          ? generative::TrainingCorpus(std::move(encoded))
                          : generative::TrainingCorpus(std::move(encoded), policy.vocabulary(),
                                                       options.out + "/properties.safetensors");
  describe_corpus(corpus, session);
  session.terminal().note(fmt::format("network   {} parameters; {} epochs of batches of {}; {} threads{}",
                                      policy.parameters(), options.training.epochs, options.training.batch,
                                      session.threads(),
                                      options.device == "cpu" ? "" : ", " + options.device));
  if (session.options.dry_run) {
    session.terminal().note(fmt::format("plan      weights, card and curve would go to {}", options.out));
    return session.exit_code({corpus.tally().records, corpus.tally().records - corpus.tally().taken});
  }
  const auto result =
      generative::train(policy, corpus, options.training, options.out + "/checkpoint.safetensors",
                        session.stop(), [&](const generative::TrainingPoint& p) {
                          session.terminal().note(
                              fmt::format("step {:6}  epoch {:5.2f}  training {:.3f}  validation {:.3f} nats "
                                          "a molecule  {:.0f} molecules/s",
                                          p.step, p.epoch, p.training, p.validation, p.molecules_per_second));
                        });
  write_training_curve(options.out + "/curve.csv",
                       {"training_nats_per_molecule", "validation_nats_per_molecule", "molecules_per_second"},
                       points_of(result.curve));
  if (!result.stopped) {
    const auto facts = about(options, input, corpus, result, session);
    policy.save(options.out + "/generator.safetensors", facts,
                options.precision == "float16" ? generative::GraphPolicy::Precision::float16
                                               : generative::GraphPolicy::Precision::float32);
    write_card(options.out + "/card.md", facts, policy);
  }
  session.terminal().note(
      fmt::format("training  {}: {} steps, {:.1f} min, best validation {:.3f} nats a molecule", result.ending,
                  result.steps, result.seconds / 60, result.best_validation));
  if (result.stopped) session.terminal().note("the same command again goes on from here");
  const RecordCounts counts{corpus.tally().records, corpus.tally().records - corpus.tally().taken};
  return print_result(session, "train",
                      {{"task", "generator"},
                       {"records", counts.total},
                       {"failed", counts.failed},
                       {"finished", !result.stopped},
                       {"steps", result.steps},
                       {"validation_nats_per_molecule", result.best_validation},
                       {"seconds", result.seconds},
                       {"device", options.device},
                       {"out", options.out}},
                      session.exit_code(counts));
}

}  // namespace theriac::cli
