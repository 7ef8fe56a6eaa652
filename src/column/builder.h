// SPDX-License-Identifier: Apache-2.0
#ifndef COLUMN_BUILDER_H
#define COLUMN_BUILDER_H
/*
 * Builder: a column that grows at the end, then becomes a vector. Parsers, storage readers, aggregates and joins append
 * by physical type; nothing is allocated per value. A builder may grow beyond BATCH_ROWS_MAX (blocks of an INSERT).
 *
 * Nested types have child builders: an array appends its elements to children[0] and then calls builder_end_array().
 * One thread at a time.
 */
#include "column/vector.h"

/* No string value is longer; formats and functions check against it before they build one. */
enum { STRING_SIZE_MAX = 0x3fffffff };

struct builder {
	const struct type *type;
	enum physical physical;
	struct memtrack *track;
	uint32_t count;
	struct buffer *data;      /* values, views or offsets */
	struct buffer *nulls;     /* bitmap over the reserved rows, clear from count on; NULL while no row is NULL */
	struct buffer **heaps;    /* string payloads; the last one is being filled */
	uint32_t heap_count, heap_capacity;
	size_t heap_used;         /* bytes used in the last heap */
	struct builder **children;
	uint32_t child_count;
};

enum status builder_new(struct memtrack *track, const struct type *type, struct builder **out, struct error *err)
	MUST_CHECK;
void builder_free(struct builder *b);
/* Room for `more` rows, so that the inline appends below cannot fail. */
enum status builder_reserve(struct builder *b, uint32_t more, struct error *err) MUST_CHECK;

/* The place of the next value of `size` bytes; advances. Room was reserved. */
static inline void *builder_next(struct builder *b, size_t size)
{
	return b->data->data + size * b->count++;
}

/* Appends a string, copying what is longer than 12 bytes into the heap. */
enum status builder_string(struct builder *b, const char *data, size_t size, struct error *err) MUST_CHECK;
/* Room for a payload of more than 12 bytes in the heap, to be filled and appended with builder_view(). */
enum status builder_string_place(struct builder *b, size_t size, char **out, struct error *err) MUST_CHECK;
/* Appends a view whose bytes the caller keeps alive through builder_keep(). */
enum status builder_view(struct builder *b, struct strview v, struct error *err) MUST_CHECK;
enum status builder_keep(struct builder *b, struct buffer *heap, struct error *err) MUST_CHECK;
/* Appends one fixed-width value. */
enum status builder_fixed(struct builder *b, const void *value, struct error *err) MUST_CHECK;
/* Makes the bitmap cover `rows` rows; bits of rows not yet appended may then be set by whoever appends them. */
enum status builder_make_nulls(struct builder *b, uint32_t rows, struct error *err) MUST_CHECK;
enum status builder_null(struct builder *b, struct error *err) MUST_CHECK;    /* type is nullable */
enum status builder_default(struct builder *b, struct error *err) MUST_CHECK; /* NULL when nullable */
/* Ends a row whose elements were appended to the children (Array, Map); Tuple: after each child got one. */
enum status builder_end_array(struct builder *b, struct error *err) MUST_CHECK;
enum status builder_end_tuple(struct builder *b, struct error *err) MUST_CHECK;
/* Appends row i, or rows [from, from + n), or rows[0..n), of a vector of the same physical type. */
enum status builder_row(struct builder *b, const struct vector *v, uint32_t i, struct error *err) MUST_CHECK;
enum status builder_range(struct builder *b, const struct vector *v, uint32_t from, uint32_t n, struct error *err)
	MUST_CHECK;
enum status builder_rows(struct builder *b, const struct vector *v, const uint32_t *rows, uint32_t n,
                         struct error *err) MUST_CHECK;
/* Drops all rows from `count` on, half-appended ones in the children included: a statement's half-read row. */
void builder_truncate(struct builder *b, uint32_t count);
/* Hands the rows over as a FLAT vector; the builder is empty afterwards. */
enum status builder_finish(struct builder *b, struct vector **out, struct error *err) MUST_CHECK;
/* The end of a function that fills a builder: finishes where `filled` is OK, frees it (NULL is allowed) in any case. */
enum status builder_close(struct builder *b, enum status filled, struct vector **out, struct error *err) MUST_CHECK;

#endif
