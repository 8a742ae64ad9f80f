// Neural networks live in a library of their own, libtheriac_networks.so, opened when the first one is
// needed.
//
// LibTorch is 300 shared libraries and costs half a second to load: a program that docks does without. A room
// describes its network as an abstract class without LibTorch (e.g. generative/policy_engine.hpp) together
// with a maker of it; the library holds the classes behind them. Objects cross freely, because library and
// program are built from the same headers: each says which, and a library of another build is refused.
// The library has copies of its own of the code below it, so state that is kept there (caches, RDKit's log)
// is not the program's. Exceptions of chem/error.hpp arrive as what they are.
//
// Looked for in this order: the file that the environment variable THERIAC_NETWORKS names,
// ../lib/theriac from the running program (installed, or in the build tree), and the folder given to
// `cmake --install`.
#pragma once
#include <string>
#include <vector>

namespace theriac::datasets {

/// The LibTorch that the library was loaded with.
struct LoadedLibTorch {
  std::string version;     ///< as the loaded file says, "2.15.0"; Debian's 1.13.1 says 1.13.0
  std::string headers;     ///< of the one that the library was compiled for
  std::string file;        ///< libtorch_cpu.so
  std::string blas;        ///< what multiplies matrices, "Intel MKL 2024.2"; empty: neither OpenBLAS nor MKL
  std::string cuda;        ///< version of CUDA that it was built with; empty: without
  bool cuda_part = false;  ///< what computes on GPUs is loaded too
  int gpus = 0;            ///< found here and now
};

/// What the library exports, once: `extern "C" const NetworkExports* theriac_networks()`.
struct NetworkExports {
  const char* interface;  ///< version and digest of the headers; compared before anything else
  const char* libtorch;   ///< "1.13.1", of the headers
  LoadedLibTorch (*loaded)();
  const void* (*maker)(const char* name);  ///< null: there is no such network
};

struct NetworkLibrary {
  std::string path;      ///< of the library
  std::string libtorch;  ///< the version that it was compiled for
};

/// Loads the library at the first call. Throws ModelError that says what is missing, where it was looked for
/// and how to get it. Thread-safe; a failed call can be repeated.
NetworkLibrary network_library();

/// Asks LibTorch about itself; loads the library, and starts the driver of GPUs if there is one.
LoadedLibTorch loaded_libtorch();

/// The files that are tried, first to last.
std::vector<std::string> network_library_places();

/// Of the library; loads it. Throws ModelError as above, and for a name that the library does not know.
const void* network_maker(const std::string& name);

/// The maker of a kind of network: `Maker` is an abstract class with a text `network`.
template <typename Maker>
const Maker& network_maker() {
  return *static_cast<const Maker*>(network_maker(Maker::network));
}

}  // namespace theriac::datasets
