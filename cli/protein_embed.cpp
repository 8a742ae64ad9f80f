#include "cli/protein_embed.hpp"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "chem/fasta_records.hpp"
#include "cli/device_option.hpp"
#include "cli/protein_model_choice.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/hdf5_file.hpp"
#include "scoring/protein_device.hpp"
#include "scoring/protein_language_model.hpp"

namespace theriac::cli {
namespace {

constexpr std::size_t residues_together = 16384, records_together = 1024;

struct EmbedOptions {
  std::string fasta, out, model = "default", device = "cpu";
  bool per_residue = false;
};

/// The file: one row a record in /sequences, and with --per-residue one row a residue in /residues.
class VectorFile {
 public:
  VectorFile(const EmbedOptions& options, const scoring::ProteinLanguageModel& model)
      : path_(options.out),
        width_(model.width()),
        per_residue_(options.per_residue),
        file_(datasets::Hdf5File::create(temporary())) {
    using datasets::Column;
    using datasets::ColumnType;
    file_.set_attribute("/", "schema", "theriac.protein_vectors/1");
    file_.set_attribute("/", "model", std::filesystem::path(options.model).filename().string());
    file_.set_attribute("/", "width", std::int64_t{width_});
    file_.create_column("/sequences/name", datasets::text_column("name", "first word of the FASTA header"));
    file_.create_column("/sequences/status", datasets::text_column("status", "ok or failed"));
    file_.create_column("/sequences/message",
                        datasets::text_column("message", "why it failed, or what was changed"));
    file_.create_column("/sequences/length",
                        {"length", ColumnType::int64, "residues", "residues that were read", -1, {}});
    file_.create_column(
        "/sequences/vector",
        {"vector", ColumnType::float32, "", "mean over the residues of the last hidden states", -1, {}},
        width_);
    if (!per_residue_) return;
    file_.create_column(
        "/sequences/first_residue",
        {"first_residue", ColumnType::int64, "", "row of its first residue in /residues; -1: none", -1, {}});
    file_.create_column("/sequences/residues",
                        datasets::text_column("residues", "the sequence as it was read"));
    file_.create_column("/residues/vector", {"vector", ColumnType::float32, "", "last hidden state", -1, {}},
                        width_);
  }

  ~VectorFile() {
    std::error_code ignored;
    std::filesystem::remove(temporary(), ignored);
  }

  /// `states`: of the good records in their order, residues x width each.
  void append(const std::vector<chem::FastaRecord>& records, const std::vector<std::vector<float>>& states) {
    std::vector<std::string> names, status, messages, sequences;
    std::vector<std::int64_t> lengths, first;
    std::vector<double> pooled, all;
    auto vectors = states.begin();
    for (const auto& record : records) {
      const bool good = record.fault.empty();
      names.push_back(record.name);
      status.push_back(good ? "ok" : "failed");
      messages.push_back(good ? record.note : record.fault);
      lengths.push_back(static_cast<std::int64_t>(record.residues.size()));
      first.push_back(good ? residues_ : -1);
      sequences.push_back(record.residues);
      const auto mean = good ? mean_of(*vectors) : std::vector<double>(width(), no_value);
      pooled.insert(pooled.end(), mean.begin(), mean.end());
      if (good && per_residue_) {
        all.insert(all.end(), vectors->begin(), vectors->end());
        residues_ += static_cast<std::int64_t>(record.residues.size());
      }
      vectors += good;
    }
    file_.append("/sequences/name", names);
    file_.append("/sequences/status", status);
    file_.append("/sequences/message", messages);
    file_.append("/sequences/length", lengths);
    file_.append("/sequences/vector", pooled);
    if (!per_residue_) return;
    file_.append("/sequences/first_residue", first);
    file_.append("/sequences/residues", sequences);
    file_.append("/residues/vector", all);
  }

  void publish() {
    file_.close();
    datasets::publish_file(temporary(), path_);
  }

 private:
  static constexpr double no_value = std::numeric_limits<double>::quiet_NaN();
  std::string temporary() const { return path_ + ".tmp"; }
  std::size_t width() const { return static_cast<std::size_t>(width_); }
  std::vector<double> mean_of(const std::vector<float>& states) const {
    std::vector<double> mean(width());
    for (std::size_t i = 0; i < states.size(); ++i) mean[i % width()] += states[i];
    for (double& value : mean) value *= static_cast<double>(width()) / static_cast<double>(states.size());
    return mean;
  }

  std::string path_;
  int width_;
  bool per_residue_;
  datasets::Hdf5File file_;
  std::int64_t residues_ = 0;
};

class EmbedRun {
 public:
  EmbedRun(const EmbedOptions& options, Session& session)
      : options_(options),
        session_(session),
        model_(scoring::read_protein_model(protein_model_path(options.model), options.device)) {
    for (const auto& warning : model_.warnings()) session.terminal().warn("model", warning);
    if (options.per_residue && model_.shape().family == scoring::ProteinFamily::gpt2)
      throw UsageError("tokens of this model stand for several residues at once",
                       "leave out --per-residue, or use a model with one token a residue");
  }

  int run() {
    auto records = chem::FastaRecords::open(options_.fasta);
    VectorFile file(options_, model_);
    const auto started = std::chrono::steady_clock::now();
    auto progress = session_.progress({"embed", "seq", 0, 0, 0, 0, ""});
    const auto stop = session_.stop();
    std::vector<chem::FastaRecord> waiting;
    std::size_t residues = 0;
    chem::FastaRecord record;
    bool stopped = false;
    while (!stopped && records.next(record)) {
      residues += record.residues.size();
      waiting.push_back(std::move(record));
      if (residues < residues_together && waiting.size() < records_together) continue;
      finish(waiting, file);
      residues = 0;
      progress->update(counts_.total, counts_.failed);
      stopped = stop.stop_requested();
    }
    if (!stopped) finish(waiting, file);
    progress->finish();
    if (!records.damage().empty())
      throw InputError(fmt::format("'{}' is damaged: {}", options_.fasta, records.damage()));
    if (counts_.total == 0) throw InputError(fmt::format("no sequence in '{}'", options_.fasta));
    file.publish();
    return report(std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count());
  }

 private:
  void finish(std::vector<chem::FastaRecord>& records, VectorFile& file) {
    std::vector<std::string> sequences;
    for (const auto& record : records)
      if (record.fault.empty()) sequences.push_back(record.residues);
    file.append(records, model_.residue_embeddings(sequences));
    for (const auto& record : records) {
      ++counts_.total;
      residues_ += record.residues.size();
      if (record.fault.empty()) continue;
      ++counts_.failed;
      session_.terminal().warn("record", fmt::format("{} ({}, line {}): {}", record.name, options_.fasta,
                                                     record.line, record.fault));
    }
    records.clear();
  }

  int report(double seconds) {
    session_.terminal().end_warnings();
    session_.terminal().note(
        fmt::format("embedded  {} of {} sequences, {} residues in {:.1f} s ({:.0f} a second)",
                    counts_.total - counts_.failed, counts_.total, residues_, seconds,
                    static_cast<double>(residues_) / seconds));
    session_.terminal().note(fmt::format("wrote     {}", options_.out));
    const int code = session_.exit_code(counts_, "what was written holds the first records");
    return print_result(session_, "protein embed",
                        {{"records", counts_.total},
                         {"failed", counts_.failed},
                         {"residues", residues_},
                         {"width", model_.width()},
                         {"seconds", seconds},
                         {"out", options_.out}},
                        code);
  }

  const EmbedOptions& options_;
  Session& session_;
  scoring::ProteinLanguageModel model_;
  RecordCounts counts_;
  std::size_t residues_ = 0;
};

int embed(const EmbedOptions& options, Session& session) {
  if (options.fasta.empty())
    throw UsageError("which sequences?", "theriac protein embed proteins.fasta -o vectors.h5");
  const std::string extension = std::filesystem::path(options.out).extension().string();
  if (extension != ".h5" && extension != ".hdf5")
    throw UsageError(fmt::format("'{}' is no HDF5 file", options.out), "-o vectors.h5");
  if (std::filesystem::exists(options.out) && !session.options.overwrite)
    throw UsageError(fmt::format("'{}' is there already", options.out), "--overwrite replaces it");
  EmbedRun run(options, session);
  if (session.options.dry_run) {
    session.terminal().note(
        fmt::format("plan      vectors of '{}' would go to {}", options.fasta, options.out));
    return exit_done;
  }
  return run.run();
}

}  // namespace

Command protein_embed_command() {
  Command command;
  command.name = "protein embed";
  command.summary = "vectors of protein sequences: FASTA in, HDF5 out";
  command.examples = {
      "theriac protein embed proteins.fasta -o vectors.h5",
      "theriac protein embed proteins.fasta.gz --per-residue --model esm2_t12_35M_UR50D -o vectors.h5"};
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto o = std::make_shared<EmbedOptions>();
    const char* group = "Input and output";
    app.add_option("fasta", o->fasta, "protein sequences, plain or gzip; - for stdin")->group(group);
    app.add_option("-o,--out", o->out, "HDF5: /sequences, and /residues with --per-residue")
        ->type_name("FILE")
        ->group(group);
    app.add_option("--model", o->model,
                   "folder as published (ESM-2, ProGen2, ProtGPT2), a safetensors file, or default: the one "
                   "that ships")
        ->type_name("PATH")
        ->capture_default_str()
        ->group(group);
    add_device_option(app, o->device, "of the model")->group(group);
    app.add_flag("--per-residue", o->per_residue, "a vector for each residue too")->group(group);
    add_run_options(app, session, Randomness::none);
    add_output_options(app, session);
    return [o, &session] { return embed(*o, session); };
  };
  return command;
}

}  // namespace theriac::cli
