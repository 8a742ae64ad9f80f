#include "chem/structural_alerts.hpp"

#include <GraphMol/FilterCatalog/FilterCatalog.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/serialization/access.hpp>
#include <climits>

#include "chem/error.hpp"
#include "chem/pattern_set.hpp"
#include "chem/rdkit_log.hpp"

namespace theriac::chem {
namespace {

using RDKit::FilterCatalogEntry;
using RDKit::FilterCatalogParams;

constexpr std::array all_sets = {AlertSet::pains_a, AlertSet::pains_b, AlertSet::pains_c, AlertSet::brenk,
                                 AlertSet::nih};

/// Serialises a catalogue entry into nothing but its pattern. An entry hides the matcher that it owns and
/// shows it only when it writes itself to an archive; this is an archive that keeps the matcher.
class MatcherArchive {
 public:
  using is_saving = std::true_type;
  using is_loading = std::false_type;

  template <typename T>
  void register_type(const T*) {}
  MatcherArchive& operator&(const boost::shared_ptr<RDKit::FilterMatcherBase>& matcher) {
    matcher_ = matcher;
    return *this;
  }
  template <typename T>
  MatcherArchive& operator&(const T&) {
    return *this;
  }
  /// The SMARTS matcher, or nullptr when the entry combines several.
  const RDKit::SmartsMatcher* smarts() const {
    return dynamic_cast<const RDKit::SmartsMatcher*>(matcher_.get());
  }

 private:
  boost::shared_ptr<RDKit::FilterMatcherBase> matcher_;
};

std::shared_ptr<const RDKit::ROMol> pattern_of(const FilterCatalogEntry& entry) {
  MatcherArchive archive;
  boost::serialization::access::serialize(archive, const_cast<FilterCatalogEntry&>(entry), 1);
  const auto* smarts = archive.smarts();
  if (!smarts || smarts->getMinCount() != 1 || smarts->getMaxCount() != UINT_MAX)
    throw Error(
        fmt::format("alert '{}' of RDKit's catalogue is not one SMARTS pattern", entry.getDescription()));
  const auto& pattern = smarts->getPattern();
  return {pattern.get(), [pattern](const RDKit::ROMol*) {}};
}

struct Catalogue {
  std::vector<Alert> alerts;  ///< without atoms; by set, one for each pattern
  PatternSet patterns;
};

FilterCatalogParams::FilterCatalogs rdkit_set(AlertSet set) {
  switch (set) {
    case AlertSet::pains_a:
      return FilterCatalogParams::PAINS_A;
    case AlertSet::pains_b:
      return FilterCatalogParams::PAINS_B;
    case AlertSet::pains_c:
      return FilterCatalogParams::PAINS_C;
    case AlertSet::brenk:
      return FilterCatalogParams::BRENK;
    case AlertSet::nih:
      break;
  }
  return FilterCatalogParams::NIH;
}

Catalogue read_catalogues() {
  const RdkitLog quiet;
  std::vector<Alert> alerts;
  std::vector<std::shared_ptr<const RDKit::ROMol>> patterns;
  for (const AlertSet set : all_sets) {
    const RDKit::FilterCatalog catalog(rdkit_set(set));
    for (unsigned i = 0; i < catalog.getNumEntries(); ++i) {
      const auto entry = boost::dynamic_pointer_cast<const FilterCatalogEntry>(catalog.getEntry(i));
      if (!entry || !entry->isValid()) continue;
      alerts.push_back({set, entry->getDescription(), {}});
      patterns.push_back(pattern_of(*entry));
    }
  }
  return {std::move(alerts), PatternSet::of(std::move(patterns))};
}

const Catalogue& catalogue() {
  static const Catalogue all = read_catalogues();
  return all;
}

}  // namespace

const char* alert_set_name(AlertSet set) {
  switch (set) {
    case AlertSet::pains_a:
      return "PAINS A";
    case AlertSet::pains_b:
      return "PAINS B";
    case AlertSet::pains_c:
      return "PAINS C";
    case AlertSet::brenk:
      return "Brenk";
    case AlertSet::nih:
      break;
  }
  return "NIH";
}

std::vector<Alert> structural_alerts(const SubstructureTarget& target, const std::vector<AlertSet>& sets) {
  const Catalogue& all = catalogue();
  PatternSearch search(all.patterns, target);
  std::vector<Alert> found;
  for (const AlertSet set : sets)
    for (std::size_t i = 0; i < all.alerts.size(); ++i) {
      if (all.alerts[i].set != set || !search.matches(i)) continue;
      found.push_back(all.alerts[i]);
      found.back().atoms = search.atom_sets(i);
    }
  return found;
}

std::vector<Alert> structural_alerts(const SubstructureTarget& target) {
  return structural_alerts(target, {all_sets.begin(), all_sets.end()});
}

std::vector<Alert> structural_alerts(const Molecule& molecule) {
  return structural_alerts(SubstructureTarget(molecule));
}

std::size_t alert_count(AlertSet set) {
  const auto& alerts = catalogue().alerts;
  return static_cast<std::size_t>(
      std::count_if(alerts.begin(), alerts.end(), [set](const Alert& a) { return a.set == set; }));
}

}  // namespace theriac::chem
