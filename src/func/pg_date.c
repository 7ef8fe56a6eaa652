// SPDX-License-Identifier: Apache-2.0
/* PostgreSQL's functions over dates and times: now(), date_trunc(), date_part(), extract(), make_date() and kin. */
#include <assert.h>

#include "column/numeric.h"
#include "column/pginterval.h"
#include "func/date_impl.h"
#include "func/date_part.h"

enum { MICROSECONDS = 1000000 };

static bool named(const struct call *c, const char *name)
{
	return strcmp(c->function->name, name) == 0;
}

static const struct type *timestamp_type(struct bind_env *env, bool zoned)
{
	return type_with_face(env->arena, type_datetime64(env->arena, 6, timezone_utc()),
	                      zoned ? FACE_TIMESTAMPTZ : FACE_TIMESTAMP, -1);
}

/* ---- clock ---- */

static enum status exec_now(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	const struct eval_session *s = e->session;
	int64_t ns = named(c, "statement_timestamp") || s->transaction_ns == 0 ? s->now_ns : s->transaction_ns;
	int64_t us = floor_div(ns, 1000), seconds = floor_div(us, MICROSECONDS);
	const struct timezone *tz = s->tz != NULL ? s->tz : timezone_utc();
	struct vector *v;
	TRY(call_result(c, e, 1, &v));
	if (named(c, "current_date")) {
		*(int32_t *)v->data = (int32_t)floor_div(seconds + timezone_offset(tz, seconds), DAY_SECONDS);
	} else {
		const int64_t day_us = (int64_t)DAY_SECONDS * MICROSECONDS;
		if (named(c, "localtimestamp") || named(c, "localtime"))
			us += (int64_t)timezone_offset(tz, seconds) * MICROSECONDS;
		*(int64_t *)v->data = named(c, "localtime") ? us - floor_div(us, day_us) * day_us
			: us;
	}
	v->form = VECTOR_CONST;
	v->count = count;
	*out = v;
	return OK;
}

static enum status bind_now(struct bind_env *env, struct call *c)
{
	if (named(c, "localtime"))
		c->result = type_with_face(env->arena, type_time64(env->arena, 6), FACE_TIME, -1);
	else
		c->result = named(c, "current_date") ? type_simple(TYPE_DATE32) : timestamp_type(env, !named(c, "localtimestamp"));
	return OK;
}

/* ---- date_trunc ---- */

struct trunc {
	enum interval_unit unit;
	int64_t years;   /* decade, century, millennium */
	const struct timezone *tz;
};

static int64_t trunc_local(const struct trunc *t, int64_t local)
{
	int64_t days = floor_div(local, DAY_SECONDS);
	struct civil_date d;
	switch (t->unit) {
	case UNIT_SECOND:
		return local;
	case UNIT_MINUTE:
		return floor_div(local, 60) * 60;
	case UNIT_HOUR:
		return floor_div(local, 3600) * 3600;
	case UNIT_DAY:
		return days * DAY_SECONDS;
	case UNIT_WEEK:
		return (days - days_weekday(days)) * DAY_SECONDS;
	case UNIT_QUARTER:
	case UNIT_MONTH:
		d = days_to_civil(days);
		return civil_to_days(d.year, t->unit == UNIT_MONTH ? d.month : (d.month - 1u) / 3 * 3 + 1, 1) * DAY_SECONDS;
	default:
		d = days_to_civil(days);
		if (t->years == 10)
			d.year = (int32_t)floor_div(d.year, 10) * 10;
		else if (t->years != 1)
			d.year = (int32_t)(floor_div(d.year - 1, t->years) * t->years + 1);
		return civil_to_days(d.year, 1, 1) * DAY_SECONDS;
	}
}

static enum status exec_trunc(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	const struct trunc *t = c->state;
	struct date_chunk *chunk = ARENA_NEW(e->scratch, struct date_chunk);
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t from = 0; from < count; from += DATE_CHUNK) {
		uint32_t n = count - from < DATE_CHUNK ? count - from : DATE_CHUNK;
		date_load(args[1], from, n, t->tz, chunk);
		for (uint32_t i = 0; i < n; i++) {
			int64_t part = 0, local = trunc_local(t, chunk->local[i]);
			if (t->unit < UNIT_SECOND) {
				part = t->unit == UNIT_MILLISECOND ? chunk->fraction[i] / 1000 * 1000 : chunk->fraction[i];
				local = chunk->local[i];
			}
			int64_t utc = t->unit <= UNIT_HOUR ? chunk->utc[i] - (chunk->local[i] - local)
			              : timezone_is_utc(t->tz) ? local : timezone_to_utc_pg(t->tz, local);
			((int64_t *)v->data)[from + i] = utc * MICROSECONDS + part;
		}
	}
	*out = v;
	return OK;
}

static struct pginterval trunc_interval(const struct trunc *t, struct pginterval v)
{
	static const int64_t steps[] = {[UNIT_MICROSECOND] = 1, [UNIT_MILLISECOND] = 1000, [UNIT_SECOND] = MICROSECONDS,
		[UNIT_MINUTE] = 60ll * MICROSECONDS, [UNIT_HOUR] = 3600ll * MICROSECONDS};
	int32_t months = t->unit == UNIT_YEAR ? (int32_t)(12 * t->years) : t->unit == UNIT_QUARTER ? 3 : 1;
	if (t->unit <= UNIT_HOUR) {
		v.us -= v.us % steps[t->unit];
		return v;
	}
	v.us = 0;
	if (t->unit != UNIT_DAY) {
		v.days = 0;
		v.months -= v.months % months;
	}
	return v;
}

static enum status exec_trunc_interval(const struct call *c, struct eval *e, const struct vector *const *args,
                                       uint32_t count, struct vector **out)
{
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++)
		pginterval_put(v->data, i, trunc_interval(c->state, pginterval_at(args[1]->data,
		                                                                 args[1]->form == VECTOR_CONST ? 0 : i)));
	*out = v;
	return OK;
}

static enum status bind_trunc(struct bind_env *env, struct call *c)
{
	static const struct {
		const char *name;
		int64_t years;
	} spans[] = {{"decade", 10}, {"decades", 10}, {"century", 100}, {"centuries", 100}, {"millennium", 1000},
	             {"millennia", 1000}};
	struct trunc *t = ARENA_NEW(env->arena, struct trunc);
	struct str unit;
	bool is_date = c->arg_types[1]->id == TYPE_DATE || c->arg_types[1]->id == TYPE_DATE32;
	if (!call_const_str(c, 0, &unit))
		return ERR(env->err, E_NOT_IMPLEMENTED, "not supported yet: date_trunc with a unit that is no constant");
	t->unit = date_unit(unit);
	t->years = 1;
	for (size_t i = 0; i < ARRAY_COUNT(spans); i++)
		if (str_eq_nocase(unit, str_of(spans[i].name))) {
			t->unit = UNIT_YEAR;
			t->years = spans[i].years;
		}
	c->state = t;
	if (c->arg_types[1]->id == TYPE_PGINTERVAL || c->arg_types[1]->id == TYPE_INTERVAL) {
		if (t->unit == UNIT_NONE || t->unit == UNIT_NANOSECOND || t->unit == UNIT_WEEK || c->arg_count > 2)
			return ERR(env->err, t->unit == UNIT_WEEK ? E_NOT_IMPLEMENTED : E_BAD_ARGUMENTS,
			           "unit \"%.*s\" not %s for type interval", STR_ARG(unit),
			           t->unit == UNIT_WEEK ? "supported" : "recognized");
		c->result = c->arg_types[1] = type_simple(TYPE_PGINTERVAL);
		c->exec = exec_trunc_interval;
		return OK;
	}
	if (!type_is_temporal(c->arg_types[1]) && c->arg_types[1]->face != FACE_UNKNOWN)
		return call_bad_type(env, c, 1);
	if (c->arg_types[1]->face == FACE_UNKNOWN)
		c->arg_types[1] = timestamp_type(env, true);
	if (t->unit == UNIT_NONE || t->unit == UNIT_NANOSECOND)
		return ERR(env->err, E_BAD_ARGUMENTS, "unit \"%.*s\" not recognized for type timestamp %s time zone", STR_ARG(unit),
		           is_date || type_face(c->arg_types[1]) == FACE_TIMESTAMPTZ ? "with" : "without");
	c->result = timestamp_type(env, is_date || type_face(c->arg_types[1]) == FACE_TIMESTAMPTZ);
	if (!type_equal_physical(c->arg_types[1], c->result))
		c->arg_types[1] = c->result;
	if (c->arg_count > 2)
		TRY(date_zone(env, c, 1, 2, &t->tz));
	else
		t->tz = date_zone_pg(c->result, env->session);
	c->state = t;
	return OK;
}

/* ---- date_part and extract ---- */

enum field {
	FIELD_NONE, FIELD_YEAR, FIELD_QUARTER, FIELD_MONTH, FIELD_WEEK, FIELD_DAY, FIELD_HOUR, FIELD_MINUTE, FIELD_SECOND,
	FIELD_MILLISECOND, FIELD_MICROSECOND, FIELD_EPOCH, FIELD_DOW, FIELD_ISODOW, FIELD_DOY, FIELD_ISOYEAR, FIELD_DECADE,
	FIELD_CENTURY, FIELD_MILLENNIUM, FIELD_TIMEZONE, FIELD_TIMEZONE_HOUR, FIELD_TIMEZONE_MINUTE, FIELD_JULIAN
};

struct part {
	enum field field;
	const struct timezone *tz;
	bool interval, time, date, numeric;
};

/* The value, in microseconds where has_fraction(). */
static int64_t part_value(enum field f, int64_t local, int64_t utc, int64_t us)
{
	int64_t days = floor_div(local, DAY_SECONDS), second = local - days * DAY_SECONDS;
	struct civil_date d;
	int32_t year;
	unsigned week;
	switch (f) {
	case FIELD_HOUR: return second / 3600;
	case FIELD_MINUTE: return second / 60 % 60;
	case FIELD_SECOND:
	case FIELD_MICROSECOND: return second % 60 * MICROSECONDS + us;
	case FIELD_MILLISECOND: return (second % 60 * MICROSECONDS + us) * 1000;
	case FIELD_EPOCH: return utc * MICROSECONDS + us;
	case FIELD_DOW: return (days_weekday(days) + 1) % 7;
	case FIELD_ISODOW: return days_weekday(days) + 1;
	case FIELD_DOY: return days_year_day(days);
	case FIELD_TIMEZONE: return local - utc;
	case FIELD_TIMEZONE_HOUR: return (local - utc) / 3600;
	case FIELD_TIMEZONE_MINUTE: return (local - utc) / 60 % 60;
	case FIELD_JULIAN: return days + 2440588;
	default: break;
	}
	if (f == FIELD_WEEK || f == FIELD_ISOYEAR) {
		days_iso_week(days, &year, &week);
		return f == FIELD_WEEK ? (int64_t)week : year;
	}
	d = days_to_civil(days);
	switch (f) {
	case FIELD_YEAR: return d.year > 0 ? d.year : d.year - 1;
	case FIELD_QUARTER: return (d.month - 1) / 3 + 1;
	case FIELD_MONTH: return d.month;
	case FIELD_DAY: return d.day;
	case FIELD_DECADE: return floor_div(d.year, 10);
	case FIELD_CENTURY: return floor_div(d.year - 1, 100) + 1;
	default: return floor_div(d.year - 1, 1000) + 1;
	}
}

static int64_t interval_value(enum field f, struct pginterval v)
{
	const int64_t minute = 60 * (int64_t)MICROSECONDS;
	switch (f) {
	case FIELD_YEAR: return v.months / 12;
	case FIELD_QUARTER: return v.months % 12 / 3 + 1;
	case FIELD_MONTH: return v.months % 12;
	case FIELD_DAY: return v.days;
	case FIELD_HOUR: return v.us / (60 * minute);
	case FIELD_MINUTE: return v.us / minute % 60;
	case FIELD_SECOND:
	case FIELD_MICROSECOND: return v.us % minute;
	case FIELD_MILLISECOND: return v.us % minute * 1000;
	default: break;
	}
	return v.us + ((int64_t)v.days + v.months % 12 * 30) * DAY_SECONDS * MICROSECONDS +
	       v.months / 12 * (int64_t)31557600 * MICROSECONDS;
}

static bool has_fraction(const struct part *p)
{
	return !p->date && (p->field == FIELD_SECOND || p->field == FIELD_MILLISECOND || p->field == FIELD_EPOCH);
}

static enum field find_field(struct str name, bool interval)
{
	static const enum field units[] = {
		[UNIT_YEAR] = FIELD_YEAR, [UNIT_QUARTER] = FIELD_QUARTER, [UNIT_MONTH] = FIELD_MONTH, [UNIT_WEEK] = FIELD_WEEK,
		[UNIT_DAY] = FIELD_DAY, [UNIT_HOUR] = FIELD_HOUR, [UNIT_MINUTE] = FIELD_MINUTE, [UNIT_SECOND] = FIELD_SECOND,
		[UNIT_MILLISECOND] = FIELD_MILLISECOND, [UNIT_MICROSECOND] = FIELD_MICROSECOND, [UNIT_NANOSECOND] = FIELD_NONE,
	};
	static const char *const names[] = {"epoch", "dow", "isodow", "doy", "isoyear", "decade", "century", "millennium",
	                                    "timezone", "timezone_hour", "timezone_minute", "julian"};
	enum interval_unit unit = date_unit(name);
	if (unit != UNIT_NONE)
		return interval && unit == UNIT_WEEK ? FIELD_NONE : units[unit];
	for (size_t i = 0; i < ARRAY_COUNT(names); i++)
		if (str_eq_nocase(name, str_of(names[i])))
			return interval && i != 0 ? FIELD_NONE : (enum field)(FIELD_EPOCH + i);
	return FIELD_NONE;
}

/* The values of rows [from, from + n). */
static void part_chunk(const struct part *p, const struct vector *v, uint32_t from, uint32_t n,
                       struct date_chunk *chunk, int64_t *out)
{
	bool one = v->form == VECTOR_CONST;
	if (!p->interval && !p->time)
		date_load(v, from, n, p->tz, chunk);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t row = one ? 0 : from + i;
		out[i] = p->time ? interval_value(p->field, (struct pginterval){.us = ((const int64_t *)v->data)[row]})
		         : p->interval ? interval_value(p->field, pginterval_at(v->data, row))
		                       : part_value(p->field, chunk->local[i], chunk->utc[i], chunk->fraction[i]);
	}
	if (p->date && (p->field == FIELD_SECOND || p->field == FIELD_MILLISECOND || p->field == FIELD_EPOCH))
		for (uint32_t i = 0; i < n; i++)
			out[i] /= MICROSECONDS;
}

/* Numerics of a chunk. Most fields have few values, so the last one of each kind is kept encoded. */
static enum status put_numbers(const struct part *p, struct eval *e, const int64_t *values, uint32_t n,
                               struct strings *o, uint32_t from)
{
	enum { KEPT = 64 };
	struct {
		int64_t value;
		uint8_t size, bytes[16];
	} kept[KEPT];
	bool fraction = has_fraction(p);
	struct numeric number;
	enum status s = OK;
	numeric_init(&number);
	memset(kept, 0, sizeof kept);
	for (uint32_t i = 0; i < n && s == OK; i++) {
		unsigned k = (uint64_t)values[i] % KEPT;
		if (kept[k].size != 0 && kept[k].value == values[i]) {
			strbuf_put(&o->text, kept[k].bytes, kept[k].size);
			strings_end(o, from + i);
			continue;
		}
		size_t at = o->text.size;
		s = numeric_from_i128(&number, values[i], fraction ? 6 : 0, e->err);
		if (s == OK && fraction && p->field == FIELD_MILLISECOND)
			s = numeric_round(&number, 3, e->err);
		numeric_encode(&number, &o->text);
		strings_end(o, from + i);
		size_t size = o->text.size - at;
		if (!o->text.failed && size <= sizeof kept[k].bytes) {
			kept[k].value = values[i];
			kept[k].size = (uint8_t)size;
			memcpy(kept[k].bytes, o->text.data + at, size);
		}
	}
	numeric_fini(&number);
	return s;
}

static enum status exec_part(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const struct part *p = c->state;
	struct date_chunk *chunk = ARENA_NEW(e->scratch, struct date_chunk);
	int64_t *values = ARENA_RAW(e->scratch, int64_t, DATE_CHUNK);
	struct vector *v = NULL;
	struct strings o;
	enum status s = OK;
	bool fraction = has_fraction(p);
	if (p->numeric)
		strings_begin(&o, e, count);
	else
		TRY(call_result(c, e, count, &v));
	for (uint32_t from = 0; from < count && s == OK; from += DATE_CHUNK) {
		uint32_t n = count - from < DATE_CHUNK ? count - from : DATE_CHUNK;
		part_chunk(p, args[1], from, n, chunk, values);
		if (p->numeric)
			s = put_numbers(p, e, values, n, &o, from);
		for (uint32_t i = 0; i < n && !p->numeric; i++)
			((double *)v->data)[from + i] = fraction ? (double)values[i] / MICROSECONDS : (double)values[i];
	}
	if (p->numeric) {
		enum status finish = strings_finish(&o, c, e, s == OK ? count : 0, &v);
		s = s == OK ? finish : s;
	}
	if (s != OK) {
		vector_unref(v);
		return s;
	}
	*out = v;
	return OK;
}

static enum status bind_part(struct bind_env *env, struct call *c)
{
	struct part *p = ARENA_NEW(env->arena, struct part);
	const struct type *t = c->arg_types[1];
	struct str field;
	if (!call_const_str(c, 0, &field))
		return ERR(env->err, E_NOT_IMPLEMENTED, "not supported yet: %.*s of a field that is no constant", STR_ARG(c->name));
	p->interval = t->id == TYPE_PGINTERVAL;
	p->time = t->id == TYPE_TIME || t->id == TYPE_TIME64;
	p->date = t->id == TYPE_DATE || t->id == TYPE_DATE32;
	p->numeric = named(c, "extract");
	p->field = find_field(field, p->interval);
	if (p->field == FIELD_NONE)
		return ERR(env->err, E_BAD_ARGUMENTS, "unit \"%.*s\" not recognized for type %.*s", STR_ARG(field),
		           STR_ARG(type_pg_base_name(env->arena, t)));
	bool clock = p->field >= FIELD_HOUR && p->field <= FIELD_MICROSECOND;
	bool zone = p->field >= FIELD_TIMEZONE && p->field <= FIELD_TIMEZONE_MINUTE;
	if ((p->date && p->numeric && (clock || zone)) || (p->time && !clock && p->field != FIELD_EPOCH))
		return ERR(env->err, E_NOT_IMPLEMENTED, "unit \"%.*s\" not supported for type %.*s", STR_ARG(field),
		           STR_ARG(type_pg_base_name(env->arena, t)));
	if (p->time && t->id != TYPE_TIME64)
		c->arg_types[1] = type_time64(env->arena, 6);
	if (!p->interval && !p->time && !type_is_temporal(t))
		return call_bad_type(env, c, 1);
	if (t->id == TYPE_DATETIME || (t->id == TYPE_DATETIME64 && t->scale != 6))
		c->arg_types[1] = timestamp_type(env, type_face(t) == FACE_TIMESTAMPTZ);
	p->tz = date_zone_pg(t, env->session);
	c->state = p;
	c->result = type_simple(p->numeric ? TYPE_NUMERIC : TYPE_FLOAT64);
	return OK;
}

bool date_part_is_whole(const struct call *c)
{
	if (c->exec != exec_part)
		return false;
	const struct part *p = c->state;
	return p->field != FIELD_SECOND && p->field != FIELD_MILLISECOND && p->field != FIELD_EPOCH;
}

/* ---- from numbers ---- */

static enum status exec_make_date(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	struct i64_arg y = i64_arg(args[0]), m = i64_arg(args[1]), d = i64_arg(args[2]);
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		int64_t year = i64_arg_at(&y, i), month = i64_arg_at(&m, i), day = i64_arg_at(&d, i);
		bool good = year > -4713 && year < 294277 && year != 0 && month >= 1 && month <= 12 && day >= 1;
		if (good && year < 0)
			year++;
		good = good && day <= civil_days_in_month((int32_t)year, (unsigned)month);
		if (!good && !eval_skips(e, i)) {
			vector_unref(v);
			return ERR(e->err, E_DATETIME_OVERFLOW, "date field value out of range: %lld-%02lld-%02lld",
			           (long long)i64_arg_at(&y, i), (long long)month, (long long)day);
		}
		((int32_t *)v->data)[i] = good ? (int32_t)civil_to_days((int32_t)year, (unsigned)month, (unsigned)day) : 0;
	}
	*out = v;
	return OK;
}

static enum status exec_to_timestamp(const struct call *c, struct eval *e, const struct vector *const *args,
                                     uint32_t count, struct vector **out)
{
	const double *from = args[0]->data;
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		double us = __builtin_rint(from[args[0]->form == VECTOR_CONST ? 0 : i] * MICROSECONDS);
		if (!(us > -9e18 && us < 9e18) && !eval_skips(e, i)) {
			vector_unref(v);
			return ERR(e->err, E_DATETIME_OVERFLOW, "timestamp out of range");
		}
		((int64_t *)v->data)[i] = us > -9e18 && us < 9e18 ? (int64_t)us : 0;
	}
	*out = v;
	return OK;
}

static enum status bind_to_timestamp(struct bind_env *env, struct call *c)
{
	c->result = timestamp_type(env, true);
	return OK;
}

#define CLOCK(row_name, row_aliases, pattern, text) \
	{.name = row_name, .aliases = row_aliases, .flags = FUNCTION_PG, .volatility = FUNCTION_STABLE, .args = pattern, \
	 .bind = bind_now, .exec = exec_now, .description = text}

static const struct function rows[] = {
	CLOCK("now", "current_timestamp transaction_timestamp", "j?", "The moment at which the transaction began."),
	CLOCK("statement_timestamp", "clock_timestamp", "", "The moment at which the statement began."),
	CLOCK("localtime", NULL, "j?", "The session's time of day when the transaction began."),
	CLOCK("localtimestamp", NULL, "j?", "The session's wall clock when the transaction began."),
	CLOCK("current_date", NULL, "", "The date on which the transaction began."),
	FUNCTION_ROW("date_trunc", NULL, FUNCTION_PG, "T*S?", NULL, bind_trunc, exec_trunc, "Rounded down to a unit.",
	             "date_trunc('month', timestamp '2024-05-17 13:45:59')", "2024-05-01 00:00:00"),
	FUNCTION_ROW("date_part", NULL, FUNCTION_PG, "T*", NULL, bind_part, exec_part, "A field of a time as a number.",
	             "date_part('hour', timestamp '2024-05-17 13:45:59')", "13"),
	FUNCTION_ROW("extract", NULL, FUNCTION_PG, "T*", NULL, bind_part, exec_part, "A field of a time as a numeric.",
	             "extract(second from timestamp '2024-05-17 13:45:59.5')", "59.500000"),
	FUNCTION_ROW("make_date", NULL, FUNCTION_PG, "JJJ", "Date32", NULL, exec_make_date, "A date of year, month and day.",
	             "make_date(2024, 5, 17)", "2024-05-17"),
	FUNCTION_ROW("to_timestamp", NULL, FUNCTION_PG, "F", NULL, bind_to_timestamp, exec_to_timestamp,
	             "The moment so many seconds after 1970 began.", "to_timestamp(0)", "1970-01-01 00:00:00+00"),
};

FUNCTION_FAMILY(pg_date, "PostgreSQL: dates and times");
