#include "scoring/pose_features.hpp"

#include <algorithm>
#include <limits>

#include "scoring/pose_description.hpp"

namespace theriac::scoring {
namespace {

/// How far each pose's value lies above the least one.
template <class Value>
void set_gaps(std::vector<PoseFeatures>& poses, PoseDescriptor gap, Value value) {
  double best = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < poses.size(); ++i) best = std::min(best, value(i));
  for (std::size_t i = 0; i < poses.size(); ++i) poses[i][gap] = static_cast<float>(value(i) - best);
}

}  // namespace

double weighted_sum(const PoseFeatures& pose, const std::vector<double>& table,
                    const std::vector<double>& descriptors) {
  double sum = 0;
  for (std::size_t d = 0; d < descriptors.size(); ++d) sum += descriptors[d] * pose.descriptors[d];
  for (const auto& atom : pose.atoms) {
    const double* row = &table[static_cast<std::size_t>(atom.kind) * environment_size];
    for (int i = 0; i < environment_size; ++i) sum += row[i] * atom.counts[i];
  }
  return sum;
}

double rotors(const PoseFeatures& pose) {
  return pose[PoseDescriptor::torsions];
}

PoseFeaturizer::PoseFeaturizer(const chem::Receptor& receptor)
    : site_(receptor_features(receptor)), sites_(receptor, site_), partners_(sites_.residues()) {
  for (int k = 0; k < contact_kind_count; ++k)
    partners_.emplace_back(group_name(static_cast<ContactKind>(k)));
}

std::vector<PoseFeatures> PoseFeaturizer::features(const chem::FlexibleLigand& ligand,
                                                   const std::vector<Pose>& poses) const {
  return described(ligand, poses, false);
}

std::vector<PoseFeatures> PoseFeaturizer::features_with_shares(const chem::FlexibleLigand& ligand,
                                                               const std::vector<Pose>& poses) const {
  return described(ligand, poses, true);
}

std::vector<PoseFeatures> PoseFeaturizer::described(const chem::FlexibleLigand& ligand,
                                                    const std::vector<Pose>& poses, bool shares) const {
  PoseDescription description(sites_, site_, ligand, shares);
  std::vector<PoseFeatures> out;
  for (const auto& pose : poses) out.push_back(description.of(pose));
  const auto energy = [&](std::size_t i) { return poses[i].terms.inter + poses[i].terms.intra; };
  const auto vinardo = [&](std::size_t i) { return out[i][PoseDescriptor::vinardo] + poses[i].terms.intra; };
  const auto divisor = [&](std::size_t i) { return poses[i].terms.torsion_divisor; };
  set_gaps(out, PoseDescriptor::energy_gap, energy);
  set_gaps(out, PoseDescriptor::vinardo_gap, vinardo);
  set_gaps(out, PoseDescriptor::scaled_gap, [&](std::size_t i) { return energy(i) / divisor(i); });
  set_gaps(out, PoseDescriptor::scaled_vinardo_gap, [&](std::size_t i) { return vinardo(i) / divisor(i); });
  set_gaps(out, PoseDescriptor::intra_gap, [&](std::size_t i) { return poses[i].terms.intra; });
  return out;
}

}  // namespace theriac::scoring
