// SPDX-License-Identifier: Apache-2.0
/*
 * Codecs for time series, after "Gorilla: a fast, scalable, in-memory time series database" (Pelkonen et al., 2015), in
 * ClickHouse's form. Behind the prefix both have a u32 count of values, then
 *
 *   DoubleDelta: the first value; where there are two, their difference; then bits per value for dd, the difference of
 *                differences:   0                                  dd = 0
 *                               10     sign  6 bits of |dd| - 1    -63 < dd < 64
 *                               110    sign  8 bits                -255 < dd < 256
 *                               1110   sign 11 bits                -2047 < dd < 2048
 *                               11110  sign 31 bits                INT32_MIN < dd < INT32_MAX
 *                               11111  sign 63 bits
 *   Gorilla:     the first value; then bits per value for x, its XOR with the one before:
 *                               0                                  x = 0
 *                               10  bits of x                      in the window of the last 11
 *                               11  leading zeros, length, bits    a new window; log2(width * 8) bits and one more
 */
#include <assert.h>

#include "io/bitstream.h"
#include "io/codec_impl.h"

/* prefix bits, prefix, data bits with the sign; by how many ones the prefix begins with */
static const struct dd_form {
	uint8_t prefix_bits, prefix, data_bits;
} dd_forms[6] = {{1, 0, 0}, {2, 2, 7}, {3, 6, 9}, {4, 14, 12}, {5, 30, 32}, {5, 31, 64}};

/* By the first five bits: how many, with the prefix and without. */
static const uint8_t dd_skip[32] = {
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 9, 9, 9, 9, 9, 9, 9, 9, 12, 12, 12, 12, 16, 16, 37, 69,
};
static const uint8_t dd_data[32] = {
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 7, 7, 7, 7, 7, 7, 7, 9, 9, 9, 9, 12, 12, 32, 64,
};

static inline const struct dd_form *dd_form_of(int64_t dd)
{
	if (dd > -63 && dd < 64)
		return &dd_forms[1];
	if (dd > -255 && dd < 256)
		return &dd_forms[2];
	if (dd > -2047 && dd < 2048)
		return &dd_forms[3];
	return &dd_forms[dd > INT32_MIN && dd < INT32_MAX ? 4 : 5];
}

#define T uint8_t
#define S int8_t
#define NAME(x) x##_1
#define GORILLA_LENGTH_BITS 4
#include "io/codec_series_tmpl.h"
#undef T
#undef S
#undef NAME
#undef GORILLA_LENGTH_BITS
#define T uint16_t
#define S int16_t
#define NAME(x) x##_2
#define GORILLA_LENGTH_BITS 5
#include "io/codec_series_tmpl.h"
#undef T
#undef S
#undef NAME
#undef GORILLA_LENGTH_BITS
#define T uint32_t
#define S int32_t
#define NAME(x) x##_4
#define GORILLA_LENGTH_BITS 6
#include "io/codec_series_tmpl.h"
#undef T
#undef S
#undef NAME
#undef GORILLA_LENGTH_BITS
#define T uint64_t
#define S int64_t
#define NAME(x) x##_8
#define GORILLA_LENGTH_BITS 7
#include "io/codec_series_tmpl.h"
#undef T
#undef S
#undef NAME
#undef GORILLA_LENGTH_BITS

enum { SERIES_SLACK = 16 }; /* of the bit writer */

size_t codec_double_delta_bound(unsigned width, size_t size)
{
	size_t bits = width == 1 ? 12 : width == 2 ? 37 : 69;
	return 2 + size % width + 4 + 2 * width + (size / width * bits + 7) / 8 + SERIES_SLACK;
}

size_t codec_double_delta_encode(unsigned width, const uint8_t *src, size_t size, uint8_t *to)
{
	size_t skip = codec_put_prefix(width, src, size, to);
	uint8_t *at = to + 2 + skip, *end;
	uint32_t n = (uint32_t)(size / width);
	memcpy(at, &n, 4);
	switch (width) {
	case 1:
		end = double_delta_encode_1(src + skip, n, at + 4);
		break;
	case 2:
		end = double_delta_encode_2(src + skip, n, at + 4);
		break;
	case 4:
		end = double_delta_encode_4(src + skip, n, at + 4);
		break;
	default:
		assert(width == 8);
		end = double_delta_encode_8(src + skip, n, at + 4);
	}
	return (size_t)(end - to);
}

size_t codec_gorilla_bound(unsigned width, size_t size)
{
	return 2 + size % width + 4 + width + (size / width * (2 + 13 + width * 8) + 7) / 8 + SERIES_SLACK;
}

size_t codec_gorilla_encode(unsigned width, const uint8_t *src, size_t size, uint8_t *to)
{
	size_t skip = codec_put_prefix(width, src, size, to);
	uint8_t *at = to + 2 + skip, *end;
	uint32_t n = (uint32_t)(size / width);
	memcpy(at, &n, 4);
	switch (width) {
	case 1:
		end = gorilla_encode_1(src + skip, n, at + 4);
		break;
	case 2:
		end = gorilla_encode_2(src + skip, n, at + 4);
		break;
	case 4:
		end = gorilla_encode_4(src + skip, n, at + 4);
		break;
	default:
		assert(width == 8);
		end = gorilla_encode_8(src + skip, n, at + 4);
	}
	return (size_t)(end - to);
}

/* What both decoders check before the first value. */
static bool take_count(const uint8_t *src, size_t src_size, uint8_t *to, size_t size, unsigned *width, size_t *skip)
{
	if (!codec_take_prefix(src, src_size, to, size, false, width, skip) || src_size < 2 + *skip + 4)
		return false;
	uint32_t n;
	memcpy(&n, src + 2 + *skip, 4);
	return n == size / *width;
}

bool codec_double_delta_decode(const uint8_t *src, size_t src_size, uint8_t *to, size_t size)
{
	unsigned width;
	size_t skip;
	if (!take_count(src, src_size, to, size, &width, &skip))
		return false;
	src += 6 + skip;
	src_size -= 6 + skip;
	switch (width) {
	case 1:
		return double_delta_decode_1(src, src_size, size / width, to + skip);
	case 2:
		return double_delta_decode_2(src, src_size, size / width, to + skip);
	case 4:
		return double_delta_decode_4(src, src_size, size / width, to + skip);
	default:
		return double_delta_decode_8(src, src_size, size / width, to + skip);
	}
}

bool codec_gorilla_decode(const uint8_t *src, size_t src_size, uint8_t *to, size_t size)
{
	unsigned width;
	size_t skip;
	if (!take_count(src, src_size, to, size, &width, &skip))
		return false;
	src += 6 + skip;
	src_size -= 6 + skip;
	switch (width) {
	case 1:
		return gorilla_decode_1(src, src_size, size / width, to + skip);
	case 2:
		return gorilla_decode_2(src, src_size, size / width, to + skip);
	case 4:
		return gorilla_decode_4(src, src_size, size / width, to + skip);
	default:
		return gorilla_decode_8(src, src_size, size / width, to + skip);
	}
}
