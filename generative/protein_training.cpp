#include "generative/protein_training.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

namespace theriac::generative {

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

std::string progen2_config(const ProteinShape& shape) {
  const nlohmann::ordered_json config = {{"model_type", "progen"},
                                         {"architectures", {"ProGenForCausalLM"}},
                                         {"vocab_size", protein_token::table_size},
                                         {"n_positions", shape.positions},
                                         {"n_ctx", shape.positions},
                                         {"n_embd", shape.width},
                                         {"n_layer", shape.layers},
                                         {"n_head", shape.heads},
                                         {"rotary_dim", shape.rotary},
                                         {"n_inner", nullptr},
                                         {"activation_function", "gelu_new"},
                                         {"layer_norm_epsilon", 1e-5},
                                         {"bos_token_id", 1},
                                         {"eos_token_id", 2},
                                         {"tie_word_embeddings", false}};
  return config.dump();
}

}  // namespace theriac::generative
