// SPDX-License-Identifier: Apache-2.0
/*
 * Times from numbers: makeDate and its kin, dates as decimal digits, days counted from other eras. A field out of its
 * range gives the type's default, a year beyond the type its end; days 29 to 31 run over into the next month.
 */
#include "func/date_impl.h"

enum { YEAR_ZERO = 719528, JULIAN_ZERO = 40587 /* days from there to 1970 */, FIELD_MAX = 99 };

struct make {
	const struct type *type;
	unsigned scale;
	const struct timezone *tz;
	bool packed, with_time, wide; /* decimal digits in one number; 64-bit result */
	uint32_t fields;              /* arguments that are fields */
};

/* Fields in order: year, month, day, hour, minute, second, fraction. */
enum { F_YEAR, F_MONTH, F_DAY, F_HOUR, F_MINUTE, F_SECOND, F_FRACTION, F_COUNT };

static bool make_days(const struct make *m, const int64_t *f, int64_t *days)
{
	bool date32 = m->type->id == TYPE_DATE32;
	int64_t low = date32 ? 1900 : 1970, high = date32 ? 2299 : 2149;
	*days = 0;
	if (f[F_YEAR] < low || f[F_YEAR] > high || f[F_MONTH] < 1 || f[F_MONTH] > 12 || f[F_DAY] < 1 || f[F_DAY] > 31)
		return false;
	*days = civil_to_days((int32_t)f[F_YEAR], (unsigned)f[F_MONTH], 1) + f[F_DAY] - 1;
	return *days <= (date32 ? 120529 : UINT16_MAX);
}

static int64_t make_instant(const struct make *m, const int64_t *f)
{
	int64_t first = m->wide ? civil_to_days(1900, 1, 1) * DAY_SECONDS : 0, ticks = (int64_t)pow10_u64(m->scale);
	int64_t last = m->wide ? civil_to_days(2300, 1, 1) * DAY_SECONDS - 1 : UINT32_MAX, fraction = f[F_FRACTION];
	if (f[F_YEAR] < (m->wide ? 1900 : 1970) || f[F_MONTH] < 1 || f[F_MONTH] > 12 || f[F_DAY] < 1 || f[F_DAY] > 31)
		return first * ticks;
	if (f[F_YEAR] > (m->wide ? 2299 : 2106))
		return m->wide ? last * ticks + ticks - 1 : last;
	for (int k = F_HOUR; k <= F_SECOND; k++)
		if (f[k] < 0 || f[k] > FIELD_MAX)
			return first * ticks;
	int64_t days = civil_to_days((int32_t)f[F_YEAR], (unsigned)f[F_MONTH], 1) + f[F_DAY] - 1;
	int64_t utc = timezone_to_utc(m->tz, days * DAY_SECONDS + f[F_HOUR] * 3600 + f[F_MINUTE] * 60 + f[F_SECOND]);
	if (utc > last)
		return m->wide ? last * ticks + ticks - 1 : last;
	if (utc < first)
		return first * ticks;
	fraction = fraction < 0 ? 0 : fraction >= ticks ? ticks - 1 : fraction;
	return utc * ticks + fraction;
}

/* 20240517 or 20240517134559 cut into fields. */
static void unpack(const struct make *m, int64_t v, int64_t *f)
{
	if (m->with_time) {
		f[F_SECOND] = v % 100;
		f[F_MINUTE] = v / 100 % 100;
		f[F_HOUR] = v / 10000 % 100;
		v /= 1000000;
	}
	f[F_DAY] = v % 100;
	f[F_MONTH] = v / 100 % 100;
	f[F_YEAR] = v < 0 ? -1 : v / 10000;
}

static enum status exec_make(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const struct make *m = c->state;
	struct i64_arg a[F_COUNT] = {{NULL, 0}};
	struct vector *v;
	for (uint32_t k = 0; k < m->fields; k++)
		a[k] = i64_arg(args[k]);
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		int64_t f[F_COUNT] = {1970, 1, 1, 0, 0, 0, 0}, value;
		for (uint32_t k = 0; k < m->fields; k++)
			f[k] = i64_arg_at(&a[k], i);
		if (m->packed) {
			unpack(m, f[0], f);
		} else if (m->fields == 2) {
			/* a day of the year, which no leap year has a 366th of here */
			bool good = f[F_MONTH] >= 1 && f[F_MONTH] <= 365 && f[F_YEAR] > 0 && f[F_YEAR] < 10000;
			struct civil_date d = days_to_civil(good ? civil_to_days((int32_t)f[F_YEAR], 1, 1) + f[F_MONTH] - 1 : 0);
			f[F_YEAR] = good ? d.year : 0;
			f[F_MONTH] = d.month;
			f[F_DAY] = d.day;
		}
		if (!m->with_time) {
			if (!make_days(m, f, &value))
				value = 0;
			date_store(v, i, 1, &value);
			continue;
		}
		value = make_instant(m, f);
		if (m->wide)
			((int64_t *)v->data)[i] = value;
		else
			((uint32_t *)v->data)[i] = (uint32_t)value;
	}
	*out = v;
	return OK;
}

static enum status finish_make(struct bind_env *env, struct call *c, struct make *m, uint32_t scale_arg, uint32_t zone)
{
	int64_t scale = 3;
	for (uint32_t i = 0; i < m->fields; i++) {
		if (!type_is_number(c->arg_types[i]))
			return call_bad_type(env, c, i);
		c->arg_types[i] = type_simple(TYPE_INT64);
	}
	if (m->wide && c->arg_count > scale_arg && !call_const_i64(c, scale_arg, &scale))
		return call_bad_type(env, c, scale_arg);
	if (scale < 0 || scale > 9)
		return ERR(env->err, E_ARGUMENT_OUT_OF_BOUND, "Precision argument for function %.*s must be from 0 to 9",
		           STR_ARG(c->name));
	const struct timezone *shown = NULL;
	if (c->arg_count > zone)
		TRY(date_zone(env, c, UINT32_MAX, zone, &shown));
	m->tz = shown != NULL ? shown : call_zone(NULL, env->session);
	m->scale = m->wide ? (unsigned)scale : 0;
	if (m->with_time)
		m->type = m->wide ? type_datetime64(env->arena, m->scale, shown) : type_datetime(env->arena, shown);
	c->result = m->type;
	c->state = m;
	return OK;
}

static enum status bind_make(struct bind_env *env, struct call *c)
{
	struct make *m = ARENA_NEW(env->arena, struct make);
	struct str name = str_of(c->function->name);
	m->with_time = str_starts_with(name, STR("makeDateTime"));
	m->wide = str_eq(name, STR("makeDateTime64"));
	m->type = type_simple(str_eq(name, STR("makeDate32")) ? TYPE_DATE32 : TYPE_DATE);
	m->fields = m->wide && c->arg_count > 6 ? 7 : m->with_time ? 6 : c->arg_count;
	return finish_make(env, c, m, 7, m->wide ? 8 : m->with_time ? 6 : UINT32_MAX);
}

static enum status bind_packed(struct bind_env *env, struct call *c)
{
	struct make *m = ARENA_NEW(env->arena, struct make);
	struct str name = str_of(c->function->name);
	*m = (struct make){.packed = true, .fields = 1, .with_time = str_starts_with(name, STR("YYYYMMDDhhmmss")),
	                   .wide = str_ends_with(name, STR("DateTime64"))};
	m->type = type_simple(str_ends_with(name, STR("Date32")) ? TYPE_DATE32 : TYPE_DATE);
	return finish_make(env, c, m, 1, m->wide ? 2 : m->with_time ? 1 : UINT32_MAX);
}

/* ---- days of other eras ---- */

static enum status exec_from_days(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	struct i64_arg a = i64_arg(args[0]);
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		int64_t days = i64_arg_at(&a, i) - YEAR_ZERO;
		date_store(v, i, 1, &days);
	}
	*out = v;
	return OK;
}

static enum status exec_from_julian(const struct call *c, struct eval *e, const struct vector *const *args,
                                    uint32_t count, struct vector **out)
{
	struct i64_arg a = i64_arg(args[0]);
	int64_t low = civil_to_days(0, 1, 1) + JULIAN_ZERO, high = civil_to_days(9999, 12, 31) + JULIAN_ZERO;
	bool or_null = str_ends_with(str_of(c->function->name), STR("OrNull"));
	uint64_t *nulls = ARENA_ARRAY(e->scratch, uint64_t, bits_words(count) + 1);
	struct strings o;
	enum status s = OK;
	strings_begin(&o, e, count);
	for (uint32_t i = 0; i < count && s == OK; i++) {
		int64_t days = i64_arg_at(&a, i);
		if (days >= low && days <= high) {
			struct civil_date d = days_to_civil(days - JULIAN_ZERO);
			strbuf_printf(&o.text, "%04d-%02u-%02u", d.year, d.month, d.day);
		} else if (or_null) {
			bit_set(nulls, i);
		} else if (!eval_skips(e, i)) {
			s = ERR(e->err, E_CANNOT_FORMAT_DATETIME, "Value cannot be represented as date because it's out of range");
		}
		strings_end(&o, i);
	}
	enum status finish = strings_finish(&o, c, e, s == OK ? count : 0, out);
	if (s == OK && finish == OK && or_null && !bits_none(nulls, count)) {
		s = vector_make_nulls(*out, e->track, e->err);
		if (s == OK)
			memcpy((*out)->nulls, nulls, bits_words(count) * sizeof *nulls);
	}
	if (s != OK && finish == OK) {
		vector_unref(*out);
		*out = NULL;
	}
	return s != OK ? s : finish;
}

/* yyyy-mm-dd, and nothing else */
static bool read_date(struct str text, int64_t *days)
{
	unsigned f[3] = {0, 0, 0};
	if (text.size != 10)
		return false;
	for (size_t i = 0; i < 10; i++) {
		unsigned digit = (unsigned char)text.data[i] - '0';
		if (i == 4 || i == 7) {
			if (text.data[i] != '-')
				return false;
			continue;
		}
		if (digit > 9)
			return false;
		f[i < 4 ? 0 : i < 7 ? 1 : 2] = f[i < 4 ? 0 : i < 7 ? 1 : 2] * 10 + digit;
	}
	if (f[1] < 1 || f[1] > 12 || f[2] < 1 || f[2] > civil_days_in_month((int32_t)f[0], f[1]))
		return false;
	*days = civil_to_days((int32_t)f[0], f[1], f[2]) + JULIAN_ZERO;
	return true;
}

static enum status exec_to_julian(const struct call *c, struct eval *e, const struct vector *const *args,
                                  uint32_t count, struct vector **out)
{
	struct str_arg a = str_arg(args[0]);
	bool or_null = c->result->nullable && str_ends_with(str_of(c->function->name), STR("OrNull"));
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		int64_t days = 0;
		enum status s = OK;
		if (!eval_skips(e, i) && !read_date(str_arg_at(&a, i), &days)) {
			if (or_null)
				s = v->nulls != NULL ? OK : vector_make_nulls(v, e->track, e->err);
			else
				s = ERR(e->err, E_CANNOT_PARSE_INPUT, "Cannot parse '%.*s' as a date of the form yyyy-mm-dd",
				        STR_ARG(str_arg_at(&a, i)));
			if (s != OK) {
				vector_unref(v);
				return s;
			}
			bit_set(v->nulls, i);
		}
		((int32_t *)v->data)[i] = (int32_t)days;
	}
	*out = v;
	return OK;
}

#define ROW(row_name, row_aliases, row_flags, pattern, type, row_bind, row_exec, text, sample, answer) \
	FUNCTION_ROW(row_name, row_aliases, row_flags, pattern, type, row_bind, row_exec, text, sample, answer)

static const struct function rows[] = {
	ROW("makeDate", NULL, CH_NOCASE, "***?", NULL, bind_make, exec_make,
	    "A Date of year, month and day, or of year and day of the year.", "makeDate(2024, 5, 17)", "2024-05-17"),
	ROW("makeDate32", NULL, FUNCTION_CH, "***?", NULL, bind_make, exec_make, "A Date32 of year, month and day.",
	    "makeDate32(1955, 5, 17)", "1955-05-17"),
	ROW("makeDateTime", NULL, FUNCTION_CH, "******s?", NULL, bind_make, exec_make, "A DateTime of six fields.",
	    "makeDateTime(2024, 5, 17, 13, 45, 59)", "2024-05-17 13:45:59"),
	ROW("makeDateTime64", NULL, FUNCTION_CH, "*******?*?s?", NULL, bind_make, exec_make, "A DateTime64 of its fields.",
	    "makeDateTime64(2024, 5, 17, 13, 45, 59, 123)", "2024-05-17 13:45:59.123"),
	ROW("YYYYMMDDToDate", NULL, CH_NOCASE, "*", NULL, bind_packed, exec_make, "A Date of its decimal digits.",
	    "YYYYMMDDToDate(20240517)", "2024-05-17"),
	ROW("YYYYMMDDToDate32", NULL, CH_NOCASE, "*", NULL, bind_packed, exec_make, "A Date32 of its decimal digits.",
	    "YYYYMMDDToDate32(19550517)", "1955-05-17"),
	ROW("YYYYMMDDhhmmssToDateTime", NULL, CH_NOCASE, "*s?", NULL, bind_packed, exec_make,
	    "A DateTime of its decimal digits.", "YYYYMMDDhhmmssToDateTime(20240517134559)", "2024-05-17 13:45:59"),
	ROW("YYYYMMDDhhmmssToDateTime64", NULL, FUNCTION_CH, "**?s?", NULL, bind_packed, exec_make,
	    "A DateTime64 of its decimal digits.", "YYYYMMDDhhmmssToDateTime64(20240517134559)", "2024-05-17 13:45:59.000"),
	ROW("fromDaysSinceYearZero", "~FROM_DAYS", FUNCTION_CH, "J", "Date", NULL, exec_from_days,
	    "The Date so many days after 0000-01-01.", "fromDaysSinceYearZero(739388)", "2024-05-17"),
	ROW("fromDaysSinceYearZero32", NULL, FUNCTION_CH, "J", "Date32", NULL, exec_from_days,
	    "The Date32 so many days after 0000-01-01.", "fromDaysSinceYearZero32(739388)", "2024-05-17"),
	ROW("fromModifiedJulianDay", NULL, FUNCTION_CH, "J", "String", NULL, exec_from_julian,
	    "The date of a modified Julian day, as text.", "fromModifiedJulianDay(58849)", "2020-01-01"),
	ROW("fromModifiedJulianDayOrNull", NULL, FUNCTION_CH, "J", "Nullable(String)", NULL, exec_from_julian,
	    "The date of a modified Julian day, NULL out of range.", "fromModifiedJulianDayOrNull(99999999)", "\\N"),
	ROW("toModifiedJulianDay", NULL, FUNCTION_CH, "T", "Int32", NULL, exec_to_julian,
	    "The modified Julian day of a date's text.", "toModifiedJulianDay('2020-01-01')", "58849"),
	ROW("toModifiedJulianDayOrNull", NULL, FUNCTION_CH, "T", "Nullable(Int32)", NULL, exec_to_julian,
	    "The modified Julian day of a date's text, NULL where it is none.", "toModifiedJulianDayOrNull('?')", "\\N"),
};

FUNCTION_FAMILY(date_make, "Times from numbers");
