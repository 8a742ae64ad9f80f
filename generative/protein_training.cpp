#include "generative/protein_training.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/half_precision.hpp"
#include "datasets/model_file.hpp"
#include "datasets/model_file_writer.hpp"
#include "datasets/network_library.hpp"

namespace theriac::generative {

std::string progen2_config(const ProteinShape& shape) {
  const nlohmann::ordered_json config = {{"model_type", "progen"},
                                         {"architectures", {"ProGenForCausalLM"}},
                                         {"vocab_size", protein_token::table_size},
                                         {"n_positions", shape.positions},
                                         {"n_ctx", shape.positions},
                                         {"n_embd", shape.width},
                                         {"n_layer", shape.layers},
                                         {"n_head", shape.heads},
                                         {"rotary_dim", shape.rotary},
                                         {"n_inner", nullptr},
                                         {"activation_function", "gelu_new"},
                                         {"layer_norm_epsilon", 1e-5},
                                         {"bos_token_id", 1},
                                         {"eos_token_id", 2},
                                         {"tie_word_embeddings", false}};
  return config.dump();
}

ProteinShape shape_of_config(const std::string& text, const std::string& source) {
  const auto config = nlohmann::json::parse(text, nullptr, false);
  const auto number = [&](const char* key) {
    if (!config.is_object() || !config.contains(key) || !config[key].is_number_integer())
      throw ModelError(fmt::format("the configuration of '{}' has no number '{}'", source, key),
                       "training continues networks of the ProGen2 kind");
    return config[key].get<int>();
  };
  ProteinShape shape;
  shape.layers = number("n_layer");
  shape.width = number("n_embd");
  shape.heads = number("n_head");
  shape.rotary = number("rotary_dim");
  shape.positions = number("n_positions");
  if (number("vocab_size") != protein_token::table_size)
    throw ModelError(fmt::format("'{}' has {} tokens, training needs {}", source, number("vocab_size"),
                                 protein_token::table_size));
  return shape;
}

void write_protein_model(const std::string& path, ProteinTrainer& trainer, const ProteinShape& shape,
                         const std::map<std::string, std::string>& facts, datasets::TensorType type) {
  datasets::ModelFileWriter file;
  file.set("architecture", "progen2");
  file.set("config", progen2_config(shape));
  for (const auto& [key, value] : facts)
    if (!value.empty()) file.set(key, value);
  for (const auto& w : trainer.weights()) file.add(w.name, w.shape, w.numbers, type);
  file.write(path);
}

std::unique_ptr<ProteinTrainer> read_protein_trainer(const std::string& path, ProteinShape& shape,
                                                     const std::string& device) {
  namespace fs = std::filesystem;
  const bool folder = fs::is_directory(path);
  const auto file = datasets::ModelFile::read(folder ? path + "/model.safetensors" : path);
  const auto text = folder ? datasets::read_file(path + "/config.json") : file.metadata("config");
  if (text.empty())
    throw ModelError(fmt::format("'{}' is no protein language model: it holds no config", path));
  shape = shape_of_config(text, path);
  auto trainer = datasets::network_maker<ProteinTrainerMaker>().make(shape, 1, device);
  auto weights = trainer->weights();
  for (auto& w : weights) w.numbers = file.floats(w.name, w.shape);
  trainer->set_weights(weights);
  return trainer;
}

void round_weights(ProteinTrainer& trainer, datasets::TensorType type) {
  if (type == datasets::TensorType::float32) return;
  auto weights = trainer.weights();
  for (auto& w : weights)
    for (float& x : w.numbers)
      x = type == datasets::TensorType::float16 ? datasets::float_of_half(datasets::half_of(x))
                                                : datasets::float_of_bfloat16(datasets::bfloat16_of(x));
  trainer.set_weights(weights);
}

}  // namespace theriac::generative
