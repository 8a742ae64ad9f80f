#include "chem/data_file.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "chem/error.hpp"

using Catch::Matchers::Contains;
using theriac::InputError;
using theriac::chem::data_file;
using theriac::chem::data_folders;

namespace {

/// Sets THERIAC_DATA for one test and puts the old value back.
class ChosenData {
 public:
  explicit ChosenData(const char* folder) {
    if (const char* old = std::getenv("THERIAC_DATA")) old_ = old;
    setenv("THERIAC_DATA", folder, 1);
  }
  ~ChosenData() {
    if (old_.empty()) {
      unsetenv("THERIAC_DATA");
    } else {
      setenv("THERIAC_DATA", old_.c_str(), 1);
    }
  }

 private:
  std::string old_;
};

}  // namespace

TEST_CASE("a shipped file is looked for beside the program") {
  const ChosenData none("");
  const auto folders = data_folders();
  REQUIRE(folders.size() >= 2);
  CHECK_THAT(folders[0], Contains("share/theriac"));
}

TEST_CASE("THERIAC_DATA is the only folder looked in when it is set") {
  const ChosenData here(THERIAC_TEST_DATA);
  CHECK(data_folders() == std::vector<std::string>{THERIAC_TEST_DATA});
}

TEST_CASE("a missing data file is reported with every place looked in and what to do") {
  const ChosenData wrong("/no/such/folder");
  CHECK_THROWS_WITH(data_file("absent.bin"), "data file 'absent.bin' is not in '/no/such/folder'");
  try {
    data_file("absent.bin");
  } catch (const InputError& e) {
    CHECK_THAT(e.hint(), Contains("set THERIAC_DATA to the folder that holds 'absent.bin'"));
  }
}
