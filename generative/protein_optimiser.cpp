#include "generative/protein_optimiser.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

#include "chem/error.hpp"
#include "generative/plain_adam.hpp"
#include "generative/policy_kernels.hpp"
#include "generative/policy_network.hpp"

namespace theriac::generative {
namespace {

constexpr double beta1 = 0.9, beta2 = 0.95, adam_epsilon = 1e-10, momentum = 0.95, first_momentum = 0.85;
constexpr double momentum_steps = 300;         // over which the momentum rises
constexpr std::int64_t tokens_at_once = 1024;  // of a micro-batch: its numbers stay in the cache

}  // namespace

torch::Tensor orthogonalised(const torch::Tensor& matrix) {
  constexpr double a = 3.4445, b = -4.7750, c = 2.0315;
  const bool tall = matrix.size(0) > matrix.size(1);
  auto x = tall ? matrix.t().contiguous() : matrix;
  x = x / (x.norm() + 1e-7);
  for (int i = 0; i < 5; ++i) {
    const auto s = torch::mm(x, x.t());
    x = a * x + torch::mm(b * s + c * torch::mm(s, s), x);
  }
  return tall ? x.t().contiguous() : x;
}

ProteinOptimiser::ProteinOptimiser(ProteinNetwork& network, const ProteinTrainingOptions& options)
    : network_(network), options_(options) {
  for (std::size_t i = 0; i < network.parameters.size(); ++i) {
    mean.push_back(torch::zeros_like(network.parameters[i]));
    square.push_back(network.is_matrix(i) ? torch::zeros({0}) : torch::zeros_like(network.parameters[i]));
  }
}

double ProteinOptimiser::step(const ProteinRows& rows, double part, std::int64_t& learned) {
  const TorchThreads single(1);
  const std::int64_t tokens = network_.own_kernels ? tokens_at_once : ProteinNetwork::tokens_on_device;
  const std::int64_t rows_at_once = std::max<std::int64_t>(1, tokens / rows.length);
  const auto shards = static_cast<std::size_t>((rows.rows + rows_at_once - 1) / rows_at_once);
  learned = std::count_if(rows.target.begin(), rows.target.end(),
                          [](std::uint8_t t) { return t != protein_token::padding; });
  if (learned == 0) return 0;
  std::vector<std::vector<torch::Tensor>> slopes(shards);
  std::vector<double> sums(shards, 0);
  const auto work = [&](std::size_t s) {
    const TorchThreads one(1);
    const auto first = static_cast<std::int64_t>(s) * rows_at_once;
    const auto batch =
        protein_tensors(rows, first, std::min(rows.rows, first + rows_at_once), network_.device);
    if (batch.learned.size(0) == 0) return;
    const auto loss = torch::cross_entropy_loss(network_.logits(batch, batch.learned), batch.target, {}, 1);
    const auto share = static_cast<double>(batch.learned.size(0));
    sums[s] = loss.item<double>() * share;
    slopes[s] = torch::autograd::grad({loss * (share / static_cast<double>(learned))}, network_.parameters);
  };
  std::vector<torch::Tensor> total;
  double sum = 0;
  const auto add = [&](std::size_t s) {  // in order
    const torch::NoGradGuard no_gradients;
    sum += sums[s];
    if (slopes[s].empty()) return;
    if (total.empty())
      for (const auto& slope : slopes[s]) total.push_back(slope.contiguous().clone());
    else
      for (std::size_t i = 0; i < total.size(); ++i) total[i].add_(slopes[s][i]);
    slopes[s].clear();
  };
  if (network_.own_kernels) tbb::parallel_for(std::size_t{0}, shards, work);
  for (std::size_t s = 0; s < shards; ++s) {
    if (!network_.own_kernels) work(s);  // one after another, so that a GPU holds one's numbers at a time
    add(s);
  }
  const torch::NoGradGuard no_gradients;
  if (!std::isfinite(sum))
    throw ModelError("the loss is no longer a number", "continue from a checkpoint with a lower rate");
  update(total, part);
  return sum;
}

void ProteinOptimiser::update(const std::vector<torch::Tensor>& slopes, double part) {
  ++steps;
  const auto t = static_cast<double>(steps);
  const double rise = std::min(1.0, t / momentum_steps);
  const double m = first_momentum + (momentum - first_momentum) * rise;
  const AdamRates rates{static_cast<float>(options_.rate * part),
                        static_cast<float>(beta1),
                        static_cast<float>(beta2),
                        static_cast<float>(adam_epsilon),
                        static_cast<float>(1 - std::pow(beta1, t)),
                        static_cast<float>(1 - std::pow(beta2, t))};
  for (std::size_t i = 0; i < slopes.size(); ++i) {
    auto& weights = network_.parameters[i];
    if (!network_.is_matrix(i) && !network_.own_kernels) {
      plain_adam_step(weights, slopes[i], mean[i], square[i], rates);
      continue;
    }
    if (!network_.is_matrix(i)) {
      adam_step(weights.numel(), weights.data_ptr<float>(), slopes[i].data_ptr<float>(), 1,
                mean[i].data_ptr<float>(), square[i].data_ptr<float>(), rates);
      continue;
    }
    mean[i].mul_(m).add_(slopes[i], 1 - m);
    const auto direction = orthogonalised(slopes[i] * (1 - m) + mean[i] * m);  // Nesterov's look ahead
    const double tall =
        std::max(1.0, static_cast<double>(weights.size(0)) / static_cast<double>(weights.size(1)));
    const double rate = options_.matrix_rate * part;
    if (options_.weight_decay > 0) weights.mul_(1 - rate * options_.weight_decay);
    weights.add_(direction, -rate * std::sqrt(tall));
  }
}

}  // namespace theriac::generative
