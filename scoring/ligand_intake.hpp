// The first, cheap step of every record: who the molecule is, and whether a rule on descriptors lets it pass.
#pragma once
#include <set>
#include <string>

#include "chem/property_filter.hpp"
#include "chem/record.hpp"
#include "scoring/docked_row.hpp"
#include "scoring/prepared_ligand.hpp"

namespace theriac::scoring {

/// A record on its way: `row` is filled step by step.
struct LigandJob {
  chem::Record record;
  LigandIdentity identity;
  DockedRow row;
  bool done = false;  ///< failed or skipped: no further step changes it
};

/// The job gets no further: its row says why.
void fail(LigandJob& job, const std::string& why);

/// Names for which a seed pose is waiting: records of the same molecule are no duplicates then.
using NamesThatMatter = std::set<std::string>;

class LigandIntake {
 public:
  /// Throws UsageError for a filter that cannot be read; an empty one lets everything pass.
  LigandIntake(LigandOptions options, const std::string& filter, NamesThatMatter names = {});

  /// Parses the record and finds out who it is. Never throws for a molecule: the row says what is wrong.
  /// Thread-safe.
  LigandJob identified(const chem::RawRecord& raw) const;

 private:
  LigandOptions options_;
  chem::PropertyFilter filter_;
  NamesThatMatter names_;
};

}  // namespace theriac::scoring
