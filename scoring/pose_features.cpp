#include "scoring/pose_features.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "chem/autodock_type.hpp"
#include "chem/ligand_features.hpp"
#include "scoring/pair_potential.hpp"
#include "scoring/portable_math.hpp"

namespace theriac::scoring {
namespace {

using chem::FlexibleLigand;
using chem::Vector3;

constexpr double cell_size = 4.0;
constexpr double squared_cutoff = interaction_cutoff * interaction_cutoff;

/// From the bonded atoms outwards; zero where they cancel.
Vector3 outward(const Vector3& at, const std::vector<Vector3>& bonded) {
  Vector3 sum;
  for (const auto& b : bonded) sum = sum + (1 / std::max(distance(at, b), 1e-6)) * (at - b);
  const double length = norm(sum);
  return length > 0.2 ? (1 / length) * sum : Vector3{};
}

/// 1 for a partner straight ahead, 0 for one more than 90 degrees aside; 1 where no direction is known.
double directed(const Vector3& away, const Vector3& to) {
  const double length = norm(to);
  if (dot(away, away) < 0.5 || length < 1e-6) return 1;
  return std::clamp(dot(away, to) / length / 0.7, 0.0, 1.0);
}

/// 1 up to `full`, 0 from `none` on.
double fading(double r, double full, double none) {
  return std::clamp((none - r) / (none - full), 0.0, 1.0);
}

/// The bells of the pair terms, exp(-(d / width)^2), sampled every 0.01 angstrom of surface distance and
/// interpolated: off by less than 1e-3 of their height.
struct Bells {
  static constexpr double first = -6, per_angstrom = 100;
  static constexpr int samples = 1601;
  std::vector<float> gauss1, gauss2, vinardo;

  Bells() {
    const PairWeights &w = pair_weights(ScoringFunction::vina), &u = pair_weights(ScoringFunction::vinardo);
    for (int i = 0; i < samples; ++i) {
      const double d = first + i / per_angstrom;
      const auto bell = [](double x) { return static_cast<float>(portable_exp(-x * x)); };
      gauss1.push_back(bell(d / w.gauss1_width));
      gauss2.push_back(bell((d - w.gauss2_offset) / w.gauss2_width));
      vinardo.push_back(bell(d / u.gauss1_width));
    }
  }
  static const Bells& shared() {
    static const Bells bells;
    return bells;
  }
  static double at(const std::vector<float>& bell, double d) {
    const double place = std::clamp((d - first) * per_angstrom, 0.0, samples - 1.001);
    const auto i = static_cast<std::size_t>(place);
    return bell[i] + (place - static_cast<double>(i)) * (bell[i + 1] - bell[i]);
  }
};

enum Descriptor {
  d_gauss1,
  d_gauss2,
  d_repulsion,
  d_hydrophobic,
  d_hydrogen_bond,
  d_inter,
  d_intra,
  d_vinardo_gauss,
  d_vinardo_repulsion,
  d_vinardo_hydrophobic,
  d_vinardo_hydrogen_bond,
  d_vinardo,
  d_energy_gap,
  d_vinardo_gap,
  d_scaled_gap,
  d_scaled_vinardo_gap,
  d_intra_gap,
  d_near_atoms,
  d_around_atoms,
  d_buried,
  d_exposed,
  d_exposed_greasy,
  d_buried_greasy,
  d_least_burial,
  d_hydrogen_bonds,
  d_directed_bonds,
  d_salt_bridges,
  d_charged_bonds,
  d_lonely_polar,
  d_lonely_charge,
  d_lonely_receptor,
  d_lonely_receptor_charge,
  d_like_polar,
  d_like_charge,
  d_greasy_polar,
  d_metal_bonds,
  d_metal_anion,
  d_metal_missed,
  d_stacked,
  d_edged,
  d_cation_pi,
  d_clashes,
  d_strain_sp3,
  d_strain_sp2,
  d_radius,
  d_receptor_atoms,
  d_heavy_atoms,
  d_torsions,
  descriptor_count
};

const char* const descriptor_names[descriptor_count] = {"gauss1",
                                                        "gauss2",
                                                        "repulsion",
                                                        "hydrophobic",
                                                        "hydrogen_bond",
                                                        "inter",
                                                        "intra",
                                                        "vinardo_gauss",
                                                        "vinardo_repulsion",
                                                        "vinardo_hydrophobic",
                                                        "vinardo_hydrogen_bond",
                                                        "vinardo",
                                                        "energy_gap",
                                                        "vinardo_gap",
                                                        "scaled_gap",
                                                        "scaled_vinardo_gap",
                                                        "intra_gap",
                                                        "near_atoms",
                                                        "around_atoms",
                                                        "buried",
                                                        "exposed",
                                                        "exposed_greasy",
                                                        "buried_greasy",
                                                        "least_burial",
                                                        "hydrogen_bonds",
                                                        "directed_bonds",
                                                        "salt_bridges",
                                                        "charged_bonds",
                                                        "lonely_polar",
                                                        "lonely_charge",
                                                        "lonely_receptor",
                                                        "lonely_receptor_charge",
                                                        "like_polar",
                                                        "like_charge",
                                                        "greasy_polar",
                                                        "metal_bonds",
                                                        "metal_anion",
                                                        "metal_missed",
                                                        "stacked",
                                                        "edged",
                                                        "cation_pi",
                                                        "clashes",
                                                        "strain_sp3",
                                                        "strain_sp2",
                                                        "radius",
                                                        "receptor_atoms",
                                                        "heavy_atoms",
                                                        "torsions"};

/// The part of a ligand that is the same in every pose.
struct LigandPlan {
  struct Atom {
    int index;  // in the FlexibleLigand
    AtomType type;
    ContactKind kind;
    int heavy_neighbours;
  };
  struct Torsion {
    int a, b, c, d;
    bool planar;  // both ends flat: the torsion prefers 0 or 180 degrees
  };
  chem::LigandFeatures features;
  std::vector<Atom> atoms;  // heavy
  std::vector<Torsion> torsions;
  double torsion_divisor = 1;
};

/// A heavy neighbour of `of` other than `not_this`, or -1: the first in the order of the atoms.
int heavy_neighbour(const FlexibleLigand& ligand, const chem::LigandFeatures& features, int of,
                    int not_this) {
  for (const int n : features.neighbours[of])
    if (n != not_this && ligand.atoms[n].element > 1) return n;
  return -1;
}

bool is_flat(const FlexibleLigand& ligand, const chem::LigandFeatures& features, int atom) {
  const auto bonded = features.neighbours[atom].size();
  const int element = ligand.atoms[atom].element;
  return ligand.atoms[atom].autodock_type == "A" || (element == 6 && bonded == 3);
}

bool is_tetrahedral(const FlexibleLigand& ligand, const chem::LigandFeatures& features, int atom) {
  return ligand.atoms[atom].element == 6 && features.neighbours[atom].size() == 4;
}

LigandPlan plan_of(const FlexibleLigand& ligand) {
  LigandPlan plan;
  plan.features = chem::ligand_features(ligand);
  const auto types = atom_types(ligand);
  std::vector<char> aromatic(ligand.atoms.size()), charged(ligand.atoms.size());
  for (std::size_t i = 0; i < ligand.atoms.size(); ++i) aromatic[i] = ligand.atoms[i].autodock_type == "A";
  for (const auto& group : plan.features.charged_groups)
    for (const int i : group.atoms) charged[i] = 1;
  const auto heavy_neighbours = [&](int i) {
    const auto& bonded = plan.features.neighbours[i];
    return static_cast<int>(
        std::count_if(bonded.begin(), bonded.end(), [&](int n) { return ligand.atoms[n].element > 1; }));
  };
  for (int i = 0; i < static_cast<int>(ligand.atoms.size()); ++i) {
    const ContactKind kind = contact_kind(ligand.atoms[i].element, types[i], aromatic[i], charged[i]);
    if (kind != ContactKind::none) plan.atoms.push_back({i, types[i], kind, heavy_neighbours(i)});
  }
  for (const auto& fragment : ligand.fragments) {
    if (fragment.parent < 0) continue;
    const int b = fragment.axis_begin, c = fragment.axis_end;
    const int a = heavy_neighbour(ligand, plan.features, b, c),
              d = heavy_neighbour(ligand, plan.features, c, b);
    if (a < 0 || d < 0) continue;
    if (is_flat(ligand, plan.features, b) && is_flat(ligand, plan.features, c))
      plan.torsions.push_back({a, b, c, d, true});
    else if (is_tetrahedral(ligand, plan.features, b) && is_tetrahedral(ligand, plan.features, c))
      plan.torsions.push_back({a, b, c, d, false});
  }
  return plan;
}

double cosine_of_torsion(Vector3 a, Vector3 b, Vector3 c, Vector3 d) {
  const Vector3 p = cross(b - a, c - b), q = cross(c - b, d - c);
  return std::clamp(dot(p, q) / std::max(norm(p) * norm(q), 1e-12), -1.0, 1.0);
}

}  // namespace

const std::vector<std::string>& pose_descriptor_names() {
  static const std::vector<std::string> names(descriptor_names, descriptor_names + descriptor_count);
  return names;
}

double rotors(const PoseFeatures& pose) {
  return pose.descriptors[d_torsions];
}

PoseFeaturizer::PoseFeaturizer(const chem::Receptor& receptor)
    : receptor_(receptor), site_(receptor_features(receptor)) {
  const auto types = atom_types(receptor);
  std::vector<char> charged(receptor.atoms.size()), ring(receptor.atoms.size());
  for (const auto& group : site_.charges) {
    // a histidine is neutral unless both nitrogens carry hydrogens
    if (receptor.atoms[group.atoms.front()].residue_name == "HIS" && !receptor.atoms.empty()) {
      const bool both = std::all_of(group.atoms.begin(), group.atoms.end(), [&](int i) {
        return std::any_of(site_.neighbours[i].begin(), site_.neighbours[i].end(),
                           [&](int n) { return receptor.atoms[n].element == 1; });
      });
      if (!both) continue;
    }
    for (const int i : group.atoms) charged[i] = 1;
  }
  for (const auto& r : site_.rings)
    for (const int i : r.atoms) ring[i] = 1;
  std::vector<char> donor(receptor.atoms.size());
  for (const auto& d : site_.donors) donor[d.atom] = 1;
  Vector3 high;
  for (std::size_t i = 0; i < receptor.atoms.size(); ++i) {
    const auto& atom = receptor.atoms[i];
    ContactKind kind = contact_kind(atom.element, types[i], ring[i] || atom.autodock_type == "A", charged[i]);
    if (kind == ContactKind::none) continue;
    if (kind == ContactKind::acceptor && donor[i]) kind = ContactKind::donor;
    if (kind == ContactKind::carbonyl && donor[i]) kind = ContactKind::hydroxyl;
    std::vector<Vector3> bonded;
    for (const int n : site_.neighbours[i])
      if (receptor.atoms[n].element > 1) bonded.push_back(receptor.atoms[n].position);
    sites_.push_back({atom.position, outward(atom.position, bonded), types[i], kind});
    for (int k = 0; k < 3; ++k) {
      if (sites_.size() == 1 || atom.position[k] < low_[k]) low_[k] = atom.position[k];
      if (sites_.size() == 1 || atom.position[k] > high[k]) high[k] = atom.position[k];
    }
  }
  for (int k = 0; k < 3; ++k) cells_[k] = static_cast<int>((high[k] - low_[k]) / cell_size) + 1;
  cell_sites_.resize(static_cast<std::size_t>(cells_[0]) * cells_[1] * cells_[2]);
  for (std::size_t s = 0; s < sites_.size(); ++s) {
    std::size_t cell = 0;
    for (int k = 0; k < 3; ++k)
      cell = cell * cells_[k] + static_cast<std::size_t>((sites_[s].position[k] - low_[k]) / cell_size);
    cell_sites_[cell].push_back(static_cast<int>(s));
  }
  const auto flexible = flexible_atom_types(receptor);
  for (std::size_t r = 0; r < flexible.size(); ++r) {
    const auto& chain = receptor.flexible_residues[r].chain;
    const auto features = chem::ligand_features(chain);
    std::vector<char> chain_charged(chain.atoms.size());
    for (const auto& group : features.charged_groups)
      for (const int i : group.atoms) chain_charged[i] = 1;
    side_chains_.emplace_back();
    for (std::size_t i = 0; i < chain.atoms.size(); ++i) {
      Site site;
      site.type = flexible[r][i];
      site.kind = contact_kind(chain.atoms[i].element, site.type, chain.atoms[i].autodock_type == "A",
                               chain_charged[i]);
      side_chains_.back().push_back(site);
    }
  }
}

void PoseFeaturizer::near(Vector3 p, std::vector<int>& found) const {
  found.clear();
  if (sites_.empty()) return;
  int first[3], last[3];
  for (int k = 0; k < 3; ++k) {
    const auto cell = [&](double x) {
      return static_cast<int>(std::floor(std::clamp((x - low_[k]) / cell_size, -1e6, 1e6)));
    };
    first[k] = std::max(0, cell(p[k] - interaction_cutoff));
    last[k] = std::min(cells_[k] - 1, cell(p[k] + interaction_cutoff));
  }
  for (int x = first[0]; x <= last[0]; ++x)
    for (int y = first[1]; y <= last[1]; ++y)
      for (int z = first[2]; z <= last[2]; ++z)
        for (const int s : cell_sites_[(static_cast<std::size_t>(x) * cells_[1] + y) * cells_[2] + z])
          if (squared_distance(p, sites_[s].position) < squared_cutoff) found.push_back(s);
}

/// One pose being described.
class PoseFeaturizer::Description {
 public:
  Description(const PoseFeaturizer& of, const LigandPlan& plan, const Pose& pose)
      : of_(of), plan_(plan), pose_(pose), sites_(of.sites_) {
    out_.descriptors.assign(descriptor_count, 0);
    for (int t = 0; t < atom_type_count; ++t) {
      vina_radius_[t] = radius(static_cast<AtomType>(t), ScoringFunction::vina);
      vinardo_radius_[t] = radius(static_cast<AtomType>(t), ScoringFunction::vinardo);
    }
    for (std::size_t r = 0; r < of.side_chains_.size() && r < pose.flexible_residues.size(); ++r)
      for (std::size_t i = 0; i < of.side_chains_[r].size(); ++i) {
        Site site = of.side_chains_[r][i];
        if (site.kind == ContactKind::none) continue;
        site.position = pose.flexible_residues[r][i];
        moving_.push_back(site);
      }
    closest_.assign(sites_.size() + moving_.size(), 99);
    partner_.assign(closest_.size(), 0);
  }

  PoseFeatures run() {
    for (const auto& atom : plan_.atoms) describe_atom(atom);
    describe_receptor();
    describe_rings();
    describe_strain();
    describe_energy();
    add(d_heavy_atoms, static_cast<double>(plan_.atoms.size()));
    add(d_torsions, static_cast<double>(plan_.torsions.size()));
    return std::move(out_);
  }

 private:
  void add(Descriptor d, double value) { out_.descriptors[d] += static_cast<float>(value); }

  const Site& site(std::size_t s) const { return s < sites_.size() ? sites_[s] : moving_[s - sites_.size()]; }

  Vector3 ligand_outward(int atom) const {
    bonded_.clear();
    for (const int n : plan_.features.neighbours[atom])
      if (pose_elements_heavy(n)) bonded_.push_back(pose_.coordinates[n]);
    return outward(pose_.coordinates[atom], bonded_);
  }
  bool pose_elements_heavy(int atom) const {
    return heavy_.empty() ? (fill_heavy(), heavy_[atom] != 0) : heavy_[atom] != 0;
  }
  void fill_heavy() const {
    heavy_.assign(pose_.coordinates.size(), 0);
    for (const auto& a : plan_.atoms) heavy_[a.index] = 1;
  }

  void count_pair(AtomEnvironment& atom, ContactKind theirs, double r) {
    float* row = &atom.counts[static_cast<std::size_t>(theirs) * contact_shells];
    if (r <= contact_knots.front()) {
      row[0] += 1;
      return;
    }
    std::size_t k = 0;
    while (r > contact_knots[k + 1]) ++k;
    const double t = (r - contact_knots[k]) / (contact_knots[k + 1] - contact_knots[k]);
    row[k] += static_cast<float>(1 - t);
    if (k + 1 < static_cast<std::size_t>(contact_shells)) row[k + 1] += static_cast<float>(t);
  }

  void describe_atom(const LigandPlan::Atom& atom) {
    const Vector3 p = pose_.coordinates[atom.index];
    const Vector3 away = is_polar(atom.kind) ? ligand_outward(atom.index) : Vector3{};
    of_.near(p, near_);
    for (std::size_t m = 0; m < moving_.size(); ++m)
      if (squared_distance(p, moving_[m].position) < squared_cutoff)
        near_.push_back(static_cast<int>(sites_.size() + m));
    AtomEnvironment environment;
    environment.kind = atom.kind;
    double any_partner = 0, like = 0;
    double within6 = 0, within4 = 0, best_partner = 0;
    bool bridged = false;
    for (const int s : near_) {
      const Site& other = site(static_cast<std::size_t>(s));
      const Vector3 to = other.position - p;
      const double r = norm(to);
      count_pair(environment, other.kind, r);
      add_terms(atom.type, other.type, r);
      within6 += fading(r, 5.5, 6.5);
      within4 += fading(r, 3.8, 4.6);
      if (r < closest_[s]) closest_[s] = static_cast<float>(r);
      const double surface = r - vina_radius_[index(atom.type)] - vina_radius_[index(other.type)];
      const bool pair_up = partners(atom.kind, other.kind);
      if (surface < (pair_up ? -1.1 : -0.5)) add(d_clashes, other.kind == ContactKind::metal ? 0 : 1);
      if (pair_up) {
        const double strength = fading(r, 3.1, 3.9);
        const double aimed = strength * directed(away, to) * directed(other.away, -1 * to);
        any_partner = std::max(any_partner, strength);
        add(d_hydrogen_bonds, strength);
        add(d_directed_bonds, aimed);
        if (is_charged(atom.kind) && is_charged(other.kind)) {
          add(d_salt_bridges, strength);
          bridged = bridged || strength > 0.5;
        } else if (is_charged(atom.kind) || is_charged(other.kind)) {
          add(d_charged_bonds, aimed);
        }
        if (other.kind == ContactKind::metal) {
          add(d_metal_bonds, fading(r, 2.5, 3.2));
          if (atom.kind == ContactKind::anion) add(d_metal_anion, fading(r, 2.5, 3.2));
          best_partner = std::max(best_partner, fading(r, 2.5, 3.2));
        }
        best_partner = std::max(best_partner, aimed);
        partner_[s] = std::max(partner_[s], static_cast<float>(aimed));
      } else if (is_polar(atom.kind) && is_polar(other.kind)) {
        like = std::max(like, fading(r, 3.2, 4.0));
        add(d_like_polar, fading(r, 3.2, 4.0));
        if (is_charged(atom.kind) && atom.kind == other.kind) add(d_like_charge, fading(r, 4.0, 6.0));
      } else if (is_greasy(atom.kind) && is_polar(other.kind)) {
        add(d_greasy_polar, fading(r, 3.5, 4.5));
      }
      if (atom.kind == ContactKind::sulphur && other.kind == ContactKind::metal)
        add(d_metal_bonds, fading(r, 2.7, 3.4));
    }
    const double n = static_cast<double>(plan_.atoms.size());
    const double buried = std::clamp((within6 - 12) / 16, 0.0, 1.0);
    add(d_near_atoms, within4 / n);
    add(d_around_atoms, within6 / n);
    add(d_buried, buried);
    add(d_exposed, 1 - buried);
    if (is_greasy(atom.kind)) {
      add(d_exposed_greasy, 1 - buried);
      add(d_buried_greasy, buried);
    }
    least_burial_ = std::min(least_burial_, within6);
    if (is_polar(atom.kind)) add(d_lonely_polar, buried * (1 - best_partner));
    if (is_charged(atom.kind) && !bridged) add(d_lonely_charge, buried * (1 - best_partner));
    float* extra = &environment.counts[contact_kind_count * contact_shells];
    extra[0] = static_cast<float>(any_partner);
    extra[1] = static_cast<float>(best_partner);
    extra[2] = static_cast<float>(like);
    extra[3] = static_cast<float>(buried);
    extra[4] = static_cast<float>(0.25 * atom.heavy_neighbours);
    out_.atoms.push_back(environment);
  }

  void add_terms(AtomType a, AtomType b, double r) {
    const double d = r - vina_radius_[index(a)] - vina_radius_[index(b)],
                 e = r - vinardo_radius_[index(a)] - vinardo_radius_[index(b)];
    const Bells& bells = Bells::shared();
    const PairWeights &w = pair_weights(ScoringFunction::vina), &u = pair_weights(ScoringFunction::vinardo);
    vina_.gauss1 += w.gauss1_weight * Bells::at(bells.gauss1, d);
    vina_.gauss2 += w.gauss2_weight * Bells::at(bells.gauss2, d);
    vinardo_.gauss1 += u.gauss1_weight * Bells::at(bells.vinardo, e);
    if (d < 0) vina_.repulsion += w.repulsion_weight * d * d;
    if (e < 0) vinardo_.repulsion += u.repulsion_weight * e * e;
    if (is_hydrophobic(a) && is_hydrophobic(b)) {
      vina_.hydrophobic += w.hydrophobic_weight * fading(d, w.hydrophobic_good, w.hydrophobic_bad);
      vinardo_.hydrophobic += u.hydrophobic_weight * fading(e, u.hydrophobic_good, u.hydrophobic_bad);
    }
    if (can_hydrogen_bond(a, b)) {
      vina_.hydrogen_bond += w.hydrogen_bond_weight * fading(d, w.hydrogen_bond_good, w.hydrogen_bond_bad);
      vinardo_.hydrogen_bond += u.hydrogen_bond_weight * fading(e, u.hydrogen_bond_good, u.hydrogen_bond_bad);
    }
  }
  static std::size_t index(AtomType type) { return static_cast<std::size_t>(type); }

  void describe_receptor() {
    for (std::size_t s = 0; s < closest_.size(); ++s) {
      if (closest_[s] > 8) continue;
      const Site& other = site(s);
      add(d_receptor_atoms, fading(closest_[s], 4.0, 5.0));
      if (is_polar(other.kind)) {
        const double covered = fading(closest_[s], 3.6, 4.4) * (1 - partner_[s]);
        add(d_lonely_receptor, covered);
        if (is_charged(other.kind)) add(d_lonely_receptor_charge, covered);
      }
      if (other.kind == ContactKind::metal) add(d_metal_missed, closest_[s] > 3.0 ? 1 : 0);
    }
    add(d_least_burial, least_burial_);
  }

  void describe_rings() {
    struct Ring {
      Vector3 centre, normal;
    };
    std::vector<Ring> rings;
    for (const auto& atoms : plan_.features.aromatic_rings) {
      Ring ring{};
      for (const int i : atoms)
        ring.centre = ring.centre + (1.0 / static_cast<double>(atoms.size())) * pose_.coordinates[i];
      for (std::size_t k = 0; k < atoms.size(); ++k)
        ring.normal = ring.normal + cross(pose_.coordinates[atoms[k]] - ring.centre,
                                          pose_.coordinates[atoms[(k + 1) % atoms.size()]] - ring.centre);
      ring.normal = (1 / std::max(norm(ring.normal), 1e-9)) * ring.normal;
      rings.push_back(ring);
    }
    const auto lifted = [](const Vector3& from, const Vector3& normal, const Vector3& to) {
      const Vector3 d = to - from;
      const double height = std::abs(dot(d, normal));
      return std::sqrt(std::max(0.0, dot(d, d) - height * height));  // offset in the plane
    };
    for (const auto& ring : rings) {
      for (const auto& other : of_.site_.rings) {
        const double r = distance(ring.centre, other.centre);
        if (r > 6.5) continue;
        const double parallel = std::abs(dot(ring.normal, other.normal));
        const double offset = std::min(lifted(ring.centre, ring.normal, other.centre),
                                       lifted(other.centre, other.normal, ring.centre));
        const double near = fading(r, 4.8, 6.2) * fading(offset, 1.8, 2.8);
        add(d_stacked, near * fading(1 - parallel, 0.1, 0.4));
        add(d_edged, near * fading(parallel, 0.3, 0.6));
      }
      for (const auto& charge : of_.site_.charges) {
        if (charge.charge < 0) continue;
        const double r = distance(ring.centre, charge.centre);
        if (r < 6.5)
          add(d_cation_pi,
              fading(r, 5.0, 6.2) * fading(lifted(ring.centre, ring.normal, charge.centre), 1.8, 2.8));
      }
    }
    for (const auto& group : plan_.features.charged_groups) {
      if (group.charge < 0) continue;
      Vector3 centre;
      for (const int i : group.atoms)
        centre = centre + (1.0 / static_cast<double>(group.atoms.size())) * pose_.coordinates[i];
      for (const auto& other : of_.site_.rings) {
        const double r = distance(centre, other.centre);
        if (r < 6.5)
          add(d_cation_pi,
              fading(r, 5.0, 6.2) * fading(lifted(other.centre, other.normal, centre), 1.8, 2.8));
      }
    }
  }

  void describe_strain() {
    const auto& x = pose_.coordinates;
    for (const auto& t : plan_.torsions) {
      const double c = cosine_of_torsion(x[t.a], x[t.b], x[t.c], x[t.d]);
      if (t.planar)
        add(d_strain_sp2, 1 - c * c);
      else
        add(d_strain_sp3, 0.5 * (1 + 4 * c * c * c - 3 * c));  // (1 + cos 3 phi) / 2
    }
    Vector3 centre;
    const double n = static_cast<double>(plan_.atoms.size());
    for (const auto& a : plan_.atoms) centre = centre + (1 / n) * x[a.index];
    double sum = 0;
    for (const auto& a : plan_.atoms) sum += squared_distance(x[a.index], centre);
    add(d_radius, std::sqrt(sum / n));
  }

  void describe_energy() {
    add(d_gauss1, vina_.gauss1);
    add(d_gauss2, vina_.gauss2);
    add(d_repulsion, vina_.repulsion);
    add(d_hydrophobic, vina_.hydrophobic);
    add(d_hydrogen_bond, vina_.hydrogen_bond);
    add(d_inter, pose_.terms.inter);
    add(d_intra, pose_.terms.intra);
    add(d_vinardo_gauss, vinardo_.gauss1);
    add(d_vinardo_repulsion, vinardo_.repulsion);
    add(d_vinardo_hydrophobic, vinardo_.hydrophobic);
    add(d_vinardo_hydrogen_bond, vinardo_.hydrogen_bond);
    add(d_vinardo, vinardo_.sum());
  }

  const PoseFeaturizer& of_;
  const LigandPlan& plan_;
  const Pose& pose_;
  const std::vector<Site>& sites_;
  std::vector<Site> moving_;
  std::vector<float> closest_, partner_;  // per site
  std::vector<int> near_;
  mutable std::vector<Vector3> bonded_;
  mutable std::vector<char> heavy_;
  std::array<double, atom_type_count> vina_radius_, vinardo_radius_;
  double least_burial_ = 99;
  PairTerms vina_, vinardo_;
  PoseFeatures out_;
};

std::vector<PoseFeatures> PoseFeaturizer::features(const FlexibleLigand& ligand,
                                                   const std::vector<Pose>& poses) const {
  const LigandPlan plan = plan_of(ligand);
  std::vector<PoseFeatures> out;
  for (const auto& pose : poses) out.push_back(Description(*this, plan, pose).run());
  const auto gap = [&](Descriptor to, auto value) {
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < out.size(); ++i) best = std::min(best, value(i));
    for (std::size_t i = 0; i < out.size(); ++i) out[i].descriptors[to] = static_cast<float>(value(i) - best);
  };
  const auto energy = [&](std::size_t i) { return poses[i].terms.inter + poses[i].terms.intra; };
  const auto vinardo = [&](std::size_t i) { return out[i].descriptors[d_vinardo] + poses[i].terms.intra; };
  gap(d_energy_gap, energy);
  gap(d_vinardo_gap, vinardo);
  gap(d_scaled_gap, [&](std::size_t i) { return energy(i) / poses[i].terms.torsion_divisor; });
  gap(d_scaled_vinardo_gap, [&](std::size_t i) { return vinardo(i) / poses[i].terms.torsion_divisor; });
  gap(d_intra_gap, [&](std::size_t i) { return poses[i].terms.intra; });
  return out;
}

}  // namespace theriac::scoring
