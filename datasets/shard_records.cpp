#include "datasets/shard_records.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <numeric>
#include <utility>

#include "chem/error.hpp"
#include "datasets/byte_stream.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/gzip.hpp"
#include "datasets/journal.hpp"
#include "datasets/sha256.hpp"

namespace theriac::datasets {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t bytes_per_piece = std::size_t{64} << 10;  // of a segment, per shard, before compression
constexpr std::size_t smallest_segment = std::size_t{16} << 20, largest_segment = std::size_t{256} << 20;
constexpr int fast_compression = 1;
constexpr std::size_t checksum_digits = 64;
constexpr std::int64_t index_version = 1;

std::string records_path(const std::string& folder) {
  return folder + "/records.bin";
}
std::string growing_path(const std::string& folder) {
  return folder + "/records.part";
}
std::string index_path(const std::string& folder) {
  return folder + "/index.bin";
}

/// Bytes [offset, offset + length) of a file.
class PieceReader {
 public:
  explicit PieceReader(std::string path) : path_(std::move(path)) {
    descriptor_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) throw_storage_error("read", path_, errno);
  }
  ~PieceReader() { ::close(descriptor_); }
  PieceReader(const PieceReader&) = delete;
  PieceReader& operator=(const PieceReader&) = delete;

  std::string read(std::uint64_t offset, std::uint64_t length) const {
    std::string bytes(length, '\0');
    for (std::size_t done = 0; done < bytes.size();) {
      const ssize_t n =
          ::pread(descriptor_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) throw_storage_error("read", path_, errno);
      if (n == 0) throw StorageError(fmt::format("'{}' is shorter than it was when it was planned", path_));
      done += static_cast<std::size_t>(n);
    }
    return bytes;
  }

 private:
  std::string path_;
  int descriptor_;
};

struct SegmentPiece {
  std::int64_t shard, records;
  std::uint64_t offset, length;  // in the segment
};

/// A segment is a table of pieces and then the pieces.
std::vector<SegmentPiece> segment_pieces(std::string_view segment) {
  ByteReader in(segment);
  std::vector<SegmentPiece> pieces;
  const std::int64_t n = in.get_integer();
  std::uint64_t at = 8 * (1 + 3 * static_cast<std::uint64_t>(n));
  for (std::int64_t i = 0; i < n; ++i) {
    SegmentPiece piece{};
    piece.shard = in.get_integer();
    piece.records = in.get_integer();
    piece.length = static_cast<std::uint64_t>(in.get_integer());
    piece.offset = at;
    at += piece.length;
    pieces.push_back(piece);
  }
  return pieces;
}

}  // namespace

int shard_of(std::uint64_t key, int shards) {
  return static_cast<int>(key % static_cast<std::uint64_t>(shards));
}

void put_record(ByteWriter& out, const chem::RawRecord& record) {
  out.put_integer(record.index);
  out.put_text(record.file);
  out.put_integer(record.line);
  out.put_byte(static_cast<std::uint8_t>(record.format));
  for (const auto* text : {&record.name, &record.text, &record.message}) out.put_text(*text);
  out.put_integer(static_cast<std::int64_t>(record.properties.size()));
  for (const auto& [name, value] : record.properties) {
    out.put_text(name);
    out.put_text(value);
  }
}

chem::RawRecord get_record(ByteReader& in) {
  chem::RawRecord record;
  record.index = in.get_integer();
  record.file = in.get_text();
  record.line = in.get_integer();
  record.format = static_cast<chem::MoleculeFormat>(in.get_byte());
  for (auto* text : {&record.name, &record.text, &record.message}) *text = in.get_text();
  for (std::int64_t n = in.get_integer(); n > 0; --n) {
    std::string name = in.get_text();
    record.properties.emplace_back(std::move(name), in.get_text());
  }
  return record;
}

struct ShardRecordsWriter::Implementation {
  std::string folder, identity;
  std::optional<Journal> journal;
  struct Pending {
    ByteWriter bytes;
    std::int64_t records = 0;
  };
  std::vector<Pending> pending;
  std::size_t pending_bytes = 0, limit = 0;
  std::uint32_t pending_records = 0;

  void write_segment();
  void write_index() const;
};

ShardRecordsWriter::ShardRecordsWriter(const std::string& folder, const std::string& identity, int shards)
    : implementation_(std::make_unique<Implementation>()) {
  auto& own = *implementation_;
  own.folder = folder;
  own.identity = identity;
  own.pending.resize(static_cast<std::size_t>(shards));
  own.limit = std::clamp(bytes_per_piece * own.pending.size(), smallest_segment, largest_segment);
  own.journal.emplace(growing_path(folder), identity);
}

ShardRecordsWriter::~ShardRecordsWriter() = default;

std::int64_t ShardRecordsWriter::records_kept() const {
  return static_cast<std::int64_t>(implementation_->journal->record_count());
}

void ShardRecordsWriter::add(const chem::RawRecord& record, std::uint64_t key) {
  auto& own = *implementation_;
  auto& shard = own.pending[static_cast<std::size_t>(shard_of(key, static_cast<int>(own.pending.size())))];
  const std::size_t before = shard.bytes.bytes().size();
  put_record(shard.bytes, record);
  ++shard.records;
  ++own.pending_records;
  own.pending_bytes += shard.bytes.bytes().size() - before;
  if (own.pending_bytes >= own.limit) own.write_segment();
}

void ShardRecordsWriter::Implementation::write_segment() {
  if (pending_records == 0) return;
  ByteWriter table;
  std::string pieces;
  std::int64_t filled = 0;
  for (const auto& shard : pending) filled += shard.records > 0;
  table.put_integer(filled);
  for (std::size_t k = 0; k < pending.size(); ++k) {
    if (pending[k].records == 0) continue;
    const std::string piece = gzip(pending[k].bytes.bytes(), fast_compression);
    table.put_integer(static_cast<std::int64_t>(k));
    table.put_integer(pending[k].records);
    table.put_integer(static_cast<std::int64_t>(piece.size()));
    pieces += piece;
    pending[k] = {};
  }
  journal->append(table.bytes() + pieces, pending_records);
  pending_bytes = 0;
  pending_records = 0;
}

void ShardRecordsWriter::Implementation::write_index() const {
  std::vector<ByteWriter> places(pending.size());
  std::vector<std::int64_t> counts(pending.size(), 0);
  JournalFile file(growing_path(folder));
  while (const auto block = file.next())
    for (const auto& piece : segment_pieces(block->payload)) {
      auto& out = places.at(static_cast<std::size_t>(piece.shard));
      out.put_integer(static_cast<std::int64_t>(block->offset + piece.offset));
      out.put_integer(static_cast<std::int64_t>(piece.length));
      out.put_integer(piece.records);
      counts[static_cast<std::size_t>(piece.shard)] += piece.records;
    }
  ByteWriter head;
  head.put_integer(index_version);
  head.put_integer(static_cast<std::int64_t>(pending.size()));
  std::uint64_t at = 8 * (3 + 2 * pending.size()) + checksum_digits;
  for (std::size_t k = 0; k < pending.size(); ++k) {
    head.put_integer(counts[k]);
    head.put_integer(static_cast<std::int64_t>(at));
    at += places[k].bytes().size();
  }
  head.put_integer(static_cast<std::int64_t>(at));
  DurableFile out(index_path(folder));
  out.write(head.bytes());
  out.write(sha256(head.bytes()));
  for (const auto& place : places) out.write(place.bytes());
  out.publish();
}

void ShardRecordsWriter::flush() {
  implementation_->write_segment();
}

void ShardRecordsWriter::finish() {
  auto& own = *implementation_;
  own.write_segment();
  own.journal.reset();
  own.write_index();
  publish_file(growing_path(own.folder), records_path(own.folder));
}

bool ShardRecordsWriter::finished(const std::string& folder, const std::string& identity) {
  return fs::exists(index_path(folder)) && fs::exists(records_path(folder)) &&
         JournalFile(records_path(folder)).identity() == identity;
}

ShardRecords::ShardRecords(const std::string& folder) : folder_(folder) {
  const std::string path = index_path(folder);
  if (!fs::exists(path) || !fs::exists(records_path(folder)))
    throw StorageError(fmt::format("'{}' holds no finished plan", folder), "run theriac screen plan again");
  const PieceReader file(path);
  const std::string start = file.read(0, 16);
  ByteReader first(start);
  const std::int64_t version = first.get_integer(), n = first.get_integer();
  const auto damaged = [&] { return StorageError(fmt::format("'{}' is damaged", path), "plan again"); };
  if (version != index_version || n < 1 || n > (std::int64_t{1} << 24)) throw damaged();
  const std::uint64_t head = 8 * (3 + 2 * static_cast<std::uint64_t>(n));
  const std::string bytes = file.read(0, head + checksum_digits);
  if (sha256(std::string_view(bytes).substr(0, head)) != std::string_view(bytes).substr(head))
    throw damaged();
  ByteReader in(std::string_view(bytes).substr(16, head - 16));
  for (std::int64_t k = 0; k < n; ++k) {
    counts_.push_back(in.get_integer());
    places_.push_back(static_cast<std::uint64_t>(in.get_integer()));
  }
  places_.push_back(static_cast<std::uint64_t>(in.get_integer()));
}

std::int64_t ShardRecords::count() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0});
}

std::vector<ShardRecords::Piece> ShardRecords::pieces(int shard) const {
  const auto k = static_cast<std::size_t>(shard);
  const std::string bytes =
      PieceReader(index_path(folder_)).read(places_.at(k), places_.at(k + 1) - places_.at(k));
  std::vector<Piece> all;
  std::int64_t records = 0;
  for (ByteReader in(bytes); !in.at_end();) {
    Piece piece{};
    piece.offset = static_cast<std::uint64_t>(in.get_integer());
    piece.length = static_cast<std::uint64_t>(in.get_integer());
    piece.records = in.get_integer();
    records += piece.records;
    all.push_back(piece);
  }
  if (records != count(shard))
    throw StorageError(fmt::format("'{}' is damaged: the pieces of shard {} hold {} records instead of {}",
                                   index_path(folder_), shard, records, count(shard)),
                       "plan again");
  return all;
}

RecordSupply ShardRecords::open(int shard) const {
  struct State {
    explicit State(const std::string& path) : file(path) {}
    PieceReader file;
    std::vector<Piece> pieces;
    std::size_t next = 0;
    std::vector<chem::RawRecord> records;
    std::size_t given = 0;
  };
  auto state = std::make_shared<State>(records_path(folder_));
  state->pieces = pieces(shard);
  return [state, shard, path = records_path(folder_)]() -> std::optional<chem::RawRecord> {
    while (state->given == state->records.size()) {
      if (state->next == state->pieces.size()) return {};
      const Piece& piece = state->pieces[state->next++];
      state->records.clear();
      state->given = 0;
      try {
        const std::string bytes = gunzip(state->file.read(piece.offset, piece.length));
        for (ByteReader in(bytes); !in.at_end();) state->records.push_back(get_record(in));
      } catch (const StorageError& error) {
        throw StorageError(
            fmt::format("the records of shard {} cannot be read from '{}': {}", shard, path, error.what()),
            "nothing was lost of other shards; plan the library again into another folder for this one");
      }
      if (static_cast<std::int64_t>(state->records.size()) != piece.records)
        throw StorageError(fmt::format("a piece of shard {} in '{}' is damaged", shard, path));
    }
    return std::move(state->records[state->given++]);
  };
}

}  // namespace theriac::datasets
