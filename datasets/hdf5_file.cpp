#include "datasets/hdf5_file.hpp"

#include <fmt/format.h>
#include <hdf5.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <limits>
#include <map>
#include <utility>

#include "chem/error.hpp"
#include "datasets/hdf5_handle.hpp"

namespace theriac::datasets {
namespace {

using Handle = Hdf5Handle;

constexpr hsize_t rows_per_chunk = 4096;
constexpr hsize_t values_per_chunk = 1
                                     << 20;  // of wide rows fewer: a chunk is written whole whenever it grows
constexpr unsigned deflate_level = 1;        // after the shuffle, 4 saves 5 % more in half as much time again

Handle text_type() {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  return type;
}

Handle stored_type(const Column& column) {
  switch (column.type) {
    case ColumnType::text:
      return text_type();
    case ColumnType::int32:
      return {H5Tcopy(H5T_STD_I32LE), H5Tclose};
    case ColumnType::int64:
      return {H5Tcopy(H5T_STD_I64LE), H5Tclose};
    case ColumnType::float32:
      return {H5Tcopy(H5T_IEEE_F32LE), H5Tclose};
    case ColumnType::float64:
      return {H5Tcopy(H5T_IEEE_F64LE), H5Tclose};
    case ColumnType::category:
      break;
  }
  Handle type(H5Tenum_create(H5T_STD_U8LE), H5Tclose);
  for (std::size_t i = 0; i < column.labels.size(); ++i) {
    const auto code = static_cast<unsigned char>(i);
    H5Tenum_insert(type, column.labels[i].c_str(), &code);
  }
  return type;
}

}  // namespace

struct Hdf5File::Implementation {
  std::string path;
  Handle file;
  std::map<std::string, Handle> columns;  ///< open for appending

  template <typename Id>
  Id check(Id result, const std::string& what) const {
    if (result < 0) throw_hdf5_error(what + " in", path);
    return result;
  }

  void make_group(const std::string& group) const {
    if (group.empty() || group == "/" || exists(group)) return;
    make_group(group.substr(0, group.rfind('/')));
    const Handle properties(H5Pcreate(H5P_GROUP_CREATE), H5Pclose);
    H5Pset_obj_track_times(properties, false);
    Handle made(check(H5Gcreate2(file, group.c_str(), H5P_DEFAULT, properties, H5P_DEFAULT), "make " + group),
                H5Gclose);
  }

  bool exists(const std::string& object) const {
    for (auto slash = object.find('/', 1);; slash = object.find('/', slash + 1)) {
      if (H5Lexists(file, object.substr(0, slash).c_str(), H5P_DEFAULT) <= 0) return false;
      if (slash == std::string::npos) return true;
    }
  }

  Handle open_object(const std::string& object) const {
    return {check(H5Oopen(file, object.c_str(), H5P_DEFAULT), "open " + object), H5Oclose};
  }

  void write_attribute(const std::string& object, const std::string& name, hid_t type, hid_t space,
                       hid_t memory_type, const void* value) const {
    if (object != "/" && !exists(object)) make_group(object);
    const Handle owner = open_object(object);
    if (H5Aexists(owner, name.c_str()) > 0) H5Adelete(owner, name.c_str());
    const Handle attribute(check(H5Acreate2(owner, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT),
                                 "make attribute " + name),
                           H5Aclose);
    check(H5Awrite(attribute, memory_type, value), "write attribute " + name);
  }

  Handle open_attribute(const std::string& object, const std::string& name) const {
    const Handle owner = open_object(object);
    return {check(H5Aopen(owner, name.c_str(), H5P_DEFAULT), "open attribute " + name + " of " + object),
            H5Aclose};
  }

  void append(const std::string& column, hid_t memory_type, const void* values, std::size_t count) {
    if (count == 0) return;
    const auto found = columns.find(column);
    if (found == columns.end()) throw StorageError(fmt::format("'{}' has no open column '{}'", path, column));
    const hid_t dataset = found->second;
    Handle space(H5Dget_space(dataset), H5Sclose);
    hsize_t extent[2] = {0, 1};
    const int rank = H5Sget_simple_extent_dims(space, extent, nullptr);
    const hsize_t rows = count / extent[1];
    const hsize_t start[2] = {extent[0], 0};
    const hsize_t block[2] = {rows, extent[1]};
    extent[0] += rows;
    check(H5Dset_extent(dataset, extent), "extend " + column);
    space = Handle(H5Dget_space(dataset), H5Sclose);
    H5Sselect_hyperslab(space, H5S_SELECT_SET, start, nullptr, block, nullptr);
    const Handle memory(H5Screate_simple(rank, block, nullptr), H5Sclose);
    check(H5Dwrite(dataset, memory_type, memory, space, H5P_DEFAULT, values), "write " + column);
  }

  template <typename Value>
  std::vector<Value> read_numbers(const std::string& column, hid_t memory_type) const {
    const Handle dataset(check(H5Dopen2(file, column.c_str(), H5P_DEFAULT), "open " + column), H5Dclose);
    const Handle space(H5Dget_space(dataset), H5Sclose);
    std::vector<Value> values(
        static_cast<std::size_t>(check(H5Sget_simple_extent_npoints(space), "measure " + column)));
    if (!values.empty())
      check(H5Dread(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), "read " + column);
    return values;
  }
};

Hdf5File::Hdf5File(std::unique_ptr<Implementation> implementation)
    : implementation_(std::move(implementation)) {}
Hdf5File::Hdf5File(Hdf5File&&) noexcept = default;
Hdf5File& Hdf5File::operator=(Hdf5File&&) noexcept = default;
Hdf5File::~Hdf5File() = default;

Column text_column(std::string name, std::string description) {
  return {std::move(name), ColumnType::text, {}, std::move(description), -1, {}};
}

Column real_column(std::string name, std::string unit, std::string description, int decimals) {
  return {std::move(name), ColumnType::float64, std::move(unit), std::move(description), decimals, {}};
}

Hdf5File Hdf5File::create(const std::string& path) {
  begin_hdf5();
  auto implementation = std::make_unique<Implementation>();
  implementation->path = path;
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V110);
  H5Pset_file_locking(access, false,
                      true);  // files are published by rename; some shared file systems have no locks
  const Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose);
  H5Pset_obj_track_times(creation, false);
  implementation->file =
      Handle(implementation->check(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation, access), "create a file"),
             H5Fclose);
  return Hdf5File(std::move(implementation));
}

Hdf5File Hdf5File::open(const std::string& path) {
  begin_hdf5();
  if (!std::filesystem::is_regular_file(path)) throw InputError(fmt::format("file not found: '{}'", path));
  if (H5Fis_hdf5(path.c_str()) <= 0)
    throw StorageError(fmt::format("'{}' is not an HDF5 file, or its first bytes are damaged", path),
                       "run the command that made it again with --overwrite");
  auto implementation = std::make_unique<Implementation>();
  implementation->path = path;
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_file_locking(access, false, true);
  const hid_t id = H5Fopen(path.c_str(), H5F_ACC_RDONLY, access);
  if (id < 0)
    throw StorageError(fmt::format("'{}' is damaged: {}", path, hdf5_reason()),
                       "run the command that made it again with --overwrite");
  implementation->file = Handle(id, H5Fclose);
  return Hdf5File(std::move(implementation));
}

void Hdf5File::close() {
  const auto require = [&](bool good) {
    if (!good)
      throw_hdf5_error("finish", implementation_->path,
                       "free some space and run the same command: it continues");
  };
  for (auto& [name, handle] : implementation_->columns) require(handle.reset());
  implementation_->columns.clear();
  require(H5Fflush(implementation_->file, H5F_SCOPE_GLOBAL) >= 0);
  require(implementation_->file.reset());
}

void Hdf5File::set_attribute(const std::string& object, const std::string& name, const std::string& value) {
  const Handle type = text_type();
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  const char* text = value.c_str();
  implementation_->write_attribute(object, name, type, space, type, &text);
}

void Hdf5File::set_attribute(const std::string& object, const std::string& name, std::int64_t value) {
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  implementation_->write_attribute(object, name, H5T_STD_I64LE, space, H5T_NATIVE_INT64, &value);
}

void Hdf5File::set_attribute(const std::string& object, const std::string& name,
                             const std::vector<double>& values) {
  const hsize_t size = values.size();
  const Handle space(H5Screate_simple(1, &size, nullptr), H5Sclose);
  implementation_->write_attribute(object, name, H5T_IEEE_F64LE, space, H5T_NATIVE_DOUBLE, values.data());
}

std::string Hdf5File::text_attribute(const std::string& object, const std::string& name) const {
  const Handle attribute = implementation_->open_attribute(object, name);
  const Handle stored(H5Aget_type(attribute), H5Tclose);
  if (H5Tget_class(stored) != H5T_STRING || H5Tis_variable_str(stored) <= 0)
    throw StorageError(
        fmt::format("attribute '{}' of {} in '{}' is not text", name, object, implementation_->path));
  const Handle type = text_type();
  char* text = nullptr;
  implementation_->check(H5Aread(attribute, type, &text), "read attribute " + name);
  std::string value = text ? text : "";
  H5free_memory(text);
  return value;
}

std::int64_t Hdf5File::integer_attribute(const std::string& object, const std::string& name) const {
  const Handle attribute = implementation_->open_attribute(object, name);
  std::int64_t value = 0;
  implementation_->check(H5Aread(attribute, H5T_NATIVE_INT64, &value), "read attribute " + name);
  return value;
}

void Hdf5File::create_column(const std::string& path, const Column& column, int width) {
  const auto& file = *implementation_;
  file.make_group(path.substr(0, path.rfind('/')));
  const Handle type = stored_type(column);
  const int rank = width > 0 ? 2 : 1;
  const hsize_t columns = static_cast<hsize_t>(std::max(width, 1));
  const hsize_t extent[2] = {0, columns}, most[2] = {H5S_UNLIMITED, columns},
                chunk[2] = {std::clamp<hsize_t>(values_per_chunk / columns, 1, rows_per_chunk), columns};
  const Handle space(H5Screate_simple(rank, extent, most), H5Sclose);
  const Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_obj_track_times(properties, false);
  H5Pset_chunk(properties, rank, chunk);
  H5Pset_shuffle(properties);
  H5Pset_deflate(properties, deflate_level);
  implementation_->columns[path] = Handle(
      file.check(H5Dcreate2(file.file, path.c_str(), type, space, H5P_DEFAULT, properties, H5P_DEFAULT),
                 "make " + path),
      H5Dclose);
  set_attribute(path, "unit", column.unit);
  set_attribute(path, "description", column.description);
}

void Hdf5File::append(const std::string& path, const std::vector<std::string>& values) {
  std::vector<const char*> texts;
  texts.reserve(values.size());
  for (const auto& value : values) texts.push_back(value.c_str());
  const Handle type = text_type();
  implementation_->append(path, type, texts.data(), texts.size());
}

void Hdf5File::append(const std::string& path, const std::vector<std::int64_t>& values) {
  const auto found = implementation_->columns.find(path);
  if (found == implementation_->columns.end())
    throw StorageError(fmt::format("'{}' has no open column '{}'", implementation_->path, path));
  const Handle type(H5Dget_type(found->second), H5Tclose);
  if (H5Tget_class(type) != H5T_ENUM) {
    implementation_->append(path, H5T_NATIVE_INT64, values.data(), values.size());
    return;
  }
  const std::vector<unsigned char> codes(values.begin(), values.end());
  implementation_->append(path, type, codes.data(), codes.size());
}

void Hdf5File::append(const std::string& path, const std::vector<double>& values) {
  implementation_->append(path, H5T_NATIVE_DOUBLE, values.data(), values.size());
}

bool Hdf5File::has(const std::string& path) const {
  return implementation_->exists(path);
}

std::vector<std::string> Hdf5File::members(const std::string& group) const {
  std::vector<std::string> names;
  const Handle opened = implementation_->open_object(group);
  H5Literate(
      opened, H5_INDEX_NAME, H5_ITER_INC, nullptr,
      [](hid_t, const char* name, const H5L_info_t*, void* out) -> herr_t {
        static_cast<std::vector<std::string>*>(out)->emplace_back(name);
        return 0;
      },
      &names);
  return names;
}

std::vector<std::string> Hdf5File::read_text(const std::string& path) const {
  const Handle type = text_type();
  auto texts = implementation_->read_numbers<char*>(path, type);
  std::vector<std::string> values;
  values.reserve(texts.size());
  for (char* text : texts) {
    values.emplace_back(text ? text : "");
    H5free_memory(text);
  }
  return values;
}

std::vector<std::int64_t> Hdf5File::read_integers(const std::string& path) const {
  const Handle dataset(
      implementation_->check(H5Dopen2(implementation_->file, path.c_str(), H5P_DEFAULT), "open " + path),
      H5Dclose);
  const Handle type(H5Dget_type(dataset), H5Tclose);
  if (H5Tget_class(type) != H5T_ENUM)
    return implementation_->read_numbers<std::int64_t>(path, H5T_NATIVE_INT64);
  const auto codes = implementation_->read_numbers<unsigned char>(path, type);
  return {codes.begin(), codes.end()};
}

std::vector<double> Hdf5File::read_reals(const std::string& path) const {
  return implementation_->read_numbers<double>(path, H5T_NATIVE_DOUBLE);
}

std::vector<double> Hdf5File::read_rows(const std::string& path, std::size_t first, std::size_t count) const {
  const auto& file = *implementation_;
  const Handle dataset(file.check(H5Dopen2(file.file, path.c_str(), H5P_DEFAULT), "open " + path), H5Dclose);
  const Handle space(H5Dget_space(dataset), H5Sclose);
  hsize_t extent[2] = {0, 0};
  if (H5Sget_simple_extent_ndims(space) != 2 || H5Sget_simple_extent_dims(space, extent, nullptr) < 0 ||
      first + count > extent[0])
    throw StorageError(
        fmt::format("'{}' of '{}' has no rows {} to {}", path, file.path, first, first + count));
  const hsize_t start[2] = {first, 0}, size[2] = {count, extent[1]};
  file.check(H5Sselect_hyperslab(space, H5S_SELECT_SET, start, nullptr, size, nullptr),
             "choose rows of " + path);
  const Handle memory(H5Screate_simple(2, size, nullptr), H5Sclose);
  std::vector<double> values(count * static_cast<std::size_t>(extent[1]));
  if (!values.empty())
    file.check(H5Dread(dataset, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, values.data()),
               "read " + path);
  return values;
}

std::string hdf5_version() {
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  return fmt::format("{}.{}.{}", major, minor, release);
}

}  // namespace theriac::datasets
