#include "scoring/synthetic_accessibility.hpp"

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "chem/error.hpp"

using Catch::Matchers::Contains;
using theriac::chem::Molecule;
using theriac::scoring::FragmentTable;
using theriac::scoring::synthetic_accessibility;

namespace {

double sa(const char* smiles) {
  return synthetic_accessibility(Molecule::from_smiles(smiles)).score;
}

/// A file in the test's own folder that removes itself.
struct TemporaryFile {
  explicit TemporaryFile(const std::string& content)
      : path(std::filesystem::temp_directory_path() /
             ("theriac_sa_" + std::to_string(std::rand()) + ".bin")) {
    std::ofstream(path, std::ios::binary) << content;
  }
  ~TemporaryFile() { std::filesystem::remove(path); }
  std::filesystem::path path;
};

}  // namespace

TEST_CASE("synthetic accessibility equals the reference implementation's test values") {
  // ZINC21984717 and ZINC03872327 of RDKit's Contrib/SA_Score test set
  CHECK(sa("Cc1c(C(=O)NCCO)[n+](=O)c2ccccc2n1[O-]") == Approx(3.166).margin(1e-3));
  CHECK(sa("Cn1cc(NC=O)cc1C(=O)Nc1cc(C(=O)Nc2cc(C(=O)NCCC(N)=[NH2+])n(C)c2)n(C)c1") ==
        Approx(3.328).margin(1e-3));
}

TEST_CASE("aspirin is easy to make, taxol hard") {
  const char* taxol =
      "CC1=C2[C@@]([C@]([C@H]([C@@H]3[C@]4([C@H](OC4)C[C@@H]([C@]3(C(=O)[C@@H]2OC(=O)C)C)O)OC(=O)C)"
      "OC(=O)c5ccccc5)(C[C@@H]1OC(=O)[C@H](O)[C@@H](NC(=O)c6ccccc6)c7ccccc7)O)(C)C";
  CHECK(sa("CC(=O)Oc1ccccc1C(=O)O") < 2.0);
  CHECK(sa(taxol) > 5.5);
}

TEST_CASE("the share of known fragments tells a drug from an unheard-of molecule") {
  CHECK(synthetic_accessibility(Molecule::from_smiles("CC(=O)Oc1ccccc1C(=O)O")).known_share > 0.95);
  CHECK(synthetic_accessibility(Molecule::from_smiles("[Xe]1[Xe][Xe]1")).known_share < 0.5);
}

TEST_CASE("a damaged fragment table is refused") {
  const auto refused = [](const std::string& content, const char* reason) {
    const TemporaryFile file(content);
    CHECK_THROWS_WITH(FragmentTable::read(file.path.string()), Contains(reason));
  };
  const std::string one_score("\0\0\0\0\0\0\xf0\x3f", 8), header("THERSAF1\2\0\0\0\1\0\0\0", 16);
  refused("", "does not begin with 'THERSAF1'");
  refused("not a table at all", "does not begin with 'THERSAF1'");
  refused(header, "it has 16 bytes instead of 36");
  refused(header + one_score +
              std::string("\5\0\0\0\4\0\0\0"
                          "\0\0\0\0",
                          12),
          "not in ascending order");
  refused(header + one_score +
              std::string("\4\0\0\0\5\0\0\0"
                          "\0\0\1\0",
                          12),
          "score number 1 of 1");
  CHECK_THROWS_AS(FragmentTable::read("/no/such/table.bin"), theriac::InputError);

  const TemporaryFile good(header + one_score +
                           std::string("\4\0\0\0\5\0\0\0"
                                       "\0\0\0\0",
                                       12));
  const auto table = FragmentTable::read(good.path.string());
  CHECK(table.contribution(4) == 1.0);
  CHECK_FALSE(table.contribution(6));
}
