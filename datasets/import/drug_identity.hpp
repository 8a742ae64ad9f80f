// Which drug of the store a record of a drug list is.
//
// Lists name DrugBank ids loosely: a prodrug, a salt and an ester carry the id of the parent, and one record
// may name two. Each id goes to the record whose name it has, else to the first record that no other id fits.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "datasets/import/import_run.hpp"

namespace theriac::datasets {

struct DrugRecord {
  std::string own_id;  ///< in the list: "DRUGCENTRAL:74"
  std::string name;
  std::vector<std::string> drugbank_ids;  ///< that the list gives
  std::string known_id;                   ///< of the drug of the store that it surely is; may be empty
  std::string inchikey;                   ///< may be empty
};

/// Per record the id to add it under: one of its DrugBank ids, or `own_id`; an own id that the store knows
/// already stays what it is there. What speaks against a DrugBank id: another structure, or another name with
/// no structure to compare; in a list that is `curated`, as DrugCentral is, an id that no other record fits
/// is taken all the same.
std::vector<std::string> drug_ids(const StoreBuilder& store, const std::vector<DrugRecord>& records,
                                  bool curated);

/// Row of a drug of DrugCentral: by its number, else by its name where one drug has it, else new; -1 and a
/// reject without a number.
std::int64_t drugcentral_drug(ImportRun& run, std::string_view number, const std::string& name);

/// Without the words "InChIKey=", and the first of several.
std::string plain_inchikey(std::string_view text);

/// Sets structure and InChIKey of a drug that has none yet; of several SMILES ("a| b") the first counts, and
/// suffixes after a blank are cut. Without a SMILES nothing happens. `place` is where it stands.
void give_structure(StoreBuilder& store, std::uint32_t row, std::string_view smiles,
                    std::string_view inchikey, const RejectedRow& place);
void give_structure(ImportRun& run, std::uint32_t row, std::string_view smiles, std::string_view inchikey);

}  // namespace theriac::datasets
