// SPDX-License-Identifier: Apache-2.0
#ifndef IO_CODEC_H
#define IO_CODEC_H
/*
 * Codecs: how the bytes of one block are made smaller, alone or in a chain, in ClickHouse's binary forms.
 *
 * A chain is a small plain value, parsed once from a column's CODEC(…) and copied freely; steps are applied in order
 * when encoding and undone in reverse. The bytes made here carry the 9-byte header of each step (frame.h draws it);
 * only the checksum in front is the frame's. Decoding needs no chain: the bytes say what they are.
 *
 * All functions may be called by any thread; contexts of the libraries and scratch memory are kept per thread.
 */
#include <stdbool.h>
#include "base/buffer.h"
#include "base/str.h"
#include "base/strbuf.h"

enum codec_kind {
#define CODEC_ROW(name, spelling, method, generic, compresses, arguments, description) CODEC_##name,
#include "io/codecs.def"
#undef CODEC_ROW
	CODEC_COUNT,
	CODEC_DEFAULT = CODEC_COUNT /* the word Default in a chain, until codec_chain_resolve */
};

/* What a column's values are, as far as codecs care. CODEC_VALUE_OTHER with a width is FixedString, UUID, Int128 …;
 * with width 0 of no fixed width. */
enum codec_value_kind {
	CODEC_VALUE_OTHER, CODEC_VALUE_UINT, CODEC_VALUE_INT, CODEC_VALUE_FLOAT, CODEC_VALUE_DATE, CODEC_VALUE_DATE32,
	CODEC_VALUE_DATETIME, CODEC_VALUE_DATETIME64, CODEC_VALUE_ENUM, CODEC_VALUE_DECIMAL, CODEC_VALUE_IPV4,
	CODEC_VALUE_TIME, CODEC_VALUE_TIME64,
};

struct codec_value {
	enum codec_value_kind kind;
	uint8_t width; /* bytes */
};

struct codec {
	uint8_t kind;        /* enum codec_kind */
	uint8_t width;       /* of a value, for those that work on values */
	uint8_t level;       /* ZSTD, LZ4HC, FPC */
	uint8_t window_log;  /* ZSTD: 0 without long-range matching */
	uint8_t value;       /* T64: ClickHouse's number of the type */
	bool bit;            /* T64's variant */
};

enum { CODEC_STEPS_MAX = 8 };

struct codec_chain {
	uint8_t count;       /* 0: Default alone */
	struct codec steps[CODEC_STEPS_MAX];
};

extern const struct codec_chain codec_chain_lz4, codec_chain_none;

/* A chain of one ZSTD step. */
struct codec_chain codec_chain_zstd(unsigned level);

/*
 * "Delta(8), LZ4", "ZSTD(3)", "Default", with or without CODEC( ) around it, names in any case. `value` gives the width
 * where the text does not, and is checked: E_UNKNOWN_CODEC for unknown names, E_BAD_ARGUMENTS for levels out of
 * range, a codec that does not fit the type, and, unless `suspicious` is allowed, chains that make no sense (nothing
 * compresses; a preprocessor behind a compressor). For a composite type, call it with the value of each stream that
 * holds data.
 */
enum status codec_chain_parse(struct str text, struct codec_value value, bool suspicious, struct codec_chain *out,
                              struct error *err) MUST_CHECK;
/* What a writer uses: the empty chain, and each Default in a chain, become `fallback`, which has neither. */
struct codec_chain codec_chain_resolve(const struct codec_chain *chain, const struct codec_chain *fallback);
/* As SHOW CREATE prints it: "Delta(8), LZ4"; "Default" for the empty chain. */
void codec_chain_print(const struct codec_chain *chain, struct strbuf *out);
bool codec_chain_equal(const struct codec_chain *a, const struct codec_chain *b);
/* For the null map, offsets and dictionary of a column with this chain: its generic steps alone, or `fallback` where
 * there are none (ClickHouse leaves such streams as they are). */
struct codec_chain codec_chain_generic(const struct codec_chain *chain, const struct codec_chain *fallback);

/* The chain with T64 in front of it, for streams of whole numbers; count 0 where T64 does not take such values. */
struct codec_chain codec_chain_cropped(const struct codec_chain *chain, struct codec_value value);

/* Bytes that codec_encode may need for `size` bytes, headers included. */
size_t codec_bound(const struct codec_chain *chain, size_t size);
/*
 * Encodes one block: header(s) and data to `to`, which has codec_bound() bytes of room. The chain is a resolved one;
 * 0 < size <= CODEC_BLOCK_MAX. *encoded is the size, header included.
 */
enum status codec_encode(const struct codec_chain *chain, const void *data, size_t size, uint8_t *to, size_t *encoded,
                         struct error *err) MUST_CHECK;
/*
 * Decodes what codec_encode or ClickHouse made: exactly `size` bytes to `to`, as the outer header promises (the caller
 * has read it and made room, with BUFFER_PAD bytes behind). E_CANNOT_DECOMPRESS or E_CORRUPTED_DATA; any input is safe.
 */
enum status codec_decode(const uint8_t *encoded, size_t encoded_size, void *to, size_t size, struct error *err)
	MUST_CHECK;

/* The steps' spelling that made these bytes, for people: "Delta, LZ4". */
void codec_describe(const uint8_t *encoded, size_t encoded_size, struct strbuf *out);

enum { CODEC_HEADER = 9, CODEC_BLOCK_MAX = 1 << 30 };

/* One row of codecs.def, for system.codecs. */
struct codec_info {
	const char *name, *description;
	uint8_t method;
	bool generic, compresses;
};
const struct codec_info *codec_info(enum codec_kind kind);

#endif
