#include "generative/training_corpus.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <filesystem>

#include "chem/error.hpp"
#include "datasets/model_file.hpp"
#include "datasets/model_file_writer.hpp"
#include "datasets/sha256.hpp"
#include "generative/decoded_molecule.hpp"
#include "generative/policy_conditions.hpp"

namespace theriac::generative {

TrainingCorpus::TrainingCorpus(EncodedCorpus encoded) : encoded_(std::move(encoded)) {
  if (size() == 0) {
    const auto& examples = tally().examples;
    throw InputError(fmt::format("none of {} records can be learned from{}", tally().records,
                                 examples.empty() ? "" : "; the first: " + examples.front()),
                     "give molecules as SMILES, CSV or SDF, of elements that the generator knows");
  }
  bins_.assign(size() * condition_properties().size(), 0);
}

TrainingCorpus::TrainingCorpus(EncodedCorpus encoded, const ActionVocabulary& vocabulary,
                               const std::string& bins_file)
    : TrainingCorpus(std::move(encoded)) {
  if (!bins_file.empty() && read_bins(bins_file)) return;
  const std::size_t properties = condition_properties().size();
  const GenerationPlan plan(vocabulary);
  tbb::parallel_for(std::size_t{0}, size(), [&](std::size_t i) {
    const auto state = decode(plan, encoded_.strings.sequence(i));
    const auto bins =
        condition_bins(condition_values(chem::Molecule::from_smiles(smiles(vocabulary, state))));
    std::copy(bins.begin(), bins.end(), bins_.begin() + static_cast<std::ptrdiff_t>(i * properties));
  });
  if (!bins_file.empty()) write_bins(bins_file);
}

bool TrainingCorpus::read_bins(const std::string& file) {
  if (!std::filesystem::exists(file)) return false;
  try {
    const auto model = datasets::ModelFile::read(file);
    if (model.metadata("strings") != strings_sha256()) return false;
    const auto bytes = model.bytes("bins");
    if (bytes.size() != bins_.size()) return false;
    std::copy(bytes.begin(), bytes.end(), bins_.begin());
    return true;
  } catch (const ModelError&) {  // not a file of ours, or a damaged one: it is made anew
    return false;
  }
}

void TrainingCorpus::write_bins(const std::string& file) const {
  datasets::ModelFileWriter out;
  out.set("architecture", "theriac property bins");
  out.set("strings", strings_sha256());
  out.add_bytes("bins",
                {static_cast<std::int64_t>(size()), static_cast<std::int64_t>(condition_properties().size())},
                {bins_.begin(), bins_.end()}, datasets::TensorType::uint8);
  out.write(file);
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

std::string TrainingCorpus::strings_sha256() const {
  std::string bytes;
  for (std::size_t i = 0; i < size(); ++i)
    bytes.append(reinterpret_cast<const char*>(encoded_.strings.begin_of(i)), length_of(i) * sizeof(Action));
  return datasets::sha256(bytes);
}

std::string TrainingCorpus::sha256() const {
  return datasets::sha256(strings_sha256() + std::string(bins_.begin(), bins_.end()));
}

}  // namespace theriac::generative
