#include "chem/mutation.hpp"

#include <catch2/catch.hpp>

#include "chem/error.hpp"

using namespace theriac;

namespace {

std::string refusal(const std::string& text) {
  try {
    chem::parse_mutant(text);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a substitution is read as people write it") {
  for (const char* text : {"L858R", "p.L858R", "p.Leu858Arg", "p.(Leu858Arg)", "leu858arg", " L858R "}) {
    const auto mutant = chem::parse_mutant(text);
    CHECK(mutant.gene.empty());
    CHECK(mutant.text() == "L858R");
  }
  CHECK(chem::parse_mutant("EGFR:L858R").gene == "EGFR");
  CHECK(chem::parse_mutant("egfr p.Leu858Arg").gene == "EGFR");
  const auto both = chem::parse_mutant("EGFR:L858R+T790M");
  CHECK(both.gene == "EGFR");
  CHECK(both.text() == "L858R:T790M");
  CHECK(chem::parse_mutant("L858R:T790M").text() == "L858R:T790M");
}

TEST_CASE("what is no substitution is refused by its name") {
  CHECK(refusal("F508del") == "'F508del' is a deletion, not a substitution");
  CHECK(refusal("CFTR:F508del") == "'CFTR:F508del' is a deletion, not a substitution");
  CHECK(refusal("E746_A750del") == "'E746_A750del' is a deletion, not a substitution");
  CHECK(refusal("V769_D770insASV") == "'V769_D770insASV' is an insertion, not a substitution");
  CHECK(refusal("K745fs") == "'K745fs' is a frame shift, not a substitution");
  CHECK(refusal("R213*") == "'R213*' is a stop, not a substitution");
  CHECK(refusal("EGFR") == "'EGFR' is no substitution");
  CHECK(refusal("L0R") == "'L0R' is no substitution");
  CHECK(refusal("B12R") == "'B12R' is no substitution");
  CHECK(refusal("L858L") == "'L858L' exchanges L with itself");
  CHECK(refusal("L858R:L858K") == "'L858R:L858K' names position 858 twice");
  CHECK(refusal("L99999999999999999999R") == "'L99999999999999999999R' is no substitution");
}

TEST_CASE("a mutation whose residue is not there is refused with the residue that is") {
  const std::string residues = "MKTAYLAK";
  CHECK_NOTHROW(chem::check_mutant(chem::parse_mutant("K2R:L6P"), residues, "test"));
  CHECK_THROWS_WITH(chem::check_mutant(chem::parse_mutant("L5R"), residues, "test"),
                    "'L5R': position 5 of 'test' is Y, not L");
  CHECK_THROWS_WITH(chem::check_mutant(chem::parse_mutant("L9R"), residues, "test"),
                    "'L9R': 'test' has 8 residues, no position 9");
  try {
    chem::check_mutant(chem::parse_mutant("L5R"), residues, "test");
  } catch (const InputError& error) {
    CHECK(error.hint() ==
          "is the numbering that of another isoform, or of the mature protein? the nearest L is at 6");
  }
}

TEST_CASE("all single mutants are nineteen a position, unknown residues left out") {
  const auto mutants = chem::single_mutants("MXK");
  CHECK(mutants.size() == 2 * 19);
  CHECK(mutants.front().text() == "M1A");
  CHECK(mutants.back().text() == "K3Y");
  CHECK(chem::mutated("MKT", chem::parse_mutant("K2R:T3A")) == "MRA");
}

TEST_CASE("a list of mutations is read line by line") {
  const auto mutants =
      chem::mutants_from_text("mutant,score\n# a remark\nM1A,0.5\n\nK2R:T3A\nEGFR:L858R\n", "list");
  REQUIRE(mutants.size() == 3);
  CHECK(mutants[1].text() == "K2R:T3A");
  CHECK(mutants[2].gene == "EGFR");
  CHECK_THROWS_WITH(chem::mutants_from_text("M1A\nM1del\n", "list"),
                    "'M1del' is a deletion, not a substitution (list, line 2)");
  CHECK_THROWS_WITH(chem::mutants_from_text("mutant\n", "list"), "no mutation in 'list'");
}
