#include "generative/policy_network.hpp"

#include <cstring>

#include "generative/legal_choice.hpp"
#include "generative/policy_conditions.hpp"
#include "generative/recurrent_layer.hpp"

namespace theriac::generative {
namespace {

constexpr std::int64_t unit_width = 96, parent_width = 32, site_width = 16, phase_width = 8,
                       number_width = 24, condition_width = 48;
constexpr std::int64_t condition_bins_most = 16;  ///< rows of the condition table per property

torch::Tensor long_tensor(const std::vector<std::int32_t>& values, torch::IntArrayRef shape) {
  return torch::from_blob(const_cast<std::int32_t*>(values.data()), shape, torch::kInt32).to(torch::kInt64);
}

/// Entries that are no padding: first those where a unit may be added, whose logits cost most.
std::int64_t valid_entries(const PolicyBatch& batch, const ActionLayout& layout,
                           std::vector<std::int64_t>& out) {
  const auto may_add = [&](std::size_t entry) {
    const std::uint64_t* words = batch.legal.data() + entry * static_cast<std::size_t>(batch.legal_words);
    const std::int64_t first = 2, last = 2 + layout.additions;  // [first, last)
    for (std::int64_t w = first / 64; w <= (last - 1) / 64; ++w) {
      std::uint64_t bits = words[w];
      if (w == first / 64) bits &= ~0ull << (first % 64);
      if (w == (last - 1) / 64 && last % 64 != 0) bits &= ~(~0ull << (last % 64));
      if (bits != 0) return true;
    }
    return false;
  };
  std::vector<std::int64_t> others;
  for (std::size_t i = 0; i < batch.action.size(); ++i)
    if (batch.action[i] >= 0) (may_add(i) ? out : others).push_back(static_cast<std::int64_t>(i));
  const auto adding = static_cast<std::int64_t>(out.size());
  out.insert(out.end(), others.begin(), others.end());
  return adding;
}

}  // namespace

ActionLayout::ActionLayout(const ActionVocabulary& vocabulary)
    : actions(vocabulary.size()),
      additions(vocabulary.addition_count()),
      sites(vocabulary.entry_base() - vocabulary.site_base()),
      entries(vocabulary.closure_base() - vocabulary.entry_base()),
      units(vocabulary.unit_count()),
      extras(vocabulary.size() - vocabulary.extra_base()) {}

PolicyTensors policy_tensors(const PolicyBatch& batch, const ActionLayout& layout) {
  const std::int64_t t = batch.steps, b = batch.molecules;
  PolicyTensors out;
  out.previous = long_tensor(batch.previous, {t, b});
  out.unit = long_tensor(batch.unit, {t, b});
  out.parent = long_tensor(batch.parent, {t, b});
  out.site = long_tensor(batch.site, {t, b});
  out.phase = long_tensor(batch.phase, {t, b});
  out.placed = long_tensor(batch.placed, {b, batch.units});
  out.numbers =
      torch::from_blob(const_cast<float*>(batch.numbers.data()), {t, b, policy_numbers}, torch::kFloat32)
          .clone();
  const auto properties = static_cast<std::int64_t>(condition_properties().size());
  out.conditions = torch::zeros({b, properties}, torch::kInt64);
  for (std::size_t i = 0; i < batch.conditions.size(); ++i)
    out.conditions.data_ptr<std::int64_t>()[i] = batch.conditions[i];
  std::vector<std::int64_t> valid;
  out.adding = valid_entries(batch, layout, valid);
  const auto entries = static_cast<std::int64_t>(valid.size()), words = std::int64_t{batch.legal_words};
  out.valid = torch::tensor(valid, torch::kInt64);
  out.action = torch::empty({entries}, torch::kInt64);
  out.legal = torch::empty({entries, words}, torch::kInt64);
  for (std::int64_t v = 0; v < entries; ++v) {
    const auto entry = static_cast<std::size_t>(valid[static_cast<std::size_t>(v)]);
    out.action.data_ptr<std::int64_t>()[v] = batch.action[entry];
    std::memcpy(out.legal.data_ptr<std::int64_t>() + v * words,
                batch.legal.data() + entry * static_cast<std::size_t>(words),
                static_cast<std::size_t>(words) * sizeof(std::uint64_t));
  }
  return out;
}

PolicyNetworkImpl::PolicyNetworkImpl(const ActionLayout& actions, const PolicyShape& sizes)
    : layout(actions), shape(sizes) {
  const auto table = [&](const char* name, std::int64_t rows, std::int64_t width) {
    auto embedding = register_module(name, torch::nn::Embedding(rows, width));
    torch::nn::init::normal_(embedding->weight, 0, 0.1);
    return embedding;
  };
  const std::int64_t properties = static_cast<std::int64_t>(condition_properties().size());
  action_embedding_ = table("action", layout.actions + 1, shape.embedding);
  unit_embedding_ = table("unit", layout.units + 1, unit_width);
  parent_embedding_ = table("parent", layout.units + 1, parent_width);
  site_embedding_ = table("site", max_motif_atoms + 1, site_width);
  phase_embedding_ = table("phase", 8, phase_width);
  condition_embedding_ = table("condition", properties * condition_bins_most, condition_width);
  number_layer_ = register_module("numbers", torch::nn::Linear(policy_numbers, number_width));
  const std::int64_t width =
      shape.embedding + unit_width + parent_width + site_width + phase_width + number_width + condition_width;
  memory_ = register_module(
      "memory", torch::nn::GRU(torch::nn::GRUOptions(width, shape.hidden).num_layers(shape.layers)));
  simple_ = register_module("simple", torch::nn::Linear(shape.hidden, 2 + layout.sites + layout.entries));
  addition_query_ = register_module("addition_query", torch::nn::Linear(shape.hidden, shape.embedding));
  addition_bias_ = register_parameter("addition_bias", torch::zeros({layout.additions}));
  closure_query_ = register_module("closure_query", torch::nn::Linear(shape.hidden, 2 * key));
  closure_key_ = register_module("closure_key", torch::nn::Linear(shape.hidden, key));
}

torch::Tensor PolicyNetworkImpl::inputs(const torch::Tensor& previous, const torch::Tensor& unit,
                                        const torch::Tensor& parent, const torch::Tensor& site,
                                        const torch::Tensor& phase, const torch::Tensor& numbers,
                                        const torch::Tensor& conditions) {
  const auto properties = conditions.size(1);
  const auto rows = conditions + condition_bins_most * torch::arange(properties, torch::kInt64);
  // Bin 0 says nothing: it adds nothing.
  auto told = (condition_embedding_(rows) * (conditions > 0).unsqueeze(2)).sum(1);
  if (previous.dim() == 2) told = told.unsqueeze(0).expand({previous.size(0), -1, -1});
  return torch::cat(
      {action_embedding_(previous), unit_embedding_(unit), parent_embedding_(parent), site_embedding_(site),
       phase_embedding_(phase), torch::relu(number_layer_(numbers)), told},
      -1);
}

std::pair<torch::Tensor, torch::Tensor> PolicyNetworkImpl::step(const torch::Tensor& x,
                                                                const torch::Tensor& state) {
  const auto weights = memory_->all_weights();
  std::vector<torch::Tensor> next;
  auto signal = x;
  for (std::size_t layer = 0; layer < static_cast<std::size_t>(shape.layers); ++layer) {
    signal = recurrent_step(signal, state[static_cast<std::int64_t>(layer)], weights[4 * layer],
                            weights[4 * layer + 1], weights[4 * layer + 2], weights[4 * layer + 3]);
    next.push_back(signal);
  }
  return {signal, torch::stack(next)};
}

torch::Tensor PolicyNetworkImpl::simple_logits(const torch::Tensor& hidden) {
  return simple_(hidden);
}

torch::Tensor PolicyNetworkImpl::addition_logits(const torch::Tensor& hidden) {
  const auto vectors = action_embedding_->weight.narrow(0, 2, layout.additions);
  return torch::addmm(addition_bias_, addition_query_(hidden), vectors.t());
}

torch::Tensor PolicyNetworkImpl::closure_queries(const torch::Tensor& hidden) {
  return closure_query_(hidden).view({-1, 2, key}) / std::sqrt(static_cast<double>(key));
}

torch::Tensor PolicyNetworkImpl::closure_keys(const torch::Tensor& hidden) {
  return closure_key_(hidden);
}

torch::Tensor PolicyNetworkImpl::log_probabilities(const PolicyTensors& batch) {
  auto hidden = inputs(batch.previous, batch.unit, batch.parent, batch.site, batch.phase, batch.numbers,
                       batch.conditions);
  const auto weights = memory_->all_weights();
  for (std::size_t layer = 0; layer < static_cast<std::size_t>(shape.layers); ++layer)
    hidden = recurrent_layer(hidden, weights[4 * layer], weights[4 * layer + 1], weights[4 * layer + 2],
                             weights[4 * layer + 3]);
  const std::int64_t steps = hidden.size(0), molecules = hidden.size(1), units = batch.placed.size(1);
  const auto flat = hidden.reshape({steps * molecules, shape.hidden});
  const auto chosen = flat.index_select(0, batch.valid);
  const auto simple = simple_logits(chosen);
  // Pointers: every step of a molecule against every unit of it.
  const auto places = batch.placed * molecules + torch::arange(molecules, torch::kInt64).unsqueeze(1);
  const auto keys = closure_keys(flat.index_select(0, places.reshape({-1}))).view({molecules, units, key});
  const auto queries = closure_queries(flat).view({steps, molecules, 2, key}).permute({1, 0, 2, 3});
  const auto scores = torch::bmm(queries.reshape({molecules, steps * 2, key}), keys.transpose(1, 2));
  const auto closures = scores.view({molecules, steps, 2, units})
                            .permute({1, 0, 2, 3})
                            .reshape({steps * molecules, 2, units})
                            .index_select(0, batch.valid);
  const ChoiceLayout choice{layout.additions, layout.sites, layout.entries,
                            2 + layout.additions + layout.sites + layout.entries, max_graph_atoms};
  const auto part = [&](std::int64_t first, std::int64_t last, const torch::Tensor& additions) {
    const std::int64_t n = last - first;
    return choice_log_probability(simple.narrow(0, first, n), additions, closures.narrow(0, first, n),
                                  batch.legal.narrow(0, first, n), batch.action.narrow(0, first, n), choice);
  };
  const std::int64_t all = chosen.size(0);
  return torch::cat({part(0, batch.adding, addition_logits(chosen.narrow(0, 0, batch.adding))),
                     part(batch.adding, all, torch::Tensor())});
}

torch::Tensor PolicyNetworkImpl::string_log_probabilities(const PolicyTensors& batch) {
  const std::int64_t molecules = batch.placed.size(0);
  return torch::zeros({molecules}).index_add(0, batch.valid.remainder(molecules), log_probabilities(batch));
}

}  // namespace theriac::generative
