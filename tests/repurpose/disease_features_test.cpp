#include "repurpose/disease_features.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "repurpose/evidence_terms.hpp"
#include "repurpose/thinned_profile.hpp"

using namespace theriac;
using namespace theriac::repurpose;

namespace {

std::vector<Link> drawn(std::size_t rows, std::size_t columns, double density, const char* name) {
  chem::CounterRandom random(11, name, "graph");
  std::vector<Link> links;
  for (std::uint32_t i = 0; i < rows; ++i)
    for (std::uint32_t j = 0; j < columns; ++j)
      if (random.uniform() < density) links.push_back({i, j});
  return links;
}

constexpr std::size_t drugs = 14, targets = 20, diseases = 7;

std::vector<Link> without(std::int64_t disease, std::vector<Link> links) {
  links.erase(std::remove_if(links.begin(), links.end(),
                             [&](const Link& link) { return link.row == disease || link.column == disease; }),
              links.end());
  return links;
}

/// Nothing but treatments is known of the disease `bare`.
GraphTables small_graph(std::int64_t bare = -1) {
  GraphTables graph;
  graph.drugs = drugs;
  graph.targets = targets;
  graph.diseases = diseases;
  const auto table = [](std::size_t rows, std::size_t columns, double density, const char* name) {
    return Bipartite(rows, columns, drawn(rows, columns, density, name));
  };
  graph.atc_groups = {"C09", "C09A", "L04"};
  graph.binds = table(drugs, targets, 0.15, "binds");
  graph.acts_on = table(drugs, targets, 0.1, "acts");
  graph.raises = table(drugs, targets, 0.1, "raises");
  graph.lowers = table(drugs, targets, 0.1, "lowers");
  graph.member_of = table(drugs, 4, 0.3, "class");
  graph.coded = table(drugs, 3, 0.3, "atc");
  graph.causes = table(drugs, 6, 0.3, "causes");
  graph.resembles = Bipartite::symmetric(drugs, drawn(drugs, drugs, 0.1, "resembles"));
  graph.interacts = Bipartite::symmetric(targets, drawn(targets, targets, 0.1, "interacts"));
  graph.takes_part = table(targets, 5, 0.3, "pathways");
  graph.process_of = table(targets, 5, 0.3, "processes");
  graph.raised_in = table(4, targets, 0.3, "anatomy");
  const auto of_diseases = [&](std::size_t columns, double density, const char* name) {
    auto links = drawn(diseases, columns, density, name);
    links.erase(
        std::remove_if(links.begin(), links.end(), [&](const Link& link) { return link.row == bare; }),
        links.end());
    return Bipartite(diseases, columns, std::move(links));
  };
  graph.associated = of_diseases(targets, 0.3, "genes");
  graph.raised = of_diseases(targets, 0.2, "up");
  graph.lowered = of_diseases(targets, 0.2, "down");
  graph.localizes = of_diseases(4, 0.5, "organs");
  graph.similar = Bipartite::symmetric(diseases, without(bare, drawn(diseases, diseases, 0.3, "similar")));
  graph.comentioned =
      Bipartite::symmetric(diseases, without(bare, drawn(diseases, diseases, 0.5, "mentions")), 0.0);
  graph.treatments = drawn(drugs, diseases, 0.25, "treats");
  graph.complete();
  return graph;
}

}  // namespace

TEST_CASE("the paths of every evidence line sum to its value") {
  const auto graph = small_graph();
  const DiseaseFeatures features(graph);
  std::vector<int> seen(features.features().size(), 0);
  for (std::uint32_t disease = 0; disease < diseases; ++disease) {
    const auto profile = profile_of_disease(graph, disease);
    const auto values = features.values(profile);
    for (std::uint32_t drug = 0; drug < drugs; ++drug)
      for (std::size_t f = 0; f < features.features().size(); ++f) {
        const auto paths =
            features.paths(profile, features.treatments(profile), drug, f, values(drug, f), 100000);
        if (paths.empty()) continue;
        double weight = 0, share = 0;
        for (const auto& path : paths) {
          weight += path.weight;
          share += path.share;
          REQUIRE(path.nodes.size() == path.hops.size());
          CHECK(path.nodes.front() == drug);
        }
        INFO(features.features()[f].name);
        CHECK(weight == Approx(values(drug, f)).epsilon(1e-9));
        CHECK(share == Approx(1).epsilon(1e-9));
        ++seen[f];
      }
  }
  for (std::size_t f = 0; f < seen.size(); ++f) {
    INFO(features.features()[f].name);
    const bool of_the_drug_alone = features.features()[f].name == "popularity";
    CHECK((seen[f] > 0) == !of_the_drug_alone);
  }
}

TEST_CASE("no evidence line of an untreated disease looks at its treatments") {
  auto graph = small_graph();
  const DiseaseFeatures features(graph);
  const auto before = features.values(profile_of_disease(graph, 2));
  auto changed = graph;
  for (std::uint32_t drug = 0; drug < drugs; ++drug) changed.treatments.push_back({drug, 2});
  const DiseaseFeatures features_after(changed);
  const auto after = features_after.values(profile_of_disease(changed, 2));
  for (std::size_t f = 0; f < features.features().size(); ++f)
    if (features.features()[f].family != FeatureFamily::treated)
      for (std::uint32_t drug = 0; drug < drugs; ++drug) CHECK(before(drug, f) == after(drug, f));
}

TEST_CASE("no evidence line of a pair looks at the link of that pair") {
  auto graph = small_graph();
  const DiseaseFeatures features(graph);
  const auto profile = profile_of_disease(graph, 1);
  const auto with = features.values(profile);
  std::size_t pairs = 0;
  for (std::size_t i = 0; i < graph.treatments.size(); ++i) {
    if (graph.treatments[i].column != 1) continue;
    auto without = graph;
    const auto drug = graph.treatments[i].row;
    without.treatments.erase(without.treatments.begin() + static_cast<std::ptrdiff_t>(i));
    const DiseaseFeatures others(without);
    const auto values = others.values(profile_of_disease(without, 1));
    for (std::size_t f = 0; f < with.columns; ++f)
      CHECK(values(drug, f) == Approx(with(drug, f)).epsilon(1e-12).margin(1e-14));
    ++pairs;
  }
  CHECK(pairs > 1);
}

TEST_CASE("the genes of a disease, given as a list, ask nearly the same question") {
  const auto graph = small_graph();
  const DiseaseFeatures features(graph);
  std::vector<WeightedGene> genes;
  for (const auto& gene : graph.associated.of_row(3)) genes.push_back({gene.node, 2.5});
  const auto of_list = features.values(profile_of_genes(graph, genes));
  const auto of_disease = features.values(profile_of_disease(graph, 3));
  const auto binds = features.feature("CbGaD");
  for (std::uint32_t drug = 0; drug < drugs; ++drug)  // one more disease per gene in the damping
    CHECK(of_list(drug, binds) == Approx(of_disease(drug, binds)).epsilon(0.35));
  CHECK_THROWS_WITH(profile_of_genes(graph, {}), "the list of genes is empty");
  CHECK_THROWS_AS(profile_of_genes(graph, {{99, 1.0}}), UsageError);
  CHECK_THROWS_WITH(features.feature("CbGaF"), Catch::Contains("did you mean"));
}

TEST_CASE("treatments of parents and children are hidden with those of a disease") {
  auto graph = small_graph();
  graph.relatives[0] = {0, 4};
  const DiseaseFeatures features(graph);
  const auto before = features.values(profile_of_disease(graph, 0));
  auto changed = graph;
  for (std::uint32_t drug = 0; drug < drugs; ++drug) changed.treatments.push_back({drug, 4});
  const auto after = DiseaseFeatures(changed).values(profile_of_disease(changed, 0));
  const auto popularity = features.feature("popularity");
  for (std::uint32_t drug = 0; drug < drugs; ++drug)
    CHECK(before(drug, popularity) == after(drug, popularity));
}

TEST_CASE("a place is the share of drugs in use that stand as high") {
  const auto graph = small_graph();
  const DiseaseFeatures features(graph);
  const auto counts = features.values(profile_of_disease(graph, 1));
  const auto placed = features.placed(counts);
  const std::size_t popularity = features.feature("popularity");
  for (std::size_t f = 0; f < counts.columns; ++f)
    for (std::uint32_t drug = 0; drug < drugs; ++drug) {
      double in_use = 0, above = 0, ties = 0;
      for (std::uint32_t other = 0; other < drugs; ++other) {
        if (counts(other, popularity) <= 0) continue;
        ++in_use;
        above += counts(other, f) > counts(drug, f);
        ties += counts(other, f) == counts(drug, f);
      }
      const double expected =
          counts(drug, f) > 1e-13 ? -std::log((above + ties / 2 + 0.5) / (in_use + 1)) : 0.0;
      double place = 0;
      for (const auto& entry : placed.row(drug))
        if (entry.line == f) place = entry.place;
      CHECK(place == Approx(expected).epsilon(1e-12));
      CHECK(std::abs(placed.count(drug, f) - counts(drug, f)) < 1e-13);
    }
  const auto some = placed.rows_of({3, 1});
  REQUIRE(some.rows() == 2);
  for (std::size_t f = 0; f < counts.columns; ++f) CHECK(some.count(1, f) == placed.count(1, f));
}

TEST_CASE("agreements are high only where both kinds of evidence are") {
  const auto graph = small_graph();
  const DiseaseFeatures features(graph);
  const auto at = [&](const char* name) { return features.feature(name); };
  const std::vector<std::size_t> lines = {at("CbGaD"), at("CbGiGaD"), at("CtDrD"), at("popularity")};
  const EvidenceTerms terms(features.features(), lines);
  CHECK(terms.names() == std::vector<std::string>{"CbGaD", "CbGiGaD", "CtDrD", "popularity", "place CbGaD",
                                                  "place CbGiGaD", "place CtDrD", "place popularity",
                                                  "targets and similar", "targets and popularity",
                                                  "similar and popularity"});
  std::vector<EvidenceTerms::Value> out(3);
  const auto not_chosen = static_cast<std::uint32_t>(at("CbGpPWpGaD"));
  const PlacedCounts::Entry other{not_chosen, 7, 5};
  terms.values({&other, &other + 1}, out);
  CHECK(out.empty());
  std::vector<PlacedCounts::Entry> entries = {{static_cast<std::uint32_t>(at("CbGaD")), 0.5, 3},
                                              other,
                                              {static_cast<std::uint32_t>(at("CtDrD")), 0.25, 2}};
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
  terms.values({entries.data(), entries.data() + entries.size()}, out);
  std::vector<double> all(terms.size(), 0.0);
  for (const auto& value : out) all[value.term] = value.value;
  CHECK(out.size() == 5);
  CHECK(all == std::vector<double>{0.5, 0, 0.25, 0, 3, 0, 2, 0, 1.5 * 2, 0, 0});
  CHECK(terms.terms()[9].popularity);
  CHECK(!terms.terms()[8].popularity);
  CHECK_THROWS_WITH(terms_of_model(features, {"CbGaD", "CtDrD"}),
                    Catch::Contains("the weights name 2 terms"));
}

TEST_CASE("a disease of which only its place in the hierarchy is known is described by its parents") {
  auto graph = small_graph(6);
  const DiseaseFeatures features(graph);
  CHECK(profile_of_disease(graph, 6).described_by.empty());
  const auto nothing = features.values(profile_of_disease(graph, 6));
  graph.parents[6] = {2, 4};
  CHECK(stand_ins(graph, 6) == std::vector<std::uint32_t>{2, 4});
  CHECK(stand_ins(graph, 2).empty());
  const auto of_parents = profile_of_disease(graph, 6);
  const auto first = profile_of_disease(graph, 2), second = profile_of_disease(graph, 4);
  for (std::size_t gene = 0; gene < targets; ++gene)
    CHECK(of_parents.associated[gene] ==
          Approx((first.associated[gene] + second.associated[gene]) / 2).epsilon(1e-12));
  const auto values = features.values(of_parents);
  double before = 0, after = 0;
  for (std::uint32_t drug = 0; drug < drugs; ++drug) {
    before += nothing(drug, features.feature("CbGaD"));
    after += values(drug, features.feature("CbGaD"));
  }
  CHECK(before == 0);
  CHECK(after > 0);
}

TEST_CASE("a thinned question knows fewer links, and nothing at all of them when all are left out") {
  const auto graph = small_graph();
  const auto whole = profile_of_disease(graph, 2, {5});
  const chem::CounterRandom random(7, "", "thin");
  const auto links = [](const DiseaseProfile& profile) {
    std::size_t count = 0;
    for (const auto* weights : {&profile.associated, &profile.raised, &profile.lowered, &profile.anatomy})
      for (const double weight : *weights) count += weight > 0;
    return count;
  };
  const auto equal = thinned(graph, whole, 0, random);
  CHECK(equal.associated == whole.associated);
  CHECK(equal.likeness.values == whole.likeness.values);
  const auto half = thinned(graph, whole, 0.5, random);
  CHECK(links(half) > 0);
  CHECK(links(half) < links(whole));
  CHECK(half.treated_by == whole.treated_by);
  for (std::size_t k = 0; k < disease_likenesses; ++k) CHECK(half.likeness(5, k) == 0);
  const auto bare = thinned(graph, whole, 1, random);
  CHECK(links(bare) == 0);
  for (std::uint32_t d = 0; d < diseases; ++d)
    for (const auto like : {DiseaseLikeness::similar, DiseaseLikeness::comentioned, DiseaseLikeness::genes,
                            DiseaseLikeness::anatomy})
      CHECK(bare.likeness(d, static_cast<std::size_t>(like)) == 0);
  // as if the graph itself had only these links
  auto fewer = graph;
  std::vector<Link> kept;
  for (std::uint32_t d = 0; d < diseases; ++d)
    for (const auto& gene : graph.associated.of_row(d))
      if (d != 2 || half.associated[gene.node] > 0) kept.push_back({d, gene.node});
  fewer.associated = Bipartite(diseases, targets, kept);
  const auto again = profile_of_disease(fewer, 2, {5});
  for (std::uint32_t g = 0; g < targets; ++g) {  // but for one link less at each gene that is left out
    CHECK((again.associated[g] > 0) == (half.associated[g] > 0));
    CHECK(again.associated[g] == Approx(half.associated[g]).epsilon(1e-12));
  }
  CHECK_THROWS_AS(thinned(graph, whole, 1.5, random), UsageError);
}
