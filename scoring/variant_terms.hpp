// What tells a harmless substitution from a harmful one, in plain terms: how relatives vary, what the two
// residues are, and what surrounds the position.
//
// For every position and residue of a protein: log-odds of the homolog profile (chem/sequence_profile.hpp),
// of close relatives alone, BLOSUM62, how conserved the position and its surroundings are, whether it is
// probably buried (mean hydropathy of relatives), and how far hydropathy, volume and helix propensity of the
// new residue lie from what relatives have there. Scales: J. Kyte, R. F. Doolittle, J. Mol. Biol. 157, 105
// (1982); volumes, A. A. Zamyatnin, Prog. Biophys. Mol. Biol. 24, 107 (1972); helix propensities, C. N. Pace,
// J. M. Scholtz, Biophys. J. 75, 422 (1998).
//
// Each term is standardised over all single substitutions of the protein (mean 0, deviation 1), so that one
// set of weights fits proteins with few and with many relatives.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "chem/homologs.hpp"

namespace theriac::scoring {

/// The groups in which terms are reported.
enum class VariantGroup {
  profile,         ///< what relatives have at the position
  conservation,    ///< how little they vary there
  surroundings,    ///< how conserved and how hydrophobic the neighbours are
  substitution,    ///< BLOSUM62
  hydrophobicity,  ///< of the new residue against what relatives have
  volume,          ///< the same
  helix_proline,   ///< helix propensity of the new residue; proline
  language_model   ///< log-odds of a protein language model
};
constexpr int variant_group_count = 8;
const char* group_name(VariantGroup group);

constexpr int variant_term_count = 21;  ///< the last one is the language model's
struct VariantTermKind {
  const char* name;
  VariantGroup group;
};
const std::array<VariantTermKind, variant_term_count>& variant_term_kinds();

class VariantTerms {
 public:
  /// From the query and its relatives; with none, only what the sequence itself tells. `language_model`: log
  /// p of 20 residues at each position less that of the residue that is there, or empty. Throws UsageError
  /// for a query without residues, or a list of another length.
  explicit VariantTerms(const chem::Homologs& homologs, const std::vector<double>& language_model = {});

  std::size_t positions() const { return positions_; }
  double effective_homologs() const { return effective_homologs_; }
  bool has_language_model() const { return has_language_model_; }
  /// Standardised terms of a substitution; `position` from 0, `residue` as residue_code().
  const float* standardised(std::size_t position, int residue) const {
    return values_.data() + (position * 20 + static_cast<std::size_t>(residue)) * variant_term_count;
  }
  /// The first log-odds as it is, natural logarithm: the profile alone.
  double profile_log_odds(std::size_t position, int residue) const;
  double language_model_log_odds(std::size_t position, int residue) const;

 private:
  void standardise(const std::vector<std::uint8_t>& query);
  std::size_t positions_ = 0;
  double effective_homologs_ = 0;
  bool has_language_model_ = false;
  std::vector<float> values_;
  std::array<double, variant_term_count> means_{}, deviations_{};
};

}  // namespace theriac::scoring
