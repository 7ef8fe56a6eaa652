// SPDX-License-Identifier: Apache-2.0
/* From filters to conditions. */
#include "storage/condition.h"

#include <assert.h>
#include <stdlib.h>
#include "storage/monotonic.h"
#include "storage/sort_rows.h"

enum { DEPTH_MAX = 200, IN_MAX = 100000 };

struct build {
	struct condition_set *set;
	struct arena *arena;
	const struct scan_request *request;
	struct expr **keys;        /* over the request's columns; NULL: the query does not read its columns */
	uint32_t key_count;
	struct error *err;
};

static struct condition *make(struct build *b, enum condition_kind kind, uint32_t children)
{
	struct condition *c = ARENA_NEW(b->arena, struct condition);
	c->kind = kind;
	c->child_count = children;
	c->children = ARENA_ARRAY(b->arena, struct condition *, children);
	return c;
}

static struct condition *perhaps(struct build *b)
{
	return make(b, CONDITION_PERHAPS, 0);
}

static struct str name_of(const struct expr *x)
{
	return x->call->function != NULL ? str_of(x->call->function->name) : x->call->name;
}

static bool is_call(const struct expr *x, const char *name, uint32_t args)
{
	return x->kind == EXPR_CALL && x->call->arg_count == args && str_eq(name_of(x), str_of(name));
}

/* A value known now; NULL when it is not. Borrowed. */
static const struct vector *constant_of(const struct build *b, const struct expr *x)
{
	if (x->kind == EXPR_CONSTANT)
		return x->constant;
	if (x->kind == EXPR_SLOT && b->request->slots != NULL)
		return b->request->slots[x->column];
	return NULL;
}

/* ---- keys ---- */

struct expr *condition_key(const struct table_keys *k, const struct scan_request *r, struct arena *a,
                           const struct expr *key)
{
	uint32_t columns = k->def->column_count;
	bool *used = ARENA_ARRAY(a, bool, columns + 1);
	uint32_t *map = ARENA_ARRAY(a, uint32_t, columns + 1);
	expr_columns(key, used);
	for (uint32_t c = 0; c < columns; c++) {
		bool found = !used[c];
		for (uint32_t i = 0; i < r->column_count && !found; i++)
			if (r->columns[i] == c) {
				map[c] = i;
				found = true;
			}
		if (!found)
			return NULL;
	}
	return expr_remap(a, key, map);
}

/*
 * x as a monotonic function of a key: *function over column 0. Descends through monotonic calls until a key is met.
 */
static bool match_key(struct build *b, const struct expr *x, struct atom *a, struct expr **function, unsigned depth)
{
	for (uint32_t k = 0; k < b->key_count; k++)
		if (b->keys[k] != NULL && expr_equal(b->keys[k], x)) {
			a->key = k;
			*function = expr_column(b->arena, 0, x->type, x->name);
			return true;
		}
	uint32_t at;
	bool decreasing;
	if (depth > DEPTH_MAX || x->kind != EXPR_CALL || !monotonic_call(x, &at, &decreasing))
		return false;
	struct expr *inner;
	if (!match_key(b, x->args[at], a, &inner, depth + 1))
		return false;
	struct expr **args = ARENA_ARRAY(b->arena, struct expr *, x->call->arg_count);
	for (uint32_t i = 0; i < x->call->arg_count; i++)
		args[i] = i == at ? inner : x->args[i];
	*function = expr_call(b->arena, x->call, args);
	a->decreasing ^= decreasing;
	return true;
}

/* ---- atoms ---- */

static struct condition *add_atom(struct build *b, const struct expr *operand, enum atom_op op, struct vector *constant,
                                  bool plain_only)
{
	struct atom *a = ARENA_NEW(b->arena, struct atom);
	struct expr *function;
	if (constant == NULL)
		return perhaps(b);
	if (!match_key(b, operand, a, &function, 0)) {
		vector_unref(constant);
		return perhaps(b);
	}
	a->op = op;
	a->function = function;
	a->plain = function->kind == EXPR_COLUMN;
	a->constant = constant;
	struct error ignored;
	error_init(&ignored);
	if ((plain_only && !a->plain)
	    || (!a->plain && program_compile(b->arena, &a->function, 1, &a->program, &ignored) != OK)) {
		vector_unref(constant);
		return perhaps(b);
	}
	ARENA_PUSH(b->arena, b->set->atoms, b->set->atom_count, b->set->atom_capacity, a);
	struct condition *c = make(b, CONDITION_ATOM, 0);
	c->atom = a;
	return c;
}

/* Order is that of the type: both sides must have one. */
static bool comparable(const struct type *a, const struct type *b)
{
	enum physical p = type_physical(a);
	if (p == PHYS_ARRAY || p == PHYS_MAP || p == PHYS_TUPLE || p == PHYS_NONE || a->id == TYPE_AGGSTATE)
		return false;
	if (a->id == TYPE_NUMERIC || a->id == TYPE_PGINTERVAL || type_physical(b) != p)
		return false;
	return a->id == b->id || (!type_is_decimal(a) && !type_is_decimal(b) && a->id != TYPE_DATETIME64 &&
	                          b->id != TYPE_DATETIME64)
	           ? (a->scale == b->scale || !(type_is_decimal(a) || a->id == TYPE_DATETIME64 || a->id == TYPE_TIME64))
	           : false;
}

/* The constant in the operand's type, one row, never NULL; NULL where that cannot be said. A reference. */
static struct vector *constant_as(struct build *b, const struct vector *v, const struct type *type)
{
	struct error ignored;
	struct arena scratch;
	struct vector *one = NULL, *cast = NULL;
	uint32_t row = 0;
	error_init(&ignored);
	if (vector_is_null(v, 0) || vector_gather(b->set->track, v, &row, 1, &one, &ignored) != OK)
		return NULL;
	double d = type_is_float(one->type) ? physical_size(type_physical(one->type)) == 8 ? *(const double *)one->data
	                                                                                 : (double)*(const float *)one->data
	                                                                                 	: 0;
	if (d != d) { /* NaN is equal to itself for the order, not for every dialect */
		vector_unref(one);
		return NULL;
	}
	if (comparable(type, one->type))
		return one;
	/* numbers of another type: exactly, or not at all */
	arena_init(&scratch, NULL);
	struct eval e = {.session = b->set->session, .track = b->set->track, .scratch = &scratch, .err = &ignored};
	const struct type *to = type_not_nullable(b->arena, type_low_cardinality(b->arena, type, false));
	bool exact = (type_is_number(to) || type_is_temporal(to)) && (type_is_number(one->type) || type_is_temporal(one->type))
	             && !type_is_float(one->type) && type_is_temporal(to) == type_is_temporal(one->type)
	             && (to->id != TYPE_DATE || one->type->id == TYPE_DATE) && !(to->scale < one->type->scale);
	if (exact && cast_vector(&e, b->arena, one, to, CAST_ACCURATE, &cast) != OK)
		cast = NULL;
	arena_fini(&scratch);
	vector_unref(one);
	if (cast != NULL && vector_is_null(cast, 0)) {
		vector_unref(cast);
		cast = NULL;
	}
	return cast;
}

/* has(array, c), or a value of the map among the keys or values of a map. */
static struct condition *has_atom(struct build *b, const struct expr *array, const struct vector *v)
{
	const struct type *t = array->type;
	return t->id != TYPE_ARRAY ? perhaps(b) : add_atom(b, array, ATOM_HAS, constant_as(b, v, t->children[0]), true);
}

/* The key that is mapKeys(map), or mapValues(map). */
static const struct expr *map_key(const struct build *b, const struct expr *map, const char *function)
{
	for (uint32_t k = 0; k < b->key_count; k++)
		if (b->keys[k] != NULL && is_call(b->keys[k], function, 1) && expr_equal(b->keys[k]->args[0], map))
			return b->keys[k];
	return NULL;
}

static struct condition *has(struct build *b, const struct expr *x)
{
	const struct vector *v = constant_of(b, x->args[1]);
	const struct expr *in = x->args[0]->type->id == TYPE_MAP ? map_key(b, x->args[0], "mapKeys") : x->args[0];
	return v == NULL || in == NULL ? perhaps(b) : has_atom(b, in, v);
}

/* hasAny, hasAll: of constant elements. */
static struct condition *has_several(struct build *b, const struct expr *x, bool all)
{
	const struct vector *v = constant_of(b, x->args[1]), *elements;
	if (v == NULL || type_physical(v->type) != PHYS_ARRAY || v->form == VECTOR_DICT || vector_is_null(v, 0))
		return perhaps(b);
	const uint32_t *offset = v->data;
	if (offset[1] - offset[0] > IN_MAX || (all && offset[0] == offset[1]))
		return perhaps(b);
	elements = v->children[0];
	struct condition *c = make(b, all ? CONDITION_AND : CONDITION_OR, offset[1] - offset[0]);
	for (uint32_t i = offset[0]; i < offset[1]; i++) {
		struct vector *one = NULL;
		struct error ignored;
		error_init(&ignored);
		bool known = vector_gather(b->set->track, elements, &i, 1, &one, &ignored) == OK;
		c->children[i - offset[0]] = known ? has_atom(b, x->args[0], one) : perhaps(b);
		vector_unref(one);
	}
	return c;
}

static bool is_zero(const struct vector *v)
{
	const struct vector *at;
	uint32_t i = vector_index(v, 0, &at);
	size_t width = physical_size(type_physical(at->type));
	const uint8_t *p = (const uint8_t *)at->data + i * width;
	if (type_physical(at->type) == PHYS_STR)
		return ((const struct strview *)at->data)[i].size == 0;
	for (size_t k = 0; k < width; k++)
		if (p[k] != 0)
			return false;
	return true;
}

/* m['k'] = v: a map without the key has the type's zero. Otherwise 'k' is among its keys, and v among its values. */
static struct condition *map_element(struct build *b, const struct expr *element, const struct vector *v)
{
	const struct expr *map = element->args[0], *keys = map_key(b, map, "mapKeys"), *values = map_key(b, map, "mapValues");
	const struct vector *k = constant_of(b, element->args[1]);
	if (map->type->id != TYPE_MAP || k == NULL || vector_is_null(v, 0) || is_zero(v))
		return perhaps(b);
	struct condition *both = make(b, CONDITION_AND, 2);
	both->children[0] = keys == NULL ? perhaps(b) : has_atom(b, keys, k);
	both->children[1] = values == NULL ? perhaps(b) : has_atom(b, values, v);
	return both;
}

static struct condition *comparison(struct build *b, const struct expr *left, enum atom_op op, const struct expr *right)
{
	static const enum atom_op flipped[] = {ATOM_EQ, ATOM_NE, ATOM_GT, ATOM_GE, ATOM_LT, ATOM_LE};
	const struct vector *v = constant_of(b, right);
	if (v == NULL) {
		v = constant_of(b, left);
		if (v == NULL)
			return perhaps(b);
		left = right;
		op = flipped[op];
	}
	if (op == ATOM_EQ && is_call(left, "arrayElement", 2) && left->args[0]->type->id == TYPE_MAP)
		return map_element(b, left, v);
	/* (a, b) = (1, 2): each by itself */
	if (is_call(left, "tuple", left->kind == EXPR_CALL ? left->call->arg_count : 0) && v->type->id == TYPE_TUPLE
	    && v->child_count == left->call->arg_count && (op == ATOM_EQ)) {
		struct condition *all = make(b, CONDITION_AND, v->child_count);
		for (uint32_t i = 0; i < v->child_count; i++)
			all->children[i] = add_atom(b, left->args[i], op, constant_as(b, v->children[i], left->args[i]->type), false);
		return all;
	}
	return add_atom(b, left, op, constant_as(b, v, left->type), false);
}

static int by_value(const void *x, const void *y, void *vector)
{
	const struct vector *v = vector;
	return compare_values(v, *(const uint32_t *)x, v, *(const uint32_t *)y);
}

/* Elements [from, to) of v, ascending, without NULLs; NULL where there is none to say. */
static struct vector *sorted_elements(struct build *b, const struct vector *v, uint32_t from, uint32_t to,
                                      const struct type *type)
{
	struct error ignored;
	struct vector *out = NULL;
	uint32_t n = 0;
	error_init(&ignored);
	if (to - from > IN_MAX || !comparable(type, v->type))
		return NULL;
	uint32_t *rows = ARENA_ARRAY(b->arena, uint32_t, to - from + 1);
	for (uint32_t i = from; i < to; i++)
		if (!vector_is_null(v, i))
			rows[n++] = i;
	qsort_r(rows, n, sizeof *rows, by_value, (void *)(uintptr_t)v);
	return vector_gather(b->set->track, v, rows, n, &out, &ignored) == OK ? out : NULL;
}

static struct condition *in_set(struct build *b, const struct expr *x)
{
	const struct expr *left = x->args[0];
	const struct vector *v = constant_of(b, x->args[1]), *at;
	if (v == NULL || type_physical(v->type) != PHYS_ARRAY || v->form == VECTOR_DICT || vector_is_null(v, 0))
		return perhaps(b);
	const uint32_t *offset = v->data;
	at = v->children[0];
	if (left->kind == EXPR_CALL && str_eq(name_of(left), STR("tuple")) && at->form == VECTOR_FLAT
	    && at->type->id == TYPE_TUPLE && at->child_count == left->call->arg_count) {
		struct condition *all = make(b, CONDITION_AND, at->child_count);
		for (uint32_t i = 0; i < at->child_count; i++)
			all->children[i] = add_atom(b, left->args[i], ATOM_IN,
			                            sorted_elements(b, at->children[i], offset[0], offset[1], left->args[i]->type), false);
		return all;
	}
	return add_atom(b, left, ATOM_IN, sorted_elements(b, at, offset[0], offset[1], left->type), false);
}

static struct vector *text_vector(struct build *b, struct str text)
{
	struct error ignored;
	struct builder *builder;
	struct vector *v = NULL;
	error_init(&ignored);
	if (builder_new(b->set->track, type_simple(TYPE_STRING), &builder, &ignored) != OK)
		return NULL;
	if (builder_string(builder, text.data, text.size, &ignored) != OK || builder_finish(builder, &v, &ignored) != OK)
		v = NULL;
	builder_free(builder);
	return v;
}

static bool text_of(const struct vector *v, struct str *out)
{
	const struct vector *at;
	if (v == NULL || type_physical(v->type) != PHYS_STR || vector_is_null(v, 0))
		return false;
	uint32_t i = vector_index(v, 0, &at);
	*out = strview_str((const struct strview *)at->data + i);
	return true;
}

/* LIKE says two things: what the text begins with, and what it holds. */
static struct condition *like(struct build *b, const struct expr *x)
{
	struct str pattern;
	if (!text_of(constant_of(b, x->args[1]), &pattern) || type_physical(x->args[0]->type) != PHYS_STR)
		return perhaps(b);
	char *prefix = arena_alloc(b->arena, pattern.size + 1);
	size_t n = 0;
	for (size_t i = 0; i < pattern.size && pattern.data[i] != '%' && pattern.data[i] != '_'; i++) {
		if (pattern.data[i] == '\\' && i + 1 < pattern.size)
			i++;
		prefix[n++] = pattern.data[i];
	}
	struct condition *both = make(b, CONDITION_AND, 2);
	both->children[0] = n == 0 ? perhaps(b) : add_atom(b, x->args[0], ATOM_PREFIX, text_vector(b, (struct str){prefix, n}),
	                                                   true);
	both->children[1] = add_atom(b, x->args[0], ATOM_LIKE, text_vector(b, pattern), true);
	return both;
}

static struct condition *text_call(struct build *b, const struct expr *x, enum atom_op op)
{
	struct str text;
	if (!text_of(constant_of(b, x->args[1]), &text) || text.size == 0)
		return perhaps(b);
	return add_atom(b, x->args[0], op, text_vector(b, text), true);
}

/* hasAllTokens, hasAnyTokens: of the words of a text, or of the elements of an array. */
static struct condition *has_tokens(struct build *b, const struct expr *x, bool all)
{
	struct str text;
	const struct vector *v = constant_of(b, x->args[1]);
	if (all && text_of(v, &text))
		return text_call(b, x, ATOM_TOKEN);
	if (v == NULL || type_physical(v->type) != PHYS_ARRAY || v->form == VECTOR_DICT || vector_is_null(v, 0))
		return perhaps(b);
	const uint32_t *offset = v->data;
	if (offset[0] == offset[1])
		return perhaps(b);
	struct condition *c = make(b, all ? CONDITION_AND : CONDITION_OR, offset[1] - offset[0]);
	for (uint32_t i = offset[0]; i < offset[1]; i++) {
		const struct vector *at;
		uint32_t row = vector_index(v->children[0], i, &at);
		bool known = type_physical(at->type) == PHYS_STR && !(at->nulls != NULL && bit_get(at->nulls, row));
		struct str token = known ? strview_str((const struct strview *)at->data + row) : STR("");
		c->children[i - offset[0]] = token.size == 0 ? perhaps(b)
			: add_atom(b, x->args[0], ATOM_TOKEN, text_vector(b, token), true);
	}
	return c;
}

static bool find_op(struct str name, enum atom_op *op)
{
	static const char *const names[] = {"equals", "notEquals", "less", "lessOrEquals", "greater", "greaterOrEquals"};
	static const enum atom_op ops[] = {ATOM_EQ, ATOM_NE, ATOM_LT, ATOM_LE, ATOM_GT, ATOM_GE};
	for (size_t i = 0; i < ARRAY_COUNT(names); i++)
		if (str_eq(name, str_of(names[i]))) {
			*op = ops[i];
			return true;
		}
	return false;
}

static struct condition *build(struct build *b, const struct expr *x, unsigned depth)
{
	enum atom_op op;
	if (x->kind != EXPR_CALL || depth > DEPTH_MAX)
		return perhaps(b);
	struct str name = name_of(x);
	uint32_t n = x->call->arg_count;
	bool all = str_eq(name, STR("and"));
	if (all || str_eq(name, STR("or"))) {
		struct condition *c = make(b, all ? CONDITION_AND : CONDITION_OR, n);
		for (uint32_t i = 0; i < n; i++)
			c->children[i] = build(b, x->args[i], depth + 1);
		return c;
	}
	if (str_eq(name, STR("not")) && n == 1) {
		struct condition *c = make(b, CONDITION_NOT, 1);
		c->children[0] = build(b, x->args[0], depth + 1);
		return c;
	}
	if (n == 2 && find_op(name, &op))
		return comparison(b, x->args[0], op, x->args[1]);
	if (n == 2 && str_eq(name, STR("in")))
		return in_set(b, x);
	if (n == 2 && str_eq(name, STR("notIn"))) {
		struct condition *c = make(b, CONDITION_NOT, 1);
		c->children[0] = x->args[0]->kind == EXPR_CALL && str_eq(name_of(x->args[0]), STR("tuple")) ? perhaps(b)
			: in_set(b, x);
		return c;
	}
	if (n == 2 && str_eq(name, STR("like")))
		return like(b, x);
	if (n == 2 && str_eq(name, STR("startsWith")))
		return text_call(b, x, ATOM_PREFIX);
	if (n == 2 && (str_eq(name, STR("hasToken")) || str_eq(name, STR("hasTokenOrNull"))))
		return text_call(b, x, ATOM_TOKEN);
	if (n == 2 && (str_eq(name, STR("hasAllTokens")) || str_eq(name, STR("hasAnyTokens"))))
		return has_tokens(b, x, str_eq(name, STR("hasAllTokens")));
	if (n == 2 && (str_eq(name, STR("has")) || str_eq(name, STR("mapContains")) || str_eq(name, STR("mapContainsKey"))))
		return has(b, x);
	if (n == 2 && (str_eq(name, STR("hasAny")) || str_eq(name, STR("hasAll"))))
		return has_several(b, x, str_eq(name, STR("hasAll")));
	return perhaps(b);
}

enum status condition_new(const struct table_keys *k, const struct scan_request *r, struct expr *const *keys,
                          uint32_t key_count, struct condition_set **out, bool *useful, struct error *err)
{
	struct condition_set *c = calloc(1, sizeof *c);
	if (c == NULL)
		return ERR(err, E_CANNOT_ALLOCATE, "out of memory");
	arena_init(&c->arena, r->track);
	c->track = r->track;
	c->session = r->session;
	c->key_count = key_count;
	struct build b = {.set = c, .arena = &c->arena, .request = r, .key_count = key_count, .err = err};
	b.keys = ARENA_ARRAY(&c->arena, struct expr *, key_count + 1);
	for (uint32_t i = 0; i < key_count; i++)
		b.keys[i] = keys[i]->is_volatile ? NULL : condition_key(k, r, &c->arena, keys[i]);
	c->root = make(&b, CONDITION_AND, r->filter_count);
	for (uint32_t i = 0; i < r->filter_count; i++)
		c->root->children[i] = build(&b, r->filters[i], 0);
	*useful = c->atom_count != 0;
	*out = c;
	return OK;
}

void condition_free(struct condition_set *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->atom_count; i++) {
		vector_unref(c->atoms[i]->constant);
		vector_unref(c->atoms[i]->values);
	}
	arena_fini(&c->arena);
	free(c);
}
