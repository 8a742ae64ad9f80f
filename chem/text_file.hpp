// A whole text file in memory, plain or gzip, with errors that say what to do.
//
// Structures and small tables are read whole: they are at most some hundred megabytes, and a parser that sees
// all lines can name the line it dislikes. Molecule libraries are streamed instead (RecordReader).
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace theriac::chem {

/// The content of `path`, unpacked when it begins with the gzip magic number, whatever its extension.
/// Throws InputError when the file is missing (with the nearest name), is a folder, cannot be read, is a
/// damaged or truncated gzip, is empty, or unpacks to more than `limit_bytes`.
std::string read_text_file(const std::string& path, std::size_t limit_bytes = std::size_t(1) << 30);

/// Cuts the next line off `text` (without its "\n" or "\r\n"). False when nothing is left.
bool next_line(std::string_view& text, std::string_view& line);

/// `text` without blanks at both ends.
std::string_view trimmed(std::string_view text);

/// Replaces `path` by `content` in one step: written to a neighbour and renamed. Throws StorageError.
void write_text_file(const std::string& path, std::string_view content);

}  // namespace theriac::chem
