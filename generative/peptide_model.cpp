#include "generative/peptide_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "chem/error.hpp"
#include "scoring/protein_decoder.hpp"
#include "scoring/protein_device.hpp"
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
  CausalContext(const scoring::ProteinLanguageModel& model, const std::string& target)
      : model_(model), read_(model, prompt_of(model, target), 1) {}

  std::vector<std::vector<double>> log_probabilities(
      const std::vector<std::string>& peptides) const override {
    std::vector<int> lengths;
    for (const auto& peptide : peptides) lengths.push_back(static_cast<int>(peptide.size()));
    std::vector<std::vector<double>> out(peptides.size());
    walk(lengths, [&](std::size_t i, int position, const std::vector<double>& row) {
      const char residue = peptides[i][static_cast<std::size_t>(position - 1)];
      out[i].push_back(row[static_cast<std::size_t>(chem::residue_number(residue))]);
      return residue;
    });
    return out;
  }

  std::vector<std::string> sampled(const std::vector<int>& lengths, const PeptideDesign& design,
                                   std::vector<chem::CounterRandom> random) const override {
    std::vector<std::string> out(lengths.size());
    walk(lengths, [&](std::size_t i, int position, const std::vector<double>& row) {
      return out[i] += drawn_residue(row.data(), design, position, random[i]), out[i].back();
    });
    return out;
  }

 private:
  static std::vector<int> prompt_of(const scoring::ProteinLanguageModel& model, const std::string& target) {
    std::vector<int> prompt = model.tokens().row_of(target);
    prompt.push_back(model.tokens().begin());
    return prompt;
  }

  /// All peptides side by side, one residue a step: `choose` is told the chances and says the residue.
  template <typename Choose>
  void walk(const std::vector<int>& lengths, const Choose& choose) const {
    std::vector<std::size_t> going;  // the longest first, so that what ends is cut off at the back
    for (std::size_t i = 0; i < lengths.size(); ++i)
      if (lengths[i] > 0) going.push_back(i);
    std::stable_sort(going.begin(), going.end(),
                     [&](std::size_t a, std::size_t b) { return lengths[a] > lengths[b]; });
    if (going.empty()) return;
    scoring::ProteinDecoder decoder = read_;
    decoder.keep(std::vector<int>(going.size(), 0));
    const auto columns = static_cast<std::size_t>(model_.columns());
    for (int position = 1;; ++position) {
      std::string residues;
      for (std::size_t k = 0; k < going.size(); ++k)
        residues += choose(going[k], position,
                           log_softmax(decoder.logits().data() + k * columns, model_.tokens().residues()));
      const std::size_t before = going.size();
      while (!going.empty() && lengths[going.back()] == position) going.pop_back();
      if (going.empty()) return;
      if (going.size() < before) {
        std::vector<int> kept(going.size());
        std::iota(kept.begin(), kept.end(), 0);
        decoder.keep(kept);
      }
      decoder.append(model_.tokens().of_residues(residues.substr(0, going.size())));
    }
  }

  const scoring::ProteinLanguageModel& model_;
  scoring::ProteinDecoder read_;
};

class CausalModel : public PeptideModel {
 public:
  explicit CausalModel(scoring::ProteinWeights weights)
      : source_(weights.source), model_(std::move(weights)) {}

  bool masked() const override { return false; }
  std::unique_ptr<PeptideContext> read_target(const std::string& target, int peptide_length) const override {
    return std::make_unique<CausalContext>(model_, last_residues(target, target_residues(peptide_length)));
  }
  int target_residues(int peptide_length) const override {
    const int longest = model_.shape().longest_row;
    return longest ? std::max(1, longest - peptide_length - 4) : 1 << 20;
  }
  std::string description() const override {
    return fmt::format("{}, causal: target, then the peptide residue by residue", source_);
  }

 private:
  std::string source_;
  scoring::ProteinLanguageModel model_;
};

// --- masked

class MaskedContext : public PeptideContext {
 public:
  MaskedContext(const scoring::ProteinLanguageModel& model, std::string target, Unmasking unmasking,
                Judgement judgement)
      : model_(model), target_(std::move(target)), unmasking_(unmasking), judgement_(judgement) {}

  std::vector<std::vector<double>> log_probabilities(
      const std::vector<std::string>& peptides) const override {
    if (judgement_ == Judgement::by_position) return pseudo_likelihoods(peptides);
    std::map<std::size_t, Rows> of_length;  // nothing of the peptide but its length is seen
    std::vector<std::vector<double>> out(peptides.size());
    for (std::size_t i = 0; i < peptides.size(); ++i) {
      const std::string& peptide = peptides[i];
      Rows& rows = of_length[peptide.size()];
      if (rows.empty()) rows = hidden_rows(std::string(peptide.size(), hidden));
      for (std::size_t k = 0; k < peptide.size(); ++k)
        out[i].push_back(rows[k][static_cast<std::size_t>(chem::residue_number(peptide[k]))]);
    }
    return out;
  }

  std::vector<std::string> sampled(const std::vector<int>& lengths, const PeptideDesign& design,
                                   std::vector<chem::CounterRandom> random) const override {
    std::map<std::string, Rows> of_start;  // the first pass is the same for all of a length
    std::vector<std::string> out;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
      std::string peptide(static_cast<std::size_t>(lengths[i]), hidden);
      for (const auto& [position, residue] : design.fixed)
        if (position <= lengths[i]) peptide[static_cast<std::size_t>(position - 1)] = residue;
      Rows& first = of_start[peptide];
      if (first.empty()) first = hidden_rows(peptide);
      out.push_back(unmasking_ == Unmasking::one_pass
                        ? filled(std::move(peptide), first, design, random[i])
                        : unmasked(std::move(peptide), first, design, random[i]));
    }
    return out;
  }

 private:
  using Rows = std::vector<std::vector<double>>;
  static constexpr char hidden = '\0';

  static std::string filled(std::string peptide, const Rows& rows, const PeptideDesign& design,
                            chem::CounterRandom& random) {
    for (std::size_t i = 0; i < peptide.size(); ++i)
      peptide[i] = drawn_residue(rows[i].data(), design, static_cast<int>(i) + 1, random);
    return peptide;
  }

  std::string unmasked(std::string peptide, Rows rows, const PeptideDesign& design,
                       chem::CounterRandom& random) const {
    while (peptide.find(hidden) != std::string::npos) {
      const std::size_t at = surest(peptide, rows);
      peptide[at] = drawn_residue(rows[at].data(), design, static_cast<int>(at) + 1, random);
      if (peptide.find(hidden) != std::string::npos) rows = hidden_rows(peptide);
    }
    return peptide;
  }

  static std::size_t surest(const std::string& peptide, const Rows& rows) {
    std::size_t best = 0;
    double highest = -1e300;
    for (std::size_t i = 0; i < peptide.size(); ++i) {
      if (peptide[i] != hidden) continue;
      const double likeliest = *std::max_element(rows[i].begin(), rows[i].end());
      if (likeliest > highest) highest = likeliest, best = i;
    }
    return best;
  }

  /// log p of each residue, it alone hidden; all rows of all peptides are read together.
  std::vector<std::vector<double>> pseudo_likelihoods(const std::vector<std::string>& peptides) const {
    std::vector<scoring::TokenRow> rows;
    std::vector<std::vector<int>> places;
    for (const auto& peptide : peptides) {
      const auto row = model_.row_of(target_ + peptide);
      for (std::size_t k = 0; k < peptide.size(); ++k) {
        const int place = static_cast<int>(target_.size() + k) + 1;  // behind <cls>
        rows.push_back(row);
        rows.back().tokens[static_cast<std::size_t>(place)] = model_.tokens().mask();
        places.push_back({place});
      }
    }
    const auto logits = model_.logits_at(rows, places);
    std::vector<std::vector<double>> out;
    const float* next = logits.data();
    for (const auto& peptide : peptides) {
      out.emplace_back();
      for (const char residue : peptide) {
        out.back().push_back(log_softmax(
            next, model_.tokens().residues())[static_cast<std::size_t>(chem::residue_number(residue))]);
        next += model_.columns();
      }
    }
    return out;
  }

  /// log p of the twenty at every position of a peptide some of whose residues are hidden.
  Rows hidden_rows(const std::string& peptide) const {
    std::string letters = peptide;
    std::replace(letters.begin(), letters.end(), hidden, 'A');
    scoring::TokenRow row = model_.row_of(target_ + letters);
    std::vector<int> places;
    for (std::size_t i = 0; i < peptide.size(); ++i) {
      places.push_back(static_cast<int>(target_.size() + i) + 1);  // behind <cls>
      if (peptide[i] == hidden) row.tokens[static_cast<std::size_t>(places.back())] = model_.tokens().mask();
    }
    const auto logits = model_.logits_at({row}, {places});
    Rows out;
    for (std::size_t i = 0; i < peptide.size(); ++i)
      out.push_back(log_softmax(logits.data() + i * static_cast<std::size_t>(model_.columns()),
                                model_.tokens().residues()));
    return out;
  }

  const scoring::ProteinLanguageModel& model_;
  std::string target_;
  Unmasking unmasking_;
  Judgement judgement_;
};

class MaskedModel : public PeptideModel {
 public:
  MaskedModel(const std::string& path, scoring::ProteinLanguageModel model, Unmasking unmasking,
              Judgement judgement)
      : source_(path), model_(std::move(model)), unmasking_(unmasking), judgement_(judgement) {}

  bool masked() const override { return true; }

  std::unique_ptr<PeptideContext> read_target(const std::string& target, int peptide_length) const override {
    return std::make_unique<MaskedContext>(model_, last_residues(target, target_residues(peptide_length)),
                                           unmasking_, judgement_);
  }
  int target_residues(int peptide_length) const override {
    return std::max(1, std::min(masked_row, model_.residues_at_once()) - peptide_length);
  }
  std::string description() const override {
    return fmt::format("{}, masked: {}; judged {}", source_,
                       unmasking_ == Unmasking::one_pass ? "all residues of the peptide in one pass"
                                                         : "the surest residue first, one after another",
                       judgement_ == Judgement::one_pass ? "in one pass, all hidden" : "residue by residue");
  }

 private:
  std::string source_;
  scoring::ProteinLanguageModel model_;
  Unmasking unmasking_;
  Judgement judgement_;
};

}  // namespace

std::vector<double> mean_log_probabilities(const PeptideContext& context,
                                           const std::vector<std::string>& peptides) {
  std::vector<double> out;
  for (const auto& log_p : context.log_probabilities(peptides))
    out.push_back(std::accumulate(log_p.begin(), log_p.end(), 0.0) / static_cast<double>(log_p.size()));
  return out;
}

std::unique_ptr<PeptideModel> read_peptide_model(const std::string& path, Unmasking unmasking,
                                                 Judgement judgement, const std::string& device) {
  auto weights = scoring::read_protein_weights(path);
  switch (weights.shape.family) {
    case scoring::ProteinFamily::progen2:
      if (device != "cpu" && device != "auto")
        throw UsageError(fmt::format("'{}' reads a peptide residue by residue, on the processor only", path),
                         "leave out --device; masked models (ESM-2, PepMLM) can use a GPU");
      return std::make_unique<CausalModel>(std::move(weights));
    case scoring::ProteinFamily::esm:
      return std::make_unique<MaskedModel>(path, scoring::model_on(std::move(weights), device), unmasking,
                                           judgement);
    default:
      throw ModelError(
          fmt::format("'{}' has tokens of several residues; peptides need one token a residue", path),
          "models of the ESM-2 and ProGen2 layouts do");
  }
}

}  // namespace theriac::generative
