// A knowledge store in the making: entities and links are added in any order, then written in one go.
//
// Entities of one kind are merged by id and by cross-reference: what is added as "DRUGCENTRAL:5" becomes part
// of the drug that has the cross-reference DRUGCENTRAL:5, if one drug only has it. Synonyms and
// cross-references are united, the first name stays the preferred one. A link that is added again (same ends,
// kind and source) replaces the earlier one, so importing a file twice gives the same bytes; within one
// import the references and notes of equal links are united.
//
// Nothing is thrown for bad data: what cannot be taken is recorded with file, line and reason.
#pragma once
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "datasets/store.hpp"

namespace theriac::datasets {

/// What one source says about one entity. Empty fields say nothing.
struct EntityFacts {
  EntityKind kind = EntityKind::drug;
  std::string id;  ///< "DB00945", "DRUGCENTRAL:74", "DOID:7148"; may also be a known cross-reference
  std::vector<std::string> also;  ///< further ids of the very same thing: entities known by one are united
  std::string name;               ///< becomes a synonym where the entity has a name already
  std::vector<std::string> synonyms;
  std::vector<std::string> xrefs;                            ///< "CHEMBL:CHEMBL25"
  std::vector<std::pair<std::string, std::string>> columns;  ///< "atc": "N02BA01"
};

struct LinkFacts {
  LinkKind kind = LinkKind::treats;
  std::uint32_t from = 0, to = 0;  ///< rows of the builder
  std::uint16_t source = 0;        ///< of add_source
  int direction = 0;
  float strength = std::numeric_limits<float>::quiet_NaN();
  std::string reference, note;
};

/// A row of an imported file that was not taken, or not whole.
struct RejectedRow {
  std::string file;
  std::int64_t line = 0;
  std::string reason;
  std::string row;  ///< as it stands, at most 1,000 bytes
};

class StoreBuilder {
 public:
  StoreBuilder();
  /// Starts from everything in `store`.
  explicit StoreBuilder(const Store& store);
  StoreBuilder(StoreBuilder&&) noexcept;
  StoreBuilder& operator=(StoreBuilder&&) noexcept;
  ~StoreBuilder();

  /// Everything in `store`, added.
  void add_store(const Store& store);

  /// Adds or merges; returns the row, which stays valid. Throws StorageError when the id is empty.
  std::uint32_t add_entity(const EntityFacts& facts);
  /// Row by id, else by cross-reference when exactly one entity has it, else -1.
  std::int64_t find(EntityKind kind, const std::string& id) const;
  /// Row by preferred name, else by synonym, each when exactly one entity has it (as comparable_name), else
  /// -1.
  std::int64_t find_named(EntityKind kind, const std::string& name) const;
  /// Makes `gone` part of `keep`; its links and ids go along.
  void unite(EntityKind kind, std::uint32_t keep, std::uint32_t gone);
  /// Another id for an entity that may not be there yet: whoever adds `other` means `id`, and
  /// who adds `id` gets `other` as a cross-reference. Not written.
  void add_alias(EntityKind kind, const std::string& other, const std::string& id);
  /// Adds a cross-reference unless another entity has it already. True when added or there already.
  bool add_xref(EntityKind kind, std::uint32_t row, const std::string& xref);

  std::size_t size(EntityKind kind) const;  ///< rows given out
  const std::string& id(EntityKind kind, std::uint32_t row) const;
  const std::string& name(EntityKind kind, std::uint32_t row) const;
  std::vector<std::string> names(EntityKind kind, std::uint32_t row) const;  ///< preferred name and synonyms
  std::string text(EntityKind kind, std::uint32_t row, const std::string& column) const;  ///< "" when none
  /// Replaces what the column holds.
  void set_text(EntityKind kind, std::uint32_t row, const std::string& column, const std::string& value);

  /// Where the SMILES of a drug came from, for the reject of one that does not parse.
  void note_structure(std::uint32_t drug, RejectedRow place);
  /// Drugs with SMILES and no key, with where they came from.
  std::vector<std::pair<std::uint32_t, RejectedRow>> structures_without_key() const;

  /// What is added from here on replaces equal links added before.
  void begin_import();
  /// A source is known by its name; a known one takes the new version, licence and file.
  std::uint16_t add_source(const Source& source);
  /// Why the link was not taken ("it closes a cycle ..."); empty when it was.
  std::string add_link(const LinkFacts& link);
  std::size_t link_count() const;  ///< added so far, copies included

  void reject(RejectedRow row);
  const std::vector<RejectedRow>& rejected() const;
  /// Forgets all but the first `keep` rejects.
  void forget_rejected(std::size_t keep);

  /// "Theriac 0.1.0; data to 2023": the program, and the newest version of a source that begins with a year.
  std::string created() const;

  struct Counts {
    std::size_t entities[entity_kinds] = {};
    std::size_t links[link_kinds] = {};
  };
  /// Sorts everything and publishes `path`: a temporary file, synced, renamed. What was there stays when
  /// writing fails. `created` is the attribute. Throws StorageError.
  Counts write(const std::string& path, const std::string& created);

 private:
  struct Implementation;
  std::vector<std::uint32_t> add_table(const EntityTable& table);
  std::unique_ptr<Implementation> implementation_;
};

/// Writes rows as CSV: file, line, reason, row. Removes an old file when there are none.
void write_rejects(const std::string& path, const std::vector<RejectedRow>& rows);
/// "full.rejects.csv" for "full.h5"; "full.triples.rejects.csv" with the part "triples".
std::string rejects_path(const std::string& store_path, const std::string& part = {});

/// "a|b" and "b|c" are "a|b|c": sorted, without repeats.
std::string united_list(const std::string& a, const std::string& b);

}  // namespace theriac::datasets
