#include "cli/protein_info.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "cli/protein_model_choice.hpp"
#include "cli/session.hpp"
#include "scoring/protein_weights.hpp"

namespace theriac::cli {
namespace {

std::string grouped(std::size_t number) {
  std::string text = std::to_string(number);
  for (int at = static_cast<int>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

std::string architecture_of(const scoring::ProteinShape& shape) {
  switch (shape.family) {
    case scoring::ProteinFamily::progen2:
      return fmt::format("ProGen2: causal, one token a residue, read {}",
                         shape.forward_only ? "from the N terminus only" : "in both directions");
    case scoring::ProteinFamily::gpt2:
      return "GPT-2 (as ProtGPT2): causal, tokens of several residues";
    default:
      return shape.rotary
                 ? "ESM-2: masked, rotary positions"
                 : fmt::format("ESM-1{}: masked, learned positions", shape.norm_embedding ? "b" : "v");
  }
}

std::string positions_of(const scoring::ProteinShape& shape) {
  std::string text = "learned";
  if (shape.positions == scoring::PositionKind::rotary_halves) text = "rotary, halves";
  if (shape.positions == scoring::PositionKind::rotary_pairs)
    text = fmt::format("rotary, pairs, {} of {} entries", shape.rotary, shape.head_width());
  return shape.longest_row ? fmt::format("{}; at most {} tokens", text, shape.longest_row)
                           : text + "; no limit";
}

std::string tokens_of(const scoring::ProteinWeights& weights) {
  if (weights.tokens.size() == 0)
    return fmt::format("{}; no vocabulary beside the weights", weights.shape.vocabulary);
  return fmt::format("{}, {} of them named", weights.shape.vocabulary, weights.tokens.size());
}

using Lines = std::vector<std::pair<std::string, std::string>>;

Lines facts_of(const scoring::ProteinWeights& w) {
  const auto& s = w.shape;
  Lines lines = {{"file", w.source},
                 {"architecture", architecture_of(s)},
                 {"layers", fmt::format("{}", s.layers)},
                 {"width", fmt::format("{}", s.width)},
                 {"heads", fmt::format("{} of width {}", s.heads, s.head_width())},
                 {"inner width", fmt::format("{}", s.inner)},
                 {"parameters", fmt::format("{} stored as {}", grouped(w.parameters), w.stored_as)},
                 {"memory", fmt::format("{:.0f} MB as float32", static_cast<double>(w.parameters) * 4e-6)},
                 {"tokens", tokens_of(w)},
                 {"positions", positions_of(s)},
                 {"head", s.columns ? fmt::format("{} columns{}", s.columns,
                                                  w.head.weight.empty() ? ", tied to the embedding" : "")
                                    : "none: embeddings only"}};
  if (s.family == scoring::ProteinFamily::esm)
    lines.emplace_back("token dropout", s.token_dropout ? "yes, as in training" : "no");
  for (const auto& [name, text] : w.metadata) {
    if (name == "config" || name == "format" || name == "architecture") continue;
    std::string key = name;
    std::replace(key.begin(), key.end(), '_', ' ');
    lines.emplace_back(key, text);
  }
  if (!w.metadata.count("licence") && !w.metadata.count("license"))
    lines.emplace_back("licence", "the file does not say");
  return lines;
}

int show(const std::string& path, Session& session) {
  const auto weights = scoring::read_protein_weights(path);
  const auto lines = facts_of(weights);
  for (const auto& warning : weights.warnings) session.terminal().warn("model", warning);
  if (session.options.json) {
    nlohmann::ordered_json json = {{"schema", "theriac.protein_model/1"}};
    for (const auto& [key, text] : lines) json[key] = text;
    json["warnings"] = weights.warnings;
    std::printf("%s\n", json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
    return exit_done;
  }
  for (const auto& [key, text] : lines) std::printf("%-20s%s\n", key.c_str(), text.c_str());
  return exit_done;
}

}  // namespace

Command protein_info_command() {
  Command command;
  command.name = "protein info";
  command.summary = "what a file or folder is: architecture, sizes, tokens, licence, what is missing";
  command.examples = {"theriac protein info esm2_t12_35M_UR50D",
                      "theriac protein info model.safetensors --json"};
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto path = std::make_shared<std::string>();
    app.add_option(
        "model", *path,
        "folder with config.json and model.safetensors as published, one safetensors file, or the name of a "
        "model that ships; default: protein-lm");
    add_output_options(app, session);
    return [path, &session] {
      if (path->empty()) throw UsageError("which model?", "theriac protein info FOLDER");
      return show(protein_model_path(*path), session);
    };
  };
  return command;
}

}  // namespace theriac::cli
