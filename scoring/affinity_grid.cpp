#include "scoring/affinity_grid.hpp"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <cmath>

namespace theriac::scoring {

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
  std::call_once(once_[t], [&] {
    std::vector<float> map(index(shape_.points[0] - 1, shape_.points[1] - 1, shape_.points[2] - 1) + 1);
    // isolated: a thread that waits inside must not pick up another ligand, which may need this very map
    tbb::this_task_arena::isolate([&] { fill(type, map); });
    maps_[t] = std::move(map);
  });
  return maps_[t].data();
}

void AffinityGrids::fill(AtomType type, std::vector<float>& map) const {
  const float cutoff2 = static_cast<float>(interaction_cutoff * interaction_cutoff);
  struct Source {
    float x, y, z, reach;
    unsigned char flags;
  };
  std::vector<Source> sources;
  for (const auto& site : field_.sites())
    sources.push_back(
        {static_cast<float>(site.position.x), static_cast<float>(site.position.y),
         static_cast<float>(site.position.z),
         static_cast<float>(radius(type, field_.scoring()) + radius(site.type, field_.scoring())),
         kernel_pair_flags(type, site.type)});
  tbb::parallel_for(0, shape_.points[0], [&](int x) {
    std::vector<float> xy2, z, chord, reach;
    std::vector<unsigned char> flags;
    std::vector<Source> slab;  // within reach of this x plane
    const float px = static_cast<float>(point(x, 0, 0).x);
    for (const Source& s : sources)
      if ((s.x - px) * (s.x - px) < cutoff2) slab.push_back(s);
    for (int y = 0; y < shape_.points[1]; ++y) {
      xy2.clear(), z.clear(), chord.clear(), reach.clear(), flags.clear();
      const float py = static_cast<float>(point(x, y, 0).y);
      for (const Source& s : slab) {
        const float d2 = (s.x - px) * (s.x - px) + (s.y - py) * (s.y - py);
        if (d2 >= cutoff2) continue;
        xy2.push_back(d2);
        z.push_back(s.z);
        chord.push_back(std::sqrt(cutoff2 - d2) + 0.01f);
        reach.push_back(s.reach);
        flags.push_back(s.flags);
      }
      kernel_.map_column(&weights_, static_cast<int>(z.size()), xy2.data(), z.data(), chord.data(),
                         reach.data(), flags.data(), shape_.low[2], static_cast<float>(spacing_),
                         shape_.points[2], &map[index(x, y, 0)]);
    }
  });
}

}  // namespace theriac::scoring
