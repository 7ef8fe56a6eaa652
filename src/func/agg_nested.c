// SPDX-License-Identifier: Apache-2.0
/* The combinators -ForEach, -Resample, -ArgMin and -ArgMax. */
#include <assert.h>
#include <stdlib.h>

#include "func/agg_holder_impl.h"

/* ---- -ForEach: a state for each position of the arrays ---- */

struct foreach_state {
	char *states;        /* count of the nested size */
	uint32_t count, capacity;
};

static enum status foreach_grow(const struct aggregator *a, struct eval *e, struct foreach_state *s, uint32_t count)
{
	size_t width = a->nested->state_size;
	if (count <= s->count)
		return OK;
	if (count > s->capacity) {
		uint64_t capacity = round_up_pow2(count);
		if (capacity * width > UINT32_MAX)
			return ERR(e->err, E_TOO_MANY_ROWS, "arrays of %u elements are too long for aggregate function %.*s", count,
			           STR_ARG(a->name));
		void *p = s->states;
		TRY(agg_realloc(e, &p, s->capacity * width, capacity * width));
		s->states = p;
		s->capacity = (uint32_t)capacity;
	}
	memset(s->states + s->count * width, 0, (count - s->count) * width);
	for (; s->count < count; s->count++)
		agg_init(a->nested, s->states + s->count * width);
	return OK;
}

static void foreach_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	struct foreach_state *s = (void *)state;
	for (uint32_t i = 0; i < s->count; i++)
		agg_destroy(a->nested, s->states + (size_t)i * a->nested->state_size, track);
	agg_free(track, s->states, (size_t)s->capacity * a->nested->state_size);
	*s = (struct foreach_state){0};
}

/* One row: element k of each array goes to state k. */
static enum status foreach_row(const struct aggregator *a, struct eval *e, struct foreach_state *s,
                               const struct vector *const *arrays, const struct vector *const *elements, uint32_t row)
{
	const struct aggregator *nested = a->nested;
	const uint32_t *offsets = arrays[0]->data;
	uint32_t n = offsets[row + 1] - offsets[row];
	for (uint32_t c = 1; c < a->arg_count; c++) {
		const uint32_t *o = arrays[c]->data;
		if (o[row + 1] - o[row] != n)
			return ERR(e->err, E_SIZES_OF_ARRAYS, "All arrays passed to aggregate function %.*s must have equal sizes",
			           STR_ARG(a->name));
		assert(o[row] == offsets[row]); /* the rows before have equal lengths */
	}
	TRY(foreach_grow(a, e, s, n));
	char *to[64];
	uint32_t list[64];
	for (uint32_t k = 0; k < n; k += ARRAY_COUNT(to)) {
		uint32_t m = n - k < ARRAY_COUNT(to) ? n - k : ARRAY_COUNT(to);
		for (uint32_t i = 0; i < m; i++) {
			to[i] = s->states + (size_t)(k + i) * nested->state_size;
			list[i] = offsets[row] + k + i;
		}
		TRY(nested->ops->add(nested, e, to, 0, elements, list, m));
	}
	return OK;
}

/* The chosen rows alone: elements of several arrays then lie alike, row after row. */
static enum status choose_rows(struct eval *e, const struct vector *v, const uint32_t *rows, uint32_t count,
                               struct vector **out)
{
	if (rows != NULL)
		return vector_gather(e->track, v, rows, count, out, e->err);
	uint32_t *all = ARENA_ARRAY(e->scratch, uint32_t, count + 1);
	for (uint32_t i = 0; i < count; i++)
		all[i] = i;
	return vector_gather(e->track, v, all, count, out, e->err);
}

static enum status foreach_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                               const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	uint32_t n = a->arg_count;
	const struct vector **arrays = ARENA_ARRAY(e->scratch, const struct vector *, n);
	const struct vector **elements = ARENA_ARRAY(e->scratch, const struct vector *, n);
	struct vector **owned = ARENA_ARRAY(e->scratch, struct vector *, n),
		**flat = ARENA_ARRAY(e->scratch, struct vector *, n);
	enum status s = agg_flatten(e, args, n, arrays, owned);
	for (uint32_t c = 0; c < n && s == OK; c++) {
		struct vector *even;
		if (n > 1) {
			s = choose_rows(e, arrays[c], rows, count, &even);
			if (s != OK)
				break;
			vector_unref(owned[c]);
			arrays[c] = owned[c] = even;
		}
		s = vector_flatten(e->track, arrays[c]->children[0], &flat[c], e->err);
		elements[c] = flat[c];
	}
	for (uint32_t i = 0; i < count && s == OK; i++)
		s = foreach_row(a, e, (void *)(states[i] + offset), arrays, elements, rows == NULL || n > 1 ? i : rows[i]);
	agg_unflatten(flat, n);
	agg_unflatten(owned, n);
	return s;
}

static enum status foreach_add_one(const struct aggregator *a, struct eval *e, char *state,
                                   const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	char *same[256];
	uint32_t list[256];
	for (size_t i = 0; i < ARRAY_COUNT(same); i++)
		same[i] = state;
	for (uint32_t from = 0; from < count; from += ARRAY_COUNT(same)) {
		uint32_t n = count - from < ARRAY_COUNT(same) ? count - from : ARRAY_COUNT(same);
		for (uint32_t i = 0; i < n; i++)
			list[i] = rows == NULL ? from + i : rows[from + i];
		TRY(foreach_add(a, e, same, 0, args, list, n));
	}
	return OK;
}

static enum status foreach_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                 char *const *others, size_t other_offset, uint32_t count)
{
	size_t width = a->nested->state_size;
	for (uint32_t i = 0; i < count; i++) {
		struct foreach_state *s = (void *)(states[i] + offset);
		const struct foreach_state *o = (const void *)(others[i] + other_offset);
		TRY(foreach_grow(a, e, s, o->count));
		for (uint32_t k = 0; k < o->count; k++) {
			char *to = s->states + k * width, *from = o->states + k * width;
			TRY(a->nested->ops->merge(a->nested, e, &to, 0, &from, 0, 1));
		}
	}
	return OK;
}

static enum status foreach_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                  uint32_t count, struct builder *to)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct foreach_state *s = (const void *)(states[i] + offset);
		for (uint32_t k = 0; k < s->count; k++) {
			char *at = s->states + (size_t)k * a->nested->state_size;
			TRY(a->nested->ops->finish(a->nested, e, &at, 0, 1, to->children[0]));
		}
		TRY(builder_end_array(to, e->err));
	}
	return OK;
}

static enum status foreach_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct foreach_state *s = (const void *)state;
	strbuf_put_le(to, s->count, 8);
	for (uint32_t k = 0; k < s->count; k++)
		TRY(a->nested->ops->write(a->nested, e, s->states + (size_t)k * a->nested->state_size, to));
	return OK;
}

static enum status foreach_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                                size_t *consumed)
{
	struct foreach_state *s = (void *)state;
	struct agg_reader r = agg_reader(from);
	uint64_t n;
	agg_get(&r, &n, sizeof n);
	r.failed |= n > (uint64_t)(r.end - r.at);
	for (uint32_t k = 0; k < n && !r.failed; k++) {
		size_t used;
		TRY(foreach_grow(a, e, s, k + 1));
		TRY(a->nested->ops->read(a->nested, e, s->states + (size_t)k * a->nested->state_size,
		                         str_make(r.at, (size_t)(r.end - r.at)), &used));
		r.at += used;
	}
	return agg_reader_end(&r, e, from, consumed);
}

static const struct aggregate_ops foreach_ops = {NULL, foreach_destroy, foreach_add, foreach_add_one, foreach_merge,
                                                 foreach_finish, foreach_write, foreach_read};

enum status agg_bind_foreach(struct agg_call *c, struct aggregator **out)
{
	struct bind_env *env = c->env;
	const struct type **types = ARENA_ARRAY(env->arena, const struct type *, c->arg_count + 1);
	if (c->arg_count == 0)
		return ERR(env->err, E_NUMBER_OF_ARGUMENTS,
		           "Incorrect number of arguments for aggregate function with ForEach suffix");
	for (uint32_t i = 0; i < c->arg_count; i++) {
		if (c->types[i]->id != TYPE_ARRAY)
			return ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT,
			           "Illegal type %.*s of argument for aggregate function with ForEach suffix. Must be array",
			           STR_ARG(type_name(env->arena, c->types[i])));
		types[i] = type_low_cardinality(env->arena, c->types[i]->children[0], false);
	}
	struct aggregator *nested;
	TRY(agg_bind_name(env, c->name, c->params, c->param_count, types, c->arg_count, c->flags, &nested));
	for (uint32_t i = 0; i < c->arg_count; i++)
		types[i] = type_equal(types[i], nested->arg_types[i]) ? c->types[i] : type_array(env->arena, nested->arg_types[i]);
	*out = agg_wrap(env, nested, "ForEach", &foreach_ops, types, c->arg_count, sizeof(struct foreach_state));
	(*out)->result = type_array(env->arena, nested->result);
	return OK;
}

/* ---- -Resample(begin, end, step): a state for each interval of the last argument ---- */

struct resample_rule {
	int64_t begin, end, step;
	uint32_t count;
};

static void resample_init(const struct aggregator *a, char *state)
{
	const struct resample_rule *r = a->data;
	for (uint32_t k = 0; k < r->count; k++)
		agg_init(a->nested, state + (size_t)k * a->nested->state_size);
}

static void resample_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	const struct resample_rule *r = a->data;
	for (uint32_t k = 0; k < r->count; k++)
		agg_destroy(a->nested, state + (size_t)k * a->nested->state_size, track);
}

static int64_t integer_at(const struct vector *v, uint32_t i)
{
	const void *d = v->data;
	switch (type_physical(v->type)) {
	case PHYS_I8: return ((const int8_t *)d)[i];
	case PHYS_I16: return ((const int16_t *)d)[i];
	case PHYS_I32: return ((const int32_t *)d)[i];
	case PHYS_U8: return ((const uint8_t *)d)[i];
	case PHYS_U16: return ((const uint16_t *)d)[i];
	case PHYS_U32: return ((const uint32_t *)d)[i];
	default: return ((const int64_t *)d)[i];
	}
}

static enum status resample_rows(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                 char *state, const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct resample_rule *r = a->data;
	const struct vector **flat = ARENA_ARRAY(e->scratch, const struct vector *, a->arg_count);
	struct vector **owned = ARENA_ARRAY(e->scratch, struct vector *, a->arg_count);
	uint32_t keep[AGG_CHUNK];
	char *to[AGG_CHUNK];
	enum status s = agg_flatten(e, args, a->arg_count, flat, owned);
	for (uint32_t from = 0; from < count && s == OK; from += AGG_CHUNK) {
		uint32_t n = count - from < AGG_CHUNK ? count - from : AGG_CHUNK, m = 0;
		for (uint32_t i = from; i < from + n; i++) {
			uint32_t row = rows == NULL ? i : rows[i];
			int64_t key = integer_at(flat[a->arg_count - 1], row);
			if (key < r->begin || key >= r->end)
				continue;
			keep[m] = row;
			to[m++] = (states == NULL ? state : states[i] + offset) + (key - r->begin) / r->step * a->nested->state_size;
		}
		if (m != 0)
			s = a->nested->ops->add(a->nested, e, to, 0, flat, keep, m);
	}
	agg_unflatten(owned, a->arg_count);
	return s;
}

static enum status resample_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return count == 0 ? OK : resample_rows(a, e, states, offset, NULL, args, rows, count);
}

static enum status resample_add_one(const struct aggregator *a, struct eval *e, char *state,
                                    const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return resample_rows(a, e, NULL, 0, state, args, rows, count);
}

static enum status resample_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                  char *const *others, size_t other_offset, uint32_t count)
{
	const struct resample_rule *r = a->data;
	for (uint32_t k = 0; k < r->count; k++)
		TRY(a->nested->ops->merge(a->nested, e, states, offset + (size_t)k * a->nested->state_size, others,
		                          other_offset + (size_t)k * a->nested->state_size, count));
	return OK;
}

static enum status resample_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                   uint32_t count, struct builder *to)
{
	const struct resample_rule *r = a->data;
	for (uint32_t i = 0; i < count; i++) {
		for (uint32_t k = 0; k < r->count; k++)
			TRY(a->nested->ops->finish(a->nested, e, &states[i], offset + (size_t)k * a->nested->state_size, 1,
			                           to->children[0]));
		TRY(builder_end_array(to, e->err));
	}
	return OK;
}

static enum status resample_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct resample_rule *r = a->data;
	for (uint32_t k = 0; k < r->count; k++)
		TRY(a->nested->ops->write(a->nested, e, state + (size_t)k * a->nested->state_size, to));
	return OK;
}

static enum status resample_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                                 size_t *consumed)
{
	const struct resample_rule *r = a->data;
	size_t at = 0;
	for (uint32_t k = 0; k < r->count; k++) {
		size_t used;
		TRY(a->nested->ops->read(a->nested, e, state + (size_t)k * a->nested->state_size,
		                         str_make(from.data + at, from.size - at), &used));
		at += used;
	}
	*consumed = at;
	return OK;
}

static const struct aggregate_ops resample_ops = {resample_init, resample_destroy, resample_add, resample_add_one,
                                                  resample_merge, resample_finish, resample_write, resample_read};

static bool param_i64(const struct vector *v, int64_t *out)
{
	if (!type_is_integer(v->type) || physical_size(type_physical(v->type)) > 8 || vector_is_null(v, 0))
		return false;
	*out = integer_at(v, 0);
	return true;
}

enum status agg_bind_resample(struct agg_call *c, struct aggregator **out)
{
	enum { PARAMS = 3, STATES_MAX = 1048576 };
	struct bind_env *env = c->env;
	struct resample_rule *r = ARENA_NEW(env->arena, struct resample_rule);
	uint32_t n = c->param_count;
	if (n < PARAMS || c->arg_count == 0)
		return ERR(env->err, E_NUMBER_OF_ARGUMENTS,
		           "Incorrect number of parameters for aggregate function with Resample suffix");
	const struct type *key = c->types[c->arg_count - 1];
	bool narrow = type_is_integer(key) && physical_size(type_physical(key)) <= 8;
	if (!narrow && key->id != TYPE_DATE && key->id != TYPE_DATETIME)
		return ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT,
		           "Illegal type %.*s of the key of aggregate function with Resample suffix",
		           STR_ARG(type_name(env->arena, key)));
	if (!param_i64(c->params[n - 3], &r->begin) || !param_i64(c->params[n - 2], &r->end) ||
	    !param_i64(c->params[n - 1], &r->step) || r->step <= 0)
		return ERR(env->err, E_ARGUMENT_OUT_OF_BOUND,
		           "Parameters of aggregate function with Resample suffix should be begin, end and a positive step");
	uint64_t span = r->end > r->begin ? (uint64_t)r->end - (uint64_t)r->begin : 0;
	uint64_t count = span / (uint64_t)r->step + (span % (uint64_t)r->step != 0);
	if (count > STATES_MAX)
		return ERR(env->err, E_ARGUMENT_OUT_OF_BOUND, "The range given in function %.*sResample contains too many elements",
		           STR_ARG(c->name));
	r->count = (uint32_t)count;
	struct aggregator *nested;
	TRY(agg_bind_name(env, c->name, c->params, n - PARAMS, c->types, c->arg_count - 1, c->flags, &nested));
	if (count * nested->state_size > UINT32_MAX / 2)
		return ERR(env->err, E_ARGUMENT_OUT_OF_BOUND, "The range given in function %.*sResample contains too many elements",
		           STR_ARG(c->name));
	const struct type **types = ARENA_ARRAY(env->arena, const struct type *, c->arg_count);
	for (uint32_t i = 0; i + 1 < c->arg_count; i++)
		types[i] = nested->arg_types[i];
	types[c->arg_count - 1] = key;
	struct aggregator *a = agg_wrap(env, nested, "Resample", &resample_ops, types, c->arg_count,
	                                count * nested->state_size);
	a->data = r;
	a->params = arena_copy(env->arena, c->params, n * sizeof *c->params);
	a->param_count = n;
	a->name = agg_name_with_params(env->arena, a->function, a->params, n);
	a->result = type_array(env->arena, nested->result);
	*out = a;
	return OK;
}

/* ---- -ArgMin, -ArgMax: rows where the last argument is least or greatest; the key's holder stands behind ---- */

struct arg_rule {
	struct holder key;
	bool max;
};

static void arg_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	const struct arg_rule *r = a->data;
	agg_destroy(a->nested, state, track);
	holder_free(&r->key, state + a->nested->state_size, track);
}

/* Whether the state takes the row's value: it was emptied when the key is better. */
static enum status arg_take(const struct aggregator *a, struct eval *e, char *state, int order, bool *take)
{
	const struct arg_rule *r = a->data;
	*take = order == 0;
	if (order == 0 || (r->max ? order > 0 : order < 0))
		return OK;
	agg_destroy(a->nested, state, e->track);
	memset(state, 0, a->nested->state_size);
	agg_init(a->nested, state);
	*take = true;
	return OK;
}

static enum status arg_add_one(const struct aggregator *a, struct eval *e, char *state,
                               const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct arg_rule *r = a->data;
	char *k = state + a->nested->state_size;
	struct vector *key;
	TRY(vector_flatten(e->track, args[a->arg_count - 1], &key, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t row = rows == NULL ? i : rows[i];
		bool take = true;
		int order = holder_has(k) ? holder_compare_row(&r->key, k, key, row) : 0;
		bool first = !holder_has(k);
		s = arg_take(a, e, state, order, &take);
		if (s == OK && (order != 0 || first) && take)
			s = holder_set(&r->key, e, k, key, row);
		if (s == OK && take)
			s = a->nested->ops->add_one(a->nested, e, state, args, &row, 1);
	}
	vector_unref(key);
	return s;
}

static enum status arg_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                             char *const *others, size_t other_offset, uint32_t count)
{
	const struct arg_rule *r = a->data;
	for (uint32_t i = 0; i < count; i++) {
		char *s = states[i] + offset, *o = others[i] + other_offset, *k = s + a->nested->state_size;
		const char *ok = o + a->nested->state_size;
		bool take = true;
		if (!holder_has(ok))
			continue;
		bool first = !holder_has(k);
		int order = first ? 0 : holder_compare(&r->key, k, ok);
		TRY(arg_take(a, e, s, order, &take));
		if (take && (first || order != 0))
			TRY(holder_copy(&r->key, e, k, ok));
		if (take)
			TRY(a->nested->ops->merge(a->nested, e, &s, 0, &o, 0, 1));
	}
	return OK;
}

static enum status arg_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct arg_rule *r = a->data;
	TRY(a->nested->ops->write(a->nested, e, state, to));
	return holder_write(&r->key, e, state + a->nested->state_size, to);
}

static enum status arg_read(const struct aggregator *a, struct eval *e, char *state, struct str from, size_t *consumed)
{
	const struct arg_rule *r = a->data;
	size_t used;
	TRY(a->nested->ops->read(a->nested, e, state, from, &used));
	struct agg_reader at = agg_reader(from);
	at.at += used;
	TRY(holder_read(&r->key, e, state + a->nested->state_size, &at));
	return agg_reader_end(&at, e, from, consumed);
}

static const struct aggregate_ops arg_ops = {agg_forward_init, arg_destroy, agg_add_runs, arg_add_one, arg_merge,
                                             agg_forward_finish, arg_write, arg_read};

static enum status bind_arg(struct agg_call *c, bool max, struct aggregator **out)
{
	struct bind_env *env = c->env;
	if (c->arg_count == 0)
		return ERR(env->err, E_NUMBER_OF_ARGUMENTS, "Incorrect number of arguments for aggregate function with Arg%s suffix",
		           max ? "Max" : "Min");
	struct aggregator *nested;
	uint32_t n = c->arg_count - 1;
	TRY(agg_bind_name(env, c->name, c->params, c->param_count, c->types, n, c->flags, &nested));
	const struct type **types = ARENA_ARRAY(env->arena, const struct type *, c->arg_count);
	for (uint32_t i = 0; i < n; i++)
		types[i] = nested->arg_types[i];
	types[n] = c->types[n];
	struct arg_rule *r = ARENA_NEW(env->arena, struct arg_rule);
	r->key = holder_of(types[n]);
	r->max = max;
	*out = agg_wrap(env, nested, max ? "ArgMax" : "ArgMin", &arg_ops, types, c->arg_count,
	                nested->state_size + r->key.size);
	(*out)->data = r;
	return OK;
}

enum status agg_bind_arg_min(struct agg_call *c, struct aggregator **out)
{
	return bind_arg(c, false, out);
}

enum status agg_bind_arg_max(struct agg_call *c, struct aggregator **out)
{
	return bind_arg(c, true, out);
}
