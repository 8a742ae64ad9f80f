// Which molecules of a library to dock next: at random, or the best by what was learned from docked ones.
#pragma once
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "chem/record.hpp"
#include "cli/ligand_input.hpp"
#include "scoring/molecule_library.hpp"
#include "scoring/score_surrogate.hpp"

namespace theriac::cli {

class Session;

/// Docked molecules, each once, with the features that a surrogate learns from.
struct DockedMolecules {
  scoring::MoleculeLibrary library;
  std::vector<float> scores;  ///< kcal/mol
  scoring::FeatureList features() const;
};

/// The ok rows of results.csv files; `column` holds the score. Throws InputError for fewer than 50 molecules.
DockedMolecules docked_molecules(const std::vector<std::string>& tables, const std::string& column);

struct NextMolecule {
  float score = 0;           ///< kcal/mol as predicted; of a random choice, its lot
  std::int64_t index = 0;    ///< record of the library
  std::string smiles, name;  ///< of the parent
  bool operator<(const NextMolecule& other) const {
    return score != other.score ? score < other.score : index < other.index;
  }
};

/// The best of a library that were not docked yet; memory grows with those that are kept, not with the
/// library.
class NextMolecules {
 public:
  /// By a model of what was docked.
  NextMolecules(const DockedMolecules& docked, std::size_t most, int trees, std::uint64_t seed);
  /// At random: every molecule draws its lot by its structure, so that the order of the library means
  /// nothing.
  NextMolecules(std::size_t most, std::uint64_t seed);

  void take(const std::vector<chem::RawRecord>& block);
  /// All of the library. Returns the records read; throws StoppedEarly.
  std::int64_t take_all(const LigandInput& library, Session& session);

  const std::set<NextMolecule>& best() const { return best_; }
  std::int64_t unreadable() const { return unreadable_; }

  /// smiles, name and, of a model, predicted_kcal_mol; best first. Throws StorageError.
  void write(const std::string& path) const;

 private:
  std::vector<float> lots(const std::vector<std::string>& parents) const;

  std::optional<scoring::ScoreSurrogate> model_;
  std::size_t most_;
  std::uint64_t seed_;
  std::set<std::string> known_, taken_;
  std::set<NextMolecule> best_;
  std::int64_t unreadable_ = 0;
};

}  // namespace theriac::cli
