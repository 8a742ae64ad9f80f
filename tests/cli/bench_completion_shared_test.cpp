// The benchmark of association matrices on a published set.
#include <catch2/catch.hpp>
#include <filesystem>
#include <numeric>

#include "cli/association_set.hpp"
#include "cli/bench_completion.hpp"

using namespace theriac;
using cli::LeftOut;

TEST_CASE("one fold of Fdataset is completed as well as measured") {
  const std::string shared_sets = THERIAC_SHARED_DATA "/data/repurposing";
  if (!std::filesystem::exists(shared_sets + "/benchmarks")) {
    WARN("skipped: needs ../shared/data/repurposing");
    return;
  }
  const auto data = cli::read_association_set(shared_sets, "Fdataset");
  CHECK(data.drugs() == 593);
  CHECK(data.diseases() == 313);
  CHECK(std::accumulate(data.associations.values.begin(), data.associations.values.end(), 0.0) == 1933);
  const auto folds = cli::association_folds(data.associations, 10, LeftOut::pairs, 1);
  const auto figures = cli::run_completion_fold(data, folds, 0, LeftOut::pairs,
                                                {"popularity", "neighbours", "bnnr-short", "consensus"}, 1);
  CHECK(figures[0].auroc < 0.80);
  CHECK(figures[1].auroc > 0.85);
  CHECK(figures[2].auroc > 0.90);
  CHECK(figures[3].auroc > 0.92);
  CHECK(figures[3].average_precision > 0.25);
  CHECK(figures[3].auroc > figures[1].auroc);
}
