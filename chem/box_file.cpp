// Boxes as files: Vina's config in and out, and a cage of lines for viewers.
#include <fmt/format.h>

#include <array>
#include <optional>

#include "chem/binding_box.hpp"
#include "chem/error.hpp"
#include "chem/pdb_columns.hpp"
#include "chem/text_file.hpp"

namespace theriac::chem {
namespace {

constexpr std::array<std::string_view, 6> keys{"center_x", "center_y", "center_z",
                                               "size_x",   "size_y",   "size_z"};

}  // namespace

Box parse_vina_box(std::string_view text, const std::string& source) {
  std::array<std::optional<double>, 6> values;
  LinePlace place{source, 0};
  std::string_view line;
  while (next_line(text, line)) {
    ++place.line;
    line = line.substr(0, line.find('#'));
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = trimmed(line.substr(0, equals));
    for (std::size_t i = 0; i < keys.size(); ++i)
      if (key == keys[i]) values[i] = parse_number(trimmed(line.substr(equals + 1)), key, place);
  }
  std::vector<std::string_view> missing;
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (!values[i]) missing.push_back(keys[i]);
  if (!missing.empty())
    throw InputError(fmt::format("no {} in '{}'", fmt::join(missing, ", "), source),
                     "a box needs center_x, center_y, center_z, size_x, size_y and size_z in angstrom");
  Box box{{*values[0], *values[1], *values[2]}, {*values[3], *values[4], *values[5]}, source};
  require_sensible_box(box);
  return box;
}

Box read_vina_box(const std::string& path) {
  return parse_vina_box(read_text_file(path), path);
}

std::string vina_box_config(const Box& box) {
  std::string text = "# " + box.origin + "\n";
  for (int axis = 0; axis < 3; ++axis) text += fmt::format("{} = {:.3f}\n", keys[axis], box.center[axis]);
  for (int axis = 0; axis < 3; ++axis) text += fmt::format("{} = {:.3f}\n", keys[axis + 3], box.size[axis]);
  return text;
}

std::string box_cage_pdb(const Box& box) {
  std::string text = "REMARK   search box: " + box.origin + "\n";
  for (int corner = 0; corner < 8; ++corner) {
    Vector3 place = box.low();
    for (int axis = 0; axis < 3; ++axis)
      if (corner >> axis & 1) place[axis] += box.size[axis];
    text += fmt::format("HETATM{:5d}  C{:<2d} BOX X   1    {:8.3f}{:8.3f}{:8.3f}  1.00  0.00           C\n",
                        corner + 1, corner + 1, place.x, place.y, place.z);
  }
  for (int corner = 0; corner < 8; ++corner) {
    text += fmt::format("CONECT{:5d}", corner + 1);
    for (int axis = 0; axis < 3; ++axis) text += fmt::format("{:5d}", (corner ^ (1 << axis)) + 1);
    text += '\n';
  }
  return text + "END\n";
}

}  // namespace theriac::chem
