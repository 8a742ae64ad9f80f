#include "generative/oracle_search.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <unordered_map>

#include "chem/error.hpp"

namespace theriac::generative {
namespace {

constexpr int empty_batches_until_dry = 20;  ///< batches of known molecules only

class Search {
 public:
  Search(Proposer& proposer, const Oracle& oracle, const SearchOptions& options)
      : proposer_(proposer), oracle_(oracle), options_(options) {}

  SearchResult run();

 private:
  void evaluate(const std::vector<Candidate>& batch);
  bool satisfied() const { return options_.satisfied_count > 0 && perfect_ >= options_.satisfied_count; }
  int calls_left() const { return options_.calls - static_cast<int>(result_.evaluations.size()); }

  Proposer& proposer_;
  const Oracle& oracle_;
  const SearchOptions& options_;
  SearchResult result_;
  std::unordered_map<std::string, double> known_;  ///< only asked, never walked
  double best_ = 0;
  int perfect_ = 0;
};

/// Scores what is new as far as the budget goes, and tells the proposer all that is known of the batch.
void Search::evaluate(const std::vector<Candidate>& batch) {
  std::vector<const Candidate*> fresh;
  for (const Candidate& candidate : batch) {
    if (static_cast<int>(fresh.size()) >= calls_left()) break;
    if (known_.emplace(candidate.molecule.smiles(), 0.0).second) fresh.push_back(&candidate);
  }
  std::vector<double> scores(fresh.size());
  tbb::parallel_for(std::size_t{0}, fresh.size(),
                    [&](std::size_t i) { scores[i] = oracle_(fresh[i]->molecule); });
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    known_[fresh[i]->molecule.smiles()] = scores[i];
    result_.evaluations.push_back({fresh[i]->molecule.smiles(), scores[i], fresh[i]->origin});
    best_ = std::max(best_, scores[i]);
    perfect_ += scores[i] >= 1;
  }
  std::vector<Lesson> lessons;
  for (const Candidate& candidate : batch) {
    const auto known = known_.find(candidate.molecule.smiles());
    if (known != known_.end()) lessons.push_back({known->first, known->second, {}});
  }
  proposer_.learn(lessons);
  for (const std::string& remark : proposer_.remarks())
    result_.remarks.push_back(fmt::format("after {} calls: {}", result_.evaluations.size(), remark));
}

SearchResult Search::run() {
  int barren = 0;
  for (int round = 0; calls_left() > 0; ++round) {
    if (options_.stop.stop_requested()) {
      result_.end = SearchEnd::stopped;
      return std::move(result_);
    }
    const std::size_t before = result_.evaluations.size();
    const auto batch = proposer_.propose(std::min(options_.batch, calls_left()), round);
    evaluate(batch);
    if (options_.progress) options_.progress(static_cast<int>(result_.evaluations.size()), best_);
    if (satisfied()) {
      result_.end = SearchEnd::satisfied;
      return std::move(result_);
    }
    barren = result_.evaluations.size() == before ? barren + 1 : 0;
    if (barren == empty_batches_until_dry || (batch.empty() && round > 0)) {
      result_.end = SearchEnd::ran_dry;
      return std::move(result_);
    }
  }
  result_.end = SearchEnd::budget_spent;
  return std::move(result_);
}

}  // namespace

const char* to_text(SearchEnd end) {
  switch (end) {
    case SearchEnd::budget_spent:
      return "budget spent";
    case SearchEnd::satisfied:
      return "nothing left to improve";
    case SearchEnd::ran_dry:
      return "proposer ran dry";
    case SearchEnd::stopped:
      break;
  }
  return "stopped";
}

std::vector<double> SearchResult::scores() const {
  std::vector<double> out;
  for (const Evaluation& evaluation : evaluations) out.push_back(evaluation.score);
  return out;
}

SearchResult search(Proposer& proposer, const Oracle& oracle, const SearchOptions& options) {
  if (options.calls < 1 || options.batch < 1)
    throw UsageError("a search needs a budget and batches of at least one molecule");
  return Search(proposer, oracle, options).run();
}

}  // namespace theriac::generative
