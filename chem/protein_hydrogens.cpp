// Hydrogens of the protein: fixed ones from ideal geometry, then hydroxyls, thiols, ammonium groups and
// waters turned towards hydrogen-bond acceptors and away from clashes.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "chem/autodock_type.hpp"
#include "chem/cell_list.hpp"
#include "chem/internal_coordinates.hpp"
#include "chem/protein_model.hpp"

namespace theriac::chem {
namespace {

constexpr double tetrahedral = 109.5;
constexpr double search_step = 10;  ///< degrees between the torsions tried

double bond_length(int element, bool aromatic) {
  switch (element) {
    case 7:
      return 1.01;
    case 8:
      return 0.97;
    case 16:
      return 1.34;
    default:
      return aromatic ? 1.08 : 1.09;
  }
}

struct AtomRef {
  int residue = -1;
  int atom = -1;
};

/// Names of hydrogens on `heavy` as the PDB gives them: HA; HB2 and HB3; HD21 and HD22; H, H1-H3 on N.
std::vector<std::string> hydrogen_names(const std::string& heavy, int element, int count) {
  const std::string base = "H" + heavy.substr(1);
  if (count == 1) return {base};
  std::vector<std::string> names;
  const int first = count == 2 && element == 6 ? 2 : 1;
  for (int i = 0; i < count; ++i) names.push_back(fmt::format("{}{}", base, first + i));
  return names;
}

/// A hydrogen, or three, or the pair of a water, that can turn; its places are chosen by score.
struct Rotor {
  AtomRef heavy;
  std::vector<int> hydrogens;                ///< indices in the residue
  std::vector<std::vector<Vector3>> places;  ///< candidates, each with one place per hydrogen
  std::vector<double> barrier;               ///< cost of each candidate
};

class HydrogenBuilder {
 public:
  explicit HydrogenBuilder(ProteinModel& model) : model_(model), cells_(4.0) {
    for (std::size_t r = 0; r < model.residues.size(); ++r)
      for (std::size_t a = 0; a < model.residues[r].atoms.size(); ++a) {
        cells_.add(model.residues[r].atoms[a].position);
        refs_.push_back({static_cast<int>(r), static_cast<int>(a)});
      }
  }

  void build() {
    for (std::size_t r = 0; r < model_.residues.size(); ++r) {
      ModelResidue& residue = model_.residues[r];
      if (residue.has_own_hydrogens) continue;
      if (residue.plan)
        add_to_residue(static_cast<int>(r));
      else if (is_water(residue.name))
        add_to_water(static_cast<int>(r));
      else if (!residue.hetero)
        add_amide_hydrogen(static_cast<int>(r));
    }
    for (int pass = 0; pass < 2; ++pass)
      for (const Rotor& rotor : rotors_) turn(rotor);
  }

 private:
  const ModelAtom& atom(AtomRef ref) const { return model_.residues[ref.residue].atoms[ref.atom]; }

  std::vector<Vector3> neighbours(int r, const std::string& name) const {
    const ModelResidue& residue = model_.residues[r];
    std::vector<Vector3> places;
    const auto add = [&](int other, std::string_view other_name) {
      if (other < 0) return;
      if (const ModelAtom* found = model_.residues[other].atom(other_name)) places.push_back(found->position);
    };
    if (residue.plan)
      for (const auto bonded : residue.plan->neighbours(name)) add(r, bonded);
    else if (name == "N")
      add(r, "CA");
    if (name == "N") add(residue.previous, "C");
    if (name == "C") add(residue.next, "N");
    if (name == "C") add(r, "OXT");
    if (name == "SG") add(residue.disulfide, "SG");
    return places;
  }

  void add_to_residue(int r) {
    ModelResidue& residue = model_.residues[r];
    for (std::size_t a = 0; a < residue.atoms.size(); ++a) {
      const AminoAcidAtom* planned = residue.plan->atom(residue.atoms[a].name);
      if (!planned) continue;
      int count = hydrogen_count(residue, *planned);
      // side chains left incomplete end in a methyl group
      const auto missing =
          residue.plan->neighbours(planned->name).size() - present_neighbours(residue, *planned);
      if (planned->autodock_type == "C" && planned->name != "C") count += static_cast<int>(missing);
      if (count > 0) add_to_atom({r, static_cast<int>(a)}, *planned, count);
    }
  }

  static std::size_t present_neighbours(const ModelResidue& residue, const AminoAcidAtom& planned) {
    const auto names = residue.plan->neighbours(planned.name);
    return static_cast<std::size_t>(std::count_if(
        names.begin(), names.end(), [&](std::string_view name) { return residue.find(name) >= 0; }));
  }

  void add_to_atom(AtomRef ref, const AminoAcidAtom& planned, int count) {
    const ModelAtom& heavy = atom(ref);
    const auto around = neighbours(ref.residue, heavy.name);
    const double length = bond_length(heavy.element, planned.autodock_type == "A");
    const bool planar_pair = heavy.element == 7 && count == 2 && heavy.name != "NZ" && heavy.name != "N";
    if (around.size() == 3 && count == 1) return add_fixed(ref, {opposite(heavy.position, around, length)});
    if (around.size() == 2 && count == 1) return add_fixed(ref, {opposite(heavy.position, around, length)});
    if (around.size() == 2 && count == 2) return add_fixed(ref, methylene(heavy.position, around, length));
    if (around.size() != 1) return;
    if (planar_pair) return add_fixed(ref, torsions(ref, around[0], length, 120, {0, 180}));
    if (heavy.element == 6)
      return add_fixed(ref, torsions(ref, around[0], length, tetrahedral, {60, 180, 300}));
    add_rotor(ref, around[0], length, count);
  }

  static Vector3 opposite(Vector3 center, const std::vector<Vector3>& around, double length) {
    Vector3 sum;
    for (const auto& place : around) sum = sum + unit(place - center);
    return center - length * unit(sum);
  }

  static std::vector<Vector3> methylene(Vector3 center, const std::vector<Vector3>& around, double length) {
    const Vector3 a = unit(around[0] - center), b = unit(around[1] - center);
    const Vector3 out = unit(-1.0 * (a + b)), side = unit(cross(a, b));
    const double half = 0.5 * tetrahedral * units::radians_per_degree;
    return {center + length * (std::cos(half) * out + std::sin(half) * side),
            center + length * (std::cos(half) * out - std::sin(half) * side)};
  }

  /// An atom two bonds from `ref`, through its only neighbour at `next`, as the zero of torsions.
  Vector3 torsion_reference(AtomRef ref, Vector3 next) const {
    Vector3 best = next + any_perpendicular(next - atom(ref).position);
    bool found = false;
    cells_.for_each_within(next, 2.0, [&](int i, double d2) {
      const AtomRef other = refs_[i];
      if (found || d2 < 0.01 || (other.residue == ref.residue && other.atom == ref.atom)) return;
      if (other.residue != ref.residue) return;
      best = cells_.point(i);
      found = true;
    });
    return best;
  }

  std::vector<Vector3> torsions(AtomRef ref, Vector3 next, double length, double angle,
                                const std::vector<double>& degrees) const {
    const Vector3 zero = torsion_reference(ref, next);
    std::vector<Vector3> places;
    for (const double torsion : degrees)
      places.push_back(place_atom(zero, next, atom(ref).position, length, angle, torsion));
    return places;
  }

  std::vector<int> append(AtomRef ref, const std::vector<Vector3>& places) {
    ModelResidue& residue = model_.residues[ref.residue];
    const ModelAtom& heavy = residue.atoms[ref.atom];
    const auto names = hydrogen_names(heavy.name, heavy.element, static_cast<int>(places.size()));
    std::vector<int> indices;
    for (std::size_t i = 0; i < places.size(); ++i) {
      indices.push_back(static_cast<int>(residue.hydrogens.size()));
      residue.hydrogens.push_back({ref.atom, names[i], places[i]});
    }
    return indices;
  }

  void add_fixed(AtomRef ref, const std::vector<Vector3>& places) { append(ref, places); }

  /// Hydroxyl, thiol, ammonium, carboxylic acid; the main-chain N behind a gap.
  void add_rotor(AtomRef ref, Vector3 next, double length, int count) {
    const ModelAtom& heavy = atom(ref);
    const bool planar = is_planar(ref);
    const double angle = heavy.element == 16            ? 96.0
                         : planar && heavy.element == 8 ? 110.0
                         : planar                       ? 120.0
                                                        : tetrahedral;
    Rotor rotor;
    rotor.heavy = ref;
    for (double start = 0; start < (count == 3 ? 120 : 360); start += search_step) {
      std::vector<double> degrees;
      for (int i = 0; i < count; ++i) degrees.push_back(start + 120.0 * i);
      rotor.places.push_back(torsions(ref, next, length, angle, degrees));
      const double radians = start * units::radians_per_degree;
      // planar groups prefer 0 and 180 degrees, others the staggered 60, 180 and 300
      rotor.barrier.push_back(planar ? 2.0 * std::pow(std::sin(radians), 2)
                                     : 0.15 * (1 + std::cos(3 * radians)));
    }
    rotor.hydrogens = append(ref, rotor.places.front());
    rotors_.push_back(std::move(rotor));
  }

  bool is_planar(AtomRef ref) const {
    const std::string& name = atom(ref).name;
    return name == "OH" || name == "OD1" || name == "OD2" || name == "OE1" || name == "OE2" || name == "NE" ||
           name == "N";
  }

  void add_amide_hydrogen(int r) {
    const int n = model_.residues[r].find("N");
    if (n < 0) return;
    const auto around = neighbours(r, "N");
    if (around.size() == 2) add_fixed({r, n}, {opposite(model_.residues[r].atoms[n].position, around, 1.01)});
  }

  /// Waters: the first hydrogen along 26 directions, the second in four turns about it.
  void add_to_water(int r) {
    const int oxygen = 0;
    const Vector3 center = model_.residues[r].atoms[oxygen].position;
    Rotor rotor;
    rotor.heavy = {r, oxygen};
    for (int x = -1; x <= 1; ++x)
      for (int y = -1; y <= 1; ++y)
        for (int z = -1; z <= 1; ++z) {
          if (!x && !y && !z) continue;
          const Vector3 first = center + 0.96 * unit(Vector3{double(x), double(y), double(z)});
          const Vector3 zero = first + any_perpendicular(first - center);
          for (const double turn_by : {0.0, 90.0, 180.0, 270.0}) {
            rotor.places.push_back({first, place_atom(zero, first, center, 0.96, 104.5, turn_by)});
            rotor.barrier.push_back(0);
          }
        }
    rotor.hydrogens = append(rotor.heavy, rotor.places.front());
    rotors_.push_back(std::move(rotor));
  }

  void turn(const Rotor& rotor) {
    ModelResidue& residue = model_.residues[rotor.heavy.residue];
    std::size_t best = 0;
    double lowest = 1e300;
    for (std::size_t i = 0; i < rotor.places.size(); ++i) {
      double cost = rotor.barrier[i];
      for (const auto& place : rotor.places[i]) cost += place_cost(rotor.heavy, place);
      if (cost < lowest - 1e-9) {
        lowest = cost;
        best = i;
      }
    }
    for (std::size_t k = 0; k < rotor.hydrogens.size(); ++k)
      residue.hydrogens[rotor.hydrogens[k]].position = rotor.places[best][k];
  }

  bool accepts(AtomRef ref) const {
    const ModelAtom& other = atom(ref);
    if (other.element == 8) return true;
    if (other.element != 7) return false;
    const ModelResidue& residue = model_.residues[ref.residue];
    return residue.name == "HIS" && ((other.name == "ND1" && residue.state == "HIE") ||
                                     (other.name == "NE2" && residue.state == "HID"));
  }

  /// Minus the hydrogen bonds, plus the clashes, of one hydrogen of `donor` at `place`.
  double place_cost(AtomRef donor, Vector3 place) const {
    double cost = 0;
    const Vector3 donor_place = atom(donor).position;
    cells_.for_each_within(place, 3.6, [&](int i, double d2) {
      const AtomRef ref = refs_[i];
      if (ref.residue == donor.residue && ref.atom == donor.atom) return;
      const double d = std::sqrt(d2);
      const double straight = dot(unit(place - donor_place), unit(cells_.point(i) - place));
      const bool bonded_to_donor = squared_distance(cells_.point(i), donor_place) < 2.0 * 2.0;
      if (bonded_to_donor) return;
      if (is_metal(atom(ref).element))
        cost += d < 2.8 ? 4.0 : 0.0;
      else if (accepts(ref)) {
        if (straight > 0) cost -= straight * straight * std::exp(-std::pow((d - 1.9) / 0.45, 2));
        if (d < 1.5) cost += 4 * (1.5 - d);
      } else if (d < 2.4)
        cost += 4 * std::pow(2.4 - d, 2);
      for (const auto& hydrogen : model_.residues[ref.residue].hydrogens)
        if (hydrogen.heavy == ref.atom) {
          const double apart = distance(hydrogen.position, place);
          if (apart < 2.0) cost += 4 * std::pow(2.0 - apart, 2);
        }
    });
    return cost;
  }

  ProteinModel& model_;
  CellList cells_;
  std::vector<AtomRef> refs_;
  std::vector<Rotor> rotors_;
};

/// The oxygen of a neutral acid that carries the hydrogen: the one nearest to an acceptor elsewhere.
void choose_acid_oxygens(ProteinModel& model) {
  for (auto& residue : model.residues) {
    if ((residue.state != "ASH" && residue.state != "GLH") || !residue.protonated_atom.empty()) continue;
    const std::string_view first = residue.name == "ASP" ? "OD1" : "OE1",
                           second = residue.name == "ASP" ? "OD2" : "OE2";
    double nearest[2] = {1e9, 1e9};
    const ModelAtom* oxygens[2] = {residue.atom(first), residue.atom(second)};
    for (const auto& other : model.residues) {
      if (&other == &residue) continue;
      for (const auto& atom : other.atoms)
        for (int i = 0; i < 2; ++i)
          if (atom.element == 8 && oxygens[i])
            nearest[i] = std::min(nearest[i], distance(atom.position, oxygens[i]->position));
    }
    residue.protonated_atom = std::string(nearest[0] < nearest[1] ? first : second);
  }
}

}  // namespace

int hydrogen_count(const ModelResidue& residue, const AminoAcidAtom& planned) {
  const std::string_view name = planned.name;
  if (name == "N") {
    const int in_chain = residue.name == "PRO" ? 0 : 1;
    return in_chain + (residue.n_terminus ? 1 : 0) + (residue.charged_n_terminus ? 1 : 0);
  }
  if (residue.name == "HIS" && name == "ND1") return residue.state == "HID" || residue.state == "HIP";
  if (residue.name == "HIS" && name == "NE2") return residue.state != "HID";
  if (residue.name == "CYS" && name == "SG") return residue.state.empty() || residue.state == "CYS";
  if (residue.name == "LYS" && name == "NZ") return residue.state == "LYN" ? 2 : 3;
  if (residue.protonated_atom == name) return 1;
  return planned.hydrogens;
}

void add_hydrogens(ProteinModel& model) {
  choose_acid_oxygens(model);
  HydrogenBuilder(model).build();
}

}  // namespace theriac::chem
