// The table of all pairs beside a store ("full.pairs.h5" for "full.h5"), made once by `theriac repurpose
// --all`: with it a question about one disease also says how a drug stands there among all diseases, which no
// single question could compute in time.
//
// A table belongs to one store, one model, one version of the program and one choice of links; where any of
// them differs it is not used.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "datasets/hdf5_file.hpp"
#include "datasets/store.hpp"
#include "repurpose/disease_ranking.hpp"

namespace theriac::cli {

/// "full.pairs.h5" for "full.h5".
std::string pair_table_path(const std::string& store_path);

/// SHA-256 of what decides the numbers of a table: sources and entities of the store, weights, version,
/// licences of the links, and options of the ranking.
std::string pair_table_identity(const datasets::Store& store, const repurpose::RankingModel& model,
                                const std::string& licence, const repurpose::RankOptions& options);

/// 100 for the highest of the finite values, 0 for the lowest, equal ones alike; NaN stays NaN.
std::vector<float> percentiles(const std::vector<float>& values);

class PairTable {
 public:
  /// The table beside the store; none when it is not there or is another one's, and then `why` says so.
  static std::optional<PairTable> beside(const datasets::Store& store, const std::string& identity,
                                         std::string& why);

  /// Per drug, where it stands in this disease among all diseases it has a basis in, 0 to 100; NaN without.
  std::vector<double> disease_percentiles(std::uint32_t disease) const;

  /// One drug in all diseases: per disease, NaN (0 for places) without basis.
  struct DrugColumn {
    std::vector<double> logits, probabilities, disease_percentiles;
    std::vector<std::size_t> places;  ///< among the drugs of the disease, from 1
  };
  DrugColumn drug_column(std::uint32_t drug) const;

 private:
  PairTable(datasets::Hdf5File file, std::size_t drugs, std::size_t diseases)
      : file_(std::move(file)), drugs_(drugs), diseases_(diseases) {}
  datasets::Hdf5File file_;
  std::size_t drugs_, diseases_;
};

}  // namespace theriac::cli
