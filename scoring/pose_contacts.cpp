#include "scoring/pose_contacts.hpp"

#include <algorithm>
#include <cctype>

namespace theriac::scoring {
namespace {

/// "MET", 318 -> "Met318"
std::string residue_text(const Interaction& interaction, bool several_chains) {
  std::string name = interaction.residue_name;
  for (std::size_t i = 1; i < name.size(); ++i)
    name[i] = static_cast<char>(std::tolower(static_cast<unsigned char>(name[i])));
  const std::string number = interaction.residue.text().substr(interaction.residue.chain.size() + 1);
  return (several_chains ? interaction.residue.chain + ":" : "") + name + number;
}

bool has_several_chains(const chem::Receptor& receptor) {
  return std::any_of(receptor.atoms.begin(), receptor.atoms.end(), [&](const chem::ReceptorAtom& atom) {
    return atom.residue.chain != receptor.atoms.front().residue.chain;
  });
}

}  // namespace

int contact_count(const std::vector<PoseContact>& contacts, const std::string& type) {
  return static_cast<int>(
      std::count_if(contacts.begin(), contacts.end(), [&](const PoseContact& c) { return c.type == type; }));
}

std::string contact_residues(const std::vector<PoseContact>& contacts) {
  std::vector<std::string> residues;
  std::string text;
  for (const auto& contact : contacts) {
    if (std::find(residues.begin(), residues.end(), contact.residue) != residues.end()) continue;
    residues.push_back(contact.residue);
    text += (text.empty() ? "" : " ") + contact.residue;
  }
  return text;
}

chem::Receptor side_chains(const chem::Receptor& receptor,
                           const std::vector<std::vector<chem::Vector3>>& positions) {
  chem::Receptor moved;
  moved.name = receptor.name;
  for (std::size_t r = 0; r < receptor.flexible_residues.size() && r < positions.size(); ++r) {
    const auto& residue = receptor.flexible_residues[r];
    for (std::size_t i = 0; i < residue.chain.atoms.size() && i < positions[r].size(); ++i) {
      const auto& atom = residue.chain.atoms[i];
      moved.atoms.push_back({atom.name, residue.residue_name, residue.residue, atom.autodock_type,
                             atom.element, atom.charge, positions[r][i], false});
    }
  }
  return moved;
}

ContactFinder::ContactFinder(const chem::Receptor& receptor)
    : receptor_(receptor),
      site_(receptor_features(receptor)),
      several_chains_(has_several_chains(receptor)) {}

std::vector<PoseContact> ContactFinder::contacts(const Pose& pose, const chem::FlexibleLigand& ligand,
                                                 const chem::LigandFeatures& features) const {
  std::vector<Interaction> found;
  if (receptor_.flexible_residues.empty()) {
    found = interactions(receptor_, site_, ligand, features, pose.coordinates);
  } else {
    chem::Receptor moved = receptor_;
    const auto chains = side_chains(receptor_, pose.flexible_residues);
    moved.atoms.insert(moved.atoms.end(), chains.atoms.begin(), chains.atoms.end());
    found = interactions(moved, receptor_features(moved), ligand, features, pose.coordinates);
  }
  std::vector<PoseContact> out;
  out.reserve(found.size());
  for (const Interaction& interaction : found)
    out.push_back({interaction_name(interaction.kind), residue_text(interaction, several_chains_),
                   interaction.ligand_atoms.empty() ? -1 : interaction.ligand_atoms.front(),
                   interaction.distance});
  return out;
}

}  // namespace theriac::scoring
