#include "scoring/receptor_field.hpp"

#include <algorithm>
#include <cmath>

namespace theriac::scoring {
namespace {

constexpr double cell_size = 3.0;   // angstrom
constexpr double box_margin = 2.0;  // angstrom round the box
constexpr double squared_cutoff = interaction_cutoff * interaction_cutoff;

/// Squared distance from a point to the cube with lowest corner `corner`.
double squared_distance_to_cube(chem::Vector3 p, chem::Vector3 corner) {
  double sum = 0;
  for (int k = 0; k < 3; ++k) {
    const double outside = std::max({corner[k] - p[k], 0.0, p[k] - corner[k] - cell_size});
    sum += outside * outside;
  }
  return sum;
}

}  // namespace

ReceptorField::ReceptorField(const chem::Receptor& receptor, const chem::Box& box, ScoringFunction scoring)
    : scoring_(scoring) {
  const auto types = atom_types(receptor);
  for (std::size_t i = 0; i < types.size(); ++i)
    if (types[i] != AtomType::none) sites_.push_back({receptor.atoms[i].position, types[i]});
  low_ = box.low() - chem::Vector3{box_margin, box_margin, box_margin};
  for (int k = 0; k < 3; ++k)
    cells_[k] = static_cast<int>(std::ceil((box.size[k] + 2 * box_margin) / cell_size));
  cell_neighbours_.resize(static_cast<std::size_t>(cells_[0]) * cells_[1] * cells_[2]);
  std::size_t cell = 0;
  for (int x = 0; x < cells_[0]; ++x)
    for (int y = 0; y < cells_[1]; ++y)
      for (int z = 0; z < cells_[2]; ++z, ++cell) {
        const chem::Vector3 corner = low_ + cell_size * chem::Vector3{double(x), double(y), double(z)};
        for (int i = 0; i < static_cast<int>(sites_.size()); ++i)
          if (squared_distance_to_cube(sites_[i].position, corner) < squared_cutoff)
            cell_neighbours_[cell].push_back(i);
      }
}

const std::vector<int>* ReceptorField::neighbours(chem::Vector3 p) const {
  int c[3];
  for (int k = 0; k < 3; ++k) {
    const double s = (p[k] - low_[k]) / cell_size;
    if (!(s >= 0 && s < cells_[k])) return nullptr;
    c[k] = static_cast<int>(s);
  }
  return &cell_neighbours_[(static_cast<std::size_t>(c[0]) * cells_[1] + c[1]) * cells_[2] + c[2]];
}

template <typename Visit>
void ReceptorField::near(chem::Vector3 p, Visit visit) const {
  const auto visit_near = [&](const Site& site) {
    const double r2 = chem::squared_distance(p, site.position);
    if (r2 < squared_cutoff) visit(site, r2);
  };
  if (const auto* list = neighbours(p)) {
    for (const int i : *list) visit_near(sites_[i]);
  } else {
    for (const Site& site : sites_) visit_near(site);
  }
}

double ReceptorField::energy(AtomType type, chem::Vector3 position) const {
  const PairTable& table = PairTable::shared(scoring_);
  double sum = 0;
  near(position, [&](const Site& site, double r2) { sum += table.energy(type, site.type, r2); });
  return sum;
}

double ReceptorField::energy(AtomType type, chem::Vector3 position, chem::Vector3& gradient) const {
  const PairTable& table = PairTable::shared(scoring_);
  double sum = 0;
  gradient = {};
  near(position, [&](const Site& site, double r2) {
    const auto s = table.slope(type, site.type, r2);
    sum += s.energy;
    gradient = gradient + s.derivative_over_r * (position - site.position);
  });
  return sum;
}

PairTerms ReceptorField::terms(AtomType type, chem::Vector3 position) const {
  PairTerms sum;
  near(position, [&](const Site& site, double r2) {
    const PairTerms t = pair_terms(type, site.type, std::sqrt(r2), scoring_);
    sum.gauss1 += t.gauss1;
    sum.gauss2 += t.gauss2;
    sum.repulsion += t.repulsion;
    sum.hydrophobic += t.hydrophobic;
    sum.hydrogen_bond += t.hydrogen_bond;
  });
  return sum;
}

}  // namespace theriac::scoring
