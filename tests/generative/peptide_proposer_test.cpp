#include "generative/peptide_proposer.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "chem/error.hpp"
#include "chem/peptide_recognition.hpp"
#include "generative/proposer_choice.hpp"
#include "tests/datasets/temporary_folder.hpp"
#include "tests/scoring/random_protein_model.hpp"

using namespace theriac;
using namespace theriac::generative;

namespace {

struct Fixture {
  TemporaryFolder folder;
  std::shared_ptr<const PeptideModel> model;
  PeptideProposerOptions options;
  Fixture() {
    RandomProteinModel::write_causal(folder / "m.safetensors");
    model = read_peptide_model(folder / "m.safetensors");
    options.target = "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQ";
    options.design.shortest = 4;
    options.design.longest = 6;
  }
};

double lysines(const std::string& residues) {
  return static_cast<double>(std::count(residues.begin(), residues.end(), 'K')) /
         static_cast<double>(residues.size());
}

std::vector<Lesson> judged(const std::vector<Candidate>& candidates) {
  std::vector<Lesson> out;
  for (const auto& c : candidates)
    out.push_back({c.molecule.smiles(), 0.1 + lysines(chem::peptide_residues(c.molecule)), ""});
  return out;
}

std::vector<std::string> smiles_of(const std::vector<Candidate>& candidates) {
  std::vector<std::string> out;
  for (const auto& c : candidates) out.push_back(c.molecule.smiles());
  return out;
}

}  // namespace

TEST_CASE("peptides get better in what they are told, and none is proposed twice") {
  const Fixture f;
  PeptideProposer proposer({}, f.model, f.options);
  std::set<std::string> seen;
  std::vector<double> means;
  for (int round = 0; round < 6; ++round) {
    const auto candidates = proposer.propose(40, round);
    REQUIRE(candidates.size() == 40);
    double sum = 0;
    for (const auto& c : candidates) {
      CHECK(seen.insert(c.molecule.smiles()).second);
      const auto residues = chem::peptide_residues(c.molecule);
      CHECK((residues.size() >= 4 && residues.size() <= 6));
      sum += lysines(residues);
    }
    means.push_back(sum / 40);
    proposer.learn(judged(candidates));
  }
  CHECK(means.back() > means.front() + 0.1);
  CHECK(lysines(proposer.breeders().front()) >= lysines(proposer.breeders().back()));
}

TEST_CASE("a proposer that was stopped goes on with the same peptides") {
  const Fixture f;
  PeptideProposer whole({}, f.model, f.options), again({}, f.model, f.options);
  const auto first = whole.propose(20, 0);
  whole.learn(judged(first));
  const auto second = whole.propose(20, 1);
  again.recall(smiles_of(first));
  again.learn(judged(first));
  CHECK(smiles_of(again.propose(20, 1)) == smiles_of(second));
}

TEST_CASE("rings stay rings, start molecules come first, and what was void is forgotten") {
  Fixture f;
  f.options.ring = PeptideRing::disulfide;
  PeptideProposer bridged({chem::Molecule::from_smiles("CCO", "ethanol")}, f.model, f.options);
  auto candidates = bridged.propose(10, 0);
  CHECK(candidates.front().molecule.smiles() == "CCO");
  candidates.erase(candidates.begin());
  bridged.learn(judged(candidates));
  for (const auto& c : bridged.propose(20, 1)) CHECK(c.molecule.smiles().find("SS") != std::string::npos);
  bridged.objectives_changed();
  CHECK(bridged.breeders().empty());
  f.options.ring = PeptideRing::head_to_tail;
  PeptideProposer closed({}, f.model, f.options);
  const auto rings = closed.propose(20, 0);
  closed.learn(judged(rings));
  CHECK(closed.breeders().size() == rings.size());
}

TEST_CASE("a proposer of peptides needs its target, and rings need residues") {
  Fixture f;
  CHECK_THROWS_WITH(proposer_kind("peptides").make({}),
                    "the proposer 'peptides' needs a target to propose for");
  f.options.ring = PeptideRing::head_to_tail;
  f.options.design.shortest = 2;
  CHECK_THROWS_AS(PeptideProposer({}, f.model, f.options), UsageError);
  CHECK_THROWS_AS(peptide_ring("lactam"), UsageError);
}
