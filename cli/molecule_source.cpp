#include "cli/molecule_source.hpp"

#include <tbb/parallel_for.h>

#include <optional>

#include "generative/random_policy.hpp"

namespace theriac::cli {
namespace {

using generative::SampledMolecule;

class NetworkSource : public MoleculeSource {
 public:
  explicit NetworkSource(const generative::GraphPolicy& policy) : policy_(policy) {}
  std::string name() const override {
    return policy_.device().empty() ? "network" : "network on " + policy_.device();
  }
  std::vector<SampledMolecule> sample(const generative::PlanSource& plans, std::uint64_t first,
                                      std::size_t count, const generative::SamplingOptions& options,
                                      chem::StopToken stop) const override {
    return policy_.sample(plans, first, count, options, stop);
  }

 private:
  const generative::GraphPolicy& policy_;
};

class RandomSource : public MoleculeSource {
 public:
  std::string name() const override { return "random"; }
  std::vector<SampledMolecule> sample(const generative::PlanSource& plans, std::uint64_t first,
                                      std::size_t count, const generative::SamplingOptions& options,
                                      chem::StopToken stop) const override {
    std::vector<std::optional<SampledMolecule>> found(count);
    tbb::parallel_for(std::size_t{0}, count, [&](std::size_t i) {
      if (stop.stop_requested()) return;
      chem::CounterRandom random(options.seed, "", "random molecule", first + i);
      SampledMolecule molecule;
      molecule.state = generative::sample(plans(first + i), random, {}, &molecule.actions);
      found[i] = std::move(molecule);
    });
    std::vector<SampledMolecule> out;
    for (auto& molecule : found) {
      if (!molecule) break;
      out.push_back(std::move(*molecule));
    }
    return out;
  }
};

}  // namespace

std::unique_ptr<MoleculeSource> network_source(const generative::GraphPolicy& policy) {
  return std::make_unique<NetworkSource>(policy);
}

std::unique_ptr<MoleculeSource> random_source() {
  return std::make_unique<RandomSource>();
}

}  // namespace theriac::cli
