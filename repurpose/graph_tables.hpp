// What is known about drugs, targets and diseases, as tables of links ready for walks.
//
// The tables mirror a store (datasets/store.hpp): node i of a kind is row i of the store's table of that
// kind. Links are damped by degree (repurpose/bipartite.hpp). Treatments are kept as plain links, because
// every question hides some of them: those of the disease that is asked about.
//
// Groups of the Anatomical Therapeutic Chemical classification are nodes of their own: a drug with the code
// C09AA05 belongs to C09, C09A and C09AA. Codes and classes tell what a drug is used for; they are compared
// between drugs only, and no name of a class is ever compared with a name of a disease.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "datasets/store.hpp"
#include "repurpose/bipartite.hpp"

namespace theriac::repurpose {

struct GraphOptions {
  /// Only links under these licences; all when empty.
  std::vector<datasets::LicenceClass> licences;
  /// Treatments only from sources whose names begin like one of these; all when empty.
  std::vector<std::string> treatment_sources;
  /// Where actions on targets are mechanisms of action, not any stated effect on an enzyme: sources whose
  /// names begin like one of these. Where the store has none of them, every stated action counts.
  std::vector<std::string> mechanism_sources = {"DrugCentral 2016 targets", "Theriac starter tables"};
};

/// May links of this source be used?
bool allows(const GraphOptions& options, const datasets::Source& source);

struct GraphTables {
  std::size_t drugs = 0, targets = 0, diseases = 0;
  std::vector<std::string> atc_groups;  ///< codes

  Bipartite binds;       ///< drug - target
  Bipartite acts_on;     ///< drug - target: mechanisms of action
  Bipartite raises;      ///< drug - target: expression, in treated cells
  Bipartite lowers;      ///< drug - target: expression
  Bipartite expression;  ///< drug - target twice over: raised ones first, then lowered ones
  Bipartite member_of;   ///< drug - drug_class
  Bipartite coded;       ///< drug - atc_group
  Bipartite causes;      ///< drug - side_effect
  Bipartite resembles;   ///< drug - drug, by structure
  Bipartite interacts;   ///< target - target
  /// Tables of drugs with rows of length 1, for the likeness of drugs by cosine.
  Bipartite unit_targets, unit_classes, unit_codes, unit_effects;
  Bipartite takes_part;          ///< target - pathway
  Bipartite process_of;          ///< target - process
  Bipartite raised_in;           ///< anatomy - target
  Bipartite associated;          ///< disease - target
  Bipartite raised;              ///< disease - target: expression
  Bipartite lowered;             ///< disease - target: expression
  Bipartite localizes;           ///< disease - anatomy
  Bipartite similar;             ///< disease - disease, without a strength
  Bipartite comentioned;         ///< disease - disease; log(1 + enrichment)^3, not damped
  std::vector<Link> treatments;  ///< drug, disease; treats and palliates
  /// Per disease, its ancestors and descendants and itself: what is known of one tells about the other.
  std::vector<std::vector<std::uint32_t>> relatives;
  std::vector<std::vector<std::uint32_t>> parents;  ///< per disease, those directly above it

  static GraphTables from_store(const datasets::Store& store, const GraphOptions& options = {});
  /// Other tables than these are left empty where a graph has none: walks over them count nothing.
  /// Fills sizes of empty tables, `expression` and missing `relatives` and `parents`. Throws UsageError when
  /// tables do not fit.
  void complete();
};

}  // namespace theriac::repurpose
