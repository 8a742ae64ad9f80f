#include "generative/generation_request.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chem/error.hpp"
#include "generative/action_sequence.hpp"

namespace theriac::generative {
namespace {

constexpr int room_to_grow = 15;  ///< atoms, where a request leaves the size open and is large itself
constexpr int orders_tried = 32;

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

std::string listed(const std::vector<OpenUnitSite>& sites) {
  std::vector<int> labels;
  for (const auto& s : sites) labels.push_back(s.label);
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  return fmt::format("{}", fmt::join(labels, ", "));
}

/// The warhead with its units in breadth-first order from the one that binds.
ExtraUnit extra_unit(const ActionVocabulary& words, const UnitGraph& warhead) {
  const OpenUnitSite& exit = warhead.open_sites.front();
  std::vector<int> order{exit.unit}, number(warhead.units.size(), -1);
  number[at(exit.unit)] = 0;
  for (std::size_t head = 0; head < order.size(); ++head)
    for (const UnitBond& b : warhead.bonds)
      for (const auto& [here, there] : {std::pair<int, int>{b.unit_a, b.unit_b}, {b.unit_b, b.unit_a}})
        if (here == order[head] && number[at(there)] < 0) {
          number[at(there)] = static_cast<int>(order.size());
          order.push_back(there);
        }
  ExtraUnit out;
  out.position = exit.position;
  out.graph.atom_count = warhead.atom_count;
  chem::MolecularGraph skeleton;
  for (const int unit : order) {
    out.graph.units.push_back(warhead.units[at(unit)]);
    skeleton.atoms.push_back({});
  }
  for (UnitBond b : warhead.bonds) {
    b.unit_a = number[at(b.unit_a)];
    b.unit_b = number[at(b.unit_b)];
    out.graph.bonds.push_back(b);
  }
  std::sort(out.graph.bonds.begin(), out.graph.bonds.end(), [](const UnitBond& a, const UnitBond& b) {
    return std::pair(std::max(a.unit_a, a.unit_b), std::min(a.unit_a, a.unit_b)) <
           std::pair(std::max(b.unit_a, b.unit_b), std::min(b.unit_a, b.unit_b));
  });
  for (const UnitBond& b : out.graph.bonds) skeleton.bonds.push_back({b.unit_a, b.unit_b, 1});
  out.in_ring.assign(order.size(), 0);
  const auto rings = ring_bonds(skeleton);
  for (std::size_t i = 0; i < skeleton.bonds.size(); ++i)
    if (rings[i]) out.in_ring[at(skeleton.bonds[i].begin)] = out.in_ring[at(skeleton.bonds[i].end)] = 1;
  out.like = *words.find_addition(out.graph.units.front(), 1);
  return out;
}

/// Gives the open sites of motifs the lowest numbers that symmetry allows, as if they had been bonded
/// already.
void lower_site_numbers(const ActionVocabulary& words, const UnitGraph& scaffold,
                        const std::vector<ScaffoldSite>& sites, Encoding& encoding) {
  for (std::size_t unit = 0; unit < scaffold.units.size(); ++unit) {
    auto& numbers = encoding.position[unit];
    if (numbers.empty()) continue;
    const RingMotif& motif = words.motif(scaffold.units[unit]);
    MotifAtoms bonded = 0;
    for (const UnitBond& b : scaffold.bonds) {
      if (b.unit_a == static_cast<int>(unit)) bonded |= MotifAtoms(1) << numbers[at(b.position_a)];
      if (b.unit_b == static_cast<int>(unit)) bonded |= MotifAtoms(1) << numbers[at(b.position_b)];
    }
    for (const ScaffoldSite& site : sites) {
      if (site.unit != static_cast<int>(unit)) continue;
      const MotifSymmetry* best = nullptr;
      const int now = numbers[at(site.position)];
      for (const MotifSymmetry& s : motif.symmetries)
        if ((s.fixed & bonded) == bonded && s.image[at(now)] < (best ? best->image[at(now)] : now)) best = &s;
      if (best)
        for (auto& p : numbers) p = best->image[p];
      bonded |= MotifAtoms(1) << numbers[at(site.position)];
    }
  }
}

}  // namespace

CheckedRequest::CheckedRequest(const ActionVocabulary& vocabulary, GenerationRequest request)
    : vocabulary_(&vocabulary), request_(std::move(request)) {
  if (!request_.scaffold.empty() && !request_.warheads.empty())
    throw UsageError("a scaffold and warheads to link exclude each other; give one of them");
  if (request_.scaffold.empty() && !request_.optional_points.empty())
    throw UsageError("optional attachment points are given, but no scaffold that could have them");
  if (!request_.scaffold.empty()) check_scaffold();
  if (!request_.warheads.empty()) check_warheads();
  check_sizes();
}

UnitGraph CheckedRequest::read(const std::string& smiles, const std::string& what) const {
  try {
    const chem::FlatGraph flat = chem::flat_graph(smiles);
    UnitGraphBuilder builder(*vocabulary_);
    UnitGraph units = builder.build(flat);
    chem::CounterRandom random(1, smiles, "request");
    for (int i = 1;; ++i) {
      try {
        encode_part(*vocabulary_, units, random);
        return units;
      } catch (const NotEncodable&) {
        if (i == orders_tried) throw;
      }
    }
  } catch (const MoleculeError& e) {
    throw InputError(
        fmt::format("the generator cannot use the {} '{}': {}", what, smiles.substr(0, 200), e.what()));
  }
}

void CheckedRequest::check_scaffold() {
  const std::string& smiles = request_.scaffold;
  scaffold_ = read(smiles, "scaffold");
  given_atoms_ = scaffold_.atom_count;
  if (scaffold_.open_sites.empty())
    throw UsageError(fmt::format("the scaffold '{}' has no attachment point", smiles),
                     "mark where it may grow with [*:1], e.g. '[*:1]c1ccccc1'");
  for (const int label : request_.optional_points)
    if (std::none_of(scaffold_.open_sites.begin(), scaffold_.open_sites.end(),
                     [&](const OpenUnitSite& s) { return s.label == label; }))
      throw UsageError(fmt::format("attachment point {} may stay open, but the scaffold has {} only", label,
                                   listed(scaffold_.open_sites)));
  for (const OpenUnitSite& s : scaffold_.open_sites) {
    const auto& additions = vocabulary_->additions(s.order, Partner::none);
    if (additions.empty())
      throw InputError(fmt::format(
          "nothing in the vocabulary binds to attachment point {} by a bond of order {}", s.label, s.order));
    const auto& optional = request_.optional_points;
    const int type = vocabulary_->is_motif(scaffold_.units[at(s.unit)])
                         ? vocabulary_->motif(scaffold_.units[at(s.unit)]).atoms[at(s.position)].type
                         : scaffold_.units[at(s.unit)];
    const bool required = std::find(optional.begin(), optional.end(), s.label) == optional.end() ||
                          !vocabulary_->atom_type(type).keeps_hydrogens;
    const auto same = std::find_if(sites_.begin(), sites_.end(), [&](const ScaffoldSite& x) {
      return x.unit == s.unit && x.position == s.position;
    });
    if (same == sites_.end()) {
      sites_.push_back({s.unit, s.position, s.order, 1, required ? 1 : 0});
      continue;
    }
    if (same->order != s.order)
      throw UsageError(
          fmt::format("attachment point {} shares its atom with one of another bond order", s.label));
    ++same->most;
    same->required += required ? 1 : 0;
  }
}

void CheckedRequest::check_warheads() {
  const int count = static_cast<int>(request_.warheads.size());
  if (count < 2 || count > max_extras + 1)
    throw UsageError(fmt::format("linking needs 2 to {} warheads, not {}", max_extras + 1, count));
  for (const std::string& smiles : request_.warheads) {
    UnitGraph warhead = read(smiles, "warhead");
    if (warhead.open_sites.size() != 1)
      throw UsageError(
          fmt::format("the warhead '{}' has {} attachment points; it needs one, e.g. '[*]c1ccncc1'", smiles,
                      warhead.open_sites.size()));
    if (warhead.open_sites.front().order != 1)
      throw UsageError(fmt::format("the warhead '{}' is not attached by a single bond", smiles));
    if (!vocabulary_->find_addition(warhead.units[at(warhead.open_sites.front().unit)], 1))
      throw InputError(
          fmt::format("the vocabulary knows no single bond to where the warhead '{}' is attached", smiles));
    given_atoms_ += warhead.atom_count;
    warheads_.push_back(std::move(warhead));
  }
}

int CheckedRequest::least_atoms() const {
  int least = given_atoms_;
  for (const ScaffoldSite& s : sites_) least += s.required;
  if (!warheads_.empty()) least += request_.min_linker;
  return std::max(least, 1);
}

void CheckedRequest::check_sizes() {
  GenerationRequest& r = request_;
  if (r.min_atoms < 0 || r.max_atoms < 0 || r.min_linker < 0 || r.max_linker < 0)
    throw UsageError("numbers of atoms cannot be negative");
  if (warheads_.size() > 2) r.min_linker = std::max(r.min_linker, 1);  // an atom to branch from
  if (r.max_linker == 0) r.max_linker = max_graph_atoms;
  if (r.min_linker > r.max_linker)
    throw UsageError(
        fmt::format("the shortest linker wanted ({} atoms) is longer than the longest ({} atoms)",
                    r.min_linker, r.max_linker));
  if (r.max_atoms == 0)
    r.max_atoms = std::min(max_graph_atoms, std::max({vocabulary_->contents().largest_molecule,
                                                      least_atoms() + room_to_grow, r.min_atoms}));
  if (r.min_atoms > r.max_atoms)
    throw UsageError(fmt::format("at least {} and at most {} heavy atoms contradict each other", r.min_atoms,
                                 r.max_atoms));
  if (r.max_atoms > max_graph_atoms)
    throw UsageError(
        fmt::format("at most {} heavy atoms are possible, not {}", max_graph_atoms, r.max_atoms));
  if (least_atoms() > r.max_atoms)
    throw UsageError(
        fmt::format("the request needs at least {} heavy atoms (given: {}, and what must grow), but at "
                    "most {} are allowed",
                    least_atoms(), given_atoms_, r.max_atoms));
}

GenerationPlan CheckedRequest::plan(chem::CounterRandom& random) const {
  if (warheads_.empty() && scaffold_.units.empty()) {
    GenerationPlan out(*vocabulary_, request_.max_atoms);
    out.min_atoms = request_.min_atoms;
    return out;
  }
  if (warheads_.empty()) return scaffold_plan(scaffold_, sites_, random);
  const std::size_t first = random.below(static_cast<std::uint32_t>(warheads_.size()));
  const OpenUnitSite& exit = warheads_[first].open_sites.front();
  // the warheads still to come are what is required here
  GenerationPlan out = scaffold_plan(warheads_[first], {{exit.unit, exit.position, 1, 1, 0}}, random);
  for (std::size_t i = 0; i < warheads_.size(); ++i)
    if (i != first) out.extras.push_back(extra_unit(*vocabulary_, warheads_[i]));
  out.min_linker = request_.min_linker;
  out.max_linker = request_.max_linker;
  return out;
}

GenerationPlan CheckedRequest::scaffold_plan(const UnitGraph& scaffold,
                                             const std::vector<ScaffoldSite>& sites,
                                             chem::CounterRandom& random) const {
  Encoding encoding;
  for (int i = 1; encoding.actions.empty(); ++i) {
    try {
      encoding = encode_part(*vocabulary_, scaffold, random);
    } catch (const NotEncodable&) {
      if (i == orders_tried * 8) throw;
    }
  }
  lower_site_numbers(*vocabulary_, scaffold, sites, encoding);
  GenerationPlan out(*vocabulary_, request_.max_atoms);
  out.min_atoms = request_.min_atoms;
  out.root = encoding.actions.front();
  out.script.resize(scaffold.units.size());
  out.scaffold_sizes.resize(scaffold.units.size());
  for (std::size_t i = 0; i < scaffold.units.size(); ++i)
    out.scaffold_sizes[at(encoding.number[i])] = vocabulary_->unit_size(scaffold.units[i]);
  for (std::size_t i = 1; i < encoding.actions.size(); ++i)
    if (encoding.actions[i] != ActionVocabulary::next_focus)
      out.script[at(encoding.focus[i])].push_back(encoding.actions[i]);
  for (ScaffoldSite site : sites) {
    if (vocabulary_->is_motif(scaffold.units[at(site.unit)]))
      site.position = encoding.position[at(site.unit)][at(site.position)];
    site.unit = encoding.number[at(site.unit)];
    out.sites.push_back(site);
  }
  return out;
}

}  // namespace theriac::generative
