// SPDX-License-Identifier: Apache-2.0
/*
 * FPC, after "FPC: a high-speed compressor for double-precision floating-point data" (Burtscher, Ratanaworabhan,
 * 2009), in ClickHouse's form for 8- and 4-byte floats: u8 width; u8 level; then for each pair of values a byte of
 * two nibbles (predictor in the high bit, count of leading zero bytes in the rest; first value high) and the rest of
 * the bytes of each value XOR its prediction, low byte first. An odd last value has a zero for company, a cut one is
 * filled up.
 */
#include <assert.h>
#include <stdlib.h>

#include "base/memtrack.h"
#include "io/codec_impl.h"

enum { FPC_LEVEL_MAX = 28 };

size_t codec_fpc_bound(unsigned width, size_t size)
{
	size_t n = (size + width - 1) / width + 1;
	return 2 + n * width + n / 2 + 16;
}

/* Counts of eight bytes have no code for 4: they say 3. */
static inline unsigned zero_code(unsigned zero_bytes, unsigned width)
{
	if (width == 8 && zero_bytes >= 4)
		zero_bytes--;
	return zero_bytes < 7 ? zero_bytes : 7;
}

static inline unsigned zero_bytes_of(unsigned code, unsigned width)
{
	return width == 8 && code > 3 ? code + 1 : code;
}

#define T uint64_t
#define NAME(x) x##_8
#define DFCM_SHIFT 2
#define DFCM_DROP 40
#define FCM_SHIFT 6
#define FCM_DROP 48
#include "io/codec_fpc_tmpl.h"
#undef T
#undef NAME
#undef DFCM_SHIFT
#undef DFCM_DROP
#undef FCM_SHIFT
#undef FCM_DROP
#define T uint32_t
#define NAME(x) x##_4
#define DFCM_SHIFT 4
#define DFCM_DROP 23
#define FCM_SHIFT 1
#define FCM_DROP 22
#include "io/codec_fpc_tmpl.h"
#undef T
#undef NAME
#undef DFCM_SHIFT
#undef DFCM_DROP
#undef FCM_SHIFT
#undef FCM_DROP

/* Both tables in one zeroed allocation, charged to the server: a level is user input and means up to 4 GiB. */
static enum status new_tables(unsigned width, unsigned level, void **tables, size_t *bytes, struct error *err)
{
	*bytes = (size_t)2 * width << level;
	TRY(memtrack_charge(&memtrack_server, (int64_t)*bytes, err));
	*tables = calloc(1, *bytes);
	if (*tables != NULL)
		return OK;
	memtrack_release(&memtrack_server, (int64_t)*bytes);
	return ERR(err, E_CANNOT_ALLOCATE, "cannot allocate %zu bytes for codec FPC(%u)", *bytes, level);
}

enum status codec_fpc_encode(unsigned width, unsigned level, const uint8_t *src, size_t size, uint8_t *to,
                             size_t *written, struct error *err)
{
	assert((width == 4 || width == 8) && level >= 1 && level <= FPC_LEVEL_MAX);
	void *tables;
	size_t bytes;
	TRY(new_tables(width, level, &tables, &bytes, err));
	to[0] = (uint8_t)width;
	to[1] = (uint8_t)level;
	*written = 2 + (width == 8 ? fpc_encode_8 : fpc_encode_4)(tables, level, src, size, to + 2);
	free(tables);
	memtrack_release(&memtrack_server, (int64_t)bytes);
	return OK;
}

enum status codec_fpc_decode(const uint8_t *src, size_t src_size, uint8_t *to, size_t size, struct error *err)
{
	if (src_size < 2 || (src[0] != 4 && src[0] != 8) || src[1] == 0 || src[1] > FPC_LEVEL_MAX)
		return ERR(err, E_CANNOT_DECOMPRESS, "the header of FPC data is damaged");
	void *tables;
	size_t bytes;
	TRY(new_tables(src[0], src[1], &tables, &bytes, err));
	bool good = src[0] == 8 ? fpc_decode_8(tables, src[1], src + 2, src_size - 2, to, size)
	                        : fpc_decode_4(tables, src[1], src + 2, src_size - 2, to, size);
	free(tables);
	memtrack_release(&memtrack_server, (int64_t)bytes);
	return good ? OK : ERR(err, E_CANNOT_DECOMPRESS, "FPC data is damaged");
}
