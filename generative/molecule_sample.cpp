#include "generative/molecule_sample.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <chrono>

#include "chem/brics.hpp"
#include "chem/descriptors.hpp"
#include "chem/error.hpp"
#include "chem/scaffold.hpp"
#include "scoring/drug_likeness.hpp"
#include "scoring/synthetic_accessibility.hpp"

namespace theriac::generative {
namespace {

constexpr int fingerprint_radius = 2, fingerprint_bits = 1024;
constexpr std::size_t block_size = 2048;

struct Properties {
  double log_p = 0, sa = 0, qed = 0, weight = 0;
};

/// A record on its way: with a molecule, or with a message.
struct Candidate {
  const chem::RawRecord* raw = nullptr;
  std::optional<chem::Molecule> molecule;
  std::string message;
  chem::Fingerprint fingerprint;
  std::vector<std::string> fragments, filter_hits;
  std::string scaffold;
  Properties properties;
};

void read_candidate(Candidate& candidate, bool reread) {
  auto record = chem::parse(*candidate.raw);
  candidate.message = record.message;
  if (!record.good()) return;
  if (!record.molecule) {
    candidate.message = "the record holds no molecular graph";
    return;
  }
  candidate.molecule = reread ? chem::Molecule::from_smiles(record.molecule->smiles()) : *record.molecule;
}

}  // namespace

struct SampleBuilder::Block {
  std::vector<Candidate> candidates;
};

SampleBuilder::SampleBuilder(SampleOptions options) : options_(options) {}

/// Runs `each` for every candidate that still has a molecule; what goes wrong with one becomes its message.
template <typename Step>
void SampleBuilder::timed(const std::string& step, Block& block, const Step& each) {
  const auto begin = std::chrono::steady_clock::now();
  tbb::parallel_for(std::size_t{0}, block.candidates.size(), [&](std::size_t i) {
    Candidate& candidate = block.candidates[i];
    if (!candidate.message.empty()) return;
    try {
      each(candidate);
    } catch (const MoleculeError& error) {
      candidate.message = error.what();
    }
  });
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  add_time(sample_.times, {step, static_cast<std::int64_t>(block.candidates.size()), seconds});
}

void SampleBuilder::describe(Block& block) {
  timed("reading", block, [&](Candidate& c) { read_candidate(c, options_.reread); });
  timed("fingerprints", block, [](Candidate& c) {
    c.fingerprint = chem::morgan_fingerprint(*c.molecule, fingerprint_radius, fingerprint_bits);
  });
  timed("BRICS fragments", block, [](Candidate& c) { c.fragments = chem::brics_fragments(*c.molecule); });
  timed("scaffolds", block, [](Candidate& c) {
    const auto scaffold = chem::ring_scaffold(*c.molecule);
    if (scaffold.rings >= 2) c.scaffold = scaffold.smiles;
  });
  if (options_.filters)
    timed("filters", block,
          [](Candidate& c) { c.filter_hits = chem::MosesFilter::shipped().hits(*c.molecule); });
  if (!options_.properties) return;
  timed("log P, QED, weight", block, [](Candidate& c) {
    const auto descriptors = chem::descriptors(*c.molecule);
    c.properties.log_p = descriptors.clogp;
    c.properties.weight = descriptors.molecular_weight;
    c.properties.qed =
        scoring::qed(scoring::qed_properties(chem::SubstructureTarget(*c.molecule), descriptors));
  });
  timed("SA", block,
        [](Candidate& c) { c.properties.sa = scoring::synthetic_accessibility(*c.molecule).score; });
}

void SampleBuilder::keep(Block& block) {
  auto& statistics = sample_.statistics;
  for (auto& candidate : block.candidates) {
    const std::int64_t record = sample_.records++;
    const auto& raw = *candidate.raw;
    if (!candidate.message.empty()) {
      sample_.unread.push_back({record, raw.name, raw.text.substr(0, 200), candidate.message});
      continue;
    }
    statistics.fingerprints.add(candidate.fingerprint);
    for (const auto& fragment : candidate.fragments) ++statistics.fragments[fragment];
    if (!candidate.scaffold.empty()) ++statistics.scaffolds[candidate.scaffold];
    if (options_.properties) {
      statistics.log_p.push_back(candidate.properties.log_p);
      statistics.sa.push_back(candidate.properties.sa);
      statistics.qed.push_back(candidate.properties.qed);
      statistics.weight.push_back(candidate.properties.weight);
    }
    sample_.members.push_back({record, raw.name, candidate.molecule->smiles(), std::move(candidate.scaffold),
                               std::move(candidate.filter_hits)});
  }
}

void SampleBuilder::add(const std::vector<chem::RawRecord>& records) {
  for (std::size_t first = 0; first < records.size(); first += block_size) {
    Block block;
    block.candidates.resize(std::min(block_size, records.size() - first));
    for (std::size_t i = 0; i < block.candidates.size(); ++i) block.candidates[i].raw = &records[first + i];
    describe(block);
    keep(block);
  }
}

void add_time(std::vector<StepTime>& times, const StepTime& more) {
  auto found =
      std::find_if(times.begin(), times.end(), [&](const StepTime& t) { return t.step == more.step; });
  if (found == times.end()) found = times.insert(times.end(), StepTime{more.step, 0, 0});
  found->molecules += more.molecules;
  found->seconds += more.seconds;
}

MoleculeSample molecule_sample(const std::vector<chem::RawRecord>& records, SampleOptions options) {
  SampleBuilder builder(options);
  builder.add(records);
  return builder.take();
}

}  // namespace theriac::generative
