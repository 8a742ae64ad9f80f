#include "cli/bench_options.hpp"

#include "cli/device_option.hpp"

namespace theriac::cli {
namespace {

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
  app.add_option(
         "--cnn", o.judges.cnn,
         "gnina's networks also judge our poses, as with theriac dock --cnn; of poses several, by commas")
      ->type_name("NAME|FILE")
      ->group(group);
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
  add_device_option(app, o.design.device,
                    "of the generator, which generate-speed also times on the processor",
                    "--generator_device")
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

}  // namespace

void declare_bench_options(CLI::App& app, BenchOptions& o) {
  const char* group = "Benchmark";
  app.add_option(
         "task", o.task,
         "redock: is the crystal pose found again; poses: which judge puts it first; screening: do actives "
         "rank before decoys; guacamol, "
         "pmo: molecules designed towards 20 tasks; admet: endpoints predicted, 22 tasks; distribution: are "
         "generated molecules like those they "
         "should be like; modes: does the generator do what it is asked for, on 20 drugs; generate-speed: "
         "molecules a second; completion: are removed drug-disease associations found again; "
         "repurposing: are the drugs of a disease found again when all its treatments are hidden; "
         "variants: effects of protein substitutions; "
         "peptides: does a protein language model know which peptide belongs to which target; "
         "affinity: drug-target affinity of unseen pairs, drugs and targets")
      ->check(
          CLI::IsMember({"redock", "poses", "screening", "guacamol", "pmo", "admet", "distribution", "modes",
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
      ->type_name("cpu|auto|opencl:N[:fused]")
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
  app.add_option("--poses", o.poses, "of poses: the folder that theriac train pose-scorer keeps them in")
      ->type_name("DIR")
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
  app.add_option(
         "--split", o.peptide_split,
         "of peptides: split.tsv of the training run, which pairs the model learned [beside the model]")
      ->type_name("FILE")
      ->group("Peptides");
}

}  // namespace theriac::cli
