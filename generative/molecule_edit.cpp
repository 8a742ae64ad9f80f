#include "generative/molecule_edit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "chem/carried_stereo.hpp"
#include "chem/error.hpp"
#include "chem/substructure.hpp"
#include "generative/decoded_molecule.hpp"

namespace theriac::generative {
namespace {

constexpr double patience = 0.1;     ///< of similarity: a cut so far from the bounds is drawn 2.7 times less
constexpr int linker_change = 2;     ///< atoms on the way between two kept pieces
constexpr int draws_of_a_cut = 100;  ///< before giving up on pieces that have no legal order

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

/// A bond between what stays and what goes.
struct CutPoint {
  int stays = 0, goes = 0;
};

std::vector<CutPoint> cut_points(const chem::MolecularGraph& graph, const std::vector<char>& stays) {
  std::vector<CutPoint> out;
  for (const auto& b : graph.bonds)
    if (stays[at(b.begin)] != stays[at(b.end)])
      out.push_back(stays[at(b.begin)] ? CutPoint{b.begin, b.end} : CutPoint{b.end, b.begin});
  std::sort(out.begin(), out.end(), [](const CutPoint& a, const CutPoint& b) {
    return std::pair(a.stays, a.goes) < std::pair(b.stays, b.goes);
  });
  return out;
}

/// SMILES of some atoms of a molecule; point n stands for the n-th of `points`, atoms that are not among
/// them.
std::string part_smiles(const chem::FlatGraph& flat, const std::vector<char>& stays,
                        const std::vector<CutPoint>& points) {
  chem::FlatGraph part;
  std::vector<int> index(stays.size(), -1);
  for (std::size_t i = 0; i < stays.size(); ++i) {
    if (stays[i]) continue;
    index[i] = part.graph.atom_count();
    part.graph.atoms.push_back(flat.graph.atoms[i]);
    part.valences.push_back(flat.valences[i]);
  }
  for (const auto& b : flat.graph.bonds)
    if (!stays[at(b.begin)] && !stays[at(b.end)])
      part.graph.bonds.push_back({index[at(b.begin)], index[at(b.end)], b.order});
  for (std::size_t i = 0; i < points.size(); ++i)
    part.open_sites.push_back({index[at(points[i].goes)], 1, static_cast<int>(i) + 1});
  return chem::smiles_with_points(part);
}

/// The units of some atoms; what they are bound to beyond becomes open sites.
UnitGraph part_of(const UnitGraph& whole, const chem::MolecularGraph& graph, const AtomSet& inside) {
  UnitGraph out;
  std::vector<int> number(whole.units.size(), -1);
  out.places.resize(whole.places.size());
  for (std::size_t i = 0; i < whole.places.size(); ++i) {
    if (!inside[i]) continue;
    int& unit = number[at(whole.places[i].unit)];
    if (unit < 0) {
      unit = static_cast<int>(out.units.size());
      out.units.push_back(whole.units[at(whole.places[i].unit)]);
    }
    out.places[i] = {unit, whole.places[i].position};
    ++out.atom_count;
  }
  for (UnitBond b : whole.bonds) {
    b.unit_a = number[at(b.unit_a)];
    b.unit_b = number[at(b.unit_b)];
    if (b.unit_a >= 0 && b.unit_b >= 0) out.bonds.push_back(b);
  }
  for (const auto& b : graph.bonds)
    for (const auto& [here, there] : {std::pair{b.begin, b.end}, {b.end, b.begin}})
      if (inside[at(here)] && !inside[at(there)])
        out.open_sites.push_back({out.places[at(here)].unit, out.places[at(here)].position, b.order, 0});
  return out;
}

/// Bonds between two atoms on the shortest way.
int distance(const chem::MolecularGraph& graph, int from, int to) {
  const auto adjacent = chem::neighbours(graph);
  std::vector<int> steps(graph.atoms.size(), -1), queue{from};
  steps[at(from)] = 0;
  for (std::size_t head = 0; head < queue.size() && steps[at(to)] < 0; ++head)
    for (const auto& n : adjacent[at(queue[head])])
      if (steps[at(n.atom)] < 0) {
        steps[at(n.atom)] = steps[at(queue[head])] + 1;
        queue.push_back(n.atom);
      }
  return steps[at(to)];
}

/// Where the given atoms of a plan are in a finished molecule; -1: not given.
std::vector<int> atoms_of_origin(const GenerationPlan& plan, const GraphState& state,
                                 const std::vector<Action>& actions, std::size_t count) {
  std::vector<int> first_unit(plan.extras.size(), 0);
  int unit = 0;
  for (const Action action : actions) {
    if (plan.vocabulary->kind(action) != ActionKind::place_extra) continue;
    const int k = plan.vocabulary->extra(action);
    while (!state.atom(state.unit(unit).first_atom).given || state.unit(unit).script != none) ++unit;
    first_unit[at(k)] = unit;
    unit += static_cast<int>(plan.extras[at(k)].graph.units.size());
  }
  std::vector<int> out(count, -1);
  for (const GivenAtom& g : plan.given) {
    const int number = g.extra < 0 ? state.scaffold_units[at(g.unit)] : first_unit[at(g.extra)] + g.unit;
    out[at(g.origin)] = state.unit(number).first_atom + g.position;
  }
  return out;
}

void check_bounds(const EditOptions& o) {
  if (!(o.min_similarity >= 0 && o.max_similarity <= 1))
    throw UsageError(fmt::format("similarities lie between 0 and 1, not at {} and {}", o.min_similarity,
                                 o.max_similarity));
  if (o.min_similarity > o.max_similarity)
    throw UsageError(fmt::format("a similarity of at least {} and at most {} contradict each other",
                                 o.min_similarity, o.max_similarity));
  if (o.max_cut < 1) throw UsageError("to grow anything anew, at least one heavy atom must be cut away");
  if (o.size_change < 0 || o.min_atoms < 0 || o.max_atoms < 0)
    throw UsageError("numbers of atoms cannot be negative");
  if (o.max_atoms > max_graph_atoms)
    throw UsageError(
        fmt::format("at most {} heavy atoms are possible, not {}", max_graph_atoms, o.max_atoms));
  if (o.max_atoms > 0 && o.min_atoms > o.max_atoms)
    throw UsageError(fmt::format("at least {} and at most {} heavy atoms contradict each other", o.min_atoms,
                                 o.max_atoms));
}

}  // namespace

MoleculeEdits::MoleculeEdits(const ActionVocabulary& vocabulary, const std::string& smiles,
                             EditOptions options)
    : vocabulary_(&vocabulary), options_(std::move(options)), molecule_(chem::Molecule::without_atoms()) {
  check_bounds(options_);
  read(smiles);
  find_cuts();
  weigh_cuts();
}

void MoleculeEdits::read(const std::string& smiles) {
  try {
    UnitGraphBuilder builder(*vocabulary_);
    builder.build(chem::flat_graph(smiles));  // names the atoms as the user counts them
    molecule_ = chem::Molecule::from_smiles(chem::Molecule::from_smiles(smiles).smiles());
    flat_ = chem::flat_graph(molecule_.smiles());
    if (flat_.graph.atom_count() != molecule_.atom_count() && flat_.open_sites.empty()) {
      molecule_ = chem::Molecule::from_smiles(chem::flat_smiles(molecule_));  // deuterium counts as hydrogen
      flat_ = chem::flat_graph(molecule_.smiles());
    }
    if (!flat_.open_sites.empty())
      throw UsageError(
          fmt::format("the molecule '{}' has an attachment point; a whole one is asked for", smiles),
          "what grows at attachment points is a scaffold");
    units_ = builder.build(flat_);
    flat_smiles_ = chem::flat_smiles(molecule_);
    fingerprint_ = chem::morgan_fingerprint(molecule_);
  } catch (const MoleculeError& e) {
    throw InputError(
        fmt::format("the generator cannot use the molecule '{}': {}", smiles.substr(0, 200), e.what()));
  }
}

AtomSet MoleculeEdits::kept_by_pattern() const {
  AtomSet out;
  if (options_.keep.empty()) return out;
  for (const auto& match :
       chem::SubstructurePattern(options_.keep).occurrences(chem::SubstructureTarget(molecule_)))
    for (const int atom : match) out.set(at(atom));
  if (out.none())
    throw UsageError(
        fmt::format("nothing to keep: '{}' does not match '{}'", options_.keep, molecule_.smiles()));
  return out;
}

void MoleculeEdits::find_cuts() {
  const AtomSet keep = kept_by_pattern();
  const auto fail = [&](const std::string& reason, const std::string& hint) {
    throw UsageError(fmt::format("the molecule '{}' cannot be cut: {}", molecule_.smiles(), reason), hint);
  };
  if (cuttable_bonds(flat_.graph).empty())
    fail("it has no single bond outside rings", "mark where it may grow, and use it as a scaffold");
  cuts_ = molecule_cuts(flat_.graph, {options_.max_cut, keep});
  if (cuts_.empty() && keep.any())
    fail(fmt::format("nothing of up to {} heavy atoms is left outside '{}'", options_.max_cut, options_.keep),
         "keep less, or allow more to be cut");
  if (cuts_.empty())
    fail(fmt::format("it has no part of up to {} heavy atoms", options_.max_cut), "allow more to be cut");
  const auto has_room = [&](const MoleculeCut& c) { return room(c).most > 0; };
  cuts_.erase(std::stable_partition(cuts_.begin(), cuts_.end(), has_room), cuts_.end());
  if (cuts_.empty())
    fail(fmt::format("what stays leaves no room to grow within {} heavy atoms", options_.max_atoms),
         "allow more atoms, or more to be cut");
}

/// Limits on the heavy atoms of the whole molecule; most 0: nothing could grow.
MoleculeEdits::Room MoleculeEdits::room(const MoleculeCut& cut) const {
  const int all = flat_.graph.atom_count(), removed = static_cast<int>(cut.removed.count());
  const int must_grow = cut.kind == CutKind::core ? 1 : cut.bond_count;
  Room out;
  out.most =
      options_.max_atoms > 0 ? options_.max_atoms : std::max(all + options_.size_change, options_.min_atoms);
  out.most = std::min(out.most, max_graph_atoms);
  if (all - removed + must_grow > out.most) return {};
  const int least = all - removed + std::max(must_grow, removed - options_.size_change);
  out.least = std::min(options_.min_atoms > 0 ? options_.min_atoms : least, out.most);
  return out;
}

void MoleculeEdits::weigh_cuts() {
  std::array<KindOfCut, 3> kinds;
  for (std::size_t i = 0; i < cuts_.size(); ++i) {
    const MoleculeCut& cut = cuts_[i];
    const double off =
        std::max({0.0, options_.min_similarity - cut.likeness, cut.likeness - options_.max_similarity});
    KindOfCut& kind = kinds[static_cast<std::size_t>(cut.kind)];
    const double before = kind.cuts.empty() ? 0 : kind.weight_up_to.back();
    kind.cuts.push_back(i);
    kind.weight_up_to.push_back(before + std::exp(-off / patience));
  }
  for (KindOfCut& kind : kinds)
    if (!kind.cuts.empty()) kinds_.push_back(std::move(kind));
}

GenerationPlan MoleculeEdits::plan(chem::CounterRandom& random) const {
  for (int i = 1;; ++i) {
    const KindOfCut& kind = kinds_[random.below(static_cast<std::uint32_t>(kinds_.size()))];
    const double ticket = random.uniform(0, kind.weight_up_to.back());
    const auto found = std::upper_bound(kind.weight_up_to.begin(), kind.weight_up_to.end() - 1, ticket);
    const auto& cut = cuts_[kind.cuts[static_cast<std::size_t>(found - kind.weight_up_to.begin())]];
    try {
      return plan_of(cut, random);
    } catch (const NotEncodable& e) {
      if (i == draws_of_a_cut)
        throw InputError(
            fmt::format("the generator cannot use the molecule '{}': {}", molecule_.smiles(), e.what()));
    }
  }
}

GenerationPlan MoleculeEdits::plan_of(const MoleculeCut& cut, chem::CounterRandom& random) const {
  AtomSet kept;
  for (int i = 0; i < flat_.graph.atom_count(); ++i) kept.set(at(i), !cut.removed[at(i)]);
  GenerationPlan out = [&] {
    if (cut.kind == CutKind::core) return core_plan(cut, random);
    const UnitGraph piece = part_of(units_, flat_.graph, kept);
    return grow_plan(*vocabulary_, piece, required_sites(piece), random);
  }();
  out.max_atoms = room(cut).most;
  out.min_atoms = room(cut).least;
  return out;
}

GenerationPlan MoleculeEdits::core_plan(const MoleculeCut& cut, chem::CounterRandom& random) const {
  std::vector<UnitGraph> pieces;
  std::vector<int> exits;
  for (int i = 0; i < cut.bond_count; ++i) {
    const int bond = cut.bonds[at(i)];
    const auto& b = flat_.graph.bonds[at(bond)];
    exits.push_back(cut.removed[at(b.begin)] ? b.end : b.begin);
    const auto beyond = chem::reachable(flat_.graph, exits.back(), {bond});
    AtomSet inside;
    for (std::size_t atom = 0; atom < beyond.size(); ++atom) inside.set(atom, beyond[atom] != 0);
    pieces.push_back(part_of(units_, flat_.graph, inside));
  }
  const std::size_t first = random.below(static_cast<std::uint32_t>(pieces.size()));
  int shortest = max_graph_atoms, longest = 0;
  for (std::size_t i = 0; i < exits.size(); ++i) {
    if (i == first) continue;
    const int atoms_between = distance(flat_.graph, exits[first], exits[i]) - 1;
    shortest = std::min(shortest, atoms_between);
    longest = std::max(longest, atoms_between);
  }
  const int may_grow = room(cut).most - flat_.graph.atom_count() + static_cast<int>(cut.removed.count());
  GenerationPlan out = link_plan(*vocabulary_, pieces, first, random);
  out.min_linker = std::clamp(shortest - linker_change, 1, may_grow);
  out.max_linker = longest + linker_change;
  return out;
}

PlanSource MoleculeEdits::plans(std::uint64_t seed) const {
  return [this, seed](std::uint64_t number) {
    chem::CounterRandom random(seed, molecule_.smiles(), "edit plan", number);
    return plan(random);
  };
}

std::string MoleculeEdits::replaced_part(const std::vector<char>& kept) const {
  return part_smiles(flat_, kept, cut_points(flat_.graph, kept));
}

std::string MoleculeEdits::replacement_part(const std::vector<int>& atom_of, const GraphState& state) const {
  std::vector<char> kept_before, given(state.atom_count, 0);
  for (const int atom : atom_of) {
    kept_before.push_back(atom >= 0);
    if (atom >= 0) given[at(atom)] = 1;
  }
  const chem::FlatGraph grown = flat_graph(*vocabulary_, state);
  auto bonds = cut_points(grown.graph, given);
  std::vector<CutPoint> points;  // in the order of those of the part that was replaced
  for (const CutPoint& before : cut_points(flat_.graph, kept_before)) {
    const auto found = std::find_if(bonds.begin(), bonds.end(), [&](const CutPoint& now) {
      return now.stays == atom_of[at(before.stays)];
    });
    points.push_back(*found);
    bonds.erase(found);
  }
  return part_smiles(grown, given, points);
}

EditedMolecule MoleculeEdits::edited(const GenerationPlan& plan, const GraphState& state,
                                     const std::vector<Action>& actions) const {
  const auto atom_of = atoms_of_origin(plan, state, actions, flat_.graph.atoms.size());
  std::vector<char> kept;
  for (const int atom : atom_of) kept.push_back(atom >= 0);
  chem::Molecule molecule = chem::with_carried_stereo(molecule_, flat_graph(*vocabulary_, state), atom_of);
  const double similarity = chem::tanimoto(chem::morgan_fingerprint(molecule), fingerprint_);
  return {std::move(molecule), similarity, static_cast<int>(std::count(kept.begin(), kept.end(), 1)),
          replaced_part(kept), replacement_part(atom_of, state)};
}

bool MoleculeEdits::accepts(const EditedMolecule& edited) const {
  if (edited.similarity < options_.min_similarity || edited.similarity > options_.max_similarity)
    return false;
  return edited.similarity < 1 || chem::flat_smiles(edited.molecule) != flat_smiles_;
}

PlanSource edit_plans(const ActionVocabulary& vocabulary, const std::string& smiles,
                      const EditOptions& options, std::uint64_t seed) {
  const auto edits = std::make_shared<const MoleculeEdits>(vocabulary, smiles, options);
  return [edits, plans = edits->plans(seed)](std::uint64_t number) { return plans(number); };
}

}  // namespace theriac::generative
