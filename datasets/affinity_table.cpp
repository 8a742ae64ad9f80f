#include "datasets/affinity_table.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <map>
#include <string_view>

#include "chem/error.hpp"
#include "chem/sequence.hpp"
#include "chem/standardise.hpp"
#include "chem/text_file.hpp"

namespace theriac::datasets {
namespace {

/// Lines of a table with a header, by column name.
class Lines {
 public:
  explicit Lines(std::string path)
      : path_(std::move(path)), text_(chem::read_text_file(path_)), rest_(text_) {
    std::string_view head;
    chem::next_line(rest_, head);
    separator_ = head.find('\t') != std::string_view::npos ? '\t' : ',';
    header_ = cells_of(head);
  }

  std::size_t column(const std::string& name) const {
    const auto found = std::find(header_.begin(), header_.end(), name);
    if (found == header_.end())
      throw InputError(fmt::format("'{}' has no column '{}'", path_, name),
                       fmt::format("it has: {}", join()));
    return static_cast<std::size_t>(found - header_.begin());
  }

  bool next(std::vector<std::string_view>& cells) {
    std::string_view line;
    do {
      ++line_;
      if (!chem::next_line(rest_, line)) return false;
    } while (chem::trimmed(line).empty());
    cells = cells_of(line);
    if (cells.size() != header_.size())
      fail(fmt::format("{} cells where the header has {}", cells.size(), header_.size()));
    return true;
  }

  [[noreturn]] void fail(const std::string& reason) const {
    throw InputError(fmt::format("{} ('{}', line {})", reason, path_, line_));
  }

  double number(std::string_view cell) const {
    const std::string text(chem::trimmed(cell));
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
      fail(fmt::format("'{}' is no number", text));
    return value;
  }

  std::uint32_t index(std::string_view cell, std::size_t count, const char* of) const {
    const double value = number(cell);
    if (value < 0 || value >= static_cast<double>(count) || value != std::floor(value))
      fail(fmt::format("there is no {} {}: they run from 0 to {}", of, std::string(cell), count - 1));
    return static_cast<std::uint32_t>(value);
  }

  const std::string& path() const { return path_; }
  int line() const { return line_; }

 private:
  std::vector<std::string_view> cells_of(std::string_view line) const {
    std::vector<std::string_view> out;
    for (std::size_t first = 0; first <= line.size();) {
      const auto end = std::min(line.find(separator_, first), line.size());
      out.push_back(chem::trimmed(line.substr(first, end - first)));
      first = end + 1;
    }
    return out;
  }
  std::string join() const {
    std::string out;
    for (const auto& name : header_) out += (out.empty() ? "" : ", ") + std::string(name);
    return out;
  }

  std::string path_, text_;
  std::string_view rest_;
  char separator_ = ',';
  std::vector<std::string_view> header_;
  int line_ = 1;
};

std::string file_of(const std::string& folder, const std::string& name, const std::string& part) {
  const std::string base = fmt::format("{}/{}_{}.tsv", folder, name, part);
  return std::filesystem::exists(base + ".gz") ? base + ".gz" : base;
}

std::string checked_sequence(const Lines& lines, std::string_view cell) {
  const auto where = fmt::format("{}, line {}", lines.path(), lines.line());
  return chem::sequences_from_text(std::string(cell) + "\n", where).front().residues;
}

struct DrawnMolecule {
  std::string smiles, where;
};

std::vector<std::string> parents(const std::vector<DrawnMolecule>& drawn) {
  std::vector<std::string> out(drawn.size()), messages(drawn.size());
  tbb::parallel_for(std::size_t{0}, drawn.size(), [&](std::size_t i) {
    try {
      out[i] = chem::standardised(chem::Molecule::from_smiles(drawn[i].smiles)).smiles();
    } catch (const Error& error) {
      messages[i] = error.what();
    }
  });
  for (std::size_t i = 0; i < drawn.size(); ++i)
    if (!messages[i].empty()) throw InputError(fmt::format("{} ({})", messages[i], drawn[i].where));
  return out;
}

}  // namespace

AffinityTable read_affinity_set(const std::string& folder, const std::string& name) {
  AffinityTable table;
  std::vector<std::string_view> cells;
  std::vector<DrawnMolecule> drawn;
  Lines drugs(file_of(folder, name, "drugs"));
  const auto smiles = drugs.column("smiles_iso");
  while (drugs.next(cells))
    drawn.push_back({std::string(cells[smiles]), fmt::format("'{}', line {}", drugs.path(), drugs.line())});
  table.smiles = parents(drawn);
  Lines proteins(file_of(folder, name, "proteins"));
  const auto id = proteins.column("protein_id"), sequence = proteins.column("sequence");
  while (proteins.next(cells)) {
    table.targets.emplace_back(cells[id]);
    table.sequences.push_back(checked_sequence(proteins, cells[sequence]));
  }
  Lines entries(file_of(folder, name, "affinity"));
  const auto drug = entries.column("drug_idx"), target = entries.column("protein_idx"),
             value = entries.column("value"), pkd = entries.column("pKd"), fold = entries.column("fold");
  while (entries.next(cells)) {
    Affinity entry;
    entry.drug = entries.index(cells[drug], table.smiles.size(), "drug");
    entry.target = entries.index(cells[target], table.sequences.size(), "protein");
    entry.value = static_cast<float>(entries.number(cells[pkd].empty() ? cells[value] : cells[pkd]));
    entry.fold = cells[fold] == "test" ? AffinityTable::test_fold
                                       : static_cast<int>(entries.index(cells[fold], 5, "fold"));
    table.entries.push_back(entry);
  }
  if (table.entries.empty()) throw InputError(fmt::format("'{}' holds no affinities", entries.path()));
  return table;
}

AffinityTable read_affinity_rows(const std::string& path, const std::string& value_column) {
  Lines lines(path);
  const auto smiles = lines.column("smiles"), sequence = lines.column("sequence"),
             value = lines.column(value_column);
  std::vector<DrawnMolecule> drawn;
  AffinityTable table;
  std::map<std::string, std::uint32_t> by_drawing, by_sequence;
  std::vector<std::string_view> cells;
  while (lines.next(cells)) {
    Affinity entry;
    entry.value = static_cast<float>(lines.number(cells[value]));
    const auto [molecule, new_molecule] = by_drawing.emplace(std::string(cells[smiles]), drawn.size());
    if (new_molecule)
      drawn.push_back({std::string(cells[smiles]), fmt::format("'{}', line {}", path, lines.line())});
    const auto residues = checked_sequence(lines, cells[sequence]);
    const auto [target, new_target] = by_sequence.emplace(residues, table.sequences.size());
    if (new_target) {
      table.sequences.push_back(residues);
      table.targets.push_back(fmt::format("target-{}", table.sequences.size()));
    }
    entry.drug = molecule->second;
    entry.target = target->second;
    table.entries.push_back(entry);
  }
  if (table.entries.empty()) throw InputError(fmt::format("'{}' holds no affinities", path));
  const auto parent = parents(drawn);
  std::map<std::string, std::uint32_t> by_parent;
  std::vector<std::uint32_t> place;
  for (const auto& text : parent) {
    const auto [found, fresh] = by_parent.emplace(text, table.smiles.size());
    if (fresh) table.smiles.push_back(text);
    place.push_back(found->second);
  }
  for (auto& entry : table.entries) entry.drug = place[entry.drug];
  return table;
}

}  // namespace theriac::datasets
