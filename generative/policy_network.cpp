#include "generative/policy_network.hpp"

#include <fmt/format.h>
#include <torch/nn/init.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/rnn.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "generative/legal_choice.hpp"
#include "generative/policy_conditions.hpp"
#include "generative/recurrent_layer.hpp"

namespace theriac::generative {
namespace {

constexpr std::int64_t unit_width = 96, parent_width = 32, site_width = 16, phase_width = 8,
                       number_width = 24, condition_width = 48;
constexpr std::int64_t condition_bins_most = 16;  ///< rows of the condition table per property

/// What may be done at an entry.
enum class Choice { none, forced, addition, other };

Choice choice_at(const PolicyBatch& batch, const ActionLayout& layout, std::size_t entry) {
  if (batch.action[entry] < 0) return Choice::none;
  const std::uint64_t* words = batch.legal.data() + entry * static_cast<std::size_t>(batch.legal_words);
  int legal = 0;
  for (int w = 0; w < batch.legal_words; ++w) legal += __builtin_popcountll(words[w]);
  if (legal < 2) return Choice::forced;
  const std::int64_t first = 2, last = 2 + layout.additions;  // [first, last)
  for (std::int64_t w = first / 64; w <= (last - 1) / 64; ++w) {
    std::uint64_t bits = words[w];
    if (w == first / 64) bits &= ~0ull << (first % 64);
    if (w == (last - 1) / 64 && last % 64 != 0) bits &= ~(~0ull << (last % 64));
    if (bits != 0) return Choice::addition;
  }
  return Choice::other;
}

/// `values` of the entries, in their order.
torch::Tensor picked(const std::vector<std::int32_t>& values, const std::vector<std::size_t>& entries,
                     const torch::Device& device) {
  auto out = scoring::staged({static_cast<std::int64_t>(entries.size())}, torch::kInt64, device);
  auto* to = out.data_ptr<std::int64_t>();
  for (const std::size_t entry : entries) *to++ = values[entry];
  return out;
}

/// Molecules by falling length.
std::vector<std::size_t> longest_first(const PolicyBatch& batch) {
  const auto molecules = static_cast<std::size_t>(batch.molecules);
  std::vector<std::size_t> length(molecules, 0), order(molecules);
  for (std::size_t entry = 0; entry < batch.action.size(); ++entry)
    if (batch.action[entry] >= 0) ++length[entry % molecules];
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return length[a] > length[b]; });
  return order;
}

/// Every tensor by its name, as LibTorch's modules begin.
torch::OrderedDict<std::string, torch::Tensor> initial_weights(const ActionLayout& layout,
                                                               const PolicyShape& shape) {
  struct Modules : torch::nn::Module {
    void table(const char* name, std::int64_t rows, std::int64_t width) {
      torch::nn::init::normal_(register_module(name, torch::nn::Embedding(rows, width))->weight, 0, 0.1);
    }
    void dense(const char* name, std::int64_t inputs, std::int64_t outputs) {
      register_module(name, torch::nn::Linear(inputs, outputs));
    }
  } modules;
  const auto properties = static_cast<std::int64_t>(condition_properties().size());
  modules.table("action", layout.actions + 1, shape.embedding);
  modules.table("unit", layout.units + 1, unit_width);
  modules.table("parent", layout.units + 1, parent_width);
  modules.table("site", max_motif_atoms + 1, site_width);
  modules.table("phase", 8, phase_width);
  modules.table("condition", properties * condition_bins_most, condition_width);
  modules.dense("numbers", policy_numbers, number_width);
  const std::int64_t width =
      shape.embedding + unit_width + parent_width + site_width + phase_width + number_width + condition_width;
  modules.register_module(
      "memory", torch::nn::GRU(torch::nn::GRUOptions(width, shape.hidden).num_layers(shape.layers)));
  modules.dense("simple", shape.hidden, 2 + layout.sites + layout.entries);
  modules.dense("addition_query", shape.hidden, shape.embedding);
  modules.register_parameter("addition_bias", torch::zeros({layout.additions}));
  modules.dense("closure_query", shape.hidden, 2 * PolicyNetwork::key);
  modules.dense("closure_key", shape.hidden, PolicyNetwork::key);
  return modules.named_parameters();
}

}  // namespace

ActionLayout::ActionLayout(const ActionVocabulary& vocabulary)
    : actions(vocabulary.size()),
      additions(vocabulary.addition_count()),
      sites(vocabulary.entry_base() - vocabulary.site_base()),
      entries(vocabulary.closure_base() - vocabulary.entry_base()),
      units(vocabulary.unit_count()),
      extras(vocabulary.size() - vocabulary.extra_base()) {}

PolicyTensors policy_tensors(const PolicyBatch& batch, const ActionLayout& layout,
                             const torch::Device& device) {
  const auto whole = [&](torch::IntArrayRef sizes) { return scoring::staged(sizes, torch::kInt64, device); };
  const auto molecules = static_cast<std::size_t>(batch.molecules),
             steps = static_cast<std::size_t>(batch.steps);
  const auto words = static_cast<std::size_t>(batch.legal_words),
             units = static_cast<std::size_t>(batch.units);
  PolicyTensors out;
  out.molecules = batch.molecules;
  out.steps = batch.steps;
  const auto order = longest_first(batch);
  std::vector<std::size_t> entries;                         // of the batch, in the order of the tensors
  std::vector<std::int64_t> place(batch.action.size(), 0);  // the way back
  for (std::size_t t = 0; t < steps; ++t) {
    const std::size_t before = entries.size();
    for (const std::size_t m : order) {
      const std::size_t entry = t * molecules + m;
      if (batch.action[entry] < 0) continue;
      place[entry] = static_cast<std::int64_t>(entries.size());
      entries.push_back(entry);
    }
    out.active.push_back(static_cast<std::int64_t>(entries.size() - before));
  }
  const auto count = static_cast<std::int64_t>(entries.size());
  out.previous = picked(batch.previous, entries, device);
  out.unit = picked(batch.unit, entries, device);
  out.parent = picked(batch.parent, entries, device);
  out.site = picked(batch.site, entries, device);
  out.phase = picked(batch.phase, entries, device);
  out.numbers = scoring::staged({count, policy_numbers}, torch::kFloat32, device);
  out.molecule = whole({count});
  std::vector<std::size_t> adding, others;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::size_t entry = entries[i];
    std::copy_n(batch.numbers.data() + entry * policy_numbers, policy_numbers,
                out.numbers.data_ptr<float>() + i * policy_numbers);
    out.molecule.data_ptr<std::int64_t>()[i] = static_cast<std::int64_t>(entry % molecules);
    const Choice choice = choice_at(batch, layout, entry);
    if (choice == Choice::addition) adding.push_back(entry);
    if (choice == Choice::other) others.push_back(entry);
  }
  const auto properties = static_cast<std::int64_t>(condition_properties().size());
  out.conditions = whole({out.molecules, properties}).zero_();
  for (std::size_t i = 0; i < batch.conditions.size(); ++i)
    out.conditions.data_ptr<std::int64_t>()[i] = batch.conditions[i];
  out.placed = whole({out.molecules, batch.units}).zero_();
  for (std::size_t i = 0; i < batch.placed.size(); ++i)
    out.placed.data_ptr<std::int64_t>()[i] =
        place[static_cast<std::size_t>(batch.placed[i]) * molecules + i / units];
  out.adding = static_cast<std::int64_t>(adding.size());
  adding.insert(adding.end(), others.begin(), others.end());
  const auto choices = static_cast<std::int64_t>(adding.size());
  for (auto* t : {&out.choice, &out.chooser, &out.grid}) *t = whole({choices});
  out.action = picked(batch.action, adding, device);
  out.legal = whole({choices, batch.legal_words});
  for (std::size_t v = 0; v < adding.size(); ++v) {
    const std::size_t entry = adding[v], m = entry % molecules;
    out.choice.data_ptr<std::int64_t>()[v] = place[entry];
    out.chooser.data_ptr<std::int64_t>()[v] = static_cast<std::int64_t>(m);
    out.grid.data_ptr<std::int64_t>()[v] = static_cast<std::int64_t>(m * steps + entry / molecules);
    std::memcpy(out.legal.data_ptr<std::int64_t>() + v * words, batch.legal.data() + entry * words,
                words * sizeof(std::uint64_t));
  }
  for (auto* t :
       {&out.previous, &out.unit, &out.parent, &out.site, &out.phase, &out.numbers, &out.molecule,
        &out.conditions, &out.placed, &out.choice, &out.chooser, &out.grid, &out.action, &out.legal})
    *t = scoring::sent(*t, device);
  return out;
}

PolicyNetwork::PolicyNetwork(const ActionLayout& actions, const PolicyShape& sizes,
                             const torch::Device& place, bool own)
    : layout(actions), shape(sizes), device(place), own_kernels(own) {
  for (const auto& weight : initial_weights(actions, sizes)) {
    names.push_back(weight.key());
    parameters.push_back(weight.value().detach().to(device).requires_grad_(true));
  }
  action_ = parameter("action.weight");
  unit_ = parameter("unit.weight");
  parent_ = parameter("parent.weight");
  site_ = parameter("site.weight");
  phase_ = parameter("phase.weight");
  condition_ = parameter("condition.weight");
  addition_bias_ = parameter("addition_bias");
  numbers_ = dense("numbers");
  simple_ = dense("simple");
  addition_query_ = dense("addition_query");
  closure_query_ = dense("closure_query");
  closure_key_ = dense("closure_key");
  for (int layer = 0; layer < shape.layers; ++layer)
    for (const char* part : {"weight_ih", "weight_hh", "bias_ih", "bias_hh"})
      memory_.push_back(parameter(fmt::format("memory.{}_l{}", part, layer)));
  if (!own_kernels) join_recurrent_weights(memory_);
}

torch::Tensor PolicyNetwork::parameter(const std::string& name) const {
  const auto place = std::find(names.begin(), names.end(), name);
  return parameters.at(static_cast<std::size_t>(place - names.begin()));
}

PolicyNetwork::Dense PolicyNetwork::dense(const std::string& name) const {
  return {parameter(name + ".weight"), parameter(name + ".bias")};
}

/// What the conditions add to the input, [B, width].
torch::Tensor PolicyNetwork::told(const torch::Tensor& conditions) const {
  const auto rows =
      conditions + condition_bins_most * torch::arange(conditions.size(1), conditions.options());
  // Bin 0 says nothing: it adds nothing.
  return (torch::embedding(condition_, rows) * (conditions > 0).unsqueeze(2)).sum(1);
}

/// Of the last layer, at each entry.
torch::Tensor PolicyNetwork::memories(const PolicyTensors& batch) const {
  auto memory = torch::cat({torch::embedding(action_, batch.previous), torch::embedding(unit_, batch.unit),
                            torch::embedding(parent_, batch.parent), torch::embedding(site_, batch.site),
                            torch::embedding(phase_, batch.phase), torch::relu(numbers_(batch.numbers)),
                            told(batch.conditions).index_select(0, batch.molecule)},
                           -1);
  if (!own_kernels) return plain_recurrent_layers(memory, batch.active, memory_);
  for (std::size_t layer = 0; layer < static_cast<std::size_t>(shape.layers); ++layer)
    memory = recurrent_layer(memory, batch.active, memory_[4 * layer], memory_[4 * layer + 1],
                             memory_[4 * layer + 2], memory_[4 * layer + 3]);
  return memory;
}

torch::Tensor PolicyNetwork::stepped(const PolicyStepTensors& step,
                                     std::vector<torch::Tensor>& memory) const {
  auto x = torch::cat(
      {torch::embedding(action_, step.previous), torch::embedding(unit_, step.unit),
       torch::embedding(parent_, step.parent), torch::embedding(site_, step.site),
       torch::embedding(phase_, step.phase), torch::relu(numbers_(step.numbers)), told(step.conditions)},
      -1);
  for (std::size_t layer = 0; layer < memory.size(); ++layer)
    x = memory[layer] = torch::gru_cell(x, memory[layer], memory_[4 * layer], memory_[4 * layer + 1],
                                        memory_[4 * layer + 2], memory_[4 * layer + 3]);
  return torch::cat({simple_(x), addition_query_(x), closure_query_(x) / std::sqrt(static_cast<double>(key)),
                     closure_key_(x)},
                    1);
}

torch::Tensor PolicyNetwork::addition_logits(const torch::Tensor& queries) const {
  return torch::addmm(addition_bias_, queries, action_.narrow(0, 2, layout.additions).t());
}

/// Pointers: every choice of a molecule against every unit of it, [V, 2, U].
torch::Tensor PolicyNetwork::closure_logits(const PolicyTensors& batch, const torch::Tensor& memory,
                                            const torch::Tensor& chosen) const {
  const std::int64_t molecules = batch.molecules, steps = batch.steps, units = batch.placed.size(1);
  const auto keys =
      closure_key_(memory.index_select(0, batch.placed.view({-1}))).view({molecules, units, key});
  const auto queries = closure_query_(chosen) / std::sqrt(static_cast<double>(key));
  const auto all =
      torch::zeros({molecules * steps, 2 * key}, queries.options()).index_copy(0, batch.grid, queries);
  const auto scores = torch::bmm(all.view({molecules, steps * 2, key}), keys.transpose(1, 2));
  return scores.view({molecules * steps, 2, units}).index_select(0, batch.grid);
}

/// Log-probability of each action chosen, [V].
torch::Tensor PolicyNetwork::choice_log_probabilities(const PolicyTensors& batch) const {
  const auto memory = memories(batch);
  const auto chosen = memory.index_select(0, batch.choice);
  const auto closures = closure_logits(batch, memory, chosen);
  const std::int64_t adding = batch.adding, others = chosen.size(0) - adding;
  const std::int64_t first_closure = 2 + layout.additions + layout.sites + layout.entries;
  // Where a unit may be added, neither sites nor entries are asked for, and the other way round.
  const auto adders = chosen.narrow(0, 0, adding);
  const auto stop_or_next =
      torch::addmm(simple_.bias.narrow(0, 0, 2), adders, simple_.weight.narrow(0, 0, 2).t());
  const auto additions = addition_logits(addition_query_(adders));
  const auto simple = simple_(chosen.narrow(0, adding, others));
  const auto chance = own_kernels ? choice_log_probability : plain_choice_log_probability;
  return torch::cat(
      {chance(stop_or_next, additions, closures.narrow(0, 0, adding), batch.legal.narrow(0, 0, adding),
              batch.action.narrow(0, 0, adding), {layout.additions, 0, 0, first_closure, max_graph_atoms}),
       chance(simple, torch::Tensor(), closures.narrow(0, adding, others),
              batch.legal.narrow(0, adding, others), batch.action.narrow(0, adding, others),
              {layout.additions, layout.sites, layout.entries, first_closure, max_graph_atoms})});
}

torch::Tensor PolicyNetwork::string_log_probabilities(const PolicyTensors& batch) const {
  const auto values = choice_log_probabilities(batch);
  return torch::zeros({batch.molecules}, values.options()).index_add(0, batch.chooser, values);
}

}  // namespace theriac::generative
