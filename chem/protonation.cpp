#include "chem/protonation.hpp"

#include <GraphMol/MolOps.h>
#include <GraphMol/RWMol.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "chem/error.hpp"
#include "chem/graph_edit.hpp"
#include "chem/ionisable_groups.hpp"
#include "chem/neutral_form.hpp"

namespace theriac::chem {
namespace {

constexpr std::size_t exhaustive_limit = 14;  // 2^14 states; above that, descent by single and pair changes

// w(d) in pKa units for d bonds between two charges. From the splitting of the constants of symmetric
// compounds, less the statistical 0.6: ethylenediamine 9.9/6.9 and oxalic acid 1.3/4.3 (d = 3),
// 1,3-diaminopropane 10.6/8.9 and malonic acid 2.8/5.7 (4), putrescine 10.8/9.6 and succinic acid 4.2/5.6
// (5); phosphoric acid 2.1/7.2 (2).
constexpr std::array<double, 8> interaction{8.0, 8.0, 5.0, 2.5, 1.4, 0.8, 0.5, 0.3};
// Two charges across one six-membered ring see each other through both sides: piperazine 9.7/5.4.
constexpr double across_ring = 3.8;

using States = std::vector<char>;  // 1 where a site carries its charge

class Titration {
 public:
  Titration(const RDKit::ROMol& graph, std::vector<IonisableSite> sites, double ph)
      : sites_(std::move(sites)) {
    const std::size_t n = sites_.size(), atoms = graph.getNumAtoms();
    const double* distance = RDKit::MolOps::getDistanceMat(graph);
    for (const auto& site : sites_) cost_.push_back(site.acid ? site.pka - ph : ph - site.pka);
    pair_.assign(n * n, 0.0);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < i; ++j) {
        const auto bonds = static_cast<std::size_t>(distance[sites_[i].atom * atoms + sites_[j].atom]);
        const bool ring =
            bonds == 3 && graph.getRingInfo()->areAtomsInSameRing(sites_[i].atom, sites_[j].atom);
        const double w = bonds >= interaction.size() ? 0.0 : ring ? across_ring : interaction[bonds];
        const bool alike = sites_[i].acid == sites_[j].acid;
        // In 8-hydroxyquinoline and its like a hydrogen bond already gives the neutral form most of the
        // attraction.
        const double share = !alike && sites_[i].on_ring && sites_[j].on_ring ? 0.5 : 1.0;
        pair_[i * n + j] = pair_[j * n + i] = alike ? w : -share * w;
      }
  }

  States lowest() const { return sites_.size() <= exhaustive_limit ? by_enumeration() : by_descent(); }
  const std::vector<IonisableSite>& sites() const { return sites_; }

 private:
  double energy(const States& charged) const {
    double sum = 0;
    for (std::size_t i = 0; i < charged.size(); ++i) {
      if (!charged[i]) continue;
      sum += cost_[i];
      for (std::size_t j = 0; j < i; ++j)
        if (charged[j]) sum += pair_[i * charged.size() + j];
    }
    return sum;
  }

  States by_enumeration() const {
    States best(sites_.size(), 0), state = best;
    double lowest_energy = 0;
    for (std::uint32_t code = 1; code < (std::uint32_t{1} << sites_.size()); ++code) {
      for (std::size_t i = 0; i < state.size(); ++i) state[i] = static_cast<char>((code >> i) & 1u);
      const double e = energy(state);
      if (e >= lowest_energy - 1e-9) continue;  // of equal states the first: symmetric sites are alike
      lowest_energy = e;
      best = state;
    }
    return best;
  }

  States by_descent() const {
    States state(sites_.size(), 0);
    for (std::size_t i = 0; i < state.size(); ++i) state[i] = static_cast<char>(cost_[i] < 0);
    double lowest_energy = energy(state);
    const auto improves = [&](std::size_t i, std::size_t j) {
      state[i] ^= 1;
      if (j != i) state[j] ^= 1;
      const double e = energy(state);
      if (e < lowest_energy - 1e-9) {
        lowest_energy = e;
        return true;
      }
      state[i] ^= 1;
      if (j != i) state[j] ^= 1;
      return false;
    };
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t i = 0; i < state.size(); ++i)
        for (std::size_t j = 0; j <= i; ++j) changed = improves(i, j) || changed;
    }
    return state;
  }

  std::vector<IonisableSite> sites_;
  std::vector<double> cost_, pair_;
};

}  // namespace

Molecule protonated(const Molecule& molecule, double ph) {
  if (!(ph >= 0.0 && ph <= 14.0))
    throw UsageError(fmt::format("the pH must lie between 0 and 14, not {}", ph));
  auto graph = editable_heavy_graph(molecule);
  neutralise(*graph);
  graph->updatePropertyCache(false);
  const Titration titration(*graph, ionisable_sites(*graph, canonical_order(*graph)), ph);
  const States charged = titration.lowest();
  for (std::size_t i = 0; i < charged.size(); ++i) {
    const auto& site = titration.sites()[i];
    if (charged[i])
      change_protons(*graph->getAtomWithIdx(static_cast<unsigned>(site.atom)), site.acid ? -1 : +1);
  }
  return finished_edit(std::move(graph), molecule);
}

}  // namespace theriac::chem
