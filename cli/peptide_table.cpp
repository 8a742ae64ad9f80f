#include "cli/peptide_table.hpp"

#include <cmath>

namespace theriac::cli {
namespace {

using datasets::Cell;
using datasets::Column;
using datasets::ColumnType;
using datasets::real_column;
using datasets::text_column;

Column count_column(const char* name, const char* description) {
  return {name, ColumnType::int64, "", description, -1, {}};
}

Cell real(double value) {
  return std::isnan(value) ? Cell{} : Cell{value};
}

}  // namespace

std::vector<Column> peptide_columns(const scoring::PeptideClasses& classes) {
  std::vector<Column> columns = {
      text_column("target", "name of the target in the FASTA file"),
      count_column("rank", "1 is the best of the target"),
      text_column("name", "target and rank"),
      text_column("peptide", "residues, N to C terminus"),
      count_column("length", "residues"),
      text_column("origin", "drawn, start, or improved"),
      real_column("score", "nat/residue", "specificity minus the cost of the warnings; higher is better", 4),
      real_column(
          "specificity", "nat/residue",
          "log likelihood behind the target minus the mean of the next two; above 0 the peptide is likelier "
          "with its target; higher is better",
          4),
      real_column("log_likelihood", "nat/residue", "mean log probability of the residues behind the target",
                  4),
      real_column("log_likelihood_shuffled", "nat/residue", "the same behind shuffled copies of the target",
                  4),
      real_column("log_likelihood_others", "nat/residue", "the same behind other proteins", 4),
      real_column("perplexity", "", "exp(-log_likelihood); 20 is chance", 3),
      count_column("warnings",
                   "liabilities, aggregating stretches, rules of synthesis, harmful classes; lower is "
                   "better"),
      real_column("mass_dalton", "Da", "average mass, free ends", 2),
      real_column("charge_ph7_4", "e", "net charge at pH 7.4 (Bjellqvist)", 2),
      real_column("isoelectric_point", "pH", "pH without net charge", 2),
      real_column("gravy", "", "mean Kyte-Doolittle hydropathy", 3),
      real_column("aliphatic_index", "", "relative volume of aliphatic side chains", 1),
      real_column("instability_index", "", "above 40 unstable, by a rule for globular proteins", 1),
      real_column("boman_index_kcal_mol", "kcal/mol", "above 2.48 likely to bind other proteins", 2),
      real_column("helix_moment", "", "Eisenberg's hydrophobic moment of a helix", 3),
      real_column("absorption_280_per_m_cm", "1/(M cm)", "molar absorption at 280 nm", 0),
      count_column("aggregating_residues", "residues in AGGRESCAN hot spots; lower is better"),
      text_column("liabilities", "what may react, with position"),
      text_column("protease_sites", "bonds that proteases cut, after that position"),
      text_column("synthesis_difficulties", "rules against solid-phase synthesis, with position")};
  for (const auto& c : classes.classes()) {
    columns.push_back(real_column(c.name, "", "probability: " + c.meaning, 3));
    columns.push_back(
        text_column(c.name + "_domain", "in, edge or out: how usual the peptide is for that model"));
  }
  columns.push_back(text_column("smiles", "the molecule, for theriac dock"));
  columns.push_back(text_column("message", "why there is no molecule"));
  return columns;
}

datasets::Row peptide_cells(const PeptideRow& row, int rank) {
  const auto& d = row.developability;
  datasets::Row cells = {row.target,
                         std::int64_t{rank},
                         row.target + "_" + std::to_string(rank),
                         row.peptide,
                         static_cast<std::int64_t>(row.peptide.size()),
                         row.origin,
                         real(row.score),
                         real(row.specificity.value()),
                         real(row.specificity.target),
                         real(row.specificity.shuffled),
                         real(row.specificity.others),
                         real(std::exp(-row.specificity.target)),
                         std::int64_t{d.warnings},
                         real(d.mass),
                         real(d.charge),
                         real(d.isoelectric_point),
                         real(d.gravy),
                         real(d.aliphatic_index),
                         real(d.instability),
                         real(d.boman),
                         real(d.helix_moment),
                         real(d.absorption_280),
                         std::int64_t{d.aggregating_residues},
                         d.liabilities,
                         d.protease_sites,
                         d.synthesis};
  for (const auto& c : d.classes) {
    cells.push_back(real(c.probability));
    cells.push_back(std::string(scoring::to_text(c.domain)));
  }
  cells.push_back(row.smiles);
  cells.push_back(row.message);
  return cells;
}

}  // namespace theriac::cli
