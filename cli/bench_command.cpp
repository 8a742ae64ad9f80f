// theriac bench: how good and how fast Theriac is, measured here: docking beside AutoDock Vina, design beside
// published figures.
#include <fmt/format.h>

#include <memory>
#include <optional>

#include "chem/error.hpp"
#include "cli/argument_list.hpp"
#include "cli/bench_admet.hpp"
#include "cli/bench_affinity.hpp"
#include "cli/bench_completion.hpp"
#include "cli/bench_distribution.hpp"
#include "cli/bench_distribution_options.hpp"
#include "cli/bench_generate_speed.hpp"
#include "cli/bench_goal_directed.hpp"
#include "cli/bench_modes.hpp"
#include "cli/bench_options.hpp"
#include "cli/bench_peptides.hpp"
#include "cli/bench_poses.hpp"
#include "cli/bench_redock.hpp"
#include "cli/bench_repurposing.hpp"
#include "cli/bench_screening.hpp"
#include "cli/bench_variants.hpp"
#include "cli/command.hpp"
#include "cli/docking_site.hpp"
#include "cli/session.hpp"
#include "scoring/docking.hpp"

namespace theriac::cli {
namespace {

double exhaustiveness(const BenchOptions& options) {
  if (options.exhaustiveness && !options.preset.empty())
    throw UsageError("both --exhaustiveness and --preset are given", "use one of them");
  return options.exhaustiveness.value_or(
      scoring::preset_exhaustiveness(options.preset.empty() ? "balanced" : options.preset));
}

int run_redock(const BenchOptions& options, Session& session) {
  RedockOptions redock = options.redock;
  redock.data = options.data;
  redock.out = options.out.empty() ? "bench-redock" : options.out;
  redock.choice.ids = split_list(options.complexes);
  redock.exhaustiveness = exhaustiveness(options);
  redock.with_vina = options.with == "vina";
  redock.vina_exhaustiveness = options.vina_exhaustiveness;
  redock.ring_conformers = options.ring_conformers;
  if (!options.rmsd_of.empty()) return bench_pose_rmsd(redock, options.rmsd_of, session);
  return options.score_agreement ? bench_score_agreement(redock, session) : bench_redock(redock, session);
}

int run_screening(const BenchOptions& options, Session& session) {
  ScreeningOptions screening = options.screening;
  if (screening.targets.empty())
    throw UsageError("where are the receptors?", "--targets_dir names the folder that the index refers to");
  screening.data = options.data;
  screening.out = options.out.empty() ? "bench-screening" : options.out;
  screening.sets = split_list(options.sets);
  screening.exhaustiveness = exhaustiveness(options);
  screening.with_vina = options.with == "vina";
  screening.vina_exhaustiveness = options.vina_exhaustiveness;
  screening.ring_conformers = options.ring_conformers;
  return bench_screening(screening, session);
}

int run_goal_directed(const BenchOptions& options, Session& session) {
  GoalDirectedOptions design = options.design;
  design.suite = options.task;
  design.seeds = options.seeds.value_or(design.seeds);
  design.tasks = split_list(options.design_tasks);
  design.out = options.out;
  if (!options.score.empty()) return bench_score_file(design, options.score, session);
  if (design.out.empty()) design.out = "bench-" + design.suite;
  return bench_goal_directed(design, session);
}

int run_modes(const BenchOptions& options, Session& session) {
  ModesOptions modes;
  modes.model = options.design.model;
  modes.out = options.out;
  modes.drugs = split_list(options.drugs);
  modes.modes = split_list(options.modes);
  modes.draws = options.draws.value_or(modes.draws);
  modes.random_policy = options.random_policy;
  return bench_modes(modes, session);
}

int run_generate_speed(const BenchOptions& options, Session& session) {
  GenerateSpeedOptions speed;
  speed.model = options.design.model;
  speed.device = options.design.device;
  speed.out = options.out;
  speed.draws = options.draws.value_or(speed.draws);
  speed.repeats = options.repeats.value_or(speed.repeats);
  return bench_generate_speed(speed, session);
}

int run_admet(const BenchOptions& options, Session& session) {
  AdmetBenchOptions admet;
  admet.data = options.data;
  admet.out = options.out.empty() ? "bench-admet" : options.out;
  admet.tasks = split_list(options.design_tasks);
  admet.seeds = options.seeds.value_or(admet.seeds);
  admet.trees = options.trees.value_or(600);
  admet.network = options.network;
  return bench_admet(admet, session);
}

int run_affinity(const BenchOptions& options, Session& session) {
  AffinityBenchOptions affinity;
  affinity.data = options.data;
  affinity.out = options.out.empty() ? "bench-affinity" : options.out;
  affinity.sets = split_list(options.sets);
  affinity.splits = split_list(options.splits);
  affinity.trees = options.trees.value_or(affinity.trees);
  affinity.folds = options.asked_folds;
  return bench_affinity(affinity, session);
}

int run_completion(const BenchOptions& options, Session& session) {
  CompletionBenchOptions completion;
  completion.data = options.data;
  completion.out = options.out.empty() ? "bench-completion" : options.out;
  completion.sets = split_list(options.sets);
  completion.methods = split_list(options.methods);
  completion.folds = options.folds;
  completion.repeats = options.repeats.value_or(completion.repeats);
  completion.left_out = options.leave == "drugs" ? LeftOut::drugs : LeftOut::pairs;
  return bench_completion(completion, session);
}

int run_variants(const BenchOptions& options, Session& session) {
  VariantBenchOptions variants;
  variants.data = options.data;
  variants.out = options.out.empty() ? "bench-variants" : options.out;
  variants.assays = split_list(options.design_tasks);
  variants.evidence = options.variants;
  return bench_variants(variants, session);
}

int run_poses(const BenchOptions& options, Session& session) {
  if (options.poses.empty())
    throw UsageError("where are the docked poses?",
                     "--poses names the folder that theriac train pose-scorer keeps");
  PoseBenchOptions poses;
  poses.data = options.data;
  poses.poses = options.poses;
  poses.networks = split_list(options.screening.judges.cnn);
  if (!options.out.empty()) poses.out = options.out;
  return bench_poses(poses, session);
}

int run(const BenchOptions& options, Session& session) {
  if (options.task.empty()) throw UsageError("which benchmark?", "theriac bench redock --data DIR");
  if (options.task == "guacamol" || options.task == "pmo") return run_goal_directed(options, session);
  if (options.task == "distribution")
    return bench_distribution(distribution_options(options.distribution, options.out), session);
  if (options.task == "modes") return run_modes(options, session);
  if (options.task == "generate-speed") return run_generate_speed(options, session);
  if (options.task == "repurposing") {
    auto repurposing = options.repurposing;
    repurposing.drugs = options.drugs;
    repurposing.out = options.out.empty() ? "bench-repurposing" : options.out;
    return bench_repurposing(repurposing, session);
  }
  if (options.data.empty())
    throw UsageError("where is the set?", fmt::format("theriac bench {} --data DIR", options.task));
  if (options.task == "poses") return run_poses(options, session);
  if (options.task == "affinity") return run_affinity(options, session);
  if (options.task == "admet") return run_admet(options, session);
  if (options.task == "peptides") {
    PeptideBenchOptions peptides;
    peptides.data = options.data;
    peptides.out = options.out.empty() ? "bench-peptides" : options.out;
    peptides.model = options.design.model;
    peptides.split = options.peptide_split;
    return bench_peptides(peptides, session);
  }
  if (options.task == "completion") return run_completion(options, session);
  if (options.task == "variants") return run_variants(options, session);
  return options.task == "screening" ? run_screening(options, session) : run_redock(options, session);
}

}  // namespace

Command bench_command() {
  Command command;
  command.name = "bench";
  command.group = "Looking and checking";
  command.summary = "how good and how fast docking and design are here, beside Vina and published figures";
  command.examples = {
      "theriac bench redock --data redock --with vina --every 3 -o bench-redock",
      "theriac bench redock --data redock --score-agreement -o agreement",
      "theriac bench poses --data redock --poses pose-scorer.safetensors.poses --cnn fast,default",
      "theriac bench screening --data screening --targets_dir targets --set DUD_egfr --decoys 300",
      "theriac bench guacamol --score molecules.smi -o scores.csv",
      "theriac bench pmo --tasks albuterol_similarity,qed --seeds 3 -o bench-pmo",
      "theriac bench distribution --molecules generated.smi --train train.smi.gz --reference test.smi.gz",
      "theriac bench admet --data admet -o bench-admet",
      "theriac bench affinity --data dti --set davis --splits test,target -o bench-affinity",
      "theriac bench completion --data repurposing --set Fdataset --repeats 10 -o bench-completion",
      "theriac bench repurposing --store full.h5 -o bench-repurposing",
      "theriac bench peptides --data binders -o bench-peptides",
      "theriac bench variants --data dms --database swissprot.fasta.gz -o bench-variants",
      "theriac bench modes --random-policy -o bench-modes",
      "theriac bench generate-speed --repeats 5"};
  command.citation =
      "R. Meli, P. C. Biggin, J. Cheminform. 12, 49 (2020) (symmetry-corrected RMSD); J. Eberhardt et al., "
      "AutoDock Vina 1.2.0, J. Chem. Inf. Model. 61, 3891 (2021); N. Brown et al., GuacaMol, J. Chem. Inf. "
      "Model. 59, 1096 (2019); W. Gao et al., PMO, NeurIPS 35, 21342 (2022); D. Polykovskiy et al., MOSES, "
      "Front. Pharmacol. 11, 565644 (2020); K. Preuer et al., Frechet ChemNet distance, J. Chem. Inf. Model. "
      "58, "
      "1736 (2018); K. Huang et al., Therapeutics Data Commons, Nat. Chem. Biol. 18, 1033 (2022); M. "
      "Yang et al., BNNR, Bioinformatics 35, i455 (2019); T. van Laarhoven et al., Bioinformatics 27, 3036 "
      "(2011)";
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto options = std::make_shared<BenchOptions>();
    declare_bench_options(app, *options);
    add_run_options(app, session);
    add_output_options(app, session);
    return [options, &session] { return run(*options, session); };
  };
  return command;
}

}  // namespace theriac::cli
