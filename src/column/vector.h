// SPDX-License-Identifier: Apache-2.0
#ifndef COLUMN_VECTOR_H
#define COLUMN_VECTOR_H
/*
 * Vector: the values of one column over the rows of a batch; and string views.
 *
 * Three forms. FLAT: one value a row. CONST: one value for all rows. DICT: one uint32 index a row into children[0], a
 * FLAT vector (LowCardinality columns, and filtered or reordered views of any vector).
 *
 *     FLAT Int32      data  -> int32_t[count]                 nulls -> bit i set: row i is NULL (pointer NULL: none is)
 *     FLAT String     data  -> struct strview[count]          heaps -> buffers that hold what the views point to
 *     FLAT Array      data  -> uint32_t[count + 1] offsets     children[0]: elements; row i is [data[i], data[i+1])
 *     FLAT Map        data  -> uint32_t[count + 1] offsets     children[0]: keys, children[1]: values
 *     FLAT Tuple      data NULL                               children[k]: element k, count rows each
 *     CONST           as FLAT with one row, `count` says for how many it stands (children of a CONST tuple have 1 row)
 *     DICT            data  -> uint32_t[count]                 children[0]: dictionary; a row is NULL iff its entry is
 *
 * The value under a set null bit is valid memory but means nothing. offsets[0] need not be 0. Vectors are reference
 * counted and immutable once a second holder exists; data pointers may point into the middle of a buffer. Element types
 * of children are type->children. The type outlives the vector.
 */
#include <stdatomic.h>
#include "base/bits.h"
#include "base/buffer.h"
#include "column/type.h"

enum vector_form { VECTOR_FLAT, VECTOR_CONST, VECTOR_DICT };

enum { BATCH_ROWS_MAX = 8192, STRVIEW_INLINE = 12 };

/* 16 bytes: up to 12 bytes inline (unused ones zero), else a 4-byte prefix and a pointer. Views of equal strings of up
 * to 12 bytes are equal as 16 bytes. */
struct strview {
	uint32_t size;
	union {
		char inlined[STRVIEW_INLINE];
		struct {
			char prefix[4];
			const char *pointer;
		} __attribute__((packed)) far;
	};
};
_Static_assert(sizeof(struct strview) == 16, "a string view is 16 bytes");

static inline const char *strview_data(const struct strview *v)
{
	return v->size <= STRVIEW_INLINE ? v->inlined : v->far.pointer;
}

static inline struct str strview_str(const struct strview *v)
{
	return (struct str){strview_data(v), v->size};
}

/* A view of bytes that outlive it. */
static inline struct strview strview_make(const char *data, size_t size)
{
	struct strview v = {.size = (uint32_t)size};
	if (size <= STRVIEW_INLINE) {
		memset(v.inlined, 0, STRVIEW_INLINE);
		if (size != 0)
			memcpy(v.inlined, data, size);
	} else {
		memcpy(v.far.prefix, data, 4);
		v.far.pointer = data;
	}
	return v;
}

static inline bool strview_equal(const struct strview *a, const struct strview *b)
{
	uint64_t x, y;
	memcpy(&x, a, 8);
	memcpy(&y, b, 8);
	if (x != y) /* size and first four bytes */
		return false;
	if (a->size <= STRVIEW_INLINE)
		return memcmp(a->inlined + 4, b->inlined + 4, STRVIEW_INLINE - 4) == 0;
	return memcmp(a->far.pointer, b->far.pointer, a->size) == 0;
}

/* By bytes, a proper prefix first. */
int strview_compare(const struct strview *a, const struct strview *b);

struct vector {
	_Atomic uint32_t references;
	uint8_t form;             /* enum vector_form */
	uint32_t count;           /* rows it stands for */
	const struct type *type;
	void *data;
	uint64_t *nulls;          /* FLAT, CONST */
	struct buffer *data_buffer, *null_buffer; /* own data and nulls; NULL when they are static or in a heap */
	struct buffer **heaps;    /* string payloads kept alive, heap_count of them */
	uint32_t heap_count, heap_capacity;
	uint32_t child_count;
	struct vector **children; /* owned references */
};

/* ---- life cycle ---- */
/*
 * A FLAT vector with room for `count` rows: data allocated (not initialised; offsets[0] = 0), no nulls, children NULL
 * for nested types (child_count slots are there; the caller sets them). `track` is charged and may be NULL.
 */
enum status vector_new(struct memtrack *track, const struct type *type, uint32_t count, struct vector **out,
                       struct error *err) MUST_CHECK;
/* A DICT vector with room for `count` indexes (not initialised) into a FLAT vector, of which it takes a reference. */
enum status vector_new_dict(struct memtrack *track, const struct vector *dictionary, uint32_t count,
                            struct vector **out, struct error *err) MUST_CHECK;
/* A FLAT vector of no rows, children included. */
enum status vector_empty(struct memtrack *track, const struct type *type, struct vector **out, struct error *err)
	MUST_CHECK;
/* A second header over the same memory, for one whose count, type or form will differ. */
enum status vector_share(const struct vector *v, struct vector **out, struct error *err) MUST_CHECK;
struct vector *vector_ref(const struct vector *v); /* takes a reference; NULL passes */
void vector_unref(struct vector *v);               /* NULL is allowed */
/* A null bitmap of zeros for v->count rows, when it has none. */
enum status vector_make_nulls(struct vector *v, struct memtrack *track, struct error *err) MUST_CHECK;
/* Keeps a buffer alive as long as v (takes a reference of its own). */
enum status vector_add_heap(struct vector *v, struct buffer *b, struct error *err) MUST_CHECK;
/* Adds all heaps of `from` (and of its dictionary). */
enum status vector_share_heaps(struct vector *v, const struct vector *from, struct error *err) MUST_CHECK;
/* New heap bytes for string payloads that v will point to. */
enum status vector_heap(struct vector *v, struct memtrack *track, size_t size, char **out,
                        struct error *err) MUST_CHECK;

/* ---- making vectors from vectors; results are new references ---- */
/* One value for `count` rows: row `row` of v. */
enum status vector_constant(struct memtrack *track, const struct vector *v, uint32_t row, uint32_t count,
                            struct vector **out, struct error *err) MUST_CHECK;
/* All NULL (type nullable) or all default, CONST. */
enum status vector_null_constant(struct memtrack *track, const struct type *type, uint32_t count, struct vector **out,
                                 struct error *err) MUST_CHECK;
enum status vector_default_constant(struct memtrack *track, const struct type *type, uint32_t count,
                                    struct vector **out, struct error *err) MUST_CHECK;
/*
 * What a column holds that an INSERT leaves out or that a part does not have yet: as vector_default_constant(), but a
 * Date32 of ClickHouse's begins with its range, in 1900.
 */
enum status vector_missing_constant(struct memtrack *track, const struct type *type, uint32_t count,
                                    struct vector **out, struct error *err) MUST_CHECK;
/* FLAT: v itself (a new reference) when it already is. Children keep their forms. */
enum status vector_flatten(struct memtrack *track, const struct vector *v, struct vector **out, struct error *err)
	MUST_CHECK;
/* Rows [from, from + count), sharing memory. */
enum status vector_slice(struct memtrack *track, const struct vector *v, uint32_t from, uint32_t count,
                         struct vector **out, struct error *err) MUST_CHECK;
/* Rows rows[0..n) of v in that order: FLAT copy (DICT stays DICT with gathered indexes, CONST stays CONST). */
enum status vector_gather(struct memtrack *track, const struct vector *v, const uint32_t *rows, uint32_t n,
                          struct vector **out, struct error *err) MUST_CHECK;
/* The rows of several vectors of one physical type after each other, FLAT. */
enum status vector_concat(struct memtrack *track, const struct vector *const *vectors, uint32_t n,
                          const struct type *type, struct vector **out, struct error *err) MUST_CHECK;
/* Copies all that v holds, strings to one fresh heap, so that nothing of the old memory or its tracker is needed. */
enum status vector_compact(struct memtrack *track, struct vector **v, struct error *err) MUST_CHECK;
/* The same values under another type of the same physical layout. */
enum status vector_retype(const struct vector *v, const struct type *type, struct vector **out, struct error *err)
	MUST_CHECK;

/* ---- one row ---- */
/* The row of the FLAT data that holds row i, for any form; *at receives the vector to look in. */
static inline uint32_t vector_index(const struct vector *v, uint32_t i, const struct vector **at)
{
	if (v->form == VECTOR_FLAT) {
		*at = v;
		return i;
	}
	if (v->form == VECTOR_CONST) {
		*at = v;
		return 0;
	}
	*at = v->children[0];
	return ((const uint32_t *)v->data)[i];
}

static inline bool vector_is_null(const struct vector *v, uint32_t i)
{
	const struct vector *at;
	i = vector_index(v, i, &at);
	return at->nulls != NULL && bit_get(at->nulls, i);
}

/*
 * Order of two rows of vectors of one physical type; NULLs are equal and greater; floats: NaN equal and greatest. UUIDs
 * compare as ClickHouse does (second half first), Numeric and PgInterval by value.
 */
int vector_compare_rows(const struct vector *a, uint32_t i, const struct vector *b, uint32_t j);
/* Whether any row is NULL. */
bool vector_has_nulls(const struct vector *v);
/* Bytes this vector holds alive, for limits and accounting. */
size_t vector_bytes(const struct vector *v);

/* ---- batch: vectors of equal count ---- */
struct batch {
	uint32_t count;         /* rows, 0 to BATCH_ROWS_MAX */
	uint32_t column_count;
	struct vector **columns; /* owned references */
};

enum status batch_new(uint32_t column_count, struct batch **out, struct error *err) MUST_CHECK;
void batch_free(struct batch *b); /* NULL is allowed */

#endif
