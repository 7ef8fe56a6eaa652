// SPDX-License-Identifier: Apache-2.0
/* What the date families share. */
#include <assert.h>

#include "func/date_impl.h"

void date_load(const struct vector *v, uint32_t from, uint32_t n, const struct timezone *tz, struct date_chunk *out)
{
	bool constant = v->form == VECTOR_CONST;
	uint32_t step = constant ? 0 : 1, at = constant ? 0 : from;
	int64_t lower = 1, upper = 0, offset = 0;
	memset(out->fraction, 0, n * sizeof *out->fraction);
	if (v->type->id == TYPE_DATE || v->type->id == TYPE_DATE32) {
		bool wide = v->type->id == TYPE_DATE32, utc = timezone_is_utc(tz);
		for (uint32_t i = 0; i < n; i++) {
			int64_t days = wide ? ((const int32_t *)v->data)[at + i * step] : ((const uint16_t *)v->data)[at + i * step];
			out->local[i] = days * DAY_SECONDS;
			out->utc[i] = utc ? out->local[i] : timezone_to_utc(tz, out->local[i]);
		}
		return;
	}
	if (v->type->id == TYPE_DATETIME) {
		for (uint32_t i = 0; i < n; i++)
			out->utc[i] = ((const uint32_t *)v->data)[at + i * step];
	} else {
		assert(v->type->id == TYPE_DATETIME64);
		int64_t scale = (int64_t)pow10_u64(v->type->scale);
		for (uint32_t i = 0; i < n; i++) {
			int64_t ticks = ((const int64_t *)v->data)[at + i * step], s = floor_div(ticks, scale);
			out->utc[i] = s;
			out->fraction[i] = ticks - s * scale;
		}
	}
	if (timezone_is_utc(tz)) {
		memcpy(out->local, out->utc, n * sizeof *out->local);
		return;
	}
	for (uint32_t i = 0; i < n; i++) {
		if (out->utc[i] < lower || out->utc[i] >= upper)
			offset = timezone_span(tz, out->utc[i], &lower, &upper);
		out->local[i] = out->utc[i] + offset;
	}
}

enum status date_zone(struct bind_env *env, const struct call *c, uint32_t time_arg, uint32_t zone_arg,
                      const struct timezone **out)
{
	struct str name;
	if (zone_arg < c->arg_count) {
		if (!call_const_str(c, zone_arg, &name))
			return call_bad_type(env, c, zone_arg);
		return timezone_find(name, out, env->err);
	}
	*out = call_zone(time_arg < c->arg_count ? c->arg_types[time_arg] : NULL, env->session);
	return OK;
}

const struct timezone *date_zone_pg(const struct type *t, const struct eval_session *session)
{
	if (type_face(t) == FACE_TIMESTAMPTZ)
		return session->tz != NULL ? session->tz : timezone_utc();
	return timezone_utc();
}

static inline int64_t clamp(int64_t v, int64_t low, int64_t high)
{
	return v < low ? low : v > high ? high : v;
}

void date_store(struct vector *to, uint32_t from, uint32_t n, const int64_t *values)
{
	switch (to->type->id) {
	case TYPE_DATE:
		for (uint32_t i = 0; i < n; i++)
			((uint16_t *)to->data)[from + i] = (uint16_t)clamp(values[i], 0, UINT16_MAX);
		return;
	case TYPE_DATE32:
		for (uint32_t i = 0; i < n; i++)
			((int32_t *)to->data)[from + i] = (int32_t)values[i];
		return;
	case TYPE_DATETIME:
		for (uint32_t i = 0; i < n; i++)
			((uint32_t *)to->data)[from + i] = (uint32_t)clamp(values[i], 0, UINT32_MAX);
		return;
	default: {
		int64_t scale = (int64_t)pow10_u64(to->type->scale);
		assert(to->type->id == TYPE_DATETIME64);
		for (uint32_t i = 0; i < n; i++)
			((int64_t *)to->data)[from + i] = values[i] * scale;
	}
	}
}

enum interval_unit date_unit(struct str name)
{
	static const struct {
		const char *name;
		enum interval_unit unit;
	} units[] = {
		{"year", UNIT_YEAR}, {"years", UNIT_YEAR}, {"yyyy", UNIT_YEAR}, {"yy", UNIT_YEAR}, {"quarter", UNIT_QUARTER},
		{"quarters", UNIT_QUARTER}, {"qq", UNIT_QUARTER}, {"q", UNIT_QUARTER}, {"month", UNIT_MONTH}, {"months", UNIT_MONTH},
		{"mon", UNIT_MONTH}, {"mons", UNIT_MONTH}, {"mm", UNIT_MONTH}, {"m", UNIT_MONTH}, {"week", UNIT_WEEK},
		{"weeks", UNIT_WEEK}, {"wk", UNIT_WEEK}, {"ww", UNIT_WEEK}, {"day", UNIT_DAY}, {"days", UNIT_DAY}, {"dd", UNIT_DAY},
		{"d", UNIT_DAY}, {"hour", UNIT_HOUR}, {"hours", UNIT_HOUR}, {"hh", UNIT_HOUR}, {"h", UNIT_HOUR},
		{"minute", UNIT_MINUTE}, {"minutes", UNIT_MINUTE}, {"min", UNIT_MINUTE}, {"mi", UNIT_MINUTE}, {"n", UNIT_MINUTE},
		{"second", UNIT_SECOND}, {"seconds", UNIT_SECOND}, {"sec", UNIT_SECOND}, {"ss", UNIT_SECOND}, {"s", UNIT_SECOND},
		{"millisecond", UNIT_MILLISECOND}, {"milliseconds", UNIT_MILLISECOND}, {"ms", UNIT_MILLISECOND},
		{"microsecond", UNIT_MICROSECOND}, {"microseconds", UNIT_MICROSECOND}, {"us", UNIT_MICROSECOND},
		{"u", UNIT_MICROSECOND}, {"nanosecond", UNIT_NANOSECOND}, {"nanoseconds", UNIT_NANOSECOND}, {"ns", UNIT_NANOSECOND},
	};
	for (size_t i = 0; i < ARRAY_COUNT(units); i++)
		if (str_eq_nocase(name, str_of(units[i].name)))
			return units[i].unit;
	return UNIT_NONE;
}

unsigned date_week(int64_t days, unsigned mode, bool week_year, int32_t *year)
{
	struct civil_date d = days_to_civil(days);
	bool monday = mode & 1, first_weekday = monday ? (mode & 4) != 0 : (mode & 4) == 0;
	int64_t january = civil_to_days(d.year, 1, 1);
	week_year = week_year || (mode & 2);
	*year = d.year;
	unsigned weekday = (days_weekday(january) + !monday) % 7;
	if (mode & 8) {
		int64_t next = civil_to_days(d.year + 1, 1, 1), next_start = next - (days_weekday(next) + !monday) % 7;
		if (days >= next_start) {
			*year = d.year + 1;
			return 1;
		}
		return (unsigned)((days - (january - weekday)) / 7 + 1);
	}
	int64_t since;
	if (d.month == 1 && d.day <= 7 - weekday) {
		if (!week_year && ((first_weekday && weekday != 0) || (!first_weekday && weekday >= 4)))
			return 0;
		week_year = true;
		*year = d.year - 1;
		int64_t length = 365 + civil_is_leap(*year);
		january -= length;
		weekday = (unsigned)((weekday + 53 * 7 - length) % 7);
	}
	if ((first_weekday && weekday != 0) || (!first_weekday && weekday >= 4))
		since = days - (january + (7 - weekday));
	else
		since = days - (january - weekday);
	if (week_year && since >= 52 * 7) {
		weekday = (weekday + 365 + civil_is_leap(*year)) % 7;
		if ((!first_weekday && weekday < 4) || (first_weekday && weekday == 0)) {
			++*year;
			return 1;
		}
	}
	return (unsigned)(since / 7 + 1);
}

int64_t date_start_of(int64_t days, enum interval_unit unit, int64_t n)
{
	enum { FIRST_MONDAY = 4, FIRST_YEAR = 1900 };
	struct civil_date d;
	switch (unit) {
	case UNIT_DAY:
		return floor_div(days, n) * n;
	case UNIT_WEEK:
		return floor_div(days - FIRST_MONDAY, 7 * n) * 7 * n + FIRST_MONDAY;
	case UNIT_QUARTER:
	case UNIT_MONTH: {
		d = days_to_civil(days);
		int64_t months = (int64_t)(d.year - FIRST_YEAR) * 12 + d.month - 1, step = unit == UNIT_QUARTER ? 3 * n : n;
		months = floor_div(months, step) * step;
		return civil_to_days((int32_t)(FIRST_YEAR + floor_div(months, 12)), (unsigned)floor_mod(months, 12) + 1, 1);
	}
	default:
		d = days_to_civil(days);
		assert(unit == UNIT_YEAR);
		return civil_to_days((int32_t)(floor_div(d.year, n) * n), 1, 1);
	}
}
