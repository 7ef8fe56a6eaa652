// SPDX-License-Identifier: Apache-2.0
/* PostgreSQL's functions over arrays. Every lower bound is 1, and an array of several dimensions is one of arrays. */
#include <assert.h>

#include "func/array_impl.h"

static bool named(const struct call *c, const char *name)
{
	return strcmp(c->function->name, name) == 0;
}

static void set_null(struct vector *v, uint32_t i)
{
	bit_set(v->nulls, i);
}

/* ---- dimensions ---- */

/* Elements of dimension `dimension` (from 1) of row `row`; 0 where it has no such dimension. */
static uint32_t extent(const struct vector *list, uint32_t row, int64_t dimension)
{
	for (int64_t d = 1; list->type->id == TYPE_ARRAY; d++) {
		const uint32_t *at = list->data;
		if (at[row + 1] == at[row])
			return 0;
		if (d == dimension)
			return at[row + 1] - at[row];
		row = vector_index(list->children[0], at[row], &list);
	}
	return 0;
}

static uint64_t leaves(const struct vector *list, uint32_t row)
{
	const uint32_t *at = list->data;
	uint64_t n = 0;
	if (list->type->children[0]->id != TYPE_ARRAY)
		return at[row + 1] - at[row];
	for (uint32_t k = at[row]; k < at[row + 1]; k++) {
		const struct vector *inner;
		uint32_t r = vector_index(list->children[0], k, &inner);
		n += leaves(inner, r);
	}
	return n;
}

static uint32_t dimensions(const struct vector *list, uint32_t row)
{
	uint32_t n = 0;
	while (extent(list, row, n + 1) != 0)
		n++;
	return n;
}

static enum status exec_length(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	struct vector *flat;
	struct i64_arg which = {NULL, 0};
	if (c->arg_count > 1)
		which = i64_arg(args[1]);
	TRY(array_flat(e, args[0], count, &flat));
	enum status s = call_result(c, e, count, out);
	if (s == OK && c->result->nullable)
		s = vector_make_nulls(*out, e->track, e->err);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		int64_t n = 0;
		if (named(c, "cardinality"))
			n = (int64_t)leaves(flat, i);
		else if (named(c, "array_ndims"))
			n = dimensions(flat, i);
		else
			n = extent(flat, i, i64_arg_at(&which, i));
		if (n == 0 && c->result->nullable)
			set_null(*out, i);
		((int32_t *)(*out)->data)[i] = named(c, "array_lower") ? 1 : (int32_t)n;
	}
	vector_unref(flat);
	return s;
}

static enum status bind_length(struct bind_env *env, struct call *c)
{
	if (!named(c, "cardinality"))
		c->result = type_nullable(env->arena, c->result);
	return OK;
}

static enum status exec_dims(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	struct vector *flat;
	struct strings o;
	uint64_t *nulls = ARENA_ARRAY(e->scratch, uint64_t, bits_words(count) + 1);
	TRY(array_flat(e, args[0], count, &flat));
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t n = dimensions(flat, i);
		for (uint32_t d = 1; d <= n; d++)
			strbuf_printf(&o.text, "[1:%u]", extent(flat, i, d));
		if (n == 0)
			bit_set(nulls, i);
		strings_end(&o, i);
	}
	vector_unref(flat);
	TRY(strings_finish(&o, c, e, count, out));
	TRY(vector_make_nulls(*out, e->track, e->err));
	memcpy((*out)->nulls, nulls, bits_words(count) * sizeof *nulls);
	return OK;
}

/* ---- looking for and replacing elements: NULL is found like any other ---- */

/* Element and array of one type. */
static enum status bind_elements(struct bind_env *env, struct call *c, uint32_t values)
{
	const struct type *types[3] = {NULL}, *common;
	uint32_t n = 0;
	if (c->arg_types[0]->id != TYPE_ARRAY)
		return call_bad_type(env, c, 0);
	types[n++] = c->arg_types[0]->children[0];
	for (uint32_t i = 1; i <= values && i < c->arg_count; i++)
		types[n++] = c->arg_types[i];
	TRY(call_common_type(env, types, n, &common));
	common = type_nullable(env->arena, common);
	const struct type *array = type_array(env->arena, common);
	c->arg_types[0] = c->arg_types[0]->nullable ? type_nullable(env->arena, array) : array;
	for (uint32_t i = 1; i <= values && i < c->arg_count; i++)
		c->arg_types[i] = common;
	return OK;
}

static enum status exec_position(const struct call *c, struct eval *e, const struct vector *const *args,
                                 uint32_t count, struct vector **out)
{
	struct vector *flat;
	TRY(array_flat(e, args[0], count, &flat));
	enum status s = call_result(c, e, count, out);
	if (s == OK)
		s = vector_make_nulls(*out, e->track, e->err);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		const uint32_t *at = array_offsets(flat);
		uint32_t found = 0, n = at[i + 1] - at[i];
		int64_t from = 1;
		if (c->arg_count > 2) {
			struct i64_arg start = i64_arg(args[2]);
			from = vector_is_null(args[2], i) ? 1 : i64_arg_at(&start, i);
		}
		for (int64_t k = from < 1 ? 1 : from; k <= n && found == 0 && !vector_is_null(flat, i); k++)
			if (vector_compare_rows(flat->children[0], at[i] + (uint32_t)k - 1, args[1], i) == 0)
				found = (uint32_t)k;
		((int32_t *)(*out)->data)[i] = (int32_t)found;
		if (found == 0)
			set_null(*out, i);
	}
	vector_unref(flat);
	return s;
}

static enum status bind_position(struct bind_env *env, struct call *c)
{
	TRY(bind_elements(env, c, 1));
	if (c->arg_count > 2)
		c->arg_types[2] = c->arg_types[2]->nullable ? type_nullable(env->arena, type_simple(TYPE_INT64))
		                                            : type_simple(TYPE_INT64);
	c->result = type_nullable(env->arena, type_simple(TYPE_INT32));
	return OK;
}

/* A NULL array gives NULL. */
static enum status null_arrays(struct eval *e, const struct vector *array, uint32_t count, struct vector *v)
{
	if (!vector_has_nulls(array))
		return OK;
	TRY(vector_make_nulls(v, e->track, e->err));
	for (uint32_t i = 0; i < count; i++)
		if (vector_is_null(array, i))
			set_null(v, i);
	return OK;
}

static enum status exec_positions(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	struct vector *flat;
	struct builder *b = NULL;
	TRY(array_flat(e, args[0], count, &flat));
	enum status s = builder_new(e->track, c->result, &b, e->err);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		const uint32_t *at = array_offsets(flat);
		for (uint32_t k = at[i]; k < at[i + 1] && s == OK; k++) {
			int32_t place = (int32_t)(k - at[i] + 1);
			if (vector_compare_rows(flat->children[0], k, args[1], i) == 0)
				s = builder_fixed(b->children[0], &place, e->err);
		}
		if (s == OK)
			s = builder_end_array(b, e->err);
	}
	if (s == OK)
		s = builder_finish(b, out, e->err);
	if (s == OK)
		s = null_arrays(e, flat, count, *out);
	builder_free(b);
	vector_unref(flat);
	return s;
}

static enum status bind_positions(struct bind_env *env, struct call *c)
{
	bool nullable = c->arg_types[0]->nullable;
	TRY(bind_elements(env, c, 1));
	c->result = type_array(env->arena, type_simple(TYPE_INT32));
	if (nullable)
		c->result = type_nullable(env->arena, c->result);
	return OK;
}

static enum status exec_remove(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	bool replace = named(c, "array_replace");
	struct vector *flat;
	struct builder *b = NULL;
	TRY(array_flat(e, args[0], count, &flat));
	enum status s = builder_new(e->track, c->result, &b, e->err);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		const uint32_t *at = array_offsets(flat);
		for (uint32_t k = at[i]; k < at[i + 1] && s == OK; k++) {
			bool same = vector_compare_rows(flat->children[0], k, args[1], i) == 0;
			if (!same)
				s = builder_row(b->children[0], flat->children[0], k, e->err);
			else if (replace)
				s = builder_row(b->children[0], args[2], i, e->err);
		}
		if (s == OK)
			s = builder_end_array(b, e->err);
	}
	if (s == OK)
		s = builder_finish(b, out, e->err);
	if (s == OK)
		s = null_arrays(e, flat, count, *out);
	builder_free(b);
	vector_unref(flat);
	return s;
}

static enum status bind_remove(struct bind_env *env, struct call *c)
{
	TRY(bind_elements(env, c, named(c, "array_replace") ? 2 : 1));
	c->result = c->arg_types[0];
	return OK;
}

/* ---- making and cutting ---- */

enum { FILL_MAX = 134217727, FILL_DIMENSIONS_MAX = 6 };

static enum status fill(struct builder *to, const uint32_t *sizes, uint32_t depth, const struct vector *value,
                        uint32_t row, struct error *err)
{
	for (uint32_t k = 0; k < sizes[0]; k++)
		TRY(depth == 1 ? builder_row(to->children[0], value, row, err)
		    : fill(to->children[0], sizes + 1, depth - 1, value, row, err));
	return builder_end_array(to, err);
}

static enum status fill_sizes(struct eval *e, const struct vector *list, uint32_t row, uint32_t depth, uint32_t *sizes)
{
	const uint32_t *at = array_offsets(list);
	uint32_t n = at[row + 1] - at[row];
	uint64_t total = 1;
	if (n != depth && n != 0)
		return ERR(e->err, E_NOT_IMPLEMENTED, "not supported yet: array_fill with a number of dimensions that varies");
	for (uint32_t k = 0; k < n; k++) {
		const struct vector *in;
		uint32_t r = vector_index(list->children[0], at[row] + k, &in);
		if (in->nulls != NULL && bit_get(in->nulls, r))
			return ERR(e->err, E_NULL_VALUE, "dimension values cannot be null");
		int32_t size = ((const int32_t *)in->data)[r];
		if (size < 0 || (total *= (uint64_t)size) > FILL_MAX)
			return ERR(e->err, E_LIMIT_EXCEEDED, "array size exceeds the maximum allowed (%d)", FILL_MAX);
		sizes[k] = (uint32_t)size;
	}
	for (uint32_t k = n; k < depth; k++)
		sizes[k] = 0;
	return OK;
}

static enum status exec_fill(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const uint32_t *depth = c->state;
	struct vector *flat;
	struct builder *b = NULL;
	TRY(array_flat(e, args[1], count, &flat));
	enum status s = builder_new(e->track, c->result, &b, e->err);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t sizes[FILL_DIMENSIONS_MAX] = {0};
		if (!eval_skips(e, i))
			s = fill_sizes(e, flat, i, *depth, sizes);
		if (s == OK)
			s = fill(b, sizes, *depth, args[0], i, e->err);
	}
	s = builder_close(b, s, out, e->err);
	vector_unref(flat);
	return s;
}

static enum status bind_fill(struct bind_env *env, struct call *c)
{
	uint32_t *depth = ARENA_NEW(env->arena, uint32_t);
	const struct type *t = c->arg_types[0]->id == TYPE_NOTHING ? type_simple(TYPE_STRING) : c->arg_types[0];
	*depth = 1;
	if (c->constants[1] != NULL && !vector_is_null(c->constants[1], 0) && c->arg_types[1]->id == TYPE_ARRAY)
		*depth = ((const uint32_t *)c->constants[1]->data)[1] - ((const uint32_t *)c->constants[1]->data)[0];
	if (*depth == 0)
		*depth = 1;
	if (*depth > FILL_DIMENSIONS_MAX)
		return ERR(env->err, E_LIMIT_EXCEEDED, "number of array dimensions (%u) exceeds the maximum allowed (%d)", *depth,
		           FILL_DIMENSIONS_MAX);
	c->arg_types[0] = t = type_nullable(env->arena, t);
	c->arg_types[1] = type_array(env->arena, type_nullable(env->arena, type_simple(TYPE_INT32)));
	for (uint32_t i = 0; i < *depth; i++)
		t = type_array(env->arena, t);
	c->result = t;
	c->state = depth;
	return OK;
}

static enum status exec_trim(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	struct vector *flat;
	struct i64_arg cut = i64_arg(args[1]);
	TRY(array_flat(e, args[0], count, &flat));
	const uint32_t *at = array_offsets(flat);
	uint32_t *offsets = array_room(e, count + 1), *places = array_room(e, at[count] - at[0]), done = 0;
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		int64_t n = at[i + 1] - at[i], less = i64_arg_at(&cut, i);
		if (eval_skips(e, i))
			less = n;
		else if (less < 0 || less > n)
			s = ERR(e->err, E_SIZES_OF_ARRAYS, "number of elements to trim must be between 0 and %lld", (long long)n);
		for (int64_t k = 0; k < n - less && s == OK; k++)
			places[done++] = at[i] + (uint32_t)k;
		offsets[i + 1] = done;
	}
	if (s == OK)
		s = array_pick(c, e, offsets, count, flat->children[0], places, out);
	vector_unref(flat);
	return s;
}

/* ---- op ANY (array), op ALL (array) ---- */

static enum status exec_holds(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	bool all = named(c, "holdsForAll");
	struct elements x;
	struct vector *truths = NULL, *v = NULL;
	TRY(elements_open(c, e, args, 1, count, &x));
	enum status s = elements_apply(c, e, &x, &truths);
	if (s == OK)
		s = call_result(c, e, count, &v);
	if (s == OK)
		s = vector_make_nulls(v, e->track, e->err);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		bool decided = false, unknown = false;
		for (uint32_t k = x.offsets[i]; k < x.offsets[i + 1] && !decided; k++) {
			bool null = truths->type->id == TYPE_NOTHING || vector_is_null(truths, k);
			unknown |= null;
			decided = !null && (((const uint8_t *)truths->data)[k] != 0) != all;
		}
		((uint8_t *)v->data)[i] = decided != all;
		if (!decided && unknown)
			set_null(v, i);
	}
	vector_unref(truths);
	elements_close(&x);
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

static enum status bind_holds(struct bind_env *env, struct call *c)
{
	const struct type *truth;
	TRY(array_bind_lambda(env, c, &truth));
	if (truth->id != TYPE_BOOL && truth->id != TYPE_UINT8 && truth->id != TYPE_NOTHING)
		return ERR(env->err, E_WRONG_OBJECT_TYPE, "op ANY/ALL (array) requires operator to yield boolean");
	c->result = type_nullable(env->arena, type_simple(TYPE_BOOL));
	return OK;
}

#define LENGTH(row_name, pattern, text, sample, answer) \
	FUNCTION_ROW(row_name, NULL, FUNCTION_PG, pattern, "Int32", bind_length, exec_length, text, sample, answer)
#define CUSTOM(row_name, pattern, row_bind, row_exec, text, sample, answer) \
	{.name = row_name, .flags = FUNCTION_PG | FUNCTION_NO_DICT, .nulls = FUNCTION_NULL_CUSTOM, .args = pattern, \
	 .bind = row_bind, .exec = row_exec, .description = text, .example = sample, .example_result = answer}

static const struct function rows[] = {
	LENGTH("array_length", "AJ", "The length of a dimension.", "array_length(ARRAY[1,2,3], 1)", "3"),
	LENGTH("array_upper", "AJ", "The last subscript of a dimension.", "array_upper(ARRAY[1,8,3,7], 1)", "4"),
	LENGTH("array_lower", "AJ", "The first subscript of a dimension.", "array_lower(ARRAY[1,2], 1)", "1"),
	LENGTH("array_ndims", "A", "The number of dimensions.", "array_ndims(ARRAY[[1,2,3],[4,5,6]])", "2"),
	LENGTH("cardinality", "A", "The number of elements of all dimensions.", "cardinality(ARRAY[[1,2],[3,4]])", "4"),
	FUNCTION_ROW("array_dims", NULL, FUNCTION_PG, "A", "Nullable(String)", NULL, exec_dims,
	             "The subscripts of each dimension.", "array_dims(ARRAY[[1,2,3],[4,5,6]])", "[1:2][1:3]"),
	CUSTOM("array_position", "A**?", bind_position, exec_position, "The place of the first equal element.",
	       "array_position(ARRAY['sun','mon'], 'mon')", "2"),
	CUSTOM("array_positions", "A*", bind_positions, exec_positions, "The places of all equal elements.",
	       "array_positions(ARRAY['A','A','B','A'], 'A')", "{1,2,4}"),
	CUSTOM("array_remove", "A*", bind_remove, exec_remove, "Without the elements that are equal to a value.",
	       "array_remove(ARRAY[1,2,3,2], 2)", "{1,3}"),
	CUSTOM("array_replace", "A**", bind_remove, exec_remove, "With equal elements replaced by another.",
	       "array_replace(ARRAY[1,2,5,4], 5, 3)", "{1,2,3,4}"),
	CUSTOM("array_fill", "**", bind_fill, exec_fill, "An array of one value with these dimensions.",
	       "array_fill(11, ARRAY[2,3])", "{{11,11,11},{11,11,11}}"),
	{.name = "holdsForAny", .flags = FUNCTION_BOTH | FUNCTION_HIDDEN, .args = "LA", .bind = bind_holds,
	 .exec = exec_holds, .description = "Whether a condition holds for an element: x op ANY (array)."},
	{.name = "holdsForAll", .flags = FUNCTION_BOTH | FUNCTION_HIDDEN, .args = "LA", .bind = bind_holds,
	 .exec = exec_holds, .description = "Whether a condition holds for all elements: x op ALL (array)."},
	FUNCTION_ROW("trim_array", NULL, FUNCTION_PG, "AJ", "=1", NULL, exec_trim, "Without the last n elements.",
	             "trim_array(ARRAY[1,2,3,4,5,6], 2)", "{1,2,3,4}"),
};

FUNCTION_FAMILY(pg_array, "PostgreSQL: arrays");
