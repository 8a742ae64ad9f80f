#include "cli/train_protein.hpp"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "chem/sequence.hpp"
#include "chem/text_stream.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/model_file_writer.hpp"
#include "datasets/network_library.hpp"
#include "datasets/provenance.hpp"
#include "datasets/results_table.hpp"
#include "datasets/sha256.hpp"
#include "generative/protein_split.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;
using generative::ProteinPart;

struct ProteinData {
  generative::ProteinCorpus learned, held_out;
  std::size_t relatives = 0;
};

const char* name_of(ProteinPart part) {
  return part == ProteinPart::learned ? "learned" : part == ProteinPart::held_out ? "held_out" : "relative";
}

/// Finding relatives takes minutes, so the split of an earlier call is taken again when it is of the same
/// proteins, number and seed, which its first line says.
std::vector<ProteinPart> split_of(const std::vector<chem::Sequence>& sequences,
                                  const std::vector<chem::Sequence>& apart, int held_out, std::uint64_t seed,
                                  const std::string& file) {
  std::vector<std::string_view> texts, others;
  std::string all;
  for (const auto& s : sequences) {
    texts.push_back(s.residues);
    all += s.residues + '\n';
  }
  all += '\n';
  for (const auto& s : apart) {
    others.push_back(s.residues);
    all += s.residues + '\n';
  }
  const std::string first =
      fmt::format("# proteins {}, held out {}, seed {}\n", datasets::sha256(all).substr(0, 16), held_out, seed);
  std::vector<ProteinPart> parts;
  if (fs::exists(file)) {
    auto stream = chem::TextStream::open(file);
    std::string line;
    if (stream.next_line(line) && line + '\n' == first)
      while (stream.next_line(line)) {
        const std::string part = line.substr(line.rfind('\t') + 1);
        for (const auto p : {ProteinPart::learned, ProteinPart::held_out, ProteinPart::relative})
          if (part == name_of(p)) parts.push_back(p);
      }
    if (parts.size() == sequences.size()) return parts;
  }
  parts = generative::split_proteins(texts, static_cast<std::size_t>(held_out), seed, others);
  std::string text = first;
  for (std::size_t i = 0; i < parts.size(); ++i)
    text += fmt::format("{}\t{}\n", sequences[i].name, name_of(parts[i]));
  datasets::DurableFile durable(file);
  durable.write(text);
  durable.publish();
  return parts;
}

ProteinData read_data(const std::string& path, const std::string& out,
                      const ProteinModelTrainingOptions& options, Session& session) {
  const auto sequences = chem::read_sequences(path);
  const auto apart =
      options.apart.empty() ? std::vector<chem::Sequence>{} : chem::read_sequences(options.apart);
  const auto parts = split_of(sequences, apart, options.held_out, session.seed(), out + "/split.tsv");
  ProteinData data;
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    if (parts[i] == ProteinPart::learned) data.learned.add(sequences[i]);
    if (parts[i] == ProteinPart::held_out) data.held_out.add(sequences[i]);
    if (parts[i] == ProteinPart::relative) ++data.relatives;
  }
  return data;
}

void write_weights(const std::string& path, generative::ProteinTrainer& trainer,
                   const generative::ProteinShape& shape, const std::map<std::string, std::string>& facts,
                   datasets::TensorType type) {
  datasets::ModelFileWriter file;
  file.set("architecture", "progen2");
  file.set("config", generative::progen2_config(shape));
  for (const auto& [key, value] : facts)
    if (!value.empty()) file.set(key, value);
  for (const auto& w : trainer.weights()) file.add(w.name, w.shape, w.numbers, type);
  file.write(path);
}

}  // namespace

int train_protein(const std::string& path, const std::string& out, ProteinModelTrainingOptions options,
                  Session& session) {
  std::error_code failure;
  fs::create_directories(out, failure);
  if (failure) throw StorageError(fmt::format("cannot make the folder '{}': {}", out, failure.message()));
  options.training.seed = session.seed();
  const auto data = read_data(path, out, options, session);
  session.terminal().note(fmt::format(
      "data      {} proteins of {} residues learned, {} of {} held out, {} relatives of these left out",
      data.learned.size(), data.learned.residues(), data.held_out.size(), data.held_out.residues(),
      data.relatives));
  auto trainer =
      datasets::network_maker<generative::ProteinTrainerMaker>().make(options.shape, session.seed());
  session.terminal().note(fmt::format("network   {} parameters; {} steps of {} rows of {} tokens; {} threads",
                                      trainer->parameters(), options.training.steps, options.training.batch,
                                      options.training.row, session.threads()));
  const auto result = trainer->train(
      data.learned, data.held_out, options.training, out + "/checkpoint.safetensors", session.stop(),
      [&](const generative::ProteinTrainingPoint& p) {
        session.terminal().note(fmt::format(
            "step {:6}  epoch {:6.3f}  rate {:4.2f}  training {:.4f}  validation {:.4f} nats, perplexity "
            "{:.3f}  {:.0f} tokens/s",
            p.step, p.epoch, p.rate, p.training, p.validation, std::exp(p.validation), p.tokens_per_second));
      });
  if (result.stopped) {
    session.terminal().note("the same command again goes on from here");
    return session.exit_code({static_cast<std::int64_t>(data.learned.size()), 0});
  }
  write_weights(out + "/protein-lm.safetensors", *trainer, options.shape, {},
                options.precision == "float16" ? datasets::TensorType::float16
                                               : datasets::TensorType::float32);
  return session.exit_code({static_cast<std::int64_t>(data.learned.size()), 0});
}

void declare_protein_training(CLI::App& app, ProteinModelTrainingOptions& o) {
  const char* group = "Protein language model";
  auto& t = o.training;
  app.add_option("--steps", t.steps, "steps of training; a run may be lengthened before its rates fall")
      ->check(CLI::Range(1, 100000000))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--rows", t.batch, "rows a step")
      ->check(CLI::Range(1, 65536))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--row", t.row, "tokens a row")
      ->check(CLI::Range(16, 4096))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--width", o.shape.width, "width of the network, a multiple of 8")
      ->check(CLI::Range(8, 4096))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--depth", o.shape.layers, "layers of the network")
      ->check(CLI::Range(1, 64))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
  app.add_option("--matrix_rate", t.matrix_rate, "learning rate of the matrices (Muon)")
      ->check(CLI::Range(1e-6, 1.0))
      ->type_name("X")
      ->capture_default_str()
      ->group(group);
  app.add_option("--held_out", o.held_out, "proteins held out, at most a tenth")
      ->check(CLI::Range(1, 100000))
      ->type_name("N")
      ->capture_default_str()
      ->group(group);
}

}  // namespace theriac::cli
