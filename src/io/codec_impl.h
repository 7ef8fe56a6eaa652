// SPDX-License-Identifier: Apache-2.0
#ifndef IO_CODEC_IMPL_H
#define IO_CODEC_IMPL_H
/*
 * The codecs one by one, behind codec.c, which writes and checks the headers around them.
 *
 * An encoder writes at most its bound and answers how much. A decoder answers false for bytes that no encoder makes; it
 * reads only [src, src + src_size) and writes exactly `size` bytes. Sizes are at most CODEC_BLOCK_MAX. Integers are
 * little-endian on disk and in memory: the loops copy whole words.
 *
 * Those that work on values begin with   u8 width of a value; u8 n = size % width; n bytes as they are.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include "base/status.h"
#include "io/codec.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "values are copied as the disk has them");

size_t codec_delta_encode(unsigned width, const uint8_t *src, size_t size, uint8_t *to);
bool codec_delta_decode(const uint8_t *src, size_t src_size, uint8_t *to, size_t size);

size_t codec_gcd_encode(unsigned width, const uint8_t *src, size_t size, uint8_t *to);
bool codec_gcd_decode(const uint8_t *src, size_t src_size, uint8_t *to, size_t size);

size_t codec_double_delta_bound(unsigned width, size_t size);
size_t codec_double_delta_encode(unsigned width, const uint8_t *src, size_t size, uint8_t *to);
bool codec_double_delta_decode(const uint8_t *src, size_t src_size, uint8_t *to, size_t size);

size_t codec_gorilla_bound(unsigned width, size_t size);
size_t codec_gorilla_encode(unsigned width, const uint8_t *src, size_t size, uint8_t *to);
bool codec_gorilla_decode(const uint8_t *src, size_t src_size, uint8_t *to, size_t size);

/* `value` is ClickHouse's number of the type (codec_t64_value). */
size_t codec_t64_bound(size_t size);
size_t codec_t64_encode(unsigned value, bool bit, const uint8_t *src, size_t size, uint8_t *to);
bool codec_t64_decode(const uint8_t *src, size_t src_size, uint8_t *to, size_t size);
/* 0 where T64 does not fit. */
unsigned codec_t64_value(struct codec_value v);

size_t codec_fpc_bound(unsigned width, size_t size);
/* These two need memory for their tables: E_MEMORY_LIMIT; decoding damaged bytes is E_CANNOT_DECOMPRESS. */
enum status codec_fpc_encode(unsigned width, unsigned level, const uint8_t *src, size_t size, uint8_t *to,
                             size_t *written, struct error *err) MUST_CHECK;
enum status codec_fpc_decode(const uint8_t *src, size_t src_size, uint8_t *to, size_t size, struct error *err)
	MUST_CHECK;

/* The common prefix of the codecs that work on values. */
static inline size_t codec_put_prefix(unsigned width, const uint8_t *src, size_t size, uint8_t *to)
{
	size_t skip = size % width;
	to[0] = (uint8_t)width;
	to[1] = (uint8_t)skip;
	memcpy(to + 2, src, skip);
	return skip;
}

/* Copies the skipped bytes; *width is 1, 2, 4, 8, or wider where `wide` allows 16 and 32. */
static inline bool codec_take_prefix(const uint8_t *src, size_t src_size, uint8_t *to, size_t size, bool wide,
                                     unsigned *width, size_t *skip)
{
	if (src_size < 2)
		return false;
	unsigned w = src[0];
	if (w == 0 || (w & (w - 1)) != 0 || w > (wide ? 32 : 8))
		return false;
	*width = w;
	*skip = size % w;
	if (src_size - 2 < *skip)
		return false;
	memcpy(to, src + 2, *skip);
	return true;
}

#endif
