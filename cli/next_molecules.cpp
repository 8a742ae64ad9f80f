#include "cli/next_molecules.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <cmath>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "chem/standardise.hpp"
#include "cli/record_blocks.hpp"
#include "cli/session.hpp"
#include "cli/table_reader.hpp"
#include "datasets/results_table.hpp"
#include "scoring/docking_columns.hpp"

namespace theriac::cli {
namespace {

/// The parent of a SMILES as models know it; empty when it cannot be read.
std::string parent_smiles(const chem::RawRecord& raw) {
  try {
    const auto record = chem::parse(raw);
    return record.good() && record.molecule ? chem::standardised(*record.molecule).smiles() : std::string();
  } catch (const std::exception&) {
    return {};
  }
}

std::string parent_smiles(const std::string& smiles) {
  chem::RawRecord raw;
  raw.text = smiles;
  return parent_smiles(raw);
}

}  // namespace

scoring::FeatureList DockedMolecules::features() const {
  scoring::FeatureList features;
  for (std::size_t i = 0; i < library.size(); ++i) features.push_back(&library[i].features);
  return features;
}

DockedMolecules docked_molecules(const std::vector<std::string>& tables, const std::string& column) {
  std::vector<std::string> smiles;
  std::vector<float> scores;
  for (const auto& path : tables) {
    const TableReader table(path);
    for (std::size_t row = 0; row < table.size(); ++row) {
      if (table.text(row, "status") != "ok") continue;
      smiles.push_back(table.text(row, "smiles"));
      scores.push_back(static_cast<float>(table.number(row, column)));
    }
  }
  tbb::parallel_for(std::size_t{0}, smiles.size(),
                    [&](std::size_t i) { smiles[i] = parent_smiles(smiles[i]); });
  DockedMolecules docked;
  const auto places = docked.library.add(smiles);
  docked.scores.assign(docked.library.size(), std::nanf(""));
  for (std::size_t i = 0; i < places.size(); ++i)
    if (places[i] != scoring::MoleculeLibrary::unknown && std::isnan(docked.scores[places[i]]))
      docked.scores[places[i]] = scores[i];
  if (docked.library.size() < 50)
    throw InputError(fmt::format("{} docked molecules are too few to learn from", docked.library.size()),
                     "dock a random sample of the library first: some thousand molecules");
  return docked;
}

NextMolecules::NextMolecules(const DockedMolecules& docked, std::size_t most, int trees, std::uint64_t seed)
    : most_(most), seed_(seed) {
  model_.emplace(docked.features(), docked.scores, trees, seed);
  for (std::size_t i = 0; i < docked.library.size(); ++i) known_.insert(docked.library[i].smiles);
}

NextMolecules::NextMolecules(std::size_t most, std::uint64_t seed) : most_(most), seed_(seed) {}

std::vector<float> NextMolecules::lots(const std::vector<std::string>& parents) const {
  std::vector<float> lots;
  for (const auto& parent : parents)
    lots.push_back(static_cast<float>(chem::CounterRandom(seed_, parent, "first round").uniform()));
  return lots;
}

void NextMolecules::take(const std::vector<chem::RawRecord>& block) {
  std::vector<std::string> parents(block.size());
  std::vector<chem::MolecularFeatures> features(block.size());
  tbb::parallel_for(std::size_t{0}, block.size(), [&](std::size_t i) {
    parents[i] = parent_smiles(block[i]);
    if (model_ && !parents[i].empty() && !known_.count(parents[i]))
      features[i] = chem::molecular_features(chem::Molecule::from_smiles(parents[i]));
  });
  std::vector<std::string> asked;
  scoring::FeatureList asked_features;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < block.size(); ++i) {
    if (parents[i].empty()) ++unreadable_;
    if (parents[i].empty() || known_.count(parents[i])) continue;
    asked.push_back(parents[i]);
    asked_features.push_back(&features[i]);
    places.push_back(i);
  }
  const auto scores = model_ ? model_->predict(asked_features) : lots(asked);
  for (std::size_t k = 0; k < places.size(); ++k) {
    const auto& raw = block[places[k]];
    NextMolecule candidate{scores[k], raw.index, asked[k], raw.name};
    if (best_.size() == most_ && !(candidate < *best_.rbegin())) continue;
    if (!taken_.insert(candidate.smiles).second) continue;  // a duplicate
    best_.insert(std::move(candidate));
    if (best_.size() <= most_) continue;
    taken_.erase(best_.rbegin()->smiles);
    best_.erase(std::prev(best_.end()));
  }
}

std::int64_t NextMolecules::take_all(const LigandInput& library, Session& session) {
  auto reader = library.open();
  auto progress = session.progress({"rank", "mol", 0, 0, 0, 0, ""});
  const auto blocks = record_blocks(reader, *progress, session);
  for (auto block = blocks(); !block.empty(); block = blocks()) take(block);
  progress->finish();
  return reader.records_read();
}

void NextMolecules::write(const std::string& path) const {
  std::vector<datasets::Column> columns = {scoring::text_column("smiles", "parent structure"),
                                           scoring::text_column("name", "")};
  if (model_)
    columns.push_back(scoring::real_column("predicted_kcal_mol", "kcal/mol", "by the surrogate", 3));
  datasets::CsvTable table(path, columns);
  for (const auto& candidate : best_) {
    datasets::Row row = {candidate.smiles, candidate.name};
    if (model_) row.emplace_back(static_cast<double>(candidate.score));
    table.append(row);
  }
  table.publish();
}

}  // namespace theriac::cli
