// A molecule while it grows: atoms, bonds and units as plain numbers, changed by one action at a time.
//
// Units (single atoms and ring motifs) join a queue in the order in which they are placed, and are in focus
// one after the other, breadth first. At the unit in focus the actions close rings to units that are still
// waiting (first, in rising order), then bind new units; `next focus` goes on to the next unit with open
// valence, `stop` ends the molecule, which may be long before the queue is empty. A unit whose last valence
// is used passes the focus on by itself.
//
// What may be done next is in legal_actions.hpp; what a request adds to it, in generation_plan.hpp. A state
// is a few kilobytes without pointers: copying one is a memcpy, and hundreds can grow side by side.
#pragma once
#include <array>
#include <cstdint>
#include <type_traits>

#include "generative/action_vocabulary.hpp"
#include "generative/generation_plan.hpp"
#include "generative/unit_graph.hpp"

namespace theriac::generative {

constexpr int max_graph_bonds = 255;
constexpr std::uint8_t none = 255;

enum class Phase : std::uint8_t {
  root,     ///< nothing is there yet: the first unit is asked for
  grow,     ///< at the unit in focus: a site (motif), a bond, a closure, next focus or stop
  bond,     ///< the site in the motif is chosen, the new unit is asked for
  entry,    ///< the new motif is chosen, the atom through which it binds is asked for
  finished  ///< stopped
};

struct StateAtom {
  std::uint8_t type = 0;        ///< atom type
  std::uint8_t free = 0;        ///< open valence: hydrogens, if nothing else comes
  std::uint8_t unit = 0;        ///< number of its unit in this molecule
  std::uint8_t position = 0;    ///< number within its motif; 0 for a single atom
  std::uint8_t growth = none;   ///< units that may still be bound here; 255: as many as valence allows
  std::uint8_t required = 0;    ///< units that must still be bound here
  std::uint8_t site_order = 0;  ///< bond order asked for by a request; 0: any
  std::uint8_t depth = 0;       ///< linking: bonds from the exit atom of the first warhead
  bool unpaired = false;        ///< a charge that still needs its partner
  bool has_double = false;
  bool in_ring = false;
  bool given = false;  ///< part of a request: a scaffold or a warhead
};

struct StateBond {
  std::uint8_t begin = 0, end = 0, order = 1;
};

struct StateUnit {
  std::uint16_t type = 0;         ///< unit type of the vocabulary
  std::uint8_t first_atom = 0;    ///< its atoms are consecutive, in the motif's numbering
  std::uint8_t parent = none;     ///< unit to which it was bound; none: the root
  std::uint8_t depth = 0;         ///< units between it and the root
  std::uint8_t open = 0;          ///< open valence of its atoms
  std::uint8_t component = none;  ///< single atoms that rings may join have the same number; none: a motif
  std::uint8_t script = none;     ///< its number in the request's scaffold
  MotifAtoms bonded = 0;          ///< atoms of the motif with bonds to other units
};

struct GraphState {
  std::array<StateAtom, max_graph_atoms> atoms;
  std::array<StateBond, max_graph_bonds> bonds;
  std::array<StateUnit, max_graph_atoms> units;
  std::array<std::uint8_t, max_graph_atoms> scaffold_units;  ///< unit number of each scaffold unit placed
  std::uint8_t atom_count = 0, bond_count = 0, unit_count = 0;
  std::uint8_t focus = 0;  ///< unit in focus; unit_count: none has open valence any more
  Phase phase = Phase::root;
  std::uint8_t site = 0;             ///< atom in focus; a motif has one in the phases bond and entry only
  std::uint16_t pending = 0;         ///< phase entry: the action that chose the motif
  bool bound_here = false;           ///< the focus has bound a new unit: no more closures from it
  std::uint8_t last_closure = 0;     ///< closures of one focus come in rising order
  std::uint8_t script_position = 0;  ///< forced actions done at this focus
  std::uint8_t scaffold_units_placed = 0;
  std::uint8_t extras_placed = 0;  ///< bit k: extra k is there
  std::uint8_t components = 0;
  std::int16_t script_left = 0;  ///< forced actions still to come
  std::int16_t owed = 0;         ///< atoms that must still come before the molecule can stop

  const StateUnit& unit(int i) const { return units[static_cast<std::size_t>(i)]; }
  const StateAtom& atom(int i) const { return atoms[static_cast<std::size_t>(i)]; }
  bool finished() const { return phase == Phase::finished; }

  friend bool operator==(const GraphState& a, const GraphState& b);
};
static_assert(std::is_trivially_copyable_v<GraphState>);
static_assert(std::has_unique_object_representations_v<StateAtom> &&
              std::has_unique_object_representations_v<StateBond> &&
              std::has_unique_object_representations_v<StateUnit>);

/// The empty molecule of a plan.
GraphState start(const GenerationPlan& plan);

/// Does one action, which must be legal (legal_actions.hpp): nothing is checked here. Costs as many steps as
/// atoms change.
void apply(const GenerationPlan& plan, GraphState& state, Action action);

/// The action that a request prescribes at this point; empty where the choice is free.
std::optional<Action> forced_action(const GenerationPlan& plan, const GraphState& state);

/// Atoms that this atom still owes to valence, charge and request.
int owed_atoms(const ActionVocabulary& vocabulary, const StateAtom& atom);

/// The atom when one more unit is bound to it; `pairs_charge`: one that balances its charge.
StateAtom after_bond(StateAtom atom, int order, bool pairs_charge);

/// Atoms that can still be added when a bond of this order is made at `atom`, before the limit is reached;
/// all that the molecule owes is set aside.
int atoms_left(const GenerationPlan& plan, const GraphState& state, const StateAtom& atom, int order,
               bool pairs_charge);

/// Entries that the motif of `addition` may take at the site in focus.
MotifAtoms entry_choices(const GenerationPlan& plan, const GraphState& state, Action addition);

/// Paths through single atoms, away from one of them.
struct RingWalk {
  std::array<std::uint8_t, max_graph_atoms> distance;  ///< bonds; 255: not within reach
  std::array<std::uint8_t, max_graph_atoms> previous;  ///< the atom before, on a shortest path
};
RingWalk ring_walk(const GraphState& state, int from, int limit);

}  // namespace theriac::generative
