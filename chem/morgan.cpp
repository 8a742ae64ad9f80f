#include "chem/morgan.hpp"

#include <GraphMol/PeriodicTable.h>
#include <GraphMol/ROMol.h>

#include <RDGeneral/hash/hash.hpp>
#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace theriac::chem {
namespace {

// A set of bonds is a std::array or std::vector of 64-bit words, the most significant first, so that two of
// them compare as RDKit's bit sets do.
using FewBonds = std::array<std::uint64_t, 2>;
using ManyBonds = std::vector<std::uint64_t>;

template <typename BondSet>
void insert(BondSet& set, unsigned bond) {
  set[set.size() - 1 - bond / 64] |= std::uint64_t{1} << bond % 64;
}

template <typename BondSet>
void unite(BondSet& set, const BondSet& other) {
  for (std::size_t w = 0; w < set.size(); ++w) set[w] |= other[w];
}

std::uint32_t number_of(const RDKit::Atom& atom) {
  // every atom but an isotope weighs what its element does
  const int extra_mass =
      atom.getIsotope() == 0
          ? 0
          : static_cast<int>(atom.getMass() -
                             RDKit::PeriodicTable::getTable()->getAtomicWeight(atom.getAtomicNum()));
  std::uint32_t seed = 0;
  for (const int part : {atom.getAtomicNum(), static_cast<int>(atom.getTotalDegree()),
                         static_cast<int>(atom.getTotalNumHs(true)), atom.getFormalCharge(), extra_mass})
    gboost::hash_combine(seed, static_cast<std::uint32_t>(part));
  if (atom.getOwningMol().getRingInfo()->numAtomRings(atom.getIdx()) > 0)
    gboost::hash_combine(seed, std::uint32_t{1});
  return seed;
}

template <typename BondSet>
struct Environment {
  BondSet bonds;
  std::uint32_t number;
  unsigned atom;

  bool operator<(const Environment& other) const {
    return std::tie(bonds, number, atom) < std::tie(other.bonds, other.number, other.atom);
  }
};

/// One molecule, round after round.
template <typename BondSet>
class Rounds {
 public:
  Rounds(const RDKit::ROMol& graph, const BondSet& no_bonds)
      : graph_(graph), alive_(graph.getNumAtoms(), true), reach_(graph.getNumAtoms(), no_bonds) {
    for (const auto atom : graph.atoms()) numbers_.push_back(number_of(*atom));
    found_ = numbers_;
  }

  std::vector<std::uint32_t> after(int rounds) && {
    for (int round = 0; round < rounds; ++round) next();
    std::sort(found_.begin(), found_.end());
    return std::move(found_);
  }

 private:
  void next() {
    std::vector<Environment<BondSet>> environments;
    environments.reserve(numbers_.size());
    std::vector<std::uint32_t> numbers(numbers_.size(), 0);
    std::vector<BondSet> reach = reach_;
    for (const auto atom : graph_.atoms()) {
      const unsigned a = atom->getIdx();
      if (!alive_[a]) continue;
      if (atom->getDegree() == 0) {
        alive_[a] = false;
        continue;
      }
      numbers[a] = grown(*atom, reach[a]);
      environments.push_back({reach[a], numbers[a], a});
    }
    std::sort(environments.begin(), environments.end());
    for (auto& environment : environments) {
      if (std::find(counted_.begin(), counted_.end(), environment.bonds) != counted_.end()) {
        alive_[environment.atom] = false;
        continue;
      }
      found_.push_back(environment.number);
      counted_.push_back(std::move(environment.bonds));
    }
    numbers_ = std::move(numbers);
    reach_ = std::move(reach);
    ++round_;
  }

  /// The atom's number with its neighbours', and the bonds that it then covers.
  std::uint32_t grown(const RDKit::Atom& atom, BondSet& reach) const {
    std::vector<std::pair<std::int32_t, std::uint32_t>> neighbours;
    for (const auto bond : graph_.atomBonds(&atom)) {
      const unsigned other = bond->getOtherAtomIdx(atom.getIdx());
      insert(reach, bond->getIdx());
      unite(reach, reach_[other]);
      neighbours.emplace_back(static_cast<std::int32_t>(bond->getBondType()), numbers_[other]);
    }
    std::sort(neighbours.begin(), neighbours.end());
    std::uint32_t number = round_;
    gboost::hash_combine(number, numbers_[atom.getIdx()]);
    for (const auto& neighbour : neighbours) gboost::hash_combine(number, neighbour);
    return number;
  }

  const RDKit::ROMol& graph_;
  std::uint32_t round_ = 0;
  std::vector<bool> alive_;  // still gives environments of its own
  std::vector<BondSet> reach_;
  std::vector<std::uint32_t> numbers_, found_;
  std::vector<BondSet> counted_;
};

}  // namespace

std::vector<std::uint32_t> morgan_environments(const RDKit::ROMol& graph, int radius) {
  const std::size_t words = graph.getNumBonds() / 64 + 1;
  if (words <= FewBonds{}.size()) return Rounds<FewBonds>(graph, FewBonds{}).after(radius);
  return Rounds<ManyBonds>(graph, ManyBonds(words, 0)).after(radius);
}

}  // namespace theriac::chem
