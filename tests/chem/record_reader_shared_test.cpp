#include <catch2/catch.hpp>
#include <filesystem>

#include "chem/record_reader.hpp"

using theriac::chem::RecordReader;

TEST_CASE("every crystal ligand of the redocking set is read") {
  const std::filesystem::path root = std::filesystem::path(THERIAC_SHARED_DATA) / "data" / "redock";
  if (!std::filesystem::exists(root)) {
    WARN("skipped: needs ../shared/data/redock");
    return;
  }
  RecordReader reader({(root / "*" / "ligand.sdf").string()});
  int good = 0;
  while (const auto record = reader.next()) {
    INFO(record->file << ": " << record->message);
    CHECK(record->good());
    good += record->good() && record->molecule->has_3d();
  }
  CHECK(reader.records_read() == 151);
  CHECK(good == 151);
}
