// The statistics of a reference set, kept in files: a MOSES test set takes minutes to describe and never
// changes.
//
// They are safetensors files (datasets/model_file.hpp) that say what they were made from and with which
// versions; under anything else they are not used.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "chem/record.hpp"
#include "generative/molecule_sample.hpp"
#include "scoring/chemnet.hpp"

namespace theriac::generative {

/// The next records of a set; none when it ends. Lets a set stream by in bounded memory.
using RecordBlocks = std::function<std::vector<chem::RawRecord>()>;

struct ReferenceSet {
  std::int64_t records = 0;
  std::int64_t unread_count = 0;
  std::vector<UnreadRecord> unread;  ///< the first hundred records that gave no molecule
  SetStatistics statistics;          ///< without activations
  std::vector<StepTime> times;       ///< empty when it came from a file
};

/// `properties`: log P, SA, QED and weight too.
ReferenceSet describe_reference(const RecordBlocks& next, bool properties);

/// Mean and covariance of ChemNet's activations of the records that can be read, canonical SMILES, duplicates
/// kept. Throws InputError for fewer than two molecules.
scoring::PointStatistics describe_activations(const RecordBlocks& next, const scoring::ChemNet& net);

/// What a kept file was made from: hash of the input, versions, options; in words, compared as it stands.
using ReferenceIdentity = std::string;

/// Throw StorageError when the file cannot be written.
void write_reference(const std::string& path, const ReferenceSet& set, const ReferenceIdentity& identity);
void write_activations(const std::string& path, const scoring::PointStatistics& statistics,
                       const ReferenceIdentity& identity);

/// Nothing when there is no such file or it was made from something else. Throw ModelError when it is
/// damaged.
std::optional<ReferenceSet> read_reference(const std::string& path, const ReferenceIdentity& identity);
std::optional<scoring::PointStatistics> read_activations(const std::string& path,
                                                         const ReferenceIdentity& identity);

}  // namespace theriac::generative
