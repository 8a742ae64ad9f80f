// What a protein language model is made of, read from the files in which such models are published.
//
// One shape describes them all: tokens become vectors, layers of attention and a two-layer network change
// them, and a head turns them into one number per token. The families differ in a few places, and the files
// in their names and layouts; here everything stands in one order:
//   - ESM-1b, ESM-1v, ESM-2, PepMLM: A. Rives et al., PNAS 118, e2016239118 (2021); Z. Lin et al., Science
//   379,
//     1123 (2023). A file of fair-esm's own names is read too.
//   - ProGen2: E. Nijkamp et al., Cell Systems 14, 968 (2023). Its file mixes query, value and key in eight
//     groups; Theriac's own models are written the same way.
//   - GPT-2 (ProtGPT2): N. Ferruz et al., Nat. Commun. 13, 4348 (2022). Its matrices are transposed.
//
// A folder holds config.json and model.safetensors (or shards and model.safetensors.index.json) and the
// tokens; one safetensors file may hold all, with the text of config.json in its metadata under `config`.
#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "scoring/protein_tokens.hpp"

namespace theriac::scoring {

enum class PositionKind {
  rotary_halves,  ///< entry i is turned with entry i + half (ESM-2)
  rotary_pairs,   ///< entry 2i with 2i + 1 (ProGen2)
  learned,        ///< a vector is added to each token (ESM-1b, GPT-2)
};

struct ProteinShape {
  ProteinFamily family = ProteinFamily::esm;
  int layers = 0, width = 0, heads = 0;
  int inner = 0;       ///< width of the two-layer network
  int vocabulary = 0;  ///< rows of the embedding
  int columns = 0;     ///< of the head; 0: the file holds no head
  PositionKind positions = PositionKind::rotary_halves;
  int rotary = 0;       ///< entries of a head that are turned
  int longest_row = 0;  ///< tokens; 0: no limit
  double epsilon = 1e-5;
  bool causal = false;
  bool forward_only = false;       ///< causal, and never trained on reversed sequences
  bool parallel = false;           ///< attention and network read the same norm (ProGen2)
  bool tanh_gelu = false;          ///< the tanh form of GELU, not erf
  bool scale_scores = true;        ///< by 1 / sqrt(head width)
  bool token_dropout = false;      ///< ESM: 0.88 / (1 - share of masks), also when nothing is trained
  bool norm_embedding = false;     ///< ESM-1b
  bool dense_before_head = false;  ///< ESM: linear, GELU, norm before the head
  int head_width() const { return width / heads; }
};

/// y = weight x + bias; the weight is outputs x inputs, row by row. An empty bias is none.
struct LinearLayer {
  std::vector<float> weight, bias;
};
struct NormLayer {
  std::vector<float> weight, bias;
};

struct ProteinLayer {
  NormLayer norm, second_norm;  ///< second_norm is empty when parallel
  LinearLayer query, key, value, output, up, down;
};

struct ProteinWeights {
  ProteinShape shape;
  ProteinTokens tokens;
  std::vector<float> embedding;            ///< vocabulary x width
  std::vector<float> position_embedding;   ///< rows x width; of ESM row 2 is the first token's
  std::vector<double> rotary_frequencies;  ///< rotary / 2
  NormLayer embedding_norm, final_norm;
  std::vector<ProteinLayer> layers;
  LinearLayer dense;  ///< before the head
  NormLayer dense_norm;
  LinearLayer head;  ///< its weight is empty when it is the embedding

  std::map<std::string, std::string> metadata;
  std::string source, stored_as;      ///< "F32", "F16, F32"
  std::size_t parameters = 0;         ///< numbers in use
  std::vector<std::string> warnings;  ///< what was odd but not wrong
};

/// Rounding of rotary frequencies that a file does not hold: the reference does not round, but the public
/// ESM-2 weights were trained with frequencies rounded to float16.
enum class MissingFrequencies { exact, half_rounded };

/// Throws InputError when there is nothing at `path`, ModelError when what is there is no such model: every
/// shape, type and number is checked, and what is missing or surplus is named.
ProteinWeights read_protein_weights(const std::string& path,
                                    MissingFrequencies missing = MissingFrequencies::exact);

}  // namespace theriac::scoring
