// A sample of molecules and all that the distribution metrics need to know of it.
//
// As in the MOSES benchmark (D. Polykovskiy et al., Front. Pharmacol. 11, 565644 (2020)): what cannot be read
// is set aside and counted; the rest is written as canonical SMILES and read again, and everything is
// computed on those molecules; duplicates stay in. Reference sets are taken as they stand in their file.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "chem/fingerprint.hpp"
#include "chem/moses_filter.hpp"
#include "chem/record.hpp"
#include "scoring/frechet_distance.hpp"

namespace theriac::generative {

/// How often each fragment or scaffold occurs, by SMILES.
using SmilesCounts = std::map<std::string, std::int64_t>;

/// What two sets are compared by. One entry per molecule in the vectors, all in the same order.
struct SetStatistics {
  chem::FingerprintSet fingerprints{1024};              ///< Morgan, radius 2
  SmilesCounts fragments;                               ///< BRICS
  SmilesCounts scaffolds;                               ///< Bemis-Murcko, of two or more rings
  std::vector<double> log_p;                            ///< Crippen
  std::vector<double> sa;                               ///< synthetic accessibility, 1 to 10
  std::vector<double> qed;                              ///< 0 to 1
  std::vector<double> weight;                           ///< dalton, average
  std::optional<scoring::PointStatistics> activations;  ///< of ChemNet, when it was asked
};

/// A record that gave no molecule.
struct UnreadRecord {
  std::int64_t record = 0;  ///< its place in the sample, from 0
  std::string name, text, message;
};

struct SampleMember {
  std::int64_t record = 0;
  std::string name;
  std::string smiles;                    ///< canonical
  std::string scaffold;                  ///< empty below two rings
  std::vector<std::string> filter_hits;  ///< see chem/moses_filter.hpp
};

/// How long a step took for how many molecules.
struct StepTime {
  std::string step;
  std::int64_t molecules = 0;
  double seconds = 0;  ///< wall time, all threads
};

/// Adds to the step of that name, or appends it.
void add_time(std::vector<StepTime>& times, const StepTime& more);

struct MoleculeSample {
  std::int64_t records = 0;
  std::vector<UnreadRecord> unread;
  std::vector<SampleMember> members;  ///< the valid ones, in the order of the records
  SetStatistics statistics;
  std::vector<StepTime> times;
};

struct SampleOptions {
  bool reread = true;      ///< canonical SMILES, read again; off for reference sets
  bool filters = true;     ///< the MOSES filters
  bool properties = true;  ///< log P, SA, QED, weight
};

/// Takes records block by block; each block is worked on by all threads, and the result does not depend on
/// how many.
class SampleBuilder {
 public:
  explicit SampleBuilder(SampleOptions options = {});
  void add(const std::vector<chem::RawRecord>& records);
  MoleculeSample take() { return std::move(sample_); }

 private:
  struct Block;
  void describe(Block& block);
  void keep(Block& block);
  template <typename Step>
  void timed(const std::string& step, Block& block, const Step& each);

  SampleOptions options_;
  MoleculeSample sample_;
};

MoleculeSample molecule_sample(const std::vector<chem::RawRecord>& records, SampleOptions options = {});

}  // namespace theriac::generative
