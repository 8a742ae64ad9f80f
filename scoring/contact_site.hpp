// The heavy atoms of a receptor that ligands touch, by kind, found by place.
//
// Bins of 4 angstrom; sites of neighbouring bins lie side by side, so that a search reads memory in order.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "chem/receptor.hpp"
#include "scoring/contact_kind.hpp"
#include "scoring/receptor_features.hpp"

namespace theriac::scoring {

struct ContactSite {
  chem::Vector3 position;  ///< angstrom; of a flexible side chain: comes with the pose
  chem::Vector3 away;      ///< unit vector from the bonded atoms outwards; zero if they surround it
  AtomType type = AtomType::none;
  ContactKind kind = ContactKind::none;
  int place = -1;    ///< among the sites in the order of the file
  int residue = -1;  ///< of ContactSites::residues()
};

class ContactSites {
 public:
  ContactSites(const chem::Receptor& receptor, const ReceptorFeatures& features);

  /// In the order of their bins.
  const std::vector<ContactSite>& rigid() const { return rigid_; }
  /// Per flexible residue, one per atom; hydrogens have the kind none.
  const std::vector<std::vector<ContactSite>>& side_chains() const { return side_chains_; }

  /// "Gly216", or "A:Gly216" in a receptor of several chains.
  const std::vector<std::string>& residues() const { return residues_; }
  /// The residue of an atom of the rigid receptor.
  int residue_of(int atom) const { return residue_of_[static_cast<std::size_t>(atom)]; }

  struct Near {
    int site;  ///< of rigid()
    double squared_distance;
  };
  /// The rigid sites closer than `interaction_cutoff` replace what `found` holds.
  void near(chem::Vector3 position, std::vector<Near>& found) const;

 private:
  void name_residues(const chem::Receptor& receptor);
  void add_rigid_sites(const chem::Receptor& receptor, const ReceptorFeatures& features);
  void add_side_chains(const chem::Receptor& receptor);
  void sort_into_bins();

  std::vector<ContactSite> rigid_;
  std::vector<chem::Vector3> positions_;  ///< of rigid_
  std::vector<std::vector<ContactSite>> side_chains_;
  std::vector<std::string> residues_;
  std::vector<int> residue_of_;  ///< per rigid atom
  chem::Vector3 low_;
  std::array<int, 3> bins_{{0, 0, 0}};
  std::vector<int> begins_;  ///< per bin, and the end: the first of its sites
};

}  // namespace theriac::scoring
