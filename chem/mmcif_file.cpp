#include "chem/mmcif_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

#include "chem/autodock_type.hpp"
#include "chem/error.hpp"
#include "chem/mmcif_tokens.hpp"
#include "chem/pdb_columns.hpp"

namespace theriac::chem {
namespace {

constexpr std::string_view category = "_atom_site.";

/// Columns of _atom_site, by what they mean here.
enum Column {
  group,
  symbol,
  name,
  label_name,
  alternate,
  residue_name,
  label_residue_name,
  chain,
  label_chain,
  number,
  label_number,
  insertion_code,
  x,
  y,
  z,
  occupancy,
  b_factor,
  model,
  column_count
};
constexpr std::array<std::string_view, column_count> column_names{
    "group_PDB",    "type_symbol",       "auth_atom_id",      "label_atom_id", "label_alt_id",
    "auth_comp_id", "label_comp_id",     "auth_asym_id",      "label_asym_id", "auth_seq_id",
    "label_seq_id", "pdbx_PDB_ins_code", "Cartn_x",           "Cartn_y",       "Cartn_z",
    "occupancy",    "B_iso_or_equiv",    "pdbx_PDB_model_num"};

/// One row of the table, by column; columns that the file lacks are missing values.
class Row {
 public:
  Row(const std::vector<MmcifToken>& values, const std::array<int, column_count>& places)
      : values_(values), places_(places) {}

  std::string_view operator[](Column column) const {
    const int i = places_[column];
    return i < 0 || values_[i].is_missing() ? std::string_view() : values_[i].text;
  }
  std::string first_of(Column a, Column b) const {
    return std::string((*this)[a].empty() ? (*this)[b] : (*this)[a]);
  }
  long line() const { return values_.front().line; }

 private:
  const std::vector<MmcifToken>& values_;
  const std::array<int, column_count>& places_;
};

int residue_number_of(const std::string& text, LinePlace place) {
  const double value = parse_number(text, "residue number", place);
  if (std::abs(value) > 1e7)
    throw InputError(fmt::format("residue number '{}' is out of range {}", text, place.text()));
  return static_cast<int>(value);
}

StructureAtom atom_of(const Row& row, const std::string& source) {
  const LinePlace place{source, row.line()};
  StructureAtom atom;
  atom.hetero = row[group] == "HETATM";
  atom.name = row.first_of(name, label_name);
  atom.residue_name = row.first_of(residue_name, label_residue_name);
  atom.residue.chain = row.first_of(chain, label_chain);
  const std::string residue_number = row.first_of(number, label_number);
  if (!residue_number.empty()) atom.residue.number = residue_number_of(residue_number, place);
  if (!row[insertion_code].empty()) atom.residue.insertion_code = row[insertion_code][0];
  if (!row[alternate].empty()) atom.alternate = row[alternate][0];
  atom.element = element_number(row[symbol]);
  atom.position = {parse_coordinate(row[x], "Cartn_x", place), parse_coordinate(row[y], "Cartn_y", place),
                   parse_coordinate(row[z], "Cartn_z", place)};
  if (!row[occupancy].empty()) atom.occupancy = parse_number(row[occupancy], "occupancy", place);
  if (!row[b_factor].empty()) atom.b_factor = parse_number(row[b_factor], "B factor", place);
  return atom;
}

std::array<int, column_count> find_columns(const std::vector<std::string_view>& tags, LinePlace place) {
  std::array<int, column_count> places{};
  for (int c = 0; c < column_count; ++c) {
    const auto tag = std::find_if(tags.begin(), tags.end(), [&](std::string_view t) {
      return t.substr(std::min(category.size(), t.size())) == column_names[c];
    });
    places[c] = tag == tags.end() ? -1 : static_cast<int>(tag - tags.begin());
  }
  for (const Column needed : {x, y, z})
    if (places[needed] < 0)
      throw InputError(
          fmt::format("the atom table has no column {}{} {}", category, column_names[needed], place.text()));
  return places;
}

class AtomTable {
 public:
  AtomTable(const std::vector<std::string_view>& tags, LinePlace place)
      : source_(place.file), places_(find_columns(tags, place)), width_(tags.size()) {}

  void add(const MmcifToken& value, Structure& structure) {
    row_.push_back(value);
    if (row_.size() < width_) return;
    const Row row(row_, places_);
    const std::string model_name(row[model]);
    if (first_model_.empty()) first_model_ = model_name;
    models_.insert(model_name);
    if (model_name == first_model_) structure.atoms.push_back(atom_of(row, source_));
    structure.models = static_cast<int>(models_.size());
    row_.clear();
  }

  void finish() const {
    if (!row_.empty())
      throw InputError(fmt::format("the last row of the atom table has {} of {} values ({}, line {})",
                                   row_.size(), width_, source_, row_.front().line),
                       "the file may have been cut short");
  }

 private:
  const std::string& source_;
  std::array<int, column_count> places_;
  std::size_t width_;
  std::vector<MmcifToken> row_;
  std::string first_model_;
  std::set<std::string> models_;
};

}  // namespace

Structure parse_mmcif(std::string_view text, const std::string& source) {
  Structure structure;
  structure.format = StructureFormat::mmcif;
  MmcifTokens tokens(text, source);
  MmcifToken token;
  bool more = tokens.next(token);
  while (more) {
    if (!token.is_loop()) {
      more = tokens.next(token);
      continue;
    }
    const long loop_line = token.line;
    std::vector<std::string_view> tags;
    while ((more = tokens.next(token)) && token.is_tag()) tags.push_back(token.text);
    if (tags.empty() || tags.front().substr(0, category.size()) != category) continue;
    AtomTable table(tags, {source, loop_line});
    for (; more && !token.is_tag() && !token.is_keyword(); more = tokens.next(token))
      table.add(token, structure);
    table.finish();
    if (!structure.atoms.empty()) break;  // the first data block with atoms
  }
  return structure;
}

}  // namespace theriac::chem
