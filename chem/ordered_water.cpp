#include "chem/ordered_water.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "chem/amino_acid.hpp"
#include "chem/autodock_type.hpp"
#include "chem/hetero_group.hpp"

namespace theriac::chem {
namespace {

constexpr double nearest_contact = 2.4, farthest_contact = 3.5, metal_contact = 2.8;  // angstrom
constexpr double least_occupancy = 0.5;
constexpr std::size_t least_contacts = 2;

bool is_in(const Box& box, Vector3 p) {
  for (int k = 0; k < 3; ++k)
    if (p[k] < box.low()[k] || p[k] > box.high()[k]) return false;
  return true;
}

/// What a water can hold on to, and where protein ends.
bool is_partner(const StructureAtom& atom) {
  if (is_metal(atom.element)) return is_functional_metal(atom.element);
  if (atom.element != 7 && atom.element != 8) return false;
  return is_protein_residue(atom.residue_name) || is_cofactor(atom.residue_name);
}

/// The largest B-factor of an ordered water; infinite where the file says nothing.
double highest_b_factor(const std::vector<const StructureAtom*>& protein) {
  double sum = 0, squares = 0;
  for (const auto* atom : protein) {
    sum += atom->b_factor;
    squares += atom->b_factor * atom->b_factor;
  }
  const auto n = static_cast<double>(protein.size());
  if (protein.empty()) return std::numeric_limits<double>::infinity();
  const double mean = sum / n, variance = squares / n - mean * mean;
  return variance > 1e-6 ? mean + std::sqrt(variance) : std::numeric_limits<double>::infinity();
}

std::vector<WaterContact> contacts_of(Vector3 oxygen, const std::vector<const StructureAtom*>& partners) {
  std::vector<WaterContact> contacts;
  for (const auto* atom : partners) {
    const double d = distance(atom->position, oxygen);
    const bool metal = is_metal(atom->element);
    if (d > (metal ? metal_contact : farthest_contact) || (!metal && d < nearest_contact)) continue;
    // alternate places of one atom are one partner
    const auto same = [&](const WaterContact& c) {
      return c.residue == atom->residue && c.atom == atom->name;
    };
    const auto known = std::find_if(contacts.begin(), contacts.end(), same);
    if (known == contacts.end())
      contacts.push_back({atom->residue, atom->residue_name, atom->name, d});
    else
      known->distance = std::min(known->distance, d);
  }
  std::stable_sort(contacts.begin(), contacts.end(),
                   [](const WaterContact& a, const WaterContact& b) { return a.distance < b.distance; });
  return contacts;
}

std::string why_not(const SiteWater& water, double highest_b) {
  if (water.occupancy < least_occupancy) return fmt::format("occupancy {:.2f}", water.occupancy);
  if (water.contacts.size() < least_contacts)
    return fmt::format("{} polar contact{}", water.contacts.size(), water.contacts.size() == 1 ? "" : "s");
  if (water.b_factor > highest_b) return fmt::format("B above {:.1f}", highest_b);
  return {};
}

}  // namespace

std::string WaterContact::text() const {
  return fmt::format("{}:{}{} {} {:.1f}", residue.chain, residue_name,
                     residue.text().substr(residue.chain.size() + 1), atom, distance);
}

std::string SiteWater::label() const {
  return fmt::format("{}:{}{}", residue.chain, name, residue.text().substr(residue.chain.size() + 1));
}

std::string SiteWater::text() const {
  std::vector<std::string> partners;
  for (const auto& contact : contacts) partners.push_back(contact.text());
  return fmt::format("{} {}: B {:.1f}, {} polar contact{}{}", label(),
                     ordered ? "ordered" : "left out (" + reason + ")", b_factor, contacts.size(),
                     contacts.size() == 1 ? "" : "s",
                     partners.empty() ? "" : fmt::format(" ({})", fmt::join(partners, ", ")));
}

std::vector<SiteWater> site_waters(const Structure& structure, const Box& box,
                                   const std::vector<std::string>& chains,
                                   const std::vector<ResidueSelection>& taken_out) {
  std::vector<const StructureAtom*> partners, protein;
  std::vector<SiteWater> waters;
  std::set<std::string> protein_chains;
  for (const auto& atom : structure.atoms) {
    if (std::any_of(taken_out.begin(), taken_out.end(),
                    [&](const ResidueSelection& s) { return s.matches(atom); }))
      continue;
    if (is_water(atom.residue_name)) {
      if (atom.element != 8) continue;
      // further places of the same water: the best occupied one stands for it
      if (!waters.empty() && waters.back().residue == atom.residue && atom.alternate != ' ') {
        if (atom.occupancy > waters.back().occupancy) waters.back().position = atom.position;
        waters.back().occupancy += atom.occupancy;
        continue;
      }
      SiteWater water;
      water.residue = atom.residue;
      water.name = atom.residue_name;
      water.position = atom.position;
      water.b_factor = atom.b_factor;
      water.occupancy = atom.occupancy;
      waters.push_back(std::move(water));
      continue;
    }
    if (is_protein_residue(atom.residue_name)) protein_chains.insert(atom.residue.chain);
    const bool wanted = chains.empty() || !is_protein_residue(atom.residue_name) ||
                        std::find(chains.begin(), chains.end(), atom.residue.chain) != chains.end();
    if (!wanted) continue;
    if (atom.element > 1 && is_protein_residue(atom.residue_name)) protein.push_back(&atom);
    if (is_partner(atom)) partners.push_back(&atom);
  }
  waters.erase(std::remove_if(waters.begin(), waters.end(),
                              [&](const SiteWater& water) { return !is_in(box, water.position); }),
               waters.end());
  if (!chains.empty())  // a water of a protein chain that is not used goes with it
    waters.erase(std::remove_if(waters.begin(), waters.end(),
                                [&](const SiteWater& water) {
                                  const auto has = [&](const std::string& chain) {
                                    return chain == water.residue.chain;
                                  };
                                  return protein_chains.count(water.residue.chain) > 0 &&
                                         std::none_of(chains.begin(), chains.end(), has);
                                }),
                 waters.end());
  const double highest_b = highest_b_factor(protein);
  for (auto& water : waters) {
    water.contacts = contacts_of(water.position, partners);
    water.reason = why_not(water, highest_b);
    water.ordered = water.reason.empty();
  }
  return waters;
}

Receptor with_waters(const Receptor& receptor, const std::vector<ResidueId>& kept) {
  Receptor out = receptor;
  out.atoms.erase(std::remove_if(out.atoms.begin(), out.atoms.end(),
                                 [&](const ReceptorAtom& atom) {
                                   return is_water(atom.residue_name) &&
                                          std::find(kept.begin(), kept.end(), atom.residue) == kept.end();
                                 }),
                  out.atoms.end());
  return out;
}

}  // namespace theriac::chem
