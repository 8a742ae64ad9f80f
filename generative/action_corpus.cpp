#include "generative/action_corpus.hpp"

#include <fmt/format.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include <optional>

#include "chem/error.hpp"
#include "generative/decoded_molecule.hpp"

namespace theriac::generative {
namespace {

constexpr std::size_t block_size = 8192;
constexpr std::size_t most_examples = 20;

struct Outcome {
  std::string fault;  ///< empty: taken
  bool unreadable = false;
  std::vector<Action> actions;
};

chem::FlatGraph graph_of(const chem::RawRecord& raw) {
  if (!raw.message.empty()) throw MoleculeError(raw.message);
  if (chem::is_smiles_text(raw.format)) return chem::flat_graph(raw.text);
  const chem::Record record = chem::parse(raw);
  if (!record.molecule) throw MoleculeError(record.message.empty() ? "no molecule" : record.message);
  return chem::flat_graph(record.molecule->smiles());
}

/// "atom 7 (Se) is not in the vocabulary" without the number, so that reasons can be counted.
std::string kind_of(std::string reason) {
  if (reason.rfind("atom ", 0) == 0) {
    const auto bracket = reason.find('(');
    if (bracket != std::string::npos) reason = "atom " + reason.substr(bracket);
  }
  if (reason.rfind("close a ring to unit ", 0) == 0) {
    const auto colon = reason.rfind(": ");
    reason = colon == std::string::npos ? "a ring closure is not allowed" : reason.substr(colon + 2);
  }
  return reason;
}

/// Reads blocks, works on them in parallel, and hands the outcomes out in order.
template <typename Work, typename Take>
CorpusTally in_blocks(chem::RecordReader& records, const RecordFilter& wanted, Work work, Take take) {
  CorpusTally tally;
  for (bool more = true; more;) {
    std::vector<chem::RawRecord> block;
    while (block.size() < block_size && more) {
      auto raw = records.next_raw();
      more = raw.has_value();
      if (raw && (!wanted || wanted(*raw))) block.push_back(std::move(*raw));
    }
    std::vector<Outcome> outcomes(block.size());
    const std::int64_t first = tally.records;
    tbb::parallel_for(std::size_t(0), block.size(), [&](std::size_t i) {
      try {
        const chem::FlatGraph flat = graph_of(block[i]);
        try {
          work(flat, first + static_cast<std::int64_t>(i), outcomes[i]);
        } catch (const MoleculeError& e) {
          outcomes[i].fault = e.what();
        }
      } catch (const MoleculeError& e) {
        outcomes[i].fault = e.what();
        outcomes[i].unreadable = true;
      }
    });
    for (std::size_t i = 0; i < block.size(); ++i) {
      ++tally.records;
      const Outcome& o = outcomes[i];
      if (o.fault.empty()) {
        ++tally.taken;
        take(o);
        continue;
      }
      ++(o.unreadable ? tally.unreadable : tally.not_encodable);
      if (!o.unreadable) ++tally.reasons[kind_of(o.fault)];
      if (tally.examples.size() < most_examples)
        tally.examples.push_back(fmt::format("{}, line {}: {}", block[i].file, block[i].line, o.fault));
    }
  }
  return tally;
}

std::vector<Action> encoded(const ActionVocabulary& vocabulary, UnitGraphBuilder& builder,
                            const chem::FlatGraph& flat, chem::CounterRandom& random, bool verify) {
  if (!flat.open_sites.empty()) throw NotEncodable("it has attachment points");
  std::optional<std::string> expected;
  for (const bool motifs : {true, false}) {
    auto actions = encode_patiently(vocabulary, builder.build(flat, motifs), random).actions;
    if (!verify) return actions;
    if (!expected) expected = chem::canonical_smiles(flat);
    if (smiles(vocabulary, decode(GenerationPlan(vocabulary, max_graph_atoms), actions)) == *expected)
      return actions;
  }
  throw NotEncodable("it does not come back from its actions");
}

}  // namespace

CorpusTally count_corpus(chem::RecordReader& records, VocabularyCensus& census, const RecordFilter& wanted) {
  tbb::enumerable_thread_specific<VocabularyCensus> parts;
  CorpusTally tally = in_blocks(
      records, wanted, [&](const chem::FlatGraph& flat, std::int64_t, Outcome&) { parts.local().add(flat); },
      [](const Outcome&) {});
  for (const VocabularyCensus& part : parts) census.merge(part);
  return tally;
}

EncodedCorpus encode_corpus(chem::RecordReader& records, const ActionVocabulary& vocabulary,
                            std::uint64_t seed, bool verify, const RecordFilter& wanted) {
  tbb::enumerable_thread_specific<UnitGraphBuilder> builders([&] { return UnitGraphBuilder(vocabulary); });
  EncodedCorpus out;
  out.tally = in_blocks(
      records, wanted,
      [&](const chem::FlatGraph& flat, std::int64_t index, Outcome& outcome) {
        chem::CounterRandom random(seed, "corpus", "encode", static_cast<std::uint64_t>(index));
        outcome.actions = encoded(vocabulary, builders.local(), flat, random, verify);
      },
      [&](const Outcome& outcome) { out.strings.add(outcome.actions); });
  return out;
}

}  // namespace theriac::generative
