#include "chem/structural_alerts.hpp"

#include <GraphMol/FilterCatalog/FilterCatalog.h>

#include <array>
#include <boost/serialization/access.hpp>

#include "chem/prepared_substructure.hpp"
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

PatternNeeds needs_of(const FilterCatalogEntry& entry) {
  MatcherArchive archive;
  boost::serialization::access::serialize(archive, const_cast<FilterCatalogEntry&>(entry), 1);
  return archive.smarts() ? pattern_needs(*archive.smarts()->getPattern()) : PatternNeeds{};
}

struct CatalogueEntry {
  boost::shared_ptr<const FilterCatalogEntry> entry;
  std::string name;
  PatternNeeds needs;
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

std::vector<CatalogueEntry> read_catalogue(AlertSet set) {
  const RdkitLog quiet;
  const RDKit::FilterCatalog catalog(rdkit_set(set));
  std::vector<CatalogueEntry> entries;
  for (unsigned i = 0; i < catalog.getNumEntries(); ++i) {
    auto entry = boost::dynamic_pointer_cast<const FilterCatalogEntry>(catalog.getEntry(i));
    if (entry && entry->isValid()) entries.push_back({entry, entry->getDescription(), needs_of(*entry)});
  }
  return entries;
}

const std::vector<CatalogueEntry>& catalogue(AlertSet set) {
  static const auto all = [] {
    std::array<std::vector<CatalogueEntry>, all_sets.size()> out;
    for (const AlertSet s : all_sets) out[static_cast<std::size_t>(s)] = read_catalogue(s);
    return out;
  }();
  return all[static_cast<std::size_t>(set)];
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
  std::vector<Alert> alerts;
  for (const AlertSet set : sets)
    for (const auto& entry : catalogue(set))
      if (may_match(target.prepared().content, entry.needs) &&
          entry.entry->hasFilterMatch(*target.prepared().graph))
        alerts.push_back({set, entry.name});
  return alerts;
}

std::vector<Alert> structural_alerts(const SubstructureTarget& target) {
  return structural_alerts(target, {all_sets.begin(), all_sets.end()});
}

std::vector<Alert> structural_alerts(const Molecule& molecule) {
  return structural_alerts(SubstructureTarget(molecule));
}

std::size_t alert_count(AlertSet set) {
  return catalogue(set).size();
}

}  // namespace theriac::chem
