// SPDX-License-Identifier: Apache-2.0
/*
 * Functions that look at the rows before and behind in the block: runningDifference, neighbor, runningAccumulate. A
 * query has to ask for them by a setting, as in ClickHouse, since where blocks begin is not its business.
 */
#include "func/aggregate_impl.h"
#include "func/select_rows.h"
#include "func/str_impl.h"
#include "func/subcall.h"

static enum status allowed(struct bind_env *env, const struct call *c)
{
	const struct eval_services *services = env->session->services;
	struct str value = STR("");
	if (services == NULL || services->setting == NULL)
		return OK;
	TRY(services->setting(env->session->services_arg, STR("allow_deprecated_error_prone_window_functions"), env->arena,
	                      &value, env->err));
	if (str_eq(value, STR("1")) || str_eq(value, STR("true")))
		return OK;
	return ERR(env->err, E_DEPRECATED_FUNCTION, "Function %.*s is deprecated since its usage is error-prone. Please use "
	           "a proper window function or set `allow_deprecated_error_prone_window_functions` to allow it",
	           STR_ARG(c->name));
}

/* ---- runningDifference, runningDifferenceStartingWithFirstValue ---- */

struct difference {
	struct subcall *minus;
	struct call cast; /* of the first value to the result; exec NULL: none */
	bool first;
};

/* For each row its last row before it that is not NULL; itself where there is none. */
static uint32_t *rows_before(struct eval *e, const struct vector *v, uint32_t count)
{
	uint32_t *before = ARENA_ARRAY(e->scratch, uint32_t, count + 1), last = UINT32_MAX;
	for (uint32_t i = 0; i < count; i++) {
		before[i] = last == UINT32_MAX ? i : last;
		if (!vector_is_null(v, i))
			last = i;
	}
	return before;
}

static enum status exec_difference(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	const struct difference *d = c->state;
	struct vector *all = NULL, *flat = NULL, *before = NULL, *made = NULL, *start = NULL;
	if (args[0]->form == VECTOR_CONST)
		TRY(eval_repeat(e, args[0], count, &all));
	else
		all = vector_ref(args[0]);
	enum status s = vector_flatten(e->track, all, &flat, e->err);
	vector_unref(all);
	if (s == OK)
		s = vector_gather(e->track, flat, rows_before(e, flat, count), count, &before, e->err);
	if (s == OK)
		s = subcall_run(d->minus, e, (const struct vector *[]){flat, before}, count, &made);
	if (s == OK && d->first && count != 0 && !vector_is_null(flat, 0)) {
		uint32_t first = 0;
		while (first < count && vector_is_null(flat, first))
			first++;
		s = call_run(&d->cast, e, (const struct vector *const *)&flat, count, &start);
		struct vector *laid = NULL, *head = NULL;
		if (s == OK)
			s = vector_flatten(e->track, made, &laid, e->err);
		if (s == OK)
			s = vector_flatten(e->track, start, &head, e->err);
		size_t width = physical_size(type_physical(c->result));
		if (s == OK) /* the difference's values are ours alone */
			memcpy((char *)laid->data + first * width, (const char *)head->data + first * width, width);
		vector_unref(head);
		vector_unref(made);
		made = laid;
	}
	vector_unref(start);
	vector_unref(before);
	vector_unref(flat);
	if (s != OK)
		vector_unref(made);
	*out = s == OK ? made : NULL;
	return s;
}

static enum status bind_difference(struct bind_env *env, struct call *c)
{
	const struct type *t = type_low_cardinality(env->arena, c->arg_types[0], false);
	const struct type *plain = type_not_nullable(env->arena, t);
	struct difference *d = ARENA_NEW(env->arena, struct difference);
	TRY(allowed(env, c));
	bool known = (type_is_number(plain) && physical_size(type_physical(plain)) <= 8 && !type_is_decimal(plain)) ||
	             plain->id == TYPE_DATE || plain->id == TYPE_DATETIME;
	if (!known)
		return call_bad_type(env, c, 0);
	c->arg_types[0] = t;
	TRY(subcall_bind(env, STR("minus"), (const struct type *[]){t, t}, NULL, 2, &d->minus));
	d->first = strcmp(c->function->name, "runningDifference") != 0;
	c->result = d->minus->call.result;
	if (d->first) {
		d->cast = (struct call){.arg_count = 1, .arg_types = ARENA_ARRAY(env->arena, const struct type *, 1)};
		d->cast.arg_types[0] = t;
		TRY(cast_bind(env, t, c->result, CAST_CH, &d->cast));
	}
	c->state = d;
	return OK;
}

/* ---- neighbor(x, offset[, default]) ---- */

static enum status exec_neighbor(const struct call *c, struct eval *e, const struct vector *const *args,
                                 uint32_t count, struct vector **out)
{
	const int64_t *offsets = args[1]->data;
	size_t step = args[1]->form != VECTOR_CONST;
	struct vector *otherwise = NULL;
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	if (c->arg_count > 2)
		otherwise = vector_ref(args[2]);
	else
		s = vector_default_constant(e->track, c->result, 1, &otherwise, e->err);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		int64_t at = offsets[i * step], to;
		bool outside = __builtin_add_overflow((int64_t)i, at, &to) || to < 0 || to >= count;
		s = builder_row(b, outside ? otherwise : args[0], outside ? (c->arg_count > 2 ? i : 0) : (uint32_t)to, e->err);
	}
	if (s == OK)
		s = builder_finish(b, out, e->err);
	vector_unref(otherwise);
	builder_free(b);
	return s;
}

static enum status bind_neighbor(struct bind_env *env, struct call *c)
{
	TRY(allowed(env, c));
	c->result = type_low_cardinality(env->arena, c->arg_types[0], false);
	if (c->arg_count > 2) {
		const struct type *types[2] = {c->result, c->arg_types[2]};
		TRY(call_common_type(env, types, 2, &c->result));
		c->arg_types[2] = c->result;
	}
	c->arg_types[0] = c->result;
	c->arg_types[1] = type_simple(TYPE_INT64);
	return OK;
}

/* ---- runningAccumulate(state[, group]) ---- */

static enum status accumulate(const struct aggregator *a, struct eval *e, char *state, char *one, struct str bytes,
                              struct builder *to)
{
	size_t used;
	memset(one, 0, a->state_size);
	agg_init(a, one);
	enum status s = bytes.size == 0 ? OK : a->ops->read(a, e, one, bytes, &used);
	if (s == OK)
		s = a->ops->merge(a, e, &state, 0, &one, 0, 1);
	agg_destroy(a, one, e->track);
	if (s == OK)
		s = a->ops->finish(a, e, &state, 0, 1, to);
	return s;
}

static enum status exec_accumulate(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	const struct aggregator *a = c->state;
	struct str_arg states = str_arg(args[0]);
	char *state = arena_alloc(e->scratch, a->state_size), *one = arena_alloc(e->scratch, a->state_size);
	struct builder *b;
	TRY(builder_new(e->track, c->result, &b, e->err));
	enum status s = OK;
	bool open = false;
	for (uint32_t i = 0; i < count && s == OK; i++) {
		bool begins = !open || (c->arg_count > 1 && vector_compare_rows(args[1], i, args[1], i - 1) != 0);
		if (begins) {
			if (open)
				agg_destroy(a, state, e->track);
			memset(state, 0, a->state_size);
			agg_init(a, state);
			open = true;
		}
		s = accumulate(a, e, state, one, str_arg_at(&states, i), b);
	}
	if (open)
		agg_destroy(a, state, e->track);
	return builder_close(b, s, out, e->err);
}

static enum status bind_accumulate(struct bind_env *env, struct call *c)
{
	struct aggregator *a;
	TRY(allowed(env, c));
	if (c->arg_types[0]->id != TYPE_AGGSTATE)
		return call_bad_type(env, c, 0);
	TRY(aggregate_of_type(env, c->arg_types[0], &a));
	c->state = a;
	c->result = a->result;
	return OK;
}

/* ---- runningConcurrency(start, end): how many of the intervals so far are open when this one begins ---- */

static enum status exec_concurrency(const struct call *c, struct eval *e, const struct vector *const *args,
                                    uint32_t count, struct vector **out)
{
	uint32_t *open = ARENA_ARRAY(e->scratch, uint32_t, count + 1), n = 0;
	TRY(call_result(c, e, count, out));
	for (uint32_t i = 0; i < count; i++) {
		uint32_t kept = 0, row = i;
		bool wrong = vector_compare_rows(args[0], row, args[1], row) > 0;
		wrong |= i != 0 && vector_compare_rows(args[0], i - 1, args[0], row) > 0;
		if (wrong) {
			vector_unref(*out);
			*out = NULL;
			return ERR(e->err, E_INCORRECT_DATA, "Incorrect order of events: the start of an interval is behind its end or "
			           "before the start of the interval before it");
		}
		for (uint32_t k = 0; k < n; k++)
			if (vector_compare_rows(args[1], open[k], args[0], row) > 0)
				open[kept++] = open[k];
		n = kept;
		open[n++] = row;
		((uint32_t *)(*out)->data)[i] = n;
	}
	return OK;
}

static enum status bind_concurrency(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	if ((t->id != TYPE_DATE && t->id != TYPE_DATETIME && t->id != TYPE_DATETIME64) || !type_equal(t, c->arg_types[1]))
		return call_bad_type(env, c, 0);
	return OK;
}

#define RUNNING(fname, nulls_, args_, result_, bind_, exec_, what, example_, answer) \
	{.name = fname, .flags = FUNCTION_CH | FUNCTION_NO_DICT, .nulls = nulls_, .volatility = FUNCTION_VOLATILE, \
	 .args = args_, .result = result_, .bind = bind_, .exec = exec_, .description = what, .example = example_, \
	 .example_result = answer}

static const struct function rows[] = {
	RUNNING("runningDifference", FUNCTION_NULL_CUSTOM, "*", NULL, bind_difference, exec_difference,
	        "The difference to the row before in the block.", "runningDifference(5)", "0"),
	RUNNING("runningDifferenceStartingWithFirstValue", FUNCTION_NULL_CUSTOM, "*", NULL, bind_difference, exec_difference,
	        "The same, the first value being itself.", "runningDifferenceStartingWithFirstValue(5)", "5"),
	RUNNING("neighbor", FUNCTION_NULL_CUSTOM, "*I*?", NULL, bind_neighbor, exec_neighbor,
	        "The value so many rows on in the block, or a default.", "neighbor(5, 1, 7)", "7"),
	RUNNING("runningAccumulate", FUNCTION_NULL_CUSTOM, "**?", NULL, bind_accumulate, exec_accumulate,
	        "The results of states, each merged with those before.",
	        "runningAccumulate(initializeAggregation('sumState', 5))", "5"),
	RUNNING("runningConcurrency", FUNCTION_NULL_DEFAULT, "EE", "UInt32", bind_concurrency, exec_concurrency,
	        "How many intervals are open where one begins.",
	        "runningConcurrency(toDate('2024-01-01'), toDate('2024-01-03'))", "1"),
};

FUNCTION_FAMILY(running, "Rows of the block");
