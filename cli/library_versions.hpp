// Every library this program is linked with, and its version.
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace theriac::cli {

std::vector<std::pair<std::string, std::string>> library_versions();

}  // namespace theriac::cli
