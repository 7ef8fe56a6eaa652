// SPDX-License-Identifier: Apache-2.0
#ifndef BASE_WIDE_H
#define BASE_WIDE_H
/*
 * 128- and 256-bit integers. i128/u128 are the compiler's; i256/u256 are four little-endian 64-bit limbs in two's
 * complement, which is also their layout on disk and wire. All arithmetic wraps; the _overflow forms tell.
 */
#include <stdbool.h>
#include <stdint.h>
#include "base/str.h"

typedef __int128 i128;
typedef unsigned __int128 u128;

typedef struct {
	uint64_t limb[4];
} u256;
typedef u256 i256; /* the same bits; signed operations say so in their name */

static inline u256 u256_from_u64(uint64_t v)
{
	return (u256){{v, 0, 0, 0}};
}

static inline i256 i256_from_i64(int64_t v)
{
	uint64_t s = v < 0 ? ~(uint64_t)0 : 0;
	return (i256){{(uint64_t)v, s, s, s}};
}

static inline i256 i256_from_i128(i128 v)
{
	uint64_t s = v < 0 ? ~(uint64_t)0 : 0;
	return (i256){{(uint64_t)v, (uint64_t)((u128)v >> 64), s, s}};
}

static inline u256 u256_from_u128(u128 v)
{
	return (u256){{(uint64_t)v, (uint64_t)(v >> 64), 0, 0}};
}

static inline bool i256_negative(i256 a)
{
	return a.limb[3] >> 63;
}

/* true when the value does not fit; *out then wraps */
bool i256_to_i128(i256 a, i128 *out);
bool i256_to_i64(i256 a, int64_t *out);

static inline u256 u256_add(u256 a, u256 b)
{
	u256 r;
	u128 carry = 0;
	for (int i = 0; i < 4; i++) {
		carry += (u128)a.limb[i] + b.limb[i];
		r.limb[i] = (uint64_t)carry;
		carry >>= 64;
	}
	return r;
}

static inline u256 u256_negate(u256 a)
{
	return u256_add((u256){{~a.limb[0], ~a.limb[1], ~a.limb[2], ~a.limb[3]}}, u256_from_u64(1));
}

static inline u256 u256_sub(u256 a, u256 b)
{
	u256 r;
	uint64_t borrow = 0;
	for (int i = 0; i < 4; i++) {
		u128 t = (u128)a.limb[i] - b.limb[i] - borrow;
		r.limb[i] = (uint64_t)t;
		borrow = (uint64_t)(t >> 64) & 1;
	}
	return r;
}

/* The 10 limb products that reach the result. */
static inline u256 u256_mul(u256 a, u256 b)
{
	u256 r = {{0, 0, 0, 0}};
	for (int i = 0; i < 4; i++) {
		uint64_t carry = 0;
		for (int k = 0; i + k < 4; k++) {
			u128 t = (u128)a.limb[i] * b.limb[k] + r.limb[i + k] + carry;
			r.limb[i + k] = (uint64_t)t;
			carry = (uint64_t)(t >> 64);
		}
	}
	return r;
}

static inline int u256_compare(u256 a, u256 b)
{
	for (int i = 3; i >= 0; i--)
		if (a.limb[i] != b.limb[i])
			return a.limb[i] < b.limb[i] ? -1 : 1;
	return 0;
}

static inline int i256_compare(i256 a, i256 b)
{
	a.limb[3] ^= (uint64_t)1 << 63;
	b.limb[3] ^= (uint64_t)1 << 63;
	return u256_compare(a, b);
}

static inline bool u256_equal(u256 a, u256 b)
{
	return ((a.limb[0] ^ b.limb[0]) | (a.limb[1] ^ b.limb[1]) | (a.limb[2] ^ b.limb[2]) | (a.limb[3] ^ b.limb[3])) == 0;
}

static inline bool u256_is_zero(u256 a)
{
	return (a.limb[0] | a.limb[1] | a.limb[2] | a.limb[3]) == 0;
}

/* Shifts by 256 or more give 0; u256_shr brings zeros in, i256_shr the sign. */
static inline u256 u256_shl(u256 a, unsigned bits)
{
	u256 r = {{0, 0, 0, 0}};
	unsigned limbs = bits / 64, rest = bits % 64;
	for (unsigned i = limbs; i < 4; i++)
		r.limb[i] = a.limb[i - limbs] << rest | (rest != 0 && i > limbs ? a.limb[i - limbs - 1] >> (64 - rest) : 0);
	return r;
}

static inline u256 u256_shr(u256 a, unsigned bits)
{
	u256 r = {{0, 0, 0, 0}};
	unsigned limbs = bits / 64, rest = bits % 64;
	for (unsigned i = limbs; i < 4; i++)
		r.limb[i - limbs] = a.limb[i] >> rest | (rest != 0 && i < 3 ? a.limb[i + 1] << (64 - rest) : 0);
	return r;
}

static inline i256 i256_shr(i256 a, unsigned bits)
{
	u256 flip = i256_from_i64(i256_negative(a) ? -1 : 0);
	for (int i = 0; i < 4; i++)
		a.limb[i] ^= flip.limb[i];
	a = u256_shr(a, bits);
	for (int i = 0; i < 4; i++)
		a.limb[i] ^= flip.limb[i];
	return a;
}

bool u256_mul_overflow(u256 a, u256 b, u256 *out);
/* b != 0. */
void u256_divmod(u256 a, u256 b, u256 *quotient, u256 *remainder);
bool i256_add_overflow(i256 a, i256 b, i256 *out);
bool i256_sub_overflow(i256 a, i256 b, i256 *out);
bool i256_mul_overflow(i256 a, i256 b, i256 *out);
/* Truncates toward zero, the remainder has the sign of a; b != 0. */
void i256_divmod(i256 a, i256 b, i256 *quotient, i256 *remainder);
/* Correctly rounded. */
double i256_to_double(i256 a);
double u256_to_double(u256 a);
/* Truncates; |v| < 2^255. */
i256 i256_from_double(double v);

/* 10^n: n <= 19, 38 and 76. */
uint64_t pow10_u64(unsigned n);
i128 pow10_i128(unsigned n);
i256 pow10_i256(unsigned n);

/* Decimal text. `out` has room for 40 and 79 bytes; returns the bytes written (no NUL). */
unsigned u128_format(u128 v, char *out);
unsigned i128_format(i128 v, char *out);
unsigned u256_format(u256 v, char *out);
unsigned i256_format(i256 v, char *out);
/* Whole decimal text, an optional sign; false on anything else and on overflow. */
bool i128_parse(struct str s, i128 *out);
bool u128_parse(struct str s, u128 *out);
bool i256_parse(struct str s, i256 *out);
bool u256_parse(struct str s, u256 *out);

#endif
