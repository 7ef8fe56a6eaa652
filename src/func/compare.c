// SPDX-License-Identifier: Apache-2.0
/*
 * equals, notEquals, less, lessOrEquals, greater, greaterOrEquals and the forms that know NULL. Any two types that mean
 * something together are compared by value; a constant text beside a date, number, enum or address is read as one.
 */
#include "func/compare_impl.h"

#include <assert.h>

#include "column/pginterval.h"
#include "func/cast.h"
#include "func/subcall.h"

enum kernel_compare compare_op(const struct call *c)
{
	static const char *const names[] = {"equals", "notEquals", "less", "lessOrEquals", "greater", "greaterOrEquals"};
	for (unsigned i = 0; i < ARRAY_COUNT(names); i++)
		if (strcmp(c->function->name, names[i]) == 0)
			return (enum kernel_compare)i; /* in the order of enum kernel_compare */
	return KERNEL_EQ;
}

_Static_assert(KERNEL_EQ == 0 && KERNEL_NE == 1 && KERNEL_LT == 2 && KERNEL_LE == 3 && KERNEL_GT == 4 && KERNEL_GE == 5,
               "the order of the names above");

/* ---- strings ---- */

/* Equality with one text: lengths and first bytes decide nearly always. */
static void equal_to_one(const struct strview *views, const struct strview *one, uint32_t n, bool equal, uint8_t *to)
{
	uint64_t w[2];
	memcpy(w, one, sizeof w);
	if (one->size <= STRVIEW_INLINE) {
		for (uint32_t i = 0; i < n; i++) {
			uint64_t v[2];
			memcpy(v, &views[i], sizeof v);
			to[i] = ((v[0] == w[0]) & (v[1] == w[1])) == equal;
		}
		return;
	}
	for (uint32_t i = 0; i < n; i++) {
		uint64_t head;
		memcpy(&head, &views[i], sizeof head);
		to[i] = (head == w[0] && memcmp(views[i].far.pointer, one->far.pointer, one->size) == 0) == equal;
	}
}

static enum status exec_strings(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	enum kernel_compare op = compare_op(c);
	const struct strview *a = args[0]->data, *b = args[1]->data;
	bool one_a = args[0]->form == VECTOR_CONST, one_b = args[1]->form == VECTOR_CONST;
	bool equality = op == KERNEL_EQ || op == KERNEL_NE;
	TRY(call_result(c, e, count, out));
	uint8_t *to = (*out)->data;
	if (equality && one_b && !one_a) {
		equal_to_one(a, b, count, op == KERNEL_EQ, to);
	} else if (equality && one_a && !one_b) {
		equal_to_one(b, a, count, op == KERNEL_EQ, to);
	} else if (equality) {
		for (uint32_t i = 0; i < count; i++)
			to[i] = strview_equal(&a[one_a ? 0 : i], &b[one_b ? 0 : i]) == (op == KERNEL_EQ);
	} else {
		for (uint32_t i = 0; i < count; i++)
			to[i] = compare_holds(op, strview_compare(&a[one_a ? 0 : i], &b[one_b ? 0 : i]));
	}
	return OK;
}

/* FixedString beside another length or a String: trailing zero bytes do not count. */
static enum status exec_padded(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	enum kernel_compare op = compare_op(c);
	struct str_arg a = str_arg(args[0]), b = str_arg(args[1]);
	TRY(call_result(c, e, count, out));
	uint8_t *to = (*out)->data;
	for (uint32_t i = 0; i < count; i++) {
		struct str s[2] = {str_arg_at(&a, i), str_arg_at(&b, i)};
		for (int k = 0; k < 2; k++)
			while (s[k].size != 0 && s[k].data[s[k].size - 1] == '\0')
				s[k].size--;
		to[i] = compare_holds(op, str_compare(s[0], s[1]));
	}
	return OK;
}

/* ---- anything: row by row ---- */

static enum status exec_rows(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	enum kernel_compare op = compare_op(c);
	TRY(call_result(c, e, count, out));
	uint8_t *to = (*out)->data;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t p = args[0]->form == VECTOR_CONST ? 0 : i, q = args[1]->form == VECTOR_CONST ? 0 : i;
		to[i] = eval_skips(e, i) ? 0 : compare_holds(op, vector_compare_rows(args[0], p, args[1], q));
	}
	return OK;
}

/* ---- binding ---- */

static bool is_enum(const struct type *t)
{
	return t->id == TYPE_ENUM8 || t->id == TYPE_ENUM16;
}

static bool is_time(const struct type *t)
{
	return t->id == TYPE_TIME || t->id == TYPE_TIME64;
}

static enum status bad_pair(struct bind_env *env, const struct call *c)
{
	if (env->session->dialect == DIALECT_POSTGRESQL)
		return call_bad_type(env, c, 0);
	return ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT, "Illegal types of arguments (`%.*s`, `%.*s`) of function `%.*s`",
	           STR_ARG(type_name(env->arena, c->arg_types[0])), STR_ARG(type_name(env->arena, c->arg_types[1])),
	           STR_ARG(c->name));
}

/* Both sides as one type, then by the kernel of its layout or row by row. */
static enum status bind_same(struct bind_env *env, struct call *c, enum kernel_compare op, const struct type *t)
{
	c->arg_types[0] = c->arg_types[1] = t;
	enum physical p = type_physical(t);
	bool equality = op == KERNEL_EQ || op == KERNEL_NE;
	if (p == PHYS_STR && t->id != TYPE_NUMERIC) {
		c->exec = exec_strings;
		return OK;
	}
	/* UUIDs order by their second half, intervals by their span */
	bool plain = t->id != TYPE_PGINTERVAL && (t->id != TYPE_UUID || equality);
	if (physical_size(p) != 0 && p != PHYS_STR && plain)
		return compare_use_kernel(env, c, op, p);
	c->exec = exec_rows;
	return OK;
}

/* What a constant text is read as beside this type; NULL where it stays text. */
static const struct type *text_reads_as(const struct type *other)
{
	if (type_is_string(other) || other->id == TYPE_AGGSTATE)
		return NULL;
	return other;
}

/* Whether a text is one of an enum's names: a text that is none equals nothing. */
static bool names_enum(const struct type *t, const struct vector *text)
{
	if (text == NULL || vector_is_null(text, 0) || type_physical(text->type) != PHYS_STR)
		return false;
	struct str s = strview_str(text->data);
	for (uint32_t i = 0; i < t->value_count; i++)
		if (str_eq(t->values[i].name, s))
			return true;
	return false;
}

static enum status bind_with_text(struct bind_env *env, struct call *c, enum kernel_compare op, uint32_t text)
{
	const struct type *other = c->arg_types[1 - text], *to = text_reads_as(other);
	bool constant = c->constants[text] != NULL;
	bool pg = env->session->dialect == DIALECT_POSTGRESQL;
	if (is_enum(other))
		return bind_same(env, c, op, constant && names_enum(other, c->constants[text]) ? other : type_simple(TYPE_STRING));
	bool unknown = c->arg_types[text]->face == FACE_UNKNOWN;
	if (to == NULL || !constant || (pg && !unknown) || other->id == TYPE_TUPLE || other->id == TYPE_MAP)
		return bad_pair(env, c);
	return bind_same(env, c, op, to);
}

/* Times of different kinds: the type that holds both. */
static enum status bind_common(struct bind_env *env, struct call *c, enum kernel_compare op)
{
	const struct type *common;
	enum status s = call_common_type(env, c->arg_types, 2, &common);
	if (s != OK) {
		error_clear(env->err);
		return bad_pair(env, c);
	}
	return bind_same(env, c, op, type_plain(env->arena, common));
}

static enum status bind_compare_op(struct bind_env *env, struct call *c, enum kernel_compare op)
{
	const struct type *a = c->arg_types[0], *b = c->arg_types[1];
	bool sa = type_is_string(a), sb = type_is_string(b), pg = env->session->dialect == DIALECT_POSTGRESQL;
	if (type_is_number(a) && type_is_number(b))
		return compare_bind_numbers(env, c, op);
	if (sa && sb) {
		if (pg && (a->face == FACE_BPCHAR || b->face == FACE_BPCHAR))
			return bind_same(env, c, op, type_with_face(env->arena, type_simple(TYPE_STRING), FACE_TEXT, -1));
		c->exec = a->id == TYPE_STRING && b->id == TYPE_STRING ? exec_strings
		          : a->id == b->id && a->length == b->length   ? exec_strings
		                                                       : exec_padded;
		return OK;
	}
	if (sa || sb)
		return bind_with_text(env, c, op, sa ? 0 : 1);
	if (a->id == TYPE_TUPLE && b->id == TYPE_TUPLE)
		return compare_bind_tuples(env, c, op);
	if (is_enum(a) && type_is_number(b) && !pg)
		return bind_same(env, c, op, type_simple(TYPE_INT16));
	if (is_enum(b) && type_is_number(a) && !pg)
		return bind_same(env, c, op, type_simple(TYPE_INT16));
	if (is_enum(a) && is_enum(b) && !type_equal(a, b))
		return bind_same(env, c, op, type_simple(TYPE_STRING));
	if (a->id == b->id && type_equal_physical(a, b) && a->scale == b->scale && physical_size(type_physical(a)) != 0 &&
	    a->face == b->face)
		return bind_same(env, c, op, a);
	bool number_a = type_is_integer(a) && physical_size(type_physical(a)) <= 8;
	bool number_b = type_is_integer(b) && physical_size(type_physical(b)) <= 8;
	if (!pg && ((a->id == TYPE_DATETIME && number_b) || (b->id == TYPE_DATETIME && number_a)))
		return compare_use_kernel(env, c, op, PHYS_I128); /* seconds since the epoch */
	bool times = (type_is_temporal(a) && type_is_temporal(b)) || (is_time(a) && is_time(b));
	bool intervals = (a->id == TYPE_INTERVAL || a->id == TYPE_PGINTERVAL) &&
		(b->id == TYPE_INTERVAL || b->id == TYPE_PGINTERVAL);
	bool nested = (a->id == TYPE_ARRAY || a->id == TYPE_MAP) && a->id == b->id;
	if (times || intervals || nested || a->id == b->id)
		return bind_common(env, c, op);
	if (a->id == TYPE_IPV4 && b->id == TYPE_IPV6)
		return bind_same(env, c, op, b);
	if (a->id == TYPE_IPV6 && b->id == TYPE_IPV4)
		return bind_same(env, c, op, a);
	return bad_pair(env, c);
}

static enum status bind_compare(struct bind_env *env, struct call *c)
{
	c->result = type_simple(env->session->dialect == DIALECT_POSTGRESQL ? TYPE_BOOL : TYPE_UINT8);
	return bind_compare_op(env, c, compare_op(c));
}

/* ---- IS [NOT] DISTINCT FROM ---- */

struct distinct {
	struct subcall *equal;
	bool wanted; /* the answer where both are NULL */
};

static enum status exec_distinct(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                 struct vector **out)
{
	const struct distinct *d = c->state;
	struct vector *equal = NULL, *flat = NULL;
	const uint64_t *skip = e->skip;
	enum status s = d->equal == NULL ? OK : subcall_run(d->equal, e, args, count, &equal);
	if (s == OK && equal != NULL)
		s = vector_flatten(e->track, equal, &flat, e->err);
	if (s == OK)
		s = call_result(c, e, count, out);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		bool na = vector_is_null(args[0], i), nb = vector_is_null(args[1], i), same;
		if (na || nb || flat == NULL)
			same = na && nb;
		else
			same = ((const uint8_t *)flat->data)[i] && !(flat->nulls != NULL && bit_get(flat->nulls, i));
		((uint8_t *)(*out)->data)[i] = same == d->wanted;
	}
	e->skip = skip;
	vector_unref(equal);
	vector_unref(flat);
	return s;
}

static enum status bind_distinct(struct bind_env *env, struct call *c)
{
	struct distinct *d = ARENA_NEW(env->arena, struct distinct);
	d->wanted = strcmp(c->function->name, "isNotDistinctFrom") == 0;
	if (c->arg_types[0]->id != TYPE_NOTHING && c->arg_types[1]->id != TYPE_NOTHING)
		TRY(subcall_bind(env, STR("equals"), c->arg_types, c->constants, 2, &d->equal));
	c->result = type_simple(env->session->dialect == DIALECT_POSTGRESQL ? TYPE_BOOL : TYPE_UINT8);
	c->state = d;
	return OK;
}

#define COMPARISON(fname, what, example_, answer) \
	{.name = fname, .flags = FUNCTION_BOTH | FUNCTION_CHEAP, .args = "**", .bind = bind_compare, .description = what, \
	 .example = example_, .example_result = answer}

static const struct function rows[] = {
	COMPARISON("equals", "Whether both are equal.", "1 = 1.0", NULL),
	COMPARISON("notEquals", "Whether they differ.", "1 != 2", NULL),
	COMPARISON("less", "Whether the first is less.", "'a' < 'b'", NULL),
	COMPARISON("lessOrEquals", "Whether the first is less or equal.", "(1, 2) <= (1, 3)", NULL),
	COMPARISON("greater", "Whether the first is greater.", "2 > 1", NULL),
	COMPARISON("greaterOrEquals", "Whether the first is greater or equal.", "1 >= 2", NULL),
	{.name = "isNotDistinctFrom", .flags = FUNCTION_BOTH, .nulls = FUNCTION_NULL_CUSTOM, .args = "**",
	 .bind = bind_distinct,
	 .exec = exec_distinct, .description = "Whether both are equal, or both NULL.",
	 	.example = "NULL IS NOT DISTINCT FROM NULL"},
	{.name = "isDistinctFrom", .flags = FUNCTION_BOTH, .nulls = FUNCTION_NULL_CUSTOM, .args = "**", .bind = bind_distinct,
	 .exec = exec_distinct, .description = "Whether they differ, NULL being a value.",
	 	.example = "1 IS DISTINCT FROM NULL"},
};

FUNCTION_FAMILY(compare, "Comparison");
