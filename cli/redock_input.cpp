#include "cli/redock_input.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "chem/conformer.hpp"
#include "chem/error.hpp"
#include "chem/pdbqt.hpp"
#include "chem/receptor_file.hpp"
#include "chem/receptor_preparation.hpp"
#include "chem/record_reader.hpp"
#include "chem/symmetric_rmsd.hpp"
#include "chem/text_file.hpp"
#include "chem/torsion_tree.hpp"
#include "cli/growing_table.hpp"

namespace theriac::cli {
namespace {

constexpr double rounding = 0.005;  // angstrom: PDBQT has three decimals

std::size_t atom_at(const chem::FlexibleLigand& ligand, const chem::Vector3& position) {
  for (std::size_t i = 0; i < ligand.atoms.size(); ++i)
    if (chem::distance(ligand.atoms[i].position, position) < rounding) return i;
  throw MoleculeError(fmt::format("ligand '{}' changed when it was written as PDBQT", ligand.name));
}

}  // namespace

std::string receptor_for_redocking(const RedockComplex& complex, const std::string& folder) {
  if (std::filesystem::path(complex.receptor).extension() == ".pdbqt") return complex.receptor;
  chem::PreparationOptions options;
  options.site = complex.box;
  const std::string path = folder + "/receptor.pdbqt";
  chem::write_receptor_pdbqt(chem::read_receptor(complex.receptor, options).receptor, path);
  return path;
}

chem::Molecule read_one_molecule(const std::string& path) {
  chem::RecordReader reader({path});
  auto record = reader.next();
  if (!record || !record->good() || !record->molecule)
    throw MoleculeError(record ? record->message : fmt::format("no molecule in '{}'", path));
  return *record->molecule;
}

StartLigand start_ligand(const RedockComplex& complex, int ring_conformers, std::uint64_t seed) {
  chem::EmbedOptions options;
  options.seed = seed;
  options.ring_conformers = ring_conformers;
  if (ring_conformers == 1) options.macrocycle_conformers = 1;
  auto molecule = read_one_molecule(complex.start);
  molecule =
      ring_conformers > 1 ? chem::with_ring_conformers(molecule, options) : chem::with_hydrogens(molecule);
  auto flexible = chem::flexible_ligand(molecule);
  flexible.name = complex.id;
  return {std::move(molecule), std::move(flexible)};
}

LigandFile::LigandFile(const chem::FlexibleLigand& ligand, std::string path)
    : path_(std::move(path)), ligand_atoms_(ligand.atoms.size()) {
  const std::string text = chem::write_pdbqt_ligand(ligand);
  chem::write_text_file(path_, text);
  for (const auto& atom : chem::read_pdbqt_ligand(text, path_).atoms)
    ligand_atom_.push_back(atom_at(ligand, atom.position));
}

std::vector<chem::Vector3> LigandFile::in_ligand_order(const std::vector<chem::Vector3>& pose) const {
  if (pose.size() != ligand_atom_.size())
    throw MoleculeError(
        fmt::format("a pose of {} atoms for the {} atoms of '{}'", pose.size(), ligand_atom_.size(), path_));
  std::vector<chem::Vector3> ordered(ligand_atoms_);
  for (std::size_t i = 0; i < pose.size(); ++i) ordered[ligand_atom_[i]] = pose[i];
  return ordered;
}

RedockInput redock_input(const RedockComplex& complex, const std::string& out, std::uint64_t seed) {
  const std::string folder = out + "/inputs/" + complex.id;
  make_folder(folder);
  auto ligand = start_ligand(complex, 1, seed);
  LigandFile file(ligand.flexible, folder + "/ligand.pdbqt");
  return {receptor_for_redocking(complex, folder), read_one_molecule(complex.crystal), std::move(ligand),
          std::move(file)};
}

std::vector<double> rmsds_to_crystal(const RedockInput& input,
                                     const std::vector<std::vector<chem::Vector3>>& poses) {
  const chem::ReferencePose reference(input.crystal, input.ligand.molecule, input.ligand.flexible);
  std::vector<double> rmsds;
  for (const auto& pose : poses) rmsds.push_back(reference.rmsd(input.file.in_ligand_order(pose)));
  return rmsds;
}

}  // namespace theriac::cli
