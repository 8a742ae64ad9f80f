#include "generative/linker_rules.hpp"

#include <algorithm>
#include <cstdlib>

namespace theriac::generative {
namespace {

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

/// Valence that a warhead may use: a charge keeps one back for its partner.
int usable(const StateAtom& a) {
  const int valence = a.free - (a.unpaired ? 1 : 0);
  return std::max(0, a.growth == none ? valence : std::min<int>(valence, a.growth));
}

void shift(OpenValence& open, const StateAtom& before, const StateAtom& after) {
  std::int16_t& here = open.at_depth[before.depth];
  here = static_cast<std::int16_t>(here + usable(after) - usable(before));
}

}  // namespace

LinkerRules::LinkerRules(const GenerationPlan& plan, const GraphState& state) : plan_(plan), state_(state) {
  waiting_ = static_cast<int>(plan.extras.size()) - __builtin_popcount(state.extras_placed);
  if (waiting_ == 0) return;
  for (int u = state.focus; u < state.unit_count; ++u) count(u, 1, open_);
  for (const ScaffoldSite& site : plan.sites)  // the exit atom, when the scaffold is not there yet
    if (site.unit >= state.scaffold_units_placed) ++open_.at_depth[0];
}

void LinkerRules::count(int unit, int sign, OpenValence& open) const {
  const StateUnit& u = state_.unit(unit);
  const int size = plan_.vocabulary->unit_size(u.type);
  for (int i = u.first_atom; i < u.first_atom + size; ++i) {
    std::int16_t& here = open.at_depth[state_.atom(i).depth];
    here = static_cast<std::int16_t>(here + sign * usable(state_.atom(i)));
  }
}

bool LinkerRules::feasible(const OpenValence& open, int waiting, int atoms_left) const {
  int at_once = 0;
  for (int d = 0; d <= plan_.max_linker; ++d) {
    if (open.at_depth[at(d)] <= 0) continue;
    if (d >= plan_.min_linker) at_once += open.at_depth[at(d)];
    if (d < plan_.max_linker && atoms_left >= std::max(1, plan_.min_linker - d)) return true;
  }
  return at_once >= waiting;
}

/// The same for the valence of a new unit alone, whose open atoms lie between these two depths.
bool LinkerRules::new_valence_reaches(int valence, int nearest, int farthest, int atoms_left) const {
  if (valence >= waiting_ && nearest >= plan_.min_linker && farthest <= plan_.max_linker) return true;
  return valence >= 1 && nearest < plan_.max_linker && atoms_left >= std::max(1, plan_.min_linker - nearest);
}

bool LinkerRules::entry_reaches(const RingMotif& motif, int entry, int order, int depth,
                                int atoms_left) const {
  int valence = 0, nearest = 255, farthest = 0;
  for (int p = 0; p < motif.size(); ++p) {
    const MotifAtom& a = motif.atoms[at(p)];
    const int free = a.free - (p == entry ? order : 0) - (a.unpaired ? 1 : 0);
    if (free <= 0) continue;
    valence += free;
    nearest = std::min(nearest, depth + motif.distance(entry, p));
    farthest = std::max(farthest, depth + motif.distance(entry, p));
  }
  return new_valence_reaches(valence, nearest, farthest, atoms_left);
}

bool LinkerRules::addition_reaches(const Addition& addition, int depth, int atoms_left) const {
  const ActionVocabulary& words = *plan_.vocabulary;
  if (!words.is_motif(addition.unit)) {
    const AtomType& type = words.atom_type(addition.unit);
    const int valence = type.valence - addition.order - (type.paired ? 1 : 0);
    return new_valence_reaches(valence, depth, depth, atoms_left);
  }
  const RingMotif& motif = words.motif(addition.unit);
  for (int entry = 0; entry < motif.size(); ++entry)  // whichever atom it enters by
    if (motif.atoms[at(entry)].free >= addition.order &&
        !entry_reaches(motif, entry, addition.order, depth, atoms_left))
      return false;
  return true;
}

bool LinkerRules::may_add(const StateAtom& site, const Addition& addition) const {
  const ActionVocabulary& words = *plan_.vocabulary;
  const bool is_motif = words.is_motif(addition.unit);
  const bool may_pair =
      site.unpaired &&
      (is_motif || (words.atom_type(addition.unit).paired &&
                    words.atom_type(addition.unit).charge * words.atom_type(site.type).charge < 0));
  const bool may_stay_apart = !may_pair || (is_motif && site.free > addition.order);
  for (const bool pairs : {false, true}) {
    if (pairs ? !may_pair : !may_stay_apart) continue;
    const int left = atoms_left(plan_, state_, site, addition.order, pairs) -
                     (pairs ? addition.partner_cost : addition.cost);
    OpenValence open = open_;
    shift(open, site, after_bond(site, addition.order, pairs));
    if (!feasible(open, waiting_, left) && !addition_reaches(addition, site.depth + 1, left)) return false;
  }
  return true;
}

bool LinkerRules::may_place(const StateAtom& site, int k) const {
  if ((state_.extras_placed >> k & 1) != 0 || usable(site) == 0 || site.site_order > 1) return false;
  if (site.depth < plan_.min_linker || site.depth > plan_.max_linker) return false;
  OpenValence open = open_;
  shift(open, site, after_bond(site, 1, false));
  return feasible(open, waiting_ - 1, atoms_left(plan_, state_, site, 1, false));
}

bool LinkerRules::may_close(const StateAtom& a, const StateAtom& b, int order) const {
  OpenValence open = open_;
  shift(open, a, after_bond(a, order, false));
  shift(open, b, after_bond(b, order, false));
  return feasible(open, waiting_, plan_.max_atoms - state_.atom_count - state_.owed);
}

bool LinkerRules::may_leave_focus() const {
  OpenValence open = open_;
  count(state_.focus, -1, open);
  return feasible(open, waiting_, plan_.max_atoms - state_.atom_count - state_.owed);
}

bool LinkerRules::keeps_distances(const StateAtom& a, const StateAtom& b) {
  return std::abs(static_cast<int>(a.depth) - static_cast<int>(b.depth)) <= 1;
}

}  // namespace theriac::generative
