#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "chem/text_file.hpp"
#include "tests/cli/transcript.hpp"

TEST_CASE("on measured proteins the profile ranks better than BLOSUM62") {
  const std::string proteins = THERIAC_SHARED_DATA "/data/proteins";
  if (!std::filesystem::exists(proteins)) {
    WARN("skipped: needs ../shared/data/proteins");
    return;
  }
  const TemporaryFolder folder;
  const auto run = run_theriac("bench variants --data '" + proteins + "/dms' --database '" + proteins +
                                   "/corpus/swissprot2014_nr50_train.fasta.gz' --rounds 1 --json --tasks "
                                   "SUMO1_HUMAN_Weile_2017,RASH_HUMAN_Bandaru_2017,DYR_ECOLI_Thompson_"
                                   "plusLon_2019,YAP1_HUMAN_Araya_2012",
                               folder);
  REQUIRE(run.exit_code == 0);
  const auto means = nlohmann::json::parse(run.out).at("mean_spearman");
  const auto of = [&](const char* method) { return means.at(method).at("spearman").get<double>(); };
  CHECK(of("profile") > of("blosum62") + 0.05);
  CHECK(of("combined") > of("blosum62") + 0.05);
  CHECK(of("published GEMME") == Approx((0.438 + 0.434 + 0.451 + 0.332) / 4).margin(1e-3));
  CHECK(std::filesystem::exists(folder / "bench-variants/homologs/SUMO1_HUMAN_Weile_2017.a3m"));
}

TEST_CASE("a masked language model is measured alone and in the combination") {
  const std::string proteins = THERIAC_SHARED_DATA "/data/proteins",
                    model = THERIAC_SHARED_DATA "/golden/protein-lm/esm2-a";
  if (!std::filesystem::exists(proteins) || !std::filesystem::exists(model)) {
    WARN("skipped: needs ../shared/data/proteins and ../shared/golden/protein-lm");
    return;
  }
  const TemporaryFolder folder;
  const auto run = run_theriac("bench variants --data '" + proteins + "/dms' --language-model '" + model +
                                   "' --json --tasks SUMO1_HUMAN_Weile_2017,RASH_HUMAN_Bandaru_2017",
                               folder);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  const auto json = nlohmann::json::parse(run.out);
  const auto mean = [&](const char* method) {
    return json.at("mean_spearman").at(method).at("spearman").get<double>();
  };
  CHECK(std::abs(mean("language_model")) < 0.3);  // its weights are random
  CHECK(json.at("language_model_adds").at("sequence").at("spearman").get<double>() ==
        Approx(mean("sequence_model") - mean("sequence")).margin(1e-9));
  const auto weights = theriac::chem::read_text_file(folder / "bench-variants/weights.txt");
  const auto set = weights.find("sequence_model\n");
  REQUIRE(set != std::string::npos);
  CHECK(weights.find("0.0000  // log-odds of the language model", set) == std::string::npos);
}
