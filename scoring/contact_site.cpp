#include "scoring/contact_site.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "chem/ligand_features.hpp"
#include "scoring/contact_geometry.hpp"
#include "scoring/pair_potential.hpp"

namespace theriac::scoring {
namespace {

using chem::Receptor;
using chem::Vector3;

constexpr double bin_size = 4.0;
constexpr double squared_cutoff = interaction_cutoff * interaction_cutoff;

/// A histidine is neutral unless both nitrogens carry hydrogens.
bool is_neutral_histidine(const Receptor& receptor, const ReceptorFeatures& features,
                          const ReceptorCharge& group) {
  if (receptor.atoms[group.atoms.front()].residue_name != "HIS") return false;
  return !std::all_of(group.atoms.begin(), group.atoms.end(), [&](int i) {
    return std::any_of(features.neighbours[i].begin(), features.neighbours[i].end(),
                       [&](int n) { return receptor.atoms[n].element == 1; });
  });
}

/// "Gly216" of "GLY" and 216.
std::string written(const std::string& name, const chem::ResidueId& id, bool with_chain) {
  std::string out = with_chain ? id.chain + ":" : std::string();
  for (std::size_t i = 0; i < name.size(); ++i)
    out += i == 0 ? name[i] : static_cast<char>(std::tolower(static_cast<unsigned char>(name[i])));
  out += std::to_string(id.number);
  return id.insertion_code == ' ' ? out : out + id.insertion_code;
}

}  // namespace

void ContactSites::name_residues(const Receptor& receptor) {
  std::set<std::string> chains;
  for (const auto& atom : receptor.atoms) chains.insert(atom.residue.chain);
  for (const auto& residue : receptor.flexible_residues) chains.insert(residue.residue.chain);
  const bool with_chain = chains.size() > 1;
  std::map<std::string, int> known;
  const auto place = [&](const std::string& name, const chem::ResidueId& id) {
    const auto [at, is_new] = known.emplace(name + " " + id.text(), static_cast<int>(residues_.size()));
    if (is_new) residues_.push_back(written(name, id, with_chain));
    return at->second;
  };
  for (const auto& atom : receptor.atoms) residue_of_.push_back(place(atom.residue_name, atom.residue));
  for (const auto& residue : receptor.flexible_residues) {
    const int at = place(residue.residue_name, residue.residue);
    side_chains_.emplace_back(residue.chain.atoms.size());
    for (auto& site : side_chains_.back()) site.residue = at;
  }
}

void ContactSites::add_rigid_sites(const Receptor& receptor, const ReceptorFeatures& features) {
  const auto types = atom_types(receptor);
  std::vector<char> charged(receptor.atoms.size()), ring(receptor.atoms.size()), donor(receptor.atoms.size());
  for (const auto& group : features.charges)
    if (!is_neutral_histidine(receptor, features, group))
      for (const int i : group.atoms) charged[i] = 1;
  for (const auto& r : features.rings)
    for (const int i : r.atoms) ring[i] = 1;
  for (const auto& d : features.donors) donor[d.atom] = 1;
  for (std::size_t i = 0; i < receptor.atoms.size(); ++i) {
    const auto& atom = receptor.atoms[i];
    ContactKind kind = contact_kind(atom.element, types[i], ring[i] || atom.autodock_type == "A", charged[i]);
    if (kind == ContactKind::none) continue;
    if (kind == ContactKind::acceptor && donor[i]) kind = ContactKind::donor;
    if (kind == ContactKind::carbonyl && donor[i]) kind = ContactKind::hydroxyl;
    std::vector<Vector3> bonded;
    for (const int n : features.neighbours[i])
      if (receptor.atoms[n].element > 1) bonded.push_back(receptor.atoms[n].position);
    rigid_.push_back({atom.position, outward(atom.position, bonded), types[i], kind,
                      static_cast<int>(rigid_.size()), residue_of_[i]});
  }
}

void ContactSites::add_side_chains(const Receptor& receptor) {
  if (receptor.flexible_residues.empty()) return;
  const auto types = flexible_atom_types(receptor);
  for (std::size_t r = 0; r < types.size(); ++r) {
    const auto& chain = receptor.flexible_residues[r].chain;
    std::vector<char> charged(chain.atoms.size());
    for (const auto& group : chem::ligand_features(chain).charged_groups)
      for (const int i : group.atoms) charged[i] = 1;
    for (std::size_t i = 0; i < chain.atoms.size(); ++i) {
      ContactSite& site = side_chains_[r][i];
      site.type = types[r][i];
      site.kind =
          contact_kind(chain.atoms[i].element, site.type, chain.atoms[i].autodock_type == "A", charged[i]);
    }
  }
}

ContactSites::ContactSites(const Receptor& receptor, const ReceptorFeatures& features) {
  name_residues(receptor);
  add_rigid_sites(receptor, features);
  add_side_chains(receptor);
  sort_into_bins();
}

void ContactSites::sort_into_bins() {
  if (rigid_.empty()) return;
  low_ = rigid_.front().position;
  Vector3 high = low_;
  for (const auto& site : rigid_)
    for (int k = 0; k < 3; ++k) {
      low_[k] = std::min(low_[k], site.position[k]);
      high[k] = std::max(high[k], site.position[k]);
    }
  for (int k = 0; k < 3; ++k) bins_[k] = static_cast<int>((high[k] - low_[k]) / bin_size) + 1;
  const auto bin = [&](const ContactSite& site) {
    std::size_t at = 0;
    for (int k = 0; k < 3; ++k)
      at = at * bins_[k] + static_cast<std::size_t>((site.position[k] - low_[k]) / bin_size);
    return at;
  };
  std::stable_sort(rigid_.begin(), rigid_.end(),
                   [&](const ContactSite& a, const ContactSite& b) { return bin(a) < bin(b); });
  for (const auto& site : rigid_) positions_.push_back(site.position);
  begins_.assign(static_cast<std::size_t>(bins_[0]) * bins_[1] * bins_[2] + 1, 0);
  for (const auto& site : rigid_) ++begins_[bin(site) + 1];
  std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
}

void ContactSites::near(Vector3 p, std::vector<Near>& found) const {
  found.clear();
  if (rigid_.empty()) return;
  int first[3], last[3];
  for (int k = 0; k < 3; ++k) {
    const auto bin = [&](double x) {
      return static_cast<int>(std::floor(std::clamp((x - low_[k]) / bin_size, -1e6, 1e6)));
    };
    first[k] = std::max(0, bin(p[k] - interaction_cutoff));
    last[k] = std::min(bins_[k] - 1, bin(p[k] + interaction_cutoff));
  }
  if (first[2] > last[2]) return;
  for (int x = first[0]; x <= last[0]; ++x)
    for (int y = first[1]; y <= last[1]; ++y) {
      const auto column = (static_cast<std::size_t>(x) * bins_[1] + y) * bins_[2];
      for (int s = begins_[column + first[2]]; s < begins_[column + last[2] + 1]; ++s) {
        const double squared = squared_distance(p, positions_[s]);
        if (squared < squared_cutoff) found.push_back({s, squared});
      }
    }
}

}  // namespace theriac::scoring
