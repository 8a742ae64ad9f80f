#include "cli/campaign_target.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "chem/binding_box.hpp"
#include "chem/crystal_ligand.hpp"
#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "chem/pocket.hpp"
#include "chem/record_reader.hpp"

namespace theriac::cli {
namespace {

void require_file(const std::string& path, const std::string& key) {
  if (std::filesystem::is_regular_file(path)) return;
  const std::string near = chem::nearest_file(path);
  throw InputError(fmt::format("file not found: '{}' ({} of [target])", path, key),
                   near.empty() ? "files are looked for beside the campaign file"
                                : fmt::format("did you mean '{}'?", near));
}

bool names_a_file(const std::string& text) {
  return text.find_first_of("./") != std::string::npos;
}

/// The first molecule of a file, which must have coordinates.
chem::Molecule molecule_in(const std::string& path) {
  const auto record = chem::RecordReader({path}).next();
  if (!record || !record->good() || !record->molecule)
    throw InputError(
        fmt::format("the reference '{}' cannot be read: {}", path, record ? record->message : "it is empty"));
  if (!record->molecule->has_3d())
    throw InputError(fmt::format("the reference '{}' has no 3D coordinates", path),
                     "give the ligand as bound in the crystal");
  return *record->molecule;
}

void add_input(PreparedTarget& target, const std::string& role, const std::string& path) {
  for (const auto& input : target.inputs)
    if (input.path == path) return;
  target.inputs.push_back(datasets::describe_input(role, path));
}

/// Residues of the receptor file that are ligands of interest, not part of the receptor.
std::vector<chem::ResidueSelection> taken_out(const TargetChoice& choice) {
  std::vector<chem::ResidueSelection> out;
  for (const std::string& text : {choice.box.ligand, choice.reference})
    if (!text.empty() && !names_a_file(text)) out.push_back(chem::parse_residue_selection(text));
  return out;
}

std::optional<chem::Box> box_from_files(const TargetChoice& choice, const chem::Structure& structure,
                                        PreparedTarget& target) {
  const BoxChoice& box = choice.box;
  if (!box.center.empty())
    return chem::box_from_numbers({box.center[0], box.center[1], box.center[2]},
                                  {box.size[0], box.size[1], box.size[2]});
  if (!box.file.empty()) {
    require_file(box.file, "box");
    add_input(target, "box", box.file);
    return chem::read_vina_box(box.file);
  }
  if (box.ligand.empty()) return {};
  if (!names_a_file(box.ligand)) return chem::box_from_crystal_ligand(structure, box.ligand, box.add);
  require_file(box.ligand, "box");
  add_input(target, "box ligand", box.ligand);
  return chem::box_from_ligand_file(box.ligand, box.add);
}

void read_reference(const TargetChoice& choice, const chem::Structure& structure, PreparedTarget& target) {
  if (choice.reference.empty()) return;
  if (names_a_file(choice.reference)) {
    require_file(choice.reference, "reference");
    add_input(target, "reference", choice.reference);
    target.reference = molecule_in(choice.reference);
    target.reference_name = std::filesystem::path(choice.reference).filename().string();
    return;
  }
  const auto ligand = chem::find_crystal_ligand(structure, chem::parse_residue_selection(choice.reference));
  target.reference = chem::crystal_ligand_molecule(ligand);
  target.reference_name = ligand.text();
}

}  // namespace

PreparedTarget prepared_target(const TargetChoice& choice, double ph) {
  require_file(choice.receptor, "receptor");
  PreparedTarget target;
  target.name = choice.name;
  add_input(target, "receptor " + choice.name, choice.receptor);
  const chem::Structure structure = chem::read_structure(choice.receptor);
  chem::PreparationOptions options;
  options.ph = ph;
  options.take_out = taken_out(choice);
  const auto early = box_from_files(choice, structure, target);
  options.site = early;
  auto prepared = chem::read_receptor(choice.receptor, options);
  target.receptor = std::move(prepared.receptor);
  target.report = std::move(prepared.report);
  target.box =
      early ? *early
      : !choice.box.residues.empty()
          ? chem::box_from_residues(target.receptor, fmt::format("{}", fmt::join(choice.box.residues, ",")),
                                    choice.box.add)
          : chem::box_from_pocket(target.receptor);
  target.warnings = chem::check_box(target.box, target.receptor,
                                    "box = { ligand = ... } in [target] puts the box round a known ligand");
  read_reference(choice, structure, target);
  return target;
}

}  // namespace theriac::cli
