// SPDX-License-Identifier: Apache-2.0
/* The combinators -If, -Array, -State, -Merge, -MergeState, -SimpleState, -OrNull, -OrDefault. */
#include <assert.h>

#include "func/aggregate_impl.h"

/* ---- -If ---- */

/* Which rows hold: keep[] their numbers, place[] their places among the given. The condition is FLAT. */
__attribute__((always_inline)) static inline uint32_t select_width(const void *data, const uint64_t *nulls,
                                                                   const uint32_t *rows, uint32_t from, uint32_t n,
                                                                   uint32_t *keep, uint32_t *place, size_t width)
{
	uint32_t m = 0;
	for (uint32_t i = from; i < from + n; i++) {
		uint32_t row = rows == NULL ? i : rows[i];
		uint64_t v = 0;
		memcpy(&v, (const char *)data + row * width, width);
		keep[m] = row;
		place[m] = i;
		m += v != 0 && (nulls == NULL || !bit_get(nulls, row));
	}
	return m;
}

static uint32_t select_rows(const struct vector *c, const uint32_t *rows, uint32_t from, uint32_t n, uint32_t *keep,
                            uint32_t *place)
{
	switch (physical_size(type_physical(c->type))) {
	case 1: return select_width(c->data, c->nulls, rows, from, n, keep, place, 1);
	case 2: return select_width(c->data, c->nulls, rows, from, n, keep, place, 2);
	case 4: return select_width(c->data, c->nulls, rows, from, n, keep, place, 4);
	case 8: return select_width(c->data, c->nulls, rows, from, n, keep, place, 8);
	default: return 0; /* a NULL literal */
	}
}

/* Common to add and add_one: states NULL means one state. */
static enum status if_rows(const struct aggregator *a, struct eval *e, char *const *states, size_t offset, char *state,
                           const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct aggregator *nested = a->nested;
	const struct vector *c = args[a->arg_count - 1];
	if (c->form == VECTOR_CONST) {
		uint32_t row = 0, keep, place;
		if (select_rows(c, &row, 0, 1, &keep, &place) == 0)
			return OK;
		return states == NULL ? nested->ops->add_one(nested, e, state, args, rows, count)
		                      : nested->ops->add(nested, e, states, offset, args, rows, count);
	}
	const struct vector **flat = ARENA_ARRAY(e->scratch, const struct vector *, a->arg_count);
	struct vector **owned = ARENA_ARRAY(e->scratch, struct vector *, a->arg_count);
	uint32_t keep[AGG_CHUNK], place[AGG_CHUNK];
	char *to[AGG_CHUNK];
	enum status s = agg_flatten(e, args, a->arg_count, flat, owned);
	for (uint32_t from = 0; from < count && s == OK; from += AGG_CHUNK) {
		uint32_t n = count - from < AGG_CHUNK ? count - from : AGG_CHUNK;
		uint32_t m = select_rows(flat[a->arg_count - 1], rows, from, n, keep, place);
		if (m == 0)
			continue;
		if (states == NULL) {
			s = nested->ops->add_one(nested, e, state, flat, keep, m);
			continue;
		}
		for (uint32_t i = 0; i < m; i++)
			to[i] = states[place[i]];
		s = nested->ops->add(nested, e, to, offset, flat, keep, m);
	}
	agg_unflatten(owned, a->arg_count);
	return s;
}

static enum status if_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                          const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return count == 0 ? OK : if_rows(a, e, states, offset, NULL, args, rows, count);
}

static enum status if_add_one(const struct aggregator *a, struct eval *e, char *state,
                              const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return if_rows(a, e, NULL, 0, state, args, rows, count);
}

static const struct aggregate_ops if_ops = {agg_forward_init, agg_forward_destroy, if_add, if_add_one,
                                            agg_forward_merge, agg_forward_finish, agg_forward_write,
                                            agg_forward_read};

static enum status bind_if(struct agg_call *c, struct aggregator **out)
{
	struct bind_env *env = c->env;
	if (c->arg_count == 0)
		return ERR(env->err, E_NUMBER_OF_ARGUMENTS, "Aggregate function %.*sIf requires at least one argument",
		           STR_ARG(c->name));
	uint32_t n = c->arg_count - 1;
	const struct type *condition = c->types[n];
	bool good = condition->id == TYPE_BOOL || condition->id == TYPE_NOTHING || condition->id == TYPE_UINT8 ||
	            (agg_is_pg(env) && type_is_integer(condition) && physical_size(type_physical(condition)) <= 8);
	if (!good)
		return ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT,
		           "Illegal type %.*s of last argument for aggregate function with If suffix",
		           STR_ARG(type_name(env->arena, condition)));
	struct aggregator *nested;
	TRY(agg_bind_name(env, c->name, c->params, c->param_count, c->types, n, c->flags, &nested));
	const struct type **types = ARENA_ARRAY(env->arena, const struct type *, n + 1);
	for (uint32_t i = 0; i < n; i++)
		types[i] = nested->arg_types[i];
	types[n] = condition;
	*out = agg_wrap(env, nested, "If", &if_ops, types, n + 1, nested->state_size);
	/* counts carry a flag that is always set where anything is Nullable */
	bool nullable = condition->nullable, counts = agg_counts(nested->aggregate);
	for (uint32_t i = 0; i < n; i++)
		nullable |= c->types[i]->nullable;
	if (counts && nullable && !agg_has_flag(nested))
		*out = agg_null_wrap(env, *out, (*out)->arg_types, AGG_NULL_FLAG);
	return OK;
}

/* ---- -Array ---- */

/* The elements of argument k in the order of those of argument 0, whose lengths it must have. */
static enum status align_elements(const struct aggregator *a, struct eval *e, const struct vector *first,
                                  const struct vector *v, const uint32_t *rows, uint32_t count, struct vector **out)
{
	const uint32_t *x = first->data, *y = v->data;
	uint32_t total = first->children[0]->count;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t r = rows == NULL ? i : rows[i];
		if (x[r + 1] - x[r] != y[r + 1] - y[r])
			return ERR(e->err, E_SIZES_OF_ARRAYS, "All arrays passed to aggregate function %.*s must have equal size",
			           STR_ARG(a->function));
	}
	struct buffer *map;
	TRY(buffer_new(e->track, ((size_t)total + 1) * sizeof(uint32_t), &map, e->err));
	uint32_t *at = (uint32_t *)map->data;
	memset(at, 0, total * sizeof *at);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t r = rows == NULL ? i : rows[i];
		for (uint32_t k = x[r]; k < x[r + 1]; k++)
			at[k] = y[r] + (k - x[r]);
	}
	enum status s = v->children[0]->count == 0 ? OK : vector_gather(e->track, v->children[0], at, total, out, e->err);
	if (s == OK && *out == NULL)
		*out = vector_ref(v->children[0]);
	buffer_unref(map);
	return s;
}

static enum status array_elements(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                  char *state, const struct vector *first, const struct vector *const *elements,
                                  const uint32_t *rows, uint32_t count)
{
	const struct aggregator *nested = a->nested;
	const uint32_t *offsets = first->data;
	uint32_t keep[AGG_CHUNK], m = 0;
	char *to[AGG_CHUNK];
	for (uint32_t i = 0; i < count; i++) {
		uint32_t r = rows == NULL ? i : rows[i];
		for (uint32_t k = offsets[r]; k < offsets[r + 1]; k++) {
			keep[m] = k;
			to[m++] = states == NULL ? state : states[i];
			if (m < AGG_CHUNK)
				continue;
			TRY(states == NULL ? nested->ops->add_one(nested, e, state, elements, keep, m)
			                   : nested->ops->add(nested, e, to, offset, elements, keep, m));
			m = 0;
		}
	}
	if (m == 0)
		return OK;
	return states == NULL ? nested->ops->add_one(nested, e, state, elements, keep, m)
	                      : nested->ops->add(nested, e, to, offset, elements, keep, m);
}

static enum status array_rows(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                              char *state, const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	uint32_t n = a->arg_count;
	const struct vector **flat = ARENA_ARRAY(e->scratch, const struct vector *, n);
	const struct vector **elements = ARENA_ARRAY(e->scratch, const struct vector *, n);
	struct vector **owned = ARENA_ARRAY(e->scratch, struct vector *, n);
	struct vector **aligned = ARENA_ARRAY(e->scratch, struct vector *, n);
	enum status s = agg_flatten(e, args, n, flat, owned);
	for (uint32_t i = 0; i < n && s == OK; i++) {
		if (i != 0)
			s = align_elements(a, e, flat[0], flat[i], rows, count, &aligned[i]);
		else
			s = vector_flatten(e->track, flat[0]->children[0], &aligned[0], e->err);
		elements[i] = aligned[i];
	}
	if (s == OK)
		s = array_elements(a, e, states, offset, state, flat[0], elements, rows, count);
	agg_unflatten(aligned, n);
	agg_unflatten(owned, n);
	return s;
}

static enum status array_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                             const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return count == 0 ? OK : array_rows(a, e, states, offset, NULL, args, rows, count);
}

static enum status array_add_one(const struct aggregator *a, struct eval *e, char *state,
                                 const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return array_rows(a, e, NULL, 0, state, args, rows, count);
}

static const struct aggregate_ops array_ops = {agg_forward_init, agg_forward_destroy, array_add, array_add_one,
                                               agg_forward_merge, agg_forward_finish, agg_forward_write,
                                               agg_forward_read};

static enum status bind_array(struct agg_call *c, struct aggregator **out)
{
	struct bind_env *env = c->env;
	const struct type **types = ARENA_ARRAY(env->arena, const struct type *, c->arg_count + 1);
	if (c->arg_count == 0)
		return ERR(env->err, E_NUMBER_OF_ARGUMENTS, "Aggregate function %.*sArray requires at least one argument",
		           STR_ARG(c->name));
	for (uint32_t i = 0; i < c->arg_count; i++) {
		if (c->types[i]->id != TYPE_ARRAY)
			return ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT,
			           "Illegal type %.*s of argument for aggregate function with Array suffix. Must be array",
			           STR_ARG(type_name(env->arena, c->types[i])));
		types[i] = type_low_cardinality(env->arena, c->types[i]->children[0], false);
	}
	struct aggregator *nested;
	TRY(agg_bind_name(env, c->name, c->params, c->param_count, types, c->arg_count, c->flags, &nested));
	for (uint32_t i = 0; i < c->arg_count; i++)
		types[i] = type_equal(types[i], nested->arg_types[i]) ? c->types[i] : type_array(env->arena, nested->arg_types[i]);
	*out = agg_wrap(env, nested, "Array", &array_ops, types, c->arg_count, nested->state_size);
	return OK;
}

/* ---- -State, -SimpleState ---- */

static enum status state_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                uint32_t count, struct builder *to)
{
	struct strbuf b;
	strbuf_init(&b, e->track);
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		strbuf_clear(&b);
		s = a->nested->ops->write(a->nested, e, states[i] + offset, &b);
		if (s == OK)
			s = strbuf_status(&b, e->err);
		if (s == OK)
			s = builder_string(to, b.data, b.size, e->err);
	}
	strbuf_fini(&b);
	return s;
}

static const struct aggregate_ops state_ops = {agg_forward_init, agg_forward_destroy, agg_forward_add,
                                               agg_forward_add_one, agg_forward_merge, state_finish,
                                               agg_forward_write, agg_forward_read};
static const struct aggregate_ops simple_state_ops = {agg_forward_init, agg_forward_destroy, agg_forward_add,
                                                      agg_forward_add_one, agg_forward_merge, agg_forward_finish,
                                                      agg_forward_write, agg_forward_read};

static enum status bind_state(struct agg_call *c, struct aggregator **out)
{
	struct bind_env *env = c->env;
	struct aggregator *nested;
	TRY(agg_bind_name(env, c->name, c->params, c->param_count, c->types, c->arg_count, c->flags, &nested));
	*out = agg_wrap(env, nested, "State", &state_ops, nested->arg_types, nested->arg_count, nested->state_size);
	(*out)->result = nested->state_type != NULL ? nested->state_type
		: type_aggregate(env->arena, nested->name, nested->arg_types, nested->arg_count);
	return OK;
}

static enum status bind_simple_state(struct agg_call *c, struct aggregator **out)
{
	struct bind_env *env = c->env;
	struct aggregator *nested;
	TRY(agg_bind_name(env, c->name, c->params, c->param_count, c->types, c->arg_count, c->flags, &nested));
	*out = agg_wrap(env, nested, "SimpleState", &simple_state_ops, nested->arg_types, nested->arg_count,
	                nested->state_size);
	struct type *t = arena_copy(env->arena, nested->result, sizeof *nested->result);
	t->simple_aggregate = nested->name;
	(*out)->result = t;
	return OK;
}

/* ---- -Merge, -MergeState ---- */

enum { MERGE_CHUNK = 256 };

/* Reads the states of up to MERGE_CHUNK rows into `room` and merges them into theirs. */
static enum status merge_chunk(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                               char *state, const struct strview *values, const uint32_t *rows, uint32_t from,
                               uint32_t n, char *room)
{
	const struct aggregator *nested = a->nested;
	char *to[MERGE_CHUNK], *others[MERGE_CHUNK];
	uint32_t made = 0;
	enum status s = OK;
	memset(room, 0, (size_t)n * nested->state_size);
	for (uint32_t i = 0; i < n && s == OK; i++) {
		uint32_t row = rows == NULL ? from + i : rows[from + i];
		size_t consumed;
		to[i] = states == NULL ? state : states[from + i];
		others[i] = room + (size_t)i * nested->state_size;
		agg_init(nested, others[i]);
		made++;
		if (values[row].size != 0) /* a column's default: the state of no rows */
			s = nested->ops->read(nested, e, others[i], strview_str(&values[row]), &consumed);
	}
	if (s == OK)
		s = nested->ops->merge(nested, e, to, states == NULL ? 0 : offset, others, 0, n);
	for (uint32_t i = 0; i < made; i++)
		agg_destroy(nested, others[i], e->track);
	return s;
}

static enum status merge_rows(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                              char *state, const struct vector *arg, const uint32_t *rows, uint32_t count)
{
	struct vector *flat;
	TRY(vector_flatten(e->track, arg, &flat, e->err));
	void *room = NULL;
	size_t size = (size_t)a->nested->state_size * (count < MERGE_CHUNK ? count : MERGE_CHUNK);
	enum status s = agg_realloc(e, &room, 0, size);
	for (uint32_t from = 0; from < count && s == OK; from += MERGE_CHUNK) {
		uint32_t n = count - from < MERGE_CHUNK ? count - from : MERGE_CHUNK;
		s = merge_chunk(a, e, states, offset, state, flat->data, rows, from, n, room);
	}
	agg_free(e->track, room, size);
	vector_unref(flat);
	return s;
}

static enum status merge_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                             const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return count == 0 ? OK : merge_rows(a, e, states, offset, NULL, args[0], rows, count);
}

static enum status merge_add_one(const struct aggregator *a, struct eval *e, char *state,
                                 const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	return count == 0 ? OK : merge_rows(a, e, NULL, 0, state, args[0], rows, count);
}

static const struct aggregate_ops merge_ops = {agg_forward_init, agg_forward_destroy, merge_add, merge_add_one,
                                               agg_forward_merge, agg_forward_finish, agg_forward_write,
                                               agg_forward_read};
static const struct aggregate_ops merge_state_ops = {agg_forward_init, agg_forward_destroy, merge_add, merge_add_one,
                                                     agg_forward_merge, state_finish, agg_forward_write,
                                                     agg_forward_read};

static enum status bind_merge(struct agg_call *c, struct aggregator **out)
{
	struct bind_env *env = c->env;
	if (c->arg_count != 1)
		return ERR(env->err, E_NUMBER_OF_ARGUMENTS, "Incorrect number of arguments for aggregate function with Merge suffix");
	const struct type *t = c->types[0];
	struct aggregator *nested;
	if (t->id != TYPE_AGGSTATE)
		return ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT,
		           "Illegal type %.*s of argument for aggregate function with Merge suffix must be AggregateFunction(...)",
		           STR_ARG(type_name(env->arena, t)));
	struct str inside;
	const struct vector **params;
	uint32_t param_count;
	TRY(agg_parse_name(env, t->aggregate, &inside, &params, &param_count));
	TRY(aggregate_of_type(env, t, &nested));
	/* the function asked for may finish the states of another that keeps the same ones: quantiles of quantile */
	struct aggregator *asked;
	TRY(agg_bind_name(env, c->name, c->param_count != 0 ? c->params : params,
	                  c->param_count != 0 ? c->param_count : param_count, t->children, t->child_count, c->flags, &asked));
	bool same = str_eq(asked->function, nested->function) ||
	            (asked->state_size == nested->state_size && asked->ops->add == nested->ops->add &&
	             asked->ops->read == nested->ops->read && asked->ops->init == nested->ops->init);
	if (!same)
		return ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT,
		           "Illegal type %.*s of argument for aggregate function with Merge suffix, expected %.*s of it",
		           STR_ARG(type_name(env->arena, t)), STR_ARG(asked->name));
	*out = agg_wrap(env, asked, "Merge", &merge_ops, c->types, 1, asked->state_size);
	return OK;
}

static enum status bind_merge_state(struct agg_call *c, struct aggregator **out)
{
	TRY(bind_merge(c, out));
	struct aggregator *a = *out;
	a->ops = &merge_state_ops;
	a->result = type_aggregate(c->env->arena, a->nested->name, a->nested->arg_types, a->nested->arg_count);
	a->function = arena_strf(c->env->arena, "%.*sMergeState", STR_ARG(a->nested->function));
	a->name = agg_name_with_params(c->env->arena, a->function, a->params, a->param_count);
	return OK;
}

/* ---- -OrNull, -OrDefault: the nested state, then a flag whether any row came ---- */

static enum status or_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                          const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	size_t flag = offset + a->nested->state_size;
	for (uint32_t i = 0; i < count; i++)
		states[i][flag] = 1;
	return agg_forward_add(a, e, states, offset, args, rows, count);
}

static enum status or_add_one(const struct aggregator *a, struct eval *e, char *state,
                              const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	if (count != 0)
		state[a->nested->state_size] = 1;
	return agg_forward_add_one(a, e, state, args, rows, count);
}

static enum status or_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                            char *const *others, size_t other_offset, uint32_t count)
{
	size_t flag = a->nested->state_size;
	for (uint32_t i = 0; i < count; i++)
		states[i][offset + flag] |= others[i][other_offset + flag];
	return agg_forward_merge(a, e, states, offset, others, other_offset, count);
}

static enum status or_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                             uint32_t count, struct builder *to)
{
	size_t flag = offset + a->nested->state_size;
	for (uint32_t i = 0; i < count; i++) {
		if (states[i][flag] != 0)
			TRY(a->nested->ops->finish(a->nested, e, states + i, offset, 1, to));
		else
			TRY(builder_default(to, e->err));
	}
	return OK;
}

static enum status or_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	TRY(agg_forward_write(a, e, state, to));
	strbuf_putc(to, state[a->nested->state_size]);
	return OK;
}

static enum status or_read(const struct aggregator *a, struct eval *e, char *state, struct str from, size_t *consumed)
{
	size_t n;
	TRY(agg_forward_read(a, e, state, from, &n));
	if (n >= from.size)
		return ERR(e->err, E_INCORRECT_DATA, "Cannot read the state of aggregate function %.*s: it ends early",
		           STR_ARG(a->name));
	state[a->nested->state_size] = from.data[n];
	*consumed = n + 1;
	return OK;
}

static const struct aggregate_ops or_ops = {agg_forward_init, agg_forward_destroy, or_add, or_add_one, or_merge,
                                            or_finish, or_write, or_read};

static enum status bind_or(struct agg_call *c, const char *suffix, bool nullable, struct aggregator **out)
{
	struct aggregator *nested;
	/* fIfOrNull is fOrNullIf: rows that the condition leaves out are none */
	if (c->name.size > 2 && str_ends_with(c->name, STR("If")) && c->arg_count != 0) {
		c->name = arena_strf(c->env->arena, "%.*s%s", (int)c->name.size - 2, c->name.data, suffix);
		return bind_if(c, out);
	}
	TRY(agg_bind_name(c->env, c->name, c->params, c->param_count, c->types, c->arg_count, c->flags, &nested));
	*out = agg_wrap(c->env, nested, suffix, &or_ops, nested->arg_types, nested->arg_count, nested->state_size + 8);
	enum physical p = type_physical(nested->result);
	if (nullable && p != PHYS_ARRAY && p != PHYS_MAP && p != PHYS_TUPLE && nested->result->id != TYPE_AGGSTATE)
		(*out)->result = type_nullable(c->env->arena, nested->result);
	return OK;
}

static enum status bind_or_null(struct agg_call *c, struct aggregator **out)
{
	return bind_or(c, "OrNull", true, out);
}

static enum status bind_or_default(struct agg_call *c, struct aggregator **out)
{
	return bind_or(c, "OrDefault", false, out);
}

const struct agg_combinator agg_combinators[] = {
	{"ArgMax", AGG_NULLS_FLAGGED, agg_bind_arg_max},
	{"ArgMin", AGG_NULLS_FLAGGED, agg_bind_arg_min},
	{"Array", AGG_NULLS_INSIDE, bind_array},
	{"Distinct", AGG_NULLS_FLAGGED, agg_bind_distinct},
	{"ForEach", AGG_NULLS_INSIDE, agg_bind_foreach},
	{"If", AGG_NULLS_INSIDE, bind_if},
	{"Map", AGG_NULLS_INSIDE, agg_bind_map},
	{"Merge", AGG_NULLS_INSIDE, bind_merge},
	{"MergeState", AGG_NULLS_INSIDE, bind_merge_state},
	{"OrDefault", AGG_NULLS_SKIPPED, bind_or_default},
	{"OrNull", AGG_NULLS_SKIPPED, bind_or_null},
	{"Resample", AGG_NULLS_FLAGGED, agg_bind_resample},
	{"SimpleState", AGG_NULLS_INSIDE, bind_simple_state},
	{"State", AGG_NULLS_INSIDE, bind_state},
};
const size_t agg_combinator_count = ARRAY_COUNT(agg_combinators);
