// SPDX-License-Identifier: Apache-2.0
/* Times with one field changed; runs of times. */
#include "func/date_impl.h"

struct change {
	enum interval_unit unit;
	const struct timezone *tz;
	int64_t low, high;   /* seconds, or days, of the result's type */
	unsigned scale;      /* of the argument and of the result */
};

/* The local time with the field changed; false below, true with *high set above what there is. */
static bool change_local(enum interval_unit unit, int64_t value, int64_t local, int64_t *out)
{
	int64_t days = floor_div(local, DAY_SECONDS), second = local - days * DAY_SECONDS;
	struct civil_date d = days_to_civil(days);
	switch (unit) {
	case UNIT_YEAR:
		value = value < -9999 ? -9999 : value > 9999 ? 9999 : value;
		days = civil_to_days((int32_t)value, d.month, 1) + d.day - 1;
		break;
	case UNIT_MONTH:
		if (value < 1 || value > 12)
			return false;
		days = civil_to_days(d.year, (unsigned)value, 1) + d.day - 1;
		break;
	case UNIT_DAY:
		if (value < 1 || value > 31)
			return false;
		days = civil_to_days(d.year, d.month, 1) + value - 1;
		break;
	case UNIT_HOUR:
		if (value < 0 || value > 23)
			return false;
		second = second % 3600 + value * 3600;
		break;
	case UNIT_MINUTE:
		if (value < 0 || value > 59)
			return false;
		second = second / 3600 * 3600 + value * 60 + second % 60;
		break;
	default:
		if (value < 0 || value > 59)
			return false;
		second = second / 60 * 60 + value;
	}
	*out = days * DAY_SECONDS + second;
	return true;
}

static enum status exec_change(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	const struct change *how = c->state;
	struct i64_arg value = i64_arg(args[1]);
	struct date_chunk *chunk = ARENA_NEW(e->scratch, struct date_chunk);
	bool date = c->result->id == TYPE_DATE || c->result->id == TYPE_DATE32;
	int64_t ticks = c->result->id == TYPE_DATETIME64 ? (int64_t)pow10_u64(c->result->scale) : 1;
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t from = 0; from < count; from += DATE_CHUNK) {
		uint32_t n = count - from < DATE_CHUNK ? count - from : DATE_CHUNK;
		date_load(args[0], from, n, how->tz, chunk);
		for (uint32_t i = 0; i < n; i++) {
			int64_t r = how->low, local;
			if (change_local(how->unit, i64_arg_at(&value, from + i), chunk->local[i], &local)) {
				r = date ? floor_div(local, DAY_SECONDS) : timezone_to_utc(how->tz, local);
				r = r < how->low ? how->low : r > how->high ? how->high : r;
			}
			if (c->result->id == TYPE_DATETIME64)
				((int64_t *)v->data)[from + i] = r * ticks + (r == how->low ? 0 : chunk->fraction[i]);
			else
				date_store(v, from + i, 1, &r);
		}
	}
	*out = v;
	return OK;
}

static enum status bind_change(struct bind_env *env, struct call *c)
{
	struct change *how = ARENA_NEW(env->arena, struct change);
	const struct type *t = c->arg_types[0];
	how->unit = date_unit(str_of(c->function->name + strlen("change")));
	bool date = t->id == TYPE_DATE || t->id == TYPE_DATE32, time = how->unit < UNIT_DAY;
	if (date && time)
		c->result = t->id == TYPE_DATE ? type_datetime(env->arena, NULL) : type_datetime64(env->arena, 3, NULL);
	else
		c->result = t;
	how->tz = call_zone(t, env->session);
	switch (c->result->id) {
	case TYPE_DATE:
		how->high = UINT16_MAX;
		break;
	case TYPE_DATE32:
		how->low = civil_to_days(1900, 1, 1);
		how->high = civil_to_days(2299, 12, 31);
		break;
	case TYPE_DATETIME:
		how->high = UINT32_MAX;
		break;
	default:
		how->low = civil_to_days(0, 1, 1) * DAY_SECONDS;
		how->high = civil_to_days(9999, 12, 31) * DAY_SECONDS + DAY_SECONDS - 1;
		if (c->result->scale > 8) { /* what 64 bits hold */
			how->low = INT64_MIN / 1000000000 + 1;
			how->high = INT64_MAX / 1000000000 - 1;
		}
	}
	c->state = how;
	return OK;
}

/* ---- timeSlots(start, duration[, size]) ---- */

struct slots {
	int64_t size;                       /* in ticks of `scale` */
	unsigned scale, time_scale, duration_scale;
};

enum { SLOTS_MAX = 100000000 };

static enum status exec_slots(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	const struct slots *how = c->state;
	int64_t ft = (int64_t)pow10_u64(how->scale - how->time_scale);
	int64_t fd = (int64_t)pow10_u64(how->scale - how->duration_scale);
	uint32_t *offsets = ARENA_ARRAY(e->scratch, uint32_t, count + 2);
	int64_t *starts = ARENA_ARRAY(e->scratch, int64_t, count + 1);
	bool narrow = c->result->children[0]->id == TYPE_DATETIME;
	struct i64_arg durations = i64_arg(args[1]);
	uint64_t total = 0;
	struct vector *child, *v = NULL;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = args[0]->form == VECTOR_CONST ? 0 : i;
		int64_t t = narrow ? ((const uint32_t *)args[0]->data)[at] : ((const int64_t *)args[0]->data)[at], from, to;
		bool over = __builtin_mul_overflow(t, ft, &t) || __builtin_mul_overflow(i64_arg_at(&durations, i), fd, &to) ||
		            __builtin_add_overflow(to, t, &to);
		from = floor_div(t, how->size);
		starts[i] = from * how->size;
		to = over || eval_skips(e, i) ? from - 1 : floor_div(to, how->size);
		if (over && !eval_skips(e, i))
			return ERR(e->err, E_DECIMAL_OVERFLOW, "Decimal math overflow");
		total += to < from ? 0 : (uint64_t)(to - from) + 1;
		if (total > SLOTS_MAX)
			return ERR(e->err, E_TOO_LARGE_ARRAY_SIZE, "Function %.*s would give more than %d times", STR_ARG(c->name),
			           SLOTS_MAX);
		offsets[i + 1] = (uint32_t)total;
	}
	TRY(vector_new(e->track, c->result->children[0], (uint32_t)total, &child, e->err));
	for (uint32_t i = 0; i < count; i++)
		for (uint32_t k = offsets[i]; k < offsets[i + 1]; k++) {
			int64_t slot = starts[i] + (int64_t)(k - offsets[i]) * how->size;
			if (narrow)
				((uint32_t *)child->data)[k] = (uint32_t)slot;
			else
				((int64_t *)child->data)[k] = slot;
		}
	enum status s = call_result(c, e, count, &v);
	if (s != OK) {
		vector_unref(child);
		return s;
	}
	memcpy(v->data, offsets, (count + 1) * sizeof *offsets);
	v->children[0] = child;
	*out = v;
	return OK;
}

static enum status bind_slots(struct bind_env *env, struct call *c)
{
	struct slots *how = ARENA_NEW(env->arena, struct slots);
	const struct type *t = c->arg_types[0], *d = c->arg_types[1];
	bool wide = t->id == TYPE_DATETIME64;
	double size = 1800;
	if (!wide && t->id != TYPE_DATETIME)
		return call_bad_type(env, c, 0);
	if (wide ? d->id != TYPE_DECIMAL64 : d->id != TYPE_UINT32)
		return call_bad_type(env, c, 1);
	if (c->arg_count > 2 && !call_const_f64(c, 2, &size))
		return call_bad_type(env, c, 2);
	unsigned size_scale = wide && c->arg_count > 2 && type_is_decimal(c->arg_types[2]) ? c->arg_types[2]->scale : 0;
	how->time_scale = wide ? t->scale : 0;
	how->duration_scale = wide ? d->scale : 0;
	how->scale = how->time_scale > how->duration_scale ? how->time_scale : how->duration_scale;
	how->scale = size_scale > how->scale ? size_scale : how->scale;
	if (how->scale > 9)
		return ERR(env->err, E_ARGUMENT_OUT_OF_BOUND, "Scales of function %.*s must not exceed 9", STR_ARG(c->name));
	size *= (double)pow10_u64(how->scale);
	if (!(size >= 1 && size < 1e18))
		return ERR(env->err, E_ILLEGAL_COLUMN, "Third argument for function %.*s must be greater than zero",
		           STR_ARG(c->name));
	how->size = (int64_t)(size + 0.5);
	c->arg_types[1] = wide ? d : type_simple(TYPE_INT64);
	c->result = type_array(env->arena, wide ? type_datetime64(env->arena, how->scale, t->tz) : t);
	c->state = how;
	return OK;
}

#define CHANGE(unit, text, sample, answer) \
	FUNCTION_ROW("change" unit, NULL, FUNCTION_CH, "EJ", NULL, bind_change, exec_change, text, sample, answer)

static const struct function rows[] = {
	CHANGE("Year", "With another year.", "changeYear(toDate('2024-05-17'), 2020)", "2020-05-17"),
	CHANGE("Month", "With another month.", "changeMonth(toDate('2024-05-17'), 2)", "2024-02-17"),
	CHANGE("Day", "With another day of the month.", "changeDay(toDate('2024-05-17'), 5)", "2024-05-05"),
	CHANGE("Hour", "With another hour.", "changeHour(toDate('2024-05-17'), 7)", "2024-05-17 07:00:00"),
	CHANGE("Minute", "With another minute.", "changeMinute(toDate('2024-05-17'), 7)", "2024-05-17 00:07:00"),
	CHANGE("Second", "With another second.", "changeSecond(toDate('2024-05-17'), 7)", "2024-05-17 00:00:07"),
	FUNCTION_ROW("timeSlots", NULL, FUNCTION_CH, "***?", NULL, bind_slots, exec_slots,
	             "The starts of the spans of a size that a duration from a time on touches.",
	             "timeSlots(toDateTime('2024-05-17 13:45:59', 'UTC'), toUInt32(600), 300)",
	             "['2024-05-17 13:45:00','2024-05-17 13:50:00','2024-05-17 13:55:00']"),
};

FUNCTION_FAMILY(date_change, "Changed fields, runs of times");
