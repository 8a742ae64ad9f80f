#include "cli/disease_areas.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "chem/error.hpp"
#include "datasets/import/import_table.hpp"

namespace theriac::cli {
namespace {

/// Diseases of the store by the number of their MONDO id; one id may stand for several.
std::multimap<long, std::uint32_t> by_mondo(const datasets::Store& store) {
  const auto& diseases = store.entities(datasets::EntityKind::disease);
  std::multimap<long, std::uint32_t> found;
  for (std::uint32_t d = 0; d < diseases.size(); ++d)
    for (const auto& id : datasets::list_in(diseases.xrefs[d]))
      if (id.rfind("MONDO:", 0) == 0) found.emplace(std::atol(id.c_str() + 6), d);
  return found;
}

/// Of "15999.0", "MONDO:0015999" or "15999".
long mondo_number(const datasets::ImportTable& table, std::string_view cell) {
  std::string digits(cell.substr(cell.rfind("MONDO:", 0) == 0 ? 6 : 0));
  if (digits.size() > 2 && digits.compare(digits.size() - 2, 2, ".0") == 0) digits.resize(digits.size() - 2);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos || digits.size() > 9)
    throw InputError(
        fmt::format("{}, line {}: '{}' is no MONDO id", table.path(), table.line(), std::string(cell)),
        "such as MONDO:0005044 or 5044");
  return std::atol(digits.c_str());
}

}  // namespace

std::vector<DiseaseArea> read_disease_areas(const std::string& path, const datasets::Store& store) {
  datasets::ImportTable table(path);
  const auto split = table.column("split"), id = table.column("mondo_id");
  const auto known = by_mondo(store);
  std::vector<DiseaseArea> areas;
  std::size_t found = 0;
  while (table.next()) {
    if (!table.trouble().empty())
      throw InputError(fmt::format("{}, line {}: {}", path, table.line(), table.trouble()));
    std::string name(table.cell(split));
    std::replace(name.begin(), name.end(), '_', ' ');
    auto area = std::find_if(areas.begin(), areas.end(), [&](const auto& each) { return each.name == name; });
    if (area == areas.end()) area = areas.insert(areas.end(), DiseaseArea{name, 0, {}});
    ++area->listed;
    const auto [first, last] = known.equal_range(mondo_number(table, table.cell(id)));
    for (auto each = first; each != last; ++each, ++found) area->diseases.push_back(each->second);
  }
  if (found == 0)
    throw InputError(fmt::format("'{}' names no disease of '{}'", path, store.path()),
                     "diseases are found by MONDO id; theriac store info lists what a store holds");
  for (auto& area : areas) {
    std::sort(area.diseases.begin(), area.diseases.end());
    area.diseases.erase(std::unique(area.diseases.begin(), area.diseases.end()), area.diseases.end());
  }
  return areas;
}

}  // namespace theriac::cli
