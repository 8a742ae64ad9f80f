// One record of an input: a molecule with what the file says about it, or the reason why it could not be
// read.
//
// A record is read in two steps. Cutting the stream into records is cheap and serial: it gives RawRecords.
// Turning the text of one into a Molecule is expensive and needs nothing but the RawRecord, so it can run on
// any thread.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chem/molecule.hpp"
#include "chem/molecule_format.hpp"

namespace theriac::chem {

/// Columns or data tags of a record, in the order of the file.
using Properties = std::vector<std::pair<std::string, std::string>>;

struct RawRecord {
  std::int64_t index = 0;  ///< from 0, over all files of the input
  std::string file;        ///< as the user named it; "-" is standard input
  std::int64_t line = 0;   ///< first line of the record in that file, from 1
  MoleculeFormat format = MoleculeFormat::smiles;
  std::string name;  ///< from the file, else "file:line"; never empty
  std::string text;  ///< the SMILES (without CXSMILES suffix), or the lines of the structure as they stand
  Properties properties;
  std::string message;  ///< not empty: this record is bad, and why; then `text` may be cut short
};

struct Record : RawRecord {
  std::optional<Molecule> molecule;  ///< empty in a bad record, and in PDBQT without a SMILES remark
  std::string pdbqt_text;            ///< PDBQT only: the model as it stands, docked as it is

  /// Usable: it has a molecule, or PDBQT text, and no message.
  bool good() const { return message.empty(); }
  /// The SMILES as it was given; empty for structure formats.
  std::string smiles_in() const { return is_smiles_text(format) ? text : std::string(); }
};

/// The molecule of a record. Never throws for bad chemistry: the reason is in `message`, with file and line.
/// May run on many threads at once.
Record parse(const RawRecord& raw);

}  // namespace theriac::chem
