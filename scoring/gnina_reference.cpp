// gnina's networks straight from their definition: one grid, sums in double precision, nothing left out.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "chem/error.hpp"
#include "scoring/gnina_network.hpp"

namespace theriac::scoring {
namespace {

/// channels x edge^3 numbers.
struct Volume {
  int channels = 0, edge = 0;
  std::vector<double> numbers;
  std::size_t points() const { return static_cast<std::size_t>(edge) * edge * edge; }
};

enum class Pooling { mean, maximum };

Volume pooled(const Volume& in, Pooling pooling) {
  Volume out{in.channels, in.edge / 2, {}};
  for (int c = 0; c < in.channels; ++c)
    for (int x = 0; x < out.edge; ++x)
      for (int y = 0; y < out.edge; ++y)
        for (int z = 0; z < out.edge; ++z) {
          double sum = 0, most = -HUGE_VAL;
          for (int i = 0; i < 8; ++i) {
            const int at =
                ((c * in.edge + 2 * x + i / 4) * in.edge + 2 * y + i / 2 % 2) * in.edge + 2 * z + i % 2;
            const double value = in.numbers[static_cast<std::size_t>(at)];
            sum += value;
            most = std::max(most, value);
          }
          out.numbers.push_back(pooling == Pooling::mean ? sum / 8 : most);
        }
  return out;
}

/// Cross-correlation of an odd width with zeros around the volume, then ReLU.
Volume convolved(const Volume& in, const std::vector<float>& weights, const std::vector<float>& bias,
                 int width) {
  const int outputs = static_cast<int>(bias.size()), n = in.edge, reach = width / 2;
  Volume out{outputs, n, std::vector<double>(static_cast<std::size_t>(outputs) * in.points())};
  const float* weight = weights.data();
  for (int o = 0; o < outputs; ++o) {
    double* const to = out.numbers.data() + static_cast<std::size_t>(o) * in.points();
    std::fill(to, to + in.points(), static_cast<double>(bias[static_cast<std::size_t>(o)]));
    for (int c = 0; c < in.channels; ++c) {
      const double* const from = in.numbers.data() + static_cast<std::size_t>(c) * in.points();
      for (int dx = -reach; dx <= reach; ++dx)
        for (int dy = -reach; dy <= reach; ++dy)
          for (int dz = -reach; dz <= reach; ++dz) {
            const double w = static_cast<double>(*weight++);
            for (int x = std::max(0, -dx); x < n - std::max(0, dx); ++x)
              for (int y = std::max(0, -dy); y < n - std::max(0, dy); ++y)
                for (int z = std::max(0, -dz); z < n - std::max(0, dz); ++z)
                  to[(x * n + y) * n + z] += w * from[((x + dx) * n + y + dy) * n + z + dz];
          }
    }
    for (double* value = to; value != to + in.points(); ++value) *value = std::max(0.0, *value);
  }
  return out;
}

Volume normalised(const Volume& in, const GninaWeights& weights, const std::string& name) {
  const auto &scale = weights.numbers(name + ".weight"), &shift = weights.numbers(name + ".bias"),
             &mean = weights.numbers(name + ".running_mean"),
             &variance = weights.numbers(name + ".running_var");
  Volume out = in;
  for (std::size_t c = 0; c < scale.size(); ++c) {
    const double factor = scale[c] / std::sqrt(double(variance[c]) + double(gnina_norm_epsilon));
    for (std::size_t i = c * in.points(); i < (c + 1) * in.points(); ++i)
      out.numbers[i] = (in.numbers[i] - double(mean[c])) * factor + double(shift[c]);
  }
  return out;
}

std::vector<double> linear(const std::vector<double>& in, const std::vector<float>& weights,
                           const std::vector<float>& bias) {
  std::vector<double> out;
  for (std::size_t o = 0; o < bias.size(); ++o) {
    double sum = bias[o];
    for (std::size_t i = 0; i < in.size(); ++i)
      sum += static_cast<double>(weights[o * in.size() + i]) * in[i];
    out.push_back(sum);
  }
  return out;
}

class Trace {
 public:
  explicit Trace(const GninaWeights& weights) : weights_(weights) {}

  Volume convolution(const Volume& in, const std::string& layer, int width) const {
    return convolved(in, weights_.numbers(layer + ".weight"), weights_.numbers(layer + ".bias"), width);
  }
  const Volume& note(const std::string& name, const Volume& volume) {
    layers.push_back({name, {volume.channels, volume.edge, volume.edge, volume.edge}, volume.numbers});
    return volume;
  }
  void heads(const std::vector<double>& features) {
    for (const char* head : {"pose", "affinity"}) {
      const std::string name = head;
      auto numbers = linear(features, weights_.numbers(name + ".weight"), weights_.numbers(name + ".bias"));
      const auto count = static_cast<std::int64_t>(numbers.size());
      layers.push_back({name == "pose" ? "pose logits" : name, {count}, std::move(numbers)});
    }
  }
  const GninaWeights& weights() const { return weights_; }

  std::vector<GninaLayer> layers;

 private:
  const GninaWeights& weights_;
};

void run_default2018(Trace& trace, Volume volume) {
  for (int block = 0; block < 3; ++block) {
    volume = trace.note(fmt::format("pool{}", block + 1), pooled(volume, Pooling::mean));
    for (int layer = 2 * block + 1; layer <= std::min(5, 2 * block + 2); ++layer)
      volume = trace.note(fmt::format("conv{}+relu", layer),
                          trace.convolution(volume, fmt::format("conv{}", layer), layer % 2 ? 3 : 1));
  }
  trace.heads(volume.numbers);
}

void run_dense(Trace& trace, Volume volume) {
  volume = trace.note("pool1", pooled(volume, Pooling::maximum));
  volume = trace.note("init+relu", trace.convolution(volume, "init", 3));
  for (int block = 0; block < gnina_dense_blocks; ++block) {
    for (int i = 0; i < gnina_dense_layers; ++i) {
      const Volume added =
          trace.convolution(normalised(volume, trace.weights(), fmt::format("block{}.bn{}", block, i)),
                            fmt::format("block{}.conv{}", block, i), 3);
      volume.channels += added.channels;
      volume.numbers.insert(volume.numbers.end(), added.numbers.begin(), added.numbers.end());
    }
    trace.note(fmt::format("block{}", block), volume);
    if (block + 1 == gnina_dense_blocks) break;
    volume = trace.note(fmt::format("bottleneck{}+relu", block),
                        trace.convolution(volume, fmt::format("bottleneck{}", block), 1));
    volume = trace.note(fmt::format("pool{}", block + 2), pooled(volume, Pooling::maximum));
  }
  std::vector<double> features;
  for (int c = 0; c < volume.channels; ++c) {
    const auto from =
        volume.numbers.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(c) * volume.points());
    features.push_back(*std::max_element(from, from + static_cast<std::ptrdiff_t>(volume.points())));
  }
  trace.layers.push_back({"global max pool", {volume.channels}, features});
  trace.heads(features);
}

}  // namespace

std::vector<GninaLayer> gnina_reference(const GninaWeights& weights, const std::vector<float>& grid) {
  Volume volume{density_channels, density_points, {grid.begin(), grid.end()}};
  if (grid.size() != static_cast<std::size_t>(density_channels) * volume.points())
    throw UsageError(fmt::format("a grid of {} numbers, {} x {}^3 are needed", grid.size(), density_channels,
                                 density_points));
  Trace trace(weights);
  if (weights.architecture == GninaArchitecture::dense)
    run_dense(trace, std::move(volume));
  else
    run_default2018(trace, std::move(volume));
  return std::move(trace.layers);
}

double gnina_score(double bad, double good) {
  return 1 / (1 + std::exp(bad - good));
}

}  // namespace theriac::scoring
