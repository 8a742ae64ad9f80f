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
  struct Weight {
    double slope, scale;
    bool popularity;
  };
  const CalibratedModel* part = nullptr;
  EvidenceTerms terms;
  std::vector<Weight> weights;  ///< per term
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
  Lens lens{&part, terms_of_model(graph.features(), part.model.features()), {}};
  for (std::size_t t = 0; t < lens.terms.size(); ++t)
    lens.weights.push_back(
        {part.model.slopes()[t], part.model.scales()[t], lens.terms.terms()[t].popularity});
  return lens;
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

struct ScoredDrug {
  double logit = 0;
  bool has_basis = false;
};

/// The logit alone; equal to that of ranked_drug. `terms` is room to work in.
ScoredDrug scored_drug(const Lens& lens, const PlacedCounts::Row& drug, const RankOptions& options,
                       std::vector<EvidenceTerms::Value>& terms) {
  ScoredDrug out{lens.part->model.intercept(), false};
  lens.terms.values(drug, terms);
  for (const auto& [term, value] : terms) {
    const auto& weight = lens.weights[term];
    if (!weight.popularity) out.has_basis = true;
    if (!weight.popularity || options.popularity) out.logit += weight.slope * scaled(value, weight.scale);
  }
  return out;
}

RankedDrug ranked_drug(const Lens& lens, const PlacedCounts::Row& values, std::uint32_t drug,
                       const RankOptions& options) {
  RankedDrug out;
  out.drug = drug;
  out.values.assign(lens.answer_lines(), 0.0);
  out.contributions.assign(lens.answer_lines(), 0.0);
  out.logit = lens.part->model.intercept();
  std::vector<EvidenceTerms::Value> terms;
  lens.terms.values(values, terms);
  for (const auto& [t, value] : terms) {
    const auto& term = lens.terms.terms()[t];
    const auto& weight = lens.weights[t];
    const std::size_t line = lens.line_of(t);
    if (term.is_count || term.line == EvidenceTerms::no_line) out.values[line] = value;
    if (!weight.popularity) out.has_basis = true;
    if (!weight.popularity || options.popularity)
      out.contributions[line] += weight.slope * scaled(value, weight.scale);
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

}  // namespace

struct RankingQuestion::Numbers {
  const KnowledgeGraph& graph;
  RankOptions options;
  DiseaseProfile profile;
  Lens lens;
  PlacedCounts values;

  Numbers(const RankingModel& model, const KnowledgeGraph& asked_graph, DiseaseProfile question,
          const RealMatrix& counts, const RankOptions& asked_options)
      : graph(asked_graph),
        options(asked_options),
        profile(std::move(question)),
        lens(lens_of(model, graph, profile)),
        values(graph.features().placed(counts)) {}
  RankedDrug ranked(std::uint32_t drug) const { return ranked_drug(lens, values.row(drug), drug, options); }
  std::vector<Evidence> explained(const Ranking& lines, const Bipartite& treats, std::uint32_t drug,
                                  const PathOptions& paths) const;
};

std::vector<Evidence> RankingQuestion::Numbers::explained(const Ranking& lines, const Bipartite& treats,
                                                          std::uint32_t drug,
                                                          const PathOptions& paths) const {
  const auto of_drug = ranked(drug);
  const std::size_t main = main_line(lines, of_drug);
  std::vector<Evidence> out;
  for (std::size_t l = 0; l < of_drug.values.size(); ++l) {
    if (of_drug.contributions[l] == 0) continue;
    Evidence evidence{l, of_drug.values[l], of_drug.contributions[l], {}};
    const bool followed = l < lens.terms.lines().size() && (!paths.main_line_only || l == main);
    const std::size_t feature = followed ? lens.terms.lines()[l] : 0;
    for (const auto& walked : graph.features().paths(profile, treats, drug, feature, of_drug.values[l],
                                                     followed ? paths.per_line : 0)) {
      auto path = graph.path(walked, profile.disease);
      if (!path.nodes.empty()) evidence.paths.push_back(std::move(path));
    }
    out.push_back(std::move(evidence));
  }
  std::stable_sort(out.begin(), out.end(), [](const Evidence& a, const Evidence& b) {
    return std::abs(a.contribution) > std::abs(b.contribution);
  });
  return out;
}

std::unique_ptr<const RankingQuestion::Numbers> RankingQuestion::numbers_of(const RankingModel& model,
                                                                            const KnowledgeGraph& graph,
                                                                            DiseaseProfile profile,
                                                                            const RankOptions& options) {
  const auto counts = graph.features().values(profile);
  return std::make_unique<const Numbers>(model, graph, std::move(profile), counts, options);
}

RankingQuestion::RankingQuestion(const RankingModel& model, const KnowledgeGraph& graph,
                                 std::uint32_t disease, const RankOptions& options)
    : RankingQuestion(numbers_of(model, graph, asked(graph, disease, options), options)) {}
RankingQuestion::RankingQuestion(const RankingModel& model, const KnowledgeGraph& graph,
                                 const GeneProfile& profile, const RankOptions& options)
    : RankingQuestion(numbers_of(model, graph, asked(graph, profile), options)) {}
RankingQuestion::RankingQuestion(std::unique_ptr<const Numbers> numbers) : numbers_(std::move(numbers)) {}
RankingQuestion::RankingQuestion(RankingQuestion&&) noexcept = default;
RankingQuestion& RankingQuestion::operator=(RankingQuestion&&) noexcept = default;
RankingQuestion::~RankingQuestion() = default;

Ranking RankingQuestion::ranking() const {
  Ranking ranking = lines_of(numbers_->lens);
  ranking.drugs.resize(numbers_->values.rows());
  tbb::parallel_for(std::size_t{0}, ranking.drugs.size(), [&](std::size_t drug) {
    ranking.drugs[drug] = numbers_->ranked(static_cast<std::uint32_t>(drug));
  });
  order(ranking);
  return ranking;
}

DrugScores RankingQuestion::scores() const {
  DrugScores out;
  const auto& values = numbers_->values;
  out.logits.assign(values.rows(), not_a_number);
  out.probabilities.assign(values.rows(), not_a_number);
  std::vector<EvidenceTerms::Value> terms;
  for (std::size_t drug = 0; drug < values.rows(); ++drug) {
    const auto scored = scored_drug(numbers_->lens, values.row(drug), numbers_->options, terms);
    if (!scored.has_basis) continue;
    out.logits[drug] = scored.logit;
    out.probabilities[drug] = numbers_->lens.part->calibration.probability(scored.logit);
  }
  return out;
}

std::vector<std::vector<Evidence>> RankingQuestion::explained(const std::vector<std::uint32_t>& drugs,
                                                              const PathOptions& paths) const {
  for (const auto drug : drugs)
    if (drug >= numbers_->values.rows())
      throw UsageError(fmt::format("drug {} is not among the {} drugs", drug, numbers_->values.rows()));
  if (drugs.empty()) return {};
  const Ranking lines = lines_of(numbers_->lens);
  const Bipartite treats = numbers_->graph.features().treatments(numbers_->profile);
  std::vector<std::vector<Evidence>> out(drugs.size());
  tbb::parallel_for(std::size_t{0}, drugs.size(),
                    [&](std::size_t i) { out[i] = numbers_->explained(lines, treats, drugs[i], paths); });
  return out;
}

Ranking rank_disease(const RankingModel& model, const KnowledgeGraph& graph, std::uint32_t disease,
                     const RankOptions& options) {
  return RankingQuestion(model, graph, disease, options).ranking();
}

std::vector<DrugScores> score_diseases(const RankingModel& model, const KnowledgeGraph& graph,
                                       const std::vector<std::uint32_t>& diseases,
                                       const RankOptions& options) {
  const std::vector<double> nothing(graph.tables().drugs, not_a_number);
  std::vector<DrugScores> out(diseases.size(), DrugScores{nothing, nothing});
  std::vector<DiseaseProfile> profiles;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < diseases.size(); ++i) {
    auto profile = asked(graph, diseases[i], options);
    if (is_bare(profile)) continue;
    profiles.push_back(std::move(profile));
    places.push_back(i);
  }
  const auto counts = graph.features().values(profiles);
  for (std::size_t i = 0; i < places.size(); ++i) {
    using Numbers = RankingQuestion::Numbers;
    const RankingQuestion question(
        std::make_unique<const Numbers>(model, graph, std::move(profiles[i]), counts[i], options));
    out[places[i]] = question.scores();
  }
  return out;
}

}  // namespace theriac::repurpose
