#include "datasets/byte_stream.hpp"

#include <cstring>

#include "chem/error.hpp"

namespace theriac::datasets {

void ByteWriter::put_integer(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  for (int shift = 0; shift < 64; shift += 8) bytes_ += static_cast<char>(bits >> shift);
}

void ByteWriter::put_real(double value) {
  std::int64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  put_integer(bits);
}

void ByteWriter::put_text(std::string_view text) {
  put_integer(static_cast<std::int64_t>(text.size()));
  bytes_ += text;
}

std::string_view ByteReader::take(std::size_t n) {
  if (n > rest_.size()) throw StorageError("a journal block ends in the middle of a value");
  const auto taken = rest_.substr(0, n);
  rest_.remove_prefix(n);
  return taken;
}

std::uint8_t ByteReader::get_byte() {
  return static_cast<std::uint8_t>(take(1)[0]);
}

std::int64_t ByteReader::get_integer() {
  const auto bytes = take(8);
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 8; ++i) bits |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return static_cast<std::int64_t>(bits);
}

double ByteReader::get_real() {
  const std::int64_t bits = get_integer();
  double value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

std::string ByteReader::get_text() {
  const std::int64_t length = get_integer();
  if (length < 0) throw StorageError("a journal block holds a text of negative length");
  return std::string(take(static_cast<std::size_t>(length)));
}

}  // namespace theriac::datasets
