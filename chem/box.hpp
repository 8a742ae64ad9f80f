// The search box: where docking looks, angstrom.
#pragma once
#include <string>

#include "chem/vector3.hpp"

namespace theriac::chem {

struct Box {
  Vector3 center;
  Vector3 size;        ///< full edge lengths
  std::string origin;  ///< how it was chosen, e.g. "STI A:201 + 4 A"

  Vector3 low() const { return center - 0.5 * size; }
  Vector3 high() const { return center + 0.5 * size; }
};

}  // namespace theriac::chem
