// One file cut into records, one implementation per family of formats. `RecordReader` strings sources
// together; use that unless you are adding a format.
//
// A source never gives up on a file: whatever cannot be a record becomes a RawRecord with a message, and
// reading goes on behind it. No source keeps more than one record in memory, and no record more than
// `max_record_bytes`.
#pragma once
#include <cstddef>
#include <memory>
#include <string>

#include "chem/record.hpp"
#include "chem/text_stream.hpp"

namespace theriac::chem {

constexpr std::size_t max_record_bytes = std::size_t{16} << 20;  ///< longer structure records are bad rows
constexpr std::size_t max_smiles_length = 5000;  ///< the longest in ChEMBL are below 2,000 characters
/// More is a macromolecule, not a ligand; canonical numbering of a chain costs the third power of its length.
constexpr int max_atoms_per_molecule = 1000;

class RecordSource {
 public:
  explicit RecordSource(TextStream stream) : stream_(std::move(stream)) {}
  virtual ~RecordSource() = default;

  /// Fills line, name (may stay empty), text, properties and message; false when there are no more records.
  virtual bool next(RawRecord& record) = 0;
  const TextStream& stream() const { return stream_; }

 protected:
  TextStream stream_;
};

struct ColumnChoice {
  std::string smiles;  ///< empty: found by name
  std::string name;    ///< empty: found by name, may be missing
};

std::unique_ptr<RecordSource> smiles_lines(TextStream stream);
/// `separator` 0: comma, semicolon or tab, as the header has it. `file` is for messages. Throws InputError
/// when no column holds SMILES, UsageError when a column that was asked for does not exist.
std::unique_ptr<RecordSource> delimited_text(TextStream stream, char separator, const ColumnChoice& columns,
                                             const std::string& file);
/// SDF, and a MOL file as an SDF of one record without "$$$$".
std::unique_ptr<RecordSource> sdf_records(TextStream stream, bool mol_file);
std::unique_ptr<RecordSource> mol2_records(TextStream stream);
/// PDB and PDBQT: one record per MODEL, or one for the whole file.
std::unique_ptr<RecordSource> model_records(TextStream stream, MoleculeFormat format);

/// The molecule of one record's text; these throw MoleculeError with the reason, without the place.
Molecule molecule_from_sdf_record(const std::string& text, const std::string& name);
Molecule molecule_from_mol2(const std::string& text, const std::string& name);
Molecule molecule_from_pdb(const std::string& text, const std::string& name);
/// Checks the torsion tree and the coordinates of a PDBQT ligand; its "REMARK SMILES" if it has one, else
/// empty.
std::string checked_pdbqt_smiles(const std::string& text);
/// The data tags below a mol block: "> <NAME>", value lines up to a blank line.
Properties sdf_properties(const std::string& text);

/// "line 12 is 10485760 bytes long, at most 1048576 are read" when the line read last was cut; else empty.
std::string long_line_message(const TextStream& stream);
/// Throws MoleculeError when an atom has a coordinate that is not a finite number.
void require_finite_coordinates(const Molecule& molecule);

/// Splits "CCO |$..$| name": the SMILES, and what follows the CXSMILES suffix if there is one.
struct SmilesField {
  std::string smiles, rest;
};
SmilesField split_smiles(const std::string& text);
/// Throws MoleculeError, before any expensive step, when the SMILES has more than `max_atoms_per_molecule`
/// atoms.
Molecule molecule_from_smiles_text(const std::string& smiles, const std::string& name);

}  // namespace theriac::chem
