// The benchmark of association matrices: its folds, its files, its table.
#include "cli/bench_completion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>

#include "chem/error.hpp"
#include "cli/association_set.hpp"
#include "tests/cli/transcript.hpp"
#include "tests/repurpose/association_fixtures.hpp"

using namespace theriac;
using Catch::Matchers::Contains;
using cli::LeftOut;

namespace {

void write(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

std::string numbered(const char* header, std::size_t rows) {
  std::string out = header;
  for (std::size_t i = 0; i < rows; ++i) out += fmt::format("{}\tx{}\n", i, i);
  return out;
}

/// Drug similarities as triples, disease similarities as a square table.
void write_set(const std::string& stem, const repurpose::AssociationData& data) {
  std::string pairs = "drug\tdisease\n", triples = "i\tj\tsim\n", square;
  for (std::size_t i = 0; i < data.drugs(); ++i) {
    for (std::size_t j = 0; j < data.diseases(); ++j)
      if (data.associations(i, j) > 0) pairs += fmt::format("{}\t{}\n", i, j);
    for (std::size_t k = i; k < data.drugs(); ++k)
      triples += fmt::format("{}\t{}\t{}\n", i, k, data.drug_similarity(i, k));
  }
  for (std::size_t i = 0; i < data.diseases(); ++i)
    for (std::size_t j = 0; j < data.diseases(); ++j)
      square += fmt::format("{}{}", data.disease_similarity(i, j), j + 1 < data.diseases() ? "," : "\n");
  write(stem + "_assoc.tsv", pairs);
  write(stem + "_drugs.tsv", numbered("idx\tname\n", data.drugs()));
  write(stem + "_diseases.tsv", numbered("idx\tname\n", data.diseases()));
  write(stem + "_drug_sim.tsv", triples);
  write(stem + "_disease_sim_matrix.csv", square);
}

}  // namespace

TEST_CASE("folds of pairs are equal parts and folds of drugs keep a drug together") {
  const auto data = repurpose::planted_groups(30, 20, 3, 0.5, 1);
  const auto pairs = cli::association_folds(data.associations, 5, LeftOut::pairs, 7);
  std::vector<int> sizes(5);
  for (std::size_t c = 0; c < pairs.size(); ++c) {
    CHECK((pairs[c] >= 0) == (data.associations.values[c] > 0));
    if (pairs[c] >= 0) ++sizes[static_cast<std::size_t>(pairs[c])];
  }
  const auto [least, most] = std::minmax_element(sizes.begin(), sizes.end());
  CHECK(*most - *least <= 1);
  CHECK(cli::association_folds(data.associations, 5, LeftOut::pairs, 7) == pairs);
  CHECK(cli::association_folds(data.associations, 5, LeftOut::pairs, 8) != pairs);

  const auto drugs = cli::association_folds(data.associations, 5, LeftOut::drugs, 7);
  for (std::size_t i = 0; i < 30; ++i) {
    std::set<int> folds;
    for (std::size_t j = 0; j < 20; ++j)
      if (drugs[i * 20 + j] >= 0) folds.insert(drugs[i * 20 + j]);
    CHECK(folds.size() <= 1);
  }
  CHECK_THROWS_WITH(cli::association_folds(data.associations, 1000, LeftOut::drugs, 7),
                    Contains("known drugs; needs 2 to "));
}

TEST_CASE("planted associations are found again by every method but chance and popularity") {
  const auto data = repurpose::planted_groups(60, 45, 3, 0.4, 2);
  for (const auto left_out : {LeftOut::pairs, LeftOut::drugs}) {
    const auto folds = cli::association_folds(data.associations, 5, left_out, 1);
    for (const auto& figures :
         cli::run_completion_fold(data, folds, 0, left_out, cli::completion_methods(), 1)) {
      INFO(figures.method);
      // of all pairs not known, 0.6 of the planted ones are never known: they hold AUROC below 1
      if (figures.method == "random" || figures.method == "popularity")
        CHECK(std::abs(figures.auroc - 0.5) < 0.15);
      else
        CHECK(figures.auroc > 0.8);
      CHECK(figures.average_precision > 0);
      CHECK(figures.choice.empty() == (figures.method != "kernel" && figures.method != "consensus"));
    }
  }
}

TEST_CASE("bench completion reads a set, writes its table and goes on where it stopped") {
  TemporaryFolder folder;
  std::filesystem::create_directories(folder / "data/benchmarks");
  const auto data = repurpose::planted_groups(24, 18, 3, 0.5, 3);
  write_set(folder / "data/benchmarks/tiny", data);
  const auto read = cli::read_association_set(folder / "data", "tiny");
  CHECK(read.associations.values == data.associations.values);
  CHECK(read.drug_similarity.values == data.drug_similarity.values);
  CHECK(read.disease_similarity.values == data.disease_similarity.values);

  const std::string command = "bench completion --data data --set tiny --folds 3 --cpu 2 -o out --repeats ";
  const auto first = run_theriac(command + "1", folder);
  REQUIRE(first.exit_code == 0);
  CHECK_THAT(first.out, Contains("| tiny | consensus | 1 x 3 |"));
  const auto again = run_theriac(command + "2", folder);
  REQUIRE(again.exit_code == 0);
  CHECK_THAT(again.out, Contains("| tiny | kernel | 2 x 3 |"));
  CHECK_THAT(again.err, !Contains("repeat 0") && Contains("repeat 1"));
  const auto unknown = run_theriac("bench completion --data data --set tiny --methods kernl", folder);
  CHECK(unknown.exit_code == 2);
  CHECK_THAT(unknown.err, Contains("unknown method 'kernl', did you mean 'kernel'?"));
  CHECK_THAT(run_theriac("bench completion --data data --set absent", folder).err,
             Contains("absent_drugs.tsv"));
}

TEST_CASE("a damaged association set is refused by file and line") {
  TemporaryFolder folder;
  write_set(folder / "bad", repurpose::planted_groups(6, 5, 2, 1, 4));
  write(folder / "bad_assoc.tsv", "drug\tdisease\n0\t1\n6\t1\n");
  CHECK_THROWS_WITH(cli::read_association_set(folder.path(), "bad"),
                    Contains("bad_assoc.tsv, line 3: '6' is no index from 0 to 5"));
  write(folder / "bad_assoc.tsv", "drug\tdisease\n0\n");
  CHECK_THROWS_WITH(cli::read_association_set(folder.path(), "bad"), Contains("line 2: 1 cells; needs 2"));
}
