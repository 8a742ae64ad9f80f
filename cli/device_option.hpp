// The option --device of commands whose networks may compute on a GPU: scoring/device_network.hpp.
#pragma once
#include <CLI/CLI.hpp>
#include <string>

namespace theriac::cli {

/// `what` begins the help: "of the network behind trained endpoints"; `cpu` is what it says of the processor.
CLI::Option* add_device_option(CLI::App& app, std::string& device, const std::string& what,
                               const std::string& name = "--device",
                               const std::string& cpu = "cpu, needing no LibTorch");

}  // namespace theriac::cli
