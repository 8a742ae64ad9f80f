#include "cli/device_option.hpp"

#include <fmt/format.h>

#include "scoring/device_network.hpp"

namespace theriac::cli {
namespace {

std::string device_name(const std::string& text) {
  return scoring::names_prediction_device(text)
             ? ""
             : fmt::format("there is no device '{}'; known: auto, cpu, cuda:0, cuda:1 ...", text);
}

}  // namespace

CLI::Option* add_device_option(CLI::App& app, std::string& device, const std::string& what,
                               const std::string& name, const std::string& cpu) {
  return app
      .add_option(
          name, device,
          fmt::format("{}: {}; cuda:0 with a CUDA build of LibTorch; auto: cuda:0 where there is one, "
                      "else cpu",
                      what, cpu))
      ->check(device_name)
      ->type_name("auto|cpu|cuda:N")
      ->capture_default_str();
}

}  // namespace theriac::cli
