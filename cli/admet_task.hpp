// One task of the ADMET benchmark: our models and the baselines, trained on one part and tested on another.
#pragma once
#include <string>
#include <vector>

#include "cli/endpoint_data.hpp"
#include "cli/network_run.hpp"
#include "scoring/reliability.hpp"

namespace theriac::cli {

/// Every figure of a task in the task's metric. NaN where there is none.
struct AdmetTaskResult {
  std::string task;
  std::size_t train_rows = 0, test_rows = 0;
  std::int64_t copies_of_test = 0;
  bool cross_validated = false;    ///< no test labels: figures of held-out scaffolds of the training rows
  double mean = 0, deviation = 0;  ///< over single models of several seeds
  double trees = 0;                ///< ensemble without the network
  double network_weight = 0;       ///< share of the network in it
  scoring::Interval ensemble;      ///< of their mean prediction, with its 95 % interval
  scoring::Interval forest;        ///< random forest on Morgan fingerprints
  scoring::Interval gain;          ///< ensemble minus forest on the same molecules; positive: ours is better
  double neighbour = 0;            ///< value of the most similar training molecule
  double coverage = 0, coverage_low = 0, coverage_high = 0;  ///< of the 90 % intervals
  double coverage_near = 0, coverage_far = 0;                ///< similarity from 0.5 on, and below 0.3
  std::size_t near_rows = 0, far_rows = 0;
  double calibration_error = 0;      ///< of probabilities, in ten bins of equally many
  double calibration_by_chance = 0;  ///< what it would be if every probability were right
  scoring::ClassSetCoverage sets;    ///< of the 90 % class sets
  double outside = 0;                ///< share of the tested molecules that the model has no basis for
  double seconds = 0;
};

struct AdmetPrediction {
  std::string smiles;
  double observed = 0, predicted = 0, low = 0, high = 0, similarity = 0, forest = 0, neighbour = 0;
  std::string classes = {};
};

struct AdmetTaskOptions {
  int seeds = 5, trees = 600;
  std::uint64_t seed = 1;
  const NetworkRun* network = nullptr;  ///< mixed in where it pays; null: trees alone
};

AdmetTaskResult run_admet_task(const scoring::Endpoint& endpoint, const EndpointData& data,
                               const scoring::MoleculeLibrary& library, const AdmetTaskOptions& options,
                               std::vector<AdmetPrediction>& predictions);

}  // namespace theriac::cli
