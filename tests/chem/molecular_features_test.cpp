// Features of property models: known values of small molecules, and what must not change them.
#include "chem/molecular_features.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "chem/descriptors.hpp"

using namespace theriac;
using chem::MolecularFeatures;

namespace {

MolecularFeatures features(const char* smiles) {
  return chem::molecular_features(chem::Molecule::from_smiles(smiles));
}

float descriptor(const MolecularFeatures& features, const std::string& name) {
  const auto& names = chem::descriptor_names();
  const auto at = std::find(names.begin(), names.end(), name);
  REQUIRE(at != names.end());
  return features.descriptors[static_cast<std::size_t>(at - names.begin())];
}

int total(const MolecularFeatures& features, int first, int columns) {
  int sum = 0;
  for (const auto& [column, count] : features.counts)
    if (column >= first && column < first + columns) sum += count;
  return sum;
}

}  // namespace

TEST_CASE("descriptor names are different and every molecule has a finite number for each") {
  const auto& names = chem::descriptor_names();
  CHECK(std::set<std::string>(names.begin(), names.end()).size() == names.size());
  for (const char* smiles :
       {"C", "O", "[Na+].[Cl-]", "[Fe]", "c1ccccc1", "C1CC2CCC1CC2", "FC(F)(F)S(F)(F)(F)(F)F",
        "[2H]C([2H])([2H])O", "C[N+](C)(C)CC(=O)[O-]", "OB(O)c1ccccc1", "*CC*"}) {
    INFO(smiles);
    const auto f = features(smiles);
    REQUIRE(f.descriptors.size() == names.size());
    CHECK(std::all_of(f.descriptors.begin(), f.descriptors.end(), [](float v) { return std::isfinite(v); }));
  }
}

TEST_CASE("connectivity indices are those of the textbook") {
  // 2-methylbutane: L. B. Kier, L. H. Hall, Molecular Connectivity in Chemistry and Drug Research (1976)
  const auto isopentane = features("CCC(C)C");
  CHECK(descriptor(isopentane, "chi_1") == Approx(2.270).margin(0.001));
  CHECK(descriptor(isopentane, "chi_2") == Approx(1.802).margin(0.001));
  CHECK(descriptor(isopentane, "paths_2") == 4);
  CHECK(descriptor(isopentane, "wiener") == 18);
  const auto pentane = features("CCCCC");
  CHECK(descriptor(pentane, "wiener") == 20);  // H. Wiener, J. Am. Chem. Soc. 69, 17 (1947)
  CHECK(descriptor(pentane, "diameter") == 4);
  CHECK(descriptor(pentane, "radius") == 2);
  CHECK(descriptor(pentane, "kappa_1") == 5);
  // ethanol: delta v of OH is 5, chi valence of order 1 is 1 / sqrt(2) + 1 / sqrt(2 * 5)
  CHECK(descriptor(features("CCO"), "chi_valence_1") == Approx(1 / std::sqrt(2.0) + 1 / std::sqrt(10.0)));
}

TEST_CASE("electrotopological states agree with Kier and Hall") {
  // acetone: intrinsic states 2 (CH3), 5/3 (C), 7 (=O)
  const auto acetone = features("CC(C)=O");
  const double methyl = 2 + (2 - 5.0 / 3) / 4 + (2.0 - 7) / 9,
               carbonyl = 5.0 / 3 + 2 * (5.0 / 3 - 2) / 4 + (5.0 / 3 - 7) / 4;
  CHECK(descriptor(acetone, "state_by_element_0") == Approx(2 * methyl + carbonyl));
  CHECK(descriptor(acetone, "state_by_element_2") == Approx(7 + (7 - 5.0 / 3) / 4 + 2 * (7 - 2.0) / 9));
}

TEST_CASE("sums over atoms are the published whole-molecule values") {
  for (const char* smiles : {"CC(=O)Oc1ccccc1C(=O)O", "CN1CCC[C@H]1c1cccnc1", "CC(C)Cc1ccc(cc1)C(C)C(=O)O"}) {
    const auto molecule = chem::Molecule::from_smiles(smiles);
    const auto f = chem::molecular_features(molecule);
    const auto d = chem::descriptors(molecule);
    CHECK(descriptor(f, "log_p") == Approx(d.clogp).margin(1e-4));
    CHECK(descriptor(f, "refractivity") == Approx(d.molar_refractivity).margin(1e-3));
    CHECK(descriptor(f, "tpsa") == Approx(d.tpsa));
    CHECK(descriptor(f, "fraction_csp3") == Approx(d.fraction_csp3));
    CHECK(descriptor(f, "rings") == d.rings);
    CHECK(descriptor(f, "aromatic_rings") == d.aromatic_rings);
  }
}

TEST_CASE("an acid is charged at pH 7.4 and its log D lies below its log P") {
  const auto ibuprofen = features("CC(C)Cc1ccc(cc1)C(C)C(=O)O");
  CHECK(descriptor(ibuprofen, "acids") == 1);
  CHECK(descriptor(ibuprofen, "charge_net_7_4") == Approx(-1).margin(0.01));
  CHECK(descriptor(ibuprofen, "log_d_7_4") < descriptor(ibuprofen, "log_p") - 2);
  CHECK(descriptor(features("CCN(CC)CC"), "charge_net_7_4") == Approx(1).margin(0.01));
}

TEST_CASE("pieces are counted: environments, pairs, chains") {
  const auto benzene = features("c1ccccc1");
  // six equal atoms, with neighbours and with theirs: three columns of six
  CHECK(total(benzene, 0, chem::environment_columns) == 18);
  CHECK(total(benzene, chem::environment_columns, chem::pair_columns) == 15);
  CHECK(total(benzene, chem::environment_columns + chem::pair_columns, chem::chain_columns) == 6);
  CHECK(total(features("CCCC"), chem::environment_columns + chem::pair_columns, chem::chain_columns) == 1);
  CHECK(total(features("C"), 0, chem::count_columns) == 1);
}

TEST_CASE("the order of atoms in a SMILES changes nothing") {
  const char* drawings[] = {"CC(=O)Nc1ccc(O)cc1", "c1(O)ccc(NC(C)=O)cc1", "Oc1ccc(cc1)NC(=O)C"};
  const auto first = features(drawings[0]);
  for (const char* drawing : drawings) {
    const auto other = features(drawing);
    CHECK(other.counts == first.counts);
    for (std::size_t i = 0; i < first.descriptors.size(); ++i) {
      INFO(chem::descriptor_names()[i]);
      CHECK(other.descriptors[i] == Approx(first.descriptors[i]).margin(1e-4));
    }
  }
}

TEST_CASE("overlooking an atom takes its pieces away and no others") {
  const auto molecule = chem::Molecule::from_smiles("CCOC(=O)c1ccccc1N");
  const auto all = chem::features_without_each_atom(molecule);
  REQUIRE(all.size() == static_cast<std::size_t>(molecule.heavy_atom_count()) + 1);
  CHECK(all[0].counts == chem::molecular_features(molecule).counts);
  double log_p = 0;
  for (std::size_t i = 1; i < all.size(); ++i) {
    CHECK(total(all[i], 0, chem::count_columns) < total(all[0], 0, chem::count_columns));
    log_p += descriptor(all[0], "log_p") - descriptor(all[i], "log_p");
    for (const auto& [column, count] : all[i].counts) {
      const auto whole = std::find_if(all[0].counts.begin(), all[0].counts.end(),
                                      [c = column](const auto& entry) { return entry.first == c; });
      REQUIRE(whole != all[0].counts.end());
      CHECK(count <= whole->second);
    }
  }
  CHECK(log_p == Approx(descriptor(all[0], "log_p")).margin(1e-3));  // every atom's share, once
}
