#include "generative/training_corpus.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>

#include "chem/error.hpp"
#include "datasets/sha256.hpp"
#include "generative/decoded_molecule.hpp"
#include "generative/policy_conditions.hpp"

namespace theriac::generative {

TrainingCorpus::TrainingCorpus(EncodedCorpus encoded, const ActionVocabulary& vocabulary,
                               bool with_properties)
    : encoded_(std::move(encoded)) {
  if (size() == 0) {
    const auto& examples = tally().examples;
    throw InputError(fmt::format("none of {} records can be learned from{}", tally().records,
                                 examples.empty() ? "" : "; the first: " + examples.front()),
                     "give molecules as SMILES, CSV or SDF");
  }
  const std::size_t properties = condition_properties().size();
  bins_.assign(size() * properties, 0);
  if (!with_properties) return;
  const GenerationPlan plan(vocabulary);
  tbb::parallel_for(std::size_t{0}, size(), [&](std::size_t i) {
    const auto state = decode(plan, encoded_.strings.sequence(i));
    const auto bins =
        condition_bins(condition_values(chem::Molecule::from_smiles(smiles(vocabulary, state))));
    std::copy(bins.begin(), bins.end(), bins_.begin() + static_cast<std::ptrdiff_t>(i * properties));
  });
}

std::vector<Action> TrainingCorpus::drawn(const GenerationPlan& plan, std::size_t i, std::uint64_t seed,
                                          std::uint64_t epoch) const {
  const auto kept = encoded_.strings.sequence(i);
  const auto molecule = unit_graph(*plan.vocabulary, decode(plan, kept));
  chem::CounterRandom random(seed, fmt::format("{} {}", i, epoch), "training order");
  try {
    return encode_patiently(*plan.vocabulary, molecule, random, 4).actions;
  } catch (const NotEncodable&) {
    return kept;  // a cage that only some orders can build
  }
}

const std::uint8_t* TrainingCorpus::bins_of(std::size_t i) const {
  return bins_.data() + i * condition_properties().size();
}

std::string TrainingCorpus::sha256() const {
  std::string bytes;
  for (std::size_t i = 0; i < size(); ++i)
    bytes.append(reinterpret_cast<const char*>(encoded_.strings.begin_of(i)), length_of(i) * sizeof(Action));
  bytes.append(reinterpret_cast<const char*>(bins_.data()), bins_.size());
  return datasets::sha256(bytes);
}

}  // namespace theriac::generative
