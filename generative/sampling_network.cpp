#include "generative/sampling_network.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

#include "chem/error.hpp"
#include "generative/policy_conditions.hpp"
#include "scoring/docking_kernel.h"
#include "scoring/simd_level.hpp"

extern const SamplingKernel sampling_kernel_baseline;
#if defined(__x86_64__)
extern const SamplingKernel sampling_kernel_avx2;
extern const SamplingKernel sampling_kernel_avx512;
#endif

namespace theriac::generative {
namespace {

constexpr int lane_count = sampling_kernel_lanes, panel = sampling_panel_rows;
constexpr std::int64_t unit_width = 96, parent_width = 32, site_width = 16, phase_width = 8, phases = 8,
                       number_width = 24, condition_width = 48, bins_of_a_property = 16;

std::size_t at(std::int64_t i) {
  return static_cast<std::size_t>(i);
}

int padded(int count, int to) {
  return (count + to - 1) / to * to;
}

/// Row `unit * 3 + gate` of the kernel is row `gate * hidden + unit` of a file of weights.
int file_row(int kernel_row, int hidden) {
  const int unit = kernel_row / 3;
  return unit < hidden ? kernel_row % 3 * hidden + unit : -1;
}

/// Rows side by side as sampling_kernel.h wants them. `source(row)`: the row of `matrix` that comes there, or
/// -1.
template <typename Source>
std::vector<float> packed(const float* matrix, int columns, int rows, int inputs, Source source) {
  std::vector<float> out(at(padded(rows, panel)) * at(inputs), 0.f);
  for (int row = 0; row < rows; ++row) {
    const int from = source(row);
    if (from < 0) continue;
    for (int k = 0; k < columns; ++k)
      out[(at(row / panel) * at(inputs) + at(k)) * at(panel) + at(row % panel)] =
          matrix[at(from) * at(columns) + at(k)];
  }
  return out;
}

template <typename Source>
std::vector<float> packed_bias(const std::vector<float>& bias, int rows, Source source) {
  std::vector<float> out(at(padded(rows, panel)), 0.f);
  for (int row = 0; row < rows; ++row)
    if (const int from = source(row); from >= 0) out[at(row)] = bias[at(from)];
  return out;
}

}  // namespace

const SamplingKernel& sampling_kernel(const std::string& wanted) {
  const std::string name = scoring::docking_kernel(wanted).name;  // checks it
#if defined(__x86_64__)
  if (name == "avx512") return sampling_kernel_avx512;
  // the docking kernel's level AVX2 does not ask for fused multiply-add
  if (name == "avx2" && __builtin_cpu_supports("fma")) return sampling_kernel_avx2;
#endif
  return sampling_kernel_baseline;
}

HeadRows::HeadRows(const ActionVocabulary& vocabulary, const PolicyShape& shape)
    : query(2 + vocabulary.closure_base() - vocabulary.site_base()),
      closure(query + shape.embedding),
      key(closure + 2 * policy_key),
      count(key + policy_key) {}

std::vector<PolicyWeights> policy_tensor_list(const ActionVocabulary& vocabulary, const PolicyShape& shape) {
  const std::int64_t h = shape.hidden, e = shape.embedding, key = policy_key;
  const std::int64_t units = vocabulary.unit_count();
  const std::int64_t simple = 2 + vocabulary.closure_base() - vocabulary.site_base();
  const auto properties = static_cast<std::int64_t>(condition_properties().size());
  const std::int64_t width =
      e + unit_width + parent_width + site_width + phase_width + number_width + condition_width;
  std::vector<PolicyWeights> out = {
      {"addition_bias", {vocabulary.addition_count()}, {}},
      {"action.weight", {vocabulary.size() + 1, e}, {}},
      {"unit.weight", {units + 1, unit_width}, {}},
      {"parent.weight", {units + 1, parent_width}, {}},
      {"site.weight", {max_motif_atoms + 1, site_width}, {}},
      {"phase.weight", {phases, phase_width}, {}},
      {"condition.weight", {properties * bins_of_a_property, condition_width}, {}},
      {"numbers.weight", {number_width, policy_numbers}, {}},
      {"numbers.bias", {number_width}, {}}};
  for (int layer = 0; layer < shape.layers; ++layer) {
    const auto name = [&](const char* part) { return fmt::format("memory.{}_l{}", part, layer); };
    out.push_back({name("weight_ih"), {3 * h, layer == 0 ? width : h}, {}});
    out.push_back({name("weight_hh"), {3 * h, h}, {}});
    out.push_back({name("bias_ih"), {3 * h}, {}});
    out.push_back({name("bias_hh"), {3 * h}, {}});
  }
  const auto linear = [&](const char* name, std::int64_t rows) {
    out.push_back({fmt::format("{}.weight", name), {rows, h}, {}});
    out.push_back({fmt::format("{}.bias", name), {rows}, {}});
  };
  linear("simple", simple);
  linear("addition_query", e);
  linear("closure_query", 2 * key);
  linear("closure_key", key);
  return out;
}

/// Finds tensors by name.
class SamplingNetwork::Reader {
 public:
  Reader(const ActionVocabulary& vocabulary, const PolicyShape& shape,
         const std::vector<PolicyWeights>& weights)
      : weights_(weights) {
    for (const auto& wanted : policy_tensor_list(vocabulary, shape))
      if (tensor(wanted.name).shape != wanted.shape)
        throw ModelError(fmt::format("the network's tensor '{}' has the shape [{}]; [{}] is wanted",
                                     wanted.name, fmt::join(tensor(wanted.name).shape, ", "),
                                     fmt::join(wanted.shape, ", ")));
  }
  const PolicyWeights& tensor(const std::string& name) const {
    for (const auto& w : weights_)
      if (w.name == name) return w;
    throw ModelError(fmt::format("the network has no tensor '{}'", name));
  }
  const std::vector<float>& operator()(const std::string& name) const { return tensor(name).numbers; }

 private:
  const std::vector<PolicyWeights>& weights_;
};

SamplingNetwork::SamplingNetwork(const ActionVocabulary& vocabulary, const PolicyShape& shape,
                                 const std::vector<PolicyWeights>& weights, const std::string& simd)
    : kernel_(&sampling_kernel(simd)),
      shape_(shape),
      units_(padded(shape.hidden, 2)),
      rows_(3 * units_),
      head_rows_(vocabulary, shape) {
  const Reader reader(vocabulary, shape, weights);
  const auto gate = [&](int row) { return file_row(row, shape.hidden); };
  for (int l = 0; l < shape.layers; ++l) {
    const auto name = [&](const char* part) { return fmt::format("memory.{}_l{}", part, l); };
    Layer layer;
    layer.hidden_weights = packed(reader(name("weight_hh")).data(), shape.hidden, rows_, units_, gate);
    layer.hidden_bias = packed_bias(reader(name("bias_hh")), rows_, gate);
    layer.input_bias = packed_bias(reader(name("bias_ih")), rows_, gate);
    if (l > 0)
      layer.input_weights = packed(reader(name("weight_ih")).data(), shape.hidden, rows_, units_, gate);
    layers_.push_back(std::move(layer));
  }
  read_tables(reader);
  read_heads(reader);
  read_additions(reader, vocabulary);
}

void SamplingNetwork::read_tables(const Reader& reader) {
  const auto& weights = reader.tensor("memory.weight_ih_l0");
  const auto width = static_cast<int>(weights.shape[1]);
  const auto gate = [&](int row) { return file_row(row, shape_.hidden); };
  int first = 0;  // column of the first layer's weights where the part begins
  const auto columns = [&](int count) {
    std::vector<float> part(at(3) * at(shape_.hidden) * at(count));
    for (std::size_t row = 0; row < at(3) * at(shape_.hidden); ++row)
      std::copy_n(weights.numbers.begin() + static_cast<std::ptrdiff_t>(row * at(width) + at(first)), count,
                  part.begin() + static_cast<std::ptrdiff_t>(row * at(count)));
    first += count;
    return packed(part.data(), count, rows_, count, gate);
  };
  const auto table = [&](const char* name) {
    const auto& tensor = reader.tensor(name);
    const auto entries = static_cast<int>(tensor.shape[0]), inputs = static_cast<int>(tensor.shape[1]);
    const auto through = columns(inputs);
    Table out;
    out.rows.resize(at(entries) * at(rows_));
    tbb::parallel_for(0, (entries + lane_count - 1) / lane_count, [&](int block) {
      const int begin = block * lane_count, count = std::min(lane_count, entries - begin);
      std::vector<float> values(at(inputs) * at(lane_count), 0.f), product(at(rows_) * at(lane_count));
      for (int entry = 0; entry < count; ++entry)
        for (int k = 0; k < inputs; ++k)
          values[at(k) * at(lane_count) + at(entry)] = tensor.numbers[at(begin + entry) * at(inputs) + at(k)];
      kernel_->multiply(rows_, inputs, through.data(), nullptr, values.data(), product.data(), lane_count);
      for (int entry = 0; entry < count; ++entry)
        for (int row = 0; row < rows_; ++row)
          out.rows[at(begin + entry) * at(rows_) + at(row)] = product[at(row) * at(lane_count) + at(entry)];
    });
    return out;
  };
  action_ = table("action.weight");  // in the order in which the layer's input is put together
  unit_ = table("unit.weight");
  parent_ = table("parent.weight");
  site_ = table("site.weight");
  phase_ = table("phase.weight");
  number_weights_ = reader("numbers.weight");
  number_bias_ = reader("numbers.bias");
  number_units_ = static_cast<int>(number_bias_.size());
  number_rows_ = columns(number_units_);
  condition_ = table("condition.weight");
}

void SamplingNetwork::read_heads(const Reader& reader) {
  std::vector<float> rows, bias;
  const auto add = [&](const std::string& name, float scale) {
    for (const float x : reader(name + ".weight")) rows.push_back(scale * x);
    for (const float x : reader(name + ".bias")) bias.push_back(scale * x);
  };
  add("simple", 1);  // in the order of HeadRows
  add("addition_query", 1);
  add("closure_query", 1 / std::sqrt(static_cast<float>(policy_key)));
  add("closure_key", 1);
  const auto itself = [](int row) { return row; };
  head_weights_ = packed(rows.data(), shape_.hidden, head_rows_.count, units_, itself);
  head_bias_ = packed_bias(bias, head_rows_.count, itself);
}

void SamplingNetwork::read_additions(const Reader& reader, const ActionVocabulary& vocabulary) {
  const auto& vectors = reader("action.weight");
  const auto& bias = reader("addition_bias");
  const int width = shape_.embedding, inputs = width + 1;
  addition_count_ = vocabulary.addition_count();
  addition_padded_ = padded(addition_count_, lane_count);
  addition_panels_.assign(at(addition_padded_) * at(inputs), 0.f);
  for (int i = 0; i < addition_count_; ++i) {
    float* column =
        addition_panels_.data() + at(i / lane_count) * at(inputs) * at(lane_count) + at(i % lane_count);
    for (int k = 0; k < width; ++k)
      column[at(k) * at(lane_count)] = vectors[at(vocabulary.addition_base() + i) * at(width) + at(k)];
    column[at(width) * at(lane_count)] = bias[at(i)];
  }
}

class SamplingNetwork::Batch final : public StepBatch {
 public:
  explicit Batch(const SamplingNetwork& network);
  void clear(int l, const std::vector<std::uint8_t>& bins) override;
  void show(int l, const PolicyInput& input) override;
  void step(const std::vector<int>& adding) override;

 private:
  void first_starts();
  void add_logits(const std::vector<int>& adding);

  const SamplingNetwork& network_;
  std::vector<float> lane_sums_;                   ///< [lane][row]: what the tables add
  std::vector<float> told_;                        ///< [lane][row]: what the conditions add, with the bias
  std::vector<float> numbers_;                     ///< [number][lane]
  std::vector<float> starts_;                      ///< [row][lane]
  std::vector<std::vector<float>> hidden_, next_;  ///< per layer [unit][lane]
  std::vector<float> outputs_;                     ///< [row][lane]
  std::vector<float> queries_;                     ///< packed as weights
  std::vector<float> logits_;                      ///< [place][addition]
};

std::unique_ptr<StepBatch> SamplingNetwork::batch() const {
  return std::make_unique<Batch>(*this);
}

SamplingNetwork::Batch::Batch(const SamplingNetwork& network)
    : StepBatch(network.head_rows_, lane_count, *network.kernel_), network_(network) {
  const auto rows = at(network.rows_) * at(lane_count), units = at(network.units_) * at(lane_count);
  lane_sums_.assign(rows, 0.f);
  told_.assign(rows, 0.f);
  numbers_.assign(at(network.number_units_) * at(lane_count), 0.f);
  starts_.assign(rows, 0.f);
  hidden_.assign(network.layers_.size(), std::vector<float>(units, 0.f));
  next_ = hidden_;
  outputs_.assign(at(padded(network.head_rows_.count, panel)) * at(lane_count), 0.f);
  heads_ = outputs_.data();
  addition_stride_ = at(network.addition_padded_);
}

void SamplingNetwork::Batch::clear(int l, const std::vector<std::uint8_t>& bins) {
  for (auto& layer : hidden_)
    for (int u = 0; u < network_.units_; ++u) layer[at(u) * at(lane_count) + at(l)] = 0;
  float* told = told_.data() + at(l) * at(network_.rows_);
  std::copy_n(network_.layers_.front().input_bias.begin(), network_.rows_, told);
  for (std::size_t p = 0; p < bins.size(); ++p) {
    if (bins[p] == 0) continue;  // nothing is said
    const float* row =
        network_.row(network_.condition_, static_cast<std::int64_t>(p) * bins_of_a_property + bins[p]);
    for (int i = 0; i < network_.rows_; ++i) told[i] += row[i];
  }
}

void SamplingNetwork::Batch::show(int l, const PolicyInput& input) {
  const SamplingNetwork& n = network_;
  const float *told = told_.data() + at(l) * at(n.rows_), *a = n.row(n.action_, input.previous),
              *u = n.row(n.unit_, input.unit), *p = n.row(n.parent_, input.parent),
              *s = n.row(n.site_, input.site), *f = n.row(n.phase_, input.phase);
  float* sum = lane_sums_.data() + at(l) * at(n.rows_);
  for (int i = 0; i < n.rows_; ++i) sum[i] = told[i] + a[i] + u[i] + p[i] + s[i] + f[i];
  for (int i = 0; i < n.number_units_; ++i) {
    float value = n.number_bias_[at(i)];
    for (std::size_t k = 0; k < policy_numbers; ++k)
      value += n.number_weights_[at(i) * policy_numbers + k] * input.numbers[k];
    numbers_[at(i) * at(lane_count) + at(l)] = std::max(value, 0.f);
  }
}

void SamplingNetwork::Batch::first_starts() {
  const SamplingNetwork& n = network_;
  n.kernel_->multiply(n.rows_, n.number_units_, n.number_rows_.data(), nullptr, numbers_.data(),
                      starts_.data(), lane_count);
  constexpr int tile = 16;  // rows: a cache line of each lane
  for (int row = 0; row < n.rows_; row += tile)
    for (int l = 0; l < lane_count; ++l) {
      const float* sum = lane_sums_.data() + at(l) * at(n.rows_);
      for (int i = row; i < std::min(row + tile, n.rows_); ++i)
        starts_[at(i) * at(lane_count) + at(l)] += sum[i];
    }
}

void SamplingNetwork::Batch::step(const std::vector<int>& adding) {
  const SamplingNetwork& n = network_;
  first_starts();
  for (std::size_t l = 0; l < n.layers_.size(); ++l) {
    const Layer& layer = n.layers_[l];
    if (l > 0)
      n.kernel_->multiply(n.rows_, n.units_, layer.input_weights.data(), layer.input_bias.data(),
                          hidden_[l - 1].data(), starts_.data(), lane_count);
    n.kernel_->gru_step(n.units_, layer.hidden_weights.data(), layer.hidden_bias.data(), starts_.data(),
                        hidden_[l].data(), next_[l].data());
    hidden_[l].swap(next_[l]);
  }
  n.kernel_->multiply(n.head_rows_.count, n.units_, n.head_weights_.data(), n.head_bias_.data(),
                      hidden_.back().data(), outputs_.data(), lane_count);
  if (!adding.empty()) add_logits(adding);
}

/// Here the lane_count are the rows and the additions the columns, so that those of one lane lie side by
/// side.
void SamplingNetwork::Batch::add_logits(const std::vector<int>& adding) {
  const SamplingNetwork& n = network_;
  const int width = n.shape_.embedding, inputs = width + 1,
            rows = padded(static_cast<int>(adding.size()), panel);
  queries_.assign(at(rows) * at(inputs), 0.f);
  for (std::size_t place = 0; place < adding.size(); ++place) {
    float* query = queries_.data() + place / panel * at(inputs) * panel + place % panel;
    for (int k = 0; k < width; ++k) query[at(k) * panel] = head(head_rows_.query + k, adding[place]);
    query[at(width) * panel] = 1;  // times the bias
  }
  logits_.resize(std::max(logits_.size(), at(rows) * addition_stride_));
  additions_ = logits_.data();
  for (int first = 0; first < n.addition_padded_; first += lane_count)
    n.kernel_->multiply(rows, inputs, queries_.data(), nullptr,
                        n.addition_panels_.data() + at(first) * at(inputs), logits_.data() + first,
                        n.addition_padded_);
}

}  // namespace theriac::generative
