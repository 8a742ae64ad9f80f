// HDF5 files that h5py and pandas open without plugins: one 1-D dataset per column, deflate and shuffle only,
// HDF5 1.10 format, and no time stamps, so that equal contents are equal bytes.
//
// Strings are UTF-8 of variable length. Every column carries the attributes `unit` and `description`.
// Missing values: NaN, -1 or "".
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace theriac::datasets {

enum class ColumnType {
  text,      ///< UTF-8
  int32,     ///< i4
  int64,     ///< i8
  float32,   ///< f4
  float64,   ///< f8
  category,  ///< u1 with named values, an HDF5 enum
};

/// What a column is, apart from its values.
struct Column {
  std::string name;  ///< as in the CSV header, the unit included: "score_kcal_mol"
  ColumnType type = ColumnType::text;
  std::string unit;                 ///< "kcal/mol"; empty for none
  std::string description;          ///< one sentence; for scores also the direction: "lower is better"
  int decimals = -1;                ///< digits after the point in CSV; -1: as many as the number needs
  std::vector<std::string> labels;  ///< names of the values of a category, in order of their codes
};

Column text_column(std::string name, std::string description = {});
/// Of float64.
Column real_column(std::string name, std::string unit = {}, std::string description = {}, int decimals = -1);

class Hdf5File {
 public:
  /// Truncates. Throws StorageError.
  static Hdf5File create(const std::string& path);
  /// Read-only. Throws InputError when there is no such file, StorageError when it is not HDF5 or is damaged.
  static Hdf5File open(const std::string& path);
  Hdf5File(Hdf5File&&) noexcept;
  Hdf5File& operator=(Hdf5File&&) noexcept;
  ~Hdf5File();

  /// Flushes and closes; errors (a full disk) are thrown here. The destructor closes silently.
  void close();

  /// Attributes of a group or dataset; groups are made as needed. "/" is the root.
  void set_attribute(const std::string& object, const std::string& name, const std::string& value);
  void set_attribute(const std::string& object, const std::string& name, std::int64_t value);
  void set_attribute(const std::string& object, const std::string& name, const std::vector<double>& values);
  std::string text_attribute(const std::string& object, const std::string& name) const;
  std::int64_t integer_attribute(const std::string& object, const std::string& name) const;

  /// An empty column at `path`, e.g. "/molecules/smiles"; `column.name` is not used.
  /// `width` > 0 makes a 2-D dataset of that many numbers per row (coordinates: 3).
  void create_column(const std::string& path, const Column& column, int width = 0);
  /// Appends rows; the vector type must fit the column's. Throws StorageError.
  void append(const std::string& path, const std::vector<std::string>& values);
  void append(const std::string& path, const std::vector<std::int64_t>& values);  ///< int32, int64, category
  void append(const std::string& path, const std::vector<double>& values);        ///< float32, float64

  bool has(const std::string& path) const;
  /// Names of the members of a group, sorted.
  std::vector<std::string> members(const std::string& group) const;
  std::vector<std::string> read_text(const std::string& path) const;
  std::vector<std::int64_t> read_integers(const std::string& path) const;
  std::vector<double> read_reals(const std::string& path) const;
  /// Rows of a 2-D dataset of numbers, one after the other. Throws StorageError when there are fewer.
  std::vector<double> read_rows(const std::string& path, std::size_t first, std::size_t count) const;
  /// The unit attribute of a column.
  std::string unit(const std::string& path) const { return text_attribute(path, "unit"); }

 private:
  struct Implementation;
  explicit Hdf5File(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

/// "1.10.8": the HDF5 library in use.
std::string hdf5_version();

}  // namespace theriac::datasets
