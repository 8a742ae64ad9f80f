#include "cli/screening_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "cli/table_reader.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;

std::string receptor_path(const std::string& entry, const std::string& set_folder,
                          const std::string& targets_folder) {
  if (entry.find('/') == std::string::npos) return set_folder + "/" + entry.substr(0, entry.find(' '));
  return targets_folder + "/" + fs::path(entry).filename().string();
}

ScreeningSet set_of(const TableReader& index, std::size_t row, const std::string& folder,
                    const std::string& targets_folder) {
  ScreeningSet set;
  set.name = index.text(row, "set");
  set.target = index.text(row, "target");
  set.molecules = folder + "/" + set.name + "/molecules.csv";
  set.receptor = receptor_path(index.text(row, "receptor"), folder + "/" + set.name, targets_folder);
  if (index.text(row, "center_x").empty()) return set;
  set.box =
      chem::Box{{index.number(row, "center_x"), index.number(row, "center_y"), index.number(row, "center_z")},
                {index.number(row, "size_x"), index.number(row, "size_y"), index.number(row, "size_z")},
                "index.csv"};
  return set;
}

/// The first `count` (0: all) of `molecules` in an order that depends on seed, set and molecule only.
std::vector<ScreeningMolecule> drawn(std::vector<ScreeningMolecule> molecules, int count,
                                     const std::string& set, std::uint64_t seed) {
  if (count <= 0 || molecules.size() <= static_cast<std::size_t>(count)) return molecules;
  const auto key = [&](const ScreeningMolecule& molecule) {
    return chem::stable_hash(fmt::format("{}\n{}\n{}", seed, set, molecule.row));
  };
  std::sort(molecules.begin(), molecules.end(), [&](const auto& a, const auto& b) {
    const auto left = key(a), right = key(b);
    return left != right ? left < right : a.row < b.row;
  });
  molecules.resize(static_cast<std::size_t>(count));
  return molecules;
}

}  // namespace

std::vector<ScreeningSet> read_screening_sets(const std::string& folder, const std::string& targets_folder,
                                              const std::vector<std::string>& names) {
  const TableReader index(folder + "/index.csv");
  std::vector<ScreeningSet> all, chosen;
  std::vector<std::string> known;
  for (std::size_t row = 0; row < index.size(); ++row) {
    all.push_back(set_of(index, row, folder, targets_folder));
    known.push_back(all.back().name);
  }
  if (names.empty()) return all;
  for (const auto& name : names) {
    const auto at = std::find(known.begin(), known.end(), name);
    if (at == known.end()) {
      const std::string near = chem::nearest_name(name, known);
      throw InputError(fmt::format("no screening set '{}' in '{}'", name, folder),
                       near.empty() ? std::string() : fmt::format("did you mean '{}'?", near));
    }
    chosen.push_back(all[static_cast<std::size_t>(at - known.begin())]);
  }
  return chosen;
}

std::vector<ScreeningMolecule> draw_molecules(const ScreeningSet& set, int actives, int decoys,
                                              std::uint64_t seed) {
  const TableReader table(set.molecules);
  std::vector<ScreeningMolecule> active, decoy;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const bool is_active = table.number(row, "active") > 0.5;
    (is_active ? active : decoy)
        .push_back({static_cast<int>(row) + 1, table.text(row, "id"), table.text(row, "smiles"), is_active});
  }
  auto chosen = drawn(std::move(active), actives, set.name, seed);
  const auto others = drawn(std::move(decoy), decoys, set.name, seed);
  chosen.insert(chosen.end(), others.begin(), others.end());
  std::sort(chosen.begin(), chosen.end(), [](const auto& a, const auto& b) { return a.row < b.row; });
  return chosen;
}

}  // namespace theriac::cli
