#include "chem/pattern_search.hpp"

#include <utility>

namespace theriac::chem {
namespace {

// A library of a million molecules has some hundred kinds of atoms and some thousand kinds of bonds. Beyond
// these numbers what was learnt is forgotten, so that memory stays bounded on any input.
constexpr std::size_t most_atom_rows = 4096, most_bond_rows = 32768;

void forget(SearchMemory& memory) {
  memory.atom_rows.clear();
  memory.bond_rows.clear();
  for (auto* rows : {&memory.possible, &memory.certain, &memory.features}) rows->bits.clear();
}

void add_row(std::vector<std::uint64_t>& sum, const std::uint64_t* row) {
  for (std::size_t w = 0; w < sum.size(); ++w) sum[w] |= row[w];
}

}  // namespace

GraphSearch::GraphSearch(const PatternSet::Compiled& set, const SearchGraph& graph)
    : set_(set), graph_(graph), memory_(set.memory()) {
  if (memory_->atom_rows.size() > most_atom_rows || memory_->bond_rows.size() > most_bond_rows)
    forget(*memory_);
  read_molecule();
}

GraphSearch::~GraphSearch() {
  set_.give_back(std::move(memory_));
}

int GraphSearch::atom_row(TraitWord word) {
  const auto [place, fresh] =
      memory_->atom_rows.try_emplace(word, static_cast<int>(memory_->atom_rows.size()));
  if (!fresh) return place->second;
  const std::size_t row = memory_->possible.add();
  memory_->certain.add();
  const AtomTraits traits = unpacked(word);
  for (std::size_t test = 0; test < set_.tests.size(); ++test) {
    const Verdict verdict = set_.verdict(static_cast<int>(test), traits);
    const std::uint64_t here = std::uint64_t{1} << (test & 63);
    if (verdict != Verdict::no) memory_->possible.row(row)[test >> 6] |= here;
    if (verdict == Verdict::yes) memory_->certain.row(row)[test >> 6] |= here;
  }
  return place->second;
}

int GraphSearch::bond_row(int row_a, int row_b, BondForm form) {
  if (row_a > row_b) std::swap(row_a, row_b);
  const std::uint64_t key =
      static_cast<std::uint64_t>(row_a) << 32 | static_cast<std::uint64_t>(row_b) << 8 | form;
  const auto [place, fresh] =
      memory_->bond_rows.try_emplace(key, static_cast<int>(memory_->bond_rows.size()));
  if (!fresh) return place->second;
  std::uint64_t* row = memory_->features.row(memory_->features.add());
  const auto* a = memory_->possible.row(static_cast<std::size_t>(row_a));
  const auto* b = memory_->possible.row(static_cast<std::size_t>(row_b));
  for (std::size_t i = 0; i < set_.features.size(); ++i) {
    const auto& f = set_.features[i];
    if (f.forms >> form & 1 &&
        ((bit(a, f.test_a) && bit(b, f.test_b)) || (bit(a, f.test_b) && bit(b, f.test_a))))
      row[i >> 6] |= std::uint64_t{1} << (i & 63);
  }
  return place->second;
}

void GraphSearch::read_molecule() {
  auto& m = *memory_;
  m.row_of_atom.clear();
  for (const TraitWord word : graph_.atoms) m.row_of_atom.push_back(atom_row(word));
  m.passing.assign(set_.tests.size(), -1);
  m.found.assign(m.features.words, 0);
  for (const auto& bond : graph_.bonds) {
    const int row = bond_row(m.row_of_atom[static_cast<std::size_t>(bond.begin)],
                             m.row_of_atom[static_cast<std::size_t>(bond.end)], bond.form);
    add_row(m.found, m.features.row(static_cast<std::size_t>(row)));
  }
  m.recursion.assign(set_.recursions.size() * graph_.atoms.size(), 0);
  m.assigned.clear();
}

int GraphSearch::passing(int test) {
  int& known = memory_->passing[static_cast<std::size_t>(test)];
  if (known < 0) {
    known = 0;
    for (const int row : memory_->row_of_atom)
      known += bit(memory_->possible.row(static_cast<std::size_t>(row)), test);
  }
  return known;
}

bool GraphSearch::may_match(const CompiledPattern& pattern) {
  for (const int feature : pattern.features)
    if (!bit(memory_->found.data(), feature)) return false;
  for (const auto& count : pattern.counts)
    if (passing(count.test) < count.at_least) return false;
  return true;
}

bool GraphSearch::fits(int test, int atom) {
  const auto row = static_cast<std::size_t>(memory_->row_of_atom[static_cast<std::size_t>(atom)]);
  if (!bit(memory_->possible.row(row), test)) return false;
  if (bit(memory_->certain.row(row), test)) return true;
  const AtomTraits traits = unpacked(graph_.atoms[static_cast<std::size_t>(atom)]);
  return set_.tests[static_cast<std::size_t>(test)].verdict(traits, [&](int recursion) {
    return recursion_holds(recursion, atom) ? Verdict::yes : Verdict::no;
  }) == Verdict::yes;
}

bool GraphSearch::recursion_holds(int recursion, int atom) {
  const std::size_t place =
      static_cast<std::size_t>(recursion) * graph_.atoms.size() + static_cast<std::size_t>(atom);
  if (memory_->recursion[place] == 0)
    memory_->recursion[place] =
        matches_at(set_.recursions[static_cast<std::size_t>(recursion)], atom) ? 2 : 1;
  return memory_->recursion[place] == 2;
}

bool GraphSearch::closes(const Steps& steps, std::size_t base, std::size_t step, int atom) const {
  for (const auto& closure : steps[step].closures) {
    const int other = memory_->assigned[base + static_cast<std::size_t>(closure.step)];
    bool bonded = false;
    const auto a = static_cast<std::size_t>(atom);
    for (int i = graph_.first[a]; i < graph_.first[a + 1] && !bonded; ++i) {
      const auto& neighbour = graph_.neighbours[static_cast<std::size_t>(i)];
      bonded = neighbour.atom == other && closure.forms >> neighbour.form & 1;
    }
    if (!bonded) return false;
  }
  return true;
}

bool GraphSearch::matches(const CompiledPattern& pattern) {
  if (!may_match(pattern)) return false;
  const std::size_t base = begin(pattern.plan.steps.size());
  const bool found = extend(pattern.plan.steps, base, 0, [] { return true; });
  memory_->assigned.resize(base);
  return found;
}

bool GraphSearch::matches_at(const CompiledPattern& pattern, int atom) {
  const auto& steps = pattern.plan_from_first.steps;
  if (!fits(steps.front().test, atom) || !may_match(pattern)) return false;
  const std::size_t base = begin(steps.size());
  memory_->assigned[base] = atom;
  const bool found = extend(steps, base, 1, [] { return true; });
  memory_->assigned.resize(base);
  return found;
}

std::vector<std::vector<int>> GraphSearch::matches_from(const CompiledPattern& pattern, int atom,
                                                        std::size_t most) {
  const auto& steps = pattern.plan_from_first.steps;
  std::vector<std::vector<int>> out;
  if (most == 0 || !fits(steps.front().test, atom) || !may_match(pattern)) return out;
  const std::size_t base = begin(steps.size());
  memory_->assigned[base] = atom;
  extend(steps, base, 1, [&] {
    auto& match = out.emplace_back(steps.size());
    for (std::size_t i = 0; i < steps.size(); ++i)
      match[static_cast<std::size_t>(steps[i].atom)] = memory_->assigned[base + i];
    return out.size() == most;
  });
  memory_->assigned.resize(base);
  return out;
}

std::optional<std::size_t> GraphSearch::first_match_at(int atom) {
  for (std::size_t i = 0; i < set_.patterns.size(); ++i)
    if (matches_at(set_.patterns[i], atom)) return i;
  return std::nullopt;
}

std::vector<int> GraphSearch::first_atoms(const CompiledPattern& pattern) {
  std::vector<int> out;
  for (int atom = 0; atom < graph_.atom_count(); ++atom)
    if (matches_at(pattern, atom)) out.push_back(atom);
  return out;
}

}  // namespace theriac::chem
