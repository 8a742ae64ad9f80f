#include "generative/policy_conditions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "chem/descriptors.hpp"
#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "scoring/drug_likeness.hpp"
#include "scoring/synthetic_accessibility.hpp"

namespace theriac::generative {
namespace {

std::size_t index_of(const std::string& property) {
  const auto& all = condition_properties();
  std::vector<std::string> names;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].name == property) return i;
    names.push_back(all[i].name);
  }
  const std::string near = chem::nearest_name(property, names);
  throw UsageError(fmt::format("no property '{}' to ask for; there are {}", property, fmt::join(names, ", ")),
                   near.empty() ? "" : fmt::format("did you mean '{}'?", near));
}

double end_of(const std::string& text, double open, const std::string& whole) {
  if (text.empty()) return open;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    throw UsageError(fmt::format("'{}' is not a range: '{}' is not a number", whole, text),
                     "write low:high, such as 300:400, 300: or :400");
  return value;
}

}  // namespace

const std::vector<ConditionProperty>& condition_properties() {
  constexpr double any = std::numeric_limits<double>::infinity();
  static const std::vector<ConditionProperty> all = {
      {"mw", "Da", {200, 250, 300, 350, 400, 450, 500, 600}, 0, any},
      {"clogp", "", {-1, 0, 1, 2, 3, 4, 5, 6}, -any, any},
      {"tpsa", "A^2", {20, 40, 60, 80, 100, 120, 140}, 0, any},
      {"hbd", "", {1, 2, 3, 4, 5}, 0, any},
      {"rotb", "", {1, 2, 3, 4, 5, 6, 7, 8, 10, 12}, 0, any},
      {"qed", "", {0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}, 0, 1},
      {"sa", "", {2, 2.5, 3, 3.5, 4, 5}, 1, 10}};
  return all;
}

PropertyRange property_range(const std::string& property, const std::string& text) {
  constexpr double open = std::numeric_limits<double>::infinity();
  const auto colon = text.find(':');
  if (colon == std::string::npos)
    throw UsageError(fmt::format("'{}' is not a range of {}: it has no ':'", text, property),
                     "write low:high, such as 300:400, 300: or :400");
  PropertyRange range{property, end_of(text.substr(0, colon), -open, text),
                      end_of(text.substr(colon + 1), open, text)};
  if (!(range.low <= range.high))
    throw UsageError(fmt::format("nothing lies in the range '{}' of {}: its low end is above its high end",
                                 text, property));
  const ConditionProperty& p = condition_properties()[index_of(property)];
  if (range.high < p.least || range.low > p.most)
    throw UsageError(fmt::format("no molecule has a {} in '{}'", property, text),
                     std::isinf(p.most) ? fmt::format("it is {} or more", p.least)
                                        : fmt::format("it lies between {} and {}", p.least, p.most));
  return range;
}

std::vector<double> condition_values(const chem::Molecule& molecule) {
  const auto d = chem::descriptors(molecule);
  return {d.molecular_weight,
          d.clogp,
          d.tpsa,
          static_cast<double>(d.hydrogen_bond_donors),
          static_cast<double>(d.rotatable_bonds),
          scoring::qed(molecule),
          scoring::synthetic_accessibility(molecule).score};
}

std::vector<std::uint8_t> condition_bins(const std::vector<double>& values) {
  const auto& all = condition_properties();
  std::vector<std::uint8_t> out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& edges = all[i].edges;
    out.push_back(static_cast<std::uint8_t>(
        1 + (std::upper_bound(edges.begin(), edges.end(), values[i]) - edges.begin())));
  }
  return out;
}

std::vector<std::uint8_t> wished_bins(const std::vector<PropertyRange>& ranges, chem::CounterRandom& random) {
  const auto& all = condition_properties();
  std::vector<std::uint8_t> out(all.size(), 0);
  for (const PropertyRange& range : ranges) {
    const std::size_t i = index_of(range.property);
    if (out[i]) throw UsageError(fmt::format("two ranges are given for {}", range.property));
    const auto& edges = all[i].edges;
    const auto bin = [&](double v) {
      return static_cast<std::uint32_t>(1 +
                                        (std::upper_bound(edges.begin(), edges.end(), v) - edges.begin()));
    };
    const std::uint32_t first = bin(range.low), last = bin(range.high);
    out[i] = static_cast<std::uint8_t>(first + random.below(last - first + 1));
  }
  return out;
}

bool satisfies(const std::vector<double>& values, const std::vector<PropertyRange>& ranges) {
  return std::all_of(ranges.begin(), ranges.end(), [&](const PropertyRange& range) {
    const double v = values[index_of(range.property)];
    return v >= range.low && v <= range.high;
  });
}

}  // namespace theriac::generative
