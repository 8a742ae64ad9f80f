// theriac bench modes: does the generator do what it is asked for, in each way of asking, on real drugs.
//
//     denovo     molecules in the property ranges around the drug
//     scaffold   the drug's scaffold, grown at its attachment points
//     link       two parts of the drug, linked again
//     optimise   analogues of the drug
//
// Nothing is filtered: of each drug and mode the first molecules of the stream are judged, as they come.
#pragma once
#include <string>
#include <vector>

namespace theriac::cli {

class Session;

struct ModesOptions {
  std::string model = "default";   ///< weights, as theriac generate takes them
  std::string out;                 ///< folder; empty: bench-modes
  std::vector<std::string> drugs;  ///< by name; empty: all of the table
  std::vector<std::string> modes;  ///< empty: all
  int draws = 100;                 ///< molecules of each drug and mode
  bool random_policy = false;      ///< also the random policy, as the floor
};

/// Writes modes.csv (a row per drug, mode and source), molecules.csv (one per molecule), modes.md, and prints
/// the tables. Returns an exit code.
int bench_modes(const ModesOptions& options, Session& session);

}  // namespace theriac::cli
