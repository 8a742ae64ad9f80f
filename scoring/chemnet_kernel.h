/* The long loops of ChemNet: two LSTM layers for a batch of molecules, one molecule per SIMD lane.
 *
 * chemnet_kernel.inc is the one source; it is compiled once per instruction set (chemnet_kernel_baseline.cpp,
 * _avx2.cpp, _avx512.cpp). A lane never looks at another lane and sums run in one order, so the numbers of a
 * molecule do not depend on its neighbours in the batch. They may differ in the last bits between instruction
 * sets, because some have fused multiply-add.
 */
#pragma once

enum { chemnet_lanes = 32 };  /* molecules per batch */

/* Weights of one layer, packed: rows of unit 0 (input, forget, cell, output gate), unit 1, ...; eight rows side
 * by side, so w[((row / 8) * inputs + k) * 8 + row % 8]. `units` is even. */
struct ChemnetLayer {
  int units, inputs;
  const float* input_weights;   /* 4 * units x inputs */
  const float* hidden_weights;  /* 4 * units x units */
  const float* bias;            /* 4 * units */
};

struct ChemnetKernel {
  const char* name;
  /* One step. `start`: pre-activations from bias and input, one number per row, the same for all lanes; null:
   * computed here from `input` (inputs x lanes). Reads hidden_in (units x lanes), updates cell (units x lanes)
   * and writes hidden_out (units x lanes), which is another buffer. */
  void (*lstm_step)(const struct ChemnetLayer* layer, const float* start, const float* input,
                    const float* hidden_in, float* cell, float* hidden_out);
  /* The pre-activations from bias and input alone (4 * units x lanes). */
  void (*gate_starts)(const struct ChemnetLayer* layer, const float* input, float* out);
};
