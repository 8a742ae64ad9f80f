// The actions from which molecules are built, and the units that they add: atoms and ring motifs.
//
// A molecule grows unit by unit, breadth first (see graph_state.hpp). The actions, numbered from 0 without
// gaps, so that one softmax or one table of embeddings can cover them:
//
//     stop                        the molecule is finished
//     next focus                  go on to the next unit of the queue that still has open valence
//     add atom / add motif        a new unit on the site in focus; unit and bond order in one action
//     site p                      the focus is a motif: what comes next hangs on its atom p
//     entry p                     the new motif binds through its atom p (asked only where there is a choice)
//     close ring (order, unit)    a bond from the atom in focus to the earlier atom that is unit number
//     `unit` place extra k               the k-th one-off unit of a request (the second warhead of a linking
//     task)
//
// Units are numbered too: atom types first, then motifs by falling frequency. A vocabulary is made by
// counting a corpus (vocabulary_census.hpp) and kept in a file (vocabulary_file.hpp). Ring systems outside it
// are built atom by atom, in Kekule form, with ring closures.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "generative/action_set.hpp"
#include "generative/atom_type.hpp"
#include "generative/ring_motif.hpp"

namespace theriac::generative {

constexpr int max_graph_atoms = 128;  ///< of a growing molecule; also the most units that it can have
constexpr int max_extras = 3;         ///< one-off units of one request

/// What a vocabulary is made of, as it stands in its file.
struct VocabularyContents {
  struct AtomBond {
    int type = 0;   ///< index of an atom type
    int order = 1;  ///< of a bond that atoms of this type have in the corpus
  };
  struct Motif {
    std::string smiles;          ///< bare canonical SMILES; its atom order numbers the sites
    std::int64_t count = 0;      ///< in the corpus
    bool double_bonded = false;  ///< also bound through an exocyclic double bond
  };
  std::vector<AtomType> atom_types;
  std::vector<AtomBond> atom_bonds;
  std::vector<Motif> motifs;
  int largest_ring = 8;                   ///< of rings closed atom by atom
  int largest_molecule = 50;              ///< heavy atoms of the largest molecule counted
  std::int64_t molecules = 0;             ///< counted
  std::int64_t ring_systems = 0;          ///< counted in them
  std::int64_t covered_ring_systems = 0;  ///< of these, placed as motifs
  std::string corpus;                     ///< where it came from, in words
};

enum class ActionKind { stop, next_focus, add_atom, add_motif, site, entry, close_ring, place_extra };

/// The bond that a new unit makes must pair a charge, or not.
enum class Partner { none, cation, anion };

struct Addition {
  std::uint16_t unit = 0;         ///< unit type
  std::uint8_t order = 1;         ///< of the bond to the site
  std::uint8_t size = 1;          ///< heavy atoms
  std::uint8_t cost = 1;          ///< size and the atoms it then still owes (see AtomType), at most
  std::uint8_t partner_cost = 1;  ///< the same when the bond pairs its charge
};

class ActionVocabulary {
 public:
  /// Throws ModelError that names the entry: an unknown or repeated atom type, a motif that is not a bare
  /// ring system of known atom types in canonical SMILES, no carbon to grow with, a charge without any
  /// partner.
  explicit ActionVocabulary(VocabularyContents contents);

  const VocabularyContents& contents() const { return contents_; }

  // Units.
  int unit_count() const { return atom_type_count() + motif_count(); }
  int atom_type_count() const { return static_cast<int>(contents_.atom_types.size()); }
  int motif_count() const { return static_cast<int>(motifs_.size()); }
  bool is_motif(int unit) const { return unit >= atom_type_count(); }
  const AtomType& atom_type(int unit) const { return contents_.atom_types[static_cast<std::size_t>(unit)]; }
  const RingMotif& motif(int unit) const {
    return motifs_[static_cast<std::size_t>(unit - atom_type_count())];
  }
  int unit_size(int unit) const { return is_motif(unit) ? motif(unit).size() : 1; }
  /// Index of the type, or -1. `paired`: a charge with its partner beside it.
  int find_atom_type(int element, int charge, int valence, bool paired = false) const;
  /// A motif by the bare canonical SMILES that this RDKit writes. `numbering[k]` is the motif's number of the
  /// k-th atom of that SMILES.
  struct MotifMatch {
    int unit = 0;
    std::vector<std::uint8_t> numbering;
  };
  const MotifMatch* find_motif(const std::string& smiles) const;

  // Actions.
  static constexpr Action stop = 0, next_focus = 1;
  int size() const { return static_cast<int>(extra_base_) + max_extras; }
  ActionKind kind(Action a) const;
  const Addition& addition(Action a) const { return additions_[static_cast<std::size_t>(a - 2)]; }
  /// The action that adds `unit` by a bond of this order; empty when the corpus has no such bond.
  std::optional<Action> find_addition(int unit, int order) const;
  Action site(int position) const { return static_cast<Action>(site_base_ + position); }
  Action entry(int position) const { return static_cast<Action>(entry_base_ + position); }
  Action close_ring(int order, int unit) const {  ///< order 1 or 2
    return static_cast<Action>(closure_base_ + (order - 1) * max_graph_atoms + unit);
  }
  Action place_extra(int k) const { return static_cast<Action>(extra_base_ + k); }
  /// Atom of the motif that a site or entry action means.
  int position(Action a) const { return a >= entry_base_ ? a - entry_base_ : a - site_base_; }
  int closure_order(Action a) const { return (a - closure_base_) / max_graph_atoms + 1; }
  int closure_unit(Action a) const { return (a - closure_base_) % max_graph_atoms; }
  int extra(Action a) const { return a - extra_base_; }
  /// First actions of the blocks: additions, sites, entries, closures, extras. For tables of embeddings.
  int addition_base() const { return 2; }
  int addition_count() const { return static_cast<int>(additions_.size()); }
  int site_base() const { return site_base_; }
  int entry_base() const { return entry_base_; }
  int closure_base() const { return closure_base_; }
  int extra_base() const { return extra_base_; }
  /// "add C by a double bond", "site 3"; for messages and traces.
  std::string describe(Action a) const;

  // What legality is computed from.
  /// Atoms that an atom still asks for: bonds for its open valence when it keeps no hydrogens, and a partner
  /// for its charge. An upper bound of the cheapest way.
  int owed_atoms(const AtomType& type, int free, bool unpaired, bool has_double) const;
  /// Atoms of a motif through which it can bind, symmetry merged.
  MotifAtoms entries(int unit, int order, Partner partner) const;
  /// Additions by a bond of this order whose binding atom is `partner`.
  const ActionSet& additions(int order, Partner partner) const {
    return by_order_[static_cast<std::size_t>(order)][static_cast<std::size_t>(partner)];
  }
  /// Additions that cost at most so many atoms.
  const ActionSet& affordable(int atoms, bool pairs_charge) const;
  /// One addition of each unit: how a molecule can begin.
  const ActionSet& roots() const { return roots_; }

 private:
  void build_motif(std::size_t index);
  void build_additions();
  void build_costs();
  void build_sets();
  int motif_cost(int unit, int order, Partner partner) const;

  VocabularyContents contents_;
  std::vector<RingMotif> motifs_;
  std::unordered_map<std::string, MotifMatch> motif_by_smiles_;
  std::vector<Addition> additions_;
  std::vector<std::uint16_t> addition_of_;  ///< [unit * 3 + order - 1], or 0
  int site_base_ = 0, entry_base_ = 0, closure_base_ = 0, extra_base_ = 0;
  bool doubles_fill_ = false;             ///< an atom bound by a double bond owes nothing more
  int anion_cost_ = 0, cation_cost_ = 0;  ///< cheapest partner with all that it owes
  std::array<std::array<ActionSet, 3>, 4> by_order_;
  std::vector<ActionSet> affordable_, affordable_pairing_;
  ActionSet roots_;
};

}  // namespace theriac::generative
