#include "generative/ring_motif.hpp"

#include <algorithm>

namespace theriac::generative {
namespace {

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

/// Backtracking over images of atoms, in an order where every atom has an earlier neighbour.
class SymmetrySearch {
 public:
  SymmetrySearch(const chem::MolecularGraph& graph, const std::vector<int>& atom_labels,
                 const std::vector<int>& bond_labels, int limit)
      : labels_(atom_labels),
        limit_(limit),
        n_(graph.atom_count()),
        bond_(at(n_ * n_), -1),
        adjacent_(chem::neighbours(graph)) {
    for (int i = 0; i < graph.bond_count(); ++i) {
      const auto& b = graph.bonds[at(i)];
      bond_[at(b.begin * n_ + b.end)] = bond_[at(b.end * n_ + b.begin)] = bond_labels[at(i)];
    }
    order_.push_back(0);
    parent_.assign(at(n_), -1);
    std::vector<char> seen(at(n_), 0);
    seen[0] = 1;
    for (std::size_t head = 0; head < order_.size(); ++head)
      for (const auto& n : adjacent_[at(order_[head])])
        if (!seen[at(n.atom)]) {
          seen[at(n.atom)] = 1;
          parent_[at(n.atom)] = order_[head];
          order_.push_back(n.atom);
        }
    image_.assign(at(n_), -1);
    used_.assign(at(n_), 0);
  }

  Symmetries run() {
    extend(0);
    return std::move(out_);
  }

 private:
  bool fits(int atom, int target) const {
    if (used_[at(target)] || labels_[at(atom)] != labels_[at(target)] ||
        adjacent_[at(atom)].size() != adjacent_[at(target)].size())
      return false;
    return std::all_of(adjacent_[at(atom)].begin(), adjacent_[at(atom)].end(), [&](const auto& n) {
      const int image = image_[at(n.atom)];
      return image < 0 || bond_[at(image * n_ + target)] == bond_[at(n.atom * n_ + atom)];
    });
  }

  void record() {
    MotifSymmetry s;
    for (int p = 0; p < n_; ++p) {
      s.image.push_back(static_cast<std::uint8_t>(image_[at(p)]));
      if (image_[at(p)] == p) s.fixed |= MotifAtoms(1) << p;
      if (image_[at(p)] < p) s.lowered |= MotifAtoms(1) << p;
    }
    if (s.lowered != 0) out_.found.push_back(std::move(s));  // only the identity lowers nothing
    if (static_cast<int>(out_.found.size()) > limit_) out_.complete = false;
  }

  void extend(std::size_t depth) {
    if (!out_.complete) return;
    if (depth == order_.size()) return record();
    const int atom = order_[depth];
    const auto attempt = [&](int target) {
      if (!fits(atom, target)) return;
      image_[at(atom)] = target;
      used_[at(target)] = 1;
      extend(depth + 1);
      image_[at(atom)] = -1;
      used_[at(target)] = 0;
    };
    if (depth == 0) {
      for (int target = 0; target < n_; ++target) attempt(target);
    } else {
      for (const auto& n : adjacent_[at(image_[at(parent_[at(atom)])])]) attempt(n.atom);
    }
  }

  const std::vector<int>& labels_;
  int limit_, n_;
  std::vector<int> bond_, order_, parent_, image_;
  std::vector<char> used_;
  std::vector<std::vector<chem::GraphNeighbour>> adjacent_;
  Symmetries out_;
};

}  // namespace

MotifAtoms RingMotif::representatives(MotifAtoms bonded) const {
  MotifAtoms out = size() == 32 ? ~MotifAtoms(0) : (MotifAtoms(1) << size()) - 1;
  for (const MotifSymmetry& s : symmetries)
    if ((s.fixed & bonded) == bonded) out &= ~s.lowered;
  return out;
}

std::vector<std::uint8_t> RingMotif::symmetry_classes() const {
  std::vector<std::uint8_t> out(atoms.size());
  for (std::size_t p = 0; p < atoms.size(); ++p) {
    out[p] = static_cast<std::uint8_t>(p);
    for (const MotifSymmetry& s : symmetries) out[p] = std::min(out[p], s.image[p]);
  }
  return out;
}

Symmetries symmetries(const chem::MolecularGraph& graph, const std::vector<int>& atom_labels,
                      const std::vector<int>& bond_labels, int limit) {
  return SymmetrySearch(graph, atom_labels, bond_labels, limit).run();
}

std::vector<std::uint8_t> all_distances(const chem::MolecularGraph& graph) {
  const auto adjacent = chem::neighbours(graph);
  const int n = graph.atom_count();
  std::vector<std::uint8_t> out(at(n * n), 255);
  for (int start = 0; start < n; ++start) {
    std::vector<int> queue{start};
    out[at(start * n + start)] = 0;
    for (std::size_t head = 0; head < queue.size(); ++head)
      for (const auto& next : adjacent[at(queue[head])])
        if (out[at(start * n + next.atom)] == 255) {
          out[at(start * n + next.atom)] = static_cast<std::uint8_t>(out[at(start * n + queue[head])] + 1);
          queue.push_back(next.atom);
        }
  }
  return out;
}

}  // namespace theriac::generative
