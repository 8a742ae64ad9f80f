#include "cli/redock_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "cli/table_reader.hpp"

namespace theriac::cli {
namespace {

RedockComplex complex_of(const TableReader& index, std::size_t row, const std::string& folder) {
  RedockComplex complex;
  complex.id = index.text(row, "pdbid");
  const std::string inside = folder + "/" + complex.id + "/";
  complex.receptor = inside + index.text(row, "receptor");
  complex.crystal = inside + "ligand.sdf";
  if (const std::string start = inside + "ligand_start.sdf"; std::filesystem::exists(start))
    complex.start = start;
  complex.box = {
      {index.number(row, "box_center_x"), index.number(row, "box_center_y"),
       index.number(row, "box_center_z")},
      {index.number(row, "box_size_x"), index.number(row, "box_size_y"), index.number(row, "box_size_z")},
      "index.csv"};
  return complex;
}

std::vector<RedockComplex> named(const std::vector<RedockComplex>& all, const std::vector<std::string>& ids,
                                 const std::string& folder) {
  std::vector<RedockComplex> chosen;
  std::vector<std::string> known;
  for (const auto& complex : all) {
    known.push_back(complex.id);
    if (std::find(ids.begin(), ids.end(), complex.id) != ids.end()) chosen.push_back(complex);
  }
  for (const auto& id : ids) {
    if (std::find(known.begin(), known.end(), id) != known.end()) continue;
    const std::string near = chem::nearest_name(id, known);
    throw InputError(fmt::format("no complex '{}' in '{}'", id, folder),
                     near.empty() ? std::string() : fmt::format("did you mean '{}'?", near));
  }
  return chosen;
}

}  // namespace

std::vector<RedockComplex> read_redock_set(const std::string& folder, const ComplexChoice& choice) {
  const TableReader index(folder + "/index.csv");
  std::vector<RedockComplex> all;
  for (std::size_t row = 0; row < index.size(); ++row) all.push_back(complex_of(index, row, folder));
  if (!choice.ids.empty()) return named(all, choice.ids, folder);
  std::vector<RedockComplex> chosen;
  for (std::size_t i = 0; i < all.size(); i += static_cast<std::size_t>(std::max(1, choice.every)))
    chosen.push_back(all[i]);
  if (choice.limit > 0 && chosen.size() > static_cast<std::size_t>(choice.limit))
    chosen.resize(static_cast<std::size_t>(choice.limit));
  return chosen;
}

}  // namespace theriac::cli
