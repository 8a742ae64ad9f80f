#include "chem/ring_system.hpp"

#include <GraphMol/Atom.h>
#include <GraphMol/Bond.h>
#include <GraphMol/MolOps.h>
#include <GraphMol/RWMol.h>
#include <GraphMol/RingInfo.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "chem/conformer.hpp"
#include "chem/ring_shape.hpp"
#include "chem/units.hpp"

namespace theriac::chem {
namespace {

using RDKit::Atom;
using RDKit::ROMol;
using RDKit::RWMol;

constexpr double same_shape = 30 * units::radians_per_degree;  // conformers whose torsions are closer are one
constexpr double amide_flip_energy = 0.5;                      // kcal/mol, so that fewer flips come first

/// One way a unit can be, and what that costs relative to its best.
struct State {
  Coordinates x;  // of the unit's atoms, in the unit's order; empty: as in the start
  bool flipped = false;
  double energy = 0;
};

/// A ring system with its neighbours (atoms in the order ring atoms, neighbours), or a tertiary amide bond.
struct Unit {
  std::vector<int> ring;   // empty for an amide
  std::vector<int> shell;  // atoms bonded to the ring
  std::pair<int, int> amide{-1, -1};
  std::vector<State> states;
};

std::vector<std::vector<int>> ring_systems(const ROMol& mol) {
  std::vector<std::set<int>> systems;
  std::vector<char> flexible;
  for (const auto& ring : mol.getRingInfo()->atomRings()) {
    std::set<int> merged(ring.begin(), ring.end());
    char any = is_flexible_ring(mol, ring);
    for (std::size_t s = 0; s < systems.size();) {
      const bool touches =
          std::any_of(systems[s].begin(), systems[s].end(), [&](int i) { return merged.count(i); });
      if (!touches) {
        ++s;
        continue;
      }
      merged.insert(systems[s].begin(), systems[s].end());
      any = static_cast<char>(any || flexible[s]);
      systems.erase(systems.begin() + static_cast<std::ptrdiff_t>(s));
      flexible.erase(flexible.begin() + static_cast<std::ptrdiff_t>(s));
    }
    systems.push_back(std::move(merged));
    flexible.push_back(any);
  }
  std::vector<std::vector<int>> out;
  for (std::size_t s = 0; s < systems.size(); ++s)
    if (flexible[s]) out.emplace_back(systems[s].begin(), systems[s].end());
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<int> neighbours(const ROMol& mol, int atom) {
  std::vector<int> out;
  for (const auto* n : mol.atomNeighbors(mol.getAtomWithIdx(static_cast<unsigned>(atom))))
    out.push_back(static_cast<int>(n->getIdx()));
  return out;
}

std::vector<int> shell_of(const ROMol& mol, const std::vector<int>& ring) {
  std::set<int> shell;
  for (const int i : ring)
    for (const int j : neighbours(mol, i))
      if (!std::binary_search(ring.begin(), ring.end(), j)) shell.insert(j);
  return {shell.begin(), shell.end()};
}

/// Atoms on the far side of the bond from `ring_atom` to `first`, `first` included.
std::vector<int> branch(const ROMol& mol, int ring_atom, int first) {
  std::vector<int> out{first};
  std::vector<char> seen(mol.getNumAtoms(), 0);
  seen[first] = seen[ring_atom] = 1;
  for (std::size_t head = 0; head < out.size(); ++head)
    for (const int j : neighbours(mol, out[head]))
      if (!seen[j]) {
        seen[j] = 1;
        out.push_back(j);
      }
  return out;
}

void clear_stereo(RDKit::Bond& bond) {
  bond.setStereo(RDKit::Bond::STEREONONE);
  bond.getStereoAtoms().clear();
  bond.setBondDir(RDKit::Bond::NONE);
}

/// The ring system alone: its neighbours kept, with what they are doubly bonded to, so that amides stay flat;
/// hydrogens fill the rest. `kept` receives the original index of every atom before the new hydrogens.
Molecule cut_out(const ROMol& whole, const Coordinates& start, const Unit& unit, std::vector<int>& kept) {
  const Molecule with_start = with_conformers(Molecule(std::make_shared<ROMol>(whole)), {start});
  RWMol mol(with_start.graph());
  RDKit::MolOps::assignChiralTypesFrom3D(mol);  // every tetrahedral atom, not only the true stereocentres
  mol.clearConformers();
  RDKit::MolOps::Kekulize(mol, true);
  std::vector<char> keep(mol.getNumAtoms(), 0), complete(mol.getNumAtoms(), 0);
  for (const int i : unit.ring) keep[i] = complete[i] = 1;
  for (auto* bond : mol.bonds())  // a double bond on the rim loses atoms that its stereochemistry refers to
    if (!complete[bond->getBeginAtomIdx()] || !complete[bond->getEndAtomIdx()]) clear_stereo(*bond);
  for (const int i : unit.shell) keep[i] = 1;
  for (const int i : unit.shell)
    for (const auto* bond : mol.atomBonds(mol.getAtomWithIdx(static_cast<unsigned>(i))))
      if (bond->getBondType() == RDKit::Bond::DOUBLE)
        keep[bond->getOtherAtomIdx(static_cast<unsigned>(i))] = 1;
  for (auto* atom : mol.atoms()) {
    if (complete[atom->getIdx()]) continue;
    atom->setChiralTag(Atom::CHI_UNSPECIFIED);
    atom->setNoImplicit(false);
    atom->setNumExplicitHs(0);
  }
  kept.clear();
  for (std::size_t i = 0; i < keep.size(); ++i)
    if (keep[i]) kept.push_back(static_cast<int>(i));
  mol.beginBatchEdit();
  for (std::size_t i = 0; i < keep.size(); ++i)
    if (!keep[i]) mol.removeAtom(static_cast<unsigned>(i));
  mol.commitBatchEdit();
  RDKit::MolOps::sanitizeMol(mol);
  return with_hydrogens(Molecule(std::make_shared<ROMol>(mol)));
}

/// Two hydrogens of a CH2 are named at random by an embedding; name them as in the start.
void match_hydrogens(const ROMol& mol, const Coordinates& start, const std::vector<int>& kept,
                     Coordinates& x) {
  std::vector<int> position(mol.getNumAtoms(), -1);
  for (std::size_t i = 0; i < kept.size(); ++i) position[kept[i]] = static_cast<int>(i);
  for (const int centre : kept) {
    std::vector<int> hydrogens, heavy;
    for (const int j : neighbours(mol, centre))
      if (position[j] >= 0)
        (mol.getAtomWithIdx(static_cast<unsigned>(j))->getAtomicNum() == 1 ? hydrogens : heavy).push_back(j);
    if (hydrogens.size() != 2 || heavy.size() != 2) continue;
    const auto volume = [&](const Coordinates& y, auto at) {
      const Vector3 c = y[at(centre)];
      return dot(y[at(heavy[0])] - c, cross(y[at(heavy[1])] - c, y[at(hydrogens[0])] - y[at(hydrogens[1])]));
    };
    const double wanted = volume(start, [](int i) { return i; });
    const double found = volume(x, [&](int i) { return position[i]; });
    if (wanted * found < 0) std::swap(x[position[hydrogens[0]]], x[position[hydrogens[1]]]);
  }
}

int embeddings_for(const RingShape& shape) {
  return shape.has_macrocycle() ? 16 : std::min(20, 6 + 3 * shape.flexible_rings());
}

Coordinates picked(const Coordinates& x, const std::vector<int>& atoms) {
  Coordinates out;
  for (const int i : atoms) out.push_back(x[i]);
  return out;
}

/// Distinct low-energy shapes of the ring system, the start's own first.
void find_states(const Molecule& whole, const Coordinates& start, const RingSearch& search, Unit& unit) {
  std::vector<int> kept;
  const Molecule fragment = cut_out(whole.graph(), start, unit, kept);
  const RingShape shape = RingShape::of_ring_system(fragment);
  const std::size_t most = shape.has_macrocycle() ? 12 : 10;
  std::vector<Coordinates> raw;
  const auto is_new = [&](const auto& known, const Coordinates& x, auto coordinates) {
    return std::all_of(known.begin(), known.end(),
                       [&](const auto& k) { return shape.difference(coordinates(k), x) > same_shape; });
  };
  for (auto& x : embeddings(fragment, embeddings_for(shape), search.seed, 0, shape.has_macrocycle(),
                            search.cpu_seconds))
    if (raw.size() < most && is_new(raw, x, [](const Coordinates& c) { return c; }))
      raw.push_back(std::move(x));
  std::vector<Conformation> relaxed;
  Relaxation relaxation(fragment);
  for (const auto& x : raw)
    if (Conformation c = relaxation.relaxed(x); has_specified_stereo(fragment, c.x))
      relaxed.push_back(std::move(c));
  std::stable_sort(relaxed.begin(), relaxed.end(),
                   [](const Conformation& a, const Conformation& b) { return a.energy < b.energy; });

  Coordinates own(static_cast<std::size_t>(fragment.atom_count()));
  for (std::size_t i = 0; i < kept.size(); ++i) own[i] = start[kept[i]];
  std::vector<int> own_order;  // ring, then shell, as positions in the fragment
  for (const auto* part : {&unit.ring, &unit.shell})
    for (const int i : *part)
      own_order.push_back(static_cast<int>(std::lower_bound(kept.begin(), kept.end(), i) - kept.begin()));
  State as_started;
  as_started.energy = search.keep_start_first || relaxed.empty() ? 0 : search.energy_window;
  std::vector<Conformation> distinct;
  for (auto& c : relaxed) {
    const double energy = c.energy - relaxed.front().energy;
    if (shape.difference(own, c.x) <= same_shape) {
      as_started.energy = std::min(as_started.energy, energy);
    } else if (energy <= search.energy_window &&
               is_new(distinct, c.x, [](const Conformation& k) { return k.x; })) {
      distinct.push_back(c);
      match_hydrogens(whole.graph(), start, kept, c.x);
      unit.states.push_back({picked(c.x, own_order), false, energy});
    }
  }
  unit.states.insert(unit.states.begin(), as_started);
}

struct Frame {
  Vector3 origin, u, v, w;  // right-handed, orthonormal
};

/// At `end`, with u along begin -> end and v in the plane of `side`.
Frame frame_at(Vector3 end, Vector3 begin, Vector3 side) {
  const auto unit_vector = [](Vector3 a) { return (1.0 / std::max(norm(a), 1e-12)) * a; };
  Frame f;
  f.origin = end;
  f.u = unit_vector(end - begin);
  const Vector3 s = side - begin;
  f.v = unit_vector(s - dot(s, f.u) * f.u);
  f.w = cross(f.u, f.v);
  return f;
}

Vector3 moved(Vector3 p, const Frame& from, const Frame& to) {
  const Vector3 d = p - from.origin;
  return to.origin + dot(d, from.u) * to.u + dot(d, from.v) * to.v + dot(d, from.w) * to.w;
}

/// The ring system takes its new shape; each branch follows its bond.
Coordinates with_state(const ROMol& mol, const Coordinates& x, const Unit& unit, const State& state) {
  Coordinates out = x;
  for (std::size_t i = 0; i < unit.ring.size(); ++i) out[unit.ring[i]] = state.x[i];
  for (std::size_t s = 0; s < unit.shell.size(); ++s) {
    const int first = unit.shell[s];
    const Vector3 target = state.x[unit.ring.size() + s];
    int root = -1, side = -1;
    for (const int j : neighbours(mol, first))
      if (std::binary_search(unit.ring.begin(), unit.ring.end(), j)) root = j;
    for (const int j : neighbours(mol, root))
      if (side < 0 && std::binary_search(unit.ring.begin(), unit.ring.end(), j)) side = j;
    const Frame from = frame_at(x[first], x[root], x[side]), to = frame_at(target, out[root], out[side]);
    for (const int j : branch(mol, root, first)) out[j] = moved(x[j], from, to);
  }
  return out;
}

/// Turns the nitrogen's side of an amide bond by half a turn.
Coordinates with_flip(const ROMol& mol, const Coordinates& x, std::pair<int, int> amide) {
  Coordinates out = x;
  const Vector3 c = x[amide.first], d = x[amide.second] - c;
  const Vector3 axis = (1.0 / norm(d)) * d;
  for (const int j : branch(mol, amide.first, amide.second)) {
    const Vector3 r = x[j] - c;
    out[j] = c + 2 * dot(r, axis) * axis - r;
  }
  return out;
}

/// Choices of one state per unit, in the order of their summed energy, the start's own first at equal energy.
std::vector<std::vector<std::size_t>> combinations(const std::vector<Unit>& units, const RingSearch& search) {
  struct Choice {
    std::vector<std::size_t> states;
    double energy;
  };
  constexpr std::size_t beam = 64;
  std::vector<Choice> all{{{}, 0}};
  for (const auto& unit : units) {
    std::vector<Choice> next;
    for (const auto& c : all)
      for (std::size_t s = 0; s < unit.states.size(); ++s) {
        next.push_back({c.states, c.energy + unit.states[s].energy});
        next.back().states.push_back(s);
      }
    std::stable_sort(next.begin(), next.end(),
                     [](const Choice& a, const Choice& b) { return a.energy < b.energy; });
    if (next.size() > beam) next.resize(beam);
    all = std::move(next);
  }
  std::vector<std::vector<std::size_t>> out;
  if (search.keep_start_first) out.emplace_back(units.size(), 0);
  for (auto& c : all)
    if (c.energy <= all.front().energy + search.energy_window) out.push_back(std::move(c.states));
  return out;
}

std::vector<Unit> find_units(const Molecule& whole, const Coordinates& start, const RingShape& shape,
                             const RingSearch& search) {
  std::vector<Unit> units;
  for (auto& ring : ring_systems(whole.graph())) {
    Unit unit;
    unit.ring = std::move(ring);
    unit.shell = shell_of(whole.graph(), unit.ring);
    find_states(whole, start, search, unit);
    units.push_back(std::move(unit));
  }
  for (const auto& amide : shape.amides()) {
    Unit unit;
    unit.amide = amide;
    unit.states = {{{}, false, 0}, {{}, true, amide_flip_energy}};
    units.push_back(std::move(unit));
  }
  return units;
}

}  // namespace

std::vector<Coordinates> ring_variants(const Molecule& with_h, const Coordinates& start,
                                       const RingSearch& search) {
  const RingShape shape = RingShape::of_molecule(with_h);
  const int wanted = shape.has_macrocycle() ? search.macrocycle_conformers : search.conformers;
  if (!shape.is_flexible() || wanted < 2) return {start};
  const std::vector<Unit> units = find_units(with_h, start, shape, search);
  std::vector<Coordinates> kept;
  for (const auto& choice : combinations(units, search)) {
    if (static_cast<int>(kept.size()) >= wanted) break;
    Coordinates x = start;
    for (std::size_t u = 0; u < units.size(); ++u) {
      const State& state = units[u].states[choice[u]];
      if (state.flipped) x = with_flip(with_h.graph(), x, units[u].amide);
      if (!state.x.empty()) x = with_state(with_h.graph(), x, units[u], state);
    }
    const bool is_new = std::all_of(
        kept.begin(), kept.end(), [&](const Coordinates& k) { return shape.difference(k, x) > same_shape; });
    if (is_new && (kept.empty() || has_specified_stereo(with_h, x))) kept.push_back(std::move(x));
  }
  return kept;
}

}  // namespace theriac::chem
