#include "chem/text_file.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"

namespace theriac::chem {
namespace {

namespace fs = std::filesystem;

void require_readable_file(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) throw InputError(fmt::format("'{}' is a folder, expected a file", path));
  if (fs::exists(path, error)) return;
  const std::string near = nearest_file(path);
  throw InputError(fmt::format("file not found: '{}'", path),
                   near.empty() ? std::string() : fmt::format("did you mean '{}'?", near));
}

struct CloseGzip {
  void operator()(gzFile_s* file) const { gzclose(file); }
};

std::string zlib_reason(gzFile_s* file) {
  int code = Z_OK;
  const char* text = gzerror(file, &code);
  if (code == Z_BUF_ERROR) return "the file ends before its gzip data do; it was cut short";
  if (code == Z_ERRNO) return std::strerror(errno);
  return text && *text ? text : "not valid gzip data";
}

}  // namespace

std::string read_text_file(const std::string& path, std::size_t limit_bytes) {
  require_readable_file(path);
  // gzread passes files without the gzip magic number through unchanged.
  const std::unique_ptr<gzFile_s, CloseGzip> file(gzopen(path.c_str(), "rb"));
  if (!file) throw InputError(fmt::format("cannot read '{}': {}", path, std::strerror(errno)));
  gzbuffer(file.get(), 1 << 17);
  std::string content;
  std::string chunk(1 << 18, '\0');
  for (;;) {
    const int n = gzread(file.get(), chunk.data(), static_cast<unsigned>(chunk.size()));
    int code = Z_OK;
    gzerror(file.get(), &code);
    if (n < 0 || (n == 0 && code != Z_OK && code != Z_STREAM_END))
      throw InputError(fmt::format("cannot read '{}': {}", path, zlib_reason(file.get())));
    if (n == 0) break;
    content.append(chunk.data(), static_cast<std::size_t>(n));
    if (content.size() > limit_bytes)
      throw InputError(fmt::format("'{}' holds more than {} MB of text", path, limit_bytes >> 20));
  }
  if (content.empty()) throw InputError(fmt::format("'{}' is empty", path));
  return content;
}

bool next_line(std::string_view& text, std::string_view& line) {
  if (text.empty()) return false;
  const std::size_t end = text.find('\n');
  line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return true;
}

std::string_view trimmed(std::string_view text) {
  const char* blanks = " \t\r\n\f\v";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

void write_text_file(const std::string& path, std::string_view content) {
  const std::string temporary = path + ".part";
  {
    std::ofstream out(temporary, std::ios::binary);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    out.flush();
    if (!out) {
      const std::string reason = std::strerror(errno);
      std::error_code ignored;
      fs::remove(temporary, ignored);
      throw StorageError(fmt::format("cannot write '{}': {}", path, reason));
    }
  }
  std::error_code error;
  fs::rename(temporary, path, error);
  if (error) throw StorageError(fmt::format("cannot write '{}': {}", path, error.message()));
}

}  // namespace theriac::chem
