// ZIP archives, plain or deflated, with every access checked (PKWARE's APPNOTE 6.3). ZIP64 and encryption are
// refused.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace theriac::datasets {

struct ZipEntry {
  std::string name;
  int method = 0;  ///< 0: as it is, 8: deflated
  std::uint32_t crc = 0;
  std::size_t packed = 0, unpacked = 0;  ///< bytes
  std::size_t local = 0;                 ///< where its own header stands
};

class ZipArchive {
 public:
  /// `source` and `kind` (".npz", "TorchScript") stand for the file in messages. Throws InputError when the
  /// bytes are no such archive, are cut short or contradict themselves.
  ZipArchive(std::string bytes, std::string source, std::string kind);

  const std::vector<ZipEntry>& entries() const { return entries_; }
  /// Checked against its length and sum. Throws InputError.
  std::string content(const ZipEntry& entry) const;

  /// Throws the InputError that names the file.
  [[noreturn]] void refuse(const std::string& reason) const;

 private:
  std::string_view piece(std::size_t at, std::size_t length) const;
  std::uint32_t number(std::size_t at, std::size_t width) const;
  std::size_t end_record() const;

  std::string bytes_, source_, kind_;
  std::vector<ZipEntry> entries_;
};

}  // namespace theriac::datasets
