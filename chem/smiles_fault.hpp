// Where a SMILES goes wrong, in words: RDKit often says no more than "failed parsing".
//
// The grammar is that of OpenSMILES (C. A. James et al., opensmiles.org, 2016). Only the spelling is looked
// at; valence and aromaticity are left to RDKit.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace theriac::chem {

struct SmilesFault {
  std::size_t position = 0;  ///< index of the character at fault
  std::string reason;        ///< "ring 1 is opened at character 2 and never closed"; characters count from 1
};

/// The first fault of spelling; empty when there is none.
std::optional<SmilesFault> smiles_fault(std::string_view smiles);

}  // namespace theriac::chem
