/* The long loops of a transformer on the processor. protein_kernel.inc is the one source; it is compiled once per
 * instruction set (protein_kernel_baseline.cpp, _avx2.cpp, _avx512.cpp).
 *
 * Tokens lie side by side: a panel holds `lanes` tokens as rows of features, value[feature * lanes + token]. So every
 * loop over features or keys works on whole vectors of tokens, nothing is transposed between the steps, and a lane
 * never looks at another one but through attention: what is computed for a sequence does not depend on its neighbours,
 * on its place in a panel, or on threads. It may differ in the last bits between instruction sets.
 */
#pragma once

enum { protein_widest_head = 512 };
enum { protein_activation_none = 0, protein_activation_erf = 1, protein_activation_tanh = 2 };

/* y = W x + bias for `panels` panels. Weights are packed: weight[(j / rows * inputs + k) * rows + j % rows]; outputs
 * and bias are padded with zeros to a multiple of `rows`. */
struct ProteinProduct {
  int panels, inputs, outputs;
  const float *weight, *bias;
  const float* x;
  long x_stride; /* floats from one panel to the next */
  float* y;
  long y_stride;
  int add;        /* y += instead of y = */
  int activation; /* GELU, not with add */
};

/* One head, the queries of one panel. Keys and values of the sequence are tokens begin .. end - 1, counted over all
 * panels; query, key, value and out point at the head's first feature in a panel. */
struct ProteinAttention {
  int width, begin, end;
  int query_panel;
  int causal;
  float scale;
  const float *query, *key, *value; /* query: of the query panel; key, value: of panel 0 */
  long panel_stride;                /* of key and value */
  float* scores;                    /* (end - begin) * lanes floats of room */
  float* out;                       /* of the query panel; only the lanes of this sequence are written */
};

/* Keys and values of some tokens, in panels of their own. */
struct ProteinKeys {
  int count;
  const float *key, *value;
  long panel_stride;
};

/* One head, one new token, which attends to two stretches of tokens: what all continuations share, and its own. */
struct ProteinStep {
  int width;
  float scale;
  const float* query; /* query[k * lanes] */
  struct ProteinKeys shared, own;
  float* scores; /* room for both counts, each rounded up to a multiple of lanes */
  float* out;    /* out[k * lanes] */
};

struct ProteinKernel {
  const char* name;
  int lanes, rows;
  void (*product)(const struct ProteinProduct* p);
  /* (x - mean) / sqrt(variance + epsilon) * weight + bias of one panel, lane by lane */
  void (*norm)(int features, const float* x, const float* weight, const float* bias, float epsilon, float* y);
  /* turns `pairs` pairs of a head: entries a + i * step and b + i * step; cosine and sine: pairs x lanes */
  void (*rotate)(int pairs, float* a, float* b, int step, const float* cosine, const float* sine);
  void (*gelu)(long count, float* x, int activation); /* count: a multiple of lanes */
  void (*attend)(const struct ProteinAttention* a);
  void (*attend_step)(const struct ProteinStep* s);
};
