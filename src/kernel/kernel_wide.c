// SPDX-License-Identifier: Apache-2.0
/* 256-bit integers: one source for all levels. */
#include "base/hash.h"
#include "kernel/kernel_impl.h"

#define WPASTE_(a, b) a##_##b
#define WNAME(a, b) WPASTE_(a, b)

static inline bool put(i256 v, i256 *o)
{
	*o = v;
	return false;
}

static inline bool put_bool(bool v, uint8_t *o)
{
	*o = v;
	return false;
}

static inline i256 bits_of(i256 x, i256 y, enum kernel_arith op)
{
	for (int k = 0; k < 4; k++)
		x.limb[k] = op == KERNEL_AND ? x.limb[k] & y.limb[k]
		            : op == KERNEL_OR ? x.limb[k] | y.limb[k]
		                              : x.limb[k] ^ y.limb[k];
	return x;
}

static inline bool same(i256 x, i256 y)
{
	return memcmp(&x, &y, sizeof x) == 0;
}

#define WRET void
#define WEND (void)
#define WOUT i256
#define WOP add_i256
#define WDO(x, y, o) put(u256_add(x, y), o)
#include "kernel/kernel_wide.inc"
#define WOP sub_i256
#define WDO(x, y, o) put(u256_sub(x, y), o)
#include "kernel/kernel_wide.inc"
#define WOP mul_i256
#define WDO(x, y, o) put(u256_mul(x, y), o)
#include "kernel/kernel_wide.inc"
#define WOP min_i256
#define WDO(x, y, o) put(i256_compare(x, y) < 0 ? (x) : (y), o)
#include "kernel/kernel_wide.inc"
#define WOP max_i256
#define WDO(x, y, o) put(i256_compare(x, y) > 0 ? (x) : (y), o)
#include "kernel/kernel_wide.inc"
#define WOP min_u256
#define WDO(x, y, o) put(u256_compare(x, y) < 0 ? (x) : (y), o)
#include "kernel/kernel_wide.inc"
#define WOP max_u256
#define WDO(x, y, o) put(u256_compare(x, y) > 0 ? (x) : (y), o)
#include "kernel/kernel_wide.inc"
#define WOP and_i256
#define WDO(x, y, o) put(bits_of(x, y, KERNEL_AND), o)
#include "kernel/kernel_wide.inc"
#define WOP or_i256
#define WDO(x, y, o) put(bits_of(x, y, KERNEL_OR), o)
#include "kernel/kernel_wide.inc"
#define WOP xor_i256
#define WDO(x, y, o) put(bits_of(x, y, KERNEL_XOR), o)
#include "kernel/kernel_wide.inc"
#undef WOUT

#define WOUT uint8_t
#define WOP eq_i256
#define WDO(x, y, o) put_bool(same(x, y), o)
#include "kernel/kernel_wide.inc"
#define WOP ne_i256
#define WDO(x, y, o) put_bool(!same(x, y), o)
#include "kernel/kernel_wide.inc"
#define WOP lt_i256
#define WDO(x, y, o) put_bool(i256_compare(x, y) < 0, o)
#include "kernel/kernel_wide.inc"
#define WOP le_i256
#define WDO(x, y, o) put_bool(i256_compare(x, y) <= 0, o)
#include "kernel/kernel_wide.inc"
#define WOP gt_i256
#define WDO(x, y, o) put_bool(i256_compare(x, y) > 0, o)
#include "kernel/kernel_wide.inc"
#define WOP ge_i256
#define WDO(x, y, o) put_bool(i256_compare(x, y) >= 0, o)
#include "kernel/kernel_wide.inc"
#define WOP lt_u256
#define WDO(x, y, o) put_bool(u256_compare(x, y) < 0, o)
#include "kernel/kernel_wide.inc"
#define WOP le_u256
#define WDO(x, y, o) put_bool(u256_compare(x, y) <= 0, o)
#include "kernel/kernel_wide.inc"
#define WOP gt_u256
#define WDO(x, y, o) put_bool(u256_compare(x, y) > 0, o)
#include "kernel/kernel_wide.inc"
#define WOP ge_u256
#define WDO(x, y, o) put_bool(u256_compare(x, y) >= 0, o)
#include "kernel/kernel_wide.inc"
#undef WOUT
#undef WRET
#undef WEND

#define WRET bool
#define WEND return
#define WOUT i256
#define WOP cadd_i256
#define WDO(x, y, o) i256_add_overflow(x, y, o)
#include "kernel/kernel_wide.inc"
#define WOP csub_i256
#define WDO(x, y, o) i256_sub_overflow(x, y, o)
#include "kernel/kernel_wide.inc"
#define WOP cmul_i256
#define WDO(x, y, o) i256_mul_overflow(x, y, o)
#include "kernel/kernel_wide.inc"

static inline i256 load(const void *in, size_t i)
{
	i256 v;
	memcpy(&v, (const char *)in + i * sizeof v, sizeof v);
	return v;
}

void negate_i256_v(void *out, const void *in, size_t n)
{
	for (size_t i = 0; i < n; i++)
		((i256 *)out)[i] = u256_negate(load(in, i));
}

void zero_i256_v(void *out, const void *in, size_t n)
{
	static const i256 zero;
	for (size_t i = 0; i < n; i++)
		((uint8_t *)out)[i] = same(load(in, i), zero);
}

void nonzero_i256_v(void *out, const void *in, size_t n)
{
	static const i256 zero;
	for (size_t i = 0; i < n; i++)
		((uint8_t *)out)[i] = !same(load(in, i), zero);
}

void hash_i256_v(uint64_t *hashes, const void *in, size_t n, bool combine)
{
	for (size_t i = 0; i < n; i++) {
		i256 v = load(in, i);
		uint64_t h = v.limb[0];
		for (int k = 1; k < 4; k++)
			h = hash_combine(h, v.limb[k]);
		h = hash_u64(h);
		hashes[i] = combine ? hash_combine(hashes[i], h) : h;
	}
}

/* ---- casts ---- */

void i256_into_i256(void *out, const void *in, size_t n)
{
	memcpy(out, in, n * sizeof(i256));
}

#define XT int8_t
#define XS i8
#define XWIDEN(x) i256_from_i64(x)
#include "kernel/kernel_wide_cast.inc"
#define XT int16_t
#define XS i16
#define XWIDEN(x) i256_from_i64(x)
#include "kernel/kernel_wide_cast.inc"
#define XT int32_t
#define XS i32
#define XWIDEN(x) i256_from_i64(x)
#include "kernel/kernel_wide_cast.inc"
#define XT int64_t
#define XS i64
#define XWIDEN(x) i256_from_i64(x)
#include "kernel/kernel_wide_cast.inc"
#define XT i128
#define XS i128
#define XWIDEN(x) i256_from_i128(x)
#include "kernel/kernel_wide_cast.inc"
#define XT uint8_t
#define XS u8
#define XWIDEN(x) u256_from_u64(x)
#include "kernel/kernel_wide_cast.inc"
#define XT uint16_t
#define XS u16
#define XWIDEN(x) u256_from_u64(x)
#include "kernel/kernel_wide_cast.inc"
#define XT uint32_t
#define XS u32
#define XWIDEN(x) u256_from_u64(x)
#include "kernel/kernel_wide_cast.inc"
#define XT uint64_t
#define XS u64
#define XWIDEN(x) u256_from_u64(x)
#include "kernel/kernel_wide_cast.inc"
#define XT u128
#define XS u128
#define XWIDEN(x) u256_from_u128(x)
#include "kernel/kernel_wide_cast.inc"

/* Whatever does not fit 255 bits becomes 0: floats of that size are no integers anyone meant. */
static i256 from_double(double v)
{
	return v > -5e76 && v < 5e76 ? i256_from_double(v) : (i256){{0, 0, 0, 0}};
}

void f64_into_i256(void *out, const void *in, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		double v;
		memcpy(&v, (const char *)in + i * sizeof v, sizeof v);
		((i256 *)out)[i] = from_double(v);
	}
}

void f32_into_i256(void *out, const void *in, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		float v;
		memcpy(&v, (const char *)in + i * sizeof v, sizeof v);
		((i256 *)out)[i] = from_double((double)v);
	}
}

void i256_into_f64(void *out, const void *in, size_t n)
{
	for (size_t i = 0; i < n; i++)
		((double *)out)[i] = i256_to_double(load(in, i));
}

void i256_into_f32(void *out, const void *in, size_t n)
{
	for (size_t i = 0; i < n; i++)
		((float *)out)[i] = (float)i256_to_double(load(in, i));
}

void u256_into_f64(void *out, const void *in, size_t n)
{
	for (size_t i = 0; i < n; i++)
		((double *)out)[i] = u256_to_double(load(in, i));
}

void u256_into_f32(void *out, const void *in, size_t n)
{
	for (size_t i = 0; i < n; i++)
		((float *)out)[i] = (float)u256_to_double(load(in, i));
}
