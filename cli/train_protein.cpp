#include "cli/train_protein.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "cli/model_choice.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "cli/training_curve.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/network_library.hpp"
#include "datasets/provenance.hpp"
#include "datasets/results_table.hpp"
#include "datasets/sha256.hpp"
#include "generative/protein_evaluation.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;
using generative::Interval;
using Facts = std::map<std::string, std::string>;

constexpr double gentler = 0.1;    // rates of weights that have learned already
constexpr int other_targets = 10;  // behind which the peptide of a pair is read too

datasets::TensorType type_of(const std::string& precision) {
  return precision == "float16" ? datasets::TensorType::float16 : datasets::TensorType::float32;
}

std::vector<CurvePoint> points_of(const std::vector<generative::ProteinTrainingPoint>& curve) {
  std::vector<CurvePoint> points;
  for (const auto& p : curve)
    points.push_back({p.step, p.epoch, p.rate, p.training, p.validation, p.seconds, p.tokens_per_second});
  return points;
}

std::string text_of(const Interval& i) {
  return fmt::format("{:.3f} (95 % {:.3f} to {:.3f})", i.value, i.low, i.high);
}

/// Perplexity of the weights as they will be written, beside those of n-grams on the same proteins.
Facts protein_figures(generative::ProteinTrainer& trainer, const ProteinTrainingData& data, int row,
                      Session& session) {
  Facts out;
  const auto add = [&](const std::string& key, const Interval& value) {
    out[key] = text_of(value);
    session.terminal().note(fmt::format("{:24}  {}", key, out[key]));
  };
  add("perplexity",
      generative::perplexity_interval(protein_loss(trainer, data.held_out, row), session.seed()));
  const auto ngrams = generative::ngram_losses(data.learned, data.held_out);
  for (std::size_t n = 0; n < ngrams.size(); ++n)
    add(fmt::format("perplexity_{}_gram", n + 1), generative::perplexity_interval(ngrams[n], session.seed()));
  out["perplexity_uniform"] = "20";
  return out;
}

Facts binder_figures(generative::ProteinTrainer& trainer, const ProteinTrainingData& data, int row,
                     Session& session) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& pair : data.held_out_pairs) pairs.emplace_back(pair.target, pair.peptide);
  const auto found = generative::binder_specificity(trainer, pairs, other_targets, row, session.seed());
  Facts out{
      {"peptide_perplexity_own_target", fmt::format("{:.3f}", found.own)},
      {"peptide_perplexity_other_targets", fmt::format("{:.3f}", found.other)},
      {"peptide_perplexity_no_target", fmt::format("{:.3f}", found.alone)},
      {"own_target_preferred", text_of(found.share) + fmt::format(" of comparisons, {} pairs", found.pairs)}};
  for (const auto& [key, value] : out) session.terminal().note(fmt::format("{:32}  {}", key, value));
  return out;
}

Facts about(const std::string& path, const ProteinModelTrainingOptions& options,
            const ProteinTrainingData& data, const generative::ProteinTrainingResult& result,
            const Session& session) {
  return {
      {"training_data",
       fmt::format("{} (sha256 {})", fs::path(path).filename().string(), data.sha256.substr(0, 16))},
      {"trained_on", fmt::format("{} {}, {} residues", data.learned.size(),
                                 data.learned.pairs() ? "pairs" : "proteins", data.learned.residues())},
      {"held_out", fmt::format("{} {}, {} residues; {} relatives (50 % identity over 50 % of the shorter) "
                               "in neither",
                               data.held_out.size(), data.learned.pairs() ? "pairs" : "proteins",
                               data.held_out.residues(), data.relatives)},
      {"directions", "forward"},
      {"data_licence", options.licence},
      {"description", options.about},
      {"initial_weights", options.init},
      {"steps", std::to_string(result.steps)},
      {"tokens_seen", std::to_string(result.tokens)},
      {"training_hours", fmt::format("{:.2f}", result.seconds / 3600)},
      {"date", datasets::utc_now().substr(0, 10)},
      {"command", session.provenance().command_line},
      {"seed", std::to_string(session.seed())},
      {"device", options.device == "cpu" ? "" : options.device},
      {"theriac_version", chem::theriac_version()},
      {"libtorch_version", datasets::network_library().libtorch}};
}

void write_card(const std::string& path, const std::string& name, const Facts& facts,
                const generative::ProteinShape& shape, std::int64_t parameters) {
  std::string text = fmt::format(
      "# {}\n\nCausal protein language model in the layout of ProGen2: {} layers of {}, {} heads, {} "
      "parameters, rows of at most {} tokens. It reads from the N terminus.\n\n| | |\n|---|---|\n",
      name, shape.layers, shape.width, shape.heads, parameters, shape.positions);
  for (const auto& [key, value] : facts)
    if (!value.empty()) text += fmt::format("| {} | {} |\n", key, value);
  datasets::DurableFile file(path);
  file.write(text);
  file.publish();
}

std::unique_ptr<generative::ProteinTrainer> initial_trainer(ProteinModelTrainingOptions& options,
                                                            Session& session) {
  auto& t = options.training;
  const std::string place = options.device == "cpu" ? "" : options.device;
  t.seed = session.seed();
  const double part = options.init.empty() ? 1 : gentler;
  t.rate = options.rate.value_or(part * t.rate);
  t.matrix_rate = options.matrix_rate.value_or(part * t.matrix_rate);
  const int head = options.shape.width / options.shape.heads;
  if (options.init.empty()) options.shape.rotary = std::min(options.shape.rotary, head - head % 2);
  if (options.init.empty())
    return datasets::network_maker<generative::ProteinTrainerMaker>().make(options.shape, session.seed(),
                                                                           place);
  const std::string file =
      fs::is_directory(options.init) ? options.init : model_file(options.init, "protein-lm");
  t.start = datasets::sha256_of_file(fs::is_directory(file) ? file + "/model.safetensors" : file);
  auto trainer = generative::read_protein_trainer(file, options.shape, place);
  t.row = std::min(t.row, options.shape.positions);
  session.terminal().note(fmt::format("weights   {}", file));
  return trainer;
}

void describe(const ProteinTrainingData& data, Session& session) {
  const char* what = data.learned.pairs() ? "pairs" : "proteins";
  session.terminal().note(
      fmt::format("data      {} {} of {} residues learned, {} of {} held out, {} relatives of these left out",
                  data.learned.size(), what, data.learned.residues(), data.held_out.size(),
                  data.held_out.residues(), data.relatives));
  if (const auto odd = data.learned.odd_letters(); odd > 0)
    session.terminal().note(fmt::format(
        "data      {} letters are none of the twenty (X, B, Z, U, O, J): read as such, not scored", odd));
  if (data.left_over > 0)
    session.terminal().warn("records left out",
                            fmt::format("{} are no proteins, or a pair too long for a row", data.left_over));
  if (data.learned.size() == 0)
    throw InputError("nothing is left to learn", "give more proteins, or hold out fewer");
}

}  // namespace

int train_protein(const std::string& path, const std::string& out, ProteinModelTrainingOptions options,
                  Session& session) {
  std::error_code failure;
  if (!session.options.dry_run) fs::create_directories(out, failure);
  if (failure) throw StorageError(fmt::format("cannot make the folder '{}': {}", out, failure.message()));
  auto trainer = initial_trainer(options, session);
  auto& t = options.training;
  const int row = options.shape.positions;
  const auto data = read_protein_data(path, options.data, session.seed(), t.row,
                                      session.options.dry_run ? "" : out + "/split.tsv");
  describe(data, session);
  const auto parameters = trainer->parameters();
  session.terminal().note(fmt::format(
      "network   {} parameters; {} steps of {} rows of {} tokens; {} threads{}", parameters, t.steps, t.batch,
      t.row, session.threads(), options.device == "cpu" ? "" : ", " + options.device));
  if (session.options.dry_run) {
    session.terminal().note(fmt::format("plan      weights, card and curve would go to {}", out));
    return exit_done;
  }
  const auto result = trainer->train(
      data.learned, data.held_out, t, out + "/checkpoint.safetensors", session.stop(),
      [&](const generative::ProteinTrainingPoint& p) {
        session.terminal().note(fmt::format(
            "step {:6}  epoch {:6.3f}  rate {:4.2f}  training {:.4f}  validation {:.4f} nats, perplexity "
            "{:.3f}  {:.0f} tokens/s",
            p.step, p.epoch, p.rate, p.training, p.validation, std::exp(p.validation), p.tokens_per_second));
      });
  write_training_curve(
      out + "/curve.csv",
      {"training_nats_per_token", "validation_nats_per_residue", "tokens_per_second", "nat", 4},
      points_of(result.curve));
  const auto left_over = static_cast<std::int64_t>(data.left_over);
  const RecordCounts counts{
      static_cast<std::int64_t>(data.learned.size() + data.held_out.size() + data.relatives) + left_over,
      left_over};
  nlohmann::ordered_json printed{{"task", "protein-lm"},        {"proteins", counts.total},
                                 {"finished", !result.stopped}, {"steps", result.steps},
                                 {"tokens", result.tokens},     {"seconds", result.seconds},
                                 {"device", options.device},    {"out", out}};
  if (result.stopped) {
    session.terminal().note("the same command again goes on from here");
    return print_result(session, "train", printed, session.exit_code(counts));
  }
  generative::round_weights(*trainer, type_of(options.precision));
  auto facts = about(path, options, data, result, session);
  if (data.held_out.size() > 0)
    for (const auto& [key, value] : data.learned.pairs() ? binder_figures(*trainer, data, row, session)
                                                         : protein_figures(*trainer, data, row, session)) {
      facts[key] = value;
      printed[key] = value;
    }
  generative::write_protein_model(fmt::format("{}/{}.safetensors", out, options.name), *trainer,
                                  options.shape, facts, type_of(options.precision));
  write_card(out + "/card.md", options.name, facts, options.shape, parameters);
  session.terminal().note(fmt::format("training  {} steps, {} tokens, {:.1f} min", result.steps,
                                      result.tokens, result.seconds / 60));
  return print_result(session, "train", printed, session.exit_code(counts));
}

void declare_protein_training(CLI::App& app, ProteinModelTrainingOptions& o) {
  const char* group = "Protein language model";
  auto& t = o.training;
  const auto whole = [&](const char* name, auto& value, double low, double high, const char* what) {
    app.add_option(name, value, what)
        ->check(CLI::Range(low, high))
        ->type_name("N")
        ->capture_default_str()
        ->group(group);
  };
  whole("--steps", t.steps, 1, 1e9,
        "steps of training; may be more than before while the rates have not begun to fall");
  whole("--rows", t.batch, 1, 65536, "rows of tokens a step");
  whole("--row", t.row, 16, 4096, "tokens a row, at most --positions");
  whole("--fall", t.fall, 0, 1, "last part of the steps, in which the rates fall to nothing");
  whole("--checkpoint_minutes", t.checkpoint_minutes, 0.01, 600, "minutes between checkpoints");
  app.add_option("--matrix_rate", o.matrix_rate,
                 "learning rate of the matrices (Muon); 0.02, with --init 0.002. --rate is that of all else "
                 "(Adam); 0.003, with --init 0.0003")
      ->check(CLI::Range(1e-6, 1.0))
      ->type_name("X")
      ->group(group);
  whole("--held_out", o.data.held_out, 0, 1e6,
        "proteins held out, at most a tenth; none of their relatives (50 % identity over half of the "
        "shorter) is learned");
  app.add_option("--apart", o.data.apart, "proteins (FASTA) whose relatives are not learned either")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--target_column", o.data.target, "table of binder pairs: column of the target")
      ->type_name("NAME")
      ->capture_default_str()
      ->group(group);
  app.add_option("--peptide_column", o.data.peptide,
                 "table of binder pairs: column of the peptide, which alone is learned")
      ->type_name("NAME")
      ->capture_default_str()
      ->group(group);
  whole("--width", o.shape.width, 16, 4096,
        "without --init: width of the network, a multiple of 8 and at least 16");
  whole("--depth", o.shape.layers, 1, 64, "without --init: layers of the network");
  whole("--positions", o.shape.positions, 16, 4096, "without --init: longest row that the network reads");
}

}  // namespace theriac::cli
