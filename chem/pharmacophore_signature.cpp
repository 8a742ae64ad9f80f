#include "chem/pharmacophore_signature.hpp"

#include <GraphMol/ROMol.h>

#include <algorithm>
#include <array>

#include "chem/prepared_substructure.hpp"

namespace theriac::chem {
namespace {

constexpr std::size_t family_count = 8;
constexpr std::size_t bin_count = 7;
constexpr int nearest_distance = 2, open_bin_begin = 8, farthest_distance = 99;  // bonds
constexpr int no_bit = -1;

struct Family {
  const char* name;
  SubstructurePattern pattern;
};

/// Gobbi and Poppinger's families as RDKit's Gobbi_Pharm2D writes them, in alphabetical order of their labels
/// there: AG, AR, BG, HA, HD, LH, RR, X.
const std::array<Family, family_count>& families() {
  static const std::array<Family, family_count> all = {
      {{"acid", SubstructurePattern("[$([C,S](=[O,S,P])-[O;H1])]")},
       {"aromatic attachment", SubstructurePattern("[$([a;D3](@*)(@*)*)]")},
       {"base", SubstructurePattern("[$([N;H2&+0][$([C,a]);!$([C,a](=O))]),"
                                    "$([N;H1&+0]([$([C,a]);!$([C,a](=O))])[$([C,a]);!$([C,a](=O))]),"
                                    "$([N;H0&+0]([C;!$(C(=O))])([C;!$(C(=O))])[C;!$(C(=O))]),"
                                    "$([N,n;X2;+0])]")},
       {"acceptor", SubstructurePattern("[$([O,S;H1;v2]-[!$(*=[O,N,P,S])]),$([O,S;H0;v2]),$([O,S;-]),"
                                        "$([N&v3;H1,H2]-[!$(*=[O,N,P,S])]),$([N;v3;H0]),$([n,o,s;+0]),F]")},
       {"donor", SubstructurePattern("[$([N;!H0;v3]),$([N;!H0;+1;v4]),$([O,S;H1;+0]),$([n;H1;+0])]")},
       {"lipophilic chain",
        SubstructurePattern("[$([C;H2,H1](!=*)[C;H2,H1][C;H2,H1][$([C;H1,H2,H3]);!$(C=*)]),"
                            "$(C([C;H2,H3])([C;H2,H3])[C;H2,H3])]")},
       {"aliphatic attachment", SubstructurePattern("[$([A;D3](@*)(@*)*)]")},
       {"unusual atom", SubstructurePattern("[!#1;!#6;!#7;!#8;!#9;!#16;!#17;!#35;!#53]")}}};
  return all;
}

/// Where pairs and triples of families, and distances, stand in the signature.
struct BitLayout {
  std::array<std::array<int, family_count>, family_count> pair{};
  std::array<std::array<std::array<int, family_count>, family_count>, family_count> triple{};
  std::array<std::array<std::array<int, bin_count>, bin_count>, bin_count> triangle{};
  int pair_bits = 0, triangles = 0;

  BitLayout() {
    int pairs = 0, triples = 0;
    for (std::size_t a = 0; a < family_count; ++a)
      for (std::size_t b = a; b < family_count; ++b) {
        pair[a][b] = pairs++;
        for (std::size_t c = b; c < family_count; ++c) triple[a][b][c] = triples++;
      }
    pair_bits = pairs * static_cast<int>(bin_count);
    for (std::size_t a = 0; a < bin_count; ++a)
      for (std::size_t b = 0; b < bin_count; ++b)
        for (std::size_t c = 0; c < bin_count; ++c)
          triangle[a][b][c] = closes(a, b, c) && closes(b, c, a) && closes(c, a, b) ? triangles++ : no_bit;
  }

  /// Whether sides of bins a and b can reach over one of bin c; generous, by the upper ends.
  static bool closes(std::size_t a, std::size_t b, std::size_t c) { return upper(a) + upper(b) >= lower(c); }
  static int lower(std::size_t bin) { return nearest_distance + static_cast<int>(bin); }
  static int upper(std::size_t bin) { return bin + 1 == bin_count ? farthest_distance + 1 : lower(bin) + 1; }
};

const BitLayout& layout() {
  static const BitLayout built;
  return built;
}

std::size_t bin_of(int distance) {
  return static_cast<std::size_t>(std::min(distance, open_bin_begin) - nearest_distance);
}

bool in_range(int distance) {
  return distance >= nearest_distance && distance <= farthest_distance;
}

/// Bonds on the shortest way from `start` to every atom; -1 in other fragments.
std::vector<int> bonds_from(const RDKit::ROMol& graph, int start) {
  std::vector<int> distance(graph.getNumAtoms(), -1);
  std::vector<unsigned> queue{static_cast<unsigned>(start)};
  distance[static_cast<std::size_t>(start)] = 0;
  for (std::size_t at = 0; at < queue.size(); ++at)
    for (const auto neighbour : graph.atomNeighbors(graph.getAtomWithIdx(queue[at]))) {
      if (distance[neighbour->getIdx()] >= 0) continue;
      distance[neighbour->getIdx()] = distance[queue[at]] + 1;
      queue.push_back(neighbour->getIdx());
    }
  return distance;
}

/// Distances between all pairs of features.
class FeatureDistances {
 public:
  FeatureDistances(const RDKit::ROMol& graph, const std::vector<PharmacophoreFeature>& features)
      : count_(features.size()), distances_(count_ * count_) {
    std::vector<std::vector<int>> from_atom(graph.getNumAtoms());
    for (std::size_t i = 0; i < count_; ++i) {
      auto& bonds = from_atom[static_cast<std::size_t>(features[i].atom)];
      if (bonds.empty()) bonds = bonds_from(graph, features[i].atom);
      for (std::size_t j = 0; j < count_; ++j)
        distances_[i * count_ + j] = bonds[static_cast<std::size_t>(features[j].atom)];
    }
  }
  int operator()(std::size_t i, std::size_t j) const { return distances_[i * count_ + j]; }

 private:
  std::size_t count_;
  std::vector<int> distances_;
};

void set_bit(Fingerprint& signature, int bit) {
  signature.words[static_cast<std::size_t>(bit) / 64] |= std::uint64_t{1} << (bit % 64);
}

/// Families rise from a to c. Where features of one family could be named in another order, the larger
/// distances come first.
int triple_bit(const std::array<std::size_t, 3>& family, int ab, int ac, int bc) {
  const bool ab_alike = family[0] == family[1], bc_alike = family[1] == family[2];
  if (ab_alike && bc_alike) {
    if (ab < ac) std::swap(ab, ac);
    if (ac < bc) std::swap(ac, bc);
    if (ab < ac) std::swap(ab, ac);
  } else if (ab_alike && ac < bc) {
    std::swap(ac, bc);
  } else if (bc_alike && ab < ac) {
    std::swap(ab, ac);
  }
  const BitLayout& l = layout();
  return l.pair_bits + l.triple[family[0]][family[1]][family[2]] * l.triangles +
         l.triangle[bin_of(ab)][bin_of(ac)][bin_of(bc)];
}

}  // namespace

const std::vector<const char*>& pharmacophore_families() {
  static const auto names = [] {
    std::vector<const char*> out;
    for (const Family& family : families()) out.push_back(family.name);
    return out;
  }();
  return names;
}

std::vector<PharmacophoreFeature> pharmacophore_features(const SubstructureTarget& target) {
  std::vector<PharmacophoreFeature> features;
  for (std::size_t family = 0; family < family_count; ++family)
    for (const int atom : families()[family].pattern.first_atoms(target))
      features.push_back({static_cast<int>(family), atom});
  return features;
}

Fingerprint pharmacophore_signature(const SubstructureTarget& target) {
  Fingerprint signature;
  signature.words.resize((pharmacophore_bit_count + 63) / 64);
  const auto features = pharmacophore_features(target);
  const FeatureDistances distance(*target.prepared().graph, features);
  const auto family = [&](std::size_t i) { return static_cast<std::size_t>(features[i].family); };
  for (std::size_t a = 0; a < features.size(); ++a)
    for (std::size_t b = a + 1; b < features.size(); ++b) {
      const int ab = distance(a, b);
      if (!in_range(ab)) continue;
      set_bit(signature, layout().pair[family(a)][family(b)] * static_cast<int>(bin_count) +
                             static_cast<int>(bin_of(ab)));
      for (std::size_t c = b + 1; c < features.size(); ++c)
        if (in_range(distance(a, c)) && in_range(distance(b, c)))
          set_bit(signature,
                  triple_bit({family(a), family(b), family(c)}, ab, distance(a, c), distance(b, c)));
    }
  return signature;
}

}  // namespace theriac::chem
