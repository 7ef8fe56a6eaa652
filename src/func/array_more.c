// SPDX-License-Identifier: Apache-2.0
/* Rarer functions of arrays: rotating, shifting, windows over them, removing, replicating, ranks. */
#include "func/array_impl.h"

static bool named(const struct call *c, const char *name)
{
	return strcmp(c->function->name, name) == 0;
}

/* ---- rotating and shifting ---- */

static enum status exec_rotate(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	bool left = named(c, "arrayRotateLeft");
	struct i64_arg steps = i64_arg(args[1]);
	struct vector *flat;
	TRY(array_flat(e, args[0], count, &flat));
	const uint32_t *at = array_offsets(flat);
	uint32_t *offsets = array_room(e, count + 1), *places = array_room(e, at[count] - at[0]), done = 0;
	for (uint32_t i = 0; i < count; i++) {
		int64_t n = at[i + 1] - at[i], turn = n == 0 ? 0 : floor_mod(i64_arg_at(&steps, i), n);
		if (!left && turn != 0)
			turn = n - turn;
		for (int64_t k = 0; k < n; k++)
			places[done++] = at[i] + (uint32_t)(k + turn < n ? k + turn : k + turn - n);
		offsets[i + 1] = done;
	}
	enum status s = array_pick(c, e, offsets, count, flat->children[0], places, out);
	vector_unref(flat);
	return s;
}

static enum status bind_rotate(struct bind_env *env, struct call *c)
{
	if (!type_is_integer(c->arg_types[1]))
		return call_bad_type(env, c, 1);
	c->arg_types[1] = type_simple(TYPE_INT64);
	c->result = c->arg_types[0];
	if (c->arg_count < 3)
		return OK;
	const struct type *element = c->result->children[0];
	if (!type_equal(type_not_nullable(env->arena, element), type_not_nullable(env->arena, c->arg_types[2])))
		return call_bad_type(env, c, 2);
	c->arg_types[2] = element;
	return OK;
}

static enum status shift_row(const struct call *c, struct eval *e, const struct vector *flat,
                             const struct vector *const *args, uint32_t i, int64_t steps, struct builder *b)
{
	const uint32_t *at = array_offsets(flat);
	uint32_t n = at[i + 1] - at[i];
	bool left = steps >= 0;
	uint64_t distance = left ? (uint64_t)steps : 0 - (uint64_t)steps;
	uint32_t gap = distance > n ? n : (uint32_t)distance;
	if (left)
		TRY(builder_range(b->children[0], flat->children[0], at[i] + gap, n - gap, e->err));
	for (uint32_t k = 0; k < gap; k++)
		TRY(c->arg_count > 2 ? builder_row(b->children[0], args[2], i, e->err) : builder_default(b->children[0], e->err));
	if (!left)
		TRY(builder_range(b->children[0], flat->children[0], at[i], n - gap, e->err));
	return builder_end_array(b, e->err);
}

static enum status exec_shift(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	bool left = named(c, "arrayShiftLeft");
	struct i64_arg steps = i64_arg(args[1]);
	struct vector *flat;
	struct builder *b = NULL;
	TRY(array_flat(e, args[0], count, &flat));
	enum status s = builder_new(e->track, c->result, &b, e->err);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		int64_t n = i64_arg_at(&steps, i);
		s = shift_row(c, e, flat, args, i, left ? n : (int64_t)-(uint64_t)n, b);
	}
	s = builder_close(b, s, out, e->err);
	vector_unref(flat);
	return s;
}

/* ---- windows ---- */

static enum status exec_shingles(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                 struct vector **out)
{
	struct i64_arg sizes = i64_arg(args[1]);
	struct vector *flat, *list;
	TRY(array_flat(e, args[0], count, &flat));
	const uint32_t *at = array_offsets(flat);
	uint32_t *outer = array_room(e, count + 1), windows = 0;
	uint64_t total = 0;
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		int64_t n = at[i + 1] - at[i], size = i64_arg_at(&sizes, i);
		bool skip = eval_skips(e, i), good = size >= 1 && size <= n;
		if (!good && !skip)
			s = ERR(e->err, E_BAD_ARGUMENTS, size < 1 ? "Shingle argument of function %.*s must be a positive integer"
			        : "Shingle argument of function %.*s must less or equal than the array length", STR_ARG(c->name));
		windows += good ? (uint32_t)(n - size + 1) : 0;
		total += good ? (uint64_t)(n - size + 1) * (uint64_t)size : 0;
		outer[i + 1] = windows;
	}
	if (s == OK && total > UINT32_MAX / 4)
		s = ERR(e->err, E_TOO_LARGE_ARRAY_SIZE, "Too many elements in the result of function %.*s", STR_ARG(c->name));
	if (s != OK) {
		vector_unref(flat);
		return s;
	}
	uint32_t *inner = array_room(e, windows + 1), *places = array_room(e, total), w = 0, p = 0;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t size = (uint32_t)i64_arg_at(&sizes, i);
		for (uint32_t k = 0; k < outer[i + 1] - outer[i]; k++) {
			for (uint32_t m = 0; m < size; m++)
				places[p++] = at[i] + k + m;
			inner[++w] = p;
		}
	}
	struct call middle = {.result = c->result->children[0]};
	s = array_pick(&middle, e, inner, windows, flat->children[0], places, &list);
	vector_unref(flat);
	TRY(s);
	return array_make(c, e, outer, count, list, out);
}

static enum status bind_shingles(struct bind_env *env, struct call *c)
{
	if (!type_is_integer(c->arg_types[1]))
		return call_bad_type(env, c, 1);
	c->arg_types[1] = type_simple(TYPE_INT64);
	c->result = type_array(env->arena, c->arg_types[0]);
	return OK;
}

/* ---- removing ---- */

static enum status exec_remove(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	const struct type *common = c->state;
	struct vector *flat, *items = NULL;
	TRY(array_flat(e, args[0], count, &flat));
	const uint32_t *at = array_offsets(flat);
	uint32_t *offsets = array_room(e, count + 1), *places = array_room(e, at[count] - at[0]), done = 0;
	enum status s = cast_vector(e, e->scratch, flat->children[0], common, CAST_IMPLICIT, &items);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		for (uint32_t k = at[i]; k < at[i + 1]; k++)
			if (vector_compare_rows(items, k, args[1], i) != 0)
				places[done++] = k;
		offsets[i + 1] = done;
	}
	if (s == OK)
		s = array_pick(c, e, offsets, count, flat->children[0], places, out);
	vector_unref(items);
	vector_unref(flat);
	return s;
}

static enum status bind_remove(struct bind_env *env, struct call *c)
{
	if (call_literal_null(env, c, 0))
		return OK;
	if (c->arg_types[0]->id != TYPE_ARRAY)
		return call_bad_type(env, c, 0);
	const struct type *both[2] = {c->arg_types[0]->children[0], c->arg_types[1]}, *common;
	TRY(call_common_type(env, both, 2, &common));
	c->arg_types[1] = common;
	c->state = (void *)(uintptr_t)common;
	c->result = c->arg_types[0];
	return OK;
}

/* ---- empty arrays, several arrays ---- */

static enum status exec_to_single(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	struct vector *flat;
	struct builder *b = NULL;
	TRY(array_flat(e, args[0], count, &flat));
	const uint32_t *at = array_offsets(flat);
	enum status s = builder_new(e->track, c->result, &b, e->err);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		if (at[i] == at[i + 1])
			s = builder_default(b->children[0], e->err);
		else
			s = builder_range(b->children[0], flat->children[0], at[i], at[i + 1] - at[i], e->err);
		if (s == OK)
			s = builder_end_array(b, e->err);
	}
	s = builder_close(b, s, out, e->err);
	vector_unref(flat);
	return s;
}

/* Tuples side by side, NULL where an array has ended. */
static enum status exec_zip_unaligned(const struct call *c, struct eval *e, const struct vector *const *args,
                                      uint32_t count, struct vector **out)
{
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t most = 0;
		for (uint32_t m = 0; m < c->arg_count; m++) {
			const uint32_t *at = array_offsets(args[m]) + (args[m]->form == VECTOR_CONST ? 0 : i);
			most = at[1] - at[0] > most ? at[1] - at[0] : most;
		}
		for (uint32_t k = 0; k < most && s == OK; k++) {
			for (uint32_t m = 0; m < c->arg_count && s == OK; m++) {
				const uint32_t *at = array_offsets(args[m]) + (args[m]->form == VECTOR_CONST ? 0 : i);
				struct builder *to = b->children[0]->children[m];
				s = at[0] + k < at[1] ? builder_row(to, args[m]->children[0], at[0] + k, e->err) : builder_null(to, e->err);
			}
			if (s == OK)
				s = builder_end_tuple(b->children[0], e->err);
		}
		if (s == OK)
			s = builder_end_array(b, e->err);
	}
	return builder_close(b, s, out, e->err);
}

static enum status bind_zip_unaligned(struct bind_env *env, struct call *c)
{
	const struct type **elements = ARENA_ARRAY(env->arena, const struct type *, c->arg_count + 1);
	for (uint32_t i = 0; i < c->arg_count; i++) {
		if (c->arg_types[i]->id != TYPE_ARRAY)
			return call_bad_type(env, c, i);
		const struct type *t = c->arg_types[i]->children[0];
		if (t->id == TYPE_ARRAY || t->id == TYPE_MAP || t->id == TYPE_TUPLE)
			return ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT, "Nested type %.*s cannot be inside Nullable type",
			           STR_ARG(type_name(env->arena, t)));
		elements[i] = c->arg_count == 1 ? t : type_nullable(env->arena, t);
	}
	c->result = type_array(env->arena, type_tuple(env->arena, elements, NULL, c->arg_count));
	return OK;
}

static enum status exec_replicate(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	struct vector *flat;
	TRY(array_flat(e, args[1], count, &flat));
	const uint32_t *at = array_offsets(flat);
	uint32_t *offsets = array_room(e, count + 1), *places = array_room(e, at[count] - at[0]);
	for (uint32_t i = 0; i < count; i++) {
		offsets[i + 1] = at[i + 1] - at[0];
		for (uint32_t k = offsets[i]; k < offsets[i + 1]; k++)
			places[k] = args[0]->form == VECTOR_CONST ? 0 : i;
	}
	enum status s = array_pick(c, e, offsets, count, args[0], places, out);
	vector_unref(flat);
	return s;
}

static enum status bind_replicate(struct bind_env *env, struct call *c)
{
	for (uint32_t i = 1; i < c->arg_count; i++)
		if (c->arg_types[i]->id != TYPE_ARRAY)
			return call_bad_type(env, c, i);
	c->result = type_array(env->arena, c->arg_types[0]);
	return OK;
}

/* Rows to columns and back: all inner arrays of a row have one length. */
static enum status exec_transpose(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	struct vector *flat, *inner = NULL, *list = NULL;
	TRY(array_flat(e, args[0], count, &flat));
	enum status s = vector_flatten(e->track, flat->children[0], &inner, e->err);
	if (s != OK) {
		vector_unref(flat);
		return s;
	}
	const uint32_t *at = array_offsets(flat), *in = array_offsets(inner);
	uint32_t total = in[at[count]] - in[at[0]], lists = 0, done = 0;
	uint32_t *outer = array_room(e, count + 1), *places = array_room(e, total), *ends = array_room(e, total + 1);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t n = at[i + 1] - at[i], width = n == 0 ? 0 : in[at[i] + 1] - in[at[i]];
		for (uint32_t k = at[i]; k < at[i + 1] && s == OK; k++)
			if (in[k + 1] - in[k] != width)
				s = ERR(e->err, E_SIZES_OF_ARRAYS, "All inner arrays in argument of function %.*s must have equal sizes",
				        STR_ARG(c->name));
		for (uint32_t m = 0; m < width && s == OK; m++) {
			for (uint32_t k = at[i]; k < at[i + 1]; k++)
				places[done++] = in[k] + m;
			ends[++lists] = done;
		}
		outer[i + 1] = lists;
	}
	struct call middle = {.result = c->result->children[0]};
	if (s == OK)
		s = array_pick(&middle, e, ends, lists, inner->children[0], places, &list);
	vector_unref(inner);
	vector_unref(flat);
	TRY(s);
	return array_make(c, e, outer, count, list, out);
}

static enum status bind_transpose(struct bind_env *env, struct call *c)
{
	if (c->arg_types[0]->children[0]->id != TYPE_ARRAY)
		return call_bad_type(env, c, 0);
	c->result = c->arg_types[0];
	return OK;
}

#define ROW(row_name, row_aliases, pattern, type, row_bind, row_exec, text, sample, answer) \
	FUNCTION_ROW(row_name, row_aliases, FUNCTION_CH, pattern, type, row_bind, row_exec, text, sample, answer)

static const struct function rows[] = {
	ROW("arrayRotateLeft", NULL, "A*", NULL, bind_rotate, exec_rotate, "The first n elements moved to the end.",
	    "arrayRotateLeft([1, 2, 3], 1)", "[2,3,1]"),
	ROW("arrayRotateRight", NULL, "A*", NULL, bind_rotate, exec_rotate, "The last n elements moved to the start.",
	    "arrayRotateRight([1, 2, 3], 1)", "[3,1,2]"),
	ROW("arrayShiftLeft", NULL, "A**?", NULL, bind_rotate, exec_shift,
	    "Without the first n elements, with as many defaults at the end.", "arrayShiftLeft([1, 2, 3], 1)", "[2,3,0]"),
	ROW("arrayShiftRight", NULL, "A**?", NULL, bind_rotate, exec_shift,
	    "Without the last n elements, with as many defaults at the start.", "arrayShiftRight([1, 2, 3], 1, 9)", "[9,1,2]"),
	ROW("arrayShingles", NULL, "A*", NULL, bind_shingles, exec_shingles, "All runs of n elements side by side.",
	    "arrayShingles([1, 2, 3], 2)", "[[1,2],[2,3]]"),
	{.name = "arrayRemove", .aliases = "~array_remove", .flags = FUNCTION_CH | FUNCTION_NO_DICT,
	 .nulls = FUNCTION_NULL_CUSTOM, .args = "**", .bind = bind_remove, .exec = exec_remove,
	 .description = "Without the elements equal to a value.", .example = "arrayRemove([1, 2, 1], 1)",
	 .example_result = "[2]"},
	ROW("emptyArrayToSingle", NULL, "A", "=1", NULL, exec_to_single, "An empty array becomes one of a default element.",
	    "emptyArrayToSingle(emptyArrayInt32())", "[0]"),
	ROW("arrayZipUnaligned", NULL, "A&", NULL, bind_zip_unaligned, exec_zip_unaligned,
	    "Tuples of the elements side by side, NULL behind the end of the shorter.",
	    "arrayZipUnaligned([1], ['a', 'b'])", "[(1,'a'),(NULL,'b')]"),
	ROW("replicate", NULL, "**+", NULL, bind_replicate, exec_replicate, "A value as often as an array has elements.",
	    "replicate(1, ['a', 'b'])", "[1,1]"),
	ROW("arrayTranspose", NULL, "A", NULL, bind_transpose, exec_transpose, "Rows as columns.",
	    "arrayTranspose([[1, 2], [3, 4]])", "[[1,3],[2,4]]"),
};

FUNCTION_FAMILY(array_more, "Rarer functions of arrays");
