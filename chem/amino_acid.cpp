#include "chem/amino_acid.hpp"

#include <algorithm>
#include <array>

namespace theriac::chem {
namespace {

using Atom = AminoAcidAtom;

constexpr Atom beta(int hydrogens, double angle = 110.5, double length = 1.530, double torsion = -122.0) {
  return {"CB", "C", hydrogens, "CA", "N", "C", length, angle, torsion, 0};
}
/// The gamma atom, turned by chi 1.
constexpr Atom gamma(std::string_view name, std::string_view type, int hydrogens, double length, double angle,
                     double offset = 0) {
  return {name, type, hydrogens, "CB", "CA", "N", length, angle, offset, 1};
}

/// chi angles of unbranched and branched side chains from the three staggered positions, g- first, and `last`
/// for a planar end group. S. C. Lovell et al., Proteins 40, 389 (2000), rounded.
std::vector<std::vector<double>> staggered(int staggered_angles, std::vector<double> last = {}) {
  std::vector<std::vector<double>> rotamers{{}};
  const auto extend = [&](const std::vector<double>& values) {
    std::vector<std::vector<double>> longer;
    for (const auto& rotamer : rotamers)
      for (const double value : values) {
        longer.push_back(rotamer);
        longer.back().push_back(value);
      }
    rotamers = std::move(longer);
  };
  for (int i = 0; i < staggered_angles; ++i)
    extend(i == 0 ? std::vector<double>{-65, 180, 62} : std::vector<double>{180, -65, 65});
  if (!last.empty()) extend(last);
  return rotamers;
}

using Bonds = std::vector<std::pair<std::string_view, std::string_view>>;

AminoAcid make(std::string name, char letter, std::vector<Atom> side_chain,
               std::vector<std::vector<double>> rotamers = {}, Bonds ring_closures = {}) {
  AminoAcid acid;
  acid.name = std::move(name);
  acid.letter = letter;
  const bool proline = letter == 'P';
  const bool glycine = letter == 'G';
  acid.atoms = {{"N", "N", proline ? 0 : 1, "", "", "", 0, 0, 0, 0},
                {"CA", "C", glycine ? 2 : 1, "N", "", "", 1.458, 0, 0, 0},
                {"C", "C", 0, "CA", "N", "", 1.525, 111.0, 0, 0},
                {"O", "OA", 0, "C", "CA", "N", 1.231, 120.1, 140, 0}};
  acid.atoms.insert(acid.atoms.end(), side_chain.begin(), side_chain.end());
  for (const Atom& atom : acid.atoms) {
    if (!atom.parent.empty()) acid.bonds.emplace_back(atom.parent, atom.name);
    acid.chi_count = std::max(acid.chi_count, atom.chi);
  }
  acid.bonds.insert(acid.bonds.end(), ring_closures.begin(), ring_closures.end());
  acid.rotamers = rotamers.empty() ? std::vector<std::vector<double>>{{}} : std::move(rotamers);
  return acid;
}

/// Three oxygens of a dianionic phosphate on `bridge`, staggered about the P-O bond by chi `chi`.
void add_phosphate(std::vector<Atom>& atoms, std::string_view bridge, std::string_view before,
                   std::string_view before_that, int chi) {
  atoms.push_back({"P", "P", 0, bridge, before, before_that, 1.610, 119.5, 0, chi});
  atoms.push_back({"O1P", "OA", 0, "P", bridge, before, 1.510, 107.0, 60, 0});
  atoms.push_back({"O2P", "OA", 0, "P", bridge, before, 1.510, 107.0, 180, 0});
  atoms.push_back({"O3P", "OA", 0, "P", bridge, before, 1.510, 107.0, -60, 0});
}

std::vector<Atom> six_ring(double first_length, double first_angle, double first_bond) {
  return {beta(2),
          gamma("CG", "A", 0, first_length, first_angle),
          {"CD1", "A", 1, "CG", "CB", "CA", first_bond, 120.8, 0, 2},
          {"CD2", "A", 1, "CG", "CB", "CA", first_bond, 120.8, 180, 2},
          {"CE1", "A", 1, "CD1", "CG", "CB", 1.382, 121.0, 180, 0},
          {"CE2", "A", 1, "CD2", "CG", "CB", 1.382, 121.0, 180, 0},
          {"CZ", "A", 1, "CE1", "CD1", "CG", 1.380, 119.8, 0, 0}};
}

std::vector<Atom> tyrosine_atoms(int hydroxyl_hydrogens) {
  auto atoms = six_ring(1.512, 113.8, 1.389);
  atoms.back().hydrogens = 0;
  atoms.push_back({"OH", "OA", hydroxyl_hydrogens, "CZ", "CE1", "CD1", 1.376, 119.9, 180, 0});
  return atoms;
}

std::vector<AminoAcid> small_residues() {
  std::vector<AminoAcid> acids;
  acids.push_back(make("GLY", 'G', {}));
  acids.push_back(make("ALA", 'A', {beta(3, 110.4, 1.521)}));
  acids.push_back(make("SER", 'S', {beta(2), gamma("OG", "OA", 1, 1.417, 111.1)}, staggered(1)));
  acids.push_back(make("CYS", 'C', {beta(2), gamma("SG", "SA", 1, 1.808, 113.8)}, staggered(1)));
  acids.push_back(make("THR", 'T',
                       {beta(1, 111.5, 1.540), gamma("OG1", "OA", 1, 1.433, 109.6),
                        gamma("CG2", "C", 3, 1.521, 110.5, -120.3)},
                       staggered(1)));
  acids.push_back(make(
      "VAL", 'V',
      {beta(1, 111.5, 1.540), gamma("CG1", "C", 3, 1.521, 110.5), gamma("CG2", "C", 3, 1.521, 110.5, 122.2)},
      {{175}, {-60}, {63}}));
  acids.push_back(make("PRO", 'P',
                       {beta(2, 103.1, 1.530, -120.5),
                        gamma("CG", "C", 2, 1.503, 104.0),
                        {"CD", "C", 2, "CG", "CB", "CA", 1.512, 104.0, 0, 2}},
                       {{27, -34}, {-25, 36}}, {{"CD", "N"}}));
  return acids;
}

std::vector<AminoAcid> aliphatic_residues() {
  std::vector<AminoAcid> acids;
  acids.push_back(make("LEU", 'L',
                       {beta(2),
                        gamma("CG", "C", 1, 1.530, 116.3),
                        {"CD1", "C", 3, "CG", "CB", "CA", 1.521, 110.7, 0, 2},
                        {"CD2", "C", 3, "CG", "CB", "CA", 1.521, 110.7, 122.2, 2}},
                       {{-65, 175}, {180, 65}, {-85, 65}, {-172, 145}, {62, 80}}));
  acids.push_back(make("ILE", 'I',
                       {beta(1, 111.5, 1.540),
                        gamma("CG1", "C", 2, 1.530, 110.4),
                        gamma("CG2", "C", 3, 1.521, 110.5, -122.7),
                        {"CD1", "C", 3, "CG1", "CB", "CA", 1.513, 113.8, 0, 2}},
                       staggered(2)));
  acids.push_back(make("MET", 'M',
                       {beta(2),
                        gamma("CG", "C", 2, 1.520, 114.1),
                        {"SD", "SA", 0, "CG", "CB", "CA", 1.803, 112.7, 0, 2},
                        {"CE", "C", 3, "SD", "CG", "CB", 1.791, 100.9, 0, 3}},
                       staggered(3)));
  acids.push_back(make("LYS", 'K',
                       {beta(2),
                        gamma("CG", "C", 2, 1.520, 114.1),
                        {"CD", "C", 2, "CG", "CB", "CA", 1.520, 111.3, 0, 2},
                        {"CE", "C", 2, "CD", "CG", "CB", 1.520, 111.3, 0, 3},
                        {"NZ", "N", 3, "CE", "CD", "CG", 1.489, 111.9, 0, 4}},
                       staggered(4)));
  acids.push_back(make("ARG", 'R',
                       {beta(2),
                        gamma("CG", "C", 2, 1.520, 114.1),
                        {"CD", "C", 2, "CG", "CB", "CA", 1.520, 111.3, 0, 2},
                        {"NE", "N", 1, "CD", "CG", "CB", 1.460, 112.0, 0, 3},
                        {"CZ", "C", 0, "NE", "CD", "CG", 1.329, 124.2, 0, 4},
                        {"NH1", "N", 2, "CZ", "NE", "CD", 1.326, 120.3, 0, 0},
                        {"NH2", "N", 2, "CZ", "NE", "CD", 1.326, 119.9, 180, 0}},
                       staggered(3, {180, 85, -85})));
  return acids;
}

std::vector<AminoAcid> acids_and_amides() {
  const std::vector<double> half_turn{0, 30, -30, 60, -60, 90, 120, -120, 150, -150, 180};
  std::vector<AminoAcid> acids;
  acids.push_back(make("ASP", 'D',
                       {beta(2),
                        gamma("CG", "C", 0, 1.516, 112.6),
                        {"OD1", "OA", 0, "CG", "CB", "CA", 1.249, 118.4, 0, 2},
                        {"OD2", "OA", 0, "CG", "CB", "CA", 1.249, 118.4, 180, 2}},
                       staggered(1, {-20, 0, 20, 60, -60, 90})));
  acids.push_back(make("ASN", 'N',
                       {beta(2),
                        gamma("CG", "C", 0, 1.516, 112.6),
                        {"OD1", "OA", 0, "CG", "CB", "CA", 1.231, 120.8, 0, 2},
                        {"ND2", "N", 2, "CG", "CB", "CA", 1.328, 116.4, 180, 2}},
                       staggered(1, half_turn)));
  acids.push_back(make("GLU", 'E',
                       {beta(2),
                        gamma("CG", "C", 2, 1.520, 114.1),
                        {"CD", "C", 0, "CG", "CB", "CA", 1.516, 112.6, 0, 2},
                        {"OE1", "OA", 0, "CD", "CG", "CB", 1.249, 118.4, 0, 3},
                        {"OE2", "OA", 0, "CD", "CG", "CB", 1.249, 118.4, 180, 3}},
                       staggered(2, {0, 30, -30, 60, -60, 90})));
  acids.push_back(make("GLN", 'Q',
                       {beta(2),
                        gamma("CG", "C", 2, 1.520, 114.1),
                        {"CD", "C", 0, "CG", "CB", "CA", 1.516, 112.6, 0, 2},
                        {"OE1", "OA", 0, "CD", "CG", "CB", 1.231, 120.8, 0, 3},
                        {"NE2", "N", 2, "CD", "CG", "CB", 1.328, 116.4, 180, 3}},
                       staggered(2, half_turn)));
  return acids;
}

std::vector<AminoAcid> aromatic_residues() {
  std::vector<AminoAcid> acids;
  acids.push_back(
      make("PHE", 'F', six_ring(1.502, 113.8, 1.384), staggered(1, {-85, -30, 30}), {{"CZ", "CE2"}}));
  acids.push_back(make("TYR", 'Y', tyrosine_atoms(1), staggered(1, {-85, -30, 30}), {{"CZ", "CE2"}}));
  acids.push_back(make("HIS", 'H',
                       {beta(2),
                        gamma("CG", "A", 0, 1.497, 113.8),
                        {"ND1", "NA", 0, "CG", "CB", "CA", 1.378, 122.7, 0, 2},
                        {"CD2", "A", 1, "CG", "CB", "CA", 1.354, 131.2, 180, 2},
                        {"CE1", "A", 1, "ND1", "CG", "CB", 1.321, 109.2, 180, 0},
                        {"NE2", "N", 1, "CD2", "CG", "CB", 1.374, 107.2, 180, 0}},
                       staggered(1, {-70, 80, 165, -165, 0}), {{"CE1", "NE2"}}));
  acids.push_back(make("TRP", 'W',
                       {beta(2),
                        gamma("CG", "A", 0, 1.498, 113.6),
                        {"CD1", "A", 1, "CG", "CB", "CA", 1.365, 126.9, 0, 2},
                        {"CD2", "A", 0, "CG", "CB", "CA", 1.433, 126.8, 180, 2},
                        {"NE1", "N", 1, "CD1", "CG", "CB", 1.374, 110.2, 180, 0},
                        {"CE2", "A", 0, "CD2", "CG", "CB", 1.409, 107.2, 180, 0},
                        {"CE3", "A", 1, "CD2", "CG", "CB", 1.398, 133.9, 0, 0},
                        {"CZ2", "A", 1, "CE2", "CD2", "CG", 1.394, 122.4, 180, 0},
                        {"CZ3", "A", 1, "CE3", "CD2", "CG", 1.382, 118.6, 180, 0},
                        {"CH2", "A", 1, "CZ2", "CE2", "CD2", 1.368, 117.5, 0, 0}},
                       staggered(1, {95, -90, 0, -10}), {{"NE1", "CE2"}, {"CZ3", "CH2"}}));
  return acids;
}

std::vector<AminoAcid> phosphorylated_residues() {
  std::vector<AminoAcid> acids;
  std::vector<Atom> serine{beta(2), gamma("OG", "OA", 0, 1.417, 111.1)};
  add_phosphate(serine, "OG", "CB", "CA", 2);
  acids.push_back(make("SEP", 'S', serine, staggered(2)));
  std::vector<Atom> threonine{beta(1, 111.5, 1.540), gamma("OG1", "OA", 0, 1.433, 109.6),
                              gamma("CG2", "C", 3, 1.521, 110.5, -120.3)};
  add_phosphate(threonine, "OG1", "CB", "CA", 2);
  acids.push_back(make("TPO", 'T', threonine, staggered(2)));
  auto tyrosine = tyrosine_atoms(0);
  add_phosphate(tyrosine, "OH", "CZ", "CE1", 3);
  acids.push_back(make("PTR", 'Y', tyrosine, staggered(1, {-85, -30, 30}), {{"CZ", "CE2"}}));
  for (auto& rotamer : acids.back().rotamers) rotamer.push_back(90);
  return acids;
}

const std::vector<AminoAcid>& all_amino_acids() {
  static const std::vector<AminoAcid> acids = [] {
    std::vector<AminoAcid> all;
    for (const auto& group : {small_residues(), aliphatic_residues(), acids_and_amides(), aromatic_residues(),
                              phosphorylated_residues()})
      all.insert(all.end(), group.begin(), group.end());
    return all;
  }();
  return acids;
}

using NamePair = std::pair<std::string_view, std::string_view>;

/// Names that force fields give to protonation states.
constexpr std::array<NamePair, 19> variants{{{"HID", "HIS"},
                                             {"HIE", "HIS"},
                                             {"HIP", "HIS"},
                                             {"HSD", "HIS"},
                                             {"HSE", "HIS"},
                                             {"HSP", "HIS"},
                                             {"CYX", "CYS"},
                                             {"CYM", "CYS"},
                                             {"CYN", "CYS"},
                                             {"ASH", "ASP"},
                                             {"GLH", "GLU"},
                                             {"LYN", "LYS"},
                                             {"ARN", "ARG"},
                                             {"TYM", "TYR"},
                                             {"HIN", "HIS"},
                                             {"LYP", "LYS"},
                                             {"ASPH", "ASP"},
                                             {"GLUH", "GLU"},
                                             {"CYS2", "CYS"}}};

/// Modified residues and the parents named in the wwPDB chemical component dictionary.
constexpr std::array<NamePair, 30> modified{
    {{"MSE", "MET"}, {"FME", "MET"}, {"MHO", "MET"}, {"CSO", "CYS"}, {"CME", "CYS"}, {"OCS", "CYS"},
     {"CSD", "CYS"}, {"CAS", "CYS"}, {"CSX", "CYS"}, {"CSS", "CYS"}, {"SMC", "CYS"}, {"YCM", "CYS"},
     {"SCY", "CYS"}, {"CSW", "CYS"}, {"CAF", "CYS"}, {"SNC", "CYS"}, {"KCX", "LYS"}, {"MLY", "LYS"},
     {"MLZ", "LYS"}, {"M3L", "LYS"}, {"ALY", "LYS"}, {"LLP", "LYS"}, {"HYP", "PRO"}, {"TYS", "TYR"},
     {"CGU", "GLU"}, {"HIC", "HIS"}, {"MHS", "HIS"}, {"AGM", "ARG"}, {"SAC", "SER"}, {"NEP", "HIS"}}};

template <std::size_t n>
std::string_view lookup(const std::array<NamePair, n>& table, std::string_view name) {
  const auto row =
      std::find_if(table.begin(), table.end(), [&](const NamePair& r) { return r.first == name; });
  return row == table.end() ? std::string_view() : row->second;
}

}  // namespace

const AminoAcidAtom* AminoAcid::atom(std::string_view atom_name) const {
  const auto found =
      std::find_if(atoms.begin(), atoms.end(), [&](const AminoAcidAtom& a) { return a.name == atom_name; });
  return found == atoms.end() ? nullptr : &*found;
}

std::vector<std::string_view> AminoAcid::neighbours(std::string_view atom_name) const {
  std::vector<std::string_view> names;
  for (const auto& [a, b] : bonds) {
    if (a == atom_name) names.push_back(b);
    if (b == atom_name) names.push_back(a);
  }
  return names;
}

const AminoAcid* amino_acid(std::string_view residue_name) {
  const std::string_view variant = lookup(variants, residue_name);
  const std::string_view name = variant.empty() ? residue_name : variant;
  for (const auto& acid : all_amino_acids())
    if (acid.name == name) return &acid;
  return nullptr;
}

std::string_view parent_amino_acid(std::string_view residue_name) {
  return lookup(modified, residue_name);
}

bool is_protein_residue(std::string_view residue_name) {
  return amino_acid(residue_name) != nullptr || !parent_amino_acid(residue_name).empty();
}

bool is_water(std::string_view name) {
  static constexpr std::string_view names[] = {"HOH", "WAT",  "DOD", "H2O", "D2O",  "TIP", "TIP3", "TP3",
                                               "T3P", "TIP4", "TP4", "T4P", "TIP5", "SPC", "SOL"};
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

bool is_nucleotide(std::string_view name) {
  static constexpr std::string_view names[] = {"A",  "C",  "G",  "U",  "T",  "I",
                                               "DA", "DC", "DG", "DT", "DU", "DI"};
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

}  // namespace theriac::chem
