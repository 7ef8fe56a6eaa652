// SPDX-License-Identifier: Apache-2.0
/* Array functions that take a lambda: map, filter, search, sums, sorting. */
#include <assert.h>

#include "func/array_impl.h"

static enum status bind_map(struct bind_env *env, struct call *c)
{
	const struct type *element;
	if (c->arg_count < 2 || c->arg_types[0]->id != TYPE_LAMBDA)
		return call_bad_count(env, c, "a lambda and at least 1 array");
	TRY(array_bind_lambda(env, c, &element));
	c->result = type_array(env->arena, element);
	return OK;
}

static enum status exec_map(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	struct elements x;
	struct vector *made = NULL;
	TRY(elements_open(c, e, args, 1, count, &x));
	enum status s = elements_apply(c, e, &x, &made);
	if (s == OK)
		s = array_make(c, e, x.offsets, count, made, out);
	elements_close(&x);
	return s;
}

/* ---- conditions: filter, exists, first … ---- */

enum search { SEARCH_FILTER, SEARCH_EXISTS, SEARCH_ALL, SEARCH_COUNT, SEARCH_FIRST, SEARCH_LAST, SEARCH_FIRST_INDEX,
	SEARCH_LAST_INDEX, SEARCH_SPLIT, SEARCH_REVERSE_SPLIT, SEARCH_FILL, SEARCH_REVERSE_FILL };

static const struct {
	const char *name;
	enum search search;
} searches[] = {
	{"arrayFilter", SEARCH_FILTER}, {"arrayExists", SEARCH_EXISTS}, {"arrayAll", SEARCH_ALL}, {"arrayCount", SEARCH_COUNT},
	{"arrayFirst", SEARCH_FIRST}, {"arrayFirstOrNull", SEARCH_FIRST}, {"arrayLast", SEARCH_LAST},
	{"arrayLastOrNull", SEARCH_LAST}, {"arrayFirstIndex", SEARCH_FIRST_INDEX}, {"arrayLastIndex", SEARCH_LAST_INDEX},
	{"arraySplit", SEARCH_SPLIT}, {"arrayReverseSplit", SEARCH_REVERSE_SPLIT}, {"arrayFill", SEARCH_FILL},
	{"arrayReverseFill", SEARCH_REVERSE_FILL},
};

static enum status bind_search(struct bind_env *env, struct call *c)
{
	enum search *what = ARENA_NEW(env->arena, enum search);
	const struct type *condition;
	for (size_t i = 0; i < ARRAY_COUNT(searches); i++)
		if (strcmp(searches[i].name, c->function->name) == 0)
			*what = searches[i].search;
	TRY(array_bind_lambda(env, c, &condition));
	bool lambda = has_lambda(c);
	if (!type_is_number(condition) && condition->id != TYPE_NOTHING)
		return call_bad_type(env, c, 0);
	c->state = what;
	const struct type *array = c->arg_types[lambda], *element = array->children[0];
	switch (*what) {
	case SEARCH_FILTER:
	case SEARCH_FILL:
	case SEARCH_REVERSE_FILL:
		c->result = array;
		return lambda ? OK : call_bad_count(env, c, "at least 2");
	case SEARCH_SPLIT:
	case SEARCH_REVERSE_SPLIT:
		c->result = type_array(env->arena, array);
		return lambda ? OK : call_bad_count(env, c, "at least 2");
	case SEARCH_EXISTS:
	case SEARCH_ALL:
		c->result = type_simple(TYPE_UINT8);
		return OK;
	case SEARCH_FIRST:
	case SEARCH_LAST:
		c->result = str_ends_with(str_of(c->function->name), STR("OrNull")) ? type_nullable(env->arena, element) : element;
		return lambda ? OK : call_bad_count(env, c, "at least 2");
	default:
		c->result = type_simple(TYPE_UINT32);
		return OK;
	}
}

/* The place of the first or last element that holds in [from, to); `to` when none. */
static uint32_t find_one(const uint8_t *hold, uint32_t from, uint32_t to, bool last)
{
	for (uint32_t k = from; k < to; k++) {
		uint32_t at = last ? to - 1 - (k - from) : k;
		if (hold[at])
			return at;
	}
	return to;
}

static enum status search_numbers(enum search what, const struct elements *x, const uint8_t *hold, uint32_t count,
                                  struct vector *v)
{
	for (uint32_t i = 0; i < count; i++) {
		uint32_t from = x->offsets[i], to = x->offsets[i + 1], n = 0, at;
		switch (what) {
		case SEARCH_EXISTS:
			((uint8_t *)v->data)[i] = find_one(hold, from, to, false) != to;
			break;
		case SEARCH_ALL:
		case SEARCH_COUNT:
			for (uint32_t k = from; k < to; k++)
				n += hold[k];
			if (what == SEARCH_ALL)
				((uint8_t *)v->data)[i] = n == to - from;
			else
				((uint32_t *)v->data)[i] = n;
			break;
		default:
			at = find_one(hold, from, to, what == SEARCH_LAST_INDEX);
			((uint32_t *)v->data)[i] = at == to ? 0 : at - from + 1;
		}
	}
	return OK;
}

static enum status search_filter(const struct call *c, struct eval *e, const struct elements *x, const uint8_t *hold,
                                 uint32_t count, struct vector **out)
{
	uint32_t *places = array_room(e, x->total), *offsets = array_room(e, count + 1), n = 0;
	for (uint32_t i = 0; i < count; i++) {
		for (uint32_t k = x->offsets[i]; k < x->offsets[i + 1]; k++) {
			places[n] = k;
			n += hold[k];
		}
		offsets[i + 1] = n;
	}
	return array_pick(c, e, offsets, count, x->parts[0], places, out);
}

static enum status search_fill(const struct call *c, struct eval *e, const struct elements *x, const uint8_t *hold,
                               uint32_t count, bool reverse, struct vector **out)
{
	uint32_t *places = array_room(e, x->total);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t from = x->offsets[i], n = x->offsets[i + 1] - from;
		for (uint32_t k = 0; k < n; k++) {
			uint32_t at = reverse ? from + n - 1 - k : from + k;
			places[at] = k == 0 || hold[at] ? at : places[reverse ? at + 1 : at - 1];
		}
	}
	return array_pick(c, e, x->offsets, count, x->parts[0], places, out);
}

static enum status search_split(const struct call *c, struct eval *e, const struct elements *x, const uint8_t *hold,
                                uint32_t count, bool reverse, struct vector **out)
{
	uint32_t *outer = array_room(e, count + 1), *inner = array_room(e, x->total + 1), n = 0;
	for (uint32_t i = 0; i < count; i++) {
		for (uint32_t k = x->offsets[i]; k < x->offsets[i + 1]; k++) {
			bool cut = k == x->offsets[i] || (reverse ? hold[k - 1] : hold[k]);
			if (cut)
				inner[n++] = k;
		}
		outer[i + 1] = n;
	}
	inner[n] = x->total;
	struct call middle = {.result = c->result->children[0]};
	struct vector *list;
	TRY(array_make(&middle, e, inner, n, vector_ref(x->parts[0]), &list));
	return array_make(c, e, outer, count, list, out);
}

/* The element found, else the default or NULL. */
static enum status search_element(const struct call *c, struct eval *e, const struct elements *x, const uint8_t *hold,
                                  uint32_t count, bool last, struct vector **out)
{
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t at = find_one(hold, x->offsets[i], x->offsets[i + 1], last);
		s = at == x->offsets[i + 1] ? builder_default(b, e->err) : builder_row(b, x->parts[0], at, e->err);
	}
	return builder_close(b, s, out, e->err);
}

static enum status exec_search(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	const enum search *what = c->state;
	struct elements x;
	struct vector *conditions = NULL;
	uint8_t *hold = NULL;
	TRY(elements_open(c, e, args, has_lambda(c), count, &x));
	enum status s = elements_apply(c, e, &x, &conditions);
	if (s == OK)
		s = array_conditions(e, conditions, x.total, &hold);
	if (s == OK)
		switch (*what) {
		case SEARCH_FILTER:
			s = search_filter(c, e, &x, hold, count, out);
			break;
		case SEARCH_FILL:
		case SEARCH_REVERSE_FILL:
			s = search_fill(c, e, &x, hold, count, *what == SEARCH_REVERSE_FILL, out);
			break;
		case SEARCH_SPLIT:
		case SEARCH_REVERSE_SPLIT:
			s = search_split(c, e, &x, hold, count, *what == SEARCH_REVERSE_SPLIT, out);
			break;
		case SEARCH_FIRST:
		case SEARCH_LAST:
			s = search_element(c, e, &x, hold, count, *what == SEARCH_LAST, out);
			break;
		default:
			s = call_result(c, e, count, out);
			if (s == OK)
				s = search_numbers(*what, &x, hold, count, *out);
		}
	vector_unref(conditions);
	elements_close(&x);
	return s;
}

/* ---- sums ---- */

enum fold { FOLD_SUM, FOLD_AVG, FOLD_PRODUCT, FOLD_MIN, FOLD_MAX, FOLD_CUM_SUM, FOLD_CUM_SUM_NON_NEGATIVE,
           FOLD_DIFFERENCE };

static const struct {
	const char *name;
	enum fold fold;
} folds[] = {
	{"arraySum", FOLD_SUM}, {"arrayAvg", FOLD_AVG}, {"arrayProduct", FOLD_PRODUCT}, {"arrayMin", FOLD_MIN},
	{"arrayMax", FOLD_MAX}, {"arrayCumSum", FOLD_CUM_SUM}, {"arrayCumSumNonNegative", FOLD_CUM_SUM_NON_NEGATIVE},
	{"arrayDifference", FOLD_DIFFERENCE},
};

struct folding {
	enum fold fold;
	const struct type *wide;   /* what elements are cast to first */
	const struct type *narrow; /* what a list's elements are cast to last, or NULL */
};

static enum status bind_fold(struct bind_env *env, struct call *c)
{
	struct folding *f = ARENA_NEW(env->arena, struct folding);
	const struct type *t;
	for (size_t i = 0; i < ARRAY_COUNT(folds); i++)
		if (strcmp(folds[i].name, c->function->name) == 0)
			f->fold = folds[i].fold;
	if (call_literal_null(env, c, 0))
		return OK;
	TRY(array_bind_lambda(env, c, &t));
	c->state = f;
	if (f->fold == FOLD_MIN || f->fold == FOLD_MAX) {
		c->result = type_not_nullable(env->arena, t);
		return OK;
	}
	if (!type_is_number(t) || t->id == TYPE_NUMERIC)
		return call_bad_type(env, c, has_lambda(c));
	bool to_float = f->fold == FOLD_AVG || f->fold == FOLD_PRODUCT || type_is_float(t);
	bool difference = f->fold == FOLD_DIFFERENCE;
	if (to_float)
		f->wide = type_simple(TYPE_FLOAT64);
	else if (type_is_decimal(t))
		f->wide = type_decimal(env->arena, 38, t->scale);
	else
		f->wide = type_simple(type_is_signed(t) || difference ? TYPE_INT64 : TYPE_UINT64);
	if (difference && type_is_decimal(t))
		f->narrow = t;
	/* a difference needs a bit more than its operands */
	if (difference && type_is_integer(t) && physical_size(type_physical(t)) < 4)
		f->narrow = type_simple(physical_size(type_physical(t)) == 1 ? TYPE_INT16 : TYPE_INT32);
	bool list = f->fold >= FOLD_CUM_SUM;
	c->result = list ? type_array(env->arena, f->narrow != NULL ? f->narrow : f->wide) : f->wide;
	return OK;
}

static void fold_f64(enum fold fold, const double *from, uint32_t n, double *to)
{
	double sum = fold == FOLD_PRODUCT ? 1 : 0;
	for (uint32_t k = 0; k < n; k++)
		sum = fold == FOLD_PRODUCT ? sum * from[k] : sum + from[k];
	*to = fold == FOLD_AVG ? sum / (double)n : sum;
}

static void run_f64(enum fold fold, const double *from, uint32_t n, double *to)
{
	double sum = 0;
	for (uint32_t k = 0; k < n; k++) {
		sum += from[k];
		if (fold == FOLD_CUM_SUM_NON_NEGATIVE && sum < 0)
			sum = 0;
		to[k] = fold == FOLD_DIFFERENCE ? (k == 0 ? 0 : from[k] - from[k - 1]) : sum;
	}
}

static void run_u64(enum fold fold, bool is_signed, const uint64_t *from, uint32_t n, uint64_t *to)
{
	uint64_t sum = 0;
	for (uint32_t k = 0; k < n; k++) {
		sum += from[k];
		if (fold == FOLD_CUM_SUM_NON_NEGATIVE && is_signed && (int64_t)sum < 0)
			sum = 0;
		to[k] = fold == FOLD_DIFFERENCE ? (k == 0 ? 0 : from[k] - from[k - 1]) : sum;
	}
}

static void run_u128(enum fold fold, const u128 *from, uint32_t n, u128 *to)
{
	u128 sum = 0;
	for (uint32_t k = 0; k < n; k++) {
		sum += from[k];
		if (fold == FOLD_CUM_SUM_NON_NEGATIVE && (i128)sum < 0)
			sum = 0;
		to[k] = fold == FOLD_DIFFERENCE ? (k == 0 ? 0 : from[k] - from[k - 1]) : sum;
	}
}

static enum status fold_lists(const struct call *c, struct eval *e, const struct folding *f, const struct elements *x,
                              const struct vector *wide, uint32_t count, struct vector **out)
{
	struct vector *made;
	TRY(vector_new(e->track, f->wide, x->total, &made, e->err));
	for (uint32_t i = 0; i < count; i++) {
		uint32_t from = x->offsets[i], n = x->offsets[i + 1] - from;
		if (type_is_float(f->wide))
			run_f64(f->fold, (const double *)wide->data + from, n, (double *)made->data + from);
		else if (type_is_decimal(f->wide))
			run_u128(f->fold, (const u128 *)wide->data + from, n, (u128 *)made->data + from);
		else
			run_u64(f->fold, type_is_signed(f->wide), (const uint64_t *)wide->data + from, n, (uint64_t *)made->data + from);
	}
	struct vector *narrow = made;
	if (f->narrow != NULL) {
		enum status s = cast_vector(e, e->scratch, made, f->narrow, CAST_CH, &narrow);
		vector_unref(made);
		TRY(s);
	}
	return array_make(c, e, x->offsets, count, narrow, out);
}

static enum status fold_numbers(const struct call *c, struct eval *e, const struct folding *f, const struct elements *x,
                                const struct vector *wide, uint32_t count, struct vector **out)
{
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		uint32_t from = x->offsets[i], n = x->offsets[i + 1] - from;
		if (type_is_float(f->wide)) {
			fold_f64(f->fold, (const double *)wide->data + from, n, (double *)(*out)->data + i);
		} else if (type_is_decimal(f->wide)) {
			u128 sum = 0;
			for (uint32_t k = 0; k < n; k++)
				sum += ((const u128 *)wide->data)[from + k];
			((u128 *)(*out)->data)[i] = sum;
		} else {
			uint64_t sum = 0;
			for (uint32_t k = 0; k < n; k++)
				sum += ((const uint64_t *)wide->data)[from + k];
			((uint64_t *)(*out)->data)[i] = sum;
		}
	}
	return OK;
}

static enum status fold_extreme(const struct call *c, struct eval *e, bool max, const struct elements *x,
                                const struct vector *values, uint32_t count, struct vector **out)
{
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		uint32_t best = UINT32_MAX;
		for (uint32_t k = x->offsets[i]; k < x->offsets[i + 1]; k++) {
			if (vector_is_null(values, k))
				continue;
			int order = best == UINT32_MAX ? 1 : vector_compare_rows(values, k, values, best);
			if (best == UINT32_MAX || (max ? order > 0 : order < 0))
				best = k;
		}
		s = best == UINT32_MAX ? builder_default(b, e->err) : builder_row(b, values, best, e->err);
	}
	return builder_close(b, s, out, e->err);
}

static enum status exec_fold(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const struct folding *f = c->state;
	struct elements x;
	struct vector *values = NULL, *wide = NULL, *flat = NULL;
	TRY(elements_open(c, e, args, has_lambda(c), count, &x));
	enum status s = elements_apply(c, e, &x, &values);
	if (s == OK && f->wide != NULL)
		s = cast_vector(e, e->scratch, values, f->wide, CAST_CH, &wide);
	if (s == OK && wide != NULL)
		s = vector_flatten(e->track, wide, &flat, e->err);
	if (s == OK && f->wide == NULL)
		s = fold_extreme(c, e, f->fold == FOLD_MAX, &x, values, count, out);
	else if (s == OK && f->fold >= FOLD_CUM_SUM)
		s = fold_lists(c, e, f, &x, flat, count, out);
	else if (s == OK)
		s = fold_numbers(c, e, f, &x, flat, count, out);
	vector_unref(values);
	vector_unref(wide);
	vector_unref(flat);
	elements_close(&x);
	return s;
}

/* ---- sorting ---- */

struct order {
	const struct vector *keys;
	bool reverse;
};

static bool is_last(const struct vector *v, uint32_t i)
{
	if (vector_is_null(v, i))
		return true;
	if (v->type->id == TYPE_FLOAT64)
		return ((const double *)v->data)[i] != ((const double *)v->data)[i];
	return v->type->id == TYPE_FLOAT32 && ((const float *)v->data)[i] != ((const float *)v->data)[i];
}

static bool goes_before(const struct order *o, uint32_t a, uint32_t b)
{
	bool a_last = is_last(o->keys, a), b_last = is_last(o->keys, b);
	if (a_last != b_last)
		return b_last;
	int order = vector_compare_rows(o->keys, a, o->keys, b);
	if (o->reverse && !a_last)
		order = -order;
	return order != 0 ? order < 0 : a < b;
}

#define SORT_NAME sort_places
#define SORT_TYPE uint32_t
#define SORT_CONTEXT const struct order *
#define SORT_LESS(a, b) goes_before(context, *(a), *(b))
#include "base/sort.h"

static enum status bind_sort(struct bind_env *env, struct call *c)
{
	const struct type *key;
	bool partial = str_find(str_of(c->function->name), STR("Partial")) >= 0;
	uint32_t limit = c->arg_count != 0 && c->arg_types[0]->id == TYPE_LAMBDA;
	for (uint32_t i = 0; i < c->arg_count; i++)
		if (call_literal_null(env, c, i))
			return OK;
	TRY(array_bind_lambda_after(env, c, partial, &key));
	if (partial && !type_is_integer(c->arg_types[limit]))
		return call_bad_type(env, c, limit);
	c->result = c->arg_types[limit + partial];
	return OK;
}

/* A partial sort promises the order of the first n elements; sorting all keeps the promise. */
static enum status exec_sort(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	struct elements x;
	struct vector *keys = NULL;
	struct str name = str_of(c->function->name);
	TRY(elements_open(c, e, args, has_lambda(c) + (str_find(name, STR("Partial")) >= 0), count, &x));
	enum status s = elements_apply(c, e, &x, &keys);
	if (s == OK) {
		struct order o = {keys, str_find(name, STR("Reverse")) >= 0};
		uint32_t *places = array_room(e, x.total);
		for (uint32_t k = 0; k < x.total; k++)
			places[k] = k;
		for (uint32_t i = 0; i < count; i++)
			sort_places(places + x.offsets[i], x.offsets[i + 1] - x.offsets[i], &o);
		s = array_pick(c, e, x.offsets, count, x.parts[0], places, out);
	}
	vector_unref(keys);
	elements_close(&x);
	return s;
}

#define LAMBDA(row_name, row_bind, row_exec, text, sample, answer) \
	{.name = row_name, .flags = FUNCTION_CH | FUNCTION_NO_DICT, .nulls = FUNCTION_NULL_CUSTOM, .bind = row_bind, \
	 .exec = row_exec, .description = text, .example = sample, .example_result = answer}

static const struct function rows[] = {
	LAMBDA("arrayMap", bind_map, exec_map, "A lambda's result for each element.", "arrayMap(x -> x * 2, [1, 2])", "[2,4]"),
	LAMBDA("arrayFilter", bind_search, exec_search, "The elements for which a lambda holds.",
	       "arrayFilter(x -> x > 1, [1, 2, 3])", "[2,3]"),
	LAMBDA("arrayExists", bind_search, exec_search, "Whether a lambda holds for some element.",
	       "arrayExists(x -> x > 1, [1, 2])", "1"),
	LAMBDA("arrayAll", bind_search, exec_search, "Whether a lambda holds for all elements.",
	       "arrayAll(x -> x > 1, [1, 2])", "0"),
	LAMBDA("arrayCount", bind_search, exec_search, "For how many elements a lambda holds.",
	       "arrayCount(x -> x > 1, [1, 2, 3])", "2"),
	LAMBDA("arrayFirst", bind_search, exec_search, "The first element for which a lambda holds.",
	       "arrayFirst(x -> x > 1, [1, 2, 3])", "2"),
	LAMBDA("arrayFirstOrNull", bind_search, exec_search, "arrayFirst(), NULL where there is none.",
	       "arrayFirstOrNull(x -> x > 9, [1, 2])", "\\N"),
	LAMBDA("arrayLast", bind_search, exec_search, "The last element for which a lambda holds.",
	       "arrayLast(x -> x > 1, [1, 2, 3])", "3"),
	LAMBDA("arrayLastOrNull", bind_search, exec_search, "arrayLast(), NULL where there is none.",
	       "arrayLastOrNull(x -> x > 9, [1, 2])", "\\N"),
	LAMBDA("arrayFirstIndex", bind_search, exec_search,
	       "The place, from 1, of the first element for which a lambda holds.",
	       "arrayFirstIndex(x -> x > 1, [1, 2, 3])", "2"),
	LAMBDA("arrayLastIndex", bind_search, exec_search, "The place of the last element for which a lambda holds.",
	       "arrayLastIndex(x -> x > 1, [1, 2, 3])", "3"),
	LAMBDA("arraySplit", bind_search, exec_search, "Cut before each element for which a lambda holds.",
	       "arraySplit(x -> x = 2, [1, 2, 3])", "[[1],[2,3]]"),
	LAMBDA("arrayReverseSplit", bind_search, exec_search, "Cut behind each element for which a lambda holds.",
	       "arrayReverseSplit(x -> x = 2, [1, 2, 3])", "[[1,2],[3]]"),
	LAMBDA("arrayFill", bind_search, exec_search, "Elements for which a lambda does not hold become the one before.",
	       "arrayFill(x -> x > 0, [1, 0, 2])", "[1,1,2]"),
	LAMBDA("arrayReverseFill", bind_search, exec_search,
	       "Elements for which a lambda does not hold become the one behind.",
	       "arrayReverseFill(x -> x > 0, [1, 0, 2])", "[1,2,2]"),
	LAMBDA("arraySum", bind_fold, exec_fold, "The sum of the elements.", "arraySum([1, 2, 3])", "6"),
	LAMBDA("arrayAvg", bind_fold, exec_fold, "The mean of the elements.", "arrayAvg([1, 2])", "1.5"),
	LAMBDA("arrayProduct", bind_fold, exec_fold, "The product of the elements.", "arrayProduct([2, 3])", "6"),
	LAMBDA("arrayMin", bind_fold, exec_fold, "The least element.", "arrayMin([2, 1])", "1"),
	LAMBDA("arrayMax", bind_fold, exec_fold, "The greatest element.", "arrayMax([2, 1])", "2"),
	LAMBDA("arrayCumSum", bind_fold, exec_fold, "The running sums.", "arrayCumSum([1, 2, 3])", "[1,3,6]"),
	LAMBDA("arrayCumSumNonNegative", bind_fold, exec_fold, "The running sums, never below 0.",
	       "arrayCumSumNonNegative([1, -5, 3])", "[1,0,3]"),
	LAMBDA("arrayDifference", bind_fold, exec_fold, "The differences from the element before.",
	       "arrayDifference([1, 4, 9])", "[0,3,5]"),
	LAMBDA("arraySort", bind_sort, exec_sort, "Ascending, by a lambda's key if given; NULL and NaN last.",
	       "arraySort([3, 1, 2])", "[1,2,3]"),
	LAMBDA("arrayReverseSort", bind_sort, exec_sort, "Descending, by a lambda's key if given; NULL and NaN last.",
	       "arrayReverseSort([3, 1, 2])", "[3,2,1]"),
	LAMBDA("arrayPartialSort", bind_sort, exec_sort, "The n first in ascending order, the others behind them.",
	       "arraySlice(arrayPartialSort(2, [3, 1, 2]), 1, 2)", "[1,2]"),
	LAMBDA("arrayPartialReverseSort", bind_sort, exec_sort, "The n first in descending order, the others behind them.",
	       "arraySlice(arrayPartialReverseSort(2, [3, 1, 2]), 1, 2)", "[3,2]"),
};

FUNCTION_FAMILY(array_lambda, "Arrays and lambdas");
