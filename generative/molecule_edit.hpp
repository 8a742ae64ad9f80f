// Analogues of a molecule: a part is cut away and grown anew, within bounds of similarity.
//
// Each molecule of the stream draws a way to cut (molecule_cut.hpp) by its number. What stays becomes the
// scaffold of a plan with one open point a cut, or two or three warheads to be linked (generation_plan.hpp);
// every kept atom and bond is in every result. Ways after which the bounds of similarity can be met are drawn
// more often; whether they are met is known at the end only: `accepts`.
//
// The idea is older than neural networks: CReM exchanges fragments (P. Polishchuk, J. Cheminform. 12, 28
// (2020)), here the generator is asked what fits.
#pragma once
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "chem/counter_random.hpp"
#include "chem/fingerprint.hpp"
#include "chem/flat_graph.hpp"
#include "chem/molecule.hpp"
#include "generative/generation_plan.hpp"
#include "generative/graph_state.hpp"
#include "generative/molecule_cut.hpp"

namespace theriac::generative {

struct EditOptions {
  int max_cut = 12;  ///< heavy atoms removed, at most
  std::string keep;  ///< SMARTS: atoms of any match are never removed; empty: none
  double min_similarity = 0.4, max_similarity = 1;  ///< Tanimoto, Morgan radius 2 of 2,048 bits
  int size_change = 8;  ///< what grows has at most so many heavy atoms more or fewer than what was removed
  int min_atoms = 0, max_atoms = 0;  ///< of the whole molecule, instead of `size_change`; 0: not given
};

/// A result beside the molecule that it was made from.
struct EditedMolecule {
  chem::Molecule molecule;
  double similarity = 0;
  int kept_atoms = 0;
  std::string replaced, replacement;  ///< "[*:1]Cl", "[*:1]OC": point n hangs on the same atom in both
};

class MoleculeEdits {
 public:
  /// Throws InputError (no SMILES, several components, an atom that the vocabulary does not have) and
  /// UsageError: bounds that contradict each other, `keep` that is no SMARTS or matches nothing, a molecule
  /// that cannot be cut within the limits. The vocabulary must outlive it and its plans.
  MoleculeEdits(const ActionVocabulary& vocabulary, const std::string& smiles, EditOptions options = {});

  /// What is kept, as a plan. Costs microseconds: draw one for each molecule.
  GenerationPlan plan(chem::CounterRandom& random) const;
  /// The plan of each number in the stream of this seed. The edits must outlive it.
  PlanSource plans(std::uint64_t seed) const;

  /// A finished molecule of a plan. The configuration of kept centres and double bonds is carried over.
  EditedMolecule edited(const GenerationPlan& plan, const GraphState& state,
                        const std::vector<Action>& actions) const;
  /// The similarity is within the bounds and the molecule is another one.
  bool accepts(const EditedMolecule& edited) const;

  const chem::Molecule& molecule() const { return molecule_; }
  std::size_t ways_to_cut() const { return cuts_.size(); }

 private:
  struct Room {
    int least = 0, most = 0;
  };
  void read(const std::string& smiles);
  AtomSet kept_by_pattern() const;
  void find_cuts();
  void weigh_cuts();
  Room room(const MoleculeCut& cut) const;
  GenerationPlan plan_of(const MoleculeCut& cut, chem::CounterRandom& random) const;
  GenerationPlan core_plan(const MoleculeCut& cut, chem::CounterRandom& random) const;
  std::string replaced_part(const std::vector<char>& kept) const;
  std::string replacement_part(const std::vector<int>& atom_of, const GraphState& state) const;

  const ActionVocabulary* vocabulary_;
  EditOptions options_;
  chem::Molecule molecule_;
  chem::Fingerprint fingerprint_;
  std::string flat_smiles_;
  chem::FlatGraph flat_;  ///< atoms as in molecule_
  UnitGraph units_;
  std::vector<MoleculeCut> cuts_;
  struct KindOfCut {
    std::vector<std::size_t> cuts;
    std::vector<double> weight_up_to;
  };
  std::vector<KindOfCut> kinds_;  ///< those that there are
};

/// The plans alone, for whoever draws from a generator and reads the molecules himself. Throws as the
/// constructor above.
PlanSource edit_plans(const ActionVocabulary& vocabulary, const std::string& smiles,
                      const EditOptions& options, std::uint64_t seed);

}  // namespace theriac::generative
