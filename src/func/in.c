// SPDX-License-Identifier: Apache-2.0
/*
 * x IN set. The set is an Array: a constant, a subquery's rows in a slot, or any array expression. For a set that is the
 * same for the whole statement a hash table is built once, at the first batch, and shared by all workers.
 *
 * NULL on the left gives NULL. NULLs in the set are left out in the clickhouse dialect; in postgresql a value that is not
 * found beside a NULL gives NULL.
 */
#include <pthread.h>
#include <stdlib.h>

#include "base/hash.h"
#include "func/function.h"

struct set_table {
	const struct vector *array;      /* the CONST vector it was made of, a reference */
	const struct vector *elements;   /* flat, a reference */
	uint32_t first, count;           /* elements of the set */
	uint32_t *slots, mask;           /* element + 1; 0: free */
	uint64_t *hashes;                /* of the elements, by position from `first` */
	bool has_null;
};

struct in_state {
	pthread_mutex_t lock;            /* guards `table` while it is made */
	_Atomic(struct set_table *) table;
	bool negated, pg;
};

static uint64_t hash_row(const struct vector *v, uint32_t i)
{
	const struct vector *at;
	uint32_t k = vector_index(v, i, &at);
	enum physical p = type_physical(at->type);
	if (at->nulls != NULL && bit_get(at->nulls, k))
		return 0x9e3779b97f4a7c15u;
	switch (p) {
	case PHYS_STR: {
		struct str s = strview_str(&((const struct strview *)at->data)[k]);
		return hash_bytes(s.data, s.size, 0);
	}
	case PHYS_TUPLE: {
		uint64_t h = 0;
		for (uint32_t c = 0; c < at->child_count; c++)
			h = hash_combine(h, hash_row(at->children[c], k));
		return h;
	}
	case PHYS_ARRAY:
	case PHYS_MAP: {
		const uint32_t *offsets = at->data;
		uint64_t h = offsets[k + 1] - offsets[k];
		for (uint32_t e = offsets[k]; e < offsets[k + 1]; e++)
			for (uint32_t c = 0; c < at->child_count; c++)
				h = hash_combine(h, hash_row(at->children[c], e));
		return h;
	}
	case PHYS_F32: {
		float f = ((const float *)at->data)[k] + 0.0f; /* -0 is 0 */
		return hash_bytes(&f, sizeof f, 0);
	}
	case PHYS_F64: {
		double d = ((const double *)at->data)[k] + 0.0;
		return hash_bytes(&d, sizeof d, 0);
	}
	default: {
		size_t size = physical_size(p);
		uint64_t v64 = 0;
		if (size > 8)
			return hash_bytes((const char *)at->data + size * k, size, 0);
		memcpy(&v64, (const char *)at->data + size * k, size);
		return hash_u64(v64);
	}
	}
}

static void table_free(struct set_table *t)
{
	if (t == NULL)
		return;
	vector_unref((struct vector *)t->array);
	vector_unref((struct vector *)t->elements);
	free(t->slots);
	free(t->hashes);
	free(t);
}

static enum status table_new(const struct vector *array, struct eval *e, struct set_table **out)
{
	const uint32_t *offsets = array->data;
	struct set_table *t = calloc(1, sizeof *t);
	struct vector *flat = NULL;
	if (t == NULL)
		return ERR(e->err, E_CANNOT_ALLOCATE, "cannot allocate a set");
	enum status s = vector_flatten(NULL, array->children[0], &flat, e->err);
	t->array = vector_ref(array);
	t->elements = flat;
	t->first = offsets[0];
	t->count = offsets[1] - offsets[0];
	uint64_t slots = 16;
	while (slots < (uint64_t)t->count * 2)
		slots *= 2;
	t->mask = (uint32_t)(slots - 1);
	t->slots = calloc(slots, sizeof *t->slots);
	t->hashes = calloc((size_t)t->count + 1, sizeof *t->hashes);
	if (s == OK && (t->slots == NULL || t->hashes == NULL || slots > UINT32_MAX))
		s = ERR(e->err, E_MEMORY_LIMIT, "a set of %u values is too large", t->count);
	for (uint32_t i = 0; s == OK && i < t->count; i++) {
		if (vector_is_null(flat, t->first + i)) {
			t->has_null = true;
			continue;
		}
		uint64_t h = t->hashes[i] = hash_row(flat, t->first + i);
		uint32_t at = (uint32_t)h & t->mask;
		for (; t->slots[at] != 0; at = (at + 1) & t->mask) {
			uint32_t other = t->slots[at] - 1;
			if (t->hashes[other] == h && vector_compare_rows(flat, t->first + other, flat, t->first + i) == 0)
				break;
		}
		if (t->slots[at] == 0)
			t->slots[at] = i + 1;
	}
	if (s != OK) {
		table_free(t);
		return s;
	}
	*out = t;
	return OK;
}

static void state_fini(void *arg)
{
	struct in_state *s = arg;
	table_free(atomic_load(&s->table));
	pthread_mutex_destroy(&s->lock);
}

/* The table of this set, made by whoever comes first. A slot may hold another array in a later run of a correlated query. */
static enum status table_of(struct in_state *s, const struct vector *array, struct eval *e, struct set_table **out, bool *own)
{
	enum status status = OK;
	*own = false;
	struct set_table *t = atomic_load_explicit(&s->table, memory_order_acquire);
	if (t == NULL) {
		pthread_mutex_lock(&s->lock);
		t = atomic_load(&s->table);
		if (t == NULL && (status = table_new(array, e, &t)) == OK)
			atomic_store_explicit(&s->table, t, memory_order_release);
		pthread_mutex_unlock(&s->lock);
		TRY(status);
	}
	if (t->array->children[0] != array->children[0] || t->array->data != array->data) {
		*own = true;
		return table_new(array, e, out);
	}
	*out = t;
	return OK;
}

static bool table_has(const struct set_table *t, const struct vector *v, uint32_t i)
{
	uint64_t h = hash_row(v, i);
	for (uint32_t at = (uint32_t)h & t->mask; t->slots[at] != 0; at = (at + 1) & t->mask) {
		uint32_t k = t->slots[at] - 1;
		if (t->hashes[k] == h && vector_compare_rows(t->elements, t->first + k, v, i) == 0)
			return true;
	}
	return false;
}

/* A set that differs by row: looked through element by element. */
static bool row_has(const struct vector *array, uint32_t row, const struct vector *v, uint32_t i, bool *has_null)
{
	const struct vector *at;
	uint32_t k = vector_index(array, row, &at);
	const uint32_t *offsets = at->data;
	bool found = false;
	for (uint32_t e = offsets[k]; e < offsets[k + 1] && !found; e++) {
		if (vector_is_null(at->children[0], e))
			*has_null = true;
		else
			found = vector_compare_rows(at->children[0], e, v, i) == 0;
	}
	return found;
}

static enum status exec_in(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                           struct vector **out)
{
	struct in_state *state = c->state;
	struct set_table *t = NULL;
	bool own = false, shared = args[1]->form == VECTOR_CONST && !vector_is_null(args[1], 0);
	TRY(call_result(c, e, count, out));
	uint8_t *result = (*out)->data;
	enum status s = shared ? table_of(state, args[1], e, &t, &own) : OK;
	if (s == OK && c->result->nullable)
		s = vector_make_nulls(*out, e->track, e->err);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		bool has_null = t != NULL && t->has_null;
		if (vector_is_null(args[0], i)) {
			/* NULL IN () is false: nothing to compare with */
			result[i] = state->negated;
			if (c->result->nullable && (t == NULL || t->count != 0 || !state->pg))
				bit_set((*out)->nulls, i);
			continue;
		}
		bool found = t != NULL ? table_has(t, args[0], i) : row_has(args[1], i, args[0], i, &has_null);
		result[i] = found != state->negated;
		if (!found && has_null && state->pg && c->result->nullable)
			bit_set((*out)->nulls, i);
	}
	if (own)
		table_free(t);
	if (s != OK) {
		vector_unref(*out);
		*out = NULL;
	}
	return s;
}

static enum status bind_in_set(struct bind_env *env, struct call *c, bool negated)
{
	bool pg = env->session->dialect == DIALECT_POSTGRESQL;
	if (c->arg_count != 2)
		return ERR(env->err, E_NUMBER_OF_ARGUMENTS, "Number of arguments for function %.*s doesn't match: passed %u, should be 2",
		           STR_ARG(c->name), c->arg_count);
	if (c->arg_types[1]->id != TYPE_ARRAY)
		return call_bad_type(env, c, 1);
	const struct type *element = c->arg_types[1]->children[0];
	c->arg_types[0] = type_low_cardinality(env->arena, c->arg_types[0], false);
	if (!type_equal_physical(type_plain(env->arena, c->arg_types[0]), type_plain(env->arena, element)) && element->id != TYPE_NOTHING) {
		/* the left side is compared as the set's type */
		const struct type *to = type_plain(env->arena, element);
		c->arg_types[0] = c->arg_types[0]->nullable ? type_nullable(env->arena, to) : to;
	}
	struct in_state *s = ARENA_NEW(env->arena, struct in_state);
	pthread_mutex_init(&s->lock, NULL);
	s->negated = negated;
	s->pg = pg;
	arena_defer(env->arena, state_fini, s);
	c->state = s;
	const struct type *truth = type_simple(pg ? TYPE_BOOL : TYPE_UINT8);
	c->result = c->arg_types[0]->nullable || (pg && element->nullable) ? type_nullable(env->arena, truth) : truth;
	return OK;
}

static enum status bind_in(struct bind_env *env, struct call *c)
{
	return bind_in_set(env, c, false);
}

static enum status bind_not_in(struct bind_env *env, struct call *c)
{
	return bind_in_set(env, c, true);
}

static const struct function rows[] = {
	{.name = "in", .aliases = "globalIn nullIn globalNullIn", .flags = FUNCTION_BOTH | FUNCTION_NO_DICT, .nulls = FUNCTION_NULL_CUSTOM, .volatility = FUNCTION_STABLE,
	 .bind = bind_in, .exec = exec_in, .description = "Whether the value is among the set's",
	 .example = "1 IN (1, 2)", .example_result = "1"},
	{.name = "notIn", .aliases = "globalNotIn notNullIn globalNotNullIn", .flags = FUNCTION_BOTH | FUNCTION_NO_DICT, .nulls = FUNCTION_NULL_CUSTOM, .volatility = FUNCTION_STABLE,
	 .bind = bind_not_in, .exec = exec_in, .description = "Whether the value is not among the set's",
	 .example = "1 NOT IN (1, 2)", .example_result = "0"},
};

FUNCTION_FAMILY(in, "Sets");
