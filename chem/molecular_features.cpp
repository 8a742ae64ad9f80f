#include "chem/molecular_features.hpp"

#include <algorithm>
#include <array>

#include "chem/descriptor_block.hpp"

namespace theriac::chem {
namespace {

constexpr int longest_pair = 12;
constexpr int most_counted = 255;

using Hash = std::uint64_t;

/// SplitMix64's finaliser.
constexpr Hash mixed(Hash x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9ull;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

constexpr Hash joined(Hash hash, Hash value) {
  return mixed(hash * 0x9e3779b97f4a7c15ull + value + 1);
}

class Counts {
 public:
  Counts() : of_column_(count_columns, 0) {}
  void add(int first, int columns, Hash hash) {
    add(first + static_cast<int>(hash % static_cast<Hash>(columns)));
  }
  void add(int column) {
    auto& n = of_column_[static_cast<std::size_t>(column)];
    if (n == 0) touched_.push_back(static_cast<std::uint16_t>(column));
    if (n < most_counted) ++n;
  }
  std::vector<std::pair<std::uint16_t, std::uint8_t>> take() {
    std::sort(touched_.begin(), touched_.end());
    std::vector<std::pair<std::uint16_t, std::uint8_t>> out;
    out.reserve(touched_.size());
    for (const auto column : touched_) out.emplace_back(column, of_column_[column]);
    return out;
  }

 private:
  std::vector<std::uint8_t> of_column_;
  std::vector<std::uint16_t> touched_;
};

/// What tells an atom apart in environments.
Hash environment_seed(const AnnotatedAtom& a) {
  return joined(joined(joined(static_cast<Hash>(a.element), static_cast<Hash>(a.degree * 8 + a.hydrogens)),
                       static_cast<Hash>(a.charge + 8)),
                static_cast<Hash>(a.ring));
}

/// What tells an atom apart in pairs and chains.
Hash pair_seed(const AnnotatedAtom& a) {
  return joined(static_cast<Hash>(a.element), static_cast<Hash>(a.degree * 4 + std::min(a.pi_electrons, 3)));
}

/// No atom further than `bonds` from `centre`, so that a wider environment would be the same.
bool all_within(const AnnotatedGraph& graph, std::size_t centre, int bonds) {
  for (std::size_t j = 0; j < graph.size(); ++j) {
    const int d = graph.distance(centre, j);
    if (d != 0xffff && d > bonds) return false;
  }
  return true;
}

bool near(const AnnotatedGraph& graph, std::size_t centre, int atom, int bonds) {
  return atom != no_atom && graph.distance(centre, static_cast<std::size_t>(atom)) <= bonds;
}

void count_environments(const AnnotatedGraph& graph, int overlooked, Counts& counts) {
  const std::size_t n = graph.size();
  std::vector<Hash> now(n), next(n);
  for (std::size_t i = 0; i < n; ++i) now[i] = environment_seed(graph.atoms[i]);
  std::vector<Hash> spokes;
  for (int radius = 0; radius <= 2; ++radius) {
    if (radius > 0) {
      for (std::size_t i = 0; i < n; ++i) {
        spokes.clear();
        for (const auto& [end, bond] : graph.neighbours[i])
          spokes.push_back(joined(now[static_cast<std::size_t>(end)],
                                  static_cast<Hash>(graph.bonds[static_cast<std::size_t>(bond)].order)));
        std::sort(spokes.begin(), spokes.end());
        Hash hash = joined(now[i], static_cast<Hash>(radius));
        for (const Hash spoke : spokes) hash = joined(hash, spoke);
        next[i] = hash;
      }
      now.swap(next);
    }
    for (std::size_t i = 0; i < n; ++i)
      if (!near(graph, i, overlooked, radius) && (radius == 0 || !all_within(graph, i, radius - 1)))
        counts.add(0, environment_columns, now[i]);
  }
}

void count_pairs(const AnnotatedGraph& graph, int overlooked, Counts& counts) {
  constexpr int first_pair = environment_columns;
  constexpr int first_role_pair = environment_columns + pair_columns + chain_columns;
  const std::size_t n = graph.size();
  std::vector<Hash> seeds(n);
  for (std::size_t i = 0; i < n; ++i) seeds[i] = pair_seed(graph.atoms[i]);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j) {
      const int d = graph.distance(i, j);
      if (d > longest_pair || static_cast<int>(i) == overlooked || static_cast<int>(j) == overlooked)
        continue;
      counts.add(
          first_pair, pair_columns,
          joined(joined(std::min(seeds[i], seeds[j]), std::max(seeds[i], seeds[j])), static_cast<Hash>(d)));
      for (int a = 0; a < role_count; ++a) {
        if (!(graph.atoms[i].roles >> a & 1)) continue;
        for (int b = 0; b < role_count; ++b) {
          if (!(graph.atoms[j].roles >> b & 1)) continue;
          const int low = std::min(a, b), high = std::max(a, b);
          const int kind = low * role_count - low * (low - 1) / 2 + high - low;
          counts.add(first_role_pair + kind * role_pair_distances + d - 1);
        }
      }
    }
}

/// Chains of four atoms, each found from its middle bond.
void count_chains(const AnnotatedGraph& graph, int overlooked, Counts& counts) {
  constexpr int first = environment_columns + pair_columns;
  std::vector<Hash> seeds(graph.size());
  for (std::size_t i = 0; i < graph.size(); ++i) seeds[i] = pair_seed(graph.atoms[i]);
  for (const auto& middle : graph.bonds) {
    if (middle.begin == overlooked || middle.end == overlooked) continue;
    for (const auto& [left, left_bond] : graph.neighbours[static_cast<std::size_t>(middle.begin)])
      for (const auto& [right, right_bond] : graph.neighbours[static_cast<std::size_t>(middle.end)]) {
        if (left == middle.end || right == middle.begin || left == right || left == overlooked ||
            right == overlooked)
          continue;
        const auto chain = [&](int a, int b, int c, int d) {
          return joined(joined(joined(seeds[static_cast<std::size_t>(a)], seeds[static_cast<std::size_t>(b)]),
                               seeds[static_cast<std::size_t>(c)]),
                        seeds[static_cast<std::size_t>(d)]);
        };
        counts.add(first, chain_columns,
                   std::min(chain(left, middle.begin, middle.end, right),
                            chain(right, middle.end, middle.begin, left)));
      }
  }
}

MolecularFeatures features_of(const AnnotatedGraph& graph, int overlooked) {
  Counts counts;
  count_environments(graph, overlooked, counts);
  count_pairs(graph, overlooked, counts);
  count_chains(graph, overlooked, counts);
  return {counts.take(), descriptor_block(graph, overlooked)};
}

}  // namespace

const std::vector<std::string>& descriptor_names() {
  static const auto names = [] {
    std::vector<std::string> out;
    descriptor_block(annotated_graph(Molecule::from_smiles("C")), no_atom, &out);
    return out;
  }();
  return names;
}

MolecularFeatures molecular_features(const Molecule& molecule) {
  return features_of(annotated_graph(molecule), no_atom);
}

std::vector<MolecularFeatures> features_without_each_atom(const Molecule& molecule) {
  const AnnotatedGraph graph = annotated_graph(molecule);
  std::vector<MolecularFeatures> out = {features_of(graph, no_atom)};
  for (std::size_t i = 0; i < graph.size(); ++i) out.push_back(features_of(graph, static_cast<int>(i)));
  return out;
}

}  // namespace theriac::chem
