// What every file that calls HDF5's C interface needs: identifiers that close themselves, and the reason of
// an error. HDF5's own types are spelled out (hid_t is a 64-bit integer, herr_t an int), so that no header of
// it shows.
#pragma once
#include <cstdint>
#include <string>
#include <utility>

namespace theriac::datasets {

/// An HDF5 identifier that closes itself.
class Hdf5Handle {
 public:
  using Close = int (*)(std::int64_t);
  Hdf5Handle() = default;
  Hdf5Handle(std::int64_t id, Close close) : id_(id), close_(close) {}
  Hdf5Handle(Hdf5Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Hdf5Handle& operator=(Hdf5Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  ~Hdf5Handle() { reset(); }
  /// False when HDF5 could not close, which includes the last write to a full disk.
  bool reset() { return id_ < 0 || close_(std::exchange(id_, -1)) >= 0; }
  operator std::int64_t() const { return id_; }

 private:
  std::int64_t id_ = -1;
  Close close_ = nullptr;
};

/// Before anything else of HDF5: it prints nothing, and does nothing when the program ends. (It would close
/// its files again then, and 1.10 crashes on one that could not be written to a full disk.)
void begin_hdf5();

/// Throws StorageError for what HDF5 just failed to do: a full disk as throw_storage_error says it, anything
/// else as "cannot WHAT 'PATH': reason" with the hint.
[[noreturn]] void throw_hdf5_error(const std::string& what, const std::string& path,
                                   const std::string& hint = {});

/// The innermost reason on HDF5's error stack, which it would otherwise print.
std::string hdf5_reason();

}  // namespace theriac::datasets
