// Validity, uniqueness, novelty and the KL score beside guacamol 0.5.5
// (../shared/golden/guacamol/distribution).
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <map>

#include "chem/record_reader.hpp"
#include "chem/text_file.hpp"
#include "generative/guacamol_shares.hpp"
#include "generative/property_divergence.hpp"
#include "scoring/sample_distance.hpp"

using namespace theriac::generative;

namespace {

const std::string folder = THERIAC_SHARED_DATA "/golden/guacamol/distribution/";
constexpr std::size_t number_samples = 2000;

using Row = std::map<std::string, std::string>;

std::vector<std::string> cells(std::string_view line) {
  std::vector<std::string> out(1);
  for (const char c : line)
    if (c == ',')
      out.emplace_back();
    else
      out.back() += c;
  return out;
}

std::vector<Row> rows(const std::string& file) {
  const std::string text = theriac::chem::read_text_file(folder + file);
  std::string_view rest = text, line;
  theriac::chem::next_line(rest, line);
  const auto names = cells(line);
  std::vector<Row> out;
  while (theriac::chem::next_line(rest, line)) {
    const auto values = cells(line);
    Row row;
    for (std::size_t i = 0; i < names.size(); ++i) row[names[i]] = values.at(i);
    out.push_back(std::move(row));
  }
  return out;
}

std::vector<theriac::chem::RawRecord> records(const std::string& file) {
  theriac::chem::RecordReader reader({folder + file});
  std::vector<theriac::chem::RawRecord> out;
  while (auto record = reader.next_raw()) out.push_back(std::move(*record));
  return out;
}

std::vector<std::string> training_of_kl(const GeneratedList& train) {
  const std::string text = theriac::chem::read_text_file(folder + "kl_train_indices.txt.gz");
  std::string_view rest = text, line;
  std::vector<std::string> smiles;
  while (theriac::chem::next_line(rest, line))
    smiles.push_back(train.smiles.at(std::stoul(std::string(line))));
  return distinct_flat_smiles(smiles);
}

void check_moments(const Row& row, const std::string& side, const std::vector<double>& values) {
  double sum = 0, squares = 0;
  for (const double v : values) sum += v;
  const double mean = sum / static_cast<double>(values.size());
  for (const double v : values) squares += (v - mean) * (v - mean);
  INFO(row.at("set") << " " << row.at("property") << " " << side);
  CHECK(values.size() == std::stoul(row.at("n_" + side)));
  CHECK(mean == Approx(std::stod(row.at(side + "_mean"))).epsilon(1e-11));
  CHECK(std::sqrt(squares / static_cast<double>(values.size())) ==
        Approx(std::stod(row.at(side + "_sd"))).epsilon(1e-10));
}

void check_divergences(const std::string& set, const PropertyLists& train, const PropertyLists& sample) {
  const auto divergences = property_divergences(train, sample);
  std::size_t k = 0;
  for (const auto& row : rows("kl_divergence.csv")) {
    if (row.at("set") != set) continue;
    std::size_t at = 0;
    while (divergence_properties().at(at).name != row.at("property")) ++at;
    check_moments(row, "train", train[at]);
    check_moments(row, "sample", sample[at]);
    INFO(set << " " << row.at("property"));
    CHECK(divergences[at] == Approx(std::stod(row.at("kl"))).margin(1e-9));
    ++k;
  }
  CHECK(k == divergence_property_count);
  for (const auto& row : rows("kl_histograms.csv")) {
    if (row.at("set") != set) continue;
    std::size_t at = 0;
    while (divergence_properties().at(at).name != row.at("property")) ++at;
    const auto bins = theriac::scoring::binned(train[at], sample[at]);
    const std::size_t bin = std::stoul(row.at("bin"));
    INFO(set << " " << row.at("property") << " bin " << bin);
    CHECK(bins.edges[bin] == std::stod(row.at("lower_edge")));
    CHECK(bins.edges[bin + 1] == std::stod(row.at("upper_edge")));
    CHECK(bins.reference[bin] == std::stod(row.at("train_count")));
    CHECK(bins.sample[bin] == std::stod(row.at("sample_count")));
  }
}

}  // namespace

TEST_CASE("GuacaMol's four distribution scores of a clean and a dirty sample") {
  if (!std::filesystem::exists(folder)) {
    WARN("skipped: needs ../shared/golden/guacamol/distribution");
    return;
  }
  const auto train = generated_list(records("train.smi.gz"));
  const std::unordered_set<std::string> known(train.flat.begin(), train.flat.end());
  const auto train_properties = property_lists(training_of_kl(train));
  std::map<std::string, Row> golden;
  for (const auto& row : rows("metrics.csv")) golden[row.at("set") + " " + row.at("metric")] = row;
  for (const std::string set : {"clean", "dirty"}) {
    const auto list = generated_list(records(set + ".smi.gz"));
    const auto check = [&](const std::string& metric, const GuacamolShare& ours) {
      const auto& row = golden.at(set + " " + metric);
      INFO(set << " " << metric);
      CHECK(ours.value == std::stod(row.at("score")));
      CHECK(ours.molecules == std::stoll(row.at("count")));
      CHECK(ours.records == std::stoll(row.at("lines_used")));
    };
    check("Validity", guacamol_validity(list, number_samples));
    check("Uniqueness", guacamol_uniqueness(list, number_samples));
    const auto distinct = guacamol_distinct(list, number_samples);
    check("Novelty", guacamol_novelty(distinct, number_samples, known));
    CHECK(distinct.flat.size() == std::stoul(golden.at(set + " KL divergence").at("count")));
    const auto sample = property_lists(distinct.flat);
    check_divergences(set, train_properties, sample);
    CHECK(kl_score(property_divergences(train_properties, sample)) ==
          Approx(std::stod(golden.at(set + " KL divergence").at("score"))).margin(1e-9));
  }
}
