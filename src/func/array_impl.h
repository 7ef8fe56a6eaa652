// SPDX-License-Identifier: Apache-2.0
#ifndef FUNC_ARRAY_IMPL_H
#define FUNC_ARRAY_IMPL_H
/*
 * Shared by the families of array functions: arguments laid flat, results gathered from elements by their places.
 */
#include "func/cast.h"
#include "func/str_impl.h"

/* A FLAT reference of an argument for `count` rows. */
enum status array_flat(struct eval *e, const struct vector *v, uint32_t count, struct vector **out) MUST_CHECK;
static inline const uint32_t *array_offsets(const struct vector *v)
{
	return v->data;
}
/* An array of c->result with these count + 1 offsets over `child`, whose reference it takes (also on failure). */
enum status array_make(const struct call *c, struct eval *e, const uint32_t *offsets, uint32_t count,
                       struct vector *child, struct vector **out) MUST_CHECK;
/* The same over the elements of `from` at places[0 .. offsets[count]). */
enum status array_pick(const struct call *c, struct eval *e, const uint32_t *offsets, uint32_t count,
                       const struct vector *from, const uint32_t *places, struct vector **out) MUST_CHECK;
/* Room for n numbers until the batch ends: from the scratch arena. */
static inline uint32_t *array_room(struct eval *e, size_t n)
{
	return ARENA_ARRAY(e->scratch, uint32_t, n + 1);
}

/*
 * A number for each element of several vectors of one type, below `count`; equal elements, and NULLs, have the same.
 * Element i of vector k is number ids[starts[k] + i] and row starts[k] + i of `all`.
 */
struct classes {
	uint32_t count;
	uint32_t *ids, *starts;
	uint32_t *stamps, *counts;  /* per number, zeroed: the user's */
	struct vector *all;
};
enum status classes_open(struct eval *e, const struct vector *const *items, uint32_t n, struct classes *out) MUST_CHECK;
void classes_close(struct classes *c);
/* Whether this number was not met in this row (from 1) before; counts how often. */
static inline bool classes_first(const struct classes *c, uint32_t id, uint32_t row)
{
	bool first = c->stamps[id] != row;
	c->stamps[id] = row;
	c->counts[id] = first ? 1 : c->counts[id] + 1;
	return first;
}

/* The elements of arrays side by side for a lambda: equal lengths, offsets from 0. */
struct elements {
	uint32_t total;
	uint32_t *offsets;          /* count + 1, from 0 */
	uint32_t *row_of;           /* outer row of each element */
	uint32_t array_count;
	struct vector **parts;      /* references */
};
enum status elements_open(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t first,
                          uint32_t count, struct elements *out) MUST_CHECK;
void elements_close(struct elements *x);
/* The lambda's results over the elements, or where the call has no lambda the first array's elements. */
enum status elements_apply(const struct call *c, struct eval *e, const struct elements *x,
                           struct vector **out) MUST_CHECK;
/* Binds the lambda that is argument 0 over the arrays behind it; *element is its result, without one the first array's.
 * */
enum status array_bind_lambda(struct bind_env *env, struct call *c, const struct type **element) MUST_CHECK;
/* The same with `more` other arguments between lambda and arrays. */
enum status array_bind_lambda_after(struct bind_env *env, struct call *c, uint32_t more,
                                    const struct type **element) MUST_CHECK;
/* 1 where a condition holds, NULL counts as not. */
enum status array_conditions(struct eval *e, const struct vector *v, uint32_t n, uint8_t **out) MUST_CHECK;
static inline bool has_lambda(const struct call *c)
{
	return c->lambdas != NULL && c->arg_count != 0 && c->lambdas[0] != NULL;
}

#endif
