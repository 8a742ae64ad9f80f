// Links between the nodes of two kinds: drugs and their targets, targets and their pathways.
//
// A sparse matrix A, one row per node of the first kind, kept in both directions. Walks over many kinds of
// links count the well-studied nodes far too often, so every link is damped by the degrees of its two ends:
//
//   A'(i, j) = weight(i, j) * row_degree(i)^-w * column_degree(j)^-w
//
// with w = 0.4 in D. S. Himmelstein et al., eLife 6, e26726 (2017), where the product of such matrices is the
// degree-weighted path count. A degree is the number of links of the node.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "repurpose/real_matrix.hpp"

namespace theriac::repurpose {

inline constexpr double usual_damping = 0.4;

struct Link {
  std::uint32_t row = 0, column = 0;
  double weight = 1;
};

class Bipartite {
 public:
  Bipartite() = default;
  /// A pair that is given several times counts once, with its largest weight. Throws UsageError when a link
  /// leaves the matrix or its weight is not positive and finite.
  Bipartite(std::size_t rows, std::size_t columns, std::vector<Link> links, double damping = usual_damping);

  /// Links of the same node kind in both directions, without those from a node to itself.
  static Bipartite symmetric(std::size_t nodes, const std::vector<Link>& links,
                             double damping = usual_damping);

  /// The same links, each row scaled to length 1: what two rows then share is the cosine of the two.
  Bipartite with_unit_rows() const;

  std::size_t rows() const { return row_starts_.empty() ? 0 : row_starts_.size() - 1; }
  std::size_t columns() const { return column_starts_.empty() ? 0 : column_starts_.size() - 1; }
  std::size_t size() const { return of_rows_.size(); }  ///< links

  struct Neighbour {
    std::uint32_t node = 0;
    double weight = 0;  ///< damped
  };
  struct Neighbours {
    const Neighbour* first = nullptr;
    const Neighbour* last = nullptr;
    const Neighbour* begin() const { return first; }
    const Neighbour* end() const { return last; }
    std::size_t size() const { return static_cast<std::size_t>(last - first); }
  };
  /// Sorted by node.
  Neighbours of_row(std::size_t row) const;
  Neighbours of_column(std::size_t column) const;

  /// A' x: from one line of numbers per column node to one per row node, and back.
  RealMatrix to_rows(const RealMatrix& of_columns) const;
  RealMatrix to_columns(const RealMatrix& of_rows) const;

 private:
  std::vector<std::size_t> row_starts_, column_starts_;
  std::vector<Neighbour> of_rows_, of_columns_;
};

}  // namespace theriac::repurpose
