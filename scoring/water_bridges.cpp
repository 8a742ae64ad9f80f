#include "scoring/water_bridges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace theriac::scoring {
namespace {

constexpr double bridge_distance = 3.5, reach = 5.0, overlap = 2.5;  // angstrom

/// Acceptors by their type, donors by a polar hydrogen.
std::vector<char> polar_atoms(const chem::FlexibleLigand& ligand) {
  std::vector<char> polar(ligand.atoms.size(), 0);
  for (std::size_t i = 0; i < ligand.atoms.size(); ++i)
    polar[i] = ligand.atoms[i].autodock_type == "OA" || ligand.atoms[i].autodock_type == "NA";
  for (const auto& [a, b] : ligand.bonds)
    for (const auto& [hydrogen, heavy] : {std::pair(a, b), std::pair(b, a)})
      if (ligand.atoms[hydrogen].autodock_type == "HD" && ligand.atoms[heavy].element > 1) polar[heavy] = 1;
  return polar;
}

/// Residues that the water holds on to, each once: "A:ASP189 A:GLY219".
std::string partners(const chem::SiteWater& water) {
  std::vector<std::string> names;
  for (const auto& contact : water.contacts) {
    std::string name = contact.text();
    name.resize(name.find(' '));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  }
  return fmt::format("{}", fmt::join(names, " "));
}

}  // namespace

std::string water_text(const std::vector<chem::SiteWater>& waters, bool kept,
                       const chem::FlexibleLigand& ligand, const std::vector<chem::Vector3>& pose) {
  const std::vector<char> polar = polar_atoms(ligand);
  std::vector<std::string> said;
  if (!kept) said.emplace_back("without waters");
  for (const auto& water : waters) {
    double nearest = std::numeric_limits<double>::infinity(), nearest_polar = nearest;
    for (std::size_t i = 0; i < pose.size(); ++i) {
      if (ligand.atoms[i].element <= 1) continue;
      const double d = distance(pose[i], water.position);
      nearest = std::min(nearest, d);
      if (polar[i]) nearest_polar = std::min(nearest_polar, d);
    }
    if (!kept && nearest < overlap) said.push_back(fmt::format("displaces {}", water.label()));
    if (kept && nearest_polar <= bridge_distance)
      said.push_back(fmt::format("{} bridges {}", water.label(), partners(water)));
    else if (kept && nearest <= reach)
      said.push_back(fmt::format("{} kept", water.label()));
  }
  return fmt::format("{}", fmt::join(said, "; "));
}

}  // namespace theriac::scoring
