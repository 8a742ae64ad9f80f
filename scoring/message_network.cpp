#include "scoring/message_network.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

#include "chem/error.hpp"
#include "scoring/docking_kernel.h"
#include "scoring/message_kernel.h"
#include "scoring/simd_level.hpp"

extern const MessageKernel message_kernel_baseline;
#if defined(__x86_64__)
extern const MessageKernel message_kernel_avx2;
extern const MessageKernel message_kernel_avx512;
#endif

namespace theriac::scoring {
namespace {

constexpr int column_step = 32;  ///< the widest panel of any kernel
// The states of some molecules stay in the cache; the wide layer behind them is read for more at once.
constexpr std::size_t encoded_together = 8, decoded_together = 48;
constexpr int bond_orders = 5, bond_stereos = 7;

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

int padded(int count, int to) {
  return (count + to - 1) / to * to;
}

const MessageKernel& kernel_named(const std::string& wanted) {
  const std::string name = docking_kernel(wanted).name;  // checks it
#if defined(__x86_64__)
  if (name == "avx512") return message_kernel_avx512;
  // the docking kernel's level AVX2 does not ask for fused multiply-add
  if (name == "avx2" && __builtin_cpu_supports("fma")) return message_kernel_avx2;
#endif
  return message_kernel_baseline;
}

int bond_row(const chem::BondTraits& bond) {
  return ((bond.order * bond_stereos + bond.stereo) * 2 + bond.conjugated) * 2 + bond.in_ring;
}

}  // namespace

double MessageTask::learned(double value) const {
  if (kind == TaskKind::classification) return value;
  return ((logarithmic ? std::log10(value) : value) - mean) / spread;
}

double MessageTask::measured(double output) const {
  if (kind == TaskKind::classification) return 1 / (1 + std::exp(-output));
  const double value = mean + spread * output;
  return logarithmic ? std::pow(10.0, value) : value;
}

MessageNetwork::MessageNetwork(const MessageShape& shape, std::vector<MessageTask> tasks,
                               std::vector<MessageTensor> weights, const std::string& simd)
    : shape_(shape), tasks_(std::move(tasks)), weights_(std::move(weights)), kernel_(&kernel_named(simd)) {
  if (tasks_.size() != at(shape.outputs))
    throw ModelError(fmt::format("a network with {} outputs has {} tasks", shape.outputs, tasks_.size()));
  for (const auto& wanted : message_tensor_list(shape)) {
    const auto found = std::find_if(weights_.begin(), weights_.end(),
                                    [&](const MessageTensor& t) { return t.name == wanted.name; });
    if (found == weights_.end() || found->shape != wanted.shape)
      throw ModelError(fmt::format("the network has no tensor '{}' of shape {}", wanted.name,
                                   fmt::join(wanted.shape, " x ")));
    if (!std::all_of(found->numbers.begin(), found->numbers.end(), [](float x) { return std::isfinite(x); }))
      throw ModelError(fmt::format("the network holds weights of '{}' that are not numbers", wanted.name));
  }
  build();
}

const std::vector<float>& MessageNetwork::numbers(const char* name) const {
  return std::find_if(weights_.begin(), weights_.end(),
                      [&](const MessageTensor& t) { return t.name == name; })
      ->numbers;
}

/// Packed as message_kernel.h wants it; `weight(k, c)` is that of input k in column c.
template <typename Weight>
MessageNetwork::Matrix MessageNetwork::matrix(int inputs, int columns, Weight weight, const float* bias,
                                              int biases) const {
  Matrix out;
  out.inputs = inputs;
  out.columns = padded(columns, column_step);
  out.weights.resize(at(inputs) * at(out.columns));
  out.bias.resize(at(out.columns));
  const int panel = kernel_->panel;
  for (int c = 0; c < columns; ++c)
    for (int k = 0; k < inputs; ++k)
      out.weights.data()[(at(c / panel) * at(inputs) + at(k)) * at(panel) + at(c % panel)] = weight(k, c);
  for (int c = 0; c < biases; ++c) out.bias.data()[c] = bias[c];
  return out;
}

void MessageNetwork::build() {
  const int hidden = shape_.hidden, slots = chem::atom_vector_size;
  units_ = padded(hidden, column_step);
  inputs_ = 2 * units_ + padded(shape_.extras, 16);
  const auto &input = numbers("input.weight"), &message = numbers("message.weight"),
             &atom = numbers("atom.weight"), &head = numbers("head.weight"),
             &output = numbers("output.weight");
  const auto table = [&](const std::vector<float>& from, int width) {
    Block rows;
    rows.resize(at(slots) * at(units_));
    for (int s = 0; s < slots; ++s)
      for (int c = 0; c < hidden; ++c)
        rows.data()[at(s) * at(units_) + at(c)] = from[at(c) * at(width) + at(s)];
    return rows;
  };
  input_table_ = table(input, slots + chem::bond_vector_size);
  atom_table_ = table(atom, slots + hidden);
  bond_table_.resize(at(bond_orders * bond_stereos * 4) * at(units_));
  for (int i = 0; i < bond_orders * bond_stereos * 4; ++i) {
    chem::BondTraits bond;
    bond.order = static_cast<std::uint8_t>(i / 4 / bond_stereos);
    bond.stereo = static_cast<std::uint8_t>(i / 4 % bond_stereos);
    bond.conjugated = i / 2 % 2;
    bond.in_ring = i % 2;
    const auto vector = chem::bond_vector(bond);
    for (int c = 0; c < hidden; ++c) {
      float sum = 0;
      for (int b = 0; b < chem::bond_vector_size; ++b)
        sum += vector[at(b)] * input[at(c) * at(slots + chem::bond_vector_size) + at(slots + b)];
      bond_table_.data()[at(bond_row(bond)) * at(units_) + at(c)] = sum;
    }
  }
  message_ = matrix(
      units_, hidden, [&](int k, int c) { return k < hidden ? message[at(c) * at(hidden) + at(k)] : 0; },
      nullptr, 0);
  atom_ = matrix(
      units_, hidden,
      [&](int k, int c) { return k < hidden ? atom[at(c) * at(slots + hidden) + at(slots + k)] : 0; },
      numbers("atom.bias").data(), hidden);
  const int width = 2 * hidden + shape_.extras;
  head_ = matrix(
      inputs_, shape_.head,
      [&](int k, int c) {
        // a padded input is one of the sums, of the means or of the extras
        const int part = std::min(2, k / units_), place = k - part * units_;
        if (place >= (part < 2 ? hidden : shape_.extras)) return 0.f;
        return head[at(c) * at(width) + at(part * hidden + place)];
      },
      numbers("head.bias").data(), shape_.head);
  output_ = matrix(
      head_.columns, shape_.outputs,
      [&](int k, int c) { return k < shape_.head ? output[at(c) * at(shape_.head) + at(k)] : 0; },
      numbers("output.bias").data(), shape_.outputs);
}

/// Row k of `out`: what the traits of kind k add up to.
void MessageNetwork::add_kind_rows(const Block& table, const float* bias, const MessageBatch& batch,
                                   Block& out) const {
  using chem::AtomSlots;
  out.resize(batch.kinds.size() * at(units_));
  for (std::size_t k = 0; k < batch.kinds.size(); ++k) {
    float* to = out.data() + k * at(units_);
    if (bias)
      std::copy_n(bias, units_, to);
    else
      std::fill_n(to, units_, 0.f);
    const chem::AtomTraits& atom = batch.kinds[k];
    const auto row = [&](int slot) { return table.data() + at(slot) * at(units_); };
    for (const int slot :
         {AtomSlots::element + atom.element, AtomSlots::degree + atom.degree, AtomSlots::charge + atom.charge,
          AtomSlots::handedness + atom.handedness, AtomSlots::hydrogens + atom.hydrogens,
          AtomSlots::hybridisation + atom.hybridisation})
      kernel_->add(units_, row(slot), to);
    if (atom.aromatic) kernel_->add(units_, row(AtomSlots::aromatic), to);
    kernel_->add_scaled(units_, row(AtomSlots::mass), atom.mass, to);
  }
}

void MessageNetwork::sum_arrivals(const MessageBatch& batch, Work& work) const {
  std::fill_n(work.sums.data(), at(batch.atom_count()) * at(units_), 0.f);
  for (int e = 0; e < batch.edge_count(); ++e)
    kernel_->add(units_, work.state.data() + at(e) * at(units_),
                 work.sums.data() + at(batch.target[at(e)]) * at(units_));
}

/// Leaves the state of every edge in `work.state`.
void MessageNetwork::pass_messages(const MessageBatch& batch, Work& work) const {
  const std::size_t width = at(units_);
  const int edges = batch.edge_count(), leaves = batch.leaf_edges;
  for (int e = 0; e < edges; ++e) {
    float* start = work.start.data() + at(e) * width;
    const std::int32_t kind = batch.kind[at(batch.source[at(e)])];
    kernel_->sum(units_, work.kind_rows.data() + at(kind) * width,
                 bond_table_.data() + at(bond_row(batch.bonds[at(e)])) * width, start);
    kernel_->rectify(units_, start, work.state.data() + at(e) * width);
  }
  for (int step = 1; step < shape_.depth; ++step) {
    sum_arrivals(batch, work);
    for (int e = leaves; e < edges; ++e)
      kernel_->subtract(units_, work.sums.data() + at(batch.source[at(e)]) * width,
                        work.state.data() + at(batch.reverse[at(e)]) * width,
                        work.message.data() + at(e - leaves) * width);
    kernel_->multiply(padded(edges - leaves, message_kernel_rows), units_, work.message.data(),
                      message_.columns, message_.weights.data(), work.start.data() + at(leaves) * width,
                      units_, work.state.data() + at(leaves) * width, units_, 1);
  }
}

void MessageNetwork::encode(const MessageBatch& batch, const float* extras, std::size_t first,
                            Work& work) const {
  const std::size_t width = at(units_);
  const int atoms = batch.atom_count(), atom_rows = padded(atoms, message_kernel_rows);
  for (Block* block : {&work.start, &work.state, &work.message})
    block->resize(at(batch.edge_count() + message_kernel_rows) * width);
  for (Block* block : {&work.sums, &work.vectors}) block->resize(at(atom_rows) * width);
  add_kind_rows(input_table_, nullptr, batch, work.kind_rows);
  pass_messages(batch, work);
  sum_arrivals(batch, work);
  add_kind_rows(atom_table_, atom_.bias.data(), batch, work.kind_rows);
  for (int a = 0; a < atoms; ++a)
    std::copy_n(work.kind_rows.data() + at(batch.kind[at(a)]) * width, width,
                work.vectors.data() + at(a) * width);
  kernel_->multiply(atom_rows, units_, work.sums.data(), atom_.columns, atom_.weights.data(),
                    work.vectors.data(), units_, work.vectors.data(), units_, 1);
  for (int m = 0; m < batch.molecules; ++m) {
    float* sum = work.molecules.data() + (first + at(m)) * at(inputs_);
    float* mean = sum + units_;
    std::fill_n(sum, inputs_, 0.f);
    const int begin = batch.first_atom[at(m)], end = batch.first_atom[at(m) + 1];
    for (int a = begin; a < end; ++a) kernel_->add(units_, work.vectors.data() + at(a) * width, sum);
    kernel_->add_scaled(units_, sum, 1.0f / static_cast<float>(std::max(1, end - begin)), mean);
    for (int c = 0; c < units_; ++c) sum[c] /= message_atoms;
    std::copy_n(extras + at(m) * at(shape_.extras), shape_.extras, mean + units_);
  }
}

void MessageNetwork::decode(std::size_t molecules, Work& work) const {
  const int rows = padded(static_cast<int>(molecules), message_kernel_rows);
  work.head.resize(at(rows) * at(head_.columns));
  work.output.resize(at(rows) * at(output_.columns));
  kernel_->multiply(rows, inputs_, work.molecules.data(), head_.columns, head_.weights.data(),
                    head_.bias.data(), 0, work.head.data(), head_.columns, 1);
  kernel_->multiply(rows, head_.columns, work.head.data(), output_.columns, output_.weights.data(),
                    output_.bias.data(), 0, work.output.data(), output_.columns, 0);
}

/// All molecules on all threads; `take(first, count, work)` copies what is wanted of those decoded together.
template <typename GraphOf, typename Take>
void MessageNetwork::run_all(std::size_t molecules, const std::vector<float>& extras, GraphOf graph_of,
                             Take take) const {
  if (extras.size() != molecules * at(shape_.extras))
    throw UsageError(fmt::format("the network needs {} extra numbers for each of {} molecules, it got {}",
                                 shape_.extras, molecules, extras.size()));
  const std::size_t rounds = (molecules + decoded_together - 1) / decoded_together;
  tbb::parallel_for(std::size_t{0}, rounds, [&](std::size_t round) {
    thread_local Work work;  // kept from call to call: what it holds is large
    work.molecules.resize(decoded_together * at(inputs_));
    const std::size_t first = round * decoded_together;
    const std::size_t last = std::min(molecules, first + decoded_together);
    for (std::size_t block = first; block < last; block += encoded_together) {
      const auto graphs = graph_of(block, std::min(encoded_together, last - block));
      encode(message_batch(graphs.pointers()), extras.data() + block * at(shape_.extras), block - first,
             work);
    }
    decode(last - first, work);
    take(first, last - first, work);
  });
}

namespace {

/// Graphs that are there, or graphs made for the purpose.
struct BorrowedGraphs {
  std::vector<const chem::BondGraph*> graphs;
  const std::vector<const chem::BondGraph*>& pointers() const { return graphs; }
};
struct OwnGraphs {
  std::vector<chem::BondGraph> graphs;
  std::vector<const chem::BondGraph*> pointers() const {
    std::vector<const chem::BondGraph*> out;
    for (const auto& graph : graphs) out.push_back(&graph);
    return out;
  }
};

auto graphs_of(const std::vector<chem::Molecule>& molecules) {
  return [&molecules](std::size_t first, std::size_t count) {
    OwnGraphs out;
    for (std::size_t i = first; i < first + count; ++i) out.graphs.push_back(chem::bond_graph(molecules[i]));
    return out;
  };
}

}  // namespace

std::vector<float> MessageNetwork::outputs(const std::vector<const chem::BondGraph*>& graphs,
                                           const std::vector<float>& extras) const {
  const std::size_t width = at(shape_.outputs);
  std::vector<float> out(graphs.size() * width);
  const auto part = [&](std::size_t first, std::size_t count) {
    const auto begin = graphs.begin() + static_cast<std::ptrdiff_t>(first);
    return BorrowedGraphs{{begin, begin + static_cast<std::ptrdiff_t>(count)}};
  };
  run_all(graphs.size(), extras, part, [&](std::size_t first, std::size_t count, const Work& work) {
    for (std::size_t i = 0; i < count; ++i)
      std::copy_n(work.output.data() + i * at(output_.columns), width, out.data() + (first + i) * width);
  });
  return out;
}

std::vector<double> MessageNetwork::predict(const std::vector<chem::Molecule>& molecules,
                                            const std::vector<float>& extras) const {
  const std::size_t width = at(shape_.outputs);
  std::vector<double> out(molecules.size() * width);
  run_all(molecules.size(), extras, graphs_of(molecules),
          [&](std::size_t first, std::size_t count, const Work& work) {
            for (std::size_t i = 0; i < count; ++i)
              for (std::size_t t = 0; t < width; ++t)
                out[(first + i) * width + t] =
                    tasks_[t].measured(work.output.data()[i * at(output_.columns) + t]);
          });
  return out;
}

std::vector<float> MessageNetwork::fingerprints(const std::vector<chem::Molecule>& molecules,
                                                const std::vector<float>& extras) const {
  const std::size_t width = at(shape_.head);
  std::vector<float> out(molecules.size() * width);
  run_all(molecules.size(), extras, graphs_of(molecules),
          [&](std::size_t first, std::size_t count, const Work& work) {
            for (std::size_t i = 0; i < count; ++i)
              std::copy_n(work.head.data() + i * at(head_.columns), width, out.data() + (first + i) * width);
          });
  return out;
}

}  // namespace theriac::scoring
