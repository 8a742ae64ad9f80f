#include "scoring/energy_agreement.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "chem/counter_random.hpp"
#include "scoring/chain_group.hpp"
#include "scoring/opencl_search.hpp"
#include "scoring/simd_level.hpp"

namespace theriac::scoring {
namespace {

constexpr int poses_at_once = 32;
constexpr double spacing = 0.375;

std::vector<Conformation> random_poses(const PoseModel& model, const chem::Box& box) {
  chem::CounterRandom random(17, "poses", "energy agreement");
  std::vector<Conformation> poses(poses_at_once, model.input_pose());
  for (Conformation& pose : poses) {
    for (int k = 0; k < 3; ++k) pose.position[k] = box.center[k] + random.uniform(-0.25, 0.25) * box.size[k];
    double length = 0;
    for (double& q : pose.orientation) {
      q = random.normal();
      length += q * q;
    }
    for (double& q : pose.orientation) q /= std::sqrt(length);
    for (double& t : pose.torsions) t = random.uniform(-3, 3);
  }
  return poses;
}

KernelEnergy processor_energy(const PoseModel& model, const KernelLigand& ligand, const Conformation& pose,
                              float cap) {
  ChainMemory memory(ligand.view(), 1);
  memory.set_geometry(0, model.geometries()[static_cast<std::size_t>(pose.conformer)]);
  KernelChains& k = memory.view();
  for (int i = 0; i < 3; ++i) k.trial[i] = static_cast<float>(pose.position[i]);
  for (std::size_t i = 0; i < 4; ++i) k.trial[3 + i] = static_cast<float>(pose.orientation[i]);
  for (std::size_t t = 0; t < pose.torsions.size(); ++t)
    k.trial[7 + t] = static_cast<float>(pose.torsions[t]);
  k.cap[0] = cap;
  docking_kernel("scalar").evaluate(&ligand.view(), &k);
  return {k.trial_energy[0], {k.trial_gradient, k.trial_gradient + 6 + model.torsion_count()}};
}

bool same_bytes(const KernelEnergy& a, const KernelEnergy& b) {
  return std::memcmp(&a.energy, &b.energy, sizeof a.energy) == 0 && a.gradient.size() == b.gradient.size() &&
         std::memcmp(a.gradient.data(), b.gradient.data(), a.gradient.size() * sizeof(float)) == 0;
}

double gradient_deviation(const KernelEnergy& found, const KernelEnergy& expected) {
  double off = 0, length = 0;
  for (std::size_t n = 0; n < expected.gradient.size(); ++n) {
    off += std::pow(double{found.gradient[n]} - double{expected.gradient[n]}, 2);
    length += std::pow(double{expected.gradient[n]}, 2);
  }
  return std::sqrt(off) / std::max(1.0, std::sqrt(length));
}

/// The greater one; NaN stays.
double greater(double a, double b) {
  return std::isnan(b) || b > a ? b : a;
}

}  // namespace

EnergyAgreement energy_agreement(const OpenClDevice& device, const chem::Receptor& receptor,
                                 const chem::Box& box, const chem::FlexibleLigand& ligand, int width) {
  const ReceptorField field(receptor, box, ScoringFunction::vina);
  const AffinityGrids grids(field, box, spacing, docking_kernel("scalar"));
  const PoseModel model(ligand, receptor);
  const KernelLigand kernel_ligand(model, grids, ScoringFunction::vina);
  const auto poses = random_poses(model, box);
  OpenClSearch search(device, grids, box, ScoringFunction::vina, width);
  EnergyAgreement agreement;
  for (const float cap : {10.0f, 1000.0f}) {
    const auto found = search.evaluate({&model, search_effort(1, model, 9), 1, ligand.key}, poses, cap);
    for (std::size_t i = 0; i < poses.size(); ++i) {
      const KernelEnergy expected = processor_energy(model, kernel_ligand, poses[i], cap);
      const double off = std::abs(double{found[i].energy} - double{expected.energy});
      agreement.energy = greater(agreement.energy, off / std::max(1.0, std::abs(double{expected.energy})));
      agreement.gradient = greater(agreement.gradient, gradient_deviation(found[i], expected));
      agreement.same_bytes = agreement.same_bytes && same_bytes(found[i], expected);
      ++agreement.poses;
    }
  }
  return agreement;
}

}  // namespace theriac::scoring
