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
  GenerationPlan out(*vocabulary_);
  if (!warheads_.empty()) {
    out = link_plan(*vocabulary_, warheads_, random.below(static_cast<std::uint32_t>(warheads_.size())),
                    random);
    out.min_linker = request_.min_linker;
    out.max_linker = request_.max_linker;
  } else if (!scaffold_.units.empty()) {
    out = grow_plan(*vocabulary_, scaffold_, sites_, random);
  }
  out.max_atoms = request_.max_atoms;
  out.min_atoms = request_.min_atoms;
  return out;
}

}  // namespace theriac::generative
