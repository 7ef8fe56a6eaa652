// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_AGG_SET_IMPL_H
#define FUNC_AGG_SET_IMPL_H
/*
 * A set of values of any type in a state, in the order in which they first came: what groupUniqArray, -Distinct and
 * topK keep. Fixed-width values stand side by side, others are bytes (agg_blob_write) with their ends in a list; the
 * index holds numbers of values plus one.
 */
#include "func/aggregate_impl.h"

struct agg_set {
	char *values;           /* fixed: count * width; else bytes */
	size_t size, capacity;
	uint32_t *ends;         /* not fixed: where each value ends */
	uint32_t *index;        /* 1 << degree slots; NULL: none yet */
	uint32_t count, ends_capacity;
	uint8_t degree;
};

struct agg_set_rule {
	size_t width;           /* 0: bytes */
	uint32_t columns;       /* several columns: a value is their bytes one after the other, each with its length */
	bool prefixed;          /* fixed values are written with their width before them */
	const struct type *type;
};

/* keys: of maps, whose values are written as their types say. */
void agg_set_rule_init(struct agg_set_rule *r, const struct type *const *types, uint32_t n, bool keys);
void agg_set_free(const struct agg_set_rule *r, struct agg_set *s, struct memtrack *track);
/* The number of the value in rows `row` of FLAT columns, added where it is missing (then *fresh). */
enum status agg_set_insert(const struct agg_set_rule *r, struct eval *e, struct agg_set *s,
                           const struct vector *const *columns, uint32_t row, struct strbuf *scratch, uint32_t *number,
                           bool *fresh) MUST_CHECK;
enum status agg_set_insert_bytes(const struct agg_set_rule *r, struct eval *e, struct agg_set *s, struct str value,
                                 uint32_t *number, bool *fresh) MUST_CHECK;
static inline struct str agg_set_value(const struct agg_set_rule *r, const struct agg_set *s, uint32_t i)
{
	if (r->width != 0)
		return str_make(s->values + i * r->width, r->width);
	uint32_t from = i == 0 ? 0 : s->ends[i - 1];
	return str_make(s->values + from, s->ends[i] - from);
}
/* Appends value i to builders, one a column. */
enum status agg_set_append(const struct agg_set_rule *r, const struct agg_set *s, uint32_t i,
                           struct builder *const *to, struct error *err) MUST_CHECK;
/* A varuint count, then the values: fixed ones bare, bytes with their lengths. */
void agg_set_write(const struct agg_set_rule *r, const struct agg_set *s, struct strbuf *to);
enum status agg_set_read(const struct agg_set_rule *r, struct eval *e, struct agg_set *s, struct agg_reader *from)
	MUST_CHECK;
/* One value, read as above; points into the reader's bytes. */
struct str agg_set_get(const struct agg_set_rule *r, struct agg_reader *from, char room[32]);
void agg_set_put(const struct agg_set_rule *r, struct str value, struct strbuf *to);

#endif
