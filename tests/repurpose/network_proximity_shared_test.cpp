// The published network and drug-disease pairs of Guney et al. 2016.
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <map>
#include <sstream>

#include "chem/text_file.hpp"
#include "repurpose/network_proximity.hpp"

using namespace theriac;

namespace {

const std::string folder = std::string(THERIAC_SHARED_DATA) + "/data/repurposing/proximity_unlicensed/";

std::vector<std::vector<std::string>> rows_of(const std::string& file) {
  const std::string text = chem::read_text_file(folder + file);
  std::string_view rest = text, line;
  std::vector<std::vector<std::string>> rows;
  while (chem::next_line(rest, line)) {
    rows.emplace_back();
    std::stringstream cells{std::string(line)};
    for (std::string cell; std::getline(cells, cell, '\t');) rows.back().push_back(cell);
  }
  rows.erase(rows.begin());
  return rows;
}

/// Entrez ids as nodes.
struct Network {
  std::map<std::string, std::uint32_t> node;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;

  Network() {
    for (const auto& row : rows_of("interactome_menche2015.tsv.gz"))
      edges.emplace_back(of(row[0]), of(row[1]));
  }
  std::uint32_t of(const std::string& id) {
    return node.emplace(id, static_cast<std::uint32_t>(node.size())).first->second;
  }
  std::vector<std::uint32_t> set(const std::string& ids) const {
    std::vector<std::uint32_t> out;
    std::stringstream cells{ids};
    for (std::string id; std::getline(cells, id, '|');)
      if (const auto at = node.find(id); at != node.end()) out.push_back(at->second);
    return out;
  }
};

/// "bone.diseases.metabolic" of the results is "bone diseases, metabolic" of the gene sets.
std::string plain(const std::string& name) {
  std::string out;
  for (const char c : name)
    if (std::isalnum(static_cast<unsigned char>(c))) out += c;
  return out;
}

double auroc(const std::vector<std::pair<double, bool>>& scored) {
  double better = 0, positives = 0, negatives = 0;
  for (const auto& [score, known] : scored) (known ? positives : negatives) += 1;
  for (const auto& [a, known_a] : scored)
    if (known_a)
      for (const auto& [b, known_b] : scored)
        if (!known_b) better += a > b ? 1 : a == b ? 0.5 : 0;
  return better / (positives * negatives);
}

}  // namespace

TEST_CASE("proximity agrees with the published z and ranks known pairs as published") {
  if (!std::filesystem::exists(folder + "published_proximity.tsv.gz")) {
    WARN("skipped: needs ../shared/data/repurposing/proximity_unlicensed");
    return;
  }
  Network read;
  const repurpose::Interactome network(read.node.size(), read.edges);
  std::map<std::string, std::vector<std::uint32_t>> genes, targets;
  for (const auto& row : rows_of("disease_genes.tsv.gz"))
    if (row.size() > 1) genes[plain(row[0])] = read.set(row[1]);
  for (const auto& row : rows_of("drug_targets.tsv.gz"))
    if (row.size() > 1) targets[row[0]] = read.set(row[1]);
  std::map<std::string, std::vector<std::vector<std::string>>> by_disease;
  for (const auto& row : rows_of("published_proximity.tsv.gz")) by_disease[row[2]].push_back(row);

  std::vector<std::pair<double, bool>> ours, published;
  std::size_t equal_distance = 0, pairs = 0;
  double xy = 0, xx = 0, yy = 0, x = 0, y = 0;
  for (const auto& [disease, rows] : by_disease) {
    const auto known = genes.find(plain(disease));
    if (known == genes.end()) continue;
    const repurpose::DiseaseNeighbourhood near(network, known->second, {200, 1});
    for (const auto& row : rows) {
      const auto found = near.to(targets[row[0]]);
      if (std::isnan(found.z)) continue;
      const double z = std::stod(row[16]);
      equal_distance += std::abs(found.distance - std::stod(row[15])) < 1e-6;
      ours.emplace_back(-found.z, row[3] == "True");
      published.emplace_back(-z, row[3] == "True");
      ++pairs;
      x += found.z, y += z, xx += found.z * found.z, yy += z * z, xy += found.z * z;
    }
  }
  const double n = static_cast<double>(pairs);
  const double r = (n * xy - x * y) / std::sqrt((n * xx - x * x) * (n * yy - y * y));
  INFO(pairs << " pairs, " << equal_distance << " of equal distance, r " << r << ", AUROC " << auroc(ours)
             << ", published " << auroc(published));
  CHECK(pairs > 15000);
  CHECK(equal_distance > 0.95 * n);
  CHECK(r > 0.95);
  CHECK(auroc(ours) == Approx(auroc(published)).margin(0.01));
}
