#include "repurpose/entity_name.hpp"

#include <catch2/catch.hpp>

#include "chem/error.hpp"
#include "tests/repurpose/small_store.hpp"

using namespace theriac;
using datasets::EntityKind;
using repurpose::find_entity;

namespace {

template <class Action>
std::pair<std::string, std::string> refusal(const Action& action) {
  try {
    action();
  } catch (const InputError& error) {
    return {error.what(), error.hint()};
  }
  return {"nothing was thrown", ""};
}

}  // namespace

TEST_CASE("entities are found by id, name, synonym and any spelling of case and blanks") {
  const tests::SmallStore small;
  for (const char* asked : {"DOID:7148", "rheumatoid arthritis", "Rheumatoid  Arthritis", "ra", " RA "}) {
    INFO(asked);
    CHECK(find_entity(small.store, EntityKind::disease, asked).id == "DOID:7148");
  }
  CHECK(find_entity(small.store, EntityKind::drug, "xeljanz").name == "Tofacitinib");
  CHECK(find_entity(small.store, EntityKind::target, "P23458").name == "JAK1");
}

TEST_CASE("the kind asked for decides whether a synonym means a drug or a gene") {
  const tests::SmallStore small;
  CHECK(find_entity(small.store, EntityKind::drug, "beta agonist").name == "Salbutamol");
  CHECK(find_entity(small.store, EntityKind::target, "beta agonist").name == "ADRB2");
}

TEST_CASE("an ambiguous name lists what it may mean instead of guessing") {
  const tests::SmallStore small;
  const auto [what, hint] =
      refusal([&] { find_entity(small.store, EntityKind::disease, "rheumatic joint disease"); });
  CHECK(what ==
        "'rheumatic joint disease' may mean 2 entries: juvenile rheumatoid arthritis (DOID:676), rheumatoid "
        "arthritis (DOID:7148)");
  CHECK(hint == "ask by the id");
}

TEST_CASE("a name that stands first of one entity wins over a synonym of another") {
  const tests::SmallStore small;
  CHECK(find_entity(small.store, EntityKind::disease, "arthritis").id == "DOID:848");
}

TEST_CASE("unknown names bring near ones: by words first, then by spelling") {
  const tests::SmallStore small;
  auto [what, hint] = refusal([&] { find_entity(small.store, EntityKind::disease, "joints"); });
  CHECK(hint == "did you mean 'arthritis' (DOID:848)?");
  CHECK(what.find("no disease is called 'joints' in '") == 0);
  hint = refusal([&] { find_entity(small.store, EntityKind::disease, "astma"); }).second;
  CHECK(hint == "did you mean 'asthma' (DOID:2841)?");
  hint = refusal([&] { find_entity(small.store, EntityKind::disease, "zzzzzzzz"); }).second;
  CHECK(hint.find("theriac store info") == 0);
  hint = refusal([&] { find_entity(small.store, EntityKind::disease, ""); }).second;
  CHECK(hint.find("theriac store info") == 0);
}
