#include "chem/text_stream.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"

namespace theriac::chem {
namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 16;

struct CloseGzip {
  void operator()(gzFile_s* file) const { gzclose_r(file); }
};
using GzipFile = std::unique_ptr<gzFile_s, CloseGzip>;

[[noreturn]] void throw_missing(const std::string& path) {
  const std::string near = nearest_file(path);
  throw InputError(fmt::format("file not found: '{}'", path),
                   near.empty() ? std::string() : fmt::format("did you mean '{}'?", near));
}

int opened_descriptor(const std::string& path) {
  if (path == "-") return ::dup(STDIN_FILENO);
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    throw InputError(fmt::format("'{}' is a folder, not a file", path));
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0 && errno == ENOENT) throw_missing(path);
  if (descriptor < 0) throw InputError(fmt::format("cannot read '{}': {}", path, std::strerror(errno)));
  return descriptor;
}

bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

/// zlib passes what is not gzip through as it is; these packings would then look like broken text.
void refuse_other_packing(std::string_view start, const std::string& path) {
  const auto refuse = [&](const char* kind, const char* tool) {
    throw InputError(fmt::format("'{}' is compressed with {}; plain text and gzip are read", path, kind),
                     fmt::format("unpack it first: {} -d '{}'", tool, path));
  };
  if (starts_with(start, "\x28\xb5\x2f\xfd")) refuse("zstd", "zstd");
  if (starts_with(start, "BZh")) refuse("bzip2", "bzip2");
  if (starts_with(start, std::string_view("\xfd"
                                          "7zXZ",
                                          5)))
    refuse("xz", "xz");
}

}  // namespace

struct TextStream::Source {
  GzipFile file;            // empty when the text is in memory
  std::vector<char> block;  // unpacked and not yet handed out: [begin, end)
  std::size_t begin = 0, end = 0;
  bool ended = false;
  std::int64_t line = 0;
  std::uint64_t line_length = 0;
  std::string damage;

  /// More bytes behind those that wait; false at the end of the data.
  bool fill() {
    if (ended || !file) return false;
    if (begin > 0) {
      std::copy(block.begin() + static_cast<std::ptrdiff_t>(begin),
                block.begin() + static_cast<std::ptrdiff_t>(end), block.begin());
      end -= begin;
      begin = 0;
    }
    if (end == block.size()) return true;
    const int wanted = static_cast<int>(block.size() - end);
    const int got = gzread(file.get(), block.data() + end, static_cast<unsigned>(wanted));
    if (got > 0) end += static_cast<std::size_t>(got);
    if (got < wanted) note_end();
    return got > 0;
  }

  void note_end() {
    ended = true;
    int code = Z_OK;
    const char* text = gzerror(file.get(), &code);
    if (code == Z_OK || code == Z_STREAM_END) return;
    if (code == Z_BUF_ERROR)
      damage = "the gzip data end in the middle, the file is incomplete";
    else if (code == Z_ERRNO)
      damage = fmt::format("reading failed: {}", std::strerror(errno));
    else
      damage = fmt::format("the gzip data are damaged ({})", text);
  }

  void skip_byte_order_mark() {
    fill();
    const std::string_view start(block.data(), end);
    if (starts_with(start, "\xef\xbb\xbf")) begin = 3;
  }
};

TextStream::TextStream(std::unique_ptr<Source> source) : source_(std::move(source)) {}
TextStream::TextStream(TextStream&&) noexcept = default;
TextStream& TextStream::operator=(TextStream&&) noexcept = default;
TextStream::~TextStream() = default;

TextStream TextStream::open(const std::string& path) {
  auto source = std::make_unique<Source>();
  const int descriptor = opened_descriptor(path);
  source->file.reset(gzdopen(descriptor, "rb"));
  if (!source->file) {
    if (descriptor >= 0) ::close(descriptor);
    throw InputError(fmt::format("cannot read '{}': {}", path, std::strerror(errno)));
  }
  gzbuffer(source->file.get(), static_cast<unsigned>(block_bytes));
  source->block.resize(2 * block_bytes);
  source->skip_byte_order_mark();
  refuse_other_packing(std::string_view(source->block.data(), source->end), path);
  return TextStream(std::move(source));
}

TextStream TextStream::from_text(std::string text) {
  auto source = std::make_unique<Source>();
  source->block.assign(text.begin(), text.end());
  source->end = source->block.size();
  source->skip_byte_order_mark();
  return TextStream(std::move(source));
}

bool TextStream::next_line(std::string& line) {
  Source& s = *source_;
  line.clear();
  s.line_length = 0;
  bool any = false, complete = false;
  while (!complete && (s.begin < s.end || s.fill())) {
    any = true;
    const char* from = s.block.data() + s.begin;
    const std::size_t waiting = s.end - s.begin;
    const void* newline = std::memchr(from, '\n', waiting);
    complete = newline != nullptr;
    const std::size_t length =
        complete ? static_cast<std::size_t>(static_cast<const char*>(newline) - from) : waiting;
    if (line.size() < max_line_bytes) line.append(from, std::min(length, max_line_bytes - line.size()));
    s.line_length += length;
    s.begin += length + (complete ? 1 : 0);
  }
  if (!any || (!complete && !s.damage.empty())) return false;
  ++s.line;
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return true;
}

std::int64_t TextStream::line_number() const {
  return source_->line;
}
std::uint64_t TextStream::line_bytes() const {
  return source_->line_length;
}
const std::string& TextStream::damage() const {
  return source_->damage;
}

std::string_view TextStream::peek(std::size_t bytes) {
  Source& s = *source_;
  bytes = std::min(bytes, block_bytes);
  while (s.end - s.begin < bytes && s.fill()) {
  }
  return std::string_view(s.block.data() + s.begin, std::min(bytes, s.end - s.begin));
}

}  // namespace theriac::chem
