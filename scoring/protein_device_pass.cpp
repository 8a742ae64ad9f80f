// The ProteinDevice in LibTorch. Part of the library of networks.
//
// Rows are packed one behind another, as in ProteinEngine; only attention pads them to the longest of a
// batch, which holds rows of like length.
#include <fmt/format.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "chem/error.hpp"
#include "scoring/protein_device.hpp"
#include "scoring/torch_device.hpp"

namespace theriac::scoring {
namespace {

// Of a batch. Scores of attention are the largest thing in memory: 2^26 of them are 256 MB.
constexpr std::size_t tokens_together = 16384, scores_together = std::size_t{1} << 26;

std::size_t at(std::int64_t i) {
  return static_cast<std::size_t>(i);
}

struct Linear {
  torch::Tensor weight, bias;  ///< bias: undefined without
  torch::Tensor operator()(const torch::Tensor& x) const {
    return bias.defined() ? torch::addmm(bias, x, weight.t()) : torch::mm(x, weight.t());
  }
};

struct Norm {
  torch::Tensor weight, bias;
};

struct Layer {
  Norm norm, second_norm;
  Linear query, key, value, output, up, down;
};

/// Some rows, padded in attention only: N tokens, B rows, the longest of L.
struct Batch {
  std::int64_t rows = 0, longest = 0;
  torch::Tensor token, position;  ///< int64 [N]
  torch::Tensor scale;            ///< float [N, 1]: what token dropout makes of an embedding
  torch::Tensor slot;             ///< int64 [N]: row x L + place
  torch::Tensor unseen;           ///< bool [B, 1, 1 or L, L]: what a token does not attend to
};

class Pass final : public ProteinDevice {
 public:
  Pass(const ProteinWeights& w, const torch::Device& device)
      : shape_(w.shape), device_(device), mask_(w.tokens.mask()) {
    const torch::InferenceMode inference;
    const std::int64_t d = shape_.width;
    embedding_ = matrix(w.embedding, d);
    if (!w.position_embedding.empty()) position_embedding_ = matrix(w.position_embedding, d);
    if (shape_.rotary)
      frequencies_ =
          torch::tensor(w.rotary_frequencies, torch::TensorOptions().dtype(torch::kFloat64).device(device_));
    if (shape_.norm_embedding) embedding_norm_ = norm(w.embedding_norm);
    final_norm_ = norm(w.final_norm);
    for (const auto& l : w.layers) {
      Layer layer{norm(l.norm),       {},
                  linear(l.query, d), linear(l.key, d),
                  linear(l.value, d), linear(l.output, d),
                  linear(l.up, d),    linear(l.down, shape_.inner)};
      if (!shape_.parallel) layer.second_norm = norm(l.second_norm);
      layers_.push_back(std::move(layer));
    }
    if (!shape_.columns) return;
    if (shape_.dense_before_head) dense_ = linear(w.dense, d), dense_norm_ = norm(w.dense_norm);
    head_ = linear({w.head.weight.empty() ? w.embedding : w.head.weight, w.head.bias}, d);
  }

  std::vector<float> hidden_states(const std::vector<TokenRow>& rows) const override {
    return on_device([&] {
      std::vector<std::size_t> first(rows.size() + 1), order(rows.size());
      for (std::size_t r = 0; r < rows.size(); ++r) first[r + 1] = first[r] + rows[r].tokens.size();
      std::iota(order.begin(), order.end(), std::size_t{0});
      std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return rows[a].tokens.size() > rows[b].tokens.size();
      });
      std::vector<float> out(first.back() * at(shape_.width));
      for (std::size_t begin = 0; begin < order.size();) {
        const std::size_t end = batch_end(rows, order, begin);
        const std::vector<std::size_t> some(order.begin() + static_cast<std::ptrdiff_t>(begin),
                                            order.begin() + static_cast<std::ptrdiff_t>(end));
        const auto states = states_of(batch_of(rows, some)).cpu().contiguous();
        const float* from = states.data_ptr<float>();
        for (const std::size_t r : some) {
          const std::size_t count = rows[r].tokens.size() * at(shape_.width);
          std::copy(from, from + count,
                    out.begin() + static_cast<std::ptrdiff_t>(first[r] * at(shape_.width)));
          from += count;
        }
        begin = end;
      }
      return out;
    });
  }

  std::vector<float> logits(const std::vector<float>& hidden) const override {
    return on_device([&] {
      if (hidden.empty()) return std::vector<float>{};
      auto x = sent(hidden, device_).view({-1, shape_.width});
      if (shape_.dense_before_head) x = normed(dense_norm_, gelu(dense_(x)));
      x = head_(x).cpu().contiguous();
      const float* numbers = x.data_ptr<float>();
      return std::vector<float>(numbers, numbers + x.numel());
    });
  }

 private:
  template <typename Work>
  std::vector<float> on_device(const Work& work) const {
    const torch::InferenceMode inference;
    try {
      return work();
    } catch (const c10::Error& fault) {
      throw DeviceError(
          fmt::format("the protein model failed on '{}': {}", device_.str(), fault.what_without_backtrace()),
          "--device cpu needs no LibTorch and little memory");
    }
  }

  torch::Tensor matrix(const std::vector<float>& numbers, std::int64_t columns) const {
    const auto rows = static_cast<std::int64_t>(numbers.size()) / columns;
    return torch::from_blob(const_cast<float*>(numbers.data()), {rows, columns}, torch::kFloat32)
        .clone()
        .to(device_);
  }
  torch::Tensor row(const std::vector<float>& numbers) const {
    return matrix(numbers, static_cast<std::int64_t>(numbers.size())).squeeze(0);
  }
  Linear linear(const LinearLayer& layer, std::int64_t inputs) const {
    return {matrix(layer.weight, inputs), layer.bias.empty() ? torch::Tensor() : row(layer.bias)};
  }
  Norm norm(const NormLayer& layer) const { return {row(layer.weight), row(layer.bias)}; }
  torch::Tensor normed(const Norm& norm, const torch::Tensor& x) const {
    return torch::layer_norm(x, {x.size(1)}, norm.weight, norm.bias, shape_.epsilon);
  }
  torch::Tensor gelu(const torch::Tensor& x) const {
    return torch::gelu(x, shape_.tanh_gelu ? "tanh" : "none");
  }

  /// How many of the rows, longest first, go together from `begin` on.
  std::size_t batch_end(const std::vector<TokenRow>& rows, const std::vector<std::size_t>& order,
                        std::size_t begin) const {
    const std::size_t longest = std::max<std::size_t>(1, rows[order[begin]].tokens.size());
    const std::size_t fit =
        std::min(tokens_together / longest, scores_together / (longest * longest * at(shape_.heads)));
    return std::min(order.size(), begin + std::max<std::size_t>(1, fit));
  }

  Batch batch_of(const std::vector<TokenRow>& rows, const std::vector<std::size_t>& some) const {
    Batch out;
    out.rows = static_cast<std::int64_t>(some.size());
    std::vector<std::int64_t> lengths;
    for (const std::size_t r : some) lengths.push_back(static_cast<std::int64_t>(rows[r].tokens.size()));
    out.longest = std::max(out.longest, *std::max_element(lengths.begin(), lengths.end()));
    const std::int64_t count = std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0});
    const auto numbers = staged({3, count}, torch::kInt64, device_);
    const auto scales = staged({count, 1}, torch::kFloat32, device_);
    auto* token = numbers.data_ptr<std::int64_t>();
    auto *position = token + count, *slot = position + count;
    auto* scale = scales.data_ptr<float>();
    for (std::int64_t b = 0; b < out.rows; ++b) {
      const TokenRow& row = rows[some[at(b)]];
      const auto masks = std::count(row.tokens.begin(), row.tokens.end(), mask_);
      const float share = static_cast<float>(masks) / static_cast<float>(row.tokens.size());
      // 0.12 = 0.15 x 0.8: the share of tokens that were masked in training
      const float dropout = shape_.token_dropout ? (1.0f - 0.15f * 0.8f) / (1.0f - share) : 1.0f;
      for (std::size_t i = 0; i < row.tokens.size(); ++i) {
        *token++ = row.tokens[i];
        *position++ = row.positions[i];
        *slot++ = b * out.longest + static_cast<std::int64_t>(i);
        *scale++ = shape_.token_dropout && row.tokens[i] == mask_ ? 0.0f : dropout;
      }
    }
    const auto there = sent(numbers, device_);
    out.token = there[0], out.position = there[1], out.slot = there[2];
    out.scale = sent(scales, device_);
    const auto place = torch::arange(out.longest, there.options());
    out.unseen = place.unsqueeze(0).ge(sent(lengths, device_).unsqueeze(1));  // [B, L]
    out.unseen = out.unseen.unsqueeze(1).unsqueeze(1);
    if (shape_.causal) out.unseen = out.unseen | place.unsqueeze(0).gt(place.unsqueeze(1));
    return out;
  }

  /// [N, width] turned by the angles of the tokens, [N, 1, rotary / 2].
  torch::Tensor turned(const torch::Tensor& x, const torch::Tensor& cosine, const torch::Tensor& sine) const {
    const std::int64_t half = shape_.rotary / 2;
    const auto heads = x.view({x.size(0), shape_.heads, shape_.head_width()});
    const auto part = heads.slice(2, 0, shape_.rotary), rest = heads.slice(2, shape_.rotary);
    const bool pairs = shape_.positions == PositionKind::rotary_pairs;
    const auto a = pairs ? part.slice(2, 0, shape_.rotary, 2) : part.slice(2, 0, half);
    const auto b = pairs ? part.slice(2, 1, shape_.rotary, 2) : part.slice(2, half);
    const auto c = a * cosine - b * sine, e = b * cosine + a * sine;
    const auto both = pairs ? torch::stack({c, e}, 3).reshape(part.sizes()) : torch::cat({c, e}, 2);
    return torch::cat({both, rest}, 2).reshape({x.size(0), x.size(1)});
  }

  /// [N, width] to [B, heads, L, head width]; 0 where a row has ended.
  torch::Tensor spread(const torch::Tensor& x, const Batch& batch) const {
    const auto padded = torch::zeros({batch.rows * batch.longest, x.size(1)}, x.options());
    return padded.index_copy(0, batch.slot, x)
        .view({batch.rows, batch.longest, shape_.heads, shape_.head_width()})
        .transpose(1, 2);
  }

  torch::Tensor attended(const Layer& layer, const torch::Tensor& x, const Batch& batch,
                         const torch::Tensor& cosine, const torch::Tensor& sine) const {
    auto query = layer.query(x), key = layer.key(x);
    if (shape_.rotary) query = turned(query, cosine, sine), key = turned(key, cosine, sine);
    auto scores = torch::matmul(spread(query, batch), spread(key, batch).transpose(2, 3));
    if (shape_.scale_scores) scores = scores / std::sqrt(static_cast<double>(shape_.head_width()));
    scores = scores.masked_fill(batch.unseen, -std::numeric_limits<float>::infinity());
    const auto seen = torch::matmul(torch::softmax(scores, 3), spread(layer.value(x), batch));
    const auto rows = seen.transpose(1, 2).reshape({batch.rows * batch.longest, shape_.width});
    return layer.output(rows.index_select(0, batch.slot));
  }

  torch::Tensor states_of(const Batch& batch) const {
    auto x = torch::embedding(embedding_, batch.token) * batch.scale;
    if (shape_.positions == PositionKind::learned)
      x = x + torch::embedding(position_embedding_, batch.position);
    if (shape_.norm_embedding) x = normed(embedding_norm_, x);
    torch::Tensor cosine, sine;
    if (shape_.rotary) {
      const auto angle = torch::outer(batch.position.to(torch::kFloat64), frequencies_).unsqueeze(1);
      cosine = angle.cos().to(torch::kFloat32), sine = angle.sin().to(torch::kFloat32);
    }
    for (const Layer& layer : layers_) {
      const auto before = normed(layer.norm, x);
      x = x + attended(layer, before, batch, cosine, sine);
      const auto inner = shape_.parallel ? before : normed(layer.second_norm, x);
      x = x + layer.down(gelu(layer.up(inner)));
    }
    return normed(final_norm_, x);
  }

  ProteinShape shape_;
  torch::Device device_;
  int mask_;
  torch::Tensor embedding_, position_embedding_, frequencies_;
  Norm embedding_norm_, final_norm_, dense_norm_;
  std::vector<Layer> layers_;
  Linear dense_, head_;
};

class Maker final : public ProteinDeviceMaker {
  std::unique_ptr<ProteinDevice> make(const ProteinWeights& weights,
                                      const std::string& device) const override {
    return std::make_unique<Pass>(weights, found_device(device));
  }
};

}  // namespace

const ProteinDeviceMaker& protein_device_maker() {
  static const Maker maker;
  return maker;
}

}  // namespace theriac::scoring
