// Where molecules come from on the command line: files, folders, globs, standard input, or a SMILES as it
// stands.
#pragma once
#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "chem/record_reader.hpp"
#include "datasets/run_folder.hpp"

namespace theriac::cli {

struct LigandInputOptions {
  std::vector<std::string> inputs;  ///< --ligand
  std::vector<std::string> smiles;  ///< --smiles "CCO name"
  std::string in_format, smiles_column, name_column;
};

void add_ligand_options(CLI::App& app, LigandInputOptions& options);

/// All records of the options; can be opened again and again. Standard input is read once and kept.
class LigandInput {
 public:
  /// Throws UsageError when nothing is given, InputError for missing files.
  explicit LigandInput(LigandInputOptions options);

  chem::RecordReader open() const;
  std::int64_t count() const;  ///< records, by reading through them once
  /// The files and texts behind it, hashed.
  std::vector<datasets::InputFile> describe() const;
  const std::vector<std::string>& files() const { return files_; }  ///< empty for standard input and --smiles
  std::string label() const;  ///< "ligands.smi", "3 files", "standard input"

 private:
  LigandInputOptions options_;
  std::vector<std::string> files_;
  std::string text_;  ///< standard input or --smiles, when they are the source
  std::string source_;
  chem::MoleculeFormat text_format_ = chem::MoleculeFormat::smiles;
};

}  // namespace theriac::cli
