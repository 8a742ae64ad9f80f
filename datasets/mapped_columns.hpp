// Columns that are mapped instead of read: one contiguous, uncompressed HDF5 dataset each, written whole.
//
// Such a dataset is the plain array at one place of the file. MappedColumns asks HDF5 for the place
// (H5Dget_offset), closes the HDF5 file and maps it with mmap(2): opening costs the directory only, and the
// system reads the pages that are touched. h5py reads the same datasets as any others.
//
// Nothing in the file is trusted: a column that is chunked, compressed, kept in another file, of another type
// or reaching past the end is an error when the file is opened, not a crash when it is used.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace theriac::datasets {

/// A read-only column or part of one, mapped from the file; valid while what it came from lives.
template <class T>
struct ColumnView {
  const T* first = nullptr;
  std::size_t count = 0;

  const T* begin() const { return first; }
  const T* end() const { return first + count; }
  std::size_t size() const { return count; }
  bool empty() const { return count == 0; }
  const T& operator[](std::size_t i) const { return first[i]; }
};

/// Of numbers in the file, little-endian.
enum class ElementType : std::uint8_t { uint8, int8, uint16, uint32, uint64, float32 };
std::size_t element_size(ElementType type);
std::string element_name(ElementType type);  ///< "uint8"

template <class T>
constexpr ElementType element_type();
template <>
constexpr ElementType element_type<char>() {
  return ElementType::uint8;
}
template <>
constexpr ElementType element_type<std::uint8_t>() {
  return ElementType::uint8;
}
template <>
constexpr ElementType element_type<std::int8_t>() {
  return ElementType::int8;
}
template <>
constexpr ElementType element_type<std::uint16_t>() {
  return ElementType::uint16;
}
template <>
constexpr ElementType element_type<std::uint32_t>() {
  return ElementType::uint32;
}
template <>
constexpr ElementType element_type<std::uint64_t>() {
  return ElementType::uint64;
}
template <>
constexpr ElementType element_type<float>() {
  return ElementType::float32;
}

/// Writes an HDF5 file of whole columns. Equal contents give equal bytes: no times, one order.
class ColumnWriter {
 public:
  /// Truncates. Throws StorageError, as all members do.
  explicit ColumnWriter(const std::string& path);
  ~ColumnWriter();
  ColumnWriter(const ColumnWriter&) = delete;
  ColumnWriter& operator=(const ColumnWriter&) = delete;

  /// Groups on the way are made. `unit` and `description` become attributes when they are not empty.
  void put(const std::string& path, ElementType type, const void* values, std::size_t count,
           const std::string& unit = {}, const std::string& description = {});
  template <class T>
  void put(const std::string& path, const std::vector<T>& values, const std::string& unit = {},
           const std::string& description = {}) {
    put(path, element_type<T>(), values.data(), values.size(), unit, description);
  }
  /// Of a group or dataset that exists; "/" is the root.
  void set_attribute(const std::string& object, const std::string& name, const std::string& value);
  void set_attribute(const std::string& object, const std::string& name, std::int64_t value);
  /// Flushes and closes; a full disk shows here. The destructor closes silently.
  void close();

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// A file of ColumnWriter, mapped.
class MappedColumns {
 public:
  /// Throws InputError (no such file; hint: the nearest name) or StorageError with `hint`: not HDF5,
  /// truncated, damaged, or holding datasets of another kind.
  static MappedColumns open(const std::string& path, const std::string& hint = {});
  MappedColumns(MappedColumns&&) noexcept;
  MappedColumns& operator=(MappedColumns&&) noexcept;
  ~MappedColumns();

  const std::string& path() const;
  bool has(const std::string& column) const;
  /// Names directly below a group, sorted: members("/links") is {"binds", ...}. Empty for no such group.
  std::vector<std::string> members(const std::string& group) const;
  /// Throws StorageError when there is no such column or its numbers are of another type.
  template <class T>
  ColumnView<T> view(const std::string& column) const {
    std::size_t count = 0;
    const void* first = find(column, element_type<T>(), count);
    return {static_cast<const T*>(first), count};
  }
  /// Attributes of the root; false when there is none of that name and type.
  bool root_attribute(const std::string& name, std::string& value) const;
  bool root_attribute(const std::string& name, std::int64_t& value) const;

 private:
  const void* find(const std::string& column, ElementType type, std::size_t& count) const;
  struct Implementation;
  explicit MappedColumns(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace theriac::datasets
