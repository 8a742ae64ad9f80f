// One pose after another of a ligand, put into numbers.
#pragma once
#include <vector>

#include "scoring/ligand_plan.hpp"
#include "scoring/pair_potential.hpp"
#include "scoring/pose_features.hpp"

namespace theriac::scoring {

/// `shares`: whether the partners' shares are kept. Holds room for one pose: not for several threads. What it
/// is given outlives it.
class PoseDescription {
 public:
  PoseDescription(const ContactSites& sites, const ReceptorFeatures& site, const chem::FlexibleLigand& ligand,
                  bool shares);

  /// Everything but the gaps, which need the other poses of the ligand.
  PoseFeatures of(const Pose& pose);

 private:
  struct Met {  // what a site has met of the ligand
    float closest = 99, partner = 0;
  };

  void begin(const Pose& pose);
  const ContactSite& site(int s) const;
  void find_near(chem::Vector3 position);
  void describe_atom(const LigandPlan::Atom& atom);
  void share_pair(ContactKind ours, const ContactSite& other, double r);
  void describe_receptor();
  void describe_rings();
  void describe_shape();
  void describe_energy();
  void add(PoseDescriptor d, double value) { out_[d] += static_cast<float>(value); }
  /// The same, and it is the partner's share.
  void add(PoseDescriptor d, double value, int partner) {
    add(d, value);
    if (shares_ && value != 0)
      out_.shares.push_back({static_cast<int>(d), partner, static_cast<float>(value)});
  }
  int partner_of(ContactKind group) const;

  const ContactSites& sites_;
  const ReceptorFeatures& site_;
  const LigandPlan plan_;
  const bool shares_;
  const Pose* pose_ = nullptr;
  std::vector<ContactSite>
      moving_;                ///< the heavy atoms of flexible side chains, numbered after the rigid ones
  std::vector<Met> met_;      ///< per site
  std::vector<int> touched_;  ///< sites that have met the ligand
  std::vector<ContactSites::Near> near_;
  double least_burial_ = 99;
  PairTerms vina_, vinardo_;
  PoseFeatures out_;
};

}  // namespace theriac::scoring
