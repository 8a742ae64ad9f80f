#include "cli/pose_pools.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "chem/conformer.hpp"
#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "chem/protein_families.hpp"
#include "chem/receptor_file.hpp"
#include "chem/record_reader.hpp"
#include "chem/symmetric_rmsd.hpp"
#include "chem/torsion_tree.hpp"
#include "cli/growing_table.hpp"
#include "cli/progress.hpp"
#include "cli/redock_input.hpp"
#include "cli/session.hpp"
#include "cli/table_reader.hpp"
#include "datasets/sha256.hpp"
#include "scoring/docking.hpp"
#include "scoring/gnina_scorer.hpp"
#include "scoring/pose_pool_file.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;
using scoring::PosePool;

constexpr int complex_poses = 48, receptor_poses = 24;
constexpr double complex_effort = 8, receptor_effort = 2;  // exhaustiveness
constexpr double receptor_box = 24;                        // angstrom: an edge is at most this long

/// Pools of one receptor and of its relatives are one group, named after the first.
void put_in_groups(std::vector<PosePool>& pools) {
  std::stable_sort(pools.begin(), pools.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  std::vector<std::string> sequences;
  for (const auto& pool : pools) sequences.push_back(pool.sequence);
  const auto groups = chem::related_proteins(sequences);
  for (std::size_t i = 0; i < pools.size(); ++i)
    pools[i].group = pools[static_cast<std::size_t>(groups[i])].id;
}

scoring::DockingOptions docking_options(double effort, int poses, std::uint64_t seed) {
  scoring::DockingOptions docking;
  docking.exhaustiveness = effort;
  docking.pool = poses;
  docking.energy_range = 1000;  // poor poses teach as well
  docking.seed = seed;
  return docking;
}

class PoolMaker {
 public:
  PoolMaker(const PosePoolOptions& options, Session& session) : options_(options), session_(session) {
    settings_ = fmt::format("seed {}, {} and {} poses, exhaustiveness {:g} and {:g}, teacher {}",
                            session.seed(), complex_poses, receptor_poses, complex_effort, receptor_effort,
                            options.teacher.empty() ? "none" : datasets::sha256_of_file(options.teacher));
    if (options.teacher.empty()) return;
    std::vector<scoring::GninaNetwork> networks;
    networks.emplace_back(scoring::read_gnina_weights(options.teacher));
    teacher_ = std::make_shared<scoring::GninaEnsemble>(fs::path(options.teacher).stem().string(),
                                                        std::move(networks));
  }

  std::vector<PosePool> run() {
    make_folder(options_.folder + "/inputs");
    plan_complexes();
    if (!options_.receptors.empty()) plan_receptors();
    std::int64_t done = 0, failed = 0;
    const auto progress =
        session_.progress({"poses", "ligand", static_cast<std::int64_t>(plans_.size()), 0, 0, 0, ""});
    std::vector<PosePool> pools;
    for (const auto& plan : plans_) {
      if (session_.stop().stop_requested()) break;
      try {
        pools.push_back(kept(plan));
      } catch (const MoleculeError& error) {
        ++failed;
        session_.terminal().warn("ligands that failed", fmt::format("{}: {}", plan.id, error.what()));
      }
      progress->update(++done, failed, plan.id);
    }
    progress->finish();
    put_in_groups(pools);
    return pools;
  }

 private:
  struct Plan {
    std::string id;
    std::function<PosePool()> make;
    std::function<void(PosePool&)> judge;  ///< the kept poses of a complex, by the teacher
  };

  PosePool kept(const Plan& plan) const {
    const std::string path = options_.folder + "/" + plan.id + ".safetensors";
    PosePool pool;
    if (fs::exists(path)) pool = scoring::read_pose_pool(path, settings_);
    if (!pool.poses.empty() && (!options_.affinities || !pool.affinity.empty())) return pool;
    if (!pool.coordinates.empty() && plan.judge)
      plan.judge(pool);
    else
      pool = plan.make();
    pool.id = plan.id;
    scoring::write_pose_pool(pool, settings_, path);
    return scoring::read_pose_pool(path, settings_);  // the same numbers whether made now or before
  }

  /// Features, and what the teacher says.
  PosePool described(const scoring::DockingEngine& engine, const scoring::PoseFeaturizer& featurizer,
                     const scoring::GninaScorer* teacher, const scoring::PreparedLigand& ligand,
                     std::vector<scoring::Pose>& poses) const {
    const auto docked = engine.dock(ligand.flexible);
    if (docked.poses.size() < 2)
      throw MoleculeError(docked.message.empty() ? "only one pose was found" : docked.message);
    poses = docked.poses;
    PosePool pool;
    pool.sequence = chem::receptor_sequence(engine.receptor());
    pool.poses = featurizer.features(ligand.flexible, poses);
    if (teacher) ask(*teacher, ligand, poses, pool);
    return pool;
  }

  static void ask(const scoring::GninaScorer& teacher, const scoring::PreparedLigand& ligand,
                  const std::vector<scoring::Pose>& poses, PosePool& pool) {
    pool.teacher.clear();
    pool.affinity.clear();
    for (const auto& judgement : teacher.judge(ligand, poses)) {
      pool.teacher.push_back(scoring::network_log_odds(judgement.probability));
      pool.affinity.push_back(judgement.affinity);
    }
  }

  std::unique_ptr<scoring::GninaScorer> teacher(const chem::Receptor& receptor) const {
    return teacher_ ? std::make_unique<scoring::GninaScorer>(teacher_, receptor) : nullptr;
  }

  std::uint64_t seed_of(int search) const { return session_.seed() + static_cast<std::uint64_t>(search - 1); }

  chem::Receptor receptor_of(const RedockComplex& complex) const {
    const std::string folder = options_.folder + "/inputs/" + complex.id;
    make_folder(folder);
    return chem::read_pdbqt_receptor(receptor_for_redocking(complex, folder));
  }

  void judge_again(const RedockComplex& complex, int search, PosePool& pool) const {
    const chem::Receptor receptor = receptor_of(complex);
    const StartLigand start = start_ligand(complex, complex_ring_conformers, seed_of(search));
    std::vector<scoring::Pose> poses(pool.coordinates.size());
    for (std::size_t i = 0; i < poses.size(); ++i) poses[i].coordinates = pool.coordinates[i];
    if (const auto judge = teacher(receptor)) ask(*judge, {start.molecule, start.flexible}, poses, pool);
  }

  PosePool complex_pool(const RedockComplex& complex, int search) const {
    const std::uint64_t seed = seed_of(search);
    const scoring::DockingEngine engine(receptor_of(complex), complex.box,
                                        docking_options(complex_effort, complex_poses, seed));
    StartLigand start = start_ligand(complex, complex_ring_conformers, seed);
    const scoring::PreparedLigand ligand{start.molecule, start.flexible};
    const chem::ReferencePose reference(read_one_molecule(complex.crystal), start.molecule, start.flexible);
    const scoring::PoseFeaturizer featurizer(engine.receptor());
    std::vector<scoring::Pose> poses;
    PosePool pool = described(engine, featurizer, teacher(engine.receptor()).get(), ligand, poses);
    for (const auto& pose : poses) {
      pool.rmsd.push_back(reference.rmsd(pose.coordinates));
      pool.coordinates.push_back(pose.coordinates);
    }
    return pool;
  }

  void plan_complexes() {
    const auto complexes = read_redock_set(options_.complexes);
    for (int search = 1; search <= options_.searches; ++search)
      for (const auto& complex : complexes)
        if (!complex.start.empty())
          plans_.push_back({search == 1 ? complex.id : fmt::format("{}.{}", complex.id, search),
                            [this, complex, search] { return complex_pool(complex, search); },
                            [this, complex, search](PosePool& pool) { judge_again(complex, search, pool); }});
  }

  /// A receptor is kept while its molecules are docked.
  struct Site {
    std::unique_ptr<scoring::DockingEngine> engine;
    std::unique_ptr<scoring::PoseFeaturizer> featurizer;
    std::unique_ptr<scoring::GninaScorer> teacher;
    std::string target;
  };

  PosePool receptor_pool(const std::string& target, const chem::Box& box, const std::string& smiles) {
    if (site_.target != target) {
      site_ = {};
      std::string path = options_.receptors + "/" + target + ".pdbqt";
      if (!fs::exists(path)) path += ".gz";
      site_.engine = std::make_unique<scoring::DockingEngine>(
          chem::read_pdbqt_receptor(path), box,
          docking_options(receptor_effort, receptor_poses, session_.seed()));
      site_.featurizer = std::make_unique<scoring::PoseFeaturizer>(site_.engine->receptor());
      site_.teacher = teacher(site_.engine->receptor());
      site_.target = target;
    }
    chem::EmbedOptions embedding;
    embedding.seed = session_.seed();
    embedding.ring_conformers = 2;
    const auto molecule =
        chem::with_ring_conformers(chem::embedded(chem::Molecule::from_smiles(smiles), embedding), embedding);
    const scoring::PreparedLigand ligand{molecule, chem::flexible_ligand(molecule)};
    std::vector<scoring::Pose> poses;
    return described(*site_.engine, *site_.featurizer, site_.teacher.get(), ligand, poses);
  }

  void plan_receptors() {
    const auto smiles = molecules();
    const TableReader boxes(options_.receptors + "/boxes.csv");
    for (std::size_t r = 0; r < boxes.size(); ++r) {
      const std::string target = boxes.text(r, "target");
      chem::Box box;
      for (int k = 0; k < 3; ++k) {
        box.center[k] = boxes.number(r, std::string("center_") + "xyz"[k]);
        box.size[k] = std::min(receptor_box, boxes.number(r, std::string("size_") + "xyz"[k]));
      }
      chem::CounterRandom random(session_.seed(), target, "pose pools");
      for (int m = 0; m < options_.per_receptor; ++m) {
        const std::string chosen = smiles[random.below(static_cast<std::uint32_t>(smiles.size()))];
        plans_.push_back({fmt::format("{}_{}", target, m),
                          [this, target, box, chosen] { return receptor_pool(target, box, chosen); },
                          {}});
      }
    }
  }

  std::vector<std::string> molecules() const {
    if (options_.molecules.empty())
      throw UsageError("no molecules for the receptors", "--molecules names files of them");
    chem::RecordReader reader(options_.molecules);
    std::vector<std::string> out;
    while (const auto record = reader.next())
      if (record->good() && record->molecule) out.push_back(record->molecule->smiles());
    return out;
  }

  const PosePoolOptions& options_;
  Session& session_;
  std::string settings_;
  std::shared_ptr<const scoring::GninaEnsemble> teacher_;
  std::vector<Plan> plans_;
  Site site_;
};

}  // namespace

std::vector<PosePool> pose_pools(const PosePoolOptions& options, Session& session) {
  return PoolMaker(options, session).run();
}

std::vector<PosePool> kept_pose_pools(const std::string& folder) {
  std::vector<std::string> paths;
  if (fs::is_directory(folder))
    for (const auto& entry : fs::directory_iterator(folder))
      if (entry.path().extension() == ".safetensors") paths.push_back(entry.path().string());
  if (paths.empty())
    throw InputError(fmt::format("'{}' holds no poses", folder), "theriac train pose-scorer keeps them");
  std::sort(paths.begin(), paths.end());
  const std::string settings = scoring::pose_pool_settings(paths.front());
  std::vector<PosePool> pools;
  for (const auto& path : paths) pools.push_back(scoring::read_pose_pool(path, settings));
  put_in_groups(pools);
  return pools;
}

}  // namespace theriac::cli
