// Which proteins are related, so that learning and testing do not share them.
//
// Two proteins are related when they share more than 8 % of the four-letter words of the shorter one, or when
// both are trypsin-like proteases (GDSGGP) or both protein kinases (HRDL or its variants, and DFG): families
// whose sites are alike though their sequences have drifted apart. Relations are followed through: relatives
// of relatives are one group.
#pragma once
#include <string>
#include <vector>

#include "chem/receptor.hpp"

namespace theriac::chem {

/// One letter per residue with a CA atom, in the order of the file; gaps are not marked.
std::string receptor_sequence(const Receptor& receptor);

/// The group of each sequence: the index of its first member.
std::vector<int> related_proteins(const std::vector<std::string>& sequences);

}  // namespace theriac::chem
