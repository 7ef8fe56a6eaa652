// SPDX-License-Identifier: Apache-2.0
#ifndef TXN_CURSOR_H
#define TXN_CURSOR_H
/*
 * Cursor: reads little-endian fields from bytes that may be cut short or forged. The first read past the end sets
 * `failed`; it and all later ones give zeros, so that a decoder asks once, at its end. The counterpart of
 * strbuf_put_le, strbuf_put_varuint and cursor_put_str.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include "base/strbuf.h"

struct cursor {
	const uint8_t *at, *end;
	bool failed;
};

static inline struct cursor cursor_of(struct str bytes)
{
	const uint8_t *p = (const uint8_t *)bytes.data;
	return (struct cursor){p, p == NULL ? p : p + bytes.size, false};
}

static inline size_t cursor_left(const struct cursor *c)
{
	return (size_t)(c->end - c->at);
}

/* `size` bytes in place; NULL when they are not there. */
static inline const uint8_t *cursor_bytes(struct cursor *c, uint64_t size)
{
	if (c->failed || cursor_left(c) < size) {
		c->failed = true;
		return NULL;
	}
	const uint8_t *p = c->at;
	c->at += size;
	return p;
}

static inline uint64_t cursor_le(struct cursor *c, unsigned bytes)
{
	uint64_t v = 0;
	const uint8_t *p = cursor_bytes(c, bytes);
	if (p != NULL)
		memcpy(&v, p, bytes);
	return v;
}

static inline uint64_t cursor_varuint(struct cursor *c)
{
	uint64_t v = 0;
	for (unsigned shift = 0; shift < 64; shift += 7) {
		const uint8_t *p = cursor_bytes(c, 1);
		if (p == NULL)
			return 0;
		v |= (uint64_t)(*p & 0x7f) << shift;
		if (*p < 0x80)
			return v;
	}
	c->failed = true;
	return 0;
}

/* A varuint length and that many bytes; empty on failure. Borrowed. */
static inline struct str cursor_str(struct cursor *c)
{
	uint64_t size = cursor_varuint(c);
	const uint8_t *p = cursor_bytes(c, size);
	return p == NULL ? (struct str){"", 0} : (struct str){(const char *)p, size};
}

static inline void cursor_put_str(struct strbuf *to, struct str s)
{
	strbuf_put_varuint(to, s.size);
	strbuf_puts(to, s);
}

#endif
