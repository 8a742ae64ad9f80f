#include "scoring/docking.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "chem/error.hpp"
#include "scoring/affinity_grid.hpp"
#include "scoring/device_queue.hpp"
#include "scoring/pose_cluster.hpp"
#include "scoring/pose_search.hpp"
#include "scoring/start_refinement.hpp"

namespace theriac::scoring {
namespace {

using chem::FlexibleLigand;
using chem::Vector3;

constexpr double largest_box = 126;     // angstrom: AutoDock's own limit, 336 grid steps
constexpr int refinement_steps = 30;    // BFGS iterations against explicit atoms
constexpr double refined_margin = 2.0;  // kcal/mol beyond the energy range that grid scores may be off

chem::Box checked(chem::Box box) {
  for (int k = 0; k < 3; ++k) {
    if (!(box.size[k] > 0) || !std::isfinite(box.center[k]))
      throw InputError(fmt::format("the search box has size {} x {} x {} A; every edge must be positive",
                                   box.size.x, box.size.y, box.size.z),
                       "give --size_x, --size_y and --size_z in angstrom, or --autobox_ligand");
    if (box.size[k] > largest_box)
      throw InputError(fmt::format("the search box has an edge of {} A; at most {} A are possible",
                                   box.size[k], largest_box),
                       "dock into parts of the protein, or let --autobox pocket choose");
  }
  return box;
}

struct Candidate {
  const PoseModel* model = nullptr;  ///< whose conformation it is
  Conformation conformation;
  std::vector<Vector3> coordinates;  ///< heavy atoms
  EnergyTerms terms;
  int start = -1;  ///< the start pose it comes from; -1: the search
  double total() const { return terms.inter + terms.intra; }
};

}  // namespace

double preset_exhaustiveness(const std::string& preset) {
  if (preset == "fast") return 4;
  if (preset == "balanced") return 8;
  if (preset == "thorough") return 32;
  throw UsageError(fmt::format("unknown preset '{}'", preset), "presets: fast, balanced, thorough");
}

struct DockingEngine::Implementation {
  chem::Receptor receptor;
  chem::Box box;
  DockingOptions options;
  const DockingKernel& kernel;
  ReceptorField field;
  AffinityGrids grids;
  std::optional<DeviceQueue> device;  // empty: the search runs on the processor

  Implementation(chem::Receptor r, chem::Box b, DockingOptions o)
      : receptor(std::move(r)),
        box(checked(std::move(b))),
        options(std::move(o)),
        kernel(docking_kernel(options.simd)),
        field(receptor, box, options.scoring),
        grids(field, box, options.grid_spacing, kernel) {
    const std::string where = docking_device(options.device);
    if (where == "cpu") return;
    device.emplace(opencl_device(where), grids, box, options.scoring);
    device->on_failure = options.on_device_failure;
    device->before_launch = options.before_device_launch;
  }

  Candidate scored(const PoseModel& model, Conformation conformation) const {
    Candidate c;
    c.model = &model;
    c.conformation = std::move(conformation);
    c.coordinates = model.heavy_coordinates(c.conformation);
    c.terms = score_pose(model, field, c.coordinates);
    return c;
  }
  Candidate refined(const PoseModel& model, Conformation start) const {
    return scored(model, minimised(model, field, box, std::move(start), refinement_steps).conformation);
  }

  Pose pose(const Candidate& c, double intra_of_best) const {
    Pose out;
    out.terms = c.terms;
    out.affinity = scoring::affinity(c.terms, intra_of_best);
    out.coordinates = c.model->body_coordinates(c.conformation, 0);
    for (int b = 1; b <= static_cast<int>(receptor.flexible_residues.size()); ++b)
      out.flexible_residues.push_back(c.model->body_coordinates(c.conformation, b));
    return out;
  }

  std::vector<Candidate> candidates(const PoseModel& model, const chem::SymmetricDistance& distance,
                                    const SearchResult& found) const;
  SearchResult searched(const SearchTask& task) const {
    return search_poses(*task.model, grids, kernel, box, options.scoring, task.effort, task.seed, task.key);
  }
  std::vector<SearchResult> searched(const std::vector<SearchTask>& tasks) const;
  DockedLigand docked(const FlexibleLigand& ligand, const PoseModel& model, const SearchResult& found,
                      const StartPoses& starts) const;
  bool is_in_box(const FlexibleLigand& ligand, const std::vector<Vector3>& pose) const;
  std::vector<DockedLigand> dock_on_device(const std::vector<FlexibleLigand>& ligands,
                                           const std::vector<StartPoses>& starts) const;

  /// Poses that are kept: what is asked, or the pool that a scorer chooses from.
  int modes() const { return std::max(options.num_modes, options.pool); }

  SearchTask task(const FlexibleLigand& ligand, const PoseModel& model) const {
    return {&model, search_effort(options.exhaustiveness, model, modes()), options.seed, ligand.key};
  }
};

/// The distinct poses of the search, refined against explicit atoms, by final energy.
std::vector<Candidate> DockingEngine::Implementation::candidates(const PoseModel& model,
                                                                 const chem::SymmetricDistance& distance,
                                                                 const SearchResult& found) const {
  if (found.poses.empty()) return {};
  std::vector<const std::vector<Vector3>*> coordinates;
  const double limit = found.poses.front().energy + options.energy_range + refined_margin;
  for (const auto& pose : found.poses)
    if (pose.energy <= limit) coordinates.push_back(&pose.coordinates);
  std::vector<Candidate> out;
  for (const std::size_t i : distinct_poses(coordinates, distance, options.min_rmsd, modes() + 3))
    out.push_back(refined(model, found.poses[i].conformation));
  return out;
}

bool DockingEngine::Implementation::is_in_box(const FlexibleLigand& ligand,
                                              const std::vector<Vector3>& pose) const {
  Vector3 sum;
  for (std::size_t i = 0; i < pose.size(); ++i)
    if (ligand.atoms[i].element > 1) sum = sum + pose[i];
  const Vector3 centre = (1.0 / std::max(1, ligand.heavy_atom_count())) * sum;
  for (int k = 0; k < 3; ++k)
    if (!(centre[k] >= box.low()[k] && centre[k] <= box.high()[k])) return false;
  return true;
}

/// Notes at the poses that are kept which others, near to them and no better, they stand for.
void merge_into(std::vector<Pose>& poses, const std::vector<std::size_t>& kept,
                const std::vector<Candidate>& all, const chem::SymmetricDistance& distance, double least) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t k = 0; k < poses.size(); ++k) {
      if (i != kept[k] && !(distance.rmsd(all[i].coordinates, all[kept[k]].coordinates) < least)) continue;
      if (all[i].start >= 0)
        poses[k].starts.push_back(all[i].start);
      else
        poses[k].searched = true;
      break;
    }
  }
}

/// The device's answers, or the processor's when it fails.
std::vector<SearchResult> DockingEngine::Implementation::searched(
    const std::vector<SearchTask>& tasks) const {
  if (auto found = device->search(tasks)) return std::move(*found);
  std::vector<SearchResult> found(tasks.size());
  tbb::parallel_for(std::size_t{0}, tasks.size(), [&](std::size_t i) { found[i] = searched(tasks[i]); });
  return found;
}

std::vector<DockedLigand> DockingEngine::Implementation::dock_on_device(
    const std::vector<FlexibleLigand>& ligands, const std::vector<StartPoses>& starts) const {
  std::vector<DockedLigand> out(ligands.size());
  std::vector<std::optional<PoseModel>> models(ligands.size());
  const auto each = [&](auto step) {
    tbb::parallel_for(std::size_t{0}, ligands.size(), [&](std::size_t i) {
      try {
        if (out[i].message.empty()) step(i);
      } catch (const MoleculeError& e) {
        out[i].message = e.what();
      }
    });
  };
  each([&](std::size_t i) { models[i].emplace(ligands[i], receptor); });
  std::vector<SearchTask> tasks;
  std::vector<std::size_t> task_of(ligands.size());
  for (std::size_t i = 0; i < ligands.size(); ++i) {
    task_of[i] = tasks.size();
    if (models[i]) tasks.push_back(task(ligands[i], *models[i]));
  }
  const auto found = searched(tasks);
  each([&](std::size_t i) {
    out[i] = docked(ligands[i], *models[i], found[task_of[i]], starts.empty() ? StartPoses() : starts[i]);
  });
  return out;
}

DockedLigand DockingEngine::Implementation::docked(const FlexibleLigand& ligand, const PoseModel& model,
                                                   const SearchResult& found,
                                                   const StartPoses& starts) const {
  DockedLigand out;
  const chem::SymmetricDistance distance(ligand, model.ligand_atom_index());
  out.evaluations = found.evaluations;
  out.chains = search_effort(options.exhaustiveness, model, modes()).chains;
  out.converged_chains = found.agreeing_chains;
  auto all = candidates(model, distance, found);
  std::vector<std::unique_ptr<PoseModel>> start_models;
  out.starts.resize(starts.size());
  for (std::size_t s = 0; s < starts.size(); ++s) {
    if (!is_in_box(ligand, starts[s])) {
      out.starts[s].message = "outside the box";
      continue;
    }
    FlexibleLigand there = ligand;
    there.ring_conformers.clear();
    for (std::size_t i = 0; i < there.atoms.size(); ++i) there.atoms[i].position = starts[s].at(i);
    start_models.push_back(std::make_unique<PoseModel>(there, receptor));
    const PoseModel& its = *start_models.back();
    Candidate c = scored(its, refined_start(its, field, box, {}, options.seed, ligand.key, s));
    c.start = static_cast<int>(s);
    out.starts[s].moved = distance.rmsd(c.coordinates, its.heavy_coordinates(its.input_pose()));
    all.push_back(std::move(c));
  }
  if (all.empty()) {
    out.message = "the search found no pose with a finite energy; the box may be too small for the ligand";
    return out;
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Candidate& a, const Candidate& b) { return a.total() < b.total(); });
  std::vector<const std::vector<Vector3>*> coordinates;
  for (const auto& c : all) {
    coordinates.push_back(&c.coordinates);
    if (c.start >= 0) out.starts[c.start].affinity = scoring::affinity(c.terms, all.front().terms.intra);
  }
  const auto kept = distinct_poses(coordinates, distance, options.min_rmsd, modes());
  for (const std::size_t i : kept) {
    Pose p = pose(all[i], all.front().terms.intra);
    if (!out.poses.empty() && p.affinity > out.poses.front().affinity + options.energy_range) break;
    p.rmsd_to_best = distance.rmsd(all[i].coordinates, all.front().coordinates);
    p.from_start = all[i].start >= 0;
    p.searched = !p.from_start;
    out.poses.push_back(std::move(p));
  }
  if (!starts.empty()) merge_into(out.poses, kept, all, distance, options.min_rmsd);
  return out;
}

DockingEngine::DockingEngine(chem::Receptor receptor, chem::Box box, DockingOptions options)
    : implementation_(
          std::make_unique<Implementation>(std::move(receptor), std::move(box), std::move(options))) {}
DockingEngine::~DockingEngine() = default;
DockingEngine::DockingEngine(DockingEngine&&) noexcept = default;

DockedLigand DockingEngine::dock(const FlexibleLigand& ligand, const StartPoses& starts) const {
  const PoseModel model(ligand, implementation_->receptor);
  const SearchTask task = implementation_->task(ligand, model);
  const SearchResult found = implementation_->device
                                 ? implementation_->searched(std::vector<SearchTask>{task}).front()
                                 : implementation_->searched(task);
  return implementation_->docked(ligand, model, found, starts);
}

std::vector<DockedLigand> DockingEngine::dock(const std::vector<FlexibleLigand>& ligands,
                                              const std::vector<StartPoses>& starts) const {
  if (implementation_->device) return implementation_->dock_on_device(ligands, starts);
  std::vector<DockedLigand> out(ligands.size());
  tbb::parallel_for(std::size_t{0}, ligands.size(), [&](std::size_t i) {
    try {
      out[i] = dock(ligands[i], starts.empty() ? StartPoses() : starts[i]);
    } catch (const MoleculeError& e) {
      out[i].message = e.what();
    }
  });
  return out;
}

Pose DockingEngine::score(const FlexibleLigand& ligand) const {
  const PoseModel model(ligand, implementation_->receptor);
  const Candidate c = implementation_->scored(model, model.input_pose());
  return implementation_->pose(c, c.terms.intra);
}

Pose DockingEngine::minimize(const FlexibleLigand& ligand) const {
  const PoseModel model(ligand, implementation_->receptor);
  const Candidate c = implementation_->refined(model, model.input_pose());
  return implementation_->pose(c, c.terms.intra);
}

int DockingEngine::device_batch() const {
  return implementation_->device ? implementation_->device->batch() : 0;
}
const chem::Receptor& DockingEngine::receptor() const {
  return implementation_->receptor;
}
const chem::Box& DockingEngine::box() const {
  return implementation_->box;
}
const DockingOptions& DockingEngine::options() const {
  return implementation_->options;
}

}  // namespace theriac::scoring
