/* The long loops of sampling from a GraphPolicy: products with packed weights and the gates of a GRU, for a batch
 * of molecules, one molecule per SIMD lane.
 *
 * sampling_kernel.inc is the one source; it is compiled once per instruction set (sampling_kernel_baseline.cpp,
 * _avx2.cpp, _avx512.cpp). A lane never looks at another lane and sums run in one order, so the numbers of a
 * molecule do not depend on its neighbours in the batch. They may differ in the last bits between processors with
 * and without fused multiply-add.
 */
#pragma once

enum {
  sampling_kernel_lanes = 64,      /* columns of a block: molecules of a batch */
  sampling_panel_rows = 6   /* rows of weights that lie side by side */
};

struct SamplingKernel {
  const char* name;

  /* out[row * out_stride + lane] = bias[row] + sum over k of weights[row][k] * values[k * sampling_kernel_lanes + lane].
   * Weights are packed, w[((row / 6) * inputs + k) * 6 + row % 6], and padded with zeros to a multiple of 6 rows, as
   * are bias (null: zeros) and out. */
  void (*multiply)(int rows, int inputs, const float* weights, const float* bias, const float* values, float* out,
                   int out_stride);

  /* One step of a GRU layer (K. Cho et al., EMNLP 2014, in the form of cuDNN). Rows of `weights` and `bias` are reset,
   * update and new gate of unit 0, then of unit 1, ...; `units` is even; inputs of the weights are `units`.
   * `starts` (3 * units rows): what bias and input give, in that order. Reads hidden_in (units x lanes) and writes
   * hidden_out, which is another buffer. */
  void (*gru_step)(int units, const float* weights, const float* bias, const float* starts, const float* hidden_in,
                   float* hidden_out);

  /* out[i] = e^((in[i] - shift) * scale); count may be any number, the arrays are padded to a multiple of 16. */
  void (*exponentials)(const float* in, int count, float shift, float scale, float* out);
};
