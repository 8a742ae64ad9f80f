/* One number per lane: what the docking kernel calculates with. A lane is a chain.
 *
 * KERNEL_WIDTH lanes stand side by side in a vector. In C++ the vectors are those of GCC, in OpenCL C the built-in
 * ones; at width 1 they are plain numbers. Every function here is one or a few IEEE 754 operations per lane, the same in
 * every language and at every width. A comparison gives a mask, which is only ever used with &, |, no and pick.
 */
#include "scoring/docking_kernel.h"

#define KERNEL_JOIN_(a, b) a##b
#define KERNEL_JOIN(a, b) KERNEL_JOIN_(a, b)

#if KERNEL_WIDTH == 1
typedef float vf;
typedef int vi;
#elif defined(__OPENCL_VERSION__)
typedef KERNEL_JOIN(float, KERNEL_WIDTH) vf;
typedef KERNEL_JOIN(int, KERNEL_WIDTH) vi;
#else
typedef float vf __attribute__((vector_size(4 * KERNEL_WIDTH), may_alias));
typedef int vi __attribute__((vector_size(4 * KERNEL_WIDTH), may_alias));
#endif

/* Rows of lanes in memory. Where one work item is one chain, KERNEL_STRIDE chains stand between two rows of it. */
#ifndef KERNEL_STRIDE
#define KERNEL_STRIDE 1
#endif
typedef KERNEL_GLOBAL vf* Rows;
#define AT(rows, i) ((rows)[(i) * KERNEL_STRIDE])
#define FROM(rows, i) ((rows) + (i) * KERNEL_STRIDE)
#define ROWS(pointer) ((Rows)(pointer))
#define INT_ROW(pointer) ((KERNEL_GLOBAL vi*)(pointer))

#if defined(__OPENCL_VERSION__)
KERNEL_FUNCTION vf splat(float x) { return (vf)(x); }
KERNEL_FUNCTION vi splat_int(int x) { return (vi)(x); }
#else
#if KERNEL_WIDTH == 1
KERNEL_FUNCTION vf splat(float x) { return x; }
KERNEL_FUNCTION vi splat_int(int x) { return x; }
#else
KERNEL_FUNCTION vf splat(float x) { return x - vf{}; }
KERNEL_FUNCTION vi splat_int(int x) { return x - vi{}; }
#endif
#endif

KERNEL_FUNCTION vf pick(vi mask, vf a, vf b) { return mask ? a : b; }
KERNEL_FUNCTION vi pick_int(vi mask, vi a, vi b) { return mask ? a : b; }
KERNEL_FUNCTION vf smaller(vf a, vf b) { return a < b ? a : b; }
KERNEL_FUNCTION vf larger(vf a, vf b) { return a > b ? a : b; }

#if KERNEL_WIDTH == 1
KERNEL_FUNCTION vi no(vi mask) { return !mask; }
KERNEL_FUNCTION vf real(vi x) { return (float)x; }
KERNEL_FUNCTION vi whole(vf x) { return (int)x; }
#elif defined(__OPENCL_VERSION__)
KERNEL_FUNCTION vi no(vi mask) { return ~mask; }
KERNEL_FUNCTION vf real(vi x) { return KERNEL_JOIN(convert_float, KERNEL_WIDTH)(x); }
KERNEL_FUNCTION vi whole(vf x) { return KERNEL_JOIN(convert_int, KERNEL_WIDTH)(x); } /* truncates */
#else
KERNEL_FUNCTION vi no(vi mask) { return ~mask; }
KERNEL_FUNCTION vf real(vi x) { return __builtin_convertvector(x, vf); }
KERNEL_FUNCTION vi whole(vf x) { return __builtin_convertvector(x, vi); } /* truncates */
#endif

#if defined(__OPENCL_VERSION__)
#if KERNEL_WIDTH == 1
KERNEL_FUNCTION vf float_of_bits(vi x) { return as_float(x); }
KERNEL_FUNCTION vi bits_of_float(vf x) { return as_int(x); }
#else
KERNEL_FUNCTION vf float_of_bits(vi x) { return KERNEL_JOIN(as_float, KERNEL_WIDTH)(x); }
KERNEL_FUNCTION vi bits_of_float(vf x) { return KERNEL_JOIN(as_int, KERNEL_WIDTH)(x); }
#endif
#elif defined(__CUDACC__)
KERNEL_FUNCTION vf float_of_bits(vi x) { return __int_as_float(x); }
KERNEL_FUNCTION vi bits_of_float(vf x) { return __float_as_int(x); }
#elif KERNEL_WIDTH == 1
KERNEL_FUNCTION vf float_of_bits(vi x) { vf y; memcpy(&y, &x, sizeof y); return y; }
KERNEL_FUNCTION vi bits_of_float(vf x) { vi y; memcpy(&y, &x, sizeof y); return y; }
#else
KERNEL_FUNCTION vf float_of_bits(vi x) { return (vf)x; }
KERNEL_FUNCTION vi bits_of_float(vf x) { return (vi)x; }
#endif

/* Does the mask hold in some lane? */
KERNEL_FUNCTION int in_some_lane(vi mask) {
#if KERNEL_WIDTH == 1
  return mask != 0;
#elif defined(__OPENCL_VERSION__)
  return any(mask);
#elif defined(__AVX512F__) && KERNEL_WIDTH == 16
  return _mm512_test_epi32_mask((__m512i)mask, (__m512i)mask) != 0;
#elif defined(__AVX2__) && KERNEL_WIDTH == 8
  return _mm256_movemask_ps((__m256)mask) != 0;
#elif defined(__SSE2__) && KERNEL_WIDTH == 4
  return _mm_movemask_ps((__m128)mask) != 0;
#else
  int found = 0;
  for (int l = 0; l < KERNEL_WIDTH; ++l) found |= mask[l];
  return found != 0;
#endif
}

KERNEL_FUNCTION vf gather(KERNEL_GLOBAL const float* base, vi index) {
#if KERNEL_WIDTH == 1
  return base[index];
#elif defined(__OPENCL_VERSION__)
  int i[KERNEL_WIDTH];
  float out[KERNEL_WIDTH];
  KERNEL_JOIN(vstore, KERNEL_WIDTH)(index, 0, i);
  for (int l = 0; l < KERNEL_WIDTH; ++l) out[l] = base[i[l]];
  return KERNEL_JOIN(vload, KERNEL_WIDTH)(0, out);
#elif defined(__AVX512F__) && KERNEL_WIDTH == 16
  return (vf)_mm512_i32gather_ps((__m512i)index, base, 4);
#elif defined(__AVX2__) && KERNEL_WIDTH == 8
  return (vf)_mm256_i32gather_ps(base, (__m256i)index, 4);
#else
  vf out;
  for (int l = 0; l < KERNEL_WIDTH; ++l) out[l] = base[index[l]];
  return out;
#endif
}

/* base[index] and base[index + 1] */
KERNEL_FUNCTION void gather_pair(KERNEL_GLOBAL const float* base, vi index, vf* first, vf* second) {
#if defined(__AVX512F__) && KERNEL_WIDTH == 16 && !defined(__OPENCL_VERSION__)
  const __m512i i = (__m512i)index;
  const __m512 a = _mm512_castpd_ps(_mm512_i32gather_pd(_mm512_castsi512_si256(i), base, 4));
  const __m512 b = _mm512_castpd_ps(_mm512_i32gather_pd(_mm512_extracti64x4_epi64(i, 1), base, 4));
  const __m512i even = _mm512_set_epi32(30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
  const __m512i odd = _mm512_set_epi32(31, 29, 27, 25, 23, 21, 19, 17, 15, 13, 11, 9, 7, 5, 3, 1);
  *first = (vf)_mm512_permutex2var_ps(a, even, b);
  *second = (vf)_mm512_permutex2var_ps(a, odd, b);
#else
  *first = gather(base, index);
  *second = gather(base + 1, index);
#endif
}

/* To the nearest whole number, for |x| < 2^22. */
KERNEL_FUNCTION vf nearest(vf x) {
  const vf magic = splat(12582912.0f);
  return (x + magic) - magic;
}

/* 1 / sqrt(x), x > 0: integer guess and three Newton steps; relative error 2e-7. */
KERNEL_FUNCTION vf inverse_root(vf x) {
  const vf half_x = x * 0.5f;
  vf y = float_of_bits(0x5f3759df - (bits_of_float(x) >> 1));
  y = y * (1.5f - (half_x * y) * y);
  y = y * (1.5f - (half_x * y) * y);
  return y * (1.5f - (half_x * y) * y);
}

/* e^x for x <= 0, relative error 3e-6; 0 below -80. Minimax polynomial of 2^f on [-1/2, 1/2]. */
KERNEL_FUNCTION vf exp_negative(vf x) {
  const vf t = larger(x, splat(-80.0f)) * 1.44269504f;
  const vf n = nearest(t);
  const vf f = t - n;
  vf p = f * 0.009685697036813712f + 0.05592202579978295f;
  p = p * f + 0.24021865853750657f;
  p = p * f + 0.6931210358378779f;
  p = p * f + 1.0000001509681304f;
  return p * float_of_bits((whole(n) + 127) << 23);
}

/* sin and cos of x, |x| < 1e5; absolute error 1e-7. Minimax polynomials on [-pi/2, pi/2]. */
KERNEL_FUNCTION void sine_cosine(vf x, vf* sine, vf* cosine) {
  const vf n = nearest(x * 0.318309886f);
  vf r = x - n * 3.140625f;
  r = r - n * 9.67502593994140625e-4f;
  r = r - n * 1.509957990978376432e-7f;
  const vf q = r * r;
  vf s = q * 2.605224830282138e-06f - 0.00019809075249094255f;
  s = s * q + 0.008333051062794992f;
  s = s * q - 0.16666657991881645f;
  s = s * q + 0.9999999957327775f;
  vf c = q * 2.3153930530650513e-05f - 0.0013853704252597687f;
  c = c * q + 0.04166358468453911f;
  c = c * q - 0.49999905346654727f;
  c = c * q + 0.9999999534663423f;
  const vi flip = whole(n) << 31; /* odd half turns change both signs */
  *sine = float_of_bits(bits_of_float(s * r) ^ flip);
  *cosine = float_of_bits(bits_of_float(c) ^ flip);
}
