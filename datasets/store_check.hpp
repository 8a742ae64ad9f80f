// Is a store sound? Everything that reading it checks, and what reading takes for granted.
#pragma once
#include <string>
#include <vector>

#include "datasets/store.hpp"

namespace theriac::datasets {

struct StoreFault {
  std::string place;  ///< "/links/is_a"
  std::string what;   ///< "cycle: DOID:1 -> DOID:2 -> DOID:1"
};

/// Opens `path` and looks at every byte: damaged columns, ids that are empty or there twice, texts that are
/// no UTF-8, links of one pair and source that are there twice, undirected links stored backwards, cycles in
/// the hierarchy of diseases, names that lead nowhere. Empty when all is well; at most 100 faults. Throws
/// InputError when there is no such file; what cannot be opened is a fault.
std::vector<StoreFault> check_store(const std::string& path);

}  // namespace theriac::datasets
