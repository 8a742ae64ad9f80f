#include "scoring/score_surrogate.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "chem/descriptors.hpp"
#include "chem/error.hpp"
#include "scoring/molecule_library.hpp"

using namespace theriac;
using namespace theriac::scoring;

namespace {

/// Chains of 1 to 20 carbons with two ends: 320 molecules.
MoleculeLibrary chains() {
  std::vector<std::string> smiles;
  for (const char* left : {"N", "O", "F", "Cl"})
    for (const char* right : {"C(=O)O", "C#N", "S", "c1ccccc1"})
      for (int n = 1; n <= 20; ++n) smiles.push_back(left + std::string(n, 'C') + right);
  MoleculeLibrary library;
  library.add(smiles);
  return library;
}

DockedLibrary docked(const MoleculeLibrary& library, float (*score)(const chem::Descriptors&)) {
  DockedLibrary out;
  out.fingerprints = &library.fingerprints();
  for (std::size_t i = 0; i < library.size(); ++i) {
    const auto of_molecule = chem::descriptors(chem::Molecule::from_smiles(library[i].smiles));
    out.features.push_back(&library[i].features);
    out.heavy_atoms.push_back(of_molecule.heavy_atoms);
    out.scores.push_back(score(of_molecule));
  }
  return out;
}

double mean_recall(const DockedLibrary& library, Choosing choosing, SurrogateTrial trial) {
  double sum = 0;
  for (trial.seed = 1; trial.seed <= 5; ++trial.seed) sum += recall_of_best(library, choosing, trial);
  return sum / 5;
}

}  // namespace

TEST_CASE("where the score is size the heaviest first finds all, and the surrogate learns it") {
  const auto molecules = chains();
  REQUIRE(molecules.size() == 320);
  const auto library =
      docked(molecules, [](const chem::Descriptors& d) { return -static_cast<float>(d.heavy_atoms); });
  SurrogateTrial trial;
  trial.docked = 0.25;
  trial.best = 0.05;
  trial.trees = 60;
  CHECK(mean_recall(library, Choosing::heaviest, trial) == 1);
  CHECK(mean_recall(library, Choosing::surrogate, trial) > 0.7);
  const double by_chance = mean_recall(library, Choosing::random, trial);
  CHECK(by_chance > 0.05);
  CHECK(by_chance < 0.5);
}

TEST_CASE("where small molecules score best the heaviest first finds none") {
  const auto molecules = chains();
  const auto library =
      docked(molecules, [](const chem::Descriptors& d) { return static_cast<float>(d.heavy_atoms); });
  SurrogateTrial trial;
  trial.docked = 0.25;
  trial.best = 0.05;
  trial.trees = 60;
  CHECK(mean_recall(library, Choosing::heaviest, trial) == 0);
  CHECK(mean_recall(library, Choosing::surrogate, trial) > 0.7);
}

TEST_CASE("a surrogate refuses what it cannot learn from") {
  const auto molecules = chains();
  const auto library = docked(molecules, [](const chem::Descriptors&) { return 0.f; });
  CHECK_THROWS_AS(ScoreSurrogate({}, {}), UsageError);
  CHECK_THROWS_AS(ScoreSurrogate(library.features, {1.f}), UsageError);
  SurrogateTrial trial;
  trial.docked = 0.001;
  CHECK_THROWS_AS(recall_of_best(library, Choosing::random, trial), UsageError);
}
