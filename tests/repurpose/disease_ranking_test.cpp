#include "repurpose/disease_ranking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <set>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "datasets/model_file_writer.hpp"
#include "datasets/store_builder.hpp"
#include "repurpose/ranking_training.hpp"
#include "tests/datasets/temporary_folder.hpp"

using namespace theriac;
using namespace theriac::repurpose;
using datasets::EntityKind;
using datasets::LinkKind;

namespace {

constexpr std::uint32_t drugs = 40, targets = 30, diseases = 12, pathways = 6;

/// A store in which drugs treat the diseases whose genes they bind, most of the time.
class DrawnStore {
 public:
  DrawnStore() : store(datasets::Store::open(write())) {}

 private:
  std::string write() {
    for (std::uint32_t i = 0; i < drugs; ++i) add(EntityKind::drug, fmt::format("DB{:05}", i + 1));
    for (std::uint32_t i = 0; i < targets; ++i) add(EntityKind::target, std::to_string(i + 1));
    for (std::uint32_t i = 0; i <= diseases; ++i) add(EntityKind::disease, fmt::format("DOID:{}", i + 1));
    for (std::uint32_t i = 0; i < pathways; ++i) add(EntityKind::pathway, fmt::format("PC7_{}", i + 1));
    source_ = builder_.add_source(
        {"Hetionet v1.0, drawn", "2026", "CC0 1.0", datasets::LicenceClass::permissive, "", "", ""});
    draw(LinkKind::binds, drugs, targets, 0.1, true);
    draw(LinkKind::takes_part, targets, pathways, 0.2, false);
    draw(LinkKind::associated, diseases, targets, 0.15, false);
    draw(LinkKind::resembles_disease, diseases, diseases, 0.15, false);
    for (const auto& [drug, target] : bound_)
      for (const auto& [disease, gene] : linked_)
        if (target == gene && random_.uniform() < 0.5) link(LinkKind::treats, drug, disease);
    const std::string path = folder_ / "drawn.h5";
    builder_.write(path, "2026");
    return path;
  }

  void add(EntityKind kind, const std::string& id) {
    datasets::EntityFacts facts;
    facts.kind = kind;
    facts.id = facts.name = id;
    builder_.add_entity(facts);
  }

  void link(LinkKind kind, std::uint32_t from, std::uint32_t to, int direction = 0) {
    datasets::LinkFacts facts;
    facts.kind = kind;
    facts.from = from;
    facts.to = to;
    facts.source = source_;
    facts.direction = direction;
    builder_.add_link(facts);
  }

  void draw(LinkKind kind, std::uint32_t rows, std::uint32_t columns, double density, bool directed) {
    for (std::uint32_t i = 0; i < rows; ++i)
      for (std::uint32_t j = 0; j < columns; ++j) {
        if (random_.uniform() >= density || (rows == columns && i >= j)) continue;
        link(kind, i, j, directed ? -1 : 0);
        if (kind == LinkKind::binds) bound_.insert({i, j});
        if (kind == LinkKind::associated) linked_.insert({i, j});
      }
  }

  TemporaryFolder folder_;
  datasets::StoreBuilder builder_;
  chem::CounterRandom random_{4, "store", "test"};
  std::set<std::pair<std::uint32_t, std::uint32_t>> bound_, linked_;
  std::uint16_t source_ = 0;

 public:
  datasets::Store store;
};

}  // namespace

TEST_CASE("contributions and intercept sum to the logit on every pair") {
  const DrawnStore drawn;
  const KnowledgeGraph graph(drawn.store);
  const auto set = learning_set(graph.tables(), covered_drugs(drawn.store, "Hetionet"));
  const RankingModel model = train_ranking(graph.features(), set);
  std::size_t pairs = 0, with_basis = 0;
  for (std::uint32_t disease = 0; disease <= diseases; ++disease)
    for (const bool popularity : {true, false}) {
      RankOptions options;
      options.popularity = popularity;
      const auto ranking = rank_disease(model, graph, disease, options);
      REQUIRE(ranking.drugs.size() == drugs);
      for (const auto& drug : ranking.drugs) {
        double sum = ranking.intercept;
        for (std::size_t l = 0; l < ranking.lines.size(); ++l) {
          sum += drug.contributions[l];
          if (ranking.lines[l].popularity && !popularity) CHECK(drug.contributions[l] == 0);
        }
        CHECK(std::abs(sum - drug.logit) < 1e-9);
        CHECK(std::isnan(drug.probability) == !drug.has_basis);
        with_basis += drug.has_basis;
        ++pairs;
      }
      for (std::size_t i = 1; i < ranking.drugs.size(); ++i)
        if (ranking.drugs[i].has_basis) {
          CHECK(ranking.drugs[i - 1].logit >= ranking.drugs[i].logit);
          CHECK(ranking.drugs[i - 1].probability >= ranking.drugs[i].probability);
        }
    }
  CHECK(pairs == 2 * drugs * (diseases + 1));
  CHECK(with_basis > pairs / 4);
  const auto bare = drawn.store.find(EntityKind::disease, "DOID:13");  // nothing is known of it
  CHECK(!rank_disease(model, graph, static_cast<std::uint32_t>(bare)).drugs.front().has_basis);
}

TEST_CASE("scores of several diseases at once are those of their rankings") {
  const DrawnStore drawn;
  const KnowledgeGraph graph(drawn.store);
  const auto set = learning_set(graph.tables(), covered_drugs(drawn.store, "Hetionet"));
  const RankingModel model = train_ranking(graph.features(), set);
  std::vector<std::uint32_t> all(graph.tables().diseases);
  std::iota(all.begin(), all.end(), 0U);
  std::vector<DiseaseProfile> profiles;
  for (const auto disease : all) profiles.push_back(profile_of_disease(graph.tables(), disease));
  const auto together = graph.features().values(profiles);
  const auto scores = score_diseases(model, graph, all, {});
  REQUIRE(scores.size() == all.size());
  std::size_t with_basis = 0;
  for (const auto disease : all) {
    CHECK(together[disease].values == graph.features().values(profiles[disease]).values);
    for (const auto& drug : rank_disease(model, graph, disease).drugs) {
      const double logit = scores[disease].logits[drug.drug];
      REQUIRE(std::isnan(logit) == !drug.has_basis);
      if (!drug.has_basis) continue;
      CHECK(logit == Approx(drug.logit).epsilon(1e-12));
      ++with_basis;
    }
  }
  CHECK(with_basis > all.size());
}

TEST_CASE("explanations repeat the contributions of the ranking, and paths lead to the disease") {
  const DrawnStore drawn;
  const KnowledgeGraph graph(drawn.store);
  const RankingModel model =
      train_ranking(graph.features(), learning_set(graph.tables(), covered_drugs(drawn.store, "Hetionet")));
  const RankingQuestion question(model, graph, 1);
  const auto ranking = question.ranking();
  const auto& best = ranking.drugs.front();
  const auto explained = question.explained({best.drug}).front();
  REQUIRE(!explained.empty());
  double sum = ranking.intercept;
  for (const auto& evidence : explained) {
    CHECK(evidence.contribution == best.contributions[evidence.line]);
    sum += evidence.contribution;
    for (const auto& path : evidence.paths) {
      REQUIRE(path.nodes.size() == path.links.size() + 1);
      CHECK(path.nodes.front().kind == EntityKind::drug);
      CHECK(path.nodes.front().entity == best.drug);
      for (std::size_t i = 0; i < path.links.size(); ++i) {
        if (!path.links[i].words.empty()) continue;
        const auto& table = drawn.store.links(path.links[i].kind);
        const std::set<std::uint32_t> ends = {table.from[path.links[i].row], table.to[path.links[i].row]};
        CHECK(ends.count(path.nodes[i].entity) == 1);
        CHECK(ends.count(path.nodes[i + 1].entity) == 1);
      }
    }
  }
  CHECK(sum == Approx(best.logit).epsilon(1e-12));
}

TEST_CASE("a disease is ranked as if its treatments were unknown, on request") {
  const DrawnStore drawn;
  const KnowledgeGraph graph(drawn.store);
  const RankingModel model =
      train_ranking(graph.features(), learning_set(graph.tables(), covered_drugs(drawn.store, "Hetionet")));
  RankOptions blind;
  blind.without_all = true;
  const auto ranking = rank_disease(model, graph, 1, blind);
  CHECK(ranking.intercept == model.untreated.model.intercept());
  CHECK(rank_disease(model, graph, 1).intercept == model.treated.model.intercept());
  for (const auto& line : ranking.lines) CHECK(line.name.back() != 't');  // CbGbCt looks at treatments
  CHECK_THROWS_AS(rank_disease(model, graph, diseases + 1), UsageError);
}

TEST_CASE("weights are the same after a round through a file, and files of other kinds are refused") {
  const DrawnStore drawn;
  const KnowledgeGraph graph(drawn.store);
  RankingModel model =
      train_ranking(graph.features(), learning_set(graph.tables(), covered_drugs(drawn.store, "Hetionet")));
  model.name = "drawn";
  model.licence = "CC0 1.0";
  const auto again = RankingModel::from_file(datasets::ModelFile::from_bytes(model.bytes(), "drawn"));
  CHECK(again.name == "drawn");
  CHECK(again.bytes() == model.bytes());
  CHECK(again.treated.model.slopes() == model.treated.model.slopes());
  const auto one = rank_disease(model, graph, 3), other = rank_disease(again, graph, 3);
  for (std::size_t i = 0; i < one.drugs.size(); ++i) CHECK(one.drugs[i].logit == other.drugs[i].logit);
  datasets::ModelFileWriter foreign;
  foreign.set("architecture", "molecule generator");
  CHECK_THROWS_WITH(RankingModel::from_file(datasets::ModelFile::from_bytes(foreign.bytes(), "generator")),
                    Catch::Contains("holds no weights for repurposing"));
}

TEST_CASE("training twice gives the same bytes") {
  const DrawnStore drawn;
  const KnowledgeGraph graph(drawn.store);
  const auto set = learning_set(graph.tables(), covered_drugs(drawn.store, "Hetionet"));
  CHECK(train_ranking(graph.features(), set).bytes() == train_ranking(graph.features(), set).bytes());
}

TEST_CASE("learning finds the evidence by which the treatments were drawn") {
  const DrawnStore drawn;
  const KnowledgeGraph graph(drawn.store);
  const auto set = learning_set(graph.tables(), covered_drugs(drawn.store, "Hetionet"));
  CHECK(set.drugs.size() <= drugs);
  CHECK(set.diseases.size() > 6);
  const RankingModel model = train_ranking(graph.features(), set);
  const auto slope = [&](const char* term) {
    const auto& names = model.untreated.model.features();
    const auto at = std::find(names.begin(), names.end(), term) - names.begin();
    return model.untreated.model.slopes().at(static_cast<std::size_t>(at));
  };
  CHECK(slope("CbGaD") > 0.2);  // what the line tells is shared by its count and its place
  CHECK(slope("place CbGaD") > 0.2);
  CHECK(model.prevalence() > 0);
  CHECK(model.prevalence() < 0.3);
}
