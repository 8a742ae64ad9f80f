#include "scoring/chemnet.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "chem/error.hpp"
#include "scoring/chemnet_kernel.h"
#include "scoring/chemnet_layers.hpp"
#include "scoring/docking_kernel.h"
#include "scoring/simd_level.hpp"

extern const ChemnetKernel chemnet_kernel_baseline;
#if defined(__x86_64__)
extern const ChemnetKernel chemnet_kernel_avx2;
extern const ChemnetKernel chemnet_kernel_avx512;
#endif

namespace theriac::scoring {
namespace {

using namespace chemnet;

constexpr int lanes = chemnet_lanes;
constexpr int panel_rows = 8;
constexpr std::array<const char*, token_count> token_names = {
    "C", "N", "O", "H", "F", "Cl", "P", "B", "Br", "S", "I", "Si", "#", "(", ")", "+", "-", "1",
    "2", "3", "4", "5", "6", "7",  "8", "=", "[",  "]", "@", "c",  "n", "o", "s", "X", "."};
constexpr std::int8_t unknown_token = 33, end_token = 34;

const ChemnetKernel& kernel_named(const std::string& wanted) {
  const std::string name = docking_kernel(wanted).name;  // checks it
#if defined(__x86_64__)
  if (name == "avx512") return chemnet_kernel_avx512;
  // the docking kernel's level AVX2 does not ask for fused multiply-add
  if (name == "avx2" && __builtin_cpu_supports("fma")) return chemnet_kernel_avx2;
#endif
  return chemnet_kernel_baseline;
}

std::int8_t token_named(std::string_view text) {
  const auto found = std::find(token_names.begin(), token_names.end(), text);
  return found == token_names.end() ? unknown_token : static_cast<std::int8_t>(found - token_names.begin());
}

/// Tokens up to and with the end mark.
int tokens_used(const ChemNetTokens& tokens) {
  return static_cast<int>(std::find(tokens.begin(), tokens.end(), std::int8_t{-1}) - tokens.begin());
}

/// Positions of conv2 that see a token; behind them everything is zero.
int active_positions(const ChemNetTokens& tokens) {
  return std::min(conv2_positions, (tokens_used(tokens) / 2 + 1) / 2 + 1);
}

/// The output of conv2 at the first `active` positions, 32 numbers each.
std::vector<float> features(const ChemNetTokens& tokens, int active, const std::vector<float>& conv1,
                            const std::vector<float>& conv2) {
  const int used1 = std::min(conv1_positions, tokens_used(tokens) / 2 + 1);
  std::vector<float> hidden(static_cast<std::size_t>((2 * active + kernel_size) * channels));
  for (int t = 0; t < used1; ++t)
    for (int k = 0; k < kernel_size; ++k) {
      const int position = 2 * t - 1 + k;
      if (position < 0 || position >= chemnet_positions || tokens[static_cast<std::size_t>(position)] < 0)
        continue;
      const int token = tokens[static_cast<std::size_t>(position)];
      for (int o = 0; o < channels; ++o)
        hidden[static_cast<std::size_t>(t * channels + o)] +=
            conv1[static_cast<std::size_t>((o * token_count + token) * kernel_size + k)];
    }
  for (auto& value : hidden) value = static_cast<float>(selu(value / token_count));
  std::vector<float> out(static_cast<std::size_t>(active * channels));
  for (int t = 0; t < active; ++t)
    for (int o = 0; o < channels; ++o) {
      float sum = 0;
      for (int k = 0; k < kernel_size; ++k) {
        const int position = 2 * t - 1 + k;
        if (position < 0 || position >= conv1_positions) continue;
        for (int i = 0; i < channels; ++i)
          sum += hidden[static_cast<std::size_t>(position * channels + i)] *
                 conv2[static_cast<std::size_t>((o * channels + i) * kernel_size + k)];
      }
      out[static_cast<std::size_t>(t * channels + o)] = static_cast<float>(selu(sum));
    }
  return out;
}

/// Rows regrouped by unit and eight of them side by side; see chemnet_kernel.h.
std::vector<float> packed(const std::vector<float>& rows, int units, int inputs) {
  std::vector<float> out(rows.size());
  for (int unit = 0; unit < units; ++unit)
    for (int gate = 0; gate < 4; ++gate) {
      const int row = 4 * unit + gate;
      for (int k = 0; k < inputs; ++k)
        out[static_cast<std::size_t>(((row / panel_rows) * inputs + k) * panel_rows + row % panel_rows)] =
            rows[static_cast<std::size_t>((gate * units + unit) * inputs + k)];
    }
  return out;
}

/// Every number to all lanes.
std::vector<float> spread(const float* numbers, int count) {
  std::vector<float> out(static_cast<std::size_t>(count * lanes));
  for (int i = 0; i < count; ++i) std::fill_n(out.begin() + i * lanes, lanes, numbers[i]);
  return out;
}

/// Hidden and cell state of a layer for a batch; two hidden buffers, because a step reads one and writes the
/// other.
struct LayerState {
  std::vector<float> hidden, next, cell;

  void step(const ChemnetKernel& kernel, const ChemnetLayer& layer, const float* start, const float* input) {
    kernel.lstm_step(&layer, start, input, hidden.data(), cell.data(), next.data());
    hidden.swap(next);
  }
};

LayerState empty_state(int units) {
  const std::vector<float> zeros(static_cast<std::size_t>(units * lanes));
  return {zeros, zeros, zeros};
}

}  // namespace

ChemNetTokens chemnet_tokens(const std::string& smiles) {
  ChemNetTokens tokens;
  tokens.fill(-1);
  std::size_t written = 0;
  for (std::size_t at = 0; at < smiles.size() && smiles[at] != '.' && written + 1 < tokens.size();) {
    const bool two = at + 1 < smiles.size() && std::strchr("ril", smiles[at + 1]) != nullptr;
    const std::size_t length = two ? 2 : 1;
    tokens[written++] = token_named(std::string_view(smiles).substr(at, length));
    at += length;
  }
  tokens[written] = end_token;
  return tokens;
}

ChemNet ChemNet::read(const std::string& path, const std::string& simd) {
  return ChemNet(datasets::ModelFile::read(path), simd);
}

ChemNet::ChemNet(const datasets::ModelFile& weights, const std::string& simd)
    : kernel_(&kernel_named(simd)),
      conv1_(weights.floats("conv1.weight", {channels, token_count, kernel_size})),
      conv2_(weights.floats("conv2.weight", {channels, channels, kernel_size})),
      lstm1_(read_layer(weights, "lstm1", lstm1_units, channels)),
      lstm2_(read_layer(weights, "lstm2", chemnet_outputs, lstm1_units)) {
  follow_empty_positions();
}

ChemNet::Layer ChemNet::read_layer(const datasets::ModelFile& weights, const std::string& name, int units,
                                   int inputs) {
  Layer layer;
  layer.units = units;
  layer.inputs = inputs;
  layer.weight_ih = weights.floats(name + ".weight_ih", {4 * units, inputs});
  layer.weight_hh = weights.floats(name + ".weight_hh", {4 * units, units});
  layer.bias = weights.floats(name + ".bias", {4 * units});
  for (const auto* numbers : {&layer.weight_ih, &layer.weight_hh, &layer.bias})
    if (!std::all_of(numbers->begin(), numbers->end(), [](float x) { return std::isfinite(x); }))
      throw ModelError(fmt::format("'{}' holds weights of {} that are not numbers", weights.source(), name));
  layer.packed_ih = packed(layer.weight_ih, units, inputs);
  layer.packed_hh = packed(layer.weight_hh, units, units);
  layer.packed_bias = packed(layer.bias, units, 1);
  return layer;
}

ChemnetLayer ChemNet::view(const Layer& layer) {
  return {layer.units, layer.inputs, layer.packed_ih.data(), layer.packed_hh.data(),
          layer.packed_bias.data()};
}

/// lstm1 begins at the end of the string. What it makes of the empty positions there, and what that adds in
/// lstm2, is computed once, with the same kernel, so that batches of any mixture give the same bytes.
void ChemNet::follow_empty_positions() {
  const ChemnetLayer first = view(lstm1_), second = view(lstm2_);
  const std::vector<float> nothing(static_cast<std::size_t>(channels * lanes));
  LayerState state = empty_state(lstm1_units);
  for (int step = 0; step <= conv2_positions; ++step) {
    for (int u = 0; u < lstm1_units; ++u) {
      idle_hidden_.push_back(state.hidden[static_cast<std::size_t>(u * lanes)]);
      idle_cell_.push_back(state.cell[static_cast<std::size_t>(u * lanes)]);
    }
    state.step(*kernel_, first, nullptr, nothing.data());
  }
  std::vector<float> starts(static_cast<std::size_t>(4 * chemnet_outputs * lanes));
  for (int position = 0; position < conv2_positions; ++position) {
    const auto input = spread(idle_hidden_.data() + (conv2_positions - position) * lstm1_units, lstm1_units);
    kernel_->gate_starts(&second, input.data(), starts.data());
    for (int row = 0; row < 4 * chemnet_outputs; ++row)
      idle_start_.push_back(starts[static_cast<std::size_t>(row * lanes)]);
  }
}

void ChemNet::run_batch(const std::vector<ChemNetTokens>& tokens, float* const* out) const {
  const ChemnetLayer first = view(lstm1_), second = view(lstm2_);
  int active = 0;
  for (const auto& each : tokens) active = std::max(active, active_positions(each));
  std::vector<float> inputs(static_cast<std::size_t>(active * channels * lanes));
  for (std::size_t lane = 0; lane < tokens.size(); ++lane) {
    const int own = active_positions(tokens[lane]);
    const auto values = features(tokens[lane], own, conv1_, conv2_);
    for (std::size_t i = 0; i < values.size(); ++i) inputs[i * lanes + lane] = values[i];
  }
  const int idle = (conv2_positions - active) * lstm1_units;
  LayerState state = empty_state(lstm1_units);
  state.hidden = spread(idle_hidden_.data() + idle, lstm1_units);
  state.cell = spread(idle_cell_.data() + idle, lstm1_units);
  std::vector<std::vector<float>> between(static_cast<std::size_t>(active));
  for (int t = active - 1; t >= 0; --t) {
    state.step(*kernel_, first, nullptr, inputs.data() + t * channels * lanes);
    between[static_cast<std::size_t>(t)] = state.hidden;
  }
  state = empty_state(chemnet_outputs);
  for (int t = 0; t < conv2_positions; ++t) {
    if (t < active)
      state.step(*kernel_, second, nullptr, between[static_cast<std::size_t>(t)].data());
    else
      state.step(*kernel_, second, idle_start_.data() + t * 4 * chemnet_outputs, nullptr);
  }
  for (std::size_t lane = 0; lane < tokens.size(); ++lane)
    for (int u = 0; u < chemnet_outputs; ++u)
      out[lane][u] = state.hidden[static_cast<std::size_t>(u * lanes) + lane];
}

std::vector<float> ChemNet::activations(const std::vector<std::string>& smiles) const {
  std::vector<ChemNetTokens> tokens;
  for (const auto& each : smiles) tokens.push_back(chemnet_tokens(each));
  // batches of like length have the fewest steps to do
  std::vector<std::size_t> order(smiles.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return tokens_used(tokens[a]) < tokens_used(tokens[b]);
  });
  std::vector<float> out(smiles.size() * chemnet_outputs);
  const std::size_t batches = (smiles.size() + lanes - 1) / lanes;
  tbb::parallel_for(std::size_t{0}, batches, [&](std::size_t batch) {
    std::vector<ChemNetTokens> members;
    std::array<float*, lanes> rows{};
    for (std::size_t i = batch * lanes; i < std::min(smiles.size(), (batch + 1) * lanes); ++i) {
      rows[members.size()] = out.data() + order[i] * chemnet_outputs;
      members.push_back(tokens[order[i]]);
    }
    run_batch(members, rows.data());
  });
  return out;
}

}  // namespace theriac::scoring
