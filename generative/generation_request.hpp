// What a chemist asks the generator for, checked against a vocabulary, and turned into plans.
//
//     de novo      nothing but limits of size
//     decorate     a scaffold with attachment points: "[*:1]c1ccc(cc1)C(=O)N[*:2]"
//     regrow       the same: what is left of a molecule after a cut
//     link         two to four warheads with one attachment point each: "[*]c1ccncc1", "[*]N1CCOCC1"
//     hop          the same with the side chains of a molecule: the core is grown anew
//
// Everything that cannot be fulfilled is refused before anything is grown, with the reason.
#pragma once
#include <string>
#include <vector>

#include "chem/counter_random.hpp"
#include "generative/generation_plan.hpp"

namespace theriac::generative {

struct GenerationRequest {
  std::string scaffold;  ///< SMILES with attachment points; empty: none
  std::vector<int>
      optional_points;  ///< labels of attachment points that may stay hydrogen; all others must grow
  std::vector<std::string> warheads;  ///< SMILES with one attachment point each, by a single bond
  int min_linker = 1;                 ///< atoms on the shortest path between two warheads; 0: a bond will do
  int max_linker = 0;                 ///< 0: no limit
  int min_atoms = 0;  ///< heavy atoms of the whole molecule; fewer only if no valence is left open
  int max_atoms = 0;  ///< 0: as in the vocabulary's corpus, or what the request needs and 15 more
};

/// A request that has been read and found possible. Immutable; safe to share between threads.
class CheckedRequest {
 public:
  /// Throws UsageError for what contradicts itself (no attachment point, min above max, fewer atoms than the
  /// scaffold has) and InputError for SMILES that cannot be read or hold what the vocabulary does not.
  /// The vocabulary must outlive the request and its plans.
  CheckedRequest(const ActionVocabulary& vocabulary, GenerationRequest request);

  /// A plan with a random order of the scaffold, and a random warhead to begin with. Costs microseconds: draw
  /// one for each molecule.
  GenerationPlan plan(chem::CounterRandom& random) const;

  const GenerationRequest& request() const { return request_; }
  /// Heavy atoms of scaffold or warheads.
  int given_atoms() const { return given_atoms_; }

 private:
  UnitGraph read(const std::string& smiles, const std::string& what) const;
  void check_sizes();
  void check_scaffold();
  void check_warheads();
  int least_atoms() const;

  const ActionVocabulary* vocabulary_;
  GenerationRequest request_;
  UnitGraph scaffold_;
  std::vector<ScaffoldSite> sites_;  ///< units as in scaffold_
  std::vector<UnitGraph> warheads_;
  int given_atoms_ = 0;
};

}  // namespace theriac::generative
