// SPDX-License-Identifier: Apache-2.0
#ifndef PROTO_PGROW_H
#define PROTO_PGROW_H
/*
 * PostgreSQL messages whose body is written in place: begin, append to the buffer, end with what begin returned; end
 * patches the length. The row helpers are inline because a result calls them once per value.
 *
 *   size_t row = pg_row_begin(b, columns);
 *   for each column:  pg_put_value(b, v)  or  pg_put_null(b)
 *                     or  size_t at = pg_value_begin(b); append the text; pg_value_end(b, at);
 *   pg_row_end(b, row);
 *
 * Invariant: as with every strbuf writer, a refused append leaves the buffer failed and its content undefined, never
 * out of bounds. A body of 2 GiB or more, which the length field cannot say, fails the buffer too.
 */
#include <assert.h>
#include "base/strbuf.h"

static inline void pg_store_u32(char *p, uint32_t v)
{
	v = __builtin_bswap32(v);
	memcpy(p, &v, sizeof v);
}

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "pg_store_u32 swaps");

/* Stores a length at offset `at`, where four bytes were left for it. */
static inline void pg_patch_u32(struct strbuf *b, size_t at, size_t length)
{
	if (unlikely(length > INT32_MAX))
		b->failed = true;
	if (likely(!b->failed))
		pg_store_u32(b->data + at, (uint32_t)length);
}

/* Any message: its type and room for the length. */
static inline size_t pg_begin(struct strbuf *b, char type)
{
	size_t at = b->size;
	if (likely(strbuf_reserve(b, 5))) {
		b->data[at] = type;
		b->size += 5;
	}
	return at;
}

static inline void pg_end(struct strbuf *b, size_t at)
{
	pg_patch_u32(b, at + 1, b->size - at - 1);
}

static inline size_t pg_row_begin(struct strbuf *b, uint16_t columns)
{
	size_t at = b->size;
	if (likely(strbuf_reserve(b, 7))) {
		char *p = b->data + at;
		p[0] = 'D';
		p[5] = (char)(columns >> 8);
		p[6] = (char)columns;
		b->size += 7;
	}
	return at;
}

static inline void pg_row_end(struct strbuf *b, size_t at)
{
	pg_patch_u32(b, at + 1, b->size - at - 1);
}

static inline void pg_put_null(struct strbuf *b)
{
	if (likely(strbuf_reserve(b, 4))) {
		memset(b->data + b->size, 0xff, 4);
		b->size += 4;
	}
}

static inline void pg_put_value(struct strbuf *b, struct str v)
{
	if (likely(strbuf_reserve(b, v.size + 4))) {
		pg_store_u32(b->data + b->size, (uint32_t)v.size);
		if (v.size != 0)
			memcpy(b->data + b->size + 4, v.data, v.size);
		b->size += v.size + 4;
	}
}

static inline size_t pg_value_begin(struct strbuf *b)
{
	size_t at = b->size;
	if (likely(strbuf_reserve(b, 4)))
		b->size += 4;
	return at;
}

static inline void pg_value_end(struct strbuf *b, size_t at)
{
	pg_patch_u32(b, at, b->size - at - 4);
}

#endif
