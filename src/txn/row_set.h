// SPDX-License-Identifier: Apache-2.0
#ifndef TXN_ROW_SET_H
#define TXN_ROW_SET_H
/*
 * Row set: numbers of rows, as a bitmap in chunks of 65,536. Chunks are shared by copies and copied when they are
 * written to, so that a set of millions with one row more costs some pointers and one chunk. Delete marks, row locks
 * and the rows that a statement has found are row sets.
 *
 *     chunks: [number 0 | bits] [number 7 | bits] ...     ascending; number = row >> 16
 *
 * One owner adds; a set that others have a reference to is not changed any more.
 *
 * On disk and in the log, version 1: varuint chunks, then per chunk varuint number (less the one before), varuint
 * count, and either count u16 ascending (count up to 4096), or 8192 bytes of bits, or nothing (count 65536).
 */
#include "base/strbuf.h"

enum { ROW_CHUNK_ROWS = 1 << 16 };

struct row_chunk {
	_Atomic uint32_t references;
	uint32_t count;                      /* bits that are set */
	uint64_t bits[ROW_CHUNK_ROWS / 64];
};

struct row_set_entry {
	uint64_t number;
	struct row_chunk *chunk;
};

struct row_set {
	_Atomic uint32_t references;
	uint64_t count;                      /* rows */
	uint32_t chunk_count, capacity;
	struct row_set_entry *chunks;
};

struct cursor;

struct row_set *row_set_new(void);       /* empty, one reference; NULL: no memory */
struct row_set *row_set_ref(const struct row_set *s); /* NULL passes */
void row_set_unref(struct row_set *s);   /* NULL is allowed */
/* *fresh: it was not there before. */
enum status row_set_add(struct row_set *s, uint64_t row, bool *fresh, struct error *err) MUST_CHECK;
/* Adds all rows of `other`; chunks that only it has are shared. */
enum status row_set_add_all(struct row_set *s, const struct row_set *other, struct error *err) MUST_CHECK;
/* The rows of a chunk, a reference, behind all chunks that are there. */
enum status row_set_push_chunk(struct row_set *s, uint64_t number, struct row_chunk *chunk,
                               struct error *err) MUST_CHECK;
/* A set with the rows of both; NULL stands for none. */
enum status row_set_union(const struct row_set *a, const struct row_set *b, struct row_set **out,
                          struct error *err) MUST_CHECK;
/* NULL sets are empty, here and below. */
bool row_set_has(const struct row_set *s, uint64_t row);
bool row_set_meets(const struct row_set *a, const struct row_set *b);
/* Whether all rows of a are in b. */
bool row_set_within(const struct row_set *a, const struct row_set *b);
/* How many rows of [from, to). */
uint64_t row_set_count(const struct row_set *s, uint64_t from, uint64_t to);
/* The bits of [from, from + n) to bits_words(n) words; returns how many are set. */
uint32_t row_set_bits(const struct row_set *s, uint64_t from, uint32_t n, uint64_t *bits);
/* The first row from `from` on, or UINT64_MAX. */
uint64_t row_set_next(const struct row_set *s, uint64_t from);

void row_set_encode(const struct row_set *s, struct strbuf *out);
enum status row_set_decode(struct cursor *c, struct row_set **out, struct error *err) MUST_CHECK;

#endif
