// SPDX-License-Identifier: Apache-2.0
/*
 * Dates, times and intervals in PostgreSQL's arithmetic. Within the dialect a date is days (Date32), a timestamp
 * microseconds (DateTime64(6)), a time of day microseconds (Time64(6)), an interval a PgInterval; arguments of other
 * precision are cast to these first.
 */
#include <assert.h>
#include <math.h>

#include "func/arith_impl.h"
#include "func/time_add.h"

static const int64_t DAY_US = 86400000000;
/* PostgreSQL's ranges: dates to 5874897-12-31, timestamps to what 64 bits hold, both from 4714-11-24 BC. */
static const int64_t DATE_MIN = -2440588, DATE_MAX = 2145031948;
static const int64_t TIMESTAMP_MIN = -210866803200000000, TIMESTAMP_END = INT64_MAX;

enum kind { KIND_NONE, KIND_DATE, KIND_TIMESTAMP, KIND_TIMESTAMPTZ, KIND_TIME, KIND_INTERVAL, KIND_INTEGER,
           KIND_NUMBER };

static enum kind kind_of(const struct type *t)
{
	switch (t->id) {
	case TYPE_DATE:
	case TYPE_DATE32:
		return KIND_DATE;
	case TYPE_DATETIME:
	case TYPE_DATETIME64:
		return type_face(t) == FACE_TIMESTAMPTZ ? KIND_TIMESTAMPTZ : KIND_TIMESTAMP;
	case TYPE_TIME:
	case TYPE_TIME64:
		return KIND_TIME;
	case TYPE_INTERVAL:
	case TYPE_PGINTERVAL:
		return KIND_INTERVAL;
	default:
		return type_is_integer(t) ? KIND_INTEGER : type_is_number(t) ? KIND_NUMBER : KIND_NONE;
	}
}

/* The type in which a kind is computed. */
static const struct type *type_of_kind(struct arena *a, enum kind k)
{
	switch (k) {
	case KIND_DATE:
		return type_with_face(a, type_simple(TYPE_DATE32), FACE_DATE, -1);
	case KIND_TIMESTAMP:
		return type_with_face(a, type_datetime64(a, 6, timezone_utc()), FACE_TIMESTAMP, -1);
	case KIND_TIMESTAMPTZ:
		return type_with_face(a, type_datetime64(a, 6, timezone_utc()), FACE_TIMESTAMPTZ, -1);
	case KIND_TIME:
		return type_time64(a, 6);
	case KIND_INTERVAL:
		return type_simple(TYPE_PGINTERVAL);
	case KIND_INTEGER:
		return type_simple(TYPE_INT32);
	default:
		return type_simple(TYPE_FLOAT64);
	}
}

/* ---- rows ---- */

union cell {
	int64_t i;
	double f;
	struct pginterval v;
};

static union cell load(const struct operand *o, enum kind k, uint32_t i)
{
	union cell c = {0};
	const char *at = o->data + i * o->step;
	if (k == KIND_INTERVAL)
		c.v = pginterval_at(at, 0);
	else if (k == KIND_NUMBER)
		memcpy(&c.f, at, sizeof c.f);
	else
		kernels()->cast[o->physical][PHYS_I64](&c.i, at, 1);
	return c;
}

static void store(const struct type *t, void *data, uint32_t i, enum kind k, union cell c)
{
	if (k == KIND_INTERVAL)
		pginterval_put(data, i, c.v);
	else
		kernels()->cast[PHYS_I64][type_physical(t)]((char *)data + i * physical_size(type_physical(t)), &c.i, 1);
}

static bool is_infinite(enum kind k, int64_t v)
{
	if (k == KIND_DATE)
		return v == INT32_MIN || v == INT32_MAX;
	return (k == KIND_TIMESTAMP || k == KIND_TIMESTAMPTZ) && (v == INT64_MIN || v == INT64_MAX);
}

static bool out_of_range(enum kind k, int64_t v)
{
	if (k == KIND_DATE)
		return v < DATE_MIN || v > DATE_MAX;
	return v < TIMESTAMP_MIN || v >= TIMESTAMP_END;
}

/* Complaints: NULL when all is well. `tz` is where days and months are counted. */
typedef const char *(*time_fn)(union cell a, union cell b, const struct timezone *tz, union cell *out);

static const char *date_plus_days(union cell a, union cell b, const struct timezone *tz, union cell *out)
{
	out->i = a.i;
	if (is_infinite(KIND_DATE, a.i))
		return NULL;
	out->i += b.i;
	return out_of_range(KIND_DATE, out->i) ? "date out of range" : NULL;
}

static const char *date_minus_days(union cell a, union cell b, const struct timezone *tz, union cell *out)
{
	b.i = -b.i;
	return date_plus_days(a, b, tz, out);
}

static const char *date_minus_date(union cell a, union cell b, const struct timezone *tz, union cell *out)
{
	if (is_infinite(KIND_DATE, a.i) || is_infinite(KIND_DATE, b.i))
		return "cannot subtract infinite dates";
	out->i = a.i - b.i;
	return NULL;
}

static const char *timestamp_plus_interval(union cell a, union cell b, const struct timezone *tz, union cell *out)
{
	out->i = a.i;
	if (is_infinite(KIND_TIMESTAMP, a.i))
		return NULL;
	if (instant_add_pginterval(a.i, b.v, tz, &out->i) || out_of_range(KIND_TIMESTAMP, out->i))
		return "timestamp out of range";
	return NULL;
}

static const char *timestamp_minus_interval(union cell a, union cell b, const struct timezone *tz, union cell *out)
{
	if (pginterval_negate(b.v, &b.v))
		return "interval out of range";
	return timestamp_plus_interval(a, b, tz, out);
}

/* Whole days and the rest, as PostgreSQL shows differences. */
static const char *timestamp_minus_timestamp(union cell a, union cell b, const struct timezone *tz, union cell *out)
{
	int64_t us;
	if (is_infinite(KIND_TIMESTAMP, a.i) || is_infinite(KIND_TIMESTAMP, b.i))
		return "cannot subtract infinite timestamps";
	if (__builtin_sub_overflow(a.i, b.i, &us))
		return "interval out of range";
	out->v = (struct pginterval){.us = us % DAY_US, .days = (int32_t)(us / DAY_US)};
	return NULL;
}

static const char *date_plus_time(union cell a, union cell b, const struct timezone *tz, union cell *out)
{
	out->i = a.i * DAY_US + b.i;
	return out_of_range(KIND_TIMESTAMP, out->i) ? "timestamp out of range" : NULL;
}

static const char *time_plus_interval(union cell a, union cell b, const struct timezone *tz, union cell *out)
{
	out->i = floor_mod(a.i + floor_mod(b.v.us, DAY_US), DAY_US);
	return NULL;
}

static const char *time_minus_interval(union cell a, union cell b, const struct timezone *tz, union cell *out)
{
	out->i = floor_mod(a.i - floor_mod(b.v.us, DAY_US), DAY_US);
	return NULL;
}

static const char *time_minus_time(union cell a, union cell b, const struct timezone *tz, union cell *out)
{
	out->v = (struct pginterval){.us = a.i - b.i};
	return NULL;
}

static const char *interval_plus_interval(union cell a, union cell b, const struct timezone *tz, union cell *out)
{
	return pginterval_add(a.v, b.v, &out->v) ? "interval out of range" : NULL;
}

static const char *interval_minus_interval(union cell a, union cell b, const struct timezone *tz, union cell *out)
{
	if (pginterval_negate(b.v, &b.v))
		return "interval out of range";
	return pginterval_add(a.v, b.v, &out->v) ? "interval out of range" : NULL;
}

static const char *interval_times(union cell a, union cell b, const struct timezone *tz, union cell *out)
{
	return !isfinite(b.f) || pginterval_multiply(a.v, b.f, &out->v) ? "interval out of range" : NULL;
}

static const char *interval_by(union cell a, union cell b, const struct timezone *tz, union cell *out)
{
	if (b.f == 0)
		return "division by zero";
	return pginterval_multiply(a.v, 1 / b.f, &out->v) ? "interval out of range" : NULL;
}

static const struct rule {
	enum arith_op op;
	enum kind a, b, result;
	time_fn fn;
} rules[] = {
	{ARITH_PLUS, KIND_DATE, KIND_INTEGER, KIND_DATE, date_plus_days},
	{ARITH_MINUS, KIND_DATE, KIND_INTEGER, KIND_DATE, date_minus_days},
	{ARITH_MINUS, KIND_DATE, KIND_DATE, KIND_INTEGER, date_minus_date},
	{ARITH_PLUS, KIND_DATE, KIND_TIME, KIND_TIMESTAMP, date_plus_time},
	{ARITH_PLUS, KIND_TIMESTAMP, KIND_INTERVAL, KIND_TIMESTAMP, timestamp_plus_interval},
	{ARITH_MINUS, KIND_TIMESTAMP, KIND_INTERVAL, KIND_TIMESTAMP, timestamp_minus_interval},
	{ARITH_PLUS, KIND_TIMESTAMPTZ, KIND_INTERVAL, KIND_TIMESTAMPTZ, timestamp_plus_interval},
	{ARITH_MINUS, KIND_TIMESTAMPTZ, KIND_INTERVAL, KIND_TIMESTAMPTZ, timestamp_minus_interval},
	{ARITH_MINUS, KIND_TIMESTAMP, KIND_TIMESTAMP, KIND_INTERVAL, timestamp_minus_timestamp},
	{ARITH_MINUS, KIND_TIMESTAMPTZ, KIND_TIMESTAMPTZ, KIND_INTERVAL, timestamp_minus_timestamp},
	{ARITH_PLUS, KIND_TIME, KIND_INTERVAL, KIND_TIME, time_plus_interval},
	{ARITH_MINUS, KIND_TIME, KIND_INTERVAL, KIND_TIME, time_minus_interval},
	{ARITH_MINUS, KIND_TIME, KIND_TIME, KIND_INTERVAL, time_minus_time},
	{ARITH_PLUS, KIND_INTERVAL, KIND_INTERVAL, KIND_INTERVAL, interval_plus_interval},
	{ARITH_MINUS, KIND_INTERVAL, KIND_INTERVAL, KIND_INTERVAL, interval_minus_interval},
	{ARITH_MULTIPLY, KIND_INTERVAL, KIND_NUMBER, KIND_INTERVAL, interval_times},
	{ARITH_DIVIDE, KIND_INTERVAL, KIND_NUMBER, KIND_INTERVAL, interval_by},
};

struct time_rule {
	const struct rule *rule;
	bool swapped;
};

static enum status exec_rule(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const struct time_rule *t = c->state;
	const struct rule *r = t->rule;
	struct operand a = operand_of(args[t->swapped]), b = operand_of(args[!t->swapped]);
	const struct timezone *tz = r->a == KIND_TIMESTAMPTZ ? call_zone(NULL, e->session) : timezone_utc();
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		union cell result = {0};
		const char *complaint = r->fn(load(&a, r->a, i), load(&b, r->b, i), tz, &result);
		if (unlikely(complaint != NULL) && !eval_skips(e, i)) {
			vector_unref(v);
			bool zero = strcmp(complaint, "division by zero") == 0;
			return ERR(e->err, zero ? E_DIVISION_BY_ZERO : E_DATETIME_OVERFLOW, "%s", complaint);
		}
		store(c->result, v->data, i, r->result, result);
	}
	*out = v;
	return OK;
}

/* A date beside an interval or a timestamp counts as its midnight; an integer beside an interval as a number. */
static enum kind adapt(enum kind k, enum kind other, enum arith_op op)
{
	if (k == KIND_DATE && other == KIND_INTERVAL)
		return KIND_TIMESTAMP;
	if (op == ARITH_MINUS && k == KIND_DATE && (other == KIND_TIMESTAMP || other == KIND_TIMESTAMPTZ))
		return other;
	if (op == ARITH_MINUS && k == KIND_TIMESTAMP && other == KIND_TIMESTAMPTZ)
		return KIND_TIMESTAMPTZ;
	if (k == KIND_INTEGER && other == KIND_INTERVAL)
		return KIND_NUMBER;
	return k;
}

bool arith_bind_pg_time(struct bind_env *env, struct call *c, enum arith_op op, enum status *s)
{
	enum kind a = kind_of(c->arg_types[0]), b = kind_of(c->arg_types[1]), x = adapt(a, b, op), y = adapt(b, a, op);
	bool commutes = op == ARITH_PLUS || op == ARITH_MULTIPLY;
	for (size_t i = 0; i < ARRAY_COUNT(rules); i++) {
		const struct rule *r = &rules[i];
		bool straight = r->op == op && r->a == x && r->b == y, swapped = commutes && r->op == op && r->a == y && r->b == x;
		if (!straight && !swapped)
			continue;
		struct time_rule *t = ARENA_NEW(env->arena, struct time_rule);
		*t = (struct time_rule){r, !straight};
		c->arg_types[0] = type_of_kind(env->arena, x);
		c->arg_types[1] = type_of_kind(env->arena, y);
		c->result = type_of_kind(env->arena, r->result);
		c->state = t;
		c->exec = exec_rule;
		*s = OK;
		return true;
	}
	return false;
}
