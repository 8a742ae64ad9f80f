// theriac prepare: a clean, protonated receptor and its crystal ligand; or ligands made ready for docking.
#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "chem/conformer.hpp"
#include "chem/crystal_ligand.hpp"
#include "chem/error.hpp"
#include "chem/pose_file.hpp"
#include "chem/receptor_file.hpp"
#include "chem/torsion_tree.hpp"
#include "cli/command.hpp"
#include "cli/docking_site.hpp"
#include "cli/ligand_input.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/gzip.hpp"
#include "scoring/prepared_ligand.hpp"

namespace theriac::cli {
namespace {

struct PrepareOptions {
  ReceptorOptions receptor;
  LigandInputOptions ligands;
  std::string out, split_ligand;
  bool as_drawn = false, report = false;
};

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() > end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

void write_new_file(const std::string& path, const std::string& text, Session& session) {
  if (!session.options.overwrite && std::filesystem::exists(path))
    throw UsageError(fmt::format("'{}' exists", path), "use --overwrite or another -o");
  if (session.options.dry_run) return session.terminal().note(fmt::format("plan      would write {}", path));
  datasets::DurableFile out(path);
  out.write(ends_with(path, ".gz") ? datasets::gzip(text) : text);
  out.publish();
  session.terminal().note(fmt::format("wrote     {}", path));
}

int split_ligand(const PrepareOptions& options, Session& session) {
  const auto structure = chem::read_structure(options.receptor.receptor);
  const auto ligand =
      chem::find_crystal_ligand(structure, chem::parse_residue_selection(options.split_ligand));
  const auto molecule = chem::with_hydrogens(chem::crystal_ligand_molecule(ligand));
  const auto flexible = chem::flexible_ligand(molecule);
  write_new_file(options.out, chem::sdf_record(molecule, flexible, molecule.coordinates()), session);
  session.terminal().note(fmt::format("ligand    {}: {}", ligand.text(), molecule.smiles()));
  return print_result(session, "prepare",
                      {{"ligand", ligand.text()}, {"smiles", molecule.smiles()}, {"out", options.out}},
                      exit_done);
}

int prepare_receptor(const PrepareOptions& options, Session& session) {
  require_file(options.receptor.receptor, "receptor", "--receptor");
  if (!options.split_ligand.empty()) return split_ligand(options, session);
  const auto prepared = chem::read_receptor(options.receptor.receptor, preparation_options(options.receptor));
  for (const auto& line : prepared.report.summary()) session.terminal().note("receptor  " + line);
  const bool pdbqt = ends_with(options.out, ".pdbqt") || ends_with(options.out, ".pdbqt.gz");
  write_new_file(options.out,
                 pdbqt ? chem::receptor_pdbqt(prepared.receptor) : chem::receptor_pdb(prepared.receptor),
                 session);
  if (options.report && !session.options.json) std::fputs(prepared.report.text().c_str(), stdout);
  nlohmann::ordered_json facts = {
      {"receptor", options.receptor.receptor}, {"summary", prepared.report.summary()}, {"out", options.out}};
  if (options.report) facts["report"] = prepared.report.text();
  return print_result(session, "prepare", facts, exit_done);
}

/// One record as SDF, or empty with the reason shown.
std::string prepared_sdf(const chem::RawRecord& raw, const scoring::LigandOptions& options,
                         Session& session) {
  try {
    const auto record = chem::parse(raw);
    const auto identity = scoring::ligand_identity(record, options);
    const auto ligand = scoring::prepared_ligand(record, identity, options);
    if (!ligand.molecule) throw MoleculeError("PDBQT is ready as it is");
    auto molecule = *ligand.molecule;
    molecule.set_name(record.name);
    return chem::sdf_record(molecule, ligand.flexible, molecule.coordinates(),
                            {{"smiles", identity.smiles}, {"inchikey", identity.inchikey}});
  } catch (const MoleculeError& error) {
    session.terminal().warn("records that failed", fmt::format("{}: {}", raw.name, error.what()));
    return {};
  }
}

int prepare_ligands(const PrepareOptions& options, Session& session) {
  scoring::LigandOptions ligand;
  ligand.ph = options.receptor.ph;
  ligand.as_drawn = options.as_drawn;
  ligand.seed = session.seed();
  const LigandInput input(options.ligands);
  auto reader = input.open();
  std::string text;
  RecordCounts counts;
  while (auto raw = reader.next_raw()) {
    if (session.stop().stop_requested()) break;
    const std::string record = prepared_sdf(*raw, ligand, session);
    ++counts.total;
    counts.failed += record.empty();
    text += record;
  }
  if (counts.failed == counts.total)
    throw InputError(fmt::format("no usable molecule among {} records", counts.total));
  write_new_file(options.out, text, session);
  session.terminal().note(
      fmt::format("prepared  {} of {} ligands", counts.total - counts.failed, counts.total));
  const int code = session.exit_code(
      counts,
      fmt::format("'{}' holds the first {} records; --overwrite starts over", options.out, counts.total));
  return print_result(session, "prepare",
                      {{"records", counts.total}, {"failed", counts.failed}, {"out", options.out}}, code);
}

int prepare(const PrepareOptions& options, Session& session) {
  const bool ligands = !options.ligands.inputs.empty() || !options.ligands.smiles.empty();
  if (ligands == !options.receptor.receptor.empty())
    throw UsageError("prepare what?",
                     "give a receptor with --receptor, or ligands with --ligand or --smiles");
  if (options.out.empty())
    throw UsageError("where should it go?", ligands ? "-o ligands.sdf" : "-o receptor.pdb or receptor.pdbqt");
  return ligands ? prepare_ligands(options, session) : prepare_receptor(options, session);
}

}  // namespace

Command prepare_command() {
  Command command;
  command.name = "prepare";
  command.group = "Molecules and receptors";
  command.summary = "clean a PDB/mmCIF receptor; standardise, protonate and embed ligands";
  command.examples = {"theriac prepare -r 1iep.pdb -o receptor.pdbqt --report",
                      "theriac prepare -r 1iep.pdb --split-ligand STI -o STI.sdf",
                      "theriac prepare -l ligands.smi -o ligands.sdf.gz"};
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto options = std::make_shared<PrepareOptions>();
    const char* group = "Input and output";
    app.add_option("-r,--receptor", options->receptor.receptor, "receptor: PDB or mmCIF, plain or .gz")
        ->type_name("FILE")
        ->group(group);
    app.add_option("-l,--ligand", options->ligands.inputs,
                   "ligands: any molecule file, folders, globs, or - for stdin")
        ->type_name("FILE")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->group(group);
    app.add_option("-o,--out", options->out, "receptor: .pdb or .pdbqt; ligands: .sdf or .sdf.gz")
        ->type_name("FILE")
        ->group(group);
    app.add_option("--split-ligand", options->split_ligand,
                   "write this ligand of the receptor file as SDF instead")
        ->type_name("RES[:CHAIN[:NUM]]")
        ->group(group);
    app.add_flag("--report", options->report, "print every choice made for the receptor")->group(group);
    add_receptor_options(app, options->receptor);
    add_ligand_options(app, options->ligands);
    app.add_flag("--as_drawn", options->as_drawn, "ligands: keep salts and the drawn protonation")
        ->group("Ligands");
    add_run_options(app, session);
    add_output_options(app, session);
    return [options, &session] { return prepare(*options, session); };
  };
  return command;
}

}  // namespace theriac::cli
