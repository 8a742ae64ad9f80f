#include "scoring/atom_type.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <unordered_map>

#include "chem/error.hpp"

namespace theriac::scoring {
namespace {

struct TypeRow {
  const char* name;
  double vina_radius, vinardo_radius;
  bool hydrophobic, donor, acceptor;
};

// Vinardo's own table leaves out Si, At and metals: they keep Vina's radius.
constexpr std::array<TypeRow, atom_type_count> type_table{{
    {"C_H", 1.9, 2.0, true, false, false},   {"C_P", 1.9, 2.0, false, false, false},
    {"N_P", 1.8, 1.7, false, false, false},  {"N_D", 1.8, 1.7, false, true, false},
    {"N_A", 1.8, 1.7, false, false, true},   {"N_DA", 1.8, 1.7, false, true, true},
    {"O_P", 1.7, 1.6, false, false, false},  {"O_D", 1.7, 1.6, false, true, false},
    {"O_A", 1.7, 1.6, false, false, true},   {"O_DA", 1.7, 1.6, false, true, true},
    {"S_P", 2.0, 2.0, false, false, false},  {"P_P", 2.1, 2.1, false, false, false},
    {"F_H", 1.5, 1.5, true, false, false},   {"Cl_H", 1.8, 1.8, true, false, false},
    {"Br_H", 2.0, 2.0, true, false, false},  {"I_H", 2.2, 2.2, true, false, false},
    {"Si_H", 2.2, 2.2, true, false, false},  {"At_H", 2.3, 2.3, true, false, false},
    {"Met_D", 1.2, 1.2, false, true, false},
}};

const TypeRow& row(AtomType type) {
  return type_table[static_cast<std::size_t>(type)];
}

enum class Family {
  carbon,
  nitrogen,
  oxygen,
  sulphur,
  phosphorus,
  fluorine,
  chlorine,
  bromine,
  iodine,
  silicon,
  astatine,
  metal,
  polar_hydrogen,
  hydrogen
};

struct AutodockRow {
  Family family;
  bool acceptor;
  double covalent_radius;  // angstrom
};

// AutoDock names are case-sensitive: NA is an accepting nitrogen, Na is sodium.
const std::map<std::string, AutodockRow>& autodock_table() {
  static const std::map<std::string, AutodockRow> table = [] {
    std::map<std::string, AutodockRow> t{
        {"C", {Family::carbon, false, 0.77}},          {"A", {Family::carbon, false, 0.77}},
        {"N", {Family::nitrogen, false, 0.75}},        {"NA", {Family::nitrogen, true, 0.75}},
        {"NS", {Family::nitrogen, true, 0.75}},        {"O", {Family::oxygen, false, 0.73}},
        {"OA", {Family::oxygen, true, 0.73}},          {"OS", {Family::oxygen, true, 0.73}},
        {"S", {Family::sulphur, false, 1.02}},         {"SA", {Family::sulphur, true, 1.02}},
        {"Se", {Family::sulphur, false, 1.02}},        {"P", {Family::phosphorus, false, 1.06}},
        {"F", {Family::fluorine, false, 0.71}},        {"Cl", {Family::chlorine, false, 0.99}},
        {"CL", {Family::chlorine, false, 0.99}},       {"Br", {Family::bromine, false, 1.14}},
        {"BR", {Family::bromine, false, 1.14}},        {"I", {Family::iodine, false, 1.33}},
        {"Si", {Family::silicon, false, 1.11}},        {"At", {Family::astatine, false, 1.44}},
        {"HD", {Family::polar_hydrogen, false, 0.37}}, {"HS", {Family::polar_hydrogen, false, 0.37}},
        {"H", {Family::hydrogen, false, 0.37}}};
    for (const char* metal : {"Mg", "MG", "Mn", "MN", "Zn", "ZN", "Ca", "CA", "Fe", "FE", "Cu", "CU",
                              "Na", "K",  "Hg", "HG", "Co", "CO", "U",  "Cd", "CD", "Ni", "NI"})
      t[metal] = {Family::metal, false, 1.75};
    return t;
  }();
  return table;
}

const AutodockRow& autodock_row(const std::string& type, const std::string& atom_name,
                                const std::string& owner) {
  const auto found = autodock_table().find(type);
  if (found != autodock_table().end()) return found->second;
  throw MoleculeError(
      fmt::format("atom '{}' of '{}' has type '{}', which the scoring function does not know", atom_name,
                  owner, type),
      "docking knows C N O S P F Cl Br I Si and common metals; replace the atom or leave the molecule out");
}

bool is_heteroatom(Family f) {
  return f != Family::carbon && f != Family::hydrogen && f != Family::polar_hydrogen;
}

AtomType final_type(const AutodockRow& atom, bool bonded_to_heteroatom, bool bonded_to_polar_hydrogen) {
  const auto with_role = [&](AtomType plain) {
    const int role = (bonded_to_polar_hydrogen ? 1 : 0) + (atom.acceptor ? 2 : 0);
    return static_cast<AtomType>(static_cast<int>(plain) + role);
  };
  switch (atom.family) {
    case Family::carbon:
      return bonded_to_heteroatom ? AtomType::C_P : AtomType::C_H;
    case Family::nitrogen:
      return with_role(AtomType::N_P);
    case Family::oxygen:
      return with_role(AtomType::O_P);
    case Family::sulphur:
      return AtomType::S_P;
    case Family::phosphorus:
      return AtomType::P_P;
    case Family::fluorine:
      return AtomType::F_H;
    case Family::chlorine:
      return AtomType::Cl_H;
    case Family::bromine:
      return AtomType::Br_H;
    case Family::iodine:
      return AtomType::I_H;
    case Family::silicon:
      return AtomType::Si_H;
    case Family::astatine:
      return AtomType::At_H;
    case Family::metal:
      return AtomType::Met_D;
    case Family::polar_hydrogen:
    case Family::hydrogen:
      break;
  }
  return AtomType::none;
}

/// An atom with all it takes to perceive its bonds.
struct Site {
  chem::Vector3 position;
  const AutodockRow* atom;
};

/// Atoms sorted into cubes of 4 angstrom; bonds are shorter than that.
class Neighbourhood {
 public:
  explicit Neighbourhood(const std::vector<Site>& sites) : sites_(sites) {
    for (std::size_t i = 0; i < sites.size(); ++i)
      cells_[key(cell(sites[i].position))].push_back(static_cast<int>(i));
  }

  template <typename Visit>
  void near(chem::Vector3 p, Visit visit) const {
    const auto c = cell(p);
    for (int dx = -1; dx <= 1; ++dx)
      for (int dy = -1; dy <= 1; ++dy)
        for (int dz = -1; dz <= 1; ++dz) {
          const auto found = cells_.find(key({c[0] + dx, c[1] + dy, c[2] + dz}));
          if (found == cells_.end()) continue;
          for (const int i : found->second) visit(i);
        }
  }

  bool bonded(int i, int j) const {
    const double limit = 1.1 * (sites_[i].atom->covalent_radius + sites_[j].atom->covalent_radius);
    const double r2 = chem::squared_distance(sites_[i].position, sites_[j].position);
    if (r2 >= limit * limit) return false;
    bool between = false;
    near(sites_[i].position, [&](int k) {
      between = between ||
                (k != i && k != j && chem::squared_distance(sites_[i].position, sites_[k].position) < r2 &&
                 chem::squared_distance(sites_[j].position, sites_[k].position) < r2);
    });
    return !between;
  }

 private:
  static std::array<int, 3> cell(chem::Vector3 p) {
    return {static_cast<int>(std::floor(p.x / 4)), static_cast<int>(std::floor(p.y / 4)),
            static_cast<int>(std::floor(p.z / 4))};
  }
  static std::int64_t key(std::array<int, 3> c) {
    return ((static_cast<std::int64_t>(c[0]) & 0x1fffff) << 42) |
           ((static_cast<std::int64_t>(c[1]) & 0x1fffff) << 21) |
           (static_cast<std::int64_t>(c[2]) & 0x1fffff);
  }

  const std::vector<Site>& sites_;
  std::unordered_map<std::int64_t, std::vector<int>> cells_;
};

std::vector<AtomType> perceived_types(const std::vector<Site>& sites) {
  const Neighbourhood neighbourhood(sites);
  std::vector<AtomType> types;
  for (int i = 0; i < static_cast<int>(sites.size()); ++i) {
    bool heteroatom = false, polar_hydrogen = false;
    const Family family = sites[i].atom->family;
    if (family == Family::carbon || family == Family::nitrogen || family == Family::oxygen)
      neighbourhood.near(sites[i].position, [&](int j) {
        if (j == i) return;
        const Family other = sites[j].atom->family;
        if (other == Family::polar_hydrogen && !polar_hydrogen) polar_hydrogen = neighbourhood.bonded(i, j);
        if (is_heteroatom(other) && !heteroatom) heteroatom = neighbourhood.bonded(i, j);
      });
    types.push_back(final_type(*sites[i].atom, heteroatom, polar_hydrogen));
  }
  return types;
}

std::vector<Site> sites_of(const chem::Receptor& receptor) {
  std::vector<Site> sites;
  for (const auto& atom : receptor.atoms)
    sites.push_back({atom.position, &autodock_row(atom.autodock_type, atom.name,
                                                  atom.residue_name + " " + atom.residue.text())});
  for (const auto& residue : receptor.flexible_residues)
    for (const auto& atom : residue.chain.atoms)
      sites.push_back({atom.position, &autodock_row(atom.autodock_type, atom.name,
                                                    residue.residue_name + " " + residue.residue.text())});
  return sites;
}

}  // namespace

const char* name(AtomType type) {
  return type == AtomType::none ? "none" : row(type).name;
}

double radius(AtomType type, ScoringFunction scoring) {
  return scoring == ScoringFunction::vinardo ? row(type).vinardo_radius : row(type).vina_radius;
}

bool is_hydrophobic(AtomType type) {
  return row(type).hydrophobic;
}
bool is_donor(AtomType type) {
  return row(type).donor;
}
bool is_acceptor(AtomType type) {
  return row(type).acceptor;
}

std::vector<AtomType> atom_types(const chem::FlexibleLigand& ligand) {
  const int n = static_cast<int>(ligand.atoms.size());
  std::vector<const AutodockRow*> rows;
  for (const auto& atom : ligand.atoms)
    rows.push_back(&autodock_row(atom.autodock_type, atom.name, ligand.name));
  std::vector<char> heteroatom(n, 0), polar_hydrogen(n, 0);
  const auto see = [&](int i, int j) {
    if (is_heteroatom(rows[j]->family)) heteroatom[i] = 1;
    if (rows[j]->family == Family::polar_hydrogen) polar_hydrogen[i] = 1;
  };
  for (const auto& [a, b] : ligand.bonds) {
    see(a, b);
    see(b, a);
  }
  std::vector<AtomType> types;
  for (int i = 0; i < n; ++i) types.push_back(final_type(*rows[i], heteroatom[i], polar_hydrogen[i]));
  return types;
}

std::vector<AtomType> atom_types(const chem::Receptor& receptor) {
  auto types = perceived_types(sites_of(receptor));
  types.resize(receptor.atoms.size());
  return types;
}

std::vector<std::vector<AtomType>> flexible_atom_types(const chem::Receptor& receptor) {
  const auto all = perceived_types(sites_of(receptor));
  std::vector<std::vector<AtomType>> out;
  auto begin = all.begin() + static_cast<std::ptrdiff_t>(receptor.atoms.size());
  for (const auto& residue : receptor.flexible_residues) {
    const auto end = begin + static_cast<std::ptrdiff_t>(residue.chain.atoms.size());
    out.emplace_back(begin, end);
    begin = end;
  }
  return out;
}

}  // namespace theriac::scoring
