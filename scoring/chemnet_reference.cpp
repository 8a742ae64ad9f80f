// ChemNet straight from its definition: one molecule, double precision, nothing left out and nothing reused.
#include "scoring/chemnet.hpp"
#include "scoring/chemnet_layers.hpp"

namespace theriac::scoring {
namespace {

using namespace chemnet;

/// Cross-correlation of stride 2 with one zero on the left and as many on the right as needed, then SELU.
/// `values`: channels_in x length; the result: 32 x positions.
std::vector<double> convolution(const std::vector<double>& values, int channels_in, int length, int positions,
                                const std::vector<float>& weights) {
  std::vector<double> out;
  for (int o = 0; o < channels; ++o)
    for (int t = 0; t < positions; ++t) {
      double sum = 0;
      for (int i = 0; i < channels_in; ++i)
        for (int k = 0; k < kernel_size; ++k) {
          const int at = 2 * t - 1 + k;
          if (at >= 0 && at < length)
            sum += values[static_cast<std::size_t>(i * length + at)] *
                   static_cast<double>(
                       weights[static_cast<std::size_t>((o * channels_in + i) * kernel_size + k)]);
        }
      out.push_back(selu(sum));
    }
  return out;
}

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

std::vector<double> one_hot(const ChemNetTokens& tokens) {
  std::vector<double> out(token_count * chemnet_positions);
  for (std::size_t t = 0; t < tokens.size(); ++t)
    if (tokens[t] >= 0) out[static_cast<std::size_t>(tokens[t]) * chemnet_positions + t] = 1.0 / token_count;
  return out;
}

/// positions x channels from channels x positions; with `backwards`, the last position first.
std::vector<double> by_position(const std::vector<double>& values, int positions, bool backwards) {
  std::vector<double> out;
  for (int step = 0; step < positions; ++step)
    for (int c = 0; c < channels; ++c)
      out.push_back(
          values[static_cast<std::size_t>(c * positions + (backwards ? positions - 1 - step : step))]);
  return out;
}

std::vector<double> reversed_rows(const std::vector<double>& rows, int width) {
  std::vector<double> out;
  for (auto end = rows.end(); end != rows.begin(); end -= width) out.insert(out.end(), end - width, end);
  return out;
}

}  // namespace

/// `steps`: one row of inputs a step. Returns the hidden state after every step, one row each.
std::vector<double> ChemNet::reference_lstm(const Layer& layer, const std::vector<double>& steps) {
  const auto units = static_cast<std::size_t>(layer.units), inputs = static_cast<std::size_t>(layer.inputs);
  std::vector<double> hidden(units), cell(units), gates(4 * units), out;
  for (std::size_t step = 0; step < steps.size() / inputs; ++step) {
    for (std::size_t row = 0; row < 4 * units; ++row) {
      double sum = static_cast<double>(layer.bias[row]);
      for (std::size_t k = 0; k < inputs; ++k)
        sum += static_cast<double>(layer.weight_ih[row * inputs + k]) * steps[step * inputs + k];
      for (std::size_t k = 0; k < units; ++k)
        sum += static_cast<double>(layer.weight_hh[row * units + k]) * hidden[k];
      gates[row] = sum;
    }
    for (std::size_t u = 0; u < units; ++u) {
      const double in = sigmoid(gates[u]), forget = sigmoid(gates[units + u]),
                   offered = std::tanh(gates[2 * units + u]), open = sigmoid(gates[3 * units + u]);
      cell[u] = forget * cell[u] + in * offered;
      hidden[u] = open * std::tanh(cell[u]);
    }
    out.insert(out.end(), hidden.begin(), hidden.end());
  }
  return out;
}

ChemNetTrace ChemNet::reference(const std::string& smiles) const {
  ChemNetTrace trace;
  trace.conv1 =
      convolution(one_hot(chemnet_tokens(smiles)), token_count, chemnet_positions, conv1_positions, conv1_);
  trace.conv2 = convolution(trace.conv1, channels, conv1_positions, conv2_positions, conv2_);
  trace.lstm1 = reference_lstm(lstm1_, by_position(trace.conv2, conv2_positions, true));
  const auto last = reference_lstm(lstm2_, reversed_rows(trace.lstm1, lstm1_units));
  trace.activations.assign(last.end() - chemnet_outputs, last.end());
  return trace;
}

}  // namespace theriac::scoring
