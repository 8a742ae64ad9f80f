// The library of networks: where it is looked for, what is refused, and that a failed attempt can be
// repeated.
#include "datasets/network_library.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "chem/error.hpp"
#include "tests/datasets/temporary_folder.hpp"

using Catch::Matchers::Contains;
using namespace theriac;
using namespace theriac::datasets;

namespace {

/// THERIAC_NETWORKS as given, until the end of a test.
struct Chosen {
  explicit Chosen(const std::string& file) { setenv("THERIAC_NETWORKS", file.c_str(), 1); }
  ~Chosen() { unsetenv("THERIAC_NETWORKS"); }
};

void check_refused(const std::string& file, const std::string& message, const std::string& hint) {
  const Chosen chosen(file);
  try {
    network_library();
    FAIL(file << " was accepted");
  } catch (const ModelError& error) {
    CHECK_THAT(error.what(), Contains(message));
    CHECK_THAT(error.hint(), Contains(hint));
  }
}

}  // namespace

TEST_CASE("the library is looked for beside the program, or where THERIAC_NETWORKS says") {
  const auto places = network_library_places();
  REQUIRE(places.size() >= 2);
  CHECK_THAT(places[0], Contains("/lib/theriac/libtheriac_networks.so"));
  const Chosen chosen("/opt/mine.so");
  CHECK(network_library_places() == std::vector<std::string>{"/opt/mine.so"});
}

TEST_CASE(
    "a missing, broken or foreign library is refused with what to do, and the right one is then loaded") {
  const TemporaryFolder folder;
  check_refused(folder / "absent.so", "there is no '" + (folder / "absent.so") + "'", "THERIAC_NETWORKS");
  std::ofstream(folder / "text.so") << "not a library";
  check_refused(folder / "text.so", "cannot load the library of neural networks", "apt install libtorch-dev");
  check_refused(THERIAC_FOREIGN_NETWORKS, "it is 0.0.0-other, this program is 0.",
                "build with scripts/build");

  const NetworkLibrary library = network_library();
  CHECK_THAT(library.path, Contains("/lib/theriac/libtheriac_networks.so"));
  CHECK_FALSE(library.libtorch.empty());
  const LoadedLibTorch libtorch = loaded_libtorch();
  CHECK(libtorch.headers == library.libtorch);
  const auto series = [](const std::string& version) { return version.substr(0, version.rfind('.')); };
  CHECK(series(libtorch.version) == series(libtorch.headers));  // Debian's 1.13.1 says that it is 1.13.0
  CHECK_THAT(libtorch.file, Contains("libtorch_cpu"));
  CHECK(std::filesystem::exists(libtorch.file));
  CHECK((libtorch.blas.find("OpenBLAS") != std::string::npos ||
         libtorch.blas.find("MKL ") != std::string::npos));
  CHECK((libtorch.cuda_part || libtorch.gpus == 0));
  CHECK(network_maker("graph policy") != nullptr);
  CHECK_THROWS_WITH(network_maker("oracle"), Contains("has no network 'oracle'"));
}

#if defined(__x86_64__)
TEST_CASE("OpenBLAS is told which kernels to use, unless the user said so") {
  const char* before = std::getenv("OPENBLAS_CORETYPE");
  const std::string named = before ? before : "";
  network_library();
  const char* after = std::getenv("OPENBLAS_CORETYPE");
  if (!named.empty())
    CHECK(after == named);
  else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    CHECK((after && (std::string(after) == "SkylakeX" || std::string(after) == "Haswell")));
}
#endif
