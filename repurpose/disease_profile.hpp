// A question: a disease of the graph, or any list of genes in place of one.
//
// Whatever stands at the far end of the walks: genes with weights, the organs where the disease sits, other
// diseases that resemble it. A profile of a gene list needs no disease: similar diseases are those that share
// its genes.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "repurpose/graph_tables.hpp"

namespace theriac::repurpose {

/// How another disease may resemble the one that is asked about.
enum class DiseaseLikeness : std::uint8_t {
  similar,      ///< linked as similar in a source
  comentioned,  ///< named together in articles, the more so the more often
  genes,        ///< common associated genes
  anatomy,      ///< common organs
  any           ///< any disease at all: the drug is in use for something
};
inline constexpr std::size_t disease_likenesses = 5;

struct WeightedGene {
  std::uint32_t target = 0;
  double weight = 1;  ///< positive
};

struct DiseaseProfile {
  std::vector<double> associated, raised, lowered;  ///< per target, damped
  std::vector<double> anatomy;                      ///< per anatomy, damped
  RealMatrix likeness;                              ///< diseases x disease_likenesses; 0 for hidden ones
  std::vector<std::uint32_t> hidden;                ///< diseases whose treatments are not looked at
  std::int64_t disease = -1;                        ///< -1: a list of genes
  std::vector<std::uint32_t> described_by;          ///< ancestors whose genes, organs and relatives stand in
  std::vector<double> treated_by;                   ///< per drug, 1 where it treats the disease or a relative
};

/// Its own treatments and those of its ancestors and descendants are hidden. A disease of which nothing but
/// its place in the hierarchy is known is described by the nearest ancestors of which more is: the mean of
/// their genes, organs and similar diseases.
DiseaseProfile profile_of_disease(const GraphTables& graph, std::uint32_t disease);
/// These ancestors; none for a disease that is described itself, or by nothing at all.
std::vector<std::uint32_t> stand_ins(const GraphTables& graph, std::uint32_t disease);
/// With further hidden diseases, as if nothing were known of their treatment.
DiseaseProfile profile_of_disease(const GraphTables& graph, std::uint32_t disease,
                                  const std::vector<std::uint32_t>& also_hidden);

/// Genes that matter, and genes up and down in the disease; any of them may be empty, but not all. Weights
/// count relative to each other. Throws UsageError when nothing is given, a gene is out of range or a weight
/// is not positive.
DiseaseProfile profile_of_genes(const GraphTables& graph, const std::vector<WeightedGene>& genes,
                                const std::vector<WeightedGene>& raised = {},
                                const std::vector<WeightedGene>& lowered = {});

}  // namespace theriac::repurpose
