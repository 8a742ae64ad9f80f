#include "generative/vocabulary_file.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "action_fixtures.hpp"
#include "chem/counter_random.hpp"
#include "chem/error.hpp"

using Catch::Contains;
using theriac::InputError;
using theriac::ModelError;
using namespace theriac::generative;
namespace chem = theriac::chem;

namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto where = text.find(from);
  REQUIRE(where != std::string::npos);
  return text.replace(where, from.size(), to);
}

VocabularyContents small() {
  VocabularyContents c;
  c.atom_types = {{6, 0, 4, true, false, 10}, {8, 0, 2, true, false, 5}};
  c.atom_bonds = {{0, 1}, {0, 2}, {1, 1}, {1, 2}};
  c.motifs = {{"C1CCOC1", 3, false}};
  return c;
}

}  // namespace

TEST_CASE("a vocabulary comes back from its file, action by action") {
  const ActionVocabulary& one = starter_vocabulary();
  const auto path = std::filesystem::temp_directory_path() / "theriac_vocabulary_test.json";
  save_vocabulary(one, path.string());
  const ActionVocabulary two = load_vocabulary(path.string());
  REQUIRE(two.size() == one.size());
  for (int a = 0; a < one.size(); ++a)
    CHECK(two.describe(static_cast<Action>(a)) == one.describe(static_cast<Action>(a)));
  CHECK(vocabulary_text(two) == vocabulary_text(one));
  std::filesystem::remove(path);
  CHECK_THROWS_AS(load_vocabulary(path.string()), InputError);
}

TEST_CASE("a damaged vocabulary file is refused, whatever the damage") {
  const std::string good = vocabulary_text(starter_vocabulary());
  const auto reading = [](const std::string& text) { return vocabulary_from_text(text, "v.json"); };
  CHECK_THROWS_WITH(reading(""), Contains("v.json: not JSON"));
  CHECK_THROWS_WITH(reading("[1, 2]"), Contains("no action vocabulary"));
  CHECK_THROWS_WITH(reading(replaced(good, "\"version\": 1", "\"version\": 2")), Contains("version 2"));
  CHECK_THROWS_WITH(reading(replaced(good, "\"c1ccccc1\"", "\"c1ccncc1\"")), Contains("checksum"));
  CHECK_THROWS_WITH(reading(replaced(good, "\"content\"", "\"contents\"")), Contains("content"));
  CHECK_THROWS_AS(reading(good.substr(0, good.size() / 2)), ModelError);
  chem::CounterRandom random(4, "vocabulary", "damage");
  for (int i = 0; i < 200; ++i) {
    std::string text = good;
    char& c = text[random.below(static_cast<std::uint32_t>(text.size()))];
    const char other = static_cast<char>(33 + random.below(90));
    if (c == other || c == '\n' || c == ' ') continue;
    c = other;
    CHECK_THROWS_AS(reading(text), ModelError);
  }
}

TEST_CASE("contents that make no sense are refused by name") {
  const auto fault = [](const VocabularyContents& c) -> std::string {
    try {
      const ActionVocabulary vocabulary(c);
    } catch (const ModelError& e) {
      return e.what();
    }
    return {};
  };
  CHECK(fault(small()) == "");
  auto c = small();
  c.atom_types.push_back(c.atom_types[0]);
  CHECK(fault(c) == "atom type 'C' is in the vocabulary twice");
  c = small();
  c.atom_bonds.push_back({1, 3});
  CHECK_THAT(fault(c), Contains("impossible bond"));
  c = small();
  c.atom_bonds = {{1, 1}};
  CHECK_THAT(fault(c), Contains("no carbon"));
  c = small();
  c.motifs.push_back({"C1CCSC1", 1, false});
  CHECK(fault(c) == "motif 2 'C1CCSC1' of the vocabulary has an atom (number 4) of no known type");
  c = small();
  c.motifs = {{"CCO", 1, false}};
  CHECK_THAT(fault(c), Contains("is not a bare ring system"));
  c.motifs = {{"C1CC1C1CC1", 1, false}};
  CHECK_THAT(fault(c), Contains("is not a bare ring system"));
  c.motifs = {{"C1CC", 1, false}};
  CHECK_THAT(fault(c), Contains("cannot be read"));
  c = small();
  c.motifs.push_back(c.motifs[0]);
  CHECK_THAT(fault(c), Contains("is there twice"));
  c = small();
  c.atom_types.push_back({7, 1, 4, false, true, 2});
  CHECK(fault(c) == "nothing in the vocabulary balances the charge of 'N+'");
}

TEST_CASE("a vocabulary does not depend on how its corpus was split") {
  const auto molecules = smiles_of_file(THERIAC_STARTER_MOLECULES);
  VocabularyCensus whole, parts[2];
  for (std::size_t i = 0; i < molecules.size(); ++i) {
    whole.add(chem::flat_graph(molecules[i]));
    parts[i % 2].add(chem::flat_graph(molecules[i]));
  }
  parts[0].merge(parts[1]);
  CHECK(vocabulary_text(whole.vocabulary()) == vocabulary_text(parts[0].vocabulary()));
  CHECK_THROWS_AS(VocabularyCensus().vocabulary(), InputError);
  VocabularyCensus salt;
  CHECK_THROWS_AS(salt.add(chem::flat_graph("CC(=O)[O-].[Na+]")), theriac::MoleculeError);
  CHECK(salt.molecules() == 0);
}

TEST_CASE("motifs keep their double bonds and hydrogens apart") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  const auto* sulfolane = vocabulary.find_motif("C1CC[SH4]C1");
  REQUIRE(sulfolane);
  CHECK(vocabulary.motif(sulfolane->unit).symmetries.size() == 1);
  const auto* benzene = vocabulary.find_motif("c1ccccc1");
  REQUIRE(benzene);
  CHECK(vocabulary.motif(benzene->unit).symmetries.size() == 11);
  CHECK(vocabulary.motif(benzene->unit).representatives(0) == 1u);
  CHECK(vocabulary.motif(benzene->unit).distance(0, 3) == 3);
  CHECK(vocabulary.find_motif("C1CCSC1") == nullptr);
}
