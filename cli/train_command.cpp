// theriac train: a molecule generator (train_generator.hpp), predictors of measured properties
// (train_endpoints.hpp), the network that learns many of them at once (train_properties_network.hpp), and the
// models of other tasks.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "chem/error.hpp"
#include "cli/command.hpp"
#include "cli/device_option.hpp"
#include "cli/ligand_input.hpp"
#include "cli/session.hpp"
#include "cli/train_affinity.hpp"
#include "cli/train_endpoints.hpp"
#include "cli/train_generator.hpp"
#include "cli/train_peptides.hpp"
#include "cli/train_pose_affinity.hpp"
#include "cli/train_pose_scorer.hpp"
#include "cli/train_properties_network.hpp"
#include "cli/train_protein.hpp"
#include "cli/train_repurposing.hpp"
#include "scoring/device_network.hpp"

namespace theriac::cli {
namespace {

struct TrainOptions {
  std::string task = "generator", init, out = "generator";
  LigandInputOptions data;
  std::string about, licence, precision = "float16", device = "cpu";
  EndpointTrainingOptions endpoints;
  GeneratorTrainingOptions generator;
  NetworkTrainingOptions network;
  RepurposingTrainingOptions repurposing;
  AffinityTrainingOptions affinity;
  ProteinModelTrainingOptions protein;
  PeptideTrainingRun peptides;
  PoseScorerTrainingOptions pose_scorer;
};

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
  if (options.task == "generator") {
    auto& generator = options.generator;
    generator.data = options.data;
    generator.out = options.out;
    generator.init = options.init;
    generator.about = options.about;
    generator.licence = options.licence;
    generator.precision = options.precision;
    generator.device = options.device;
    return train_generator(generator, session);
  }
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
  if (options.task == "pose-scorer" || options.task == "pose-affinity") {
    auto& scorer = options.pose_scorer;
    scorer.pools.complexes = options.data.inputs[0];
    scorer.out = options.out;
    scorer.name = options.endpoints.name;
    scorer.about = options.about;
    scorer.licence = options.licence;
    return options.task == "pose-scorer" ? train_pose_scorer(scorer, session)
                                         : train_pose_affinity(scorer, session);
  }
  if (options.task == "protein-lm") {
    options.protein.init = options.init;
    options.protein.about = options.about;
    options.protein.licence = options.licence;
    options.protein.precision = options.precision;
    options.protein.device = options.device;
    options.protein.rate = options.generator.rate;
    if (!options.endpoints.name.empty()) options.protein.name = options.endpoints.name;
    const auto& validate_every = options.generator.validate_every;
    if (validate_every) options.protein.training.validate_every = *validate_every;
    return train_protein(options.data.inputs[0], options.out, options.protein, session);
  }
  if (options.task == "properties-network") {
    options.network.init = options.init;
    options.network.about = options.about;
    options.network.licence = options.licence;
    options.network.device = options.device;
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
      "theriac train pose-affinity --data redock --targets receptors --molecules library.csv --teacher "
      "fast.pt "
      "--searches 1 -o pose-affinity.safetensors",
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
           "pose-scorer, which docked pose is right; pose-affinity, how strongly it would bind")
        ->check(CLI::IsMember({"generator", "properties", "admet", "properties-network", "protein-lm",
                               "repurposing", "peptides", "affinity", "pose-scorer", "pose-affinity"}))
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
    add_device_option(app, o->device, "generator, properties-network, protein-lm: where they learn",
                      "--device", "cpu")
        ->group(group);
    app.add_flag("--permissive", o->peptides.permissive,
                 "peptides: only sets whose terms allow weights to be passed on")
        ->group(group);
    declare_generator_training(app, o->generator);
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
      const std::vector<std::string> with_device = {"generator", "properties-network", "protein-lm"};
      if (o->device != "cpu" &&
          std::find(with_device.begin(), with_device.end(), o->task) == with_device.end())
        throw UsageError(fmt::format("'{}' is trained on the processor", o->task),
                         fmt::format("leave out --device, which is for {}", fmt::join(with_device, ", ")));
      o->device = scoring::prediction_device(o->device);
      if (app.count("--trees") > 0) o->affinity.trees = o->endpoints.trees;
      return train(*o, session);
    };
  };
  return command;
}

}  // namespace theriac::cli
