// The figures of theriac bench distribution as a table for people and for programs.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/bench_conditions.hpp"
#include "generative/distribution_metrics.hpp"
#include "generative/molecule_sample.hpp"
#include "generative/reference_statistics.hpp"

namespace theriac::cli {

/// One sample with its figures: the generated molecules, the ceiling or the floor.
struct MeasuredSample {
  std::string file;
  std::int64_t drawn_from = 0;  ///< records in the file
  generative::MoleculeSample sample;
  generative::DistributionFigures figures;
  double novelty = 0, kl_score = 0;  ///< NaN: not defined
};

/// As GuacaMol counts them; see generative/guacamol_shares.hpp.
struct GuacamolScores {
  std::int64_t molecules = 0;  ///< N
  std::int64_t records = 0;    ///< there were so many to choose from
  double validity = 0, uniqueness = 0, novelty = 0, kl_score = 0;
};

struct MeasuredReference {
  std::string file, label;
  std::int64_t records = 0, unread_count = 0;
  std::vector<generative::UnreadRecord> unread;  ///< the first ones
};

struct DistributionReportInput {
  BenchConditions conditions;
  std::string train_file;
  std::int64_t train_records = 0;
  std::vector<MeasuredReference> references;
  MeasuredSample generated, ceiling;
  std::optional<MeasuredSample> floor;
  std::optional<GuacamolScores> guacamol;
  std::string chemnet_file;  ///< empty: not asked
};

/// One line of the table. NaN: not measured or not defined.
struct MetricLine {
  std::string key;        ///< "snn"
  std::string label;      ///< "SNN"
  std::string reference;  ///< label of the reference set; empty without one
  bool higher_is_better = true;
  double generated = 0, ceiling = 0, floor = 0;
  std::vector<double> published;  ///< of published_moses_models(), NaN each for other reference sets
};
std::vector<MetricLine> metric_lines(const DistributionReportInput& input);

struct DistributionReport {
  std::string csv;       ///< distribution.csv
  std::string markdown;  ///< distribution.md
  std::string text;      ///< the table for a terminal
  std::string json;      ///< theriac.bench/1
};
DistributionReport distribution_report(const DistributionReportInput& input);

/// molecules.csv: one row per generated record, in order, read or not.
std::string molecules_csv(const MeasuredSample& generated, const std::vector<MeasuredReference>& references);

}  // namespace theriac::cli
