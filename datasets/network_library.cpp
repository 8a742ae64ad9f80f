#include "datasets/network_library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <filesystem>

#include "chem/error.hpp"

namespace theriac::datasets {
namespace {

namespace fs = std::filesystem;

constexpr const char* file_name = "libtheriac_networks.so";
constexpr const char* how_to_get =
    "build with scripts/build and install with cmake --install, or set THERIAC_NETWORKS to the file";

/// OpenBLAS 0.3.21 knows processors by model number and takes one that is newer than itself for a Prescott of
/// 2004: a quarter of the speed (30 against 107 GFLOP/s a core, float32 products). It cannot be asked
/// beforehand whether it will, so the kernels that fit the processor's own flags are named always, unless the
/// user named some.
void name_openblas_kernels() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  constexpr int keep_what_is_set = 0;
  if (avx512 || avx2) setenv("OPENBLAS_CORETYPE", avx512 ? "SkylakeX" : "Haswell", keep_what_is_set);
#endif
}

std::string found_file() {
  const auto places = network_library_places();
  for (const auto& place : places) {
    std::error_code failed;
    if (fs::is_regular_file(place, failed)) return place;
  }
  throw ModelError(
      fmt::format("the library of neural networks is missing: there is no '{}'", fmt::join(places, "' or '")),
      how_to_get);
}

/// The last error of dlopen or dlsym.
std::string loader_message() {
  const char* text = dlerror();
  return text ? text : "unknown reason";
}

struct Loaded {
  void* handle = nullptr;
  const NetworkExports* exports = nullptr;
  std::string path;
};

Loaded load() {
  Loaded out;
  out.path = found_file();
  name_openblas_kernels();
  out.handle = dlopen(out.path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!out.handle)
    throw ModelError(fmt::format("cannot load the library of neural networks: {}", loader_message()),
                     "apt install libtorch-dev libopenblas0-openmp, or build Theriac on this machine");
  using Entry = const NetworkExports* (*)();
  const auto entry = reinterpret_cast<Entry>(dlsym(out.handle, "theriac_networks"));
  if (!entry)
    throw ModelError(fmt::format("'{}' is no library of Theriac's neural networks", out.path), how_to_get);
  out.exports = entry();
  if (std::string(out.exports->interface) != THERIAC_NETWORKS_INTERFACE)
    throw ModelError(fmt::format("'{}' belongs to another build of Theriac: it is {}, this program is {}",
                                 out.path, out.exports->interface, THERIAC_NETWORKS_INTERFACE),
                     how_to_get);
  return out;
}

/// Stays open until the program ends: objects of it may live that long.
const Loaded& loaded() {
  static const Loaded library = load();
  return library;
}

/// openblas_get_config, of the BLAS that LibTorch was loaded with; empty: another BLAS.
std::string openblas_of(void* handle) {
  using Config = const char* (*)();
  const auto config = reinterpret_cast<Config>(dlsym(handle, "openblas_get_config"));
  return config ? config() : "";
}

}  // namespace

std::vector<std::string> network_library_places() {
  const char* chosen = std::getenv("THERIAC_NETWORKS");
  if (chosen && *chosen) return {chosen};
  std::vector<std::string> places;
  const auto add = [&](const fs::path& folder) {
    const std::string file = (folder / file_name).string();
    for (const auto& place : places)
      if (place == file) return;
    places.push_back(file);
  };
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  if (!failed) {
    const fs::path root = program.parent_path().parent_path();
    add(root / "lib" / "theriac");
    add(root / THERIAC_LIBDIR / "theriac");
  }
  add(THERIAC_INSTALLED_LIBRARIES);
  return places;
}

NetworkLibrary network_library() {
  const Loaded& library = loaded();
  return {library.path, library.exports->libtorch};
}

LoadedLibTorch loaded_libtorch() {
  const Loaded& library = loaded();
  LoadedLibTorch out = library.exports->loaded();
  if (out.blas.empty()) out.blas = openblas_of(library.handle);
  return out;
}

const void* network_maker(const std::string& name) {
  const Loaded& library = loaded();
  const void* maker = library.exports->maker(name.c_str());
  if (!maker) throw ModelError(fmt::format("'{}' has no network '{}'", library.path, name), how_to_get);
  return maker;
}

}  // namespace theriac::datasets
