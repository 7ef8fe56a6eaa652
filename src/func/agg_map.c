// SPDX-License-Identifier: Apache-2.0
/* The combinator -Map: a state for each key of the maps. Serialised as a varuint count, then keys and states in turn.
 * */
#include <assert.h>

#include "func/agg_set_impl.h"

struct map_rule {
	struct agg_set_rule keys;
};

struct map_state {
	struct agg_set keys;
	char *states;          /* of the nested size, one a key */
	uint32_t capacity;
};

static enum status add_state(const struct aggregator *a, struct eval *e, struct map_state *s)
{
	size_t width = a->nested->state_size;
	uint32_t at = s->keys.count - 1;
	if (at >= s->capacity) {
		uint32_t capacity = s->capacity == 0 ? 4 : s->capacity * 2;
		void *p = s->states;
		TRY(agg_realloc(e, &p, s->capacity * width, capacity * width));
		s->states = p;
		s->capacity = capacity;
	}
	memset(s->states + at * width, 0, width);
	agg_init(a->nested, s->states + at * width);
	return OK;
}

static void map_destroy(const struct aggregator *a, char *state, struct memtrack *track)
{
	const struct map_rule *r = a->data;
	struct map_state *s = (void *)state;
	/* the last key may have come without its state, when memory ran out */
	for (uint32_t i = 0; i < s->keys.count && i < s->capacity; i++)
		agg_destroy(a->nested, s->states + (size_t)i * a->nested->state_size, track);
	agg_free(track, s->states, (size_t)s->capacity * a->nested->state_size);
	agg_set_free(&r->keys, &s->keys, track);
	*s = (struct map_state){0};
}

static enum status map_row(const struct aggregator *a, struct eval *e, struct map_state *s, const struct vector *keys,
                           const struct vector *values, uint32_t from, uint32_t to, struct strbuf *scratch)
{
	const struct map_rule *r = a->data;
	for (uint32_t i = from; i < to; i++) {
		uint32_t number;
		bool fresh;
		TRY(agg_set_insert(&r->keys, e, &s->keys, &keys, i, scratch, &number, &fresh));
		if (fresh)
			TRY(add_state(a, e, s));
		TRY(a->nested->ops->add_one(a->nested, e, s->states + (size_t)number * a->nested->state_size, &values, &i, 1));
	}
	return OK;
}

static enum status map_add(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                           const struct vector *const *args, const uint32_t *rows, uint32_t count)
{
	struct vector *map, *keys = NULL, *values = NULL;
	struct strbuf scratch;
	strbuf_init(&scratch, NULL);
	TRY(vector_flatten(e->track, args[0], &map, e->err));
	enum status s = vector_flatten(e->track, map->children[0], &keys, e->err);
	if (s == OK)
		s = vector_flatten(e->track, map->children[1], &values, e->err);
	const uint32_t *offsets = map->data;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t row = rows == NULL ? i : rows[i];
		s = map_row(a, e, (void *)(states[i] + offset), keys, values, offsets[row], offsets[row + 1], &scratch);
	}
	strbuf_fini(&scratch);
	vector_unref(keys);
	vector_unref(values);
	vector_unref(map);
	return s;
}

static enum status map_add_one(const struct aggregator *a, struct eval *e, char *state,
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
		TRY(map_add(a, e, same, 0, args, list, n));
	}
	return OK;
}

static enum status map_merge(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                             char *const *others, size_t other_offset, uint32_t count)
{
	const struct map_rule *r = a->data;
	size_t width = a->nested->state_size;
	for (uint32_t i = 0; i < count; i++) {
		struct map_state *s = (void *)(states[i] + offset);
		const struct map_state *o = (const void *)(others[i] + other_offset);
		for (uint32_t k = 0; k < o->keys.count; k++) {
			uint32_t number;
			bool fresh;
			TRY(agg_set_insert_bytes(&r->keys, e, &s->keys, agg_set_value(&r->keys, &o->keys, k), &number, &fresh));
			if (fresh)
				TRY(add_state(a, e, s));
			char *to = s->states + number * width, *from = o->states + k * width;
			TRY(a->nested->ops->merge(a->nested, e, &to, 0, &from, 0, 1));
		}
	}
	return OK;
}

static enum status map_finish(const struct aggregator *a, struct eval *e, char *const *states, size_t offset,
                              uint32_t count, struct builder *to)
{
	const struct map_rule *r = a->data;
	for (uint32_t i = 0; i < count; i++) {
		const struct map_state *s = (const void *)(states[i] + offset);
		for (uint32_t k = 0; k < s->keys.count; k++) {
			char *at = s->states + (size_t)k * a->nested->state_size;
			TRY(agg_set_append(&r->keys, &s->keys, k, &to->children[0], e->err));
			TRY(a->nested->ops->finish(a->nested, e, &at, 0, 1, to->children[1]));
		}
		TRY(builder_end_array(to, e->err));
	}
	return OK;
}

static enum status map_write(const struct aggregator *a, struct eval *e, const char *state, struct strbuf *to)
{
	const struct map_rule *r = a->data;
	const struct map_state *s = (const void *)state;
	strbuf_put_varuint(to, s->keys.count);
	for (uint32_t k = 0; k < s->keys.count; k++) {
		agg_set_put(&r->keys, agg_set_value(&r->keys, &s->keys, k), to);
		TRY(a->nested->ops->write(a->nested, e, s->states + (size_t)k * a->nested->state_size, to));
	}
	return OK;
}

static enum status map_read(const struct aggregator *a, struct eval *e, char *state, struct str from, size_t *consumed)
{
	const struct map_rule *r = a->data;
	struct map_state *s = (void *)state;
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
		TRY(add_state(a, e, s));
		TRY(a->nested->ops->read(a->nested, e, s->states + (size_t)number * a->nested->state_size,
		                         str_make(at.at, (size_t)(at.end - at.at)), &used));
		at.at += used;
	}
	return agg_reader_end(&at, e, from, consumed);
}

static const struct aggregate_ops map_ops = {NULL, map_destroy, map_add, map_add_one, map_merge, map_finish, map_write,
                                             map_read};

/* sumMap, minMap and maxMap over arrays of keys and values are aggregates of their own (agg_mapped.c). */
static enum status bind_arrays(struct agg_call *c, struct aggregator **out)
{
	struct bind_env *env = c->env;
	bool known = str_eq(c->name, STR("sum")) || str_eq(c->name, STR("min")) || str_eq(c->name, STR("max"));
	if (!known)
		return ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT, "Aggregate function %.*sMap requires one argument of type Map",
		           STR_ARG(c->name));
	struct str name = arena_strf(env->arena, "%.*sMappedArrays", STR_ARG(c->name));
	TRY(agg_bind_name(env, name, c->params, c->param_count, c->types, c->arg_count, c->flags, out));
	(*out)->name = (*out)->function = arena_strf(env->arena, "%.*sMap", STR_ARG(c->name));
	return OK;
}

enum status agg_bind_map(struct agg_call *c, struct aggregator **out)
{
	struct bind_env *env = c->env;
	if (c->arg_count != 0 && (c->types[0]->id == TYPE_ARRAY || c->types[0]->id == TYPE_TUPLE))
		return bind_arrays(c, out);
	if (c->arg_count != 1 || c->types[0]->id != TYPE_MAP)
		return ERR(env->err, c->arg_count != 1 ? E_NUMBER_OF_ARGUMENTS : E_ILLEGAL_TYPE_OF_ARGUMENT,
		           "Aggregate function %.*sMap requires one argument of type Map", STR_ARG(c->name));
	const struct type *key = type_low_cardinality(env->arena, c->types[0]->children[0], false);
	const struct type *value = type_low_cardinality(env->arena, c->types[0]->children[1], false);
	struct aggregator *nested;
	TRY(agg_bind_name(env, c->name, c->params, c->param_count, &value, 1, c->flags, &nested));
	const struct type *wanted = c->types[0];
	if (!type_equal(nested->arg_types[0], value))
		wanted = type_map(env->arena, c->types[0]->children[0], nested->arg_types[0]);
	struct map_rule *r = ARENA_NEW(env->arena, struct map_rule);
	agg_set_rule_init(&r->keys, &key, 1, true);
	*out = agg_wrap(env, nested, "Map", &map_ops, &wanted, 1, sizeof(struct map_state));
	(*out)->data = r;
	(*out)->result = type_map(env->arena, key, nested->result);
	return OK;
}
