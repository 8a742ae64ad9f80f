#include "chem/record_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "chem/error.hpp"
#include "chem/input_files.hpp"
#include "chem/record_source.hpp"

namespace theriac::chem {
namespace {

MoleculeFormat format_of(const std::string& file, TextStream& stream, const ReaderOptions& options) {
  if (options.format) return *options.format;
  if (file != "-")
    if (const auto format = format_from_extension(file)) return *format;
  if (const auto format = format_from_content(stream.peek(std::size_t{1} << 16))) return *format;
  throw InputError(
      fmt::format("cannot tell the format of {}", file == "-" ? "standard input" : "'" + file + "'"),
      fmt::format("give it with --in-format; known formats: {}", known_formats()));
}

std::unique_ptr<RecordSource> source_of(MoleculeFormat format, TextStream stream,
                                        const ReaderOptions& options, const std::string& file) {
  const ColumnChoice columns{options.smiles_column, options.name_column};
  switch (format) {
    case MoleculeFormat::smiles:
      return smiles_lines(std::move(stream));
    case MoleculeFormat::csv:
      return delimited_text(std::move(stream), 0, columns, file);
    case MoleculeFormat::tsv:
      return delimited_text(std::move(stream), '\t', columns, file);
    case MoleculeFormat::sdf:
      return sdf_records(std::move(stream), false);
    case MoleculeFormat::mol:
      return sdf_records(std::move(stream), true);
    case MoleculeFormat::mol2:
      return mol2_records(std::move(stream));
    case MoleculeFormat::pdb:
    case MoleculeFormat::pdbqt:
      return model_records(std::move(stream), format);
  }
  throw InputError(fmt::format("'{}' has a format without a reader", file));
}

std::string file_label(const std::string& file) {
  return file == "-" ? std::string("stdin") : std::filesystem::path(file).filename().string();
}

/// Nothing in it, compressed or not. Pipes are not looked at: what they give, they give once.
bool is_empty(const std::string& file) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) return false;
  if (std::filesystem::file_size(file, ignored) == 0) return true;
  try {
    auto stream = TextStream::open(file);
    return stream.peek(1).empty() && stream.damage().empty();
  } catch (const InputError&) {
    return false;
  }
}

/// "(hits.smi, line 17)": where a bad record stands.
std::string place(const RawRecord& record) {
  const std::string file = record.file == "-" ? "standard input" : record.file;
  return record.line > 0 ? fmt::format(" ({}, line {})", file, record.line) : fmt::format(" ({})", file);
}

}  // namespace

struct RecordReader::State {
  std::vector<std::string> files;
  ReaderOptions options;
  std::size_t opened = 0;  // files opened so far; the last of them is being read
  MoleculeFormat format = MoleculeFormat::smiles;
  std::unique_ptr<RecordSource> source;
  std::int64_t in_file = 0, records = 0;

  const std::string& file() const { return files[opened - 1]; }

  void open(TextStream stream) {
    if (stream.peek(1).empty() && stream.damage().empty())
      throw InputError(
          fmt::format("{} is empty", file() == "-" ? "standard input" : "file '" + file() + "'"));
    format = format_of(file(), stream, options);
    source = source_of(format, std::move(stream), options, file());
  }

  void open_next() {
    ++opened;
    in_file = 0;
    open(TextStream::open(file()));
  }

  RawRecord numbered(RawRecord record) {
    record.index = records++;
    record.file = file();
    record.format = format;
    if (record.name.empty())
      record.name =
          record.line > 0 ? fmt::format("{}:{}", file_label(file()), record.line) : file_label(file());
    if (!record.message.empty()) record.message += place(record);
    ++in_file;
    return record;
  }

  RawRecord trouble(const std::string& message, std::int64_t line) {
    RawRecord record;
    record.line = line;
    record.message = message;
    return numbered(std::move(record));
  }

  /// What is left to say when a file has given its last record; empty when nothing is.
  std::optional<RawRecord> end_of_file() {
    const std::string damage = source->stream().damage();
    const std::int64_t line = source->stream().line_number();
    source.reset();
    if (!damage.empty())
      return trouble(
          fmt::format("{}; {} {} read before", damage, in_file, in_file == 1 ? "record was" : "records were"),
          line);
    if (in_file > 0) return std::nullopt;
    const std::string message = fmt::format("no molecules in '{}'", file());
    if (records == 0 && opened == files.size()) throw InputError(message);
    return trouble("no molecules in this file", 0);
  }
};

RecordReader::RecordReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
RecordReader::RecordReader(RecordReader&&) noexcept = default;
RecordReader& RecordReader::operator=(RecordReader&&) noexcept = default;
RecordReader::~RecordReader() = default;

RecordReader::RecordReader(const std::vector<std::string>& inputs, ReaderOptions options)
    : state_(std::make_unique<State>()) {
  state_->files = expand_inputs(inputs);
  state_->options = std::move(options);
  if (state_->files.empty()) throw UsageError("no input file given");
  const auto& files = state_->files;
  if (std::all_of(files.begin(), files.end(), is_empty))
    throw InputError(files.size() == 1 ? fmt::format("file '{}' is empty", files.front())
                                       : fmt::format("all {} files are empty", files.size()));
  if (is_empty(files.front())) return;  // a bad record, when it comes to that
  state_->open_next();
}

RecordReader RecordReader::from_text(const std::string& text, MoleculeFormat format,
                                     const std::string& source) {
  auto state = std::make_unique<State>();
  state->files = {source};
  state->options.format = format;
  state->opened = 1;
  state->open(TextStream::from_text(text));
  return RecordReader(std::move(state));
}

std::optional<RawRecord> RecordReader::next_raw() {
  State& s = *state_;
  for (;;) {
    RawRecord record;
    if (s.source && s.source->next(record)) return s.numbered(std::move(record));
    if (s.source)
      if (auto last = s.end_of_file()) return last;
    if (s.opened == s.files.size()) return std::nullopt;
    try {
      s.open_next();
    } catch (const Error& e) {
      return s.trouble(e.what(), 0);
    }
  }
}

std::optional<Record> RecordReader::next() {
  const auto raw = next_raw();
  if (!raw) return std::nullopt;
  return parse(*raw);
}

std::int64_t RecordReader::records_read() const {
  return state_->records;
}

Record parse(const RawRecord& raw) {
  Record record;
  static_cast<RawRecord&>(record) = raw;
  if (!record.message.empty()) return record;
  try {
    switch (raw.format) {
      case MoleculeFormat::smiles:
      case MoleculeFormat::csv:
      case MoleculeFormat::tsv:
        record.molecule = molecule_from_smiles_text(raw.text, raw.name);
        break;
      case MoleculeFormat::sdf:
      case MoleculeFormat::mol:
        record.properties = sdf_properties(raw.text);
        record.molecule = molecule_from_sdf_record(raw.text, raw.name);
        break;
      case MoleculeFormat::mol2:
        record.molecule = molecule_from_mol2(raw.text, raw.name);
        break;
      case MoleculeFormat::pdb:
        record.molecule = molecule_from_pdb(raw.text, raw.name);
        break;
      case MoleculeFormat::pdbqt: {
        const std::string smiles = checked_pdbqt_smiles(raw.text);
        if (!smiles.empty()) record.molecule = molecule_from_smiles_text(smiles, raw.name);
        record.pdbqt_text = raw.text;
        break;
      }
    }
  } catch (const std::exception& e) {
    record.molecule.reset();
    record.pdbqt_text.clear();
    record.message = e.what() + place(raw);
  }
  return record;
}

}  // namespace theriac::chem
