// SPDX-License-Identifier: Apache-2.0
/*
 * The kernels of one CPU level. This file is compiled once per level with that level's flags; KERNEL_LEVEL names it.
 */
#include "base/hash.h"
#include "kernel/kernel_impl.h"

#if defined(__GNUC__) && !defined(__clang__)
/* loops are vectorised whatever -O the rest of the build has */
#pragma GCC optimize("O3")
#endif

#ifndef KERNEL_LEVEL
#define KERNEL_LEVEL baseline
#define KERNEL_CPU CPU_BASELINE
#endif

#define KPASTE_(a, b, c) a##_##b##_##c
#define KNAME(a, b, c) KPASTE_(a, b, c)

/* So that zero does not hash to zero. */
#define HASH_SEED 0x2545f4914f6cdd1du

#define KT int8_t
#define KS i8
#define KC uint32_t
#define KCLASS 0
#define KWIDE 0
#include "kernel/kernel_type.inc"

#define KT int16_t
#define KS i16
#define KC uint32_t
#define KCLASS 0
#define KWIDE 0
#include "kernel/kernel_type.inc"

#define KT int32_t
#define KS i32
#define KC uint32_t
#define KCLASS 0
#define KWIDE 0
#include "kernel/kernel_type.inc"

#define KT int64_t
#define KS i64
#define KC uint64_t
#define KCLASS 0
#define KWIDE 0
#include "kernel/kernel_type.inc"

#define KT i128
#define KS i128
#define KC u128
#define KCLASS 0
#define KWIDE 1
#include "kernel/kernel_type.inc"

#define KT uint8_t
#define KS u8
#define KC uint32_t
#define KCLASS 1
#define KWIDE 0
#include "kernel/kernel_type.inc"

#define KT uint16_t
#define KS u16
#define KC uint32_t
#define KCLASS 1
#define KWIDE 0
#include "kernel/kernel_type.inc"

#define KT uint32_t
#define KS u32
#define KC uint32_t
#define KCLASS 1
#define KWIDE 0
#include "kernel/kernel_type.inc"

#define KT uint64_t
#define KS u64
#define KC uint64_t
#define KCLASS 1
#define KWIDE 0
#include "kernel/kernel_type.inc"

#define KT u128
#define KS u128
#define KC u128
#define KCLASS 1
#define KWIDE 1
#include "kernel/kernel_type.inc"

#define KT float
#define KS f32
#define KC float
#define KCLASS 2
#define KWIDE 0
#include "kernel/kernel_type.inc"

#define KT double
#define KS f64
#define KC double
#define KCLASS 2
#define KWIDE 0
#include "kernel/kernel_type.inc"

/* ---- byte maps ---- */

static void mask_and(uint8_t *restrict out, const uint8_t *restrict a, const uint8_t *restrict b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = a[i] & b[i];
}

static void mask_or(uint8_t *restrict out, const uint8_t *restrict a, const uint8_t *restrict b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = a[i] | b[i];
}

static void mask_not(uint8_t *restrict out, const uint8_t *restrict a, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = a[i] == 0;
}

/* Eight at a time: runs of zeros and of ones are common behind sorted keys and bad or good filters. */
static size_t mask_indexes(uint32_t *restrict out, const uint8_t *restrict mask, size_t n)
{
	size_t count = 0, i = 0;
	for (; i + 8 <= n; i += 8) {
		uint64_t w;
		memcpy(&w, mask + i, 8);
		if (w == 0)
			continue;
		for (size_t k = 0; k < 8; k++) {
			out[count] = (uint32_t)(i + k);
			count += mask[i + k] != 0;
		}
	}
	for (; i < n; i++) {
		out[count] = (uint32_t)i;
		count += mask[i] != 0;
	}
	return count;
}

/* ---- by width ---- */

typedef uint64_t wide32 __attribute__((vector_size(32)));

#define KT uint8_t
#define KS w1
#include "kernel/kernel_width.inc"
#define KT uint16_t
#define KS w2
#include "kernel/kernel_width.inc"
#define KT uint32_t
#define KS w4
#include "kernel/kernel_width.inc"
#define KT uint64_t
#define KS w8
#include "kernel/kernel_width.inc"
#define KT u128
#define KS w16
#include "kernel/kernel_width.inc"
#define KT wide32
#define KS w32
#include "kernel/kernel_width.inc"

/* ---- the table ---- */

#define SHAPES(op, s) {op##_##s##_vv, op##_##s##_vc, op##_##s##_cv}
#define INTEGERS(op) \
	[PHYS_I8] = SHAPES(op, i8), [PHYS_I16] = SHAPES(op, i16), [PHYS_I32] = SHAPES(op, i32), [PHYS_I64] = SHAPES(op, i64), \
	[PHYS_I128] = SHAPES(op, i128), [PHYS_U8] = SHAPES(op, u8), [PHYS_U16] = SHAPES(op, u16), \
		[PHYS_U32] = SHAPES(op, u32), \
	[PHYS_U64] = SHAPES(op, u64), [PHYS_U128] = SHAPES(op, u128)
#define FLOATS(op) [PHYS_F32] = SHAPES(op, f32), [PHYS_F64] = SHAPES(op, f64)
#define WIDE(op) [PHYS_I256] = SHAPES(op, i256), [PHYS_U256] = SHAPES(op, u256)
#define ALL(op) {INTEGERS(op), FLOATS(op), WIDE(op)}
#define TOTAL(op) {INTEGERS(op), FLOATS(t##op), WIDE(op)}
#define EACH(op) \
	{[PHYS_I8] = op##_i8_v, [PHYS_I16] = op##_i16_v, [PHYS_I32] = op##_i32_v, [PHYS_I64] = op##_i64_v, \
	 [PHYS_I128] = op##_i128_v, [PHYS_I256] = op##_i256_v, [PHYS_U8] = op##_u8_v, [PHYS_U16] = op##_u16_v, \
	 [PHYS_U32] = op##_u32_v, [PHYS_U64] = op##_u64_v, [PHYS_U128] = op##_u128_v, [PHYS_U256] = op##_u256_v, \
	 [PHYS_F32] = op##_f32_v, [PHYS_F64] = op##_f64_v}
#define CASTS(s) \
	{[PHYS_I8] = s##_into_i8, [PHYS_I16] = s##_into_i16, [PHYS_I32] = s##_into_i32, [PHYS_I64] = s##_into_i64, \
	 [PHYS_I128] = s##_into_i128, [PHYS_I256] = s##_into_i256, [PHYS_U8] = s##_into_u8, [PHYS_U16] = s##_into_u16, \
	 [PHYS_U32] = s##_into_u32, [PHYS_U64] = s##_into_u64, [PHYS_U128] = s##_into_u128, [PHYS_U256] = s##_into_i256, \
	 [PHYS_F32] = s##_into_f32, [PHYS_F64] = s##_into_f64}
#define WIDTHS(op) {op##_w1_v, op##_w2_v, op##_w4_v, op##_w8_v, op##_w16_v, op##_w32_v}

const struct kernel_table KNAME(kernel, table, KERNEL_LEVEL) = {
	.level = KERNEL_CPU,
	.arith = {
		[KERNEL_ADD] = ALL(add), [KERNEL_SUB] = ALL(sub), [KERNEL_MUL] = ALL(mul), [KERNEL_DIV] = {FLOATS(div)},
		[KERNEL_MIN] = ALL(min), [KERNEL_MAX] = ALL(max), [KERNEL_AND] = {INTEGERS(and), WIDE(and)},
		[KERNEL_OR] = {INTEGERS(or), WIDE(or)}, [KERNEL_XOR] = {INTEGERS(xor), WIDE(xor)},
	},
	.checked = {
		[KERNEL_ADD] = {INTEGERS(cadd), [PHYS_I256] = SHAPES(cadd, i256)},
		[KERNEL_SUB] = {INTEGERS(csub), [PHYS_I256] = SHAPES(csub, i256)},
		[KERNEL_MUL] = {INTEGERS(cmul), [PHYS_I256] = SHAPES(cmul, i256)},
	},
	.compare = {
		[KERNEL_EQ] = ALL(eq), [KERNEL_NE] = ALL(ne), [KERNEL_LT] = ALL(lt), [KERNEL_LE] = ALL(le), [KERNEL_GT] = ALL(gt),
		[KERNEL_GE] = ALL(ge),
	},
	.compare_total = {
		[KERNEL_EQ] = TOTAL(eq), [KERNEL_NE] = TOTAL(ne), [KERNEL_LT] = TOTAL(lt), [KERNEL_LE] = TOTAL(le),
		[KERNEL_GT] = TOTAL(gt), [KERNEL_GE] = TOTAL(ge),
	},
	.cast = {
		[PHYS_I8] = CASTS(i8), [PHYS_I16] = CASTS(i16), [PHYS_I32] = CASTS(i32), [PHYS_I64] = CASTS(i64),
		[PHYS_I128] = CASTS(i128), [PHYS_I256] = CASTS(i256), [PHYS_U8] = CASTS(u8), [PHYS_U16] = CASTS(u16),
		[PHYS_U32] = CASTS(u32), [PHYS_U64] = CASTS(u64), [PHYS_U128] = CASTS(u128), [PHYS_U256] = CASTS(u256),
		[PHYS_F32] = CASTS(f32), [PHYS_F64] = CASTS(f64),
	},
	.negate = EACH(negate),
	.range = {
		[PHYS_I8] = range_i8_v, [PHYS_I16] = range_i16_v, [PHYS_I32] = range_i32_v, [PHYS_I64] = range_i64_v,
		[PHYS_I128] = range_i128_v, [PHYS_U8] = range_u8_v, [PHYS_U16] = range_u16_v, [PHYS_U32] = range_u32_v,
		[PHYS_U64] = range_u64_v, [PHYS_U128] = range_u128_v,
	},
	.hash = EACH(hash),
	.is_zero = EACH(zero),
	.is_nonzero = EACH(nonzero),
	.mask_and = mask_and,
	.mask_or = mask_or,
	.mask_not = mask_not,
	.mask_indexes = mask_indexes,
	.gather = WIDTHS(gather),
	.choose = WIDTHS(choose),
};
