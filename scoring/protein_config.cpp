#include "scoring/protein_config.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"

namespace theriac::scoring {
namespace {

using nlohmann::json;

// Larger numbers are mistakes, and refused before anything is allocated for them.
constexpr int most_layers = 1000, most_width = 1 << 17, most_tokens = 1 << 24;

class ConfigReader {
 public:
  ConfigReader(const std::string& text, const std::string& source) : source_(source) {
    try {
      values_ = json::parse(text);
    } catch (const json::parse_error& error) {
      const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(error.byte, text.size()));
      throw ModelError(
          fmt::format("'{}' is not JSON (line {})", source, 1 + std::count(text.begin(), end, '\n')),
          "get the file again: it may have been cut short");
    }
    if (!values_.is_object()) throw ModelError(fmt::format("'{}' is not a JSON object", source));
  }

  bool has(const char* key) const { return values_.contains(key) && !values_[key].is_null(); }

  int number(const char* key, int least, int most) const {
    if (!has(key)) throw ModelError(fmt::format("'{}' does not say {}", source_, key));
    const json& value = values_[key];
    if (!value.is_number_integer())
      throw ModelError(fmt::format("{} of '{}' must be a whole number, got {}", key, source_, value.dump()));
    const bool fits = value.is_number_unsigned()
                          ? value.get<std::uint64_t>() <= static_cast<std::uint64_t>(most)
                          : value.get<std::int64_t>() <= most;
    if (!fits || (!value.is_number_unsigned() && value.get<std::int64_t>() < least) ||
        (value.is_number_unsigned() && least > 0 &&
         value.get<std::uint64_t>() < static_cast<std::uint64_t>(least)))
      throw ModelError(fmt::format("{} of '{}' is {}, it must lie between {} and {}", key, source_,
                                   value.dump(), least, most));
    return value.get<int>();
  }
  int number(const char* key, int least, int most, int absent) const {
    return has(key) ? number(key, least, most) : absent;
  }

  double real(const char* key, double absent) const {
    if (!has(key)) return absent;
    const json& value = values_[key];
    if (!value.is_number() || !(value.get<double>() > 0) || !(value.get<double>() < 1))
      throw ModelError(
          fmt::format("{} of '{}' must be a number between 0 and 1, got {}", key, source_, value.dump()));
    return value.get<double>();
  }

  bool flag(const char* key, bool absent) const {
    if (!has(key)) return absent;
    if (!values_[key].is_boolean())
      throw ModelError(
          fmt::format("{} of '{}' must be true or false, got {}", key, source_, values_[key].dump()));
    return values_[key].get<bool>();
  }

  std::string text(const char* key, const std::string& absent) const {
    if (!has(key)) return absent;
    if (!values_[key].is_string())
      throw ModelError(fmt::format("{} of '{}' must be a text, got {}", key, source_, values_[key].dump()));
    return values_[key].get<std::string>();
  }

  const std::string& source() const { return source_; }

 private:
  std::string source_;
  json values_;
};

int heads_of(const ConfigReader& config, const char* heads_key, const char* width_key, int width) {
  const int heads = config.number(heads_key, 1, most_width);
  if (width % heads != 0)
    throw ModelError(fmt::format("{} {} of '{}' is not a multiple of {} {}", width_key, width,
                                 config.source(), heads_key, heads));
  return heads;
}

void read_epsilon(const ConfigReader& config, const char* key, double absent, ProteinConfig& out) {
  out.shape.epsilon = config.real(key, absent);
  if (!config.has(key))
    out.warnings.push_back(
        fmt::format("'{}' does not say {}; the reference then uses {}", config.source(), key, absent));
}

void read_activation(const ConfigReader& config, ProteinShape& shape) {
  const std::string name = config.text("activation_function", "gelu_new");
  if (name != "gelu_new" && name != "gelu" && name != "gelu_pytorch_tanh")
    throw ModelError(fmt::format("activation_function '{}' of '{}' is not supported", name, config.source()),
                     "known: gelu_new, gelu_pytorch_tanh, gelu");
  shape.tanh_gelu = name != "gelu";
}

ProteinConfig esm_config(const ConfigReader& config) {
  ProteinConfig out;
  ProteinShape& s = out.shape;
  s.family = ProteinFamily::esm;
  s.width = config.number("hidden_size", 1, most_width);
  s.layers = config.number("num_hidden_layers", 1, most_layers);
  s.heads = heads_of(config, "num_attention_heads", "hidden_size", s.width);
  s.inner = config.number("intermediate_size", 1, 8 * most_width);
  s.vocabulary = config.number("vocab_size", 1, most_tokens);
  out.head_columns = s.vocabulary;
  out.tied_head = config.flag("tie_word_embeddings", true);
  if (config.flag("is_folding_model", false))
    throw ModelError(fmt::format("'{}' is a folding model", config.source()), "known: language models");
  const std::string positions = config.text("position_embedding_type", "absolute");
  if (positions != "rotary" && positions != "absolute")
    throw ModelError(
        fmt::format("position_embedding_type '{}' of '{}' is not supported", positions, config.source()),
        "known: rotary, absolute");
  if (positions == "rotary") {
    s.rotary = s.head_width();
    if (s.rotary % 2 != 0)
      throw ModelError(fmt::format("the heads of '{}' are {} wide, rotary positions need an even number",
                                   config.source(), s.rotary));
  } else {
    s.positions = PositionKind::learned;
    out.position_rows = config.number("max_position_embeddings", 3, most_tokens, 1026);
    s.longest_row = out.position_rows - 2;  // rows 0 and 1 are never a token's
  }
  read_epsilon(config, "layer_norm_eps", 1e-12, out);
  s.token_dropout = config.flag("token_dropout", false);
  s.norm_embedding = config.flag("emb_layer_norm_before", false);
  s.dense_before_head = true;
  return out;
}

ProteinConfig progen2_config(const ConfigReader& config) {
  ProteinConfig out;
  ProteinShape& s = out.shape;
  s.family = ProteinFamily::progen2;
  const char* width_key = config.has("embed_dim") ? "embed_dim" : "n_embd";
  s.width = config.number(width_key, 8, most_width);
  if (s.width % 8 != 0)
    throw ModelError(fmt::format("{} {} of '{}' is not a multiple of 8, in whose groups the file stores it",
                                 width_key, s.width, config.source()));
  s.layers = config.number("n_layer", 1, most_layers);
  s.heads = heads_of(config, "n_head", width_key, s.width);
  s.inner = config.number("n_inner", 1, 8 * most_width, 4 * s.width);
  const bool two_sizes = config.has("vocab_size_emb");
  s.vocabulary = config.number(two_sizes ? "vocab_size_emb" : "vocab_size", 1, most_tokens);
  out.head_columns =
      config.has("vocab_size_lm_head") ? config.number("vocab_size_lm_head", 1, most_tokens) : s.vocabulary;
  out.tied_head = false;
  s.positions = PositionKind::rotary_pairs;
  s.rotary = config.number("rotary_dim", 2, most_width, s.head_width());
  if (s.rotary > s.head_width() || s.rotary % 2 != 0)
    throw ModelError(fmt::format("rotary_dim {} of '{}' must be even and at most the {} of a head", s.rotary,
                                 config.source(), s.head_width()));
  s.longest_row = config.number("n_positions", 1, most_tokens, 2048);
  read_epsilon(config, "layer_norm_epsilon", 1e-5, out);
  read_activation(config, s);
  s.causal = s.parallel = true;
  return out;
}

ProteinConfig gpt2_config(const ConfigReader& config) {
  ProteinConfig out;
  ProteinShape& s = out.shape;
  s.family = ProteinFamily::gpt2;
  s.width = config.number("n_embd", 1, most_width);
  s.layers = config.number("n_layer", 1, most_layers);
  s.heads = heads_of(config, "n_head", "n_embd", s.width);
  s.inner = config.number("n_inner", 1, 8 * most_width, 4 * s.width);
  s.vocabulary = out.head_columns = config.number("vocab_size", 1, most_tokens);
  out.tied_head = config.flag("tie_word_embeddings", true);
  s.positions = PositionKind::learned;
  s.longest_row = out.position_rows = config.number("n_positions", 1, most_tokens, 1024);
  s.scale_scores = config.flag("scale_attn_weights", true);
  for (const char* key : {"scale_attn_by_inverse_layer_idx", "add_cross_attention"})
    if (config.flag(key, false))
      throw ModelError(fmt::format("{} of '{}' is not supported", key, config.source()));
  read_epsilon(config, "layer_norm_epsilon", 1e-5, out);
  read_activation(config, s);
  s.causal = true;
  return out;
}

}  // namespace

ProteinConfig parse_protein_config(const std::string& text, const std::string& source) {
  const ConfigReader config(text, source);
  const std::string type = config.text("model_type", "");
  if (type == "esm") return esm_config(config);
  if (type == "progen") return progen2_config(config);
  if (type == "gpt2") return gpt2_config(config);
  throw ModelError(
      fmt::format("model_type '{}' of '{}' is no protein language model that is known here", type, source),
      "known: esm (ESM-1b, ESM-1v, ESM-2, PepMLM), progen (ProGen2), gpt2 (ProtGPT2)");
}

}  // namespace theriac::scoring
