#include "generative/protein_network.hpp"

#include <fmt/format.h>
#include <torch/nn/functional/activation.h>
#include <torch/nn/functional/normalization.h>

#include <cmath>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "generative/packed_attention.hpp"
#include "scoring/torch_device.hpp"

namespace theriac::generative {
namespace {

constexpr double epsilon = 1e-5;

torch::Tensor normal(const std::string& name, std::vector<std::int64_t> sizes, double deviation,
                     std::uint64_t seed) {
  auto out = torch::zeros(sizes);
  chem::CounterRandom random(seed, name, "weights");
  float* numbers = out.data_ptr<float>();
  for (std::int64_t i = 0; deviation > 0 && i < out.numel(); ++i)
    numbers[i] = static_cast<float>(deviation * random.normal());
  return out;
}

void check(const ProteinShape& s) {
  if (s.layers < 1 || s.width < 8 || s.heads < 8 || s.heads % 8 != 0 || s.width % s.heads != 0)
    throw UsageError(fmt::format("a network of {} layers, width {} and {} heads does not exist", s.layers,
                                 s.width, s.heads),
                     "the number of heads is a multiple of 8, the width a multiple of the heads");
  if (s.rotary < 2 || s.rotary % 2 != 0 || s.rotary > s.width / s.heads)
    throw UsageError(fmt::format("{} rotating numbers of {} in a head", s.rotary, s.width / s.heads),
                     "an even number, not more than width / heads");
}

}  // namespace

ProteinTensors protein_tensors(const ProteinRows& rows, std::int64_t first, std::int64_t last,
                               const torch::Device& device) {
  const auto length = static_cast<std::size_t>(rows.length);
  ProteinTensors out;
  std::vector<std::int64_t> tokens, learned, targets;
  for (std::size_t i = static_cast<std::size_t>(first) * length; i < static_cast<std::size_t>(last) * length;
       ++i) {
    if (rows.segment[i] < 0) continue;
    const auto n = static_cast<std::int64_t>(tokens.size());
    if (i % length == 0 || rows.segment[i] != rows.segment[i - 1]) out.bounds.push_back(n);
    tokens.push_back(rows.token[i]);
    out.place.push_back(i);
    if (rows.target[i] == protein_token::padding) continue;
    learned.push_back(n);
    out.target_place.push_back(i);
    targets.push_back(rows.target[i]);
  }
  out.bounds.push_back(static_cast<std::int64_t>(tokens.size()));
  out.token = scoring::sent(tokens, device);
  out.learned = scoring::sent(learned, device);
  out.target = scoring::sent(targets, device);
  return out;
}

ProteinNetwork::ProteinNetwork(const ProteinShape& s, std::uint64_t seed, const torch::Device& place,
                               bool own)
    : shape(s), device(place), own_kernels(own) {
  check(s);
  const std::int64_t d = s.width;
  const double deviation = 1 / std::sqrt(3.0 * static_cast<double>(d));
  const auto made = [&](const std::string& name, std::vector<std::int64_t> sizes, double dev) {
    names.push_back(name);
    parameters.push_back(normal(name, std::move(sizes), dev, seed).to(device).requires_grad_(true));
    return parameters.back();
  };
  const auto ones = [&](const std::string& name) {
    names.push_back(name);
    parameters.push_back(torch::ones({d}).to(device).requires_grad_(true));
    return parameters.back();
  };
  embedding_ = made("transformer.wte.weight", {protein_token::table_size, d}, 0.5);
  for (int i = 0; i < s.layers; ++i) {
    const std::string p = fmt::format("transformer.h.{}.", i);
    Layer l;
    l.norm_weight = ones(p + "ln_1.weight");
    l.norm_bias = made(p + "ln_1.bias", {d}, 0);
    l.qkv = made(p + "attn.qkv_proj.weight", {3 * d, d}, deviation);
    l.out = made(p + "attn.out_proj.weight", {d, d}, 0);
    l.in_weight = made(p + "mlp.fc_in.weight", {4 * d, d}, deviation);
    l.in_bias = made(p + "mlp.fc_in.bias", {4 * d}, 0);
    l.back_weight = made(p + "mlp.fc_out.weight", {d, 4 * d}, 0);
    l.back_bias = made(p + "mlp.fc_out.bias", {d}, 0);
    layers_.push_back(l);
  }
  final_weight_ = ones("transformer.ln_f.weight");
  final_bias_ = made("transformer.ln_f.bias", {d}, 0);
  head_weight_ = made("lm_head.weight", {protein_token::table_size, d}, 0);
  head_bias_ = made("lm_head.bias", {protein_token::table_size}, 0);
  const auto frequency = torch::pow(10000.0, torch::arange(0, s.rotary, 2, torch::kFloat64) / -s.rotary);
  const auto angle = torch::outer(torch::arange(0, s.positions, torch::kFloat64), frequency);
  cosines_ = angle.cos().to(torch::kFloat32).to(device);
  sines_ = angle.sin().to(torch::kFloat32).to(device);
}

bool ProteinNetwork::is_matrix(std::size_t i) const {
  return parameters[i].dim() == 2 && names[i].rfind("transformer.h.", 0) == 0;
}

torch::Tensor ProteinNetwork::logits(const ProteinTensors& batch, const torch::Tensor& places) const {
  const std::int64_t d = shape.width;
  for (std::size_t s = 0; s + 1 < batch.bounds.size(); ++s)
    if (batch.bounds[s + 1] - batch.bounds[s] > shape.positions)
      throw UsageError(fmt::format("{} tokens at once, and the network has {} positions",
                                   batch.bounds[s + 1] - batch.bounds[s], shape.positions));
  const auto attention = own_kernels ? packed_attention : plain_attention;
  auto x = torch::embedding(embedding_, batch.token);
  for (const Layer& l : layers_) {
    const auto h = torch::layer_norm(x, {d}, l.norm_weight, l.norm_bias, epsilon);
    const auto inner = torch::gelu(torch::addmm(l.in_bias, h, l.in_weight.t()), "tanh");
    const auto seen = attention(torch::mm(h, l.qkv.t()), batch.bounds, shape.heads, cosines_, sines_);
    x = x + torch::mm(seen, l.out.t()) + torch::addmm(l.back_bias, inner, l.back_weight.t());
  }
  if (places.defined()) x = x.index_select(0, places);
  x = torch::layer_norm(x, {d}, final_weight_, final_bias_, epsilon);
  return torch::addmm(head_bias_, x, head_weight_.t());
}

}  // namespace theriac::generative
