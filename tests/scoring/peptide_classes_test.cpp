#include "scoring/peptide_classes.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "datasets/durable_file.hpp"
#include "scoring/developability.hpp"
#include "scoring/peptide_training.hpp"
#include "tests/datasets/temporary_folder.hpp"

using namespace theriac;
using namespace theriac::scoring;

namespace {

/// Label 1: the pair KW stands in it somewhere. Composition alone cannot know.
PeptideLearningSet pairs_set() {
  PeptideLearningSet set;
  set.about.name = "kw";
  set.about.direction = Direction::lower_is_better;
  chem::CounterRandom random(1, "pairs", "test");
  for (int i = 0; i < 400; ++i) {
    std::string peptide;
    for (int k = 0; k < 12; ++k) peptide += "ADEFGHILMNPQRSTVY"[random.below(17)];
    const bool positive = i % 2 == 0;
    const auto at = random.below(10);
    peptide[at] = 'K';
    peptide[at + (positive ? 1 : 2)] = 'W';
    set.peptides.push_back(peptide);
    set.labels.push_back(positive);
  }
  return cleaned(set);
}

PeptideTrainingOptions quick() {
  PeptideTrainingOptions options;
  options.trees = 60;
  options.depth = 3;
  return options;
}

}  // namespace

TEST_CASE("a row of features: length and composition first, as many as names") {
  const auto row = peptide_features("AACK");
  REQUIRE(row.size() == peptide_feature_names().size());
  CHECK(row[0] == 4);
  CHECK(row[1] == Approx(0.5));
  CHECK(peptide_feature_names()[baseline_peptide_columns - 1] == "share_Y");
  const auto& names = peptide_feature_names();
  const auto at = static_cast<std::size_t>(std::find(names.begin(), names.end(), "AC") - names.begin());
  CHECK(row[at] == 1);
  CHECK_THROWS_AS(peptide_features("AXA"), InputError);
}

TEST_CASE("copies, other letters and contradictions leave a set") {
  PeptideLearningSet set;
  set.peptides = {"AAK", "AAK", "GGX", "CCC", "CCC", "WYF"};
  set.labels = {1, 1, 0, 0, 1, 0};
  const auto kept = cleaned(set);
  CHECK(kept.peptides == std::vector<std::string>{"AAK", "WYF"});
  CHECK(kept.left_out == 4);
}

TEST_CASE("relatives form a family, short peptides do not chain strangers") {
  const auto families = peptide_families(
      {"GIGKFLHSAKKFGKAF", "GIGKFLHSAKKFGKAW", "GIGKF", "WWWCCCDDDEEE", "KFL", "GIGKFLHSAKKFGKAF"});
  CHECK(families[0] == families[1]);
  CHECK(families[0] == families[5]);
  CHECK(families[2] != families[0]);
  CHECK(families[3] != families[0]);
  CHECK(families[4] != families[0]);
}

TEST_CASE("trees on pairs learn what composition cannot, and say so calibrated") {
  const auto set = pairs_set();
  const auto bins = bins_of({set});
  const auto judged = cross_validated(set, bins, quick());
  CHECK(judged.auroc.value > 0.9);
  CHECK(judged.baseline_auroc.value < 0.65);
  CHECK(judged.calibration_error < 0.2);
  PeptideClasses model(bins);
  model.add(trained_class(set, bins, judged, quick()));
  CHECK(model.predict("ADEKWGHILMNP")[0].probability > 0.7);
  CHECK(model.predict("ADEKGWHILMNP")[0].probability < 0.3);
  CHECK(model.predict("ADEKWGHILMNP")[0].domain != Domain::out);
  CHECK(model.predict(std::string(90, 'K'))[0].domain == Domain::out);

  const TemporaryFolder folder;
  model.write(folder / "classes.safetensors", "a test", "2026-01-01");
  const auto same = PeptideClasses::read(folder / "classes.safetensors");
  CHECK(same.classes()[0].auroc.value == Approx(judged.auroc.value));
  CHECK(same.predict("ADEKWGHILMNP")[0].probability ==
        Approx(model.predict("ADEKWGHILMNP")[0].probability).margin(0.01));  // leaves are kept as float16
  auto bytes = datasets::read_file(folder / "classes.safetensors");
  bytes.resize(bytes.size() / 2);
  datasets::DurableFile cut(folder / "cut.safetensors");
  cut.write(bytes);
  cut.publish();
  CHECK_THROWS_AS(PeptideClasses::read(folder / "cut.safetensors"), ModelError);
}

TEST_CASE("too few peptides and sets without the authors' split are refused") {
  auto set = pairs_set();
  const auto bins = bins_of({set});
  CHECK_THROWS_AS(on_authors_split(set, bins, quick()), UsageError);
  set.peptides.resize(20);
  set.labels.resize(20);
  CHECK_THROWS_AS(trained_class(set, bins, {}, quick()), UsageError);
}

TEST_CASE("the record of a peptide counts what speaks against it") {
  PeptideClasses none{PeptideBins(std::vector<std::vector<float>>{})};
  const auto d = developability("QKNGTWDPLMC", none);
  CHECK(d.warnings == 7 + 0 + 2);  // liabilities, stretches, N-terminal glutamine and few charges
  CHECK(d.liabilities.find("deamidation@3") != std::string::npos);
  CHECK(developability("EKWDRTK", none).warnings == 2);  // oxidation, pyroglutamate
}
