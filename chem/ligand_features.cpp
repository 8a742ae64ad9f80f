#include "chem/ligand_features.hpp"

#include <algorithm>
#include <cmath>

namespace theriac::chem {
namespace {

using Neighbours = std::vector<std::vector<int>>;

Neighbours bonded_atoms(const FlexibleLigand& ligand) {
  Neighbours out(ligand.atoms.size());
  for (const auto& [i, j] : ligand.bonds) {
    out[i].push_back(j);
    out[j].push_back(i);
  }
  for (auto& n : out) std::sort(n.begin(), n.end());
  return out;
}

class Perception {
 public:
  explicit Perception(const FlexibleLigand& ligand) : ligand_(ligand) {
    out_.neighbours = bonded_atoms(ligand);
  }

  LigandFeatures run() {
    find_rings();
    for (int i = 0; i < static_cast<int>(ligand_.atoms.size()); ++i) {
      find_charge(i);
      find_polar(i);
      find_apolar(i);
    }
    return std::move(out_);
  }

 private:
  int element(int i) const { return ligand_.atoms[i].element; }
  const std::string& type(int i) const { return ligand_.atoms[i].autodock_type; }
  const std::vector<int>& around(int i) const { return out_.neighbours[i]; }

  int count(int i, int z) const {
    return static_cast<int>(
        std::count_if(around(i).begin(), around(i).end(), [&](int j) { return element(j) == z; }));
  }
  int heavy(int i) const { return static_cast<int>(around(i).size()) - count(i, 1); }

  // --- rings

  bool may_be_aromatic(int i) const {
    return type(i) == "A" || element(i) == 7 || element(i) == 8 || element(i) == 16;
  }

  bool is_flat(const std::vector<int>& ring) const {
    Vector3 centre, normal;
    for (const int i : ring)
      centre = centre + (1.0 / static_cast<double>(ring.size())) * ligand_.atoms[i].position;
    for (std::size_t k = 0; k < ring.size(); ++k)
      normal = normal + cross(ligand_.atoms[ring[k]].position - centre,
                              ligand_.atoms[ring[(k + 1) % ring.size()]].position - centre);
    const double length = norm(normal);
    return std::all_of(ring.begin(), ring.end(), [&](int i) {
      return std::abs(dot(ligand_.atoms[i].position - centre, normal)) <= 0.25 * length;
    });
  }

  void close_ring(const std::vector<int>& path) {
    const int aromatic =
        static_cast<int>(std::count_if(path.begin(), path.end(), [&](int i) { return type(i) == "A"; }));
    // each ring is met from its first atom in both directions: keep one
    if (aromatic < 2 || path[1] > path.back() || !is_flat(path)) return;
    for (std::size_t a = 0; a < path.size(); ++a)  // a bond across means that it is two rings
      for (std::size_t b = a + 2; b < path.size(); ++b)
        if (!(a == 0 && b + 1 == path.size()) &&
            std::binary_search(around(path[a]).begin(), around(path[a]).end(), path[b]))
          return;
    out_.aromatic_rings.push_back(path);
  }

  void walk(std::vector<int>& path) {
    for (const int j : around(path.back())) {
      if (j == path.front() && path.size() >= 5) close_ring(path);
      if (j <= path.front() || path.size() == 6 || !may_be_aromatic(j)) continue;
      if (std::find(path.begin(), path.end(), j) != path.end()) continue;
      path.push_back(j);
      walk(path);
      path.pop_back();
    }
  }

  void find_rings() {
    for (int i = 0; i < static_cast<int>(ligand_.atoms.size()); ++i) {
      std::vector<int> path{i};
      if (may_be_aromatic(i)) walk(path);
    }
  }

  // --- charges

  /// Three bonds in one plane: distinguishes an amidine carbon from an aminal where hydrogens were merged
  /// away.
  bool is_planar_centre(int i) const {
    std::vector<Vector3> d;
    for (const int j : around(i))
      if (element(j) > 1) d.push_back(ligand_.atoms[j].position - ligand_.atoms[i].position);
    return d.size() == 3 && std::abs(dot(d[0], cross(d[1], d[2]))) < 0.5;
  }

  std::vector<int> terminal_oxygens(int i) const {
    std::vector<int> out;
    for (const int j : around(i))
      if (element(j) == 8 && heavy(j) == 1) out.push_back(j);
    return out;
  }

  void find_charge(int i) {
    if (element(i) == 7) {
      const int degree = static_cast<int>(around(i).size());
      const bool saturated = count(i, 6) + count(i, 1) == degree;
      if (saturated && (degree == 4 || (degree == 3 && type(i) == "NA")))
        out_.charged_groups.push_back({{i}, 1});
      return;
    }
    if (element(i) == 6 && type(i) == "C" && is_planar_centre(i)) {
      std::vector<int> nitrogens;
      for (const int j : around(i))
        if (element(j) == 7) nitrogens.push_back(j);
      if (nitrogens.size() == 3 || (nitrogens.size() == 2 && count(i, 6) == 1)) {
        nitrogens.push_back(i);
        out_.charged_groups.push_back({nitrogens, 1});
      }
    }
    const std::vector<int> oxygens = terminal_oxygens(i);
    const bool acid = (element(i) == 6 && oxygens.size() == 2) || (element(i) == 15 && oxygens.size() >= 2) ||
                      (element(i) == 16 && oxygens.size() >= 3);
    if (acid) out_.charged_groups.push_back({oxygens, -1});
  }

  // --- atoms

  void find_polar(int i) {
    const int z = element(i);
    if (type(i) == "OA" || type(i) == "NA") out_.acceptors.push_back(i);
    if (z != 7 && z != 8 && z != 16) return;
    if (type(i) != "N" && type(i) != "S") out_.metal_binders.push_back(i);
    DonorAtom donor{i, {}};
    for (const int j : around(i))
      if (element(j) == 1) donor.hydrogens.push_back(j);
    if (!donor.hydrogens.empty()) out_.donors.push_back(donor);
  }

  void find_apolar(int i) {
    const int z = element(i);
    if (z == 6 && count(i, 6) + count(i, 1) == static_cast<int>(around(i).size()))
      out_.hydrophobic.push_back(i);
    if ((z == 17 || z == 35 || z == 53) && around(i).size() == 1 && element(around(i)[0]) == 6)
      out_.halogens.push_back({i, around(i)[0]});
  }

  const FlexibleLigand& ligand_;
  LigandFeatures out_;
};

}  // namespace

LigandFeatures ligand_features(const FlexibleLigand& ligand) {
  return Perception(ligand).run();
}

}  // namespace theriac::chem
