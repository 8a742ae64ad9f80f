#include "repurpose/known_use.hpp"

#include <catch2/catch.hpp>

#include "repurpose/derived_score.hpp"
#include "repurpose/effect_direction.hpp"
#include "repurpose/objection.hpp"
#include "tests/repurpose/small_store.hpp"

using namespace theriac;
using repurpose::UseStatus;

TEST_CASE("a disease holds its sub-terms, not its parents") {
  const tests::SmallStore small;
  CHECK(repurpose::with_sub_terms(small.store, small.disease("DOID:848")).size() == 3);
  CHECK(repurpose::with_sub_terms(small.store, small.disease("DOID:7148")).size() == 2);
  CHECK(repurpose::with_sub_terms(small.store, small.disease("DOID:676")) ==
        std::vector<std::uint32_t>{small.disease("DOID:676")});
}

TEST_CASE("uses in sub-terms count, and what matters most leads") {
  const tests::SmallStore small;
  const auto& store = small.store;
  const auto uses = repurpose::known_uses(store, repurpose::with_sub_terms(store, small.disease("DOID:848")));
  REQUIRE(uses.size() == 3);
  const auto tofacitinib = repurpose::uses_of(uses, small.drug("DB08895"));
  REQUIRE(tofacitinib.size() == 2);
  CHECK(repurpose::leading_status(tofacitinib) == UseStatus::indicated);
  CHECK(repurpose::leading_status(repurpose::uses_of(uses, small.drug("DB11817"))) == UseStatus::in_trial);
  CHECK(repurpose::leading_status(repurpose::uses_of(uses, small.drug("DB00571"))) == UseStatus::none);
  const auto asthma = repurpose::known_uses(store, {small.disease("DOID:2841")});
  CHECK(repurpose::leading_status(repurpose::uses_of(asthma, small.drug("DB00571"))) ==
        UseStatus::contraindicated);
}

TEST_CASE("uses of a drug in any disease") {
  const tests::SmallStore small;
  const auto uses = repurpose::uses_of_drug(small.store, small.drug("DB08895"));
  REQUIRE(uses.size() == 2);
  CHECK(uses[0].status == UseStatus::indicated);
  CHECK(uses[1].status == UseStatus::failed);
  CHECK(small.store.links(uses[1].kind).note[uses[1].row] == "one arm stopped");
}

TEST_CASE("an antagonist opposes a disease that needs its target raised") {
  const tests::SmallStore small;
  const auto verdict = [&](const char* drug, const char* disease) {
    return repurpose::effect_verdict(
        repurpose::shared_targets(small.store, small.drug(drug), small.disease(disease)));
  };
  using repurpose::EffectVerdict;
  CHECK(verdict("DB08895", "DOID:7148") == EffectVerdict::agrees);
  CHECK(verdict("DB00571", "DOID:2841") == EffectVerdict::opposes);
  CHECK(verdict("DB01001", "DOID:2841") == EffectVerdict::agrees);
  CHECK(verdict("DB01001", "DOID:7148") == EffectVerdict::unknown);
}

TEST_CASE("what speaks against a drug is listed, one entry a kind, whatever else is on record") {
  using repurpose::ObjectionKind;
  const tests::SmallStore small;
  const auto use = [](UseStatus status) {
    repurpose::KnownUse out;
    out.status = status;
    return out;
  };
  const auto shared = [](std::uint32_t target, int drug, int needed) {
    repurpose::SharedTarget out;
    out.target = target;
    out.drug_direction = drug;
    out.needed_direction = needed;
    return out;
  };
  CHECK(repurpose::objections({use(UseStatus::indicated)}, {shared(0, -1, -1), shared(1, 0, 1)}, false)
            .empty());
  const auto found =
      repurpose::objections({use(UseStatus::indicated), use(UseStatus::failed), use(UseStatus::failed)},
                            {shared(1, 1, -1), shared(0, -1, -1), shared(1, 1, -1)}, true);
  REQUIRE(found.size() == 3);
  CHECK(found[0].kind == ObjectionKind::failed_trial);
  CHECK(repurpose::objection_words(small.store, found[0]) == "2 trials failed or stopped");
  CHECK(found[1].kind == ObjectionKind::wrong_direction);
  CHECK(found[1].targets == std::vector<std::uint32_t>{1});
  CHECK(repurpose::objection_words(small.store, found[1]) ==
        "wrong direction at " + std::string(small.store.entities(datasets::EntityKind::target).name[1]));
  CHECK(repurpose::objection_words(small.store, found[2]) == "withdrawn from a market");
}

TEST_CASE("no computed scores in the store, none shown") {
  const tests::SmallStore small;
  CHECK(repurpose::derived_scores(small.store, 0, {0, 1, 2}).empty());
  CHECK(!repurpose::targets_of_disease(small.store, small.disease("DOID:7148")).empty());
}
