// SPDX-License-Identifier: Apache-2.0
/* Maps as sparse vectors: sums, series without gaps; pairs from text. */
#include "func/array_impl.h"
#include "func/subcall.h"

static bool named(const struct call *c, const char *name)
{
	return strcmp(c->function->name, name) == 0;
}

/* ---- mapAdd, mapSubtract: maps, or tuples of an array of keys and one of values ---- */

struct add {
	const struct type *key, *value;
	struct subcall *op;      /* sum or difference of two values */
	bool tuple;
};

/* Keys and values of an argument as two flat vectors with the offsets of the keys. */
static enum status open_sides(const struct call *c, struct eval *e, const struct vector *v, uint32_t count,
                              struct vector **keys, struct vector **values, const uint32_t **offsets)
{
	struct vector *flat;
	*keys = *values = NULL;
	TRY(array_flat(e, v, count, &flat));
	enum status s = OK;
	if (v->type->id == TYPE_MAP) {
		/* offsets outlive the header: copied */
		uint32_t *copy = array_room(e, count + 1);
		memcpy(copy, flat->data, (count + 1) * sizeof *copy);
		*offsets = copy;
		*keys = vector_ref(flat->children[0]);
		*values = vector_ref(flat->children[1]);
	} else {
		struct vector *a = NULL, *b = NULL;
		s = array_flat(e, flat->children[0], count, &a);
		if (s == OK)
			s = array_flat(e, flat->children[1], count, &b);
		if (s == OK) {
			const uint32_t *x = array_offsets(a), *y = array_offsets(b);
			uint32_t *copy = array_room(e, count + 1);
			for (uint32_t i = 0; i <= count; i++) {
				copy[i] = x[i] - x[0];
				if (s == OK && x[i] - x[0] != y[i] - y[0])
					s = ERR(e->err, E_SIZES_OF_ARRAYS, "Keys and values of function %.*s must have equal sizes",
					        STR_ARG(c->name));
			}
			*offsets = copy;
			if (s == OK)
				s = vector_slice(e->track, a->children[0], x[0], x[count] - x[0], keys, e->err);
			if (s == OK)
				s = vector_slice(e->track, b->children[0], y[0], y[count] - y[0], values, e->err);
		}
		vector_unref(a);
		vector_unref(b);
	}
	vector_unref(flat);
	return s;
}

/* One pair of keys and values side by side: keys ascending, values combined where both have the key. */
struct merged {
	struct vector *keys, *values;
	const uint32_t *offsets;
};

struct by_key {
	const struct vector *keys;
};
#define SORT_NAME sort_keys
#define SORT_TYPE uint32_t
#define SORT_CONTEXT const struct by_key *
#define SORT_LESS(a, b) (vector_compare_rows(context->keys, *(a), context->keys, *(b)) < 0)
#include "base/sort.h"

/*
 * Joins two: `left` and `right` name for each result key the values to combine, where the place behind all values is a
 * default.
 */
static enum status join(const struct add *how, struct eval *e, struct merged *a, struct merged *b, uint32_t count)
{
	const struct vector *both[2] = {a->keys, b->keys};
	struct vector *keys = NULL, *picked = NULL, *zero = NULL, *sides[2] = {NULL, NULL}, *made = NULL;
	uint32_t total = a->keys->count + b->keys->count, na = a->keys->count, nb = b->keys->count, done = 0;
	uint32_t *order = array_room(e, total), *left = array_room(e, total), *right = array_room(e, total);
	uint32_t *places = array_room(e, total), *offsets = array_room(e, count + 1);
	enum status s = vector_concat(e->track, both, 2, how->key, &keys, e->err);
	struct by_key by = {keys};
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t n = 0;
		for (uint32_t k = a->offsets[i]; k < a->offsets[i + 1]; k++)
			order[n++] = k;
		for (uint32_t k = b->offsets[i]; k < b->offsets[i + 1]; k++)
			order[n++] = na + k;
		sort_keys(order, n, &by);
		for (uint32_t k = 0; k < n; k++) {
			bool second = order[k] >= na;
			bool same = k != 0 && vector_compare_rows(keys, order[k], keys, order[k - 1]) == 0;
			if (!same || (second ? right[done - 1] != nb : left[done - 1] != na)) {
				places[done] = order[k];
				left[done] = na;
				right[done++] = nb;
			}
			*(second ? &right[done - 1] : &left[done - 1]) = second ? order[k] - na : order[k];
		}
		offsets[i + 1] = done;
	}
	if (s == OK)
		s = vector_gather(e->track, keys, places, done, &picked, e->err);
	if (s == OK)
		s = vector_default_constant(e->track, how->value, 1, &zero, e->err);
	for (uint32_t m = 0; m < 2 && s == OK; m++) {
		const struct vector *with_zero[2] = {m == 0 ? a->values : b->values, zero};
		struct vector *all = NULL;
		s = vector_concat(e->track, with_zero, 2, how->value, &all, e->err);
		if (s == OK)
			s = vector_gather(e->track, all, m == 0 ? left : right, done, &sides[m], e->err);
		vector_unref(all);
	}
	if (s == OK)
		s = subcall_run(how->op, e, (const struct vector *const *)sides, done, &made);
	vector_unref(a->keys);
	vector_unref(a->values);
	a->keys = a->values = NULL;
	if (s == OK)
		s = cast_vector(e, e->scratch, made, how->value, CAST_CH, &a->values);
	if (s == OK) {
		a->keys = vector_ref(picked);
		a->offsets = offsets;
	}
	vector_unref(keys);
	vector_unref(picked);
	vector_unref(zero);
	vector_unref(sides[0]);
	vector_unref(sides[1]);
	vector_unref(made);
	return s;
}

static enum status finish_add(const struct call *c, struct eval *e, const struct add *how, struct merged *m,
                              uint32_t count, struct vector **out)
{
	struct vector *keys = NULL, *values = NULL, *v = NULL;
	enum status s = vector_flatten(e->track, m->keys, &keys, e->err);
	if (s == OK)
		s = vector_flatten(e->track, m->values, &values, e->err);
	if (s == OK)
		s = call_result(c, e, count, &v);
	if (s == OK && !how->tuple) {
		memcpy(v->data, m->offsets, (count + 1) * sizeof *m->offsets);
		v->children[0] = vector_ref(keys);
		v->children[1] = vector_ref(values);
	}
	for (uint32_t k = 0; k < 2 && s == OK && how->tuple; k++) {
		struct call list = {.result = c->result->children[k]};
		s = array_make(&list, e, m->offsets, count, vector_ref(k == 0 ? keys : values), &v->children[k]);
	}
	vector_unref(keys);
	vector_unref(values);
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

static enum status exec_add(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	const struct add *how = c->state;
	struct merged sum = {0};
	const uint64_t *skip = e->skip;
	enum status s = OK;
	e->skip = NULL;
	for (uint32_t i = 0; i < c->arg_count && s == OK; i++) {
		struct merged one = {0};
		struct vector *wide = NULL;
		s = open_sides(c, e, args[i], count, &one.keys, &one.values, &one.offsets);
		if (s == OK)
			s = cast_vector(e, e->scratch, one.values, how->value, CAST_CH, &wide);
		vector_unref(one.values);
		one.values = wide;
		if (i == 0) {
			sum = one;
			continue;
		}
		if (s == OK)
			s = join(how, e, &sum, &one, count);
		vector_unref(one.keys);
		vector_unref(one.values);
	}
	e->skip = skip;
	if (s == OK)
		s = finish_add(c, e, how, &sum, count, out);
	vector_unref(sum.keys);
	vector_unref(sum.values);
	return s;
}

/* The widest of the kind, as sums have it. */
static const struct type *widest(const struct type *t)
{
	if (type_is_float(t) || type_is_decimal(t))
		return type_is_float(t) ? type_simple(TYPE_FLOAT64) : t;
	if (physical_size(type_physical(t)) > 8)
		return t;
	return type_simple(type_is_signed(t) ? TYPE_INT64 : TYPE_UINT64);
}

static enum status bind_add(struct bind_env *env, struct call *c)
{
	struct add *how = ARENA_NEW(env->arena, struct add);
	if (c->arg_count < 2)
		return call_bad_count(env, c, "at least 2");
	how->tuple = c->arg_types[0]->id == TYPE_TUPLE;
	for (uint32_t i = 0; i < c->arg_count; i++) {
		const struct type *t = c->arg_types[i], *key, *value;
		bool lists = t->id == TYPE_TUPLE && t->child_count == 2 && t->children[0]->id == TYPE_ARRAY &&
		             t->children[1]->id == TYPE_ARRAY;
		if (how->tuple ? !lists : t->id != TYPE_MAP)
			return call_bad_type(env, c, i);
		key = lists ? t->children[0]->children[0] : t->children[0];
		value = widest(lists ? t->children[1]->children[0] : t->children[1]);
		if (!type_is_number(value) || value->nullable)
			return call_bad_type(env, c, i);
		if (how->key != NULL && !type_equal(how->key, key))
			return ERR(env->err, E_ILLEGAL_TYPE_OF_ARGUMENT, "Expected same %.*s type for all keys in %.*s",
			           STR_ARG(type_name(env->arena, how->key)), STR_ARG(c->name));
		how->key = key;
		const struct type *pair[2] = {value, how->value != NULL ? how->value : value};
		TRY(call_common_type(env, pair, 2, &how->value));
	}
	const struct type *pair[2] = {how->value, how->value};
	TRY(subcall_bind(env, named(c, "mapAdd") ? STR("plus") : STR("minus"), pair, NULL, 2, &how->op));
	if (how->tuple) {
		const struct type *sides[2] = {type_array(env->arena, how->key), type_array(env->arena, how->value)};
		c->result = type_tuple(env->arena, sides, NULL, 2);
	} else {
		c->result = type_map(env->arena, how->key, how->value);
	}
	c->state = how;
	return OK;
}

/* ---- mapPopulateSeries ---- */

enum { SERIES_MAX = 1 << 28 };

struct series {
	bool map;
	uint32_t end;      /* which argument is the last key, 0: none */
};

/* The row's keys ascend from the least by one; values stand at the keys that there were, others are zero. */
static enum status series_row(const struct call *c, struct eval *e, const int64_t *keys, uint32_t n, bool given,
                              int64_t last, const struct vector *values, uint32_t from, struct builder *const *to)
{
	int64_t low = INT64_MAX, high = INT64_MIN;
	for (uint32_t k = 0; k < n; k++) {
		low = keys[k] < low ? keys[k] : low;
		high = keys[k] > high ? keys[k] : high;
	}
	high = given ? last : high;
	if (n == 0 || high < low)
		return OK;
	if ((uint64_t)high - (uint64_t)low >= SERIES_MAX)
		return ERR(e->err, E_TOO_LARGE_ARRAY_SIZE, "Function %.*s would give more than %d keys", STR_ARG(c->name),
		           SERIES_MAX);
	uint32_t size = (uint32_t)(high - low) + 1, *places = array_room(e, size);
	for (uint32_t k = 0; k < size; k++)
		places[k] = UINT32_MAX;
	for (uint32_t k = 0; k < n; k++)
		if (keys[k] <= high && places[keys[k] - low] == UINT32_MAX)
			places[keys[k] - low] = from + k;
	for (uint32_t k = 0; k < size; k++) {
		int64_t key = low + k;
		TRY(builder_fixed(to[0], &key, e->err));
		TRY(places[k] == UINT32_MAX ? builder_default(to[1], e->err) : builder_row(to[1], values, places[k], e->err));
	}
	return OK;
}

static enum status exec_series(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	const struct series *how = c->state;
	const struct type *sides[2];
	struct vector *keys = NULL, *values = NULL, *wide = NULL, *flat = NULL, *tuple = NULL;
	struct builder *b[2] = {NULL, NULL};
	const uint32_t *offsets = NULL;
	struct i64_arg ends = {NULL, 0};
	enum status s;
	if (how->end != 0)
		ends = i64_arg(args[how->end]);
	for (uint32_t k = 0; k < 2; k++)
		sides[k] = how->map ? c->result->children[k] : c->result->children[k]->children[0];
	if (how->map) {
		s = open_sides(c, e, args[0], count, &keys, &values, &offsets);
	} else {
		const struct type *pair[2] = {args[0]->type, args[1]->type};
		s = vector_new(e->track, type_tuple(e->scratch, pair, NULL, 2), count, &tuple, e->err);
		for (uint32_t k = 0; k < 2 && s == OK; k++)
			s = array_flat(e, args[k], count, &tuple->children[k]);
		if (s == OK)
			s = open_sides(c, e, tuple, count, &keys, &values, &offsets);
	}
	if (s == OK)
		s = cast_vector(e, e->scratch, keys, type_simple(TYPE_INT64), CAST_CH, &wide);
	if (s == OK)
		s = vector_flatten(e->track, wide, &flat, e->err);
	if (s == OK)
		s = builder_new(e->track, type_simple(TYPE_INT64), &b[0], e->err);
	if (s == OK)
		s = builder_new(e->track, sides[1], &b[1], e->err);
	uint32_t *made = array_room(e, count + 1);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		int64_t last = how->end != 0 ? i64_arg_at(&ends, i) : 0;
		if (!eval_skips(e, i))
			s = series_row(c, e, (const int64_t *)flat->data + offsets[i], offsets[i + 1] - offsets[i], how->end != 0, last,
			               values, offsets[i], b);
		made[i + 1] = b[0]->count;
	}
	struct merged m = {.offsets = made};
	struct vector *narrow = NULL;
	if (s == OK)
		s = builder_finish(b[0], &narrow, e->err);
	if (s == OK)
		s = cast_vector(e, e->scratch, narrow, sides[0], CAST_CH, &m.keys);
	if (s == OK)
		s = builder_finish(b[1], &m.values, e->err);
	struct add shape = {.tuple = !how->map};
	if (s == OK)
		s = finish_add(c, e, &shape, &m, count, out);
	builder_free(b[0]);
	builder_free(b[1]);
	vector_unref(narrow);
	vector_unref(m.keys);
	vector_unref(m.values);
	vector_unref(keys);
	vector_unref(values);
	vector_unref(wide);
	vector_unref(flat);
	vector_unref(tuple);
	return s;
}

static enum status bind_series(struct bind_env *env, struct call *c)
{
	struct series *how = ARENA_NEW(env->arena, struct series);
	const struct type *t = c->arg_types[0], *key, *value;
	how->map = t->id == TYPE_MAP;
	uint32_t lists = how->map ? 1 : 2;
	if (c->arg_count < lists || c->arg_count > lists + 1)
		return call_bad_count(env, c, how->map ? "1 or 2" : "2 or 3");
	if (!how->map && (t->id != TYPE_ARRAY || c->arg_types[1]->id != TYPE_ARRAY))
		return call_bad_type(env, c, t->id == TYPE_ARRAY);
	key = t->children[0];
	value = how->map ? t->children[1] : c->arg_types[1]->children[0];
	if (!type_is_integer(key) || physical_size(type_physical(key)) > 8)
		return call_bad_type(env, c, 0);
	if (!type_is_number(value))
		return call_bad_type(env, c, lists - 1);
	if (c->arg_count > lists) {
		if (!type_is_integer(c->arg_types[lists]))
			return call_bad_type(env, c, lists);
		c->arg_types[lists] = type_simple(TYPE_INT64);
		how->end = lists;
	}
	const struct type *sides[2] = {type_array(env->arena, key), type_array(env->arena, value)};
	c->result = how->map ? t : type_tuple(env->arena, sides, NULL, 2);
	c->state = how;
	return OK;
}

/* ---- extractKeyValuePairs ---- */

struct pairs {
	char colon, quote;
	struct str separators;
};

/* A piece that may stand in quotes, up to one of the ends; *p behind it. */
static struct str read_piece(const struct pairs *how, const char **p, const char *end, bool key)
{
	const char *from = *p;
	if (from < end && *from == how->quote) {
		const char *close = memchr(from + 1, how->quote, (size_t)(end - from - 1));
		if (close != NULL) {
			*p = close + 1;
			return str_make(from + 1, (size_t)(close - from - 1));
		}
	}
	while (*p < end && !(key && **p == how->colon) && memchr(how->separators.data, **p, how->separators.size) == NULL)
		++*p;
	return str_make(from, (size_t)(*p - from));
}

static enum status pairs_of(const struct pairs *how, struct str text, struct builder *b, struct error *err)
{
	const char *p = text.data, *end = text.data + text.size;
	while (p < end) {
		if (memchr(how->separators.data, *p, how->separators.size) != NULL) {
			p++;
			continue;
		}
		struct str key = read_piece(how, &p, end, true);
		if (p == end || *p != how->colon)
			continue;
		p++;
		struct str value = read_piece(how, &p, end, false);
		if (key.size == 0)
			continue;
		TRY(builder_string(b->children[0], key.data, key.size, err));
		TRY(builder_string(b->children[1], value.data, value.size, err));
	}
	return builder_end_array(b, err);
}

static enum status exec_pairs(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	struct str_arg texts = str_arg(args[0]);
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++)
		s = pairs_of(c->state, str_arg_at(&texts, i), b, e->err);
	return builder_close(b, s, out, e->err);
}

static enum status bind_pairs(struct bind_env *env, struct call *c)
{
	struct pairs *how = ARENA_NEW(env->arena, struct pairs);
	struct str text;
	*how = (struct pairs){':', '"', STR(" ,;")};
	for (uint32_t i = 1; i < c->arg_count; i++) {
		if (!call_const_str(c, i, &text))
			return call_bad_type(env, c, i);
		if (i != 2 && text.size != 1)
			return ERR(env->err, E_BAD_ARGUMENTS, "Argument %u of function %.*s must be one character", i + 1,
			           STR_ARG(c->name));
		if (i == 1)
			how->colon = text.data[0];
		else if (i == 3)
			how->quote = text.data[0];
		else
			how->separators = text;
	}
	const struct type *string = type_simple(TYPE_STRING);
	c->result = type_map(env->arena, string, string);
	c->state = how;
	return OK;
}

static const struct function rows[] = {
	FUNCTION_ROW("mapAdd", NULL, FUNCTION_CH, "*&", NULL, bind_add, exec_add, "Sums of the values, key by key.",
	             "mapAdd(map('a', 1), map('a', 2, 'b', 1))", "{'a':3,'b':1}"),
	FUNCTION_ROW("mapSubtract", NULL, FUNCTION_CH, "*&", NULL, bind_add, exec_add,
	             "Differences of the values, key by key.", "mapSubtract(map('a', 3), map('a', 1))", "{'a':2}"),
	FUNCTION_ROW("mapPopulateSeries", NULL, FUNCTION_CH, "**?*?", NULL, bind_series, exec_series,
	             "With all keys from the least to the greatest, or to the one given.",
	             "mapPopulateSeries(map(1, 10, 4, 20))", "{1:10,2:0,3:0,4:20}"),
	FUNCTION_ROW("extractKeyValuePairs", "~str_to_map mapFromString", FUNCTION_CH, "Ts?s?s?", NULL, bind_pairs, exec_pairs,
	             "A map of the pairs in a text.", "extractKeyValuePairs('a:1, b:2')", "{'a':'1','b':'2'}"),
};

FUNCTION_FAMILY(map_more, "Maps as vectors; pairs in text");
