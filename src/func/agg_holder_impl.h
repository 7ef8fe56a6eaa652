// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_AGG_HOLDER_IMPL_H
#define FUNC_AGG_HOLDER_IMPL_H
/*
 * Holder: one value of any type in a state, as min, any and argMax keep one.
 *
 *     [0, 8)  has: the first byte is 1 when a value is there
 *     [8, …)  fixed: the value; string: struct agg_string; other types: a CONST vector
 *
 * Serialised as ClickHouse's SingleValueData.
 */
#include "func/aggregate_impl.h"

enum holder_kind { HOLDER_FIXED, HOLDER_STRING, HOLDER_ANY };

struct holder {
	enum holder_kind kind;
	uint32_t width, size;     /* of a fixed value; of the whole in the state */
	const struct type *type;
	bool reversed;            /* IPv6 is a number here and bytes, most significant first, in states */
};

struct holder holder_of(const struct type *t);
static inline bool holder_has(const char *s)
{
	return *s != 0;
}
static inline void *holder_value(const char *s)
{
	return (void *)(uintptr_t)(s + 8);
}
enum status holder_set_slow(const struct holder *h, struct eval *e, char *s, const struct vector *v, uint32_t row)
	MUST_CHECK;
/* Takes row `row` of a FLAT vector. */
static inline enum status holder_set(const struct holder *h, struct eval *e, char *s, const struct vector *v,
                                     uint32_t row)
{
	if (h->kind != HOLDER_FIXED)
		return holder_set_slow(h, e, s, v, row);
	memcpy(holder_value(s), (const char *)v->data + (size_t)row * h->width, h->width);
	*s = 1;
	return OK;
}
/* Copies another holder's value. */
enum status holder_copy(const struct holder *h, struct eval *e, char *s, const char *other) MUST_CHECK;
/* Order of the value against a row of a FLAT vector, and of two holders; all have values. */
int holder_compare_row(const struct holder *h, const char *s, const struct vector *v, uint32_t row);
int holder_compare(const struct holder *h, const char *s, const char *other);
void holder_free(const struct holder *h, char *s, struct memtrack *track);
/* Appends the value or, without one, the type's default. */
enum status holder_append(const struct holder *h, struct eval *e, const char *s, struct builder *to) MUST_CHECK;
enum status holder_write(const struct holder *h, struct eval *e, const char *s, struct strbuf *to) MUST_CHECK;
enum status holder_read(const struct holder *h, struct eval *e, char *s, struct agg_reader *from) MUST_CHECK;

/* ---- the slots of aggregates whose state is one holder (data: struct holder first) ---- */
void agg_holder_destroy(const struct aggregator *a, char *state, struct memtrack *track);
enum status agg_holder_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                              uint32_t count, struct builder *to);
enum status agg_holder_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to);
enum status agg_holder_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                            size_t *consumed);

#endif
