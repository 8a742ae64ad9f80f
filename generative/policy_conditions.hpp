// What a molecule can be asked to be like: property ranges, as bins that the network is told.
//
// In training each property is told or kept back at random, so one network answers with none, some or all of
// them. Bin 0 stands for "not said". Asking steers, it does not force: the share that obeys is reported.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chem/counter_random.hpp"
#include "chem/molecule.hpp"

namespace theriac::generative {

struct ConditionProperty {
  std::string name;            ///< "mw", "clogp", "tpsa", "hbd", "rotb", "qed", "sa"
  std::string unit;            ///< "Da" ...
  std::vector<double> edges;   ///< rising; bin b (from 1) holds edges[b - 2] <= value < edges[b - 1]
  double least = 0, most = 0;  ///< what the property can be at all
};

/// The properties and bins of a newly trained network.
const std::vector<ConditionProperty>& condition_properties();

/// A wish: `low` <= property <= `high`; infinite ends are open.
struct PropertyRange {
  std::string property;
  double low = 0, high = 0;
};

/// "300:400", ":5", "0.6:". Throws UsageError: no number, no colon, ends in the wrong order, a range in which
/// no molecule lies.
PropertyRange property_range(const std::string& property, const std::string& text);

/// The properties' values for one molecule, in the order of `condition_properties()`. Thread-safe.
std::vector<double> condition_values(const chem::Molecule& molecule);

/// Bin of each value.
std::vector<std::uint8_t> condition_bins(const std::vector<double>& values);

/// Bins to ask for, one per property, 0 where nothing is wished: of the bins that a range touches one is
/// drawn. Throws UsageError for a property that is none of `condition_properties()` (the nearest is named) or
/// is wished twice.
std::vector<std::uint8_t> wished_bins(const std::vector<PropertyRange>& ranges, chem::CounterRandom& random);

bool satisfies(const std::vector<double>& values, const std::vector<PropertyRange>& ranges);

}  // namespace theriac::generative
