// What StoreBuilder keeps in memory, shared by the files that fill it and the one that writes it.
#pragma once
#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "datasets/store_builder.hpp"

namespace theriac::datasets {

constexpr std::uint32_t no_row = 0xffffffff;

struct EntityRecord {
  std::string id, name;
  std::vector<std::string> synonyms, xrefs;  ///< sorted, without repeats
  std::vector<std::string> columns;          ///< as EntityRecords::column_names; may be shorter
  std::uint32_t became = no_row;             ///< the row that this one was united with
};

struct EntityRecords {
  std::vector<EntityRecord> rows;
  std::vector<std::string> column_names;
  std::unordered_map<std::string, std::uint32_t> by_id;
  std::unordered_map<std::string, std::string> aliases;
  std::unordered_map<std::string, std::vector<std::string>>
      expected;  ///< aliases of an id that is not there yet
  std::unordered_map<std::string, std::uint32_t> by_xref, by_name, by_synonym;  ///< no_row: several have it

  std::size_t column(const std::string& column_name);  ///< made when new
  std::uint32_t final_row(std::uint32_t row) const;
};

/// A text that many links share, kept once; 0 is "".
class SharedTexts {
 public:
  SharedTexts() { number(""); }
  std::uint32_t number(const std::string& text);
  const std::string& operator[](std::uint32_t number) const { return texts_[number]; }

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::deque<std::string> texts_;
};

struct LinkRecord {
  std::uint32_t from, to;
  float strength;
  std::uint32_t reference, note;  ///< in SharedTexts
  std::uint32_t import;           ///< later imports replace earlier ones
  std::uint16_t source;
  std::int8_t direction;
};

struct StoreBuilder::Implementation {
  std::array<EntityRecords, entity_kinds> entities;
  std::array<std::vector<LinkRecord>, link_kinds> links;
  std::vector<Source> sources;
  SharedTexts texts;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> parents;  ///< is_a, as rows
  std::vector<RejectedRow> rejected;
  std::unordered_map<std::uint32_t, RejectedRow> structures;  ///< where a SMILES came from
  std::uint32_t import = 0;

  EntityRecords& of(EntityKind kind) { return entities.at(static_cast<std::size_t>(kind)); }
  const EntityRecords& of(EntityKind kind) const { return entities.at(static_cast<std::size_t>(kind)); }
  std::uint32_t row_of_new(EntityRecords& records, const EntityFacts& facts);
  void take(EntityKind kind, std::uint32_t row, const EntityFacts& facts);
  void unite(EntityKind kind, std::uint32_t keep, std::uint32_t gone);
  void prefer_id(EntityKind kind, std::uint32_t row, const std::string& id);
  bool reaches(std::uint32_t start, std::uint32_t goal) const;
};

/// True for kinds of links without direction.
bool is_undirected(LinkKind kind);

/// The links of one kind as they are written: ends renumbered by `from_rank` and `to_rank` (final row -> row
/// in the file), equal ones united, sorted by (from, to, source).
std::vector<LinkRecord> united_links(const std::vector<LinkRecord>& links, LinkKind kind,
                                     const std::vector<std::uint32_t>& from_rank,
                                     const std::vector<std::uint32_t>& to_rank,
                                     const std::vector<std::uint16_t>& source_rank, SharedTexts& texts);

}  // namespace theriac::datasets
