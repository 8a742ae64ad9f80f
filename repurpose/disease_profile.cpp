#include "repurpose/disease_profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "chem/error.hpp"

namespace theriac::repurpose {
namespace {

/// Mean of the rows.
std::vector<double> mean_row(const Bipartite& table, const std::vector<std::uint32_t>& rows) {
  std::vector<double> values(table.columns(), 0.0);
  for (const auto row : rows)
    for (const auto& next : table.of_row(row))
      values[next.node] += next.weight / static_cast<double>(rows.size());
  return values;
}

bool is_described(const GraphTables& graph, std::uint32_t disease) {
  for (const auto* table : {&graph.associated, &graph.raised, &graph.lowered, &graph.localizes,
                            &graph.similar, &graph.comentioned})
    if (table->of_row(disease).size() > 0) return true;
  return false;
}

/// The nearest generation of ancestors of which something is known.
std::vector<std::uint32_t> described_ancestors(const GraphTables& graph, std::uint32_t disease) {
  std::set<std::uint32_t> seen = {disease};
  for (std::vector<std::uint32_t> now = {disease}, next; !now.empty(); now = std::move(next)) {
    next.clear();
    for (const auto d : now)
      for (const auto parent : graph.parents[d])
        if (seen.insert(parent).second) next.push_back(parent);
    std::vector<std::uint32_t> found;
    for (const auto d : next)
      if (is_described(graph, d)) found.push_back(d);
    std::sort(found.begin(), found.end());
    if (!found.empty()) return found;
  }
  return {};
}

void set_column(RealMatrix& likeness, DiseaseLikeness which, const std::vector<double>& values) {
  for (std::size_t d = 0; d < values.size(); ++d) likeness(d, static_cast<std::size_t>(which)) = values[d];
}

/// Diseases that share nodes: A' x.
std::vector<double> sharing(const Bipartite& table, const std::vector<double>& nodes) {
  RealMatrix x(nodes.size(), 1);
  x.values = nodes;
  return table.to_rows(x).values;
}

void hide(DiseaseProfile& profile) {
  std::sort(profile.hidden.begin(), profile.hidden.end());
  profile.hidden.erase(std::unique(profile.hidden.begin(), profile.hidden.end()), profile.hidden.end());
  for (const auto d : profile.hidden)
    for (std::size_t k = 0; k < disease_likenesses; ++k) profile.likeness(d, k) = 0;
}

/// Damped as if the list were one more disease of the table.
std::vector<double> damped_list(const Bipartite& table, const std::vector<WeightedGene>& genes) {
  std::vector<double> values(table.columns(), 0.0);
  double total = 0;
  for (const auto& gene : genes) {
    if (gene.target >= values.size())
      throw UsageError(
          fmt::format("gene {} of a list is not among the {} targets", gene.target, values.size()));
    if (!(gene.weight > 0) || !std::isfinite(gene.weight))
      throw UsageError(fmt::format("a gene of the list has the weight {}, must be positive", gene.weight));
    values[gene.target] = std::max(values[gene.target], gene.weight);
  }
  std::size_t listed = 0;
  for (const double value : values) {
    total += value;
    listed += value > 0;
  }
  const double mean = listed ? total / static_cast<double>(listed) : 1;
  const double own = std::pow(static_cast<double>(std::max<std::size_t>(listed, 1)), -usual_damping);
  for (std::uint32_t g = 0; g < values.size(); ++g)
    if (values[g] > 0)
      values[g] *= own / mean * std::pow(static_cast<double>(table.of_column(g).size() + 1), -usual_damping);
  return values;
}

}  // namespace

std::vector<std::uint32_t> stand_ins(const GraphTables& graph, std::uint32_t disease) {
  return is_described(graph, disease) ? std::vector<std::uint32_t>{} : described_ancestors(graph, disease);
}

DiseaseProfile profile_of_disease(const GraphTables& graph, std::uint32_t disease) {
  return profile_of_disease(graph, disease, {});
}

DiseaseProfile profile_of_disease(const GraphTables& graph, std::uint32_t disease,
                                  const std::vector<std::uint32_t>& also_hidden) {
  if (disease >= graph.diseases)
    throw UsageError(fmt::format("disease {} is not among the {} diseases", disease, graph.diseases));
  DiseaseProfile profile;
  profile.disease = disease;
  profile.described_by = stand_ins(graph, disease);
  const auto sources =
      profile.described_by.empty() ? std::vector<std::uint32_t>{disease} : profile.described_by;
  profile.associated = mean_row(graph.associated, sources);
  profile.raised = mean_row(graph.raised, sources);
  profile.lowered = mean_row(graph.lowered, sources);
  profile.anatomy = mean_row(graph.localizes, sources);
  profile.likeness = RealMatrix(graph.diseases, disease_likenesses);
  set_column(profile.likeness, DiseaseLikeness::similar, mean_row(graph.similar, sources));
  set_column(profile.likeness, DiseaseLikeness::comentioned, mean_row(graph.comentioned, sources));
  set_column(profile.likeness, DiseaseLikeness::genes, sharing(graph.associated, profile.associated));
  set_column(profile.likeness, DiseaseLikeness::anatomy, sharing(graph.localizes, profile.anatomy));
  set_column(profile.likeness, DiseaseLikeness::any, std::vector<double>(graph.diseases, 1.0));
  profile.hidden = graph.relatives[disease];
  profile.hidden.insert(profile.hidden.end(), also_hidden.begin(), also_hidden.end());
  hide(profile);
  const auto& relatives = graph.relatives[disease];
  profile.treated_by.assign(graph.drugs, 0.0);
  for (const auto& link : graph.treatments)
    if (std::binary_search(relatives.begin(), relatives.end(), link.column)) profile.treated_by[link.row] = 1;
  return profile;
}

DiseaseProfile profile_of_genes(const GraphTables& graph, const std::vector<WeightedGene>& genes,
                                const std::vector<WeightedGene>& raised,
                                const std::vector<WeightedGene>& lowered) {
  if (genes.empty() && raised.empty() && lowered.empty())
    throw UsageError("the list of genes is empty", "give at least one gene that the graph knows");
  DiseaseProfile profile;
  profile.associated = damped_list(graph.associated, genes);
  profile.raised = damped_list(graph.raised, raised);
  profile.lowered = damped_list(graph.lowered, lowered);
  profile.anatomy.assign(graph.localizes.columns(), 0.0);
  profile.treated_by.assign(graph.drugs, 0.0);
  profile.likeness = RealMatrix(graph.diseases, disease_likenesses);
  set_column(profile.likeness, DiseaseLikeness::genes, sharing(graph.associated, profile.associated));
  set_column(profile.likeness, DiseaseLikeness::any, std::vector<double>(graph.diseases, 1.0));
  return profile;
}

}  // namespace theriac::repurpose
