#include "chem/pharmacophore_signature.hpp"

#include <catch2/catch.hpp>

using namespace theriac::chem;

namespace {

Fingerprint signature(const char* smiles) {
  return pharmacophore_signature(SubstructureTarget(Molecule::from_smiles(smiles)));
}

std::vector<std::size_t> bits_of(const Fingerprint& fingerprint) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < fingerprint.bits(); ++i)
    if (fingerprint.test(i)) out.push_back(i);
  return out;
}

}  // namespace

TEST_CASE("ethylene glycol: two hydroxyls, each donor and acceptor, three bonds apart") {
  // pairs of families before (acceptor, acceptor): 8 + 7 + 6; seven distances each, three bonds the second
  const std::size_t acceptors = 21 * 7 + 1, both = 22 * 7 + 1, donors = 26 * 7 + 1;
  CHECK(bits_of(signature("OCCO")) == std::vector<std::size_t>{acceptors, both, donors});
  CHECK(bits_of(signature("OO")).empty());     // nearer than two bonds
  CHECK(bits_of(signature("CO.CO")).empty());  // different fragments
}

TEST_CASE("features of three far silicons end in the very last bit") {
  const auto bits = bits_of(signature("[SiH3]CCCCCC(CCCCCC[SiH3])CCCCCC[SiH3]"));
  REQUIRE_FALSE(bits.empty());
  CHECK(bits.back() == pharmacophore_bit_count - 1);
  CHECK(std::count(bits.begin(), bits.end(), std::size_t{35 * 7 + 6}) ==
        1);  // unusual atoms, 8 bonds or more
}

TEST_CASE("the signature does not depend on the order of atoms") {
  CHECK(signature("CC(C)(C)NCC(O)c1ccc(O)c(CO)c1") == signature("OCc1cc(ccc1O)C(O)CNC(C)(C)C"));
  CHECK(signature("OC(=O)CC(O)CCN") == signature("NCCC(CC(O)=O)O"));
}

TEST_CASE("features of glycine: an acid, an amine that is base, donor and acceptor") {
  std::vector<std::string> found;
  const auto molecule = Molecule::from_smiles("NCC(=O)O");
  for (const auto& feature : pharmacophore_features(SubstructureTarget(molecule)))
    found.push_back(std::to_string(feature.atom) + " " +
                    pharmacophore_families()[static_cast<std::size_t>(feature.family)]);
  CHECK(found ==
        std::vector<std::string>{"2 acid", "0 base", "0 acceptor", "3 acceptor", "0 donor", "4 donor"});
}
