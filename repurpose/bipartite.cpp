#include "repurpose/bipartite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "chem/error.hpp"

namespace theriac::repurpose {
namespace {

void check(const Link& link, std::size_t rows, std::size_t columns) {
  if (link.row >= rows || link.column >= columns)
    throw UsageError(fmt::format("link from {} to {} leaves a table of {} x {} nodes", link.row, link.column,
                                 rows, columns));
  if (!(link.weight > 0) || !std::isfinite(link.weight))
    throw UsageError(fmt::format("link from {} to {} has the weight {}, must be positive", link.row,
                                 link.column, link.weight));
}

std::vector<Link> counting_sorted(const std::vector<Link>& links, std::size_t keys,
                                  std::uint32_t Link::*key) {
  std::vector<std::size_t> starts(keys + 1, 0);
  for (const auto& link : links) ++starts[link.*key + 1];
  for (std::size_t k = 0; k < keys; ++k) starts[k + 1] += starts[k];
  std::vector<Link> sorted(links.size());
  for (const auto& link : links) sorted[starts[link.*key]++] = link;
  return sorted;
}

/// Sorted by row and column, the largest weight of each pair. Stores hold their links in this order already.
void unite(std::vector<Link>& links, std::size_t rows, std::size_t columns) {
  const auto before = [](const Link& a, const Link& b) {
    return a.row != b.row ? a.row < b.row : a.column < b.column;
  };
  if (!std::is_sorted(links.begin(), links.end(), before))
    links = counting_sorted(counting_sorted(links, columns, &Link::column), rows, &Link::row);
  std::size_t kept = 0;
  for (const auto& link : links) {
    Link* last = kept ? &links[kept - 1] : nullptr;
    if (last && last->row == link.row && last->column == link.column)
      last->weight = std::max(last->weight, link.weight);
    else
      links[kept++] = link;
  }
  links.resize(kept);
}

/// degree^-damping of every node; `starts` holds the degree of node i at i + 1. Most degrees are small.
std::vector<double> degree_factors(const std::vector<std::size_t>& starts, double damping) {
  constexpr std::size_t small = 256;
  std::vector<double> of_degree(small), factors(starts.size() - 1);
  for (std::size_t degree = 0; degree < small; ++degree)
    of_degree[degree] = std::pow(static_cast<double>(degree), -damping);
  for (std::size_t i = 0; i < factors.size(); ++i) {
    const std::size_t degree = starts[i + 1];
    factors[i] = degree < small ? of_degree[degree] : std::pow(static_cast<double>(degree), -damping);
  }
  return factors;
}

/// The links of one direction: those of node i are first[starts[i]] to first[starts[i + 1]].
struct Direction {
  const std::vector<std::size_t>& starts;
  const std::vector<Bipartite::Neighbour>& neighbours;
  std::size_t nodes() const { return starts.size() - 1; }
};

/// Every node sums up its neighbours. A width that the compiler knows keeps the sums in registers.
template <std::size_t Width>
void gather(const Direction& to_from, const RealMatrix& from, RealMatrix& to) {
  const std::size_t width = Width ? Width : from.columns;
  for (std::size_t i = 0; i < to_from.nodes(); ++i) {
    double* __restrict out = to.values.data() + i * width;
    std::array<double, Width ? Width : 1> sums{};
    for (std::size_t l = to_from.starts[i]; l < to_from.starts[i + 1]; ++l) {
      const double* __restrict in = from.values.data() + to_from.neighbours[l].node * width;
      const double weight = to_from.neighbours[l].weight;
      double* __restrict sum = Width ? sums.data() : out;
      for (std::size_t k = 0; k < width; ++k) sum[k] += weight * in[k];
    }
    if (Width) std::copy(sums.begin(), sums.end(), out);
  }
}

/// Every node that holds something gives to its neighbours: the same sums in the same order.
void scatter(const Direction& from_to, const std::vector<std::size_t>& holders, const RealMatrix& from,
             RealMatrix& to) {
  const std::size_t width = from.columns;
  for (const auto i : holders) {
    const double* in = from.values.data() + i * width;
    for (std::size_t l = from_to.starts[i]; l < from_to.starts[i + 1]; ++l) {
      double* out = to.values.data() + from_to.neighbours[l].node * width;
      for (std::size_t k = 0; k < width; ++k) out[k] += from_to.neighbours[l].weight * in[k];
    }
  }
}

RealMatrix multiplied(const Direction& to_from, const Direction& from_to, const RealMatrix& from) {
  RealMatrix to(to_from.nodes(), from.columns);
  std::vector<std::size_t> holders;
  std::size_t links = 0;
  for (std::size_t i = 0; i < from.rows; ++i) {
    const double* in = from.values.data() + i * from.columns;
    if (std::all_of(in, in + from.columns, [](double x) { return x == 0; })) continue;
    holders.push_back(i);
    links += from_to.starts[i + 1] - from_to.starts[i];
  }
  constexpr std::size_t dearer = 3;  // a sum in memory costs more than one in registers
  if (dearer * links < to_from.neighbours.size()) {
    scatter(from_to, holders, from, to);
    return to;
  }
  switch (from.columns) {
    case 1:
      gather<1>(to_from, from, to);
      break;
    case 2:
      gather<2>(to_from, from, to);
      break;
    case 3:
      gather<3>(to_from, from, to);
      break;
    case 4:
      gather<4>(to_from, from, to);
      break;
    case 5:
      gather<5>(to_from, from, to);
      break;
    case 6:
      gather<6>(to_from, from, to);
      break;
    default:
      gather<0>(to_from, from, to);
  }
  return to;
}

void check_lines(std::size_t given, std::size_t expected) {
  if (given != expected)
    throw UsageError(fmt::format("{} lines for {} nodes of a step of a metapath", given, expected));
}

}  // namespace

Bipartite::Bipartite(std::size_t rows, std::size_t columns, std::vector<Link> links, double damping) {
  for (const auto& link : links) check(link, rows, columns);
  unite(links, rows, columns);
  row_starts_.assign(rows + 1, 0);
  column_starts_.assign(columns + 1, 0);
  for (const auto& link : links) {
    ++row_starts_[link.row + 1];
    ++column_starts_[link.column + 1];
  }
  const auto row_factor = degree_factors(row_starts_, damping),
             column_factor = degree_factors(column_starts_, damping);
  for (std::size_t i = 0; i < rows; ++i) row_starts_[i + 1] += row_starts_[i];
  for (std::size_t j = 0; j < columns; ++j) column_starts_[j + 1] += column_starts_[j];

  of_rows_.reserve(links.size());
  of_columns_.resize(links.size());
  auto place = column_starts_;
  for (const auto& link : links) {
    const double weight = link.weight * row_factor[link.row] * column_factor[link.column];
    of_rows_.push_back({link.column, weight});
    of_columns_[place[link.column]++] = {link.row, weight};
  }
}

Bipartite Bipartite::symmetric(std::size_t nodes, const std::vector<Link>& links, double damping) {
  std::vector<Link> both;
  both.reserve(2 * links.size());
  for (const auto& link : links) {
    check(link, nodes, nodes);
    if (link.row == link.column) continue;
    both.push_back(link);
    both.push_back({link.column, link.row, link.weight});
  }
  return Bipartite(nodes, nodes, std::move(both), damping);
}

Bipartite Bipartite::with_unit_rows() const {
  Bipartite unit = *this;
  std::vector<double> factors(rows(), 0.0);
  for (std::size_t i = 0; i < rows(); ++i) {
    double squares = 0;
    for (const auto& next : of_row(i)) squares += next.weight * next.weight;
    if (squares > 0) factors[i] = 1 / std::sqrt(squares);
    for (std::size_t l = row_starts_[i]; l < row_starts_[i + 1]; ++l) unit.of_rows_[l].weight *= factors[i];
  }
  for (auto& back : unit.of_columns_) back.weight *= factors[back.node];
  return unit;
}

Bipartite::Neighbours Bipartite::of_row(std::size_t row) const {
  return {of_rows_.data() + row_starts_[row], of_rows_.data() + row_starts_[row + 1]};
}

Bipartite::Neighbours Bipartite::of_column(std::size_t column) const {
  return {of_columns_.data() + column_starts_[column], of_columns_.data() + column_starts_[column + 1]};
}

RealMatrix Bipartite::to_rows(const RealMatrix& of_columns) const {
  check_lines(of_columns.rows, columns());
  if (row_starts_.empty()) return RealMatrix(0, of_columns.columns);
  return multiplied({row_starts_, of_rows_}, {column_starts_, of_columns_}, of_columns);
}

RealMatrix Bipartite::to_columns(const RealMatrix& of_rows) const {
  check_lines(of_rows.rows, rows());
  if (column_starts_.empty()) return RealMatrix(0, of_rows.columns);
  return multiplied({column_starts_, of_columns_}, {row_starts_, of_rows_}, of_rows);
}

}  // namespace theriac::repurpose
