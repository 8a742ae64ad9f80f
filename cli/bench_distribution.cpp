#include "cli/bench_distribution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <unordered_set>

#include "chem/error.hpp"
#include "chem/text_file.hpp"
#include "cli/distribution_report.hpp"
#include "cli/record_blocks.hpp"
#include "cli/session.hpp"
#include "datasets/sha256.hpp"
#include "generative/guacamol_shares.hpp"
#include "generative/property_divergence.hpp"

namespace theriac::cli {
namespace {

using generative::MoleculeSample;
using Records = std::vector<chem::RawRecord>;

void check(const DistributionOptions& o) {
  if (o.molecules.empty())
    throw UsageError("which molecules?", "--molecules names the file of the generated ones");
  if (o.train.empty()) throw UsageError("where is the training set?", "--train names its file");
  if (o.references.molecules.empty())
    throw UsageError("what are the molecules to be like?",
                     "--reference names one or more held-out sets, with commas between");
  const auto& given = o.references.activations;
  if (!given.empty() && given.size() != o.references.molecules.size())
    throw UsageError(
        fmt::format("{} files of activations for {} references", given.size(), o.references.molecules.size()),
        "--reference-activations names one file per reference, in their order");
  if (!given.empty() && o.chemnet.empty())
    throw UsageError("--reference-activations is of no use without --chemnet");
}

/// Seconds since it was made.
class Clock {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

std::vector<std::string> smiles_of(const MoleculeSample& sample, std::size_t begin, std::size_t end) {
  std::vector<std::string> smiles;
  for (std::size_t i = begin; i < std::min(end, sample.members.size()); ++i)
    smiles.push_back(sample.members[i].smiles);
  return smiles;
}

class DistributionBench {
 public:
  DistributionBench(const DistributionOptions& options, Session& session);
  int run();

 private:
  void read_references();
  MeasuredSample described(const std::string& label, const std::string& file, Records records,
                           std::int64_t drawn_from);
  MeasuredSample drawn(const std::string& label, const std::string& file);
  void add_activations(MoleculeSample& sample, const std::string& label);
  void draw_training();
  void see_training_set();
  void finish(MeasuredSample& measured);
  void add_kl_score(MeasuredSample& measured) const;
  void add_guacamol_scores();
  void measure();
  void write() const;
  std::vector<MeasuredSample*> samples();

  const DistributionOptions& options_;
  Session& session_;
  std::optional<ChemNetWeights> chemnet_;
  std::vector<NamedReference> references_;
  std::vector<std::string>
      kl_training_;  ///< SMILES of the training molecules that the KL score compares with
  generative::PropertyLists kl_properties_;
  std::unordered_set<std::string> training_flat_;  ///< for GuacaMol's novelty only
  DistributionReportInput report_;
};

DistributionBench::DistributionBench(const DistributionOptions& options, Session& session)
    : options_(options), session_(session) {
  check(options);
  report_.conditions = bench_conditions(session);
  report_.train_file = options.train;
  report_.chemnet_file = options.chemnet;
  if (!options.chemnet.empty())
    chemnet_.emplace(
        ChemNetWeights{scoring::ChemNet::read(options.chemnet), datasets::sha256_of_file(options.chemnet)});
}

void DistributionBench::read_references() {
  ReferenceFiles files = options_.references;
  if (files.cache.empty()) files.cache = options_.out + "/reference";
  references_ = read_reference_sets(files, chemnet_ ? &*chemnet_ : nullptr, session_);
  for (const auto& reference : references_)
    report_.references.push_back({reference.file, reference.label, reference.set.records,
                                  reference.set.unread_count, reference.set.unread});
}

void DistributionBench::add_activations(MoleculeSample& sample, const std::string& label) {
  const std::size_t n = sample.members.size();
  if (!chemnet_ || n < 2) return;
  const auto progress =
      session_.progress({"ChemNet " + label, "mol", static_cast<std::int64_t>(n), 0, 0, 0, ""});
  const Clock clock;
  scoring::PointMoments moments(scoring::chemnet_outputs);
  for (std::size_t first = 0; first < n; first += block_records) {
    check_stop(session_);
    moments.add(chemnet_->net.activations(smiles_of(sample, first, first + block_records)));
    progress->update(static_cast<std::int64_t>(std::min(n, first + block_records)), 0);
  }
  sample.statistics.activations = moments.statistics();
  generative::add_time(sample.times, {"ChemNet", static_cast<std::int64_t>(n), clock.seconds()});
  progress->finish();
}

MeasuredSample DistributionBench::described(const std::string& label, const std::string& file,
                                            Records records, std::int64_t drawn_from) {
  sort_by_place(records);
  const auto progress =
      session_.progress({label, "mol", static_cast<std::int64_t>(records.size()), 0, 0, 0, ""});
  generative::SampleBuilder builder;
  for (std::size_t first = 0; first < records.size(); first += block_records) {
    check_stop(session_);
    const auto begin = records.begin() + static_cast<std::ptrdiff_t>(first);
    const std::size_t size = std::min(records.size() - first, block_records);
    builder.add(Records(begin, begin + static_cast<std::ptrdiff_t>(size)));
    progress->update(static_cast<std::int64_t>(first + size), 0);
  }
  progress->finish();
  MeasuredSample measured;
  measured.file = file;
  measured.drawn_from = drawn_from;
  measured.sample = builder.take();
  if (measured.sample.members.empty())
    throw InputError(fmt::format("no molecule of '{}' can be read", file),
                     measured.sample.unread.empty() ? "" : measured.sample.unread.front().message);
  add_activations(measured.sample, label);
  return measured;
}

MeasuredSample DistributionBench::drawn(const std::string& label, const std::string& file) {
  auto draw = draw_records(file, options_.samples, session_.seed(), "sample");
  if (draw.total < options_.samples)
    session_.terminal().warn("small sample", fmt::format("{} holds {} records, --samples asks for {}", file,
                                                         draw.total, options_.samples));
  return described(label, file, std::move(draw.records), draw.total);
}

/// Two sets of training molecules without a common one, each as large as the generated set: the ceiling, and
/// what the KL score compares with.
void DistributionBench::draw_training() {
  const auto wanted = static_cast<std::int64_t>(report_.generated.sample.members.size());
  auto draw = draw_records(options_.train, 2 * wanted, session_.seed(), "ceiling");
  report_.train_records = draw.total;
  const auto half = static_cast<std::ptrdiff_t>(draw.records.size() / 2);
  if (half == 0) throw InputError(fmt::format("'{}' holds one record, two are needed", options_.train));
  if (half < wanted)
    session_.terminal().warn(
        "small training set",
        fmt::format("the ceiling has {} molecules, the sample {}: most metrics depend on "
                    "that number",
                    half, wanted));
  report_.ceiling = described("ceiling", options_.train,
                              Records(draw.records.begin(), draw.records.begin() + half), draw.total);
  const auto others = generative::generated_list(Records(draw.records.begin() + half, draw.records.end()));
  for (const auto& smiles : others.smiles)
    if (!smiles.empty()) kl_training_.push_back(smiles);
  if (kl_training_.empty()) throw InputError(fmt::format("no molecule of '{}' can be read", options_.train));
}

std::vector<MeasuredSample*> DistributionBench::samples() {
  std::vector<MeasuredSample*> all = {&report_.generated, &report_.ceiling};
  if (report_.floor) all.push_back(&*report_.floor);
  return all;
}

/// One pass through the training set for the novelty of all samples.
void DistributionBench::see_training_set() {
  std::vector<generative::NoveltyCount> counts;
  for (const auto* measured : samples()) counts.emplace_back(measured->sample.members);
  const auto progress = session_.progress({"training set", "mol", report_.train_records, 0, 0, 0, ""});
  chem::RecordReader reader({options_.train});
  const auto next = record_blocks(reader, *progress, session_);
  for (auto block = next(); !block.empty(); block = next()) {
    for (const auto& record : block)
      for (auto& count : counts) count.see(record.text);
    if (options_.guacamol == 0) continue;
    for (auto& smiles : generative::generated_list(block).flat) training_flat_.insert(std::move(smiles));
  }
  progress->finish();
  for (std::size_t i = 0; i < counts.size(); ++i) samples()[i]->novelty = counts[i].share();
}

void DistributionBench::add_kl_score(MeasuredSample& measured) const {
  const Clock clock;
  const auto smiles = smiles_of(measured.sample, 0, measured.sample.members.size());
  const auto lists = generative::property_lists(generative::distinct_flat_smiles(smiles));
  measured.kl_score = generative::kl_score(generative::property_divergences(kl_properties_, lists));
  generative::add_time(measured.sample.times,
                       {"KL score", static_cast<std::int64_t>(smiles.size()), clock.seconds()});
}

void DistributionBench::finish(MeasuredSample& measured) {
  check_stop(session_);
  std::vector<const generative::SetStatistics*> sets;
  for (const auto& reference : references_) sets.push_back(&reference.set.statistics);
  measured.figures = generative::distribution_figures(measured.sample, sets);
  check_stop(session_);
  add_kl_score(measured);
}

/// In the order of the file, as a generator would give them, and against the same training molecules.
void DistributionBench::add_guacamol_scores() {
  const auto n = static_cast<std::size_t>(options_.guacamol);
  if (n == 0) return;
  chem::RecordReader reader({options_.molecules});
  Records records;
  while (records.size() < 10 * n) {
    auto record = reader.next_raw();
    if (!record) break;
    records.push_back(std::move(*record));
  }
  const auto list = generative::generated_list(records);
  const auto distinct = generative::guacamol_distinct(list, n);
  GuacamolScores scores;
  scores.molecules = options_.guacamol;
  scores.records = static_cast<std::int64_t>(records.size());
  scores.validity = generative::guacamol_validity(list, n).value;
  scores.uniqueness = generative::guacamol_uniqueness(list, n).value;
  scores.novelty = generative::guacamol_novelty(distinct, n, training_flat_).value;
  std::vector<std::string> training(
      kl_training_.begin(),
      kl_training_.begin() + static_cast<std::ptrdiff_t>(std::min(n, kl_training_.size())));
  scores.kl_score = generative::kl_score(
      generative::property_divergences(generative::property_lists(generative::distinct_flat_smiles(training)),
                                       generative::property_lists(distinct.flat)));
  report_.guacamol = scores;
}

void DistributionBench::measure() {
  report_.generated = drawn("sample", options_.molecules);
  draw_training();
  if (!options_.floor.empty()) report_.floor = drawn("floor", options_.floor);
  read_references();
  see_training_set();
  kl_properties_ = generative::property_lists(generative::distinct_flat_smiles(kl_training_));
  for (auto* measured : samples()) finish(*measured);
  add_guacamol_scores();
}

void DistributionBench::write() const {
  const auto report = distribution_report(report_);
  const std::string path = options_.out + "/distribution";
  chem::write_text_file(path + ".csv", report.csv);
  chem::write_text_file(path + ".md", report.markdown);
  chem::write_text_file(path + ".json", report.json);
  chem::write_text_file(options_.out + "/molecules.csv",
                        molecules_csv(report_.generated, report_.references));
  std::fputs(session_.options.json ? report.json.c_str() : report.text.c_str(), stdout);
  session_.terminal().note(
      fmt::format("wrote {0}.csv, {0}.md, {0}.json, {1}/molecules.csv", path, options_.out));
}

int DistributionBench::run() {
  session_.terminal().note(fmt::format("distribution of {} beside {}; {}", options_.molecules, options_.train,
                                       report_.conditions.text()));
  if (session_.options.dry_run) return exit_done;
  make_folder(options_.out);
  RecordCounts counts;
  try {
    measure();
    write();
  } catch (const StoppedEarly&) {
  }
  for (const auto& reference : report_.references) {
    counts.total += reference.records;
    counts.failed += reference.unread_count;
  }
  return session_.exit_code(counts);
}

}  // namespace

int bench_distribution(const DistributionOptions& options, Session& session) {
  return DistributionBench(options, session).run();
}

}  // namespace theriac::cli
