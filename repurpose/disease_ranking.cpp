#include "repurpose/disease_ranking.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "chem/error.hpp"
#include "repurpose/evidence_terms.hpp"

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

/// One of the two models and what its terms are in this graph. Lines of the answer are those of the model,
/// count and place of a line together, and then the agreements.
struct Lens {
  const CalibratedModel* part = nullptr;
  EvidenceTerms terms;
  std::size_t answer_lines() const { return terms.size() - terms.lines().size(); }
  /// Of the answer.
  std::size_t line_of(std::size_t term) const {
    return term < terms.lines().size() ? term : term - terms.lines().size();
  }
};

Lens lens_of(const RankingModel& model, const KnowledgeGraph& graph, const DiseaseProfile& profile) {
  const bool treated =
      std::any_of(profile.treated_by.begin(), profile.treated_by.end(), [](double use) { return use > 0; });
  const auto& part = treated ? model.treated : model.untreated;
  return {&part, terms_of_model(graph.features(), part.model.features())};
}

Ranking lines_of(const Lens& lens) {
  Ranking ranking;
  for (const auto& term : lens.terms.terms())
    if (term.is_count || term.line == EvidenceTerms::no_line)
      ranking.lines.push_back(
          {term.name, term.meaning, term.popularity, term.line == EvidenceTerms::no_line});
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

struct DrugValues {
  const double *counts, *places;
};

struct ScoredDrug {
  double logit = 0;
  bool has_basis = false;
};

/// The logit alone; equal to that of ranked_drug. `terms` has room for one number per term.
ScoredDrug scored_drug(const Lens& lens, const DrugValues& drug, const RankOptions& options,
                       std::vector<double>& terms) {
  const auto& model = lens.part->model;
  ScoredDrug out{model.intercept(), false};
  if (!lens.terms.values(drug.counts, drug.places, terms.data())) return out;
  for (std::size_t t = 0; t < terms.size(); ++t) {
    if (terms[t] == 0) continue;  // contributes 0
    const bool popularity = lens.terms.terms()[t].popularity;
    if (!popularity) out.has_basis = true;
    if (!popularity || options.popularity)
      out.logit += model.slopes()[t] * scaled(terms[t], model.scales()[t]);
  }
  return out;
}

RankedDrug ranked_drug(const Lens& lens, const DrugValues& values, std::uint32_t drug,
                       const RankOptions& options) {
  const auto& model = lens.part->model;
  RankedDrug out;
  out.drug = drug;
  out.values.assign(lens.answer_lines(), 0.0);
  out.contributions.assign(lens.answer_lines(), 0.0);
  out.logit = model.intercept();
  std::vector<double> terms(lens.terms.size());
  if (lens.terms.values(values.counts, values.places, terms.data()))
    for (std::size_t t = 0; t < terms.size(); ++t) {
      const auto& term = lens.terms.terms()[t];
      const std::size_t line = lens.line_of(t);
      if (term.is_count || term.line == EvidenceTerms::no_line) out.values[line] = terms[t];
      if (!term.popularity && terms[t] > 0) out.has_basis = true;
      if (!term.popularity || options.popularity)
        out.contributions[line] += model.slopes()[t] * scaled(terms[t], model.scales()[t]);
    }
  for (const double contribution : out.contributions) out.logit += contribution;
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

/// What everything about one question needs.
struct Asked {
  DiseaseProfile profile;
  Lens lens;
  Ranking lines;
  RealMatrix counts, places;  ///< drugs x features
  Bipartite treats;           ///< for paths

  Asked(const RankingModel& model, const KnowledgeGraph& graph, DiseaseProfile question, bool with_paths)
      : profile(std::move(question)),
        lens(lens_of(model, graph, profile)),
        lines(lines_of(lens)),
        counts(graph.features().values(profile)),
        places(graph.features().places(counts)) {
    if (with_paths) treats = graph.features().treatments(profile);
  }
  DrugValues row(std::uint32_t drug) const {
    return {counts.values.data() + drug * counts.columns, places.values.data() + drug * places.columns};
  }
};

Ranking rank(const RankingModel& model, const KnowledgeGraph& graph, const DiseaseProfile& profile,
             const RankOptions& options) {
  Asked asked(model, graph, profile, false);
  Ranking ranking = std::move(asked.lines);
  ranking.drugs.reserve(asked.counts.rows);
  for (std::uint32_t drug = 0; drug < asked.counts.rows; ++drug)
    ranking.drugs.push_back(ranked_drug(asked.lens, asked.row(drug), drug, options));
  order(ranking);
  return ranking;
}

std::vector<Evidence> explained(const KnowledgeGraph& graph, const Asked& asked, std::uint32_t drug,
                                const RankOptions& options, const PathOptions& paths) {
  const auto row = ranked_drug(asked.lens, asked.row(drug), drug, options);
  const std::size_t main = main_line(asked.lines, row);
  std::vector<Evidence> lines;
  for (std::size_t l = 0; l < row.values.size(); ++l) {
    if (row.contributions[l] == 0) continue;
    Evidence evidence{l, row.values[l], row.contributions[l], {}};
    const bool followed = l < asked.lens.terms.lines().size() && (!paths.main_line_only || l == main);
    const std::size_t feature = followed ? asked.lens.terms.lines()[l] : 0;
    for (const auto& walked : graph.features().paths(asked.profile, asked.treats, drug, feature,
                                                     row.values[l], followed ? paths.per_line : 0)) {
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
  std::vector<double> terms(question.lens.terms.size());
  for (std::uint32_t drug = 0; drug < question.counts.rows; ++drug) {
    const auto scored = scored_drug(question.lens, question.row(drug), options, terms);
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
