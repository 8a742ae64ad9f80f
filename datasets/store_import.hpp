// Public files into a knowledge store: the formats, the files that are known by name, and whole builds.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "datasets/import/import_run.hpp"
#include "datasets/store_builder.hpp"

namespace theriac::datasets {

struct ImportFormat {
  std::string name;     ///< "repodb"
  std::string columns;  ///< what it needs, for the help: "drug_id, ind_id, status"
  ImportSource source;  ///< unless told otherwise
  void (*read)(ImportRun&) = nullptr;
  std::vector<std::string> header = {};  ///< of files that have none
};

/// In the order in which a build imports them: entities before what is said of them.
const std::vector<ImportFormat>& import_formats();
/// Throws UsageError with the nearest name.
const ImportFormat& import_format(const std::string& name);

/// Imports one file; of docking scores also a run folder. Fields of `source` that are not empty win over
/// those of the format. Throws InputError, and UsageError when docking scores come without a target.
ImportTally import_file(StoreBuilder& store, const ImportFormat& format, const std::string& path,
                        const ImportSource& source = {}, LicenceChoice choice = LicenceChoice::any,
                        const std::string& docking_target = {});

struct BuildOptions {
  std::vector<std::string> folders;
  LicenceChoice licence = LicenceChoice::any;
  std::function<void(const std::string& file)> on_file;  ///< before each file; may be empty
};

struct BuildReport {
  std::vector<ImportTally> tallies;
  std::vector<std::string> unknown_files;  ///< found in the folders, of no known name
  std::size_t rejected_structures = 0;
};

/// Imports every file below the folders whose name is known (docs/store.md), and completes structures. Throws
/// InputError when a folder is missing or nothing in it is known.
BuildReport import_folders(StoreBuilder& store, const BuildOptions& options);

}  // namespace theriac::datasets
