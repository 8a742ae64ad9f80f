#include "repurpose/disease_ranking.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "chem/error.hpp"

namespace theriac::repurpose {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

DiseaseProfile asked(const KnowledgeGraph& graph, std::uint32_t disease, const RankOptions& options) {
  DiseaseProfile profile = profile_of_disease(graph.tables(), disease);
  for (const auto drug : options.without) {
    if (drug >= profile.treated_by.size())
      throw UsageError(fmt::format("drug {} is not among the {} drugs", drug, profile.treated_by.size()));
    profile.treated_by[drug] = 0;
  }
  if (options.without_all) std::fill(profile.treated_by.begin(), profile.treated_by.end(), 0.0);
  return profile;
}

DiseaseProfile asked(const KnowledgeGraph& graph, const GeneProfile& genes) {
  std::vector<WeightedGene> associated, raised, lowered;
  for (const auto& gene : genes.genes)
    (gene.change > 0 ? raised : gene.change < 0 ? lowered : associated).push_back({gene.target, gene.weight});
  return profile_of_genes(graph.tables(), associated, raised, lowered);
}

/// One of the two models, its lines found among the features.
struct Lens {
  const CalibratedModel* part = nullptr;
  std::vector<std::size_t> features;  ///< of the graph, per line of the model
};

Lens lens_of(const RankingModel& model, const KnowledgeGraph& graph, const DiseaseProfile& profile) {
  const bool treated =
      std::any_of(profile.treated_by.begin(), profile.treated_by.end(), [](double use) { return use > 0; });
  Lens lens{treated ? &model.treated : &model.untreated, {}};
  for (const auto& name : lens.part->model.features())
    lens.features.push_back(graph.features().feature(name));
  return lens;
}

bool is_popularity(const KnowledgeGraph& graph, std::size_t feature) {
  return graph.features().features()[feature].family == FeatureFamily::popularity;
}

Ranking lines_of(const Lens& lens, const KnowledgeGraph& graph) {
  Ranking ranking;
  for (const auto f : lens.features) {
    const auto& feature = graph.features().features()[f];
    ranking.lines.push_back({feature.name, feature.meaning, is_popularity(graph, f)});
  }
  ranking.intercept = lens.part->model.intercept();
  ranking.prevalence = lens.part->calibration.prevalence();
  return ranking;
}

/// Nothing leads to the disease: no genes, organs, relatives or drugs.
bool is_bare(const DiseaseProfile& profile) {
  const auto empty = [](const std::vector<double>& weights) {
    return std::all_of(weights.begin(), weights.end(), [](double weight) { return weight == 0; });
  };
  for (std::size_t d = 0; d < profile.likeness.rows; ++d)
    for (std::size_t l = 0; l < disease_likenesses; ++l)
      if (l != static_cast<std::size_t>(DiseaseLikeness::any) && profile.likeness(d, l) != 0) return false;
  return empty(profile.associated) && empty(profile.raised) && empty(profile.lowered) &&
         empty(profile.anatomy) && empty(profile.treated_by);
}

struct ScoredDrug {
  double logit = 0;
  bool has_basis = false;
};

/// The logit alone; equal to that of ranked_drug.
ScoredDrug scored_drug(const Lens& lens, const Ranking& ranking, const double* values,
                       const RankOptions& options) {
  const auto& model = lens.part->model;
  ScoredDrug out{ranking.intercept, false};
  for (std::size_t l = 0; l < lens.features.size(); ++l) {
    const double value = values[lens.features[l]];
    if (value == 0) continue;  // contributes 0
    const bool popularity = ranking.lines[l].popularity;
    if (!popularity && value > 0) out.has_basis = true;
    if (!popularity || options.popularity)
      out.logit += model.slopes()[l] * std::asinh(value / model.scales()[l]);
  }
  return out;
}

RankedDrug ranked_drug(const Lens& lens, const Ranking& ranking, const double* values, std::uint32_t drug,
                       const RankOptions& options) {
  const std::size_t lines = lens.features.size();
  RankedDrug out;
  out.drug = drug;
  out.values.resize(lines);
  out.contributions.resize(lines);
  for (std::size_t l = 0; l < lines; ++l) out.values[l] = values[lens.features[l]];
  lens.part->model.contributions(out.values.data(), out.contributions.data());
  out.logit = ranking.intercept;
  for (std::size_t l = 0; l < lines; ++l) {
    if (ranking.lines[l].popularity && !options.popularity) out.contributions[l] = 0;
    if (!ranking.lines[l].popularity && out.values[l] > 0) out.has_basis = true;
    out.logit += out.contributions[l];
  }
  out.probability = out.has_basis ? lens.part->calibration.probability(out.logit) : not_a_number;
  return out;
}

void order(Ranking& ranking) {
  auto& drugs = ranking.drugs;
  std::sort(drugs.begin(), drugs.end(), [](const RankedDrug& a, const RankedDrug& b) {
    if (a.has_basis != b.has_basis) return a.has_basis;
    return a.logit != b.logit ? a.logit > b.logit : a.drug < b.drug;
  });
  const double others = static_cast<double>(drugs.size()) - 1;
  for (std::size_t i = 0; i < drugs.size(); ++i)
    drugs[i].percentile = others > 0 ? 100 * (1 - static_cast<double>(i) / others) : 100;
}

Ranking rank(const RankingModel& model, const KnowledgeGraph& graph, const DiseaseProfile& profile,
             const RankOptions& options) {
  const Lens lens = lens_of(model, graph, profile);
  Ranking ranking = lines_of(lens, graph);
  const RealMatrix values = graph.features().values(profile);
  ranking.drugs.reserve(values.rows);
  for (std::uint32_t drug = 0; drug < values.rows; ++drug)
    ranking.drugs.push_back(
        ranked_drug(lens, ranking, values.values.data() + drug * values.columns, drug, options));
  order(ranking);
  return ranking;
}

/// What everything about one question needs.
struct Asked {
  DiseaseProfile profile;
  Lens lens;
  Ranking lines;
  RealMatrix values;  ///< drugs x features
  Bipartite treats;   ///< for paths

  Asked(const RankingModel& model, const KnowledgeGraph& graph, DiseaseProfile question, bool with_paths)
      : profile(std::move(question)),
        lens(lens_of(model, graph, profile)),
        lines(lines_of(lens, graph)),
        values(graph.features().values(profile)) {
    if (with_paths) treats = graph.features().treatments(profile);
  }
  const double* row(std::uint32_t drug) const { return values.values.data() + drug * values.columns; }
};

std::vector<Evidence> explained(const KnowledgeGraph& graph, const Asked& asked, std::uint32_t drug,
                                const RankOptions& options, const PathOptions& paths) {
  const auto row = ranked_drug(asked.lens, asked.lines, asked.row(drug), drug, options);
  const std::size_t main = main_line(asked.lines, row);
  std::vector<Evidence> lines;
  for (std::size_t l = 0; l < row.values.size(); ++l) {
    if (row.contributions[l] == 0) continue;
    Evidence evidence{l, row.values[l], row.contributions[l], {}};
    const std::size_t most = paths.main_line_only && l != main ? 0 : paths.per_line;
    for (const auto& walked : graph.features().paths(asked.profile, asked.treats, drug,
                                                     asked.lens.features[l], row.values[l], most)) {
      auto path = graph.path(walked, asked.profile.disease);
      if (!path.nodes.empty()) evidence.paths.push_back(std::move(path));
    }
    lines.push_back(std::move(evidence));
  }
  std::stable_sort(lines.begin(), lines.end(), [](const Evidence& a, const Evidence& b) {
    return std::abs(a.contribution) > std::abs(b.contribution);
  });
  return lines;
}

std::vector<std::vector<Evidence>> explained(const RankingModel& model, const KnowledgeGraph& graph,
                                             const DiseaseProfile& profile,
                                             const std::vector<std::uint32_t>& drugs,
                                             const RankOptions& options, const PathOptions& paths) {
  for (const auto drug : drugs)
    if (drug >= graph.tables().drugs)
      throw UsageError(fmt::format("drug {} is not among the {} drugs", drug, graph.tables().drugs));
  if (drugs.empty()) return {};
  const Asked asked(model, graph, profile, true);
  std::vector<std::vector<Evidence>> out(drugs.size());
  tbb::parallel_for(std::size_t{0}, drugs.size(),
                    [&](std::size_t i) { out[i] = explained(graph, asked, drugs[i], options, paths); });
  return out;
}

}  // namespace

Ranking rank_disease(const RankingModel& model, const KnowledgeGraph& graph, std::uint32_t disease,
                     const RankOptions& options) {
  return rank(model, graph, asked(graph, disease, options), options);
}

DrugScores score_disease(const RankingModel& model, const KnowledgeGraph& graph, std::uint32_t disease,
                         const RankOptions& options) {
  DrugScores out;
  out.logits.assign(graph.tables().drugs, not_a_number);
  out.probabilities.assign(graph.tables().drugs, not_a_number);
  DiseaseProfile profile = asked(graph, disease, options);
  if (is_bare(profile)) return out;
  const Asked question(model, graph, std::move(profile), false);
  for (std::uint32_t drug = 0; drug < question.values.rows; ++drug) {
    const auto scored = scored_drug(question.lens, question.lines, question.row(drug), options);
    if (!scored.has_basis) continue;
    out.logits[drug] = scored.logit;
    out.probabilities[drug] = question.lens.part->calibration.probability(scored.logit);
  }
  return out;
}

Ranking rank_profile(const RankingModel& model, const KnowledgeGraph& graph, const GeneProfile& profile,
                     const RankOptions& options) {
  return rank(model, graph, asked(graph, profile), options);
}

std::vector<std::vector<Evidence>> explain(const RankingModel& model, const KnowledgeGraph& graph,
                                           std::uint32_t disease, const std::vector<std::uint32_t>& drugs,
                                           const RankOptions& options, const PathOptions& paths) {
  return explained(model, graph, asked(graph, disease, options), drugs, options, paths);
}

std::vector<std::vector<Evidence>> explain_profile(const RankingModel& model, const KnowledgeGraph& graph,
                                                   const GeneProfile& profile,
                                                   const std::vector<std::uint32_t>& drugs,
                                                   const RankOptions& options, const PathOptions& paths) {
  return explained(model, graph, asked(graph, profile), drugs, options, paths);
}

}  // namespace theriac::repurpose
