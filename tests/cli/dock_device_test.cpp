// theriac dock --device: PoCL in place of a GPU, and what is said when there is no device.
#include <catch2/catch.hpp>
#include <fstream>

#include "datasets/gzip.hpp"
#include "scoring/opencl_device.hpp"
#include "tests/cli/transcript.hpp"

using Catch::Matchers::Contains;
using theriac::datasets::gunzip;
using theriac::datasets::read_file;

namespace {

const std::string site = " -r '" THERIAC_TEST_DATA
                         "/zinc_site.pdbqt' --center_x 11 --center_y 11.5 --center_z 13"
                         " --size_x 18 --size_y 18 --size_z 18 --exhaustiveness 0.5 -l ligands.smi ";

void write_library(const TemporaryFolder& folder) {
  std::ofstream(folder / "ligands.smi")
      << "CC(=O)Oc1ccccc1C(=O)O aspirin\nc1ccccc(N broken\nOCC ethanol\n"
         "CCO again\nC1CCN(CC1)C2CCCCC2 rings\nCC(C)Cc1ccc(cc1)C(C)C(=O)O ibuprofen\n";
}

/// Empty without PoCL.
std::string pocl() {
  for (const auto& device : theriac::scoring::opencl_devices())
    if (device.platform.find("Portable Computing Language") != std::string::npos)
      return "opencl:" + std::to_string(device.number);
  WARN("skipped: needs PoCL, apt install pocl-opencl-icd");
  return {};
}

std::string poses(const TemporaryFolder& folder, const std::string& run) {
  return gunzip(read_file(folder / (run + "/poses.sdf.gz")));
}

}  // namespace

TEST_CASE("docking on PoCL writes the rows and poses of docking on the processor") {
  const std::string device = pocl();
  if (device.empty()) return;
  TemporaryFolder folder;
  write_library(folder);
  const auto cpu = run_theriac("dock" + site + "-o cpu --simd scalar", folder);
  const auto opencl = run_theriac("dock" + site + "-o opencl --device " + device, folder);
  INFO(opencl.err);
  CHECK(opencl.exit_code == cpu.exit_code);
  CHECK_THAT(opencl.err, Contains("device    " + device + ": "));
  CHECK(read_file(folder / "cpu/results.csv") == read_file(folder / "opencl/results.csv"));
  CHECK(poses(folder, "cpu") == poses(folder, "opencl"));
  const auto other = run_theriac("dock" + site + "-o opencl", folder);
  CHECK(other.exit_code == 2);  // a run keeps to its device: another GPU may round in another way
}

TEST_CASE("a device that is not there ends docking with 7 and what to do") {
  TemporaryFolder folder;
  write_library(folder);
  const auto absent = run_theriac("dock" + site + "-o out --device opencl:99", folder);
  CHECK(absent.exit_code == 7);
  CHECK_THAT(absent.err, Contains("opencl:99") && Contains("--device cpu"));
  const auto none =
      run_theriac("dock" + site + "-o out --device opencl:0", folder, "OCL_ICD_VENDORS=/nowhere");
  CHECK(none.exit_code == 7);
  CHECK_THAT(none.err, Contains("--device cpu"));
  CHECK(run_theriac("dock" + site + "-o out --device cuda:0", folder).exit_code ==
        (theriac::scoring::opencl_built() ? 2 : 7));
  CHECK(run_theriac("dock" + site + "-o out --score_only --device opencl:0", folder).exit_code == 2);
}

TEST_CASE("doctor lists the OpenCL devices and says what was verified on them") {
  const std::string device = pocl();
  if (device.empty()) return;
  TemporaryFolder folder;
  const auto doctor = run_theriac("doctor", folder);
  CHECK_THAT(doctor.out, Contains(device) && Contains("GB") && Contains("driver") &&
                             Contains("docking verified on PoCL"));
}

TEST_CASE("doctor checks an OpenCL device against the processor") {
  const std::string device = pocl();
  if (device.empty()) return;
  TemporaryFolder folder;
  const auto exact = run_theriac("doctor --check " + device, folder);
  INFO(exact.err);
  CHECK(exact.exit_code == 0);
  CHECK_THAT(exact.out, Contains("64 random poses: the same bytes") &&
                            Contains("12 molecules: the same bytes") &&
                            Contains("keeps to what docs/gpu.md states"));
  const auto fused = run_theriac("doctor --check " + device + ":fused --json", folder);
  CHECK(fused.exit_code == 0);
  CHECK_THAT(fused.out, Contains("\"good\": true") && Contains("energies differ by") &&
                            Contains("best scores differ by") && !Contains("the same bytes\""));
}

TEST_CASE("doctor checks LibTorch against the program's own kernels and refuses what cannot be checked") {
  TemporaryFolder folder;
  const auto networks = run_theriac("doctor --check libtorch", folder);
  INFO(networks.err);
  CHECK(networks.exit_code == 0);
  for (const char* part :
       {"properties", "generator: samples", "generator: likelihoods", "generator: learning", "protein model"})
    CHECK_THAT(networks.out, Contains(part));
  CHECK_THAT(networks.out, !Contains("BAD") && Contains("differ by"));
  CHECK(run_theriac("doctor --check cuda:63", folder).exit_code == 7);
  CHECK(run_theriac("doctor --check opencl:99", folder).exit_code == 7);
  for (const char* name : {"cpu", "auto", "abacus", "opencl", "opencl:x"}) {
    const auto refused = run_theriac(std::string("doctor --check ") + name, folder);
    CHECK(refused.exit_code == 2);
    CHECK_THAT(refused.err, Contains(name));
  }
}
