// A run of `theriac predict`: block after block from the reader to the file, and to the page of --explain.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chem/record_reader.hpp"
#include "cli/explanation_page.hpp"
#include "cli/predict_options.hpp"
#include "cli/session.hpp"
#include "cli/value_columns.hpp"

namespace theriac::cli {

/// Further columns of the input, as far as the first block has them; later ones are named once.
class InputColumns {
 public:
  explicit InputColumns(const std::vector<Prediction>& first);
  const std::vector<std::string>& names() const { return names_; }
  bool has(const std::string& name) const;

 private:
  std::vector<std::string> names_;
};

/// The first molecules of the input that could be predicted, for the page of --explain.
class ExplainedMolecules {
 public:
  ExplainedMolecules(const PredictOptions& options, const Predictors& predictors);

  bool full() const { return molecules_ == most_; }
  void take(const std::vector<Prediction>& rows);
  void write(const std::string& path, const std::string& input);

 private:
  Explainer explainer_;
  std::size_t most_, molecules_ = 0;
  ExplanationPage page_;
};

class PredictionRun {
 public:
  /// All three outlive the run.
  PredictionRun(const PredictOptions& options, const Predictors& predictors, Session& session);

  /// To the end of the records, or to a request to stop: then the files hold what was predicted so
  /// far; nothing is written when that is nothing.
  RecordCounts through(chem::RecordReader& reader, const std::string& input);

 private:
  void take(const std::vector<chem::RawRecord>& block);
  void count(const Prediction& row);

  const PredictOptions& options_;
  const Predictors& predictors_;
  Session& session_;
  ValueColumns values_;
  std::optional<InputColumns> input_;
  std::unique_ptr<PredictionFile> file_;
  std::optional<ExplainedMolecules> explained_;
  RecordCounts counts_;
};

}  // namespace theriac::cli
