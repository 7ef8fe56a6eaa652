// SPDX-License-Identifier: Apache-2.0
/*
 * arrayElement: a[i] and m[key]; mapContains. The element's row is looked up for every row, then all are gathered at once;
 * where there is no element the default stands, NULL in PostgreSQL and where elements are Nullable.
 */
#include <assert.h>

#include "func/cast.h"
#include "func/select_rows.h"
#include "kernel/kernel.h"

enum { NONE = UINT32_MAX };

/* Elements rows[i] of `child`, or what stands for none. */
static enum status gather_elements(const struct call *c, struct eval *e, const struct vector *child,
                                   const uint32_t *rows, uint32_t count, struct vector **out)
{
	uint32_t *safe = ARENA_ARRAY(e->scratch, uint32_t, count + 1), *from = ARENA_ARRAY(e->scratch, uint32_t, count + 1);
	struct vector *found = NULL, *none = NULL, *flat = NULL;
	bool all = true;
	for (uint32_t i = 0; i < count; i++) {
		bool missing = rows[i] == NONE;
		safe[i] = missing ? 0 : rows[i];
		from[i] = missing ? (c->result->nullable ? (uint32_t)BRANCH_NULL : 1) : 0;
		all &= !missing;
	}
	if (child->count == 0 || child->type->id == TYPE_NOTHING)
		return vector_default_constant(e->track, c->result, count, out, e->err);
	enum status s = vector_gather(e->track, child, safe, count, &found, e->err);
	if (s == OK && all) {
		*out = found;
		return OK;
	}
	if (s == OK)
		s = vector_flatten(e->track, found, &flat, e->err);
	if (s == OK && flat->type->low_cardinality)
		flat->type = type_low_cardinality(e->scratch, flat->type, false);
	if (s == OK)
		s = vector_default_constant(e->track, c->result, 1, &none, e->err);
	if (s == OK) {
		const struct vector *branches[2] = {flat, none};
		s = select_rows(e, c->result, branches, 2, from, count, out);
	}
	vector_unref(found);
	vector_unref(flat);
	vector_unref(none);
	return s;
}

/* ---- arrays ---- */

static int64_t index_at(const struct vector *v, uint32_t i)
{
	int64_t index;
	enum physical p = type_physical(v->type);
	if (v->form == VECTOR_CONST)
		i = 0;
	kernels()->cast[p][PHYS_I64](&index, (const char *)v->data + i * physical_size(p), 1);
	return index;
}

static enum status exec_array_element(const struct call *c, struct eval *e, const struct vector *const *args,
                                      uint32_t count, struct vector **out)
{
	const struct vector *array = args[0], *index = args[1];
	const uint32_t *offsets = array->data;
	bool constant = array->form == VECTOR_CONST, pg = c->function->flags == FUNCTION_PG;
	uint32_t *rows = ARENA_ARRAY(e->scratch, uint32_t, count + 1);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t row = constant ? 0 : i, size = offsets[row + 1] - offsets[row];
		rows[i] = NONE;
		if (vector_is_null(array, i) || index->type->id == TYPE_NOTHING || vector_is_null(index, i))
			continue;
		int64_t at = index_at(index, i);
		if (at < 0 && !pg)
			at += (int64_t)size + 1;
		if (at >= 1 && at <= size)
			rows[i] = offsets[row] + (uint32_t)at - 1;
	}
	return gather_elements(c, e, array->children[0], rows, count, out);
}

/* ---- maps ---- */

/* For each element of `keys` whether it equals the constant key; keys may be a dictionary, which is then asked once. */
static const uint8_t *match_entries(struct eval *e, const struct vector *keys, const struct vector *key)
{
	const struct vector *entries = keys->form == VECTOR_FLAT ? keys : keys->form == VECTOR_DICT ? keys->children[0] : keys;
	uint32_t n = entries->form == VECTOR_CONST ? 1 : entries->count;
	uint8_t *match = ARENA_ARRAY(e->scratch, uint8_t, n + 1);
	bool strings = type_physical(keys->type) == PHYS_STR;
	for (uint32_t i = 0; i < n; i++)
		match[i] = strings ? strview_equal((const struct strview *)entries->data + i, key->data)
		                   : vector_compare_rows(entries, i, key, 0) == 0;
	return match;
}

/* The row of the first element of each row whose key is asked for, or NONE. */
static void find_keys(struct eval *e, const struct vector *map, const struct vector *key, uint32_t count, uint32_t *rows)
{
	const uint32_t *offsets = map->data;
	const struct vector *keys = map->children[0];
	bool constant_map = map->form == VECTOR_CONST;
	bool dictionary = key->form == VECTOR_CONST && keys->form == VECTOR_DICT && keys->children[0]->count <= keys->count;
	const uint8_t *match = dictionary && !vector_is_null(key, 0) ? match_entries(e, keys, key) : NULL;
	bool strings = type_physical(keys->type) == PHYS_STR && keys->form == VECTOR_FLAT;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t row = constant_map ? 0 : i, at = key->form == VECTOR_CONST ? 0 : i;
		rows[i] = NONE;
		if (vector_is_null(map, i) || vector_is_null(key, i))
			continue;
		for (uint32_t k = offsets[row]; k < offsets[row + 1] && rows[i] == NONE; k++) {
			const struct vector *entries;
			uint32_t entry = vector_index(keys, k, &entries);
			bool same;
			if (match != NULL)
				same = match[entry];
			else if (strings)
				same = strview_equal((const struct strview *)entries->data + entry, (const struct strview *)key->data + at);
			else
				same = vector_compare_rows(entries, entry, key, at) == 0;
			if (same)
				rows[i] = k;
		}
	}
}

static enum status exec_map_element(const struct call *c, struct eval *e, const struct vector *const *args,
                                    uint32_t count, struct vector **out)
{
	uint32_t *rows = ARENA_ARRAY(e->scratch, uint32_t, count + 1);
	if (args[1]->type->id == TYPE_NOTHING)
		return vector_default_constant(e->track, c->result, count, out, e->err);
	find_keys(e, args[0], args[1], count, rows);
	return gather_elements(c, e, args[0]->children[1], rows, count, out);
}

static enum status exec_map_contains(const struct call *c, struct eval *e, const struct vector *const *args,
                                     uint32_t count, struct vector **out)
{
	uint32_t *rows = ARENA_ARRAY(e->scratch, uint32_t, count + 1);
	TRY(call_result(c, e, count, out));
	find_keys(e, args[0], args[1], count, rows);
	for (uint32_t i = 0; i < count; i++)
		((uint8_t *)(*out)->data)[i] = rows[i] != NONE;
	return OK;
}

/* The key is read as the map's key type. */
static enum status bind_key(struct bind_env *env, struct call *c)
{
	const struct type *key = type_plain(env->arena, c->arg_types[0]->children[0]);
	const struct type *given = c->arg_types[1];
	if (given->id == TYPE_NOTHING)
		return OK;
	if (!cast_possible(type_plain(env->arena, given), key, CAST_IMPLICIT) || type_is_string(given) != type_is_string(key))
		return call_bad_type(env, c, 1);
	c->arg_types[1] = given->nullable ? type_nullable(env->arena, key) : key;
	return OK;
}

/* ---- binding ---- */

static enum status bind_element(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	if (t->id == TYPE_MAP) {
		TRY(bind_key(env, c));
		c->result = t->children[1];
		c->exec = exec_map_element;
		return OK;
	}
	if (t->id != TYPE_ARRAY)
		return call_bad_type(env, c, 0);
	if (!type_is_integer(c->arg_types[1]) && c->arg_types[1]->id != TYPE_NOTHING)
		return call_bad_type(env, c, 1);
	c->result = t->children[0];
	if (t->nullable || c->arg_types[1]->nullable || env->session->dialect == DIALECT_POSTGRESQL)
		c->result = type_nullable(env->arena, c->result);
	c->exec = exec_array_element;
	return OK;
}

static enum status bind_contains(struct bind_env *env, struct call *c)
{
	TRY(bind_key(env, c));
	c->result = type_simple(env->session->dialect == DIALECT_POSTGRESQL ? TYPE_BOOL : TYPE_UINT8);
	return OK;
}

static const struct function rows[] = {
	{.name = "arrayElement", .flags = FUNCTION_CH, .nulls = FUNCTION_NULL_CUSTOM, .args = "**", .bind = bind_element,
	 .description = "The element at a position, counted from 1 or back from -1; the value of a key.",
	 .example = "[10, 20, 30][-1]", .example_result = "30"},
	{.name = "arrayElement", .flags = FUNCTION_PG, .nulls = FUNCTION_NULL_CUSTOM, .args = "**", .bind = bind_element,
	 .description = "The element at a position, counted from 1; NULL where there is none.",
	 .example = "(array[10,20,30])[2]", .example_result = "20"},
	{.name = "mapContains", .aliases = "mapContainsKey", .flags = FUNCTION_CH, .args = "M*", .bind = bind_contains,
	 .exec = exec_map_contains, .description = "Whether a map has the key.", .example = "mapContains(map('a', 1), 'a')",
	 .example_result = "1"},
};

FUNCTION_FAMILY(element, "Elements");
