#include "cli/docking_site.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "chem/amino_acid.hpp"
#include "chem/binding_box.hpp"
#include "chem/crystal_ligand.hpp"
#include "chem/error.hpp"
#include "chem/flexible_residue.hpp"
#include "chem/nearest_name.hpp"
#include "chem/pocket.hpp"
#include "chem/record_reader.hpp"
#include "cli/argument_list.hpp"

namespace theriac::cli {
namespace {

constexpr const char* four_ways =
    "give one of\n"
    "    --autobox_ligand lig.sdf | --autobox_ligand STI      box round a known ligand\n"
    "    --autobox_residues A:315,A:318,A:381                 box round residues\n"
    "    --center_x ... --size_x ...                          as in Vina\n"
    "    --autobox pocket | whole                             let Theriac choose";

bool any_number(const BoxOptions& b) {
  return b.center_x || b.center_y || b.center_z || b.size_x || b.size_y || b.size_z;
}

/// The box named by numbers; all six are needed.
chem::Box numbered_box(const BoxOptions& b) {
  std::string missing;
  const auto need = [&](const std::optional<double>& value, const char* name) {
    if (!value) missing += fmt::format("{}--{}", missing.empty() ? "" : ", ", name);
    return value.value_or(0.0);
  };
  const chem::Vector3 center{need(b.center_x, "center_x"), need(b.center_y, "center_y"),
                             need(b.center_z, "center_z")};
  const chem::Vector3 size{need(b.size_x, "size_x"), need(b.size_y, "size_y"), need(b.size_z, "size_z")};
  if (!missing.empty())
    throw UsageError(fmt::format("the search box is not complete: {} missing", missing), four_ways);
  return chem::box_from_numbers(center, size);
}

void require_one_box(const BoxOptions& b) {
  const int ways =
      any_number(b) + !b.autobox_ligand.empty() + !b.autobox_residues.empty() + !b.autobox.empty();
  if (ways > 1) throw UsageError("more than one search box is given", four_ways);
  if (!b.autobox.empty() && b.autobox != "whole" && b.autobox != "pocket")
    throw UsageError(fmt::format("--autobox is '{}'", b.autobox), "one of pocket, whole");
}

bool names_a_file(const std::string& text) {
  return std::filesystem::is_regular_file(text) || text.find('.') != std::string::npos ||
         text.find('/') != std::string::npos;
}

/// The first molecule of a ligand file, if it reads as one with coordinates: then poses are measured against
/// it.
std::optional<chem::Molecule> reference_in(const std::string& path) {
  try {
    const auto record = chem::RecordReader({path}).next();
    if (record && record->good() && record->molecule && record->molecule->has_3d()) return record->molecule;
  } catch (const Error&) {  // it gives a box all the same
  }
  return {};
}

std::optional<chem::Molecule> reference_of(const chem::CrystalLigand& ligand) {
  try {
    return chem::crystal_ligand_molecule(ligand);
  } catch (const Error&) {  // no sensible valences: it gives a box all the same
    return {};
  }
}

chem::WaterRule water_rule(const std::string& text, double& distance) {
  if (text == "none") return chem::WaterRule::none;
  if (text == "all") return chem::WaterRule::all;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), distance);
  if (error != std::errc() || end != text.data() + text.size() || !(distance > 0))
    throw UsageError(fmt::format("--keep-waters is '{}'", text), "none, all, or a distance in angstrom");
  return chem::WaterRule::near_site;
}

/// The box that needs nothing but the structure file; sets the reference and what is taken out.
std::optional<chem::Box> box_before_preparation(const BoxOptions& options, const chem::Structure& structure,
                                                chem::PreparationOptions& preparation, DockingSite& site) {
  if (any_number(options)) return numbered_box(options);
  if (options.autobox_ligand.empty()) return {};
  if (names_a_file(options.autobox_ligand)) {
    require_file(options.autobox_ligand, "ligand", "--autobox_ligand");
    site.inputs.push_back(datasets::describe_input("box", options.autobox_ligand));
    site.reference = reference_in(options.autobox_ligand);
    return chem::box_from_ligand_file(options.autobox_ligand, options.autobox_add);
  }
  const auto selection = chem::parse_residue_selection(options.autobox_ligand);
  const auto ligand = chem::find_crystal_ligand(structure, selection);
  preparation.take_out.push_back(selection);
  site.reference = reference_of(ligand);
  site.notices.push_back(fmt::format("ligand {} taken out and used for the box", ligand.text()));
  return chem::box_from_crystal_ligand(structure, options.autobox_ligand, options.autobox_add);
}

chem::Box box_after_preparation(const BoxOptions& options, const chem::Receptor& receptor,
                                DockingSite& site) {
  if (!options.autobox_residues.empty())
    return chem::box_from_residues(receptor, options.autobox_residues, options.autobox_add);
  if (options.autobox == "whole") return chem::box_around_protein(receptor, options.autobox_add);
  if (options.autobox.empty())
    site.notices.push_back(
        "no search box was given: the largest pocket is used; a geometric guess, check box.pdb");
  return chem::box_from_pocket(receptor);
}

void add_flexible_residues(const ReceptorOptions& options, DockingSite& site) {
  if (!options.flexres.empty() && !options.flex.empty())
    throw UsageError("both --flexres and --flex are given", "use one of them");
  if (!options.flexres.empty()) chem::make_flexible(site.receptor, chem::parse_residue_list(options.flexres));
  if (options.flex.empty()) return;
  require_file(options.flex, "flexible side chains", "--flex");
  site.inputs.push_back(datasets::describe_input("flex", options.flex));
  for (auto& residue : chem::read_flexible_residues(options.flex))
    site.receptor.flexible_residues.push_back(std::move(residue));
}

chem::Receptor with_flexible_residues(const ReceptorOptions& options, chem::Receptor receptor) {
  DockingSite site;
  site.receptor = std::move(receptor);
  add_flexible_residues(options, site);
  return std::move(site.receptor);
}

void require_one_water_rule(const ReceptorOptions& options) {
  if (!options.waters.empty() && options.keep_waters != "none")
    throw UsageError("both --waters and --keep-waters are given",
                     "--waters keeps ordered waters of the box, --keep-waters all or those near it");
}

int water_count(const chem::Receptor& receptor) {
  int count = 0;
  for (const auto& atom : receptor.atoms) count += atom.element == 8 && chem::is_water(atom.residue_name);
  return count;
}

/// A PDBQT is taken as it is: waters and all.
void tell_of_waters(DockingSite& site) {
  if (const int waters = water_count(site.receptor))
    site.notices.push_back(fmt::format(
        "{} waters of the PDBQT stay; --waters strip takes them out, keep the ordered ones", waters));
}

/// Without a hydrogen beside it a water's oxygen accepts but cannot donate.
void warn_of_bare_waters(DockingSite& site) {
  for (const auto& water : site.waters) {
    const bool has_hydrogen = std::any_of(
        site.receptor.atoms.begin(), site.receptor.atoms.end(),
        [&](const chem::ReceptorAtom& atom) { return atom.element == 1 && atom.residue == water.residue; });
    if (!has_hydrogen)
      site.warnings.push_back(fmt::format(
          "{} has no hydrogens in the PDBQT: it accepts hydrogen bonds but donates none", water.label()));
  }
}

/// Prepares again with the ordered waters of the box, or takes the others out of a PDBQT.
void keep_ordered_waters(const ReceptorOptions& options, const chem::Structure& structure,
                         chem::PreparationOptions preparation, DockingSite& site) {
  std::vector<chem::ResidueId> kept;
  std::vector<std::string> labels, lines;
  for (auto& water : chem::site_waters(structure, site.box, preparation.chains, preparation.take_out)) {
    lines.push_back(water.text());
    if (!water.ordered) continue;
    kept.push_back(water.residue);
    labels.push_back(water.label());
    site.waters.push_back(std::move(water));
  }
  const bool prepared = site.report.prepared;
  chem::Receptor dry = prepared ? site.receptor : chem::with_waters(site.receptor, {});
  if (prepared) {
    preparation.waters = chem::WaterRule::listed;
    preparation.listed_waters = kept;
    preparation.site = site.box;
    auto again = chem::prepare_receptor(structure, preparation);
    site.receptor = std::move(again.receptor);
    site.report = std::move(again.report);
  } else {
    site.receptor = chem::with_waters(site.receptor, kept);
    warn_of_bare_waters(site);
  }
  site.report.waters = lines;
  site.notices.push_back(fmt::format("waters    {} of {} in the box are ordered{}{}", kept.size(),
                                     lines.size(), kept.empty() ? "" : ": ", fmt::join(labels, " ")));
  if (options.waters == "toggle" && !kept.empty())
    site.without_waters = with_flexible_residues(options, std::move(dry));
}

}  // namespace

void add_water_option(CLI::App& app, ReceptorOptions& options) {
  app.add_option(
         "--waters", options.waters,
         "ordered waters of the box: strip; keep as part of the receptor; toggle: dock with and without "
         "them and keep the better answer. Without it a prepared receptor has none and a PDBQT its own")
      ->check(CLI::IsMember({"strip", "keep", "toggle"}))
      ->type_name("strip|keep|toggle")
      ->group("Receptor");
}

bool keeps_waters(const ReceptorOptions& options) {
  return options.waters == "keep" || options.waters == "toggle";
}

void add_flexible_options(CLI::App& app, ReceptorOptions& options) {
  app.add_option("--flexres", options.flexres, "residues whose side chains move, e.g. A:315,A:381")
      ->type_name("LIST")
      ->group("Receptor");
  app.add_option("--flex", options.flex, "flexible side chains as PDBQT, beside a rigid receptor in PDBQT")
      ->type_name("FILE")
      ->group("Receptor");
}

void add_receptor_options(CLI::App& app, ReceptorOptions& options) {
  const char* group = "Receptor";
  app.add_option("--chains", options.chains, "protein chains to use, e.g. A,B; all by default")
      ->type_name("A,B")
      ->group(group);
  app.add_option("--keep-het", options.keep_het,
                 "residues that stay; by default metals and cofactors near the site")
      ->type_name("ZN,HEM")
      ->group(group);
  app.add_option("--keep-waters", options.keep_waters,
                 "waters that stay: none, all, or those within DIST angstrom of the site")
      ->type_name("none|all|DIST")
      ->capture_default_str()
      ->group(group);
  app.add_option("--altloc", options.altloc, "alternate location to prefer; best = the best occupied")
      ->type_name("best|A")
      ->capture_default_str()
      ->group(group);
  app.add_option("--ph", options.ph, "pH of receptor and ligands")
      ->check(CLI::Range(0.0, 14.0))
      ->type_name("PH")
      ->capture_default_str()
      ->group(group);
  app.add_option("--his", options.his, "protonation states by hand, e.g. A:41=HIE,A:163=HIP")
      ->type_name("LIST")
      ->group(group);
  app.add_option("--fill-sidechains", options.fill_sidechains, "rebuild missing side-chain atoms")
      ->check(CLI::IsMember({"yes", "no"}))
      ->type_name("yes|no")
      ->capture_default_str()
      ->group(group);
}

void add_box_options(CLI::App& app, BoxOptions& b) {
  const char* group = "Search box";
  const auto number = [&](const char* name, std::optional<double>& value, const char* text) {
    app.add_option(name, value, text)->type_name("A")->group(group);
  };
  number("--center_x", b.center_x, "centre of the box, angstrom");
  number("--center_y", b.center_y, "");
  number("--center_z", b.center_z, "");
  number("--size_x", b.size_x, "full edge lengths of the box, angstrom");
  number("--size_y", b.size_y, "");
  number("--size_z", b.size_z, "");
  app.add_option("--autobox_ligand", b.autobox_ligand,
                 "box round a ligand: a file, or a residue of the receptor file, which is then taken out")
      ->type_name("FILE|RES[:CHAIN[:NUM]]")
      ->group(group);
  app.add_option("--autobox_residues", b.autobox_residues, "box round residues, e.g. A:315,A:381")
      ->type_name("LIST")
      ->group(group);
  app.add_option("--autobox", b.autobox,
                 "box round the largest pocket (used if no box is given) or the whole protein")
      ->type_name("pocket|whole")
      ->group(group);
  app.add_option("--autobox_add", b.autobox_add, "angstrom added on all six sides of an automatic box")
      ->check(CLI::Range(0.0, 60.0))
      ->type_name("A")
      ->capture_default_str()
      ->group(group);
  app.add_option("--box-check", b.box_check, "warn when much of the box is empty")
      ->check(CLI::IsMember({"on", "off"}))
      ->type_name("on|off")
      ->capture_default_str()
      ->group(group);
}

void require_file(const std::string& path, const std::string& what, const std::string& flag) {
  if (std::filesystem::is_regular_file(path)) return;
  const std::string near = chem::nearest_file(path);
  throw InputError(fmt::format("{} file not found: '{}' ({})", what, path, flag),
                   near.empty() ? "" : fmt::format("did you mean '{}'?", near));
}

chem::PreparationOptions preparation_options(const ReceptorOptions& options) {
  chem::PreparationOptions result;
  result.chains = split_list(options.chains);
  if (!options.keep_het.empty()) result.keep_het = split_list(options.keep_het);
  result.waters = water_rule(options.keep_waters, result.water_distance);
  if (options.altloc != "best") {
    if (options.altloc.size() != 1)
      throw UsageError(fmt::format("--altloc is '{}'", options.altloc), "one letter, or best");
    result.alternate = options.altloc[0];
  }
  result.ph = options.ph;
  if (!options.his.empty()) result.states = chem::parse_residue_states(options.his);
  result.fill_side_chains = options.fill_sidechains == "yes";
  return result;
}

DockingSite docking_site(const ReceptorOptions& receptor, const BoxOptions& box) {
  if (receptor.receptor.empty())
    throw UsageError("no receptor", "give a PDB, mmCIF or PDBQT file with --receptor");
  require_one_box(box);
  require_one_water_rule(receptor);
  require_file(receptor.receptor, "receptor", "--receptor");
  DockingSite site;
  site.inputs.push_back(datasets::describe_input("receptor", receptor.receptor));
  auto preparation = preparation_options(receptor);
  const chem::Structure structure = chem::read_structure(receptor.receptor);
  const auto early = box_before_preparation(box, structure, preparation, site);
  preparation.site = early;
  auto prepared = chem::read_receptor(receptor.receptor, preparation);
  site.receptor = std::move(prepared.receptor);
  site.report = std::move(prepared.report);
  site.box = early ? *early : box_after_preparation(box, site.receptor, site);
  if (receptor.waters == "strip") site.receptor = chem::with_waters(site.receptor, {});
  if (receptor.waters.empty() && !site.report.prepared) tell_of_waters(site);
  if (keeps_waters(receptor)) keep_ordered_waters(receptor, structure, preparation, site);
  if (box.box_check != "off")
    for (auto& warning : chem::check_box(site.box, site.receptor,
                                         "--autobox_ligand FILE or RES puts the box round a known ligand"))
      site.warnings.push_back(std::move(warning));
  add_flexible_residues(receptor, site);
  return site;
}

}  // namespace theriac::cli
