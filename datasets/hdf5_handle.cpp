#include "datasets/hdf5_handle.hpp"

#include <fmt/format.h>
#include <hdf5.h>

#include <cerrno>
#include <cstdlib>
#include <type_traits>

#include "chem/error.hpp"
#include "datasets/durable_file.hpp"

namespace theriac::datasets {

static_assert(std::is_same_v<hid_t, std::int64_t> && std::is_same_v<herr_t, int>,
              "an HDF5 of before 1.10 has other identifiers");

std::string hdf5_reason() {
  std::string reason;
  H5Ewalk2(
      H5E_DEFAULT, H5E_WALK_DOWNWARD,
      [](unsigned, const H5E_error2_t* error, void* text) -> herr_t {
        if (error->desc && *error->desc) *static_cast<std::string*>(text) = error->desc;
        return 0;
      },
      &reason);
  return reason;
}

void begin_hdf5() {
  static const bool first = [] {
    H5dont_atexit();
    return true;
  }();
  static_cast<void>(first);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);  // of this thread
}

void throw_hdf5_error(const std::string& what, const std::string& path, const std::string& hint) {
  const std::string reason = hdf5_reason(), before = "errno = ";
  const auto at = reason.find(before);
  if (at != std::string::npos) {
    const int number = std::atoi(reason.c_str() + at + before.size());
    if (number == ENOSPC || number == EDQUOT || number == EFBIG) throw_storage_error("write", path, number);
  }
  throw StorageError(fmt::format("cannot {} '{}': {}", what, path, reason), hint);
}

}  // namespace theriac::datasets
