// SPDX-License-Identifier: Apache-2.0
#ifndef PROTO_PGREAD_IMPL_H
#define PROTO_PGREAD_IMPL_H
/*
 * Reading the body of one PostgreSQL message: every take checks what is left; the first that lacks bytes makes the
 * reader `bad` and everything after it zero, so a decoder asks once at its end with pg_read_all().
 */
#include "proto/pgproto.h"

/* Codes of the packets that start a connection; versions are major << 16 | minor. */
enum { PG_CODE_3_0 = 3 << 16, PG_CODE_CANCEL = 80877102, PG_CODE_SSL = 80877103, PG_CODE_GSSENC = 80877104 };

struct pg_read {
	const uint8_t *at, *end;
	bool bad;
};

static inline uint16_t pg_load_u16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t pg_load_u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* `size` bytes, or NULL and bad. */
static inline const uint8_t *pg_take(struct pg_read *r, size_t size)
{
	if (r->bad || (size_t)(r->end - r->at) < size) {
		r->bad = true;
		return NULL;
	}
	const uint8_t *p = r->at;
	r->at += size;
	return p;
}

static inline uint8_t pg_take_u8(struct pg_read *r)
{
	const uint8_t *p = pg_take(r, 1);
	return p == NULL ? 0 : *p;
}

static inline uint16_t pg_take_u16(struct pg_read *r)
{
	const uint8_t *p = pg_take(r, 2);
	return p == NULL ? 0 : pg_load_u16(p);
}

static inline uint32_t pg_take_u32(struct pg_read *r)
{
	const uint8_t *p = pg_take(r, 4);
	return p == NULL ? 0 : pg_load_u32(p);
}

/* A NUL-terminated string, without its NUL. */
static inline struct str pg_take_text(struct pg_read *r)
{
	const uint8_t *nul = r->bad || r->at == r->end ? NULL : memchr(r->at, 0, (size_t)(r->end - r->at));
	if (nul == NULL) {
		r->bad = true;
		return (struct str){"", 0};
	}
	struct str s = {(const char *)r->at, (size_t)(nul - r->at)};
	r->at = nul + 1;
	return s;
}

static inline struct str pg_take_rest(struct pg_read *r)
{
	struct str s = {(const char *)r->at, r->bad ? 0 : (size_t)(r->end - r->at)};
	r->at = r->end;
	return s;
}

/* `count` values of a length (-1: null) and bytes each, checked one by one. */
struct pg_walk pg_take_values(struct pg_read *r, uint16_t count);

static inline bool pg_read_all(const struct pg_read *r)
{
	return !r->bad && r->at == r->end;
}

/*
 * The header of a message: type and length. 0 when incomplete, 1 when the whole message is there (r is its body),
 * -1 when the length is impossible or the body longer than `limit`.
 */
int pg_take_message(struct str buffered, size_t limit, struct pg_read *r, size_t *size);

/* Text up to its first NUL, and a NUL. */
static inline void pg_put_text(struct strbuf *b, struct str s)
{
	const char *nul = s.size == 0 ? NULL : memchr(s.data, 0, s.size);
	strbuf_put(b, s.data, nul == NULL ? s.size : (size_t)(nul - s.data));
	strbuf_putc(b, 0);
}

#endif
