// n-grams against values worked out by hand.
#include "generative/residue_ngram.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "chem/error.hpp"

using theriac::generative::ProteinCorpus;
using theriac::generative::ResidueNgram;

namespace {

ProteinCorpus corpus_of(const std::vector<std::string>& proteins) {
  ProteinCorpus out;
  for (const auto& p : proteins) out.add({"", p});
  return out;
}

}  // namespace

TEST_CASE("interpolated Witten-Bell chances are those worked out by hand") {
  const auto corpus = corpus_of({"AAC"});
  ResidueNgram counted(3);
  counted.add(corpus, 0);
  const int a = 0, c = 1, d = 2;
  // A twice and C once, two kinds: (2 + 2 / 20) / (3 + 2)
  CHECK(counted.probability({}, a, 1) == Approx(0.42));
  CHECK(counted.probability({}, c, 1) == Approx(0.22));
  CHECK(counted.probability({}, d, 1) == Approx(0.02));
  // after A: A and C once each: (1 + 2 * 0.42) / (2 + 2)
  CHECK(counted.probability({a}, a, 2) == Approx(0.46));
  CHECK(counted.probability({a}, c, 2) == Approx(0.36));
  CHECK(counted.probability({a}, d, 2) == Approx(0.01));
  // after C nothing was seen
  CHECK(counted.probability({c}, a, 2) == Approx(0.42));
  // after AA: C once, one kind: (1 + 0.36) / 2
  CHECK(counted.probability({a, a}, c, 3) == Approx(0.68));
  CHECK(counted.probability({d, d, a}, c, 2) == Approx(0.36));
  std::int64_t residues = 0;
  CHECK(counted.nats(corpus, 0, 2, residues) == Approx(-std::log(0.42 * 0.46 * 0.36)));
  CHECK(residues == 3);
}

TEST_CASE("the chances of the twenty add up to one after any history") {
  const auto corpus = corpus_of({"MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQ", "MKVLWAALLVTFLAGCQAKVEQ"});
  ResidueNgram counted(5);
  for (std::size_t i = 0; i < corpus.size(); ++i) counted.add(corpus, i);
  for (const std::vector<int>& history :
       {std::vector<int>{}, {0}, {10, 8}, {10, 8, 16}, {10, 8, 16, 0}, {3, 3, 3, 3}})
    for (int n = 1; n <= 5; ++n) {
      double sum = 0;
      for (int x = 0; x < 20; ++x) sum += counted.probability(history, x, n);
      CHECK(sum == Approx(1));
    }
}

TEST_CASE("another letter is not scored and ends the history") {
  const auto whole = corpus_of({"AC", "AXC"});
  ResidueNgram counted(2);
  counted.add(whole, 1);
  CHECK(counted.probability({0}, 1, 2) == Approx(counted.probability({}, 1, 1)));
  std::int64_t residues = 0;
  CHECK(counted.nats(whole, 1, 2, residues) == Approx(-2 * std::log((1 + 0.1) / 4)));
  CHECK(residues == 2);
}

TEST_CASE("orders beyond five are refused") {
  CHECK_THROWS_WITH(ResidueNgram(6), "n-grams of order 6: from 1 to 5 are counted");
}
