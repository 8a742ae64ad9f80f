// Proteins as rows of tokens, and splits without relatives.
#include "generative/protein_corpus.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "generative/protein_split.hpp"

using namespace theriac::generative;

namespace {

constexpr const char* twenty = "ACDEFGHIKLMNPQRSTVWY";

std::string random_protein(std::size_t length, std::uint64_t seed) {
  theriac::chem::CounterRandom random(seed, "protein", "test");
  std::string out;
  while (out.size() < length) out += twenty[random.below(20)];
  return out;
}

/// With `share` of the residues replaced by others.
std::string changed(std::string protein, double share, std::uint64_t seed) {
  theriac::chem::CounterRandom random(seed, "changed", "test");
  for (char& c : protein)
    if (random.uniform() < share) {
      const char before = c;
      while (c == before) c = twenty[random.below(20)];
    }
  return protein;
}

}  // namespace

TEST_CASE("tokens have the published numbers") {
  CHECK(protein_token::of('A') == 5);
  CHECK(protein_token::of('I') == 13);
  CHECK(protein_token::of('K') == 14);  // there is no J
  CHECK(protein_token::of('Z') == 29);
  CHECK(protein_token::of('J') == protein_token::of('X'));
  CHECK(protein_token::of('*') == protein_token::padding);
  CHECK_FALSE(protein_token::is_residue(protein_token::of('X')));
  ProteinCorpus corpus;
  CHECK_THROWS_AS(corpus.add({"", "AC-D"}), theriac::InputError);
}

TEST_CASE("rows of an epoch hold every protein once, each in its own segment, followed by the next token") {
  ProteinCorpus corpus;
  for (std::size_t i = 0; i < 40; ++i) corpus.add({"", random_protein(5 + 7 * i % 50, i)});
  const ProteinEpoch epoch(corpus, 32, 1, 0);
  REQUIRE(epoch.rows() == corpus.tokens() / 32);
  const auto rows = epoch.taken(0, epoch.rows());
  std::size_t starts = 0, ends = 0;
  for (std::size_t i = 0; i + 1 < rows.token.size(); ++i) {
    starts += rows.token[i] == protein_token::begin;
    ends += rows.token[i] == protein_token::end;
    const bool same_row = (i + 1) % 32 != 0;
    if (rows.token[i] == protein_token::end) {
      CHECK(rows.target[i] == protein_token::padding);
      if (same_row) CHECK(rows.segment[i] != rows.segment[i + 1]);
    } else {
      CHECK(rows.target[i] == rows.token[i + 1]);  // also across the end of a row: the stream goes on
      if (same_row) CHECK(rows.segment[i] == rows.segment[i + 1]);
    }
  }
  CHECK(starts >= 38);
  CHECK(ends >= 38);
  const auto again = ProteinEpoch(corpus, 32, 1, 0).taken(3, 5);
  CHECK(std::equal(again.token.begin(), again.token.end(), rows.token.begin() + 96));
  CHECK(ProteinEpoch(corpus, 32, 1, 1).taken(0, 1).token != epoch.taken(0, 1).token);
}

TEST_CASE("windows score each token of a long protein once, with at least half a window before it") {
  ProteinCorpus corpus;
  corpus.add({"", random_protein(10, 1)});
  corpus.add({"", random_protein(150, 2)});
  const auto windows = protein_windows(corpus, {0, 1}, 32);
  std::map<int, std::string> scored;
  for (std::size_t i = 0; i < windows.owner.size(); ++i)
    if (windows.owner[i] >= 0) scored[windows.owner[i]] += static_cast<char>(windows.rows.target[i]);
  for (int record : {0, 1}) {
    const auto* first = corpus.begin_of(static_cast<std::size_t>(record)) + 1;
    CHECK(scored[record] ==
          std::string(first, first + corpus.length_of(static_cast<std::size_t>(record)) - 1));
  }
}

TEST_CASE("of a pair the peptide alone is learned, and a long target is cut on its left") {
  ProteinCorpus corpus;
  corpus.add_pair("MKTAYIAKQRQISFVKSHFSRQLEERLG", "ACD", 20);
  REQUIRE(corpus.length_of(0) == 20);
  const auto* tokens = corpus.begin_of(0);
  CHECK(tokens[14] == protein_token::end);
  CHECK(tokens[13] == protein_token::of('G'));
  CHECK(tokens[15] == protein_token::begin);
  const auto rows = ProteinEpoch(corpus, 32, 1, 0).taken(0, 1);
  std::string learned;
  for (const auto t : rows.target)
    if (t != protein_token::padding) learned += static_cast<char>(t);
  const std::string expected{
      static_cast<char>(protein_token::of('A')), static_cast<char>(protein_token::of('C')),
      static_cast<char>(protein_token::of('D')), static_cast<char>(protein_token::end)};
  CHECK(learned == expected);
  CHECK_THROWS_AS(corpus.add_pair("MK", std::string(40, 'A'), 20), theriac::InputError);
}

TEST_CASE("an alignment counts equal residues and columns, gaps among them") {
  //  HEAGAWGHEE against HEAGAWHEE: one residue is missing
  const auto found = aligned("HEAGAWGHEECK", "HEAGAWHEECK", 0, 4);
  CHECK(found.equal == 11);
  CHECK(found.columns == 12);
  CHECK(found.score == 11 * 2 - 4);
  CHECK(found.last_a - found.first_a == 12);
  CHECK(found.last_b - found.first_b == 11);
  const auto shifted = aligned("MKTAYIAKQR", "WWWWWWMKTAYIAKQR", 6, 2);
  CHECK(shifted.equal == 10);
  CHECK(shifted.first_b == 6);
}

TEST_CASE("no relative of a held-out protein is learned, and strangers are not taken for relatives") {
  std::vector<std::string> proteins;
  for (std::size_t family = 0; family < 60; ++family) {
    const auto founder = random_protein(120 + family, 100 + family);
    proteins.push_back(founder);
    proteins.push_back(changed(founder, 0.4, family));                                      // 60 % equal
    proteins.push_back(random_protein(80, 500 + family) + changed(founder, 0.35, family));  // a domain more
  }
  const std::vector<std::string_view> texts(proteins.begin(), proteins.end());
  const auto parts = split_proteins(texts, 12, 7);
  std::size_t held_out = 0;
  for (std::size_t family = 0; family < 60; ++family) {
    const auto* part =
        parts.data() + 3 * family;  // the founder and its two relatives, who are none of each other
    const auto out = std::count(part, part + 3, ProteinPart::held_out);
    held_out += static_cast<std::size_t>(out);
    if (out == 0) CHECK(std::count(part, part + 3, ProteinPart::learned) == 3);
    if (part[0] == ProteinPart::held_out) CHECK(std::count(part, part + 3, ProteinPart::learned) == 0);
    if (out > 0) CHECK(part[0] != ProteinPart::learned);
  }
  CHECK(held_out == 12);
  CHECK(split_proteins(texts, 12, 7) == parts);
  CHECK(split_proteins(texts, 12, 8) != parts);
  const auto apart = split_proteins(texts, 0, 1, {texts[3]});
  CHECK(apart[4] == ProteinPart::relative);
  CHECK(apart[0] == ProteinPart::learned);
}
