// Truncated, foreign, newer and hostile files: an error that says what is wrong, never a crash.
#include <hdf5.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <functional>

#include "chem/error.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/hdf5_file.hpp"
#include "datasets/mapped_columns.hpp"
#include "datasets/store.hpp"
#include "datasets/store_builder.hpp"
#include "datasets/store_check.hpp"
#include "tests/datasets/store_dump.hpp"
#include "tests/datasets/temporary_folder.hpp"

using namespace theriac;
using namespace theriac::datasets;
using Catch::Matchers::Contains;

namespace {

/// Three diseases in a line, a drug for each.
void write_small(const std::string& path) {
  StoreBuilder store;
  const auto source = store.add_source({"s", "2020", "CC0 1.0", LicenceClass::permissive, "", "", ""});
  std::uint32_t above = 0;
  for (const std::string digit : {"1", "2", "3"}) {
    EntityFacts drug, disease;
    drug.id = "DB0000" + digit;
    drug.name = "drug " + digit;
    disease.kind = EntityKind::disease;
    disease.id = "DOID:" + digit;
    disease.name = "disease " + digit;
    LinkFacts treats, is_a;
    treats.from = store.add_entity(drug);
    treats.to = store.add_entity(disease);
    treats.source = source;
    treats.note = "first line";
    store.add_link(treats);
    is_a.kind = LinkKind::is_a;
    is_a.from = treats.to;
    is_a.to = above;
    if (digit != "1") store.add_link(is_a);
    above = treats.to;
  }
  store.write(path, "test");
}

void overwrite(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// Reads all that a store has; damaged ones throw.
std::string read_all(const std::string& path) {
  const auto store = Store::open(path);
  std::string dump = store_dump(store);
  for (std::size_t i = 0; i < store.name_count(); ++i) dump += store.name(i).text;
  return dump;
}

/// Changes one number of one column through HDF5, as a wrong writer would.
template <class T>
void poke(const std::string& path, const std::string& column, std::size_t row, T value, hid_t type) {
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  const hid_t dataset = H5Dopen2(file, column.c_str(), H5P_DEFAULT), space = H5Dget_space(dataset);
  std::vector<T> values(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
  H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
  values.at(row) = value;
  H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
  H5Sclose(space);
  H5Dclose(dataset);
  H5Fclose(file);
}

}  // namespace

TEST_CASE("a store that was cut short at any length is refused") {
  const TemporaryFolder folder;
  write_small(folder / "whole.h5");
  const std::string whole = read_file(folder / "whole.h5");
  std::filesystem::rename(folder / "whole.h5", folder / "cut.h5");
  int refused = 0;
  for (std::size_t length = whole.size(); length-- > 0;) {
    std::filesystem::resize_file(folder / "cut.h5", length);
    try {
      read_all(folder / "cut.h5");
      FAIL("read a store of " << length << " of " << whole.size() << " bytes");
    } catch (const StorageError& error) {
      refused += std::string(error.what()).find("cut.h5") != std::string::npos && !error.hint().empty();
    }
  }
  CHECK(refused == static_cast<int>(whole.size()));
}

TEST_CASE("damaged bytes give other contents or an error, never a crash") {
  const TemporaryFolder folder;
  write_small(folder / "whole.h5");
  const std::string whole = read_file(folder / "whole.h5");
  const std::string good = read_all(folder / "whole.h5");
  int refused = 0, changed = 0;
  overwrite(folder / "bad.h5", whole);
  std::fstream file(folder / "bad.h5", std::ios::in | std::ios::out | std::ios::binary);
  const auto put = [&](std::size_t at, char byte) {
    file.seekp(static_cast<std::streamoff>(at));
    file.put(byte).flush();
  };
  for (std::size_t at = 0; at < whole.size(); at += 3) {
    put(at, static_cast<char>(whole[at] ^ (1 << (at % 8))));
    try {
      changed += read_all(folder / "bad.h5") != good;
      check_store(folder / "bad.h5");
    } catch (const StorageError&) {
      ++refused;
    }
    put(at, whole[at]);
  }
  CHECK(refused > 100);
  CHECK(changed > 10);
}

TEST_CASE("files that are no stores are told apart") {
  const TemporaryFolder folder;
  CHECK_THROWS_AS(Store::open(folder / "none.h5"), InputError);
  CHECK_THROWS_AS(Store::open(folder.path()), InputError);
  overwrite(folder / "text.h5", "not HDF5 at all");
  CHECK_THROWS_WITH(Store::open(folder / "text.h5"), Contains("is not an HDF5 file"));
  overwrite(folder / "empty.h5", "");
  CHECK_THROWS_WITH(Store::open(folder / "empty.h5"), Contains("is empty"));
  {
    auto results = Hdf5File::create(folder / "results.h5");
    results.set_attribute("/", "format", "theriac results");
    results.create_column("/molecules/name", {"name", ColumnType::text, "", "", -1, {}});
    results.append("/molecules/name", std::vector<std::string>{"a"});
    results.close();
  }
  CHECK_THROWS_WITH(Store::open(folder / "results.h5"), Contains("is an HDF5 file but no Theriac store"));
}

TEST_CASE("a store of a newer schema is refused with both versions") {
  const TemporaryFolder folder;
  {
    ColumnWriter file(folder / "new.h5");
    file.set_attribute("/", "format", "theriac knowledge store");
    file.set_attribute("/", "schema_version", store_schema_version + 1);
    file.close();
  }
  CHECK_THROWS_AS(Store::open(folder / "new.h5"), StorageError);
  CHECK_THROWS_WITH(Store::open(folder / "new.h5"),
                    Contains("schema version 2") && Contains("reads up to 1"));
}

TEST_CASE("offsets and rows that lead nowhere are found when a table is first used") {
  const TemporaryFolder folder;
  const std::string path = folder / "bad.h5";
  struct Damage {
    std::string what;
    std::function<void()> make;
  };
  const auto u64 = H5T_NATIVE_UINT64, u32 = H5T_NATIVE_UINT32, u16 = H5T_NATIVE_UINT16, u8 = H5T_NATIVE_UINT8,
             i8 = H5T_NATIVE_INT8;
  const std::vector<Damage> all = {
      {"/entities/drug", [&] { poke<std::uint64_t>(path, "/entities/drug/id/offsets", 1, 1U << 30, u64); }},
      {"/entities/drug", [&] { poke<std::uint64_t>(path, "/entities/drug/name/offsets", 3, 5, u64); }},
      {"/entities/drug/id", [&] { poke<std::uint8_t>(path, "/entities/drug/id/bytes", 6, '9', u8); }},
      {"/links/treats/from", [&] { poke<std::uint32_t>(path, "/links/treats/from", 0, 7, u32); }},
      {"/links/treats/to", [&] { poke<std::uint32_t>(path, "/links/treats/to", 2, 3, u32); }},
      {"/links/treats/from_offsets",
       [&] { poke<std::uint64_t>(path, "/links/treats/from_offsets", 2, 99, u64); }},
      {"/links/treats/by_to", [&] { poke<std::uint32_t>(path, "/links/treats/by_to", 1, 0, u32); }},
      {"/links/treats/by_to", [&] { poke<std::uint32_t>(path, "/links/treats/by_to", 1, 1U << 31, u32); }},
      {"/links/treats/source", [&] { poke<std::uint16_t>(path, "/links/treats/source", 1, 5, u16); }},
      {"/links/treats/direction", [&] { poke<std::int8_t>(path, "/links/treats/direction", 1, 5, i8); }},
      {"/links/treats/note",
       [&] { poke<std::uint64_t>(path, "/links/treats/note/offsets", 1, 1U << 30, u64); }},
      {"/names", [&] { poke<std::uint32_t>(path, "/names/entity", 0, 100, u32); }},
      {"/names", [&] { poke<std::uint8_t>(path, "/names/kind", 0, 100, u8); }},
      {"/sources/licence_class", [&] { poke<std::uint8_t>(path, "/sources/licence_class", 0, 9, u8); }},
  };
  for (const auto& damage : all) {
    INFO(damage.what);
    write_small(path);
    damage.make();
    CHECK_THROWS_AS(read_all(path), StorageError);
    CHECK_THROWS_WITH(read_all(path), Contains("is damaged at " + damage.what));
    const auto faults = check_store(path);
    REQUIRE_FALSE(faults.empty());
    CHECK_THAT(faults[0].what, Contains(damage.what));
  }
}

TEST_CASE("columns of another type, chunked or elsewhere are no columns") {
  const TemporaryFolder folder;
  const std::string path = folder / "odd.h5";
  const auto with_from = [&](hid_t type, bool chunked, bool external) {
    write_small(path);
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_alignment(access, 1, 8);
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, access);
    H5Pclose(access);
    H5Ldelete(file, "/links/treats/from", H5P_DEFAULT);
    const hsize_t size = 3;
    const hid_t space = H5Screate_simple(1, &size, nullptr), properties = H5Pcreate(H5P_DATASET_CREATE);
    if (chunked) H5Pset_chunk(properties, 1, &size);
    if (external) H5Pset_external(properties, "/etc/hostname", 0, 12);
    const hid_t made =
        H5Dcreate2(file, "/links/treats/from", type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    REQUIRE(made >= 0);
    if (!external) {
      const std::uint32_t values[] = {0, 1, 2};
      H5Dwrite(made, H5T_NATIVE_UINT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
    }
    H5Dclose(made);
    H5Pclose(properties);
    H5Sclose(space);
    H5Fclose(file);
  };
  with_from(H5T_STD_U32LE, false, false);
  CHECK_NOTHROW(read_all(path));
  with_from(H5T_STD_U64LE, false, false);
  CHECK_THROWS_WITH(read_all(path), Contains("has uint64 in /links/treats/from, expected uint32"));
  with_from(H5T_STD_U32BE, false, false);
  CHECK_THROWS_AS(read_all(path), StorageError);
  with_from(H5T_STD_U32LE, true, false);
  CHECK_THROWS_AS(read_all(path), StorageError);
  with_from(H5T_STD_U32LE, false, true);
  CHECK_THROWS_AS(read_all(path), StorageError);
}

TEST_CASE("check finds what reading takes for granted") {
  const TemporaryFolder folder;
  const std::string path = folder / "bad.h5";
  write_small(path);
  CHECK(check_store(path).empty());
  {  // the last disease above the first: rows are sorted by id, so is_a is 1 -> 0, 2 -> 1; make it 1 -> 2
    poke<std::uint32_t>(path, "/links/is_a/to", 0, 2, H5T_NATIVE_UINT32);
    poke<std::uint64_t>(path, "/links/is_a/to_offsets", 1, 0, H5T_NATIVE_UINT64);
    poke<std::uint64_t>(path, "/links/is_a/to_offsets", 2, 1, H5T_NATIVE_UINT64);
    poke<std::uint32_t>(path, "/links/is_a/by_to", 0, 1, H5T_NATIVE_UINT32);
    poke<std::uint32_t>(path, "/links/is_a/by_to", 1, 0, H5T_NATIVE_UINT32);
  }
  auto faults = check_store(path);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].place == "/links/is_a");
  CHECK_THAT(faults[0].what, Contains("cycle: DOID:2 -> DOID:3 -> DOID:2"));
  write_small(path);
  poke<std::uint8_t>(path, "/entities/drug/name/bytes", 0, 0xff, H5T_NATIVE_UINT8);
  faults = check_store(path);
  REQUIRE_FALSE(faults.empty());
  CHECK_THAT(faults[0].what, Contains("row 0 is no UTF-8 text"));
}
