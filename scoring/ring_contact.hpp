// Rings of a ligand's pose beside rings and cations of the receptor: stacked, edge on, cation over ring.
//
// Strengths fade from 1 to 0 about the usual bounds: centres within 4.8 to 6.2 angstrom, offset in the plane
// within 1.8 to 2.8, and the angle of the planes.
#pragma once
#include <vector>

#include "chem/vector3.hpp"
#include "scoring/ligand_plan.hpp"
#include "scoring/pose_descriptor.hpp"
#include "scoring/receptor_features.hpp"

namespace theriac::scoring {

struct RingContact {
  PoseDescriptor kind;  ///< stacked, edged, cation_pi
  double strength;      ///< above 0, up to 1
  int receptor_atom;    ///< one of its partner's
};

/// `x`: coordinates of the ligand's atoms, angstrom.
std::vector<RingContact> ring_contacts(const LigandPlan& ligand, const std::vector<chem::Vector3>& x,
                                       const ReceptorFeatures& receptor);

}  // namespace theriac::scoring
