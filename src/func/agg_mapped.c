// SPDX-License-Identifier: Apache-2.0
/*
 * sumMap, minMap and maxMap over arrays: a sum, least or greatest value for each key, of one or several arrays of
 * values beside the array of keys. Keys come out sorted; sumMap leaves out those whose sums are all zero.
 *
 *     varuint count | key, a state for each array of values, in turn, by key
 */
#include <stdlib.h>

#include "func/agg_set_impl.h"

enum { ARRAYS_MAX = 16 };

struct mapped_rule {
	struct agg_set_rule keys;
	const struct type *key;
	uint32_t n;                              /* arrays of values */
	struct aggregator *nested[ARRAYS_MAX];
	uint32_t offsets[ARRAYS_MAX];
	uint32_t width;                          /* of the states of one key */
	bool sums;
};

struct mapped_state {
	struct agg_set keys;
	char *states;
	uint32_t capacity;
};

static enum status add_states(const struct mapped_rule *r, struct eval *e, struct mapped_state *s)
{
	uint32_t at = s->keys.count - 1;
	if (at >= s->capacity) {
		uint32_t capacity = s->capacity == 0 ? 4 : s->capacity * 2;
		void *p = s->states;
		TRY(agg_realloc(e, &p, (size_t)s->capacity * r->width, (size_t)capacity * r->width));
		s->states = p;
		s->capacity = capacity;
	}
	memset(s->states + (size_t)at * r->width, 0, r->width);
	for (uint32_t k = 0; k < r->n; k++)
		agg_init(r->nested[k], s->states + (size_t)at * r->width + r->offsets[k]);
	return OK;
}

static void mapped_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	const struct mapped_rule *r = a->data;
	struct mapped_state *s = (void *)state;
	/* the last key may have come without its states, when memory ran out */
	for (uint32_t i = 0; i < s->keys.count && i < s->capacity; i++)
		for (uint32_t k = 0; k < r->n; k++)
			agg_destroy(r->nested[k], s->states + (size_t)i * r->width + r->offsets[k], track);
	agg_free(track, s->states, (size_t)s->capacity * r->width);
	agg_set_free(&r->keys, &s->keys, track);
	*s = (struct mapped_state){0};
}

/* FLAT arrays: the keys, then the values. */
static enum status mapped_row(const struct mapped_rule *r, struct eval *e, struct mapped_state *s,
                              const struct vector *const *arrays, uint32_t row, struct strbuf *scratch)
{
	const uint32_t *at = arrays[0]->data;
	uint32_t n = at[row + 1] - at[row];
	for (uint32_t k = 1; k <= r->n; k++) {
		const uint32_t *of_values = arrays[k]->data;
		if (of_values[row + 1] - of_values[row] != n)
			return ERR(e->err, E_BAD_ARGUMENTS, "All the arrays passed to aggregate function sumMap must have the same length: "
			           "the array of keys has %u elements, array of values %u has %u", n, k,
			           of_values[row + 1] - of_values[row]);
	}
	for (uint32_t i = 0; i < n; i++) {
		uint32_t number;
		bool fresh;
		TRY(agg_set_insert(&r->keys, e, &s->keys, (const struct vector *const *)&arrays[0]->children[0], at[row] + i,
		                   scratch, &number, &fresh));
		if (fresh)
			TRY(add_states(r, e, s));
		for (uint32_t k = 0; k < r->n; k++) {
			const struct vector *values = arrays[k + 1]->children[0];
			uint32_t value = ((const uint32_t *)arrays[k + 1]->data)[row] + i;
			TRY(r->nested[k]->ops->add_one(r->nested[k], e, s->states + (size_t)number * r->width + r->offsets[k], &values,
			                               &value, 1));
		}
	}
	return OK;
}

static enum status mapped_add_one(const struct aggregator *a, struct eval *e, char *state,
                                  const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	const struct mapped_rule *r = a->data;
	const struct vector *flat[ARRAYS_MAX + 1], *arrays[ARRAYS_MAX + 1];
	struct vector *owned[ARRAYS_MAX + 1], *keys = NULL, *parts[ARRAYS_MAX + 1] = {NULL};
	struct strbuf scratch;
	enum status s = agg_flatten(e, args, a->arg_count, flat, owned);
	strbuf_init(&scratch, e->track);
	bool tuple = a->arg_types[0]->id == TYPE_TUPLE;
	for (uint32_t k = 0; k <= r->n && s == OK; k++) {
		s = vector_flatten(e->track, tuple ? flat[0]->children[k] : flat[k], &parts[k], e->err);
		arrays[k] = parts[k];
	}
	/* agg_set_insert() reads FLAT columns */
	struct vector keyed;
	if (s == OK) {
		s = vector_flatten(e->track, arrays[0]->children[0], &keys, e->err);
		keyed = *arrays[0];
		keyed.children = &keys;
		arrays[0] = &keyed;
	}
	for (uint32_t i = 0; i < count && s == OK; i++)
		s = mapped_row(r, e, (void *)state, arrays, rows == NULL ? i : rows[i], &scratch);
	vector_unref(keys);
	for (uint32_t k = 0; k <= r->n; k++)
		vector_unref(parts[k]);
	strbuf_fini(&scratch);
	agg_unflatten(owned, a->arg_count);
	return s;
}

static enum status mapped_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                char *const *others, size_t other_offset, uint32_t count)
{
	const struct mapped_rule *r = a->data;
	for (uint32_t i = 0; i < count; i++) {
		struct mapped_state *s = (void *)(states[i] + offset);
		const struct mapped_state *o = (const void *)(others[i] + other_offset);
		for (uint32_t k = 0; k < o->keys.count; k++) {
			uint32_t number;
			bool fresh;
			TRY(agg_set_insert_bytes(&r->keys, e, &s->keys, agg_set_value(&r->keys, &o->keys, k), &number, &fresh));
			if (fresh)
				TRY(add_states(r, e, s));
			for (uint32_t v = 0; v < r->n; v++) {
				char *to = s->states + (size_t)number * r->width + r->offsets[v];
				char *from = o->states + (size_t)k * r->width + r->offsets[v];
				TRY(r->nested[v]->ops->merge(r->nested[v], e, &to, 0, &from, 0, 1));
			}
		}
	}
	return OK;
}

static int compare_keys(const void *a, const void *b, void *keys)
{
	return vector_compare_rows(keys, *(const uint32_t *)a, keys, *(const uint32_t *)b);
}

/* The numbers of the keys in their order, and the keys. */
static enum status sorted_keys(const struct mapped_rule *r, struct eval *e, const struct mapped_state *s,
                               struct vector **keys, uint32_t **order)
{
	struct builder *b;
	TRY(builder_new(e->track, r->key, &b, e->err));
	enum status status = OK;
	for (uint32_t k = 0; k < s->keys.count && status == OK; k++)
		status = agg_set_append(&r->keys, &s->keys, k, &b, e->err);
	status = builder_close(b, status, keys, e->err);
	TRY(status);
	*order = ARENA_ARRAY(e->scratch, uint32_t, s->keys.count + 1);
	for (uint32_t k = 0; k < s->keys.count; k++)
		(*order)[k] = k;
	qsort_r(*order, s->keys.count, sizeof **order, compare_keys, *keys);
	return OK;
}

/* Whether the newest value of each builder is zero; takes them back then. */
static bool all_zero(const struct mapped_rule *r, struct builder *to)
{
	static const char zeros[32];
	for (uint32_t v = 0; v < r->n; v++) {
		const struct builder *values = to->children[v + 1]->children[0];
		size_t width = physical_size(values->physical);
		if (values->physical == PHYS_STR || memcmp(values->data->data + (values->count - 1) * width, zeros, width) != 0)
			return false;
	}
	return true;
}

static enum status mapped_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                                 uint32_t count, struct builder *to)
{
	const struct mapped_rule *r = a->data;
	for (uint32_t i = 0; i < count; i++) {
		const struct mapped_state *s = (const void *)(states[i] + offset);
		struct vector *keys;
		uint32_t *order;
		TRY(sorted_keys(r, e, s, &keys, &order));
		enum status status = OK;
		for (uint32_t k = 0; k < s->keys.count && status == OK; k++) {
			for (uint32_t v = 0; v < r->n && status == OK; v++) {
				char *at = s->states + (size_t)order[k] * r->width + r->offsets[v];
				status = r->nested[v]->ops->finish(r->nested[v], e, &at, 0, 1, to->children[v + 1]->children[0]);
			}
			if (status != OK)
				break;
			if (r->sums && all_zero(r, to)) {
				for (uint32_t v = 0; v < r->n; v++)
					builder_truncate(to->children[v + 1]->children[0], to->children[v + 1]->children[0]->count - 1);
				continue;
			}
			status = builder_row(to->children[0]->children[0], keys, order[k], e->err);
		}
		vector_unref(keys);
		TRY(status);
		for (uint32_t v = 0; v <= r->n; v++)
			TRY(builder_end_array(to->children[v], e->err));
		TRY(builder_end_tuple(to, e->err));
	}
	return OK;
}

static enum status mapped_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct mapped_rule *r = a->data;
	const struct mapped_state *s = (const void *)state;
	struct vector *keys;
	uint32_t *order;
	TRY(sorted_keys(r, e, s, &keys, &order));
	vector_unref(keys);
	strbuf_put_varuint(to, s->keys.count);
	for (uint32_t k = 0; k < s->keys.count; k++) {
		agg_set_put(&r->keys, agg_set_value(&r->keys, &s->keys, order[k]), to);
		for (uint32_t v = 0; v < r->n; v++)
			TRY(r->nested[v]->ops->write(r->nested[v], e, s->states + (size_t)order[k] * r->width + r->offsets[v], to));
	}
	return OK;
}

static enum status mapped_read(const struct aggregator *a, struct eval *e, char *state, struct str from,
                               size_t *consumed)
{
	const struct mapped_rule *r = a->data;
	struct mapped_state *s = (void *)state;
	struct agg_reader at = agg_reader(from);
	uint32_t n = agg_get_count(&at, 1);
	for (uint32_t k = 0; k < n && !at.failed; k++) {
		uint32_t number;
		bool fresh;
		char room[32];
		size_t used;
		struct str key = agg_set_get(&r->keys, &at, room);
		if (at.failed)
			break;
		TRY(agg_set_insert_bytes(&r->keys, e, &s->keys, key, &number, &fresh));
		if (!fresh)
			return ERR(e->err, E_INCORRECT_DATA, "Cannot read the state of aggregate function %.*s: a key comes twice",
			           STR_ARG(a->name));
		TRY(add_states(r, e, s));
		for (uint32_t v = 0; v < r->n; v++) {
			TRY(r->nested[v]->ops->read(r->nested[v], e, s->states + (size_t)number * r->width + r->offsets[v],
			                            str_make(at.at, (size_t)(at.end - at.at)), &used));
			at.at += used;
		}
	}
	return agg_reader_end(&at, e, from, consumed);
}

static const struct aggregate_ops mapped_ops = {NULL, mapped_destroy, agg_add_runs, mapped_add_one, mapped_merge,
                                                mapped_finish, mapped_write, mapped_read};

/* The aggregate of the values: sum (of their own type where it may overflow), min, max. */
static struct str nested_name(struct str name)
{
	if (str_find(name, STR("WithOverflow")) >= 0)
		return STR("sumWithOverflow");
	return str_make(name.data, 3);
}

static enum status bind_mapped(struct bind_env *env, struct aggregator *a)
{
	struct mapped_rule *r = ARENA_NEW(env->arena, struct mapped_rule);
	TRY(agg_param_count(env, a, 0, 0));
	bool tuple = a->arg_count == 1 && a->arg_types[0]->id == TYPE_TUPLE;
	uint32_t n = tuple ? a->arg_types[0]->child_count : a->arg_count;
	if (n < 2)
		return ERR(env->err, E_NUMBER_OF_ARGUMENTS, "Aggregate function %s requires at least two arguments of Array type or "
		           "one argument of tuple of two arrays", a->aggregate->name);
	if (n > ARRAYS_MAX)
		return ERR(env->err, E_NUMBER_OF_ARGUMENTS, "Aggregate function %s takes at most %d arrays", a->aggregate->name,
		           ARRAYS_MAX);
	const struct type *arrays[ARRAYS_MAX + 1];
	const struct type *results[ARRAYS_MAX + 1];
	for (uint32_t k = 0; k < n; k++) {
		arrays[k] = tuple ? a->arg_types[0]->children[k] : a->arg_types[k];
		if (arrays[k]->id != TYPE_ARRAY)
			return agg_bad_type(env, a, tuple ? 0 : k);
	}
	r->key = arrays[0]->children[0];
	if (r->key->id == TYPE_NOTHING || r->key->nullable)
		return agg_bad_type(env, a, 0);
	r->key = type_low_cardinality(env->arena, r->key, false);
	results[0] = type_array(env->arena, r->key);
	r->n = n - 1;
	r->sums = a->aggregate->name[0] == 's';
	for (uint32_t k = 1; k < n; k++) {
		const struct type *value = arrays[k]->children[0];
		TRY(agg_bind_name(env, nested_name(str_of(a->aggregate->name)), NULL, 0, &value, 1, 0, &r->nested[k - 1]));
		if (!type_equal(r->nested[k - 1]->arg_types[0], value))
			return agg_bad_type(env, a, tuple ? 0 : k);
		r->offsets[k - 1] = r->width;
		r->width += (r->nested[k - 1]->state_size + 7) & ~7u;
		results[k] = type_array(env->arena, r->nested[k - 1]->result);
	}
	agg_set_rule_init(&r->keys, &r->key, 1, true);
	a->data = r;
	return agg_set(a, &mapped_ops, type_tuple(env->arena, results, NULL, n), sizeof(struct mapped_state));
}

#define MAPPED(name, aliases, text, answer) \
	{name, aliases, AGGREGATE_CH, bind_mapped, text, "SELECT " name "([1, 2], [number, 5]) FROM numbers(3)", answer, NULL}

static const struct aggregate rows[] = {
	MAPPED("sumMappedArrays", "", "Sums of values by their keys", "([1,2],[3,15])"),
	MAPPED("sumMapWithOverflow", "", "Sums of values by their keys, in the type of the values", "([1,2],[3,15])"),
	MAPPED("minMappedArrays", "", "Least values by their keys", "([1,2],[0,5])"),
	MAPPED("maxMappedArrays", "", "Greatest values by their keys", "([1,2],[2,5])"),
};

AGGREGATE_FAMILY(mapped, "Aggregates by keys");
