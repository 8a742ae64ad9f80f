#include "generative/linker_rules.hpp"

#include <algorithm>

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

}  // namespace

LinkerRules::LinkerRules(const GenerationPlan& plan, const GraphState& state) : plan_(plan), state_(state) {
  waiting_ = static_cast<int>(plan.extras.size()) - __builtin_popcount(state.extras_placed);
  if (waiting_ == 0) return;
  for (int u = state.focus; u < state.unit_count; ++u) count(u, open_);
  for (const ScaffoldSite& site : plan.sites)  // the exit atom, when the scaffold is not there yet
    if (site.unit >= state.scaffold_units_placed) ++open_.at_depth[0];
}

void LinkerRules::count(int unit, OpenValence& open) const {
  const StateUnit& u = state_.unit(unit);
  const int size = plan_.vocabulary->unit_size(u.type);
  for (int i = u.first_atom; i < u.first_atom + size; ++i)
    open.at_depth[state_.atom(i).depth] =
        static_cast<std::int16_t>(open.at_depth[state_.atom(i).depth] + usable(state_.atom(i)));
}

bool LinkerRules::feasible(const OpenValence& open, int atoms_left) const {
  int at_once = 0;
  for (int d = 0; d <= plan_.max_linker; ++d) {
    if (open.at_depth[at(d)] <= 0) continue;
    if (d >= plan_.min_linker) at_once += open.at_depth[at(d)];
    if (d < plan_.max_linker && atoms_left >= std::max(1, plan_.min_linker - d)) return true;
  }
  return at_once >= waiting_;
}

/// The same for valence of a new unit, whose atoms lie between these two depths.
bool LinkerRules::reaches(int valence, int nearest, int farthest, int atoms_left) const {
  if (valence >= waiting_ && nearest >= plan_.min_linker && farthest <= plan_.max_linker) return true;
  return valence >= 1 && nearest < plan_.max_linker && atoms_left >= std::max(1, plan_.min_linker - nearest);
}

bool LinkerRules::may_place(const StateAtom& site, int k) const {
  return (state_.extras_placed >> k & 1) == 0 && usable(site) > 0 && site.site_order <= 1 &&
         site.depth >= plan_.min_linker && site.depth <= plan_.max_linker;
}

bool LinkerRules::can_go_on(const StateAtom& site, int used, int atoms_left) const {
  OpenValence open = open_;
  const int left = site.growth == none ? used : 1;
  open.at_depth[site.depth] = static_cast<std::int16_t>(open.at_depth[site.depth] - left);
  return feasible(open, atoms_left);
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
  return reaches(valence, nearest, farthest, atoms_left);
}

bool LinkerRules::can_go_on(const StateAtom& site, const Addition& addition, int atoms_left) const {
  if (can_go_on(site, addition.order, atoms_left)) return true;
  const ActionVocabulary& words = *plan_.vocabulary;
  const int depth = site.depth + 1;
  if (!words.is_motif(addition.unit)) {
    const AtomType& type = words.atom_type(addition.unit);
    return reaches(type.valence - addition.order - (type.paired ? 1 : 0), depth, depth, atoms_left);
  }
  const RingMotif& motif = words.motif(addition.unit);
  for (int entry = 0; entry < motif.size(); ++entry)  // whichever atom it enters by
    if (motif.atoms[at(entry)].free >= addition.order &&
        !entry_reaches(motif, entry, addition.order, depth, atoms_left))
      return false;
  return true;
}

bool LinkerRules::can_close(const StateAtom& a, const StateAtom& b, int order) const {
  OpenValence open = open_;
  for (const StateAtom* atom : {&a, &b})
    open.at_depth[atom->depth] = static_cast<std::int16_t>(open.at_depth[atom->depth] - order);
  return feasible(open, plan_.max_atoms - state_.atom_count - state_.owed);
}

bool LinkerRules::can_leave_focus() const {
  OpenValence open = open_, here;
  count(state_.focus, here);
  for (std::size_t d = 0; d < open.at_depth.size(); ++d)
    open.at_depth[d] = static_cast<std::int16_t>(open.at_depth[d] - here.at_depth[d]);
  return feasible(open, plan_.max_atoms - state_.atom_count - state_.owed);
}

bool LinkerRules::keeps_distances(const StateAtom& a, const StateAtom& b) {
  return std::abs(static_cast<int>(a.depth) - static_cast<int>(b.depth)) <= 1;
}

}  // namespace theriac::generative
