// theriac model: which models are here, and what a file of weights says about itself. Reads no more than the
// file's own description: no network is built.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "chem/data_file.hpp"
#include "chem/error.hpp"
#include "cli/argument_list.hpp"
#include "cli/command.hpp"
#include "cli/gnina_models.hpp"
#include "cli/model_choice.hpp"
#include "cli/session.hpp"
#include "cli/text_table.hpp"
#include "datasets/model_file.hpp"
#include "generative/vocabulary_file.hpp"

namespace theriac::cli {
namespace {

struct ModelOptions {
  std::string task, model = "default", path;
};

/// What one file says, in the order in which it is shown.
struct ModelFacts {
  std::string name, kind, path, size, parameters, description, training_data, licence, date;
  std::vector<std::pair<std::string, std::string>> more;  ///< the rest, by its key in the file

  const std::string& learned_from() const { return description.empty() ? training_data : description; }
};

/// Entries that are shown elsewhere, or are for the program only.
const std::vector<std::string> shown_in_words = {"architecture",  "format_version", "description",
                                                 "training_data", "data_licence",   "date",
                                                 "vocabulary",    "conditions",     "layout"};

std::string kind_of(const datasets::ModelFile& file) {
  const std::string architecture = file.metadata("architecture");
  if (architecture == "theriac graph policy") return "molecule generator";
  if (architecture == "theriac message network") return "property network";
  if (architecture.rfind("repurposing ranking", 0) == 0) return "repurposing ranking";
  if (architecture.rfind("endpoints", 0) == 0) return "trained endpoints";
  if (architecture == "peptide-classes") return "classes of peptides";
  if (architecture == "theriac training checkpoint") return "checkpoint of a training run";
  if (architecture == "default2018" || architecture == "dense") return "gnina pose network";
  return architecture.empty() ? "not said" : architecture;
}

/// 3,204,518
std::string grouped(std::size_t number) {
  std::string text = std::to_string(number);
  for (int at = static_cast<int>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

std::string parameters_of(const datasets::ModelFile& file) {
  std::size_t numbers = 0;
  std::vector<std::string> types;
  for (const auto& tensor : file.tensors()) {
    numbers += tensor.elements;
    const std::string type = datasets::tensor_type_name(tensor.type);
    if (std::find(types.begin(), types.end(), type) == types.end()) types.push_back(type);
  }
  return fmt::format("{} in {} tensors ({})", grouped(numbers), file.tensors().size(),
                     fmt::join(types, ", "));
}

std::string vocabulary_of(const datasets::ModelFile& file) {
  const auto vocabulary = generative::vocabulary_from_text(file.metadata("vocabulary"), file.source());
  const auto& c = vocabulary.contents();
  return fmt::format("{} atom types, {} ring systems, {} actions; counted from {}",
                     vocabulary.atom_type_count(), vocabulary.motif_count(), vocabulary.size(), c.corpus);
}

std::string condition_names(const datasets::ModelFile& file) {
  const auto all = nlohmann::json::parse(file.metadata("conditions"), nullptr, false);
  std::string text;
  if (!all.is_array()) return text;
  for (const auto& property : all)
    if (property.is_object() && property.contains("name") && property["name"].is_string())
      text += (text.empty() ? "" : ", ") + property["name"].get<std::string>();
  return text;
}

std::vector<std::string> endpoint_names(const datasets::ModelFile& file) {
  const std::string text = file.metadata("endpoints");
  return text.empty() ? std::vector<std::string>() : split_list(text);
}

/// What a file of trained endpoints says of each: a row of the table.
std::vector<std::string> endpoint_row(const datasets::ModelFile& file, const std::string& name) {
  const auto said = [&](const std::string& field) { return file.metadata(name + "." + field); };
  std::string figures;
  for (const auto& [key, text] : file.metadata()) {
    const std::string prefix = name + ".fact.cv_";
    if (key.rfind(prefix, 0) == 0)
      figures += fmt::format("{}{} {}", figures.empty() ? "" : ", ", key.substr(prefix.size()), text);
  }
  return {name, said("unit"), said("fact.molecules"), figures, said("licence")};
}

/// Whether a key belongs to one endpoint of the file.
bool of_an_endpoint(const std::string& key, const std::vector<std::string>& endpoints) {
  return std::any_of(endpoints.begin(), endpoints.end(),
                     [&](const std::string& name) { return key.rfind(name + ".", 0) == 0; });
}

ModelFacts facts_of(const std::string& name, const datasets::ModelFile& file) {
  ModelFacts out;
  out.name = name;
  out.kind = kind_of(file);
  out.path = file.source();
  out.size = fmt::format("{:.1f} MB", static_cast<double>(std::filesystem::file_size(file.source())) / 1e6);
  out.parameters = parameters_of(file);
  out.description = file.metadata("description");
  out.training_data = file.metadata("training_data");
  out.licence = file.metadata("data_licence");
  out.date = file.metadata("date");
  const auto endpoints = endpoint_names(file);
  for (const auto& [key, text] : file.metadata())
    if (!text.empty() && !of_an_endpoint(key, endpoints) &&
        std::find(shown_in_words.begin(), shown_in_words.end(), key) == shown_in_words.end())
      out.more.emplace_back(key, text);
  return out;
}

std::string dashed(const std::string& text) {
  return text.empty() ? "-" : text;
}

void print_json(const std::vector<ModelFacts>& models) {
  nlohmann::ordered_json json;
  json["schema"] = "theriac.model/1";
  json["models"] = nlohmann::ordered_json::array();
  for (const auto& m : models) {
    nlohmann::ordered_json one = {{"name", m.name},
                                  {"kind", m.kind},
                                  {"file", m.path},
                                  {"size", m.size},
                                  {"parameters", m.parameters},
                                  {"description", m.description},
                                  {"training_data", m.training_data},
                                  {"data_licence", m.licence},
                                  {"date", m.date}};
    for (const auto& [key, text] : m.more) one[key] = text;
    json["models"].push_back(std::move(one));
  }
  std::printf("%s\n", json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

int list_models(Session& session) {
  std::vector<ModelFacts> models;
  for (const auto& [name, path] : shipped_models())
    models.push_back(facts_of(name, datasets::ModelFile::read(path)));
  for (const auto& [name, path] : imported_models())
    models.push_back(facts_of(name, datasets::ModelFile::read(path)));
  if (session.options.json) {
    print_json(models);
    return exit_done;
  }
  if (models.empty()) {
    session.terminal().note(fmt::format("no models in '{}/models'", chem::data_folders().front()));
    session.terminal().note("theriac train generator --data molecules.smi makes one of your own");
    return exit_done;
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& m : models)
    rows.push_back({m.name, m.kind, m.size, dashed(m.date), dashed(m.learned_from())});
  std::fputs(text_table({{"name"}, {"kind"}, {"size", true}, {"date"}, {"learned from"}}, rows).c_str(),
             stdout);
  return exit_done;
}

int model_info(const std::string& model, Session& session) {
  const auto file = datasets::ModelFile::read(model_file(model, "generator"));
  ModelFacts facts = facts_of(std::filesystem::path(file.source()).stem().string(), file);
  if (!file.metadata("conditions").empty()) facts.more.emplace_back("property ranges", condition_names(file));
  if (!file.metadata("vocabulary").empty()) facts.more.emplace_back("vocabulary", vocabulary_of(file));
  if (session.options.json) {
    print_json({facts});
    return exit_done;
  }
  std::vector<std::pair<std::string, std::string>> lines = {{"name", facts.name},
                                                            {"kind", facts.kind},
                                                            {"file", facts.path},
                                                            {"size", facts.size},
                                                            {"parameters", facts.parameters},
                                                            {"description", dashed(facts.description)},
                                                            {"training data", dashed(facts.training_data)},
                                                            {"licence of data", dashed(facts.licence)},
                                                            {"date", dashed(facts.date)}};
  for (auto [key, text] : facts.more) {
    std::replace(key.begin(), key.end(), '_', ' ');
    std::replace(text.begin(), text.end(), '\n', ';');
    lines.emplace_back(key, text.size() > 600 ? fmt::format("{} characters", grouped(text.size())) : text);
  }
  for (const auto& [what, text] : lines) std::printf("%-30s%s\n", what.c_str(), text.c_str());
  std::vector<std::vector<std::string>> rows;
  for (const auto& name : endpoint_names(file)) rows.push_back(endpoint_row(file, name));
  if (!rows.empty())
    std::printf("\n%s", text_table({{"endpoint"},
                                    {"unit"},
                                    {"molecules", true},
                                    {"cross-validated, trees alone"},
                                    {"licence of data"}},
                                   rows)
                            .c_str());
  return exit_done;
}

int import_models(const ModelOptions& options, Session& session) {
  if (options.model != "gnina")
    throw UsageError(fmt::format("models of '{}' cannot be imported", options.model),
                     "theriac model import gnina PATH");
  if (options.path.empty())
    throw UsageError("where are gnina's models?",
                     "theriac model import gnina FOLDER, or a .pt or .safetensors file");
  if (!std::filesystem::exists(options.path))
    throw InputError(fmt::format("there is no '{}'", options.path),
                     "give gnina's folder gninasrc/lib/models, or a file");
  const auto done = import_gnina_models(options.path);
  std::vector<std::vector<std::string>> rows;
  nlohmann::ordered_json json = {{"schema", "theriac.model/1"},
                                 {"imported", nlohmann::ordered_json::array()}};
  for (const auto& one : done) {
    if (!one.refused.empty()) {
      session.terminal().warn("files passed over", one.refused);
      continue;
    }
    rows.push_back({one.name, one.licence, one.path});
    json["imported"].push_back(
        {{"name", one.name}, {"licence", one.licence}, {"file", one.path}, {"from", one.file}});
  }
  session.terminal().end_warnings();
  if (rows.empty())
    throw ModelError(fmt::format("'{}' holds no network of gnina that is known here", options.path),
                     "gnina's are the .pt files of github.com/gnina/gnina, folder gninasrc/lib/models");
  if (session.options.json)
    std::printf("%s\n", json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  else
    std::fputs(text_table({{"imported"}, {"licence"}, {"file"}}, rows).c_str(), stdout);
  return exit_done;
}

}  // namespace

Command model_command() {
  Command command;
  command.name = "model";
  command.group = "Models";
  command.summary = "which trained models are here, what one was trained on; takes in gnina's networks";
  command.examples = {"theriac model list", "theriac model info",
                      "theriac model info my-generator/generator.safetensors --json",
                      "theriac model import gnina gnina/gninasrc/lib/models"};
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto o = std::make_shared<ModelOptions>();
    app.add_option(
           "task", o->task,
           "list: the models that are here; info: one of them, or a file; import: take in public weights")
        ->check(CLI::IsMember({"list", "info", "import"}));
    app.add_option("model", o->model,
                   "for info: a name that list shows, default, or a safetensors file; for import: gnina")
        ->capture_default_str();
    app.add_option("path", o->path, "for import: a folder, or a .pt or .safetensors file")->type_name("PATH");
    add_output_options(app, session);
    return [o, &session] {
      if (o->task.empty())
        throw UsageError("list, info or import?", "theriac model list, theriac model info NAME");
      if (o->task == "import") return import_models(*o, session);
      return o->task == "list" ? list_models(session) : model_info(o->model, session);
    };
  };
  return command;
}

}  // namespace theriac::cli
