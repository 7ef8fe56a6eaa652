// SPDX-License-Identifier: Apache-2.0
/* Intervals of several units: tuples of them, made by adding intervals and added to times; units by name. */
#include "func/compose.h"
#include "func/date_impl.h"

static bool named(const struct call *c, const char *name)
{
	return strcmp(c->function->name, name) == 0;
}

static bool is_interval_tuple(const struct type *t)
{
	if (t->id != TYPE_TUPLE)
		return false;
	for (uint32_t k = 0; k < t->child_count; k++)
		if (t->children[k]->id != TYPE_INTERVAL)
			return false;
	return true;
}

/* addInterval and subtractInterval, also as + and -: another unit is appended, the last one's own is added to it. */
static enum status bind_add(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	bool minus = named(c, "subtractInterval") || named(c, "minus");
	if (t->id != TYPE_INTERVAL && !is_interval_tuple(t))
		return call_bad_type(env, c, 0);
	if (c->arg_types[1]->id != TYPE_INTERVAL)
		return call_bad_type(env, c, 1);
	uint32_t n = t->id == TYPE_TUPLE ? t->child_count : 1;
	struct expr **parts = ARENA_ARRAY(env->arena, struct expr *, n + 2), *x = compose_arg(env, c, 0);
	struct expr *more = compose_arg(env, c, 1);
	if (n == 0)
		return compose_finish(env, c, x);
	for (uint32_t k = 0; k < n; k++) {
		parts[k] = x;
		if (t->id == TYPE_TUPLE)
			TRY(compose_element(env, x, k, &parts[k]));
	}
	if (type_equal(parts[n - 1]->type, more->type)) {
		TRY(compose_call(env, minus ? "minus" : "plus", (struct expr *[]){parts[n - 1], more}, 2, &parts[n - 1]));
	} else {
		if (minus)
			TRY(compose_call(env, "negate", &more, 1, &more));
		parts[n++] = more;
	}
	TRY(compose_call(env, "tuple", parts, n, &x));
	return compose_finish(env, c, x);
}

/* addDate, subDate, addTupleOfIntervals, subtractTupleOfIntervals: + and - of a time and what is named. */
static enum status bind_move(struct bind_env *env, struct call *c)
{
	bool tuple = str_ends_with(str_of(c->function->name), STR("TupleOfIntervals"));
	struct expr *x = compose_arg(env, c, 0), *zone;
	if (tuple ? !is_interval_tuple(c->arg_types[1]) : c->arg_types[1]->id != TYPE_INTERVAL)
		return call_bad_type(env, c, 1);
	if (type_is_string(x->type)) {
		TRY(compose_i64(env, 3, &zone));
		TRY(compose_call(env, "toDateTime64", (struct expr *[]){x, zone}, 2, &x));
	}
	if (!type_is_temporal(x->type))
		return call_bad_type(env, c, 0);
	bool minus = str_starts_with(str_of(c->function->name), STR("sub"));
	TRY(compose_call(env, minus ? "minus" : "plus", (struct expr *[]){x, compose_arg(env, c, 1)}, 2, &x));
	return compose_finish(env, c, x);
}

/* toInterval(n, 'day') */
static enum status bind_to_interval(struct bind_env *env, struct call *c)
{
	struct str unit;
	struct expr *x = compose_arg(env, c, 0);
	if (!call_const_str(c, 1, &unit))
		return call_bad_type(env, c, 1);
	for (enum interval_unit u = UNIT_NANOSECOND; u < UNIT_COUNT; u++) {
		if (!str_eq_nocase(interval_unit_name(u), unit))
			continue;
		struct str name = arena_strf(env->arena, "toInterval%.*s", STR_ARG(interval_unit_name(u)));
		TRY(compose_call(env, name.data, &x, 1, &x));
		return compose_finish(env, c, x);
	}
	return ERR(env->err, E_BAD_ARGUMENTS, "%.*s doesn't look like an interval unit in %.*s", STR_ARG(unit),
	           STR_ARG(c->name));
}

/* toStartOfMillisecond and finer: toStartOfInterval of one unit. */
static enum status bind_start_of(struct bind_env *env, struct call *c)
{
	struct expr *x = compose_arg(env, c, 0), *one;
	if (x->type->id != TYPE_DATETIME64)
		return call_bad_type(env, c, 0);
	const int64_t n = 1;
	enum interval_unit unit = date_unit(str_of(c->function->name + strlen("toStartOf")));
	TRY(compose_constant(env, type_interval(env->arena, unit), &n, sizeof n, &one));
	const struct type *t = x->type;
	TRY(compose_call(env, "toStartOfInterval", (struct expr *[]){x, one}, 2, &x));
	unsigned scale = t->scale > x->type->scale ? t->scale : x->type->scale;
	TRY(expr_cast(env, x, type_datetime64(env->arena, scale, t->tz), CAST_CH, &x));
	return compose_finish(env, c, x);
}

#define ROW(row_name, row_flags, pattern, row_bind, text, sample, answer) \
	FUNCTION_ROW(row_name, NULL, row_flags, pattern, NULL, row_bind, NULL, text, sample, answer)

static const struct function rows[] = {
	ROW("addInterval", FUNCTION_CH, "*V", bind_add, "An interval, or a tuple of them, and another one.",
	    "addInterval(INTERVAL 1 DAY, INTERVAL 1 MONTH)", "(1,1)"),
	ROW("subtractInterval", FUNCTION_CH, "*V", bind_add, "An interval, or a tuple of them, without another one.",
	    "subtractInterval(INTERVAL 1 DAY, INTERVAL 1 MONTH)", "(1,-1)"),
	ROW("plus", FUNCTION_CH, "PV", bind_add, "A tuple of intervals and another one.",
	    "(INTERVAL 1 DAY, INTERVAL 1 YEAR) + INTERVAL 1 MONTH", "(1,1,1)"),
	ROW("minus", FUNCTION_CH, "*V", bind_add, "A tuple of intervals without another one.",
	    "INTERVAL 1 DAY - INTERVAL 1 MONTH", "(1,-1)"),
	ROW("addDate", CH_NOCASE, "*V", bind_move, "A time and an interval.", "addDate(toDate('2024-05-17'), INTERVAL 1 DAY)",
	    "2024-05-18"),
	ROW("subDate", CH_NOCASE, "*V", bind_move, "A time before an interval.",
	    "subDate(toDate('2024-05-17'), INTERVAL 1 DAY)", "2024-05-16"),
	ROW("addTupleOfIntervals", FUNCTION_CH, "*P", bind_move, "A time and a tuple of intervals.",
	    "addTupleOfIntervals(toDate('2024-05-17'), (INTERVAL 1 DAY, INTERVAL 1 MONTH))", "2024-06-18"),
	ROW("subtractTupleOfIntervals", FUNCTION_CH, "*P", bind_move, "A time before a tuple of intervals.",
	    "subtractTupleOfIntervals(toDate('2024-05-17'), (INTERVAL 1 DAY, INTERVAL 1 YEAR))", "2023-05-16"),
	ROW("toInterval", FUNCTION_CH, "*s", bind_to_interval, "An interval of a unit by name.", "toInterval(5, 'day')", "5"),
	ROW("toStartOfMillisecond", FUNCTION_CH, "C", bind_start_of, "Rounded down to a millisecond.",
	    "toStartOfMillisecond(toDateTime64('2024-05-17 13:45:59.1239', 4, 'UTC'))", "2024-05-17 13:45:59.1230"),
	ROW("toStartOfMicrosecond", FUNCTION_CH, "C", bind_start_of, "Rounded down to a microsecond.",
	    "toStartOfMicrosecond(toDateTime64('2024-05-17 13:45:59.5', 1, 'UTC'))", "2024-05-17 13:45:59.500000"),
	ROW("toStartOfNanosecond", FUNCTION_CH, "C", bind_start_of, "Rounded down to a nanosecond.",
	    "toStartOfNanosecond(toDateTime64('2024-05-17 13:45:59.5', 1, 'UTC'))", "2024-05-17 13:45:59.500000000"),
};

FUNCTION_FAMILY(date_interval, "Intervals");
