#include "generative/action_corpus.hpp"

#include <tbb/global_control.h>

#include <catch2/catch.hpp>

#include "action_fixtures.hpp"
#include "chem/error.hpp"
#include "generative/action_sequence.hpp"
#include "generative/decoded_molecule.hpp"
#include "generative/vocabulary_file.hpp"

using namespace theriac::generative;
namespace chem = theriac::chem;

namespace {

/// The starter molecules, with garbage in between.
std::string text_with_garbage() {
  std::string out;
  int i = 0;
  for (const std::string& s : smiles_of_file(THERIAC_STARTER_MOLECULES)) {
    out += s + " good\n";
    if (++i % 20 == 0) out += "C1CC(nonsense bad\n";
    if (i % 50 == 0) out += "CC[Se]CC heavy\nCCO.CCN mixture\nC1CCCCCCCCCC1 large\n";
  }
  return out;
}

chem::RecordReader reader(const std::string& text) {
  return chem::RecordReader::from_text(text, chem::MoleculeFormat::smiles, "corpus.smi");
}

}  // namespace

TEST_CASE("a corpus with garbage is encoded, and every refusal has its reason") {
  const ActionVocabulary& vocabulary = starter_vocabulary();
  auto records = reader(text_with_garbage());
  const EncodedCorpus corpus = encode_corpus(records, vocabulary, 7, true);
  const CorpusTally& t = corpus.tally;
  CHECK(t.records == 224 + 11 + 12);
  CHECK(t.taken == 223);  // acetylcholine has a charge that stands alone
  CHECK(t.unreadable == 11);
  CHECK(t.not_encodable == 13);
  CHECK(t.reasons.at("atom (Se) is not in the vocabulary") == 4);
  CHECK(t.reasons.at("more than one component; a mixture or salt") == 4);
  CHECK(t.reasons.at("a ring of 11 atoms") == 4);
  REQUIRE(t.examples.size() == 20);
  CHECK(t.examples.front().rfind("corpus.smi, line 21: not a valid SMILES", 0) == 0);
  REQUIRE(corpus.strings.size() == 223);
  const GenerationPlan plan(vocabulary, max_graph_atoms);
  CHECK(smiles(vocabulary, decode(plan, corpus.strings.sequence(0))) == "CC(=O)Oc1ccccc1C(=O)O");
}

TEST_CASE("counting and encoding do not depend on the number of threads") {
  const auto run = [](std::size_t threads) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    VocabularyCensus census;
    auto records = reader(text_with_garbage());
    const CorpusTally tally =
        count_corpus(records, census, [](const auto& raw) { return raw.name == "good"; });
    CHECK(tally.records == 224);
    CHECK(tally.taken == 224);
    const ActionVocabulary vocabulary = census.vocabulary();
    auto again = reader(text_with_garbage());
    const EncodedCorpus corpus = encode_corpus(again, vocabulary, 7);
    std::vector<Action> all;
    for (std::size_t i = 0; i < corpus.strings.size(); ++i)
      all.insert(all.end(), corpus.strings.begin_of(i),
                 corpus.strings.begin_of(i) + corpus.strings.length_of(i));
    return std::pair(vocabulary_text(vocabulary), all);
  };
  CHECK(run(1) == run(2));
}
