#include "cli/association_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <utility>

#include "chem/error.hpp"
#include "chem/fingerprint.hpp"
#include "chem/molecule.hpp"
#include "chem/text_file.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;
using repurpose::RealMatrix;

/// "" when there is neither `path` nor `path`.gz.
std::string existing(const std::string& path) {
  for (const char* extension : {".gz", ""})
    if (fs::exists(path + extension)) return path + extension;
  return {};
}

/// The cells of every line but the first.
class Lines {
 public:
  Lines(std::string path, char separator) : path_(std::move(path)), separator_(separator) {
    text_ = chem::read_text_file(path_);
    rest_ = text_;
  }

  bool next() {
    std::string_view line;
    do {
      if (!chem::next_line(rest_, line)) return false;
      ++number_;
    } while (line.empty());
    cells_.clear();
    for (std::size_t begin = 0; begin <= line.size();) {
      const std::size_t end = std::min(line.find(separator_, begin), line.size());
      cells_.emplace_back(line.substr(begin, end - begin));
      begin = end + 1;
    }
    return true;
  }

  const std::vector<std::string>& cells() const { return cells_; }

  [[noreturn]] void refuse(const std::string& what) const {
    throw InputError(fmt::format("{}, line {}: {}", path_, number_, what));
  }

  double number(std::size_t column) const {
    if (column >= cells_.size()) refuse(fmt::format("{} cells; needs {}", cells_.size(), column + 1));
    char* end = nullptr;
    const double value = std::strtod(cells_[column].c_str(), &end);
    if (cells_[column].empty() || *end) refuse(fmt::format("'{}' is no number", cells_[column]));
    return value;
  }

  std::size_t index(std::size_t column, std::size_t size) const {
    const double value = number(column);
    if (!(value >= 0 && value < static_cast<double>(size)) ||
        value != static_cast<double>(std::size_t(value)))
      refuse(fmt::format("'{}' is no index from 0 to {}", cells_[column], size - 1));
    return static_cast<std::size_t>(value);
  }

 private:
  std::string path_, text_;
  char separator_;
  std::string_view rest_;
  std::size_t number_ = 0;
  std::vector<std::string> cells_;
};

/// A triangle of triples, zeros omitted.
RealMatrix read_triples(const std::string& path, std::size_t size) {
  RealMatrix out(size, size);
  Lines lines(path, '\t');
  for (lines.next(); lines.next();) {
    const std::size_t i = lines.index(0, size), j = lines.index(1, size);
    out(i, j) = out(j, i) = lines.number(2);
  }
  for (std::size_t i = 0; i < size; ++i) out(i, i) = 1;
  return out;
}

RealMatrix read_square(const std::string& path, std::size_t size) {
  RealMatrix out(size, size);
  Lines lines(path, ',');
  for (std::size_t i = 0; i < size; ++i) {
    if (!lines.next()) throw InputError(fmt::format("{} has {} rows; needs {}", path, i, size));
    if (lines.cells().size() != size)
      lines.refuse(fmt::format("{} cells; needs {}", lines.cells().size(), size));
    for (std::size_t j = 0; j < size; ++j) out(i, j) = lines.number(j);
  }
  // printed with more digits one way than the other
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j < i; ++j) out(i, j) = out(j, i) = 0.5 * (out(i, j) + out(j, i));
  return out;
}

RealMatrix structure_similarity(const std::string& path, std::size_t size) {
  Lines lines(path, '\t');
  lines.next();
  std::size_t column = 0;
  while (column < lines.cells().size() && lines.cells()[column] != "SMILES") ++column;
  if (column == lines.cells().size())
    throw InputError(fmt::format("{} has no column SMILES and no similarities stand beside it", path));
  chem::FingerprintSet drugs;
  while (lines.next()) {
    if (column >= lines.cells().size()) lines.refuse("no SMILES");
    drugs.add(chem::morgan_fingerprint(chem::Molecule::from_smiles(lines.cells()[column])));
  }
  RealMatrix out(size, size);
  for (std::size_t i = 0; i < size; ++i) {
    const auto row = drugs.tanimoto(drugs[i]);
    for (std::size_t j = 0; j < size; ++j) out(i, j) = row[j];
  }
  return out;
}

std::size_t row_count(const std::string& path) {
  std::size_t rows = 0;
  Lines lines(path, '\t');
  for (lines.next(); lines.next();) ++rows;
  return rows;
}

std::string needed(const std::string& path) {
  const std::string found = existing(path);
  if (found.empty())
    throw InputError(fmt::format("there is no {} (plain or .gz)", path),
                     fmt::format("known sets: {}", fmt::join(known_association_sets(), ", ")));
  return found;
}

RealMatrix read_similarity(const std::string& stem, std::size_t size) {
  if (const auto path = existing(stem + ".tsv"); !path.empty()) return read_triples(path, size);
  return read_square(needed(stem + "_matrix.csv"), size);
}

}  // namespace

std::vector<std::string> known_association_sets() {
  return {"Fdataset", "LRSSL", "Bdataset", "Kdataset"};
}

repurpose::AssociationData read_association_set(const std::string& folder, const std::string& name) {
  const std::string inside = folder + "/benchmarks";
  const std::string stem = fmt::format("{}/{}", fs::is_directory(inside) ? inside : folder, name);
  const std::string drug_table = needed(stem + "_drugs.tsv");
  const std::size_t drugs = row_count(drug_table), diseases = row_count(needed(stem + "_diseases.tsv"));
  repurpose::AssociationData data;
  data.associations = RealMatrix(drugs, diseases);
  Lines pairs(needed(stem + "_assoc.tsv"), '\t');
  for (pairs.next(); pairs.next();) data.associations(pairs.index(0, drugs), pairs.index(1, diseases)) = 1;
  const bool similarities =
      !existing(stem + "_drug_sim.tsv").empty() || !existing(stem + "_drug_sim_matrix.csv").empty();
  data.drug_similarity =
      similarities ? read_similarity(stem + "_drug_sim", drugs) : structure_similarity(drug_table, drugs);
  data.disease_similarity = read_similarity(stem + "_disease_sim", diseases);
  repurpose::check_association_data(data);
  return data;
}

}  // namespace theriac::cli
