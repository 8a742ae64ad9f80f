#include "chem/moses_filter.hpp"

#include <catch2/catch.hpp>

#include "chem/brics.hpp"
#include "chem/error.hpp"
#include "chem/scaffold.hpp"
#include "chem/text_file.hpp"
#include "tests/datasets/temporary_folder.hpp"

using namespace theriac::chem;
using Hits = std::vector<std::string>;

namespace {

Hits hits(const std::string& smiles) {
  const auto molecule = Molecule::from_smiles(smiles);
  const auto& filter = MosesFilter::shipped();
  const auto found = filter.hits(molecule);
  CHECK(filter.passes(molecule) == found.empty());
  return found;
}

}  // namespace

TEST_CASE("the shipped table has 22 medicinal chemistry filters and 480 PAINS") {
  CHECK(MosesFilter::shipped().size() == 502);
}

TEST_CASE("MOSES filters name what they dislike") {
  CHECK(hits("CC(=O)Nc1ccccc1O").empty());
  CHECK(hits("C1CCCCCCC1") == Hits{"ring8"});
  CHECK(hits("CC[N+](C)(C)C") == Hits{"charge"});
  CHECK(hits("Ic1ccccc1") == Hits{"element"});
  CHECK(hits("CCCl") == Hits{"MCF4"});  // names its hydrogens: they must be atoms
  CHECK(hits("CC1CO1") == Hits{"MCF5"});
  CHECK(hits("CCC=O") == Hits{"MCF7"});
  CHECK(hits("FC(F)(F)C(F)(F)C(F)(F)C") == Hits{"MCF22"});  // seven fluorines anywhere
  CHECK(hits("O=C1C=CC(=O)C=C1") == Hits{"quinone_A(370)"});
}

TEST_CASE("a table with a bad pattern is refused with its line") {
  const TemporaryFolder folder;
  write_text_file(folder / "f.tsv", "name\tsmarts\na\t[#6]\nb\t[#6\n");
  CHECK_THROWS_WITH(MosesFilter::read(folder / "f.tsv"), Catch::Matchers::Contains("line 3"));
  write_text_file(folder / "f.tsv", "smarts\n[#6]\n");
  CHECK_THROWS_AS(MosesFilter::read(folder / "f.tsv"), theriac::InputError);
}

TEST_CASE("BRICS cuts an amide and an aryl ether, and a salt is a piece of its own") {
  const auto pieces = [](const char* smiles) {
    auto out = brics_fragments(Molecule::from_smiles(smiles));
    std::sort(out.begin(), out.end());
    return out;
  };
  CHECK(pieces("CCCC") == Hits{"CCCC"});
  CHECK(pieces("CC(=O)Nc1ccccc1") == Hits{"[1*]C(C)=O", "[16*]c1ccccc1", "[5*]N[5*]"});
  CHECK(pieces("CCCC.Cl") == Hits{"CCCC", "Cl"});
}

TEST_CASE("a scaffold for counting keeps stereo marks and counts its rings") {
  const auto of = [](const char* smiles) { return ring_scaffold(Molecule::from_smiles(smiles)); };
  CHECK(of("CCO").smiles.empty());
  CHECK(of("CCO").rings == 0);
  CHECK(of("Cc1ccccc1CC1CCNC1").smiles == "c1ccc(CC2CCNC2)cc1");
  CHECK(of("Cc1ccccc1CC1CCNC1").rings == 2);
  CHECK(of("Cc1ccccc1C[C@H]1CCNC1").smiles == "c1ccc(C[C@H]2CCNC2)cc1");
}
