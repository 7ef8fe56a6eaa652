// SPDX-License-Identifier: Apache-2.0
#ifndef KERNEL_KERNEL_IMPL_H
#define KERNEL_KERNEL_IMPL_H
/* What the levels share: their tables, and the loops over 256-bit integers, which no instruction set helps. */
#include "kernel/kernel.h"

extern const struct kernel_table kernel_table_baseline;
#ifdef HAVE_X86_LEVELS
extern const struct kernel_table kernel_table_avx2, kernel_table_avx512;
#endif

#define WIDE_OP(op) \
	void op##_vv(void *out, const void *a, const void *b, size_t n), \
		op##_vc(void *out, const void *a, const void *b, size_t n), \
		op##_cv(void *out, const void *a, const void *b, size_t n)
#define WIDE_CHECKED(op) \
	bool op##_vv(void *out, const void *a, const void *b, size_t n), \
		op##_vc(void *out, const void *a, const void *b, size_t n), \
		op##_cv(void *out, const void *a, const void *b, size_t n)
WIDE_OP(add_i256); WIDE_OP(sub_i256); WIDE_OP(mul_i256); WIDE_OP(min_i256); WIDE_OP(max_i256);
WIDE_OP(min_u256); WIDE_OP(max_u256); WIDE_OP(and_i256); WIDE_OP(or_i256); WIDE_OP(xor_i256);
WIDE_OP(eq_i256); WIDE_OP(ne_i256); WIDE_OP(lt_i256); WIDE_OP(le_i256); WIDE_OP(gt_i256); WIDE_OP(ge_i256);
WIDE_OP(lt_u256); WIDE_OP(le_u256); WIDE_OP(gt_u256); WIDE_OP(ge_u256);
WIDE_CHECKED(cadd_i256); WIDE_CHECKED(csub_i256); WIDE_CHECKED(cmul_i256);

/* the same bits for both signs */
#define add_u256_vv add_i256_vv
#define add_u256_vc add_i256_vc
#define add_u256_cv add_i256_cv
#define sub_u256_vv sub_i256_vv
#define sub_u256_vc sub_i256_vc
#define sub_u256_cv sub_i256_cv
#define mul_u256_vv mul_i256_vv
#define mul_u256_vc mul_i256_vc
#define mul_u256_cv mul_i256_cv
#define and_u256_vv and_i256_vv
#define and_u256_vc and_i256_vc
#define and_u256_cv and_i256_cv
#define or_u256_vv or_i256_vv
#define or_u256_vc or_i256_vc
#define or_u256_cv or_i256_cv
#define xor_u256_vv xor_i256_vv
#define xor_u256_vc xor_i256_vc
#define xor_u256_cv xor_i256_cv
#define eq_u256_vv eq_i256_vv
#define eq_u256_vc eq_i256_vc
#define eq_u256_cv eq_i256_cv
#define ne_u256_vv ne_i256_vv
#define ne_u256_vc ne_i256_vc
#define ne_u256_cv ne_i256_cv
#define negate_u256_v negate_i256_v
#define zero_u256_v zero_i256_v
#define nonzero_u256_v nonzero_i256_v
#define hash_u256_v hash_i256_v

void negate_i256_v(void *out, const void *in, size_t n);
void zero_i256_v(void *out, const void *in, size_t n);
void nonzero_i256_v(void *out, const void *in, size_t n);
void hash_i256_v(uint64_t *hashes, const void *in, size_t n, bool combine);

#define WIDE_CASTS(s) \
	void i256_into_##s(void *out, const void *in, size_t n), s##_into_i256(void *out, const void *in, size_t n)
WIDE_CASTS(i8); WIDE_CASTS(i16); WIDE_CASTS(i32); WIDE_CASTS(i64); WIDE_CASTS(i128);
WIDE_CASTS(u8); WIDE_CASTS(u16); WIDE_CASTS(u32); WIDE_CASTS(u64); WIDE_CASTS(u128);
WIDE_CASTS(f32); WIDE_CASTS(f64);
void i256_into_i256(void *out, const void *in, size_t n);
void u256_into_f32(void *out, const void *in, size_t n);
void u256_into_f64(void *out, const void *in, size_t n);
#define u256_into_i8 i256_into_i8
#define u256_into_i16 i256_into_i16
#define u256_into_i32 i256_into_i32
#define u256_into_i64 i256_into_i64
#define u256_into_i128 i256_into_i128
#define u256_into_i256 i256_into_i256
#define u256_into_u8 i256_into_u8
#define u256_into_u16 i256_into_u16
#define u256_into_u32 i256_into_u32
#define u256_into_u64 i256_into_u64
#define u256_into_u128 i256_into_u128

#endif
