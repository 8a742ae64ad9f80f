// Published figures of other generators on the MOSES benchmark, to stand beside ours.
//
// Source: README of github.com/molecularsets/moses at commit dd7ed6a, mean of three runs of 30,000 samples
// each (the property distances: legends of its figures, as rounded there); D. Polykovskiy et al., Front.
// Pharmacol. 11, 565644 (2020). Its row "training set" is all 1,584,663 molecules, whose novelty of 1 is a
// convention.
#pragma once
#include <string>
#include <vector>

namespace theriac::cli {

struct PublishedModel {
  const char* name;
  double valid, unique_1k, unique_10k;
  double fcd[2], snn[2], frag[2], scaf[2];  ///< against Test and TestSF
  double diversity, diversity_2, filters, novelty;
  double log_p, sa, qed, weight;  ///< Wasserstein-1 to Test; NaN where nothing comparable is published
};

const std::vector<PublishedModel>& published_moses_models();

/// What the training set itself gets, all of it.
const PublishedModel& published_moses_training_set();

constexpr int published_moses_samples = 30000;

/// Sizes of the two reference sets, by which they are known again.
constexpr long long moses_test_size = 176074, moses_scaffold_test_size = 176225;

/// Figures of later graph models in another protocol: 25,000 samples against the scaffold test set, read from
/// a third-party table (the DisCo paper), so second-hand. Percent for valid, unique, novel, filters and Scaf.
struct PublishedGraphModel {
  const char* name;
  double valid, unique, novel, filters, fcd, snn, scaf;
};
const std::vector<PublishedGraphModel>& published_graph_models();

}  // namespace theriac::cli
