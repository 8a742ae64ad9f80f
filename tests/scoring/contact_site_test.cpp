#include "scoring/contact_site.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "chem/counter_random.hpp"
#include "scoring/atom_environment.hpp"
#include "scoring/pair_potential.hpp"
#include "scoring/sampled_pair_terms.hpp"

using namespace theriac;
using namespace theriac::scoring;
using chem::Vector3;

namespace {

/// Carbons, oxygens and nitrogens at random places, each its own residue.
chem::Receptor scattered(int atoms, double width) {
  chem::Receptor receptor;
  chem::CounterRandom random(3, "scattered", "test");
  const char* const types[] = {"C", "OA", "N"};
  const int elements[] = {6, 8, 7};
  for (int i = 0; i < atoms; ++i) {
    chem::ReceptorAtom atom;
    atom.name = "X";
    atom.residue_name = "UNK";
    atom.residue = {"A", i + 1, ' '};
    atom.element = elements[i % 3];
    atom.autodock_type = types[i % 3];
    for (int k = 0; k < 3; ++k) atom.position[k] = random.uniform(-width / 2, width / 2);
    receptor.atoms.push_back(atom);
  }
  return receptor;
}

}  // namespace

TEST_CASE("sites near a place are those that all distances say") {
  const auto receptor = scattered(400, 37);
  const ContactSites sites(receptor, receptor_features(receptor));
  REQUIRE(sites.rigid().size() == 400);
  std::set<int> places;
  for (const auto& site : sites.rigid()) places.insert(site.place);
  CHECK(places.size() == 400);
  std::vector<ContactSites::Near> found;
  // inside, at the rim, beside the receptor, and far away
  for (const Vector3 p : {Vector3{0, 0, 0}, Vector3{18, -18, 3}, Vector3{0, 0, 24}, Vector3{-500, 0, 0}}) {
    sites.near(p, found);
    std::set<int> listed;
    for (const auto& near : found) {
      const auto& site = sites.rigid()[static_cast<std::size_t>(near.site)];
      CHECK(near.squared_distance == squared_distance(p, site.position));
      listed.insert(site.place);
    }
    std::set<int> expected;
    for (int i = 0; i < 400; ++i)
      if (distance(p, receptor.atoms[static_cast<std::size_t>(i)].position) < interaction_cutoff)
        expected.insert(i);
    CHECK(listed == expected);
    CHECK(listed.size() == found.size());
  }
  sites.near({0, 0, 0}, found);
  CHECK(found.size() > 5);
  sites.near({-500, 0, 0}, found);
  CHECK(found.empty());
}

TEST_CASE("an empty receptor has no sites") {
  const chem::Receptor receptor;
  const ContactSites sites(receptor, receptor_features(receptor));
  std::vector<ContactSites::Near> found{{0, 0}};
  sites.near({1, 2, 3}, found);
  CHECK(found.empty());
}

TEST_CASE("sampled pair terms are the pair terms within a thousandth of a bell") {
  for (const auto a : {AtomType::C_H, AtomType::N_D, AtomType::O_A, AtomType::Met_D, AtomType::Cl_H})
    for (const auto b : {AtomType::C_H, AtomType::C_P, AtomType::O_DA, AtomType::N_A}) {
      for (double r = 1.5; r < 8; r += 0.0371) {
        PairTerms vina, vinardo;
        const double surface = SampledPairTerms::shared().add(a, b, r, vina, vinardo);
        CHECK(surface ==
              Approx(r - radius(a, ScoringFunction::vina) - radius(b, ScoringFunction::vina)).margin(1e-12));
        for (const auto scoring : {ScoringFunction::vina, ScoringFunction::vinardo}) {
          const PairTerms exact = pair_terms(a, b, r, scoring);
          const PairTerms& ours = scoring == ScoringFunction::vina ? vina : vinardo;
          CHECK(ours.gauss1 == Approx(exact.gauss1).margin(5e-5));
          CHECK(ours.gauss2 == Approx(exact.gauss2).margin(1e-5));
          CHECK(ours.repulsion == Approx(exact.repulsion).margin(1e-9));
          CHECK(ours.hydrophobic == Approx(exact.hydrophobic).margin(1e-9));
          CHECK(ours.hydrogen_bond == Approx(exact.hydrogen_bond).margin(1e-9));
        }
      }
    }
}

TEST_CASE("hat functions add up to one and have their mean where the pair is") {
  for (double r = 2.5; r < 7; r += 0.013) {
    AtomEnvironment atom;
    atom.count(ContactKind::anion, r);
    double sum = 0, mean = 0;
    for (int k = 0; k < contact_shells; ++k) {
      const auto at =
          static_cast<std::size_t>(ContactKind::anion) * contact_shells + static_cast<std::size_t>(k);
      sum += atom.counts[at];
      mean += atom.counts[at] * contact_knots[static_cast<std::size_t>(k)];
    }
    CHECK(sum == Approx(1));
    CHECK(mean == Approx(r).epsilon(1e-6));
  }
  AtomEnvironment close, last;
  close.count(ContactKind::metal, 1.9);
  CHECK(close.counts[static_cast<std::size_t>(ContactKind::metal) * contact_shells] == 1);
  last.count(ContactKind::metal, 8.0);  // the last knot: faded to nothing
  CHECK(std::all_of(last.counts.begin(), last.counts.end(), [](float x) { return x == 0; }));
}
