#include "cli/pair_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <utility>

#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "datasets/sha256.hpp"

namespace theriac::cli {
namespace {

using datasets::EntityKind;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t values_at_a_time = std::size_t{1} << 22;

}  // namespace

std::string pair_table_path(const std::string& store_path) {
  return std::filesystem::path(store_path).replace_extension(".pairs.h5").string();
}

std::string pair_table_identity(const datasets::Store& store, const repurpose::RankingModel& model,
                                const std::string& licence, const repurpose::RankOptions& options) {
  std::string text = fmt::format("{}\n{}\n{}\n{} {}\n", chem::theriac_version(), store.created(), licence,
                                 options.popularity, options.without_all);
  for (const auto drug : options.without) text += fmt::format("without {}\n", drug);
  for (const auto& source : store.sources())
    text += fmt::format("{} {} {}\n", source.name, source.version, source.sha256);
  text += fmt::format("{} {}\n", store.entities(EntityKind::drug).size(),
                      store.entities(EntityKind::disease).size());
  return datasets::sha256(text + datasets::sha256(model.bytes()));
}

std::vector<float> percentiles(const std::vector<float>& values) {
  std::vector<float> sorted;
  for (const float value : values)
    if (!std::isnan(value)) sorted.push_back(value);
  std::sort(sorted.begin(), sorted.end());
  const double others = static_cast<double>(sorted.size()) - 1;
  std::vector<float> out;
  out.reserve(values.size());
  for (const float value : values) {
    const auto higher =
        static_cast<double>(sorted.end() - std::upper_bound(sorted.begin(), sorted.end(), value));
    out.push_back(std::isnan(value) ? value
                  : others > 0      ? static_cast<float>(100 * (1 - higher / others))
                                    : 100.0F);
  }
  return out;
}

std::optional<PairTable> PairTable::beside(const datasets::Store& store, const std::string& identity,
                                           std::string& why) {
  const std::string path = pair_table_path(store.path());
  if (!std::filesystem::exists(path)) return std::nullopt;
  try {
    auto file = datasets::Hdf5File::open(path);
    if (file.text_attribute("/", "identity") == identity)
      return PairTable(std::move(file), store.entities(EntityKind::drug).size(),
                       store.entities(EntityKind::disease).size());
    why = fmt::format("'{}' was made with another store, model, version or other options", path);
  } catch (const Error& error) {
    why = error.what();
  }
  return std::nullopt;
}

std::vector<double> PairTable::disease_percentiles(std::uint32_t disease) const {
  return file_.read_rows("/disease_percentile", disease, 1);
}

PairTable::DrugColumn PairTable::drug_column(std::uint32_t drug) const {
  DrugColumn out;
  const std::size_t rows = std::max<std::size_t>(1, values_at_a_time / std::max<std::size_t>(1, drugs_));
  const auto each_row = [&](const char* matrix, auto take) {
    for (std::size_t first = 0; first < diseases_; first += rows) {
      const std::size_t count = std::min(rows, diseases_ - first);
      const auto values = file_.read_rows(matrix, first, count);
      for (std::size_t d = 0; d < count; ++d) take(values.data() + d * drugs_);
    }
  };
  each_row("/logit", [&](const double* row) {
    out.logits.push_back(row[drug]);
    std::size_t before = 0;
    for (std::uint32_t c = 0; c < drugs_; ++c)
      before += row[c] > row[drug] || (row[c] == row[drug] && c < drug);
    out.places.push_back(std::isnan(row[drug]) ? 0 : before + 1);
  });
  each_row("/probability", [&](const double* row) { out.probabilities.push_back(row[drug]); });
  each_row("/disease_percentile", [&](const double* row) { out.disease_percentiles.push_back(row[drug]); });
  return out;
}

}  // namespace theriac::cli
