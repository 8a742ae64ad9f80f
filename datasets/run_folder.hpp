// Where a run lives: made, locked, continued, and filled with finished files.
//
// The same command again continues: a run is the same when its identity (inputs by hash, settings, seed,
// version) is the same. While it is going the folder holds `journal`; when it is complete the results appear
// by rename, `provenance.json` last, and the journal goes.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "datasets/journal.hpp"
#include "datasets/provenance.hpp"

namespace theriac::datasets {

struct InputFile {
  std::string role;  ///< "receptor", "ligand"
  std::string path;  ///< as given on the command line: it appears in the rows
  std::string sha256;
  std::uint64_t bytes = 0;
};

/// Hashes the file. Throws InputError when it cannot be read.
InputFile describe_input(const std::string& role, const std::string& path);

/// Everything that decides the bytes of a result; nothing that does not (threads, time, host).
struct RunIdentity {
  std::string command;  ///< "dock"
  std::string version;  ///< of Theriac
  std::string seed;
  std::vector<std::pair<std::string, std::string>> settings;
  std::vector<InputFile> inputs;

  std::string json() const;         ///< canonical text, the identity in the journal
  std::string fingerprint() const;  ///< its SHA-256
};

class RunFolder {
 public:
  /// Makes or opens `path` and locks it for this process.
  /// Throws StorageError: not writable, damaged journal, or another process runs in it.
  /// Throws UsageError: it holds another run (names what differs), or files that are no run, without
  /// `overwrite`.
  RunFolder(std::string path, const RunIdentity& identity, bool overwrite = false);
  ~RunFolder();
  RunFolder(RunFolder&&) noexcept;

  /// Whether a process has the folder now; others may come and go.
  static bool in_use(const std::string& path);

  const std::string& path() const;
  std::string file(const std::string& name) const;  ///< path of a file inside
  /// A folder inside for what a run hands out to other processes; not made yet. It goes when the run is
  /// finished or overwritten.
  std::string tasks() const;
  bool finished() const;  ///< this very run was completed before: there is no journal and nothing to do
  bool resumed() const;   ///< the journal held records already
  Journal& journal();     ///< of an unfinished run

  /// A small file, whole: temporary name, fsync, rename.
  void publish(const std::string& name, std::string_view bytes);
  /// A file written by `write(temporary path)`.
  void publish(const std::string& name, const std::function<void(const std::string&)>& write);
  /// Notes a file that was published in the folder by other means (CsvTable).
  void note_published(const std::string& name);

  /// Writes provenance.json with hashes of all published files, then removes the journal: the run is
  /// complete.
  void finish(const Provenance& provenance);

  /// For a single-file output, instead of `finish`: moves `name` to `destination` and removes the folder.
  void deliver(const std::string& name, const std::string& destination);

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// What differs between the identities (JSON) of two runs: "seed was 1, now 2; ..."; at most three are named.
std::string identity_differences(const std::string& before, const std::string& now);

/// Checks a finished run folder: `name` is listed in provenance.json and has the hash it was published with.
/// Throws InputError when there is no such run, StorageError when the file is missing, foreign or damaged.
void verify_published(const std::string& folder, const std::string& name);

}  // namespace theriac::datasets
