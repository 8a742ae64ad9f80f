#include "scoring/pose_descriptor.hpp"

#include <iterator>
#include <sstream>

namespace theriac::scoring {

const std::vector<std::string>& pose_descriptor_names() {
  static const std::vector<std::string> names = [] {
    std::istringstream words(
        "gauss1 gauss2 repulsion hydrophobic hydrogen_bond inter intra vinardo_gauss vinardo_repulsion "
        "vinardo_hydrophobic vinardo_hydrogen_bond vinardo energy_gap vinardo_gap scaled_gap "
        "scaled_vinardo_gap intra_gap near_atoms around_atoms buried exposed exposed_greasy buried_greasy "
        "least_burial hydrogen_bonds directed_bonds salt_bridges charged_bonds lonely_polar lonely_charge "
        "lonely_receptor lonely_receptor_charge like_polar like_charge greasy_polar metal_bonds metal_anion "
        "metal_missed stacked edged cation_pi clashes strain_sp3 strain_sp2 radius receptor_atoms "
        "heavy_atoms torsions");
    return std::vector<std::string>(std::istream_iterator<std::string>(words), {});
  }();
  return names;
}

}  // namespace theriac::scoring
