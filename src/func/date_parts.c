// SPDX-License-Identifier: Apache-2.0
/* Fields of dates and times as numbers: toYear … toSecond, weeks, relative numbers. */
#include <assert.h>

#include "func/date_impl.h"

enum part {
	PART_YEAR, PART_QUARTER, PART_MONTH, PART_DAY, PART_YEAR_DAY, PART_WEEKDAY, PART_HOUR, PART_MINUTE, PART_SECOND,
	PART_MILLISECOND, PART_ISO_YEAR, PART_ISO_WEEK, PART_WEEK, PART_YEAR_WEEK, PART_YYYYMM, PART_YYYYMMDD,
	PART_YYYYMMDDHHMMSS, PART_REL_YEAR, PART_REL_QUARTER, PART_REL_MONTH, PART_REL_WEEK, PART_REL_DAY, PART_REL_HOUR,
	PART_REL_MINUTE, PART_UNIX, PART_YEAR_ZERO, PART_OFFSET, PART_MICROSECOND, PART_NANOSECOND, PART_MONTH_DAYS,
	PART_EPOCH_MONTH, PART_EPOCH_YEAR
};

struct date_part {
	enum part part;
	unsigned mode;
	int64_t fraction_scale;  /* ticks of the argument in a second */
	const struct timezone *tz;
	uint32_t time;           /* which argument */
};

static const struct {
	const char *name;
	enum part part;
} names[] = {
	{"toYear", PART_YEAR}, {"toQuarter", PART_QUARTER}, {"toMonth", PART_MONTH}, {"toDayOfMonth", PART_DAY},
	{"toDayOfYear", PART_YEAR_DAY}, {"toDayOfWeek", PART_WEEKDAY}, {"toHour", PART_HOUR}, {"toMinute", PART_MINUTE},
	{"toSecond", PART_SECOND}, {"toMillisecond", PART_MILLISECOND}, {"toISOYear", PART_ISO_YEAR},
	{"toISOWeek", PART_ISO_WEEK}, {"toWeek", PART_WEEK}, {"toYearWeek", PART_YEAR_WEEK}, {"toYYYYMM", PART_YYYYMM},
	{"toYYYYMMDD", PART_YYYYMMDD}, {"toYYYYMMDDhhmmss", PART_YYYYMMDDHHMMSS}, {"toRelativeYearNum", PART_REL_YEAR},
	{"toRelativeQuarterNum", PART_REL_QUARTER}, {"toRelativeMonthNum", PART_REL_MONTH},
	{"toRelativeWeekNum", PART_REL_WEEK}, {"toRelativeDayNum", PART_REL_DAY}, {"toRelativeHourNum", PART_REL_HOUR},
	{"toRelativeMinuteNum", PART_REL_MINUTE}, {"toRelativeSecondNum", PART_UNIX}, {"toUnixTimestamp", PART_UNIX},
	{"toDaysSinceYearZero", PART_YEAR_ZERO}, {"timezoneOffset", PART_OFFSET}, {"toMicrosecond", PART_MICROSECOND},
	{"toNanosecond", PART_NANOSECOND}, {"toDaysInMonth", PART_MONTH_DAYS}, {"toMonthNumSinceEpoch", PART_EPOCH_MONTH},
	{"toYearNumSinceEpoch", PART_EPOCH_YEAR},
};

/* One loop per field: day number, second of the day, civil date are computed where the expression uses them. */
#define EACH(expression) \
	for (uint32_t i = 0; i < n; i++) { \
		int64_t days = floor_div(k->local[i], DAY_SECONDS); \
		UNUSED int64_t second = k->local[i] - days * DAY_SECONDS; \
		UNUSED struct civil_date d = days_to_civil(days); \
		out[i] = (int64_t)(expression); \
	} \
	return

static int64_t iso(int64_t days, bool want_year)
{
	int32_t year;
	unsigned week;
	days_iso_week(days, &year, &week);
	return want_year ? year : (int64_t)week;
}

static int64_t week_number(int64_t days, unsigned mode, bool with_year)
{
	int32_t year;
	unsigned week = date_week(days, mode, with_year, &year);
	return with_year ? (int64_t)year * 100 + week : (int64_t)week;
}

static int64_t weekday_number(int64_t days, unsigned mode)
{
	unsigned monday = days_weekday(days);
	switch (mode & 3) {
	case 0: return monday + 1;
	case 1: return monday;
	case 2: return (monday + 1) % 7;
	default: return (monday + 1) % 7 + 1;
	}
}

static void part_chunk(const struct date_part *p, const struct date_chunk *k, uint32_t n, int64_t *out)
{
	switch (p->part) {
	case PART_YEAR:
	case PART_REL_YEAR: EACH(d.year);
	case PART_QUARTER: EACH((d.month - 1) / 3 + 1);
	case PART_MONTH: EACH(d.month);
	case PART_DAY: EACH(d.day);
	case PART_YEAR_DAY: EACH(days - civil_to_days(d.year, 1, 1) + 1);
	case PART_WEEKDAY: EACH(weekday_number(days, p->mode));
	case PART_HOUR: EACH(second / 3600);
	case PART_MINUTE: EACH(second / 60 % 60);
	case PART_SECOND: EACH(second % 60);
	case PART_MILLISECOND: EACH(k->fraction[i] * 1000 / p->fraction_scale);
	case PART_ISO_YEAR: EACH(iso(days, true));
	case PART_ISO_WEEK: EACH(iso(days, false));
	case PART_WEEK: EACH(week_number(days, p->mode, false));
	case PART_YEAR_WEEK: EACH(week_number(days, p->mode, true));
	case PART_YYYYMM: EACH(d.year * 100 + d.month);
	case PART_YYYYMMDD: EACH(d.year * 10000 + d.month * 100 + d.day);
	case PART_YYYYMMDDHHMMSS:
		EACH(((int64_t)d.year * 10000 + d.month * 100 + d.day) * 1000000 + second / 3600 * 10000 + second / 60 % 60 * 100 +
		     second % 60);
	case PART_REL_QUARTER: EACH((int64_t)d.year * 4 + (d.month - 1) / 3);
	case PART_REL_MONTH: EACH((int64_t)d.year * 12 + d.month);
	case PART_REL_WEEK: EACH(floor_div(days + 3, 7));
	case PART_REL_DAY: EACH(days);
	case PART_REL_HOUR: EACH(floor_div(k->utc[i], 3600));
	case PART_REL_MINUTE: EACH(floor_div(k->utc[i], 60));
	case PART_UNIX: EACH(k->utc[i]);
	case PART_YEAR_ZERO: EACH(days + 719528);
	case PART_MICROSECOND: EACH((i128)k->fraction[i] * 1000000 / p->fraction_scale);
	case PART_NANOSECOND: EACH((i128)k->fraction[i] * 1000000000 / p->fraction_scale);
	case PART_MONTH_DAYS: EACH(civil_days_in_month(d.year, d.month));
	case PART_EPOCH_MONTH: EACH(d.year < 1970 ? 0 : ((int64_t)d.year - 1970) * 12 + d.month - 1);
	case PART_EPOCH_YEAR: EACH(d.year < 1970 ? 0 : d.year - 1970);
	case PART_OFFSET: EACH(k->local[i] - k->utc[i]);
	}
}

static void store_numbers(struct vector *to, uint32_t from, uint32_t n, const int64_t *values)
{
	switch (type_physical(to->type)) {
	case PHYS_U8:
		for (uint32_t i = 0; i < n; i++)
			((uint8_t *)to->data)[from + i] = (uint8_t)values[i];
		return;
	case PHYS_U16:
		for (uint32_t i = 0; i < n; i++)
			((uint16_t *)to->data)[from + i] = (uint16_t)values[i];
		return;
	case PHYS_U32:
	case PHYS_I32:
		for (uint32_t i = 0; i < n; i++)
			((uint32_t *)to->data)[from + i] = (uint32_t)values[i];
		return;
	default:
		memcpy((int64_t *)to->data + from, values, n * sizeof *values);
	}
}

static enum status exec_part(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                             struct vector **out)
{
	const struct date_part *p = c->state;
	struct date_chunk *chunk = ARENA_NEW(e->scratch, struct date_chunk);
	int64_t values[DATE_CHUNK];
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t from = 0; from < count; from += DATE_CHUNK) {
		uint32_t n = count - from < DATE_CHUNK ? count - from : DATE_CHUNK;
		date_load(args[p->time], from, n, p->tz, chunk);
		part_chunk(p, chunk, n, values);
		store_numbers(v, from, n, values);
	}
	*out = v;
	return OK;
}

static enum status bind_part(struct bind_env *env, struct call *c)
{
	struct date_part *p = ARENA_NEW(env->arena, struct date_part);
	const struct type *t = c->arg_types[0];
	const char *name = c->function->name;
	uint32_t zone = 1;
	int64_t mode;
	for (size_t i = 0; i < ARRAY_COUNT(names); i++)
		if (strcmp(names[i].name, name) == 0)
			p->part = names[i].part;
	bool takes_mode = p->part == PART_WEEKDAY || p->part == PART_WEEK || p->part == PART_YEAR_WEEK;
	if (type_is_string(t) && (takes_mode || p->part == PART_UNIX)) {
		/* toWeek('2024-01-01'), toUnixTimestamp('2024-01-01 00:00:00', zone) */
		const struct timezone *tz = NULL;
		if (p->part == PART_UNIX)
			TRY(date_zone(env, c, 1, 1, &tz));
		t = c->arg_types[0] = p->part == PART_UNIX ? type_datetime(env->arena, tz) : type_datetime64(env->arena, 3, NULL);
	}
	if (!type_is_temporal(t))
		return call_bad_type(env, c, 0);
	if (takes_mode) {
		zone = 2;
		if (c->arg_count > 1 && !call_const_i64(c, 1, &mode))
			return call_bad_type(env, c, 1);
		p->mode = c->arg_count > 1 ? (unsigned)(mode & 15) : 0;
	} else if (c->arg_count > 2) {
		return call_bad_count(env, c, "1 or 2");
	}
	p->fraction_scale = t->id == TYPE_DATETIME64 ? (int64_t)pow10_u64(t->scale) : 1;
	c->state = p;
	return date_zone(env, c, 0, zone, &p->tz);
}

/* EXTRACT(unit FROM x), which comes as extract('unit', x). */
static enum status bind_extract(struct bind_env *env, struct call *c)
{
	static const struct {
		enum interval_unit unit;
		enum part part;
		enum type_id type;
	} units[] = {
		{UNIT_YEAR, PART_YEAR, TYPE_UINT16}, {UNIT_QUARTER, PART_QUARTER, TYPE_UINT8}, {UNIT_MONTH, PART_MONTH, TYPE_UINT8},
		{UNIT_WEEK, PART_ISO_WEEK, TYPE_UINT8}, {UNIT_DAY, PART_DAY, TYPE_UINT8}, {UNIT_HOUR, PART_HOUR, TYPE_UINT8},
		{UNIT_MINUTE, PART_MINUTE, TYPE_UINT8}, {UNIT_SECOND, PART_SECOND, TYPE_UINT8},
		{UNIT_MILLISECOND, PART_MILLISECOND, TYPE_UINT16},
	};
	struct date_part *p = ARENA_NEW(env->arena, struct date_part);
	struct str unit;
	if (!call_const_str(c, 0, &unit))
		return call_bad_type(env, c, 0);
	if (str_eq_nocase(unit, STR("epoch"))) {
		p->part = PART_UNIX;
		c->result = type_simple(TYPE_UINT32);
	}
	if (str_eq_nocase(unit, STR("dow"))) {
		p->part = PART_WEEKDAY;
		p->mode = 2;
		c->result = type_simple(TYPE_UINT8);
	}
	for (size_t i = 0; i < ARRAY_COUNT(units) && c->result == NULL; i++)
		if (units[i].unit == date_unit(unit)) {
			p->part = units[i].part;
			c->result = type_simple(units[i].type);
		}
	if (c->result == NULL)
		return ERR(env->err, E_BAD_ARGUMENTS, "EXTRACT has no unit '%.*s'", STR_ARG(unit));
	p->time = 1;
	p->fraction_scale = c->arg_types[1]->id == TYPE_DATETIME64 ? (int64_t)pow10_u64(c->arg_types[1]->scale) : 1;
	c->state = p;
	return date_zone(env, c, 1, 2, &p->tz);
}

/* toYear(x) … also under MySQL's names; the postgresql dialect has no such functions and takes them too. */
#define PART(name, alias, type, text, sample, answer) \
	FUNCTION_ROW(name, alias, FUNCTION_CH, "*S?", type, bind_part, exec_part, text, sample, answer)
#define MODE_PART(name, alias, type, text, sample, answer) \
	FUNCTION_ROW(name, alias, FUNCTION_CH, "*J?S?", type, bind_part, exec_part, text, sample, answer)

static const struct function rows[] = {
	PART("toYear", "~YEAR", "UInt16", "The year.", "toYear(toDate('2024-05-17'))", "2024"),
	PART("toQuarter", "~QUARTER", "UInt8", "The quarter, 1 to 4.", "toQuarter(toDate('2024-05-17'))", "2"),
	PART("toMonth", "~MONTH", "UInt8", "The month.", "toMonth(toDate('2024-05-17'))", "5"),
	PART("toDayOfMonth", "~DAY ~DAYOFMONTH", "UInt8", "The day of the month.", "toDayOfMonth(toDate('2024-05-17'))", "17"),
	PART("toDayOfYear", "~DAYOFYEAR", "UInt16", "The day of the year.", "toDayOfYear(toDate('2024-05-17'))", "138"),
	MODE_PART("toDayOfWeek", "~DAYOFWEEK", "UInt8", "The day of the week, 1 is Monday.",
	          "toDayOfWeek(toDate('2024-05-17'))", "5"),
	PART("toHour", "~HOUR", "UInt8", "The hour.", "toHour(toDateTime('2024-05-17 13:45:59', 'UTC'))", "13"),
	PART("toMinute", "~MINUTE", "UInt8", "The minute.", "toMinute(toDateTime('2024-05-17 13:45:59', 'UTC'))", "45"),
	PART("toSecond", "~SECOND", "UInt8", "The second.", "toSecond(toDateTime('2024-05-17 13:45:59', 'UTC'))", "59"),
	PART("toMillisecond", "~MILLISECOND", "UInt16", "The milliseconds of the second.",
	     "toMillisecond(toDateTime64('2024-05-17 13:45:59.123', 3, 'UTC'))", "123"),
	PART("toMicrosecond", "~MICROSECOND", "UInt32", "The microseconds of the second.",
	     "toMicrosecond(toDateTime64('2024-05-17 13:45:59.123', 3, 'UTC'))", "123000"),
	PART("toNanosecond", "~NANOSECOND", "UInt32", "The nanoseconds of the second.",
	     "toNanosecond(toDateTime64('2024-05-17 13:45:59.123', 3, 'UTC'))", "123000000"),
	PART("toDaysInMonth", NULL, "UInt8", "The days that the month has.", "toDaysInMonth(toDate('2024-02-17'))", "29"),
	PART("toMonthNumSinceEpoch", NULL, "UInt32", "Months since January 1970.",
	     "toMonthNumSinceEpoch(toDate('2024-02-17'))", "649"),
	PART("toYearNumSinceEpoch", NULL, "UInt16", "Years since 1970.", "toYearNumSinceEpoch(toDate('2024-02-17'))", "54"),
	PART("toISOYear", NULL, "UInt16", "The year of the ISO week.", "toISOYear(toDate('2024-12-30'))", "2025"),
	PART("toISOWeek", NULL, "UInt8", "The ISO week.", "toISOWeek(toDate('2024-12-30'))", "1"),
	MODE_PART("toWeek", "~week", "UInt8", "The week of the year, by a mode 0 to 9.", "toWeek(toDate('2024-05-17'))", "19"),
	MODE_PART("toYearWeek", "~yearweek", "UInt32", "Year and week, by a mode 0 to 9.", "toYearWeek(toDate('2024-05-17'))",
	          "202419"),
	PART("toYYYYMM", NULL, "UInt32", "Year and month as a number.", "toYYYYMM(toDate('2024-05-17'))", "202405"),
	PART("toYYYYMMDD", NULL, "UInt32", "The date as a number.", "toYYYYMMDD(toDate('2024-05-17'))", "20240517"),
	PART("toYYYYMMDDhhmmss", NULL, "UInt64", "Date and time as a number.",
	     "toYYYYMMDDhhmmss(toDateTime('2024-05-17 13:45:59', 'UTC'))", "20240517134559"),
	PART("toRelativeYearNum", NULL, "UInt16", "Years since a fixed point.", "toRelativeYearNum(toDate('2024-05-17'))",
	     "2024"),
	PART("toRelativeQuarterNum", NULL, "UInt32", "Quarters since a fixed point.",
	     "toRelativeQuarterNum(toDate('2024-05-17'))", "8097"),
	PART("toRelativeMonthNum", NULL, "UInt32", "Months since a fixed point.", "toRelativeMonthNum(toDate('2024-05-17'))",
	     "24293"),
	PART("toRelativeWeekNum", NULL, "UInt32", "Weeks since a fixed point.", "toRelativeWeekNum(toDate('2024-05-17'))",
	     "2837"),
	PART("toRelativeDayNum", NULL, "UInt32", "Days since a fixed point.", "toRelativeDayNum(toDate('2024-05-17'))",
	     "19860"),
	PART("toRelativeHourNum", NULL, "UInt32", "Hours since a fixed point.",
	     "toRelativeHourNum(toDateTime('2024-05-17 13:45:59', 'UTC'))", "476653"),
	PART("toRelativeMinuteNum", NULL, "UInt32", "Minutes since a fixed point.",
	     "toRelativeMinuteNum(toDateTime('2024-05-17 13:45:59', 'UTC'))", "28599225"),
	PART("toRelativeSecondNum", NULL, "UInt32", "Seconds since a fixed point.",
	     "toRelativeSecondNum(toDateTime('2024-05-17 13:45:59', 'UTC'))", "1715953559"),
	PART("toUnixTimestamp", NULL, "UInt32", "Seconds since 1970 in UTC.",
	     "toUnixTimestamp(toDateTime('2024-05-17 13:45:59', 'UTC'))", "1715953559"),
	PART("toDaysSinceYearZero", "~TO_DAYS", "UInt32", "Days since 0000-01-01.",
	     "toDaysSinceYearZero(toDate('2024-05-17'))", "739388"),
	FUNCTION_ROW("extract", NULL, FUNCTION_CH, "SE", NULL, bind_extract, exec_part, "A field of a time.",
	             "extract(year FROM toDate('2024-05-17'))", "2024"),
	PART("timezoneOffset", "timeZoneOffset", "Int32", "Seconds that the zone is ahead of UTC.",
	     "timezoneOffset(toDateTime('2024-05-17 13:45:59', 'Asia/Tokyo'))", "32400"),
};

FUNCTION_FAMILY(date_parts, "Fields of dates and times");
