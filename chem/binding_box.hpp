// Search boxes: made from what is known about the binding site, checked against the protein, written for
// others.
//
// A box that misses the protein is refused: docking there gives scores near zero without a word of warning.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "chem/box.hpp"
#include "chem/crystal_ligand.hpp"
#include "chem/receptor.hpp"
#include "chem/structure_file.hpp"

namespace theriac::chem {

constexpr double default_box_margin = 4.0;  ///< angstrom added on all six sides, as smina does
constexpr double largest_box_edge = 126.0;  ///< angstrom, as Vina

/// The box round `points` plus `margin` on all sides. Throws InputError without points.
Box box_around(const std::vector<Vector3>& points, double margin, std::string origin);

/// Round all molecules of an SDF, MOL2, PDB or PDBQT file; `origin` says how many there are.
Box box_from_ligand_file(const std::string& path, double margin = default_box_margin);
/// Round the first residue that matches, e.g. "STI:A". Throws InputError listing what is there.
Box box_from_crystal_ligand(const Structure& structure, const std::string& selection,
                            double margin = default_box_margin);
/// Round residues given as "A:315,A:381" (chain and number; "315" alone if there is one chain).
Box box_from_residues(const Receptor& receptor, const std::string& residues,
                      double margin = default_box_margin);
/// Round all protein atoms. Throws InputError when an edge would exceed 126 angstrom.
Box box_around_protein(const Receptor& receptor, double margin = default_box_margin);
/// A Vina config file, or Meeko's box.txt: lines "center_x = 15.19"; other keys are left to others.
/// Throws InputError naming the line of a bad value and the keys that are missing.
Box read_vina_box(const std::string& path);
Box parse_vina_box(std::string_view text, const std::string& source);
/// The numbers of --center_x ... --size_z. Throws as `require_sensible_box`.
Box box_from_numbers(Vector3 center, Vector3 size);

/// "A:315,A:381" as residues. Throws UsageError naming the part that is not CHAIN:NUMBER.
std::vector<ResidueId> parse_residue_list(const std::string& text);
/// The residue of `receptor` that is meant (chain filled in when there is just one). Throws InputError
/// listing the nearest residue numbers.
ResidueId find_residue(const Receptor& receptor, const ResidueId& wanted);

/// Throws InputError for edges that are not finite, not positive, or longer than 126 angstrom.
void require_sensible_box(const Box& box);

/// Throws as above and, with the distance and the extents of both, when no receptor atom lies within 4
/// angstrom of the box. `hint` is shown with that error. Returns warnings, e.g. that 43 % of the box is
/// further than 8 angstrom from any protein atom.
std::vector<std::string> check_box(const Box& box, const Receptor& receptor, const std::string& hint = {});

/// Corners and edges of the box as PDB atoms with CONECT records, for viewers.
std::string box_cage_pdb(const Box& box);
/// The box as a Vina config file.
std::string vina_box_config(const Box& box);

}  // namespace theriac::chem
