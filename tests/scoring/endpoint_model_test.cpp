// Trained endpoints: what they learn, whether their doubt is true, and their files.
#include "scoring/endpoint_model.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>

#include "chem/counter_random.hpp"
#include "chem/data_file.hpp"
#include "chem/descriptors.hpp"
#include "chem/error.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/model_file_writer.hpp"
#include "scoring/endpoint_set.hpp"
#include "scoring/reliability.hpp"
#include "tests/datasets/temporary_folder.hpp"

using namespace theriac;
using namespace theriac::scoring;

namespace {

/// Starter molecules; their "measured" value is log P with noise, their class whether that is above 2.5.
struct Assay {
  MoleculeLibrary library;
  std::vector<chem::Molecule> molecules;
  MeasuredSet values, classes;

  explicit Assay(std::size_t count) {
    std::ifstream file(std::string(THERIAC_STARTER_MOLECULES));
    std::vector<std::string> smiles;
    for (std::string line; smiles.size() < count && std::getline(file, line);) {
      if (line.empty() || line[0] == '#') continue;
      molecules.push_back(chem::Molecule::from_smiles(line.substr(0, line.find_first_of(" \t"))));
      smiles.push_back(molecules.back().smiles());
    }
    chem::CounterRandom noise(7, "", "assay");
    values.molecules = classes.molecules = library.add(smiles);
    for (std::size_t i = 0; i < molecules.size(); ++i) {
      const double value = chem::crippen_log_p(molecules[i]) + 0.5 * noise.normal();
      values.values.push_back(static_cast<float>(value));
      classes.values.push_back(value > 2.5 ? 1.0f : 0.0f);
      values.folds.push_back(static_cast<int>(i % 5));
    }
    classes.folds = values.folds;
  }

  FeatureBins bins() const {
    std::vector<const chem::MolecularFeatures*> features;
    for (const auto m : values.molecules) features.push_back(&library[m].features);
    return FeatureBins(features);
  }
};

Endpoint endpoint(const char* name, EndpointKind kind) {
  Endpoint e;
  e.name = name;
  e.kind = kind;
  e.metric = kind == EndpointKind::value ? PropertyMetric::mae : PropertyMetric::auroc;
  e.unit = kind == EndpointKind::value ? "log10" : "probability";
  e.direction = Direction::lower_is_better;
  e.meaning = "made up";
  return e;
}

EndpointFitOptions quick() {
  EndpointFitOptions options;
  options.trees = 120;
  options.members = 1;
  return options;
}

std::shared_ptr<const EndpointSet> trained_set(const Assay& assay, OutOfFold* seen = nullptr) {
  const auto bins = assay.bins();
  std::vector<EndpointModel> models;
  models.push_back(EndpointModel::fit(endpoint("lipo", EndpointKind::value), assay.library, bins,
                                      assay.values, quick(), seen));
  models.push_back(EndpointModel::fit(endpoint("greasy", EndpointKind::probability), assay.library, bins,
                                      assay.classes, quick()));
  return std::make_shared<EndpointSet>(bins, std::move(models), assay.library);
}

const Assay& assay() {
  static const Assay made(400);
  return made;
}

}  // namespace

TEST_CASE("an endpoint is learned and its intervals hold what they promise") {
  OutOfFold seen;
  const auto model = EndpointModel::fit(endpoint("lipo", EndpointKind::value), assay().library,
                                        assay().bins(), assay().values, quick(), &seen);
  const auto told = cross_calibrated(model.endpoint, assay().values, seen);
  Values observed, predicted, low, high, mean;
  for (std::size_t i = 0; i < told.size(); ++i) {
    observed.push_back(assay().values.values[i]);
    predicted.push_back(told[i].value);
    low.push_back(told[i].low);
    high.push_back(told[i].high);
  }
  CHECK(property_metric(PropertyMetric::r2, observed, predicted) > 0.6);
  const auto coverage = interval_coverage(observed, low, high);
  CHECK(coverage.low < 0.9);  // Wilson's interval of the share holds 0.9
  CHECK(coverage.high > 0.9);
  CHECK(model.finished(1, 0.2).high - model.finished(1, 0.2).low >=
        model.finished(1, 0.9).high - model.finished(1, 0.9).low);
}

TEST_CASE("probabilities are calibrated") {
  OutOfFold seen;
  const auto model = EndpointModel::fit(endpoint("greasy", EndpointKind::probability), assay().library,
                                        assay().bins(), assay().classes, quick(), &seen);
  const auto told = cross_calibrated(model.endpoint, assay().classes, seen);
  Values observed, predicted;
  for (std::size_t i = 0; i < told.size(); ++i) {
    observed.push_back(assay().classes.values[i]);
    predicted.push_back(told[i].value);
    CHECK(std::isnan(told[i].low));
    CHECK_FALSE(told[i].classes.empty());
  }
  CHECK(property_metric(PropertyMetric::auroc, observed, predicted) > 0.85);
  CHECK(expected_calibration_error(observed, predicted) < calibration_error_by_chance(predicted).high + 0.02);
}

TEST_CASE("what cannot be learned is refused with the reason") {
  const auto bins = assay().bins();
  const auto fit = [&](const MeasuredSet& set) {
    EndpointModel::fit(endpoint("x", EndpointKind::probability), assay().library, bins, set, quick());
  };
  MeasuredSet few = assay().classes;
  few.molecules.resize(29);
  few.values.resize(29);
  few.folds.resize(29);
  CHECK_THROWS_WITH(fit(few), "x has 29 usable rows; a model needs at least 30");
  MeasuredSet one_class = assay().classes;
  std::fill(one_class.values.begin(), one_class.values.end(), 1.0f);
  CHECK_THROWS_WITH(fit(one_class), Catch::Contains("there is nothing to learn"));
  MeasuredSet lame = assay().classes;
  lame.folds.pop_back();
  CHECK_THROWS_AS(fit(lame), UsageError);
}

TEST_CASE("a set predicts the same from its file") {
  TemporaryFolder folder;
  const auto set = trained_set(assay());
  const std::string path = folder / "set.safetensors";
  set->save(path, {{"version", "1"}});
  const auto loaded = std::make_shared<const EndpointSet>(EndpointSet::load(path));
  CHECK(loaded->smiles() == set->smiles());
  const EndpointScorer before(set), after(loaded);
  REQUIRE(after.kinds().size() == 2);
  CHECK(after.kinds()[0]->name == "lipo");
  CHECK(after.kinds()[0]->estimated);
  CHECK(after.kinds()[1]->direction == Direction::lower_is_better);
  const auto a = before.score(assay().molecules), b = after.score(assay().molecules);
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(b[i].scores[0].value == Approx(a[i].scores[0].value).margin(0.01));  // leaves are kept as float16
    CHECK(b[i].scores[1].value == Approx(a[i].scores[1].value).margin(0.01));
    CHECK(b[i].scores[0].neighbour == assay().molecules[i].smiles());  // each was learned from
    CHECK(b[i].scores[0].domain == Domain::in);
    CHECK(b[i].scores[0].low < b[i].scores[0].value);
    CHECK(b[i].scores[0].classes.empty());
    CHECK(b[i].scores[1].classes == a[i].scores[1].classes);
  }
  loaded->save(folder / "again.safetensors", {{"version", "1"}});
  CHECK(datasets::read_file(folder / "again.safetensors") == datasets::read_file(path));
  CHECK_THROWS_WITH(EndpointScorer(loaded, {"lippo"}), Catch::Contains("did you mean 'lipo'?"));
}

TEST_CASE("a row does not depend on the molecules beside it") {
  const EndpointScorer scorer(trained_set(assay()));
  const auto together = scorer.score(assay().molecules);
  for (const std::size_t i : {0, 63, 64, 130}) {
    const auto alone = scorer.score({assay().molecules[i]}).front();
    CHECK(alone.scores[0].value == together[i].scores[0].value);
    CHECK(alone.scores[1].value == together[i].scores[1].value);
  }
}

TEST_CASE("what the model never saw is out of its domain") {
  const EndpointScorer scorer(trained_set(assay()), {"lipo"});
  const auto rows =
      scorer.score({chem::Molecule::from_smiles("[Fe]"), chem::Molecule::from_smiles("F[Si](F)(F)F"),
                    chem::Molecule::from_smiles("OB(O)B(O)O")});
  for (const auto& row : rows) {
    REQUIRE(row.scores.size() == 1);
    CHECK(row.scores[0].domain == Domain::out);
    CHECK(std::isfinite(row.scores[0].value));
    CHECK_FALSE(row.scores[0].neighbour.empty());
  }
}

TEST_CASE("contributions point at the atoms that drive a prediction") {
  const EndpointScorer scorer(trained_set(assay()));
  // greasy chain with a polar head: the carbons raise log P, the acid lowers it
  const auto molecule = chem::Molecule::from_smiles("OC(=O)CCc1ccc(Cl)cc1Cl");
  const auto parts = scorer.atom_contributions(molecule, 0);
  REQUIRE(parts.size() == 13);
  const double acid = parts[0] + parts[2], chlorine = parts[9] + parts[12];
  CHECK(acid < chlorine);
}

TEST_CASE("damaged and foreign files are told apart") {
  TemporaryFolder folder;
  const auto set = trained_set(assay());
  const std::string path = folder / "set.safetensors";
  set->save(path, {});
  auto bytes = datasets::read_file(path);
  std::ofstream(folder / "short.safetensors", std::ios::binary) << bytes.substr(0, bytes.size() / 2);
  CHECK_THROWS_AS(EndpointSet::load(folder / "short.safetensors"), ModelError);
  CHECK_THROWS_AS(EndpointSet::load(folder / "missing.safetensors"), InputError);
  datasets::ModelFileWriter other;
  other.set("format", "something else");
  other.add("x", {1}, std::vector<float>{1});
  other.write(folder / "other.safetensors");
  CHECK_THROWS_WITH(EndpointSet::load(folder / "other.safetensors"),
                    Catch::Contains("format is 'something else'"));
  const auto at = bytes.find("\"features_version\":\"1\"");
  REQUIRE(at != std::string::npos);
  bytes[at + 20] = '9';
  std::ofstream(folder / "newer.safetensors", std::ios::binary) << bytes;
  CHECK_THROWS_WITH(EndpointSet::load(folder / "newer.safetensors"), Catch::Contains("train it again"));
}

TEST_CASE("sets are joined into one file, each endpoint once") {
  const auto bins = assay().bins();
  const EndpointSet lipo(bins,
                         {EndpointModel::fit(endpoint("lipo", EndpointKind::value), assay().library, bins,
                                             assay().values, quick())},
                         assay().library);
  const EndpointSet greasy(bins,
                           {EndpointModel::fit(endpoint("greasy", EndpointKind::probability), assay().library,
                                               bins, assay().classes, quick())},
                           assay().library);
  const auto both = EndpointSet::joined({lipo, greasy});
  CHECK(both.models().size() == 2);
  CHECK(both.smiles().size() == lipo.smiles().size());
  CHECK_THROWS_AS(EndpointSet::joined({lipo, lipo}), ModelError);
}
