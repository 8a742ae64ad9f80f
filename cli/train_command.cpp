// theriac train: a molecule generator learned from any file of molecules, from nothing or from weights that
// are there; predictors of measured properties (train_endpoints.hpp) and the network that learns many of them
// at once (train_properties_network.hpp).
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "cli/command.hpp"
#include "cli/ligand_input.hpp"
#include "cli/model_choice.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "cli/train_affinity.hpp"
#include "cli/train_endpoints.hpp"
#include "cli/train_peptides.hpp"
#include "cli/train_pose_scorer.hpp"
#include "cli/train_properties_network.hpp"
#include "cli/train_protein.hpp"
#include "cli/train_repurposing.hpp"
#include "cli/training_curve.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/network_library.hpp"
#include "datasets/provenance.hpp"
#include "generative/policy_training.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;

struct TrainOptions {
  std::string task = "generator", init, out = "generator";
  LigandInputOptions data;
  std::string about, licence, precision = "float16";
  bool no_properties = false;
  EndpointTrainingOptions endpoints;
  generative::PolicyShape shape;
  generative::TrainingOptions training;
  generative::VocabularyOptions vocabulary;
  std::optional<double> rate;
  std::optional<int> validate_every;
  NetworkTrainingOptions network;
  RepurposingTrainingOptions repurposing;
  AffinityTrainingOptions affinity;
  ProteinModelTrainingOptions protein;
  PeptideTrainingRun peptides;
  PoseScorerTrainingOptions pose_scorer;
};

std::string data_text(const LigandInput& input) {
  std::string text;
  for (const auto& file : input.describe())
    text += fmt::format("{}{} (sha256 {})", text.empty() ? "" : "; ", fs::path(file.path).filename().string(),
                        file.sha256.substr(0, 16));
  return text;
}

generative::GraphPolicy initial_policy(const TrainOptions& options, const LigandInput& input,
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

std::map<std::string, std::string> about(const TrainOptions& options, const LigandInput& input,
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

int train_generator(TrainOptions options, Session& session) {
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
  auto reader = input.open();
  auto encoded = generative::encode_corpus(reader, policy.vocabulary(), session.seed());
  const auto corpus = options.no_properties || session.options.dry_run
                          ? generative::TrainingCorpus(std::move(encoded))
                          : generative::TrainingCorpus(std::move(encoded), policy.vocabulary(),
                                                       options.out + "/properties.safetensors");
  describe_corpus(corpus, session);
  session.terminal().note(fmt::format("network   {} parameters; {} epochs of batches of {}; {} threads",
                                      policy.parameters(), options.training.epochs, options.training.batch,
                                      session.threads()));
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
                      {{"task", options.task},
                       {"records", counts.total},
                       {"failed", counts.failed},
                       {"finished", !result.stopped},
                       {"steps", result.steps},
                       {"validation_nats_per_molecule", result.best_validation},
                       {"seconds", result.seconds},
                       {"out", options.out}},
                      session.exit_code(counts));
}

int train(TrainOptions& options, Session& session) {
  if (options.task == "repurposing") {
    options.repurposing.out = options.out;
    options.repurposing.about = options.about;
    if (!options.endpoints.name.empty()) options.repurposing.name = options.endpoints.name;
    return train_repurposing(options.repurposing, session);
  }
  if (options.data.inputs.empty()) throw UsageError("--data is required");
  if (options.task == "peptides") {
    options.peptides.data = options.data.inputs[0];
    options.peptides.out = options.out;
    options.peptides.name = options.endpoints.name;
    options.peptides.about = options.about;
    options.peptides.licence = options.licence;
    return train_peptides(options.peptides, session);
  }
  if (options.task == "generator") return train_generator(options, session);
  if (options.data.inputs.size() != 1)
    throw UsageError(fmt::format("--data takes one table, or one folder of tables, and {} are given",
                                 options.data.inputs.size()));
  if (options.task == "affinity") {
    auto& affinity = options.affinity;
    affinity.column = options.endpoints.target;
    affinity.name = options.endpoints.name;
    if (!options.endpoints.unit.empty()) affinity.unit = options.endpoints.unit;
    affinity.about = options.about;
    affinity.licence = options.licence;
    return train_affinity(options.data.inputs[0], options.out, affinity, session);
  }
  if (options.task == "pose-scorer") {
    auto& scorer = options.pose_scorer;
    scorer.pools.complexes = options.data.inputs[0];
    scorer.out = options.out;
    scorer.name = options.endpoints.name;
    scorer.about = options.about;
    scorer.licence = options.licence;
    return train_pose_scorer(scorer, session);
  }
  if (options.task == "protein-lm") {
    options.protein.init = options.init;
    options.protein.about = options.about;
    options.protein.licence = options.licence;
    options.protein.precision = options.precision;
    options.protein.rate = options.rate;
    if (!options.endpoints.name.empty()) options.protein.name = options.endpoints.name;
    if (options.validate_every) options.protein.training.validate_every = *options.validate_every;
    return train_protein(options.data.inputs[0], options.out, options.protein, session);
  }
  if (options.task == "properties-network") {
    options.network.init = options.init;
    options.network.about = options.about;
    options.network.licence = options.licence;
    return train_properties_network(options.data.inputs[0], options.out, options.network, session);
  }
  auto& endpoints = options.endpoints;
  endpoints.about = options.about;
  endpoints.licence = options.licence;
  endpoints.smiles_column = options.data.smiles_column;
  return options.task == "admet" ? train_admet(options.data.inputs[0], options.out, endpoints, session)
                                 : train_properties(options.data.inputs[0], options.out, endpoints, session);
}

}  // namespace

Command train_command() {
  Command command;
  command.name = "train";
  command.group = "Models";
  command.summary = "learn a molecule generator, or predictors of measured properties, from your own data";
  command.examples = {
      "theriac train generator --data molecules.smi.gz -o my-generator",
      "theriac train generator --data series.csv --init default --epochs 10 -o my-series",
      "theriac train properties --data assay.csv --target ic50_nanomolar --log10 --unit nM -o my-assay",
      "theriac train admet --data admet -o admet",
      "theriac train pose-scorer --data redock --targets receptors --molecules library.csv --teacher fast.pt "
      "-o "
      "pose-scorer.safetensors",
      "theriac train affinity --data dti --set davis --unit pKd -o affinity-davis.safetensors",
      "theriac train properties-network --data admet --corpus molecules.smi -o network",
      "theriac train protein-lm --data proteins.fasta.gz --steps 5000 -o protein",
      "theriac train protein-lm --data family.fasta --init default --steps 200 -o family",
      "theriac train peptides --data peptides --permissive -o peptides",
      "theriac train repurposing --store full.h5 --links permissive -o repurposing.safetensors"};
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto o = std::make_shared<TrainOptions>();
    const char* group = "Training";
    app.add_option(
           "task", o->task,
           "what to train: generator, from molecules; properties, from a table with a measured value a row; "
           "admet, from a folder of public tables; properties-network, one network for such a folder; "
           "protein-lm, a protein language model from sequences (FASTA) or binder pairs (a table); "
           "repurposing, from the treatments of a store; peptides, classes of peptides from a folder of "
           "public sets or a table of sequence and label; affinity, how strongly molecules bind proteins; "
           "pose-scorer, which docked pose is right")
        ->check(CLI::IsMember({"generator", "properties", "admet", "properties-network", "protein-lm",
                               "repurposing", "peptides", "affinity", "pose-scorer"}))
        ->group(group);
    app.add_option("--data", o->data.inputs,
                   "molecules: any file, folders, globs, or - for stdin; for properties-network the folder "
                   "of tables (tdc/, tdc_extra/, industry/, moleculenet/, more/)")
        ->type_name("FILE")
        ->group(group);
    app.add_option("--smiles_column", o->data.smiles_column, "column of a table that holds the SMILES")
        ->type_name("NAME")
        ->group(group);
    app.add_option("-o,--out", o->out,
                   "folder for weights, checkpoint, curve and card; continued when it is there")
        ->type_name("DIR")
        ->capture_default_str()
        ->group(group);
    app.add_option("--init", o->init,
                   "begin with these weights, with their vocabulary and size; default: those that ship; "
                   "properties-network: a file of another such training")
        ->type_name("NAME|FILE")
        ->group(group);
    auto& r = o->repurposing;
    const char* evidence = "Repurposing";
    app.add_option("--store", r.store, "the store to learn from (theriac store build); -o is then the file")
        ->type_name("FILE")
        ->group(evidence);
    app.add_option("--links", r.links,
                   "licences of the links that are used: permissive, share_alike, non_commercial or any")
        ->type_name("NAME")
        ->capture_default_str()
        ->group(evidence);
    app.add_option("--treatments", r.sources,
                   "treatments only from sources whose names begin so; all of them by default")
        ->type_name("NAME")
        ->group(evidence);
    app.add_option(
           "--drugs", r.drugs,
           "candidate drugs: a file with their DrugBank ids; by default those that Hetionet covers, else "
           "all that bind or treat something")
        ->type_name("FILE")
        ->group(evidence);
    app.add_flag("--permissive", o->peptides.permissive,
                 "peptides: only sets whose terms allow weights to be passed on")
        ->group(group);
    auto& t = o->training;
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
    app.add_option("--rate", o->rate, "learning rate at the start; 0.001, with --init 0.0001")
        ->check(CLI::Range(1e-7, 1.0))
        ->type_name("X")
        ->group(group);
    app.add_option("--patience", t.patience, "validations without gain before training ends; 0: never")
        ->check(CLI::Range(0, 100000))
        ->type_name("N")
        ->capture_default_str()
        ->group(group);
    app.add_option("--validate_every", o->validate_every, "steps between validations; 500, protein-lm 100")
        ->check(CLI::Range(1, 1000000))
        ->type_name("N")
        ->group(group);
    app.add_flag("--no_properties", o->no_properties,
                 "do not learn to obey property ranges; reads the data faster")
        ->group(group);
    const char* size = "Network (without --init)";
    app.add_option("--hidden", o->shape.hidden, "width of the recurrent layers")
        ->check(CLI::Range(8, 4096))
        ->type_name("N")
        ->capture_default_str()
        ->group(size);
    app.add_option("--layers", o->shape.layers, "recurrent layers")
        ->check(CLI::Range(1, 8))
        ->type_name("N")
        ->capture_default_str()
        ->group(size);
    app.add_option("--embedding", o->shape.embedding, "width of an action's vector")
        ->check(CLI::Range(8, 4096))
        ->type_name("N")
        ->capture_default_str()
        ->group(size);
    app.add_option("--motifs", o->vocabulary.motifs, "most frequent ring systems placed in one action")
        ->check(CLI::Range(0, 8192))
        ->type_name("N")
        ->capture_default_str()
        ->group(size);
    const char* card = "Model card";
    app.add_option("--about", o->about, "what the data are, for the card")->type_name("TEXT")->group(card);
    app.add_option("--licence", o->licence, "licence of the data, for the card")
        ->type_name("TEXT")
        ->group(card);
    app.add_option("--precision", o->precision, "of the saved weights")
        ->check(CLI::IsMember({"float16", "float32"}))
        ->capture_default_str()
        ->group(card);
    declare_endpoint_training(app, o->endpoints);
    declare_network_training(app, o->network);
    declare_affinity_training(app, o->affinity);
    declare_pose_scorer_training(app, o->pose_scorer);
    declare_protein_training(app, o->protein);
    add_run_options(app, session);
    add_output_options(app, session);
    return [o, &app, &session] {
      if (app.count("--trees") > 0) o->affinity.trees = o->endpoints.trees;
      return train(*o, session);
    };
  };
  return command;
}

}  // namespace theriac::cli
