#include "chem/receptor_preparation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chem/autodock_type.hpp"
#include "chem/binding_box.hpp"
#include "chem/error.hpp"
#include "chem/hetero_group.hpp"
#include "chem/protein_model.hpp"
#include "chem/protonation_state.hpp"
#include "chem/receptor_file.hpp"
#include "chem/text_file.hpp"

namespace theriac::chem {
namespace {

bool carries_hydrogen(const ModelResidue& residue, int atom) {
  return std::any_of(residue.hydrogens.begin(), residue.hydrogens.end(),
                     [&](const ModelHydrogen& hydrogen) { return hydrogen.heavy == atom; });
}

void assign_types(ModelResidue& residue) {
  if (!residue.plan) return;
  for (std::size_t i = 0; i < residue.atoms.size(); ++i) {
    ModelAtom& atom = residue.atoms[i];
    const AminoAcidAtom* planned = residue.plan->atom(atom.name);
    atom.autodock_type = planned ? std::string(planned->autodock_type) : element_autodock_type(atom.element);
    const bool ring_nitrogen = residue.name == "HIS" && (atom.name == "ND1" || atom.name == "NE2");
    if (ring_nitrogen) atom.autodock_type = carries_hydrogen(residue, static_cast<int>(i)) ? "N" : "NA";
  }
}

ReceptorAtom receptor_atom(const ModelResidue& residue, std::string name, int element, Vector3 position) {
  ReceptorAtom atom;
  atom.name = std::move(name);
  atom.residue_name = residue.name;
  atom.residue = residue.id;
  atom.element = element;
  atom.position = position;
  atom.hetero = residue.hetero;
  return atom;
}

Receptor to_receptor(const ProteinModel& model, const std::string& name) {
  Receptor receptor;
  receptor.name = name;
  for (const auto& residue : model.residues) {
    for (const auto& heavy : residue.atoms) {
      receptor.atoms.push_back(receptor_atom(residue, heavy.name, heavy.element, heavy.position));
      receptor.atoms.back().autodock_type = heavy.autodock_type;
    }
    for (const auto& hydrogen : residue.hydrogens) {
      const int carrier = residue.atoms[hydrogen.heavy].element;
      receptor.atoms.push_back(receptor_atom(residue, hydrogen.name, 1, hydrogen.position));
      receptor.atoms.back().autodock_type = carrier == 7 || carrier == 8 || carrier == 16 ? "HD" : "H";
    }
  }
  return receptor;
}

std::vector<Vector3> metals_of(const ProteinModel& model) {
  std::vector<Vector3> metals;
  for (const auto& residue : model.residues)
    for (const auto& atom : residue.atoms)
      if (is_metal(atom.element)) metals.push_back(atom.position);
  return metals;
}

void count_atoms(const ProteinModel& model, PreparationReport& report) {
  for (const auto& residue : model.residues) {
    report.residues += !residue.hetero;
    report.heavy_atoms += static_cast<int>(residue.atoms.size());
    if (!residue.has_own_hydrogens) report.hydrogens_added += static_cast<int>(residue.hydrogens.size());
  }
}

std::string with_thousands(int count) {
  std::string text = std::to_string(count);
  for (int i = static_cast<int>(text.size()) - 3; i > 0; i -= 3)
    text.insert(static_cast<std::size_t>(i), ",");
  return text;
}

std::string removed_text(const PreparationReport& report) {
  std::vector<std::string> parts;
  int waters = 0;
  for (const auto& [name, count] : report.removed) waters += is_water(name) ? count : 0;
  if (waters) parts.push_back(fmt::format("{} water{}", with_thousands(waters), waters == 1 ? "" : "s"));
  for (const auto& [name, count] : report.removed)
    if (!is_water(name)) parts.push_back(fmt::format("{} {}", count, name));
  return fmt::format("{}", fmt::join(parts, ", "));
}

void append_list(std::string& text, const char* title, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  text += fmt::format("{} ({})\n", title, lines.size());
  for (const auto& line : lines) text += fmt::format("  {}\n", line);
}

}  // namespace

PreparedReceptor prepare_receptor(const Structure& structure, const PreparationOptions& options) {
  PreparedReceptor prepared;
  PreparationReport& report = prepared.report;
  report.source = structure.name;
  report.models = structure.models;
  report.ph = options.ph;
  ProteinModel model = build_model(structure, options, report);
  rebuild_missing_atoms(model, options.fill_side_chains, report);
  assign_protonation(model, options, report);
  const std::vector<Vector3> metals = metals_of(model);
  for (auto& residue : model.residues)
    if (!residue.plan) complete_hetero_group(residue, metals, options.ph);
  add_hydrogens(model);
  for (auto& residue : model.residues) assign_types(residue);
  count_atoms(model, report);
  prepared.receptor = to_receptor(model, structure.name);
  return prepared;
}

PreparedReceptor read_receptor(const std::string& path, const PreparationOptions& options) {
  const std::string text = read_text_file(path);
  if (structure_format(text) != StructureFormat::pdbqt)
    return prepare_receptor(parse_structure(text, path), options);
  PreparedReceptor taken;
  taken.receptor = parse_pdbqt_receptor(text, path);
  taken.report.source = taken.receptor.name;
  taken.report.prepared = false;
  for (const auto& atom : taken.receptor.atoms) taken.report.heavy_atoms += atom.element > 1;
  return taken;
}

std::vector<std::pair<ResidueId, std::string>> parse_residue_states(const std::string& text) {
  std::vector<std::pair<ResidueId, std::string>> states;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string part(trimmed(rest.substr(0, rest.find(','))));
    rest.remove_prefix(std::min(rest.find(','), rest.size() - 1) + 1);
    if (part.empty()) continue;
    const std::size_t equals = part.find('=');
    if (equals == std::string::npos)
      throw UsageError(fmt::format("'{}' is not CHAIN:NUMBER=STATE", part), "for example A:41=HIE");
    states.emplace_back(parse_residue_list(part.substr(0, equals)).front(), part.substr(equals + 1));
  }
  return states;
}

std::vector<std::string> PreparationReport::summary() const {
  if (!prepared)
    return {fmt::format("{}: PDBQT, taken as it is, {} heavy atoms", source, with_thousands(heavy_atoms))};
  std::vector<std::string> lines;
  std::string chains =
      fmt::format("chain{} {}", chains_used.size() == 1 ? "" : "s", fmt::join(chains_used, ","));
  if (chains_used.size() < chains_in_file.size())
    chains += fmt::format(" of {}", fmt::join(chains_in_file, ","));
  if (identical_copies > 1) chains += fmt::format(" ({} identical copies)", identical_copies);
  lines.push_back(fmt::format("{}: {}, {} residues, pH {:g}", source, chains, with_thousands(residues), ph));
  std::string second = removed.empty() ? "" : fmt::format("removed {}; ", removed_text(*this));
  second += fmt::format("added {} H", with_thousands(hydrogens_added));
  if (!kept.empty()) second += fmt::format("; kept {}", fmt::join(kept, "; "));
  lines.push_back(second);
  std::string third;
  const auto count = [&](std::size_t n, const char* one, const char* many) {
    if (n > 0) third += fmt::format("{} {}; ", n, n == 1 ? one : many);
  };
  if (models > 1) third += fmt::format("first of {} models; ", models);
  count(missing_atoms.size(), "residue with missing atoms", "residues with missing atoms");
  count(chain_gaps.size(), "chain gap", "chain gaps");
  count(alternates.size(), "alternate location resolved", "alternate locations resolved");
  if (!third.empty()) lines.push_back(third.substr(0, third.size() - 2));
  return lines;
}

std::string PreparationReport::text() const {
  std::string text;
  for (const auto& line : summary()) text += line + "\n";
  append_list(text, "waters in the box", waters);
  if (!prepared) return text;
  text += fmt::format("heavy atoms {}, hydrogens added {}, hydrogens of the file dropped {}\n", heavy_atoms,
                      hydrogens_added, hydrogens_dropped);
  text += "partial charges are 0: the Vina and Vinardo functions use none\n";
  append_list(text, "warnings", warnings);
  append_list(text, "kept", kept);
  append_list(text, "modified residues", mapped);
  append_list(text, "alternate locations", alternates);
  append_list(text, "insertion codes", insertion_codes);
  append_list(text, "missing atoms", missing_atoms);
  append_list(text, "chain gaps, not filled", chain_gaps);
  append_list(text, "disulfides", disulfides);
  append_list(text, "histidines", histidines);
  append_list(text, "protonation", protonation);
  append_list(text, "termini", termini);
  return text;
}

}  // namespace theriac::chem
