#include "scoring/pair_potential.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "scoring/portable_math.hpp"

using namespace theriac::scoring;

TEST_CASE("two hydrophobic carbons in contact have the energy of Vina's published terms") {
  // d = 0: -0.035579 - 0.005156 exp(-2.25) - 0.035069
  CHECK(pair_terms(AtomType::C_H, AtomType::C_H, 3.8, ScoringFunction::vina).sum() ==
        Approx(-0.0711914).epsilon(1e-5));
}

TEST_CASE("Vina's terms switch where the paper says") {
  const auto vina = ScoringFunction::vina;
  const auto bond = [&](double d) {
    return pair_terms(AtomType::N_D, AtomType::O_A, 3.5 + d, vina).hydrogen_bond;
  };
  CHECK(bond(-0.7) == Approx(-0.587439));
  CHECK(bond(-0.35) == Approx(-0.587439 / 2));
  CHECK(bond(0.0) == 0.0);
  CHECK(pair_terms(AtomType::O_A, AtomType::O_A, 2.9, vina).hydrogen_bond == 0.0);
  CHECK(pair_terms(AtomType::Met_D, AtomType::N_A, 2.3, vina).hydrogen_bond == Approx(-0.587439));
  const auto greasy = [&](double d) {
    return pair_terms(AtomType::C_H, AtomType::Cl_H, 3.7 + d, vina).hydrophobic;
  };
  CHECK(greasy(0.5) == Approx(-0.035069));
  CHECK(greasy(1.0) == Approx(-0.035069 / 2));
  CHECK(greasy(1.5) == Approx(0.0).margin(1e-15));
  CHECK(pair_terms(AtomType::C_P, AtomType::Cl_H, 3.7, vina).hydrophobic == 0.0);
  CHECK(pair_terms(AtomType::C_H, AtomType::C_H, 3.3, vina).repulsion == Approx(0.840245 * 0.25));
  CHECK(pair_terms(AtomType::C_H, AtomType::C_H, 8.0, vina).sum() == 0.0);
}

TEST_CASE("Vinardo has one gaussian, wider hydrophobics and smaller radii") {
  const auto vinardo = ScoringFunction::vinardo;
  const auto t = pair_terms(AtomType::C_H, AtomType::C_H, 4.0 + 0.8, vinardo);
  CHECK(t.gauss1 == Approx(-0.045 * std::exp(-1.0)));
  CHECK(t.gauss2 == 0.0);
  CHECK(t.hydrophobic == Approx(-0.035 * (2.5 - 0.8) / 2.5));
  CHECK(pair_terms(AtomType::N_D, AtomType::O_A, 3.3 - 0.3, vinardo).hydrogen_bond == Approx(-0.3));
}

TEST_CASE("the tables follow the terms, and their slope is the derivative") {
  const PairTable& table = PairTable::shared(ScoringFunction::vina);
  for (double r = 2.5; r < 7.9; r += 0.0371) {
    const double exact = pair_terms(AtomType::N_D, AtomType::O_A, r, ScoringFunction::vina).sum();
    CHECK(table.slope(AtomType::N_D, AtomType::O_A, r * r).energy == Approx(exact).margin(2e-3));
    CHECK(table.energy(AtomType::O_A, AtomType::N_D, r * r) == Approx(exact).margin(1e-2));
    const double h = 1e-5;
    const double numeric = (pair_terms(AtomType::C_H, AtomType::S_P, r + h, ScoringFunction::vina).sum() -
                            pair_terms(AtomType::C_H, AtomType::S_P, r - h, ScoringFunction::vina).sum()) /
                           (2 * h);
    CHECK(table.slope(AtomType::C_H, AtomType::S_P, r * r).derivative_over_r * r ==
          Approx(numeric).margin(6e-3));
  }
}

TEST_CASE("a positive energy is capped softly and a negative one is left alone") {
  double factor;
  CHECK(capped(-3.0, 10, factor) == -3.0);
  CHECK(factor == 1.0);
  CHECK(capped(10.0, 10, factor) == Approx(5.0));
  CHECK(factor == Approx(0.25));
}

TEST_CASE("our own exp, sin and cos agree with the C library") {
  for (double x = -60; x <= 20; x += 0.137) CHECK(portable_exp(x) == Approx(std::exp(x)).epsilon(1e-14));
  for (double x = -50; x <= 50; x += 0.0731) {
    double s, c;
    portable_sincos(x, s, c);
    CHECK(s == Approx(std::sin(x)).margin(1e-14));
    CHECK(c == Approx(std::cos(x)).margin(1e-14));
  }
}
