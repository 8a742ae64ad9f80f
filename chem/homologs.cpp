#include "chem/homologs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "chem/error.hpp"
#include "chem/substitution_matrix.hpp"
#include "chem/text_file.hpp"

namespace theriac::chem {
namespace {

struct Row {
  std::string name, letters;
};

std::vector<Row> rows_of(const std::string& text, const std::string& source) {
  std::vector<Row> rows;
  std::string_view rest = text, line;
  for (std::size_t number = 1; next_line(rest, line); ++number) {
    line = trimmed(line);
    if (line.empty() || line.front() == '#') continue;
    if (line.front() == '>') {
      const auto header = trimmed(line.substr(1));
      rows.push_back({std::string(header.substr(0, header.find_first_of(" \t"))), {}});
      continue;
    }
    if (rows.empty())
      throw InputError(fmt::format("no FASTA or A3M: '{}' (line {}) does not begin with '>'", source, number),
                       "homologs are read from FASTA, aligned FASTA and A3M files");
    for (const char c : line) {
      if (std::isspace(static_cast<unsigned char>(c)) || c == '*') continue;
      if (!std::isalpha(static_cast<unsigned char>(c)) && c != '-' && c != '.')
        throw InputError(fmt::format("'{}' stands for no amino acid ({}, line {})", c, source, number));
      rows.back().letters += c;
    }
  }
  if (rows.empty()) throw InputError(fmt::format("no sequence in '{}'", source));
  return rows;
}

bool is_match(char c) {
  return c == '-' || std::isupper(static_cast<unsigned char>(c));
}

/// Columns without the insertions of A3M.
std::string match_columns(const std::string& letters) {
  std::string out;
  std::copy_if(letters.begin(), letters.end(), std::back_inserter(out), is_match);
  return out;
}

std::string residues_alone(const std::string& letters) {
  std::string out;
  for (const char c : letters)
    if (std::isalpha(static_cast<unsigned char>(c)))
      out += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

bool equally_long(const std::vector<std::string>& columns) {
  return std::all_of(columns.begin(), columns.end(),
                     [&](const auto& row) { return row.size() == columns.front().size(); });
}

/// Relatives of free length, each laid over the query by its best local alignment.
Homologs aligned_here(const std::vector<Row>& rows, const std::string& query) {
  Homologs out;
  out.query = query;
  const auto codes = residue_codes(query);
  const PositionScores scores = scores_of_sequence(codes);
  for (const auto& row : rows) {
    const auto residues = residue_codes(residues_alone(row.letters));
    auto course = local_course(scores, residues.data(), residues.size());
    if (!course.empty())
      out.rows.push_back(homolog_row(row.name, course.first, std::move(course.residues), codes));
  }
  return out;
}

/// Rows of an alignment whose row `reference` holds the query from position `offset` on.
Homologs aligned_there(const std::vector<Row>& rows, const std::vector<std::string>& columns,
                       std::size_t reference, std::size_t offset, const std::string& query) {
  Homologs out;
  out.query = query;
  const auto codes = residue_codes(query);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (r == reference) continue;
    std::vector<std::uint8_t> residues;
    for (std::size_t c = 0; c < columns[r].size(); ++c)
      if (columns[reference][c] != '-')
        residues.push_back(columns[r][c] == '-' ? gap_residue : residue_code(columns[r][c]));
    out.rows.push_back(homolog_row(rows[r].name, offset, std::move(residues), codes));
  }
  return out;
}

}  // namespace

double Homologs::mean_coverage() const {
  double residues = 0;
  for (const auto& row : rows)
    residues += static_cast<double>(std::count_if(row.residues.begin(), row.residues.end(),
                                                  [](auto code) { return code < residue_kinds; }));
  return query.empty() ? 0 : residues / static_cast<double>(query.size());
}

Homolog homolog_row(std::string name, std::size_t first, std::vector<std::uint8_t> residues,
                    const std::vector<std::uint8_t>& query) {
  std::size_t present = 0, equal = 0;
  for (std::size_t i = 0; i < residues.size(); ++i)
    if (residues[i] < residue_kinds) {
      ++present;
      equal += residues[i] == query[first + i];
    }
  Homolog out{std::move(name), first, std::move(residues), 0, 0};
  out.identity = present > 0 ? static_cast<double>(equal) / static_cast<double>(present) : 0;
  return out;
}

Homologs read_homologs(const std::string& text, const std::string& source, const std::string& query) {
  const auto rows = rows_of(text, source);
  std::string sample;
  for (const auto& row : rows) sample += residues_alone(row.letters).substr(0, 1000);
  if (looks_like_nucleotides(sample))
    throw InputError(fmt::format("'{}' holds nucleotide sequences", source),
                     "homologs are protein sequences; translate them first");
  std::vector<std::string> columns;
  for (const auto& row : rows) columns.push_back(match_columns(row.letters));
  const bool any_gap = std::any_of(rows.begin(), rows.end(), [](const auto& row) {
    return row.letters.find_first_of("-.") != std::string::npos;
  });
  if (equally_long(columns)) {
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const std::string residues = residues_alone(columns[r]);
      const auto at = residues.size() < 10 && residues != query ? std::string::npos : query.find(residues);
      if (at != std::string::npos) return aligned_there(rows, columns, r, at, query);
    }
    if (any_gap)
      throw InputError(
          fmt::format("no row of the alignment '{}' is the sequence asked about, or a part of it", source),
          "its first row is usually the query; without gaps the rows are aligned here");
  } else if (any_gap) {
    for (std::size_t r = 0; r < rows.size(); ++r)
      if (columns[r].size() != columns.front().size())
        throw InputError(fmt::format("row '{}' of the alignment '{}' has {} columns, the first has {}",
                                     rows[r].name, source, columns[r].size(), columns.front().size()),
                         "lower case letters and '.' are insertions (A3M); everything else is a column");
  }
  return aligned_here(rows, query);
}

std::string homologs_text(const Homologs& homologs, const std::string& query_name) {
  std::string out = fmt::format(">{}\n{}\n", query_name, homologs.query);
  for (const auto& row : homologs.rows) {
    std::string letters(homologs.query.size(), '-');
    for (std::size_t i = 0; i < row.residues.size(); ++i)
      if (row.residues[i] != gap_residue)
        letters[row.first + i] = row.residues[i] < residue_kinds ? amino_acid_letters[row.residues[i]] : 'X';
    out += fmt::format(">{}\n{}\n", row.name, letters);
  }
  return out;
}

}  // namespace theriac::chem
