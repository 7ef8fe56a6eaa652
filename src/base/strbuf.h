// SPDX-License-Identifier: Apache-2.0
#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H
/*
 * String buffer: bytes that grow at the end, for messages, rendered text and wire output.
 *
 * Appending never returns a status: where memory or the tracker refuses, the buffer becomes `failed`, drops further
 * appends and the writer asks once at the end with strbuf_status(). The data is NUL-terminated by strbuf_cstr() only.
 * One thread at a time.
 */
#include <stdarg.h>
#include <stdint.h>
#include "base/memtrack.h"
#include "base/str.h"

struct strbuf {
	char *data;
	size_t size, capacity;
	struct memtrack *track; /* may be NULL: then the first 4 KiB are never refused, as in an arena */
	bool failed;
};

void strbuf_init(struct strbuf *b, struct memtrack *track);
void strbuf_fini(struct strbuf *b);
/* Empties it and keeps the memory. */
void strbuf_clear(struct strbuf *b);
/* OK, or E_MEMORY_LIMIT when an append was dropped. */
enum status strbuf_status(const struct strbuf *b, struct error *err) MUST_CHECK;

/* Room for `more` bytes at data + size; false when refused. The caller writes there and adds to size. */
bool strbuf_reserve_slow(struct strbuf *b, size_t more);
static inline bool strbuf_reserve(struct strbuf *b, size_t more)
{
	return likely(b->capacity - b->size >= more) || strbuf_reserve_slow(b, more);
}

static inline void strbuf_put(struct strbuf *b, const void *data, size_t size)
{
	if (size != 0 && strbuf_reserve(b, size)) {
		memcpy(b->data + b->size, data, size);
		b->size += size;
	}
}

static inline void strbuf_putc(struct strbuf *b, char c)
{
	if (strbuf_reserve(b, 1))
		b->data[b->size++] = c;
}

static inline void strbuf_puts(struct strbuf *b, struct str s)
{
	strbuf_put(b, s.data, s.size);
}

static inline void strbuf_putz(struct strbuf *b, const char *s)
{
	strbuf_put(b, s, strlen(s));
}

void strbuf_printf(struct strbuf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void strbuf_put_u64(struct strbuf *b, uint64_t v);
void strbuf_put_i64(struct strbuf *b, int64_t v);
/* ClickHouse's LEB128 length. */
void strbuf_put_varuint(struct strbuf *b, uint64_t v);
/* Fixed-width integers in the named byte order. */
void strbuf_put_le(struct strbuf *b, uint64_t v, unsigned bytes);
void strbuf_put_be(struct strbuf *b, uint64_t v, unsigned bytes);

static inline struct str strbuf_str(const struct strbuf *b)
{
	return (struct str){b->data, b->size};
}

/* With a NUL behind the last byte; "" when it failed. Valid until the next append. */
const char *strbuf_cstr(struct strbuf *b);

#endif
