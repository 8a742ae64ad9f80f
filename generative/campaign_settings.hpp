// What a campaign is asked to do: everything that decides its result, apart from molecules and receptors.
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "generative/graph_evolution.hpp"
#include "scoring/docking.hpp"
#include "scoring/objective.hpp"

namespace theriac::generative {

/// Cheap conditions; a candidate that breaks one costs nothing more.
struct FilterSettings {
  std::string rules =
      "mw <= 550 and clogp <= 5.5 and rotb <= 10 and hbd <= 5";  ///< see chem/property_filter.hpp
  std::vector<std::string> alerts = {"pains", "brenk"};          ///< of pains, brenk, nih
  double sa_max = 4.5;               ///< synthetic accessibility, 1 easy to 10 hard; 10: no limit
  std::vector<std::string> forbid;   ///< SMARTS
  std::vector<std::string> require;  ///< SMARTS
};

/// What a prediction is worth for a molecule that its model does not know.
enum class OutsideDomain {
  keep,    ///< as much as any other
  ignore,  ///< nothing: the objective is left out for this molecule
  reject   ///< the molecule is filtered
};

/// Trained endpoints that objectives read as "predict:NAME".
struct PredictionSettings {
  std::string model = "default";  ///< a file of trained endpoints, or a name of theriac model list
  OutsideDomain outside = OutsideDomain::ignore;
  std::string device = "cpu";  ///< where their network computes: scoring::prediction_device()
};

enum class DiversityMethod {
  off,
  murcko,     ///< molecules with one Bemis-Murcko scaffold share a bucket
  similarity  ///< molecules within `similarity` of the bucket's first member share it
};

/// No bucket gets more than `bucket` good molecules: then its members are no longer docked.
/// T. Blaschke et al., J. Cheminform. 12, 68 (2020).
struct DiversitySettings {
  DiversityMethod method = DiversityMethod::murcko;
  int bucket = 25;
  double min_score = 0.4;   ///< total from which a molecule counts as good
  double similarity = 0.6;  ///< Tanimoto, Morgan radius 2
};

struct StopRules {
  int rounds = 30;                  ///< after the starting set
  int rounds_without_gain = 8;      ///< of the best total (Pareto: of the hypervolume); 0: no such rule
  std::int64_t max_docked = 20000;  ///< molecules, the starting set included
};

struct DockingStage {
  scoring::DockingOptions options;  ///< in the loop
  double ph = 7.4;                  ///< ligands are protonated for it
  double top_fraction = 0.25;       ///< of each round by cheap scores is docked; ties in order of proposal
  double final_exhaustiveness = 0;  ///< the best are docked again with this effort; 0: not at all
  int final_top = 20;
};

/// A part of a campaign with objectives of its own: cheap ones first, docking when that pays. The best of a
/// stage seed the next one, where their worth is found anew.
struct StageSettings {
  std::string name;                     ///< distinct
  std::vector<std::string> objectives;  ///< names of the active ones; at least one
  bool docking = true;                  ///< false: candidates are judged by cheap scores alone
  FilterSettings filter;
  int per_round = 256;          ///< as in CampaignSettings
  int rounds = 30;              ///< at most, after its first one, which has what the stage starts from
  std::int64_t max_docked = 0;  ///< molecules docked in the stage; 0: only the limit of the campaign
  int min_rounds = 0;           ///< before the next two rules may end the stage
  int rounds_without_gain = 8;  ///< as in StopRules; 0: no such rule
  double until = 0;             ///< the ten best totals of the stage have this mean; 0: no such rule
  int carry = 100;              ///< its best that go on to the next stage
};

struct CampaignSettings {
  std::string name = "campaign";
  std::uint64_t seed = 1;
  std::vector<scoring::ObjectiveTerm> objectives;
  scoring::Combination combine = scoring::Combination::geometric_mean;
  FilterSettings filter;
  PredictionSettings prediction;
  DiversitySettings diversity;
  StopRules stop;
  std::vector<StageSettings> stages;  ///< empty: one with all objectives and the rules above
  DockingStage docking;
  std::string proposer = "screened-gfn";  ///< a name of proposer_choice.hpp
  std::string model = "default";          ///< the generator that a learned proposer starts from
  std::string device = "cpu";             ///< where it computes: scoring::prediction_device()
  EvolutionOptions evolution;
  std::string peptide_target;          ///< of the proposer "peptides": FASTA file of the target
  std::string peptide_length = "4-8";  ///< residues
  std::string peptide_ring = "none";   ///< none, head-to-tail or disulfide
  int per_round = 256;                 ///< candidates that pass the plausibility rules, before the filter
  int top = 200;                       ///< molecules in the top list: poses written, report
  double reference_rmsd = 2.5;         ///< angstrom; the redocked reference must come this close
};

/// Endpoints that the objectives read as "predict:NAME", each once, in their order.
std::vector<std::string> predicted_endpoints(const CampaignSettings& settings);

/// One flag per objective of the campaign. Throws UsageError for a name that no objective has (the nearest is
/// suggested), for docking without a use for it, and for a use without docking.
std::vector<char> active_objectives(const CampaignSettings& settings, const StageSettings& stage);

}  // namespace theriac::generative
