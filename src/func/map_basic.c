// SPDX-License-Identifier: Apache-2.0
/* Maps: building, keys and values, filters. A map is laid out as an array of keys and one of values. */
#include <assert.h>

#include "func/array_impl.h"

static bool named(const struct call *c, const char *name)
{
	return strcmp(c->function->name, name) == 0;
}

/* A map of c->result; takes both references, also on failure. */
static enum status map_make(const struct call *c, struct eval *e, const uint32_t *offsets, uint32_t count,
                            struct vector *keys, struct vector *values, struct vector **out)
{
	struct vector *v;
	enum status s = vector_new(e->track, c->result, count, &v, e->err);
	if (s != OK) {
		vector_unref(keys);
		vector_unref(values);
		return s;
	}
	memcpy(v->data, offsets, (count + 1) * sizeof *offsets);
	v->children[0] = keys;
	v->children[1] = values;
	*out = v;
	return OK;
}

static enum status map_pick(const struct call *c, struct eval *e, const uint32_t *offsets, uint32_t count,
                            const struct vector *from, const uint32_t *places, struct vector **out)
{
	struct vector *keys, *values;
	TRY(vector_gather(e->track, from->children[0], places, offsets[count], &keys, e->err));
	enum status s = vector_gather(e->track, from->children[1], places, offsets[count], &values, e->err);
	if (s != OK) {
		vector_unref(keys);
		return s;
	}
	return map_make(c, e, offsets, count, keys, values, out);
}

/* ---- map(k, v, …) ---- */

static enum status exec_map(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		for (uint32_t k = 0; k < c->arg_count && s == OK; k++)
			s = builder_row(b->children[k % 2], args[k], i, e->err);
		if (s == OK)
			s = builder_end_array(b, e->err);
	}
	return builder_close(b, s, out, e->err);
}

static enum status bind_map(struct bind_env *env, struct call *c)
{
	uint32_t n = c->arg_count / 2;
	const struct type **types = ARENA_ARRAY(env->arena, const struct type *, n + 1);
	const struct type *pair[2] = {type_simple(TYPE_NOTHING), type_simple(TYPE_NOTHING)};
	if (c->arg_count % 2 != 0)
		return ERR(env->err, E_NUMBER_OF_ARGUMENTS, "Function map requires even number of arguments, but %u given",
		           c->arg_count);
	for (uint32_t side = 0; side < 2 && n != 0; side++) {
		for (uint32_t i = 0; i < n; i++)
			types[i] = c->arg_types[2 * i + side];
		TRY(side == 0 ? call_common_type(env, types, n, &pair[0]) : call_branch_type(env, types, n, &pair[1]));
		for (uint32_t i = 0; i < n; i++)
			c->arg_types[2 * i + side] = pair[side];
	}
	if (pair[0]->nullable)
		return call_bad_type(env, c, 0);
	c->result = type_map(env->arena, pair[0], pair[1]);
	return OK;
}

static enum status exec_from_arrays(const struct call *c, struct eval *e, const struct vector *const *args,
                                    uint32_t count, struct vector **out)
{
	struct elements x;
	TRY(elements_open(c, e, args, 0, count, &x));
	enum status s = map_make(c, e, x.offsets, count, vector_ref(x.parts[0]), vector_ref(x.parts[1]), out);
	elements_close(&x);
	return s;
}

static enum status bind_from_arrays(struct bind_env *env, struct call *c)
{
	for (uint32_t i = 0; i < 2; i++)
		if (c->arg_types[i]->id != TYPE_ARRAY)
			return call_bad_type(env, c, i);
	c->result = type_map(env->arena, c->arg_types[0]->children[0], c->arg_types[1]->children[0]);
	return OK;
}

/* ---- parts ---- */

static enum status exec_side(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	struct vector *flat;
	TRY(array_flat(e, args[0], count, &flat));
	enum status s = array_make(c, e, array_offsets(flat), count, vector_ref(flat->children[named(c, "mapValues")]), out);
	vector_unref(flat);
	return s;
}

static enum status bind_side(struct bind_env *env, struct call *c)
{
	c->result = type_array(env->arena, c->arg_types[0]->children[named(c, "mapValues")]);
	return OK;
}

static enum status exec_contains(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                 struct vector **out)
{
	const struct vector *map = args[0];
	bool values = named(c, "mapContainsValue");
	const uint32_t *at = array_offsets(map);
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		uint32_t row = map->form == VECTOR_CONST ? 0 : i;
		bool found = false;
		for (uint32_t k = at[row]; k < at[row + 1] && !found; k++)
			found = vector_compare_rows(map->children[values], k, args[1], i) == 0;
		((uint8_t *)(*out)->data)[i] = found;
	}
	return OK;
}

static enum status bind_contains(struct bind_env *env, struct call *c)
{
	if (call_literal_null(env, c, 0))
		return OK;
	if (c->arg_types[0]->id != TYPE_MAP)
		return call_bad_type(env, c, 0);
	const struct type *side = c->arg_types[0]->children[named(c, "mapContainsValue")], *key = c->arg_types[1];
	if (key->id != TYPE_NOTHING && type_is_string(side) != type_is_string(key))
		return call_bad_type(env, c, 1);
	/* NULL is no key */
	c->arg_types[1] = type_plain(env->arena, side);
	if (key->nullable)
		c->arg_types[1] = type_nullable(env->arena, c->arg_types[1]);
	return OK;
}

/* mapContainsKeyLike, mapExtractKeyLike */
static enum status exec_key_like(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                 struct vector **out)
{
	bool extract = named(c, "mapExtractKeyLike");
	const struct like *like = c->state;
	struct vector *flat;
	TRY(array_flat(e, args[0], count, &flat));
	const uint32_t *at = array_offsets(flat);
	uint32_t *offsets = array_room(e, count + 1), *places = array_room(e, at[count] - at[0]), n = 0;
	enum status s = extract ? OK : call_result(c, e, count, out);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t before = n;
		for (uint32_t k = at[i]; k < at[i + 1]; k++) {
			const struct vector *in;
			uint32_t row = vector_index(flat->children[0], k, &in);
			if (like_match(like, strview_str((const struct strview *)in->data + row)))
				places[n++] = k;
		}
		offsets[i + 1] = n;
		if (!extract)
			((uint8_t *)(*out)->data)[i] = n != before;
	}
	if (s == OK && extract)
		s = map_pick(c, e, offsets, count, flat, places, out);
	vector_unref(flat);
	return s;
}

static enum status bind_key_like(struct bind_env *env, struct call *c)
{
	struct like *like = ARENA_NEW(env->arena, struct like);
	struct str pattern;
	if (!type_is_string(c->arg_types[0]->children[0]) || !call_const_str(c, 1, &pattern))
		return call_bad_type(env, c, 1);
	c->state = like;
	c->result = named(c, "mapExtractKeyLike") ? c->arg_types[0] : type_simple(TYPE_UINT8);
	return like_compile(like, pattern, '\\', false, env->arena, env->err);
}

/* ---- lambdas over key and value ---- */

/* The lambda has one parameter, the pair; the binder takes it apart for (k, v) -> …. */
static enum status bind_pair_lambda(struct bind_env *env, struct call *c, const struct type *map)
{
	const struct type *pair = type_tuple(env->arena, map->children, NULL, 2);
	if (env->bind_lambda == NULL)
		return call_bad_type(env, c, 0);
	c->state = (void *)(uintptr_t)pair;
	return env->bind_lambda(env, c, 0, &pair, 1);
}

/* What the lambda makes of every pair of a flat map vector. */
static enum status run_pair_lambda(const struct call *c, struct eval *e, const struct vector *flat, uint32_t count,
                                   struct vector **out)
{
	const uint32_t *at = array_offsets(flat);
	uint32_t total = at[count] - at[0], *row_of = array_room(e, total);
	for (uint32_t i = 0; i < count; i++)
		for (uint32_t k = at[i]; k < at[i + 1]; k++)
			row_of[k - at[0]] = i;
	struct vector *pairs;
	TRY(vector_new(e->track, c->state, total, &pairs, e->err));
	enum status s = OK;
	for (uint32_t k = 0; k < 2 && s == OK; k++)
		s = vector_slice(e->track, flat->children[k], at[0], total, &pairs->children[k], e->err);
	if (s == OK)
		s = lambda_run(c, 0, e, (const struct vector *const[]){pairs}, row_of, total, out);
	vector_unref(pairs);
	return s;
}

static enum status bind_lambda_map(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_count > 1 ? c->arg_types[1] : NULL;
	if (c->arg_count != 2)
		return call_bad_count(env, c, "2");
	if (c->arg_types[0]->id != TYPE_LAMBDA)
		return call_bad_type(env, c, 0);
	if (t->id != TYPE_MAP)
		return call_bad_type(env, c, 1);
	TRY(bind_pair_lambda(env, c, t));
	const struct type *r = c->lambdas[0]->result;
	if (named(c, "mapApply")) {
		if (r->id != TYPE_TUPLE || r->child_count != 2)
			return call_bad_type(env, c, 0);
		c->result = type_map(env->arena, r->children[0], r->children[1]);
		return OK;
	}
	if (!type_is_number(r))
		return call_bad_type(env, c, 0);
	c->result = named(c, "mapFilter") ? t : type_simple(TYPE_UINT8);
	return OK;
}

static enum status exec_lambda_map(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	struct vector *flat, *made = NULL, *result = NULL;
	bool filter = named(c, "mapFilter"), all = named(c, "mapAll");
	uint8_t *hold = NULL;
	TRY(array_flat(e, args[1], count, &flat));
	const uint32_t *at = array_offsets(flat);
	uint32_t total = at[count] - at[0], *offsets = array_room(e, count + 1), n = 0;
	for (uint32_t i = 0; i < count; i++)
		offsets[i + 1] = at[i + 1] - at[0];
	enum status s = run_pair_lambda(c, e, flat, count, &made);
	if (s == OK)
		s = array_flat(e, made, total, &result);
	if (s == OK && named(c, "mapApply")) {
		s = map_make(c, e, offsets, count, vector_ref(result->children[0]), vector_ref(result->children[1]), out);
	} else if (s == OK) {
		uint32_t *places = array_room(e, total), *kept = array_room(e, count + 1);
		s = array_conditions(e, result, total, &hold);
		if (s == OK && !filter)
			s = call_result(c, e, count, out);
		for (uint32_t i = 0; i < count && s == OK; i++) {
			uint32_t before = n;
			for (uint32_t k = offsets[i]; k < offsets[i + 1]; k++)
				if (hold[k])
					places[n++] = k + at[0];
			kept[i + 1] = n;
			if (!filter)
				((uint8_t *)(*out)->data)[i] = all ? n - before == offsets[i + 1] - offsets[i] : n != before;
		}
		if (s == OK && filter)
			s = map_pick(c, e, kept, count, flat, places, out);
	}
	vector_unref(flat);
	vector_unref(made);
	vector_unref(result);
	return s;
}

/* ---- several maps: mapConcat, mapUpdate; sorting ---- */

/* mapUpdate(a, b): b's values for common keys; mapConcat keeps all. */
static enum status exec_merge(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	bool update = named(c, "mapUpdate");
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		for (uint32_t m = 0; m < c->arg_count && s == OK; m++) {
			const struct vector *map = args[m];
			const uint32_t *at = array_offsets(map);
			uint32_t row = map->form == VECTOR_CONST ? 0 : i;
			for (uint32_t k = at[row]; k < at[row + 1] && s == OK; k++) {
				const struct vector *value = map->children[1];
				uint32_t place = k;
				bool skip = false;
				if (update) {
					const struct vector *other = args[1 - m];
					const uint32_t *list = array_offsets(other);
					uint32_t r = other->form == VECTOR_CONST ? 0 : i;
					for (uint32_t x = list[r]; x < list[r + 1]; x++)
						if (vector_compare_rows(map->children[0], k, other->children[0], x) == 0) {
							skip = m == 1;
							value = other->children[1];
							place = x;
						}
				}
				if (skip)
					continue;
				s = builder_row(b->children[0], map->children[0], k, e->err);
				if (s == OK)
					s = builder_row(b->children[1], value, place, e->err);
			}
		}
		if (s == OK)
			s = builder_end_array(b, e->err);
	}
	return builder_close(b, s, out, e->err);
}

static enum status bind_merge(struct bind_env *env, struct call *c)
{
	const struct type *common;
	for (uint32_t i = 0; i < c->arg_count; i++)
		if (c->arg_types[i]->id != TYPE_MAP)
			return call_bad_type(env, c, i);
	TRY(call_common_type(env, c->arg_types, c->arg_count, &common));
	for (uint32_t i = 0; i < c->arg_count; i++)
		c->arg_types[i] = common;
	c->result = common;
	return OK;
}

struct key_order {
	const struct vector *keys;
	int sign;
};

#define SORT_NAME sort_keys
#define SORT_TYPE uint32_t
#define SORT_CONTEXT const struct key_order *
#define SORT_LESS(a, b) (context->sign * vector_compare_rows(context->keys, *(a), context->keys, *(b)) < 0)
#include "base/sort.h"

/* By the keys, or by what a lambda makes of key and value. */
static enum status exec_sort(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	struct vector *flat, *made = NULL;
	struct str name = str_of(c->function->name);
	TRY(array_flat(e, args[c->arg_count - 1], count, &flat));
	const uint32_t *at = array_offsets(flat);
	uint32_t total = at[count] - at[0], *places = array_room(e, total), *offsets = array_room(e, count + 1);
	enum status s = has_lambda(c) ? run_pair_lambda(c, e, flat, count, &made)
	                              : vector_slice(e->track, flat->children[0], at[0], total, &made, e->err);
	if (s == OK) {
		struct key_order order = {made, str_find(name, STR("Reverse")) >= 0 ? -1 : 1};
		for (uint32_t k = 0; k < total; k++)
			places[k] = k;
		for (uint32_t i = 0; i < count; i++) {
			sort_keys(places + (at[i] - at[0]), at[i + 1] - at[i], &order);
			offsets[i + 1] = at[i + 1] - at[0];
		}
		for (uint32_t k = 0; k < total; k++)
			places[k] += at[0];
		s = map_pick(c, e, offsets, count, flat, places, out);
	}
	vector_unref(made);
	vector_unref(flat);
	return s;
}

static enum status bind_sort(struct bind_env *env, struct call *c)
{
	bool partial = str_find(str_of(c->function->name), STR("Partial")) >= 0;
	bool lambda = c->arg_count != 0 && c->arg_types[0]->id == TYPE_LAMBDA;
	uint32_t map = lambda + partial;
	for (uint32_t i = 0; i < c->arg_count; i++)
		if (call_literal_null(env, c, i))
			return OK;
	if (c->arg_count != map + 1)
		return call_bad_count(env, c, partial ? "2 or 3" : "1 or 2");
	if (partial && !type_is_integer(c->arg_types[lambda]))
		return call_bad_type(env, c, lambda);
	if (c->arg_types[map]->id != TYPE_MAP)
		return call_bad_type(env, c, map);
	if (lambda)
		TRY(bind_pair_lambda(env, c, c->arg_types[map]));
	c->result = c->arg_types[map];
	return OK;
}

#define RAW(row_name, row_aliases, pattern, type, row_bind, row_exec, text, sample, answer) \
	{.name = row_name, .aliases = row_aliases, .flags = FUNCTION_CH | FUNCTION_NO_DICT, .nulls = FUNCTION_NULL_CUSTOM, \
	 .args = pattern, .result = type, .bind = row_bind, .exec = row_exec, .description = text, .example = sample, \
	 .example_result = answer}

static const struct function rows[] = {
	RAW("map", NULL, NULL, NULL, bind_map, exec_map, "A map of keys and values in turn.", "map('a', 1, 'b', 2)",
	    "{'a':1,'b':2}"),
	FUNCTION_ROW("mapFromArrays", "MAP_FROM_ARRAYS", FUNCTION_CH, "AA", NULL, bind_from_arrays, exec_from_arrays,
	             "A map of an array of keys and one of values.", "mapFromArrays(['a', 'b'], [1, 2])", "{'a':1,'b':2}"),
	FUNCTION_ROW("mapKeys", NULL, FUNCTION_CH, "M", NULL, bind_side, exec_side, "The keys.", "mapKeys(map('a', 1))",
	             "['a']"),
	FUNCTION_ROW("mapValues", NULL, FUNCTION_CH, "M", NULL, bind_side, exec_side, "The values.", "mapValues(map('a', 1))",
	             "[1]"),
	RAW("mapContains", "mapContainsKey", "**", "UInt8", bind_contains, exec_contains, "Whether a key is there.",
	    "mapContains(map('a', 1), 'a')", "1"),
	FUNCTION_ROW("mapContainsValue", NULL, FUNCTION_CH, "M*", "UInt8", bind_contains, exec_contains,
	             "Whether a value is there.", "mapContainsValue(map('a', 1), 1)", "1"),
	FUNCTION_ROW("has", NULL, FUNCTION_CH, "M*", "UInt8", bind_contains, exec_contains, "Whether a key is there.",
	             "has(map('a', 1), 'a')", "1"),
	FUNCTION_ROW("mapContainsKeyLike", NULL, FUNCTION_CH, "Ms", NULL, bind_key_like, exec_key_like,
	             "Whether a key matches a LIKE pattern.", "mapContainsKeyLike(map('abc', 1), 'a%')", "1"),
	FUNCTION_ROW("mapExtractKeyLike", NULL, FUNCTION_CH, "Ms", NULL, bind_key_like, exec_key_like,
	             "The part whose keys match a LIKE pattern.", "mapExtractKeyLike(map('abc', 1, 'x', 2), 'a%')",
	             	"{'abc':1}"),
	RAW("mapFilter", NULL, NULL, NULL, bind_lambda_map, exec_lambda_map, "The part for which a lambda holds.",
	    "mapFilter((k, v) -> v > 1, map('a', 1, 'b', 2))", "{'b':2}"),
	RAW("mapApply", NULL, NULL, NULL, bind_lambda_map, exec_lambda_map, "A map of a lambda's tuples.",
	    "mapApply((k, v) -> (k, v * 10), map('a', 1))", "{'a':10}"),
	RAW("mapExists", NULL, NULL, NULL, bind_lambda_map, exec_lambda_map, "Whether a lambda holds for some pair.",
	    "mapExists((k, v) -> v = 1, map('a', 1))", "1"),
	RAW("mapAll", NULL, NULL, NULL, bind_lambda_map, exec_lambda_map, "Whether a lambda holds for all pairs.",
	    "mapAll((k, v) -> v = 1, map('a', 1))", "1"),
	FUNCTION_ROW("mapConcat", NULL, FUNCTION_CH, "M+", NULL, bind_merge, exec_merge, "Maps after each other.",
	             "mapConcat(map('a', 1), map('b', 2))", "{'a':1,'b':2}"),
	FUNCTION_ROW("mapUpdate", NULL, FUNCTION_CH, "MM", NULL, bind_merge, exec_merge, "A map with the values of another.",
	             "mapUpdate(map('a', 1), map('a', 2))", "{'a':2}"),
	RAW("mapSort", NULL, NULL, NULL, bind_sort, exec_sort, "Sorted by keys, or by a lambda of key and value.",
	    "mapSort(map('c', 1, 'a', 2))", "{'a':2,'c':1}"),
	RAW("mapReverseSort", NULL, NULL, NULL, bind_sort, exec_sort, "The same, descending.",
	    "mapReverseSort(map('a', 2, 'c', 1))", "{'c':1,'a':2}"),
	RAW("mapPartialSort", NULL, NULL, NULL, bind_sort, exec_sort, "The first n sorted, the others behind them.",
	    "mapPartialSort(2, map('c', 1, 'a', 2))", "{'a':2,'c':1}"),
	RAW("mapPartialReverseSort", NULL, NULL, NULL, bind_sort, exec_sort, "The same, descending.",
	    "mapPartialReverseSort(2, map('a', 2, 'c', 1))", "{'c':1,'a':2}"),
};

FUNCTION_FAMILY(map_basic, "Maps");
