#include "generative/guacamol_shares.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>

#include "chem/molecule.hpp"

namespace theriac::generative {
namespace {

GuacamolShare share(std::size_t molecules, std::size_t n, std::size_t records) {
  return {n == 0 ? 0 : static_cast<double>(molecules) / static_cast<double>(n),
          static_cast<std::int64_t>(records), static_cast<std::int64_t>(molecules)};
}

}  // namespace

GeneratedList generated_list(const std::vector<chem::RawRecord>& records) {
  GeneratedList list;
  list.smiles.resize(records.size());
  list.flat.resize(records.size());
  tbb::parallel_for(std::size_t{0}, records.size(), [&](std::size_t i) {
    const auto record = chem::parse(records[i]);
    if (!record.good() || !record.molecule) return;
    list.smiles[i] = record.molecule->smiles();
    list.flat[i] = chem::flat_smiles(*record.molecule);
  });
  return list;
}

GuacamolShare guacamol_validity(const GeneratedList& list, std::size_t n) {
  const std::size_t records = std::min(n, list.smiles.size());
  std::size_t valid = 0;
  for (std::size_t i = 0; i < records; ++i) valid += !list.smiles[i].empty();
  return share(valid, n, records);
}

GuacamolShare guacamol_uniqueness(const GeneratedList& list, std::size_t n) {
  std::unordered_set<std::string> distinct;
  std::size_t valid = 0, i = 0;
  for (; i < list.flat.size() && valid < n; ++i) {
    if (list.flat[i].empty()) continue;
    ++valid;
    distinct.insert(list.flat[i]);
  }
  return share(distinct.size(), n, i);
}

DistinctMolecules guacamol_distinct(const GeneratedList& list, std::size_t n) {
  DistinctMolecules out;
  std::unordered_set<std::string> seen, seen_flat;
  std::size_t i = 0;
  for (; i < std::min(list.smiles.size(), 2 * n) && seen.size() < n; ++i) {
    if (list.smiles[i].empty() || !seen.insert(list.smiles[i]).second) continue;
    if (seen_flat.insert(list.flat[i]).second) out.flat.push_back(list.flat[i]);
  }
  out.records = static_cast<std::int64_t>(i);
  return out;
}

GuacamolShare guacamol_novelty(const DistinctMolecules& molecules, std::size_t n,
                               const std::unordered_set<std::string>& training) {
  const auto novel = std::count_if(molecules.flat.begin(), molecules.flat.end(),
                                   [&](const std::string& smiles) { return training.count(smiles) == 0; });
  return share(static_cast<std::size_t>(novel), n, static_cast<std::size_t>(molecules.records));
}

}  // namespace theriac::generative
