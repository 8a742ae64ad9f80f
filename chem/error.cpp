#include "chem/error.hpp"

#include <utility>

namespace theriac {

Error::Error(const std::string& message, std::string hint)
    : std::runtime_error(message), hint_(std::move(hint)) {}

}  // namespace theriac
