#include "cli/train_peptides.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "chem/text_file.hpp"
#include "cli/bench_conditions.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/provenance.hpp"
#include "scoring/peptide_training.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;
using scoring::Direction;
using scoring::PeptideLearningSet;

struct KnownSet {
  const char* name;
  const char* meaning;
  Direction direction;
  const char* file;
  std::vector<std::string> datasets;
  const char* data;
  const char* licence;
  bool permissive;
  const char* published;  ///< what others reach, on a split of their own
};

const std::vector<KnownSet>& known_sets() {
  static const std::vector<KnownSet> sets = {
      {"hemolysis",
       "lyses red blood cells",
       Direction::lower_is_better,
       "hemopi_1_2_3.tsv.gz",
       {"HemoPI-1", "HemoPI-3"},
       "HemoPI-1 and HemoPI-3: K. Chaudhary et al., Sci. Rep. 6, 22843 (2016), from Hemolytik and Swiss-Prot",
       "CC BY 4.0 (paper), collection MIT",
       true,
       ""},
      {"antimicrobial",
       "kills or inhibits microbes",
       Direction::neutral,
       "peptide_classes.tsv.gz",
       {"amp_modlamp"},
       "amp_modlamp: A. T. Mueller et al., Bioinformatics 33, 2753 (2017)",
       "BSD-3 (modlAMP), collection MIT",
       true,
       ""},
      {"cell_penetrating",
       "enters cells",
       Direction::neutral,
       "peptide_classes.tsv.gz",
       {"cpp_mlcpp"},
       "cpp_mlcpp: B. Manavalan et al., J. Proteome Res. 17, 2715 (2018)",
       "collection MIT",
       true,
       ""},
      {"solubility",
       "soluble when made in E. coli",
       Direction::higher_is_better,
       "peptide_hemolysis_solubility_nonfouling.tsv.gz",
       {"solubility_proso2"},
       "PROSO II: P. Smialowski et al., FEBS J. 279, 2192 (2012)",
       "GPL-3 collection",
       false,
       "0.76"},
      {"nonfouling",
       "resists unspecific adsorption",
       Direction::neutral,
       "peptide_hemolysis_solubility_nonfouling.tsv.gz",
       {"nonfouling"},
       "R. Barrett et al., J. Chem. Inf. Model. 58, 2145 (2018)",
       "GPL-3 collection",
       false,
       "0.93"},
      {"hemolysis_dbaasp",
       "lyses red blood cells",
       Direction::lower_is_better,
       "peptide_hemolysis_solubility_nonfouling.tsv.gz",
       {"hemolysis_dbaasp"},
       "DBAASP: M. Pirtskhalava et al., Nucleic Acids Res. 49, D288 (2021)",
       "GPL-3 collection; DBAASP terms",
       false,
       "0.84"}};
  return sets;
}

std::vector<std::string> split_line(std::string_view line, char separator) {
  std::vector<std::string> cells(1);
  for (const char c : line)
    if (c == separator)
      cells.emplace_back();
    else if (c != '"')
      cells.back() += c;
  return cells;
}

struct TableColumns {
  std::size_t sequence = 0, label = 0;
  std::optional<std::size_t> dataset, split;
};

TableColumns columns_of(const std::vector<std::string>& header, const std::string& path) {
  const auto find = [&](const char* name) -> std::optional<std::size_t> {
    const auto at = std::find(header.begin(), header.end(), name);
    if (at == header.end()) return {};
    return static_cast<std::size_t>(at - header.begin());
  };
  const auto sequence = find("sequence"), label = find("label");
  if (!sequence || !label)
    throw InputError(fmt::format("no column '{}' in '{}'", sequence ? "label" : "sequence", path),
                     "a table of peptides has the columns sequence and label (0 or 1)");
  return {*sequence, *label, find("dataset"), find("split")};
}

/// Rows whose dataset is one of `datasets`; all of them when it is empty.
PeptideLearningSet read_set(const std::string& path, const std::vector<std::string>& datasets) {
  const std::string text = chem::read_text_file(path);
  std::string_view rest = text, line;
  if (!chem::next_line(rest, line)) throw InputError(fmt::format("'{}' is empty", path));
  const char separator = line.find('\t') != std::string_view::npos ? '\t' : ',';
  const auto header = split_line(line, separator);
  const auto columns = columns_of(header, path);
  PeptideLearningSet set;
  for (std::size_t number = 2; chem::next_line(rest, line); ++number) {
    if (chem::trimmed(line).empty()) continue;
    const auto cells = split_line(line, separator);
    if (cells.size() != header.size())
      throw InputError(fmt::format("{} cells where the header has {} ({}, line {})", cells.size(),
                                   header.size(), path, number));
    if (columns.dataset && !datasets.empty() &&
        std::find(datasets.begin(), datasets.end(), cells[*columns.dataset]) == datasets.end())
      continue;
    const std::string label(chem::trimmed(cells[columns.label]));
    if (label != "0" && label != "1")
      throw InputError(fmt::format("label '{}' is neither 0 nor 1 ({}, line {})", label, path, number));
    set.peptides.emplace_back(chem::trimmed(cells[columns.sequence]));
    set.labels.push_back(label == "1");
    if (columns.split) set.splits.push_back(cells[*columns.split]);
  }
  return scoring::cleaned(std::move(set));
}

struct Lesson {
  PeptideLearningSet set;
  std::string published;
};

std::vector<Lesson> lessons_of(const PeptideTrainingRun& run) {
  if (!fs::is_directory(run.data)) {
    Lesson one{read_set(run.data, {}), ""};
    if (run.name.empty())
      throw UsageError("a table of peptides needs a name for what its label 1 means", "--name NAME");
    one.set.about.name = run.name;
    one.set.about.meaning = run.about;
    one.set.about.data = fs::path(run.data).filename().string();
    one.set.about.licence = run.licence;
    return {one};
  }
  std::vector<Lesson> out;
  for (const auto& known : known_sets()) {
    const std::string path = run.data + "/" + known.file;
    if ((run.permissive && !known.permissive) || !fs::exists(path)) continue;
    Lesson lesson{read_set(path, known.datasets), known.published};
    lesson.set.about.name = known.name;
    lesson.set.about.meaning = known.meaning;
    lesson.set.about.direction = known.direction;
    lesson.set.about.data = known.data;
    lesson.set.about.licence = known.licence;
    out.push_back(std::move(lesson));
  }
  if (out.empty())
    throw InputError(fmt::format("none of the known sets of peptides lies in '{}'", run.data),
                     "hemopi_1_2_3.tsv.gz, peptide_classes.tsv.gz ...; or name one table");
  return out;
}

std::string with_interval(const scoring::Interval& x) {
  return fmt::format("{:.3f} ({:.3f}-{:.3f})", x.value, x.low, x.high);
}

std::vector<std::string> judgement_cells(const std::string& name, const char* split,
                                         const PeptideLearningSet& set,
                                         const scoring::PeptideJudgement& judged,
                                         const std::string& published) {
  std::size_t positives = 0;
  for (const std::size_t row : judged.rows) positives += set.labels[row] == 1;
  return {name,
          split,
          std::to_string(judged.rows.size()),
          std::to_string(positives),
          with_interval(judged.auroc),
          with_interval(judged.baseline_auroc),
          fmt::format("{:.3f}", judged.calibration_error),
          published};
}

using Table = std::vector<std::vector<std::string>>;

/// The authors' split of each HemoPI set, for comparison with what others report.
void add_authors_splits(const PeptideTrainingRun& run, const scoring::PeptideBins& bins,
                        const scoring::PeptideTrainingOptions& options, Table& table) {
  const std::string path = run.data + "/hemopi_1_2_3.tsv.gz";
  if (!fs::is_directory(run.data) || !fs::exists(path)) return;
  for (const char* name : {"HemoPI-1", "HemoPI-2", "HemoPI-3"}) {
    const auto set = read_set(path, {name});
    table.push_back(
        judgement_cells(name, "authors'", set, scoring::on_authors_split(set, bins, options), ""));
  }
}

std::string card_of(const scoring::PeptideClasses& model, const Table& table, const std::string& date) {
  std::string text = "# Classes of peptides\n\n";
  text +=
      "Yes-or-no properties of peptides of the twenty residues: boosted trees (depth 5) on length, "
      "composition, "
      "charge, hydrophobicity, moments and pairs of residues; probabilities by Platt's method from "
      "predictions "
      "whose families of similar peptides were held out. A peptide unlike the learned ones is outside the "
      "domain.\n\n| class | meaning | peptides | positive | data | licence |\n|---|---|---:|---:|---|---|\n";
  for (const auto& c : model.classes())
    text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", c.name, c.meaning, c.peptides, c.positives,
                        c.data, c.licence);
  text += "\nArea under the ROC curve with 95 % interval, beside trees on length and composition alone:\n\n";
  text += markdown_table(table, 2);
  text += fmt::format("\nTrained {} by theriac {}.\n", date, chem::theriac_version());
  return text;
}

}  // namespace

int train_peptides(const PeptideTrainingRun& run, Session& session) {
  const Stopwatch watch;
  const auto lessons = lessons_of(run);
  std::vector<PeptideLearningSet> sets;
  for (const auto& lesson : lessons) {
    session.terminal().note(fmt::format("data      {}: {} peptides, {} rows left out", lesson.set.about.name,
                                        lesson.set.peptides.size(), lesson.set.left_out));
    sets.push_back(lesson.set);
  }
  if (session.options.dry_run) {
    session.terminal().note(fmt::format("plan      weights and card would go to {}", run.out));
    return exit_done;
  }
  make_folder(run.out);
  scoring::PeptideTrainingOptions options;
  options.seed = session.seed();
  const auto bins = scoring::bins_of(sets);
  scoring::PeptideClasses model(bins);
  Table table = {{"class", "split", "peptides", "positive", "AUROC", "length and composition",
                  "calibration error", "published"}};
  for (const auto& lesson : lessons) {
    const auto judged = scoring::cross_validated(lesson.set, bins, options);
    model.add(scoring::trained_class(lesson.set, bins, judged, options));
    table.push_back(judgement_cells(lesson.set.about.name, "families", lesson.set, judged, ""));
    if (!lesson.published.empty())
      table.push_back(judgement_cells(lesson.set.about.name, "random", lesson.set,
                                      scoring::randomly_split(lesson.set, bins, options), lesson.published));
    session.terminal().note(
        fmt::format("class     {}: AUROC {}, length and composition {}; {} families, the "
                    "largest of {}; calibration error {:.3f}",
                    lesson.set.about.name, with_interval(judged.auroc), with_interval(judged.baseline_auroc),
                    judged.families, judged.largest_family, judged.calibration_error));
  }
  add_authors_splits(run, bins, options, table);
  const std::string today = datasets::utc_now().substr(0, 10);
  model.write(run.out + "/peptides.safetensors", run.about, today);
  datasets::DurableFile card(run.out + "/card.md");
  card.write(card_of(model, table, today));
  card.publish();
  session.terminal().note(fmt::format("wrote     {}/peptides.safetensors: {} classes, {:.1f} s", run.out,
                                      model.classes().size(), watch.wall_seconds()));
  return print_result(session, "train",
                      {{"task", "peptides"},
                       {"classes", model.classes().size()},
                       {"seconds", watch.wall_seconds()},
                       {"out", run.out}},
                      exit_done);
}

}  // namespace theriac::cli
