// SPDX-License-Identifier: Apache-2.0
/* count, any and its kin, and the rows of the basic family. */
#include <assert.h>

#include "func/agg_holder_impl.h"
#include "func/agg_single_impl.h"
#include "func/agg_sum_impl.h"

/* ---- count: a varuint ---- */

static enum status count_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                             const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		++*(uint64_t *)(void *)(states[i] + offset);
	return OK;
}

static enum status count_add_one(const struct aggregator *a, struct eval *e, char *state,
                                 const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	*(uint64_t *)(void *)state += count;
	return OK;
}

static enum status count_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                               char *const *others, size_t other_offset, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		*(uint64_t *)(void *)(states[i] + offset) += *(const uint64_t *)(void *)(others[i] + other_offset);
	return OK;
}

static enum status count_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	strbuf_put_varuint(to, *(const uint64_t *)(const void *)state);
	return OK;
}

static enum status count_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                              size_t *consumed)
{
	struct agg_reader r = agg_reader(from);
	*(uint64_t *)(void *)state = agg_get_varuint(&r);
	return agg_reader_end(&r, e, from, consumed);
}

static enum status count_not_null_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                      const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct vector *v = args[0];
	if (v->form == VECTOR_FLAT && v->nulls == NULL)
		return count_add(a, e, states, offset, args, rows, count);
	for (uint32_t i = 0; i < count; i++)
		*(uint64_t *)(void *)(states[i] + offset) += !vector_is_null(v, rows == NULL ? i : rows[i]);
	return OK;
}

static enum status count_not_null_add_one(const struct aggregator *a, struct eval *e, char *state,
                                          const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct vector *v = args[0];
	uint64_t n = 0;
	if (v->form == VECTOR_FLAT && v->nulls == NULL)
		n = count;
	else if (v->form == VECTOR_FLAT && rows == NULL)
		n = count - bits_count(v->nulls, 0, count);
	else
		for (uint32_t i = 0; i < count; i++)
			n += !vector_is_null(v, rows == NULL ? i : rows[i]);
	*(uint64_t *)(void *)state += n;
	return OK;
}

static const struct aggregate_ops count_ops = {NULL, NULL, count_add, count_add_one, count_merge, agg_raw8_finish,
                                               count_write, count_read};
static const struct aggregate_ops count_not_null_ops = {NULL, NULL, count_not_null_add, count_not_null_add_one,
                                                        count_merge, agg_raw8_finish, count_write, count_read};

static enum status bind_count(struct bind_env *env, struct aggregator *a)
{
	TRY(agg_arg_count(env, a, 0, 1));
	TRY(agg_param_count(env, a, 0, 0));
	bool nullable = a->arg_count != 0 && (a->arg_types[0]->nullable || a->arg_types[0]->id == TYPE_NOTHING);
	return agg_set(a, nullable ? &count_not_null_ops : &count_ops,
	               type_simple(agg_is_pg(env) ? TYPE_INT64 : TYPE_UINT64), sizeof(uint64_t));
}

/* ---- any, anyLast and the forms that respect NULLs: a holder ---- */

enum any_which { ANY_FIRST, ANY_LAST };

struct any_state {
	struct holder holder;
	enum any_which which;
};

static enum status any_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                           const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct any_state *t = a->data;
	struct vector *v;
	TRY(vector_flatten(e->track, args[0], &v, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++)
		if (t->which == ANY_LAST || !holder_has(states[i] + offset))
			s = holder_set(&t->holder, e, states[i] + offset, v, rows == NULL ? i : rows[i]);
	vector_unref(v);
	return s;
}

static enum status any_add_one(const struct aggregator *a, struct eval *e, char *state,
                               const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct any_state *t = a->data;
	if (count == 0 || (t->which == ANY_FIRST && holder_has(state)))
		return OK;
	uint32_t i = t->which == ANY_LAST ? count - 1 : 0;
	const struct vector *at;
	uint32_t row = vector_index(args[0], rows == NULL ? i : rows[i], &at);
	return holder_set(&t->holder, e, state, at, row);
}

static enum status any_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                             char *const *others, size_t other_offset, uint32_t count)
{
	const struct any_state *t = a->data;
	for (uint32_t i = 0; i < count; i++) {
		char *s = states[i] + offset;
		const char *o = others[i] + other_offset;
		if (holder_has(o) && (t->which == ANY_LAST || !holder_has(s)))
			TRY(holder_copy(&t->holder, e, s, o));
	}
	return OK;
}

static const struct aggregate_ops any_ops = {NULL, agg_holder_destroy, any_add, any_add_one, any_merge,
                                             agg_holder_finish, agg_holder_write, agg_holder_read};

static enum status bind_any_which(struct bind_env *env, struct aggregator *a, enum any_which which)
{
	TRY(agg_arg_count(env, a, 1, 1));
	TRY(agg_param_count(env, a, 0, 0));
	struct any_state *t = ARENA_NEW(env->arena, struct any_state);
	t->holder = holder_of(a->arg_types[0]);
	t->which = which;
	a->data = t;
	return agg_set(a, &any_ops, a->arg_types[0], t->holder.size);
}

static enum status bind_any(struct bind_env *env, struct aggregator *a)
{
	return bind_any_which(env, a, ANY_FIRST);
}

static enum status bind_any_last(struct bind_env *env, struct aggregator *a)
{
	return bind_any_which(env, a, ANY_LAST);
}

/* With NULLs: 1 nothing, 2 NULL, 3 a value, which follows in the form of its type. */
static enum status respect_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct any_state *t = a->data;
	const struct vector *v = t->holder.kind == HOLDER_ANY ? *(struct vector *const *)holder_value(state) : NULL;
	bool null = v != NULL && vector_is_null(v, 0);
	strbuf_putc(to, !holder_has(state) ? 1 : null ? 2 : 3);
	if (!holder_has(state) || null)
		return OK;
	if (v != NULL)
		return agg_value_write(to, v, 0, e->err);
	struct builder *b;
	struct vector *one = NULL;
	TRY(builder_new(e->track, t->holder.type, &b, e->err));
	enum status s = holder_append(&t->holder, e, state, b);
	if (s == OK)
		s = builder_finish(b, &one, e->err);
	if (s == OK)
		s = agg_value_write(to, one, 0, e->err);
	vector_unref(one);
	builder_free(b);
	return s;
}

static enum status respect_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                                size_t *consumed)
{
	const struct any_state *t = a->data;
	struct agg_reader r = agg_reader(from);
	uint8_t what = agg_get_u8(&r);
	struct builder *b;
	struct vector *one = NULL;
	TRY(builder_new(e->track, t->holder.type, &b, e->err));
	enum status s = OK;
	if (what == 3)
		s = agg_value_read(b, &r, e->err);
	else if (what == 2 && t->holder.type->nullable)
		s = builder_null(b, e->err);
	if (s == OK && b->count != 0)
		s = builder_finish(b, &one, e->err);
	if (s == OK && one != NULL)
		s = holder_set(&t->holder, e, state, one, 0);
	vector_unref(one);
	builder_free(b);
	return s == OK ? agg_reader_end(&r, e, from, consumed) : s;
}

static const struct aggregate_ops respect_ops = {NULL, agg_holder_destroy, any_add, any_add_one, any_merge,
                                                 agg_holder_finish, respect_write, respect_read};

static enum status bind_any_respect(struct bind_env *env, struct aggregator *a)
{
	TRY(bind_any_which(env, a, ANY_FIRST));
	a->ops = &respect_ops;
	return OK;
}

static enum status bind_last_respect(struct bind_env *env, struct aggregator *a)
{
	TRY(bind_any_which(env, a, ANY_LAST));
	a->ops = &respect_ops;
	return OK;
}

/* ---- singleValueOrNull: what is written is the value alone ---- */

static enum status single_add_one(const struct aggregator *a, struct eval *e, char *state,
                                  const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct any_state *t = a->data;
	for (uint32_t i = 0; i < count; i++) {
		const struct vector *at;
		uint32_t row = vector_index(args[0], rows == NULL ? i : rows[i], &at);
		if (!holder_has(state))
			TRY(holder_set(&t->holder, e, state, at, row));
		else if (holder_compare_row(&t->holder, state, at, row) != 0)
			state[1] = 1;
	}
	return OK;
}

static enum status single_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                char *const *others, size_t other_offset, uint32_t count)
{
	const struct any_state *t = a->data;
	for (uint32_t i = 0; i < count; i++) {
		char *s = states[i] + offset;
		const char *o = others[i] + other_offset;
		if (!holder_has(o))
			continue;
		if (!holder_has(s))
			TRY(holder_copy(&t->holder, e, s, o));
		else if (holder_compare(&t->holder, s, o) != 0)
			s[1] = 1;
		s[1] |= o[1];
	}
	return OK;
}

static enum status single_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                 uint32_t count, struct builder *to)
{
	const struct any_state *t = a->data;
	for (uint32_t i = 0; i < count; i++) {
		const char *s = states[i] + offset;
		TRY(s[1] != 0 || !holder_has(s) ? builder_default(to, e->err) : holder_append(&t->holder, e, s, to));
	}
	return OK;
}

static const struct aggregate_ops single_ops = {NULL, agg_holder_destroy, agg_add_runs, single_add_one, single_merge,
                                                single_finish, agg_holder_write, agg_holder_read};

static enum status bind_single(struct bind_env *env, struct aggregator *a)
{
	TRY(bind_any_which(env, a, ANY_FIRST));
	const struct type *t = a->result;
	enum physical p = type_physical(t);
	bool fits = p != PHYS_ARRAY && p != PHYS_MAP && p != PHYS_TUPLE;
	return agg_set(a, &single_ops, fits ? type_nullable(env->arena, t) : t, a->state_size);
}

static const struct aggregate rows[] = {
	{"count", "", AGGREGATE_CH | AGGREGATE_NOCASE | AGGREGATE_SEES_NULLS | AGGREGATE_PG, bind_count,
	 "Number of rows, or of values that are not NULL", "SELECT count() FROM numbers(3)", "3", NULL},
	{"sum", "", AGGREGATE_CH | AGGREGATE_NOCASE, agg_bind_sum, "Sum of numbers", "SELECT sum(number) FROM numbers(4)", "6",
	 NULL},
	{"sum", "", AGGREGATE_PG | AGGREGATE_EMPTY_NULL_PG, agg_bind_sum_pg, "Sum of numbers",
	 "SELECT sum(x) FROM (VALUES (1), (2)) AS t(x)", "3", NULL},
	{"avg", "", AGGREGATE_CH | AGGREGATE_NOCASE, agg_bind_avg, "Arithmetic mean", "SELECT avg(number) FROM numbers(4)",
	 "1.5", NULL},
	{"avg", "", AGGREGATE_PG | AGGREGATE_EMPTY_NULL_PG, agg_bind_avg_pg, "Arithmetic mean",
	 "SELECT avg(x) FROM (VALUES (1), (2)) AS t(x)", "1.5000000000000000", NULL},
	{"min", "", AGGREGATE_CH | AGGREGATE_PG | AGGREGATE_NOCASE | AGGREGATE_DUPLICATES_IGNORED | AGGREGATE_EMPTY_NULL_PG,
	 agg_bind_min, "Least value", "SELECT min(number) FROM numbers(4)", "0", NULL},
	{"max", "", AGGREGATE_CH | AGGREGATE_PG | AGGREGATE_NOCASE | AGGREGATE_DUPLICATES_IGNORED | AGGREGATE_EMPTY_NULL_PG,
	 agg_bind_max, "Greatest value", "SELECT max(number) FROM numbers(4)", "3", NULL},
	{"any", "~any_value ~first_value", AGGREGATE_CH | AGGREGATE_PG | AGGREGATE_ORDERED | AGGREGATE_EMPTY_NULL_PG |
	 AGGREGATE_DUPLICATES_IGNORED,
	 bind_any, "The first value that comes", "SELECT any(number) FROM numbers(4)", "0", NULL},
	{"anyLast", "~last_value", AGGREGATE_CH | AGGREGATE_PG | AGGREGATE_ORDERED | AGGREGATE_EMPTY_NULL_PG, bind_any_last,
	 "The last value that comes", "SELECT anyLast(number) FROM numbers(4)", "3", NULL},
	{"any_respect_nulls", "~first_value_respect_nulls ~any_value_respect_nulls anyRespectNulls firstValueRespectNulls",
	 AGGREGATE_CH | AGGREGATE_ORDERED | AGGREGATE_SEES_NULLS, bind_any_respect,
	 	"The first value that comes, NULL among them",
	 "SELECT any_respect_nulls(number) FROM numbers(4)", "0", NULL},
	{"anyLast_respect_nulls", "~last_value_respect_nulls anyLastRespectNulls lastValueRespectNulls",
	 AGGREGATE_CH | AGGREGATE_ORDERED | AGGREGATE_SEES_NULLS, bind_last_respect,
	 	"The last value that comes, NULL among them",
	 "SELECT anyLast_respect_nulls(number) FROM numbers(4)", "3", NULL},
	{"argMin", "~min_by", AGGREGATE_CH | AGGREGATE_ORDERED, agg_bind_argmin,
	 "The first argument where the second is least",
	 "SELECT argMin(number, -number) FROM numbers(4)", "3", NULL},
	{"argMax", "~max_by", AGGREGATE_CH | AGGREGATE_ORDERED, agg_bind_argmax,
	 "The first argument where the second is greatest",
	 "SELECT argMax(number, -number) FROM numbers(4)", "0", NULL},
	{"singleValueOrNull", "", AGGREGATE_CH, bind_single, "The only value, or NULL where there are several",
	 "SELECT singleValueOrNull(1) FROM numbers(4)", "1", NULL},
};

AGGREGATE_FAMILY(basic, "Basic aggregates");
