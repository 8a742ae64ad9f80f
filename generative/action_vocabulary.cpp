#include "generative/action_vocabulary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chem/error.hpp"

namespace theriac::generative {
namespace {

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

constexpr const char* order_names[] = {"", "single", "double", "triple"};

/// Charges that are neighbours within the motif pair off there; the others ask for a partner outside.
void pair_charges(const std::vector<AtomType>& types, RingMotif& motif) {
  for (const auto& b : motif.bonds) {
    MotifAtom& one = motif.atoms[at(b.begin)];
    MotifAtom& two = motif.atoms[at(b.end)];
    if (one.unpaired && two.unpaired && types[one.type].charge * types[two.type].charge < 0)
      one.unpaired = two.unpaired = false;
  }
}

}  // namespace

std::string name(const AtomType& type) {
  static const std::pair<int, const char*> symbols[] = {{5, "B"},   {6, "C"},   {7, "N"},   {8, "O"},
                                                        {9, "F"},   {14, "Si"}, {15, "P"},  {16, "S"},
                                                        {17, "Cl"}, {34, "Se"}, {35, "Br"}, {53, "I"}};
  std::string out = fmt::format("element {}", type.element);
  for (const auto& [element, symbol] : symbols)
    if (element == type.element) out = symbol;
  if (type.charge != 0)
    out += type.charge == 1 ? "+" : type.charge == -1 ? "-" : fmt::format("{:+d}", type.charge);
  static const char* roman[] = {"0", "I", "II", "III", "IV", "V", "VI", "VII"};
  const auto& valences = chem::allowed_valences(type.element, type.charge);
  const bool usual = valences.empty() || valences.front() == type.valence;
  if (!usual) out += fmt::format("({})", type.valence < 8 ? roman[type.valence] : "?");
  if (type.charge != 0 && !type.paired) out += " alone";
  return out;
}

ActionVocabulary::ActionVocabulary(VocabularyContents contents) : contents_(std::move(contents)) {
  if (contents_.atom_types.empty() || contents_.atom_types.size() > 255)
    throw ModelError(fmt::format("an action vocabulary needs 1 to 255 atom types, this one has {}",
                                 contents_.atom_types.size()));
  for (std::size_t i = 0; i < contents_.atom_types.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (same_kind(contents_.atom_types[i], contents_.atom_types[j]))
        throw ModelError(
            fmt::format("atom type '{}' is in the vocabulary twice", name(contents_.atom_types[i])));
  for (std::size_t i = 0; i < contents_.motifs.size(); ++i) build_motif(i);
  build_additions();
  build_costs();
  build_sets();
}

void ActionVocabulary::build_motif(std::size_t index) {
  const VocabularyContents::Motif& source = contents_.motifs[index];
  const auto fail = [&](const std::string& reason) {
    throw ModelError(fmt::format("motif {} '{}' of the vocabulary {}", index + 1, source.smiles, reason));
  };
  RingMotif motif;
  motif.smiles = source.smiles;
  motif.count = source.count;
  chem::FlatGraph flat;
  chem::CanonicalGraph canonical;
  try {
    flat = chem::flat_graph(source.smiles);
    canonical = chem::canonical_graph(flat);
  } catch (const MoleculeError& e) {
    fail(fmt::format("cannot be read: {}", e.what()));
  }
  const int n = flat.graph.atom_count();
  if (n < 3 || n > max_motif_atoms)
    fail(fmt::format("has {} atoms; motifs have 3 to {}", n, max_motif_atoms));
  const auto ring_sizes = chem::smallest_ring_sizes(flat.graph);
  if (std::count(ring_sizes.begin(), ring_sizes.end(), 0) > 0 || !flat.open_sites.empty())
    fail("is not a bare ring system");
  const auto together = chem::reachable(flat.graph, 0);
  if (std::count(together.begin(), together.end(), 0) > 0) fail("is not one ring system");
  std::vector<int> atom_labels, bond_labels;
  for (int i = 0; i < n; ++i) {
    const auto& a = flat.graph.atoms[at(i)];
    int type = find_atom_type(a.element, a.formal_charge, flat.valences[at(i)], a.formal_charge != 0);
    if (type < 0) type = find_atom_type(a.element, a.formal_charge, flat.valences[at(i)]);
    if (type < 0) fail(fmt::format("has an atom (number {}) of no known type", i + 1));
    MotifAtom atom;
    atom.type = static_cast<std::uint8_t>(type);
    atom.free = static_cast<std::uint8_t>(flat.valences[at(i)] - chem::bond_order_sum(flat.graph, i));
    atom.unpaired = atom_type(type).paired;
    motif.atoms.push_back(atom);
    atom_labels.push_back(type * 16 + atom.free);
  }
  motif.bonds = flat.graph.bonds;
  for (int i = 0; i < flat.graph.bond_count(); ++i) {
    const auto& b = motif.bonds[at(i)];
    bond_labels.push_back(canonical.aromatic_bonds[at(i)] ? 4 : b.order);
    if (b.order == 2) motif.atoms[at(b.begin)].has_double = motif.atoms[at(b.end)].has_double = true;
  }
  pair_charges(contents_.atom_types, motif);
  for (int i = 0; i < n; ++i)
    if (motif.atoms[at(i)].unpaired && motif.atoms[at(i)].free == 0)
      fail(fmt::format("has a charge (atom {}) that nothing can balance", i + 1));
  auto found = symmetries(flat.graph, atom_labels, bond_labels, 512);
  if (!found.complete) fail("has more than 512 symmetries");
  motif.symmetries = std::move(found.found);
  motif.distances = all_distances(flat.graph);
  MotifMatch match;
  match.unit = atom_type_count() + static_cast<int>(index);
  for (const int atom : canonical.order) match.numbering.push_back(static_cast<std::uint8_t>(atom));
  if (!motif_by_smiles_.emplace(canonical.smiles, std::move(match)).second) fail("is there twice");
  motifs_.push_back(std::move(motif));
}

void ActionVocabulary::build_additions() {
  addition_of_.assign(at(unit_count()) * 3, 0);
  const auto add = [&](int unit, int order) {
    auto& slot = addition_of_[at(unit * 3 + order - 1)];
    if (slot != 0)
      throw ModelError(
          fmt::format("the vocabulary has a {} bond twice for unit {}", order_names[order], unit));
    slot = static_cast<std::uint16_t>(additions_.size() + 2);
    Addition a;
    a.unit = static_cast<std::uint16_t>(unit);
    a.order = static_cast<std::uint8_t>(order);
    a.size = static_cast<std::uint8_t>(unit_size(unit));
    additions_.push_back(a);
  };
  for (const auto& b : contents_.atom_bonds) {
    if (b.type < 0 || b.type >= atom_type_count() || b.order < 1 || b.order > 3 ||
        b.order > atom_type(b.type).valence)
      throw ModelError(
          fmt::format("the vocabulary has an impossible bond: type {}, order {}", b.type, b.order));
    add(b.type, b.order);
  }
  for (int m = 0; m < motif_count(); ++m) add(atom_type_count() + m, 1);
  for (int m = 0; m < motif_count(); ++m)
    if (contents_.motifs[at(m)].double_bonded) add(atom_type_count() + m, 2);
  site_base_ = 2 + static_cast<int>(additions_.size());
  entry_base_ = site_base_ + max_motif_atoms;
  closure_base_ = entry_base_ + max_motif_atoms;
  extra_base_ = closure_base_ + 2 * max_graph_atoms;
  if (size() > 65535)
    throw ModelError(fmt::format("the vocabulary has {} actions; at most 65535 fit", size()));
  const int carbon = find_atom_type(6, 0, 4);
  if (carbon < 0 || !atom_type(carbon).keeps_hydrogens || addition_of_[at(carbon * 3)] == 0)
    throw ModelError("the vocabulary has no carbon that a molecule could grow with by single bonds");
}

void ActionVocabulary::build_costs() {
  for (const Addition& a : additions_)
    if (a.order == 2 && !is_motif(a.unit) && atom_type(a.unit).keeps_hydrogens && !atom_type(a.unit).paired)
      doubles_fill_ = true;
  for (const Addition& a : additions_) {
    if (is_motif(a.unit) || a.order != 1 || !atom_type(a.unit).paired) continue;
    const AtomType& type = atom_type(a.unit);
    int& cheapest = type.charge < 0 ? anion_cost_ : cation_cost_;
    const int cost = 1 + owed_atoms(type, type.valence - 1, false, false);
    if (cheapest == 0 || cost < cheapest) cheapest = cost;
  }
  for (const AtomType& type : contents_.atom_types)
    if (type.paired && (type.charge > 0 ? anion_cost_ : cation_cost_) == 0)
      throw ModelError(fmt::format("nothing in the vocabulary balances the charge of '{}'", name(type)));
  for (Addition& a : additions_) {
    int cost = 0, pairing = 0;
    if (is_motif(a.unit)) {
      cost = motif_cost(a.unit, a.order, Partner::none);
      pairing =
          std::max(motif_cost(a.unit, a.order, Partner::cation), motif_cost(a.unit, a.order, Partner::anion));
    } else {
      const AtomType& type = atom_type(a.unit);
      const int left = type.valence - a.order;
      cost = 1 + owed_atoms(type, left, type.paired, a.order == 2);
      pairing = 1 + owed_atoms(type, left, false, a.order == 2);
    }
    a.cost = static_cast<std::uint8_t>(std::min(cost, 255));
    a.partner_cost = static_cast<std::uint8_t>(std::min(pairing, 255));
  }
}

/// Over all entries the highest.
int ActionVocabulary::motif_cost(int unit, int order, Partner partner) const {
  const RingMotif& m = motif(unit);
  const auto owed = [&](int p, int free, bool unpaired) {
    const MotifAtom& a = m.atoms[at(p)];
    return owed_atoms(atom_type(a.type), free, unpaired, a.has_double);
  };
  int all = m.size(), highest = 0;
  for (int p = 0; p < m.size(); ++p) all += owed(p, m.atoms[at(p)].free, m.atoms[at(p)].unpaired);
  const MotifAtoms where = entries(unit, order, partner);
  for (int p = 0; p < m.size(); ++p) {
    if (!(where >> p & 1u)) continue;
    const MotifAtom& a = m.atoms[at(p)];
    highest = std::max(highest, all - owed(p, a.free, a.unpaired) +
                                    owed(p, a.free - order, partner == Partner::none && a.unpaired));
  }
  return highest;
}

void ActionVocabulary::build_sets() {
  for (auto& sets : by_order_) sets.fill(ActionSet(size()));
  roots_ = ActionSet(size());
  int dearest = 0;
  std::vector<char> begun(at(unit_count()), 0);
  for (std::size_t i = 0; i < additions_.size(); ++i) {
    const Addition& a = additions_[i];
    const auto action = static_cast<Action>(i + 2);
    auto& sets = by_order_[a.order];
    dearest = std::max<int>({dearest, a.cost, a.partner_cost});
    if (!begun[a.unit]) roots_.insert(action);  // the lowest order comes first
    begun[a.unit] = 1;
    for (const Partner partner : {Partner::none, Partner::cation, Partner::anion}) {
      bool possible = false;
      if (is_motif(a.unit)) {
        possible = entries(a.unit, a.order, partner) != 0;
      } else {
        const AtomType& type = atom_type(a.unit);
        possible = partner == Partner::none
                       ? !type.paired || type.valence > a.order
                       : type.paired && (type.charge > 0) == (partner == Partner::cation);
      }
      if (possible) sets[at(static_cast<int>(partner))].insert(action);
    }
  }
  affordable_.assign(at(dearest) + 1, ActionSet(size()));
  affordable_pairing_ = affordable_;
  for (int atoms = 0; atoms <= dearest; ++atoms)
    for (std::size_t i = 0; i < additions_.size(); ++i) {
      if (additions_[i].cost <= atoms) affordable_[at(atoms)].insert(static_cast<Action>(i + 2));
      if (additions_[i].partner_cost <= atoms)
        affordable_pairing_[at(atoms)].insert(static_cast<Action>(i + 2));
    }
}

int ActionVocabulary::find_atom_type(int element, int charge, int valence, bool paired) const {
  for (int i = 0; i < atom_type_count(); ++i) {
    const AtomType& t = atom_type(i);
    if (t.element == element && t.charge == charge && t.valence == valence && t.paired == paired) return i;
  }
  return -1;
}

const ActionVocabulary::MotifMatch* ActionVocabulary::find_motif(const std::string& smiles) const {
  const auto found = motif_by_smiles_.find(smiles);
  return found == motif_by_smiles_.end() ? nullptr : &found->second;
}

ActionKind ActionVocabulary::kind(Action a) const {
  if (a == stop) return ActionKind::stop;
  if (a == next_focus) return ActionKind::next_focus;
  if (a < site_base_) return is_motif(addition(a).unit) ? ActionKind::add_motif : ActionKind::add_atom;
  if (a < entry_base_) return ActionKind::site;
  if (a < closure_base_) return ActionKind::entry;
  return a < extra_base_ ? ActionKind::close_ring : ActionKind::place_extra;
}

std::optional<Action> ActionVocabulary::find_addition(int unit, int order) const {
  if (order < 1 || order > 3) return {};
  const std::uint16_t action = addition_of_[at(unit * 3 + order - 1)];
  return action == 0 ? std::nullopt : std::optional<Action>(action);
}

std::string ActionVocabulary::describe(Action a) const {
  if (a >= size()) return fmt::format("action {}, which is none", a);
  switch (kind(a)) {
    case ActionKind::stop:
      return "stop";
    case ActionKind::next_focus:
      return "next focus";
    case ActionKind::add_atom:
    case ActionKind::add_motif: {
      const Addition& d = addition(a);
      return fmt::format("add {} by a {} bond",
                         is_motif(d.unit) ? motif(d.unit).smiles : name(atom_type(d.unit)),
                         order_names[d.order]);
    }
    case ActionKind::site:
      return fmt::format("site {}", position(a));
    case ActionKind::entry:
      return fmt::format("entry {}", position(a));
    case ActionKind::close_ring:
      return fmt::format("close a ring to unit {} by a {} bond", closure_unit(a),
                         order_names[closure_order(a)]);
    case ActionKind::place_extra:
      break;
  }
  return fmt::format("place extra {}", extra(a));
}

int ActionVocabulary::owed_atoms(const AtomType& type, int free, bool unpaired, bool has_double) const {
  if (type.keeps_hydrogens && !unpaired) return 0;
  const int partner = unpaired ? (type.charge > 0 ? anion_cost_ : cation_cost_) : 0;
  const int bonds = type.keeps_hydrogens ? 0 : std::max(0, free - (unpaired ? 1 : 0));
  if (!doubles_fill_ || bonds < 2) return partner + bonds;
  if (takes_one_double_bond(type)) return partner + (has_double ? bonds : bonds - 1);
  return partner + (bonds + 1) / 2;
}

MotifAtoms ActionVocabulary::entries(int unit, int order, Partner partner) const {
  const RingMotif& m = motif(unit);
  MotifAtoms out = 0;
  for (int p = 0; p < m.size(); ++p) {
    const MotifAtom& a = m.atoms[at(p)];
    if (a.free < order || (order == 2 && a.has_double && takes_one_double_bond(atom_type(a.type)))) continue;
    const bool fits = partner == Partner::none
                          ? !a.unpaired || a.free > order
                          : a.unpaired && (atom_type(a.type).charge > 0) == (partner == Partner::cation);
    if (fits) out |= MotifAtoms(1) << p;
  }
  return out & m.representatives(0);
}

const ActionSet& ActionVocabulary::affordable(int atoms, bool pairs_charge) const {
  const auto& sets = pairs_charge ? affordable_pairing_ : affordable_;
  return sets[std::min(at(std::max(atoms, 0)), sets.size() - 1)];
}

}  // namespace theriac::generative
