// What the ordered waters of the site do in a pose, in words.
#pragma once
#include <string>
#include <vector>

#include "chem/flexible_ligand.hpp"
#include "chem/ordered_water.hpp"

namespace theriac::scoring {

/// For a pose in a receptor that keeps `waters`: "A:HOH301 bridges A:ASP189 A:GLY219; A:HOH305 kept", where a
/// bridge is a hydrogen-bond donor or acceptor of the ligand within 3.5 angstrom of the oxygen; waters out of
/// reach (5 angstrom) are not named. For one without them (`kept` false): "without waters", and which of them
/// the ligand displaces by a heavy atom within 2.5 angstrom.
std::string water_text(const std::vector<chem::SiteWater>& waters, bool kept,
                       const chem::FlexibleLigand& ligand, const std::vector<chem::Vector3>& pose);

}  // namespace theriac::scoring
