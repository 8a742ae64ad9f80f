#include "cli/explanation_drawing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "chem/depiction.hpp"
#include "chem/error.hpp"

namespace theriac::cli {
namespace {

using Colour = std::array<double, 3>;
using chem::AtomMark;
using chem::DepictionOptions;

constexpr Colour orange = {0.94, 0.58, 0.10}, blue = {0.25, 0.55, 0.87};  // dark enough for white paper,
constexpr Colour purple = {0.90, 0.68, 0.82};                             // pale enough for black letters
constexpr std::size_t most_named = 3;
constexpr double least_shown = 0.1;  // of full colour

Colour blend(const Colour& colour, double strength) {
  Colour out{};
  for (std::size_t i = 0; i < 3; ++i) out[i] = 1 + strength * (colour[i] - 1);
  return out;
}

std::string drawn_or_smiles(const chem::Molecule& molecule, const DepictionOptions& options) {
  try {
    return chem::depiction_svg(molecule, options);
  } catch (const MoleculeError&) {
    return "<code>" + chem::xml_escaped(molecule.smiles()) + "</code>";
  }
}

}  // namespace

StrongestAtoms strongest_atoms(const std::vector<double>& contributions, double scale) {
  std::vector<std::size_t> order(contributions.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::abs(contributions[a]) > std::abs(contributions[b]);
  });
  StrongestAtoms out;
  for (const std::size_t atom : order) {
    if (!(std::abs(contributions[atom]) >= least_shown * scale) || contributions[atom] == 0) continue;
    auto& side = contributions[atom] > 0 ? out.raising : out.lowering;
    if (side.size() < most_named) side.push_back(atom);
  }
  return out;
}

std::string atom_label(const chem::Molecule& molecule, std::size_t atom) {
  return fmt::format("{}{}", chem::drawn_atoms(molecule).at(atom), atom);
}

std::string contribution_drawing(const chem::Molecule& molecule, const std::string& endpoint,
                                 const std::vector<double>& contributions, double scale,
                                 const StrongestAtoms& strongest) {
  std::set<std::size_t> named(strongest.raising.begin(), strongest.raising.end());
  named.insert(strongest.lowering.begin(), strongest.lowering.end());
  DepictionOptions options;
  options.width = 290;
  options.height = 200;
  options.bond_length = 27;
  options.title = fmt::format("what each atom of {} adds to {}", molecule.smiles(), endpoint);
  for (std::size_t i = 0; i < contributions.size(); ++i) {
    const double strength = scale > 0 ? std::min(1.0, std::abs(contributions[i]) / scale) : 0;
    AtomMark mark;
    mark.atom = static_cast<int>(i);
    mark.colour = blend(contributions[i] > 0 ? orange : blue, strength);
    mark.radius = strength < least_shown ? 0 : 0.2 + 0.14 * strength;
    if (named.count(i)) mark.note = std::to_string(i);
    options.marks.push_back(std::move(mark));
  }
  return drawn_or_smiles(molecule, options);
}

std::string alert_drawing(const chem::Molecule& molecule, const chem::Alert& alert) {
  DepictionOptions options;
  options.width = 190;
  options.height = 130;
  options.bond_length = 20;
  options.title = fmt::format("{} {} in {}", alert_set_name(alert.set), alert.name, molecule.smiles());
  std::set<int> atoms;
  for (const auto& occurrence : alert.atoms) atoms.insert(occurrence.begin(), occurrence.end());
  for (const int atom : atoms) options.marks.push_back({atom, purple, 0.32, ""});
  return drawn_or_smiles(molecule, options);
}

std::string numbered_drawing(const chem::Molecule& molecule) {
  const auto atoms = static_cast<int>(chem::drawn_atoms(molecule).size());
  const bool large = atoms > 30;  // whose numbers would be too small to read
  DepictionOptions options;
  options.width = large ? 560 : 340;
  options.height = large ? 380 : 240;
  options.bond_length = 30;
  for (int i = 0; i < atoms; ++i) options.marks.push_back({i, {1, 1, 1}, 0, std::to_string(i)});
  return drawn_or_smiles(molecule, options);
}

std::string smiles_drawing(const std::string& smiles) {
  DepictionOptions options;
  options.width = 180;
  options.height = 130;
  options.bond_length = 20;
  try {
    return drawn_or_smiles(chem::Molecule::from_smiles(smiles), options);
  } catch (const MoleculeError&) {
    return "<code>" + chem::xml_escaped(smiles) + "</code>";
  }
}

std::string colour_legend() {
  std::string svg =
      "<svg class=\"legend\" width=\"300\" height=\"30\" viewBox=\"0 0 300 30\" role=\"img\"><title>colours "
      "of "
      "atoms</title>";
  constexpr int steps = 9;
  for (int i = 0; i < steps; ++i) {
    const double signed_strength = (i - 4) / 4.0, strength = std::abs(signed_strength);
    const Colour c = blend(signed_strength > 0 ? orange : blue, strength);
    if (strength < least_shown) continue;
    svg += fmt::format("<circle cx=\"{}\" cy=\"15\" r=\"{:.1f}\" fill=\"#{:02x}{:02x}{:02x}\"/>", 78 + 18 * i,
                       5 + 3.5 * strength, std::lround(255 * c[0]), std::lround(255 * c[1]),
                       std::lround(255 * c[2]));
  }
  return svg +
         "<text x=\"60\" y=\"19\" text-anchor=\"end\">lowers</text><text x=\"240\" y=\"19\">raises</text>"
         "</svg>";
}

}  // namespace theriac::cli
