#include "scoring/gnina_network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "chem/error.hpp"
#include "scoring/voxel_kernel.h"

namespace theriac::scoring {
namespace {

/// A convolution as the kernel wants it.
struct Layer {
  int edge = 0, inputs = 0, outputs = 0;
  std::vector<float> weights, bias;
  VoxelConvolution view() const { return {edge, inputs, outputs, weights.data(), bias.data()}; }
};

/// Per input channel of a convolution, what batch normalisation does before it: x * scale + shift.
struct Norm {
  std::vector<double> scale, shift;
};

Norm no_norm(int channels) {
  return {std::vector<double>(static_cast<std::size_t>(channels), 1),
          std::vector<double>(static_cast<std::size_t>(channels), 0)};
}

Norm norm_of(const GninaWeights& weights, const std::string& name) {
  const auto &scale = weights.numbers(name + ".weight"), &shift = weights.numbers(name + ".bias"),
             &mean = weights.numbers(name + ".running_mean"),
             &variance = weights.numbers(name + ".running_var");
  Norm norm;
  for (std::size_t c = 0; c < scale.size(); ++c) {
    norm.scale.push_back(double(scale[c]) / std::sqrt(double(variance[c]) + double(gnina_norm_epsilon)));
    norm.shift.push_back(double(shift[c]) - double(mean[c]) * norm.scale.back());
  }
  return norm;
}

/// The tap -1, 0 or 1 of a convolution at a voxel of this kind (first, inside, last) falls on the volume.
bool on_volume(int side, int tap) {
  return !(side == 0 && tap == 0) && !(side == 2 && tap == 2);
}

/// Normalisation goes into the weights, its shift into the bias: at the border fewer taps carry it.
Layer packed3(const GninaWeights& network, const std::string& name, int edge, int lanes, const Norm& norm) {
  const auto& weights = network.numbers(name + ".weight");
  const auto& bias = network.numbers(name + ".bias");
  Layer layer{edge, static_cast<int>(norm.scale.size()), static_cast<int>(bias.size()), {}, {}};
  layer.weights.resize(weights.size());
  std::vector<double> shifts(27 * bias.size());  // [tap][output]: what the shift of all inputs adds
  for (int o = 0; o < layer.outputs; ++o)
    for (int c = 0; c < layer.inputs; ++c)
      for (int tap = 0; tap < 27; ++tap) {
        const double weight = weights[static_cast<std::size_t>((o * layer.inputs + c) * 27 + tap)];
        const auto at = (((o / lanes * 9 + tap / 3) * layer.inputs + c) * 3 + tap % 3) * lanes + o % lanes;
        layer.weights[static_cast<std::size_t>(at)] =
            static_cast<float>(weight * norm.scale[static_cast<std::size_t>(c)]);
        shifts[static_cast<std::size_t>(tap * layer.outputs + o)] +=
            weight * norm.shift[static_cast<std::size_t>(c)];
      }
  for (int place = 0; place < 27; ++place)
    for (int o = 0; o < layer.outputs; ++o) {
      double sum = bias[static_cast<std::size_t>(o)];
      for (int tap = 0; tap < 27; ++tap)
        if (on_volume(place / 9, tap / 9) && on_volume(place / 3 % 3, tap / 3 % 3) &&
            on_volume(place % 3, tap % 3))
          sum += shifts[static_cast<std::size_t>(tap * layer.outputs + o)];
      layer.bias.push_back(static_cast<float>(sum));
    }
  return layer;
}

Layer packed1(const GninaWeights& network, const std::string& name, int edge, int lanes) {
  const auto& weights = network.numbers(name + ".weight");
  Layer layer{edge, 0, 0, std::vector<float>(weights.size()), network.numbers(name + ".bias")};
  layer.outputs = static_cast<int>(layer.bias.size());
  layer.inputs = static_cast<int>(weights.size() / layer.bias.size());
  for (int o = 0; o < layer.outputs; ++o)
    for (int c = 0; c < layer.inputs; ++c)
      layer.weights[static_cast<std::size_t>((o / lanes * layer.inputs + c) * lanes + o % lanes)] =
          weights[static_cast<std::size_t>(o * layer.inputs + c)];
  return layer;
}

/// Channels-last numbers on a cube, with or without a border of zeros.
class Cube {
 public:
  /// Memory for this shape; what is there already may stay, but a border is zero.
  void shape(int edge, int channels, bool border) {
    const int padded = edge + (border ? 2 : 0);
    border_ = border;
    if (padded == padded_ && channels == channels_) return;
    padded_ = padded;
    channels_ = channels;
    numbers_.assign(static_cast<std::size_t>(padded) * padded * padded * channels + alignment, 0.0F);
    const auto over = reinterpret_cast<std::uintptr_t>(numbers_.data()) / sizeof(float) % alignment;
    begin_ = numbers_.data() + (alignment - over) % alignment;
  }
  /// From the first voxel, its border included.
  VoxelRows outer() const {
    const long z = channels_, y = z * padded_, x = y * padded_;
    return {begin_, x, y, z};
  }
  /// From voxel (0, 0, 0).
  VoxelRows inner(int channel = 0) const {
    VoxelRows rows = outer();
    rows.at += channel + (border_ ? rows.x_step + rows.y_step + rows.z_step : 0);
    return rows;
  }

 private:
  static constexpr std::size_t alignment = 16;  // floats on a cache line
  int channels_ = 0, padded_ = 0;
  bool border_ = false;
  std::vector<float> numbers_;
  float* begin_ = nullptr;
};

/// Memory between the layers, kept by every thread: pages are slow to come by. Each cube has one shape for
/// good, so that its border stays zero.
struct Workspace {
  std::array<Cube, 7> default2018;
  std::array<Cube, gnina_dense_blocks> block, mixed;
};

Workspace& workspace() {
  thread_local Workspace space;
  return space;
}

VoxelLines input_lines(const PooledDensity& pooled) {
  return {pooled.lines.data(), pooled.occupied.data()};
}

/// Of every channel, over the whole cube.
std::vector<float> largest(const Cube& cube, int edge, int channels) {
  const VoxelRows rows = cube.inner();
  std::vector<float> most(rows.at, rows.at + channels);
  for (int x = 0; x < edge; ++x)
    for (int y = 0; y < edge; ++y)
      for (int z = 0; z < edge; ++z) {
        const float* at = rows.at + x * rows.x_step + y * rows.y_step + z * rows.z_step;
        for (int c = 0; c < channels; ++c)
          most[static_cast<std::size_t>(c)] = std::max(most[static_cast<std::size_t>(c)], at[c]);
      }
  return most;
}

constexpr int heads = 3;  // bad, good, affinity

}  // namespace

struct GninaNetwork::Packed {
  const VoxelKernel* kernel = nullptr;
  std::vector<Layer> layers;       ///< in the order of their use
  std::vector<float> head[heads];  ///< in the order of the features
  std::array<double, heads> head_bias{};

  GninaOutput output(const std::vector<float>& features) const {
    std::array<double, heads> sum = head_bias;
    for (int h = 0; h < heads; ++h)
      for (std::size_t i = 0; i < features.size(); ++i)
        sum[static_cast<std::size_t>(h)] += double(head[h][i]) * double(features[i]);
    return {gnina_score(sum[0], sum[1]), sum[2]};
  }
  std::vector<float> default2018_features(const PooledDensity& pooled) const;
  std::vector<float> dense_features(const PooledDensity& pooled) const;
};

std::vector<float> GninaNetwork::Packed::default2018_features(const PooledDensity& pooled) const {
  const auto& k = *kernel;
  constexpr int n = density_pooled;
  auto& [conv1, conv2, pool2, conv3, conv4, pool3, conv5] = workspace().default2018;
  conv1.shape(n, 32, false);
  conv2.shape(n, 32, false);
  pool2.shape(n / 2, 32, true);
  conv3.shape(n / 2, 64, false);
  conv4.shape(n / 2, 64, false);
  pool3.shape(n / 4, 64, true);
  conv5.shape(n / 4, 128, false);
  const std::array<VoxelConvolution, 5> v{layers[0].view(), layers[1].view(), layers[2].view(),
                                          layers[3].view(), layers[4].view()};
  k.convolve_first(&v[0], input_lines(pooled), conv1.inner());
  k.convolve1(&v[1], conv1.inner(), conv2.inner());
  k.pool(conv2.inner().at, n, 32, 0, pool2.inner());
  k.convolve3(&v[2], pool2.outer(), conv3.inner());
  k.convolve1(&v[3], conv3.inner(), conv4.inner());
  k.pool(conv4.inner().at, n / 2, 64, 0, pool3.inner());
  k.convolve3(&v[4], pool3.outer(), conv5.inner());
  const float* features = conv5.inner().at;
  return {features, features + n / 4 * n / 4 * n / 4 * 128};
}

std::vector<float> GninaNetwork::Packed::dense_features(const PooledDensity& pooled) const {
  const auto& k = *kernel;
  int edge = density_pooled, channels = 32;
  auto layer = layers.begin();
  const auto next = [&] { return (layer++)->view(); };
  for (int b = 0; b < gnina_dense_blocks; ++b, edge /= 2) {
    Cube& block = workspace().block[static_cast<std::size_t>(b)];
    block.shape(edge, channels + gnina_dense_layers * gnina_dense_growth, true);
    if (b == 0) {
      const auto first = next();
      k.convolve_first(&first, input_lines(pooled), block.inner());
    } else {
      k.pool(workspace().mixed[static_cast<std::size_t>(b - 1)].inner().at, 2 * edge, channels, 1,
             block.inner());
    }
    for (int i = 0; i < gnina_dense_layers; ++i, channels += gnina_dense_growth) {
      const auto added = next();
      k.convolve3(&added, block.outer(), block.inner(channels));
    }
    if (b + 1 == gnina_dense_blocks) return largest(block, edge, channels);
    Cube& mixed = workspace().mixed[static_cast<std::size_t>(b)];
    mixed.shape(edge, channels, false);
    const auto bottleneck = next();
    k.convolve1(&bottleneck, block.inner(), mixed.inner());
  }
  return {};
}

namespace {

std::vector<Layer> default2018_layers(const GninaWeights& w, int lanes) {
  constexpr int n = density_pooled;
  return {packed3(w, "conv1", n, lanes, no_norm(density_channels)), packed1(w, "conv2", n, lanes),
          packed3(w, "conv3", n / 2, lanes, no_norm(32)), packed1(w, "conv4", n / 2, lanes),
          packed3(w, "conv5", n / 4, lanes, no_norm(64))};
}

std::vector<Layer> dense_layers(const GninaWeights& w, int lanes) {
  std::vector<Layer> layers{packed3(w, "init", density_pooled, lanes, no_norm(density_channels))};
  for (int block = 0, edge = density_pooled; block < gnina_dense_blocks; ++block, edge /= 2) {
    for (int i = 0; i < gnina_dense_layers; ++i)
      layers.push_back(packed3(w, fmt::format("block{}.conv{}", block, i), edge, lanes,
                               norm_of(w, fmt::format("block{}.bn{}", block, i))));
    if (block + 1 < gnina_dense_blocks)
      layers.push_back(packed1(w, fmt::format("bottleneck{}", block), edge, lanes));
  }
  return layers;
}

/// The weights of one head, from [channel][point] to [point][channel].
std::vector<float> by_point(const float* weights, std::size_t channels, std::size_t points) {
  std::vector<float> out(channels * points);
  for (std::size_t c = 0; c < channels; ++c)
    for (std::size_t p = 0; p < points; ++p) out[p * channels + c] = weights[c * points + p];
  return out;
}

}  // namespace

GninaNetwork::GninaNetwork(GninaWeights weights, const std::string& simd) : weights_(std::move(weights)) {
  auto packed = std::make_unique<Packed>();
  packed->kernel = &voxel_kernel(simd);
  const int lanes = packed->kernel->lanes;
  packed->layers = reads_maximum() ? dense_layers(weights_, lanes) : default2018_layers(weights_, lanes);
  const auto &pose = weights_.numbers("pose.weight"), &affinity = weights_.numbers("affinity.weight");
  const std::size_t features = affinity.size(), points = reads_maximum() ? 1 : 216;
  packed->head[0] = by_point(pose.data(), features / points, points);
  packed->head[1] = by_point(pose.data() + features, features / points, points);
  packed->head[2] = by_point(affinity.data(), features / points, points);
  packed->head_bias = {weights_.numbers("pose.bias")[0], weights_.numbers("pose.bias")[1],
                       weights_.numbers("affinity.bias")[0]};
  packed_ = std::move(packed);
}

GninaNetwork::~GninaNetwork() = default;
GninaNetwork::GninaNetwork(GninaNetwork&&) noexcept = default;

GninaOutput GninaNetwork::output(const DensityVolume& volume) const {
  const PooledDensity& pooled = reads_maximum() ? volume.maximum : volume.mean;
  if (pooled.lines.empty())
    throw UsageError(fmt::format("the grid lacks the {} pooling that network '{}' reads",
                                 reads_maximum() ? "maximum" : "mean", name()));
  return packed_->output(reads_maximum() ? packed_->dense_features(pooled)
                                         : packed_->default2018_features(pooled));
}

}  // namespace theriac::scoring
