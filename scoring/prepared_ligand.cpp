#include "scoring/prepared_ligand.hpp"

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "chem/inchi_key.hpp"
#include "chem/pdbqt.hpp"
#include "chem/protonation.hpp"
#include "chem/standardise.hpp"
#include "chem/torsion_tree.hpp"

namespace theriac::scoring {
namespace {

bool brings_coordinates(const chem::Record& record) {
  return !record.pdbqt_text.empty() || (record.molecule && record.molecule->has_3d());
}

chem::EmbedOptions embed_options(const LigandOptions& options) {
  chem::EmbedOptions embed;
  embed.seed = options.seed;
  embed.cpu_seconds = options.max_embed_seconds;
  if (!options.macrocycle_shapes) embed.ring_conformers = embed.macrocycle_conformers = 1;
  return embed;
}

}  // namespace

LigandIdentity ligand_identity(const chem::Record& record, const LigandOptions& options) {
  if (!record.good()) throw MoleculeError(record.message);
  LigandIdentity identity;
  if (record.molecule && record.pdbqt_text.empty()) {
    identity.parent = options.as_drawn ? *record.molecule : chem::standardised(*record.molecule);
    identity.form = options.as_drawn ? *record.molecule : chem::protonated(*identity.parent, options.ph);
    identity.smiles = identity.form->smiles();
    identity.inchikey = chem::inchi_key(*identity.parent);
  } else if (record.molecule) {  // PDBQT that names its SMILES
    identity.parent = *record.molecule;
    identity.smiles = record.molecule->smiles();
    identity.inchikey = chem::inchi_key(*record.molecule);
  }
  const std::string text =
      identity.smiles + (brings_coordinates(record) ? '\n' + record.text + record.pdbqt_text : "");
  identity.key_high = chem::stable_hash(text);
  identity.key_low = chem::stable_hash("ligand\n" + text);
  return identity;
}

PreparedLigand prepared_ligand(const chem::Record& record, const LigandIdentity& identity,
                               const LigandOptions& options) {
  PreparedLigand ligand;
  if (!identity.form) {
    ligand.flexible = chem::read_pdbqt_ligand(record.pdbqt_text, record.file);
  } else {
    if (!identity.form->has_3d() && options.keep_pose)
      throw MoleculeError("no 3D coordinates: there is no pose to score",
                          "dock it, or give the pose as SDF or PDBQT");
    const auto embed = embed_options(options);
    ligand.molecule = options.keep_pose         ? chem::with_hydrogens(*identity.form)
                      : identity.form->has_3d() ? chem::with_ring_conformers(*identity.form, embed)
                                                : chem::embedded(*identity.form, embed);
    ligand.flexible = chem::flexible_ligand(*ligand.molecule);
  }
  ligand.flexible.name = record.name;
  if (!identity.smiles.empty()) ligand.flexible.key = identity.smiles;
  return ligand;
}

}  // namespace theriac::scoring
