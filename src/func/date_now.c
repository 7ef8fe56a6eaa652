// SPDX-License-Identifier: Apache-2.0
/* The statement's clock, zones, and times from numbers. */
#include <assert.h>

#include "func/date_impl.h"

/* ---- now ---- */

enum clock { CLOCK_NOW, CLOCK_NOW64, CLOCK_TODAY, CLOCK_YESTERDAY };
struct now {
	enum clock clock;
	const struct timezone *tz;
};

static enum status exec_now(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                            struct vector **out)
{
	const struct now *k = c->state;
	int64_t ns = e->session->now_ns, seconds = floor_div(ns, 1000000000);
	struct vector *v;
	TRY(call_result(c, e, 1, &v));
	switch (k->clock) {
	case CLOCK_NOW:
		*(uint32_t *)v->data = (uint32_t)seconds;
		break;
	case CLOCK_NOW64:
		*(int64_t *)v->data = floor_div(ns, (int64_t)pow10_u64(9 - c->result->scale));
		break;
	default:
		*(uint16_t *)v->data = (uint16_t)(floor_div(seconds + timezone_offset(k->tz, seconds), DAY_SECONDS) -
		                                  (k->clock == CLOCK_YESTERDAY));
	}
	v->form = VECTOR_CONST;
	v->count = count;
	*out = v;
	return OK;
}

static enum status bind_now(struct bind_env *env, struct call *c)
{
	struct now *k = ARENA_NEW(env->arena, struct now);
	const char *name = c->function->name;
	const struct timezone *tz = NULL;
	int64_t scale = 3;
	uint32_t zone = 0;
	k->clock = strcmp(name, "now64") == 0 ? CLOCK_NOW64 : strcmp(name, "today") == 0 ? CLOCK_TODAY
	           : strcmp(name, "yesterday") == 0 ? CLOCK_YESTERDAY : CLOCK_NOW;
	if (k->clock == CLOCK_NOW64) {
		if (c->arg_count > 0 && !call_const_i64(c, 0, &scale))
			return call_bad_type(env, c, 0);
		if (scale < 0 || scale > 9)
			return ERR(env->err, E_ARGUMENT_OUT_OF_BOUND,
			           "Scale %lld is too large for DateTime64. Maximum is up to nanoseconds (9).", (long long)scale);
		zone = 1;
	}
	if (c->arg_count > zone)
		TRY(date_zone(env, c, UINT32_MAX, zone, &tz));
	if (strcmp(name, "UTCTimestamp") == 0)
		tz = timezone_utc();
	k->tz = tz != NULL ? tz : call_zone(NULL, env->session);
	c->result = k->clock == CLOCK_NOW64 ? type_datetime64(env->arena, (unsigned)scale, tz)
	            : k->clock == CLOCK_NOW ? type_datetime(env->arena, tz) : type_simple(TYPE_DATE);
	c->state = k;
	return OK;
}

/* ---- zones ---- */

static enum status exec_text(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const struct str *text = c->state;
	return call_text(c, e, *text, count, out);
}

static enum status bind_zone_name(struct bind_env *env, struct call *c)
{
	struct str *text = ARENA_NEW(env->arena, struct str);
	const struct type *t = c->arg_count == 0 ? NULL : c->arg_types[0];
	if (t != NULL && t->id != TYPE_DATETIME && t->id != TYPE_DATETIME64)
		return call_bad_type(env, c, 0);
	*text = timezone_name(call_zone(t, env->session));
	c->state = text;
	return OK;
}

static enum status exec_retype(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	const uint32_t *which = c->state;
	return vector_retype(args[*which], c->result, out, e->err);
}

/* toTimeZone(x, zone), and x AT TIME ZONE zone, which comes as timezone(zone, x). */
static enum status bind_to_zone(struct bind_env *env, struct call *c)
{
	uint32_t *which = ARENA_NEW(env->arena, uint32_t);
	const struct timezone *tz;
	*which = strcmp(c->function->name, "timezone") == 0;
	const struct type *t = c->arg_types[*which];
	if (t->id != TYPE_DATETIME && t->id != TYPE_DATETIME64)
		return call_bad_type(env, c, *which);
	TRY(date_zone(env, c, *which, !*which, &tz));
	c->result = t->id == TYPE_DATETIME ? type_datetime(env->arena, tz) : type_datetime64(env->arena, t->scale, tz);
	c->state = which;
	return OK;
}

/* The wall clock of one zone read as UTC's, and back. */
static enum status exec_shift_zone(const struct call *c, struct eval *e, const struct vector *const *args,
                                   uint32_t count, struct vector **out)
{
	const struct timezone *tz = c->state;
	bool to_utc = str_starts_with(str_of(c->function->name), STR("to"));
	struct date_chunk *chunk = ARENA_NEW(e->scratch, struct date_chunk);
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	int64_t scale = c->result->id == TYPE_DATETIME64 ? (int64_t)pow10_u64(c->result->scale) : 1;
	for (uint32_t from = 0; from < count; from += DATE_CHUNK) {
		uint32_t n = count - from < DATE_CHUNK ? count - from : DATE_CHUNK;
		date_load(args[0], from, n, timezone_utc(), chunk);
		for (uint32_t i = 0; i < n; i++) {
			int64_t s = to_utc ? timezone_to_utc(tz, chunk->utc[i]) : chunk->utc[i] + timezone_offset(tz, chunk->utc[i]);
			if (v->type->id == TYPE_DATETIME)
				((uint32_t *)v->data)[from + i] = (uint32_t)s;
			else
				((int64_t *)v->data)[from + i] = s * scale + chunk->fraction[i];
		}
	}
	*out = v;
	return OK;
}

static enum status bind_shift_zone(struct bind_env *env, struct call *c)
{
	const struct timezone *tz;
	if (type_is_string(c->arg_types[0]))
		c->arg_types[0] = type_datetime64(env->arena, 3, timezone_utc());
	if (c->arg_types[0]->id != TYPE_DATETIME && c->arg_types[0]->id != TYPE_DATETIME64)
		return call_bad_type(env, c, 0);
	TRY(date_zone(env, c, 0, 1, &tz));
	c->state = (void *)(uintptr_t)tz;
	c->result = c->arg_types[0];
	return OK;
}

/* ---- from numbers ---- */

struct make {
	bool wide_date, with_time, wide_time;
	unsigned scale;
	const struct timezone *tz;
};

static enum status exec_make(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const struct make *m = c->state;
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		int64_t f[7] = {1970, 1, 1, 0, 0, 0, 0}, days = 0, value = 0;
		uint32_t n = c->arg_count < 7 ? c->arg_count : 7;
		for (uint32_t k = 0; k < n && !(m->with_time && k > 6); k++) {
			struct i64_arg a = i64_arg(args[k]);
			if (type_physical(args[k]->type) == PHYS_I64)
				f[k] = i64_arg_at(&a, i);
		}
		bool good = f[0] >= 1900 && f[0] <= 2299 && f[3] >= 0 && f[3] < 24 && f[4] >= 0 && f[4] < 60 && f[5] >= 0 &&
			f[5] < 60;
		if (c->arg_count == 2 && !m->with_time) {
			days = civil_to_days((int32_t)(good ? f[0] : 1970), 1, 1) + f[1] - 1;
			good = good && f[1] >= 1 && f[1] <= 365 + civil_is_leap((int32_t)f[0]);
		} else {
			good = good && f[1] >= 1 && f[1] <= 12 && f[2] >= 1;
			good = good && f[2] <= civil_days_in_month((int32_t)f[0], (unsigned)f[1]);
			days = good ? civil_to_days((int32_t)f[0], (unsigned)f[1], (unsigned)f[2]) : 0;
		}
		if (m->with_time) {
			int64_t local = days * DAY_SECONDS + f[3] * 3600 + f[4] * 60 + f[5];
			value = good ? timezone_to_utc(m->tz, local) : 0;
			good = good && (m->wide_time || (value >= 0 && value <= UINT32_MAX));
		} else {
			value = good ? days : 0;
			good = good && (m->wide_date || (value >= 0 && value <= UINT16_MAX));
		}
		if (!good)
			value = 0;
		if (m->with_time && m->wide_time)
			((int64_t *)v->data)[i] = value * (int64_t)pow10_u64(m->scale) + (good ? f[6] : 0);
		else
			date_store(v, i, 1, &value);
	}
	*out = v;
	return OK;
}

static enum status bind_make(struct bind_env *env, struct call *c)
{
	struct make *m = ARENA_NEW(env->arena, struct make);
	struct str name = str_of(c->function->name);
	int64_t scale = 3;
	uint32_t zone = UINT32_MAX;
	m->with_time = str_starts_with(name, STR("makeDateTime"));
	m->wide_time = str_eq(name, STR("makeDateTime64"));
	m->wide_date = str_eq(name, STR("makeDate32"));
	if (m->with_time)
		zone = m->wide_time ? 8 : 6;
	else if (c->arg_count > 3)
		return call_bad_count(env, c, "2 or 3");
	for (uint32_t i = 0; i < c->arg_count && i < zone && i < 7; i++) {
		if (!type_is_number(c->arg_types[i]))
			return call_bad_type(env, c, i);
		c->arg_types[i] = type_simple(TYPE_INT64);
	}
	if (m->wide_time && c->arg_count > 7 && !call_const_i64(c, 7, &scale))
		return call_bad_type(env, c, 7);
	const struct timezone *tz = NULL;
	if (c->arg_count > zone)
		TRY(date_zone(env, c, UINT32_MAX, zone, &tz));
	m->tz = tz != NULL ? tz : call_zone(NULL, env->session);
	m->scale = (unsigned)scale;
	c->result = m->wide_time ? type_datetime64(env->arena, m->scale, tz) : m->with_time ? type_datetime(env->arena, tz)
	            : type_simple(m->wide_date ? TYPE_DATE32 : TYPE_DATE);
	c->state = m;
	return OK;
}

static enum status exec_from_unix(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	struct i64_arg a = i64_arg(args[0]);
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++)
		((uint32_t *)v->data)[i] = (uint32_t)i64_arg_at(&a, i);
	*out = v;
	return OK;
}

static enum status exec_from_days(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	struct i64_arg a = i64_arg(args[0]);
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		int64_t days = i64_arg_at(&a, i) - 719528;
		date_store(v, i, 1, &days);
	}
	*out = v;
	return OK;
}

#define CLOCK(row_name, row_aliases, row_flags, pattern, text, sample) \
	{.name = row_name, .aliases = row_aliases, .flags = row_flags, .volatility = FUNCTION_STABLE, .args = pattern, \
	 .bind = bind_now, .exec = exec_now, .description = text, .example = sample}

static const struct function rows[] = {
	CLOCK("now", "~current_timestamp", CH_NOCASE, "s?", "The moment at which the statement began.", "now()"),
	CLOCK("now64", NULL, CH_NOCASE, "j?s?", "The moment at which the statement began, as DateTime64.", "now64()"),
	CLOCK("nowInBlock", NULL, CH_NOCASE, "s?", "The moment at which the statement began.", "nowInBlock()"),
	CLOCK("UTCTimestamp", "~UTC_timestamp", CH_NOCASE, "", "The moment at which the statement began, in UTC.",
	      "UTCTimestamp()"),
	CLOCK("today", "~current_date ~curdate", CH_NOCASE, "", "The date on which the statement began.", "today()"),
	CLOCK("yesterday", NULL, FUNCTION_CH, "", "The date before today.", "yesterday()"),
	{.name = "timezone", .flags = CH_NOCASE, .volatility = FUNCTION_STABLE, .args = "", .result = "String",
	 .bind = bind_zone_name, .exec = exec_text, .description = "The session's time zone.", .example = "timezone()"},
	{.name = "serverTimezone", .aliases = "serverTimeZone", .flags = FUNCTION_CH, .volatility = FUNCTION_STABLE,
	 .args = "", .result = "String", .bind = bind_zone_name, .exec = exec_text, .description = "The server's time zone.",
	 .example = "serverTimezone()"},
	FUNCTION_ROW("timezoneOf", "timeZoneOf", FUNCTION_CH, "*", "String", bind_zone_name, exec_text, "The zone of a time.",
	             "timezoneOf(toDateTime('2024-05-17 13:45:59', 'Asia/Tokyo'))", "Asia/Tokyo"),
	FUNCTION_ROW("toTimezone", "toTimeZone", FUNCTION_CH, "*s", NULL, bind_to_zone, exec_retype,
	             "The same moment shown in another zone.",
	             "toTimezone(toDateTime('2024-05-17 13:45:59', 'UTC'), 'Asia/Tokyo')", "2024-05-17 22:45:59"),
	FUNCTION_ROW("timezone", NULL, FUNCTION_CH, "s*", NULL, bind_to_zone, exec_retype,
	             "The same moment shown in another zone: x AT TIME ZONE z.",
	             "timezone('Asia/Tokyo', toDateTime('2024-05-17 13:45:59', 'UTC'))", NULL),
	FUNCTION_ROW("toUTCTimestamp", "~to_utc_timestamp", FUNCTION_CH, "*s", NULL, bind_shift_zone, exec_shift_zone,
	             "A wall clock of a zone as UTC has it.",
	             	"toUTCTimestamp(toDateTime('2024-05-17 13:45:59'), 'Asia/Tokyo')",
	             "2024-05-17 04:45:59"),
	FUNCTION_ROW("fromUTCTimestamp", "~from_utc_timestamp", FUNCTION_CH, "*s", NULL, bind_shift_zone, exec_shift_zone,
	             "A wall clock of UTC as a zone has it.",
	             	"fromUTCTimestamp(toDateTime('2024-05-17 13:45:59'), 'Asia/Tokyo')",
	             "2024-05-17 22:45:59"),
	FUNCTION_ROW("makeDate", NULL, CH_NOCASE, "**+", NULL, bind_make, exec_make,
	             "A Date of year, month and day, or of year and day of the year.", "makeDate(2024, 5, 17)", "2024-05-17"),
	FUNCTION_ROW("makeDate32", NULL, FUNCTION_CH, "**+", NULL, bind_make, exec_make, "A Date32 of year, month and day.",
	             "makeDate32(1955, 5, 17)", "1955-05-17"),
	FUNCTION_ROW("makeDateTime", NULL, FUNCTION_CH, "*******?", NULL, bind_make, exec_make,
	             "A DateTime of six fields.", "makeDateTime(2024, 5, 17, 13, 45, 59)", "2024-05-17 13:45:59"),
	FUNCTION_ROW("makeDateTime64", NULL, FUNCTION_CH, "*******?*?*?", NULL, bind_make, exec_make,
	             "A DateTime64 of its fields.", "makeDateTime64(2024, 5, 17, 13, 45, 59, 123)", "2024-05-17 13:45:59.123"),
	FUNCTION_ROW("fromUnixTimestamp", "~FROM_UNIXTIME", FUNCTION_CH, "J", "DateTime", NULL, exec_from_unix,
	             "The moment so many seconds after 1970 began.", "fromUnixTimestamp(1715953559)", "2024-05-17 13:45:59"),
	FUNCTION_ROW("fromDaysSinceYearZero", "~FROM_DAYS", FUNCTION_CH, "J", "Date", NULL, exec_from_days,
	             "The date so many days after 0000-01-01.", "fromDaysSinceYearZero(739388)", "2024-05-17"),
};

FUNCTION_FAMILY(date_now, "Clock, zones, and times from numbers");
