// theriac bench redock --score-agreement: our reference score of crystal poses beside `vina --score_only`.
//
// Both read the same two PDBQT files: the receptor, and the crystal ligand with hydrogens added where it
// stands. Vina prints three decimals; agreement is a difference of at most 0.01 kcal/mol.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "chem/binding_box.hpp"
#include "chem/conformer.hpp"
#include "chem/error.hpp"
#include "chem/pdbqt.hpp"
#include "chem/receptor_file.hpp"
#include "chem/text_file.hpp"
#include "chem/torsion_tree.hpp"
#include "cli/bench_conditions.hpp"
#include "cli/bench_redock.hpp"
#include "cli/growing_table.hpp"
#include "cli/redock_input.hpp"
#include "cli/row_cells.hpp"
#include "cli/session.hpp"
#include "cli/text_table.hpp"
#include "cli/vina_program.hpp"
#include "datasets/run_folder.hpp"
#include "scoring/bootstrap.hpp"
#include "scoring/docking.hpp"

namespace theriac::cli {
namespace {

constexpr double agreement = 0.01;  // kcal/mol
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct AgreementRow {
  std::string id, status, message;
  int heavy_atoms = 0;
  double theriac = nan, vina = nan;              ///< reported affinity, kcal/mol
  double theriac_inter = nan, vina_inter = nan;  ///< ligand-receptor part, not divided

  double difference() const { return std::abs(theriac - vina); }
};

template <typename Row, typename Visit>
void visit_row(Row& row, Visit visit) {
  visit("pdbid", row.id);
  visit("status", row.status);
  visit("message", row.message);
  visit("heavy_atoms", row.heavy_atoms);
  visit("theriac_kcal_mol", row.theriac);
  visit("vina_kcal_mol", row.vina);
  visit("theriac_inter_kcal_mol", row.theriac_inter);
  visit("vina_inter_kcal_mol", row.vina_inter);
}

void score_both(const RedockComplex& complex, const VinaProgram& vina, const std::string& folder,
                AgreementRow& row) {
  make_folder(folder);
  const std::string receptor = receptor_for_redocking(complex, folder);
  const auto crystal = chem::with_hydrogens(read_one_molecule(complex.crystal));
  const LigandFile file(chem::flexible_ligand(crystal), folder + "/crystal.pdbqt");
  const auto ligand = chem::read_pdbqt_ligand(chem::read_text_file(file.path()), file.path());
  row.heavy_atoms = ligand.heavy_atom_count();
  std::vector<chem::Vector3> atoms;
  for (const auto& atom : ligand.atoms) atoms.push_back(atom.position);

  const scoring::DockingEngine engine(chem::read_pdbqt_receptor(receptor),
                                      chem::box_around(atoms, chem::default_box_margin, "crystal ligand"),
                                      {});
  const scoring::Pose pose = engine.score(ligand);
  row.theriac = pose.affinity;
  row.theriac_inter = pose.terms.inter;
  const VinaScore theirs = vina.score(receptor, file.path());
  row.vina = theirs.affinity;
  row.vina_inter = theirs.inter;
}

AgreementRow compared(const RedockComplex& complex, const VinaProgram& vina, const std::string& out) {
  AgreementRow row;
  row.id = complex.id;
  row.status = "ok";
  try {
    score_both(complex, vina, out + "/inputs/" + complex.id, row);
  } catch (const StorageError&) {
    throw;
  } catch (const std::exception& error) {
    row.status = "failed";
    row.message = error.what();
  }
  return row;
}

/// Figures about the differences, and the complexes beyond the limit.
std::vector<std::vector<std::string>> agreement_table(const std::vector<AgreementRow>& rows) {
  std::vector<double> differences;
  for (const auto& row : rows)
    if (row.status == "ok") differences.push_back(row.difference());
  const auto agreeing =
      std::count_if(differences.begin(), differences.end(), [](double d) { return d <= agreement; });
  return {
      {"difference of the scores", ""},
      {"complexes scored by both", fmt::format("{}", differences.size())},
      {fmt::format("within {:g} kcal/mol", agreement), fmt::format("{}", agreeing)},
      {"median absolute difference, kcal/mol", fmt::format("{:.5f}", scoring::median(differences))},
      {"largest absolute difference, kcal/mol", fmt::format("{:.5f}", scoring::quantile(differences, 1))}};
}

std::string exceptions_text(const std::vector<AgreementRow>& rows) {
  std::vector<std::vector<std::string>> table = {
      {"complex", "Theriac", "Vina", "ligand-receptor: Theriac", "Vina", "message"}};
  for (const auto& row : rows) {
    if (row.status == "ok" && row.difference() <= agreement) continue;
    table.push_back({row.id, fmt::format("{:.3f}", row.theriac), fmt::format("{:.3f}", row.vina),
                     fmt::format("{:.3f}", row.theriac_inter), fmt::format("{:.3f}", row.vina_inter),
                     row.message});
  }
  return table.size() == 1 ? "" : "\nExceptions, kcal/mol:\n\n" + markdown_table(table);
}

int report(const GrowingTable& table, const VinaProgram& vina, const std::string& out, Session& session) {
  std::vector<AgreementRow> rows;
  std::int64_t failed = 0;
  for (const auto& cells : table.rows()) {
    rows.push_back(row_of_cells<AgreementRow>([](auto& row, auto visit) { visit_row(row, visit); }, cells));
    failed += rows.back().status != "ok";
  }
  const auto figures = agreement_table(rows);
  chem::write_text_file(
      out + "/score_agreement.md",
      fmt::format(
          "# Crystal poses scored by Theriac and by Vina {}\n\n{}\nThe same PDBQT files on both sides; Vina "
          "with `--score_only --autobox`, which prints three decimals.\n{}",
          vina.version(), markdown_table(figures), exceptions_text(rows)));
  std::fputs(text_table({{figures[0][0]}, {"", true}}, {figures.begin() + 1, figures.end()}).c_str(), stdout);
  session.terminal().note(fmt::format("wrote {0}/score_agreement.csv, {0}/score_agreement.md", out));
  return session.exit_code({static_cast<std::int64_t>(rows.size()), failed});
}

}  // namespace

int bench_score_agreement(const RedockOptions& options, Session& session) {
  const VinaProgram vina;
  const auto complexes = read_redock_set(options.data, options.choice);
  const auto total = static_cast<std::int64_t>(complexes.size());
  session.terminal().note(
      fmt::format("scores    {} crystal poses of {}, beside vina {}", total, options.data, vina.version()));
  if (session.options.dry_run) return exit_done;
  Settings settings = bench_conditions(session).settings();
  settings.emplace_back("set", datasets::describe_input("set", options.data + "/index.csv").sha256);
  settings.emplace_back("vina", vina.version());
  make_folder(options.out);
  const auto visit = [](auto& row, auto visit_cell) { visit_row(row, visit_cell); };
  GrowingTable table(options.out + "/score_agreement.csv", column_names(visit, AgreementRow{}), 1, settings,
                     session.options.overwrite);
  const auto progress = session.progress({"score", "complex", total, 0, 0, 0, ""});
  std::int64_t done = 0, failed = 0;
  for (const auto& complex : complexes) {
    if (session.stop().stop_requested()) break;
    if (!table.contains({complex.id})) {
      const AgreementRow row = compared(complex, vina, options.out);
      table.append({row_cells(visit, row)});
      failed += row.status != "ok";
      if (row.status != "ok")
        session.terminal().warn("complexes that failed", fmt::format("{}: {}", row.id, row.message));
    }
    progress->update(++done, failed);
  }
  progress->finish();
  return report(table, vina, options.out, session);
}

}  // namespace theriac::cli
