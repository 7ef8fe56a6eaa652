// SPDX-License-Identifier: Apache-2.0
/* Arrays without lambdas: building, cutting, joining, looking in them; arrayElement; tuples. */
#include <assert.h>

#include "func/array_impl.h"

static bool named(const struct call *c, const char *name)
{
	return strcmp(c->function->name, name) == 0;
}

/* ---- construction ---- */

/* Row i of the result: row i of each argument in turn. */
static enum status exec_array(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	uint32_t n = c->arg_count, *offsets = array_room(e, count + 1), *places = array_room(e, (size_t)count * n);
	const struct vector **flat = ARENA_ARRAY(e->scratch, const struct vector *, n + 1);
	struct vector *all = NULL, *child;
	enum status s = OK;
	if (n == 0) {
		TRY(vector_empty(e->track, c->result->children[0], &child, e->err));
		return array_make(c, e, offsets, count, child, out);
	}
	uint32_t *starts = array_room(e, n), *steps = array_room(e, n), at = 0, made = 0;
	for (; made < n && s == OK; made++) {
		struct vector *one = NULL;
		bool constant = args[made]->form == VECTOR_CONST;
		s = array_flat(e, args[made], constant ? 1 : count, &one);
		flat[made] = one;
		starts[made] = at;
		steps[made] = !constant;
		at += constant ? 1 : count;
	}
	if (s == OK)
		s = vector_concat(e->track, flat, n, c->result->children[0], &all, e->err);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		for (uint32_t k = 0; k < n; k++)
			places[i * n + k] = starts[k] + steps[k] * i;
		offsets[i + 1] = (i + 1) * n;
	}
	if (s == OK)
		s = array_pick(c, e, offsets, count, all, places, out);
	for (uint32_t k = 0; k < made; k++)
		vector_unref((struct vector *)(uintptr_t)flat[k]);
	vector_unref(all);
	return s;
}

static enum status bind_array(struct bind_env *env, struct call *c)
{
	const struct type *element = type_simple(TYPE_NOTHING);
	bool constants = true; /* a literal, whose elements have one type */
	for (uint32_t i = 0; i < c->arg_count; i++)
		constants = constants && c->constants != NULL && c->constants[i] != NULL;
	if (c->arg_count != 0)
		TRY(constants ? call_common_type(env, c->arg_types, c->arg_count, &element)
		              : call_branch_type(env, c->arg_types, c->arg_count, &element));
	for (uint32_t i = 0; i < c->arg_count; i++)
		c->arg_types[i] = element;
	c->result = type_array(env->arena, element);
	return OK;
}

static enum status bind_empty_array(struct bind_env *env, struct call *c)
{
	const struct type *element;
	TRY(type_parse(env->arena, str_of(c->function->name + strlen("emptyArray")), &element, env->err));
	c->result = type_array(env->arena, element);
	return OK;
}

/* range(end), range(start, end[, step]) */
enum { RANGE_MAX = 500000000 };

static enum status exec_range(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	struct i64_arg a = i64_arg(args[0]), b = a, steps = a;
	uint32_t *offsets = array_room(e, count + 1);
	uint64_t total = 0;
	struct vector *child;
	if (c->arg_count > 1)
		b = i64_arg(args[1]);
	if (c->arg_count > 2)
		steps = i64_arg(args[2]);
	for (uint32_t i = 0; i < count; i++) {
		int64_t from = c->arg_count > 1 ? i64_arg_at(&a, i) : 0, to = i64_arg_at(c->arg_count > 1 ? &b : &a, i);
		int64_t step = c->arg_count > 2 ? i64_arg_at(&steps, i) : 1;
		uint64_t n = 0;
		if (step == 0 && !eval_skips(e, i))
			return ERR(e->err, E_ARGUMENT_OUT_OF_BOUND,
			           "A call to function range overflows, the 3rd argument step can't be zero");
		if (step > 0 && from < to)
			n = ((uint64_t)to - (uint64_t)from - 1) / (uint64_t)step + 1;
		else if (step < 0 && from > to)
			n = ((uint64_t)from - (uint64_t)to - 1) / (0 - (uint64_t)step) + 1;
		total += eval_skips(e, i) ? 0 : n;
		if (n > RANGE_MAX || total > RANGE_MAX)
			return ERR(e->err, E_ARGUMENT_OUT_OF_BOUND,
			           "A call to function range would produce %llu array elements, which is greater than the allowed maximum "
			           "of %d",
			           (unsigned long long)total, RANGE_MAX);
		offsets[i + 1] = (uint32_t)total;
	}
	TRY(vector_new(e->track, c->result->children[0], (uint32_t)total, &child, e->err));
	size_t size = physical_size(type_physical(child->type));
	for (uint32_t i = 0; i < count; i++) {
		int64_t v = c->arg_count > 1 ? i64_arg_at(&a, i) : 0, step = c->arg_count > 2 ? i64_arg_at(&steps, i) : 1;
		for (uint32_t k = offsets[i]; k < offsets[i + 1]; k++, v += step)
			memcpy((char *)child->data + k * size, &v, size);
	}
	return array_make(c, e, offsets, count, child, out);
}

static enum status bind_range(struct bind_env *env, struct call *c)
{
	if (c->arg_count < 1 || c->arg_count > 3)
		return call_bad_count(env, c, "1 to 3");
	const struct type *element;
	for (uint32_t i = 0; i < c->arg_count; i++)
		if (!type_is_integer(c->arg_types[i]))
			return call_bad_type(env, c, i);
	TRY(type_common(env->arena, c->arg_types, c->arg_count, &element, env->err));
	c->result = type_array(env->arena, element);
	for (uint32_t i = 0; i < c->arg_count; i++)
		c->arg_types[i] = type_simple(TYPE_INT64);
	return OK;
}

static enum status exec_with_constant(const struct call *c, struct eval *e, const struct vector *const *args,
                                      uint32_t count, struct vector **out)
{
	struct i64_arg lengths = i64_arg(args[0]);
	uint32_t *offsets = array_room(e, count + 1);
	uint64_t total = 0;
	for (uint32_t i = 0; i < count; i++) {
		int64_t n = eval_skips(e, i) ? 0 : i64_arg_at(&lengths, i);
		total += n < 0 ? 0 : (uint64_t)n;
		if (n < 0 || total > RANGE_MAX)
			return ERR(e->err, E_TOO_LARGE_ARRAY_SIZE, "Array size %lld of function arrayWithConstant is out of range",
			           (long long)n);
		offsets[i + 1] = (uint32_t)total;
	}
	uint32_t *places = array_room(e, total);
	for (uint32_t i = 0; i < count; i++)
		for (uint32_t k = offsets[i]; k < offsets[i + 1]; k++)
			places[k] = args[1]->form == VECTOR_CONST ? 0 : i;
	return array_pick(c, e, offsets, count, args[1], places, out);
}

static enum status bind_with_constant(struct bind_env *env, struct call *c)
{
	if (!type_is_integer(c->arg_types[0]))
		return call_bad_type(env, c, 0);
	c->arg_types[0] = type_simple(TYPE_INT64);
	c->result = type_array(env->arena, c->arg_types[1]);
	return OK;
}

/* ---- one array to one array, by places ---- */

enum shape { SHAPE_REVERSE, SHAPE_COMPACT, SHAPE_POP_BACK, SHAPE_POP_FRONT };

static uint32_t shape_row(enum shape shape, const struct vector *items, uint32_t from, uint32_t to, uint32_t *places)
{
	uint32_t n = 0;
	for (uint32_t k = from; k < to; k++) {
		bool keep = true;
		switch (shape) {
		case SHAPE_REVERSE:
			places[n++] = to - 1 - (k - from);
			continue;
		case SHAPE_COMPACT:
			keep = k == from || vector_compare_rows(items, k, items, k - 1) != 0;
			break;
		case SHAPE_POP_BACK:
			keep = k + 1 < to;
			break;
		case SHAPE_POP_FRONT:
			keep = k != from;
			break;
		}
		if (keep)
			places[n++] = k;
	}
	return n;
}

static enum status exec_shape(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	enum shape shape = named(c, "arrayCompact") ? SHAPE_COMPACT
	                   : named(c, "arrayPopBack") ? SHAPE_POP_BACK : named(c, "arrayPopFront") ? SHAPE_POP_FRONT
	                   	: SHAPE_REVERSE;
	struct vector *flat;
	TRY(array_flat(e, args[0], count, &flat));
	const uint32_t *at = array_offsets(flat);
	uint32_t *offsets = array_room(e, count + 1), *places = array_room(e, at[count] - at[0]), n = 0;
	for (uint32_t i = 0; i < count; i++) {
		n += shape_row(shape, flat->children[0], at[i], at[i + 1], places + n);
		offsets[i + 1] = n;
	}
	enum status s = array_pick(c, e, offsets, count, flat->children[0], places, out);
	vector_unref(flat);
	return s;
}

/* arraySlice(a, offset[, length]) */
static enum status exec_slice(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	struct i64_arg starts = i64_arg(args[1]), lengths = starts;
	struct vector *flat;
	if (c->arg_count > 2)
		lengths = i64_arg(args[2]);
	TRY(array_flat(e, args[0], count, &flat));
	const uint32_t *at = array_offsets(flat);
	uint32_t *offsets = array_room(e, count + 1), *places = array_room(e, at[count] - at[0]), n = 0;
	for (uint32_t i = 0; i < count; i++) {
		int64_t size = at[i + 1] - at[i], start = i64_arg_at(&starts, i), end = size;
		bool no_length = c->arg_count < 3 || (args[2]->nulls != NULL && bit_get(args[2]->nulls, (size_t)i * lengths.stride));
		if (args[1]->nulls != NULL && bit_get(args[1]->nulls, (size_t)i * starts.stride))
			start = 1;
		start = start > 0 ? start - 1 : start < 0 ? size + start : size;
		if (!no_length) {
			int64_t length = i64_arg_at(&lengths, i);
			end = length < 0 ? size + length : length < size - start ? start + length : size;
		}
		if (start < 0)
			start = 0;
		for (int64_t k = start; k < end; k++)
			places[n++] = at[i] + (uint32_t)k;
		offsets[i + 1] = n;
	}
	enum status s = array_pick(c, e, offsets, count, flat->children[0], places, out);
	vector_unref(flat);
	return s;
}

static enum status bind_same(struct bind_env *env, struct call *c)
{
	if (call_literal_null(env, c, 0))
		return OK;
	if (c->arg_types[0]->id != TYPE_ARRAY)
		return call_bad_type(env, c, 0);
	c->result = c->arg_types[0];
	return OK;
}

static enum status bind_slice(struct bind_env *env, struct call *c)
{
	TRY(bind_same(env, c));
	if (c->arg_types[0]->id != TYPE_ARRAY)
		return OK;
	for (uint32_t i = 1; i < c->arg_count; i++) {
		const struct type *t = c->arg_types[i];
		if (!type_is_integer(t) && t->id != TYPE_NOTHING)
			return call_bad_type(env, c, i);
		c->arg_types[i] = t->nullable ? type_nullable(env->arena, type_simple(TYPE_INT64)) : type_simple(TYPE_INT64);
	}
	return OK;
}

/* ---- several arrays to one: arrayConcat, push ---- */

/* Lists of `n` sources: arrays, or single values as arrays of one. */
static enum status exec_concat(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	uint32_t n = c->arg_count, *starts = array_room(e, n), *offsets = array_room(e, count + 1), at = 0, made = 0, done = 0;
	bool push_front = named(c, "arrayPushFront") || named(c, "array_prepend");
	struct vector **flat = ARENA_ARRAY(e->scratch, struct vector *, n + 1), *all = NULL;
	const struct vector **items = ARENA_ARRAY(e->scratch, const struct vector *, n + 1);
	enum status s = OK;
	for (; made < n && s == OK; made++) {
		s = array_flat(e, args[made], count, &flat[made]);
		if (s != OK)
			break;
		items[made] = c->arg_types[made]->id == TYPE_ARRAY &&
			type_equal(c->arg_types[made], c->result) ? flat[made]->children[0]
		                                                                                              : flat[made];
		starts[made] = at;
		at += items[made]->count;
	}
	if (s == OK)
		s = vector_concat(e->track, items, n, c->result->children[0], &all, e->err);
	uint32_t *places = array_room(e, at);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		for (uint32_t m = 0; m < n; m++) {
			uint32_t k = push_front && c->function->flags & FUNCTION_CH ? n - 1 - m : m;
			const uint32_t *list = array_offsets(flat[k]);
			if (items[k] == flat[k]) {
				places[done++] = starts[k] + i;
				continue;
			}
			for (uint32_t x = list[i]; x < list[i + 1]; x++)
				places[done++] = starts[k] + x;
		}
		offsets[i + 1] = done;
	}
	if (s == OK)
		s = array_pick(c, e, offsets, count, all, places, out);
	for (uint32_t k = 0; k < made; k++)
		vector_unref(flat[k]);
	vector_unref(all);
	return s;
}

/* Arrays and single values of one element type. */
static enum status bind_concat(struct bind_env *env, struct call *c)
{
	bool push = !named(c, "arrayConcat") && !named(c, "array_cat") && !named(c, "concat") && !named(c, "||");
	uint32_t array = named(c, "array_prepend") ? 1 : 0;
	const struct type **elements = ARENA_ARRAY(env->arena, const struct type *, c->arg_count + 1), *common;
	if (c->arg_count == 0 || (push && c->arg_count != 2))
		return call_bad_count(env, c, push ? "2" : "at least 1");
	for (uint32_t i = 0; i < c->arg_count; i++) {
		bool is_list = !push || i == array;
		if (is_list && call_literal_null(env, c, i))
			return OK;
		if (is_list && c->arg_types[i]->id != TYPE_ARRAY)
			return call_bad_type(env, c, i);
		elements[i] = is_list ? c->arg_types[i]->children[0] : c->arg_types[i];
	}
	TRY(call_common_type(env, elements, c->arg_count, &common));
	c->result = type_array(env->arena, common);
	for (uint32_t i = 0; i < c->arg_count; i++)
		c->arg_types[i] = !push || i == array ? c->result : common;
	return OK;
}

/* array || element and element || array of PostgreSQL */
static enum status bind_concat_symbol(struct bind_env *env, struct call *c)
{
	bool left = c->arg_types[0]->id == TYPE_ARRAY, right = c->arg_types[1]->id == TYPE_ARRAY;
	if (!left && !right)
		return call_bad_type(env, c, 0);
	if (left && right)
		return bind_concat(env, c);
	const struct type *elements[2] = {left ? c->arg_types[0]->children[0] : c->arg_types[0],
	                                  right ? c->arg_types[1]->children[0] : c->arg_types[1]}, *common;
	TRY(call_common_type(env, elements, 2, &common));
	c->result = type_array(env->arena, common);
	c->arg_types[0] = left ? c->result : common;
	c->arg_types[1] = right ? c->result : common;
	return OK;
}

static enum status exec_resize(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	struct i64_arg sizes = i64_arg(args[1]);
	struct vector *flat;
	struct builder *b;
	TRY(array_flat(e, args[0], count, &flat));
	const uint32_t *at = array_offsets(flat);
	enum status s = builder_new(e->track, c->result, &b, e->err);
	if (s != OK) {
		vector_unref(flat);
		return s;
	}
	for (uint32_t i = 0; i < count && s == OK; i++) {
		int64_t want = eval_skips(e, i) ? 0 : i64_arg_at(&sizes, i), have = at[i + 1] - at[i];
		bool from_end = want < 0;
		if (want > RANGE_MAX / 10 || want < -RANGE_MAX / 10) {
			s = ERR(e->err, E_TOO_LARGE_ARRAY_SIZE, "Too large array size: %lld", (long long)want);
			break;
		}
		want = from_end ? -want : want;
		int64_t missing = want > have ? want - have : 0, keep = want < have ? want : have;
		if (!from_end)
			s = builder_range(b->children[0], flat->children[0], at[i], (uint32_t)keep, e->err);
		for (int64_t k = 0; k < missing && s == OK; k++)
			s = c->arg_count > 2 ? builder_row(b->children[0], args[2], i, e->err) : builder_default(b->children[0], e->err);
		if (from_end && s == OK)
			s = builder_range(b->children[0], flat->children[0], at[i + 1] - (uint32_t)keep, (uint32_t)keep, e->err);
		if (s == OK)
			s = builder_end_array(b, e->err);
	}
	s = builder_close(b, s, out, e->err);
	vector_unref(flat);
	return s;
}

static enum status bind_resize(struct bind_env *env, struct call *c)
{
	TRY(bind_same(env, c));
	if (c->arg_types[0]->id != TYPE_ARRAY)
		return OK;
	if (!type_is_integer(c->arg_types[1]))
		return call_bad_type(env, c, 1);
	c->arg_types[1] = type_simple(TYPE_INT64);
	if (c->arg_count < 3)
		return OK;
	const struct type *both[2] = {c->arg_types[0]->children[0], c->arg_types[2]}, *common;
	TRY(call_common_type(env, both, 2, &common));
	c->result = c->arg_types[0] = type_array(env->arena, common);
	c->arg_types[2] = common;
	return OK;
}

static enum status exec_flatten(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	struct vector *flat, *inner;
	TRY(array_flat(e, args[0], count, &flat));
	uint32_t *offsets = array_room(e, count + 1);
	const struct vector *list = flat;
	memcpy(offsets, list->data, (count + 1) * sizeof *offsets);
	while (list->type->children[0]->id == TYPE_ARRAY) {
		struct vector *next;
		enum status s = vector_flatten(e->track, list->children[0], &next, e->err);
		if (s != OK) {
			vector_unref(flat);
			return s;
		}
		const uint32_t *at = next->data;
		for (uint32_t i = 0; i <= count; i++)
			offsets[i] = at[offsets[i]];
		inner = next;
		vector_unref(flat);
		list = flat = inner;
	}
	enum status s = array_make(c, e, offsets, count, vector_ref(list->children[0]), out);
	vector_unref(flat);
	return s;
}

static enum status bind_flatten(struct bind_env *env, struct call *c)
{
	if (c->arg_types[0]->id != TYPE_ARRAY)
		return call_bad_type(env, c, 0);
	c->result = c->arg_types[0];
	while (c->result->children[0]->id == TYPE_ARRAY)
		c->result = c->result->children[0];
	return OK;
}

static enum status exec_zip(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	struct elements x;
	struct vector *tuple = NULL;
	TRY(elements_open(c, e, args, 0, count, &x));
	enum status s = vector_new(e->track, c->result->children[0], x.total, &tuple, e->err);
	for (uint32_t k = 0; k < x.array_count && s == OK; k++)
		tuple->children[k] = vector_ref(x.parts[k]);
	if (s == OK)
		s = array_make(c, e, x.offsets, count, tuple, out);
	elements_close(&x);
	return s;
}

static enum status bind_zip(struct bind_env *env, struct call *c)
{
	const struct type **elements = ARENA_ARRAY(env->arena, const struct type *, c->arg_count + 1);
	for (uint32_t i = 0; i < c->arg_count; i++) {
		if (c->arg_types[i]->id != TYPE_ARRAY)
			return call_bad_type(env, c, i);
		elements[i] = c->arg_types[i]->children[0];
	}
	c->result = type_array(env->arena, type_tuple(env->arena, elements, NULL, c->arg_count));
	return OK;
}

/* ---- looking in arrays ---- */

enum look { LOOK_HAS, LOOK_INDEX, LOOK_COUNT };

static enum status exec_look(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	enum look look = named(c, "indexOf") ? LOOK_INDEX : named(c, "countEqual") ? LOOK_COUNT : LOOK_HAS;
	struct vector *flat;
	TRY(array_flat(e, args[0], count, &flat));
	const uint32_t *at = array_offsets(flat);
	enum status s = call_result(c, e, count, out);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint64_t found = 0;
		for (uint32_t k = at[i]; k < at[i + 1]; k++) {
			if (vector_compare_rows(flat->children[0], k, args[1], i) != 0)
				continue;
			found = look == LOOK_INDEX ? k - at[i] + 1 : found + 1;
			if (look != LOOK_COUNT)
				break;
		}
		if (look == LOOK_HAS)
			((uint8_t *)(*out)->data)[i] = found != 0;
		else
			((uint64_t *)(*out)->data)[i] = found;
	}
	vector_unref(flat);
	return s;
}

static enum status bind_look(struct bind_env *env, struct call *c)
{
	if (c->arg_count != 2)
		return call_bad_count(env, c, "2");
	if (c->arg_types[0]->id != TYPE_ARRAY)
		return call_bad_type(env, c, 0);
	const struct type *both[2] = {c->arg_types[0]->children[0], c->arg_types[1]}, *common;
	TRY(call_common_type(env, both, 2, &common));
	c->arg_types[0] = type_array(env->arena, common);
	c->arg_types[1] = common;
	c->result = type_simple(named(c, "has") ? TYPE_UINT8 : TYPE_UINT64);
	return OK;
}

static enum status exec_has_substr(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	struct vector *a = NULL, *b = NULL;
	enum status s = array_flat(e, args[0], count, &a);
	if (s == OK)
		s = array_flat(e, args[1], count, &b);
	if (s == OK)
		s = call_result(c, e, count, out);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		const uint32_t *x = array_offsets(a), *y = array_offsets(b);
		uint32_t n = x[i + 1] - x[i], m = y[i + 1] - y[i];
		bool hold = false;
		for (uint32_t from = 0; !hold && from + m <= n; from++) {
			hold = true;
			for (uint32_t k = 0; k < m && hold; k++)
				hold = vector_compare_rows(a->children[0], x[i] + from + k, b->children[0], y[i] + k) == 0;
		}
		((uint8_t *)(*out)->data)[i] = hold;
	}
	vector_unref(a);
	vector_unref(b);
	return s;
}

static enum status bind_has_set(struct bind_env *env, struct call *c)
{
	const struct type *common;
	for (uint32_t i = 0; i < 2; i++)
		if (c->arg_types[i]->id != TYPE_ARRAY)
			return call_bad_type(env, c, i);
	TRY(call_common_type(env, c->arg_types, 2, &common));
	c->arg_types[0] = c->arg_types[1] = common;
	return OK;
}

/* ---- rows from arrays ---- */

static enum status exec_unnest(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	if (args[0]->type->id == TYPE_ARRAY) {
		*out = vector_ref(args[0]);
		return OK;
	}
	struct vector *flat, *pair;
	TRY(array_flat(e, args[0], count, &flat));
	enum status s = vector_new(e->track, c->result->children[0], flat->children[0]->count, &pair, e->err);
	if (s == OK) {
		pair->children[0] = vector_ref(flat->children[0]);
		pair->children[1] = vector_ref(flat->children[1]);
		s = array_make(c, e, array_offsets(flat), count, pair, out);
	}
	vector_unref(flat);
	return s;
}

static enum status bind_unnest(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	if (t->id != TYPE_ARRAY && t->id != TYPE_MAP)
		return call_bad_type(env, c, 0);
	c->result = t->id == TYPE_ARRAY ? t : type_array(env->arena, type_tuple(env->arena, t->children, NULL, 2));
	return OK;
}

#define RAW(row_name, row_aliases, row_flags, pattern, type, row_bind, row_exec, text, sample, answer) \
	{.name = row_name, .aliases = row_aliases, .flags = (row_flags) | FUNCTION_NO_DICT, .nulls = FUNCTION_NULL_CUSTOM, \
	 .args = pattern, .result = type, .bind = row_bind, .exec = row_exec, .description = text, .example = sample, \
	 .example_result = answer}
#define EMPTY(type) \
	FUNCTION_ROW("emptyArray" type, NULL, FUNCTION_CH, "", NULL, bind_empty_array, exec_array, \
	             "An empty array of " type ".", "emptyArray" type "()", "[]")

static const struct function rows[] = {
	RAW("array", NULL, FUNCTION_BOTH, NULL, NULL, bind_array, exec_array, "An array of its arguments.", "[1, 2]", NULL),
	EMPTY("Int8"), EMPTY("Int16"), EMPTY("Int32"), EMPTY("Int64"), EMPTY("UInt8"), EMPTY("UInt16"), EMPTY("UInt32"),
	EMPTY("UInt64"), EMPTY("Float32"), EMPTY("Float64"), EMPTY("String"), EMPTY("Date"), EMPTY("DateTime"),
	FUNCTION_ROW("range", NULL, FUNCTION_CH, NULL, NULL, bind_range, exec_range,
	             "The numbers from a start to before an end.", "range(3)", "[0,1,2]"),
	RAW("arrayWithConstant", NULL, FUNCTION_CH, "**", NULL, bind_with_constant, exec_with_constant,
	    "An array of one value several times.", "arrayWithConstant(2, 'x')", "['x','x']"),
	FUNCTION_ROW("arrayReverse", NULL, FUNCTION_CH, "A", "=1", NULL, exec_shape, "The elements in reverse order.",
	             "arrayReverse([1, 2])", "[2,1]"),
	FUNCTION_ROW("reverse", NULL, CH_NOCASE, "A", "=1", NULL, exec_shape, "The elements in reverse order.",
	             "reverse([1, 2])", "[2,1]"),
	FUNCTION_ROW("arrayCompact", NULL, FUNCTION_CH, "A", "=1", NULL, exec_shape, "Without repeats of the element before.",
	             "arrayCompact([1, 1, 2, 1])", "[1,2,1]"),
	FUNCTION_ROW("arrayPopBack", NULL, FUNCTION_CH, "A", "=1", NULL, exec_shape, "Without the last element.",
	             "arrayPopBack([1, 2])", "[1]"),
	FUNCTION_ROW("arrayPopFront", NULL, FUNCTION_CH, "A", "=1", NULL, exec_shape, "Without the first element.",
	             "arrayPopFront([1, 2])", "[2]"),
	RAW("arraySlice", NULL, FUNCTION_BOTH, "***?", NULL, bind_slice, exec_slice,
	    "Elements from a place (from 1, negative from the end) on.", "arraySlice([1, 2, 3], 2, 1)", NULL),
	RAW("arrayConcat", NULL, FUNCTION_CH, NULL, NULL, bind_concat, exec_concat, "Arrays after each other.",
	    "arrayConcat([1], [2])", "[1,2]"),
	RAW("concat", NULL, CH_NOCASE, "A+", NULL, bind_concat, exec_concat, "Arrays after each other.",
	    "concat([1], [2])", "[1,2]"),
	RAW("||", "array_cat concat", FUNCTION_PG, "**", NULL, bind_concat_symbol, exec_concat,
	    "Arrays and elements after each other.", "ARRAY[1] || 2", "{1,2}"),
	RAW("arrayPushBack", NULL, FUNCTION_CH, NULL, NULL, bind_concat, exec_concat, "With an element at the end.",
	    "arrayPushBack([1], 2)", "[1,2]"),
	RAW("arrayPushFront", NULL, FUNCTION_CH, NULL, NULL, bind_concat, exec_concat, "With an element at the start.",
	    "arrayPushFront([1], 0)", "[0,1]"),
	RAW("array_append", NULL, FUNCTION_PG, NULL, NULL, bind_concat, exec_concat, "With an element at the end.",
	    "array_append(ARRAY[1], 2)", "{1,2}"),
	RAW("array_prepend", NULL, FUNCTION_PG, NULL, NULL, bind_concat, exec_concat, "With an element at the start.",
	    "array_prepend(0, ARRAY[1])", "{0,1}"),
	RAW("arrayResize", NULL, FUNCTION_CH, "***?", NULL, bind_resize, exec_resize, "Cut or filled to a length.",
	    "arrayResize([1], 3)", "[1,0,0]"),
	FUNCTION_ROW("arrayFlatten", "flatten", FUNCTION_CH, "A", NULL, bind_flatten, exec_flatten,
	             "Arrays of arrays as one.", "arrayFlatten([[1], [2, 3]])", "[1,2,3]"),
	FUNCTION_ROW("arrayZip", NULL, FUNCTION_CH, "A+", NULL, bind_zip, exec_zip, "Tuples of the elements side by side.",
	             "arrayZip([1, 2], ['a', 'b'])", "[(1,'a'),(2,'b')]"),
	RAW("has", NULL, FUNCTION_CH, NULL, NULL, bind_look, exec_look, "Whether an element is in the array.",
	    "has([1, 2], 2)", "1"),
	RAW("indexOf", NULL, FUNCTION_CH, NULL, NULL, bind_look, exec_look, "The place from 1 of an element, 0: nowhere.",
	    "indexOf([1, 2], 2)", "2"),
	RAW("countEqual", NULL, FUNCTION_CH, NULL, NULL, bind_look, exec_look, "How often an element is in the array.",
	    "countEqual([1, 2, 1], 1)", "2"),
	FUNCTION_ROW("hasSubstr", NULL, FUNCTION_CH, "**", "UInt8", bind_has_set, exec_has_substr,
	             "Whether the others stand in it side by side.", "hasSubstr([1, 2, 3], [2, 3])", "1"),
	{.name = "arrayJoin", .flags = FUNCTION_CH | FUNCTION_SET_RETURNING | FUNCTION_NO_DICT, .nulls = FUNCTION_NULL_CUSTOM,
	 .args = "*", .bind = bind_unnest, .exec = exec_unnest, .description = "A row for each element.",
	 .example = "arrayJoin([1])", .example_result = "1"},
	{.name = "unnest", .flags = FUNCTION_BOTH | FUNCTION_SET_RETURNING | FUNCTION_NO_DICT, .nulls = FUNCTION_NULL_CUSTOM,
	 .args = "A", .bind = bind_unnest, .exec = exec_unnest, .description = "A row for each element.",
	 .example = "unnest(ARRAY[1])", .example_result = "1"},
};

FUNCTION_FAMILY(array_basic, "Arrays and tuples");
