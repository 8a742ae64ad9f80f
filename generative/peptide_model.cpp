#include "generative/peptide_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "chem/error.hpp"
#include "scoring/protein_continuation.hpp"
#include "scoring/protein_language_model.hpp"

namespace theriac::generative {
namespace {

constexpr int masked_row = 1022;  // residues that ESM-2 was trained on at once

std::vector<double> log_softmax(const float* logits, const std::vector<int>& of) {
  std::vector<double> out;
  double highest = -1e300, total = 0;
  for (const int token : of) highest = std::max(highest, static_cast<double>(logits[token]));
  for (const int token : of) total += std::exp(static_cast<double>(logits[token]) - highest);
  for (const int token : of) out.push_back(static_cast<double>(logits[token]) - highest - std::log(total));
  return out;
}

std::string last_residues(const std::string& target, int count) {
  const auto kept = static_cast<std::size_t>(std::max(1, count));
  return target.size() > kept ? target.substr(target.size() - kept) : target;
}

// --- causal

class CausalContext : public PeptideContext {
 public:
  CausalContext(const scoring::ProteinContinuation& network, const std::string& target) : network_(network) {
    const auto& tokens = network.weights().tokens;
    std::vector<int> row = tokens.row_of(target);
    row.push_back(tokens.begin());
    const std::vector<int> most(row.begin(), row.end() - 1), last(row.end() - 1, row.end());
    std::vector<float> logits;
    read_ = network.read(network.read({}, most), last, &logits);
    first_ = log_softmax(logits.data(), tokens.residues());
  }

  std::vector<double> log_probabilities(const std::string& peptide) const override {
    const auto& tokens = network_.weights().tokens;
    const auto ids = tokens.of_residues(peptide);
    std::vector<float> logits;
    if (ids.size() > 1) network_.read(read_, {ids.begin(), ids.end() - 1}, &logits);
    const auto columns = static_cast<std::size_t>(network_.weights().shape.columns);
    std::vector<double> out;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto row = i == 0 ? first_ : log_softmax(logits.data() + (i - 1) * columns, tokens.residues());
      out.push_back(row[static_cast<std::size_t>(chem::residue_number(peptide[i]))]);
    }
    return out;
  }

  std::string sampled(int length, const PeptideDesign& design, chem::CounterRandom& random) const override {
    const auto& tokens = network_.weights().tokens;
    std::string peptide;
    std::vector<double> row = first_;
    scoring::ReadTokens read = read_;
    for (int position = 1;; ++position) {
      peptide += drawn_residue(row.data(), design, position, random);
      if (position == length) return peptide;
      std::vector<float> logits;
      read = network_.read(read, tokens.of_residues(peptide.substr(peptide.size() - 1)), &logits);
      row = log_softmax(logits.data(), tokens.residues());
    }
  }

 private:
  const scoring::ProteinContinuation& network_;
  scoring::ReadTokens read_;
  std::vector<double> first_;
};

class CausalModel : public PeptideModel {
 public:
  explicit CausalModel(scoring::ProteinWeights weights) : network_(std::move(weights)) {}

  std::unique_ptr<PeptideContext> read_target(const std::string& target, int peptide_length) const override {
    return std::make_unique<CausalContext>(network_, last_residues(target, target_residues(peptide_length)));
  }
  int target_residues(int peptide_length) const override {
    const int longest = network_.weights().shape.longest_row;
    return longest ? std::max(1, longest - peptide_length - 4) : 1 << 20;
  }
  std::string description() const override {
    return fmt::format("{}, causal: target, then the peptide residue by residue", network_.weights().source);
  }

 private:
  scoring::ProteinContinuation network_;
};

// --- masked

class MaskedContext : public PeptideContext {
 public:
  MaskedContext(const scoring::ProteinLanguageModel& model, std::string target, Unmasking unmasking)
      : model_(model), target_(std::move(target)), unmasking_(unmasking) {}

  std::vector<double> log_probabilities(const std::string& peptide) const override {
    const auto rows = hidden_rows(std::string(peptide.size(), '\0'));
    std::vector<double> out;
    for (std::size_t i = 0; i < peptide.size(); ++i)
      out.push_back(rows[i][static_cast<std::size_t>(chem::residue_number(peptide[i]))]);
    return out;
  }

  std::string sampled(int length, const PeptideDesign& design, chem::CounterRandom& random) const override {
    std::string peptide(static_cast<std::size_t>(length), '\0');
    for (const auto& [position, residue] : design.fixed)
      peptide[static_cast<std::size_t>(position - 1)] = residue;
    if (unmasking_ == Unmasking::one_pass) {
      const auto rows = hidden_rows(peptide);
      for (std::size_t i = 0; i < peptide.size(); ++i)
        peptide[i] = drawn_residue(rows[i].data(), design, static_cast<int>(i) + 1, random);
      return peptide;
    }
    for (std::size_t hidden = peptide.find('\0'); hidden != std::string::npos; hidden = peptide.find('\0')) {
      const auto rows = hidden_rows(peptide);
      const std::size_t at = surest(peptide, rows);
      peptide[at] = drawn_residue(rows[at].data(), design, static_cast<int>(at) + 1, random);
    }
    return peptide;
  }

 private:
  static std::size_t surest(const std::string& peptide, const std::vector<std::vector<double>>& rows) {
    std::size_t best = 0;
    double highest = -1e300;
    for (std::size_t i = 0; i < peptide.size(); ++i) {
      if (peptide[i] != '\0') continue;
      const double likeliest = *std::max_element(rows[i].begin(), rows[i].end());
      if (likeliest > highest) highest = likeliest, best = i;
    }
    return best;
  }

  /// log p of the twenty at every position of a peptide whose hidden residues are '\0'.
  std::vector<std::vector<double>> hidden_rows(const std::string& peptide) const {
    std::string letters = peptide;
    std::replace(letters.begin(), letters.end(), '\0', 'A');
    scoring::TokenRow row = model_.row_of(target_ + letters);
    std::vector<int> places;
    for (std::size_t i = 0; i < peptide.size(); ++i) {
      places.push_back(static_cast<int>(target_.size() + i) + 1);  // behind <cls>
      if (peptide[i] == '\0') row.tokens[static_cast<std::size_t>(places.back())] = model_.tokens().mask();
    }
    const auto logits = model_.logits_at({row}, {places});
    std::vector<std::vector<double>> out;
    for (std::size_t i = 0; i < peptide.size(); ++i)
      out.push_back(log_softmax(logits.data() + i * static_cast<std::size_t>(model_.columns()),
                                model_.tokens().residues()));
    return out;
  }

  const scoring::ProteinLanguageModel& model_;
  std::string target_;
  Unmasking unmasking_;
};

class MaskedModel : public PeptideModel {
 public:
  MaskedModel(const std::string& path, scoring::ProteinWeights weights, Unmasking unmasking)
      : source_(path), model_(std::move(weights)), unmasking_(unmasking) {}

  std::unique_ptr<PeptideContext> read_target(const std::string& target, int peptide_length) const override {
    return std::make_unique<MaskedContext>(model_, last_residues(target, target_residues(peptide_length)),
                                           unmasking_);
  }
  int target_residues(int peptide_length) const override {
    return std::max(1, std::min(masked_row, model_.residues_at_once()) - peptide_length);
  }
  std::string description() const override {
    return fmt::format("{}, masked: {}", source_,
                       unmasking_ == Unmasking::one_pass ? "all residues of the peptide in one pass"
                                                         : "the surest residue first, one after another");
  }

 private:
  std::string source_;
  scoring::ProteinLanguageModel model_;
  Unmasking unmasking_;
};

}  // namespace

double mean_of(const std::vector<double>& numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), 0.0) / static_cast<double>(numbers.size());
}

std::unique_ptr<PeptideModel> read_peptide_model(const std::string& path, Unmasking unmasking) {
  auto weights = scoring::read_protein_weights(path);
  switch (weights.shape.family) {
    case scoring::ProteinFamily::progen2:
      return std::make_unique<CausalModel>(std::move(weights));
    case scoring::ProteinFamily::esm:
      return std::make_unique<MaskedModel>(path, std::move(weights), unmasking);
    default:
      throw ModelError(
          fmt::format("'{}' has tokens of several residues; peptides need one token a residue", path),
          "models of the ESM-2 and ProGen2 layouts do");
  }
}

}  // namespace theriac::generative
