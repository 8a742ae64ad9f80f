// A corpus of molecules, counted for a vocabulary or kept as strings of actions.
//
// Records come from a stream (files, standard input, good and bad), are worked on in blocks by all cores, and
// the results are the same whatever the number of threads. Encoded, a million molecules take about 60 MB; new
// orders are drawn from the strings themselves (unit_graph of a decoded state), without reading SMILES again.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "chem/record_reader.hpp"
#include "generative/action_sequence.hpp"
#include "generative/vocabulary_census.hpp"

namespace theriac::generative {

/// What became of the records of a corpus.
struct CorpusTally {
  std::int64_t records = 0;                     ///< read and wanted
  std::int64_t taken = 0;                       ///< counted or encoded
  std::int64_t unreadable = 0;                  ///< no molecule: message with file and line
  std::int64_t not_encodable = 0;               ///< no place in the vocabulary, or a mixture
  std::map<std::string, std::int64_t> reasons;  ///< of those not encodable, without atom numbers
  std::vector<std::string> examples;            ///< the first twenty refused, with file, line and reason
};

/// Which records are wanted, e.g. by the tag in their name column. Empty: all.
using RecordFilter = std::function<bool(const chem::RawRecord&)>;

/// Counts the molecules of a stream for a vocabulary. Throws InputError when there is no record at all.
CorpusTally count_corpus(chem::RecordReader& records, VocabularyCensus& census,
                         const RecordFilter& wanted = {});

/// Encodes the molecules of a stream, in their order, each in a random order of actions of its own: molecule
/// i draws from the stream (seed, "corpus", i). `verify` decodes every string and compares canonical SMILES;
/// a molecule that does not come back is tried again atom by atom, then refused.
struct EncodedCorpus {
  ActionCorpus strings;
  CorpusTally tally;
};
EncodedCorpus encode_corpus(chem::RecordReader& records, const ActionVocabulary& vocabulary,
                            std::uint64_t seed, bool verify = false, const RecordFilter& wanted = {});

}  // namespace theriac::generative
