#include "scoring/start_refinement.hpp"

#include <vector>

#include "chem/counter_random.hpp"

namespace theriac::scoring {
namespace {

constexpr double soft_cap = 10;  // kcal/mol

}  // namespace

Conformation refined_start(const PoseModel& model, const ReceptorField& field, const chem::Box& box,
                           const StartRefinement& refinement, std::uint64_t seed, const std::string& key,
                           std::uint64_t number) {
  const Conformation start = model.input_pose();
  LocalMinimum best = minimised(model, field, box, start, refinement.steps);
  const auto through_soft = [&](const Conformation& from) {
    auto soft = minimised(model, field, box, from, refinement.steps, soft_cap);
    auto hard = minimised(model, field, box, std::move(soft.conformation), refinement.steps);
    if (hard.energy < best.energy) best = std::move(hard);
  };
  through_soft(start);
  chem::CounterRandom random(seed, key, "start pose", number);
  for (int n = 0; n < refinement.neighbours; ++n) {
    std::vector<double> aside;
    for (int k = 0; k < 3; ++k) aside.push_back(random.uniform(-refinement.shift, refinement.shift));
    for (int k = 0; k < 3; ++k) aside.push_back(random.uniform(-refinement.turn, refinement.turn));
    for (int t = 0; t < model.torsion_count(); ++t)
      aside.push_back(random.uniform(-refinement.torsion, refinement.torsion));
    through_soft(moved(start, aside, 1));
  }
  return best.conformation;
}

}  // namespace theriac::scoring
