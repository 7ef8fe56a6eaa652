// SPDX-License-Identifier: Apache-2.0
/* The statement's clock and zones. */
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
	bool wide = strcmp(name, "now64") == 0 || strcmp(name, "nowInBlock64") == 0;
	k->clock = wide ? CLOCK_NOW64 : strcmp(name, "today") == 0 ? CLOCK_TODAY
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
	else if (c->arg_types[0]->tz != NULL) /* its wall clock is that zone's already */
		return call_bad_type(env, c, 0);
	if (c->arg_types[0]->id != TYPE_DATETIME && c->arg_types[0]->id != TYPE_DATETIME64)
		return call_bad_type(env, c, 0);
	TRY(date_zone(env, c, 0, 1, &tz));
	c->state = (void *)(uintptr_t)tz;
	c->result = c->arg_types[0];
	return OK;
}

/* ---- from numbers ---- */

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

#define CLOCK(row_name, row_aliases, row_flags, pattern, text, sample) \
	{.name = row_name, .aliases = row_aliases, .flags = row_flags, .volatility = FUNCTION_STABLE, .args = pattern, \
	 .bind = bind_now, .exec = exec_now, .description = text, .example = sample}

static const struct function rows[] = {
	CLOCK("now", "~current_timestamp", CH_NOCASE, "s?", "The moment at which the statement began.", "now()"),
	CLOCK("now64", NULL, CH_NOCASE, "j?s?", "The moment at which the statement began, as DateTime64.", "now64()"),
	CLOCK("nowInBlock", NULL, CH_NOCASE, "s?", "The moment at which the statement began.", "nowInBlock()"),
	CLOCK("nowInBlock64", NULL, CH_NOCASE, "j?s?", "The moment at which the statement began, as DateTime64.",
	      "nowInBlock64()"),
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
	FUNCTION_ROW("fromUnixTimestamp", "~FROM_UNIXTIME", FUNCTION_CH, "J", "DateTime", NULL, exec_from_unix,
	             "The moment so many seconds after 1970 began.", "fromUnixTimestamp(1715953559)", "2024-05-17 13:45:59"),
};

FUNCTION_FAMILY(date_now, "Clock and zones");
