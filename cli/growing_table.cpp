#include "cli/growing_table.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/results_table.hpp"

namespace theriac::cli {
namespace {

namespace fs = std::filesystem;

std::string settings_path(const std::string& path) {
  return path + ".settings.json";
}

std::string csv_line(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) line += (i ? "," : "") + datasets::csv_field(cells[i]);
  return line + '\n';
}

std::string settings_text(const Settings& settings) {
  nlohmann::ordered_json json;
  for (const auto& [name, value] : settings) json[name] = value;
  return json.dump(2) + '\n';
}

/// The key cells of a row; no cell holds this separator.
std::string key_of(const std::vector<std::string>& row, std::size_t count) {
  std::string key;
  for (std::size_t i = 0; i < count && i < row.size(); ++i) key += row[i] + '\x1f';
  return key;
}

}  // namespace

GrowingTable::GrowingTable(std::string path, std::vector<std::string> columns, std::size_t key_columns,
                           const Settings& settings, bool overwrite)
    : path_(std::move(path)), columns_(std::move(columns)), key_columns_(key_columns) {
  open_and_lock();
  const bool empty = fs::file_size(path_) == 0;
  if (!empty && !overwrite) {
    check_settings(settings);
    read_rows();
    return;
  }
  if (ftruncate(file_.descriptor, 0) != 0) datasets::throw_storage_error("empty", path_, errno);
  datasets::DurableFile file(settings_path(path_));
  file.write(settings_text(settings));
  file.publish();
  datasets::write_all(file_.descriptor, csv_line(columns_), path_);
}

GrowingTable::File::~File() {
  if (descriptor >= 0) close(descriptor);
}

void GrowingTable::open_and_lock() {
  file_.descriptor = open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file_.descriptor < 0) datasets::throw_storage_error("open", path_, errno);
  // a file system without locks (ENOLCK, ENOSYS, EOPNOTSUPP) cannot say that another writes
  if (flock(file_.descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
  throw StorageError(fmt::format("another process writes '{}'", path_), "wait for it, or use another -o");
}

void GrowingTable::check_settings(const Settings& settings) const {
  nlohmann::json known;
  if (fs::exists(settings_path(path_)))
    known = nlohmann::json::parse(datasets::read_file(settings_path(path_)), nullptr, false);
  if (!known.is_object())
    throw UsageError(fmt::format("'{}' exists without the settings it was made with", path_),
                     "use --overwrite or another -o");
  for (const auto& [name, value] : settings) {
    const std::string before = known.contains(name) && known[name].is_string()
                                   ? known[name].get<std::string>()
                                   : std::string("not stated");
    if (before != value)
      throw UsageError(fmt::format("the rows of '{}' were made with {} = '{}', now it is '{}'", path_, name,
                                   before, value),
                       "use --overwrite or another -o");
  }
}

void GrowingTable::read_rows() {
  std::string text = datasets::read_file(path_);
  const auto end = text.rfind('\n');
  text.resize(end == std::string::npos ? 0 : end + 1);
  auto lines = datasets::read_csv(text);
  if (lines.empty() || lines.front() != columns_)
    throw UsageError(fmt::format("'{}' has other columns than this version writes", path_),
                     "use --overwrite or another -o");
  if (ftruncate(file_.descriptor, static_cast<off_t>(text.size())) != 0)
    datasets::throw_storage_error("cut", path_, errno);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].size() != columns_.size())
      throw StorageError(fmt::format("row {} of '{}' has {} cells instead of {}", i, path_, lines[i].size(),
                                     columns_.size()),
                         "use --overwrite or another -o");
    remember(std::move(lines[i]));
  }
}

void GrowingTable::remember(std::vector<std::string> row) {
  keys_.insert(key_of(row, key_columns_));
  rows_.push_back(std::move(row));
}

bool GrowingTable::contains(const std::vector<std::string>& key) const {
  return keys_.count(key_of(key, key_columns_)) > 0;
}

void make_folder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) datasets::throw_storage_error("make folder", path, error.value());
}

void GrowingTable::append(const std::vector<std::vector<std::string>>& rows) {
  std::string text;
  for (const auto& row : rows) text += csv_line(row);
  datasets::write_all(file_.descriptor, text, path_);
  if (fdatasync(file_.descriptor) != 0) datasets::throw_storage_error("write", path_, errno);
  for (const auto& row : rows) remember(row);
}

}  // namespace theriac::cli
