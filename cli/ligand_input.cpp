#include "cli/ligand_input.hpp"

#include <fmt/format.h>

#include <iostream>
#include <iterator>

#include "chem/error.hpp"
#include "chem/input_files.hpp"
#include "datasets/sha256.hpp"

namespace theriac::cli {

void add_ligand_options(CLI::App& app, LigandInputOptions& options) {
  const char* group = "Ligands";
  app.add_option("--smiles", options.smiles, "a molecule as text: \"CCO name\"; may be repeated")
      ->type_name("TEXT")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->group(group);
  app.add_option("--in-format", options.in_format,
                 "format of the input when its name does not say: " + chem::known_formats())
      ->type_name("NAME")
      ->group(group);
  app.add_option("--smiles-column", options.smiles_column,
                 "column of the SMILES in CSV and TSV; found by name by default")
      ->type_name("NAME")
      ->group(group);
  app.add_option("--name-column", options.name_column, "column of the names in CSV and TSV")
      ->type_name("NAME")
      ->group(group);
}

LigandInput::LigandInput(LigandInputOptions options) : options_(std::move(options)) {
  if (!options_.smiles.empty() && !options_.inputs.empty())
    throw UsageError("both --ligand and --smiles are given", "use one of them");
  if (!options_.smiles.empty()) {
    for (const auto& line : options_.smiles) text_ += line + '\n';
    source_ = "--smiles";
    return;
  }
  if (options_.inputs.empty())
    throw UsageError("no ligands",
                     "give a file with --ligand, '-' for standard input, or --smiles \"CCO name\"");
  if (options_.inputs.size() == 1 && options_.inputs[0] == "-") {
    text_.assign(std::istreambuf_iterator<char>(std::cin), {});
    source_ = "-";
    const auto guessed = chem::format_from_content(text_);
    text_format_ = !options_.in_format.empty() ? chem::format_from_name(options_.in_format)
                                               : guessed.value_or(chem::MoleculeFormat::smiles);
    return;
  }
  files_ = chem::expand_inputs(options_.inputs);
  for (const auto& file : files_)
    if (file == "-") throw UsageError("standard input and files are given together", "use one of them");
}

chem::RecordReader LigandInput::open() const {
  if (!source_.empty()) return chem::RecordReader::from_text(text_, text_format_, source_);
  chem::ReaderOptions reader;
  if (!options_.in_format.empty()) reader.format = chem::format_from_name(options_.in_format);
  reader.smiles_column = options_.smiles_column;
  reader.name_column = options_.name_column;
  return chem::RecordReader(files_, reader);
}

std::int64_t LigandInput::count() const {
  auto reader = open();
  while (reader.next_raw()) {
  }
  return reader.records_read();
}

std::vector<datasets::InputFile> LigandInput::describe() const {
  if (!source_.empty()) return {{"ligand", source_, datasets::sha256(text_), text_.size()}};
  std::vector<datasets::InputFile> described;
  for (const auto& file : files_) described.push_back(datasets::describe_input("ligand", file));
  return described;
}

std::string LigandInput::label() const {
  if (source_ == "-") return "standard input";
  if (!source_.empty()) return source_;
  return files_.size() == 1 ? files_[0] : fmt::format("{} files", files_.size());
}

}  // namespace theriac::cli
