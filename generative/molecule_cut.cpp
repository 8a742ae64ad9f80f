#include "generative/molecule_cut.hpp"

#include <algorithm>

#include "generative/unit_graph.hpp"

namespace theriac::generative {
namespace {

constexpr std::size_t most_bonds_for_triples = 64;
constexpr int fingerprint_radius = 2;

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

AtomSet all_atoms(int count) {
  AtomSet out;
  for (int i = 0; i < count; ++i) out.set(at(i));
  return out;
}

/// Atoms on the side of `bond.begin`.
AtomSet side_of(const chem::MolecularGraph& molecule, int bond) {
  const auto near = chem::reachable(molecule, molecule.bonds[at(bond)].begin, {bond});
  AtomSet out;
  for (std::size_t i = 0; i < near.size(); ++i) out.set(i, near[i] != 0);
  return out;
}

/// Atoms within 0, 1 and 2 bonds of each atom: the environments of a Morgan fingerprint.
std::vector<AtomSet> environments(const chem::MolecularGraph& molecule) {
  const auto adjacent = chem::neighbours(molecule);
  std::vector<AtomSet> out;
  for (int atom = 0; atom < molecule.atom_count(); ++atom) {
    AtomSet ball;
    ball.set(at(atom));
    out.push_back(ball);
    for (int r = 0; r < fingerprint_radius; ++r) {
      AtomSet wider = ball;
      for (int a = 0; a < molecule.atom_count(); ++a)
        if (ball[at(a)])
          for (const auto& n : adjacent[at(a)]) wider.set(at(n.atom));
      ball = wider;
      out.push_back(ball);
    }
  }
  return out;
}

class CutSearch {
 public:
  CutSearch(const chem::MolecularGraph& molecule, const CutLimits& limits)
      : molecule_(molecule),
        limits_(limits),
        all_(all_atoms(molecule.atom_count())),
        environments_(environments(molecule)),
        bonds_(cuttable_bonds(molecule)) {
    for (const int bond : bonds_) sides_.push_back(side_of(molecule, bond));
  }

  std::vector<MoleculeCut> run() {
    const std::size_t n = bonds_.size();
    for (std::size_t i = 0; i < n; ++i) {
      add(CutKind::end, {i}, sides_[i]);
      add(CutKind::end, {i}, all_ & ~sides_[i]);
      for (std::size_t j = i + 1; j < n; ++j) {
        around_centre({i, j});
        if (n > most_bonds_for_triples) continue;
        for (std::size_t k = j + 1; k < n; ++k) around_centre({i, j, k});
      }
    }
    return std::move(found_);
  }

 private:
  /// Both kinds of a set of cuts, when there is a piece that all of them border on.
  void around_centre(const std::vector<std::size_t>& cuts) {
    AtomSet beyond;
    for (const std::size_t i : cuts) {
      bool first = true, others_near_begin = false;
      for (const std::size_t j : cuts) {
        if (j == i) continue;
        const bool near_begin = sides_[i][at(molecule_.bonds[at(bonds_[j])].begin)];
        if (!first && near_begin != others_near_begin) return;
        others_near_begin = near_begin;
        first = false;
      }
      beyond |= others_near_begin ? all_ & ~sides_[i] : sides_[i];
    }
    add(CutKind::ends, cuts, beyond);
    add(CutKind::core, cuts, all_ & ~beyond);
  }

  void add(CutKind kind, const std::vector<std::size_t>& cuts, const AtomSet& removed) {
    if (static_cast<int>(removed.count()) > limits_.max_removed || (removed & limits_.keep).any()) return;
    MoleculeCut cut;
    cut.kind = kind;
    cut.bond_count = static_cast<int>(cuts.size());
    for (std::size_t i = 0; i < cuts.size(); ++i) cut.bonds[i] = bonds_[cuts[i]];
    cut.removed = removed;
    const auto lost = static_cast<double>(
        std::count_if(environments_.begin(), environments_.end(),
                      [&](const AtomSet& environment) { return (environment & removed).any(); }));
    const auto all = static_cast<double>(environments_.size());
    cut.likeness = (all - lost) / (all + lost);
    found_.push_back(cut);
  }

  const chem::MolecularGraph& molecule_;
  const CutLimits& limits_;
  AtomSet all_;
  std::vector<AtomSet> environments_;
  std::vector<int> bonds_;
  std::vector<AtomSet> sides_;  ///< of each of them: the atoms on the side where it begins
  std::vector<MoleculeCut> found_;
};

}  // namespace

std::vector<int> cuttable_bonds(const chem::MolecularGraph& molecule) {
  const auto in_ring = ring_bonds(molecule);
  std::vector<int> out;
  for (int i = 0; i < molecule.bond_count(); ++i) {
    const auto& b = molecule.bonds[at(i)];
    const int charges = molecule.atoms[at(b.begin)].formal_charge * molecule.atoms[at(b.end)].formal_charge;
    if (b.order == 1 && !in_ring[at(i)] && charges >= 0) out.push_back(i);
  }
  return out;
}

std::vector<MoleculeCut> molecule_cuts(const chem::MolecularGraph& molecule, const CutLimits& limits) {
  return CutSearch(molecule, limits).run();
}

}  // namespace theriac::generative
