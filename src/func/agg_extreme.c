// SPDX-License-Identifier: Apache-2.0
/*
 * min, max, argMin, argMax. Keys of fixed width have loops of their own; strings and other types go through a holder.
 * A NaN gives way to any number.
 */
#include <assert.h>

#include "base/sort.h"
#include "func/agg_holder_impl.h"
#include "func/agg_single_impl.h"

/* The holder of the value comes first, so that the state is a holder's to whoever finishes it. */
struct arg_state {
	struct holder value, key;
	uint32_t key_at;
	bool max;
	enum status (*add)(const struct arg_state *t, struct eval *e, char *const *states, size_t offset, char *state,
	                   const struct vector *value, const struct vector *key, const uint32_t *rows, uint32_t count);
};

#define LESS(a, b) ((a) < (b))
/* PostgreSQL's NaN is greater than all; ClickHouse's gives way to any number. */
#define LESS_PG(a, b) ((a) < (b) || ((b) != (b) && (a) == (a)))
#define IS_NAN(a) ((a) != (a))
#define LESS_I256(a, b) (i256_compare((a), (b)) < 0)
#define LESS_U256(a, b) (u256_compare((a), (b)) < 0)

#define EX_NAME i8
#define EX_T int8_t
#define EX_LESS LESS
#include "func/agg_extreme_tmpl.h"

#define EX_NAME i16
#define EX_T int16_t
#define EX_LESS LESS
#include "func/agg_extreme_tmpl.h"

#define EX_NAME i32
#define EX_T int32_t
#define EX_LESS LESS
#include "func/agg_extreme_tmpl.h"

#define EX_NAME i64
#define EX_T int64_t
#define EX_LESS LESS
#include "func/agg_extreme_tmpl.h"

#define EX_NAME u8
#define EX_T uint8_t
#define EX_LESS LESS
#include "func/agg_extreme_tmpl.h"

#define EX_NAME u16
#define EX_T uint16_t
#define EX_LESS LESS
#include "func/agg_extreme_tmpl.h"

#define EX_NAME u32
#define EX_T uint32_t
#define EX_LESS LESS
#include "func/agg_extreme_tmpl.h"

#define EX_NAME u64
#define EX_T uint64_t
#define EX_LESS LESS
#include "func/agg_extreme_tmpl.h"

#define EX_NAME f32
#define EX_T float
#define EX_LESS LESS
#define EX_GIVES_WAY IS_NAN
#include "func/agg_extreme_tmpl.h"

#define EX_NAME f64
#define EX_T double
#define EX_LESS LESS
#define EX_GIVES_WAY IS_NAN
#include "func/agg_extreme_tmpl.h"

#define EX_NAME pg_f32
#define EX_T float
#define EX_LESS LESS_PG
#include "func/agg_extreme_tmpl.h"

#define EX_NAME pg_f64
#define EX_T double
#define EX_LESS LESS_PG
#include "func/agg_extreme_tmpl.h"

#define EX_NAME i128
#define EX_T i128
#define EX_LESS LESS
#include "func/agg_extreme_tmpl.h"

#define EX_NAME u128
#define EX_T u128
#define EX_LESS LESS
#include "func/agg_extreme_tmpl.h"

#define EX_NAME i256
#define EX_T i256
#define EX_LESS LESS_I256
#include "func/agg_extreme_tmpl.h"

#define EX_NAME u256
#define EX_T u256
#define EX_LESS LESS_U256
#include "func/agg_extreme_tmpl.h"

static const struct {
	const struct aggregate_ops *min, *max;
	enum status (*arg_add)(const struct arg_state *t, struct eval *e, char *const *states, size_t offset, char *state,
	                       const struct vector *value, const struct vector *key, const uint32_t *rows, uint32_t count);
} table[PHYS_COUNT] = {
	[PHYS_I8] = {&i8_min_ops, &i8_max_ops, i8_arg_add},
	[PHYS_I16] = {&i16_min_ops, &i16_max_ops, i16_arg_add},
	[PHYS_I32] = {&i32_min_ops, &i32_max_ops, i32_arg_add},
	[PHYS_I64] = {&i64_min_ops, &i64_max_ops, i64_arg_add},
	[PHYS_U8] = {&u8_min_ops, &u8_max_ops, u8_arg_add},
	[PHYS_U16] = {&u16_min_ops, &u16_max_ops, u16_arg_add},
	[PHYS_U32] = {&u32_min_ops, &u32_max_ops, u32_arg_add},
	[PHYS_U64] = {&u64_min_ops, &u64_max_ops, u64_arg_add},
	[PHYS_F32] = {&f32_min_ops, &f32_max_ops, f32_arg_add},
	[PHYS_F64] = {&f64_min_ops, &f64_max_ops, f64_arg_add},
	[PHYS_I128] = {&i128_min_ops, &i128_max_ops, i128_arg_add},
	[PHYS_U128] = {&u128_min_ops, &u128_max_ops, u128_arg_add},
	[PHYS_I256] = {&i256_min_ops, &i256_max_ops, i256_arg_add},
	[PHYS_U256] = {&u256_min_ops, &u256_max_ops, u256_arg_add},
};

/* ---- keys of other types ---- */

static inline bool better(int order, bool max)
{
	return max ? order < 0 : order > 0;
}

static enum status string_rows(const struct holder *h, struct eval *e, char *const *states, size_t offset, char *state,
                               const struct vector *v, const uint32_t *rows, uint32_t count, bool max)
{
	const struct strview *x = v->data;
	for (uint32_t i = 0; i < count; i++) {
		char *s = states == NULL ? state : states[i] + offset;
		struct agg_string *held = holder_value(s);
		const struct strview *view = &x[rows == NULL ? i : rows[i]];
		if (*s != 0) {
			struct str old = str_make(agg_string_data(held), held->size);
			if (!better(str_compare(old, strview_str(view)), max))
				continue;
		}
		TRY(agg_string_set(e, held, strview_data(view), view->size));
		*s = 1;
	}
	return OK;
}

static enum status any_type_rows(const struct holder *h, struct eval *e, char *const *states, size_t offset,
                                 char *state, const struct vector *v, const uint32_t *rows, uint32_t count, bool max)
{
	for (uint32_t i = 0; i < count; i++) {
		char *s = states == NULL ? state : states[i] + offset;
		uint32_t row = rows == NULL ? i : rows[i];
		if (*s == 0 || better(holder_compare_row(h, s, v, row), max))
			TRY(holder_set(h, e, s, v, row));
	}
	return OK;
}

struct slow_extreme {
	struct holder holder;
	bool max;
};

static enum status slow_rows(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                             char *state, const struct vector *arg, const uint32_t *rows, uint32_t count)
{
	const struct slow_extreme *x = a->data;
	struct vector *v;
	TRY(vector_flatten(e->track, arg, &v, e->err));
	enum status s = x->holder.kind == HOLDER_STRING
	                    ? string_rows(&x->holder, e, states, offset, state, v, rows, count, x->max)
	                    : any_type_rows(&x->holder, e, states, offset, state, v, rows, count, x->max);
	vector_unref(v);
	return s;
}

static enum status slow_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                            const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return count == 0 ? OK : slow_rows(a, e, states, offset, NULL, args[0], rows, count);
}

static enum status slow_add_one(const struct aggregator *a, struct eval *e, char *state,
                                const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return slow_rows(a, e, NULL, 0, state, args[0], rows, count);
}

static enum status slow_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                              char *const *others, size_t other_offset, uint32_t count)
{
	const struct slow_extreme *x = a->data;
	for (uint32_t i = 0; i < count; i++) {
		char *s = states[i] + offset;
		const char *o = others[i] + other_offset;
		if (*o != 0 && (*s == 0 || better(holder_compare(&x->holder, s, o), x->max)))
			TRY(holder_copy(&x->holder, e, s, o));
	}
	return OK;
}

static const struct aggregate_ops slow_ops = {NULL, agg_holder_destroy, slow_add, slow_add_one, slow_merge,
                                              agg_holder_finish, agg_holder_write, agg_holder_read};

static enum status bind_extreme(struct bind_env *env, struct aggregator *a, bool max)
{
	TRY(agg_arg_count(env, a, 1, 1));
	TRY(agg_param_count(env, a, 0, 0));
	const struct type *t = a->arg_types[0];
	if (t->id == TYPE_AGGSTATE || t->id == TYPE_LAMBDA)
		return agg_bad_type(env, a, 0);
	struct slow_extreme *x = ARENA_NEW(env->arena, struct slow_extreme);
	x->holder = holder_of(t);
	x->max = max;
	a->data = x;
	const struct aggregate_ops *ops = &slow_ops;
	if (agg_is_pg(env) && type_physical(t) == PHYS_F32)
		ops = max ? &pg_f32_max_ops : &pg_f32_min_ops;
	else if (agg_is_pg(env) && type_physical(t) == PHYS_F64)
		ops = max ? &pg_f64_max_ops : &pg_f64_min_ops;
	else if (x->holder.kind == HOLDER_FIXED)
		ops = max ? table[type_physical(t)].max : table[type_physical(t)].min;
	return agg_set(a, ops, t, x->holder.size);
}

enum status agg_bind_min(struct bind_env *env, struct aggregator *a)
{
	return bind_extreme(env, a, false);
}

enum status agg_bind_max(struct bind_env *env, struct aggregator *a)
{
	return bind_extreme(env, a, true);
}

/* ---- argMin, argMax ---- */

static enum status any_key_rows(const struct arg_state *t, struct eval *e, char *const *states, size_t offset,
                                char *state, const struct vector *value, const struct vector *key,
                                const uint32_t *rows, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		char *s = states == NULL ? state : states[i] + offset, *k = s + t->key_at;
		uint32_t row = rows == NULL ? i : rows[i];
		if (*k != 0 && !better(holder_compare_row(&t->key, k, key, row), t->max))
			continue;
		TRY(holder_set(&t->value, e, s, value, row));
		TRY(holder_set(&t->key, e, k, key, row));
	}
	return OK;
}

static void arg_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	const struct arg_state *t = a->data;
	holder_free(&t->value, state, track);
	holder_free(&t->key, state + t->key_at, track);
}

static enum status arg_rows(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                            char *state, const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct arg_state *t = a->data;
	const struct vector *flat[2];
	struct vector *owned[2];
	enum status s = agg_flatten(e, args, 2, flat, owned);
	if (s == OK)
		s = t->add(t, e, states, offset, state, flat[0], flat[1], rows, count);
	agg_unflatten(owned, 2);
	return s;
}

static enum status arg_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                           const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return count == 0 ? OK : arg_rows(a, e, states, offset, NULL, args, rows, count);
}

static enum status arg_add_one(const struct aggregator *a, struct eval *e, char *state,
                               const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return arg_rows(a, e, NULL, 0, state, args, rows, count);
}

static enum status arg_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                             char *const *others, size_t other_offset, uint32_t count)
{
	const struct arg_state *t = a->data;
	for (uint32_t i = 0; i < count; i++) {
		char *s = states[i] + offset, *k = s + t->key_at;
		const char *o = others[i] + other_offset, *ok = o + t->key_at;
		if (*ok == 0 || (*k != 0 && !better(holder_compare(&t->key, k, ok), t->max)))
			continue;
		TRY(holder_copy(&t->value, e, s, o));
		TRY(holder_copy(&t->key, e, k, ok));
	}
	return OK;
}

static enum status arg_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct arg_state *t = a->data;
	TRY(holder_write(&t->value, e, state, to));
	return holder_write(&t->key, e, state + t->key_at, to);
}

static enum status arg_read(const struct aggregator *a, struct eval *e, char *state, struct str from, size_t *consumed)
{
	const struct arg_state *t = a->data;
	struct agg_reader r = agg_reader(from);
	TRY(holder_read(&t->value, e, state, &r));
	TRY(holder_read(&t->key, e, state + t->key_at, &r));
	return agg_reader_end(&r, e, from, consumed);
}

static const struct aggregate_ops arg_ops = {NULL, arg_destroy, arg_add, arg_add_one, arg_merge, agg_holder_finish,
                                             arg_write, arg_read};

static enum status bind_arg(struct bind_env *env, struct aggregator *a, bool max)
{
	TRY(agg_arg_count(env, a, 2, 2));
	TRY(agg_param_count(env, a, 0, 0));
	if (a->arg_types[1]->id == TYPE_AGGSTATE || a->arg_types[1]->id == TYPE_LAMBDA)
		return agg_bad_type(env, a, 1);
	struct arg_state *t = ARENA_NEW(env->arena, struct arg_state);
	t->value = holder_of(a->arg_types[0]);
	t->key = holder_of(a->arg_types[1]);
	t->key_at = t->value.size;
	t->max = max;
	enum physical key = type_physical(a->arg_types[1]);
	t->add = t->key.kind == HOLDER_FIXED ? table[key].arg_add : any_key_rows;
	if (agg_is_pg(env) && (key == PHYS_F32 || key == PHYS_F64))
		t->add = key == PHYS_F32 ? pg_f32_arg_add : pg_f64_arg_add;
	a->data = t;
	return agg_set(a, &arg_ops, a->arg_types[0], t->value.size + t->key.size);
}

enum status agg_bind_argmin(struct bind_env *env, struct aggregator *a)
{
	return bind_arg(env, a, false);
}

enum status agg_bind_argmax(struct bind_env *env, struct aggregator *a)
{
	return bind_arg(env, a, true);
}
