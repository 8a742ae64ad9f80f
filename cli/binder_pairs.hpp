// Pairs of a target and a peptide that binds it, on which a model of binders can be measured honestly.
//
// Two sources in a folder: the test set of PepMLM (pepmlm_test203.tsv.gz: T. Chen et al., arXiv 2310.03842)
// and the pairs of PepNN's training part (pepnn_pdb_pairs.tsv.gz: O. Abdin et al., Commun. Biol. 5, 503
// (2022)) that the model held out. A target counts as seen when it shares a quarter of its three-residue
// words with a target whose pair was learned; unrelated proteins of 300 residues share about a twentieth.
#pragma once
#include <string>
#include <vector>

namespace theriac::cli {

enum class BinderSource { pepmlm, held_out };

struct BinderPair {
  std::string target, peptide;
  BinderSource source = BinderSource::pepmlm;
  std::size_t family = 0;  ///< targets that share a quarter of their words are of one family
};

struct BinderTest {
  std::vector<BinderPair> pairs;
  std::size_t families = 0;
  std::size_t offered = 0, odd_letters = 0, related = 0;  ///< pairs; the last two are left out
  std::vector<BinderPair> learned;                        ///< pairs that count as learned
};

/// `split` is split.tsv of the training run; empty: all pairs of PepNN's training part count as learned, and
/// none is held out. Throws InputError naming file and line: a table without its columns, a row cut short, a
/// split of other pairs.
BinderTest binder_test(const std::string& folder, const std::string& split);

}  // namespace theriac::cli
