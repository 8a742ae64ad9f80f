#include "generative/protein_evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "chem/counter_random.hpp"
#include "generative/residue_ngram.hpp"

namespace theriac::generative {
namespace {

constexpr int draws = 1000;

/// 95 % interval of a statistic of n things, by drawing them again.
Interval bootstrapped(std::size_t n, std::uint64_t seed,
                      const std::function<double(const std::vector<std::size_t>&)>& statistic) {
  std::vector<std::size_t> chosen(n);
  std::iota(chosen.begin(), chosen.end(), std::size_t{0});
  Interval out;
  out.value = statistic(chosen);
  std::vector<double> values;
  chem::CounterRandom random(seed, "proteins", "bootstrap");
  for (int d = 0; d < draws && n > 0; ++d) {
    for (auto& c : chosen) c = random.below(static_cast<std::uint32_t>(n));
    values.push_back(statistic(chosen));
  }
  std::sort(values.begin(), values.end());
  out.low = values.empty() ? out.value : values[draws / 40];
  out.high = values.empty() ? out.value : values[draws - 1 - draws / 40];
  return out;
}

}  // namespace

double ProteinLoss::nats_per_residue() const {
  const double total = std::accumulate(nats.begin(), nats.end(), 0.0);
  const auto n = std::accumulate(residues.begin(), residues.end(), std::int64_t{0});
  return total / static_cast<double>(std::max<std::int64_t>(1, n));
}

double ProteinLoss::perplexity() const {
  return std::exp(nats_per_residue());
}

ProteinLoss protein_loss(ProteinTrainer& trainer, const ProteinCorpus& corpus,
                         const std::vector<std::size_t>& records, int row) {
  const auto windows = protein_windows(corpus, records, row);
  const auto logs = trainer.residue_log_probabilities(windows.rows);
  std::vector<std::size_t> place(corpus.size(), 0);
  for (std::size_t k = 0; k < records.size(); ++k) place[records[k]] = k;
  ProteinLoss out;
  out.nats.assign(records.size(), 0);
  out.residues.assign(records.size(), 0);
  for (std::size_t i = 0; i < logs.size(); ++i) {
    if (windows.owner[i] < 0 || !protein_token::is_residue(windows.rows.target[i])) continue;
    const std::size_t k = place[static_cast<std::size_t>(windows.owner[i])];
    out.nats[k] -= static_cast<double>(logs[i]);
    ++out.residues[k];
  }
  return out;
}

ProteinLoss protein_loss(ProteinTrainer& trainer, const ProteinCorpus& corpus, int row) {
  std::vector<std::size_t> all(corpus.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return protein_loss(trainer, corpus, all, row);
}

std::vector<ProteinLoss> ngram_losses(const ProteinCorpus& learned, const ProteinCorpus& held_out) {
  constexpr int most = 5;
  ResidueNgram counted(most);
  for (std::size_t i = 0; i < learned.size(); ++i) counted.add(learned, i);
  std::vector<ProteinLoss> out(most);
  for (int n = 1; n <= most; ++n)
    for (std::size_t i = 0; i < held_out.size(); ++i) {
      auto& loss = out[static_cast<std::size_t>(n - 1)];
      std::int64_t residues = 0;
      loss.nats.push_back(counted.nats(held_out, i, n, residues));
      loss.residues.push_back(residues);
    }
  return out;
}

Interval perplexity_interval(const ProteinLoss& loss, std::uint64_t seed) {
  return bootstrapped(loss.nats.size(), seed, [&](const std::vector<std::size_t>& chosen) {
    double nats = 0, residues = 0;
    for (const std::size_t i : chosen) {
      nats += loss.nats[i];
      residues += static_cast<double>(loss.residues[i]);
    }
    return std::exp(nats / std::max(1.0, residues));
  });
}

BinderSpecificity binder_specificity(ProteinTrainer& trainer,
                                     const std::vector<std::pair<std::string, std::string>>& pairs,
                                     int others, int row, std::uint64_t seed) {
  const auto n = pairs.size();
  ProteinCorpus own, alone;
  for (const auto& [target, peptide] : pairs) {
    own.add_pair(target, peptide, static_cast<std::size_t>(row));
    alone.add({"", peptide});
  }
  const auto with_own = protein_loss(trainer, own, row);
  BinderSpecificity out;
  out.pairs = n;
  out.own = with_own.perplexity();
  out.alone = protein_loss(trainer, alone, row).perplexity();
  std::vector<double> wins(n, 0), compared(n, 0);
  ProteinLoss foreign;
  for (int k = 0; k < others; ++k) {
    chem::CounterRandom random(seed, "binders", "other targets", static_cast<std::uint64_t>(k));
    ProteinCorpus shuffled;
    std::vector<std::size_t> owner;
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t j = random.below(static_cast<std::uint32_t>(n));
      if (pairs[j].first == pairs[i].first) continue;
      shuffled.add_pair(pairs[j].first, pairs[i].second, static_cast<std::size_t>(row));
      owner.push_back(i);
    }
    const auto loss = protein_loss(trainer, shuffled, row);
    for (std::size_t s = 0; s < owner.size(); ++s) {
      foreign.nats.push_back(loss.nats[s]);
      foreign.residues.push_back(loss.residues[s]);
      wins[owner[s]] += with_own.nats[owner[s]] < loss.nats[s];
      ++compared[owner[s]];
    }
  }
  out.other = foreign.perplexity();
  out.share = bootstrapped(n, seed, [&](const std::vector<std::size_t>& chosen) {
    double won = 0, all = 0;
    for (const std::size_t i : chosen) {
      won += wins[i];
      all += compared[i];
    }
    return won / std::max(1.0, all);
  });
  return out;
}

}  // namespace theriac::generative
