// SPDX-License-Identifier: Apache-2.0
/* Arrays to one value: aggregates over their elements, folding by a lambda; states to their results. */
#include <assert.h>

#include "func/aggregate_impl.h"
#include "func/array_impl.h"

static bool named(const struct call *c, const char *name)
{
	return strcmp(c->function->name, name) == 0;
}

/* ---- states in a row, for a batch ---- */

struct states {
	const struct aggregator *a;
	uint32_t count;
	char *memory;
	char **at;
};

static void states_open(struct states *s, const struct aggregator *a, struct eval *e, uint32_t count)
{
	*s = (struct states){a, count, arena_alloc(e->scratch, ((size_t)count + 1) * a->state_size),
	                     ARENA_ARRAY(e->scratch, char *, (size_t)count + 1)};
	for (uint32_t i = 0; i < count; i++) {
		s->at[i] = s->memory + (size_t)i * a->state_size;
		agg_init(a, s->at[i]);
	}
}

static void states_close(struct states *s, struct eval *e)
{
	for (uint32_t i = 0; i < s->count; i++)
		agg_destroy(s->a, s->at[i], e->track);
}

static enum status states_finish(struct states *s, struct eval *e, const struct type *result, struct vector **out)
{
	struct builder *b;
	TRY(builder_new(e->track, result, &b, e->err));
	enum status status = s->count == 0 ? OK : s->a->ops->finish(s->a, e, s->at, 0, s->count, b);
	return builder_close(b, status, out, e->err);
}

/* ---- arrayReduce, arrayReduceInRanges ---- */

static enum status bind_reduce(struct bind_env *env, struct call *c)
{
	bool ranges = named(c, "arrayReduceInRanges");
	uint32_t first = 1 + ranges, n = c->arg_count - first, param_count;
	struct str text, name;
	const struct vector **params;
	struct aggregator *a;
	if (c->arg_count <= first)
		return call_bad_count(env, c, ranges ? "at least 3" : "at least 2");
	if (!call_const_str(c, 0, &text))
		return call_bad_type(env, c, 0);
	const struct type **types = ARENA_ARRAY(env->arena, const struct type *, n);
	for (uint32_t i = 0; i < n; i++) {
		if (c->arg_types[first + i]->id != TYPE_ARRAY)
			return call_bad_type(env, c, first + i);
		types[i] = c->arg_types[first + i]->children[0];
	}
	TRY(agg_parse_name(env, text, &name, &params, &param_count));
	TRY(aggregate_bind(env, name, params, param_count, types, n, false, &a));
	for (uint32_t i = 0; i < n; i++)
		if (!type_equal(a->arg_types[i], types[i]))
			c->arg_types[first + i] = type_array(env->arena, a->arg_types[i]);
	c->result = ranges ? type_array(env->arena, a->result) : a->result;
	c->state = a;
	if (!ranges)
		return OK;
	const struct type *r = c->arg_types[1];
	if (r->id != TYPE_ARRAY || r->children[0]->id != TYPE_TUPLE || r->children[0]->child_count != 2 ||
	    !type_is_integer(r->children[0]->children[0]) || !type_is_integer(r->children[0]->children[1]))
		return call_bad_type(env, c, 1);
	const struct type *pair[2] = {type_simple(TYPE_INT64), type_simple(TYPE_INT64)};
	c->arg_types[1] = type_array(env->arena, type_tuple(env->arena, pair, NULL, 2));
	return OK;
}

static enum status exec_reduce(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	const struct aggregator *a = c->state;
	struct elements x;
	struct states states;
	TRY(elements_open(c, e, args, 1, count, &x));
	states_open(&states, a, e, count);
	char **of_row = ARENA_ARRAY(e->scratch, char *, x.total + 1);
	for (uint32_t k = 0; k < x.total; k++)
		of_row[k] = states.at[x.row_of[k]];
	enum status s = OK;
	if (x.total != 0)
		s = a->ops->add(a, e, of_row, 0, (const struct vector *const *)x.parts, NULL, x.total);
	if (s == OK)
		s = states_finish(&states, e, c->result, out);
	states_close(&states, e);
	elements_close(&x);
	return s;
}

/* The elements [*from, *to) of an array of n that a range names. */
static void range_of(int64_t index, int64_t length, int64_t n, int64_t *from, int64_t *to)
{
	*from = index > 0 ? index - 1 : index < 0 ? (index < -n ? INT64_MIN / 2 : n + index) : n;
	if (length < 0)
		length = 0;
	*to = length > n - *from ? n : *from + length;
	*from = *from < 0 ? 0 : *from;
}

static enum status exec_reduce_ranges(const struct call *c, struct eval *e, const struct vector *const *args,
                                      uint32_t count, struct vector **out)
{
	const struct aggregator *a = c->state;
	struct elements x;
	struct vector *list, *pairs = NULL, *parts[2] = {NULL, NULL}, *made = NULL;
	struct states states = {.a = a};
	TRY(elements_open(c, e, args, 2, count, &x));
	enum status s = array_flat(e, args[1], count, &list);
	if (s == OK) {
		s = vector_flatten(e->track, list->children[0], &pairs, e->err);
		for (uint32_t k = 0; k < 2 && s == OK; k++)
			s = vector_flatten(e->track, pairs->children[k], &parts[k], e->err);
	}
	if (s == OK) {
		const uint32_t *at = array_offsets(list);
		const int64_t *index = parts[0]->data, *length = parts[1]->data;
		uint32_t *offsets = array_room(e, count + 1);
		states_open(&states, a, e, at[count] - at[0]);
		for (uint32_t i = 0; i < count && s == OK; i++) {
			offsets[i + 1] = at[i + 1] - at[0];
			for (uint32_t k = at[i]; k < at[i + 1] && s == OK; k++) {
				int64_t from, to;
				range_of(index[k], length[k], x.offsets[i + 1] - x.offsets[i], &from, &to);
				if (from >= to)
					continue;
				uint32_t n = (uint32_t)(to - from), *rows = array_room(e, n);
				for (uint32_t m = 0; m < n; m++)
					rows[m] = x.offsets[i] + (uint32_t)from + m;
				s = a->ops->add_one(a, e, states.at[k - at[0]], (const struct vector *const *)x.parts, rows, n);
			}
		}
		if (s == OK)
			s = states_finish(&states, e, c->result->children[0], &made);
		if (s == OK)
			s = array_make(c, e, offsets, count, made, out);
		states_close(&states, e);
	}
	vector_unref(parts[0]);
	vector_unref(parts[1]);
	vector_unref(pairs);
	vector_unref(list);
	elements_close(&x);
	return s;
}

/* ---- finalizeAggregation ---- */

static enum status bind_finalize(struct bind_env *env, struct call *c)
{
	struct aggregator *a;
	if (call_literal_null(env, c, 0))
		return OK;
	if (c->arg_types[0]->id != TYPE_AGGSTATE)
		return call_bad_type(env, c, 0);
	TRY(aggregate_of_type(env, c->arg_types[0], &a));
	c->result = a->result;
	c->state = a;
	return OK;
}

static enum status exec_finalize(const struct call *c, struct eval *e, const struct vector *const *args,
                                 uint32_t count, struct vector **out)
{
	const struct aggregator *a = c->state;
	struct str_arg texts = str_arg(args[0]);
	struct states states;
	enum status s = OK;
	states_open(&states, a, e, count);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct str text = str_arg_at(&texts, i);
		size_t used;
		if (text.size != 0)
			s = a->ops->read(a, e, states.at[i], text, &used);
	}
	if (s == OK)
		s = states_finish(&states, e, c->result, out);
	states_close(&states, e);
	return s;
}

/* ---- arrayFold(lambda, arrays…, start) ---- */

static enum status bind_fold(struct bind_env *env, struct call *c)
{
	uint32_t n = c->arg_count;
	if (n < 3)
		return call_bad_count(env, c, "at least 3");
	if (c->arg_types[0]->id != TYPE_LAMBDA || env->bind_lambda == NULL)
		return call_bad_type(env, c, 0);
	const struct type **params = ARENA_ARRAY(env->arena, const struct type *, n);
	params[0] = c->result = type_low_cardinality(env->arena, c->arg_types[n - 1], false);
	for (uint32_t i = 1; i + 1 < n; i++) {
		if (c->arg_types[i]->id != TYPE_ARRAY)
			return call_bad_type(env, c, i);
		params[i] = c->arg_types[i]->children[0];
	}
	TRY(env->bind_lambda(env, c, 0, params, n - 1));
	const struct type *made = c->lambdas[0]->result;
	if (!type_equal(made, c->result))
		return ERR(env->err, E_TYPE_MISMATCH,
		           "Return type of lambda function must be the same as the accumulator type, inferred return type of lambda: "
		           "%.*s, inferred type of accumulator: %.*s", STR_ARG(type_name(env->arena, made)),
		           STR_ARG(type_name(env->arena, c->result)));
	return OK;
}

struct by_length {
	const uint32_t *offsets;
};
#define SORT_NAME sort_by_length
#define SORT_TYPE uint32_t
#define SORT_CONTEXT const struct by_length *
#define SORT_LESS(a, b) (context->offsets[*(a) + 1] - context->offsets[*(a)] > \
                         context->offsets[*(b) + 1] - context->offsets[*(b)])
#include "base/sort.h"

/*
 * Rows are taken longest array first, so that those with a k-th element are the first `active` ones. What ends before
 * is cut off the accumulator and kept in `done`, from the last rows to the first.
 */
static enum status fold_steps(const struct call *c, struct eval *e, const struct elements *x, const uint32_t *order,
                              uint32_t count, struct vector *acc, struct vector **done, uint32_t *done_count)
{
	uint32_t active = count, n = x->array_count;
	uint32_t *places = array_room(e, count);
	struct vector **params = ARENA_ARRAY(e->scratch, struct vector *, n + 2);
	enum status s = OK;
	for (uint32_t k = 0; s == OK; k++) {
		uint32_t still = active;
		while (still != 0 && x->offsets[order[still - 1] + 1] - x->offsets[order[still - 1]] <= k)
			still--;
		if (still != active) {
			s = vector_slice(e->track, acc, still, active - still, &done[*done_count], e->err);
			*done_count += s == OK;
			if (s == OK && still != 0)
				s = vector_slice(e->track, acc, 0, still, &params[0], e->err);
			vector_unref(acc);
			acc = params[0];
			params[0] = NULL;
			active = still;
		}
		if (s != OK || active == 0)
			break;
		if (e->cancelled != NULL && atomic_load_explicit(e->cancelled, memory_order_relaxed)) {
			s = ERR(e->err, E_CANCELLED, "Query was cancelled");
			break;
		}
		for (uint32_t i = 0; i < active; i++)
			places[i] = x->offsets[order[i]] + k;
		params[0] = acc;
		for (uint32_t m = 0; m < n && s == OK; m++)
			s = vector_gather(e->track, x->parts[m], places, active, &params[m + 1], e->err);
		acc = NULL;
		if (s == OK)
			s = lambda_run(c, 0, e, (const struct vector *const *)params, order, active, &acc);
		for (uint32_t m = 0; m <= n; m++) {
			vector_unref(params[m]);
			params[m] = NULL;
		}
	}
	vector_unref(acc);
	return s;
}

static enum status exec_fold(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	uint32_t *order = array_room(e, count), *back = array_room(e, count), done_count = 0, at = 0;
	struct vector *acc, *all = NULL, **done = ARENA_ARRAY(e->scratch, struct vector *, count + 1);
	struct elements x;
	struct call arrays = {.name = c->name, .arg_count = c->arg_count - 1};
	if (count == 0)
		return vector_empty(e->track, c->result, out, e->err);
	TRY(elements_open(&arrays, e, args, 1, count, &x));
	struct by_length by = {x.offsets};
	for (uint32_t i = 0; i < count; i++)
		order[i] = i;
	sort_by_length(order, count, &by);
	struct vector *start = NULL;
	enum status s = array_flat(e, args[c->arg_count - 1], count, &start);
	if (s == OK)
		s = vector_gather(e->track, start, order, count, &acc, e->err);
	vector_unref(start);
	const uint64_t *skip = e->skip;
	e->skip = NULL;
	if (s == OK)
		s = fold_steps(c, e, &x, order, count, acc, done, &done_count);
	e->skip = skip;
	if (s == OK)
		s = vector_concat(e->track, (const struct vector *const *)done, done_count, c->result, &all, e->err);
	/* the slices came last rows first */
	for (uint32_t k = 0, end = count; k < done_count && s == OK; k++) {
		end -= done[k]->count;
		for (uint32_t i = 0; i < done[k]->count; i++)
			back[order[end + i]] = at++;
	}
	if (s == OK)
		s = vector_gather(e->track, all, back, count, out, e->err);
	for (uint32_t k = 0; k < done_count; k++)
		vector_unref(done[k]);
	vector_unref(all);
	elements_close(&x);
	return s;
}

#define CUSTOM(row_name, pattern, row_bind, row_exec, text, sample, answer) \
	{.name = row_name, .flags = FUNCTION_CH | FUNCTION_NO_DICT, .nulls = FUNCTION_NULL_CUSTOM, .args = pattern, \
	 .bind = row_bind, .exec = row_exec, .description = text, .example = sample, .example_result = answer}

static const struct function rows[] = {
	CUSTOM("arrayReduce", NULL, bind_reduce, exec_reduce, "An aggregate function over the elements.",
	       "arrayReduce('sum', [1, 2, 3])", "6"),
	CUSTOM("arrayReduceInRanges", NULL, bind_reduce, exec_reduce_ranges,
	       "An aggregate function over ranges (start, length) of the elements.",
	       "arrayReduceInRanges('sum', [(1, 2), (2, 2)], [1, 2, 3])", "[3,5]"),
	CUSTOM("arrayFold", NULL, bind_fold, exec_fold, "A lambda over an accumulator and each element in turn.",
	       "arrayFold((acc, x) -> acc + x, [1, 2, 3], toInt64(0))", "6"),
	CUSTOM("finalizeAggregation", "*", bind_finalize, exec_finalize, "The result of an aggregate function's state.",
	       "finalizeAggregation(arrayReduce('sumState', [1, 2]))", "3"),
};

FUNCTION_FAMILY(array_reduce, "Arrays to one value");
