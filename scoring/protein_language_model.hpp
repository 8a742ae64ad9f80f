// A protein language model: how likely is each residue where it stands, and what does the network make of a
// sequence.
//
//     const auto model = scoring::ProteinLanguageModel::read("esm2_t12_35M_UR50D");
//     const auto vectors = model.pooled_embeddings({"MKTAYIAKQR", "GSHM"});  // 2 x model.width()
//
// Masked models (ESM-2, PepMLM) see both sides of a hidden residue; causal ones (ProGen2, Theriac's own,
// ProtGPT2) see what stands before it. Everything is computed in float32 on the processor by Theriac's own
// kernels (protein_engine.hpp), unless a device is given (protein_device.hpp). On the processor the numbers
// of a sequence depend on nothing but the sequence: not on the others in the call, nor on the number of
// threads, to the last bit. protein_reference.hpp computes the same in the plainest way and in double; tests
// hold the two to 1e-4 in the logits.
#pragma once
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "scoring/protein_device.hpp"
#include "scoring/protein_engine.hpp"
#include "scoring/protein_weights.hpp"

namespace theriac::scoring {

enum class Normalisation {
  whole,     ///< over all tokens of the model
  residues,  ///< over the twenty residues
};

/// log p of each residue, natural logarithm. Sum and mean leave out residues without one (NaN: a letter that
/// is none of the twenty, when they alone are asked for).
struct SequenceLikelihood {
  std::vector<double> log_p;  ///< one a residue, in the order of the sequence; GPT-2: one a token
  double sum() const;
  double mean() const;
  double perplexity() const;  ///< exp(-mean)
};

class ProteinLanguageModel {
 public:
  /// Folder or file, as read_protein_weights(). `simd` as docking_kernel(): "auto", "baseline", "avx2",
  /// "avx512".
  static ProteinLanguageModel read(const std::string& path, const std::string& simd = "auto");
  explicit ProteinLanguageModel(ProteinWeights weights, const std::string& simd = "auto");
  ProteinLanguageModel(ProteinLanguageModel&&) noexcept;
  ProteinLanguageModel& operator=(ProteinLanguageModel&&) noexcept;
  ~ProteinLanguageModel();

  const ProteinShape& shape() const { return shape_; }
  const ProteinTokens& tokens() const { return tokens_; }
  const std::vector<std::string>& warnings() const { return warnings_; }
  bool causal() const { return shape_.causal; }
  bool masked() const { return !shape_.causal; }
  int width() const { return shape_.width; }
  int layers() const { return shape_.layers; }
  int columns() const { return shape_.columns; }  ///< numbers in a row of logits
  const ProteinEngine& engine() const { return *engine_; }
  /// From here on whole rows go through this device, made from the weights of this model; decoding token by
  /// token stays on the processor.
  void compute_on(std::unique_ptr<ProteinDevice> device) { device_ = std::move(device); }
  /// The row with its positions. Throws UsageError when the model cannot read it, as hidden_states() does.
  TokenRow checked(const TokenRow& row) const;

  // --- rows of tokens; protein_decoder.hpp continues a row token by token

  /// What the model reads for a sequence, ends included.
  TokenRow row_of(const std::string& residues) const { return {tokens_.row_of(residues), {}}; }
  /// After the last norm: for all tokens of all rows one after another, width() numbers each. Throws
  /// UsageError for a row that is empty, too long, holds a number that is no token, or nothing but masks.
  std::vector<float> hidden_states(const std::vector<TokenRow>& rows) const;
  /// The same with columns() numbers each. Throws ModelError when the file holds no head.
  std::vector<float> logits(const std::vector<TokenRow>& rows) const;
  /// Logits at the named tokens only, row by row: `places[r]` are indices into rows[r].tokens.
  std::vector<float> logits_at(const std::vector<TokenRow>& rows,
                               const std::vector<std::vector<int>>& places) const;
  /// Causal: log p of tokens 1, 2 ... of each row, given those before; over all columns, or over those of
  /// `restrict_to` (a token that is not among them has log p of -infinity).
  std::vector<std::vector<double>> token_log_probabilities(const std::vector<TokenRow>& rows,
                                                           const std::vector<int>& restrict_to = {}) const;

  // --- sequences: any letters, see ProteinTokens::of_residues

  /// Sequences x width(): the mean of the last hidden states over the residues, ends left out. Long sequences
  /// are read in windows of residues_at_once() that overlap by half; a residue takes its vector from the
  /// window in whose middle it stands. GPT-2: the mean over tokens.
  std::vector<float> pooled_embeddings(const std::vector<std::string>& sequences) const;
  /// For each sequence residues x width().
  std::vector<std::vector<float>> residue_embeddings(const std::vector<std::string>& sequences) const;

  /// Masked: log p of the twenty residues (residue_order) at each of `positions` (from 0), that position
  /// hidden, one row of 20 after another. A sequence longer than residues_at_once() is cut to that many
  /// around the position.
  std::vector<double> masked_log_probabilities(const std::string& sequence, const std::vector<int>& positions,
                                               Normalisation over = Normalisation::residues) const;
  /// The same from one pass in which nothing is hidden: the wild-type marginals.
  std::vector<double> visible_log_probabilities(const std::string& sequence,
                                                const std::vector<int>& positions,
                                                Normalisation over = Normalisation::residues) const;

  /// Masked: the pseudo-likelihood, each residue hidden alone. Causal, one token a residue: the mean of log p
  /// read forwards and backwards (ProGen2 reads both ways; `forward_only` models once), over the letters A..Z
  /// of its table as its published script does (`whole`), or over the twenty; windows that overlap by half
  /// where a sequence is longer than the model reads.
  std::vector<SequenceLikelihood> log_likelihoods(const std::vector<std::string>& sequences,
                                                  Normalisation over = Normalisation::whole) const;
  /// As log_likelihoods, only the residues `first` .. `first + count - 1` of each: a peptide behind its
  /// target. Masked models only.
  SequenceLikelihood pseudo_likelihood(const std::string& sequence, int first, int count,
                                       Normalisation over = Normalisation::whole) const;

  /// 1022, or what the positions of the model allow.
  int residues_at_once() const;

 private:
  void require_head() const;
  std::vector<TokenRow> window_rows(const std::vector<int>& body, int& left,
                                    std::vector<std::array<int, 4>>& windows) const;
  TokenRow row_around(const std::vector<int>& body, int position, int& place) const;
  std::vector<double> residue_log_probabilities(const std::string& sequence,
                                                const std::vector<int>& positions, Normalisation over,
                                                bool hidden) const;
  std::vector<std::vector<double>> one_direction(const std::vector<std::vector<int>>& bodies, int start,
                                                 const std::vector<int>& over) const;
  std::vector<SequenceLikelihood> both_directions(const std::vector<std::string>& sequences,
                                                  Normalisation over) const;
  ProteinShape shape_;
  ProteinTokens tokens_;
  std::vector<std::string> warnings_;
  std::vector<float> head(const std::vector<float>& hidden) const;
  std::unique_ptr<ProteinEngine> engine_;
  std::unique_ptr<ProteinDevice> device_;
};

}  // namespace theriac::scoring
