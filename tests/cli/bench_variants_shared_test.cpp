#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

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
