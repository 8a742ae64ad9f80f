// The Gaussian process on fingerprints, against plain formulas in double precision and a nearest neighbour.
#include "scoring/tanimoto_process.hpp"

#include <tbb/global_control.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <numeric>

#include "chem/descriptors.hpp"
#include "chem/error.hpp"
#include "chem/molecule.hpp"

using namespace theriac;
using scoring::TanimotoProcess;
using Fingerprints = std::vector<chem::CountFingerprint>;

namespace {

Fingerprints fingerprints(const std::vector<std::string>& smiles) {
  Fingerprints out;
  for (const auto& s : smiles) out.push_back(chem::morgan_counts(chem::Molecule::from_smiles(s)));
  return out;
}

const std::vector<std::string> six = {"CCO",         "CCCO",      "c1ccccc1C(=O)O",
                                      "c1ccccc1CCN", "CC(C)(C)O", "c1ccncc1C(=O)N"};
const std::vector<double> worth = {0.2, 0.3, 0.9, 0.8, 0.1, 0.7};

/// Solves a x = b by Gaussian elimination; `a` is symmetric and positive.
std::vector<double> solved(std::vector<std::vector<double>> a, std::vector<double> b) {
  const std::size_t n = b.size();
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t k = i + 1; k < n; ++k) {
      const double share = a[k][i] / a[i][i];
      for (std::size_t j = i; j < n; ++j) a[k][j] -= share * a[i][j];
      b[k] -= share * b[i];
    }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t j = i + 1; j < n; ++j) b[i] -= a[i][j] * b[j];
    b[i] /= a[i][i];
  }
  return b;
}

std::vector<double> numbers(const std::vector<TanimotoProcess::Prediction>& predictions) {
  std::vector<double> out;
  for (const auto& p : predictions) {
    out.push_back(p.mean);
    out.push_back(p.deviation);
  }
  return out;
}

struct Corpus {
  std::vector<std::string> smiles;
  Fingerprints known, asked;
  std::vector<double> known_values, asked_values;
};

/// The starter molecules and their log P, every fourth to be predicted.
Corpus starters() {
  Corpus out;
  std::ifstream file(THERIAC_STARTER_MOLECULES);
  std::size_t i = 0;
  for (std::string line; std::getline(file, line); ++i) {
    if (line.empty() || line[0] == '#') continue;
    const auto molecule = chem::Molecule::from_smiles(line.substr(0, line.find_first_of(" \t")));
    (i % 4 == 0 ? out.asked : out.known).push_back(chem::morgan_counts(molecule));
    (i % 4 == 0 ? out.asked_values : out.known_values).push_back(chem::crippen_log_p(molecule));
  }
  return out;
}

}  // namespace

TEST_CASE("means and deviations are those of the formulas") {
  const auto known = fingerprints(six), asked = fingerprints({"CCCCO", "c1ccccc1C(=O)N", "FC(F)F", "CCO"});
  const TanimotoProcess process(known, worth);
  const double n = static_cast<double>(worth.size());
  const double mean = std::accumulate(worth.begin(), worth.end(), 0.0) / n;
  double square = 0;
  for (const double v : worth) square += (v - mean) * (v - mean) / n;
  std::vector<std::vector<double>> kernel(known.size(), std::vector<double>(known.size()));
  std::vector<double> centred;
  for (std::size_t i = 0; i < known.size(); ++i) {
    for (std::size_t k = 0; k < known.size(); ++k)
      kernel[i][k] = chem::tanimoto(known[i], known[k]) + (i == k ? process.noise() : 0);
    centred.push_back(worth[i] - mean);
  }
  const auto weights = solved(kernel, centred);
  const auto found = process.predict(asked);
  for (std::size_t m = 0; m < asked.size(); ++m) {
    std::vector<double> like;
    for (const auto& k : known) like.push_back(chem::tanimoto(asked[m], k));
    const double wanted = std::inner_product(like.begin(), like.end(), weights.begin(), mean);
    const auto explained = solved(kernel, like);
    const double variance = 1 - std::inner_product(like.begin(), like.end(), explained.begin(), 0.0);
    CHECK(found[m].mean == Approx(wanted).margin(1e-4));
    CHECK(found[m].deviation == Approx(std::sqrt(square * variance)).margin(1e-3));
  }
}

TEST_CASE("far from everything known it says the mean, and that it does not know") {
  const TanimotoProcess process(fingerprints(six), worth);
  const auto far = process.predict(fingerprints({"[Na+].[Cl-]"}));
  CHECK(far[0].mean == Approx(0.5).margin(1e-5));
  double square = 0;
  for (const double v : worth) square += (v - 0.5) * (v - 0.5) / 6;
  CHECK(far[0].deviation == Approx(std::sqrt(square)).margin(1e-5));
  const auto near = process.predict(fingerprints({"CCCO"}));
  CHECK(near[0].deviation < 0.8 * far[0].deviation);
}

TEST_CASE("log P is predicted better than by the nearest neighbour, and noise is recognised as noise") {
  const auto corpus = starters();
  REQUIRE(corpus.known.size() > 100);
  const TanimotoProcess process(corpus.known, corpus.known_values);
  const auto found = process.predict(corpus.asked);
  double error = 0, neighbour_error = 0, surprise = 0;
  for (std::size_t m = 0; m < corpus.asked.size(); ++m) {
    std::size_t nearest = 0;
    double most = -1;
    for (std::size_t i = 0; i < corpus.known.size(); ++i)
      if (const double s = chem::tanimoto(corpus.asked[m], corpus.known[i]); s > most) most = s, nearest = i;
    const double miss = found[m].mean - corpus.asked_values[m];
    error += miss * miss;
    surprise += miss * miss / (found[m].deviation * found[m].deviation);
    neighbour_error += std::pow(corpus.known_values[nearest] - corpus.asked_values[m], 2);
  }
  CHECK(error < 0.7 * neighbour_error);
  surprise /= static_cast<double>(corpus.asked.size());  // 1 if the deviations are right
  CHECK(surprise > 0.3);
  CHECK(surprise < 3);

  auto shuffled = corpus.known_values;  // the same numbers at other molecules
  std::rotate(shuffled.begin(), shuffled.begin() + 37, shuffled.end());
  CHECK(TanimotoProcess(corpus.known, shuffled).noise() >= 0.3);
  CHECK(process.noise() <= 0.1);
  CHECK(process.log_likelihood() > TanimotoProcess(corpus.known, shuffled).log_likelihood());
}

TEST_CASE("predictions do not depend on threads or company") {
  const auto corpus = starters();
  const TanimotoProcess process(corpus.known, corpus.known_values);
  const auto all = numbers(process.predict(corpus.asked));
  {
    const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
    CHECK(numbers(TanimotoProcess(corpus.known, corpus.known_values).predict(corpus.asked)) == all);
  }
  for (const std::size_t m : {std::size_t{0}, std::size_t{5}}) {
    const auto alone = numbers(process.predict({corpus.asked[m]}));
    CHECK(alone[0] == Approx(all[2 * m]).margin(1e-4));
    CHECK(alone[1] == Approx(all[2 * m + 1]).margin(1e-3));
  }
}

TEST_CASE("equal values and single molecules are no trouble, nothing at all is") {
  const auto same =
      TanimotoProcess(fingerprints({"CCO", "CCO", "CCN"}), {2, 2, 2}).predict(fingerprints(six));
  for (const auto& p : same) CHECK(p.mean == Approx(2));
  CHECK(TanimotoProcess(fingerprints({"CCO"}), {3}).predict(fingerprints({"CCN"}))[0].mean == Approx(3));
  CHECK_THROWS_AS(TanimotoProcess({}, {}), UsageError);
  CHECK_THROWS_AS(TanimotoProcess(fingerprints(six), {1}), UsageError);
}
