// Degree-weighted path counts: how many paths of one kind lead from a drug to a disease, and which.
//
// A metapath is a sequence of steps, each over one kind of links: drug - binds - target - takes part in -
// pathway - takes part in - target - associated with - disease. A path is one way through it; its weight is
// the product of the damped weights of its links (repurpose/bipartite.hpp), and the count of a pair is the
// sum over all its paths: D. S. Himmelstein, S. E. Baranzini, PLoS Comput. Biol. 11, e1004259 (2015).
//
// A way that comes back to a node is no path. Where a metapath goes out and returns (drug - target - drug),
// the two ends must differ: "distinct" positions. The count is then a product of matrices whose diagonals are
// taken out, and never needs a matrix of all pairs: one vector of weights on the last kind of nodes goes
// through all steps in milliseconds and gives the counts of all drugs at once.
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "repurpose/bipartite.hpp"

namespace theriac::repurpose {

/// From rows to columns of the links, or back. The links must outlive the metapath.
struct Step {
  const Bipartite* links = nullptr;
  bool reversed = false;

  std::size_t from_nodes() const { return reversed ? links->columns() : links->rows(); }
  std::size_t to_nodes() const { return reversed ? links->rows() : links->columns(); }
  bool operator==(const Step& other) const { return links == other.links && reversed == other.reversed; }
  Bipartite::Neighbours next(std::size_t node) const {
    return reversed ? links->of_column(node) : links->of_row(node);
  }
};

/// Positions along a path, 0 for its first node.
struct Distinct {
  std::size_t first = 0, last = 0;
  bool operator==(const Distinct& other) const { return first == other.first && last == other.last; }
};

struct Path {
  std::vector<std::uint32_t> nodes;  ///< one per position
  double weight = 0;                 ///< product of the damped weights and of the weight of the last node
};

class Metapath {
 public:
  /// Between distinct positions the way back must mirror the way out (drug - target - drug), and two such
  /// stretches lie apart or have one centre. Throws UsageError otherwise, or when two steps do not fit.
  explicit Metapath(std::vector<Step> steps, std::vector<Distinct> distinct = {});

  std::size_t start_nodes() const { return steps_.front().from_nodes(); }
  std::size_t end_nodes() const { return steps_.back().to_nodes(); }
  const std::vector<Step>& steps() const { return steps_; }
  const std::vector<Distinct>& distinct() const { return distinct_; }

  /// One line per end node (the weights with which paths may end there; a column per question) to one line
  /// per start node (the counts).
  RealMatrix count(const RealMatrix& end_weights) const;
  std::vector<double> count(const std::vector<double>& end_weights) const;

 private:
  using Sparse = std::vector<std::pair<std::uint32_t, double>>;
  RealMatrix walk(std::size_t first, std::size_t last, RealMatrix x, std::size_t outer) const;
  void check_stretches() const;
  std::size_t stretch_inside(std::size_t stretch) const;
  Sparse spread(const Sparse& from, std::size_t first, std::size_t last, std::vector<double>& scratch) const;
  double closed_weight(const Sparse& from, std::size_t stretch, bool with_own,
                       std::vector<double>& scratch) const;

  std::vector<Step> steps_;
  std::vector<Distinct> distinct_;           ///< inner stretches before the outer ones
  std::vector<std::vector<double>> closed_;  ///< per stretch and node: weight of the ways that return
};

/// The heaviest paths from one node to weighted ends, heaviest first, equals in the order of their nodes; at
/// most `most`. `distinct` positions may be any pairs here. Exact: best-first search with the largest weight
/// that can still follow as its bound.
std::vector<Path> heaviest_paths(const std::vector<Step>& steps, const std::vector<Distinct>& distinct,
                                 std::uint32_t start, const std::vector<double>& end_weights,
                                 std::size_t most);

}  // namespace theriac::repurpose
