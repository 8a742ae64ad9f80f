// theriac doctor: what this installation can do, and what is missing and how to get it.
#include <fmt/format.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>

#include "chem/data_file.hpp"
#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "cli/child_process.hpp"
#include "cli/command.hpp"
#include "cli/device_check.hpp"
#include "cli/granted_cores.hpp"
#include "cli/library_versions.hpp"
#include "cli/model_choice.hpp"
#include "cli/session.hpp"
#include "cli/text_table.hpp"
#include "datasets/network_library.hpp"
#include "scoring/opencl_device.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;

struct Finding {
  std::string subject, state, remedy;  ///< remedy is empty when all is well
};

std::string simd_of_this_machine() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
    return "AVX-512";
  if (__builtin_cpu_supports("avx2")) return "AVX2";
  return "baseline (SSE2)";
#else
  return "baseline";
#endif
}

std::string gigabytes(double bytes) {
  return fmt::format("{:.1f} GB", bytes / 1e9);
}

Finding disk_here() {
  struct statvfs disk {};
  if (statvfs(".", &disk) != 0) return {"disk", "unknown", ""};
  const double free = static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize);
  return {"disk", gigabytes(free) + " free in the current folder",
          free < 1e9 ? "free at least 1 GB for results" : ""};
}

Finding tool(const std::string& program, const std::string& package, const std::string& use) {
  const std::string path = find_program(program);
  if (!path.empty()) return {program, path, ""};
  return {program, "absent, optional: " + use, "apt install " + package};
}

Finding bundled(const std::string& file, const std::string& what) {
  for (const auto& folder : chem::data_folders())
    if (fs::exists(folder + "/" + file)) return {what, folder + "/" + file, ""};
  return {what, "missing: " + file,
          "build with scripts/build and install with cmake --install, or set THERIAC_DATA to the folder that "
          "has it"};
}

Finding trained_generator() {
  try {
    return {"trained generator", model_file("default", "generator"), ""};
  } catch (const ModelError& error) {
    return {"trained generator", error.what(), error.hint()};
  }
}

Finding matrix_products(const datasets::LoadedLibTorch& libtorch) {
  if (libtorch.blas.empty())
    return {"matrix products", "by neither OpenBLAS nor MKL: training is up to thirty times slower",
            "apt install libopenblas0-openmp"};
  const char* kernels = std::getenv("OPENBLAS_CORETYPE");
  const bool named = libtorch.blas.find("OpenBLAS") != std::string::npos;
  return {"matrix products",
          named ? fmt::format("{}; OPENBLAS_CORETYPE={}", libtorch.blas, kernels ? kernels : "(unset)")
                : libtorch.blas,
          ""};
}

/// What is known of networks on GPUs: nothing was ever run on one.
std::string networks_on_gpus(const datasets::LoadedLibTorch& libtorch) {
  if (libtorch.cuda.empty()) return "none: this LibTorch was built without CUDA";
  if (!libtorch.cuda_part) return "none: the CUDA part of this LibTorch is not loaded";
  if (libtorch.gpus == 0) return fmt::format("none found by LibTorch (CUDA {})", libtorch.cuda);
  return fmt::format(
      "cuda:0 to cuda:{} (CUDA {}); networks not verified on any GPU by us: theriac doctor --check cuda:0",
      libtorch.gpus - 1, libtorch.cuda);
}

/// Loads the library of networks, so that what is said of it has been tried.
std::vector<Finding> networks() {
  datasets::NetworkLibrary library;
  datasets::LoadedLibTorch libtorch;
  try {
    library = datasets::network_library();
    libtorch = datasets::loaded_libtorch();
  } catch (const ModelError& error) {
    return {{"neural networks", error.what(), error.hint()}};
  }
  const std::string headers =
      libtorch.version == libtorch.headers ? "" : fmt::format(", compiled for {}", libtorch.headers);
  return {{"neural networks", library.path, ""},
          {"LibTorch", fmt::format("{}{}, {}", libtorch.version, headers, libtorch.file), ""},
          matrix_products(libtorch),
          {"GPUs for networks", networks_on_gpus(libtorch), ""}};
}

/// What is known of docking on a device: measured, or not.
std::string docking_on(const scoring::OpenClDevice& device) {
  if (!device.doubles) return "no double precision: theriac dock cannot use it";
  if (device.platform.find("Portable Computing Language") != std::string::npos)
    return "docking verified on PoCL: the same bytes as --device cpu";
  return fmt::format("docking not verified on this kind of device by us: theriac doctor --check opencl:{}",
                     device.number);
}

std::vector<Finding> docking_devices() {
  if (!scoring::opencl_built())
    return {{"OpenCL devices", "this build has no OpenCL: theriac dock runs on the processor",
             "apt install ocl-icd-opencl-dev opencl-clhpp-headers, then build again"}};
  std::vector<Finding> all;
  for (const auto& device : scoring::opencl_devices())
    all.push_back({fmt::format("opencl:{}", device.number),
                   fmt::format("{} {}, {}, {} units, driver {} ({}); {}", device.gpu ? "GPU" : "processor",
                               device.name, gigabytes(device.memory_bytes), device.units, device.driver,
                               device.platform, docking_on(device)),
                   ""});
  if (all.empty()) all.push_back({"OpenCL devices", "none: theriac dock runs on the processor", ""});
#if defined(THERIAC_CUDA_COMPILED)
  all.push_back(
      {"docking as CUDA", "the kernel was compiled with this build; nothing calls it, and it never ran", ""});
#endif
  return all;
}

std::vector<Finding> findings() {
  std::vector<Finding> all = {{"cores", fmt::format("{} granted", granted_cores()), ""},
                              {"SIMD", simd_of_this_machine(), ""},
                              {"memory", gigabytes(granted_memory_bytes()), ""},
                              disk_here(),
                              bundled("sa_fragments.bin", "synthetic accessibility"),
                              bundled("examples/campaign.toml", "example campaign"),
                              trained_generator(),
                              tool("vina", "autodock-vina", "compared with in theriac bench redock"),
                              tool("pymol", "pymol", "opens view.pml"),
                              tool("chromium", "chromium", "any browser opens report.html")};
  for (auto& finding : docking_devices()) all.push_back(std::move(finding));
  for (auto& finding : networks()) all.push_back(std::move(finding));
  return all;
}

/// Says what came out; a device that does not keep to what is stated ends the command with 7.
int check(const std::string& device, Session& session) {
  const auto results = check_device(device);
  const bool good = std::all_of(results.begin(), results.end(), [](const auto& r) { return r.good; });
  const std::string verdict = good ? fmt::format("{} keeps to what docs/gpu.md states", device)
                                   : fmt::format(
                                         "{} does not keep to what docs/gpu.md states: do not use it for "
                                         "that, and please report it",
                                         device);
  if (session.options.json) {
    nlohmann::ordered_json json = {{"schema", "theriac.device_check/1"},
                                   {"version", chem::theriac_version()},
                                   {"device", device},
                                   {"good", good}};
    for (const auto& r : results)
      json["checks"].push_back({{"part", r.part},
                                {"result", r.result},
                                {"good", r.good},
                                {"seconds_device", r.seconds_there},
                                {"seconds_processor", r.seconds_here}});
    std::printf("%s\n", json.dump(2).c_str());
  } else {
    const auto seconds = [](double s) { return s > 0 ? fmt::format("{:.3f}", s) : std::string(); };
    std::vector<std::vector<std::string>> rows;
    for (const auto& r : results)
      rows.push_back(
          {r.good ? "good" : "BAD", r.part, seconds(r.seconds_there), seconds(r.seconds_here), r.result});
    std::fputs(
        text_table({{""}, {device}, {"device s", true}, {"processor s", true}, {"beside the processor"}},
                   rows)
            .c_str(),
        stdout);
    std::printf("%s\n", verdict.c_str());
  }
  return good ? exit_done : exit_device;
}

}  // namespace

Command doctor_command() {
  Command command;
  command.name = "doctor";
  command.group = "Looking and checking";
  command.summary = "what this installation can do, what is missing and how to get it";
  command.examples = {"theriac doctor", "theriac doctor --check opencl:0", "theriac doctor --check cuda:0",
                      "theriac doctor --json | python3 -m json.tool"};
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto device = std::make_shared<std::string>();
    app.add_option("--check", *device,
                   "compute shipped examples on this device and compare them with the processor: opencl:0, "
                   "opencl:0:fused, cuda:0, or libtorch on the processor")
        ->type_name("DEVICE");
    add_output_options(app, session);
    return [device, &session] {
      if (!device->empty()) return check(*device, session);
      const auto libraries = library_versions();
      if (session.options.json) {
        nlohmann::ordered_json json;
        json["schema"] = "theriac.doctor/1";
        json["version"] = chem::theriac_version();
        for (const auto& [name, version] : libraries) json["libraries"][name] = version;
        for (const auto& finding : findings())
          json["findings"].push_back(
              {{"subject", finding.subject}, {"state", finding.state}, {"remedy", finding.remedy}});
        std::printf("%s\n", json.dump(2).c_str());
        return static_cast<int>(exit_done);
      }
      std::string text = fmt::format("theriac {}\n", chem::theriac_version());
      for (const auto& [name, version] : libraries) text += fmt::format("  {:<24}{}\n", name, version);
      for (const auto& finding : findings()) {
        text +=
            fmt::format("{} {:<24}{}\n", finding.remedy.empty() ? " " : "-", finding.subject, finding.state);
        if (!finding.remedy.empty()) text += fmt::format("  {:<24}-> {}\n", "", finding.remedy);
      }
      std::fputs(text.c_str(), stdout);
      return static_cast<int>(exit_done);
    };
  };
  return command;
}

}  // namespace theriac::cli
