/* The long loops of a message-passing network: products of many rows with one matrix, and sums of rows.
 *
 * message_kernel.inc is the one source; it is compiled once per instruction set (message_kernel_baseline.cpp,
 * _avx2.cpp, _avx512.cpp). A row never looks at another row and sums run in one order, so what is computed for a
 * molecule does not depend on the others. It may differ in the last bits between instruction sets, because some
 * have fused multiply-add.
 */
#pragma once

enum { message_kernel_rows = 12 }; /* rows of a product come in multiples of this */

struct MessageKernel {
  const char* name;
  int panel; /* columns of weights that lie side by side */

  /* out[r * out_stride + c] = start[r * start_stride + c] + sum over k of values[r * inputs + k] * weights[k][c],
   * and not below zero when `rectify` is set. Weights are packed, w[(c / panel * inputs + k) * panel + c % panel], and
   * `columns` is a multiple of `panel`; `rows` of message_kernel_rows. */
  void (*multiply)(int rows, int inputs, const float* values, int columns, const float* weights, const float* start,
                   int start_stride, float* out, int out_stride, int rectify);

  /* Of `count` numbers, a multiple of 16. */
  void (*sum)(int count, const float* a, const float* b, float* out);       /* out = a + b */
  void (*add)(int count, const float* a, float* sum);                       /* sum += a */
  void (*add_scaled)(int count, const float* a, float scale, float* sum);   /* sum += scale * a */
  void (*subtract)(int count, const float* a, const float* b, float* out);  /* out = a - b */
  void (*rectify)(int count, const float* a, float* out);                   /* out = max(a, 0) */
};
