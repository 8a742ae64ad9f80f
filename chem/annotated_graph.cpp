#include "chem/annotated_graph.hpp"

#include <GraphMol/MolOps.h>
#include <GraphMol/PartialCharges/GasteigerCharges.h>
#include <GraphMol/PeriodicTable.h>
#include <GraphMol/ROMol.h>

#include <cmath>

#include "chem/atom_surface.hpp"
#include "chem/crippen.hpp"
#include "chem/heavy_graph.hpp"
#include "chem/ionisable_groups.hpp"

namespace theriac::chem {
namespace {

constexpr std::uint16_t unreachable = 0xffff;
constexpr double blood_ph = 7.4;

/// Principal quantum number of the valence shell.
int period(int element) {
  constexpr int last_of_period[] = {2, 10, 18, 36, 54, 86};
  int n = 1;
  for (const int last : last_of_period) n += element > last;
  return n;
}

void read_atoms(const RDKit::ROMol& graph, AnnotatedGraph& out) {
  const auto* table = RDKit::PeriodicTable::getTable();
  for (const auto atom : graph.atoms()) {
    AnnotatedAtom a;
    a.element = atom->getAtomicNum();
    a.degree = static_cast<int>(atom->getDegree());
    a.hydrogens = static_cast<int>(atom->getTotalNumHs());
    a.charge = atom->getFormalCharge();
    a.aromatic = atom->getIsAromatic();
    a.ring = graph.getRingInfo()->numAtomRings(atom->getIdx()) > 0;
    a.hybridisation = static_cast<int>(atom->getHybridization());
    const int outer = a.element > 0 ? table->getNouterElecs(a.element) : 0;
    const int core = a.element - outer;
    a.valence_delta = a.element > 1 && core >= 0
                          ? static_cast<double>(outer - a.hydrogens) / std::max(1, a.element - outer - 1)
                          : 0;
    if (a.degree > 0 && a.element > 1) {
      const double shell = 2.0 / period(a.element);
      a.intrinsic_state = (shell * shell * (outer - a.hydrogens) + 1) / a.degree;
    }
    out.stereocentres += atom->getChiralTag() == RDKit::Atom::CHI_TETRAHEDRAL_CW ||
                         atom->getChiralTag() == RDKit::Atom::CHI_TETRAHEDRAL_CCW;
    out.atoms.push_back(a);
  }
}

int order_of(const RDKit::Bond& bond) {
  if (bond.getIsAromatic()) return 4;
  switch (bond.getBondType()) {
    case RDKit::Bond::DOUBLE:
      return 2;
    case RDKit::Bond::TRIPLE:
      return 3;
    default:
      return 1;
  }
}

void read_bonds(const RDKit::ROMol& graph, AnnotatedGraph& out) {
  out.neighbours.resize(out.size());
  for (const auto bond : graph.bonds()) {
    AnnotatedBond b;
    b.begin = static_cast<int>(bond->getBeginAtomIdx());
    b.end = static_cast<int>(bond->getEndAtomIdx());
    b.order = order_of(*bond);
    b.ring = graph.getRingInfo()->numBondRings(bond->getIdx()) > 0;
    b.conjugated = bond->getIsConjugated();
    b.stereo = bond->getStereo() > RDKit::Bond::STEREOANY;
    const int number = static_cast<int>(out.bonds.size());
    out.neighbours[static_cast<std::size_t>(b.begin)].emplace_back(b.end, number);
    out.neighbours[static_cast<std::size_t>(b.end)].emplace_back(b.begin, number);
    for (const int end : {b.begin, b.end})
      out.atoms[static_cast<std::size_t>(end)].pi_electrons += b.order == 4 ? 0 : b.order - 1;
    out.bonds.push_back(b);
  }
  for (auto& atom : out.atoms) atom.pi_electrons += atom.aromatic;
  out.rings = graph.getRingInfo()->atomRings();
}

void measure_distances(AnnotatedGraph& out) {
  const std::size_t n = out.size();
  out.distances.assign(n * n, unreachable);
  std::vector<std::size_t> queue;
  for (std::size_t start = 0; start < n; ++start) {
    auto* row = out.distances.data() + start * n;
    row[start] = 0;
    queue.assign(1, start);
    for (std::size_t at = 0; at < queue.size(); ++at)
      for (const auto& [end, bond] : out.neighbours[queue[at]]) {
        auto& reached = row[static_cast<std::size_t>(end)];
        if (reached != unreachable) continue;
        reached = static_cast<std::uint16_t>(row[queue[at]] + 1);
        queue.push_back(static_cast<std::size_t>(end));
      }
  }
}

void add_crippen(const RDKit::ROMol& graph, AnnotatedGraph& out) {
  const auto shares = crippen_atoms(graph);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    out.atoms[i].crippen_type = shares[i].label;
    out.atoms[i].hydrogen_type = shares[i].hydrogen_label;
    out.atoms[i].log_p = shares[i].log_p;
    out.atoms[i].refractivity = shares[i].molar_refractivity;
  }
}

void add_surface_and_charges(const RDKit::ROMol& graph, AnnotatedGraph& out) {
  const auto surface = free_surface(graph);
  std::vector<double> charges(out.size());
  RDKit::computeGasteigerCharges(graph, charges);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out.atoms[i].surface = surface[i];
    out.atoms[i].gasteiger = std::isfinite(charges[i]) ? charges[i] : 0;
  }
  out.tpsa = polar_surface(graph);
}

void add_e_states(AnnotatedGraph& out) {
  const std::size_t n = out.size();
  for (std::size_t i = 0; i < n; ++i) {
    double sum = out.atoms[i].intrinsic_state;
    for (std::size_t j = 0; j < n; ++j) {
      const int d = out.distance(i, j);
      if (i == j || d == unreachable) continue;
      sum += (out.atoms[i].intrinsic_state - out.atoms[j].intrinsic_state) / ((d + 1.0) * (d + 1.0));
    }
    out.atoms[i].e_state = sum;
  }
}

bool polar(const AnnotatedAtom& atom) {
  return atom.element == 7 || atom.element == 8 || atom.charge != 0 || atom.element == 15;
}

/// Whether the lone pair of a nitrogen is given away: to a carbonyl, sulfonyl or imine, or into a ring.
bool lone_pair_taken(const AnnotatedGraph& graph, std::size_t i) {
  const auto& atom = graph.atoms[i];
  if (atom.aromatic) return atom.degree + atom.hydrogens == 3;
  if (atom.pi_electrons > 0) return false;
  for (const auto& [end, bond] : graph.neighbours[i])
    if (const auto& other = graph.atoms[static_cast<std::size_t>(end)];
        other.pi_electrons > 0 || other.aromatic)
      return true;
  return false;
}

void add_roles(AnnotatedGraph& out, const std::vector<IonisableSite>& sites) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    auto& a = out.atoms[i];
    const bool hetero = a.element == 7 || a.element == 8 || a.element == 16;
    if (hetero && a.hydrogens > 0) a.roles |= role_donor;
    if (a.charge <= 0 && (a.element == 8 || (a.element == 7 && !lone_pair_taken(out, i))))
      a.roles |= role_acceptor;
    if (a.charge > 0) a.roles |= role_positive;
    if (a.charge < 0) a.roles |= role_negative;
    if (a.aromatic) a.roles |= role_aromatic;
    bool beside_polar = false;
    for (const auto& [end, bond] : out.neighbours[i])
      beside_polar |= polar(out.atoms[static_cast<std::size_t>(end)]);
    const bool greasy = a.element == 6 || a.element == 9 || a.element == 17 || a.element == 35 ||
                        a.element == 53 || (a.element == 16 && a.degree == 2);
    if (greasy && !beside_polar && a.charge == 0) a.roles |= role_lipophilic;
  }
  for (const auto& site : sites) {
    (site.acid ? out.acid_pkas : out.base_pkas).push_back(site.pka);
    if (static_cast<std::size_t>(site.atom) >= out.size()) continue;
    auto& roles = out.atoms[static_cast<std::size_t>(site.atom)].roles;
    if (site.acid && site.pka < blood_ph) roles |= role_negative;
    if (!site.acid && site.pka > blood_ph) roles |= role_positive;
  }
}

}  // namespace

AnnotatedGraph annotated_graph(const Molecule& molecule) {
  // RDKit stores charges on the atoms: use our own
  const RDKit::ROMol graph(*heavy_graph(molecule));
  AnnotatedGraph out;
  read_atoms(graph, out);
  read_bonds(graph, out);
  measure_distances(out);
  add_crippen(graph, out);
  add_surface_and_charges(graph, out);
  add_e_states(out);
  add_roles(out, ionisable_sites(molecule));
  return out;
}

}  // namespace theriac::chem
