// What a build without OpenCL answers; opencl_device.cpp and opencl_search.cpp are left out then.
#include <fmt/format.h>

#include "chem/error.hpp"
#include "scoring/opencl_search.hpp"

namespace theriac::scoring {
namespace {

[[noreturn]] void refuse(const std::string& device = {}) {
  throw DeviceError(
      device.empty() ? "this build of Theriac has no OpenCL"
                     : fmt::format("there is no device '{}': this build of Theriac has no OpenCL", device),
      "--device cpu docks without it; or install ocl-icd-opencl-dev, opencl-clhpp-headers and build "
      "again");
}

}  // namespace

bool opencl_built() {
  return false;
}
std::vector<OpenClDevice> opencl_devices() {
  return {};
}
OpenClDevice opencl_device(const std::string& name) {
  refuse(name);
}
std::string docking_device(const std::string& wanted) {
  if (wanted != "cpu" && wanted != "auto") refuse(wanted);
  return "cpu";
}
int ligands_per_batch(const OpenClDevice&, double, double) {
  return 1;
}

struct OpenClSearch::Implementation {};
OpenClSearch::OpenClSearch(const OpenClDevice&, const AffinityGrids&, const chem::Box&, ScoringFunction,
                           int) {
  refuse();
}
OpenClSearch::~OpenClSearch() = default;
std::vector<SearchResult> OpenClSearch::search(const std::vector<SearchTask>&) {
  refuse();
}
std::vector<KernelEnergy> OpenClSearch::evaluate(const SearchTask&, const std::vector<Conformation>&, float) {
  refuse();
}
const OpenClDevice& OpenClSearch::device() const {
  refuse();
}
int OpenClSearch::width() const {
  refuse();
}
int OpenClSearch::batch() const {
  refuse();
}

}  // namespace theriac::scoring
