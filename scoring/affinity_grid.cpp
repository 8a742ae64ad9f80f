#include "scoring/affinity_grid.hpp"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cmath>

namespace theriac::scoring {
namespace {

constexpr float cutoff2 = static_cast<float>(interaction_cutoff * interaction_cutoff);
static_assert(atom_type_count <= kernel_most_columns);

/// Ligand atom types of one radius, angstrom.
struct AtomGroup {
  double radius = 0;
  std::vector<AtomType> types;
};

std::vector<AtomGroup> by_radius(const std::vector<AtomType>& types, ScoringFunction scoring) {
  std::vector<AtomGroup> groups;
  for (const AtomType type : types) {
    const double r = radius(type, scoring);
    const auto same =
        std::find_if(groups.begin(), groups.end(), [&](const AtomGroup& g) { return g.radius == r; });
    if (same == groups.end())
      groups.push_back({r, {type}});
    else
      same->types.push_back(type);
  }
  return groups;
}

/// A receptor atom as the maps see it.
struct Source {
  float x = 0, y = 0, z = 0;
  std::vector<float> reach;          // per group
  std::vector<unsigned char> flags;  // per type
};

std::vector<Source> sources_of(const ReceptorField& field, const std::vector<AtomGroup>& groups,
                               const std::vector<AtomType>& types) {
  std::vector<Source> sources;
  for (const auto& site : field.sites()) {
    Source s;
    s.x = static_cast<float>(site.position.x);
    s.y = static_cast<float>(site.position.y);
    s.z = static_cast<float>(site.position.z);
    for (const AtomGroup& group : groups)
      s.reach.push_back(static_cast<float>(group.radius + radius(site.type, field.scoring())));
    for (const AtomType type : types) s.flags.push_back(kernel_pair_flags(type, site.type));
    sources.push_back(std::move(s));
  }
  return sources;
}

/// The receptor atoms near one column, as the kernel wants them.
struct ColumnAtoms {
  std::vector<float> xy2, z, chord, reach;
  std::vector<unsigned char> flags;

  void clear() {
    for (auto* values : {&xy2, &z, &chord, &reach}) values->clear();
    flags.clear();
  }
  void add_if_close(const Source& s, float x, float y) {
    const float d2 = (s.x - x) * (s.x - x) + (s.y - y) * (s.y - y);
    if (d2 >= cutoff2) return;
    xy2.push_back(d2);
    z.push_back(s.z);
    chord.push_back(std::sqrt(cutoff2 - d2) + 0.01f);
    reach.insert(reach.end(), s.reach.begin(), s.reach.end());
    flags.insert(flags.end(), s.flags.begin(), s.flags.end());
  }
};

}  // namespace

KernelWeights kernel_weights(ScoringFunction scoring) {
  const PairWeights& w = pair_weights(scoring);
  const auto f = [](double x) { return static_cast<float>(x); };
  return {
      f(w.gauss1_weight),        f(1 / w.gauss1_width),  f(w.gauss2_weight),
      f(w.gauss2_offset),        f(1 / w.gauss2_width),  f(w.repulsion_weight),
      f(w.hydrophobic_weight),   f(w.hydrophobic_bad),   f(1 / (w.hydrophobic_bad - w.hydrophobic_good)),
      f(w.hydrogen_bond_weight), f(w.hydrogen_bond_bad), f(1 / (w.hydrogen_bond_bad - w.hydrogen_bond_good))};
}

unsigned char kernel_pair_flags(AtomType a, AtomType b) {
  return static_cast<unsigned char>((is_hydrophobic(a) && is_hydrophobic(b) ? kernel_pair_hydrophobic : 0) |
                                    (can_hydrogen_bond(a, b) ? kernel_pair_hydrogen_bond : 0));
}

AffinityGrids::AffinityGrids(const ReceptorField& field, const chem::Box& box, double spacing,
                             const DockingKernel& kernel)
    : field_(field), kernel_(kernel), weights_(kernel_weights(field.scoring())), spacing_(spacing) {
  for (int k = 0; k < 3; ++k) {
    const int steps = static_cast<int>(std::ceil(box.size[k] / spacing));
    shape_.points[k] = steps + 1;
    shape_.low[k] = static_cast<float>(box.center[k] - 0.5 * steps * spacing);
  }
  shape_.inverse_spacing = static_cast<float>(1 / spacing);
  shape_.wall = 100;
}

chem::Vector3 AffinityGrids::point(int x, int y, int z) const {
  return {shape_.low[0] + spacing_ * x, shape_.low[1] + spacing_ * y, shape_.low[2] + spacing_ * z};
}

std::size_t AffinityGrids::index(int x, int y, int z) const {
  return (static_cast<std::size_t>(x) * shape_.points[1] + y) * shape_.points[2] + z;
}

const float* AffinityGrids::map(AtomType type) const {
  const auto t = static_cast<std::size_t>(type);
  if (const float* map = ready_[t].load(std::memory_order_acquire)) return map;
  prepare({type});
  return ready_[t].load(std::memory_order_acquire);
}

void AffinityGrids::prepare(const std::vector<AtomType>& types) const {
  const auto is_missing = [&](AtomType type) {
    return !ready_[static_cast<std::size_t>(type)].load(std::memory_order_acquire);
  };
  if (std::none_of(types.begin(), types.end(), is_missing)) return;
  const std::lock_guard<std::mutex> lock(making_);
  std::vector<AtomType> missing;
  for (const AtomType type : types)
    if (is_missing(type) && std::find(missing.begin(), missing.end(), type) == missing.end())
      missing.push_back(type);
  // isolated: a thread that waits inside must not pick up another ligand, which may need these very maps
  tbb::this_task_arena::isolate([&] { fill(missing); });
  for (const AtomType type : missing) {
    const auto t = static_cast<std::size_t>(type);
    ready_[t].store(maps_[t].data(), std::memory_order_release);
  }
}

void AffinityGrids::fill(const std::vector<AtomType>& wanted) const {
  const std::vector<AtomGroup> groups = by_radius(wanted, field_.scoring());
  std::vector<AtomType> types;
  std::vector<int> group_end;
  for (const AtomGroup& group : groups) {
    types.insert(types.end(), group.types.begin(), group.types.end());
    group_end.push_back(static_cast<int>(types.size()));
  }
  for (const AtomType type : types)
    maps_[static_cast<std::size_t>(type)].resize(
        index(shape_.points[0] - 1, shape_.points[1] - 1, shape_.points[2] - 1) + 1);
  const auto sources = sources_of(field_, groups, types);
  tbb::parallel_for(0, shape_.points[0], [&](int x) {
    ColumnAtoms near;
    std::vector<const Source*> slab;  // within reach of this x plane
    const float px = static_cast<float>(point(x, 0, 0).x);
    for (const Source& s : sources)
      if ((s.x - px) * (s.x - px) < cutoff2) slab.push_back(&s);
    std::vector<float*> energies(types.size());
    for (int y = 0; y < shape_.points[1]; ++y) {
      const float py = static_cast<float>(point(x, y, 0).y);
      near.clear();
      for (const Source* s : slab) near.add_if_close(*s, px, py);
      for (std::size_t t = 0; t < types.size(); ++t)
        energies[t] = &maps_[static_cast<std::size_t>(types[t])][index(x, y, 0)];
      const KernelColumns columns = {static_cast<int>(near.z.size()),
                                     near.xy2.data(),
                                     near.z.data(),
                                     near.chord.data(),
                                     static_cast<int>(groups.size()),
                                     group_end.data(),
                                     near.reach.data(),
                                     static_cast<int>(types.size()),
                                     near.flags.data(),
                                     shape_.low[2],
                                     static_cast<float>(spacing_),
                                     shape_.points[2],
                                     energies.data()};
      kernel_.map_columns(&weights_, &columns);
    }
  });
}

}  // namespace theriac::scoring
