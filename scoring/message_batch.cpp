#include "scoring/message_batch.hpp"

#include <cstring>

namespace theriac::scoring {
namespace {

/// All traits in two numbers that compare fast.
struct KindKey {
  std::uint64_t slots = 0;
  std::uint32_t mass = 0;

  explicit KindKey(const chem::AtomTraits& a) {
    for (const std::uint8_t slot : {a.element, a.degree, a.charge, a.handedness, a.hydrogens, a.hybridisation,
                                    static_cast<std::uint8_t>(a.aromatic)})
      slots = slots << 8 | slot;
    std::memcpy(&mass, &a.mass, sizeof mass);
  }
  bool operator==(const KindKey& other) const { return slots == other.slots && mass == other.mass; }
};

/// Some tens of kinds at most: looking through them beats a table.
void add_kind(MessageBatch& out, std::vector<KindKey>& keys, const chem::AtomTraits& atom) {
  const KindKey key(atom);
  std::size_t k = 0;
  while (k < keys.size() && !(keys[k] == key)) ++k;
  if (k == keys.size()) {
    keys.push_back(key);
    out.kinds.push_back(atom);
  }
  out.kind.push_back(static_cast<std::int32_t>(k));
}

struct Counted {
  std::vector<int> degree;  ///< of every atom
  int edges = 0, leaves = 0;
};

Counted add_atoms(MessageBatch& out, const std::vector<const chem::BondGraph*>& graphs) {
  Counted counted;
  std::vector<KindKey> keys;
  for (const auto* graph : graphs) {
    const std::size_t first = out.kind.size();
    out.first_atom.push_back(out.atom_count());
    counted.degree.resize(first + graph->atoms.size(), 0);
    for (const auto& ends : graph->ends) {
      ++counted.degree[first + static_cast<std::size_t>(ends.begin)];
      ++counted.degree[first + static_cast<std::size_t>(ends.end)];
    }
    out.molecule.insert(out.molecule.end(), graph->atoms.size(), out.molecules++);
    for (const auto& atom : graph->atoms) add_kind(out, keys, atom);
    counted.edges += 2 * graph->bond_count();
  }
  out.first_atom.push_back(out.atom_count());
  for (const int degree : counted.degree) counted.leaves += degree == 1;
  return counted;
}

}  // namespace

MessageBatch message_batch(const std::vector<const chem::BondGraph*>& graphs) {
  MessageBatch out;
  const Counted counted = add_atoms(out, graphs);
  const auto edges = static_cast<std::size_t>(counted.edges);
  out.leaf_edges = counted.leaves;
  out.bonds.resize(edges);
  out.source.resize(edges);
  out.target.resize(edges);
  out.reverse.resize(edges);
  int leaf = 0, inner = out.leaf_edges;
  const auto place_of = [&](int source) {
    return counted.degree[static_cast<std::size_t>(source)] == 1 ? leaf++ : inner++;
  };
  for (std::size_t g = 0; g < graphs.size(); ++g) {
    const std::int32_t shift = out.first_atom[g];
    for (std::size_t b = 0; b < graphs[g]->bonds.size(); ++b) {
      const std::int32_t begin = shift + graphs[g]->ends[b].begin, end = shift + graphs[g]->ends[b].end;
      const int there = place_of(begin), back = place_of(end);
      const auto set = [&](int edge, std::int32_t from, std::int32_t to, int other) {
        const auto e = static_cast<std::size_t>(edge);
        out.source[e] = from;
        out.target[e] = to;
        out.reverse[e] = other;
        out.bonds[e] = graphs[g]->bonds[b];
      };
      set(there, begin, end, back);
      set(back, end, begin, there);
    }
  }
  return out;
}

}  // namespace theriac::scoring
