#include "datasets/drug_structures.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <map>
#include <vector>

#include "chem/error.hpp"
#include "chem/inchi_key.hpp"
#include "chem/molecule.hpp"
#include "chem/standardise.hpp"

namespace theriac::datasets {
namespace {

struct Structure {
  std::string smiles, inchikey;  ///< as given
  std::string key, message;
};

void complete(Structure& structure) {
  try {
    const auto molecule = chem::Molecule::from_smiles(structure.smiles);
    if (molecule.heavy_atom_count() == 0) throw MoleculeError("it has no atoms");
    structure.key =
        chem::is_metal_complex(molecule) ? molecule.smiles() : chem::standardised(molecule).smiles();
    if (structure.inchikey.empty()) structure.inchikey = chem::inchi_key(molecule);
  } catch (const Error& error) {
    structure.message = fmt::format("cannot read SMILES '{}': {}", structure.smiles, error.what());
  }
}

}  // namespace

std::size_t complete_structures(StoreBuilder& store) {
  constexpr auto drug = EntityKind::drug;
  const auto rows = store.structures_without_key();
  std::vector<Structure> structures(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    structures[i].smiles = store.text(drug, rows[i].first, "smiles");
    structures[i].inchikey = store.text(drug, rows[i].first, "inchikey");
  }
  tbb::parallel_for(std::size_t{0}, structures.size(), [&](std::size_t i) { complete(structures[i]); });
  std::size_t rejected = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::uint32_t row = rows[i].first;
    store.set_text(drug, row, "key", structures[i].key);
    store.set_text(drug, row, "inchikey", structures[i].inchikey);
    if (structures[i].message.empty()) continue;
    RejectedRow place = rows[i].second;
    place.reason = structures[i].message;
    store.reject(place);
    store.set_text(drug, row, "smiles", "");
    ++rejected;
  }
  return rejected;
}

std::size_t unite_same_structures(StoreBuilder& store) {
  constexpr auto drug = EntityKind::drug;
  constexpr int fewest_heavy_atoms = 8;
  std::map<std::string, std::vector<std::uint32_t>> of_key;
  for (std::uint32_t row = 0; row < store.size(drug); ++row) {
    const std::string key = store.text(drug, row, "key");
    if (!key.empty()) of_key[key].push_back(row);
  }
  const auto only_hub = [&](std::uint32_t row) { return store.id(drug, row).compare(0, 6, "BROAD:") == 0; };
  std::size_t united = 0;
  for (const auto& [key, rows] : of_key) {
    std::vector<std::uint32_t> others;
    for (const auto row : rows)
      if (!only_hub(row)) others.push_back(row);
    if (others.size() != 1 || rows.size() == 1) continue;
    if (chem::Molecule::from_smiles(key).heavy_atom_count() < fewest_heavy_atoms) continue;
    for (const auto row : rows)
      if (row != others.front()) store.unite(drug, others.front(), row), ++united;
  }
  return united;
}

}  // namespace theriac::datasets
