// The knowledge store: drugs, targets, diseases and the links between them, one HDF5 file.
//
// Columnar: every column is one contiguous, uncompressed dataset, texts are one array of bytes and one of
// offsets, links are sorted by their first end and carry the offsets of each entity in both directions. A
// query therefore maps the file into memory and touches only the pages it needs. docs/store.md has the
// schema; it opens in h5py.
//
// Every link names the source it came from, with that source's licence, and the reference (PubMed id, trial,
// label) where the source gives one. Directions of effect are part of a link: an agonist raises its target.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "datasets/mapped_columns.hpp"

namespace theriac::datasets {

inline constexpr std::int64_t store_schema_version = 1;

enum class EntityKind : std::uint8_t {
  drug,         ///< id "DB00502" (DrugBank) where known
  target,       ///< one human gene and its protein; id is the Entrez gene id; name the HGNC symbol
  disease,      ///< id "DOID:7148" where known, else "UMLS:C..."
  pathway,      ///< Reactome, WikiPathways, PID
  process,      ///< Gene Ontology, all three domains; id "GO:0006915"
  anatomy,      ///< id "UBERON:0002107"
  side_effect,  ///< id UMLS concept
  drug_class    ///< pharmacological class
};
inline constexpr int entity_kinds = 8;

enum class LinkKind : std::uint8_t {
  // drug - disease
  treats,           ///< indicated, approved or in standard use; changes the course
  palliates,        ///< indicated for symptoms
  off_label,        ///< used without approval
  in_trial,         ///< trial not ended
  failed,           ///< trial terminated, withdrawn, suspended or negative; the note says why
  contraindicated,  ///< should not be given
  not_indicated,    ///< judged by curators to be no indication
  // drug - target
  binds,               ///< note: action ("inhibitor"); strength: -log10 of Kd, Ki or IC50 in mol/L
  changes_expression,  ///< of the gene, in treated cells; direction +1 up, -1 down
  docked,              ///< strength: docking score, kcal/mol
  predicted_affinity,  ///< strength: predicted -log10 Kd
  // drug - drug, drug - class, drug - side effect
  resembles_drug,  ///< by structure
  member_of,       ///< pharmacological class
  causes,          ///< side effect; strength: share of patients, 0 to 1, where known
  // disease - target
  associated,     ///< genetic, mechanistic; direction: the change of activity that would help
  expression_in,  ///< gene up (+1) or down (-1) in the disease
  // disease - disease, disease - anatomy
  resembles_disease,  ///< strength: e.g. enrichment of joint mention
  is_a,               ///< to the parent
  localizes,          ///< occurs in this anatomy
  // target - target, target - pathway, target - process, anatomy - target
  interacts,   ///< physical interaction, undirected: stored once, from the smaller index
  covaries,    ///< evolutionary rate covariation, undirected
  regulates,   ///< expression of the second changes on knock-down or over-expression of the first
  takes_part,  ///< in a pathway
  process_of,  ///< in a GO process, component or function
  expressed    ///< anatomy - target; direction +1 up, -1 down against other anatomies
};
inline constexpr int link_kinds = 25;

std::string entity_kind_name(EntityKind kind);  ///< "drug", "drug_class"
std::string link_kind_name(LinkKind kind);      ///< "treats", as in the file
/// Throw UsageError with the nearest name.
EntityKind entity_kind_from_name(const std::string& name);
LinkKind link_kind_from_name(const std::string& name);
/// What a kind of link joins: first and second end.
std::pair<EntityKind, EntityKind> link_ends(LinkKind kind);

/// May data under this licence be used and passed on?
enum class LicenceClass : std::uint8_t {
  permissive,      ///< public domain, CC0, CC BY, MIT, Apache, BSD
  share_alike,     ///< CC BY-SA, ODbL: works derived from it carry the same licence
  non_commercial,  ///< CC BY-NC and terms of use to that effect
  unstated         ///< nothing said, or mixed without a licence for each row
};
std::string licence_class_name(LicenceClass licence);
/// From a licence as sources write it: "CC BY-NC 4.0", "CC0 1.0". Unknown text is `unstated`.
LicenceClass licence_class(const std::string& licence);
LicenceClass licence_class_from_name(const std::string& name);  ///< throws UsageError

/// Texts in one array of bytes; text i reaches from offsets[i] to offsets[i + 1]. UTF-8, "" is missing.
struct TextColumn {
  ColumnView<char> bytes;
  ColumnView<std::uint64_t> offsets;  ///< size() + 1 entries

  std::size_t size() const { return offsets.empty() ? 0 : offsets.size() - 1; }
  std::string_view operator[](std::size_t i) const {
    return {bytes.first + offsets[i], static_cast<std::size_t>(offsets[i + 1] - offsets[i])};
  }
};

/// The entities of one kind; entity i is row i of every column. Rows are sorted by id.
struct EntityTable {
  EntityKind kind = EntityKind::drug;
  TextColumn id;        ///< unique within the kind
  TextColumn name;      ///< preferred name
  TextColumn synonyms;  ///< separated by '|'
  TextColumn
      xrefs;  ///< other ids, separated by '|': "CHEMBL:CHEMBL25|UMLS:C0003873|MESH:D001172|MONDO:0008383"

  std::size_t size() const { return id.size(); }
  /// A column that only this kind has; empty views when the file has none of that name.
  /// drug: smiles, key (canonical SMILES of the parent), inchikey, atc ('|'), status ("approved",
  /// "withdrawn", "clinical", "preclinical", ""), regions ("US|EU|JP"), route ('|'), mechanism, drug_type
  /// ("small molecule", "biologic", "combination"), phase ("Phase 2"). target: symbol, uniprot ('|'),
  /// sequence, family, structures (PDB ids, '|'). disease: slim ("1" for the terms of the Disease Ontology
  /// slim that Hetionet uses). process: domain. side_effect and anatomy: none.
  const TextColumn& text(const std::string& column) const;

  std::vector<std::pair<std::string, TextColumn>> columns;  ///< of this kind only, by name
};

/// Where links came from.
struct Source {
  std::string name;     ///< "Hetionet v1.0 CbG"
  std::string version;  ///< release or date of the data, as the source gives it
  std::string licence;  ///< as the source writes it
  LicenceClass licence_class = LicenceClass::unstated;
  std::string url;
  std::string file;    ///< name of the imported file, without its folder; several are separated by '|'
  std::string sha256;  ///< of that file; of several in their order
};

/// The links of one kind, sorted by (from, to); several links of one pair stay apart when their sources
/// differ. The offsets have one entry more than the kind of that end has entities, also when there are no
/// links.
struct LinkTable {
  LinkKind kind = LinkKind::treats;
  ColumnView<std::uint32_t> from, to;      ///< rows of the entity tables
  ColumnView<float> strength;              ///< unit by kind, above; NaN when not known
  ColumnView<std::int8_t> direction;       ///< +1 raises, -1 lowers, 0 not known
  ColumnView<std::uint16_t> source;        ///< index into Store::sources()
  TextColumn reference;                    ///< "PMID:10505536|NCT00000620", "" when the source gives none
  TextColumn note;                         ///< action, reason, phase
  ColumnView<std::uint64_t> from_offsets;  ///< links of first end i: from_offsets[i] to from_offsets[i + 1]
  ColumnView<std::uint32_t> by_to;         ///< link numbers sorted by (to, from)
  ColumnView<std::uint64_t> to_offsets;    ///< of by_to, per second end

  std::size_t size() const { return from.size(); }
  bool empty() const { return from.empty(); }
};

class Store {
 public:
  /// Maps a store for reading. Throws InputError (no such file), StorageError (not HDF5, damaged, another
  /// kind of HDF5 file, or a schema newer than this program: the message says which and what to do). Only
  /// the directory of columns is read. A table is checked when it is first asked for (offsets in order and in
  /// bounds, ids in range, links sorted; once, by whichever thread comes first), so entities(), links(),
  /// find() and name() throw StorageError for a damaged one; texts stay on disk until touched.
  static Store open(const std::string& path);
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  const std::string& path() const;
  std::int64_t schema_version() const;
  const std::string& created() const;  ///< program version and data date
  const std::vector<Source>& sources() const;
  const EntityTable& entities(EntityKind kind) const;  ///< possibly of size 0
  const LinkTable& links(LinkKind kind) const;         ///< possibly empty

  /// Row of an entity by its id; -1 when there is none.
  std::int64_t find(EntityKind kind, std::string_view id) const;

  /// One name of one entity: id, preferred name, synonym or cross-reference.
  struct Name {
    std::string_view text;  ///< lower case, single blanks, no punctuation at the ends
    EntityKind kind;
    std::uint32_t entity;
  };
  /// Sorted by text, then kind and entity: names are found by bisection.
  std::size_t name_count() const;
  Name name(std::size_t i) const;

 private:
  struct Implementation;
  explicit Store(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

/// As names are compared: lower case, runs of blanks and punctuation inside as one blank, trimmed; an
/// apostrophe is nothing ("Crohn's disease" = "crohns disease"); ids keep ':'.
std::string comparable_name(std::string_view name);

}  // namespace theriac::datasets
