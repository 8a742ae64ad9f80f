#include "scoring/ring_contact.hpp"

#include <algorithm>
#include <cmath>

#include "scoring/contact_geometry.hpp"

namespace theriac::scoring {
namespace {

using chem::Vector3;

constexpr double reach = 6.5;  // angstrom between centres: nothing counts beyond

struct Ring {
  Vector3 centre, normal;
};

Vector3 middle(const std::vector<int>& atoms, const std::vector<Vector3>& x) {
  Vector3 centre;
  for (const int i : atoms) centre = centre + (1.0 / static_cast<double>(atoms.size())) * x[i];
  return centre;
}

Ring ring_of(const std::vector<int>& atoms, const std::vector<Vector3>& x) {
  Ring ring{middle(atoms, x), {}};
  for (std::size_t k = 0; k < atoms.size(); ++k)
    ring.normal =
        ring.normal + cross(x[atoms[k]] - ring.centre, x[atoms[(k + 1) % atoms.size()]] - ring.centre);
  ring.normal = (1 / std::max(norm(ring.normal), 1e-9)) * ring.normal;
  return ring;
}

/// How far `to` lies from the axis through `from` along `normal`.
double offset(const Vector3& from, const Vector3& normal, const Vector3& to) {
  const Vector3 d = to - from;
  const double height = std::abs(dot(d, normal));
  return std::sqrt(std::max(0.0, dot(d, d) - height * height));
}

double cation_over(const Vector3& centre, const Vector3& normal, const Vector3& cation, double r) {
  return fading(r, 5.0, 6.2) * fading(offset(centre, normal, cation), 1.8, 2.8);
}

}  // namespace

std::vector<RingContact> ring_contacts(const LigandPlan& ligand, const std::vector<Vector3>& x,
                                       const ReceptorFeatures& receptor) {
  std::vector<RingContact> out;
  const auto add = [&](PoseDescriptor kind, double strength, int atom) {
    if (strength > 0) out.push_back({kind, strength, atom});
  };
  for (const auto& atoms : ligand.features.aromatic_rings) {
    const Ring ring = ring_of(atoms, x);
    for (const auto& other : receptor.rings) {
      const double r = distance(ring.centre, other.centre);
      if (r > reach) continue;
      const double parallel = std::abs(dot(ring.normal, other.normal));
      const double aside = std::min(offset(ring.centre, ring.normal, other.centre),
                                    offset(other.centre, other.normal, ring.centre));
      const double near = fading(r, 4.8, 6.2) * fading(aside, 1.8, 2.8);
      add(PoseDescriptor::stacked, near * fading(1 - parallel, 0.1, 0.4), other.atoms.front());
      add(PoseDescriptor::edged, near * fading(parallel, 0.3, 0.6), other.atoms.front());
    }
    for (const auto& charge : receptor.charges) {
      const double r = distance(ring.centre, charge.centre);
      if (charge.charge > 0 && r < reach)
        add(PoseDescriptor::cation_pi, cation_over(ring.centre, ring.normal, charge.centre, r),
            charge.atoms.front());
    }
  }
  for (const auto& group : ligand.features.charged_groups) {
    if (group.charge < 0) continue;
    const Vector3 centre = middle(group.atoms, x);
    for (const auto& other : receptor.rings) {
      const double r = distance(centre, other.centre);
      if (r < reach)
        add(PoseDescriptor::cation_pi, cation_over(other.centre, other.normal, centre, r),
            other.atoms.front());
    }
  }
  return out;
}

}  // namespace theriac::scoring
