#include "repurpose/target_variant.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <regex>

#include "chem/error.hpp"
#include "chem/text_file.hpp"
#include "datasets/results_table.hpp"

namespace theriac::repurpose {
namespace {

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

const std::vector<std::string> expected_columns = {"gene", "variant", "drug", "effect", "source"};

/// Places of the expected columns in the header.
std::vector<std::size_t> columns_of(const std::vector<std::string>& header, const std::string& path) {
  std::vector<std::size_t> places;
  for (const auto& name : expected_columns) {
    const auto at = std::find(header.begin(), header.end(), name);
    if (at == header.end())
      throw InputError(
          fmt::format("no column '{}' in '{}' (line 1), it has: {}", name, path, fmt::join(header, ", ")),
          fmt::format("needed are {}", fmt::join(expected_columns, ", ")));
    places.push_back(static_cast<std::size_t>(at - header.begin()));
  }
  return places;
}

}  // namespace

TargetVariant parse_target_variant(const std::string& text) {
  const std::size_t cut = text.find_first_of(": ");
  TargetVariant out{upper(text.substr(0, cut)), {}};
  if (cut == std::string::npos) return out;
  std::string change =
      text.substr(text.find_first_not_of(": ", cut) == std::string::npos ? text.size()
                                                                         : text.find_first_not_of(": ", cut));
  if (change.rfind("p.", 0) == 0) change.erase(0, 2);
  static const std::regex protein_change("[A-Za-z][0-9]+([A-Za-z]|del|dup|fs|\\*)");
  if (out.gene.empty() || !std::regex_match(change, protein_change))
    throw UsageError(fmt::format("'{}' is no variant of a target", text),
                     "write the gene, a colon and the change of the protein: EGFR:T790M, CFTR:F508del");
  out.variant = change;
  return out;
}

std::vector<VariantFact> read_variant_facts(const std::string& path) {
  const auto rows = datasets::read_csv(chem::read_text_file(path));
  std::vector<VariantFact> facts;
  if (rows.empty()) return facts;
  const auto at = columns_of(rows.front(), path);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto& row = rows[i];
    if (row.size() < rows.front().size())
      throw InputError(fmt::format("{} cells where the header has {} ({}, line {})", row.size(),
                                   rows.front().size(), path, i + 1));
    const std::string& effect = row[at[3]];
    if (effect != "sensitive" && effect != "resistant")
      throw InputError(fmt::format("effect '{}' is neither 'sensitive' nor 'resistant' ({}, line {})", effect,
                                   path, i + 1));
    facts.push_back({row[at[0]], row[at[1]], row[at[2]], effect == "sensitive", row[at[4]]});
  }
  return facts;
}

std::vector<VariantFact> facts_of(const std::vector<VariantFact>& facts, const TargetVariant& asked) {
  std::vector<VariantFact> out;
  for (const auto& fact : facts)
    if (upper(fact.gene) == upper(asked.gene) &&
        (asked.variant.empty() || upper(fact.variant) == upper(asked.variant)))
      out.push_back(fact);
  return out;
}

}  // namespace theriac::repurpose
