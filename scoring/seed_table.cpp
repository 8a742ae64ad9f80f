#include "scoring/seed_table.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace theriac::scoring {
namespace {

using datasets::Cell;

struct Line {
  std::int64_t input_index;
  std::string name;
  SeedOutcome outcome;
};

std::vector<datasets::Column> columns() {
  return {integer_column("seed", "record of the seed file, from 1"),
          text_column("title", "its name in the file"),
          text_column("status", "kept, merged, beaten, refused, unmatched or unreadable"),
          text_column("message", "why it was not used"),
          integer_column("input_index", "the ligand that it was tried for"),
          text_column("name", "name of that ligand"),
          real_column("score_kcal_mol", "kcal/mol", "as refined", 3),
          real_column("moved", "angstrom", "heavy-atom RMSD between seed and refined pose", 2),
          integer_column("pose", "pose of the answer that it became or merged with")};
}

datasets::Row cells_of(const Line& line) {
  const SeedOutcome& seed = line.outcome;
  Cell index, pose;
  if (line.input_index >= 0) index = line.input_index;
  if (seed.pose > 0) pose = seed.pose;
  return {Cell(seed.number),
          Cell(seed.title),
          Cell(seed.status),
          Cell(seed.message),
          index,
          Cell(line.name),
          real_cell(seed.score),
          real_cell(seed.moved),
          pose};
}

}  // namespace

SeedCounts publish_seed_table(datasets::RunFolder& folder, const DockedRows& rows,
                              const chem::SeedFile& seeds) {
  std::map<std::int64_t, std::vector<Line>> lines;  // by record
  rows([&](const DockedRow& row) {
    for (const auto& seed : row.seeds) lines[seed.number].push_back({row.input_index, row.name, seed});
  });
  SeedCounts counts;
  for (const auto& entry : lines) {
    bool used = false, best = false;
    for (const auto& line : entry.second) {
      used = used || line.outcome.status != "refused";
      best = best || line.outcome.pose == 1;
    }
    counts.used += used;
    counts.best += best;
    counts.refused += !used;
  }
  const auto add = [&](std::int64_t number, const std::string& title, const char* status,
                       const std::string& message) {
    SeedOutcome seed;
    seed.number = number;
    seed.title = title;
    seed.status = status;
    seed.message = message;
    lines[number].push_back({-1, "", std::move(seed)});
  };
  for (const auto& pose : seeds.poses()) {
    if (lines.count(pose.number)) continue;
    ++counts.unmatched;
    add(pose.number, pose.title, "unmatched",
        "no docked ligand of the input has these heavy atoms and bonds");
  }
  for (const auto& record : seeds.unread()) {
    ++counts.unread;
    add(record.number, record.title, "unreadable", record.message);
  }
  datasets::CsvTable table(folder.file("seeds.csv"), columns());
  for (const auto& entry : lines)
    for (const auto& line : entry.second) table.append(cells_of(line));
  table.publish();
  folder.note_published("seeds.csv");
  return counts;
}

}  // namespace theriac::scoring
