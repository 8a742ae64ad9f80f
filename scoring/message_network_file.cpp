// A MessageNetwork as a safetensors file, and back.
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "datasets/model_file.hpp"
#include "datasets/model_file_writer.hpp"
#include "scoring/message_network.hpp"

namespace theriac::scoring {
namespace {

constexpr const char* architecture = "theriac message network";
constexpr const char* layout_version = "1";

nlohmann::json to_json(const MessageTask& task) {
  return {{"name", task.name},
          {"kind", task.kind == TaskKind::classification ? "classification" : "regression"},
          {"unit", task.unit},
          {"logarithmic", task.logarithmic},
          {"mean", task.mean},
          {"spread", task.spread},
          {"values", task.values}};
}

MessageTask task_of(const nlohmann::json& json) {
  MessageTask task;
  task.name = json.at("name").get<std::string>();
  const auto kind = json.at("kind").get<std::string>();
  if (kind != "classification" && kind != "regression")
    throw ModelError(fmt::format("task '{}' is of the unknown kind '{}'", task.name, kind));
  task.kind = kind == "classification" ? TaskKind::classification : TaskKind::regression;
  task.unit = json.at("unit").get<std::string>();
  task.logarithmic = json.at("logarithmic").get<bool>();
  task.mean = json.at("mean").get<double>();
  task.spread = json.at("spread").get<double>();
  task.values = json.at("values").get<std::int64_t>();
  if (!std::isfinite(task.mean) || !(task.spread > 0) || !std::isfinite(task.spread))
    throw ModelError(fmt::format("task '{}' has no usable scale", task.name));
  return task;
}

int size_of(const nlohmann::json& json, const char* name, int least, int most) {
  const auto value = json.at(name).get<std::int64_t>();
  if (value < least || value > most)
    throw ModelError(fmt::format("{} is {}, it must be from {} to {}", name, value, least, most));
  return static_cast<int>(value);
}

MessageShape shape_of(const nlohmann::json& json) {
  MessageShape shape;
  shape.hidden = size_of(json, "hidden", 1, 8192);
  shape.depth = size_of(json, "depth", 1, 64);
  shape.head = size_of(json, "head", 1, 8192);
  shape.extras = size_of(json, "extras", 0, 8192);
  shape.outputs = size_of(json, "outputs", 1, 8192);
  return shape;
}

}  // namespace

void MessageNetwork::save(const std::string& path, const std::map<std::string, std::string>& facts) const {
  datasets::ModelFileWriter file;
  for (const auto& [key, text] : facts)
    if (!text.empty()) file.set(key, text);
  file.set("architecture", architecture);
  file.set("layout", layout_version);
  file.set("shape", nlohmann::json{{"hidden", shape_.hidden},
                                   {"depth", shape_.depth},
                                   {"head", shape_.head},
                                   {"extras", shape_.extras},
                                   {"outputs", shape_.outputs}}
                        .dump());
  nlohmann::json tasks = nlohmann::json::array();
  for (const auto& task : tasks_) tasks.push_back(to_json(task));
  file.set("tasks", tasks.dump());
  for (const auto& tensor : weights_)
    file.add(tensor.name, tensor.shape, tensor.numbers, datasets::TensorType::float16);
  file.write(path);
}

MessageNetwork MessageNetwork::load(const std::string& path, const std::string& simd) {
  const auto file = datasets::ModelFile::read(path);
  if (file.metadata("architecture") != architecture || file.metadata("layout") != layout_version)
    throw ModelError(
        fmt::format("'{}' holds '{}', layout '{}'; wanted '{}', layout '{}'", path,
                    file.metadata("architecture"), file.metadata("layout"), architecture, layout_version),
        "theriac model info tells what a file is");
  try {
    const MessageShape shape = shape_of(nlohmann::json::parse(file.metadata("shape")));
    std::vector<MessageTask> tasks;
    for (const auto& json : nlohmann::json::parse(file.metadata("tasks"))) tasks.push_back(task_of(json));
    auto weights = message_tensor_list(shape);
    for (auto& tensor : weights) tensor.numbers = file.floats(tensor.name, tensor.shape);
    return MessageNetwork(shape, std::move(tasks), std::move(weights), simd);
  } catch (const nlohmann::json::exception& fault) {
    throw ModelError(fmt::format("'{}' does not describe its network: {}", path, fault.what()));
  } catch (const ModelError& fault) {
    throw ModelError(fmt::format("'{}' is not usable: {}", path, fault.what()));
  }
}

}  // namespace theriac::scoring
