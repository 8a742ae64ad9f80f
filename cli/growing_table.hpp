// A CSV table that grows by a row as soon as there is one, so that a long measurement can be stopped and
// continued.
//
// The settings that the rows were made with stand in a JSON file beside it; rows of other settings are never
// mixed in. A row cut short by a crash is dropped when the table is opened again.
#pragma once
#include <cstdint>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace theriac::cli {

using Settings = std::vector<std::pair<std::string, std::string>>;

class GrowingTable {
 public:
  /// Opens `path` or begins it, with `path` + ".settings.json" beside it, and locks it for this process. The
  /// first `key_columns` cells of a row say what it is about. Throws UsageError when the table there has
  /// other settings (naming the first one that differs) or other columns, StorageError when it cannot be
  /// written or another process writes it. `overwrite` begins anew.
  GrowingTable(std::string path, std::vector<std::string> columns, std::size_t key_columns,
               const Settings& settings, bool overwrite);
  GrowingTable(const GrowingTable&) = delete;
  GrowingTable& operator=(const GrowingTable&) = delete;

  bool contains(const std::vector<std::string>& key) const;
  /// On the disk on return. Throws StorageError.
  void append(const std::vector<std::vector<std::string>>& rows);
  const std::vector<std::vector<std::string>>& rows() const { return rows_; }
  const std::string& path() const { return path_; }

 private:
  /// The open file and its lock, given up also when the constructor throws.
  struct File {
    int descriptor = -1;
    ~File();
  };

  void open_and_lock();
  void check_settings(const Settings& settings) const;
  void read_rows();
  void remember(std::vector<std::string> row);

  std::string path_;
  std::vector<std::string> columns_;
  std::size_t key_columns_;
  File file_;
  std::vector<std::vector<std::string>> rows_;
  std::unordered_set<std::string> keys_;
};

/// Makes `path` and the folders above it where they are missing. Throws StorageError.
void make_folder(const std::string& path);

}  // namespace theriac::cli
