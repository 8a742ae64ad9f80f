#include "datasets/hdf5_handle.hpp"

#include <hdf5.h>

#include <type_traits>

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

}  // namespace theriac::datasets
