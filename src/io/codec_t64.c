// SPDX-License-Identifier: Apache-2.0
/*
 * T64: values are taken 64 at a time as a bit matrix and the high bits that all share are left out.
 *
 *   u8   type's number, 0x80 added for variant 'bit'
 *   n    bytes as they are: size % width
 *   i64  minimum, i64 maximum of the block (u64 for unsigned types); no more where they are equal
 *        per 64 values, the last group filled up with zeros: `bits` words of 64 bits. Variant 'bit': word k holds bit k
 *        of each value. Variant 'byte': whole bytes come as 64 bytes, byte k of each value; only the last, partial byte
 *        comes as words of bits.
 *
 * bits = those in which minimum and maximum differ, and one for the sign where the block crosses zero.
 */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3") /* its -O2 leaves loops of unknown length as they are */
#endif
#include <assert.h>

#include "io/codec_impl.h"

enum { GROUP = 64, T64_HEADER = 1 + 16 };

/* ClickHouse's numbers; they never change. */
static const struct t64_type {
	uint8_t value, width;
	bool is_signed;
	uint8_t kind;
} t64_types[] = {
	{1, 1, false, CODEC_VALUE_UINT},     {2, 2, false, CODEC_VALUE_UINT},       {3, 4, false, CODEC_VALUE_UINT},
	{4, 8, false, CODEC_VALUE_UINT},     {6, 1, true, CODEC_VALUE_INT},         {7, 2, true, CODEC_VALUE_INT},
	{8, 4, true, CODEC_VALUE_INT},       {9, 8, true, CODEC_VALUE_INT},         {13, 2, false, CODEC_VALUE_DATE},
	{14, 4, false, CODEC_VALUE_DATETIME}, {15, 8, true, CODEC_VALUE_DATETIME64}, {17, 1, false, CODEC_VALUE_ENUM},
	{18, 2, false, CODEC_VALUE_ENUM},    {19, 4, true, CODEC_VALUE_DECIMAL},    {20, 8, true, CODEC_VALUE_DECIMAL},
	{21, 4, false, CODEC_VALUE_IPV4},    {22, 4, true, CODEC_VALUE_DATE32},     {23, 4, true, CODEC_VALUE_TIME},
	{24, 8, true, CODEC_VALUE_TIME64},
};

unsigned codec_t64_value(struct codec_value v)
{
	for (size_t i = 0; i < ARRAY_COUNT(t64_types); i++)
		if (t64_types[i].kind == v.kind && t64_types[i].width == v.width)
			return t64_types[i].value;
	return 0;
}

static const struct t64_type *type_of(unsigned value)
{
	for (size_t i = 0; i < ARRAY_COUNT(t64_types); i++)
		if (t64_types[i].value == value)
			return &t64_types[i];
	return NULL;
}

/* Bits in which two numbers differ, up from bit 0. */
static unsigned differing_bits(uint64_t a, uint64_t b)
{
	return a == b ? 0 : 64 - (unsigned)__builtin_clzll(a ^ b);
}

static unsigned bits_of(uint64_t min, uint64_t max, bool is_signed)
{
	int64_t low = (int64_t)min, high = (int64_t)max;
	if (is_signed && low < 0 && high >= 0)
		return differing_bits(0, low + high >= 0 ? max : ~min) + 1;
	return differing_bits(min, max);
}

/*
 * 64 bytes <-> 8 words, word k holding bit k of each byte. Each of eight words of eight bytes is transposed as an 8 x 8
 * bit matrix by three exchanges, then the eight words as an 8 x 8 byte matrix (Warren, Hacker's Delight, 7-3). Each
 * half undoes itself, so the way back is the halves in the other order. All eight words go in step, which is what a
 * compiler turns into vectors.
 */
static inline void transpose_bits(uint64_t x[8])
{
	for (int g = 0; g < 8; g++) {
		uint64_t t = (x[g] ^ x[g] >> 7) & 0x00aa00aa00aa00aau;
		x[g] ^= t ^ t << 7;
		t = (x[g] ^ x[g] >> 14) & 0x0000cccc0000ccccu;
		x[g] ^= t ^ t << 14;
		t = (x[g] ^ x[g] >> 28) & 0x00000000f0f0f0f0u;
		x[g] ^= t ^ t << 28;
	}
}

/* Exchanges the high part of *a with the low part of *b. */
static inline void exchange(uint64_t *a, uint64_t *b, unsigned shift, uint64_t low)
{
	uint64_t t = (*a >> shift ^ *b) & low;
	*b ^= t;
	*a ^= t << shift;
}

static inline void transpose_bytes(uint64_t x[8])
{
	for (int g = 0; g < 4; g++)
		exchange(&x[g], &x[g + 4], 32, 0x00000000ffffffffu);
	for (int g = 0; g < 8; g += 4) {
		exchange(&x[g], &x[g + 2], 16, 0x0000ffff0000ffffu);
		exchange(&x[g + 1], &x[g + 3], 16, 0x0000ffff0000ffffu);
	}
	for (int g = 0; g < 8; g += 2)
		exchange(&x[g], &x[g + 1], 8, 0x00ff00ff00ff00ffu);
}

static inline void bits_from_bytes(const uint8_t bytes[64], uint8_t words[64])
{
	uint64_t x[8];
	memcpy(x, bytes, 64);
	transpose_bits(x);
	transpose_bytes(x);
	memcpy(words, x, 64);
}

static inline void bytes_from_bits(const uint8_t words[64], uint8_t bytes[64])
{
	uint64_t x[8];
	memcpy(x, words, 64);
	transpose_bytes(x);
	transpose_bits(x);
	memcpy(bytes, x, 64);
}

/* 64 byte planes of a group to or from their place on disk; `bits` says which are whole. */
static inline void store_planes(uint8_t planes[][GROUP], unsigned bits, bool bit_variant, uint8_t *to)
{
	unsigned whole = bits / 8, part = bits % 8;
	for (unsigned b = 0; b < whole; b++, to += 64)
		if (bit_variant)
			bits_from_bytes(planes[b], to);
		else
			memcpy(to, planes[b], 64);
	if (part != 0) {
		uint8_t words[64];
		bits_from_bytes(planes[whole], words);
		memcpy(to, words, part * 8);
	}
}

static inline void load_planes(const uint8_t *src, unsigned bits, bool bit_variant, uint8_t planes[][GROUP])
{
	unsigned whole = bits / 8, part = bits % 8;
	for (unsigned b = 0; b < whole; b++, src += 64)
		if (bit_variant)
			bytes_from_bits(src, planes[b]);
		else
			memcpy(planes[b], src, 64);
	if (part != 0) {
		uint8_t words[64] = {0};
		memcpy(words, src, part * 8);
		bytes_from_bits(words, planes[whole]);
	}
}

#define T uint8_t
#define S int8_t
#define NAME(x) x##_1
#include "io/codec_t64_tmpl.h"
#undef T
#undef S
#undef NAME
#define T uint16_t
#define S int16_t
#define NAME(x) x##_2
#include "io/codec_t64_tmpl.h"
#undef T
#undef S
#undef NAME
#define T uint32_t
#define S int32_t
#define NAME(x) x##_4
#include "io/codec_t64_tmpl.h"
#undef T
#undef S
#undef NAME
#define T uint64_t
#define S int64_t
#define NAME(x) x##_8
#include "io/codec_t64_tmpl.h"
#undef T
#undef S
#undef NAME

size_t codec_t64_bound(size_t size)
{
	return T64_HEADER + size + GROUP * 8;
}

size_t codec_t64_encode(unsigned value, bool bit, const uint8_t *src, size_t size, uint8_t *to)
{
	const struct t64_type *type = type_of(value);
	assert(type != NULL);
	size_t skip = size % type->width, n = size / type->width;
	to[0] = (uint8_t)(value | (bit ? 0x80 : 0));
	memcpy(to + 1, src, skip);
	if (n == 0)
		return 1 + skip;
	src += skip;
	uint8_t *at = to + 1 + skip;
	uint64_t min, max;
	switch (type->width) {
	case 1:
		t64_range_1(src, n, type->is_signed, &min, &max);
		break;
	case 2:
		t64_range_2(src, n, type->is_signed, &min, &max);
		break;
	case 4:
		t64_range_4(src, n, type->is_signed, &min, &max);
		break;
	default:
		t64_range_8(src, n, type->is_signed, &min, &max);
	}
	memcpy(at, &min, 8);
	memcpy(at + 8, &max, 8);
	at += 16;
	unsigned bits = bits_of(min, max, type->is_signed);
	assert(bits <= 8u * type->width);
	if (bits == 0)
		return (size_t)(at - to);
	switch (type->width) {
	case 1:
		t64_encode_1(src, n, bits, bit, at);
		break;
	case 2:
		t64_encode_2(src, n, bits, bit, at);
		break;
	case 4:
		t64_encode_4(src, n, bits, bit, at);
		break;
	default:
		t64_encode_8(src, n, bits, bit, at);
	}
	return (size_t)(at - to) + (n + GROUP - 1) / GROUP * bits * 8;
}

bool codec_t64_decode(const uint8_t *src, size_t src_size, uint8_t *to, size_t size)
{
	if (src_size < 1)
		return false;
	const struct t64_type *type = type_of(src[0] & 0x7f);
	bool bit = src[0] & 0x80;
	if (type == NULL)
		return false;
	size_t skip = size % type->width, n = size / type->width;
	if (src_size < 1 + skip)
		return false;
	memcpy(to, src + 1, skip);
	if (n == 0)
		return true;
	if (src_size < 1 + skip + 16)
		return false;
	uint64_t min, max;
	memcpy(&min, src + 1 + skip, 8);
	memcpy(&max, src + 1 + skip + 8, 8);
	src += 1 + skip + 16;
	src_size -= 1 + skip + 16;
	to += skip;
	unsigned bits = bits_of(min, max, type->is_signed);
	if (bits > 8u * type->width || src_size != (n + GROUP - 1) / GROUP * bits * 8)
		return false;
	/* what the left-out bits are: those of the minimum; where the block crosses zero, the sign bit chooses */
	uint64_t above = bits == 64 ? 0 : min >> bits << bits, above_max = 0, sign = 0;
	if (type->is_signed && (int64_t)min < 0 && (int64_t)max >= 0 && bits < 64) {
		sign = (uint64_t)1 << (bits - 1);
		above_max = max >> bits << bits;
	}
	switch (type->width) {
	case 1:
		t64_decode_1(src, n, bits, bit, above, above_max, sign, to);
		break;
	case 2:
		t64_decode_2(src, n, bits, bit, above, above_max, sign, to);
		break;
	case 4:
		t64_decode_4(src, n, bits, bit, above, above_max, sign, to);
		break;
	default:
		t64_decode_8(src, n, bits, bit, above, above_max, sign, to);
	}
	return true;
}
