// The learned weights of the evidence lines: a small file that ships with the program.
//
// Two logistic models (repurpose/logistic_ranking.hpp) with calibrations of their own: `untreated` for a
// disease that nothing is known to treat, from mechanism and similarity to treated diseases alone, and
// `treated`, which also looks at what is in use for the disease already. Both were fitted with the treatments
// of the disease itself (untreated) or the link of the pair itself (treated) taken out, as it is when they
// are used.
#pragma once
#include <string>
#include <vector>

#include "datasets/model_file.hpp"
#include "datasets/store.hpp"
#include "repurpose/isotonic.hpp"
#include "repurpose/logistic_ranking.hpp"

namespace theriac::repurpose {

struct CalibratedModel {
  LogisticModel model;
  IsotonicCalibration calibration;
};

class RankingModel {
 public:
  CalibratedModel untreated, treated;
  std::string name;       ///< "repurposing 1"
  std::string date;       ///< of the data
  std::string fitted_on;  ///< pairs, diseases, sources, licence
  std::string licence;    ///< of the data
  std::string figures;    ///< of the leave-disease-out benchmark, with the command

  /// Share of true pairs among those it was fitted on; probabilities hold for it.
  double prevalence() const { return untreated.calibration.prevalence(); }
  std::string description() const;  ///< one line: name, date, data

  /// Throws InputError or ModelError.
  static RankingModel read(const std::string& path);
  static RankingModel from_file(const datasets::ModelFile& file);
  /// Of the weights that ship those for this store: models/repurposing-starter.safetensors when every
  /// treatment in it comes from the starter tables, else models/repurposing.safetensors. Path counts of so
  /// different graphs differ.
  static RankingModel shipped_for(const datasets::Store& store);
  std::string bytes() const;
  void write(const std::string& path) const;  ///< throws StorageError
};

}  // namespace theriac::repurpose
