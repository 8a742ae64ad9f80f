// The metapaths behind the evidence lines: from a drug towards a disease, and from a drug to drugs like it.
//
// Letters as in Hetionet: C compound, G gene, D disease, PW pathway, GO process, A anatomy, PC class, AT
// group of the Anatomical Therapeutic Chemical classification, SE side effect; b binds, m acts on (a binding
// with a stated action), u raises and d lowers the expression, x both, p takes part, i interacts or includes,
// a associated, l localizes, r resembles, m (between diseases) mentioned together, t treats, c causes.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "datasets/store.hpp"
#include "repurpose/graph_tables.hpp"
#include "repurpose/path_count.hpp"

namespace theriac::repurpose {

/// What one step crosses: links of the store, if there are any.
struct Hop {
  datasets::EntityKind to = datasets::EntityKind::target;
  bool linked = true;  ///< false: the step stands for no link of the store
  datasets::LinkKind link = datasets::LinkKind::binds;
  bool backward = false;  ///< from the second end of the link to the first
  int direction = 0;      ///< of the link; 0: any
};

struct Walk {
  std::vector<Step> steps;
  std::vector<Distinct> distinct;
  std::vector<Hop> hops;  ///< one per step
};

/// What a walk from a drug ends in, before its last hop to the disease.
enum class WalkEnd : std::uint8_t { associated_gene, raised_gene, lowered_gene, organ, comentioned_disease };

struct MechanismLine {
  std::string name, meaning;
  Walk walk;
  WalkEnd end = WalkEnd::associated_gene;
};
std::vector<MechanismLine> mechanism_lines(const GraphTables& graph);
/// The last hop, to the disease.
Hop last_hop(WalkEnd end);

/// How the paths to drugs that are alike make a number.
enum class LikenessCount : std::uint8_t {
  sum,    ///< of all paths, damped by degree
  cosine  ///< of all paths, drugs compared by the cosine of what they have
};

/// Drugs that are alike in one respect; the first is the drug itself, a walk without steps.
struct DrugLikeness {
  std::string letters, meaning;
  Walk walk;
  LikenessCount count = LikenessCount::sum;
};
std::vector<DrugLikeness> drug_likenesses(const GraphTables& graph);

}  // namespace theriac::repurpose
