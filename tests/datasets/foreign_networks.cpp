// A library that looks like Theriac's networks, of another build.
#include "datasets/network_library.hpp"

extern "C" const theriac::datasets::NetworkExports* theriac_networks() {
  static const theriac::datasets::NetworkExports exports{"0.0.0-other", "0.0", nullptr,
                                                         [](const char*) -> const void* { return nullptr; }};
  return &exports;
}
