#include "scoring/message_passing.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "chem/counter_random.hpp"
#include "scoring/torch_device.hpp"

namespace theriac::scoring {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

enum Parameter : std::size_t {
  input_weight,
  message_weight,
  atom_weight,
  atom_bias,
  head_weight,
  head_bias,
  output_weight,
  output_bias
};

/// Row `index[i]` of the result gets row i of `values`. LibTorch's own index_add_ takes rows through its
/// general machinery, several times slower on a processor.
torch::Tensor summed_rows(const torch::Tensor& values, const torch::Tensor& index, std::int64_t rows) {
  auto sum = torch::zeros({rows, values.size(1)}, values.options());
  if (!values.is_cpu()) return sum.index_add_(0, index, values);
  const auto from = values.contiguous();
  const std::int64_t width = values.size(1), count = values.size(0);
  const float* a = from.data_ptr<float>();
  float* out = sum.data_ptr<float>();
  const std::int64_t* at = index.data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < count; ++i) {
    const float* row = a + i * width;
    float* to = out + at[i] * width;
    for (std::int64_t k = 0; k < width; ++k) to[k] += row[k];
  }
  return sum;
}

/// sums[begin[e]] - values[reverse[e]].
torch::Tensor differences(const torch::Tensor& sums, const torch::Tensor& begin, const torch::Tensor& values,
                          const torch::Tensor& reverse) {
  if (!values.is_cpu()) return sums.index_select(0, begin) - values.index_select(0, reverse);
  auto out = torch::empty_like(values);
  const std::int64_t width = values.size(1), count = values.size(0);
  const float *s = sums.data_ptr<float>(), *v = values.data_ptr<float>();
  float* to = out.data_ptr<float>();
  const std::int64_t *b = begin.data_ptr<std::int64_t>(), *r = reverse.data_ptr<std::int64_t>();
  for (std::int64_t e = 0; e < count; ++e) {
    const float *plus = s + b[e] * width, *minus = v + r[e] * width;
    float* row = to + e * width;
    for (std::int64_t k = 0; k < width; ++k) row[k] = plus[k] - minus[k];
  }
  return out;
}

/// What arrives at each row: a sum over edges or atoms. Its transpose takes rows.
struct RowSum : torch::autograd::Function<RowSum> {
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& values,
                               const torch::Tensor& index, std::int64_t rows) {
    context->save_for_backward({index});
    return summed_rows(values, index, rows);
  }
  static variable_list backward(AutogradContext* context, variable_list slopes) {
    const auto saved = context->get_saved_variables();
    return {slopes[0].index_select(0, saved[0]), torch::Tensor(), torch::Tensor()};
  }
};

/// Row `index[i]` of the values, for each i. Its transpose sums.
struct RowChoice : torch::autograd::Function<RowChoice> {
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& values,
                               const torch::Tensor& index) {
    context->save_for_backward({index});
    context->saved_data["rows"] = values.size(0);
    return values.index_select(0, index);
  }
  static variable_list backward(AutogradContext* context, variable_list slopes) {
    const auto saved = context->get_saved_variables();
    return {summed_rows(slopes[0], saved[0], context->saved_data["rows"].toInt()), torch::Tensor()};
  }
};

/// m of an edge: everything that arrives at its source, except from its target. The transpose is the same
/// with source and target changed over.
struct EdgeMessage : torch::autograd::Function<EdgeMessage> {
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& values,
                               const torch::Tensor& source, const torch::Tensor& target,
                               const torch::Tensor& reverse, std::int64_t atoms) {
    context->save_for_backward({source, target, reverse});
    context->saved_data["atoms"] = atoms;
    return differences(summed_rows(values, target, atoms), source, values.contiguous(), reverse);
  }
  static variable_list backward(AutogradContext* context, variable_list slopes) {
    const auto saved = context->get_saved_variables();
    const auto slope = slopes[0].contiguous();
    const auto sums = summed_rows(slope, saved[0], context->saved_data["atoms"].toInt());
    return {differences(sums, saved[1], slope, saved[2]), torch::Tensor(), torch::Tensor(), torch::Tensor(),
            torch::Tensor()};
  }
};

/// Each list as int64 on the device. They travel as one.
std::vector<torch::Tensor> indices(const std::vector<const std::vector<std::int32_t>*>& lists,
                                   const torch::Device& device) {
  std::vector<std::int64_t> sizes;
  for (const auto* list : lists) sizes.push_back(static_cast<std::int64_t>(list->size()));
  const auto all =
      staged({std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0})}, torch::kInt64, device);
  auto* to = all.data_ptr<std::int64_t>();
  for (const auto* list : lists) to = std::copy(list->begin(), list->end(), to);
  return sent(all, device).split_with_sizes(sizes);
}

/// He's initialisation, uniform; biases are zero. The same numbers with every LibTorch.
torch::Tensor initial(const MessageTensor& tensor, std::uint64_t seed) {
  auto out = torch::zeros(tensor.shape);
  if (tensor.shape.size() < 2) return out;
  const double limit = std::sqrt(3.0 / static_cast<double>(tensor.shape[1]));
  chem::CounterRandom random(seed, tensor.name, "message weights");
  float* numbers = out.data_ptr<float>();
  for (std::int64_t i = 0; i < out.numel(); ++i)
    numbers[i] = static_cast<float>(random.uniform(-limit, limit));
  return out;
}

}  // namespace

MessageTensors message_tensors(const MessageBatch& batch, const float* extras, const MessageShape& shape,
                               const torch::Device& device) {
  MessageTensors out;
  out.molecules = batch.molecules;
  out.atoms = batch.atom_count();
  const auto kinds = staged({static_cast<std::int64_t>(batch.kinds.size()), chem::atom_vector_size},
                            torch::kFloat32, device);
  float* to = kinds.data_ptr<float>();
  for (const auto& atom : batch.kinds) {
    const auto vector = chem::atom_vector(atom);
    to = std::copy(vector.begin(), vector.end(), to);
  }
  out.kind = sent(kinds, device);
  const auto bonds = staged({batch.edge_count(), chem::bond_vector_size}, torch::kFloat32, device);
  to = bonds.data_ptr<float>();
  for (const auto& bond : batch.bonds) {
    const auto vector = chem::bond_vector(bond);
    to = std::copy(vector.begin(), vector.end(), to);
  }
  out.bond = sent(bonds, device);
  const auto shares = staged({out.molecules, 1}, torch::kFloat32, device);
  for (std::int64_t m = 0; m < out.molecules; ++m) {
    const auto i = static_cast<std::size_t>(m);
    shares.data_ptr<float>()[m] =
        1.0f / static_cast<float>(std::max(1, batch.first_atom[i + 1] - batch.first_atom[i]));
  }
  out.share = sent(shares, device);
  std::vector<std::int32_t> kind_of_source(batch.source.size());
  std::transform(batch.source.begin(), batch.source.end(), kind_of_source.begin(),
                 [&](std::int32_t atom) { return batch.kind[static_cast<std::size_t>(atom)]; });
  const auto lists = indices(
      {&batch.kind, &kind_of_source, &batch.source, &batch.target, &batch.reverse, &batch.molecule}, device);
  out.kind_of_atom = lists[0], out.kind_of_source = lists[1], out.source = lists[2], out.target = lists[3];
  out.reverse = lists[4], out.molecule = lists[5];
  if (shape.extras > 0) {
    const auto more = staged({out.molecules, shape.extras}, torch::kFloat32, device);
    std::copy_n(extras, more.numel(), more.data_ptr<float>());
    out.extras = sent(more, device);
  }
  return out;
}

MessagePassing::MessagePassing(const MessageShape& sizes, std::uint64_t seed, const torch::Device& place)
    : shape(sizes), device(place) {
  for (const auto& tensor : message_tensor_list(sizes))
    parameters.push_back(initial(tensor, seed).to(place).requires_grad_(true));
}

torch::Tensor MessagePassing::molecule_vectors(const MessageTensors& batch) const {
  const auto part = [&](Parameter p, std::int64_t first, std::int64_t count) {
    return parameters[p].narrow(1, first, count).t();
  };
  const std::int64_t atoms = chem::atom_vector_size, bonds = chem::bond_vector_size;
  const auto start =
      torch::addmm(RowChoice::apply(batch.kind.mm(part(input_weight, 0, atoms)), batch.kind_of_source),
                   batch.bond, part(input_weight, atoms, bonds));
  auto state = torch::relu(start);
  for (int step = 1; step < shape.depth; ++step) {
    const auto message = EdgeMessage::apply(state, batch.source, batch.target, batch.reverse, batch.atoms);
    state = torch::addmm(start, message, parameters[message_weight].t()).relu_();
  }
  const auto arrived = RowSum::apply(state, batch.target, batch.atoms);
  const auto own = RowChoice::apply(
      torch::addmm(parameters[atom_bias], batch.kind, part(atom_weight, 0, atoms)), batch.kind_of_atom);
  const auto vectors = torch::addmm(own, arrived, part(atom_weight, atoms, shape.hidden)).relu_();
  const auto sum = RowSum::apply(vectors, batch.molecule, batch.molecules);
  std::vector<torch::Tensor> parts = {sum / message_atoms, sum * batch.share};
  if (shape.extras > 0) parts.push_back(batch.extras);
  return torch::cat(parts, 1);
}

torch::Tensor MessagePassing::outputs(const MessageTensors& batch, const torch::Tensor& molecule_kept,
                                      const torch::Tensor& head_kept) const {
  auto vectors = molecule_vectors(batch);
  if (molecule_kept.defined()) vectors = vectors * molecule_kept;
  auto hidden = torch::addmm(parameters[head_bias], vectors, parameters[head_weight].t()).relu_();
  if (head_kept.defined()) hidden = hidden * head_kept;
  return torch::addmm(parameters[output_bias], hidden, parameters[output_weight].t());
}

}  // namespace theriac::scoring
