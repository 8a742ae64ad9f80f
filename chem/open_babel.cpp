#include "chem/open_babel.hpp"

#include <fmt/format.h>
#include <openbabel/mol.h>
#include <openbabel/obconversion.h>
#include <openbabel/oberror.h>

#include "chem/error.hpp"

namespace theriac::chem {
QuietOpenBabel::QuietOpenBabel() {
  OpenBabel::obErrorLog.ClearLog();
  OpenBabel::obErrorLog.SetOutputStream(&messages_);
}

QuietOpenBabel::~QuietOpenBabel() {
  OpenBabel::obErrorLog.SetOutputStream(&std::clog);
  OpenBabel::obErrorLog.ClearLog();
}

std::string QuietOpenBabel::text() const {
  std::istringstream lines(messages_.str());
  std::string best;
  for (std::string line; std::getline(lines, line);)
    if (line.find_first_not_of(" =*\t") != std::string::npos) best = line;
  const std::size_t begin = best.find_first_not_of(" \t");
  return begin == std::string::npos ? std::string() : best.substr(begin);
}

std::mutex& open_babel_mutex() {
  static std::mutex mutex;
  return mutex;
}

std::string mol_block_by_open_babel(const std::string& text, const std::string& format) {
  const std::lock_guard<std::mutex> lock(open_babel_mutex());
  const QuietOpenBabel quiet;
  OpenBabel::OBConversion conversion;
  OpenBabel::OBMol molecule;
  if (!conversion.SetInAndOutFormats(format.c_str(), "mol"))
    throw MoleculeError(
        fmt::format("Open Babel has no format '{}'; is its plug-in folder installed?", format));
  const bool read = conversion.ReadString(&molecule, text);
  if (!read || molecule.NumAtoms() == 0) {
    const std::string reason = quiet.text();
    throw MoleculeError(
        fmt::format("not a valid {} record: {}", format, reason.empty() ? "no atoms" : reason));
  }
  conversion.AddOption("3", OpenBabel::OBConversion::OUTOPTIONS);  // V3000: no limit of 999 atoms
  return conversion.WriteString(&molecule);
}

std::string written_by_open_babel(const std::string& smiles, const std::string& format) {
  const std::lock_guard<std::mutex> lock(open_babel_mutex());
  const QuietOpenBabel quiet;
  OpenBabel::OBConversion conversion;
  OpenBabel::OBMol molecule;
  if (!conversion.SetInAndOutFormats("smi", format.c_str())) return {};
  if (!conversion.ReadString(&molecule, smiles) || molecule.NumAtoms() == 0) return {};
  conversion.AddOption("w", OpenBabel::OBConversion::OUTOPTIONS);  // no warnings about undefined stereo
  const std::string written = conversion.WriteString(&molecule, true);
  return written.substr(0, written.find_first_of(" \t\r\n"));
}

}  // namespace theriac::chem
