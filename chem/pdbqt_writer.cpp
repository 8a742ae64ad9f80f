#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "chem/error.hpp"
#include "chem/pdbqt.hpp"

namespace theriac::chem {
namespace {

/// Writes the tree depth first; serial numbers in the order of writing.
class LigandWriter {
 public:
  LigandWriter(const FlexibleLigand& ligand, const std::vector<Vector3>& coordinates)
      : ligand_(ligand),
        coordinates_(coordinates),
        serial_(ligand.atoms.size(), 0),
        children_(ligand.fragments.size()) {
    for (const auto& a : ligand.atoms) charge_.push_back(a.charge);
    for (const auto& [i, j] : ligand.bonds) {
      if (merged(i)) charge_[j] += charge_[i];
      if (merged(j)) charge_[i] += charge_[j];
    }
    for (std::size_t f = 1; f < ligand.fragments.size(); ++f)
      children_[ligand.fragments[f].parent].push_back(static_cast<int>(f));
    number(0);
  }

  std::string text() {
    out_ += "ROOT\n";
    write_atoms(0);
    out_ += "ENDROOT\n";
    write_children(0);
    out_ += fmt::format("TORSDOF {}\n", ligand_.fragments.size() - 1);
    return std::move(out_);
  }

 private:
  bool merged(int atom) const { return ligand_.atoms[atom].autodock_type == "H"; }

  void number(int fragment) {
    for (const int i : ligand_.fragments[fragment].atoms)
      if (!merged(i)) serial_[i] = ++last_serial_;
    for (const int c : children_[fragment]) number(c);
  }

  void write_atoms(int fragment) {
    for (const int i : ligand_.fragments[fragment].atoms) {
      if (merged(i)) continue;
      const LigandAtom& a = ligand_.atoms[i];
      const Vector3 p = coordinates_.empty() ? a.position : coordinates_[i];
      const std::string name = a.name.size() < 4 ? fmt::format(" {:<3}", a.name) : a.name.substr(0, 4);
      out_ +=
          fmt::format("ATOM  {:>5} {} UNL     1    {:>8.3f}{:>8.3f}{:>8.3f}  1.00  0.00    {:>6.3f} {:<2}\n",
                      serial_[i], name, p.x, p.y, p.z, charge_[i], a.autodock_type);
    }
  }

  void write_children(int fragment) {
    for (const int c : children_[fragment]) {
      const RigidFragment& f = ligand_.fragments[c];
      const std::string ends =
          fmt::format("BRANCH {:>3} {:>3}\n", serial_[f.axis_begin], serial_[f.axis_end]);
      out_ += ends;
      write_atoms(c);
      write_children(c);
      out_ += "END" + ends;
    }
  }

  const FlexibleLigand& ligand_;
  const std::vector<Vector3>& coordinates_;
  std::vector<double> charge_;
  std::vector<int> serial_;
  std::vector<std::vector<int>> children_;
  int last_serial_ = 0;
  std::string out_;
};

std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return text;
}

}  // namespace

std::string write_pdbqt_ligand(const FlexibleLigand& ligand, const std::vector<Vector3>& coordinates,
                               const std::vector<std::string>& remarks) {
  if (!coordinates.empty() && coordinates.size() != ligand.atoms.size())
    throw MoleculeError(fmt::format("{} coordinates for the {} atoms of ligand '{}'", coordinates.size(),
                                    ligand.atoms.size(), ligand.name),
                        "give one position per ligand atom, hydrogens included");
  std::string head;
  if (!ligand.name.empty()) head = fmt::format("REMARK  Name = {}\n", one_line(ligand.name));
  for (const auto& r : remarks) head += fmt::format("REMARK {}\n", one_line(r));
  return head + LigandWriter(ligand, coordinates).text();
}

}  // namespace theriac::chem
