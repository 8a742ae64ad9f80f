#include "chem/peptide_properties.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "chem/error.hpp"

using namespace theriac;
using namespace theriac::chem;

namespace {

struct Published {
  const char* residues;
  double mass, gravy, instability, pi, charge_7, charge_4_5, aromaticity, reduced, oxidised;
};

// Biopython 1.80, Bio.SeqUtils.ProtParam.ProteinAnalysis: molecular_weight, gravy, instability_index,
// isoelectric_point, charge_at_pH(7.0), charge_at_pH(4.5), aromaticity, molar_extinction_coefficient.
const Published biopython[] = {
    {"GIGKFLHSAKKFGKAFVGEIMNS", 2466.8972, 0.08261, -0.10435, 10.00138, 2.84609, 4.53907, 0.13043, 0, 0},
    {"ACDEFGHIKLMNPQRSTVWY", 2395.7134, -0.49, 84.74, 6.78455, -0.12493, 1.80112, 0.15, 6990, 6990},
    {"YGGFM", 573.6609, 0.52, 15.7, 5.52432, -0.2409, 0.09988, 0.4, 1490, 1490},
    {"RPKPQQFFGLM", 1348.6146, -0.7, 47.90909, 11.00084, 1.75909, 2.09988, 0.18182, 0, 0},
    {"EDYPCCWHSTVARNQ", 1808.9477, -1.06667, 60.14667, 5.32328, -1.09569, 0.80127, 0.13333, 6990, 7115},
    {"MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQ", 3935.5547, -0.40303, 53.54848, 9.98797, 2.59193, 5.47941, 0.09091,
     1490, 1490}};

}  // namespace

TEST_CASE("peptide properties equal Biopython's ProtParam") {
  for (const auto& p : biopython) {
    INFO(p.residues);
    CHECK(peptide_mass(p.residues) == Approx(p.mass).margin(0.05));  // another list of masses
    CHECK(gravy(p.residues) == Approx(p.gravy).margin(1e-5));
    CHECK(instability_index(p.residues) == Approx(p.instability).margin(1e-4));
    CHECK(net_charge(p.residues, 7.0) == Approx(p.charge_7).margin(1e-5));
    CHECK(net_charge(p.residues, 4.5) == Approx(p.charge_4_5).margin(1e-5));
    CHECK(isoelectric_point(p.residues) == Approx(p.pi).margin(2e-3));
    CHECK(aromaticity(p.residues) == Approx(p.aromaticity).margin(1e-5));
    CHECK(absorption_280(p.residues) == p.reduced);
    const std::string text = p.residues;
    CHECK(absorption_280(text, static_cast<int>(std::count(text.begin(), text.end(), 'C') / 2)) ==
          p.oxidised);
  }
}

TEST_CASE("charge vanishes at the isoelectric point for every set of pKa values") {
  for (const auto& set : pka_sets()) {
    INFO(set.name);
    const double pi = isoelectric_point("EDYPCCWHSTVARNQ", set);
    CHECK(std::abs(net_charge("EDYPCCWHSTVARNQ", pi, set)) < 1e-4);
    CHECK(net_charge("EDYPCCWHSTVARNQ", 0.5, set) > net_charge("EDYPCCWHSTVARNQ", 13, set));
  }
  CHECK(&pka_set("emboss") == &pka_sets()[2]);
  CHECK_THROWS_WITH(pka_set("Bjelqvist"), Catch::Contains("did you mean 'Bjellqvist'?"));
}

TEST_CASE("blocked ends carry no charge") {
  CHECK(net_charge("GGG", 7.0, pka_sets()[0], {false, false}) == 0);
  CHECK(std::isnan(isoelectric_point("GGG", pka_sets()[0], {false, false})));
  CHECK(net_charge("GKG", 7.0, pka_sets()[0], {false, false}) == Approx(1 / (1 + std::pow(10, 7.0 - 10.0))));
}

TEST_CASE("aliphatic index follows Ikai's formula") {
  // one residue of each of A, V, I, L among ten: 10 (1 + 2.9 + 3.9 + 3.9)
  CHECK(aliphatic_index("AVILGGGGGG") == Approx(117));
}

TEST_CASE("Boman's index of magainin 2 as the Antimicrobial Peptide Database has it") {
  // entry AP00144: 0.41
  CHECK(boman_index("GIGKFLHSAKKFGKAFVGEIMNS") == Approx(0.41).margin(0.02));
}

TEST_CASE("a perfect amphipathic helix has a large moment, a uniform chain a small one") {
  CHECK(hydrophobic_moment("LKKLLKKLLKLLKKLLKKL") > 0.5);
  CHECK(hydrophobic_moment("LLLLLLLLLLLLLLLLLL") < 0.01);  // five whole turns
  CHECK(hydrophobic_moment("K") == Approx(1.5));
}

TEST_CASE("aggregating stretches: the core of amyloid beta, not a charged helix, and proline breaks them") {
  const auto found = aggregation_stretches("DAEFRHDSGYEVHHQKLVFFAEDVGSNKGAIIGLMVGGVV");
  REQUIRE(!found.empty());
  CHECK(found.front().begin <= 16);  // KLVFFA begins at residue 16
  CHECK(found.front().begin + found.front().length >= 20);
  CHECK(aggregation_stretches("EKAEKKAEEKAAEKE").empty());
  CHECK(aggregation_stretches("VVIPVIV").empty());
  CHECK(aggregation_stretches("VVIVVIV").size() == 1);
}

TEST_CASE("low complexity: runs, repeats and few kinds of residues") {
  CHECK(low_complexity("GGGGKTWE"));
  CHECK(low_complexity("GSGSGSKW"));
  CHECK(low_complexity("AKAKAKAKAK"));
  CHECK(low_complexity("AAKLAAKL"));
  CHECK(low_complexity("LLALKLLE"));
  CHECK_FALSE(low_complexity("RPKPQQFFGLM"));
  CHECK_FALSE(low_complexity("GIGKFLHSAKKFGKAFVGEIMNS"));
  CHECK_FALSE(low_complexity("YGGF"));
}

TEST_CASE("letters that are no residues are named with their place") {
  CHECK_THROWS_WITH(gravy("ACXD"), "'X' at position 3 of the peptide is none of the twenty residues");
  CHECK_THROWS_AS(net_charge("ac", 7), InputError);
  CHECK_THROWS_WITH(peptide_mass(""), "a peptide without residues");
}
