// The tokens of protein language models: which number stands for which letter, and how text becomes numbers.
//
// ESM has 33 tokens, one a residue, and puts <cls> and <eos> around a sequence (vocab.txt). ProGen2 has 30,
// with "1" and "2" for the N and the C terminus. GPT-2 models such as ProtGPT2 merge frequent runs of letters
// into one token (byte_pair_encoding.hpp).
//
// The reference tokenizers change input in silence: ESM's makes one <unk> of a run of unknown letters, so
// that every position behind it shifts, and ProGen2's drops them. `encode` does the same, to be comparable;
// `row_of` does not: it takes sequences, one token a residue, and says what it does not know.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "scoring/byte_pair_encoding.hpp"

namespace theriac::scoring {

enum class ProteinFamily {
  esm,      ///< ESM-1b, ESM-1v, ESM-2 and what was fine-tuned from them (PepMLM): masked
  progen2,  ///< ProGen2 and Theriac's own: causal, one token a residue
  gpt2,     ///< ProtGPT2: causal, tokens of several residues
};

/// The twenty residues in the order of all tables of Theriac.
constexpr const char* residue_order = "ACDEFGHIKLMNPQRSTVWY";

class ProteinTokens {
 public:
  /// The published tables.
  static ProteinTokens esm();
  /// `more`: names of the tokens behind the thirty.
  static ProteinTokens progen2(const std::vector<std::string>& more = {});
  /// Of a vocab.txt: one token a line. Throws ModelError when one of the twenty residues or a special token
  /// is missing or a token is there twice.
  static ProteinTokens esm(const std::string& vocabulary_text, const std::string& source);
  static ProteinTokens gpt2(BytePairEncoding encoding);
  /// For GPT-2 weights without vocabulary: numbers only; text is refused.
  static ProteinTokens unnamed_gpt2();

  ProteinFamily family() const { return family_; }
  std::size_t size() const { return names_.size(); }
  /// "<mask>", "A", "1"; "<token 31>" for a number without a name.
  std::string name(int token) const;
  /// -1 when there is none.
  int id(const std::string& name) const;
  /// Tokens of the letters in residue_order; empty for GPT-2, whose tokens are no residues.
  const std::vector<int>& residues() const { return residues_; }

  int padding() const { return padding_; }  ///< -1: there is none
  int mask() const { return mask_; }        ///< -1: there is none
  int begin() const { return begin_; }      ///< <cls>, "1", <|endoftext|>
  int end() const { return end_; }          ///< <eos>, "2", <|endoftext|>

  /// Text to tokens exactly as the reference does; for ESM with <cls> and <eos>.
  std::vector<int> encode(const std::string& text) const;
  /// Tokens to text, special ones left out for ESM.
  std::string decode(const std::vector<int>& tokens) const;

  /// Residues only, one token each: letters are read in upper case; U, O, B, Z, X, '-' and '.' are known to
  /// ESM, the first five to ProGen2. Another letter (J, '*') becomes X. Throws UsageError for GPT-2.
  std::vector<int> of_residues(const std::string& residues) const;
  /// What the model reads for a sequence: <cls> residues <eos>; 1 residues 2; for GPT-2 the training format,
  /// lines of 60 residues between <|endoftext|>.
  std::vector<int> row_of(const std::string& residues) const;

 private:
  const BytePairEncoding& encoding() const;
  void fill(ProteinFamily family, std::vector<std::string> names);
  ProteinFamily family_ = ProteinFamily::esm;
  std::vector<std::string> names_;
  std::vector<int> residues_, letters_;  ///< letters_: token of each of 128 characters, -1 for none
  int padding_ = -1, mask_ = -1, begin_ = -1, end_ = -1;
  std::shared_ptr<const BytePairEncoding> encoding_;
};

}  // namespace theriac::scoring
