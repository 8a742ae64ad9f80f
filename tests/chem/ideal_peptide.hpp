// A peptide in extended conformation from ideal geometry, as PDB text: input for tests of receptor
// preparation.
#pragma once
#include <cstdio>
#include <string>
#include <vector>

#include "chem/amino_acid.hpp"
#include "chem/autodock_type.hpp"
#include "chem/internal_coordinates.hpp"

namespace theriac::chem {

inline std::string pdb_line(const std::string& record, const std::string& name, const std::string& residue,
                            char chain, int number, Vector3 place, const std::string& element,
                            char alternate = ' ', double occupancy = 1.0) {
  char line[100];
  const std::string field = name.size() >= 4 || element.size() == 2 ? name : " " + name;
  std::snprintf(line, sizeof line, "%-6s%5d %-4s%c%3s %c%4d    %8.3f%8.3f%8.3f%6.2f%6.2f          %2s\n",
                record.c_str(), 1, field.c_str(), alternate, residue.c_str(), chain, number, place.x, place.y,
                place.z, occupancy, 10.0, element.c_str());
  return line;
}

struct PeptideAtom {
  std::string name, residue;
  int number = 0;
  int element = 0;
  Vector3 position;
};

/// Residues 1, 2, ... of `names`, all heavy atoms, first rotamer of each, phi -120, psi 130, omega 180
/// degrees.
inline std::vector<PeptideAtom> ideal_peptide(const std::vector<std::string>& names) {
  std::vector<PeptideAtom> atoms;
  Vector3 n{0, 0, 0}, ca{1.458, 0, 0}, c = place_atom({0, 1, 0}, n, ca, 1.525, 111, 60);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const AminoAcid& plan = *amino_acid(names[i]);
    std::vector<PeptideAtom> residue;
    const auto at = [&](std::string_view name) {
      for (const auto& atom : residue)
        if (atom.name == name) return atom.position;
      return Vector3{};
    };
    for (const auto& planned : plan.atoms) {
      Vector3 place = planned.name == "N" ? n : planned.name == "CA" ? ca : c;
      if (planned.name == "O")
        place = place_atom(n, ca, c, 1.231, 120.1, 130 + 180);
      else if (!planned.great_grandparent.empty())
        place = place_atom(at(planned.great_grandparent), at(planned.grandparent), at(planned.parent),
                           planned.length, planned.angle,
                           planned.torsion + (planned.chi ? plan.rotamers[0][planned.chi - 1] : 0.0));
      residue.push_back({std::string(planned.name), names[i], static_cast<int>(i) + 1,
                         autodock_type_element(planned.autodock_type), place});
    }
    atoms.insert(atoms.end(), residue.begin(), residue.end());
    const Vector3 next_n = place_atom(n, ca, c, 1.329, 116.2, 130);
    const Vector3 next_ca = place_atom(ca, c, next_n, 1.458, 121.7, 180);
    const Vector3 next_c = place_atom(c, next_n, next_ca, 1.525, 111.0, -120);
    n = next_n;
    ca = next_ca;
    c = next_c;
  }
  return atoms;
}

inline std::string pdb_text(const std::vector<PeptideAtom>& atoms, char chain = 'A') {
  std::string text;
  for (const auto& atom : atoms)
    text += pdb_line("ATOM", atom.name, atom.residue, chain, atom.number, atom.position,
                     element_symbol(atom.element));
  return text;
}

inline std::string peptide_pdb(const std::vector<std::string>& names) {
  return pdb_text(ideal_peptide(names));
}

}  // namespace theriac::chem
