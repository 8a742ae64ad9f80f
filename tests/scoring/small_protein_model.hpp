// Protein language models of a few thousand random numbers, written in the layouts in which models are
// published.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "chem/counter_random.hpp"
#include "chem/text_file.hpp"
#include "datasets/model_file_writer.hpp"

namespace small_protein_model {

using theriac::datasets::ModelFileWriter;

class RandomTensors {
 public:
  explicit RandomTensors(ModelFileWriter& writer) : writer_(writer) {}
  void add(const std::string& name, const theriac::datasets::TensorShape& shape, double scale,
           double mean = 0) {
    std::vector<float> numbers(*theriac::datasets::element_count(shape));
    for (float& number : numbers) number = static_cast<float>(mean + scale * random_.normal());
    writer_.add(name, shape, numbers);
  }
  void norm(const std::string& name, int width) {
    add(name + ".weight", {width}, 0.2, 1);
    add(name + ".bias", {width}, 0.2);
  }
  void linear(const std::string& name, int outputs, int inputs, bool bias = true) {
    add(name + ".weight", {outputs, inputs}, 1.5 / std::sqrt(inputs));
    if (bias) add(name + ".bias", {outputs}, 0.1);
  }

 private:
  ModelFileWriter& writer_;
  theriac::chem::CounterRandom random_{7, "protein", "test"};
};

/// ESM-2 (rotary) or ESM-1b (learned positions, at most 40 tokens): width 24, 3 heads, 2 layers.
inline void write_esm(const std::string& folder, bool rotary = true) {
  std::filesystem::create_directories(folder);
  ModelFileWriter writer;
  RandomTensors t(writer);
  const int d = 24, inner = 50;
  t.add("esm.embeddings.word_embeddings.weight", {33, d}, 1);
  if (!rotary) t.add("esm.embeddings.position_embeddings.weight", {42, d}, 0.5);
  if (!rotary) t.norm("esm.embeddings.layer_norm", d);
  for (const std::string layer : {"esm.encoder.layer.0.", "esm.encoder.layer.1."}) {
    t.norm(layer + "attention.LayerNorm", d);
    for (const std::string part : {"self.query", "self.key", "self.value", "output.dense"})
      t.linear(layer + "attention." + part, d, d);
    t.norm(layer + "LayerNorm", d);
    t.linear(layer + "intermediate.dense", inner, d);
    t.linear(layer + "output.dense", d, inner);
  }
  t.norm("esm.encoder.emb_layer_norm_after", d);
  t.linear("lm_head.dense", d, d);
  t.norm("lm_head.layer_norm", d);
  t.add("lm_head.bias", {33}, 0.1);
  writer.write(folder + "/model.safetensors");
  theriac::chem::write_text_file(
      folder + "/config.json",
      std::string(
          R"({"model_type": "esm", "hidden_size": 24, "num_hidden_layers": 2, "num_attention_heads": 3,
"intermediate_size": 50, "vocab_size": 33, "layer_norm_eps": 1e-5, "token_dropout": true,
"max_position_embeddings": 42, )") +
          (rotary ? R"("position_embedding_type": "rotary"})"
                  : R"("position_embedding_type": "absolute", "emb_layer_norm_before": true})"));
}

/// One file with its configuration inside, as Theriac's own models: width 32, 4 heads, 2 layers, 48 tokens.
inline std::string progen2_bytes() {
  ModelFileWriter writer;
  writer.set("architecture", "progen2");
  writer.set("licence", "CC0");
  writer.set("config",
             R"({"model_type": "progen", "embed_dim": 32, "n_layer": 2, "n_head": 4, "rotary_dim": 6,
"n_positions": 48, "vocab_size": 30, "layer_norm_epsilon": 1e-5, "n_inner": 70})");
  RandomTensors t(writer);
  const int d = 32, inner = 70;
  t.add("transformer.wte.weight", {30, d}, 1);
  for (const std::string layer : {"transformer.h.0.", "transformer.h.1."}) {
    t.norm(layer + "ln_1", d);
    t.linear(layer + "attn.qkv_proj", 3 * d, d, false);
    t.linear(layer + "attn.out_proj", d, d, false);
    t.linear(layer + "mlp.fc_in", inner, d);
    t.linear(layer + "mlp.fc_out", d, inner);
  }
  t.norm("transformer.ln_f", d);
  t.linear("lm_head", 30, d);
  return writer.bytes();
}

}  // namespace small_protein_model
