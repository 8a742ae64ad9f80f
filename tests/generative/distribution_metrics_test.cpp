#include "generative/distribution_metrics.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "chem/error.hpp"
#include "chem/record_reader.hpp"
#include "chem/text_file.hpp"
#include "generative/reference_statistics.hpp"
#include "tests/datasets/temporary_folder.hpp"

using namespace theriac::generative;

namespace {

std::vector<theriac::chem::RawRecord> records(const std::string& text) {
  auto reader = theriac::chem::RecordReader::from_text(text, theriac::chem::MoleculeFormat::smiles, "list");
  std::vector<theriac::chem::RawRecord> out;
  while (auto record = reader.next_raw()) out.push_back(std::move(*record));
  return out;
}

const char* const small_list = "OCC ethanol\nCCO\nnonsense bad\nc1ccccc1C(=O)NC1CCCC1\nCCCl\n";

}  // namespace

TEST_CASE("a sample keeps its order, its duplicates and a reason for what it cannot read") {
  const auto sample = molecule_sample(records(small_list));
  CHECK(sample.records == 5);
  REQUIRE(sample.members.size() == 4);
  CHECK(sample.members[0].smiles == "CCO");
  CHECK(sample.members[0].name == "ethanol");
  CHECK(sample.members[1].record == 1);
  CHECK(sample.members[2].record == 3);
  CHECK(sample.members[2].scaffold == "O=C(NC1CCCC1)c1ccccc1");
  CHECK(sample.members[3].filter_hits == std::vector<std::string>{"MCF4"});
  REQUIRE(sample.unread.size() == 1);
  CHECK(sample.unread[0].record == 2);
  CHECK(sample.unread[0].name == "bad");
  CHECK_THAT(sample.unread[0].message, Catch::Matchers::Contains("line 3"));
  CHECK(sample.statistics.log_p.size() == 4);
  CHECK(sample.statistics.fragments.at("CCO") == 2);
}

TEST_CASE("shares count what their definitions say") {
  const auto sample = molecule_sample(records(small_list));
  CHECK(valid_share(sample) == 0.8);
  CHECK(unique_share(sample.members, 1000) == 0.75);
  CHECK(unique_share(sample.members, 1) == 1.0);
  CHECK(filters_share(sample.members) == 0.75);
  NoveltyCount novelty(sample.members);
  CHECK(novelty.share() == 1.0);
  novelty.see("OCC");  // the training string as written, not its canonical form
  CHECK(novelty.share() == 1.0);
  novelty.see("CCO");
  novelty.see("CCO");
  CHECK(novelty.share() == Approx(2.0 / 3));
}

TEST_CASE("diversity counts a molecule with itself, and its second power roots molecule by molecule") {
  const auto set = [](const std::vector<std::uint64_t>& words) {
    theriac::chem::FingerprintSet out(64);
    for (const auto word : words) out.add({{word}});
    return out;
  };
  const auto two = internal_diversity(set({0b0011, 0b0110}));  // Tanimoto 1/3
  CHECK(two.first == Approx(1 - (1 + 1.0 / 3) / 2));
  CHECK(two.second == Approx(1 - std::sqrt((1 + 1.0 / 9) / 2)));
  const auto same = internal_diversity(set({1, 1, 1}));
  CHECK(same.first == Approx(0).margin(1e-15));
  CHECK(std::isnan(internal_diversity(set({})).first));
}

TEST_CASE("the cosine of counts") {
  CHECK(cosine_similarity({{"a", 1}, {"b", 2}}, {{"a", 2}, {"b", 4}}) == Approx(1));
  CHECK(cosine_similarity({{"a", 3}}, {{"b", 4}}) == 0);
  CHECK(cosine_similarity({{"a", 1}, {"b", 1}}, {{"a", 1}}) == Approx(1 / std::sqrt(2.0)));
  CHECK(std::isnan(cosine_similarity({}, {{"a", 1}})));
}

TEST_CASE("kept reference statistics come back whole, and only for what they were made from") {
  const TemporaryFolder folder;
  const std::string path = folder / "reference.safetensors";
  auto all = records(small_list);
  const auto set = describe_reference([&] { return std::exchange(all, {}); }, true);
  CHECK_FALSE(read_reference(path, "this").has_value());
  write_reference(path, set, "this");
  CHECK_FALSE(read_reference(path, "that").has_value());
  const auto back = read_reference(path, "this");
  REQUIRE(back.has_value());
  CHECK(back->records == 5);
  CHECK(back->unread_count == 1);
  REQUIRE(back->unread.size() == 1);
  CHECK(back->unread[0].record == 2);
  CHECK(back->unread[0].message == set.unread[0].message);
  CHECK(back->statistics.fragments == set.statistics.fragments);
  CHECK(back->statistics.scaffolds == set.statistics.scaffolds);
  CHECK(back->statistics.sa == set.statistics.sa);
  REQUIRE(back->statistics.fingerprints.size() == set.statistics.fingerprints.size());
  for (std::size_t i = 0; i < back->statistics.fingerprints.size(); ++i)
    CHECK(back->statistics.fingerprints[i] == set.statistics.fingerprints[i]);
  auto bytes = theriac::chem::read_text_file(path);
  theriac::chem::write_text_file(path, bytes.substr(0, bytes.size() - 1));
  CHECK_THROWS_AS(read_reference(path, "this"), theriac::ModelError);
}
