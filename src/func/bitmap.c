// SPDX-License-Identifier: Apache-2.0
/* Functions of bitmaps, which are states of groupBitmap. */
#include <stdlib.h>

#include "func/roaring.h"
#include "func/str_impl.h"
#include "kernel/kernel.h"

static bool is_bitmap(const struct type *t)
{
	return t->id == TYPE_AGGSTATE && str_starts_with(t->aggregate, STR("groupBitmap")) && t->child_count == 1 &&
	       roaring_takes(t->children[0]);
}

static enum status open_row(const struct roaring_rule *u, struct eval *e, const struct vector *v, uint32_t i,
                            struct roaring *out)
{
	size_t consumed;
	const struct str_arg a = str_arg(v);
	struct str bytes = str_arg_at(&a, i);
	*out = (struct roaring){0};
	return bytes.size == 0 ? OK : roaring_read(u, e, out, bytes, &consumed);
}

static uint64_t *values_of(struct eval *e, const struct roaring *r, uint64_t *n)
{
	*n = roaring_count(r);
	uint64_t *values = ARENA_ARRAY(e->scratch, uint64_t, *n + 1);
	roaring_values(r, values);
	return values;
}

/* A result of serialised bitmaps, made row by row. */
typedef enum status (*make_fn)(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t i,
                               struct roaring *out);

static enum status make_rows(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             make_fn make, struct vector **out)
{
	const struct roaring_rule u = roaring_rule_of(c->result->children[0]);
	struct strings o;
	enum status s = OK;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct roaring r = {0};
		s = make(c, e, args, i, &r);
		if (s == OK)
			roaring_write(&u, &r, &o.text);
		roaring_free(&r, e->track);
		strings_end(&o, i);
	}
	return strings_close(&o, c, e, count, s, out);
}

/* ---- bitmapBuild, bitmapToArray ---- */

static enum status exec_build(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	const struct roaring_rule u = roaring_rule_of(c->result->children[0]);
	const struct vector *v = args[0];
	const uint32_t *offsets = v->data;
	struct vector *flat;
	struct strings o;
	TRY(vector_flatten(e->track, v->children[0], &flat, e->err));
	strings_begin(&o, e, count);
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct roaring r = {0};
		uint32_t row = v->form == VECTOR_CONST ? 0 : i;
		for (uint32_t k = offsets[row]; k < offsets[row + 1] && s == OK; k++) {
			uint64_t x = 0;
			memcpy(&x, (const char *)flat->data + (size_t)k * u.width, u.width);
			s = roaring_add(&u, e, &r, x);
		}
		if (s == OK)
			roaring_write(&u, &r, &o.text);
		roaring_free(&r, e->track);
		strings_end(&o, i);
	}
	vector_unref(flat);
	return strings_close(&o, c, e, count, s, out);
}

static enum status bind_build(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	if (t->id != TYPE_ARRAY || !roaring_takes(t->children[0]))
		return call_bad_type(env, c, 0);
	c->arg_types[0] = type_array(env->arena, type_plain(env->arena, t->children[0]));
	c->result = type_aggregate(env->arena, STR("groupBitmap"), c->arg_types[0]->children, 1);
	return OK;
}

static enum status exec_to_array(const struct call *c, struct eval *e, const struct vector *const *args,
                                 uint32_t count, struct vector **out)
{
	const struct roaring_rule u = roaring_rule_of(c->arg_types[0]->children[0]);
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct roaring r;
		uint64_t n = 0;
		s = open_row(&u, e, args[0], i, &r);
		if (s == OK) {
			const uint64_t *values = values_of(e, &r, &n);
			for (uint64_t k = 0; k < n && s == OK; k++)
				s = builder_fixed(b->children[0], &values[k], e->err);
		}
		roaring_free(&r, e->track);
		if (s == OK)
			s = builder_end_array(b, e->err);
	}
	return builder_close(b, s, out, e->err);
}

/* ---- numbers of one bitmap ---- */

/* As the other server has it: the least of an empty set is the greatest number of its containers. */
static uint64_t least(const struct roaring_rule *u, const uint64_t *values, uint64_t n)
{
	uint64_t x = u->wide ? UINT64_MAX : UINT32_MAX;
	for (uint64_t i = 0; i < n; i++)
		if (values[i] < x)
			x = values[i];
	return x;
}

static uint64_t greatest(const uint64_t *values, uint64_t n)
{
	uint64_t x = 0;
	for (uint64_t i = 0; i < n; i++)
		if (values[i] > x)
			x = values[i];
	return x;
}

static enum status exec_number(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	const struct roaring_rule u = roaring_rule_of(c->arg_types[0]->children[0]);
	const char *name = c->function->name;
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		struct roaring r;
		uint64_t n = 0, *to = (uint64_t *)(*out)->data + i;
		enum status s = open_row(&u, e, args[0], i, &r);
		if (s == OK && strcmp(name, "bitmapCardinality") == 0) {
			*to = roaring_count(&r);
		} else if (s == OK) {
			const uint64_t *values = values_of(e, &r, &n);
			*to = strcmp(name, "bitmapMin") == 0 ? least(&u, values, n) : greatest(values, n);
		}
		roaring_free(&r, e->track);
		if (s != OK) {
			vector_unref(*out);
			*out = NULL;
			return s;
		}
	}
	return OK;
}

static enum status bind_one(struct bind_env *env, struct call *c)
{
	if (!is_bitmap(c->arg_types[0]))
		return call_bad_type(env, c, 0);
	if (strcmp(c->function->name, "bitmapToArray") == 0)
		c->result = type_array(env->arena, c->arg_types[0]->children[0]);
	return OK;
}

static enum status exec_contains(const struct call *c, struct eval *e, const struct vector *const *args,
                                 uint32_t count, struct vector **out)
{
	const struct roaring_rule u = roaring_rule_of(c->arg_types[0]->children[0]);
	enum physical p = type_physical(args[1]->type);
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		struct roaring r;
		uint64_t x, place = args[1]->form == VECTOR_CONST ? 0 : i;
		kernels()->cast[p][PHYS_U64](&x, (const char *)args[1]->data + place * physical_size(p), 1);
		enum status s = open_row(&u, e, args[0], i, &r);
		bool fits = u.width == 8 || x <= low_mask64(8u * u.width - u.is_signed);
		((uint8_t *)(*out)->data)[i] = s == OK && fits && roaring_has(&u, &r, x);
		roaring_free(&r, e->track);
		if (s != OK) {
			vector_unref(*out);
			*out = NULL;
			return s;
		}
	}
	return OK;
}

/* ---- parts of a bitmap: of values from a place or number on ---- */

static int compare_u64(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static uint64_t u64_at(const struct vector *v, uint32_t i)
{
	return ((const uint64_t *)v->data)[v->form == VECTOR_CONST ? 0 : i];
}

static enum status make_part(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t i,
                             struct roaring *out)
{
	const struct roaring_rule u = roaring_rule_of(c->result->children[0]);
	const char *name = c->function->name;
	uint64_t from = u64_at(args[1], i), to = u64_at(args[2], i), n, taken = 0;
	bool by_place = strcmp(name, "subBitmap") == 0, range = strcmp(name, "bitmapSubsetInRange") == 0;
	struct roaring r;
	enum status s = open_row(&u, e, args[0], i, &r);
	if (s == OK) {
		uint64_t *values = values_of(e, &r, &n);
		if (!r.large && !by_place && !range)
			qsort(values, n, sizeof *values, compare_u64);
		for (uint64_t k = 0; k < n && s == OK; k++) {
			bool inside = by_place ? k >= from && taken < to : values[k] >= from && (range ? values[k] < to : taken < to);
			taken += inside;
			if (inside)
				s = roaring_add(&u, e, out, values[k]);
		}
	}
	roaring_free(&r, e->track);
	return s;
}

static enum status exec_part(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	return make_rows(c, e, args, count, make_part, out);
}

static enum status bind_part(struct bind_env *env, struct call *c)
{
	if (!is_bitmap(c->arg_types[0]))
		return call_bad_type(env, c, 0);
	c->result = c->arg_types[0];
	return OK;
}

/* One value goes, another comes behind the last unless it is there. */
static uint64_t replace_value(uint64_t *values, uint64_t n, uint64_t from, uint64_t to)
{
	uint64_t at = 0, kept = 0;
	while (at < n && values[at] != from)
		at++;
	if (at == n || from == to)
		return n;
	for (uint64_t i = 0; i < n; i++)
		if (values[i] != from && values[i] != to)
			values[kept++] = values[i];
	values[kept++] = to;
	return kept;
}

/* bitmapTransform: values that are in the first array become those at the same places of the second, one by one. */
static enum status make_transformed(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t i,
                                    struct roaring *out)
{
	const struct roaring_rule u = roaring_rule_of(c->result->children[0]);
	const struct vector *from = args[1], *to = args[2];
	uint32_t f = from->form == VECTOR_CONST ? 0 : i, t = to->form == VECTOR_CONST ? 0 : i;
	const uint32_t *fo = from->data, *other = to->data;
	uint32_t n = fo[f + 1] - fo[f];
	if (other[t + 1] - other[t] != n)
		return ERR(e->err, E_BAD_ARGUMENTS, "From array size and to array size mismatch");
	struct roaring r;
	uint64_t have;
	enum status s = open_row(&u, e, args[0], i, &r);
	uint64_t *values = s == OK ? values_of(e, &r, &have) : NULL;
	const uint64_t *a = (const uint64_t *)from->children[0]->data + fo[f];
	const uint64_t *b = (const uint64_t *)to->children[0]->data + other[t];
	for (uint32_t k = 0; k < n && s == OK; k++)
		have = replace_value(values, have, a[k], b[k]);
	for (uint64_t j = 0; s == OK && j < have; j++)
		s = roaring_add(&u, e, out, values[j]);
	roaring_free(&r, e->track);
	return s;
}

static enum status exec_transform(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	struct vector *from, *to = NULL;
	TRY(vector_flatten(e->track, args[1]->children[0], &from, e->err));
	enum status s = vector_flatten(e->track, args[2]->children[0], &to, e->err);
	if (s == OK) {
		struct vector a = *args[1], b = *args[2];
		const struct vector *laid[3] = {args[0], &a, &b};
		a.children = &from;
		b.children = &to;
		s = make_rows(c, e, laid, count, make_transformed, out);
	}
	vector_unref(from);
	vector_unref(to);
	return s;
}

static enum status bind_transform(struct bind_env *env, struct call *c)
{
	if (!is_bitmap(c->arg_types[0]))
		return call_bad_type(env, c, 0);
	for (uint32_t i = 1; i < 3; i++) {
		if (c->arg_types[i]->id != TYPE_ARRAY || !type_is_integer(c->arg_types[i]->children[0]))
			return call_bad_type(env, c, i);
		c->arg_types[i] = type_array(env->arena, type_simple(TYPE_UINT64));
	}
	c->result = c->arg_types[0];
	return OK;
}

/* ---- two bitmaps ---- */

static enum roaring_operation operation_of(const char *name)
{
	if (strncmp(name, "bitmapOr", 8) == 0)
		return ROARING_OR;
	if (strncmp(name, "bitmapXor", 9) == 0)
		return ROARING_XOR;
	return strncmp(name, "bitmapAndnot", 12) == 0 ? ROARING_ANDNOT : ROARING_AND;
}

static enum status make_combined(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t i,
                                 struct roaring *out)
{
	const struct roaring_rule u = roaring_rule_of(c->arg_types[0]->children[0]);
	struct roaring other = {0};
	TRY(open_row(&u, e, args[0], i, out));
	enum status s = open_row(&u, e, args[1], i, &other);
	if (s == OK)
		s = roaring_combine(&u, e, out, operation_of(c->function->name), &other);
	roaring_free(&other, e->track);
	return s;
}

static enum status exec_combine(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	return make_rows(c, e, args, count, make_combined, out);
}

/* How many values two bitmaps have together; whether any, whether all of the second. */
static enum status exec_compare(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	const struct roaring_rule u = roaring_rule_of(c->arg_types[0]->children[0]);
	const char *name = c->function->name;
	bool has = strncmp(name, "bitmapHas", 9) == 0, all = strcmp(name, "bitmapHasAll") == 0;
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		struct roaring r = {0}, other = {0};
		enum status s = open_row(&u, e, args[0], i, &r);
		if (s == OK)
			s = open_row(&u, e, args[1], i, &other);
		uint64_t want = roaring_count(&other);
		if (s == OK)
			s = roaring_combine(&u, e, &r, operation_of(name), &other);
		uint64_t n = roaring_count(&r);
		if (has)
			((uint8_t *)(*out)->data)[i] = all ? n == want : n != 0;
		else
			((uint64_t *)(*out)->data)[i] = n;
		roaring_free(&r, e->track);
		roaring_free(&other, e->track);
		if (s != OK) {
			vector_unref(*out);
			*out = NULL;
			return s;
		}
	}
	return OK;
}

static enum status bind_two(struct bind_env *env, struct call *c)
{
	for (uint32_t i = 0; i < 2; i++)
		if (!is_bitmap(c->arg_types[i]))
			return call_bad_type(env, c, i);
	if (!type_equal(c->arg_types[0]->children[0], c->arg_types[1]->children[0]))
		return call_bad_type(env, c, 1);
	if (c->function->result == NULL)
		c->result = c->arg_types[0];
	return OK;
}

#define BITMAP(fname, args_, result_, bind_, exec_, what, example_, answer) \
	{.name = fname, .flags = FUNCTION_CH, .args = args_, .result = result_, .bind = bind_, .exec = exec_, \
	 .description = what, .example = example_, .example_result = answer}
#define TWO(fname, what, answer) \
	BITMAP(fname, "**", NULL, bind_two, exec_combine, what, \
	       "bitmapToArray(" fname "(bitmapBuild([1, 2, 3]), bitmapBuild([3, 4, 5])))", answer)
#define COMPARED(fname, result_, what, answer) \
	BITMAP(fname, "**", result_, bind_two, exec_compare, what, \
	       fname "(bitmapBuild([1, 2, 3]), bitmapBuild([3, 4, 5]))", answer)

static const struct function rows[] = {
	BITMAP("bitmapBuild", "*", NULL, bind_build, exec_build, "A bitmap of an array's integers.",
	       "bitmapToArray(bitmapBuild([1, 2, 3]))", "[1,2,3]"),
	BITMAP("bitmapToArray", "*", NULL, bind_one, exec_to_array, "The values of a bitmap.",
	       "bitmapToArray(bitmapBuild([5, 3]))", "[5,3]"),
	BITMAP("bitmapCardinality", "*", "UInt64", bind_one, exec_number, "How many values a bitmap has.",
	       "bitmapCardinality(bitmapBuild([1, 2, 2]))", "2"),
	BITMAP("bitmapMin", "*", "UInt64", bind_one, exec_number, "The least value of a bitmap.",
	       "bitmapMin(bitmapBuild([5, 3]))", "3"),
	BITMAP("bitmapMax", "*", "UInt64", bind_one, exec_number, "The greatest value of a bitmap.",
	       "bitmapMax(bitmapBuild([5, 3]))", "5"),
	BITMAP("bitmapContains", "*I", "UInt8", bind_one, exec_contains, "Whether a bitmap has a value.",
	       "bitmapContains(bitmapBuild([1, 5, 7]), 7)", "1"),
	BITMAP("bitmapSubsetInRange", "*UU", NULL, bind_part, exec_part, "The values from one to below another.",
	       "bitmapToArray(bitmapSubsetInRange(bitmapBuild([1, 3, 5, 7, 9]), 3, 8))", "[3,5,7]"),
	BITMAP("bitmapSubsetLimit", "*UU", NULL, bind_part, exec_part, "At most so many values from one on.",
	       "bitmapToArray(bitmapSubsetLimit(bitmapBuild([1, 3, 5, 7, 9]), 3, 2))", "[3,5]"),
	BITMAP("subBitmap", "*UU", NULL, bind_part, exec_part, "At most so many values behind the first ones.",
	       "bitmapToArray(subBitmap(bitmapBuild([1, 3, 5, 7, 9]), 1, 2))", "[3,5]"),
	BITMAP("bitmapTransform", "***", NULL, bind_transform, exec_transform, "Replaces values by others.",
	       "bitmapToArray(bitmapTransform(bitmapBuild([1, 2, 3]), [2, 9], [20, 90]))", "[1,3,20]"),
	TWO("bitmapAnd", "The values that both bitmaps have.", "[3]"),
	TWO("bitmapOr", "The values of both bitmaps.", "[1,2,3,4,5]"),
	TWO("bitmapXor", "The values that one of two bitmaps has.", "[1,2,4,5]"),
	TWO("bitmapAndnot", "The values of the first bitmap that the second has not.", "[1,2]"),
	COMPARED("bitmapAndCardinality", "UInt64", "How many values both bitmaps have.", "1"),
	COMPARED("bitmapOrCardinality", "UInt64", "How many values two bitmaps have together.", "5"),
	COMPARED("bitmapXorCardinality", "UInt64", "How many values one of two bitmaps has.", "4"),
	COMPARED("bitmapAndnotCardinality", "UInt64", "How many values of the first bitmap the second has not.", "2"),
	COMPARED("bitmapHasAny", "UInt8", "Whether two bitmaps have a value in common.", "1"),
	COMPARED("bitmapHasAll", "UInt8", "Whether the first bitmap has all values of the second.", "0"),
};

FUNCTION_FAMILY(bitmap, "Bitmaps");
