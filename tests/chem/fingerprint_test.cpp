#include "chem/fingerprint.hpp"

#include <catch2/catch.hpp>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"

using namespace theriac::chem;

namespace {

Fingerprint of(const char* smiles) {
  return morgan_fingerprint(Molecule::from_smiles(smiles));
}

Fingerprint random_fingerprint(std::uint64_t seed, int bits_set) {
  CounterRandom random(seed, "", "test");
  Fingerprint f{std::vector<std::uint64_t>(32)};
  for (int i = 0; i < bits_set; ++i) {
    const auto bit = random.below(2048);
    f.words[bit / 64] |= std::uint64_t{1} << (bit % 64);
  }
  return f;
}

/// Bit by bit, as the definition reads.
double plain_tanimoto(const Fingerprint& a, const Fingerprint& b) {
  int both = 0, either = 0;
  for (std::size_t i = 0; i < a.bits(); ++i) {
    both += a.test(i) && b.test(i);
    either += a.test(i) || b.test(i);
  }
  return either ? static_cast<double>(both) / either : 1.0;
}

}  // namespace

TEST_CASE("the Morgan fingerprint of ethanol has RDKit's bits") {
  // AllChem.GetMorganFingerprintAsBitVect(MolFromSmiles('CCO'), 2, 2048).GetOnBits()
  const auto f = of("CCO");
  std::vector<std::size_t> on;
  for (std::size_t i = 0; i < f.bits(); ++i)
    if (f.test(i)) on.push_back(i);
  CHECK(on == std::vector<std::size_t>{80, 222, 294, 807, 1057, 1410});
  CHECK(f.count() == static_cast<int>(on.size()));
}

TEST_CASE("Morgan counts of propane are those of its environments") {
  // radius 0: methyl twice, methylene once; radius 1: each methyl once more, and methylene (the whole
  // molecule)
  const auto counts = morgan_counts(Molecule::from_smiles("CCC"));
  int total = 0;
  for (const auto& [id, count] : counts) total += count;
  CHECK(counts.size() == 4);
  CHECK(total == 6);
  CHECK(counts.front() == std::make_pair(2068133184u, 1));
  CHECK(counts[1] == std::make_pair(2245384272u, 1));
}

TEST_CASE("similarity is 1 to itself, symmetric, and lower to a stranger") {
  const auto aspirin = of("CC(=O)Oc1ccccc1C(=O)O"), salicylic_acid = of("OC(=O)c1ccccc1O"),
             hexane = of("CCCCCC");
  CHECK(tanimoto(aspirin, aspirin) == 1.0);
  CHECK(tanimoto(aspirin, salicylic_acid) == tanimoto(salicylic_acid, aspirin));
  CHECK(tanimoto(aspirin, salicylic_acid) > tanimoto(aspirin, hexane));
  const auto a = morgan_counts(Molecule::from_smiles("CCCC")),
             b = morgan_counts(Molecule::from_smiles("CCCCC"));
  CHECK(tanimoto(a, a) == 1.0);
  CHECK((tanimoto(a, b) > 0.0 && tanimoto(a, b) < 1.0));
}

TEST_CASE("bulk similarity equals the definition bit by bit") {
  FingerprintSet set;
  std::vector<Fingerprint> members;
  for (int i = 0; i < 300; ++i) {
    members.push_back(random_fingerprint(1000 + i, i));
    set.add(members.back());
  }
  const auto query = random_fingerprint(1, 150);
  const auto similarity = set.tanimoto(query);
  Neighbour best{0, -1};
  for (std::size_t i = 0; i < members.size(); ++i) {
    REQUIRE(similarity[i] == plain_tanimoto(query, members[i]));
    REQUIRE(tanimoto(query, members[i]) == similarity[i]);
    REQUIRE(set[i] == members[i]);
    if (similarity[i] > best.similarity) best = {i, similarity[i]};
  }
  CHECK(set.nearest(query).index == best.index);
  CHECK(set.nearest(query).similarity == best.similarity);
  const auto top = set.nearest(query, 5);
  REQUIRE(top.size() == 5);
  CHECK(top[0].index == best.index);
  for (int i = 1; i < 5; ++i) CHECK(top[i - 1].similarity >= top[i].similarity);
  CHECK(set.nearest(members[42]).index == 42);
}

TEST_CASE("fingerprints of different length are not compared") {
  const auto molecule = Molecule::from_smiles("CCO");
  CHECK_THROWS_WITH(tanimoto(morgan_fingerprint(molecule), morgan_fingerprint(molecule, 2, 1024)),
                    "cannot compare fingerprints of 2048 and 1024 bits");
  CHECK_THROWS_AS(FingerprintSet(1024).add(morgan_fingerprint(molecule)), theriac::UsageError);
  CHECK_THROWS_AS(FingerprintSet().nearest(morgan_fingerprint(molecule)), theriac::UsageError);
  CHECK_THROWS_AS(morgan_fingerprint(molecule, 2, 100), theriac::UsageError);
}

TEST_CASE("atom pairs of propane: two of neighbours, one of the ends") {
  const auto pairs = atom_pair_counts(Molecule::from_smiles("CCC"));
  int neighbours = 0, total = 0;
  for (const auto& [pair, count] : pairs) {
    total += count;
    neighbours = std::max(neighbours, count);
  }
  CHECK(pairs.size() == 2);
  CHECK(neighbours == 2);
  CHECK(total == 3);
  CHECK(atom_pair_counts(Molecule::from_smiles("CCC"), 1).size() == 1);
  CHECK_THROWS_AS(atom_pair_counts(Molecule::from_smiles("CCC"), 0), theriac::UsageError);
}

TEST_CASE("feature counts see the function of an atom, not its element") {
  const auto similarity = [](CountFingerprint (*counts)(const Molecule&, int)) {
    return tanimoto(counts(Molecule::from_smiles("Clc1ccccc1"), 2),
                    counts(Molecule::from_smiles("Brc1ccccc1"), 2));
  };
  CHECK(similarity(feature_morgan_counts) == 1);
  CHECK(similarity(morgan_counts) < 1);
}

TEST_CASE("the nearest among some members is the one that a search of all of them gives") {
  FingerprintSet set;
  for (const char* smiles : {"CCO", "CCCO", "c1ccccc1", "c1ccccc1O", "CC(=O)O", "CCN", "c1ccncc1", "C"})
    set.add(morgan_fingerprint(Molecule::from_smiles(smiles)));
  for (const char* smiles : {"CCCCO", "c1ccccc1N", "[Fe]", "CC(=O)OC"}) {
    const auto query = morgan_fingerprint(Molecule::from_smiles(smiles));
    const auto all = set.tanimoto(query);
    for (const std::vector<std::uint32_t>& members :
         {std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5, 6, 7}, {5, 2, 7}, {6}}) {
      const auto found = set.nearest_among(query, members);
      double best = -1;
      for (const auto m : members) best = std::max(best, all[m]);
      CHECK(found.similarity == best);
      CHECK(all[found.index] == best);
    }
  }
  CHECK_THROWS_AS(set.nearest_among(morgan_fingerprint(Molecule::from_smiles("C")), {}), theriac::UsageError);
}
