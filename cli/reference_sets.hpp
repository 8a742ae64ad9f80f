// The reference sets of theriac bench distribution, described once and kept in a folder.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "generative/reference_statistics.hpp"
#include "scoring/chemnet.hpp"

namespace theriac::cli {

class Session;

struct ReferenceFiles {
  std::vector<std::string> molecules;    ///< the sets
  std::vector<std::string> activations;  ///< .npz of each, in their order; empty: computed
  std::string cache;                     ///< folder for what was computed
};

struct ChemNetWeights {
  scoring::ChemNet net;
  std::string sha256;  ///< of the file
};

struct NamedReference {
  std::string file, label;  ///< label: the file's name without extensions
  generative::ReferenceSet set;
};

/// Properties are described for the first set only: the others are not compared by them. With `chemnet`, the
/// statistics hold activations. Throws InputError, also when a set holds no readable molecule.
std::vector<NamedReference> read_reference_sets(const ReferenceFiles& files, const ChemNetWeights* chemnet,
                                                Session& session);

}  // namespace theriac::cli
