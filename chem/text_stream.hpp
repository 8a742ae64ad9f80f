// Lines of a text file, one at a time, in constant memory: plain, gzip-compressed (recognised by its content)
// or standard input ("-").
//
// Input is not trusted. A line longer than `max_line_bytes` is cut there and the rest skipped as it streams
// by, so a file that is one endless line costs neither memory nor time. A gzip file that stops in the middle
// ends the stream with `damage()` set, and its last unfinished line is not handed out as if it were whole.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace theriac::chem {

class TextStream {
 public:
  static constexpr std::size_t max_line_bytes = std::size_t{1} << 20;

  /// `path` may be "-" for standard input. Throws InputError: missing file (hint: nearest name), folder,
  /// unreadable, or compressed in a way that is not read (zstd, bzip2, xz).
  static TextStream open(const std::string& path);
  /// The same on a text in memory, for example SMILES given on the command line.
  static TextStream from_text(std::string text);

  TextStream(TextStream&&) noexcept;
  TextStream& operator=(TextStream&&) noexcept;
  ~TextStream();

  /// Reads the next line without its end ("\n" or "\r\n"); false at the end or at damage.
  bool next_line(std::string& line);
  /// Number of the line read last, from 1.
  std::int64_t line_number() const;
  /// Length of the line read last as it stands in the file; more than `max_line_bytes` when it was cut.
  std::uint64_t line_bytes() const;

  /// Up to `bytes` (at most 64 KiB) of what comes next, unpacked, without reading on. For telling formats
  /// apart.
  std::string_view peek(std::size_t bytes);

  /// Why the stream ended before the file did, e.g. "the gzip data end in the middle"; empty when all is
  /// well.
  const std::string& damage() const;

 private:
  struct Source;
  explicit TextStream(std::unique_ptr<Source> source);
  std::unique_ptr<Source> source_;
};

}  // namespace theriac::chem
