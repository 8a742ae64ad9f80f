// What is asked for when a molecule grows: how large, from which scaffold, joined to which warheads.
//
// A plan turns a request (generation_request.hpp) into limits on the legal actions; the network is the same
// in all modes. A scaffold is not put in front of the molecule but woven into its breadth-first order: when
// one of its units comes into focus, the bonds to its own neighbours are forced first, then it may grow where
// the request allows, then the focus moves on. So everything the network sees looks like what it was trained
// on.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "chem/counter_random.hpp"
#include "generative/action_vocabulary.hpp"
#include "generative/unit_graph.hpp"

namespace theriac::generative {

/// Where a scaffold may grow.
struct ScaffoldSite {
  int unit = 0;      ///< number of the scaffold unit, in the order of the plan
  int position = 0;  ///< atom of it
  int order = 1;     ///< of the bonds to what grows here
  int most = 1;      ///< units that may be bound here
  int required = 1;  ///< units that must be bound here
};

/// A unit of many atoms that comes in one piece: the second warhead. Its first unit binds by a single bond.
struct ExtraUnit {
  UnitGraph graph;            ///< units in an order in which each but the first is bound to an earlier one
  int position = 0;           ///< atom of the first unit that binds
  std::vector<char> in_ring;  ///< per unit: a single atom in a ring
  Action like = 0;            ///< the ordinary addition of that first unit: its stand-in for the network
};

/// An atom of the pieces that a plan gives, and which atom of the user's molecule it is.
struct GivenAtom {
  int origin = 0;    ///< atom of the molecule that the pieces were cut from
  int extra = -1;    ///< the extra that it belongs to; -1: the scaffold
  int unit = 0;      ///< of the scaffold or of the extra, in the order of the plan
  int position = 0;  ///< in its unit
};

struct GenerationPlan {
  /// De novo: the vocabulary must outlive the plan. `most_atoms` 0: as in the vocabulary's corpus.
  explicit GenerationPlan(const ActionVocabulary& vocabulary_used, int most_atoms = 0);

  const ActionVocabulary* vocabulary;
  int max_atoms;      ///< heavy atoms, never exceeded
  int min_atoms = 0;  ///< `stop` waits for so many, unless nothing else is left to do

  Action root = 0;  ///< with a scaffold: the first action
  std::vector<std::vector<Action>>
      script;                       ///< forced actions at each scaffold unit; closures name scaffold units
  std::vector<int> scaffold_sizes;  ///< atoms of each scaffold unit
  std::vector<ScaffoldSite> sites;

  std::vector<ExtraUnit> extras;       ///< each is placed once
  int min_linker = 0, max_linker = 0;  ///< atoms on the shortest path to each extra

  std::vector<GivenAtom> given;  ///< where the pieces know their origin (UnitGraph::places)

  bool has_scaffold() const { return !script.empty(); }
};

/// The plan of a molecule by its number in the stream; requests draw an order of their scaffold for each.
using PlanSource = std::function<GenerationPlan(std::uint64_t number)>;

/// The open sites of a piece, each of which must grow; several at one atom are one site of several units.
std::vector<ScaffoldSite> required_sites(const UnitGraph& piece);

/// One piece that grows at its sites (units as in `piece`), in a random order. The limits of size are left to
/// the caller. Throws NotEncodable when no order of the piece is legal.
GenerationPlan grow_plan(const ActionVocabulary& vocabulary, const UnitGraph& piece,
                         const std::vector<ScaffoldSite>& sites, chem::CounterRandom& random);

/// Pieces with one open site each, by a single bond, to be joined; growth begins at piece number `first`.
/// Limits of size and of the linker are left to the caller. Throws NotEncodable.
GenerationPlan link_plan(const ActionVocabulary& vocabulary, const std::vector<UnitGraph>& pieces,
                         std::size_t first, chem::CounterRandom& random);

}  // namespace theriac::generative
