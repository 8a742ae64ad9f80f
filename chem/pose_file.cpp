#include "chem/pose_file.hpp"

#include <GraphMol/Conformer.h>
#include <GraphMol/FileParsers/FileParsers.h>
#include <GraphMol/ROMol.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "chem/error.hpp"
#include "chem/pdbqt.hpp"

namespace theriac::chem {
namespace {

using RDKit::ROMol;

void check_fit(const Molecule& molecule, const FlexibleLigand& ligand,
               const std::vector<Vector3>& coordinates) {
  if (coordinates.size() != ligand.atoms.size())
    throw MoleculeError(fmt::format("{} coordinates for the {} atoms of ligand '{}'", coordinates.size(),
                                    ligand.atoms.size(), ligand.name),
                        "give one position per ligand atom, hydrogens included");
  for (const auto& a : ligand.atoms)
    if (a.source_atom < 0 || a.source_atom >= molecule.atom_count())
      throw MoleculeError(fmt::format("atom {} of ligand '{}' is not in the molecule", a.name, ligand.name),
                          "write a ligand that was read from PDBQT as PDBQT: it has no bond orders");
}

/// The molecule with the pose as its only conformer.
ROMol posed(const Molecule& molecule, const FlexibleLigand& ligand, const std::vector<Vector3>& coordinates) {
  ROMol mol(molecule.graph());
  auto conformer = std::make_unique<RDKit::Conformer>(mol.getNumAtoms());
  const std::vector<Vector3> own = molecule.coordinates();
  for (std::size_t i = 0; i < own.size(); ++i)
    conformer->setAtomPos(static_cast<unsigned>(i), {own[i].x, own[i].y, own[i].z});
  for (std::size_t i = 0; i < ligand.atoms.size(); ++i)
    conformer->setAtomPos(static_cast<unsigned>(ligand.atoms[i].source_atom),
                          {coordinates[i].x, coordinates[i].y, coordinates[i].z});
  conformer->set3D(true);
  mol.clearConformers();
  mol.addConformer(conformer.release(), true);
  return mol;
}

/// Lines 1 and 2 of the header are ours: the name, and program and dimension without a date.
std::string with_header(const std::string& block, const std::string& name) {
  const auto first = block.find('\n'), second = block.find('\n', first + 1);
  std::string title = name.substr(0, 200);
  std::replace_if(
      title.begin(), title.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  if (title.compare(0, 4, "$$$$") == 0) title.insert(0, " ");
  return title + "\n  Theriac           3D" + block.substr(second);
}

/// A value cannot hold blank lines, which end it, nor lines that look like the end of the record.
std::string safe_value(const std::string& value) {
  std::string out;
  std::size_t begin = 0;
  while (begin < value.size()) {
    std::size_t end = std::min(value.find('\n', begin), value.size());
    std::string line = value.substr(begin, end - begin);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.compare(0, 4, "$$$$") == 0 || line.compare(0, 1, ">") == 0) line.insert(0, " ");
    if (line.find_first_not_of(" \t") != std::string::npos) out += (out.empty() ? "" : "\n") + line;
    begin = end + 1;
  }
  return out;
}

std::string safe_name(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '<' || c == '>' || c == '\n' || c == '\r'; }, '_');
  return name;
}

PoseTags own_properties(const ROMol& mol) {
  PoseTags out;
  for (const auto& key : mol.getPropList(false, false)) {
    if (key.empty() || key[0] == '_') continue;
    std::string value;
    if (mol.getPropIfPresent(key, value)) out.emplace_back(key, value);
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string python_string(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out + "\"";
}

std::string box_lines(const Box& box) {
  const Vector3 a = box.low(), b = box.high();
  std::string out = "box = [LINEWIDTH, 2.0, BEGIN, LINES, COLOR, 0.9, 0.6, 0.1";
  const auto corner = [&](int bits) {
    return fmt::format(", VERTEX, {:.3f}, {:.3f}, {:.3f}", bits & 1 ? b.x : a.x, bits & 2 ? b.y : a.y,
                       bits & 4 ? b.z : a.z);
  };
  for (int from = 0; from < 8; ++from)
    for (const int axis : {1, 2, 4})
      if (!(from & axis)) out += corner(from) + corner(from | axis);
  return "from pymol.cgo import *\n" + out + ", END]\ncmd.load_cgo(box, \"search_box\")\n";
}

}  // namespace

std::string sdf_record(const Molecule& molecule, const FlexibleLigand& ligand,
                       const std::vector<Vector3>& coordinates, const PoseTags& tags) {
  check_fit(molecule, ligand, coordinates);
  const ROMol mol = posed(molecule, ligand, coordinates);
  const bool v3000 = mol.getNumAtoms() > 999 || mol.getNumBonds() > 999;
  std::string out = with_header(RDKit::MolToMolBlock(mol, true, -1, true, v3000), molecule.name());
  const auto write = [&](const std::string& name, const std::string& value) {
    out += fmt::format(">  <{}>\n{}\n\n", safe_name(name), safe_value(value));
  };
  for (const auto& [name, value] : own_properties(mol))
    if (std::none_of(tags.begin(), tags.end(), [n = name](const auto& t) { return t.first == n; }))
      write(name, value);
  for (const auto& [name, value] : tags) write(name, value);
  return out + "$$$$\n";
}

std::string pdbqt_models(const FlexibleLigand& ligand, const std::vector<PdbqtPose>& poses) {
  std::string out;
  for (std::size_t i = 0; i < poses.size(); ++i) {
    const PdbqtPose& p = poses[i];
    out += fmt::format("MODEL {}\nREMARK VINA RESULT: {:9.3f}  {:9.3f}  {:9.3f}\n", i + 1, p.affinity,
                       p.rmsd_lower, p.rmsd_upper);
    out += write_pdbqt_ligand(ligand, p.coordinates) + "ENDMDL\n";
  }
  return out;
}

std::string pymol_script(const PoseScene& scene) {
  std::string out = "# The receptor, the docked poses (one state each, best first) and the search box.\n";
  const auto load = [&](const std::string& file, const char* object) {
    out += fmt::format("cmd.load({}, \"{}\")\n", python_string(file), object);
  };
  load(scene.receptor_file, "receptor");
  load(scene.poses_file, "poses");
  if (!scene.reference_file.empty()) load(scene.reference_file, "reference");
  out +=
      "hide everything\nshow cartoon, receptor\ncolor gray80, receptor and elem C\n"
      "show sticks, poses\ncolor cyan, poses and elem C\n"
      "select site, byres (receptor within 5 of poses)\nshow lines, site\n"
      "distance contacts, poses, receptor, mode=2\nhide labels, contacts\n";
  if (!scene.reference_file.empty()) out += "show sticks, reference\ncolor yellow, reference and elem C\n";
  if (scene.box.size.x > 0 && scene.box.size.y > 0 && scene.box.size.z > 0)
    out += "python\n" + box_lines(scene.box) + "python end\n";
  return out + "set all_states, off\ndeselect\nzoom poses, 6\n";
}

}  // namespace theriac::chem
