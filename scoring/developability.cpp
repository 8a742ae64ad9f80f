#include "scoring/developability.hpp"

#include "chem/peptide_liabilities.hpp"
#include "chem/peptide_properties.hpp"

namespace theriac::scoring {

Developability developability(std::string_view residues, const PeptideClasses& classes) {
  Developability d;
  d.mass = chem::peptide_mass(residues);
  d.charge = chem::net_charge(residues, 7.4);
  d.isoelectric_point = chem::isoelectric_point(residues);
  d.gravy = chem::gravy(residues);
  d.aliphatic_index = chem::aliphatic_index(residues);
  d.instability = chem::instability_index(residues);
  d.boman = chem::boman_index(residues);
  d.helix_moment = chem::hydrophobic_moment(residues);
  d.absorption_280 = chem::absorption_280(residues);
  const auto stretches = chem::aggregation_stretches(residues);
  for (const auto& stretch : stretches) d.aggregating_residues += stretch.length;
  const auto liable = chem::liabilities(residues), hard = chem::synthesis_difficulties(residues);
  d.liabilities = chem::places_text(liable);
  d.protease_sites = chem::places_text(chem::protease_sites(residues));
  d.synthesis = chem::places_text(hard);
  d.classes = classes.predict(residues);
  d.warnings = static_cast<int>(liable.size() + stretches.size() + hard.size());
  for (std::size_t c = 0; c < d.classes.size(); ++c)
    if (classes.classes()[c].direction == Direction::lower_is_better && d.classes[c].domain != Domain::out &&
        d.classes[c].probability > 0.5)
      ++d.warnings;
  return d;
}

}  // namespace theriac::scoring
