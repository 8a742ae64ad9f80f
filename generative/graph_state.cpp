#include "generative/graph_state.hpp"

#include <algorithm>
#include <cstring>

namespace theriac::generative {
namespace {

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

std::uint8_t byte(int i) {
  return static_cast<std::uint8_t>(i);
}

enum class Origin { grown, scaffold, extra };

/// One change of a state under a plan.
class Change {
 public:
  Change(const GenerationPlan& plan, GraphState& state)
      : plan_(plan), words_(*plan.vocabulary), s_(state), forced_(scripted()) {}

  void root(Action action) {
    place_unit(words_.addition(action).unit, none, plan_.has_scaffold() ? Origin::scaffold : Origin::grown);
    s_.focus = 0;
    arrive();
  }

  void next_focus() { advance(); }

  void choose_site(int position) {
    step_script();
    s_.site = byte(s_.units[s_.focus].first_atom + position);
    s_.phase = Phase::bond;
  }

  void add(Action action) {
    const Addition& addition = words_.addition(action);
    if (words_.is_motif(addition.unit)) {
      const MotifAtoms choices = entry_choices(plan_, s_, action);
      step_script();
      if ((choices & (choices - 1)) != 0) {
        s_.pending = action;
        s_.phase = Phase::entry;
        return;
      }
      bind(addition, __builtin_ctz(choices));
    } else {
      step_script();
      bind(addition, 0);
    }
  }

  void enter(int position) {
    step_script();
    bind(words_.addition(s_.pending), position);
  }

  void close_ring(int order, int unit) {
    step_script();
    const int a = s_.site, b = s_.units[at(unit)].first_atom;
    const RingWalk walk = ring_walk(s_, a, max_graph_atoms);
    for (int atom = b; walk.distance[at(b)] != none; atom = walk.previous[at(atom)]) {
      s_.atoms[at(atom)].in_ring = true;
      if (atom == a) break;
    }
    join(a, b, order, forced_);
    s_.last_closure = byte(unit);
    settle();
  }

  void place_extra(int k) {
    const ExtraUnit& extra = plan_.extras[at(k)];
    const int base = s_.unit_count, site = s_.site;
    for (std::size_t i = 0; i < extra.graph.units.size(); ++i) {
      place_unit(extra.graph.units[i], none, Origin::extra);
      if (extra.in_ring[i]) s_.atoms[at(s_.atom_count - 1)].in_ring = true;
    }
    s_.owed = static_cast<std::int16_t>(s_.owed - extra.graph.atom_count);
    s_.extras_placed = byte(s_.extras_placed | 1 << k);
    const int entry = s_.units[at(base)].first_atom + extra.position;
    s_.units[at(base)].parent = s_.atoms[at(site)].unit;
    s_.units[at(base)].depth = byte(s_.units[s_.atoms[at(site)].unit].depth + 1);
    join(site, entry, 1, false);
    for (const UnitBond& b : extra.graph.bonds) {
      const int first = base + std::min(b.unit_a, b.unit_b), second = base + std::max(b.unit_a, b.unit_b);
      StateUnit& later = s_.units[at(second)];
      if (later.parent == none) {
        later.parent = byte(first);
        later.depth = byte(s_.units[at(first)].depth + 1);
      }
      join(s_.units[at(base + b.unit_a)].first_atom + b.position_a,
           s_.units[at(base + b.unit_b)].first_atom + b.position_b, b.order, true);
    }
    s_.bound_here = true;
    s_.phase = Phase::grow;
    settle();
  }

 private:
  bool scripted() const { return forced_action(plan_, s_).has_value() && s_.phase != Phase::root; }

  void step_script() {
    if (!forced_) return;
    ++s_.script_position;
    --s_.script_left;
  }

  void add_owed(int atom, int sign) {
    s_.owed = static_cast<std::int16_t>(s_.owed + sign * owed_atoms(words_, s_.atoms[at(atom)]));
  }

  void place_atom(int type, int free, int unit, int position) {
    StateAtom& a = s_.atoms[s_.atom_count++];
    a = StateAtom{};
    a.type = byte(type);
    a.free = byte(free);
    a.unit = byte(unit);
    a.position = byte(position);
    a.unpaired = words_.atom_type(type).paired;
  }

  /// The atoms and inner bonds of a unit, bound to nothing yet. What it owes is counted.
  void place_unit(int type, int site, Origin origin) {
    const int number = s_.unit_count++, first = s_.atom_count;
    StateUnit& u = s_.units[at(number)];
    u = StateUnit{};
    u.type = static_cast<std::uint16_t>(type);
    u.first_atom = byte(first);
    if (words_.is_motif(type)) {
      const RingMotif& motif = words_.motif(type);
      for (int p = 0; p < motif.size(); ++p) {
        const MotifAtom& m = motif.atoms[at(p)];
        place_atom(m.type, m.free, number, p);
        StateAtom& a = s_.atoms[at(first + p)];
        a.unpaired = m.unpaired;
        a.has_double = m.has_double;
        a.in_ring = true;
        u.open = byte(u.open + m.free);
      }
      for (const auto& b : motif.bonds) add_bond(first + b.begin, first + b.end, b.order);
    } else {
      place_atom(type, words_.atom_type(type).valence, number, 0);
      u.open = byte(words_.atom_type(type).valence);
      const bool joins = site != none && s_.units[s_.atoms[at(site)].unit].component != none;
      u.component = joins ? s_.units[s_.atoms[at(site)].unit].component : s_.components++;
    }
    if (origin != Origin::grown) limit_growth(number);
    if (origin == Origin::scaffold) enter_scaffold_unit(number);
    for (int i = first; i < s_.atom_count; ++i) add_owed(i, 1);
  }

  void limit_growth(int number) {
    for (int i = s_.units[at(number)].first_atom; i < s_.atom_count; ++i) {
      s_.atoms[at(i)].given = true;
      s_.atoms[at(i)].growth = 0;
    }
  }

  /// What was set aside for this unit of the scaffold is now there; its sites may grow.
  void enter_scaffold_unit(int number) {
    StateUnit& u = s_.units[at(number)];
    const int index = s_.scaffold_units_placed++;
    u.script = byte(index);
    s_.scaffold_units[at(index)] = byte(number);
    s_.owed = static_cast<std::int16_t>(s_.owed - (s_.atom_count - u.first_atom));
    for (const ScaffoldSite& site : plan_.sites) {
      if (site.unit != index) continue;
      StateAtom& a = s_.atoms[at(u.first_atom + site.position)];
      a.growth = byte(site.most);
      a.required = byte(site.required);
      a.site_order = byte(site.order);
      s_.owed = static_cast<std::int16_t>(s_.owed - site.required);
    }
  }

  void add_bond(int a, int b, int order) { s_.bonds[s_.bond_count++] = {byte(a), byte(b), byte(order)}; }

  void use_valence(int atom, int order) {
    StateAtom& a = s_.atoms[at(atom)];
    StateUnit& u = s_.units[a.unit];
    a.free = byte(a.free - order);
    u.open = byte(u.open - order);
    if (order == 2) a.has_double = true;
    if (u.component == none) u.bonded |= MotifAtoms(1) << a.position;
  }

  /// A bond between two atoms that are there; the charges of opposite, unpaired atoms pair off.
  void join(int a, int b, int order, bool forced) {
    StateAtom &one = s_.atoms[at(a)], &two = s_.atoms[at(b)];
    add_owed(a, -1);
    add_owed(b, -1);
    use_valence(a, order);
    use_valence(b, order);
    if (one.unpaired && two.unpaired &&
        words_.atom_type(one.type).charge * words_.atom_type(two.type).charge < 0)
      one.unpaired = two.unpaired = false;
    if (!forced && one.growth != none) {
      --one.growth;
      if (one.required > 0) --one.required;
    }
    add_owed(a, 1);
    add_owed(b, 1);
    add_bond(a, b, order);
  }

  void bind(const Addition& addition, int entry) {
    const int site = s_.site, number = s_.unit_count;
    place_unit(addition.unit, site, forced_ ? Origin::scaffold : Origin::grown);
    StateUnit& u = s_.units[at(number)];
    u.parent = s_.atoms[at(site)].unit;
    u.depth = byte(s_.units[u.parent].depth + 1);
    if (!plan_.extras.empty() && !forced_) set_depths(number, entry, s_.atoms[at(site)].depth + 1);
    join(site, u.first_atom + entry, addition.order, forced_);
    s_.bound_here = true;
    s_.phase = Phase::grow;
    settle();
  }

  void set_depths(int number, int entry, int depth) {
    const StateUnit& u = s_.units[at(number)];
    for (int i = u.first_atom; i < s_.atom_count; ++i) {
      const int inside = words_.is_motif(u.type) ? words_.motif(u.type).distance(entry, i - u.first_atom) : 0;
      s_.atoms[at(i)].depth = byte(std::min(depth + inside, 254));
    }
  }

  /// A focus without open valence passes on.
  void settle() {
    if (s_.units[s_.focus].open == 0)
      advance();
    else if (s_.units[s_.focus].component != none)
      s_.site = s_.units[s_.focus].first_atom;
  }

  void advance() {
    do ++s_.focus;
    while (s_.focus < s_.unit_count && s_.units[s_.focus].open == 0);
    arrive();
  }

  void arrive() {
    s_.phase = Phase::grow;
    s_.bound_here = false;
    s_.last_closure = 0;
    s_.script_position = 0;
    if (s_.focus < s_.unit_count) s_.site = s_.units[s_.focus].first_atom;
  }

  const GenerationPlan& plan_;
  const ActionVocabulary& words_;
  GraphState& s_;
  bool forced_;
};

}  // namespace

bool operator==(const GraphState& a, const GraphState& b) {
  const auto same = [](const auto& x, const auto& y, int n) {
    return std::memcmp(x.data(), y.data(), at(n) * sizeof(x[0])) == 0;
  };
  return a.atom_count == b.atom_count && a.bond_count == b.bond_count && a.unit_count == b.unit_count &&
         a.focus == b.focus && a.phase == b.phase && a.site == b.site && a.pending == b.pending &&
         a.bound_here == b.bound_here && a.last_closure == b.last_closure &&
         a.script_position == b.script_position && a.scaffold_units_placed == b.scaffold_units_placed &&
         a.extras_placed == b.extras_placed && a.components == b.components &&
         a.script_left == b.script_left && a.owed == b.owed && same(a.atoms, b.atoms, a.atom_count) &&
         same(a.bonds, b.bonds, a.bond_count) && same(a.units, b.units, a.unit_count) &&
         same(a.scaffold_units, b.scaffold_units, a.scaffold_units_placed);
}

GenerationPlan::GenerationPlan(const ActionVocabulary& vocabulary_used, int most_atoms)
    : vocabulary(&vocabulary_used),
      max_atoms(std::min(most_atoms > 0 ? most_atoms : vocabulary_used.contents().largest_molecule,
                         max_graph_atoms)) {}

GraphState start(const GenerationPlan& plan) {
  GraphState state{};
  int owed = 0, forced = 0;
  for (const int size : plan.scaffold_sizes) owed += size;
  for (const ScaffoldSite& site : plan.sites) owed += site.required;
  for (const ExtraUnit& extra : plan.extras) owed += extra.graph.atom_count;
  for (const auto& actions : plan.script) forced += static_cast<int>(actions.size());
  state.owed = static_cast<std::int16_t>(owed);
  state.script_left = static_cast<std::int16_t>(forced);
  return state;
}

void apply(const GenerationPlan& plan, GraphState& state, Action action) {
  const ActionVocabulary& words = *plan.vocabulary;
  Change change(plan, state);
  switch (words.kind(action)) {
    case ActionKind::stop:
      state.phase = Phase::finished;
      return;
    case ActionKind::next_focus:
      return change.next_focus();
    case ActionKind::add_atom:
    case ActionKind::add_motif:
      return state.phase == Phase::root ? change.root(action) : change.add(action);
    case ActionKind::site:
      return change.choose_site(words.position(action));
    case ActionKind::entry:
      return change.enter(words.position(action));
    case ActionKind::close_ring:
      return change.close_ring(words.closure_order(action), words.closure_unit(action));
    case ActionKind::place_extra:
      return change.place_extra(words.extra(action));
  }
}

std::optional<Action> forced_action(const GenerationPlan& plan, const GraphState& state) {
  if (!plan.has_scaffold()) return {};
  if (state.phase == Phase::root) return plan.root;
  if (state.finished() || state.focus >= state.unit_count) return {};
  const StateUnit& unit = state.units[state.focus];
  if (unit.script == none) return {};
  const auto& actions = plan.script[unit.script];
  if (state.script_position >= actions.size()) return {};
  const Action action = actions[state.script_position];
  const ActionVocabulary& words = *plan.vocabulary;
  if (words.kind(action) != ActionKind::close_ring) return action;
  return words.close_ring(words.closure_order(action), state.scaffold_units[at(words.closure_unit(action))]);
}

int owed_atoms(const ActionVocabulary& vocabulary, const StateAtom& atom) {
  if (atom.given) return atom.required;
  return vocabulary.owed_atoms(vocabulary.atom_type(atom.type), atom.free, atom.unpaired, atom.has_double);
}

StateAtom after_bond(StateAtom atom, int order, bool pairs_charge) {
  atom.free = byte(atom.free - order);
  atom.has_double = atom.has_double || order == 2;
  if (pairs_charge) atom.unpaired = false;
  if (atom.required > 0) --atom.required;
  if (atom.growth != none && atom.growth > 0) --atom.growth;
  return atom;
}

int atoms_left(const GenerationPlan& plan, const GraphState& state, const StateAtom& atom, int order,
               bool pairs_charge) {
  return plan.max_atoms - state.atom_count - state.owed + owed_atoms(*plan.vocabulary, atom) -
         owed_atoms(*plan.vocabulary, after_bond(atom, order, pairs_charge));
}

MotifAtoms entry_choices(const GenerationPlan& plan, const GraphState& state, Action addition) {
  const ActionVocabulary& words = *plan.vocabulary;
  const Addition& a = words.addition(addition);
  const StateAtom& site = state.atoms[state.site];
  const bool forced = site.given && forced_action(plan, state).has_value();
  MotifAtoms out = 0;
  if ((!site.unpaired || site.free > a.order) &&
      (forced || a.cost <= atoms_left(plan, state, site, a.order, false)))
    out |= words.entries(a.unit, a.order, Partner::none);
  if (site.unpaired && (forced || a.partner_cost <= atoms_left(plan, state, site, a.order, true)))
    out |= words.entries(a.unit, a.order,
                         words.atom_type(site.type).charge < 0 ? Partner::cation : Partner::anion);
  return out;
}

RingWalk ring_walk(const GraphState& state, int from, int limit) {
  RingWalk walk;
  walk.distance.fill(none);
  std::array<std::uint8_t, max_graph_atoms> queue;
  int tail = 0;
  queue[at(tail++)] = byte(from);
  walk.distance[at(from)] = 0;
  for (int head = 0; head < tail; ++head) {
    const int atom = queue[at(head)];
    if (walk.distance[at(atom)] >= limit) break;
    for (int i = 0; i < state.bond_count; ++i) {
      const StateBond& b = state.bonds[at(i)];
      if (b.begin != atom && b.end != atom) continue;
      const int other = b.begin == atom ? b.end : b.begin;
      if (walk.distance[at(other)] != none || state.units[state.atoms[at(other)].unit].component == none)
        continue;
      walk.distance[at(other)] = byte(walk.distance[at(atom)] + 1);
      walk.previous[at(other)] = byte(atom);
      queue[at(tail++)] = byte(other);
    }
  }
  return walk;
}

}  // namespace theriac::generative
