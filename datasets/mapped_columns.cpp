#include "datasets/mapped_columns.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <hdf5.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/hdf5_handle.hpp"

namespace theriac::datasets {
namespace {

using Handle = Hdf5Handle;

constexpr hsize_t alignment = 8;  // of every array in the file, so that it can be used where it lies
constexpr std::size_t longest_attribute = 4096;
constexpr unsigned most_compact_links = 10000;
constexpr int deepest_group = 8;
constexpr int most_objects = 100000;  // groups that contain themselves would be walked for ever

hid_t file_type(ElementType type) {
  switch (type) {
    case ElementType::uint8:
      return H5T_STD_U8LE;
    case ElementType::int8:
      return H5T_STD_I8LE;
    case ElementType::uint16:
      return H5T_STD_U16LE;
    case ElementType::uint32:
      return H5T_STD_U32LE;
    case ElementType::uint64:
      return H5T_STD_U64LE;
    case ElementType::float32:
      break;
  }
  return H5T_IEEE_F32LE;
}

constexpr ElementType all_types[] = {ElementType::uint8,  ElementType::int8,   ElementType::uint16,
                                     ElementType::uint32, ElementType::uint64, ElementType::float32};

/// Texts of attributes have a fixed length and lie in the object's header, which has a checksum. Those of
/// variable length lie in a heap without one, and HDF5 crashes on a damaged heap.
Handle text_type(std::size_t bytes) {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type, std::max<std::size_t>(bytes, 1));
  H5Tset_strpad(type, H5T_STR_NULLPAD);
  H5Tset_cset(type, H5T_CSET_UTF8);
  return type;
}

}  // namespace

std::size_t element_size(ElementType type) {
  constexpr std::size_t sizes[] = {1, 1, 2, 4, 8, 4};
  return sizes[static_cast<int>(type)];
}

std::string element_name(ElementType type) {
  constexpr const char* names[] = {"uint8", "int8", "uint16", "uint32", "uint64", "float32"};
  return names[static_cast<int>(type)];
}

// Writing
// ----------------------------------------------------------------------------------------------------

struct ColumnWriter::Implementation {
  std::string path;
  Handle file;

  template <typename Id>
  Id check(Id result, const std::string& what) const {
    if (result < 0) throw_hdf5_error(what + " in", path);
    return result;
  }

  void make_group(const std::string& group) const {
    if (group.empty() || group == "/") return;
    make_group(group.substr(0, group.rfind('/')));
    if (H5Lexists(file, group.c_str(), H5P_DEFAULT) > 0) return;
    const Handle properties(H5Pcreate(H5P_GROUP_CREATE), H5Pclose);
    H5Pset_obj_track_times(properties, false);
    H5Pset_link_phase_change(properties, most_compact_links, 0);
    Handle made(check(H5Gcreate2(file, group.c_str(), H5P_DEFAULT, properties, H5P_DEFAULT), "make " + group),
                H5Gclose);
  }

  void write_attribute(const std::string& object, const std::string& name, hid_t type,
                       const void* value) const {
    const Handle owner(check(H5Oopen(file, object.c_str(), H5P_DEFAULT), "open " + object), H5Oclose);
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
    const Handle attribute(check(H5Acreate2(owner, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT),
                                 "make attribute " + name),
                           H5Aclose);
    check(H5Awrite(attribute, type, value), "write attribute " + name);
  }
};

ColumnWriter::ColumnWriter(const std::string& path) : implementation_(std::make_unique<Implementation>()) {
  begin_hdf5();
  implementation_->path = path;
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  // headers with checksums (1.8 and later), and nothing that 1.10 cannot read
  H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V110);
  H5Pset_file_locking(access, false, true);  // the file is published by rename
  H5Pset_alignment(access, 1, alignment);
  const Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose);
  H5Pset_obj_track_times(creation, false);
  H5Pset_link_phase_change(creation, most_compact_links, 0);
  const hid_t made = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation, access);
  if (made < 0) throw_storage_error("write", path, errno ? errno : EIO);
  implementation_->file = Handle(made, H5Fclose);
}

ColumnWriter::~ColumnWriter() = default;

void ColumnWriter::put(const std::string& path, ElementType type, const void* values, std::size_t count,
                       const std::string& unit, const std::string& description) {
  const auto& out = *implementation_;
  out.make_group(path.substr(0, path.rfind('/')));
  const hsize_t extent = count;
  const Handle space(H5Screate_simple(1, &extent, nullptr), H5Sclose);
  const Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_obj_track_times(properties, false);
  H5Pset_layout(properties, H5D_CONTIGUOUS);
  H5Pset_alloc_time(properties, H5D_ALLOC_TIME_EARLY);
  H5Pset_fill_time(properties, H5D_FILL_TIME_NEVER);
  {
    const Handle dataset(out.check(H5Dcreate2(out.file, path.c_str(), file_type(type), space, H5P_DEFAULT,
                                              properties, H5P_DEFAULT),
                                   "make " + path),
                         H5Dclose);
    if (count > 0)
      out.check(H5Dwrite(dataset, file_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, values), "write " + path);
  }
  if (!unit.empty()) set_attribute(path, "unit", unit);
  if (!description.empty()) set_attribute(path, "description", description);
}

void ColumnWriter::set_attribute(const std::string& object, const std::string& name,
                                 const std::string& value) {
  implementation_->write_attribute(object, name, text_type(value.size()), value.c_str());
}

void ColumnWriter::set_attribute(const std::string& object, const std::string& name, std::int64_t value) {
  implementation_->write_attribute(object, name, H5T_STD_I64LE, &value);
}

void ColumnWriter::close() {
  if (H5Fflush(implementation_->file, H5F_SCOPE_GLOBAL) < 0 || !implementation_->file.reset())
    throw_hdf5_error("finish", implementation_->path, "free some space and run the same command again");
}

// Reading
// ----------------------------------------------------------------------------------------------------

struct MappedColumns::Implementation {
  struct Place {
    ElementType type = ElementType::uint8;
    std::size_t count = 0;
    std::uint64_t offset = 0;
  };

  std::string path, hint;
  Handle file;
  std::map<std::string, Place> columns;
  std::map<std::string, std::string> texts;
  std::map<std::string, std::int64_t> integers;
  const char* bytes = nullptr;
  std::size_t size = 0;
  int objects = 0;

  ~Implementation() {
    if (bytes) ::munmap(const_cast<char*>(bytes), size);
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw StorageError(fmt::format("'{}' {}", path, what), hint);
  }

  void map() {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) throw InputError(fmt::format("cannot read '{}': {}", path, std::strerror(errno)));
    struct stat facts {};
    const bool known = ::fstat(descriptor, &facts) == 0 && facts.st_size > 0;
    size = known ? static_cast<std::size_t>(facts.st_size) : 0;
    void* mapped = known ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0) : MAP_FAILED;
    const int problem = errno;
    ::close(descriptor);
    if (mapped == MAP_FAILED) {
      size = 0;
      fail(known ? fmt::format("cannot be mapped: {}", std::strerror(problem)) : "is empty");
    }
    bytes = static_cast<const char*>(mapped);
  }

  void read_attributes() {
    const Handle root(H5Oopen(file, "/", H5P_DEFAULT), H5Oclose);
    for (const char* name : {"format", "created"}) {
      if (H5Aexists(root, name) <= 0) continue;
      const Handle attribute(H5Aopen(root, name, H5P_DEFAULT), H5Aclose);
      const Handle stored(H5Aget_type(attribute), H5Tclose), space(H5Aget_space(attribute), H5Sclose);
      const std::size_t length = H5Tget_size(stored);
      if (H5Tget_class(stored) != H5T_STRING || H5Tis_variable_str(stored) != 0 ||
          length > longest_attribute || H5Sget_simple_extent_npoints(space) != 1)
        continue;
      std::string text(length, '\0');
      if (H5Aread(attribute, text_type(length), text.data()) >= 0)
        texts[name] = text.substr(0, text.find('\0'));
    }
    for (const char* name : {"schema_version"}) {
      if (H5Aexists(root, name) <= 0) continue;
      const Handle attribute(H5Aopen(root, name, H5P_DEFAULT), H5Aclose);
      const Handle stored(H5Aget_type(attribute), H5Tclose), space(H5Aget_space(attribute), H5Sclose);
      std::int64_t value = 0;
      if (H5Tget_class(stored) == H5T_INTEGER && H5Sget_simple_extent_npoints(space) == 1 &&
          H5Aread(attribute, H5T_NATIVE_INT64, &value) >= 0)
        integers[name] = value;
    }
  }

  void read_dataset(const std::string& name) {
    const Handle dataset(H5Dopen2(file, name.c_str(), H5P_DEFAULT), H5Dclose);
    if (dataset < 0) fail(fmt::format("is damaged at {}: {}", name, hdf5_reason()));
    const Handle type(H5Dget_type(dataset), H5Tclose), space(H5Dget_space(dataset), H5Sclose);
    const Handle properties(H5Dget_create_plist(dataset), H5Pclose);
    const ElementType* match = nullptr;
    for (const auto& each : all_types)
      if (H5Tequal(type, file_type(each)) > 0) match = &each;
    if (!match || H5Sget_simple_extent_ndims(space) != 1 || H5Pget_layout(properties) != H5D_CONTIGUOUS ||
        H5Pget_external_count(properties) != 0)
      return;  // not one of ours: view() will say that there is no such column
    Place place;
    place.type = *match;
    const hssize_t count = H5Sget_simple_extent_npoints(space);
    const haddr_t offset = H5Dget_offset(dataset);
    place.count = count < 0 ? 0 : static_cast<std::size_t>(count);
    if (place.count > 0) {
      const std::size_t width = element_size(place.type);
      if (offset == HADDR_UNDEF || offset > size || place.count > (size - offset) / width)
        fail(fmt::format("is damaged: {} reaches past the end of the file", name));
      if (offset % width != 0) fail(fmt::format("is damaged: {} does not begin at a whole number", name));
      place.offset = offset;
    }
    columns[name] = place;
  }

  void read_group(const std::string& group, int depth) {
    if (depth > deepest_group) return;
    const Handle opened(H5Gopen2(file, group.c_str(), H5P_DEFAULT), H5Gclose);
    if (opened < 0) fail(fmt::format("is damaged at {}: {}", group, hdf5_reason()));
    // Links lie in the group's header, which has a checksum: ColumnWriter sees to that. HDF5 1.10 crashes on
    // damage in the other kinds of storage, so they are not walked; such a file has no columns and is no
    // store.
    H5G_info_t storage;
    if (H5Gget_info(opened, &storage) < 0) fail(fmt::format("is damaged at {}: {}", group, hdf5_reason()));
    if (storage.storage_type != H5G_STORAGE_TYPE_COMPACT) return;
    struct Members {
      std::vector<std::string> hard;
    } found;
    const herr_t walked = H5Literate(
        opened, H5_INDEX_NAME, H5_ITER_INC, nullptr,
        [](hid_t, const char* name, const H5L_info_t* info, void* out) -> herr_t {
          if (info->type == H5L_TYPE_HARD) static_cast<Members*>(out)->hard.emplace_back(name);
          return 0;
        },
        &found);
    if (walked < 0) fail(fmt::format("is damaged at {}: {}", group, hdf5_reason()));
    for (const auto& name : found.hard) {
      if (++objects > most_objects) fail("is damaged: its groups contain each other");
      const std::string member = (group == "/" ? "/" : group + "/") + name;
      H5O_info_t info;
      if (H5Oget_info_by_name2(file, member.c_str(), &info, H5O_INFO_BASIC, H5P_DEFAULT) < 0)
        fail(fmt::format("is damaged at {}: {}", member, hdf5_reason()));
      if (info.type == H5O_TYPE_GROUP) read_group(member, depth + 1);
      if (info.type == H5O_TYPE_DATASET) read_dataset(member);
    }
  }
};

MappedColumns::MappedColumns(std::unique_ptr<Implementation> implementation)
    : implementation_(std::move(implementation)) {}
MappedColumns::MappedColumns(MappedColumns&&) noexcept = default;
MappedColumns& MappedColumns::operator=(MappedColumns&&) noexcept = default;
MappedColumns::~MappedColumns() = default;

MappedColumns MappedColumns::open(const std::string& path, const std::string& hint) {
  begin_hdf5();
  if (!std::filesystem::exists(path)) {
    const std::string near = chem::nearest_file(path);
    throw InputError(fmt::format("file not found: '{}'", path),
                     near.empty() ? "" : fmt::format("did you mean '{}'?", near));
  }
  if (!std::filesystem::is_regular_file(path)) throw InputError(fmt::format("'{}' is not a file", path));
  auto file = std::make_unique<Implementation>();
  file->path = path;
  file->hint = hint;
  file->map();
  if (H5Fis_hdf5(path.c_str()) <= 0) file->fail("is not an HDF5 file, or its first bytes are damaged");
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_file_locking(access, false, true);
  const hid_t id = H5Fopen(path.c_str(), H5F_ACC_RDONLY, access);
  if (id < 0) file->fail("is truncated or damaged: " + hdf5_reason());
  file->file = Handle(id, H5Fclose);
  file->read_attributes();
  file->read_group("/", 0);
  file->file.reset();
  return MappedColumns(std::move(file));
}

const std::string& MappedColumns::path() const {
  return implementation_->path;
}

bool MappedColumns::has(const std::string& column) const {
  return implementation_->columns.count(column) > 0;
}

std::vector<std::string> MappedColumns::members(const std::string& group) const {
  const std::string start = group + "/";
  std::vector<std::string> names;
  for (auto at = implementation_->columns.lower_bound(start);
       at != implementation_->columns.end() && at->first.compare(0, start.size(), start) == 0; ++at) {
    const std::string rest = at->first.substr(start.size());
    const std::string name = rest.substr(0, rest.find('/'));
    if (names.empty() || names.back() != name) names.push_back(name);
  }
  return names;
}

bool MappedColumns::root_attribute(const std::string& name, std::string& value) const {
  const auto found = implementation_->texts.find(name);
  if (found != implementation_->texts.end()) value = found->second;
  return found != implementation_->texts.end();
}

bool MappedColumns::root_attribute(const std::string& name, std::int64_t& value) const {
  const auto found = implementation_->integers.find(name);
  if (found != implementation_->integers.end()) value = found->second;
  return found != implementation_->integers.end();
}

const void* MappedColumns::find(const std::string& column, ElementType type, std::size_t& count) const {
  const auto& file = *implementation_;
  const auto found = file.columns.find(column);
  if (found == file.columns.end()) file.fail(fmt::format("has no column {}", column));
  const auto& place = found->second;
  if (place.type != type)
    file.fail(fmt::format("has {} in {}, expected {}", element_name(place.type), column, element_name(type)));
  count = place.count;
  return place.count > 0 ? file.bytes + place.offset : nullptr;
}

}  // namespace theriac::datasets
