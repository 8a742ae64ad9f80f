#include "cli/repurpose_matrix.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <memory>

#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "cli/repurpose_answer.hpp"
#include "datasets/hdf5_file.hpp"
#include "datasets/results_table.hpp"

namespace theriac::cli {
namespace {

using datasets::Column;
using datasets::ColumnType;
using datasets::EntityKind;
using datasets::Store;

constexpr std::size_t diseases_per_block = 256;  // rankings in memory at a time

Column column(const std::string& name, ColumnType type, const std::string& description) {
  Column out;
  out.name = name;
  out.type = type;
  out.description = description;
  return out;
}

/// Where a block of rankings goes.
class PairSink {
 public:
  virtual ~PairSink() = default;
  virtual void add(std::uint32_t disease, const repurpose::Ranking& ranking) = 0;
  virtual void publish() = 0;
};

class MatrixFile : public PairSink {
 public:
  MatrixFile(const Store& store, const repurpose::RankingModel& model, const std::string& path)
      : path_(path),
        drugs_(store.entities(EntityKind::drug).size()),
        file_(datasets::Hdf5File::create(path + ".part")) {
    file_.set_attribute("/", "format", std::string("theriac repurposing matrix"));
    file_.set_attribute("/", "theriac_version", chem::theriac_version());
    file_.set_attribute("/", "store", store.created());
    file_.set_attribute("/", "model", model.description());
    for (const auto kind : {EntityKind::drug, EntityKind::disease}) write_names(store, kind);
    const auto width = static_cast<int>(drugs_);
    file_.create_column("/probability",
                        column("", ColumnType::float32, "calibrated; a row per disease, NaN: no basis"),
                        width);
    file_.create_column(
        "/logit", column("", ColumnType::float32, "intercept plus contributions; NaN: no basis"), width);
  }

  void add(std::uint32_t, const repurpose::Ranking& ranking) override {
    const double missing = std::numeric_limits<double>::quiet_NaN();
    std::vector<double> probabilities(drugs_, missing), logits(drugs_, missing);
    for (const auto& drug : ranking.drugs) {
      if (!drug.has_basis) continue;
      probabilities[drug.drug] = drug.probability;
      logits[drug.drug] = drug.logit;
    }
    file_.append("/probability", probabilities);
    file_.append("/logit", logits);
  }

  void publish() override {
    file_.close();
    std::error_code error;
    std::filesystem::rename(path_ + ".part", path_, error);
    if (error) throw StorageError(fmt::format("cannot write '{}': {}", path_, error.message()));
  }

 private:
  void write_names(const Store& store, EntityKind kind) {
    const auto& table = store.entities(kind);
    std::vector<std::string> ids, names;
    for (std::size_t i = 0; i < table.size(); ++i) {
      ids.emplace_back(table.id[i]);
      names.emplace_back(table.name[i]);
    }
    const std::string group = kind == EntityKind::drug ? "/drugs" : "/diseases";
    file_.create_column(group + "/id", column("", ColumnType::text, "as in the store"));
    file_.append(group + "/id", ids);
    file_.create_column(group + "/name", column("", ColumnType::text, "preferred name"));
    file_.append(group + "/name", names);
  }

  std::string path_;
  std::size_t drugs_;
  datasets::Hdf5File file_;
};

class BestDrugs : public PairSink {
 public:
  BestDrugs(const Store& store, const repurpose::AnswerOptions& shown, const std::string& path)
      : store_(store),
        shown_(shown),
        table_(path, {column("disease_id", ColumnType::text, "as in the store"),
                      column("disease", ColumnType::text, "preferred name"),
                      column("rank", ColumnType::int64, "of the drug in the disease, from 1"),
                      column("drug_id", ColumnType::text, "as in the store"),
                      column("drug", ColumnType::text, "preferred name"),
                      column("probability", ColumnType::float64, "calibrated"),
                      column("logit", ColumnType::float64, "intercept plus contributions"),
                      column("status", ColumnType::text, "what is on record for this disease"),
                      column("popularity_share", ColumnType::float64, "0 to 1")}) {}

  void add(std::uint32_t disease, const repurpose::Ranking& ranking) override {
    const auto answer = repurpose::answer_from(store_, ranking, disease, shown_);
    for (const auto& row : answer.rows)
      table_.append({entity_id(store_, EntityKind::disease, disease),
                     entity_name(store_, EntityKind::disease, disease), static_cast<std::int64_t>(row.rank),
                     entity_id(store_, EntityKind::drug, row.ranked.drug),
                     entity_name(store_, EntityKind::drug, row.ranked.drug), row.ranked.probability,
                     row.ranked.logit, repurpose::use_status_name(row.status), row.popularity_share});
  }
  void publish() override { table_.publish(); }

 private:
  const Store& store_;
  repurpose::AnswerOptions shown_;
  datasets::CsvTable table_;
};

std::unique_ptr<PairSink> sink_for(const Store& store, const repurpose::RankingModel& model,
                                   const repurpose::AnswerOptions& shown, const std::string& path) {
  const std::string ending = std::filesystem::path(path).extension();
  if (ending == ".h5") return std::make_unique<MatrixFile>(store, model, path);
  if (ending == ".csv") return std::make_unique<BestDrugs>(store, shown, path);
  throw UsageError(fmt::format("all pairs go to a .h5 or .csv file, not to '{}'", path),
                   "-o pairs.h5 is the whole matrix, -o best.csv the best drugs of every disease");
}

}  // namespace

AllPairs write_all_pairs(const Store& store, const repurpose::RankingModel& model,
                         const repurpose::KnowledgeGraph& graph, const repurpose::RankOptions& options,
                         const repurpose::AnswerOptions& shown, const std::string& path) {
  const auto sink = sink_for(store, model, shown, path);
  AllPairs counts;
  counts.diseases = store.entities(EntityKind::disease).size();
  for (std::size_t first = 0; first < counts.diseases; first += diseases_per_block) {
    std::vector<repurpose::Ranking> block(std::min(diseases_per_block, counts.diseases - first));
    tbb::parallel_for(std::size_t{0}, block.size(), [&](std::size_t i) {
      block[i] = repurpose::rank_disease(model, graph, static_cast<std::uint32_t>(first + i), options);
    });
    for (std::size_t i = 0; i < block.size(); ++i) {
      std::size_t with_basis = 0;
      for (const auto& drug : block[i].drugs) with_basis += drug.has_basis;
      counts.pairs += with_basis;
      counts.without_basis += with_basis == 0;
      sink->add(static_cast<std::uint32_t>(first + i), block[i]);
    }
  }
  sink->publish();
  return counts;
}

}  // namespace theriac::cli
