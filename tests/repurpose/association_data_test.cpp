#include "repurpose/association_data.hpp"

#include <catch2/catch.hpp>

#include "chem/error.hpp"

using namespace theriac;
using repurpose::AssociationData;
using repurpose::RealMatrix;

namespace {

AssociationData two_drugs_one_disease() {
  AssociationData data;
  data.associations = RealMatrix(2, 1);
  data.associations(0, 0) = 1;
  data.drug_similarity = RealMatrix(2, 2, 1);
  data.drug_similarity(0, 1) = data.drug_similarity(1, 0) = 0.25;
  data.disease_similarity = RealMatrix(1, 1, 1);
  return data;
}

std::string complaint(const AssociationData& data) {
  try {
    repurpose::check_association_data(data);
  } catch (const UsageError& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("association tables that do not fit together are refused by row and column") {
  auto data = two_drugs_one_disease();
  CHECK(complaint(data).empty());

  data.drug_similarity(0, 1) = 0.5;
  CHECK(complaint(data) ==
        "drug similarities are not symmetric: 0.5 in row 0, column 1, but 0.25 the other way");

  data = two_drugs_one_disease();
  data.drug_similarity(1, 1) = 1.5;
  CHECK(complaint(data) == "drug similarities hold 1.5 in row 1, column 1");

  data = two_drugs_one_disease();
  data.associations(1, 0) = 0.5;
  CHECK(complaint(data) == "the associations hold 0.5 in row 1, column 0");

  data = two_drugs_one_disease();
  data.disease_similarity = RealMatrix(2, 2, 1);
  CHECK(complaint(data) == "the disease similarities are 2 x 2 (4 values); needs 1 x 1");

  CHECK(complaint({}) == "there are no drugs or no diseases to complete");
}
