#include "scoring/protein_weights.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "chem/error.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/half_precision.hpp"
#include "scoring/protein_config.hpp"
#include "scoring/protein_tensors.hpp"

namespace fs = std::filesystem;

namespace theriac::scoring {
namespace {

using datasets::TensorShape;

/// Takes tensors by name and remembers which, so that what is left over can be told.
class TensorReader {
 public:
  TensorReader(const ProteinTensors& tensors, ProteinWeights& out) : tensors_(tensors), out_(out) {}

  std::vector<float> take(const std::string& name, const TensorShape& shape) {
    auto numbers = tensors_.floats(name, shape);
    used_.insert(name);
    out_.parameters += numbers.size();
    types_.insert(datasets::tensor_type_name(tensors_.info(name).type));
    return numbers;
  }
  NormLayer norm(const std::string& name, int width) {
    return {take(name + ".weight", {width}), take(name + ".bias", {width})};
  }
  LinearLayer linear(const std::string& name, int outputs, int inputs, bool bias = true) {
    LinearLayer layer{take(name + ".weight", {outputs, inputs}), {}};
    if (bias) layer.bias = take(name + ".bias", {outputs});
    return layer;
  }
  bool has(const std::string& name) const { return tensors_.contains(name); }
  void ignore(const std::string& name) { used_.insert(name); }
  /// Layers in the file that the configuration does not know would be dropped in silence.
  void refuse_layer(const std::string& prefix, int layer) const {
    for (const auto& name : tensors_.names())
      if (name.rfind(fmt::format("{}{}.", prefix, layer), 0) == 0)
        throw ModelError(fmt::format("config.json of '{}' says {} layers but the file holds tensor '{}'",
                                     out_.source, layer, name));
  }
  void finish(const std::vector<std::string>& known_endings) {
    for (const auto& name : tensors_.names()) {
      const bool known = std::any_of(known_endings.begin(), known_endings.end(), [&](const std::string& end) {
        return name.size() >= end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0;
      });
      if (!known && !used_.count(name)) out_.warnings.push_back(fmt::format("tensor '{}' is not used", name));
    }
    for (const auto& type : types_) out_.stored_as += (out_.stored_as.empty() ? "" : ", ") + type;
  }

 private:
  const ProteinTensors& tensors_;
  ProteinWeights& out_;
  std::set<std::string> used_, types_;
};

/// Names of the tensors of an ESM model, as transformers or as fair-esm writes them.
struct EsmNames {
  bool fair = false;
  std::string prefix;  ///< "esm." for a model with a head
  std::string embedding() const { return fair ? "embed_tokens" : prefix + "embeddings.word_embeddings"; }
  std::string positions() const {
    return fair ? "embed_positions" : prefix + "embeddings.position_embeddings";
  }
  std::string first_norm() const { return fair ? "emb_layer_norm_before" : prefix + "embeddings.layer_norm"; }
  std::string last_norm() const {
    return fair ? "emb_layer_norm_after" : prefix + "encoder.emb_layer_norm_after";
  }
  std::string layers() const { return fair ? "layers." : prefix + "encoder.layer."; }
  std::string decoder() const { return fair ? "lm_head.weight" : "lm_head.decoder.weight"; }
  std::string part(int layer, const char* ours, const char* theirs) const {
    return fmt::format("{}{}.{}", layers(), layer, fair ? theirs : ours);
  }
  std::string frequencies(int layer) const {
    return part(layer, "attention.self.rotary_embeddings.inv_freq", "self_attn.rot_emb.inv_freq");
  }
};

EsmNames esm_names(const ProteinTensors& tensors) {
  EsmNames names;
  names.fair = tensors.contains("embed_tokens.weight");
  if (!names.fair && !tensors.contains("embeddings.word_embeddings.weight")) names.prefix = "esm.";
  return names;
}

/// The configuration that fair-esm has in its program: its ESM-2 files hold none.
ProteinConfig fair_config(const ProteinTensors& tensors, const std::string& source) {
  EsmNames names;
  names.fair = true;
  if (!tensors.contains(names.frequencies(0)))
    throw ModelError(
        fmt::format("'{}' has fair-esm's names but neither config.json nor rotary frequencies, so the number "
                    "of heads is unknown",
                    source),
        "put the config.json of the published model beside it");
  const auto& embedding = tensors.info("embed_tokens.weight").shape;
  const auto& up = tensors.info(names.part(0, "", "fc1.weight")).shape;
  const auto& turned = tensors.info(names.frequencies(0)).shape;
  int layers = 0;
  while (layers < 1000 && tensors.contains(names.part(layers, "", "fc1.weight"))) ++layers;
  if (embedding.size() != 2 || up.size() != 2 || turned.size() != 1 || turned[0] < 1)
    throw ModelError(fmt::format("the shapes in '{}' are not those of ESM-2", source));
  const std::string text = fmt::format(
      "{{\"model_type\": \"esm\", \"hidden_size\": {}, \"num_hidden_layers\": {}, \"num_attention_heads\": "
      "{}, "
      "\"intermediate_size\": {}, \"vocab_size\": {}, \"position_embedding_type\": \"rotary\", "
      "\"layer_norm_eps\": 1e-5, \"token_dropout\": true}}",
      embedding[1], layers, std::max<std::int64_t>(1, embedding[1] / (2 * turned[0])), up[0], embedding[0]);
  auto config = parse_protein_config(text, source);
  config.warnings.push_back(
      "no config.json: the shape is taken from the tensors, which are named as in fair-esm");
  return config;
}

std::vector<double> frequencies(int rotary, MissingFrequencies missing) {
  std::vector<double> out;
  for (int i = 0; i < rotary; i += 2) {
    // in float32, as the reference computes them
    const float value = 1.0f / std::pow(10000.0f, static_cast<float>(i) / static_cast<float>(rotary));
    out.push_back(missing == MissingFrequencies::exact ? value
                                                       : datasets::float_of_half(datasets::half_of(value)));
  }
  return out;
}

void read_esm_frequencies(const EsmNames& names, TensorReader& reader, MissingFrequencies missing,
                          ProteinWeights& out) {
  const int rotary = out.shape.rotary;
  if (!reader.has(names.frequencies(0))) {
    out.rotary_frequencies = frequencies(rotary, missing);
    out.warnings.push_back(
        "the file holds no rotary frequencies: computed, and not rounded to float16 as those "
        "of the published ESM-2 are");
    return;
  }
  const auto first = reader.take(names.frequencies(0), {rotary / 2});
  for (int layer = 1; layer < out.shape.layers; ++layer)
    if (reader.take(names.frequencies(layer), {rotary / 2}) != first)
      throw ModelError(
          fmt::format("'{}' has other rotary frequencies in layer {} than in layer 0", out.source, layer));
  out.rotary_frequencies.assign(first.begin(), first.end());
}

void read_esm_head(const ProteinConfig& config, const EsmNames& names, TensorReader& reader,
                   ProteinWeights& out) {
  const int d = out.shape.width, columns = config.head_columns;
  const bool encoder_only = !names.fair && names.prefix.empty() && !reader.has("lm_head.dense.weight");
  if (encoder_only) return;
  if (!reader.has("lm_head.dense.weight"))
    throw ModelError(
        fmt::format("'{}' has no tensor 'lm_head.dense.weight': it holds no language-model head", out.source),
        "a file saved as EsmModel can be read for embeddings");
  out.dense = reader.linear("lm_head.dense", d, d);
  out.dense_norm = reader.norm("lm_head.layer_norm", d);
  out.head.bias = reader.take("lm_head.bias", {columns});
  out.shape.columns = columns;
  if (!config.tied_head) {
    out.head.weight = reader.take(names.decoder(), {columns, d});
  } else if (reader.has(names.decoder())) {
    const std::size_t before = out.parameters;
    if (reader.take(names.decoder(), {columns, d}) != out.embedding)
      out.warnings.push_back(
          fmt::format("'{}' differs from the embedding it is tied to; the embedding counts, "
                      "as in the reference",
                      names.decoder()));
    out.parameters = before;
  }
}

void read_esm(const ProteinConfig& config, const ProteinTensors& tensors, MissingFrequencies missing,
              ProteinWeights& out) {
  const EsmNames names = esm_names(tensors);
  TensorReader reader(tensors, out);
  const int d = out.shape.width, inner = out.shape.inner;
  out.embedding = reader.take(names.embedding() + ".weight", {out.shape.vocabulary, d});
  if (out.shape.positions == PositionKind::learned)
    out.position_embedding = reader.take(names.positions() + ".weight", {config.position_rows, d});
  if (out.shape.norm_embedding) out.embedding_norm = reader.norm(names.first_norm(), d);
  reader.refuse_layer(names.layers(), out.shape.layers);
  for (int i = 0; i < out.shape.layers; ++i) {
    const auto part = [&](const char* ours, const char* theirs) { return names.part(i, ours, theirs); };
    ProteinLayer layer;
    layer.norm = reader.norm(part("attention.LayerNorm", "self_attn_layer_norm"), d);
    layer.query = reader.linear(part("attention.self.query", "self_attn.q_proj"), d, d);
    layer.key = reader.linear(part("attention.self.key", "self_attn.k_proj"), d, d);
    layer.value = reader.linear(part("attention.self.value", "self_attn.v_proj"), d, d);
    layer.output = reader.linear(part("attention.output.dense", "self_attn.out_proj"), d, d);
    layer.second_norm = reader.norm(part("LayerNorm", "final_layer_norm"), d);
    layer.up = reader.linear(part("intermediate.dense", "fc1"), inner, d);
    layer.down = reader.linear(part("output.dense", "fc2"), d, inner);
    out.layers.push_back(std::move(layer));
  }
  if (out.shape.rotary) read_esm_frequencies(names, reader, missing, out);
  out.final_norm = reader.norm(names.last_norm(), d);
  read_esm_head(config, names, reader, out);
  reader.finish({"position_ids", "contact_head.regression.weight", "contact_head.regression.bias",
                 "position_embeddings.weight", "pooler.dense.weight", "pooler.dense.bias"});
}

/// ProGen2 stores eight groups, and in each the rows of query, value and key one after another.
void split_groups(const std::vector<float>& mixed, int d, ProteinLayer& layer) {
  const std::size_t w = static_cast<std::size_t>(d) / 8, row = static_cast<std::size_t>(d);
  LinearLayer* const parts[] = {&layer.query, &layer.value, &layer.key};
  auto at = mixed.begin();
  const auto count = static_cast<std::ptrdiff_t>(w * row);
  for (int group = 0; group < 8; ++group)
    for (LinearLayer* part : parts) {
      part->weight.insert(part->weight.end(), at, at + count);
      at += count;
    }
}

void read_progen2(const ProteinConfig& config, const ProteinTensors& tensors, ProteinWeights& out) {
  TensorReader reader(tensors, out);
  const int d = out.shape.width, inner = out.shape.inner;
  out.embedding = reader.take("transformer.wte.weight", {out.shape.vocabulary, d});
  reader.refuse_layer("transformer.h.", out.shape.layers);
  for (int i = 0; i < out.shape.layers; ++i) {
    const std::string name = fmt::format("transformer.h.{}.", i);
    ProteinLayer layer;
    layer.norm = reader.norm(name + "ln_1", d);
    split_groups(reader.take(name + "attn.qkv_proj.weight", {3 * d, d}), d, layer);
    layer.output = reader.linear(name + "attn.out_proj", d, d, false);
    layer.up = reader.linear(name + "mlp.fc_in", inner, d);
    layer.down = reader.linear(name + "mlp.fc_out", d, inner);
    out.layers.push_back(std::move(layer));
  }
  for (int i = 0; i < out.shape.rotary; i += 2)
    out.rotary_frequencies.push_back(std::pow(10000.0, -static_cast<double>(i) / out.shape.rotary));
  out.final_norm = reader.norm("transformer.ln_f", d);
  if (static_cast<std::size_t>(config.head_columns) < ProteinTokens::progen2().size())
    throw ModelError(fmt::format("the head of '{}' has {} columns, the letters of ProGen2 need {}",
                                 out.source, config.head_columns, ProteinTokens::progen2().size()));
  out.head = reader.linear("lm_head", config.head_columns, d);
  out.shape.columns = config.head_columns;
  reader.finish({"attn.bias", "attn.masked_bias"});
}

/// GPT-2 stores inputs x outputs; `first` and `count` choose outputs.
LinearLayer transposed(const std::vector<float>& weight, const std::vector<float>& bias, int inputs,
                       int outputs, int first, int count) {
  const auto at = [](int i) { return static_cast<std::size_t>(i); };
  LinearLayer out;
  out.weight.resize(at(count) * at(inputs));
  for (int k = 0; k < inputs; ++k)
    for (int j = 0; j < count; ++j)
      out.weight[at(j) * at(inputs) + at(k)] = weight[at(k) * at(outputs) + at(first + j)];
  out.bias.assign(bias.begin() + first, bias.begin() + first + count);
  return out;
}

void read_gpt2(const ProteinConfig& config, const ProteinTensors& tensors, ProteinWeights& out) {
  TensorReader reader(tensors, out);
  const int d = out.shape.width, inner = out.shape.inner;
  const std::string prefix = tensors.contains("wte.weight") ? "" : "transformer.";
  const auto conv = [&](const std::string& name, int inputs, int outputs) {
    const auto weight = reader.take(name + ".weight", {inputs, outputs});
    return transposed(weight, reader.take(name + ".bias", {outputs}), inputs, outputs, 0, outputs);
  };
  out.embedding = reader.take(prefix + "wte.weight", {out.shape.vocabulary, d});
  out.position_embedding = reader.take(prefix + "wpe.weight", {config.position_rows, d});
  reader.refuse_layer(prefix + "h.", out.shape.layers);
  for (int i = 0; i < out.shape.layers; ++i) {
    const std::string name = fmt::format("{}h.{}.", prefix, i);
    ProteinLayer layer;
    layer.norm = reader.norm(name + "ln_1", d);
    const auto mixed = reader.take(name + "attn.c_attn.weight", {d, 3 * d});
    const auto bias = reader.take(name + "attn.c_attn.bias", {3 * d});
    layer.query = transposed(mixed, bias, d, 3 * d, 0, d);
    layer.key = transposed(mixed, bias, d, 3 * d, d, d);
    layer.value = transposed(mixed, bias, d, 3 * d, 2 * d, d);
    layer.output = conv(name + "attn.c_proj", d, d);
    layer.second_norm = reader.norm(name + "ln_2", d);
    layer.up = conv(name + "mlp.c_fc", d, inner);
    layer.down = conv(name + "mlp.c_proj", inner, d);
    out.layers.push_back(std::move(layer));
  }
  out.final_norm = reader.norm(prefix + "ln_f", d);
  out.shape.columns = config.head_columns;
  if (!config.tied_head) out.head.weight = reader.take("lm_head.weight", {config.head_columns, d});
  if (config.tied_head) reader.ignore("lm_head.weight");
  reader.finish({"attn.bias", "attn.masked_bias"});
}

std::string neighbour(const ProteinTensors& tensors, const char* name) {
  const auto path = fs::path(tensors.folder()) / name;
  return fs::exists(path) ? path.string() : std::string();
}

ProteinConfig config_of(const ProteinTensors& tensors, const std::string& path) {
  const auto& facts = tensors.metadata();
  const auto text = facts.find("config");
  if (text != facts.end()) return parse_protein_config(text->second, fmt::format("config of '{}'", path));
  if (const auto file = neighbour(tensors, "config.json"); !file.empty())
    return parse_protein_config(datasets::read_file(file), file);
  if (tensors.contains("embed_tokens.weight")) return fair_config(tensors, path);
  throw ModelError(
      fmt::format("no config.json beside the weights of '{}', and none in the file itself", path),
      "config.json of the published model says how many heads and layers there are");
}

/// Names of the tokens behind the thirty: families, for instance.
std::vector<std::string> added_tokens(const std::string& path) {
  const auto text = datasets::read_file(path);
  const auto file = nlohmann::json::parse(text, nullptr, false);
  if (!file.is_object()) throw ModelError(fmt::format("'{}' is not a JSON object", path));
  const std::size_t known = ProteinTokens::progen2().size();
  std::map<std::uint64_t, std::string> names;
  if (file.contains("added_tokens") && file["added_tokens"].is_array())
    for (const auto& token : file["added_tokens"])
      if (token.is_object() && token.contains("id") && token["id"].is_number_unsigned() &&
          token.contains("content") && token["content"].is_string() && token["id"] >= known)
        names[token["id"].get<std::uint64_t>()] = token["content"].get<std::string>();
  std::vector<std::string> out;
  for (const auto& [id, name] : names)
    if (id == known + out.size()) out.push_back(name);
  return out;
}

ProteinTokens tokens_of(const ProteinTensors& tensors, const ProteinShape& shape, const std::string& path) {
  if (shape.family == ProteinFamily::progen2) {
    const auto file = neighbour(tensors, "tokenizer.json");
    auto tokens = ProteinTokens::progen2(file.empty() ? std::vector<std::string>() : added_tokens(file));
    if (static_cast<std::size_t>(shape.vocabulary) < tokens.size())
      throw ModelError(
          fmt::format("'{}' has {} tokens, ProGen2 needs {}", path, shape.vocabulary, tokens.size()));
    return tokens;
  }
  if (shape.family == ProteinFamily::gpt2) {
    const auto vocabulary = neighbour(tensors, "vocab.json"), merges = neighbour(tensors, "merges.txt");
    if (vocabulary.empty() || merges.empty()) return ProteinTokens::unnamed_gpt2();
    auto tokens = ProteinTokens::gpt2(
        BytePairEncoding(datasets::read_file(vocabulary), datasets::read_file(merges), tensors.folder()));
    if (tokens.size() > static_cast<std::size_t>(shape.vocabulary))
      throw ModelError(fmt::format("vocab.json of '{}' has {} tokens, config.json says {}", path,
                                   tokens.size(), shape.vocabulary));
    return tokens;
  }
  const auto file = neighbour(tensors, "vocab.txt");
  auto tokens = file.empty() ? ProteinTokens::esm() : ProteinTokens::esm(datasets::read_file(file), file);
  if (tokens.size() != static_cast<std::size_t>(shape.vocabulary))
    throw ModelError(fmt::format("{} has {} tokens, the configuration of '{}' says {}",
                                 file.empty() ? "the published vocabulary of ESM" : "'" + file + "'",
                                 tokens.size(), path, shape.vocabulary));
  return tokens;
}

}  // namespace

ProteinWeights read_protein_weights(const std::string& path, MissingFrequencies missing) {
  const auto tensors = ProteinTensors::read(path);
  const auto config = config_of(tensors, path);
  ProteinWeights out;
  out.source = path;
  out.shape = config.shape;
  out.metadata = tensors.metadata();
  const auto directions = out.metadata.find("directions");
  out.shape.forward_only = directions != out.metadata.end() && directions->second == "forward";
  out.warnings = tensors.warnings();
  out.warnings.insert(out.warnings.end(), config.warnings.begin(), config.warnings.end());
  out.tokens = tokens_of(tensors, out.shape, path);
  if (out.shape.family == ProteinFamily::esm) read_esm(config, tensors, missing, out);
  if (out.shape.family == ProteinFamily::progen2) read_progen2(config, tensors, out);
  if (out.shape.family == ProteinFamily::gpt2) read_gpt2(config, tensors, out);
  return out;
}

}  // namespace theriac::scoring
