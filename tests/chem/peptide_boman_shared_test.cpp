#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "chem/peptide_properties.hpp"
#include "chem/text_file.hpp"

using namespace theriac::chem;

TEST_CASE("Boman's index equals that of the Antimicrobial Peptide Database within 0.02") {
  const std::string path = std::string(THERIAC_SHARED_DATA) + "/data/proteins/peptides/apd3_2019.tsv.gz";
  if (!std::filesystem::exists(path)) {
    WARN("skipped: needs ../shared/data/proteins/peptides");
    return;
  }
  std::istringstream lines(read_text_file(path));
  std::string line;
  std::getline(lines, line);
  int compared = 0, equal = 0;
  while (std::getline(lines, line)) {
    std::vector<std::string> cells;
    std::istringstream row(line);
    for (std::string cell; std::getline(row, cell, '\t');) cells.push_back(cell);
    if (cells.size() < 6 || cells[5].empty()) continue;
    if (cells[1].find_first_not_of(standard_residues) != std::string::npos) continue;
    ++compared;
    if (std::abs(boman_index(cells[1]) - std::strtod(cells[5].c_str(), nullptr)) <= 0.0201) ++equal;
  }
  CHECK(compared >= 3050);
  CHECK(equal == compared);
}
