#include "cli/library_likeness.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <numeric>

#include "chem/standardise.hpp"
#include "cli/repurpose_answer.hpp"
#include "cli/text_table.hpp"
#include "datasets/results_table.hpp"

namespace theriac::cli {
namespace {

using datasets::Column;
using datasets::ColumnType;
using datasets::EntityKind;
using datasets::LinkKind;
using datasets::Store;

constexpr std::size_t records_per_block = 2048;

/// Direction of effect of a ligand on a target, 0 when not on record.
int direction_on(const Store& store, std::uint32_t drug, std::uint32_t target) {
  const auto& binds = store.links(LinkKind::binds);
  for (auto row = binds.from_offsets[drug]; row < binds.from_offsets[drug + 1]; ++row)
    if (binds.to[row] == target && binds.direction[row] != 0) return binds.direction[row];
  return 0;
}

LikenessRow compared(const Store& store, const repurpose::LigandEnsembles& ensembles,
                     const std::vector<std::uint32_t>& targets, const chem::RawRecord& raw) {
  LikenessRow row;
  row.record = raw.index + 1;
  row.name = raw.name;
  const chem::Record record = chem::parse(raw);
  if (!record.good() || !record.molecule) {
    row.message = record.good() ? "it has no molecule" : record.message;
    return row;
  }
  try {
    const auto parent = chem::standardised(*record.molecule);
    row.smiles = parent.smiles();
    const auto found = ensembles.targets_of(chem::morgan_fingerprint(parent), targets);
    if (!found.empty()) row.best = found.front();
    if (row.best.nearest_similarity > 0)
      row.drug_direction = direction_on(store, row.best.nearest, row.best.target);
  } catch (const Error& error) {
    row.message = error.what();
  }
  return row;
}

using datasets::real_column;
using datasets::text_column;

Column whole_column(const char* name, const char* description) {
  return {name, ColumnType::int64, "", description, -1, {}};
}

}  // namespace

std::vector<LikenessRow> compare_library(const Store& store, const repurpose::LigandEnsembles& ensembles,
                                         const std::vector<std::uint32_t>& targets,
                                         chem::RecordReader& reader, chem::StopToken stop) {
  std::vector<LikenessRow> rows;
  std::vector<chem::RawRecord> block;
  bool more = true;
  while (more && !stop.stop_requested()) {
    block.clear();
    while (more && block.size() < records_per_block) {
      auto raw = reader.next_raw();
      more = raw.has_value();
      if (more) block.push_back(std::move(*raw));
    }
    const std::size_t first = rows.size();
    rows.resize(first + block.size());
    tbb::parallel_for(std::size_t{0}, block.size(), [&](std::size_t i) {
      rows[first + i] = compared(store, ensembles, targets, block[i]);
    });
  }
  return rows;
}

std::string likeness_text(const Store& store, const std::vector<LikenessRow>& rows, std::size_t top) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].message.empty() && rows[i].best.ligands > 0) order.push_back(i);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return rows[a].best.e < rows[b].best.e; });
  std::vector<std::vector<std::string>> cells;
  for (const auto i : order) {
    if (top > 0 && cells.size() == top) break;
    const auto& best = rows[i].best;
    cells.push_back({std::to_string(rows[i].record), rows[i].name,
                     entity_name(store, EntityKind::target, best.target), fmt::format("{:.2g}", best.e),
                     entity_name(store, EntityKind::drug, best.nearest),
                     fmt::format("{:.2f}", best.nearest_similarity), std::to_string(best.ligands)});
  }
  const auto failed =
      std::count_if(rows.begin(), rows.end(), [](const auto& row) { return !row.message.empty(); });
  return text_table({{"record", true},
                     {"name"},
                     {"gene"},
                     {"E", true},
                     {"nearest ligand"},
                     {"Tanimoto", true},
                     {"ligands", true}},
                    cells) +
         fmt::format(
             "\n{} molecules compared, {} could not be; E is how many of the store's targets would be as "
             "alike by chance\n",
             rows.size() - static_cast<std::size_t>(failed), failed);
}

void write_likeness(const Store& store, const std::vector<LikenessRow>& rows, const std::string& path) {
  datasets::CsvTable table(
      path, {whole_column("record", "place in the input, from 1"), text_column("name", "as in the input"),
             text_column("smiles", "neutral parent"), text_column("status", "ok or failed"),
             text_column("message", "why it failed"), text_column("gene", "whose ligands it resembles most"),
             real_column("e_value", "", "targets as alike by chance; lower is better"),
             real_column("p_value", "", "extreme-value law"), whole_column("ligands", "compared with"),
             text_column("nearest_ligand", "drug"), real_column("tanimoto", "", "to it, 0 to 1"),
             whole_column("direction", "of that drug on the gene")});
  for (const auto& row : rows) {
    const auto& best = row.best;
    const bool compared = row.message.empty() && best.ligands > 0;
    datasets::Row cells = {row.record, row.name, row.smiles,
                           std::string(row.message.empty() ? "ok" : "failed"), row.message};
    if (compared)
      cells.insert(cells.end(), {entity_name(store, EntityKind::target, best.target), best.e, best.p,
                                 static_cast<std::int64_t>(best.ligands),
                                 entity_name(store, EntityKind::drug, best.nearest), best.nearest_similarity,
                                 static_cast<std::int64_t>(row.drug_direction)});
    else
      cells.resize(12);
    table.append(cells);
  }
  table.publish();
}

}  // namespace theriac::cli
