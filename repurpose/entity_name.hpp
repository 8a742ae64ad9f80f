// Which disease, target or drug is meant by a name: ids, preferred names, synonyms and cross-references of
// the store, compared without case and punctuation.
//
// A name that means several things is never guessed: the error lists them. A name that means nothing here
// lists what comes near.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "datasets/store.hpp"

namespace theriac::repurpose {

/// An entity, and the name under which it was found.
struct NamedEntity {
  datasets::EntityKind kind = datasets::EntityKind::disease;
  std::uint32_t entity = 0;
  std::string id, name;  ///< preferred
  std::string matched;   ///< the name that fitted, as it stands in the store
};

/// The entity that `asked` names; ids of UniProt, UMLS, MeSH and the like may stand without their registry.
/// When a name belongs to several, one that bears it as its id or preferred name is meant. Throws InputError:
/// unknown (near names as the hint), or ambiguous (all of them in the message).
NamedEntity find_entity(const datasets::Store& store, datasets::EntityKind kind, const std::string& asked);

/// Entities whose names hold all words of `asked`, shortest first, then those within a few edits of it.
std::vector<NamedEntity> near_entities(const datasets::Store& store, datasets::EntityKind kind,
                                       const std::string& asked, std::size_t count = 6);

}  // namespace theriac::repurpose
