// Cells of a measured column as chemists write them.
#include "datasets/measured_value.hpp"

#include <catch2/catch.hpp>

#include "datasets/measurement_time.hpp"

using Catch::Matchers::Contains;
using namespace theriac::datasets;

namespace {

bool exact(const char* cell, double value) {
  const auto v = measured_value(cell);
  return v.kind == ValueKind::number && v.value == value && v.bound == 0;
}
bool bound(const char* cell, double value, int side) {
  const auto v = measured_value(cell);
  return v.kind == ValueKind::number && v.value == value && v.bound == side;
}
std::string refusal(const char* cell) {
  const auto v = measured_value(cell);
  return v.kind == ValueKind::unreadable ? v.reason : "readable";
}

}  // namespace

TEST_CASE("numbers in the spellings of tables") {
  CHECK(exact("5.25", 5.25));
  CHECK(exact(" -1e-3 ", -0.001));
  CHECK(exact("+7", 7));
  CHECK(exact("=3", 3));
  CHECK(exact("~3", 3));
  CHECK(exact(".5", 0.5));
}

TEST_CASE("a value beyond the limit of the assay is a bound") {
  CHECK(bound(">10", 10, 1));
  CHECK(bound("> 10.5", 10.5, 1));
  CHECK(bound(">=10", 10, 1));
  CHECK(bound("\xe2\x89\xa5 10", 10, 1));
  CHECK(bound("<0.1", 0.1, -1));
  CHECK(bound("<= 0.1", 0.1, -1));
  CHECK(
      bound("\xe2\x89\xa4"
            "0.1",
            0.1, -1));
  CHECK(bound("<-2", -2, -1));
}

TEST_CASE("empty cells and words for nothing are missing, not zero") {
  for (const char* cell : {"", "  ", "NA", "n/a", "NaN", "null", "None", "-", "n.d.", "not determined"}) {
    INFO(cell);
    CHECK(measured_value(cell).kind == ValueKind::missing);
  }
}

TEST_CASE("words for classes are labels") {
  for (const char* cell : {"active", "TRUE", "Yes", "positive", "toxic"}) {
    INFO(cell);
    CHECK(measured_value(cell).kind == ValueKind::label);
    CHECK(measured_value(cell).value == 1);
  }
  for (const char* cell : {"inactive", "False", "no", "Negative", "non-toxic"}) {
    INFO(cell);
    CHECK(measured_value(cell).kind == ValueKind::label);
    CHECK(measured_value(cell).value == 0);
  }
}

TEST_CASE("what is no single number is refused with the reason") {
  CHECK(refusal("soluble") == "is no number");
  CHECK(refusal("inf") == "is no number");
  CHECK(refusal("1e999") == "is no number");
  CHECK_THAT(refusal("1,5"), Contains("write 1.5, not 1,5"));
  CHECK_THAT(refusal("1,234.5"), Contains("separators of thousands"));
  CHECK_THAT(refusal("5.2 \xc2\xb1 0.3"), Contains("number with an error"));
  CHECK_THAT(refusal("5.2+/-0.3"), Contains("number with an error"));
  CHECK_THAT(refusal("5-10"), Contains("is a range"));
  CHECK_THAT(refusal("12 uM"), Contains("'uM' behind the number"));
  CHECK_THAT(refusal("95%"), Contains("'%' behind the number"));
  CHECK_THAT(refusal("0x10"), Contains("behind the number"));
  CHECK(refusal(">") != "readable");
  CHECK(refusal("> active") != "readable");
}

TEST_CASE("the relation may stand in a column of its own") {
  CHECK(measured_value("10", "'>'").bound == 1);
  CHECK(measured_value("10", ">=").bound == 1);
  CHECK(measured_value("10", "<").bound == -1);
  CHECK(measured_value("10", "'='").bound == 0);
  CHECK(measured_value("10", "").bound == 0);
  CHECK(measured_value(">10", ">").bound == 1);
  CHECK(measured_value(">10", "<").kind == ValueKind::unreadable);
  CHECK_THAT(measured_value("10", "about").reason, Contains("unknown relation 'about'"));
}

TEST_CASE("dates with the year first can be ordered, others not") {
  CHECK(measurement_time("2021") == 2021);
  CHECK(*measurement_time("2021") < *measurement_time("2021-02"));
  CHECK(*measurement_time("2021-02-28") < *measurement_time("2021-03-01"));
  CHECK(*measurement_time("2021-12-31T23:59:00Z") < *measurement_time("2022-01-01"));
  CHECK(*measurement_time("2021-03-01 08:00") < *measurement_time("2021-03-01 09:30:10"));
  CHECK(measurement_time("2021/3/1") == measurement_time("2021-03-01"));
  for (const char* text : {"", "04/03/2021", "March 2021", "2021-13-01", "2021-02-", "2021-02-01x", "nan"}) {
    INFO(text);
    CHECK_FALSE(measurement_time(text));
  }
}
