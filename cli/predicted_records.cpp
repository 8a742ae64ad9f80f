#include "cli/predicted_records.hpp"

#include <tbb/parallel_for.h>

#include "chem/error.hpp"
#include "chem/standardise.hpp"
#include "cli/predictors.hpp"

namespace theriac::cli {
namespace {

/// The molecule of a record as it is looked at, or the reason why there is none.
Prediction read_molecule(const chem::RawRecord& raw, bool as_drawn, bool keep_coordinates) {
  const auto record = chem::parse(raw);
  Prediction row;
  row.number = record.index + 1;
  row.name = record.name;
  row.message = record.message;
  row.input = record.properties;
  if (row.failed()) return row;
  if (!record.molecule) {
    row.message = "PDBQT without a SMILES remark has no bond orders";
    return row;
  }
  try {
    const bool spatial = keep_coordinates && record.molecule->has_3d();
    const bool only_heavy = record.molecule->atom_count() == record.molecule->heavy_atom_count();
    // without its hydrogens a molecule is quick to standardise; with coordinates they are wanted
    const auto given = spatial || only_heavy ? *record.molecule : record.molecule->in_smiles_order();
    if (!as_drawn && chem::is_metal_complex(given))
      throw MoleculeError(
          "a metal complex: its parts are other substances; --as_drawn takes it as it stands");
    const auto parent = as_drawn ? given : chem::standardised(given);
    if (parent.heavy_atom_count() == 0) throw MoleculeError("a molecule without heavy atoms");
    row.smiles = parent.smiles();
    row.molecule = parent.in_smiles_order();
    if (spatial) row.drawn = parent;
  } catch (const MoleculeError& error) {
    row.message = error.what();
  }
  return row;
}

}  // namespace

std::vector<Prediction> predicted(const std::vector<chem::RawRecord>& records, const Predictors& predictors,
                                  bool as_drawn, bool keep_coordinates) {
  std::vector<Prediction> rows(records.size());
  tbb::parallel_for(std::size_t{0}, records.size(),
                    [&](std::size_t i) { rows[i] = read_molecule(records[i], as_drawn, keep_coordinates); });
  predictors.predict(rows);
  return rows;
}

}  // namespace theriac::cli
