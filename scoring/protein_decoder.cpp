#include "scoring/protein_decoder.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>

#include "chem/error.hpp"
#include "scoring/protein_kernel.h"
#include "scoring/protein_pass.hpp"

namespace theriac::scoring {
namespace {

std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

}  // namespace

ProteinDecoder::ProteinDecoder(const ProteinLanguageModel& model, const std::vector<int>& prompt,
                               int continuations)
    : model_(model),
      prompt_length_(static_cast<int>(prompt.size())),
      length_(prompt_length_),
      lanes_(model.engine().kernel().lanes) {
  if (!model.causal())
    throw UsageError("a masked model does not continue a row", "a causal one: ProGen2, ProtGPT2");
  if (!model.columns()) throw ModelError("the model has no language-model head");
  if (continuations < 1) throw UsageError(fmt::format("{} continuations of a row", continuations));
  ProteinPass pass(model.engine(), {model.checked({prompt, {}})});
  const int width = model.width();
  for (int layer = 0; layer < model.layers(); ++layer) {
    pass.before_attention(layer);
    const auto& projected = pass.projected();
    const int panels = (prompt_length_ + lanes_ - 1) / lanes_;
    AlignedFloats kept(at(panels) * at(2 * width) * at(lanes_));
    for (int panel = 0; panel < panels; ++panel)
      std::copy(projected.at(panel, width), projected.at(panel, 3 * width),
                kept.begin() + static_cast<std::ptrdiff_t>(panel) * 2 * width * lanes_);
    prompt_.push_back(std::move(kept));
    pass.attend();
    pass.after_attention(layer);
  }
  std::vector<float> states(at(prompt_length_) * at(width));
  pass.finish(states.data());
  const auto one = model.engine().logits({states.end() - width, states.end()});
  for (int i = 0; i < continuations; ++i) logits_.insert(logits_.end(), one.begin(), one.end());
  tails_.assign(at(continuations), Cache(at(model.layers())));
}

void ProteinDecoder::store(int layer, const float* projected, Cache& tail) const {
  const int features = 2 * model_.width(), place = length_ - prompt_length_;
  AlignedFloats& kept = tail[at(layer)];
  if (place % lanes_ == 0) kept.resize(kept.size() + at(features) * at(lanes_));
  float* to = kept.data() + at(place / lanes_) * at(features) * at(lanes_) + at(place % lanes_);
  for (int k = 0; k < features; ++k) to[at(k) * at(lanes_)] = projected[at(model_.width() + k) * at(lanes_)];
}

void ProteinDecoder::attend(int layer, ProteinPass& pass) const {
  const auto& shape = model_.shape();
  const int width = model_.width(), heads = shape.heads, of_head = shape.head_width();
  const long stride = 2L * width * lanes_;
  const float scale = shape.scale_scores ? 1.0f / std::sqrt(static_cast<float>(of_head)) : 1.0f;
  tbb::parallel_for(0, continuations(), [&](int i) {
    std::vector<float> scores(at(length_ + 1 + 2 * lanes_));
    for (int head = 0; head < heads; ++head) {
      const int first = head * of_head;
      const auto keys = [&](const AlignedFloats& kept, int count) {
        const float* key = kept.data() + at(first) * at(lanes_);
        return ProteinKeys{count, key, key + at(width) * at(lanes_), stride};
      };
      const ProteinStep step{of_head,
                             scale,
                             pass.projected().at(i / lanes_, first) + i % lanes_,
                             keys(prompt_[at(layer)], prompt_length_),
                             keys(tails_[at(i)][at(layer)], length_ - prompt_length_ + 1),
                             scores.data(),
                             pass.attended().at(i / lanes_, first) + i % lanes_};
      model_.engine().kernel().attend_step(&step);
    }
  });
}

void ProteinDecoder::append(const std::vector<int>& tokens) {
  const auto& shape = model_.shape();
  if (tokens.size() != tails_.size())
    throw UsageError(fmt::format("{} tokens for {} continuations", tokens.size(), tails_.size()));
  if (shape.longest_row && length_ >= shape.longest_row)
    throw UsageError(fmt::format("the positions of this model end at {} tokens", shape.longest_row));
  std::vector<TokenRow> rows;
  for (const int token : tokens) rows.push_back(model_.checked({{token}, {length_}}));
  ProteinPass pass(model_.engine(), rows);
  for (int layer = 0; layer < model_.layers(); ++layer) {
    pass.before_attention(layer);
    for (int i = 0; i < continuations(); ++i)
      store(layer, pass.projected().at(i / lanes_) + i % lanes_, tails_[at(i)]);
    attend(layer, pass);
    pass.after_attention(layer);
  }
  ++length_;
  std::vector<float> states(tokens.size() * at(model_.width()));
  pass.finish(states.data());
  logits_ = model_.engine().logits(states);
}

void ProteinDecoder::keep(const std::vector<int>& chosen) {
  std::vector<Cache> tails;
  std::vector<float> logits;
  for (const int i : chosen) {
    if (i < 0 || i >= continuations())
      throw UsageError(fmt::format("there is no continuation {}, there are {}", i, continuations()));
    tails.push_back(tails_[at(i)]);
    const auto first = logits_.begin() + static_cast<std::ptrdiff_t>(i) * model_.columns();
    logits.insert(logits.end(), first, first + model_.columns());
  }
  tails_ = std::move(tails);
  logits_ = std::move(logits);
}

}  // namespace theriac::scoring
