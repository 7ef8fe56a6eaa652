// SPDX-License-Identifier: Apache-2.0
/* Elements of arrays, maps and tuples by their places, keys and names; building tuples. */
#include <assert.h>

#include "func/array_impl.h"

static bool named(const struct call *c, const char *name)
{
	return strcmp(c->function->name, name) == 0;
}

/* ---- arrays and maps ---- */

struct element {
	bool map, or_null; /* or_null: NULL where there is no such element */
	bool from_end;     /* negative places count from the end */
	const struct type *type; /* of an element: the call's result is Nullable where its place is */
};

static enum status exec_element(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	const struct element *how = c->state;
	const struct vector *list = args[0];
	struct i64_arg index = {NULL, 0};
	struct builder *b;
	const uint32_t *at = array_offsets(list);
	if (!how->map)
		index = i64_arg(args[1]);
	TRY(builder_new(e->track, how->type, &b, e->err));
	enum status s = builder_reserve(b, count, e->err);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t row = list->form == VECTOR_CONST ? 0 : i, place = UINT32_MAX;
		if (how->map) {
			for (uint32_t k = at[row]; k < at[row + 1] && place == UINT32_MAX; k++)
				if (vector_compare_rows(list->children[0], k, args[1], i) == 0)
					place = k;
		} else {
			int64_t n = at[row + 1] - at[row], k = i64_arg_at(&index, i);
			if (k < 0 && how->from_end)
				k += n + 1;
			if (k >= 1 && k <= n)
				place = at[row] + (uint32_t)k - 1;
		}
		s = place == UINT32_MAX ? builder_default(b, e->err) : builder_row(b, list->children[how->map], place, e->err);
	}
	return builder_close(b, s, out, e->err);
}

static enum status bind_element(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	struct element *how = ARENA_NEW(env->arena, struct element);
	bool pg = env->session->dialect == DIALECT_POSTGRESQL;
	how->map = t->id == TYPE_MAP;
	if (how->map) {
		c->result = t->children[1];
		if (!type_equal_physical(c->arg_types[1], t->children[0]) &&
		    type_is_string(c->arg_types[1]) != type_is_string(t->children[0]))
			return call_bad_type(env, c, 1);
		c->arg_types[1] = type_plain(env->arena, t->children[0]);
	} else {
		if (t->id != TYPE_ARRAY && pg)
			return ERR(env->err, E_TYPE_MISMATCH, "cannot subscript type %.*s because it does not support subscripting",
			           STR_ARG(type_pg_base_name(env->arena, t)));
		if (t->id != TYPE_ARRAY)
			return call_bad_type(env, c, 0);
		if (!type_is_integer(c->arg_types[1]))
			return call_bad_type(env, c, 1);
		c->arg_types[1] = type_simple(TYPE_INT64);
		c->result = t->children[0];
	}
	how->from_end = !pg;
	how->or_null = named(c, "arrayElementOrNull") || (pg && !how->map);
	bool composite = c->result->id == TYPE_ARRAY || c->result->id == TYPE_MAP || c->result->id == TYPE_TUPLE;
	if (how->or_null && !composite)
		c->result = type_nullable(env->arena, c->result);
	how->type = c->result;
	c->state = how;
	return OK;
}

/* ---- tuples ---- */

static enum status exec_tuple(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	enum status s = OK;
	for (uint32_t k = 0; k < c->arg_count && s == OK; k++)
		s = array_flat(e, args[k], count, &v->children[k]);
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

static enum status bind_tuple(struct bind_env *env, struct call *c)
{
	c->result = type_tuple(env->arena, c->arg_types, NULL, c->arg_count);
	return OK;
}

static enum status exec_tuple_element(const struct call *c, struct eval *e, const struct vector *const *args,
                                      uint32_t count, struct vector **out)
{
	const uint32_t *which = c->state;
	struct vector *part;
	if (args[0]->type->id == TYPE_TUPLE) {
		part = args[0]->children[*which];
		if (args[0]->form == VECTOR_CONST)
			return vector_constant(e->track, part, 0, count, out, e->err);
		return vector_flatten(e->track, part, out, e->err);
	}
	struct vector *flat;
	TRY(array_flat(e, args[0], count, &flat));
	enum status s = vector_flatten(e->track, flat->children[0], &part, e->err);
	if (s == OK) {
		s = array_make(c, e, array_offsets(flat), count, vector_ref(part->children[*which]), out);
		vector_unref(part);
	}
	vector_unref(flat);
	return s;
}

/* The element that a constant names: false where there is none, *s says what is wrong. */
static bool find_tuple_element(struct bind_env *env, const struct call *c, const struct type *t, uint32_t *which,
                               enum status *s)
{
	struct str name;
	int64_t index;
	*s = OK;
	if (call_const_i64(c, 1, &index)) {
		if (index < 0)
			index += t->child_count + 1;
		*which = (uint32_t)index - 1;
		if (index >= 1 && index <= t->child_count)
			return true;
		if (c->arg_count < 3)
			*s = ERR(env->err, E_ARGUMENT_OUT_OF_BOUND, "Index for tuple element is out of range");
		return false;
	}
	if (!call_const_str(c, 1, &name)) {
		*s = call_bad_type(env, c, 1);
		return false;
	}
	for (*which = 0; *which < t->child_count; ++*which)
		if (t->names != NULL && str_eq(t->names[*which], name))
			return true;
	if (name.size != 0 && str_to_i64(name, &index) && index >= 1 && index <= t->child_count) {
		*which = (uint32_t)index - 1;
		return true;
	}
	if (c->arg_count < 3)
		*s = env->session->dialect == DIALECT_POSTGRESQL
			? ERR(env->err, E_UNKNOWN_COLUMN, "could not identify column \"%.*s\" in record data type", STR_ARG(name))
			: ERR(env->err, E_NO_SUCH_COLUMN, "Tuple doesn't have element with name '%.*s'", STR_ARG(name));
	return false;
}

/* tupleElement(tuple, place or name, default) where there is no such element. */
static enum status exec_default(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	return array_flat(e, args[2], count, out);
}

static enum status bind_tuple_element(struct bind_env *env, struct call *c)
{
	uint32_t *which = ARENA_NEW(env->arena, uint32_t);
	const struct type *t = c->arg_types[0];
	bool list = t->id == TYPE_ARRAY && t->children[0]->id == TYPE_TUPLE;
	enum status s;
	if (list)
		t = t->children[0];
	struct str field;
	if (t->id != TYPE_TUPLE && env->session->dialect == DIALECT_POSTGRESQL && call_const_str(c, 1, &field))
		return ERR(env->err, E_WRONG_OBJECT_TYPE,
		           "column notation .%.*s applied to type %.*s, which is not a composite type", STR_ARG(field),
		           STR_ARG(type_pg_base_name(env->arena, t)));
	if (t->id != TYPE_TUPLE)
		return call_bad_type(env, c, 0);
	if (!find_tuple_element(env, c, t, which, &s)) {
		TRY(s);
		c->result = c->arg_types[2];
		c->exec = exec_default;
		return OK;
	}
	c->state = which;
	c->result = list ? type_array(env->arena, t->children[*which]) : t->children[*which];
	return OK;
}

#define RAW(row_name, row_flags, pattern, row_bind, row_exec, text, sample, answer) \
	{.name = row_name, .flags = (row_flags) | FUNCTION_NO_DICT, .nulls = FUNCTION_NULL_CUSTOM, .args = pattern, \
	 .bind = row_bind, .exec = row_exec, .description = text, .example = sample, .example_result = answer}

static const struct function rows[] = {
	FUNCTION_ROW("arrayElement", NULL, FUNCTION_BOTH, "**", NULL, bind_element, exec_element,
	             "The element at a place, from 1; the value of a key.", "[10, 20][2]", NULL),
	FUNCTION_ROW("arrayElementOrNull", NULL, FUNCTION_CH, "**", NULL, bind_element, exec_element,
	             "The element at a place, NULL where there is none.", "arrayElementOrNull([10, 20], 3)", "\\N"),
	RAW("tuple", FUNCTION_BOTH, NULL, bind_tuple, exec_tuple, "A tuple of its arguments.", "(1, 'a')", NULL),
	RAW("tupleElement", FUNCTION_BOTH, "***?", bind_tuple_element, exec_tuple_element,
	    "One element of a tuple, or a default.", "tupleElement((1, 'a'), 2)", NULL),
};

FUNCTION_FAMILY(array_element, "Elements and tuples");
