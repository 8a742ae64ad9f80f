#include "repurpose/evidence_terms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "chem/error.hpp"

namespace theriac::repurpose {
namespace {

struct KindWords {
  const char *name, *meaning;
};
constexpr KindWords kind_words[evidence_kinds] = {
    {"targets", "its targets"},
    {"expression", "its effect on expression"},
    {"similar", "drugs like it for similar diseases"},
    {"comentioned", "drugs like it for diseases named together with this one"},
    {"genes", "drugs like it for diseases with the same genes"},
    {"organs", "drugs like it for diseases of the same organs"},
    {"popularity", "use for other diseases"},
    {"treated", "drugs like it that treat this disease"},
};

bool begins(const std::string& text, const char* with) {
  return text.rfind(with, 0) == 0;
}

EvidenceKind kind_of(const Feature& line) {
  switch (line.family) {
    case FeatureFamily::popularity:
      return EvidenceKind::popularity;
    case FeatureFamily::treated:
      return EvidenceKind::treated;
    case FeatureFamily::mechanism:
      return begins(line.name, "CbG") || begins(line.name, "CmG") ? EvidenceKind::targets
                                                                  : EvidenceKind::expression;
    case FeatureFamily::similarity:
      break;
  }
  switch (line.likeness) {
    case DiseaseLikeness::similar:
      return EvidenceKind::similar;
    case DiseaseLikeness::comentioned:
      return EvidenceKind::comentioned;
    case DiseaseLikeness::genes:
      return EvidenceKind::genes;
    case DiseaseLikeness::anatomy:
      return EvidenceKind::organs;
    case DiseaseLikeness::any:
      break;
  }
  return EvidenceKind::popularity;
}

}  // namespace

EvidenceTerms::EvidenceTerms(const std::vector<Feature>& lines, std::vector<std::size_t> chosen)
    : chosen_(std::move(chosen)) {
  for (const auto l : chosen_) {
    terms_.push_back(
        {lines[l].name, lines[l].meaning, l, true, lines[l].family == FeatureFamily::popularity});
    kinds_.push_back(static_cast<std::size_t>(kind_of(lines[l])));
    ++share_[kinds_.back()];
  }
  for (double& share : share_) share = share > 0 ? 1 / share : 0;
  for (const auto l : chosen_)
    terms_.push_back(
        {"place " + lines[l].name, lines[l].meaning, l, false, lines[l].family == FeatureFamily::popularity});
  add_agreements();
  place_in_chosen_.assign(lines.size(), not_chosen);
  for (std::size_t i = 0; i < chosen_.size(); ++i)
    place_in_chosen_[chosen_[i]] = static_cast<std::uint32_t>(i);
}

void EvidenceTerms::add_agreements() {
  constexpr auto popularity = static_cast<std::size_t>(EvidenceKind::popularity);
  constexpr auto treated = static_cast<std::size_t>(EvidenceKind::treated);
  for (std::size_t a = 0; a < evidence_kinds; ++a)
    for (std::size_t b = a + 1; b < evidence_kinds; ++b) {
      if (share_[a] == 0 || share_[b] == 0 || (a == popularity && b == treated)) continue;
      agreements_.push_back({a, b, terms_.size()});
      terms_.push_back(
          {fmt::format("{} and {}", kind_words[a].name, kind_words[b].name),
           fmt::format("stands high by both {} and {}", kind_words[a].meaning, kind_words[b].meaning),
           no_line, false, a == popularity || b == popularity});
    }
}

std::vector<std::string> EvidenceTerms::names() const {
  std::vector<std::string> names;
  for (const auto& term : terms_) names.push_back(term.name);
  return names;
}

void EvidenceTerms::values(const PlacedCounts::Row& drug, std::vector<Value>& out) const {
  out.clear();
  for (const auto& entry : drug)
    if (const auto i = place_in_chosen_[entry.line]; i != not_chosen) out.push_back({i, entry.count});
  if (out.empty()) return;
  const auto lines = static_cast<std::uint32_t>(chosen_.size());
  std::array<double, evidence_kinds> mean{};
  for (const auto& entry : drug) {
    const auto i = place_in_chosen_[entry.line];
    if (i == not_chosen) continue;
    out.push_back({lines + i, entry.place});
    mean[kinds_[i]] += entry.place;
  }
  for (std::size_t k = 0; k < evidence_kinds; ++k) mean[k] *= share_[k];
  for (const auto& pair : agreements_)
    if (const double both = mean[pair.first] * mean[pair.second]; both != 0)
      out.push_back({static_cast<std::uint32_t>(pair.term), both});
}

EvidenceTerms terms_of_model(const DiseaseFeatures& features, const std::vector<std::string>& names) {
  std::vector<std::size_t> chosen;
  for (const auto& name : names) {
    if (begins(name, "place ")) break;
    chosen.push_back(features.feature(name));
  }
  if (!std::is_sorted(chosen.begin(), chosen.end())) chosen.clear();  // named below
  EvidenceTerms terms(features.features(), std::move(chosen));
  if (terms.names() != names)
    throw ModelError(fmt::format("the weights name {} terms, their {} lines of evidence give {} others",
                                 names.size(), terms.lines().size(), terms.size()),
                     "fit them again with theriac train repurposing");
  return terms;
}

}  // namespace theriac::repurpose
