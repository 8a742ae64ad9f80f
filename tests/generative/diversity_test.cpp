#include "generative/diversity.hpp"

#include <catch2/catch.hpp>

#include "chem/error.hpp"
#include "tests/generative/campaign_fixtures.hpp"

using namespace theriac;
using namespace theriac::generative;

TEST_CASE("diversity and novelty are Tanimoto means") {
  std::vector<chem::Molecule> same, mixed;
  for (const char* smiles : {"CCO", "CCO"}) same.push_back(chem::Molecule::from_smiles(smiles));
  for (const char* smiles : {"CCO", "c1ccccc1"}) mixed.push_back(chem::Molecule::from_smiles(smiles));
  CHECK(internal_diversity(same) == 0);
  CHECK(internal_diversity(mixed) == 1);
  CHECK(internal_diversity({mixed[0]}) == 0);
  CHECK(nearest_similarities(mixed, same) == std::vector<double>{1, 0});
  CHECK(nearest_similarities(mixed, {}) == std::vector<double>{0, 0});
}

TEST_CASE("buckets are scaffolds or clusters") {
  DiversitySettings s;
  s.bucket = 2;
  const auto toluene = chem::Molecule::from_smiles("Cc1ccccc1"),
             phenol = chem::Molecule::from_smiles("Oc1ccccc1");
  DiversityFilter scaffolds(s);
  CHECK(scaffolds.bucket(toluene) == "c1ccccc1");
  CHECK(scaffolds.bucket(chem::Molecule::from_smiles("CCO")) == "no rings");
  scaffolds.count(toluene, 0.9);
  scaffolds.count(phenol, 0.1);  // not good enough to count
  CHECK_FALSE(scaffolds.full("c1ccccc1"));
  scaffolds.count(phenol, 0.4);
  CHECK(scaffolds.full("c1ccccc1"));
  s.method = DiversityMethod::similarity;
  DiversityFilter clusters(s);
  CHECK(clusters.bucket(toluene) == "new cluster");
  CHECK(clusters.count(toluene, 0.9) == "cluster 1");
  CHECK(clusters.bucket(toluene) == "cluster 1");
  CHECK(clusters.count(chem::Molecule::from_smiles("CCCCN"), 0.9) == "cluster 2");
  s.method = DiversityMethod::off;
  CHECK(DiversityFilter(s).bucket(toluene).empty());
  CHECK_FALSE(DiversityFilter(s).full(""));
}

TEST_CASE("full buckets are closed") {
  auto s = settings();
  s.diversity.bucket = 1;
  s.diversity.min_score = 0.01;
  s.stop.rounds = 4;
  const Folder folder("buckets");
  const auto result = run_in(folder, s);
  int closed = 0;
  for (const auto& row : result.rows)
    closed += row.message.find("1 good molecules of this kind already: ") == 0;
  CHECK(closed > 0);
}
