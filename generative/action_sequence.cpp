#include "generative/action_sequence.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chem/error.hpp"
#include "generative/legal_actions.hpp"

namespace theriac::generative {
namespace {

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

std::uint64_t mixed(std::uint64_t h) {  // the finaliser of SplitMix64
  h ^= h >> 30;
  h *= 0xbf58476d1ce4e5b9ull;
  h ^= h >> 27;
  h *= 0x94d049bb133111ebull;
  return h ^ (h >> 31);
}

/// A bond seen from one of its units.
struct Neighbour {
  int unit = 0;
  int position = 0;        ///< of the atom in this unit, as in the unit graph
  int other_position = 0;  ///< of the atom in the neighbour
  int order = 1;
};

std::vector<std::vector<Neighbour>> neighbours_of(const UnitGraph& molecule) {
  std::vector<std::vector<Neighbour>> out(molecule.units.size());
  for (const UnitBond& b : molecule.bonds) {
    out[at(b.unit_a)].push_back({b.unit_b, b.position_a, b.position_b, b.order});
    out[at(b.unit_b)].push_back({b.unit_a, b.position_b, b.position_a, b.order});
  }
  return out;
}

int draw(chem::CounterRandom& random, std::size_t n) {
  return static_cast<int>(random.below(static_cast<std::uint32_t>(n)));
}

/// Walks a unit graph breadth first and writes the actions; a real state goes along and vouches for each.
class Encoder {
 public:
  Encoder(const ActionVocabulary& words, const UnitGraph& molecule, chem::CounterRandom& random,
          bool canonical, bool part = false)
      : words_(words),
        molecule_(molecule),
        random_(random),
        canonical_(canonical),
        part_(part),
        plan_(words, max_graph_atoms),
        state_(start(plan_)),
        legal_(words.size()),
        neighbours_(neighbours_of(molecule)) {
    if (part) plan_.max_atoms = 1 << 14;  // no entry is refused for want of room
    if (canonical) ranks_ = unit_ranks(words, molecule);
    out_.number.assign(molecule.units.size(), -1);
    out_.position.resize(molecule.units.size());
    bonds_left_ = molecule.bonds.size();
  }

  Encoding run(int root) {
    begin_unit(root);
    const auto lowest = lowest_order_addition(molecule_.units[at(root)]);
    act(lowest);
    while (bonds_left_ > 0) {
      visit(unit_at(state_.focus));
      if (bonds_left_ > 0 && (state_.focus >= state_.unit_count || visited_ == state_.focus))
        act(words_.next_focus);
    }
    if (!part_) act(ActionVocabulary::stop);
    return std::move(out_);
  }

 private:
  Action lowest_order_addition(int unit) const {
    for (int order = 1; order <= 3; ++order)
      if (const auto action = words_.find_addition(unit, order)) return *action;
    throw NotEncodable(fmt::format("unit {} has no bond in the vocabulary", unit));
  }

  /// The unit of the unit graph that has this number in the state.
  int unit_at(int number) const {
    return number < static_cast<int>(placed_.size()) ? placed_[at(number)] : -1;
  }

  void begin_unit(int unit) {
    out_.number[at(unit)] = static_cast<int>(placed_.size());
    placed_.push_back(unit);
    if (!words_.is_motif(molecule_.units[at(unit)])) return;
    auto& position = out_.position[at(unit)];
    for (int p = 0; p < words_.unit_size(molecule_.units[at(unit)]); ++p)
      position.push_back(static_cast<std::uint8_t>(p));
  }

  void act(Action action) {
    legal_actions(plan_, state_, legal_);
    const bool leaves_open_ends =
        part_ && action == ActionVocabulary::next_focus && state_.focus < state_.unit_count;
    if (!legal_.contains(action) && !leaves_open_ends)
      throw NotEncodable(fmt::format("{} is not allowed{}", words_.describe(action), reason(action)));
    out_.focus.push_back(state_.focus);
    out_.actions.push_back(action);
    apply(plan_, state_, action);
  }

  std::string reason(Action action) const {
    if (words_.kind(action) != ActionKind::close_ring) return "";
    const RingWalk walk = ring_walk(state_, state_.site, max_graph_atoms);
    const int distance = walk.distance[state_.unit(words_.closure_unit(action)).first_atom];
    return distance == none ? "" : fmt::format(": a ring of {} atoms", distance + 1);
  }

  /// Renumbers a motif by a symmetry that keeps its bonded atoms, so that `position` gets the lowest number.
  int lowest_position(int unit, int position, MotifAtoms bonded, bool adopt) {
    const RingMotif& motif = words_.motif(molecule_.units[at(unit)]);
    auto& numbers = out_.position[at(unit)];
    const int now = numbers[at(position)];
    const MotifSymmetry* best = nullptr;
    for (const MotifSymmetry& s : motif.symmetries)
      if ((s.fixed & bonded) == bonded && s.image[at(now)] < (best ? best->image[at(now)] : now)) best = &s;
    if (!best) return now;
    if (adopt)
      for (auto& p : numbers) p = best->image[p];
    return best->image[at(now)];
  }

  /// Neighbours that are not there yet, in the order in which they are to be bound.
  std::vector<Neighbour> children(int unit) {
    std::vector<Neighbour> out;
    for (const Neighbour& n : neighbours_[at(unit)])
      if (out_.number[at(n.unit)] < 0) out.push_back(n);
    if (canonical_) {
      std::stable_sort(out.begin(), out.end(), [&](const Neighbour& a, const Neighbour& b) {
        return ranks_[at(a.unit)] < ranks_[at(b.unit)];
      });
    } else {
      for (std::size_t i = out.size(); i > 1; --i) std::swap(out[i - 1], out[at(draw(random_, i))]);
    }
    return out;
  }

  void visit(int unit) {
    if (unit < 0 || visited_ == state_.focus) return;
    const int focus = visited_ = state_.focus;
    close_rings(unit);
    auto waiting = children(unit);
    const bool motif = words_.is_motif(molecule_.units[at(unit)]);
    while (!waiting.empty()) {
      auto next = waiting.begin();
      if (motif && canonical_)  // the lowest site first, among equals the order of rank
        next = std::min_element(waiting.begin(), waiting.end(), [&](const Neighbour& a, const Neighbour& b) {
          return lowest_position(unit, a.position, state_.unit(focus).bonded, false) <
                 lowest_position(unit, b.position, state_.unit(focus).bonded, false);
        });
      if (motif) act(words_.site(lowest_position(unit, next->position, state_.unit(focus).bonded, true)));
      bind(*next);
      waiting.erase(next);
    }
  }

  void bind(const Neighbour& child) {
    const int type = molecule_.units[at(child.unit)];
    begin_unit(child.unit);
    const auto addition = words_.find_addition(type, child.order);
    if (!addition) throw NotEncodable(fmt::format("unit {} is never bound by order {}", type, child.order));
    const int entry = words_.is_motif(type) ? lowest_position(child.unit, child.other_position, 0, true) : 0;
    act(*addition);
    --bonds_left_;
    if (state_.phase == Phase::entry) act(words_.entry(entry));
    const StateUnit& placed = state_.unit(state_.unit_count - 1);
    if (words_.is_motif(type) && placed.bonded != MotifAtoms(1) << entry)
      throw NotEncodable(
          fmt::format("{} does not bind through its atom {}", words_.motif(type).smiles, entry));
  }

  void close_rings(int unit) {
    std::vector<std::pair<int, int>> closures;  // number of the target, bond order
    for (const Neighbour& n : neighbours_[at(unit)])
      if (out_.number[at(n.unit)] > state_.focus && !bonded(out_.number[at(n.unit)]))
        closures.emplace_back(out_.number[at(n.unit)], n.order);
    std::sort(closures.begin(), closures.end());
    for (const auto& [target, order] : closures) {
      if (order > 2) throw NotEncodable("a ring that only a triple bond could close");
      act(words_.close_ring(order, target));
      --bonds_left_;
    }
  }

  /// The atoms in focus and of unit `number` have a bond in the state.
  bool bonded(int number) const {
    const int a = state_.unit(state_.focus).first_atom, b = state_.unit(number).first_atom;
    for (int i = 0; i < state_.bond_count; ++i) {
      const StateBond& x = state_.bonds[at(i)];
      if ((x.begin == a && x.end == b) || (x.begin == b && x.end == a)) return true;
    }
    return false;
  }

  const ActionVocabulary& words_;
  const UnitGraph& molecule_;
  chem::CounterRandom& random_;
  bool canonical_;
  bool part_;  ///< open ends: what a whole molecule owes is not asked for
  GenerationPlan plan_;
  GraphState state_;
  ActionSet legal_;
  std::vector<std::vector<Neighbour>> neighbours_;
  std::vector<std::uint64_t> ranks_;
  Encoding out_;
  std::vector<int> placed_;
  std::size_t bonds_left_ = 0;
  int visited_ = -1;
};

}  // namespace

std::vector<std::uint64_t> unit_ranks(const ActionVocabulary& vocabulary, const UnitGraph& molecule) {
  const auto adjacent = neighbours_of(molecule);
  const std::size_t n = molecule.units.size();
  std::vector<std::uint64_t> hash(n), next(n);
  std::vector<std::vector<std::uint8_t>> classes(n);
  for (std::size_t i = 0; i < n; ++i) {
    hash[i] = mixed(static_cast<std::uint64_t>(molecule.units[i]) + 1);
    if (vocabulary.is_motif(molecule.units[i]))
      classes[i] = vocabulary.motif(molecule.units[i]).symmetry_classes();
  }
  const auto class_of = [&](std::size_t unit, int position) {
    return static_cast<std::uint64_t>(classes[unit].empty() ? 0 : classes[unit][at(position)]);
  };
  for (int round = 0; round < 12; ++round) {  // each round sees one bond further (Weisfeiler and Leman)
    for (std::size_t i = 0; i < n; ++i) {
      std::uint64_t sum = 0;
      for (const Neighbour& b : adjacent[i])
        sum +=
            mixed(hash[at(b.unit)] + 7 * class_of(i, b.position) +
                  301 * class_of(at(b.unit), b.other_position) + 10007 * static_cast<std::uint64_t>(b.order));
      next[i] = mixed(hash[i] * 3 + sum);
    }
    hash.swap(next);
  }
  for (std::size_t i = 0; i < n; ++i) {  // what chemists see first comes first: ends of chains, then the type
    const std::uint64_t branches = std::min<std::uint64_t>(adjacent[i].size(), 15);
    hash[i] = branches << 60 | static_cast<std::uint64_t>(molecule.units[i]) << 44 | hash[i] >> 20;
  }
  return hash;
}

Encoding encode_from(const ActionVocabulary& vocabulary, const UnitGraph& molecule, int root,
                     chem::CounterRandom& random, NeighbourOrder order) {
  const bool canonical =
      order == NeighbourOrder::canonical || (order == NeighbourOrder::either && random.below(2) == 0);
  return Encoder(vocabulary, molecule, random, canonical).run(root);
}

Encoding encode(const ActionVocabulary& vocabulary, const UnitGraph& molecule, chem::CounterRandom& random,
                NeighbourOrder order) {
  const int root = draw(random, molecule.units.size());
  return encode_from(vocabulary, molecule, root, random, order);
}

Encoding encode_part(const ActionVocabulary& vocabulary, const UnitGraph& part, chem::CounterRandom& random) {
  const int root = draw(random, part.units.size());
  return Encoder(vocabulary, part, random, random.below(2) == 0, true).run(root);
}

Encoding encode_patiently(const ActionVocabulary& vocabulary, const UnitGraph& molecule,
                          chem::CounterRandom& random, int attempts) {
  for (int i = 1;; ++i) {
    try {
      return encode(vocabulary, molecule, random);
    } catch (const NotEncodable&) {
      if (i >= attempts) throw;
    }
  }
}

Replay::Replay(const GenerationPlan& plan, const Action* actions, std::size_t count)
    : plan_(plan), actions_(actions), count_(count), state_(start(plan)), legal_(plan.vocabulary->size()) {}

const GraphState& Replay::state() {
  if (pending_) apply(plan_, state_, actions_[position_ - 1]);
  pending_ = false;
  return state_;
}

std::optional<ReplayStep> Replay::next() {
  state();
  if (position_ == count_) return {};
  const Action action = actions_[position_];
  legal_actions(plan_, state_, legal_);
  if (!legal_.contains(action))
    throw ModelError(fmt::format("action {} of {} ({}) is not legal there", position_ + 1, count_,
                                 plan_.vocabulary->describe(action)));
  ++position_;
  pending_ = true;
  return ReplayStep{state_, legal_, action};
}

GraphState decode(const GenerationPlan& plan, const std::vector<Action>& actions) {
  Replay replay(plan, actions);
  while (replay.next()) {
  }
  if (!replay.state().finished())
    throw ModelError(fmt::format("the molecule is not finished after its {} actions", actions.size()));
  return replay.state();
}

void ActionCorpus::add(const std::vector<Action>& actions) {
  actions_.insert(actions_.end(), actions.begin(), actions.end());
  begins_.push_back(actions_.size());
}

std::size_t ActionCorpus::bytes() const {
  return actions_.capacity() * sizeof(Action) + begins_.capacity() * sizeof(std::uint64_t);
}

}  // namespace theriac::generative
