// Any supported file, several of them, or standard input as one stream of numbered records, good or bad.
//
// The reader counts records itself and gives one Record for each: a record that cannot be read has a message
// with file, line and reason, and reading goes on behind it. Nothing stops a batch and nothing disappears.
// Memory does not grow with the input.
//
//     RecordReader reader({"hits.smi", "library/*.sdf.gz"});
//     while (auto record = reader.next())
//       if (record->good()) dock(*record->molecule);
//
// To parse on many threads, call `next_raw()` from one and `parse()` from all.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chem/record.hpp"

namespace theriac::chem {

struct ReaderOptions {
  std::optional<MoleculeFormat> format;  ///< for all inputs; by default by extension, then by content
  std::string smiles_column;             ///< CSV and TSV; by default found by name
  std::string name_column;               ///< the same
};

class RecordReader {
 public:
  /// `inputs` as on the command line: files, folders, globs, "-" (see `input_files.hpp`). All of them are
  /// looked for and the first is opened before anything is read. Throws InputError (missing, unknown format,
  /// no SMILES column) and UsageError (a column that does not exist). The same trouble with a later file
  /// becomes a bad record, and so does an empty file; InputError when all are empty.
  explicit RecordReader(const std::vector<std::string>& inputs, ReaderOptions options = {});
  /// Reads a text in memory; `source` stands for the file name in messages.
  static RecordReader from_text(const std::string& text, MoleculeFormat format,
                                const std::string& source = "text");

  RecordReader(RecordReader&&) noexcept;
  RecordReader& operator=(RecordReader&&) noexcept;
  ~RecordReader();

  /// The next record, cut out but not yet parsed; empty after the last. Cheap; one thread at a time. Throws
  /// InputError when the input ends without a single record.
  std::optional<RawRecord> next_raw();
  /// `next_raw()` and `parse()` in one.
  std::optional<Record> next();
  /// Records handed out so far.
  std::int64_t records_read() const;

 private:
  struct State;
  explicit RecordReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace theriac::chem
