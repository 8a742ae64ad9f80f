#include "scoring/protein_reference.hpp"

#include <algorithm>
#include <cmath>

namespace theriac::scoring {
namespace {

using Matrix = std::vector<std::vector<double>>;  // one row a token
using Row = std::vector<double>;

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

Row linear(const LinearLayer& layer, const Row& x) {
  const std::size_t outputs = layer.weight.size() / x.size();
  Row y(outputs);
  for (std::size_t j = 0; j < outputs; ++j) {
    double sum = layer.bias.empty() ? 0.0 : layer.bias[j];
    for (std::size_t k = 0; k < x.size(); ++k) sum += layer.weight[j * x.size() + k] * x[k];
    y[j] = sum;
  }
  return y;
}

Row normalised(const NormLayer& norm, const Row& x, double epsilon) {
  double mean = 0, variance = 0;
  for (const double value : x) mean += value;
  mean /= static_cast<double>(x.size());
  for (const double value : x) variance += (value - mean) * (value - mean);
  variance /= static_cast<double>(x.size());
  Row y(x.size());
  for (std::size_t k = 0; k < x.size(); ++k)
    y[k] = (x[k] - mean) / std::sqrt(variance + epsilon) * norm.weight[k] + norm.bias[k];
  return y;
}

double gelu(double x, bool tanh_form) {
  if (!tanh_form) return 0.5 * x * (1 + std::erf(x / std::sqrt(2.0)));
  return 0.5 * x * (1 + std::tanh(std::sqrt(2.0 / M_PI) * (x + 0.044715 * x * x * x)));
}

void gelu(Row& x, bool tanh_form) {
  for (double& value : x) value = gelu(value, tanh_form);
}

void add(Row& x, const Row& y) {
  for (std::size_t k = 0; k < x.size(); ++k) x[k] += y[k];
}

/// Turns the first `rotary` entries of each head by the angle position x frequency.
void rotate(Row& x, int position, const ProteinWeights& weights) {
  const ProteinShape& s = weights.shape;
  const int half = s.rotary / 2;
  for (int head = 0; head < s.heads; ++head)
    for (int i = 0; i < half; ++i) {
      const double angle = position * weights.rotary_frequencies[at(i)];
      const bool pairs = s.positions == PositionKind::rotary_pairs;
      double& a = x[at(head * s.head_width() + (pairs ? 2 * i : i))];
      double& b = x[at(head * s.head_width() + (pairs ? 2 * i + 1 : i + half))];
      const double turned = a * std::cos(angle) - b * std::sin(angle);
      b = b * std::cos(angle) + a * std::sin(angle);
      a = turned;
    }
}

Matrix embedded(const ProteinWeights& w, const std::vector<int>& tokens, const std::vector<int>& positions) {
  const ProteinShape& s = w.shape;
  const auto masks = std::count(tokens.begin(), tokens.end(), w.tokens.mask());
  const double share = static_cast<double>(masks) / static_cast<double>(tokens.size());
  Matrix x;
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    Row row(at(s.width));
    for (int k = 0; k < s.width; ++k) row[at(k)] = w.embedding[at(tokens[t] * s.width + k)];
    // 0.12 = 0.15 x 0.8: the share of tokens that were masked in training
    if (s.token_dropout)
      for (double& value : row)
        value = tokens[t] == w.tokens.mask() ? 0.0 : value * (1 - 0.15 * 0.8) / (1 - share);
    if (s.positions == PositionKind::learned)
      for (int k = 0; k < s.width; ++k) row[at(k)] += w.position_embedding[at(positions[t] * s.width + k)];
    if (s.norm_embedding) row = normalised(w.embedding_norm, row, s.epsilon);
    x.push_back(std::move(row));
  }
  return x;
}

/// Weighted mean of the values that one token and one head attend to.
void attend(const Matrix& queries, const Matrix& keys, const Matrix& values, std::size_t t, int head,
            const ProteinShape& s, Row& out) {
  const int width = s.head_width(), first = head * width;
  const std::size_t end = s.causal ? t + 1 : keys.size();
  Row scores(end);
  for (std::size_t u = 0; u < end; ++u) {
    for (int k = 0; k < width; ++k) scores[u] += queries[t][at(first + k)] * keys[u][at(first + k)];
    if (s.scale_scores) scores[u] /= std::sqrt(static_cast<double>(width));
  }
  const double largest = *std::max_element(scores.begin(), scores.end());
  double sum = 0;
  for (double& score : scores) sum += score = std::exp(score - largest);
  for (std::size_t u = 0; u < end; ++u)
    for (int k = 0; k < width; ++k) out[at(first + k)] += scores[u] / sum * values[u][at(first + k)];
}

void apply_layer(const ProteinWeights& w, const ProteinLayer& layer, const std::vector<int>& positions,
                 Matrix& x) {
  const ProteinShape& s = w.shape;
  Matrix normed, queries, keys, values;
  for (std::size_t t = 0; t < x.size(); ++t) {
    normed.push_back(normalised(layer.norm, x[t], s.epsilon));
    queries.push_back(linear(layer.query, normed[t]));
    keys.push_back(linear(layer.key, normed[t]));
    values.push_back(linear(layer.value, normed[t]));
    if (s.rotary) rotate(queries[t], positions[t], w);
    if (s.rotary) rotate(keys[t], positions[t], w);
  }
  for (std::size_t t = 0; t < x.size(); ++t) {
    Row attended(at(s.width));
    for (int head = 0; head < s.heads; ++head) attend(queries, keys, values, t, head, s, attended);
    add(x[t], linear(layer.output, attended));
    Row inner = linear(layer.up, s.parallel ? normed[t] : normalised(layer.second_norm, x[t], s.epsilon));
    gelu(inner, s.tanh_gelu);
    add(x[t], linear(layer.down, inner));
  }
}

Row flat(const Matrix& x) {
  Row out;
  for (const auto& row : x) out.insert(out.end(), row.begin(), row.end());
  return out;
}

}  // namespace

std::vector<int> default_positions(const ProteinShape& shape, int padding, const std::vector<int>& tokens) {
  std::vector<int> out;
  const bool table_of_esm = shape.family == ProteinFamily::esm && shape.positions == PositionKind::learned;
  int next = table_of_esm ? 2 : 0;
  for (const int token : tokens) out.push_back(table_of_esm && token == padding ? 1 : next++);
  return out;
}

ReferenceStates protein_reference(const ProteinWeights& w, const std::vector<int>& tokens,
                                  const std::vector<int>& positions) {
  ReferenceStates out;
  Matrix x = embedded(w, tokens, positions);
  for (const auto& layer : w.layers) {
    out.hidden.push_back(flat(x));
    apply_layer(w, layer, positions, x);
  }
  for (auto& row : x) row = normalised(w.final_norm, row, w.shape.epsilon);
  out.hidden.push_back(flat(x));
  if (!w.shape.columns) return out;
  const LinearLayer head{w.head.weight.empty() ? w.embedding : w.head.weight, w.head.bias};
  for (auto& row : x) {
    if (w.shape.dense_before_head) {
      row = linear(w.dense, row);
      gelu(row, w.shape.tanh_gelu);
      row = normalised(w.dense_norm, row, w.shape.epsilon);
    }
    row = linear(head, row);
  }
  out.logits = flat(x);
  return out;
}

}  // namespace theriac::scoring
