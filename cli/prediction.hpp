// One row of `theriac predict`, and the files that such rows are written to.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chem/molecule.hpp"
#include "chem/record.hpp"
#include "datasets/results_table.hpp"
#include "scoring/score.hpp"

namespace theriac::cli {

using ScoreKinds = std::vector<std::shared_ptr<const scoring::ScoreKind>>;

/// One record and what is known of it, or why nothing is.
struct Prediction {
  std::int64_t number = 0;  ///< of the record, from 1
  std::string name, smiles, message;
  chem::Properties input;              ///< further columns or tags of the record
  std::vector<scoring::Score> scores;  ///< in the order of the kinds; empty when there is a message
  std::vector<std::optional<double>> percentiles;  ///< one per score
  std::optional<chem::Molecule> molecule;          ///< what was looked at, atoms in the order of `smiles`
  std::optional<chem::Molecule> drawn;             ///< the same with the 3D coordinates of the input
  std::string text;                                ///< as it stands in a text file

  bool failed() const { return !message.empty(); }
  const char* status() const { return failed() ? "failed" : "ok"; }
};

/// Which values are written with interval, domain and percentile beside them in the wide layout.
enum class Beside { none, estimates, all };

struct PredictionLayout {
  bool wide = true;  ///< a row a molecule; else a row a value
  Beside beside = Beside::estimates;
  bool percentiles = false;        ///< of all values, also those without an interval
  std::vector<std::string> input;  ///< further columns of the input, by name
};

/// A file of predictions that appears whole or not at all.
class PredictionFile {
 public:
  virtual ~PredictionFile() = default;
  /// Fills `text`; called by many threads, each with a row of its own.
  virtual void render(Prediction&) const {}
  /// Rows in order, each rendered.
  virtual void append(const Prediction& row) = 0;
  virtual void publish() = 0;
};

/// By extension: .csv, .h5, .jsonl, .sdf; "-" is CSV on standard output. Throws UsageError for another one.
void check_prediction_path(const std::string& path);
/// True when rows for this file need `drawn`.
bool wants_coordinates(const std::string& path);
std::unique_ptr<PredictionFile> prediction_file(const std::string& path, const ScoreKinds& kinds,
                                                const PredictionLayout& layout);

/// The part of a wide row behind what the input says: values, intervals, domains, alerts.
class WideValues {
 public:
  explicit WideValues(ScoreKinds kinds);
  ~WideValues();
  std::vector<datasets::Column> columns() const;
  datasets::Row cells(const Prediction& row) const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// To six decimals: none of these numbers knows more. NaN stays.
double rounded(double value);

/// For the factory: the files that are not tables.
std::unique_ptr<PredictionFile> json_lines_file(const std::string& path);
std::unique_ptr<PredictionFile> sdf_file(const std::string& path);

}  // namespace theriac::cli
