// What Theriac leaves to Open Babel: bond perception, MOL2 dialects, InChI. Inside `chem` only.
//
// Open Babel keeps global state, so every call of it, here or elsewhere, holds `open_babel_mutex()`. It also
// prints to the terminal and reports success on a molecule that it could not read; these functions do
// neither.
#pragma once
#include <mutex>
#include <sstream>
#include <string>

namespace theriac::chem {

/// Held during every use of Open Babel in this process.
std::mutex& open_babel_mutex();

/// Keeps Open Babel's messages from the terminal while it lives; made under the mutex.
class QuietOpenBabel {
 public:
  QuietOpenBabel();
  ~QuietOpenBabel();
  QuietOpenBabel(const QuietOpenBabel&) = delete;
  QuietOpenBabel& operator=(const QuietOpenBabel&) = delete;

  /// The last line with words in it.
  std::string text() const;

 private:
  std::ostringstream messages_;
};

/// The first molecule of `text`, in Open Babel's format `format` ("pdb", "mol2"), as an MDL mol block with
/// bond orders perceived. Throws MoleculeError with Open Babel's reason.
std::string mol_block_by_open_babel(const std::string& text, const std::string& format);

/// `smiles` in the Open Babel format `format` ("inchi", "inchikey"), one line; empty when that fails.
std::string written_by_open_babel(const std::string& smiles, const std::string& format);

}  // namespace theriac::chem
