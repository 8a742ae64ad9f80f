#include "cli/score_rule.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <regex>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"

namespace theriac::cli {
namespace {

bool holds(double value, const std::string& relation, double limit) {
  if (relation == "<") return value < limit;
  if (relation == "<=") return value <= limit;
  if (relation == ">") return value > limit;
  if (relation == ">=") return value >= limit;
  return relation == "==" ? value == limit : value != limit;
}

std::vector<std::string> parts_between_ands(const std::string& text) {
  static const std::regex separator("\\s+and\\s+");
  return {std::sregex_token_iterator(text.begin(), text.end(), separator, -1), std::sregex_token_iterator()};
}

std::size_t kind_of(const std::string& name, const ScoreKinds& kinds) {
  std::vector<std::string> names;
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    if (kinds[k]->name == name) return k;
    names.push_back(kinds[k]->name);
  }
  const std::string near = chem::nearest_name(name, names);
  throw UsageError(fmt::format("--require speaks of '{}', which is not predicted", name),
                   near.empty() ? "name it in --columns" : fmt::format("did you mean '{}'?", near));
}

}  // namespace

ScoreRule::ScoreRule(const std::string& text, const ScoreKinds& kinds) {
  if (text.empty()) return;
  static const std::regex comparison("\\s*([A-Za-z_][A-Za-z0-9_.-]*)\\s*(<=|>=|==|!=|<|>)\\s*(\\S+)\\s*");
  for (const std::string& part : parts_between_ands(text)) {
    std::smatch found;
    double limit = 0;
    if (!std::regex_match(part, found, comparison))
      throw UsageError(fmt::format("--require has '{}'", part),
                       "write it as in \"herg < 0.5 and qed > 0.3\"");
    const std::string number = found[3].str();
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), limit);
    if (error != std::errc() || end != number.data() + number.size())
      throw UsageError(fmt::format("--require compares '{}' with '{}'", found[1].str(), number),
                       "give a number");
    comparisons_.push_back({kind_of(found[1].str(), kinds), found[1].str(), found[2].str(), limit});
  }
}

std::string ScoreRule::first_violation(const std::vector<scoring::Score>& scores) const {
  for (const auto& c : comparisons_) {
    const double value = scores.at(c.kind).value;
    if (std::isfinite(value) && !holds(value, c.relation, c.limit))
      return fmt::format("{} {:g}, not {} {:g}", c.name, value, c.relation, c.limit);
  }
  return {};
}

}  // namespace theriac::cli
