// SPDX-License-Identifier: Apache-2.0
#ifndef BASE_BITS_H
#define BASE_BITS_H
/*
 * Bits and bitmaps.
 *
 * A bitmap is an array of 64-bit words; bit i is bit i % 64 of word i / 64, so in memory the bits stand as in Arrow.
 * It has bits_words(n) words, and bits from n on in the last word are zero: who writes whole words keeps that with
 * bits_clear_tail(). A byte map has one byte a row, 0 or 1 (any other value reads as 1).
 */
#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "words, disk and wire share the byte order");

/* Leading and trailing zeros; 64 (or 32) for zero. */
static inline unsigned clz64(uint64_t v)
{
	return v == 0 ? 64 : (unsigned)__builtin_clzll(v);
}

static inline unsigned ctz64(uint64_t v)
{
	return v == 0 ? 64 : (unsigned)__builtin_ctzll(v);
}

static inline unsigned clz32(uint32_t v)
{
	return v == 0 ? 32 : (unsigned)__builtin_clz(v);
}

static inline unsigned ctz32(uint32_t v)
{
	return v == 0 ? 32 : (unsigned)__builtin_ctz(v);
}

static inline unsigned popcount64(uint64_t v)
{
	return (unsigned)__builtin_popcountll(v);
}

/* Bits needed to write v: 0 for 0, 64 for UINT64_MAX. */
static inline unsigned bit_width64(uint64_t v)
{
	return 64 - clz64(v);
}

static inline bool is_pow2(uint64_t v)
{
	return v != 0 && (v & (v - 1)) == 0;
}

/* The least power of two >= v; 1 for 0. v <= 2^63. */
static inline uint64_t round_up_pow2(uint64_t v)
{
	assert(v <= (uint64_t)1 << 63);
	return v <= 1 ? 1 : (uint64_t)1 << bit_width64(v - 1);
}

/* The least multiple of `step`, a power of two, that is >= v. */
static inline uint64_t round_up_to(uint64_t v, uint64_t step)
{
	assert(is_pow2(step));
	return (v + step - 1) & ~(step - 1);
}

/* The n lowest bits set; n <= 64. */
static inline uint64_t low_mask64(unsigned n)
{
	return n >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << n) - 1;
}

static inline size_t bits_words(size_t n)
{
	return (n + 63) / 64;
}

static inline bool bit_get(const uint64_t *bits, size_t i)
{
	return bits[i / 64] >> (i % 64) & 1;
}

static inline void bit_set(uint64_t *bits, size_t i)
{
	bits[i / 64] |= (uint64_t)1 << (i % 64);
}

static inline void bit_clear(uint64_t *bits, size_t i)
{
	bits[i / 64] &= ~((uint64_t)1 << (i % 64));
}

/* Without a branch, for loops. */
static inline void bit_put(uint64_t *bits, size_t i, bool value)
{
	uint64_t *w = &bits[i / 64];
	*w = (*w & ~((uint64_t)1 << (i % 64))) | (uint64_t)value << (i % 64);
}

static inline void bits_clear_tail(uint64_t *bits, size_t n)
{
	if (n % 64 != 0)
		bits[n / 64] &= low_mask64(n % 64);
}

/* Sets or clears [from, to). */
void bits_fill(uint64_t *bits, size_t from, size_t to, bool value);
/* Set bits in [from, to). */
size_t bits_count(const uint64_t *bits, size_t from, size_t to);
/* The first set (clear) bit in [from, to), or `to`. */
size_t bits_next_set(const uint64_t *bits, size_t from, size_t to);
size_t bits_next_clear(const uint64_t *bits, size_t from, size_t to);
/* The last set bit in [0, to), or SIZE_MAX. */
size_t bits_last_set(const uint64_t *bits, size_t to);
/* Whether the first n bits are all clear (all set). */
bool bits_none(const uint64_t *bits, size_t n);
bool bits_all(const uint64_t *bits, size_t n);
bool bits_equal(const uint64_t *a, const uint64_t *b, size_t n);

/* Over the words of n bits; `out` may be one of the operands. bits_not() keeps the tail clear. */
void bits_and(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t n);
void bits_or(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t n);
void bits_xor(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t n);
void bits_andnot(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t n); /* a & ~b */
void bits_not(uint64_t *out, const uint64_t *a, size_t n);

/* Copies n bits from bit `from` of `source` to bit `to` of `out`; the ranges do not overlap; other bits of out stay. */
void bits_copy(uint64_t *out, size_t to, const uint64_t *source, size_t from, size_t n);

/* n bits, from bit `from` on, to n bytes of 0 or 1. */
void bits_to_bytes(uint8_t *out, const uint64_t *bits, size_t from, size_t n);
/* n bytes to the bitmap of which are not zero; writes bits_words(n) words, the tail clear. */
void bits_from_bytes(uint64_t *out, const uint8_t *bytes, size_t n);
/* Indexes of the set bits of [0, n), ascending; `out` has room for all of them and 8 more. Returns how many. */
size_t bits_to_indexes(uint32_t *out, const uint64_t *bits, size_t n);
/* Indexes of the bytes that are not zero, ascending; `out` has room for n. Returns how many. */
size_t bytes_to_indexes(uint32_t *out, const uint8_t *bytes, size_t n);
/* Bytes that are not zero. */
size_t bytes_count(const uint8_t *bytes, size_t n);

/* Eight bytes, bit i of b in byte i: a lone bit in each byte is carried to its top by adding 0x7f. */
static inline uint64_t spread8(uint8_t b)
{
	uint64_t x = b * (uint64_t)0x0101010101010101 & 0x8040201008040201;
	return (x + 0x7f7f7f7f7f7f7f7f) >> 7 & 0x0101010101010101;
}

/* 1 in each byte of x that is not zero, else 0. */
static inline uint64_t bytes_nonzero8(uint64_t x)
{
	const uint64_t low = 0x7f7f7f7f7f7f7f7f;
	return (((x & low) + low) | x) >> 7 & 0x0101010101010101;
}

/* The inverse of spread8(): the product lines the eight bits up in the top byte, without carries. */
static inline uint8_t gather8(uint64_t x)
{
	return (uint8_t)((x * 0x0102040810204080) >> 56);
}

#endif
