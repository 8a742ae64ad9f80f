#include "generative/legal_actions.hpp"

#include <algorithm>

#include "generative/linker_rules.hpp"

namespace theriac::generative {
namespace {

/// What is left of the 255 bonds of a state then holds for any units that still fit.
constexpr int most_bonds_to_close_at = 160;

class Rules {
 public:
  Rules(const GenerationPlan& plan, const GraphState& state, ActionSet& out)
      : plan_(plan), words_(*plan.vocabulary), s_(state), out_(out), linker_(plan, state) {}

  void collect() {
    if (const auto forced = forced_action(plan_, s_)) return out_.insert(*forced);
    switch (s_.phase) {
      case Phase::root:
        out_.insert_common(words_.roots(), words_.roots(),
                           words_.affordable(plan_.max_atoms - s_.owed, false));
        return;
      case Phase::bond:
        return collect_bonds(s_.atom(s_.site), out_);
      case Phase::entry:
        return collect_entries();
      case Phase::grow:
        return collect_growth();
      case Phase::finished:
        return;
    }
  }

 private:
  bool focused() const { return s_.focus < s_.unit_count; }
  const StateUnit& focus() const { return s_.unit(s_.focus); }

  void collect_entries() {
    for (MotifAtoms left = entry_choices(plan_, s_, s_.pending); left != 0; left &= left - 1)
      out_.insert(words_.entry(__builtin_ctz(left)));
  }

  /// A charge without partner keeps one valence for it.
  static bool spare(const StateAtom& a, int order) {
    return a.free > order || (!a.unpaired && a.free == order);
  }

  bool order_fits(const StateAtom& a, int order) const {
    if (order > a.free || (a.site_order != 0 && a.site_order != order)) return false;
    return order != 2 || !a.has_double || !takes_one_double_bond(words_.atom_type(a.type));
  }

  /// New units and extras at one atom.
  void collect_bonds(const StateAtom& a, ActionSet& out) const {
    if (a.growth == 0) return;
    for (int order = 1; order <= 3; ++order) {
      if (!order_fits(a, order)) continue;
      if (spare(a, order)) {
        const auto& additions = words_.additions(order, Partner::none);
        out.insert_common(additions, additions,
                          words_.affordable(atoms_left(plan_, s_, a, order, false), false));
      }
      if (a.unpaired) {
        const auto partner = words_.atom_type(a.type).charge < 0 ? Partner::cation : Partner::anion;
        const auto& additions = words_.additions(order, partner);
        out.insert_common(additions, additions,
                          words_.affordable(atoms_left(plan_, s_, a, order, true), true));
      }
    }
    if (!linker_.active()) return;
    keep_linkable(a, out);
    for (int k = 0; k < static_cast<int>(plan_.extras.size()); ++k)
      if (linker_.may_place(a, k) && spare(a, 1)) out.insert(words_.place_extra(k));
  }

  void keep_linkable(const StateAtom& a, ActionSet& out) const {
    out.for_each([&](Action action) {
      if (words_.kind(action) != ActionKind::add_atom && words_.kind(action) != ActionKind::add_motif) return;
      if (!linker_.may_add(a, words_.addition(action))) out.erase(action);
    });
  }

  /// Something can be bound to this atom of a motif.
  bool usable(const StateAtom& a) const {
    if (a.free == 0 || a.growth == 0) return false;
    if (!linker_.active() && !a.unpaired && a.site_order <= 1 && atoms_left(plan_, s_, a, 1, false) > 0)
      return true;  // a carbon, at least
    ActionSet bonds(words_.size());
    collect_bonds(a, bonds);
    return !bonds.empty();
  }

  void collect_sites() {
    const RingMotif& motif = words_.motif(focus().type);
    const bool chosen =
        s_.atom(focus().first_atom).given;  // a request names its sites: symmetry is not merged
    MotifAtoms sites = chosen ? ~MotifAtoms(0) : motif.representatives(focus().bonded);
    for (int p = 0; p < motif.size(); ++p)
      if ((sites >> p & 1u) && usable(s_.atom(focus().first_atom + p))) out_.insert(words_.site(p));
  }

  void collect_closures(const StateAtom& a) {
    if (a.given || s_.bound_here || s_.bond_count >= most_bonds_to_close_at) return;
    const bool open_later =
        std::any_of(s_.units.begin() + s_.focus + 1, s_.units.begin() + s_.unit_count,
                    [&](const StateUnit& u) { return u.component == focus().component && u.open; });
    if (!open_later) return;
    const RingWalk walk = ring_walk(s_, focus().first_atom, words_.contents().largest_ring - 1);
    for (int u = std::max<int>(s_.focus, s_.last_closure) + 1; u < s_.unit_count; ++u) {
      const StateUnit& target = s_.unit(u);
      if (target.component != focus().component || target.open == 0) continue;
      const StateAtom& b = s_.atom(target.first_atom);
      const int distance = walk.distance[target.first_atom];
      if (b.given || distance == none || distance < 2) continue;
      for (int order = 1; order <= 2; ++order)
        if (closes(a, b, order)) out_.insert(words_.close_ring(order, u));
    }
  }

  bool closes(const StateAtom& a, const StateAtom& b, int order) const {
    const bool pairs =
        a.unpaired && b.unpaired && words_.atom_type(a.type).charge * words_.atom_type(b.type).charge < 0;
    if (!order_fits(a, order) || !order_fits(b, order)) return false;
    if (!pairs && (!spare(a, order) || !spare(b, order))) return false;
    if (plan_.extras.empty()) return true;
    return LinkerRules::keeps_distances(a, b) && (!linker_.active() || linker_.may_close(a, b, order));
  }

  bool focus_owes() const {
    for (int i = focus().first_atom; i < s_.atom_count && s_.atom(i).unit == s_.focus; ++i)
      if (owed_atoms(words_, s_.atom(i)) > 0) return true;
    return false;
  }

  /// A unit behind the focus at which something may still happen.
  bool later_unit_grows() const {
    for (int u = s_.focus + 1; u < s_.unit_count; ++u) {
      const StateUnit& unit = s_.unit(u);
      if (unit.open == 0) continue;
      if (!s_.atom(unit.first_atom).given) return true;
      if (unit.script != none && !plan_.script[unit.script].empty()) return true;
      for (int i = unit.first_atom; i < s_.atom_count && s_.atom(i).unit == u; ++i)
        if (s_.atom(i).free > 0 && s_.atom(i).growth > 0) return true;
    }
    return false;
  }

  void collect_growth() {
    if (focused()) {
      if (focus().component == none) {
        collect_sites();
      } else {
        const StateAtom& a = s_.atom(focus().first_atom);
        collect_bonds(a, out_);
        collect_closures(a);
      }
      if (!focus_owes() && later_unit_grows() && (!linker_.active() || linker_.may_leave_focus()))
        out_.insert(ActionVocabulary::next_focus);
    }
    const bool complete = s_.owed == 0 && s_.script_left == 0;
    if (complete && (s_.atom_count >= plan_.min_atoms || out_.empty())) out_.insert(ActionVocabulary::stop);
  }

  const GenerationPlan& plan_;
  const ActionVocabulary& words_;
  const GraphState& s_;
  ActionSet& out_;
  LinkerRules linker_;
};

}  // namespace

void legal_actions(const GenerationPlan& plan, const GraphState& state, ActionSet& out) {
  out.clear();
  Rules(plan, state, out).collect();
}

ActionSet legal_actions(const GenerationPlan& plan, const GraphState& state) {
  ActionSet out(plan.vocabulary->size());
  legal_actions(plan, state, out);
  return out;
}

}  // namespace theriac::generative
