// Areas of medicine as lists of diseases, to leave out whole areas: a table with the columns split (the
// area), mondo_id and disease, as TxGNN publishes its splits (K. Huang et al., Nat. Med. 30, 3601 (2024)).
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "datasets/store.hpp"

namespace theriac::cli {

struct DiseaseArea {
  std::string name;                     ///< "mental health"
  std::size_t listed = 0;               ///< diseases in the table
  std::vector<std::uint32_t> diseases;  ///< those that the store has, by MONDO id; sorted
};

/// In the order of their first rows. Throws InputError: no such file, a missing column, a row without a
/// number, no disease that the store knows.
std::vector<DiseaseArea> read_disease_areas(const std::string& path, const datasets::Store& store);

}  // namespace theriac::cli
