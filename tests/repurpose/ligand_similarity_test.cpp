#include "repurpose/ligand_similarity.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "chem/molecule.hpp"
#include "tests/repurpose/small_store.hpp"

using namespace theriac;

TEST_CASE("the extreme-value law keeps its digits far out") {
  CHECK(repurpose::extreme_value_p(0) == Approx(1 - std::exp(-std::exp(-0.5772157))));
  const double x = std::exp(-28 * 3.14159265358979323846 / std::sqrt(6.0) - 0.5772157);
  CHECK(repurpose::extreme_value_p(28) == Approx(x - x * x / 2 + x * x * x / 6).epsilon(1e-14));
  CHECK(repurpose::extreme_value_p(40) > 0);
  CHECK(repurpose::extreme_value_p(-10) == Approx(1));
  double last = 1.1;
  for (double z = -5; z < 60; z += 0.5) {
    CHECK(repurpose::extreme_value_p(z) < last);
    last = repurpose::extreme_value_p(z);
    if (z < -1) last = 1.1;  // 1 to all digits there
  }
}

TEST_CASE("a drug is never its own ligand, and E counts the targets compared with") {
  const tests::SmallStore small;
  const repurpose::LigandEnsembles ensembles(small.store);
  CHECK(ensembles.structures() == 3);
  CHECK(ensembles.ensembles() == 4);  // JAK2 has no ligand with a structure
  CHECK(ensembles.ligands(small.target("154")) ==
        std::vector<std::uint32_t>{small.drug("DB00571"), small.drug("DB01001")});
  const auto found = ensembles.drugs_like_ligands(small.target("154"));
  REQUIRE(found.size() == 3);
  for (const auto& [drug, similarity] : found) {
    if (drug == small.drug("DB00571")) {
      CHECK(similarity.ligands == 1);
      CHECK(similarity.nearest == small.drug("DB01001"));
      CHECK(similarity.nearest_similarity < 1);
    }
    CHECK(similarity.e == Approx(4 * similarity.p));
  }
  CHECK(ensembles.drugs_like_ligands(small.target("3717")).empty());
}

TEST_CASE("a free molecule is compared with every target asked for, by the formula") {
  const tests::SmallStore small;
  const repurpose::LigandEnsembles ensembles(small.store);
  const auto beta_blocker =
      chem::morgan_fingerprint(chem::Molecule::from_smiles("CC(C)NCC(O)COc1ccc(CC(N)=O)cc1"));
  const auto found =
      ensembles.targets_of(beta_blocker, {small.target("3716"), small.target("154"), small.target("153")});
  REQUIRE(found.size() == 3);
  CHECK(found[0].target == small.target("153"));
  CHECK(found[0].nearest == small.drug("DB00571"));
  CHECK(found.back().target == small.target("3716"));
  const auto propranolol =
      chem::morgan_fingerprint(chem::Molecule::from_smiles("CC(C)NCC(O)COc1cccc2ccccc12"));
  const double t = chem::tanimoto(beta_blocker, propranolol);
  CHECK(found[0].nearest_similarity == Approx(t));
  CHECK(found[0].z == Approx((t - repurpose::expected_score(1)) / repurpose::score_deviation(1)));
}

TEST_CASE("links under other licences are no ligands when only free ones are asked for") {
  const tests::SmallStore small;
  const repurpose::LigandEnsembles free(small.store, {datasets::LicenceClass::permissive});
  CHECK(free.ligands(small.target("153")).empty());
  CHECK(free.ligands(small.target("154")).size() == 2);
}
