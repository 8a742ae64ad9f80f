#include "chem/nearest_name.hpp"

#include <algorithm>
#include <filesystem>

namespace theriac::chem {

int edit_distance(const std::string& a, const std::string& b) {
  const int rows = static_cast<int>(a.size()) + 1, columns = static_cast<int>(b.size()) + 1;
  std::vector<std::vector<int>> d(rows, std::vector<int>(columns));
  for (int i = 0; i < rows; ++i) d[i][0] = i;
  for (int j = 0; j < columns; ++j) d[0][j] = j;
  for (int i = 1; i < rows; ++i)
    for (int j = 1; j < columns; ++j) {
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[rows - 1][columns - 1];
}

std::string nearest_name(const std::string& name, const std::vector<std::string>& known) {
  std::string best;
  int best_distance = std::max(2, static_cast<int>(name.size()) / 3) + 1;
  for (const auto& candidate : known) {
    const int d = edit_distance(name, candidate);
    if (d < best_distance) {
      best_distance = d;
      best = candidate;
    }
  }
  return best;
}

std::string nearest_file(const std::string& path) {
  namespace fs = std::filesystem;
  const fs::path wanted(path);
  const fs::path folder = wanted.has_parent_path() ? wanted.parent_path() : fs::path(".");
  std::error_code ignored;
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  const std::string best = nearest_name(wanted.filename(), names);
  if (best.empty()) return {};
  return wanted.has_parent_path() ? (folder / best).string() : best;
}

}  // namespace theriac::chem
