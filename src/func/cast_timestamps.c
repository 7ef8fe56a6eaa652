// SPDX-License-Identifier: Apache-2.0
/* parseDateTimeBestEffort and its many forms, and 64-bit Unix timestamps. */
#include <assert.h>

#include "func/function.h"

/* ---- best effort ---- */

enum failure { FAIL_ERROR, FAIL_ZERO, FAIL_NULL };

struct best_effort {
	const struct timezone *tz;
	unsigned scale;
	bool wide, us_style;
	enum failure failure;
};

static enum status exec_best_effort(const struct call *c, struct eval *e, const struct vector *const *args,
                                    uint32_t count, struct vector **out)
{
	const struct best_effort *b = c->state;
	const struct timezone *tz = b->tz != NULL ? b->tz : call_zone(NULL, e->session);
	struct str_arg text = str_arg(args[0]);
	struct vector *v;
	enum status s = OK;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count && s == OK; i++) {
		struct str t = str_arg_at(&text, i);
		int64_t ticks = 0;
		bool skipped = eval_skips(e, i);
		bool good = !skipped && (b->us_style ? parse_datetime_best_effort(t, tz, b->scale, true, &ticks)
		                                     : parse_datetime(t, tz, b->scale, true, &ticks));
		if (unlikely(!good)) {
			ticks = 0;
			if (!skipped && b->failure == FAIL_ERROR) {
				s = ERR(e->err, E_CANNOT_PARSE_DATETIME, "Cannot read DateTime: '%.*s' is no date and time",
				        (int)(t.size > 200 ? 200 : t.size), t.data);
			} else if (!skipped && b->failure == FAIL_NULL) {
				s = vector_make_nulls(v, e->track, e->err);
				if (s == OK)
					bit_set(v->nulls, i);
			}
		}
		if (b->wide)
			((int64_t *)v->data)[i] = ticks;
		else
			((uint32_t *)v->data)[i] = (uint32_t)(ticks < 0 ? 0 : ticks > UINT32_MAX ? UINT32_MAX : ticks);
	}
	if (s != OK)
		vector_unref(v);
	else
		*out = v;
	return s;
}

static enum status bind_best_effort(struct bind_env *env, struct call *c)
{
	struct best_effort *b = ARENA_NEW(env->arena, struct best_effort);
	struct str name = str_of(c->function->name), zone;
	uint32_t arg = 1;
	int64_t scale = 3;
	b->wide = str_starts_with(name, STR("parseDateTime64"));
	b->us_style = str_find(name, STR("US")) >= 0;
	b->failure = str_ends_with(name, STR("OrNull")) ? FAIL_NULL : str_ends_with(name, STR("OrZero")) ? FAIL_ZERO
		: FAIL_ERROR;
	if (b->wide && c->arg_count > 1 && call_const_i64(c, 1, &scale))
		arg = 2;
	if (scale < 0 || scale > 9)
		return ERR(env->err, E_ARGUMENT_OUT_OF_BOUND, "Scale %lld of DateTime64 is out of bounds: 0 to 9", (long long)scale);
	if (arg < c->arg_count) {
		if (arg + 1 != c->arg_count || !call_const_str(c, arg, &zone))
			return call_bad_type(env, c, arg);
		TRY(timezone_find(zone, &b->tz, env->err));
	}
	b->scale = b->wide ? (unsigned)scale : 0;
	c->result = b->wide ? type_datetime64(env->arena, b->scale, b->tz) : type_datetime(env->arena, b->tz);
	if (b->failure == FAIL_NULL)
		c->result = type_nullable(env->arena, c->result);
	c->state = b;
	return OK;
}

/* ---- Unix timestamps ---- */

static unsigned scale_of_name(struct str name)
{
	return str_ends_with(name, STR("Nano")) ? 9 : str_ends_with(name, STR("Micro")) ? 6 : str_ends_with(name, STR("Milli"))
		? 3 : 0;
}

static enum status bind_from_unix(struct bind_env *env, struct call *c)
{
	const struct timezone *tz = NULL;
	struct str zone;
	if (c->arg_count == 2) {
		if (!call_const_str(c, 1, &zone))
			return call_bad_type(env, c, 1);
		TRY(timezone_find(zone, &tz, env->err));
	}
	c->result = type_datetime64(env->arena, scale_of_name(str_of(c->function->name)), tz);
	return OK;
}

static enum status exec_from_unix(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	TRY(call_result(c, e, count, out));
	memcpy((*out)->data, args[0]->data, count * sizeof(int64_t));
	return OK;
}

static enum status bind_to_unix(struct bind_env *env, struct call *c)
{
	return c->arg_types[0]->id == TYPE_DATETIME64 ? OK : call_bad_type(env, c, 0);
}

static enum status exec_to_unix(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                                struct vector **out)
{
	unsigned from = args[0]->type->scale, to = scale_of_name(str_of(c->function->name));
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	int64_t *ticks = v->data;
	memcpy(ticks, args[0]->data, count * sizeof *ticks);
	int64_t factor = (int64_t)pow10_u64(from > to ? from - to : to - from);
	for (uint32_t i = 0; i < count; i++) {
		if (from > to) {
			ticks[i] /= factor;
		} else if (__builtin_mul_overflow(ticks[i], factor, &ticks[i]) && !eval_skips(e, i)) {
			vector_unref(v);
			return ERR(e->err, E_DECIMAL_OVERFLOW, "Timestamp is out of the range of %.*s", STR_ARG(c->name));
		}
	}
	*out = v;
	return OK;
}

#define BEST_EFFORT(fname, args_, value, answer, zero) \
	{.name = fname, .flags = FUNCTION_CH, .args = args_, .bind = bind_best_effort, .exec = exec_best_effort, \
	 .description = "Reads a date and time in any of many forms.", .example = fname "(" value ")", \
	 .example_result = answer}, \
	{.name = fname "OrZero", .flags = FUNCTION_CH, .args = args_, .bind = bind_best_effort, .exec = exec_best_effort, \
	 .description = "Reads a date and time in any of many forms; the epoch where there is none.", \
	 .example = fname "OrZero('?')", .example_result = zero}, \
	{.name = fname "OrNull", .flags = FUNCTION_CH, .args = args_, .bind = bind_best_effort, .exec = exec_best_effort, \
	 .description = "Reads a date and time in any of many forms; NULL where there is none.", \
	 .example = fname "OrNull('?')", .example_result = "\\N"}
#define FROM_UNIX(unit, value, answer) \
	{.name = "fromUnixTimestamp64" unit, .flags = FUNCTION_CH, .args = "Jz?", .bind = bind_from_unix, \
	 .exec = exec_from_unix, \
	 .description = "The time of a Unix timestamp.", .example = "fromUnixTimestamp64" unit "(" value ", 'UTC')", \
	 .example_result = answer}
#define TO_UNIX(unit, answer) \
	{.name = "toUnixTimestamp64" unit, .flags = FUNCTION_CH, .args = "C", .result = "Int64", .bind = bind_to_unix, \
	 .exec = exec_to_unix, .description = "The Unix timestamp of a time.", \
	 .example = "toUnixTimestamp64" unit "(toDateTime64('2023-11-14 22:13:20.123456', 6, 'UTC'))", \
	 .example_result = answer}

static const struct function rows[] = {
	BEST_EFFORT("parseDateTimeBestEffort", "Tz?", "'Sat, 18 Aug 2018 07:22:16 GMT'", "2018-08-18 07:22:16",
	            "1970-01-01 00:00:00"),
	BEST_EFFORT("parseDateTimeBestEffortUS", "Tz?", "'01/02/2020 10:00:00'", "2020-01-02 10:00:00", "1970-01-01 00:00:00"),
	BEST_EFFORT("parseDateTime32BestEffort", "Tz?", "'2020-01-01'", "2020-01-01 00:00:00", "1970-01-01 00:00:00"),
	BEST_EFFORT("parseDateTime64BestEffort", "T*?*?", "'2020-01-01T10:00:00.5Z'", "2020-01-01 10:00:00.500",
	            "1970-01-01 00:00:00.000"),
	BEST_EFFORT("parseDateTime64BestEffortUS", "T*?*?", "'01/02/2020 10:00:00.123'", "2020-01-02 10:00:00.123",
	            "1970-01-01 00:00:00.000"),
	FROM_UNIX("Second", "5", "1970-01-01 00:00:05"),
	FROM_UNIX("Milli", "1700000000123", "2023-11-14 22:13:20.123"),
	FROM_UNIX("Micro", "1700000000123456", "2023-11-14 22:13:20.123456"),
	FROM_UNIX("Nano", "1700000000123456789", "2023-11-14 22:13:20.123456789"),
	TO_UNIX("Second", "1700000000"),
	TO_UNIX("Milli", "1700000000123"),
	TO_UNIX("Micro", "1700000000123456"),
	TO_UNIX("Nano", "1700000000123456000"),
};

FUNCTION_FAMILY(timestamps, "Timestamps from text and numbers");
