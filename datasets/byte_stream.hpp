// Numbers and text as bytes and back: what a journal block is made of. Little-endian, no padding, no
// alignment.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace theriac::datasets {

class ByteWriter {
 public:
  void put_byte(std::uint8_t value) { bytes_ += static_cast<char>(value); }
  void put_integer(std::int64_t value);
  void put_real(double value);
  void put_text(std::string_view text);  ///< any bytes, length first

  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

/// Reads what ByteWriter wrote, in the same order. Every read throws StorageError past the end.
class ByteReader {
 public:
  /// `bytes` outlives the reader.
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  std::uint8_t get_byte();
  std::int64_t get_integer();
  double get_real();
  std::string get_text();
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view take(std::size_t n);
  std::string_view rest_;
};

}  // namespace theriac::datasets
