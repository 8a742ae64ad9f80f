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
#include "cli/bench_peptides.hpp"
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

struct BenchOptions {
  RepurposingBenchOptions repurposing;
  VariantEvidenceOptions variants;
  std::string task, data, out, preset, with, complexes, sets, rmsd_of;
  std::optional<double> exhaustiveness;
  int vina_exhaustiveness = 8, ring_conformers = 4;
  RedockOptions redock;
  ScreeningOptions screening;
  bool score_agreement = false;
  GoalDirectedOptions design;
  std::string design_tasks, score;
  DistributionChoice distribution;
  std::string drugs, modes;
  std::optional<int> draws, seeds;
  std::optional<int> repeats;
  std::optional<int> trees;
  int folds = 10, asked_folds = 5;
  std::string network, splits, methods, leave = "pairs";
  bool random_policy = false;
};

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
  if (options.task == "affinity") return run_affinity(options, session);
  if (options.task == "admet") return run_admet(options, session);
  if (options.task == "peptides") {
    PeptideBenchOptions peptides;
    peptides.data = options.data;
    peptides.out = options.out.empty() ? "bench-peptides" : options.out;
    peptides.model = options.design.model;
    return bench_peptides(peptides, session);
  }
  if (options.task == "completion") return run_completion(options, session);
  if (options.task == "variants") return run_variants(options, session);
  return options.task == "screening" ? run_screening(options, session) : run_redock(options, session);
}

void declare_screening(CLI::App& app, ScreeningOptions& o, std::string& sets) {
  const char* group = "Screening";
  app.add_option("--targets_dir", o.targets, "folder of the receptors that the index names")
      ->type_name("DIR")
      ->group(group);
  app.add_option("--set", sets, "just these sets, with commas between; also of completion and affinity")
      ->type_name("NAME,NAME")
      ->group(group);
  const auto number = [&](const std::string& flag, int& value, const std::string& what) {
    app.add_option(flag, value, what)
        ->check(CLI::NonNegativeNumber)
        ->type_name("N")
        ->capture_default_str()
        ->group(group);
  };
  number("--actives", o.actives, "actives drawn from every set, by seed; 0: all");
  number("--decoys", o.decoys, "decoys drawn from every set; 0: all");
  number("--vina-actives", o.vina_actives, "of those, actives that Vina docks too; 0: all of them");
  number("--vina-decoys", o.vina_decoys, "the same for decoys");
}

void declare_goal_directed(CLI::App& app, BenchOptions& o) {
  const char* group = "Goal-directed design";
  app.add_option("--score", o.score,
                 "score these molecules on every task, no design; -o is then the CSV file [standard output]")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--tasks", o.design_tasks, "just these, by name or number, with commas between")
      ->type_name("NAME,NAME")
      ->group(group);
  app.add_option("--proposer", o.design.proposer, "what designs the molecules")
      ->type_name("NAME")
      ->capture_default_str()
      ->group(group);
  app.add_option(
         "--model", o.design.model,
         "weights of the generator, also where a learned proposer starts: a file, or a name of theriac model "
         "list")
      ->type_name("MODEL")
      ->capture_default_str()
      ->group(group);
  app.add_option("--calls", o.design.calls, "molecules scored in a run, at most [pmo 10000, guacamol 50000]")
      ->check(CLI::Range(1, 100000000))
      ->type_name("N")
      ->group(group);
  app.add_option("--seeds", o.seeds,
                 "runs of every task, with --seed and the numbers after it [1]; of admet: models [5]")
      ->check(CLI::Range(1, 1000))
      ->type_name("N")
      ->group(group);
  app.add_option("--start", o.design.start, "molecules to start from [the bundled starter molecules]")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--start-count", o.design.start_count, "how many of them, drawn by seed; 0: all")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
}

void declare_generator(CLI::App& app, BenchOptions& o) {
  const char* group = "Generator";
  app.add_option("--draws", o.draws, "molecules of each drug and mode [100], or of each run for speed [2000]")
      ->check(CLI::Range(2, 10000000))
      ->type_name("N")
      ->group(group);
  app.add_option("--drugs", o.drugs,
                 "just these of the 20, with commas between; of repurposing: a file with the DrugBank ids of "
                 "the candidates")
      ->type_name("NAME,NAME")
      ->group(group);
  app.add_option("--modes", o.modes, "just these of denovo, scaffold, link, optimise")
      ->type_name("NAME,NAME")
      ->group(group);
  app.add_flag("--random-policy", o.random_policy, "also legal actions at random, as the floor of the modes")
      ->group(group);
  app.add_option("--repeats", o.repeats,
                 "runs of which the median speed is taken [5]; of completion: cross-validations [1]")
      ->check(CLI::Range(1, 1000))
      ->type_name("N")
      ->group(group);
}

void declare_admet(CLI::App& app, BenchOptions& o) {
  app.add_option("--trees", o.trees, "trees of every model [600; of affinity 400]")
      ->check(CLI::Range(1, 100000))
      ->type_name("N")
      ->group("Endpoints");
  app.add_option("--network", o.network,
                 "folder of theriac train properties-network, whose network is mixed in where it pays; "
                 "without it trees "
                 "alone")
      ->type_name("DIR")
      ->group("Endpoints");
}

void declare_completion(CLI::App& app, BenchOptions& o) {
  const char* group = "Association matrices";
  app.add_option("--folds", o.folds, "parts that the known associations are cut into")
      ->check(CLI::Range(2, 1000))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--leave", o.leave, "what a fold removes: known pairs, or all associations of drugs")
      ->check(CLI::IsMember({"pairs", "drugs"}))
      ->type_name("WHAT")
      ->capture_default_str()
      ->group(group);
  app.add_option("--splits", o.splits,
                 "of affinity, just these of test, chosen, relatives, fold4, drug, target, cluster, both")
      ->type_name("NAME,NAME")
      ->group(group);
  app.add_option("--asked_folds", o.asked_folds,
                 "of affinity, so many of the five folds of a split; 5 is all")
      ->check(CLI::Range(1, 5))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--methods", o.methods,
                 "just these of random, popularity, neighbours, bnnr (slow), bnnr-short, kernel, consensus")
      ->type_name("NAME,NAME")
      ->group(group);
}

void declare_repurposing(CLI::App& app, RepurposingBenchOptions& o) {
  const char* group = "Repurposing";
  app.add_option("--store", o.store, "store with Hetionet in it (theriac store build)")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--links", o.links, "licences of the links: permissive, share_alike, non_commercial or any")
      ->type_name("NAME")
      ->capture_default_str()
      ->group(group);
  app.add_option("--min_known", o.min_known, "known drugs of a disease that is judged")
      ->check(CLI::Range(1, 1000))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  auto* areas = app.add_option(
      "--areas", o.areas,
      "leave out whole areas of medicine instead: a table with the columns split and mondo_id");
  areas->type_name("FILE")->group(group);
  app.add_option("--hidden_links", o.hidden_links,
                 "share of the other links of each disease of an area that is left out too")
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("SHARE")
      ->capture_default_str()
      ->needs(areas)
      ->group(group);
  app.add_option("--groups", o.folds, "leave out diseases in so many groups; 0: one by one")
      ->check(CLI::Range(0, 1000))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
}

void declare_variants(CLI::App& app, VariantEvidenceOptions& o) {
  const char* group = "Variants";
  app.add_option("--database", o.database, "protein sequences in which homologs are searched")
      ->type_name("FASTA")
      ->group(group);
  app.add_option("--homologs", o.homologs, "folder with ASSAY.a3m, as an earlier run leaves them; no search")
      ->type_name("DIR")
      ->group(group);
  app.add_option("--language-model", o.language_model, "protein language model that is also measured")
      ->type_name("PATH")
      ->group(group);
  app.add_option("--rounds", o.rounds, "rounds of the homolog search")
      ->check(CLI::Range(1, 10))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--e_value", o.e_value, "of a homolog, at most")
      ->check(CLI::PositiveNumber)
      ->type_name("E")
      ->capture_default_str()
      ->group(group);
}

void declare_options(CLI::App& app, BenchOptions& o) {
  const char* group = "Benchmark";
  app.add_option(
         "task", o.task,
         "redock: is the crystal pose found again; screening: do actives rank before decoys; guacamol, "
         "pmo: molecules designed towards 20 tasks; admet: endpoints predicted, 22 tasks; distribution: are "
         "generated molecules like those they "
         "should be like; modes: does the generator do what it is asked for, on 20 drugs; generate-speed: "
         "molecules a second; completion: are removed drug-disease associations found again; "
         "repurposing: are the drugs of a disease found again when all its treatments are hidden; "
         "variants: effects of protein substitutions; "
         "peptides: does a protein language model know which peptide belongs to which target; "
         "affinity: drug-target affinity of unseen pairs, drugs and targets")
      ->check(
          CLI::IsMember({"redock", "screening", "guacamol", "pmo", "admet", "distribution", "modes",
                         "generate-speed", "completion", "repurposing", "variants", "peptides", "affinity"}))
      ->group(group);
  app.add_option(
         "--data", o.data,
         "folder of the set, with its index.csv; of admet: with tdc/; of completion: with benchmarks/; "
         "of variants: with index.tsv")
      ->type_name("DIR")
      ->group(group);
  app.add_option("-o,--out", o.out,
                 "folder for rows, table and figure; continued when it is there [bench-TASK]")
      ->type_name("DIR")
      ->group(group);
  app.add_option("--preset", o.preset, "search effort: fast, balanced or thorough = exhaustiveness 4, 8, 32")
      ->check(CLI::IsMember({"fast", "balanced", "thorough"}))
      ->type_name("NAME")
      ->group(group);
  app.add_option("--exhaustiveness", o.exhaustiveness, "search effort on Vina's scale; 8 by default")
      ->check(CLI::Range(0.1, 10000.0))
      ->type_name("N")
      ->group(group);
  app.add_option("--with", o.with, "also run this program on the same inputs")
      ->check(CLI::IsMember({"vina"}))
      ->type_name("vina")
      ->group(group);
  app.add_option("--vina-exhaustiveness", o.vina_exhaustiveness, "its search effort")
      ->check(CLI::Range(1, 10000))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--ring-conformers", o.ring_conformers,
                 "ring conformers per ligand, at most; 1: the start's own rings")
      ->check(CLI::Range(1, 100))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--simd", o.redock.simd, "redock: instruction set; the results are the same bytes")
      ->check(CLI::IsMember({"auto", "scalar", "baseline", "avx2", "avx512"}))
      ->type_name("NAME")
      ->capture_default_str()
      ->group(group);
  app.add_option("--device", o.redock.device, "redock: where the search runs")
      ->type_name("cpu|auto|opencl:N")
      ->capture_default_str()
      ->group(group);
  const char* choice = "Redocking";
  app.add_option("--every", o.redock.choice.every, "every K-th complex of the index")
      ->check(CLI::Range(1, 1000000))
      ->type_name("K")
      ->capture_default_str()
      ->group(choice);
  app.add_option("--limit", o.redock.choice.limit, "at most N complexes; 0: all")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N")
      ->capture_default_str()
      ->group(choice);
  app.add_flag("--score-agreement", o.score_agreement,
               "score the crystal poses with our reference and with vina --score_only; no docking")
      ->group(choice);
  app.add_option("--rmsd-of", o.rmsd_of,
                 "measure another program's poses of inputs/ID/ligand.pdbqt, DIR/ID.pdbqt; no docking")
      ->type_name("DIR")
      ->group(choice);
  app.add_option("--complexes", o.complexes, "just these, with commas between")
      ->type_name("ID,ID")
      ->group(choice);
  declare_screening(app, o.screening, o.sets);
  declare_goal_directed(app, o);
  declare_admet(app, o);
  declare_completion(app, o);
  declare_repurposing(app, o.repurposing);
  declare_distribution(app, o.distribution);
  declare_generator(app, o);
  declare_variants(app, o.variants);
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
    declare_options(app, *options);
    add_run_options(app, session);
    add_output_options(app, session);
    return [options, &session] { return run(*options, session); };
  };
  return command;
}

}  // namespace theriac::cli
