#include "datasets/property_table.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "chem/element_counts.hpp"
#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "chem/record_reader.hpp"
#include "chem/scaffold.hpp"
#include "chem/standardise.hpp"
#include "chem/tautomer_skeleton.hpp"
#include "chem/text_file.hpp"
#include "datasets/measured_value.hpp"
#include "datasets/replicates.hpp"

namespace theriac::datasets {
namespace {

/// What a record says once its molecule is prepared.
struct Reading {
  Measurement row;
  MeasuredValue value;
  std::string cell;              // the target as it stands
  std::string trouble;           // not empty: no molecule
  std::string not_standardised;  // not empty: the parent could not be made
  bool carbon = true;
  chem::Properties properties;
};

std::string squeezed(const std::string& name) {
  std::string word;
  for (const char c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return word;
}

/// The value of a column, or null when the record does not have it. `name` may differ in case and blanks.
const std::string* cell_of(const chem::Properties& properties, const std::string& name) {
  for (const auto& [column, text] : properties)
    if (column == name) return &text;
  for (const auto& [column, text] : properties)
    if (squeezed(column) == squeezed(name)) return &text;
  return nullptr;
}

std::string text_of(const chem::Properties& properties, const std::string& name) {
  const std::string* cell = name.empty() ? nullptr : cell_of(properties, name);
  return cell ? std::string(chem::trimmed(*cell)) : std::string();
}

/// The standardised parent, or the molecule as drawn and the reason.
chem::Molecule parent_of(const chem::Molecule& drawn, std::string& reason) {
  try {
    return chem::standardised(drawn);
  } catch (const MoleculeError& e) {
    reason = e.what();
    return drawn;
  }
}

/// Fills the parts of the row that belong to the molecule.
void describe_molecule(const chem::Molecule& drawn, bool standardise, Reading& reading) {
  const chem::Molecule parent = standardise ? parent_of(drawn, reading.not_standardised) : drawn;
  reading.row.smiles = parent.smiles();
  reading.carbon = chem::element_counts(parent).of(6) > 0;
  try {
    reading.row.skeleton = chem::tautomer_skeleton(parent);
    reading.row.scaffold = chem::murcko_scaffold(parent);
  } catch (const std::exception& e) {  // what is left of an odd structure may break a valence
    if (reading.row.skeleton.empty()) reading.row.skeleton = chem::flat_smiles(parent);
    reading.not_standardised = e.what();
  }
}

Reading read_record(const chem::RawRecord& raw, const PropertyTableOptions& options) {
  Reading reading;
  chem::Record record = chem::parse(raw);
  reading.row.line = raw.line;
  reading.row.name = record.name;
  reading.properties = std::move(record.properties);
  reading.cell = text_of(reading.properties, options.target_column);
  reading.value = measured_value(reading.cell, text_of(reading.properties, options.relation_column));
  reading.row.value = reading.value.value;
  reading.row.bound = reading.value.bound;
  reading.row.split = text_of(reading.properties, options.split_column);
  reading.row.time = text_of(reading.properties, options.time_column);
  if (!record.molecule) {
    reading.trouble = record.message.empty() ? "no structure" : record.message;
    return reading;
  }
  if (reading.value.kind == ValueKind::number || reading.value.kind == ValueKind::label)
    describe_molecule(*record.molecule, options.standardise, reading);
  return reading;
}

std::string listed(const std::set<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : text;
}

/// Throws when a column that was asked for is in no record.
void require_columns(const std::set<std::string>& columns, const std::string& path,
                     const PropertyTableOptions& options) {
  const std::vector<std::string> known(columns.begin(), columns.end());
  for (const std::string& wanted :
       {options.target_column, options.split_column, options.time_column, options.relation_column}) {
    if (wanted.empty()) continue;
    const auto same = [&](const std::string& name) { return squeezed(name) == squeezed(wanted); };
    if (columns.count(wanted) != 0 || std::any_of(known.begin(), known.end(), same)) continue;
    const std::string near = chem::nearest_name(wanted, known);
    throw UsageError(fmt::format("no column '{}' in '{}'; besides the structure and its name it has: {}",
                                 wanted, path, listed(columns)),
                     near.empty() ? std::string() : fmt::format("did you mean '{}'?", near));
  }
}

bool is_table(chem::MoleculeFormat format) {
  return format == chem::MoleculeFormat::csv || format == chem::MoleculeFormat::tsv;
}

void note_columns(const chem::Properties& properties, std::set<std::string>& columns) {
  for (const auto& property : properties)
    if (columns.size() < 1000) columns.insert(property.first);
}

/// Reads a file in blocks, so that only what is needed of each record stays in memory.
class TableReading {
 public:
  TableReading(const std::string& path, const PropertyTableOptions& options)
      : path_(path),
        options_(options),
        reader_({path}, {std::nullopt, options.smiles_column, options.name_column}) {}

  std::vector<Reading> all() {
    while (next_block()) {
      if (!checked_) require_known_columns();
      read_block();
    }
    if (molecules_ && !checked_)
      require_columns(columns_, path_, options_);  // an SD file shows its tags late
    return std::move(readings_);
  }

 private:
  static constexpr std::size_t block_records = 4096;

  bool next_block() {
    block_.clear();
    while (block_.size() < block_records) {
      auto raw = reader_.next_raw();
      if (!raw) break;
      // a file that ends too early: half a data set must not pass for the whole
      if (!raw->message.empty() && raw->text.empty() && raw->properties.empty())
        throw InputError(raw->message);
      block_.push_back(std::move(*raw));
    }
    return !block_.empty();
  }

  /// In a table the first good row shows all columns, before any chemistry.
  void require_known_columns() {
    bool any_row = false;
    for (const auto& raw : block_) {
      note_columns(raw.properties, columns_);
      any_row = any_row || raw.message.empty();
    }
    if (!any_row || !is_table(block_.front().format)) return;
    require_columns(columns_, path_, options_);
    checked_ = true;
  }

  void read_block() {
    std::vector<Reading> part(block_.size());
    tbb::parallel_for(tbb::blocked_range<std::size_t>(0, block_.size(), 16), [&](const auto& range) {
      for (std::size_t i = range.begin(); i != range.end(); ++i) part[i] = read_record(block_[i], options_);
    });
    for (auto& reading : part) {
      molecules_ = molecules_ || reading.trouble.empty();
      if (!checked_) note_columns(reading.properties, columns_);
      chem::Properties().swap(reading.properties);
      readings_.push_back(std::move(reading));
    }
  }

  const std::string& path_;
  const PropertyTableOptions& options_;
  chem::RecordReader reader_;
  std::vector<chem::RawRecord> block_;
  std::vector<Reading> readings_;
  std::set<std::string> columns_;
  bool checked_ = false, molecules_ = false;
};

[[noreturn]] void throw_unreadable(const Reading& reading, const std::string& path, const std::string& column,
                                   std::int64_t more) {
  throw InputError(fmt::format("'{}' {} ({}, line {}, column '{}'){}", reading.cell, reading.value.reason,
                               path, reading.row.line, column,
                               more > 0 ? fmt::format("; {} more rows are like it", more) : std::string()),
                   "correct the cells, leave them empty where nothing was measured, or skip such rows");
}

/// Rows with a molecule and a value; all others are counted.
std::vector<Measurement> usable_rows(std::vector<Reading> readings, const PropertyTableOptions& options,
                                     PropertyTable& table) {
  auto& tallies = table.tallies;
  std::vector<Measurement> rows;
  const Reading* first_unreadable = nullptr;
  for (auto& reading : readings) {
    const std::int64_t line = reading.row.line;
    if (!reading.trouble.empty()) {
      tallies.unreadable.add(reading.trouble);
    } else if (reading.value.kind == ValueKind::missing) {
      tallies.missing_targets.add(fmt::format("line {}: '{}'", line, reading.cell));
    } else if (reading.value.kind == ValueKind::unreadable) {
      if (!first_unreadable) first_unreadable = &reading;
      tallies.unreadable_targets.add(
          fmt::format("line {}: '{}' {}", line, reading.cell, reading.value.reason));
    } else {
      if (!reading.not_standardised.empty())
        tallies.not_standardised.add(fmt::format("line {}: {}", line, reading.not_standardised));
      if (!reading.carbon) tallies.without_carbon.add(fmt::format("line {}: '{}'", line, reading.row.smiles));
      rows.push_back(std::move(reading.row));
    }
  }
  if (first_unreadable && !options.skip_unreadable_targets)
    throw_unreadable(*first_unreadable, table.file, options.target_column,
                     tallies.unreadable_targets.count - 1);
  return rows;
}

/// A word for a class among numbers that are none.
void require_labels_alone(const std::vector<Reading>& readings, const std::string& path,
                          const std::string& column) {
  const auto is_label = [](const Reading& r) {
    return r.trouble.empty() && r.value.kind == ValueKind::label;
  };
  const auto is_other = [](const Reading& r) {
    return r.trouble.empty() && r.value.kind == ValueKind::number &&
           (r.value.bound != 0 || (r.value.value != 0 && r.value.value != 1));
  };
  const auto label = std::find_if(readings.begin(), readings.end(), is_label);
  const auto other = std::find_if(readings.begin(), readings.end(), is_other);
  if (label == readings.end() || other == readings.end()) return;
  throw InputError(
      fmt::format("column '{}' of '{}' mixes classes and numbers: '{}' in line {}, '{}' in line {}", column,
                  path, label->cell, label->row.line, other->cell, other->row.line),
      "use one column for the number and one for the class");
}

void require_enough(const PropertyTable& table, const PropertyTableOptions& options) {
  const auto rows = static_cast<std::int64_t>(table.rows.size());
  if (rows >= options.minimum_rows) return;
  const auto& t = table.tallies;
  std::string why = fmt::format(
      "'{}' has {} usable molecules with a value in column '{}', at least {} are needed ({} records: {} "
      "structures "
      "unreadable, {} without a value, {} in conflict, {} merged into others)",
      table.file, rows, options.target_column, options.minimum_rows, t.records, t.unreadable.count,
      t.missing_targets.count + t.unreadable_targets.count, t.conflicting_records,
      t.merged_records - t.merged_molecules);
  for (const RecordTally* tally : {&t.unreadable, &t.missing_targets, &t.conflicting})
    if (!tally->examples.empty()) {
      why += "; " + tally->examples.front();
      break;
    }
  throw InputError(why,
                   "add measurements; with fewer molecules the nearest measured neighbour is a better guide");
}

void require_variation(const PropertyTable& table, const PropertyTableOptions& options) {
  std::map<double, std::int64_t> counts;
  for (const auto& row : table.rows)
    if (counts.size() < 3) ++counts[row.value];
  if (counts.empty() || counts.size() > 2) return;
  const double first = counts.begin()->first, last = counts.rbegin()->first;
  if (first == last && !options.allow_one_class)
    throw InputError(
        fmt::format("every molecule of '{}' has {} {:g} in column '{}'; there is nothing to learn",
                    table.file, table.binary ? "the class" : "the value", first, options.target_column),
        table.binary ? "add molecules of the other class, tested and not assumed"
                     : "check that this is the measured column");
  if (first != last && !table.binary && table.bounded == 0)
    throw InputError(fmt::format("column '{}' of '{}' holds only the values {:g} and {:g}",
                                 options.target_column, table.file, first, last),
                     "write classes as 0 and 1, or as active and inactive");
}

void describe_values(PropertyTable& table) {
  table.binary = !table.rows.empty();
  for (const auto& row : table.rows) {
    table.bounded += row.bound != 0;
    table.positives += row.value == 1;
    table.binary = table.binary && row.bound == 0 && (row.value == 0 || row.value == 1);
  }
  if (!table.binary) table.positives = 0;
}

}  // namespace

void RecordTally::add(std::string example) {
  if (++count <= 5) examples.push_back(std::move(example));
}

PropertyTable read_property_table(const std::string& path, const PropertyTableOptions& options) {
  PropertyTable table;
  table.file = path;
  auto readings = TableReading(path, options).all();
  table.tallies.records = static_cast<std::int64_t>(readings.size());
  table.tallies.replicate_deviation = std::numeric_limits<double>::quiet_NaN();
  require_labels_alone(readings, path, options.target_column);
  table.rows = usable_rows(std::move(readings), options, table);
  if (options.merge_duplicates) table.rows = merged_replicates(std::move(table.rows), table.tallies);
  describe_values(table);
  require_enough(table, options);
  require_variation(table, options);
  return table;
}

std::vector<std::string> tally_lines(const PropertyTable& table) {
  const auto& t = table.tallies;
  std::vector<std::string> lines;
  const auto add = [&](std::int64_t count, const std::string& text, const RecordTally* tally = nullptr) {
    if (count == 0) return;
    lines.push_back(fmt::format(
        "{} {}{}", count, text,
        tally && !tally->examples.empty() ? "; for example " + tally->examples.front() : std::string()));
  };
  add(t.records, "records read");
  add(static_cast<std::int64_t>(table.rows.size()), "molecules kept with a value");
  if (table.binary) add(table.positives, "of them in class 1");
  add(table.bounded, "of them with a bound (> or <) instead of a value");
  add(t.unreadable.count, "records left out: structure not readable", &t.unreadable);
  add(t.missing_targets.count, "records left out: no measured value", &t.missing_targets);
  add(t.unreadable_targets.count, "records left out: value not readable", &t.unreadable_targets);
  add(t.conflicting.count, "molecules left out: replicates contradict each other", &t.conflicting);
  add(t.merged_records, fmt::format("records merged into {} molecules", t.merged_molecules));
  add(t.yielding_bounds,
      fmt::format("bounds set aside for an exact value or a tighter bound, {} of them broken "
                  "by it",
                  t.contradicted_bounds));
  add(t.not_standardised.count, "molecules kept as drawn: no parent structure", &t.not_standardised);
  add(t.without_carbon.count, "molecules without carbon, kept", &t.without_carbon);
  if (std::isfinite(t.replicate_deviation) && !table.binary)
    lines.push_back(
        fmt::format("{:.3g} standard deviation between replicates of one molecule: the noise of the assay",
                    t.replicate_deviation));
  return lines;
}

}  // namespace theriac::datasets
