// Molecules by their number in a stream, from the trained network or from the random policy beside it.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "chem/stop_token.hpp"
#include "generative/graph_policy.hpp"

namespace theriac::cli {

class MoleculeSource {
 public:
  virtual ~MoleculeSource() = default;
  virtual std::string name() const = 0;
  /// As GraphPolicy::sample.
  virtual std::vector<generative::SampledMolecule> sample(const generative::PlanSource& plans,
                                                          std::uint64_t first, std::size_t count,
                                                          const generative::SamplingOptions& options,
                                                          chem::StopToken stop) const = 0;
};

/// The policy must outlive its source.
std::unique_ptr<MoleculeSource> network_source(const generative::GraphPolicy& policy);
/// Legal actions drawn at random: the floor (generative/random_policy.hpp). It ignores temperature and
/// conditions and gives no likelihood.
std::unique_ptr<MoleculeSource> random_source();

}  // namespace theriac::cli
