// One thing asked of the generator in theriac bench modes, and whether an answer fulfils it.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/design_drugs.hpp"
#include "generative/graph_policy.hpp"
#include "generative/policy_conditions.hpp"

namespace theriac::cli {

/// "denovo", "scaffold", "link", "optimise".
const std::vector<std::string>& design_modes();

struct DesignAnswer {
  std::string smiles;              ///< canonical
  chem::Molecule molecule;         ///< read from it
  std::vector<double> properties;  ///< as condition_properties()
  bool satisfied = false;
};

struct DesignQuestion {
  generative::PlanSource plans;
  std::vector<generative::PropertyRange> ranges;  ///< told to the network
  /// Reads the SMILES that was written. Throws MoleculeError when it is no molecule or is not canonical.
  std::function<DesignAnswer(std::uint64_t number, const generative::SampledMolecule& molecule)> answer;
  std::string wanted;  ///< in words, for the report
};

/// Throws InputError when the vocabulary lacks a part of the drug, UsageError for an unknown mode. The
/// vocabulary must outlive the question.
DesignQuestion design_question(const DesignDrug& drug, const std::string& mode,
                               const generative::ActionVocabulary& vocabulary, std::uint64_t seed);

}  // namespace theriac::cli
