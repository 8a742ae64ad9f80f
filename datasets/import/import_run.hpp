// One file on its way into a store: its table, its source, and the tally of what became of its rows.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/import/import_table.hpp"
#include "datasets/store_builder.hpp"

namespace theriac::datasets {

/// Licences to take; what has another one is left out.
enum class LicenceChoice { any, share_alike, permissive };
bool allows(LicenceChoice choice, LicenceClass licence);

/// What became of a file. rows = taken + passed_over + rejected.
struct ImportTally {
  std::string file, source, licence;
  LicenceClass licence_class = LicenceClass::unstated;
  std::int64_t rows = 0, entities = 0, links = 0;
  std::int64_t passed_over = 0;  ///< rows that are good but say nothing that the store keeps
  std::int64_t rejected = 0;
  std::int64_t licence_left_out = 0;  ///< links left out for their licence
  bool left_out = false;              ///< the whole file, for its licence
};

struct ImportSource {
  std::string name, version, licence, url;
};

/// What a table of docking scores does not say itself.
struct DockingContext {
  std::string target;         ///< gene, UniProt accession or id
  std::string receptor, run;  ///< file name; "run:6be909795650"
};

class ImportRun {
 public:
  /// Throws what ImportTable throws.
  ImportRun(StoreBuilder& store, const std::string& path, ImportSource source, LicenceChoice choice,
            const std::vector<std::string>& columns = {});

  StoreBuilder& store;
  ImportTable table;
  ImportTally tally;
  DockingContext docking;  ///< of the format docking alone

  /// File name without folder and without .gz, .tsv, .csv, .txt.
  const std::string& stem() const { return stem_; }
  /// The next good row; bad ones are rejected on the way.
  bool next();
  std::string_view operator[](std::size_t column) const { return table.cell(column); }
  std::string text(std::size_t column) const { return std::string(table.cell(column)); }
  /// A number in a cell; empty when there is none, rejecting nothing.
  std::optional<double> number(std::size_t column) const;

  void reject(const std::string& reason);
  void pass_over() { ++tally.passed_over; }

  /// Of this file, or of its rows under another licence ("Hetionet CbG, CC BY 4.0") or another part.
  std::uint16_t source();
  std::uint16_t source_part(const std::string& part, const std::string& licence);
  /// For the tally, where the file says more than its format.
  void set_licence(const std::string& licence);
  /// Whether links of this licence are wanted; counts those that are not.
  bool wants(const std::string& licence);

  std::uint32_t entity(const EntityFacts& facts);
  /// The row of an id or cross-reference; made when the id has the shape of one of its kind; else -1 and the
  /// row is rejected.
  std::int64_t end(EntityKind kind, const std::string& id, const std::string& name = {});
  /// Adds or rejects.
  void link(const LinkFacts& facts);
  /// For a reject that is no row of its own, such as a structure.
  RejectedRow place(const std::string& reason) const;

 private:
  std::string stem_;
  ImportSource facts_;
  std::string digest_;
  LicenceChoice choice_;
  std::map<std::string, std::uint16_t> sources_;
};

/// Whether the id has the shape of one of this kind: "DB00945", "1956", "DOID:7148", "GO:0006915" ...
bool is_entity_id(EntityKind kind, const std::string& id);

/// File name without folder and without its extensions.
std::string file_stem(const std::string& path);

/// -log10(mol/L) of a value in nmol/L; NaN when it is not above zero.
float affinity_from_nanomolar(double nanomolar);

/// "PMID:1|PMID:2" of "1|2".
std::string pubmed_references(std::string_view list, char separator = '|');

}  // namespace theriac::datasets
