// SPDX-License-Identifier: Apache-2.0
/* Tuples, arrays and maps: making them, and getting at their elements by position, name or key. */
#include <assert.h>

#include "func/cast.h"
#include "func/select_rows.h"
#include "func/subcall.h"

/* ---- tuple ---- */

static enum status bind_tuple(struct bind_env *env, struct call *c)
{
	const struct type **types = ARENA_ARRAY(env->arena, const struct type *, c->arg_count + 1);
	for (uint32_t i = 0; i < c->arg_count; i++) {
		types[i] = c->arg_types[i];
		if (c->arg_types[i]->id == TYPE_STRING && c->arg_types[i]->face == FACE_UNKNOWN) {
			types[i] = type_with_face(env->arena, type_simple(TYPE_STRING), FACE_TEXT, -1);
			if (c->arg_types[i]->nullable)
				types[i] = type_nullable(env->arena, types[i]);
			c->arg_types[i] = types[i];
		}
	}
	c->result = type_tuple(env->arena, types, NULL, c->arg_count);
	return OK;
}

/* An argument as it stands for `count` rows. */
static enum status stretched(struct eval *e, const struct vector *v, uint32_t count, struct vector **out)
{
	if (v->form == VECTOR_CONST)
		return vector_constant(e->track, v, 0, count, out, e->err);
	*out = vector_ref(v);
	return OK;
}

static enum status exec_tuple(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	enum status s = OK;
	for (uint32_t k = 0; k < c->arg_count && s == OK; k++) {
		struct vector *all = NULL;
		s = stretched(e, args[k], count, &all);
		if (s == OK)
			s = vector_flatten(e->track, all, &v->children[k], e->err);
		vector_unref(all);
	}
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

/* ---- tupleElement ---- */

static bool element_index(const struct call *c, const struct type *tuple, uint32_t *out)
{
	struct str name;
	int64_t i;
	if (call_const_i64(c, 1, &i)) {
		if (i < 0)
			i = tuple->child_count + 1 + i;
		*out = (uint32_t)(i - 1);
		return i >= 1 && i <= tuple->child_count;
	}
	if (!call_const_str(c, 1, &name) || tuple->names == NULL)
		return false;
	for (uint32_t k = 0; k < tuple->child_count; k++)
		if (str_eq(tuple->names[k], name)) {
			*out = k;
			return true;
		}
	return false;
}

enum { USE_DEFAULT = UINT32_MAX };

static enum status bind_tuple_element(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	uint32_t arrays = 0, *index = ARENA_NEW(env->arena, uint32_t);
	struct str name;
	while (t->id == TYPE_ARRAY && arrays < TYPE_DEPTH_MAX) {
		t = t->children[0];
		arrays++;
	}
	if (t->id != TYPE_TUPLE)
		return call_bad_type(env, c, 0);
	c->state = index;
	if (!element_index(c, t, index)) {
		if (c->arg_count == 3 && arrays == 0) {
			*index = USE_DEFAULT;
			c->result = c->arg_types[2];
			return OK;
		}
		if (call_const_str(c, 1, &name))
			return ERR(env->err, E_UNKNOWN_COLUMN, "Tuple doesn't have element with name '%.*s'", STR_ARG(name));
		int64_t i = 0;
		(void)call_const_i64(c, 1, &i);
		return ERR(env->err, E_ARGUMENT_OUT_OF_BOUND, "Tuple doesn't have element with index '%lld'", (long long)i);
	}
	c->result = t->children[*index];
	if (t->nullable)
		c->result = type_nullable(env->arena, c->result);
	for (; arrays != 0; arrays--)
		c->result = type_array(env->arena, c->result);
	return OK;
}

/* Element k of a vector of tuples, or of arrays of tuples: the offsets stay. */
static enum status take_element(struct eval *e, const struct vector *v, uint32_t k, const struct type *result,
                                struct vector **out)
{
	struct vector *flat = NULL, *inner = NULL, *made = NULL;
	TRY(vector_flatten(e->track, v, &flat, e->err));
	enum status s = OK;
	if (flat->type->id == TYPE_TUPLE) {
		s = vector_flatten(e->track, flat->children[k], &made, e->err);
		if (s == OK && flat->nulls != NULL && made != NULL) {
			uint32_t *from = ARENA_ARRAY(e->scratch, uint32_t, flat->count + 1);
			for (uint32_t i = 0; i < flat->count; i++)
				from[i] = bit_get(flat->nulls, i) ? BRANCH_NULL : 0;
			s = select_rows(e, result, (const struct vector *[]){made}, 1, from, flat->count, out);
		} else if (s == OK) {
			*out = vector_ref(made);
		}
	} else {
		s = take_element(e, flat->children[0], k, result->children[0], &inner);
		if (s == OK)
			s = vector_share(flat, &made, e->err);
		if (s == OK) {
			vector_unref(made->children[0]);
			made->children[0] = vector_ref(inner);
			made->type = result;
			*out = vector_ref(made);
		}
	}
	vector_unref(flat);
	vector_unref(inner);
	vector_unref(made);
	return s;
}

static enum status exec_tuple_element(const struct call *c, struct eval *e, const struct vector *const *args,
                                      uint32_t count, struct vector **out)
{
	uint32_t k = *(const uint32_t *)c->state;
	struct vector *row = NULL;
	if (k == USE_DEFAULT)
		return stretched(e, args[2], count, out);
	if (args[0]->form != VECTOR_CONST)
		return take_element(e, args[0], k, c->result, out);
	TRY(vector_constant(e->track, args[0], 0, 1, &row, e->err));
	enum status s = take_element(e, row, k, c->result, out);
	vector_unref(row);
	return s;
}

/* ---- array ---- */

/* Casts the arguments which[0..n) to their common type, kept Nullable where one of them is. */
static enum status common_elements(struct bind_env *env, struct call *c, const uint32_t *which, uint32_t n,
                                   const struct type **out)
{
	const struct type **types = ARENA_ARRAY(env->arena, const struct type *, n + 1);
	bool low_cardinality = n != 0;
	if (n == 0) {
		*out = type_simple(TYPE_NOTHING);
		return OK;
	}
	for (uint32_t i = 0; i < n; i++) {
		types[i] = c->arg_types[which[i]];
		low_cardinality &= types[i]->low_cardinality;
	}
	TRY(call_common_type(env, types, n, out));
	*out = type_low_cardinality(env->arena, *out, low_cardinality);
	for (uint32_t i = 0; i < n; i++)
		c->arg_types[which[i]] = *out;
	return OK;
}

static enum status bind_array(struct bind_env *env, struct call *c)
{
	const struct type *element;
	uint32_t *which = ARENA_ARRAY(env->arena, uint32_t, c->arg_count + 1);
	for (uint32_t i = 0; i < c->arg_count; i++)
		which[i] = i;
	TRY(common_elements(env, c, which, c->arg_count, &element));
	c->result = type_array(env->arena, element);
	return OK;
}

/* Rows of several vectors in turn: 0 of all, 1 of all, … as one vector of n * count elements. */
static enum status interleave(struct eval *e, const struct type *type, const struct vector *const *parts, uint32_t n,
                              uint32_t count, struct vector **out)
{
	struct vector **flat = ARENA_ARRAY(e->scratch, struct vector *, n + 1), *all = NULL;
	uint64_t total = (uint64_t)n * count;
	if (total > UINT32_MAX / 2)
		return ERR(e->err, E_TOO_MANY_ROWS, "arrays of one batch hold more than %u elements", UINT32_MAX / 2);
	if (total == 0)
		return vector_empty(e->track, type, out, e->err);
	uint32_t *rows = ARENA_ARRAY(e->scratch, uint32_t, total), *start = ARENA_ARRAY(e->scratch, uint32_t, n + 1), at = 0;
	enum status s = OK;
	for (uint32_t k = 0; k < n && s == OK; k++) {
		start[k] = at;
		if (parts[k]->form == VECTOR_CONST)
			s = vector_constant(e->track, parts[k], 0, 1, &flat[k], e->err);
		else
			flat[k] = vector_ref(parts[k]);
		at += s == OK ? flat[k]->count : 0;
	}
	for (uint32_t i = 0; i < count && s == OK; i++)
		for (uint32_t k = 0; k < n; k++)
			rows[(size_t)i * n + k] = start[k] + (parts[k]->form == VECTOR_CONST ? 0 : i);
	if (s == OK)
		s = vector_concat(e->track, (const struct vector *const *)flat, n, type, &all, e->err);
	if (s == OK && (count == 1 || (n == 1 && parts[0]->form != VECTOR_CONST)))
		*out = vector_ref(all); /* in order already */
	else if (s == OK)
		s = vector_gather(e->track, all, rows, (uint32_t)total, out, e->err);
	for (uint32_t k = 0; k < n; k++)
		vector_unref(flat[k]);
	vector_unref(all);
	return s;
}

static void fill_offsets(struct vector *v, uint32_t count, uint32_t n)
{
	for (uint32_t i = 0; i <= count; i++)
		((uint32_t *)v->data)[i] = i * n;
}

static enum status exec_array(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	enum status s;
	uint32_t rows = count;
	/* constants alone with more rows than one: only where the call is volatile */
	bool constant = c->arg_count != 0;
	for (uint32_t i = 0; i < c->arg_count; i++)
		constant &= args[i]->form == VECTOR_CONST;
	if (constant && count != 1) {
		vector_unref(v);
		return ERR(e->err, E_LOGICAL_ERROR, "an array of constants over %u rows", count);
	}
	fill_offsets(v, rows, c->arg_count);
	s = interleave(e, c->result->children[0], args, c->arg_count, rows, &v->children[0]);
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

/* ---- map ---- */

static enum status bind_map(struct bind_env *env, struct call *c)
{
	uint32_t n = c->arg_count / 2, *keys = ARENA_ARRAY(env->arena, uint32_t, n + 1), *values = ARENA_ARRAY(env->arena, uint32_t, n + 1);
	const struct type *key, *value;
	if (c->arg_count % 2 != 0)
		return ERR(env->err, E_NUMBER_OF_ARGUMENTS, "Function %.*s requires even number of arguments, but %u given",
		           STR_ARG(c->name), c->arg_count);
	for (uint32_t i = 0; i < n; i++) {
		keys[i] = 2 * i;
		values[i] = 2 * i + 1;
	}
	TRY(common_elements(env, c, keys, n, &key));
	TRY(common_elements(env, c, values, n, &value));
	if (key->nullable)
		return call_bad_type(env, c, 0);
	c->result = type_map(env->arena, key, value);
	return OK;
}

static enum status exec_map(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	uint32_t n = c->arg_count / 2;
	const struct vector **parts = ARENA_ARRAY(e->scratch, const struct vector *, n + 1);
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	fill_offsets(v, count, n);
	enum status s = OK;
	for (uint32_t side = 0; side < 2 && s == OK; side++) {
		for (uint32_t i = 0; i < n; i++)
			parts[i] = args[2 * i + side];
		s = interleave(e, c->result->children[side], parts, n, count, &v->children[side]);
	}
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

static enum status bind_map_from_arrays(struct bind_env *env, struct call *c)
{
	if (c->arg_types[0]->children[0]->nullable)
		return call_bad_type(env, c, 0);
	c->result = type_map(env->arena, c->arg_types[0]->children[0], c->arg_types[1]->children[0]);
	return OK;
}

static enum status exec_map_from_arrays(const struct call *c, struct eval *e, const struct vector *const *args,
                                        uint32_t count, struct vector **out)
{
	struct vector *all = NULL, *flat[2] = {NULL, NULL}, *v = NULL;
	enum status s = OK;
	for (uint32_t k = 0; k < 2 && s == OK; k++) {
		s = stretched(e, args[k], count, &all);
		if (s == OK)
			s = vector_flatten(e->track, all, &flat[k], e->err);
		vector_unref(all);
		all = NULL;
	}
	if (s == OK)
		s = call_result(c, e, count, &v);
	if (s != OK)
		goto out;
	const uint32_t *keys = flat[0]->data, *values = flat[1]->data;
	for (uint32_t i = 0; i < count && s == OK; i++)
		if (keys[i + 1] - keys[i] != values[i + 1] - values[i] && !eval_skips(e, i))
			s = ERR(e->err, E_SIZES_OF_ARRAYS, "Function %.*s requires arrays of equal sizes", STR_ARG(c->name));
	for (uint32_t i = 0; i <= count; i++)
		((uint32_t *)v->data)[i] = keys[i] - keys[0];
	for (uint32_t k = 0; k < 2 && s == OK; k++) {
		const uint32_t *o = flat[k]->data;
		s = vector_slice(e->track, flat[k]->children[0], o[0], o[count] - o[0], &v->children[k], e->err);
	}
	if (s == OK)
		*out = vector_ref(v);
out:
	vector_unref(flat[0]);
	vector_unref(flat[1]);
	vector_unref(v);
	return s;
}

/* mapKeys, mapValues: the map's offsets over one of its children. */
static enum status bind_map_part(struct bind_env *env, struct call *c)
{
	uint32_t k = strcmp(c->function->name, "mapValues") == 0;
	c->result = type_array(env->arena, c->arg_types[0]->children[k]);
	return OK;
}

static enum status exec_map_part(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                 struct vector **out)
{
	uint32_t k = strcmp(c->function->name, "mapValues") == 0;
	const uint32_t *offsets = args[0]->data;
	TRY(call_result(c, e, count, out));
	memcpy((*out)->data, offsets, (count + 1) * sizeof *offsets);
	(*out)->children[0] = vector_ref(args[0]->children[k]);
	return OK;
}

static const struct function rows[] = {
	{.name = "tuple", .aliases = "~row", .flags = FUNCTION_BOTH | FUNCTION_NO_DICT | FUNCTION_CHEAP,
	 .nulls = FUNCTION_NULL_CUSTOM, .bind = bind_tuple, .exec = exec_tuple, .description = "A tuple of the arguments.",
	 .example = "tuple(1, 'a')"},
	{.name = "tupleElement", .flags = FUNCTION_BOTH | FUNCTION_CHEAP, .nulls = FUNCTION_NULL_CUSTOM, .args = "**?*?",
	 .bind = bind_tuple_element, .exec = exec_tuple_element,
	 .description = "The element of a tuple, or of an array's tuples, at a position or of a name.",
	 .example = "tupleElement((1, 'a'), 2)", .example_result = "a"},
	{.name = "array", .flags = FUNCTION_BOTH | FUNCTION_NO_DICT | FUNCTION_CHEAP, .nulls = FUNCTION_NULL_CUSTOM,
	 .bind = bind_array, .exec = exec_array, .description = "An array of the arguments.", .example = "array(1, 2, 300)"},
	{.name = "map", .flags = FUNCTION_CH | FUNCTION_NO_DICT, .nulls = FUNCTION_NULL_CUSTOM, .bind = bind_map, .exec = exec_map,
	 .description = "A map of keys and values in turn.", .example = "map('a', 1, 'b', 2)",
	 .example_result = "{'a':1,'b':2}"},
	{.name = "mapFromArrays", .aliases = "~MAP_FROM_ARRAYS", .flags = FUNCTION_CH, .nulls = FUNCTION_NULL_CUSTOM, .args = "AA",
	 .bind = bind_map_from_arrays, .exec = exec_map_from_arrays, .description = "A map of an array of keys and one of values.",
	 .example = "mapFromArrays(['a', 'b'], [1, 2])", .example_result = "{'a':1,'b':2}"},
	{.name = "mapKeys", .flags = FUNCTION_CH, .args = "M", .bind = bind_map_part, .exec = exec_map_part,
	 .description = "The keys of a map.", .example = "mapKeys(map('a', 1))", .example_result = "['a']"},
	{.name = "mapValues", .flags = FUNCTION_CH, .args = "M", .bind = bind_map_part, .exec = exec_map_part,
	 .description = "The values of a map.", .example = "mapValues(map('a', 1))", .example_result = "[1]"},
};

FUNCTION_FAMILY(container, "Tuples, arrays and maps");
