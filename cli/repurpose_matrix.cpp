#include "cli/repurpose_matrix.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_pipeline.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <limits>
#include <utility>

#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "cli/pair_table.hpp"
#include "cli/repurpose_answer.hpp"
#include "datasets/hdf5_file.hpp"
#include "datasets/results_table.hpp"

namespace theriac::cli {
namespace {

using datasets::Column;
using datasets::ColumnType;
using datasets::EntityKind;
using datasets::Store;

constexpr std::size_t values_per_write = std::size_t{1} << 20;  // that of a chunk of the file
constexpr std::size_t diseases_together = 4;
constexpr std::size_t most_in_memory = 16;  // times so many

using datasets::real_column;
using datasets::text_column;

Column float_matrix(const char* description) {
  return {"", ColumnType::float32, "", description, -1, {}};
}

/// Where results go, disease by disease and in their order, while others are computed. `T` is what is kept of
/// one disease.
template <class T>
AllPairs for_all_diseases(std::size_t diseases,
                          const std::function<std::vector<T>(const std::vector<std::uint32_t>&)>& compute,
                          const std::function<void(std::uint32_t, const T&)>& write) {
  using Few = std::vector<std::uint32_t>;
  using Found = std::pair<std::uint32_t, std::vector<T>>;  // the first disease of the few
  AllPairs counts;
  counts.diseases = diseases;
  std::uint32_t next = 0;
  const auto few = [&](tbb::flow_control& control) {
    if (next == diseases) control.stop();
    Few some;
    for (; next < diseases && some.size() < diseases_together; ++next) some.push_back(next);
    return some;
  };
  const auto found = [&](const Few& some) { return Found(some.front(), compute(some)); };
  const auto written = [&](const Found& rows) {
    std::uint32_t disease = rows.first;
    for (const auto& row : rows.second) {
      counts.pairs += row.with_basis;
      counts.without_basis += row.with_basis == 0;
      write(disease++, row);
    }
  };
  tbb::parallel_pipeline(most_in_memory,
                         tbb::make_filter<void, Few>(tbb::filter_mode::serial_in_order, few) &
                             tbb::make_filter<Few, Found>(tbb::filter_mode::parallel, found) &
                             tbb::make_filter<Found, void>(tbb::filter_mode::serial_in_order, written));
  return counts;
}

/// A row of the matrix.
struct MatrixRow {
  repurpose::DrugScores scores;
  std::size_t with_basis = 0;
};

class MatrixFile {
 public:
  MatrixFile(const Store& store, const repurpose::RankingModel& model, const std::string& identity,
             const std::string& path)
      : path_(path),
        drugs_(std::max<std::size_t>(1, store.entities(EntityKind::drug).size())),
        file_(datasets::Hdf5File::create(path + ".part")) {
    file_.set_attribute("/", "format", std::string("theriac repurposing matrix"));
    file_.set_attribute("/", "theriac_version", chem::theriac_version());
    file_.set_attribute("/", "store", store.created());
    file_.set_attribute("/", "model", model.description());
    file_.set_attribute("/", "identity", identity);
    for (const auto kind : {EntityKind::drug, EntityKind::disease}) write_names(store, kind);
    const auto width = static_cast<int>(drugs_);
    file_.create_column("/probability", float_matrix("calibrated; a row per disease, NaN: no basis"), width);
    file_.create_column("/logit", float_matrix("intercept plus contributions; NaN: no basis"), width);
    file_.create_column(
        "/disease_percentile",
        float_matrix("of the drug in this disease among all its diseases, by logit, 0 to 100"), width);
  }

  void add(const repurpose::DrugScores& scores) {
    probabilities_.insert(probabilities_.end(), scores.probabilities.begin(), scores.probabilities.end());
    logits_.insert(logits_.end(), scores.logits.begin(), scores.logits.end());
    if (logits_.size() >= values_per_write / drugs_ * drugs_) flush();
  }

  void publish() {
    flush();
    write_percentiles();
    file_.close();
    std::error_code error;
    std::filesystem::rename(path_ + ".part", path_, error);
    if (error) throw StorageError(fmt::format("cannot write '{}': {}", path_, error.message()));
  }

 private:
  /// Whole chunks at a time: a chunk that grows is packed anew.
  void flush() {
    if (logits_.empty()) return;
    file_.append("/probability", probabilities_);
    file_.append("/logit", logits_);
    all_logits_.insert(all_logits_.end(), logits_.begin(), logits_.end());
    probabilities_.clear();
    logits_.clear();
  }

  /// Drug by drug, in place of the logits.
  void write_percentiles() {
    const std::size_t diseases = all_logits_.size() / drugs_;
    tbb::parallel_for(std::size_t{0}, drugs_, [&](std::size_t drug) {
      std::vector<float> column(diseases);
      for (std::size_t d = 0; d < diseases; ++d) column[d] = all_logits_[d * drugs_ + drug];
      column = percentiles(column);
      for (std::size_t d = 0; d < diseases; ++d) all_logits_[d * drugs_ + drug] = column[d];
    });
    const std::size_t rows = std::max<std::size_t>(1, values_per_write / drugs_);
    for (std::size_t first = 0; first < diseases; first += rows) {
      const auto begin = all_logits_.begin() + static_cast<std::ptrdiff_t>(first * drugs_);
      const auto end =
          all_logits_.begin() + static_cast<std::ptrdiff_t>(std::min(diseases, first + rows) * drugs_);
      file_.append("/disease_percentile", std::vector<double>(begin, end));
    }
  }

  void write_names(const Store& store, EntityKind kind) {
    const auto& table = store.entities(kind);
    std::vector<std::string> ids, names;
    for (std::size_t i = 0; i < table.size(); ++i) {
      ids.emplace_back(table.id[i]);
      names.emplace_back(table.name[i]);
    }
    const std::string group = kind == EntityKind::drug ? "/drugs" : "/diseases";
    file_.create_column(group + "/id", text_column("", "as in the store"));
    file_.append(group + "/id", ids);
    file_.create_column(group + "/name", text_column("", "preferred name"));
    file_.append(group + "/name", names);
  }

  std::string path_;
  std::size_t drugs_;
  datasets::Hdf5File file_;
  std::vector<double> probabilities_, logits_;  ///< not yet written
  std::vector<float> all_logits_;               ///< of the whole matrix
};

AllPairs write_matrix(const Store& store, const repurpose::RankingModel& model,
                      const repurpose::KnowledgeGraph& graph, const repurpose::RankOptions& options,
                      const std::string& identity, const std::string& path) {
  MatrixFile file(store, model, identity, path);
  const auto counts = for_all_diseases<MatrixRow>(
      store.entities(EntityKind::disease).size(),
      [&](const std::vector<std::uint32_t>& diseases) {
        std::vector<MatrixRow> rows;
        for (auto& scores : repurpose::score_diseases(model, graph, diseases, options)) {
          rows.push_back({std::move(scores), 0});
          for (const double logit : rows.back().scores.logits) rows.back().with_basis += !std::isnan(logit);
        }
        return rows;
      },
      [&](std::uint32_t, const MatrixRow& row) { file.add(row.scores); });
  file.publish();
  return counts;
}

/// The best drugs of a disease.
struct BestDrugs {
  std::vector<repurpose::AnswerRow> rows;
  std::size_t with_basis = 0;
};

datasets::CsvTable best_drugs_table(const std::string& path) {
  return {path,
          {text_column("disease_id", "as in the store"),
           text_column("disease", "preferred name"),
           {"rank", ColumnType::int64, "", "of the drug in the disease, from 1", -1, {}},
           text_column("drug_id", "as in the store"),
           text_column("drug", "preferred name"),
           real_column("probability", "", "calibrated"),
           real_column("logit", "", "intercept plus contributions"),
           text_column("status", "what is on record for this disease"),
           real_column("popularity_share", "", "0 to 1")}};
}

AllPairs write_best_drugs(const Store& store, const repurpose::RankingModel& model,
                          const repurpose::KnowledgeGraph& graph, const repurpose::RankOptions& options,
                          const repurpose::AnswerOptions& shown, const std::string& path) {
  auto table = best_drugs_table(path);
  const auto counts = for_all_diseases<BestDrugs>(
      store.entities(EntityKind::disease).size(),
      [&](const std::vector<std::uint32_t>& diseases) {
        std::vector<BestDrugs> best;
        for (const auto disease : diseases) {
          auto answer = repurpose::answer_from(store, repurpose::rank_disease(model, graph, disease, options),
                                               disease, shown);
          best.push_back({std::move(answer.rows), answer.ranked});
        }
        return best;
      },
      [&](std::uint32_t disease, const BestDrugs& best) {
        for (const auto& row : best.rows)
          table.append({entity_id(store, EntityKind::disease, disease),
                        entity_name(store, EntityKind::disease, disease), static_cast<std::int64_t>(row.rank),
                        entity_id(store, EntityKind::drug, row.ranked.drug),
                        entity_name(store, EntityKind::drug, row.ranked.drug), row.ranked.probability,
                        row.ranked.logit, repurpose::use_status_name(row.status), row.popularity_share});
      });
  table.publish();
  return counts;
}

}  // namespace

AllPairs write_all_pairs(const Store& store, const repurpose::RankingModel& model,
                         const repurpose::KnowledgeGraph& graph, const repurpose::RankOptions& options,
                         const repurpose::AnswerOptions& shown, const std::string& licence,
                         const std::string& path) {
  const std::string ending = std::filesystem::path(path).extension();
  if (ending == ".h5")
    return write_matrix(store, model, graph, options, pair_table_identity(store, model, licence, options),
                        path);
  if (ending == ".csv") return write_best_drugs(store, model, graph, options, shown, path);
  throw UsageError(fmt::format("all pairs go to a .h5 or .csv file, not to '{}'", path),
                   "-o pairs.h5 is the whole matrix, -o best.csv the best drugs of every disease");
}

}  // namespace theriac::cli
