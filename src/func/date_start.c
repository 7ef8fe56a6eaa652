// SPDX-License-Identifier: Apache-2.0
/* Rounding times down: toStartOf…, toMonday, toLastDayOf…, toStartOfInterval, date_trunc. */
#include <assert.h>

#include "func/date_impl.h"

enum anchor { ANCHOR_START, ANCHOR_ISO_YEAR, ANCHOR_SUNDAY, ANCHOR_LAST_OF_MONTH, ANCHOR_LAST_OF_WEEK };

struct start {
	enum interval_unit unit;
	enum anchor anchor;
	int64_t n;            /* units in a step */
	bool sunday;          /* weeks begin on Sunday */
	const struct timezone *tz;
};

static int64_t start_day(const struct start *s, int64_t days)
{
	struct civil_date d;
	int64_t weekday;
	int32_t year;
	unsigned week;
	switch (s->anchor) {
	case ANCHOR_ISO_YEAR:
		days_iso_week(days, &year, &week);
		days = civil_to_days(year, 1, 4);
		return days - days_weekday(days);
	case ANCHOR_SUNDAY:
		return days - (days_weekday(days) + 1) % 7;
	case ANCHOR_LAST_OF_MONTH:
		d = days_to_civil(days);
		return days - d.day + civil_days_in_month(d.year, d.month);
	case ANCHOR_LAST_OF_WEEK:
		weekday = s->sunday ? (days_weekday(days) + 1) % 7 : days_weekday(days);
		return days + 6 - weekday;
	case ANCHOR_START:
		break;
	}
	if (s->unit == UNIT_DAY && s->n == 1)
		return days;
	return date_start_of(days, s->unit, s->n);
}

/* Local days for results of a date type. */
static void to_days(const struct start *s, const struct date_chunk *k, uint32_t n, int64_t *out)
{
	if (s->anchor == ANCHOR_START && s->unit == UNIT_MONTH && s->n == 1) {
		for (uint32_t i = 0; i < n; i++) {
			int64_t days = floor_div(k->local[i], DAY_SECONDS);
			out[i] = days - days_to_civil(days).day + 1;
		}
		return;
	}
	for (uint32_t i = 0; i < n; i++)
		out[i] = start_day(s, floor_div(k->local[i], DAY_SECONDS));
}

/* Instants in seconds for results of a time type. */
static void to_instants(const struct start *s, const struct date_chunk *k, uint32_t n, int64_t *out)
{
	int64_t step;
	switch (s->unit) {
	case UNIT_SECOND:
	case UNIT_MINUTE:
		step = s->n * (s->unit == UNIT_MINUTE ? 60 : 1);
		for (uint32_t i = 0; i < n; i++)
			out[i] = k->utc[i] - floor_mod(s->n == 1 ? k->local[i] : k->utc[i], step);
		return;
	case UNIT_HOUR:
		step = s->n * 3600;
		for (uint32_t i = 0; i < n; i++) {
			int64_t day = floor_div(k->local[i], DAY_SECONDS) * DAY_SECONDS, in_day = k->local[i] - day;
			out[i] = s->n == 1 ? k->utc[i] - in_day % 3600 : k->utc[i] - in_day % step;
		}
		return;
	default:
		for (uint32_t i = 0; i < n; i++) {
			int64_t local = start_day(s, floor_div(k->local[i], DAY_SECONDS)) * DAY_SECONDS;
			out[i] = timezone_is_utc(s->tz) ? local : timezone_to_utc(s->tz, local);
		}
	}
}

static enum status exec_start(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	const struct start *s = c->state;
	const struct vector *time = args[str_eq(str_of(c->function->name), STR("dateTrunc"))];
	struct date_chunk *chunk = ARENA_NEW(e->scratch, struct date_chunk);
	int64_t values[DATE_CHUNK];
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	bool days = v->type->id == TYPE_DATE || v->type->id == TYPE_DATE32;
	for (uint32_t from = 0; from < count; from += DATE_CHUNK) {
		uint32_t n = count - from < DATE_CHUNK ? count - from : DATE_CHUNK;
		date_load(time, from, n, s->tz, chunk);
		(days ? to_days : to_instants)(s, chunk, n, values);
		date_store(v, from, n, values);
	}
	*out = v;
	return OK;
}

/* Milliseconds and less: the result is DateTime64 of at least that scale. */
static enum status exec_start_fraction(const struct call *c, struct eval *e, const struct vector *const *args,
                                       uint32_t count, struct vector **out)
{
	const struct start *s = c->state;
	const struct vector *a = args[str_eq(str_of(c->function->name), STR("dateTrunc"))];
	int64_t step = s->n, times = 1, divide = 1;
	unsigned scale = s->unit == UNIT_SECOND ? 0 : s->unit == UNIT_MILLISECOND ? 3 : s->unit == UNIT_MICROSECOND ? 6 : 9;
	unsigned result = c->result->scale, from = a->type->scale;
	struct vector *v;
	if (result > from)
		times = (int64_t)pow10_u64(result - from);
	else
		divide = (int64_t)pow10_u64(from - result);
	step *= (int64_t)pow10_u64(result - scale);
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		int64_t ticks = ((const int64_t *)a->data)[a->form == VECTOR_CONST ? 0 : i];
		ticks = floor_div(ticks, divide) * times;
		((int64_t *)v->data)[i] = ticks - floor_mod(ticks, step);
	}
	*out = v;
	return OK;
}

/* The result's type: Date for weeks and longer, else DateTime in the zone; `wide` keeps the 32- and 64-bit kinds. */
static const struct type *start_type(struct bind_env *env, const struct type *t, const struct start *s, bool wide,
                                     const struct timezone *shown)
{
	bool extended = wide && (t->id == TYPE_DATE32 || t->id == TYPE_DATETIME64);
	if (s->anchor != ANCHOR_START || s->unit >= UNIT_WEEK)
		return type_simple(extended ? TYPE_DATE32 : TYPE_DATE);
	const struct type *r = extended ? type_datetime64(env->arena, 0, shown) : type_datetime(env->arena, shown);
	/* a timestamp without time zone stays one */
	return t->face == FACE_TIMESTAMP ? type_with_face(env->arena, r, FACE_TIMESTAMP, -1) : r;
}

static const struct {
	const char *name;
	struct start start;
} names[] = {
	{"toStartOfYear", {UNIT_YEAR, ANCHOR_START, 1, false, NULL}},
	{"toStartOfISOYear", {UNIT_YEAR, ANCHOR_ISO_YEAR, 1, false, NULL}},
	{"toStartOfQuarter", {UNIT_QUARTER, ANCHOR_START, 1, false, NULL}},
	{"toStartOfMonth", {UNIT_MONTH, ANCHOR_START, 1, false, NULL}},
	{"toLastDayOfMonth", {UNIT_MONTH, ANCHOR_LAST_OF_MONTH, 1, false, NULL}},
	{"toMonday", {UNIT_WEEK, ANCHOR_START, 1, false, NULL}},
	{"toStartOfWeek", {UNIT_WEEK, ANCHOR_START, 1, true, NULL}},
	{"toLastDayOfWeek", {UNIT_WEEK, ANCHOR_LAST_OF_WEEK, 1, true, NULL}},
	{"toStartOfDay", {UNIT_DAY, ANCHOR_START, 1, false, NULL}},
	{"toStartOfHour", {UNIT_HOUR, ANCHOR_START, 1, false, NULL}},
	{"toStartOfMinute", {UNIT_MINUTE, ANCHOR_START, 1, false, NULL}},
	{"toStartOfFiveMinutes", {UNIT_MINUTE, ANCHOR_START, 5, false, NULL}},
	{"toStartOfTenMinutes", {UNIT_MINUTE, ANCHOR_START, 10, false, NULL}},
	{"toStartOfFifteenMinutes", {UNIT_MINUTE, ANCHOR_START, 15, false, NULL}},
	{"timeSlot", {UNIT_MINUTE, ANCHOR_START, 30, false, NULL}},
};

/* PostgreSQL's timestamp without a zone stays one. */
static void keep_face(struct bind_env *env, struct call *c, const struct type *from)
{
	bool instant = c->result->id == TYPE_DATETIME || c->result->id == TYPE_DATETIME64;
	if (instant && from->face == FACE_TIMESTAMP)
		c->result = type_with_face(env->arena, c->result, FACE_TIMESTAMP, -1);
}

static enum status bind_start(struct bind_env *env, struct call *c)
{
	struct start *s = ARENA_NEW(env->arena, struct start);
	const struct type *t = c->arg_types[0];
	uint32_t zone = 1;
	for (size_t i = 0; i < ARRAY_COUNT(names); i++)
		if (strcmp(names[i].name, c->function->name) == 0)
			*s = names[i].start;
	assert(s->n != 0);
	if (s->sunday) {
		/* the week's mode: odd begins on Monday */
		int64_t mode = 0;
		zone = 2;
		if (type_is_string(t))
			t = c->arg_types[0] = type_datetime64(env->arena, 3, NULL);
		if (c->arg_count > 1 && !call_const_i64(c, 1, &mode))
			return call_bad_type(env, c, 1);
		s->sunday = !(mode & 1);
		if (s->anchor == ANCHOR_START && s->sunday)
			s->anchor = ANCHOR_SUNDAY;
	}
	if (!type_is_temporal(t))
		return call_bad_type(env, c, 0);
	if (s->unit < UNIT_DAY && (t->id == TYPE_DATE || t->id == TYPE_DATE32))
		return call_bad_type(env, c, 0);
	TRY(date_zone(env, c, 0, zone, &s->tz));
	c->state = s;
	c->result = start_type(env, t, s, false, c->arg_count > zone ? s->tz : t->tz);
	if (c->arg_count <= zone)
		keep_face(env, c, t);
	return OK;
}

static enum status finish_interval(struct bind_env *env, struct call *c, struct start *s, uint32_t time_arg,
                                   uint32_t zone, bool wide)
{
	const struct type *t = c->arg_types[time_arg];
	bool fraction = s->unit < UNIT_SECOND;
	if (type_is_string(t))
		t = c->arg_types[time_arg] = type_datetime64(env->arena, 3, NULL);
	if (!type_is_temporal(t))
		return call_bad_type(env, c, time_arg);
	if (s->unit < UNIT_DAY && (t->id == TYPE_DATE || t->id == TYPE_DATE32))
		return call_bad_type(env, c, time_arg);
	TRY(date_zone(env, c, time_arg, zone, &s->tz));
	const struct timezone *shown = c->arg_count > zone ? s->tz : t->tz;
	c->state = s;
	if (!fraction) {
		c->result = start_type(env, t, s, wide, shown);
		if (c->arg_count <= zone)
			keep_face(env, c, t);
		return OK;
	}
	unsigned scale = s->unit == UNIT_MILLISECOND ? 3 : s->unit == UNIT_MICROSECOND ? 6 : 9;
	if (t->id != TYPE_DATETIME64)
		return call_bad_type(env, c, time_arg);
	c->result = type_datetime64(env->arena, scale, shown);
	c->exec = exec_start_fraction;
	return OK;
}

/* toStartOfInterval(x, INTERVAL n unit[, zone]) */
static enum status bind_interval(struct bind_env *env, struct call *c)
{
	struct start *s = ARENA_NEW(env->arena, struct start);
	const struct vector *v = c->arg_count > 1 ? c->constants[1] : NULL;
	if (c->arg_count < 2 || c->arg_count > 3)
		return call_bad_count(env, c, "2 or 3");
	if (v == NULL || c->arg_types[1]->id != TYPE_INTERVAL)
		return call_bad_type(env, c, 1);
	if (c->arg_count == 3 && !type_is_string(c->arg_types[2]))
		return ERR(env->err, E_NOT_IMPLEMENTED, "not supported yet: toStartOfInterval with an origin");
	s->unit = v->type->scale;
	s->n = *(const int64_t *)v->data;
	if (s->n <= 0)
		return ERR(env->err, E_ARGUMENT_OUT_OF_BOUND,
		           "Value for second argument of function toStartOfInterval must be positive");
	return finish_interval(env, c, s, 0, 2, false);
}

/* dateTrunc('unit', x[, zone]) */
static enum status bind_trunc(struct bind_env *env, struct call *c)
{
	struct start *s = ARENA_NEW(env->arena, struct start);
	struct str unit;
	if (!call_const_str(c, 0, &unit))
		return call_bad_type(env, c, 0);
	s->unit = date_unit(unit);
	s->n = 1;
	if (s->unit == UNIT_NONE)
		return ERR(env->err, E_BAD_ARGUMENTS, "%.*s doesn't look like datepart name in %.*s", STR_ARG(unit),
		           STR_ARG(c->name));
	return finish_interval(env, c, s, 1, 2, true);
}

static enum status bind_second(struct bind_env *env, struct call *c)
{
	struct start *s = ARENA_NEW(env->arena, struct start);
	if (c->arg_types[0]->id != TYPE_DATETIME64)
		return call_bad_type(env, c, 0);
	*s = (struct start){UNIT_SECOND, ANCHOR_START, 1, false, NULL};
	TRY(date_zone(env, c, 0, 1, &s->tz));
	c->state = s;
	c->result = c->arg_count > 1 ? type_datetime64(env->arena, c->arg_types[0]->scale, s->tz) : c->arg_types[0];
	c->exec = exec_start_fraction;
	return OK;
}

#define START(name, alias, text, sample, answer) \
	FUNCTION_ROW(name, alias, FUNCTION_CH, "*S?", NULL, bind_start, exec_start, text, sample, answer)
#define NOON "toDateTime('2024-05-17 13:45:59', 'UTC')"

static const struct function rows[] = {
	START("toStartOfYear", NULL, "The first day of the year.", "toStartOfYear(toDate('2024-05-17'))", "2024-01-01"),
	START("toStartOfISOYear", NULL, "The first day of the ISO year.", "toStartOfISOYear(toDate('2024-05-17'))",
	      "2024-01-01"),
	START("toStartOfQuarter", NULL, "The first day of the quarter.", "toStartOfQuarter(toDate('2024-05-17'))",
	      "2024-04-01"),
	START("toStartOfMonth", NULL, "The first day of the month.", "toStartOfMonth(toDate('2024-05-17'))", "2024-05-01"),
	START("toLastDayOfMonth", "~LAST_DAY", "The last day of the month.", "toLastDayOfMonth(toDate('2024-02-17'))",
	      "2024-02-29"),
	START("toMonday", NULL, "The Monday on or before it.", "toMonday(toDate('2024-05-17'))", "2024-05-13"),
	FUNCTION_ROW("toStartOfWeek", NULL, FUNCTION_CH, "*J?S?", NULL, bind_start, exec_start,
	             "The first day of the week: Sunday, with an odd mode Monday.", "toStartOfWeek(toDate('2024-05-17'))",
	             "2024-05-12"),
	FUNCTION_ROW("toLastDayOfWeek", NULL, FUNCTION_CH, "*J?S?", NULL, bind_start, exec_start, "The last day of the week.",
	             "toLastDayOfWeek(toDate('2024-05-17'))", "2024-05-18"),
	START("toStartOfDay", NULL, "Midnight.", "toStartOfDay(" NOON ")", "2024-05-17 00:00:00"),
	START("toStartOfHour", NULL, "The full hour.", "toStartOfHour(" NOON ")", "2024-05-17 13:00:00"),
	START("toStartOfMinute", NULL, "The full minute.", "toStartOfMinute(" NOON ")", "2024-05-17 13:45:00"),
	START("toStartOfFiveMinutes", "toStartOfFiveMinute", "Rounded down to 5 minutes.", "toStartOfFiveMinutes(" NOON ")",
	      "2024-05-17 13:45:00"),
	START("toStartOfTenMinutes", NULL, "Rounded down to 10 minutes.", "toStartOfTenMinutes(" NOON ")",
	      "2024-05-17 13:40:00"),
	START("toStartOfFifteenMinutes", NULL, "Rounded down to 15 minutes.", "toStartOfFifteenMinutes(" NOON ")",
	      "2024-05-17 13:45:00"),
	START("timeSlot", NULL, "Rounded down to half an hour.", "timeSlot(" NOON ")", "2024-05-17 13:30:00"),
	FUNCTION_ROW("toStartOfSecond", NULL, FUNCTION_CH, "*S?", NULL, bind_second, exec_start, "The full second.",
	             "toStartOfSecond(toDateTime64('2024-05-17 13:45:59.5', 1, 'UTC'))", "2024-05-17 13:45:59.0"),
	FUNCTION_ROW("toStartOfInterval", "~time_bucket ~date_bin", FUNCTION_CH, NULL, NULL, bind_interval, exec_start,
	             "Rounded down to a multiple of an interval.", "toStartOfInterval(" NOON ", INTERVAL 7 HOUR)",
	             "2024-05-17 07:00:00"),
	FUNCTION_ROW("dateTrunc", "~date_trunc", CH_NOCASE, "S*S?", NULL, bind_trunc, exec_start,
	             "Rounded down to a unit.", "dateTrunc('hour', " NOON ")", "2024-05-17 13:00:00"),
};

FUNCTION_FAMILY(date_start, "Rounding dates and times");
