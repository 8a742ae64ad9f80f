#include <fmt/format.h>

#include "chem/error.hpp"
#include "chem/open_babel.hpp"
#include "chem/structure_text.hpp"

namespace theriac::chem {
namespace {

bool is_atom_line(std::string_view line) {
  return begins_with(line, "ATOM  ") || begins_with(line, "HETATM");
}

/// PDB and PDBQT: MODEL ... ENDMDL is one record; without MODEL lines the whole file is one.
class ModelRecords : public RecordSource {
 public:
  ModelRecords(TextStream stream, MoleculeFormat format) : RecordSource(std::move(stream)), format_(format) {}

  bool next(RawRecord& record) override {
    StructureText text;
    std::string line;
    bool in_model = false;
    while (stream_.next_line(line)) {
      if (begins_with(line, "ENDMDL") && in_model) return finished(record, text);
      if (begins_with(line, "MODEL") && trimmed(line.substr(0, 6)) == "MODEL") {
        models_ = true;
        in_model = true;
        text = StructureText();  // what stands before the first model belongs to the file
        continue;
      }
      text.add(stream_, line);
    }
    const bool leftover = models_ && !in_model;  // END, CONECT, MASTER behind the last model
    if (text.blank() || leftover || !stream_.damage().empty()) return false;
    if (in_model) text.set_message("the file ends inside this model ('ENDMDL' is missing)");
    return finished(record, text);
  }

 private:
  bool finished(RawRecord& record, StructureText& text) const {
    text.move_to(record);
    std::string_view lines = record.text;
    for (std::string_view line; next_line(lines, line);) {
      if (begins_with(line, "REMARK  Name =")) record.name = trimmed(line.substr(14));
      if (format_ == MoleculeFormat::pdb && begins_with(line, "COMPND    "))
        record.name = trimmed(line.substr(10));
    }
    return true;
  }

  MoleculeFormat format_;
  bool models_ = false;
};

/// Columns 31-54 of an atom line: three numbers, eight columns each.
void require_finite_position(std::string_view line, int atom) {
  for (std::size_t column : {30, 38, 46}) {
    const std::string_view cell = line.size() > column ? trimmed(line.substr(column, 8)) : std::string_view();
    if (!is_finite_number(cell))
      throw MoleculeError(fmt::format("a coordinate of atom {} is not a finite number: '{}'", atom, cell));
  }
}

int checked_atoms(const std::string& text) {
  int atoms = 0;
  std::string_view lines = text;
  for (std::string_view line; next_line(lines, line);)
    if (is_atom_line(line)) require_finite_position(line, ++atoms);
  if (atoms == 0) throw MoleculeError("no ATOM or HETATM line");
  return atoms;
}

}  // namespace

std::unique_ptr<RecordSource> model_records(TextStream stream, MoleculeFormat format) {
  return std::make_unique<ModelRecords>(std::move(stream), format);
}

Molecule molecule_from_pdb(const std::string& text, const std::string& name) {
  const int atoms = checked_atoms(text);
  if (atoms > max_atoms_per_molecule)
    throw MoleculeError(
        fmt::format("{} atoms are too many for a ligand in PDB format (at most {}); is it a receptor?", atoms,
                    max_atoms_per_molecule));
  return Molecule::from_mol_block(mol_block_by_open_babel(text, "pdb"), name);
}

std::string checked_pdbqt_smiles(const std::string& text) {
  checked_atoms(text);
  int open_branches = 0;
  bool root = false, root_ended = false, torsions = false;
  std::string smiles;
  std::string_view lines = text;
  for (std::string_view line; next_line(lines, line);) {
    root = root || begins_with(line, "ROOT");
    root_ended = root_ended || begins_with(line, "ENDROOT");
    torsions = torsions || begins_with(line, "TORSDOF");
    open_branches += begins_with(line, "BRANCH");
    open_branches -= begins_with(line, "ENDBRANCH");
    constexpr std::string_view remark = "REMARK SMILES ";
    if (begins_with(line, remark) && !begins_with(line, "REMARK SMILES IDX") && smiles.empty())
      smiles = std::string(trimmed(line.substr(remark.size())));
  }
  if (!root) throw MoleculeError("no ROOT line, not a PDBQT ligand; convert it with 'theriac prepare'");
  if (!root_ended || !torsions || open_branches != 0)
    throw MoleculeError(fmt::format("the torsion tree is not complete ({}): the file ends inside this record",
                                    !root_ended          ? "ENDROOT is missing"
                                    : open_branches != 0 ? "an ENDBRANCH is missing"
                                                         : "TORSDOF is missing"));
  return smiles;
}

}  // namespace theriac::chem
