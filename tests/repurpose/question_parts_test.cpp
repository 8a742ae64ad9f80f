// Parts of a question: filters, gene lists, variants, sequences.
#include <catch2/catch.hpp>

#include "chem/error.hpp"
#include "chem/sequence.hpp"
#include "repurpose/drug_filter.hpp"
#include "repurpose/gene_profile.hpp"
#include "repurpose/sequence_search.hpp"
#include "repurpose/target_variant.hpp"
#include "tests/repurpose/small_store.hpp"

using namespace theriac;
using repurpose::DrugFilter;

namespace {

std::vector<std::string> kept(const datasets::Store& store, const DrugFilter& filter) {
  const auto passing = repurpose::passing_drugs(store, filter);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < passing.size(); ++i)
    if (passing[i]) names.emplace_back(store.entities(datasets::EntityKind::drug).name[i]);
  std::sort(names.begin(), names.end());
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("drugs are filtered by region, route, class, code and mechanism") {
  const tests::SmallStore small;
  DrugFilter filter;
  CHECK_FALSE(filter.asks_anything());
  CHECK(kept(small.store, filter).size() == 4);
  filter.region = {"jp"};
  CHECK(kept(small.store, filter) == Names{"Baricitinib", "Salbutamol"});
  filter = {};
  filter.route = {"intravenous"};
  CHECK(kept(small.store, filter) == Names{"Propranolol"});
  filter = {};
  filter.drug_class = {"kinase inhibitor"};
  CHECK(kept(small.store, filter) == Names{"Baricitinib", "Tofacitinib"});
  filter.drug_class = {"L04AF02", "R03"};
  CHECK(kept(small.store, filter) == Names{"Baricitinib", "Salbutamol"});
  filter = {};
  filter.exclude_mechanism = {"ADRB2"};
  CHECK(kept(small.store, filter) == Names{"Baricitinib", "Tofacitinib"});
  filter = {};
  filter.small_molecules_only = true;
  CHECK(kept(small.store, filter) == Names{"Propranolol", "Salbutamol", "Tofacitinib"});
}

TEST_CASE("a filter word that fits nothing is refused with those that do") {
  const tests::SmallStore small;
  DrugFilter filter;
  filter.route = {"orall"};
  try {
    repurpose::passing_drugs(small.store, filter);
    FAIL("accepted");
  } catch (const UsageError& error) {
    CHECK(error.hint() == "known: inhaled, intravenous, oral");
  }
  filter = {};
  filter.exclude_mechanism = {"Janus Kinase Inhibitorz"};
  CHECK_THROWS_AS(repurpose::passing_drugs(small.store, filter), UsageError);
}

TEST_CASE("a gene list takes symbols, ids and accessions, and keeps what it does not know") {
  const tests::SmallStore small;
  const auto profile = repurpose::gene_profile_from_text(
      small.store, "gene\nJAK1\n# comment\n3717\t2.5\nP52333\nNOSUCH\n", "my.txt");
  REQUIRE(profile.genes.size() == 3);
  CHECK_FALSE(profile.is_signature());
  CHECK(profile.genes[1].target != profile.genes[0].target);
  REQUIRE(profile.unknown.size() == 1);
  CHECK(profile.unknown[0].line == 6);
  CHECK(profile.unknown[0].text == "NOSUCH");
}

TEST_CASE("an expression signature says up and down, in words or by sign") {
  const tests::SmallStore small;
  const auto words = repurpose::gene_profile_from_text(small.store, "JAK1,up\nADRB2,down\n", "s.csv");
  CHECK(words.is_signature());
  const auto numbers = repurpose::gene_profile_from_text(small.store, "JAK1 1.5\nADRB2 -0.5\n", "s.txt");
  CHECK(numbers.is_signature());
  for (const auto& gene : numbers.genes) CHECK(gene.change == (gene.target == small.target("154") ? -1 : +1));
  CHECK_FALSE(repurpose::gene_profile_from_text(small.store, "JAK1 1.5\nADRB2 0.5\n", "w").is_signature());
}

TEST_CASE("gene lists without genes are refused by name and line") {
  const tests::SmallStore small;
  CHECK_THROWS_WITH(repurpose::gene_profile_from_text(small.store, "", "empty.txt"),
                    "no genes in 'empty.txt'");
  CHECK_THROWS_WITH(repurpose::gene_profile_from_text(small.store, "# only\n", "c.txt"),
                    "no genes in 'c.txt'");
  CHECK_THROWS_WITH(repurpose::gene_profile_from_text(small.store, "FOO\nBAR\n", "f.txt"),
                    "none of the 2 genes of 'f.txt' is in the store, the first is 'FOO'");
  CHECK_THROWS_WITH(repurpose::gene_profile_from_text(small.store, "JAK1 upp\n", "u.txt"),
                    "'upp' is neither a number nor up or down (u.txt, line 1)");
  CHECK_THROWS_AS(repurpose::read_gene_profile(small.store, "/nonexistent/genes.txt"), InputError);
}

TEST_CASE("target variants are read in the usual spellings") {
  const auto is = [](const char* text, const char* gene, const char* variant) {
    const auto parsed = repurpose::parse_target_variant(text);
    return parsed.gene == gene && parsed.variant == variant;
  };
  CHECK(is("EGFR:T790M", "EGFR", "T790M"));
  CHECK(is("egfr:p.T790M", "EGFR", "T790M"));
  CHECK(is("EGFR T790M", "EGFR", "T790M"));
  CHECK(is("CFTR:F508del", "CFTR", "F508del"));
  CHECK(is("BRCA1:Q1756*", "BRCA1", "Q1756*"));
  CHECK(is("EGFR", "EGFR", ""));
  for (const char* bad : {"EGFR:", "EGFR:790", ":T790M", "EGFR:T790", "EGFR:T790M;rm"})
    CHECK_THROWS_AS(repurpose::parse_target_variant(bad), UsageError);
}

TEST_CASE("the shipped table of variants can be read and knows the gatekeepers") {
  const auto facts = repurpose::read_variant_facts(THERIAC_TABLES "/target_variants.csv");
  CHECK(facts.size() > 120);
  for (const auto& fact : facts) {
    INFO(fact.gene << ":" << fact.variant << " " << fact.drug);
    CHECK_FALSE(fact.source.empty());
    CHECK_NOTHROW(repurpose::parse_target_variant(fact.gene + ":" + fact.variant));
  }
  const auto t790m = repurpose::facts_of(facts, {"EGFR", "T790M"});
  REQUIRE(t790m.size() == 4);
  for (const auto& fact : t790m) CHECK(fact.sensitive == (fact.drug == "osimertinib"));
  CHECK(repurpose::facts_of(facts, {"ABL1", ""}).size() > 10);
}

TEST_CASE("sequences are read bare and as FASTA, and letters that are none are named") {
  const auto read = chem::sequences_from_text(">first some protein\nMKV\n LLA*\n>second\nacdef\n", "x.fasta");
  REQUIRE(read.size() == 2);
  CHECK(read[0].name == "first");
  CHECK(read[0].residues == "MKVLLA");
  CHECK(read[1].residues == "ACDEF");
  CHECK(chem::sequences_from_text("MKV 123 LLA", "bare").front().residues == "MKVLLA");
  CHECK_THROWS_WITH(chem::sequences_from_text(">a\nMK?V\n", "x.fasta"),
                    "'?' stands for no amino acid (x.fasta, line 2)");
  CHECK_THROWS_AS(chem::sequences_from_text(">a\n>b\nMK\n", "x.fasta"), InputError);
  CHECK_THROWS_AS(chem::sequences_from_text("", "x.fasta"), InputError);
}

TEST_CASE("local alignment scores by BLOSUM62 with affine gaps") {
  // W 11, H 8, I 4, S 4: the classical pair shares no better piece
  const auto whole = repurpose::local_alignment("WHIS", "WHIS");
  CHECK(whole.score == 27);
  CHECK(whole.identical == 4);
  CHECK(whole.identity() == 1);
  // one residue left out: two pieces of 29 and 27 joined by a gap of one, 12
  const auto gapped = repurpose::local_alignment("WWHCKFPPWHIS", "WWHCKFPWHIS");
  const int without_gap = 11 + 11 + 8 + 9 + 5 + 6 + 7;
  CHECK(gapped.score == without_gap + 27 - 12);
  CHECK(gapped.identical == 11);
  CHECK(gapped.length == 12);
  CHECK(repurpose::local_alignment("AAAA", "WWWW").length == 0);
}

TEST_CASE("a sequence finds its target, a mutated one too") {
  const tests::SmallStore small;
  const auto& sequences = small.store.entities(datasets::EntityKind::target).text("sequence");
  std::string query(sequences[small.target("154")]);
  auto found = repurpose::similar_targets(small.store, query);
  REQUIRE_FALSE(found.empty());
  CHECK(found[0].target == small.target("154"));
  CHECK(found[0].alignment.identity() == 1);
  CHECK(found[0].coverage == 1);
  query[20] = 'W';
  found = repurpose::similar_targets(small.store, query);
  CHECK(found[0].target == small.target("154"));
  CHECK(found[0].alignment.identical == static_cast<int>(query.size()) - 1);
  CHECK(repurpose::similar_targets(small.store, "WWWWWWWW").empty());
}
