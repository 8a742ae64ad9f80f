// Small protein language models with random weights, in the published layouts: for tests.
#pragma once
#include <string>
#include <vector>

#include "chem/counter_random.hpp"
#include "datasets/model_file_writer.hpp"

class RandomProteinModel {
 public:
  /// ProGen2: 2 layers of 32, rows of at most 160 tokens.
  static void write_causal(const std::string& path) {
    RandomProteinModel m("causal");
    m.tensor("transformer.wte.weight", {32, 32});
    for (const std::string layer : {"transformer.h.0.", "transformer.h.1."}) {
      m.norm(layer + "ln_1");
      m.tensor(layer + "attn.qkv_proj.weight", {96, 32});
      m.tensor(layer + "attn.out_proj.weight", {32, 32});
      m.linear(layer + "mlp.fc_in", 64, 32);
      m.linear(layer + "mlp.fc_out", 32, 64);
    }
    m.norm("transformer.ln_f");
    m.linear("lm_head", 32, 32);
    m.file_.set("architecture", "progen2");
    m.file_.set("config",
                R"({"model_type": "progen", "architectures": ["ProGenForCausalLM"], "n_embd": 32, "n_head": 8,
                    "n_layer": 2, "n_inner": 64, "n_positions": 160, "rotary_dim": 4, "vocab_size": 32,
                    "layer_norm_epsilon": 1e-05, "activation_function": "gelu_new", "scale_attn_weights": true})");
    m.file_.write(path);
  }

  /// ESM-2: 2 layers of 32.
  static void write_masked(const std::string& path) {
    RandomProteinModel m("masked");
    m.tensor("esm.embeddings.word_embeddings.weight", {33, 32});
    for (const std::string layer : {"esm.encoder.layer.0.", "esm.encoder.layer.1."}) {
      m.norm(layer + "attention.LayerNorm");
      for (const std::string part : {"query", "key", "value"})
        m.linear(layer + "attention.self." + part, 32, 32);
      m.linear(layer + "attention.output.dense", 32, 32);
      m.norm(layer + "LayerNorm");
      m.linear(layer + "intermediate.dense", 64, 32);
      m.linear(layer + "output.dense", 32, 64);
    }
    m.norm("esm.encoder.emb_layer_norm_after");
    m.linear("lm_head.dense", 32, 32);
    m.norm("lm_head.layer_norm");
    m.tensor("lm_head.bias", {33});
    m.file_.set("config",
                R"({"model_type": "esm", "architectures": ["EsmForMaskedLM"], "hidden_size": 32,
                    "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64, "vocab_size": 33,
                    "position_embedding_type": "rotary", "token_dropout": true, "layer_norm_eps": 1e-05,
                    "mask_token_id": 32, "pad_token_id": 1, "max_position_embeddings": 1026,
                    "emb_layer_norm_before": false, "hidden_act": "gelu"})");
    m.file_.write(path);
  }

 private:
  explicit RandomProteinModel(const std::string& name) : random_(7, name, "weights") {}
  void tensor(const std::string& name, const std::vector<std::int64_t>& shape, double scale = 0.3) {
    std::size_t count = 1;
    for (const auto length : shape) count *= static_cast<std::size_t>(length);
    std::vector<float> numbers(count);
    for (float& x : numbers) x = static_cast<float>(scale * random_.normal());
    file_.add(name, shape, numbers);
  }
  void linear(const std::string& name, std::int64_t outputs, std::int64_t inputs) {
    tensor(name + ".weight", {outputs, inputs});
    tensor(name + ".bias", {outputs});
  }
  void norm(const std::string& name) {
    file_.add(name + ".weight", {32}, std::vector<float>(32, 1.0f));
    tensor(name + ".bias", {32}, 0.1);
  }

  theriac::chem::CounterRandom random_;
  theriac::datasets::ModelFileWriter file_;
};
