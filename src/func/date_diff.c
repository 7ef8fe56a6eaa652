// SPDX-License-Identifier: Apache-2.0
/* Differences and sums of times: dateDiff, age, addDays … subtractYears. */
#include <assert.h>

#include "func/date_impl.h"
#include "func/subcall.h"

/* ---- dateDiff and age ---- */

struct diff {
	enum interval_unit unit;
	bool complete;                     /* age: only whole units count */
	const struct timezone *from, *to;
	int64_t from_scale, to_scale;      /* ticks in a second */
};

static int64_t relative(enum interval_unit unit, int64_t local, int64_t utc)
{
	struct civil_date d;
	int64_t days = floor_div(local, DAY_SECONDS);
	switch (unit) {
	case UNIT_YEAR:
		return days_to_civil(days).year;
	case UNIT_QUARTER:
		d = days_to_civil(days);
		return (int64_t)d.year * 4 + (d.month - 1) / 3;
	case UNIT_MONTH:
		d = days_to_civil(days);
		return (int64_t)d.year * 12 + d.month;
	case UNIT_WEEK:
		return floor_div(days + 3, 7);
	case UNIT_DAY:
		return days;
	case UNIT_HOUR:
		return floor_div(utc, 3600);
	case UNIT_MINUTE:
		return floor_div(utc, 60);
	default:
		return utc;
	}
}

static int64_t nanoseconds(int64_t seconds, int64_t fraction, int64_t scale)
{
	int64_t r;
	if (__builtin_mul_overflow(seconds, 1000000000, &r))
		return seconds < 0 ? INT64_MIN / 2 : INT64_MAX / 2;
	return r + fraction * (1000000000 / scale);
}

/* Months between two local times, whole ones. */
static int64_t whole_months(int64_t a, int64_t a_fraction, int64_t b, int64_t b_fraction)
{
	int64_t a_days = floor_div(a, DAY_SECONDS), b_days = floor_div(b, DAY_SECONDS);
	struct civil_date x = days_to_civil(a_days), y = days_to_civil(b_days);
	int64_t months = ((int64_t)y.year - x.year) * 12 + y.month - x.month;
	int64_t a_rest = (int64_t)x.day * DAY_SECONDS + (a - a_days * DAY_SECONDS);
	int64_t b_rest = (int64_t)y.day * DAY_SECONDS + (b - b_days * DAY_SECONDS);
	bool before = b_rest < a_rest || (b_rest == a_rest && b_fraction < a_fraction);
	bool after = b_rest > a_rest || (b_rest == a_rest && b_fraction > a_fraction);
	if (months > 0 && before)
		months--;
	else if (months < 0 && after)
		months++;
	return months;
}

static int64_t difference(const struct diff *d, const struct date_chunk *a, const struct date_chunk *b, uint32_t i)
{
	static const int64_t lengths[UNIT_COUNT] = {[UNIT_NANOSECOND] = 1, [UNIT_MICROSECOND] = 1000,
	                                            [UNIT_MILLISECOND] = 1000000,
		[UNIT_SECOND] = 1, [UNIT_MINUTE] = 60, [UNIT_HOUR] = 3600, [UNIT_DAY] = DAY_SECONDS, [UNIT_WEEK] = 7 * DAY_SECONDS};
	if (d->unit < UNIT_SECOND) {
		int64_t x = nanoseconds(a->utc[i], a->fraction[i], d->from_scale),
			y = nanoseconds(b->utc[i], b->fraction[i], d->to_scale);
		return d->complete ? (y - x) / lengths[d->unit] : floor_div(y, lengths[d->unit]) - floor_div(x, lengths[d->unit]);
	}
	if (!d->complete)
		return relative(d->unit, b->local[i], b->utc[i]) - relative(d->unit, a->local[i], a->utc[i]);
	int64_t fa = a->fraction[i] * (1000000000 / d->from_scale), fb = b->fraction[i] * (1000000000 / d->to_scale);
	if (d->unit >= UNIT_MONTH) {
		int64_t months = whole_months(a->local[i], fa, b->local[i], fb);
		return months / (d->unit == UNIT_YEAR ? 12 : d->unit == UNIT_QUARTER ? 3 : 1);
	}
	int64_t seconds = d->unit >= UNIT_DAY ? b->local[i] - a->local[i] : b->utc[i] - a->utc[i];
	if (seconds > 0 && fb < fa)
		seconds--;
	else if (seconds < 0 && fb > fa)
		seconds++;
	return seconds / lengths[d->unit];
}

static enum status exec_diff(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const struct diff *d = c->state;
	struct date_chunk *a = ARENA_NEW(e->scratch, struct date_chunk), *b = ARENA_NEW(e->scratch, struct date_chunk);
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	int64_t *to = v->data;
	for (uint32_t from = 0; from < count; from += DATE_CHUNK) {
		uint32_t n = count - from < DATE_CHUNK ? count - from : DATE_CHUNK;
		date_load(args[1], from, n, d->from, a);
		date_load(args[2], from, n, d->to, b);
		for (uint32_t i = 0; i < n; i++)
			to[from + i] = difference(d, a, b, i);
	}
	*out = v;
	return OK;
}

static enum status time_argument(struct bind_env *env, struct call *c, uint32_t arg, int64_t *scale)
{
	if (type_is_string(c->arg_types[arg]))
		c->arg_types[arg] = type_datetime64(env->arena, 3, NULL);
	if (!type_is_temporal(c->arg_types[arg]))
		return call_bad_type(env, c, arg);
	*scale = c->arg_types[arg]->id == TYPE_DATETIME64 ? (int64_t)pow10_u64(c->arg_types[arg]->scale) : 1;
	return OK;
}

static enum status bind_diff(struct bind_env *env, struct call *c)
{
	struct diff *d = ARENA_NEW(env->arena, struct diff);
	struct str unit;
	if (!call_const_str(c, 0, &unit))
		return call_bad_type(env, c, 0);
	d->unit = date_unit(unit);
	d->complete = c->function->name[0] == 'a';
	if (d->unit == UNIT_NONE)
		return ERR(env->err, E_BAD_ARGUMENTS, "Function %.*s does not support '%.*s' unit", STR_ARG(c->name), STR_ARG(unit));
	TRY(time_argument(env, c, 1, &d->from_scale));
	TRY(time_argument(env, c, 2, &d->to_scale));
	TRY(date_zone(env, c, 1, 3, &d->from));
	TRY(date_zone(env, c, 2, 3, &d->to));
	c->state = d;
	return OK;
}

static enum status exec_time_diff(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	const struct diff *d = c->state;
	struct date_chunk *a = ARENA_NEW(e->scratch, struct date_chunk), *b = ARENA_NEW(e->scratch, struct date_chunk);
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t from = 0; from < count; from += DATE_CHUNK) {
		uint32_t n = count - from < DATE_CHUNK ? count - from : DATE_CHUNK;
		date_load(args[0], from, n, d->from, a);
		date_load(args[1], from, n, d->to, b);
		for (uint32_t i = 0; i < n; i++)
			((int64_t *)v->data)[from + i] = b->utc[i] - a->utc[i];
	}
	*out = v;
	return OK;
}

static enum status bind_time_diff(struct bind_env *env, struct call *c)
{
	struct diff *d = ARENA_NEW(env->arena, struct diff);
	TRY(time_argument(env, c, 0, &d->from_scale));
	TRY(time_argument(env, c, 1, &d->to_scale));
	TRY(date_zone(env, c, 0, 2, &d->from));
	TRY(date_zone(env, c, 1, 2, &d->to));
	c->state = d;
	return OK;
}

/* ---- addDays and its kin: plus and minus with an interval ---- */

struct add {
	struct subcall *sum;
	const struct type *interval;
};

static enum status exec_add(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	const struct add *a = c->state;
	struct vector *interval;
	TRY(vector_retype(args[1], a->interval, &interval, e->err));
	const struct vector *both[2] = {args[0], interval};
	enum status s = subcall_run(a->sum, e, both, count, out);
	vector_unref(interval);
	return s;
}

static enum status bind_add(struct bind_env *env, struct call *c)
{
	struct add *a = ARENA_NEW(env->arena, struct add);
	struct str name = str_of(c->function->name);
	bool plus = str_starts_with(name, STR("add"));
	enum interval_unit unit = date_unit(str_make(name.data + (plus ? 3 : 8), name.size - (plus ? 3 : 8)));
	assert(unit != UNIT_NONE);
	if (type_is_string(c->arg_types[0]))
		c->arg_types[0] = type_datetime64(env->arena, 3, NULL);
	if (type_is_float(c->arg_types[1]) || type_is_integer(c->arg_types[1]) || c->arg_types[1]->id == TYPE_BOOL)
		c->arg_types[1] = type_simple(TYPE_INT64);
	else
		return call_bad_type(env, c, 1);
	a->interval = type_interval(env->arena, unit);
	const struct type *types[2] = {c->arg_types[0], a->interval};
	TRY(subcall_bind(env, plus ? STR("plus") : STR("minus"), types, NULL, 2, &a->sum));
	c->state = a;
	c->result = a->sum->call.result;
	return OK;
}

#define ADD(unit, sum, difference) \
	FUNCTION_ROW("add" unit, NULL, FUNCTION_CH, "**", NULL, bind_add, exec_add, "So many " unit " later.", \
	             "add" unit "(toDateTime64('2024-05-17 13:45:59', 3, 'UTC'), 2)", sum), \
	FUNCTION_ROW("subtract" unit, NULL, FUNCTION_CH, "**", NULL, bind_add, exec_add, "So many " unit " earlier.", \
	             "subtract" unit "(toDateTime64('2024-05-17 13:45:59', 3, 'UTC'), 2)", difference)

static const struct function rows[] = {
	FUNCTION_ROW("dateDiff", "~date_diff ~timestamp_diff ~timestampDiff", CH_NOCASE, "S**S?", "Int64", bind_diff,
	             exec_diff, "How many boundaries of a unit lie between two times.",
	             "dateDiff('month', toDate('2024-01-31'), toDate('2024-02-01'))", "1"),
	FUNCTION_ROW("age", NULL, FUNCTION_CH, "S**S?", "Int64", bind_diff, exec_diff,
	             "How many whole units lie between two times.",
	             "age('month', toDate('2024-01-31'), toDate('2024-02-01'))", "0"),
	FUNCTION_ROW("timeDiff", NULL, FUNCTION_CH, "**", "Int64", bind_time_diff, exec_time_diff,
	             "Seconds between two times.", "timeDiff(toDate('2024-01-01'), toDate('2024-01-02'))", "86400"),
	ADD("Nanoseconds", "2024-05-17 13:45:59.000000002", "2024-05-17 13:45:58.999999998"),
	ADD("Microseconds", "2024-05-17 13:45:59.000002", "2024-05-17 13:45:58.999998"),
	ADD("Milliseconds", "2024-05-17 13:45:59.002", "2024-05-17 13:45:58.998"),
	ADD("Seconds", "2024-05-17 13:46:01.000", "2024-05-17 13:45:57.000"),
	ADD("Minutes", "2024-05-17 13:47:59.000", "2024-05-17 13:43:59.000"),
	ADD("Hours", "2024-05-17 15:45:59.000", "2024-05-17 11:45:59.000"),
	ADD("Days", "2024-05-19 13:45:59.000", "2024-05-15 13:45:59.000"),
	ADD("Weeks", "2024-05-31 13:45:59.000", "2024-05-03 13:45:59.000"),
	ADD("Months", "2024-07-17 13:45:59.000", "2024-03-17 13:45:59.000"),
	ADD("Quarters", "2024-11-17 13:45:59.000", "2023-11-17 13:45:59.000"),
	ADD("Years", "2026-05-17 13:45:59.000", "2022-05-17 13:45:59.000"),
};

FUNCTION_FAMILY(date_diff, "Differences and sums of times");
