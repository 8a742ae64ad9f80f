// What the pretend device has done so far; between its library and tests/pretend_device.hpp.
#pragma once
#include <cstdint>

namespace theriac {

struct PretendDeviceUse {
  std::uint64_t operations = 0;  ///< computed on it
  std::uint64_t sent = 0;        ///< copies from the processor
  std::uint64_t fetched = 0;     ///< copies to the processor, single numbers included
};

}  // namespace theriac
