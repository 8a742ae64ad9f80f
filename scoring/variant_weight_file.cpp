#include "scoring/variant_weight_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include "chem/error.hpp"
#include "chem/text_file.hpp"

namespace theriac::scoring {
namespace {

constexpr std::string_view before_name = "  // ";

std::optional<double> number_of(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = failure == std::errc() && end == text.data() + text.size();
  return whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

/// "+0.0342  // log-odds of the profile", where `term` is expected.
double weight_of(std::string_view line, const VariantTermKind& term, const std::string& where) {
  const auto split = line.find(before_name);
  if (split == std::string_view::npos || line.substr(split + before_name.size()) != term.name)
    throw InputError(fmt::format("{}: '{}' where the weight of '{}' is expected", where, line, term.name),
                     "weights.txt of theriac bench variants has the order");
  const auto value = number_of(line.substr(0, split));
  if (!value) throw InputError(fmt::format("{}: '{}' is no weight", where, line.substr(0, split)));
  return *value;
}

}  // namespace

std::string variant_weights_text(const NamedVariantWeights& sets) {
  std::string out;
  for (const auto& [name, weights] : sets) {
    out += name + "\n";
    for (std::size_t t = 0; t < weights.size(); ++t)
      out += fmt::format("{:+.4f}{}{}\n", weights[t], before_name, variant_term_kinds()[t].name);
  }
  return out;
}

NamedVariantWeights read_variant_weights(const std::string& text, const std::string& source) {
  NamedVariantWeights sets;
  std::string_view rest = text, line;
  std::size_t number = 0, term = variant_term_count;
  while (chem::next_line(rest, line)) {
    ++number;
    const std::string where = fmt::format("'{}' line {}", source, number);
    if (term < variant_term_count) {
      sets.back().second[term] = weight_of(line, variant_term_kinds()[term], where);
      ++term;
      continue;
    }
    if (line.empty()) continue;
    for (const auto& set : sets)
      if (set.first == line) throw InputError(fmt::format("{}: the set '{}' is there twice", where, line));
    sets.push_back({std::string(line), {}});
    term = 0;
  }
  if (term < variant_term_count)
    throw InputError(fmt::format("'{}': the set '{}' has {} of {} weights", source, sets.back().first, term,
                                 variant_term_count));
  return sets;
}

const VariantWeights& chosen_variant_weights(const NamedVariantWeights& sets, bool with_homologs,
                                             bool with_model, const std::string& source) {
  const std::string name =
      std::string(with_homologs ? "combined" : "sequence") + (with_model ? "_model" : "");
  const auto found = std::find_if(sets.begin(), sets.end(), [&](const auto& s) { return s.first == name; });
  if (found != sets.end()) return found->second;
  throw InputError(fmt::format("'{}' has no set of weights '{}'", source, name),
                   with_model ? "theriac bench variants --language-model fits one with a language model"
                              : "theriac bench variants fits it");
}

}  // namespace theriac::scoring
