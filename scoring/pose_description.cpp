#include "scoring/pose_description.hpp"

#include <algorithm>
#include <cmath>

#include "scoring/contact_geometry.hpp"
#include "scoring/ring_contact.hpp"
#include "scoring/sampled_pair_terms.hpp"

namespace theriac::scoring {
namespace {

using chem::Vector3;
using D = PoseDescriptor;

constexpr double squared_cutoff = interaction_cutoff * interaction_cutoff;
constexpr double farthest_touch = 4.6;        // angstrom: contacts but those of like charges are nearer
constexpr double farthest_like_charge = 6.0;  // angstrom

double count_of(std::size_t things) {
  return static_cast<double>(things);
}

}  // namespace

PoseDescription::PoseDescription(const ContactSites& sites, const ReceptorFeatures& site,
                                 const chem::FlexibleLigand& ligand, bool shares)
    : sites_(sites), site_(site), plan_(ligand_plan(ligand)), shares_(shares) {}

int PoseDescription::partner_of(ContactKind group) const {
  return static_cast<int>(sites_.residues().size()) + static_cast<int>(group);
}

PoseFeatures PoseDescription::of(const Pose& pose) {
  begin(pose);
  for (const auto& atom : plan_.atoms) describe_atom(atom);
  describe_receptor();
  describe_rings();
  describe_shape();
  describe_energy();
  return std::move(out_);
}

void PoseDescription::begin(const Pose& pose) {
  pose_ = &pose;
  moving_.clear();
  for (std::size_t r = 0; r < sites_.side_chains().size() && r < pose.flexible_residues.size(); ++r)
    for (std::size_t i = 0; i < sites_.side_chains()[r].size(); ++i) {
      ContactSite site = sites_.side_chains()[r][i];
      if (site.kind == ContactKind::none) continue;
      site.position = pose.flexible_residues[r][i];
      site.place = static_cast<int>(sites_.rigid().size() + moving_.size());
      moving_.push_back(site);
    }
  met_.assign(sites_.rigid().size() + moving_.size(), {});
  touched_.clear();
  least_burial_ = 99;
  vina_ = vinardo_ = {};
  out_ = {};
  out_.descriptors.assign(pose_descriptor_count, 0);
  out_.atoms.reserve(plan_.atoms.size());
}

const ContactSite& PoseDescription::site(int s) const {
  const int rigid = static_cast<int>(sites_.rigid().size());
  return s < rigid ? sites_.rigid()[s] : moving_[s - rigid];
}

void PoseDescription::find_near(Vector3 position) {
  sites_.near(position, near_);
  for (std::size_t m = 0; m < moving_.size(); ++m) {
    const double squared = squared_distance(position, moving_[m].position);
    if (squared < squared_cutoff) near_.push_back({static_cast<int>(sites_.rigid().size() + m), squared});
  }
}

void PoseDescription::describe_atom(const LigandPlan::Atom& atom) {
  const auto& x = pose_->coordinates;
  const Vector3 p = x[atom.index];
  Vector3 away;
  if (is_polar(atom.kind)) {
    std::vector<Vector3> bonded;
    for (const int n : atom.bonded) bonded.push_back(x[n]);
    away = outward(p, bonded);
  }
  find_near(p);
  const SampledPairTerms& terms = SampledPairTerms::shared();
  AtomEnvironment environment;
  environment.kind = atom.kind;
  double any_partner = 0, like = 0;
  double within6 = 0, within4 = 0, best_partner = 0;
  bool bridged = false;
  for (const auto& [s, squared] : near_) {
    const ContactSite& other = site(s);
    Met& met = met_[s];
    const double r = std::sqrt(squared);
    environment.count(other.kind, r);
    if (shares_) share_pair(atom.kind, other, r);
    const double surface = terms.add(atom.type, other.type, r, vina_, vinardo_);
    if (met.closest == 99) touched_.push_back(s);
    if (r < met.closest) met.closest = static_cast<float>(r);
    within6 += fading(r, 5.5, 6.5);
    if (r >= farthest_like_charge) continue;
    if (is_charged(atom.kind) && atom.kind == other.kind)
      add(D::like_charge, fading(r, 4.0, 6.0), other.residue);
    if (r >= farthest_touch) continue;
    within4 += fading(r, 3.8, 4.6);
    const bool pair_up = partners(atom.kind, other.kind);
    if (surface < (pair_up ? -1.1 : -0.5))
      add(D::clashes, other.kind == ContactKind::metal ? 0 : 1, other.residue);
    if (pair_up) {
      const Vector3 to = other.position - p;
      const double strength = fading(r, 3.1, 3.9);
      const double aimed = strength * directed(away, to) * directed(other.away, -1 * to);
      any_partner = std::max(any_partner, strength);
      add(D::hydrogen_bonds, strength, other.residue);
      add(D::directed_bonds, aimed, other.residue);
      if (is_charged(atom.kind) && is_charged(other.kind)) {
        add(D::salt_bridges, strength, other.residue);
        bridged = bridged || strength > 0.5;
      } else if (is_charged(atom.kind) || is_charged(other.kind)) {
        add(D::charged_bonds, aimed, other.residue);
      }
      if (other.kind == ContactKind::metal) {
        add(D::metal_bonds, fading(r, 2.5, 3.2), other.residue);
        if (atom.kind == ContactKind::anion) add(D::metal_anion, fading(r, 2.5, 3.2), other.residue);
        best_partner = std::max(best_partner, fading(r, 2.5, 3.2));
      }
      best_partner = std::max(best_partner, aimed);
      met.partner = std::max(met.partner, static_cast<float>(aimed));
    } else if (is_polar(atom.kind) && is_polar(other.kind)) {
      like = std::max(like, fading(r, 3.2, 4.0));
      add(D::like_polar, fading(r, 3.2, 4.0), other.residue);
    } else if (is_greasy(atom.kind) && is_polar(other.kind)) {
      add(D::greasy_polar, fading(r, 3.5, 4.5), other.residue);
    }
    if (atom.kind == ContactKind::sulphur && other.kind == ContactKind::metal)
      add(D::metal_bonds, fading(r, 2.7, 3.4), other.residue);
  }
  const double n = count_of(plan_.atoms.size());
  const double buried = std::clamp((within6 - 12) / 16, 0.0, 1.0);
  add(D::near_atoms, within4 / n);
  add(D::around_atoms, within6 / n);
  add(D::buried, buried);
  add(D::exposed, 1 - buried);
  if (is_greasy(atom.kind)) {
    add(D::exposed_greasy, 1 - buried);
    add(D::buried_greasy, buried);
  }
  least_burial_ = std::min(least_burial_, within6);
  if (is_polar(atom.kind)) add(D::lonely_polar, buried * (1 - best_partner), partner_of(atom.kind));
  if (is_charged(atom.kind) && !bridged)
    add(D::lonely_charge, buried * (1 - best_partner), partner_of(atom.kind));
  float* extra = &environment.counts[contact_kind_count * contact_shells];
  extra[0] = static_cast<float>(any_partner);
  extra[1] = static_cast<float>(best_partner);
  extra[2] = static_cast<float>(like);
  extra[3] = static_cast<float>(buried);
  extra[4] = static_cast<float>(0.25 * count_of(atom.bonded.size()));
  out_.atoms.push_back(environment);
}

void PoseDescription::share_pair(ContactKind ours, const ContactSite& other, double r) {
  const auto shell = AtomEnvironment::shell_of(r);
  const int column = static_cast<int>(pose_descriptor_count) + static_cast<int>(ours) * environment_size +
                     static_cast<int>(other.kind) * contact_shells + shell.knot;
  out_.shares.push_back({column, other.residue, static_cast<float>(1 - shell.beyond)});
  if (shell.knot + 1 < contact_shells)
    out_.shares.push_back({column + 1, other.residue, static_cast<float>(shell.beyond)});
}

void PoseDescription::describe_receptor() {
  // sums in the order of the file
  std::sort(touched_.begin(), touched_.end(), [&](int a, int b) { return site(a).place < site(b).place; });
  for (const int s : touched_) {
    const ContactSite& other = site(s);
    const Met& met = met_[s];
    add(D::receptor_atoms, fading(met.closest, 4.0, 5.0));
    if (is_polar(other.kind)) {
      const double covered = fading(met.closest, 3.6, 4.4) * (1 - met.partner);
      add(D::lonely_receptor, covered, other.residue);
      if (is_charged(other.kind)) add(D::lonely_receptor_charge, covered, other.residue);
    }
    if (other.kind == ContactKind::metal) add(D::metal_missed, met.closest > 3.0 ? 1 : 0, other.residue);
  }
  add(D::least_burial, least_burial_);
}

void PoseDescription::describe_rings() {
  for (const auto& contact : ring_contacts(plan_, pose_->coordinates, site_))
    add(contact.kind, contact.strength, sites_.residue_of(contact.receptor_atom));
}

void PoseDescription::describe_shape() {
  const auto& x = pose_->coordinates;
  for (const auto& t : plan_.torsions) {
    const double c = cosine_of_torsion(x[t.a], x[t.b], x[t.c], x[t.d]);
    if (t.planar)
      add(D::strain_sp2, 1 - c * c);
    else
      add(D::strain_sp3, 0.5 * (1 + 4 * c * c * c - 3 * c));  // (1 + cos 3 phi) / 2
  }
  Vector3 centre;
  const double n = count_of(plan_.atoms.size());
  for (const auto& a : plan_.atoms) centre = centre + (1 / n) * x[a.index];
  double sum = 0;
  for (const auto& a : plan_.atoms) sum += squared_distance(x[a.index], centre);
  add(D::radius, std::sqrt(sum / n));
  add(D::heavy_atoms, n);
  add(D::torsions, count_of(plan_.torsions.size()));
}

void PoseDescription::describe_energy() {
  add(D::gauss1, vina_.gauss1);
  add(D::gauss2, vina_.gauss2);
  add(D::repulsion, vina_.repulsion);
  add(D::hydrophobic, vina_.hydrophobic);
  add(D::hydrogen_bond, vina_.hydrogen_bond);
  add(D::inter, pose_->terms.inter);
  add(D::intra, pose_->terms.intra);
  add(D::vinardo_gauss, vinardo_.gauss1);
  add(D::vinardo_repulsion, vinardo_.repulsion);
  add(D::vinardo_hydrophobic, vinardo_.hydrophobic);
  add(D::vinardo_hydrogen_bond, vinardo_.hydrogen_bond);
  add(D::vinardo, vinardo_.sum());
}

}  // namespace theriac::scoring
