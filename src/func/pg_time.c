// SPDX-License-Identifier: Apache-2.0
/* PostgreSQL's times: made of fields, moved between zones, compared: make_…(), timezone(), age(), OVERLAPS. */
#include <assert.h>
#include <math.h>

#include "column/pginterval.h"
#include "func/date_impl.h"
#include "func/time_add.h"

static const int64_t SECOND_US = 1000000, DAY_US = 86400000000;

static bool named(const struct call *c, const char *name)
{
	return strcmp(c->function->name, name) == 0;
}

static bool is_untyped(const struct type *t)
{
	return t->id == TYPE_NOTHING || (t->id == TYPE_STRING && t->face == FACE_UNKNOWN);
}

static const struct type *timestamp_type(struct arena *a, bool zoned)
{
	return type_with_face(a, type_datetime64(a, 6, timezone_utc()), zoned ? FACE_TIMESTAMPTZ : FACE_TIMESTAMP, -1);
}

static bool is_date(const struct type *t)
{
	return t->id == TYPE_DATE || t->id == TYPE_DATE32;
}

static bool is_infinite(int64_t us)
{
	return us == INT64_MIN || us == INT64_MAX;
}

static int64_t at(const struct vector *v, uint32_t i)
{
	struct i64_arg a = i64_arg(v);
	return i64_arg_at(&a, i);
}

static double double_at(const struct vector *v, uint32_t i)
{
	return ((const double *)v->data)[v->form == VECTOR_CONST ? 0 : i];
}

static int64_t local_of(const struct timezone *tz, int64_t us)
{
	return us + (int64_t)timezone_offset(tz, floor_div(us, SECOND_US)) * SECOND_US;
}

static int64_t utc_of(const struct timezone *tz, int64_t us)
{
	int64_t s = floor_div(us, SECOND_US);
	return timezone_is_utc(tz) ? us : timezone_to_utc_pg(tz, s) * SECOND_US + (us - s * SECOND_US);
}

/* Rows of a result of microseconds. */
typedef enum status (*us_fn)(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t i,
                             int64_t *us);

static enum status each_us(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                           us_fn fn, struct vector **out)
{
	struct vector *v;
	enum status s = OK;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count && s == OK; i++) {
		int64_t us = 0;
		if (!eval_skips(e, i))
			s = fn(c, e, args, i, &us);
		((int64_t *)v->data)[i] = us;
	}
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

/* ---- made of fields ---- */

static bool clock_us(int64_t hour, int64_t minute, double second, int64_t *us)
{
	if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || !(second >= 0 && second <= 60))
		return false;
	*us = (hour * 3600 + minute * 60) * SECOND_US + (int64_t)rint(second * (double)SECOND_US);
	return *us <= DAY_US;
}

static enum status time_row(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t i,
                            int64_t *us)
{
	int64_t hour = at(args[0], i), minute = at(args[1], i);
	double second = double_at(args[2], i);
	if (clock_us(hour, minute, second, us))
		return OK;
	return ERR(e->err, E_DATETIME_OVERFLOW, "time field value out of range: %lld:%02lld:%02g", (long long)hour,
	           (long long)minute, second);
}

static enum status exec_make_time(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	return each_us(c, e, args, count, time_row, out);
}

static enum status bind_make_time(struct bind_env *env, struct call *c)
{
	c->result = type_time64(env->arena, 6);
	return OK;
}

static enum status moment_row(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t i,
                              int64_t *us)
{
	int64_t year = at(args[0], i), month = at(args[1], i), day = at(args[2], i), hour = at(args[3], i),
		minute = at(args[4], i), days, clock;
	double second = double_at(args[5], i);
	bool good = year != 0 && year >= -4713 && year <= 294276 && month >= 1 && month <= 12 && day >= 1;
	if (good && year < 0)
		year++;
	if (!good || day > civil_days_in_month((int32_t)year, (unsigned)month))
		return ERR(e->err, E_DATETIME_OVERFLOW, "date field value out of range: %lld-%02lld-%02lld",
		           (long long)at(args[0], i), (long long)month, (long long)day);
	if (!clock_us(hour, minute, second, &clock))
		return ERR(e->err, E_DATETIME_OVERFLOW, "time field value out of range: %lld:%02lld:%02g", (long long)hour,
		           (long long)minute, second);
	days = civil_to_days((int32_t)year, (unsigned)month, (unsigned)day);
	if (__builtin_mul_overflow(days, DAY_US, us) || __builtin_add_overflow(*us, clock, us))
		return ERR(e->err, E_DATETIME_OVERFLOW, "timestamp out of range");
	if (named(c, "make_timestamp"))
		return OK;
	const struct timezone *tz = call_zone(NULL, e->session);
	if (c->arg_count > 6) {
		struct str_arg zones = str_arg(args[6]);
		TRY(timezone_find(str_arg_at(&zones, i), &tz, e->err));
	}
	*us = utc_of(tz, *us);
	return OK;
}

static enum status exec_make_moment(const struct call *c, struct eval *e, const struct vector *const *args,
                                    uint32_t count, struct vector **out)
{
	return each_us(c, e, args, count, moment_row, out);
}

static enum status bind_make_moment(struct bind_env *env, struct call *c)
{
	c->result = timestamp_type(env->arena, named(c, "make_timestamptz"));
	return OK;
}

static enum status exec_make_interval(const struct call *c, struct eval *e, const struct vector *const *args,
                                      uint32_t count, struct vector **out)
{
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		int64_t n[6] = {0};
		for (uint32_t k = 0; k < c->arg_count && k < 6; k++)
			n[k] = at(args[k], i);
		double seconds = c->arg_count > 6 ? double_at(args[6], i) : 0;
		int64_t months, days, us, extra;
		bool over = __builtin_mul_overflow(n[0], 12, &months) || __builtin_add_overflow(months, n[1], &months) ||
			__builtin_mul_overflow(n[2], 7, &days) || __builtin_add_overflow(days, n[3], &days) ||
			__builtin_mul_overflow(n[4], 3600 * SECOND_US, &us) || __builtin_mul_overflow(n[5], 60 * SECOND_US, &extra) ||
			__builtin_add_overflow(us, extra, &us) || !(fabs(seconds) < 9e12) ||
			__builtin_add_overflow(us, (int64_t)rint(seconds * (double)SECOND_US), &us) ||
			months != (int32_t)months || days != (int32_t)days;
		if (over && !eval_skips(e, i)) {
			vector_unref(v);
			return ERR(e->err, E_DATETIME_OVERFLOW, "interval out of range");
		}
		pginterval_put(v->data, i, over ? (struct pginterval){0}
		               : (struct pginterval){.us = us, .days = (int32_t)days, .months = (int32_t)months});
	}
	*out = v;
	return OK;
}

static enum status bind_interval(struct bind_env *env, struct call *c)
{
	c->result = type_simple(TYPE_PGINTERVAL);
	if (c->arg_count != 0 && is_untyped(c->arg_types[0]))
		c->arg_types[0] = c->result;
	return OK;
}

/* ---- zones ---- */

static enum status zone_row(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t i,
                            int64_t *us)
{
	const struct timezone *const *constant = c->state, *tz = *constant;
	*us = at(args[1], i);
	if (is_infinite(*us))
		return OK;
	if (tz == NULL && args[0]->type->id == TYPE_PGINTERVAL) {
		struct pginterval v = pginterval_at(args[0]->data, args[0]->form == VECTOR_CONST ? 0 : i);
		if (v.months != 0 || v.days != 0)
			return ERR(e->err, E_INVALID_PARAMETER_VALUE, "interval time zone must not include months or days");
		*us += type_face(c->result) == FACE_TIMESTAMP ? v.us : -v.us;
		return OK;
	}
	if (tz == NULL) {
		struct str_arg zones = str_arg(args[0]);
		TRY(timezone_find(str_arg_at(&zones, i), &tz, e->err));
	}
	*us = type_face(c->result) == FACE_TIMESTAMP ? local_of(tz, *us) : utc_of(tz, *us);
	return OK;
}

static enum status exec_zone(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	return each_us(c, e, args, count, zone_row, out);
}

/* A time without a zone is one of the zone; a time with one is shown in the zone. */
static enum status bind_zone(struct bind_env *env, struct call *c)
{
	const struct timezone **tz = ARENA_NEW(env->arena, const struct timezone *);
	const struct type *t = c->arg_types[1];
	struct str name;
	if (!is_untyped(t) && !type_is_temporal(t))
		return call_bad_type(env, c, 1);
	if (is_untyped(c->arg_types[0]))
		c->arg_types[0] = type_simple(TYPE_STRING);
	if (c->arg_types[0]->id != TYPE_PGINTERVAL && !type_is_string(c->arg_types[0]))
		return call_bad_type(env, c, 0);
	if (type_is_string(c->arg_types[0]) && call_const_str(c, 0, &name))
		TRY(timezone_find(name, tz, env->err));
	bool zoned = is_untyped(t) || is_date(t) || type_face(t) == FACE_TIMESTAMPTZ;
	if (is_untyped(t) || !type_equal(t, timestamp_type(env->arena, zoned)))
		c->arg_types[1] = timestamp_type(env->arena, zoned);
	c->state = tz;
	c->result = timestamp_type(env->arena, !zoned);
	return OK;
}

/* ---- age ---- */

struct fields {
	struct civil_date d;
	int64_t us;
};

static struct fields fields_of(int64_t us)
{
	int64_t days = floor_div(us, DAY_US);
	return (struct fields){days_to_civil(days), us - days * DAY_US};
}

/* The difference in years, months and days: months first, a month borrowed is that of the earlier one. */
static struct pginterval age_of(int64_t later, int64_t earlier)
{
	bool negative = later < earlier;
	struct fields a = fields_of(negative ? earlier : later), b = fields_of(negative ? later : earlier);
	int64_t us = a.us - b.us, days = (int64_t)a.d.day - b.d.day, months = (int64_t)a.d.month - b.d.month,
		years = (int64_t)a.d.year - b.d.year;
	if (us < 0) {
		us += DAY_US;
		days--;
	}
	while (days < 0) {
		days += civil_days_in_month(b.d.year, b.d.month);
		months--;
	}
	while (months < 0) {
		months += 12;
		years--;
	}
	int64_t sign = negative ? -1 : 1;
	return (struct pginterval){.us = us * sign, .days = (int32_t)(days * sign),
		.months = (int32_t)((years * 12 + months) * sign)};
}

static enum status exec_age(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	const struct timezone *tz = c->arg_types[0]->face == FACE_TIMESTAMPTZ ? call_zone(NULL, e->session)
		: timezone_utc();
	const struct eval_session *session = e->session;
	int64_t now_s = floor_div(session->transaction_ns != 0 ? session->transaction_ns : session->now_ns, 1000000000);
	int64_t today = floor_div(now_s + timezone_offset(call_zone(NULL, session), now_s), DAY_SECONDS) * DAY_US;
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		bool both = c->arg_count > 1;
		int64_t a = at(args[0], i), b = both ? at(args[1], i) : a;
		bool infinite = is_infinite(a) || is_infinite(b);
		if (infinite && !eval_skips(e, i)) {
			vector_unref(v);
			return ERR(e->err, E_DATETIME_OVERFLOW, "interval out of range");
		}
		if (!infinite) {
			a = both ? local_of(tz, a) : today;
			b = local_of(tz, b);
		}
		pginterval_put(v->data, i, age_of(a, b));
	}
	*out = v;
	return OK;
}

static enum status bind_age(struct bind_env *env, struct call *c)
{
	bool zoned = false;
	for (uint32_t i = 0; i < c->arg_count; i++) {
		const struct type *t = c->arg_types[i];
		if (!is_untyped(t) && !type_is_temporal(t))
			return call_bad_type(env, c, i);
		zoned |= is_untyped(t) ? c->arg_count == 1 : is_date(t) || type_face(t) == FACE_TIMESTAMPTZ;
	}
	const struct type *to = timestamp_type(env->arena, zoned);
	for (uint32_t i = 0; i < c->arg_count; i++)
		if (is_untyped(c->arg_types[i]) || !type_equal(c->arg_types[i], to))
			c->arg_types[i] = to;
	c->result = type_simple(TYPE_PGINTERVAL);
	return OK;
}

/* ---- date_bin ---- */

static enum status bin_row(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t i,
                           int64_t *us)
{
	struct pginterval v = pginterval_at(args[0]->data, args[0]->form == VECTOR_CONST ? 0 : i);
	int64_t moment = at(args[1], i), origin = at(args[2], i), stride, distance;
	if (is_infinite(origin))
		return ERR(e->err, E_DATETIME_OVERFLOW, "origin out of range");
	*us = moment;
	if (is_infinite(moment))
		return OK;
	if (v.months != 0)
		return ERR(e->err, E_NOT_IMPLEMENTED, "timestamps cannot be binned into intervals containing months or years");
	if (__builtin_mul_overflow((int64_t)v.days, DAY_US, &stride) || __builtin_add_overflow(stride, v.us, &stride))
		return ERR(e->err, E_DATETIME_OVERFLOW, "interval out of range");
	if (stride <= 0)
		return ERR(e->err, E_DATETIME_OVERFLOW, "stride must be greater than zero");
	if (__builtin_sub_overflow(moment, origin, &distance))
		return ERR(e->err, E_DATETIME_OVERFLOW, "interval out of range");
	*us = origin + floor_div(distance, stride) * stride;
	return OK;
}

static enum status exec_bin(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	return each_us(c, e, args, count, bin_row, out);
}

static enum status bind_bin(struct bind_env *env, struct call *c)
{
	bool zoned = false, known = false;
	for (uint32_t i = 1; i < 3; i++) {
		const struct type *t = c->arg_types[i];
		if (!is_untyped(t) && !type_is_temporal(t))
			return call_bad_type(env, c, i);
		known |= !is_untyped(t);
		zoned |= !is_untyped(t) && (type_face(t) == FACE_TIMESTAMPTZ || is_date(t));
	}
	c->result = timestamp_type(env->arena, zoned || !known);
	for (uint32_t i = 1; i < 3; i++)
		if (is_untyped(c->arg_types[i]) || !type_equal(c->arg_types[i], c->result))
			c->arg_types[i] = c->result;
	c->arg_types[0] = type_simple(TYPE_PGINTERVAL);
	return OK;
}

/* ---- intervals ---- */

/* Hours into days, then days into months, all of one sign. */
static bool justify_interval(struct pginterval v, struct pginterval *out)
{
	int64_t days = (int64_t)v.days + v.us / DAY_US, us = v.us % DAY_US, months = v.months + days / 30;
	days %= 30;
	if (months > 0 && (days < 0 || (days == 0 && us < 0))) {
		days += 30;
		months--;
	} else if (months < 0 && (days > 0 || (days == 0 && us > 0))) {
		days -= 30;
		months++;
	}
	if (days > 0 && us < 0) {
		us += DAY_US;
		days--;
	} else if (days < 0 && us > 0) {
		us -= DAY_US;
		days++;
	}
	*out = (struct pginterval){.us = us, .days = (int32_t)days, .months = (int32_t)months};
	return months != (int32_t)months;
}

static enum status exec_justify(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		struct pginterval x = pginterval_at(args[0]->data, args[0]->form == VECTOR_CONST ? 0 : i), made = {0};
		bool over = named(c, "justify_hours") ? pginterval_justify_hours(x, &made)
			: named(c, "justify_days") ? pginterval_justify_days(x, &made) : justify_interval(x, &made);
		if (over && !eval_skips(e, i)) {
			vector_unref(v);
			return ERR(e->err, E_DATETIME_OVERFLOW, "interval out of range");
		}
		pginterval_put(v->data, i, made);
	}
	*out = v;
	return OK;
}

/* ---- isfinite, OVERLAPS ---- */

static enum status exec_isfinite(const struct call *c, struct eval *e, const struct vector *const *args,
                                 uint32_t count, struct vector **out)
{
	const struct type *t = args[0]->type;
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		uint32_t row = args[0]->form == VECTOR_CONST ? 0 : i;
		bool infinite = false;
		if (t->id == TYPE_DATE32)
			infinite = ((const int32_t *)args[0]->data)[row] == INT32_MAX || ((const int32_t *)args[0]->data)[row] == INT32_MIN;
		else if (t->id == TYPE_DATETIME64)
			infinite = is_infinite(((const int64_t *)args[0]->data)[row]);
		((uint8_t *)v->data)[i] = !infinite;
	}
	*out = v;
	return OK;
}

static enum status bind_isfinite(struct bind_env *env, struct call *c)
{
	const struct type *t = c->arg_types[0];
	return type_is_temporal(t) || t->id == TYPE_PGINTERVAL || t->id == TYPE_INTERVAL ? OK : call_bad_type(env, c, 0);
}

enum { START, END };

/* A span's two moments, the earlier first; false where both are NULL. */
static bool span_at(const struct vector *tuple, uint32_t i, int64_t out[2], bool null[2])
{
	const struct vector *in;
	uint32_t row = vector_index(tuple, i, &in);
	for (int k = 0; k < 2; k++) {
		const struct vector *child;
		uint32_t r = vector_index(in->children[k], row, &child);
		null[k] = child->nulls != NULL && bit_get(child->nulls, r);
		out[k] = ((const int64_t *)child->data)[r];
	}
	if (null[START] || (!null[END] && out[END] < out[START])) {
		int64_t v = out[START];
		bool n = null[START];
		out[START] = out[END];
		null[START] = null[END];
		out[END] = v;
		null[END] = n;
	}
	return !null[START];
}

/* -1: NULL. As the standard says, a span is half open unless it is a moment. */
static int overlap(const int64_t a[2], const bool a_null[2], const int64_t b[2], const bool b_null[2])
{
	if (a[START] == b[START])
		return a_null[END] || b_null[END] ? -1 : 1;
	bool a_first = a[START] < b[START];
	const int64_t *first = a_first ? a : b, *second = a_first ? b : a;
	const bool *null = a_first ? a_null : b_null, *other = a_first ? b_null : a_null;
	if (null[END])
		return -1;
	if (second[START] < first[END])
		return other[END] ? -1 : 1;
	return 0;
}

static enum status exec_overlaps(const struct call *c, struct eval *e, const struct vector *const *args,
                                 uint32_t count, struct vector **out)
{
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	enum status s = vector_make_nulls(v, e->track, e->err);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		int64_t a[2], b[2];
		bool a_null[2], b_null[2];
		bool a_known = span_at(args[0], i, a, a_null), b_known = span_at(args[1], i, b, b_null);
		int r = a_known && b_known ? overlap(a, a_null, b, b_null) : -1;
		((uint8_t *)v->data)[i] = r == 1;
		if (r < 0)
			bit_set(v->nulls, i);
	}
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

static enum status bind_overlaps(struct bind_env *env, struct call *c)
{
	bool zoned = false;
	for (uint32_t i = 0; i < 2; i++) {
		const struct type *t = c->arg_types[i];
		if (t->child_count != 2)
			return call_bad_type(env, c, i);
		for (uint32_t k = 0; k < 2; k++) {
			const struct type *x = t->children[k];
			if (k == 1 && (x->id == TYPE_PGINTERVAL || x->id == TYPE_INTERVAL))
				return ERR(env->err, E_NOT_IMPLEMENTED, "not supported yet: OVERLAPS with an interval");
			if (!is_untyped(x) && !type_is_temporal(x))
				return call_bad_type(env, c, i);
			zoned |= !is_untyped(x) && type_face(x) == FACE_TIMESTAMPTZ;
		}
	}
	const struct type **both = ARENA_ARRAY(env->arena, const struct type *, 2);
	both[0] = both[1] = type_nullable(env->arena, timestamp_type(env->arena, zoned));
	c->arg_types[0] = c->arg_types[1] = type_tuple(env->arena, both, NULL, 2);
	c->result = type_nullable(env->arena, type_simple(TYPE_BOOL));
	return OK;
}

#define MAKE(row_name, pattern, row_bind, row_exec, text, sample, answer) \
	FUNCTION_ROW(row_name, NULL, FUNCTION_PG, pattern, NULL, row_bind, row_exec, text, sample, answer)
#define ZONED(row_name, pattern, row_bind, row_exec, text, sample, answer) \
	{.name = row_name, .flags = FUNCTION_PG, .volatility = FUNCTION_STABLE, .args = pattern, .bind = row_bind, \
	 .exec = row_exec, .description = text, .example = sample, .example_result = answer}

static const struct function rows[] = {
	MAKE("make_time", "JJF", bind_make_time, exec_make_time, "A time of day.", "make_time(8, 15, 23.5)", "08:15:23.5"),
	MAKE("make_timestamp", "JJJJJF", bind_make_moment, exec_make_moment, "A date and time.",
	     "make_timestamp(2013, 7, 15, 8, 15, 23.5)", "2013-07-15 08:15:23.5"),
	ZONED("make_timestamptz", "JJJJJFT?", bind_make_moment, exec_make_moment, "A date and time in a zone.",
	      "make_timestamptz(2013, 7, 15, 8, 15, 23.5, 'America/New_York')", "2013-07-15 12:15:23.5+00"),
	MAKE("make_interval", "J?J?J?J?J?J?F?", bind_interval, exec_make_interval,
	     "An interval of years, months, weeks, days, hours, minutes and seconds.", "make_interval(0, 0, 0, 10)",
	     "10 days"),
	ZONED("timezone", "**", bind_zone, exec_zone, "A time moved into or out of a zone.",
	      "timezone('America/New_York', timestamp '2001-02-16 20:38:40')", "2001-02-17 01:38:40+00"),
	ZONED("age", "**?", bind_age, exec_age, "A difference in years, months and days.",
	      "age(timestamp '2001-04-10', timestamp '1957-06-13')", "43 years 9 mons 27 days"),
	MAKE("date_bin", "***", bind_bin, exec_bin, "The start of the bin of a width that holds a time.",
	     "date_bin('15 minutes', timestamp '2001-02-16 20:38:40', timestamp '2001-02-16 20:05:00')",
	     "2001-02-16 20:35:00"),
	MAKE("justify_days", "V", bind_interval, exec_justify, "30 days become a month.", "justify_days(interval '35 days')",
	     "1 mon 5 days"),
	MAKE("justify_hours", "V", bind_interval, exec_justify, "24 hours become a day.",
	     "justify_hours(interval '27 hours')", "1 day 03:00:00"),
	MAKE("justify_interval", "V", bind_interval, exec_justify, "Days and months of full hours and days, of one sign.",
	     "justify_interval(interval '1 mon -1 hour')", "29 days 23:00:00"),
	FUNCTION_ROW("isfinite", NULL, FUNCTION_PG, "*", "Bool", bind_isfinite, exec_isfinite,
	             "Whether a time is not infinite.", "isfinite(date '2001-02-16')", "t"),
	{.name = "overlaps", .flags = FUNCTION_PG | FUNCTION_NO_DICT, .nulls = FUNCTION_NULL_CUSTOM, .args = "PP",
	 .bind = bind_overlaps, .exec = exec_overlaps, .description = "Whether two spans of time have a moment in common.",
	 .example = "(date '2001-02-16', date '2001-12-21') OVERLAPS (date '2001-10-30', date '2002-10-30')",
	 .example_result = "t"},
};

FUNCTION_FAMILY(pg_time, "PostgreSQL: times made and moved");
