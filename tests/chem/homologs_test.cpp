#include "chem/homologs.hpp"

#include <tbb/global_control.h>

#include <catch2/catch.hpp>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "chem/homolog_search.hpp"
#include "chem/sequence.hpp"
#include "chem/sequence_profile.hpp"
#include "chem/striped_alignment.hpp"
#include "chem/substitution_matrix.hpp"

using namespace theriac;

namespace {

std::string letters(const chem::Homolog& row) {
  std::string out;
  for (const auto code : row.residues)
    out += code < 20 ? chem::amino_acid_letters[code] : code == chem::gap_residue ? '-' : 'X';
  return out;
}

std::string random_protein(std::uint64_t seed, std::size_t length) {
  chem::CounterRandom random(seed, "protein", "test");
  std::string out;
  for (std::size_t i = 0; i < length; ++i) out += chem::amino_acid_letters[random.below(20)];
  return out;
}

/// A relative: every third residue is another one.
std::string relative_of(const std::string& residues, std::uint64_t seed) {
  std::string out = residues;
  chem::CounterRandom random(seed, "relative", "test");
  for (char& letter : out)
    if (random.uniform() < 0.3) letter = chem::amino_acid_letters[random.below(20)];
  return out;
}

}  // namespace

TEST_CASE("BLOSUM62 is the published matrix") {
  const auto score = [](char a, char b) {
    return chem::blosum62(chem::residue_code(a), chem::residue_code(b));
  };
  CHECK(score('W', 'W') == 11);
  CHECK(score('C', 'C') == 9);
  CHECK(score('L', 'I') == 2);
  CHECK(score('P', 'W') == -4);
  CHECK(score('D', 'E') == 2);
  CHECK(score('a', 'S') == 1);
  CHECK(score('X', 'A') == -1);
  for (const char a : chem::amino_acid_letters)
    for (const char b : chem::amino_acid_letters) CHECK(score(a, b) == score(b, a));
  for (const auto& row : chem::blosum62_conditionals()) {
    double sum = 0;
    for (const double p : row) sum += p;
    CHECK(sum == Approx(1));
  }
}

TEST_CASE("lower case letters and dots of A3M are insertions") {
  const auto homologs =
      chem::read_homologs(">q\nMKTAYIAKQR\n>a\nMKsTAYI.AKQR\n>b\n--TAYVAwwKQ-\n", "x.a3m", "MKTAYIAKQR");
  REQUIRE(homologs.rows.size() == 2);
  CHECK(letters(homologs.rows[0]) == "MKTAYIAKQR");
  CHECK(letters(homologs.rows[1]) == "--TAYVAKQ-");
  CHECK(homologs.rows[1].identity == Approx(6.0 / 7));
  CHECK(homologs.mean_coverage() == Approx(1.7));
}

TEST_CASE("an alignment of a part of the protein is put in its place, gaps of the query are left out") {
  const auto homologs =
      chem::read_homologs(">other\nTAW-YIAKQRQI\n>part\nTA--YIAKQRQI\n", "x.fasta", "GGMKTAYIAKQRQIGG");
  REQUIRE(homologs.rows.size() == 1);
  CHECK(homologs.rows[0].name == "other");
  CHECK(homologs.rows[0].first == 4);
  CHECK(letters(homologs.rows[0]) == "TAYIAKQRQI");
}

TEST_CASE("unaligned relatives are aligned here") {
  const std::string query = random_protein(1, 60);
  const auto homologs =
      chem::read_homologs(">a\nDD" + query.substr(10, 20) + query.substr(32, 20) + "PP\n", "x", query);
  REQUIRE(homologs.rows.size() == 1);
  CHECK(homologs.rows[0].first == 10);
  CHECK(letters(homologs.rows[0]) == query.substr(10, 20) + "--" + query.substr(32, 20));
}

TEST_CASE("files that are no homologs are refused") {
  const std::string query = "MKTAYIAKQRQISFVK";
  CHECK_THROWS_WITH(chem::read_homologs(">a\nMKTA-IAKQR\n>b\nMKTA-IAK\n", "x", query),
                    "row 'b' of the alignment 'x' has 8 columns, the first has 10");
  CHECK_THROWS_WITH(chem::read_homologs(">a\nWWWW-WWWWWW\n>b\nWWWW-WWWWWW\n", "x", query),
                    "no row of the alignment 'x' is the sequence asked about, or a part of it");
  CHECK_THROWS_WITH(chem::read_homologs(">a\nACGTACGTACGTACGTACGTACGTACGTACGTACGT\n", "x", query),
                    "'x' holds nucleotide sequences");
  CHECK_THROWS_WITH(chem::read_homologs("MKTA\n", "x", query),
                    "no FASTA or A3M: 'x' (line 1) does not begin with '>'");
  CHECK_THROWS_WITH(chem::read_homologs("", "x", query), "no sequence in 'x'");
  CHECK_FALSE(chem::looks_like_nucleotides("ACGTACGT"));
  CHECK_FALSE(chem::looks_like_nucleotides(
      "DTASDAAAAAALTAANAAAAAKLTADNAAAAAAATAA"));  // a flounder's antifreeze protein
  CHECK_FALSE(chem::looks_like_nucleotides("AATAATAATAATAAATAATAATAATAATAATAAATAA"));
}

TEST_CASE("homologs written as A3M are read back") {
  const std::string query = random_protein(2, 80);
  chem::Homologs homologs{query, {}};
  homologs.rows.push_back(chem::homolog_row(
      "r", 10, chem::residue_codes(relative_of(query, 3).substr(10, 50)), chem::residue_codes(query)));
  const auto again = chem::read_homologs(chem::homologs_text(homologs, "q"), "x", query);
  REQUIRE(again.rows.size() == 1);
  CHECK(letters(again.rows[0]) == std::string(10, '-') + letters(homologs.rows[0]) + std::string(20, '-'));
  CHECK(again.rows[0].identity == Approx(homologs.rows[0].identity));
}

TEST_CASE("striped scores equal the plain alignment") {
  for (const std::size_t length : {1u, 7u, 16u, 100u, 333u}) {
    const std::string query = random_protein(length, length);
    const auto scores = chem::scores_of_sequence(chem::residue_codes(query));
    const chem::StripedScores striped(scores);
    chem::StripedScores::Rows rows;
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
      // relatives with pieces left out and put in, and strangers
      std::string other =
          seed % 3 == 0 ? random_protein(1000 + seed, 50 + 31 * seed) : relative_of(query, seed);
      if (seed % 3 == 1) other = other.substr(0, other.size() / 2) + "WWPCW" + other.substr(other.size() / 2);
      if (seed % 3 == 2 && other.size() > 20) other.erase(other.size() / 3, 14);
      const auto codes = chem::residue_codes(other);
      const auto plain = chem::local_end(scores, codes.data(), codes.size());
      const auto fast = striped.gapped(codes.data(), codes.size(), rows);
      CHECK(fast.score == plain.score);
      CHECK(fast.residue == plain.residue);
      CHECK(fast.position == plain.position);
      int diagonal = 0;
      for (std::size_t i = 0; i < query.size(); ++i)
        for (std::size_t j = 0; j < codes.size(); ++j)
          if (i == 0 || j == 0) {
            int sum = 0;
            for (std::size_t k = 0; i + k < query.size() && j + k < codes.size(); ++k) {
              sum = std::max(0, sum + scores.at(i + k, codes[j + k]));
              diagonal = std::max(diagonal, sum);
            }
          }
      CHECK(striped.gapless(codes.data(), codes.size(), rows) == std::min(diagonal, chem::gapless_limit));
    }
  }
}

TEST_CASE("relatives are found among strangers, on any number of threads") {
  const std::string query = random_protein(7, 150);
  chem::SequenceDatabase database;
  for (std::uint64_t i = 0; i < 300; ++i) database.add("stranger", random_protein(100 + i, 200));
  for (std::uint64_t i = 0; i < 10; ++i)
    database.add("relative" + std::to_string(i),
                 random_protein(500 + i, 40) + relative_of(query, i) + "GGSG");
  const auto found = chem::find_homologs(database, query);
  REQUIRE(found.rows.size() == 10);
  for (const auto& row : found.rows) {
    CHECK(row.name.substr(0, 8) == "relative");
    CHECK(row.e_value < 1e-3);
    CHECK(row.identity > 0.5);
  }
  const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
  CHECK(chem::homologs_text(chem::find_homologs(database, query), "q") == chem::homologs_text(found, "q"));
  CHECK_THROWS_AS(chem::find_homologs(database, ""), UsageError);
}

TEST_CASE("composition alone makes no relative") {
  const std::string query = random_protein(8, 80) + std::string(40, 'E') + random_protein(9, 80);
  chem::SequenceDatabase database;
  database.add("acidic", std::string(60, 'E'));
  CHECK(chem::find_homologs(database, query).rows.empty());
}

TEST_CASE("a profile of relatives counts what they have, and leans on BLOSUM62 without them") {
  const std::string query = "MKTAYIAKQR";
  const auto alone = chem::profile_of({query, {}});
  CHECK(alone.effective_rows == Approx(1));
  const auto& k = alone.columns[1].mixed;
  CHECK(k[chem::residue_code('R')] > k[chem::residue_code('W')]);
  CHECK(alone.columns[0].occupied == Approx(1));
  const auto codes = chem::residue_codes(query);
  chem::Homologs homologs{query, {}};
  for (const char* row : {"MKTAWIAKQR", "MKTAWVAKQR", "MRTAWIAKQ-"}) {
    auto residues = chem::residue_codes(row);
    for (auto& code : residues)
      if (code == chem::unknown_residue) code = chem::gap_residue;
    homologs.rows.push_back(chem::homolog_row("r", 0, residues, codes));
  }
  const auto profile = chem::profile_of(homologs);
  CHECK(profile.effective_rows > 3);
  CHECK(profile.columns[9].occupied < 1);
  CHECK(profile.columns[4].observed[chem::residue_code('W')] >
        profile.columns[4].observed[chem::residue_code('Y')]);
  for (const auto& column : profile.columns) {
    double sum = 0;
    for (const double p : column.mixed) {
      CHECK(p > 0);
      sum += p;
    }
    CHECK(sum == Approx(1));
    CHECK(column.conservation > 0);
  }
  CHECK_THROWS_AS(chem::profile_of({"", {}}), UsageError);
}
