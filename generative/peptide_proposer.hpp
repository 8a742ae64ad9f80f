// Peptides as candidates of a campaign: a language model that has read the target has ideas, and evolution on
// the sequences improves what scored well.
//
// The first candidates are drawn from the model. Later a part of every round still is; the rest are children
// of the fittest peptides told so far: one or two residues changed, one put in or taken out, or two parents
// joined at a place. What docks, predicts and filters sees ordinary molecules.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "generative/peptide_model.hpp"
#include "generative/proposer.hpp"

namespace theriac::generative {

enum class PeptideRing { open, head_to_tail, disulfide };

/// "none", "head-to-tail", "disulfide". Throws UsageError.
PeptideRing peptide_ring(const std::string& name);

struct PeptideProposerOptions {
  std::string target;  ///< residues
  PeptideDesign design;
  PeptideRing ring = PeptideRing::open;  ///< disulfide: between the ends, which are cysteines then
  int population = 40;                   ///< breeders kept, best first
  double drawn_share = 0.3;              ///< of the candidates of a round that come from the model
  std::uint64_t seed = 1;
};

class PeptideProposer : public Proposer {
 public:
  /// `start`: molecules that are proposed in round 0 too, and breed when they are such peptides. Throws
  /// UsageError for a design or a ring that cannot be (check_design; rings of fewer than 3 residues,
  /// molecules of more than chem::longest_peptide_molecule).
  PeptideProposer(std::vector<chem::Molecule> start, std::shared_ptr<const PeptideModel> model,
                  PeptideProposerOptions options);

  std::vector<Candidate> propose(int n, int round) override;
  void recall(const std::vector<std::string>& smiles) override;
  void forget(const std::vector<std::string>& smiles) override;
  void learn(const std::vector<Lesson>& lessons) override;
  void objectives_changed() override;

  /// Residues of the breeders, best first.
  std::vector<std::string> breeders() const;

 private:
  struct Breeder {
    std::string residues, smiles;
    double fitness = 0;
  };
  /// Empty when the molecule is no peptide of this design.
  std::string residues_of(const std::string& smiles) const;
  chem::Molecule molecule_of(const std::string& residues) const;
  bool add(const std::string& residues, const std::string& origin, double log_likelihood,
           std::vector<Candidate>& out);
  void draw(int wanted, int round, std::vector<Candidate>& out);
  void breed(int wanted, int round, std::vector<Candidate>& out);
  std::string child(chem::CounterRandom& random, std::string& origin) const;
  const Breeder& parent(chem::CounterRandom& random) const;

  std::vector<chem::Molecule> start_;
  std::shared_ptr<const PeptideModel> model_;
  PeptideProposerOptions options_;
  std::unique_ptr<PeptideContext> context_;
  std::vector<std::string> known_;  ///< SMILES, sorted
  std::vector<Breeder> population_;
};

}  // namespace theriac::generative
