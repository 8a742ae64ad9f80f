// Variants of targets that are known to make drugs fail, or work: "EGFR:T790M".
//
// The facts are a table of our own selection (datasets/tables/target_variants.csv), each with the paper that
// reports it. A variant that is not in the table is not known to be harmless.
#pragma once
#include <string>
#include <vector>

namespace theriac::repurpose {

/// A target and a change of its protein, as asked for.
struct TargetVariant {
  std::string gene;     ///< "EGFR"
  std::string variant;  ///< "T790M"; empty: the wild type
};

/// What is known of a drug against a variant.
struct VariantFact {
  std::string gene, variant, drug;
  bool sensitive = false;  ///< else resistant
  std::string source;      ///< the paper
};

/// "EGFR:T790M", "EGFR:p.T790M", "EGFR T790M" or "EGFR". Throws UsageError when the part behind the gene is
/// no protein change ("T790M", "F508del").
TargetVariant parse_target_variant(const std::string& text);

/// Reads the shipped table or one of the same columns (gene, variant, drug, effect, source). Throws
/// InputError naming file, line and value.
std::vector<VariantFact> read_variant_facts(const std::string& path);

/// Facts of this gene; with a variant, those of that variant only. Names are compared without case.
std::vector<VariantFact> facts_of(const std::vector<VariantFact>& facts, const TargetVariant& asked);

}  // namespace theriac::repurpose
