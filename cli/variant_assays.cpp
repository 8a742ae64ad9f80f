#include "cli/variant_assays.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "chem/text_file.hpp"

namespace theriac::cli {
namespace {

std::vector<std::string> cells_of(std::string_view line, char separator) {
  std::vector<std::string> cells;
  for (;;) {
    const std::size_t cut = line.find(separator);
    cells.emplace_back(chem::trimmed(line.substr(0, cut)));
    if (cut == std::string_view::npos) return cells;
    line.remove_prefix(cut + 1);
  }
}

std::size_t place_of(const std::vector<std::string>& header, const std::string& column,
                     const std::string& path) {
  const auto at = std::find(header.begin(), header.end(), column);
  if (at == header.end()) throw InputError(fmt::format("no column '{}' in '{}' (line 1)", column, path));
  return static_cast<std::size_t>(at - header.begin());
}

double number_of(const std::string& cell) {
  double value = std::numeric_limits<double>::quiet_NaN();
  std::from_chars(cell.data(), cell.data() + cell.size(), value);
  return value;
}

void read_scores(const std::string& path, const std::string& residues, scoring::VariantAssay& assay) {
  const std::string text = chem::read_text_file(path);
  std::string_view rest = text, line;
  std::vector<std::string> header;
  std::size_t mutant_at = 0, score_at = 0;
  for (std::size_t number = 1; chem::next_line(rest, line); ++number) {
    if (chem::trimmed(line).empty()) continue;
    const auto cells = cells_of(line, ',');
    if (header.empty()) {
      header = cells;
      mutant_at = place_of(header, "mutant", path);
      score_at = place_of(header, "score", path);
      continue;
    }
    if (cells.size() < header.size())
      throw InputError(fmt::format("{} cells where the header has {} ({}, line {})", cells.size(),
                                   header.size(), path, number));
    const double score = number_of(cells[score_at]);
    if (!std::isfinite(score))
      throw InputError(fmt::format("score '{}' is no number ({}, line {})", cells[score_at], path, number));
    try {
      const auto mutant = chem::parse_mutant(cells[mutant_at]);
      if (mutant.substitutions.size() != 1)
        throw InputError(fmt::format("'{}' is no single substitution", cells[mutant_at]));
      chem::check_mutant(mutant, residues, assay.name);
      assay.substitutions.push_back(mutant.substitutions.front());
    } catch (const Error& error) {
      throw InputError(fmt::format("{} ({}, line {})", error.what(), path, number), error.hint());
    }
    assay.scores.push_back(score);
  }
  if (assay.scores.empty()) throw InputError(fmt::format("no scores in '{}'", path));
}

void check_chosen(const std::vector<std::string>& chosen, const std::vector<std::string>& known) {
  for (const auto& name : chosen)
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      const auto near = chem::nearest_name(name, known);
      throw UsageError(fmt::format("unknown assay '{}'{}", name,
                                   near.empty() ? "" : fmt::format(", did you mean '{}'?", near)),
                       fmt::format("known: {}", fmt::join(known, ", ")));
    }
}

}  // namespace

VariantAssaySet read_variant_assays(const std::string& folder, const std::vector<std::string>& chosen) {
  const std::string path = folder + "/index.tsv";
  const std::string text = chem::read_text_file(path);
  std::vector<std::vector<std::string>> rows;
  std::string_view rest = text, line;
  while (chem::next_line(rest, line))
    if (!chem::trimmed(line).empty()) rows.push_back(cells_of(line, '\t'));
  const auto header = rows.front();
  rows.erase(rows.begin());
  const std::size_t name_at = place_of(header, "assay", path),
                    sequence_at = place_of(header, "wt_sequence", path);
  std::vector<std::string> known;
  for (const auto& row : rows) {
    if (row.size() < header.size())
      throw InputError(
          fmt::format("a line of '{}' has {} cells, the header {}", path, row.size(), header.size()));
    known.push_back(row[name_at]);
  }
  check_chosen(chosen, known);
  VariantAssaySet set;
  for (const auto& row : rows) {
    if (!chosen.empty() && std::find(chosen.begin(), chosen.end(), row[name_at]) == chosen.end()) continue;
    scoring::VariantAssay assay;
    assay.name = row[name_at];
    const auto at = std::find(set.proteins.begin(), set.proteins.end(), row[sequence_at]);
    assay.protein = static_cast<std::size_t>(at - set.proteins.begin());
    if (at == set.proteins.end()) {
      set.proteins.push_back(row[sequence_at]);
      set.protein_names.push_back(assay.name);
    }
    read_scores(fmt::format("{}/{}.csv.gz", folder, assay.name), set.proteins[assay.protein], assay);
    set.assays.push_back(std::move(assay));
    const std::string prefix = "pg_spearman_";
    for (std::size_t c = 0; c < header.size(); ++c)
      if (header[c].rfind(prefix, 0) == 0)
        set.published[header[c].substr(prefix.size())].push_back(number_of(row[c]));
  }
  return set;
}

}  // namespace theriac::cli
