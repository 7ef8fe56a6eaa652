// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_AGG_ARRAY_IMPL_H
#define FUNC_AGG_ARRAY_IMPL_H
/*
 * A list of values in a state: fixed-width ones side by side, others (width 0) each as a varuint length and the bytes
 * of agg_blob_write(). The bytes are the serialised form but for the count.
 */
#include "func/aggregate_impl.h"

struct agg_list {
	char *data;
	size_t size, capacity;
	uint32_t count;
};

/* 0 when values are serialised. */
size_t agg_list_width(const struct type *t);
enum status agg_list_reserve(struct eval *e, struct agg_list *l, size_t more) MUST_CHECK;
void agg_list_free(struct agg_list *l, struct memtrack *track);
/* Appends rows [from, from + count) of `rows` (NULL: themselves) of a FLAT vector. */
enum status agg_list_add(struct eval *e, struct agg_list *l, size_t width, const struct vector *v, const uint32_t *rows,
                         uint32_t from, uint32_t count) MUST_CHECK;
/* Appends the element at `at`, a reader over l's bytes, to a builder of the elements' type. */
enum status agg_list_next(const struct agg_list *l, struct agg_reader *at, size_t width, struct builder *to,
                          struct error *err) MUST_CHECK;
/* Reads `count` elements. */
enum status agg_list_read(struct eval *e, struct agg_list *l, size_t width, uint32_t count, struct agg_reader *r)
	MUST_CHECK;

#endif
