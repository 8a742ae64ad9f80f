// A table of a TOML file whose keys are asked for one by one, each with its type, range and default.
//
// Whatever was never asked for is unknown: `finish` refuses it and suggests the nearest key that was. Every
// message names file, line and column.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace theriac::cli {

/// Where something stands, for messages: "dock.toml, line 14, column 1".
struct TomlPlace {
  std::string file;
  int line = 0, column = 0;
  std::string text() const;
};

class TomlTable {
 public:
  /// Throws InputError (missing file, nearest name suggested) and UsageError (not TOML).
  static TomlTable read(const std::string& path);
  /// The same from a text; `name` stands for the file in messages. Throws UsageError.
  static TomlTable parse(const std::string& text, const std::string& name);
  ~TomlTable();
  TomlTable(TomlTable&&) noexcept;

  bool has(const std::string& key);
  /// Throws UsageError: another type, out of range. Without a value the default is returned.
  double number(const std::string& key, double otherwise, double low, double high);
  std::int64_t whole(const std::string& key, std::int64_t otherwise, std::int64_t low, std::int64_t high);
  bool flag(const std::string& key, bool otherwise);
  std::string text(const std::string& key, const std::string& otherwise);
  /// One of `choices`.
  std::string choice(const std::string& key, const std::string& otherwise,
                     const std::vector<std::string>& choices);
  std::vector<std::string> texts(const std::string& key, const std::vector<std::string>& otherwise);
  std::vector<double> numbers(const std::string& key, std::size_t count);  ///< empty when absent
  bool is_text(const std::string& key);

  /// A sub-table, `[key]` or `key = { }`; an empty one when absent. Throws UsageError when it is something
  /// else.
  TomlTable table(const std::string& key);
  /// `[[key]]` or a list of inline tables; empty when absent.
  std::vector<TomlTable> tables(const std::string& key);

  /// Throws UsageError for the first key (in file order) that was never asked for.
  void finish() const;

  /// Of the key's line, or of the table itself when the key is absent.
  TomlPlace place(const std::string& key) const;
  /// Throws UsageError: the message, the place of the key, the hint.
  [[noreturn]] void refuse(const std::string& key, const std::string& what,
                           const std::string& hint = {}) const;
  /// Runs `rule`; what it refuses with UsageError is refused at the place of the key.
  void check(const std::string& key, const std::function<void()>& rule) const;
  /// "[docking]", or "the file" at the top.
  std::string title() const;

 private:
  struct Implementation;
  explicit TomlTable(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace theriac::cli
