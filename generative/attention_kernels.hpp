// The loops of causal attention that no matrix product covers, on plain arrays: rotary positions, softmax
// over what came before, and their ways back.
//
// Compiled for several instruction sets and chosen at run time; every set gives the same bytes.
#pragma once
#include <cstdint>

namespace theriac::generative {

/// Where the numbers of a head stand in a row: group by group, query, value, key, as ProGen2 has it.
struct HeadLayout {
  std::int64_t heads, head, rotary;  ///< how many, numbers of one, those that turn
  std::int64_t width() const { return heads * head; }
  /// First number of head h in a row of 3 * width.
  std::int64_t query(std::int64_t h) const {
    const std::int64_t per_group = heads / 8, group = 3 * per_group * head;
    return h / per_group * group + h % per_group * head;
  }
  std::int64_t value(std::int64_t h) const { return query(h) + heads / 8 * head; }
  std::int64_t key(std::int64_t h) const { return query(h) + 2 * (heads / 8) * head; }
};

/// Rows [n][3 width] to query, value and key [heads][n][head]. Pairs of neighbours of the first `rotary`
/// numbers of query and key turn by their angle; `cosines`, `sines` [n][rotary / 2]. The query is multiplied
/// by `scale`.
void part_heads(std::int64_t n, const HeadLayout& layout, const float* rows, const float* cosines,
                const float* sines, float scale, float* query, float* value, float* key);
/// The way back: slopes [heads][n][head] to slopes of the rows.
void join_heads(std::int64_t n, const HeadLayout& layout, const float* query, const float* value,
                const float* key, const float* cosines, const float* sines, float scale, float* rows);

/// `scores` [n][n] of one head: softmax of row i over columns 0..i, in place; zero beyond.
void causal_softmax(std::int64_t n, float* scores);
/// Its way back: `slopes` of the weights become slopes of the scores, in place.
void causal_softmax_back(std::int64_t n, const float* weights, float* slopes);

}  // namespace theriac::generative
