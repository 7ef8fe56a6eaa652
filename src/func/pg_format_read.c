// SPDX-License-Identifier: Apache-2.0
/* Reading times by a template: to_date() and to_timestamp(). */
#include <assert.h>

#include "func/pg_format_impl.h"

/* What was read; -1: not. */
struct reading {
	struct str text;
	size_t at;
	int64_t year, month, day, hour, minute, second, us, day_second, year_day, iso_year, iso_week, iso_day, julian,
		century, week, month_week;
	bool bc, pm, am, hour12, has_year, short_year, has_zone;
	int64_t zone_hour, zone_minute;
	bool zone_negative;
	struct error *err;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
	return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || (unsigned char)c >= 0x80;
}

static void skip_blanks(struct reading *r)
{
	while (r->at < r->text.size && (r->text.data[r->at] == ' ' || r->text.data[r->at] == '\t' ||
	                                r->text.data[r->at] == '\n'))
		r->at++;
}

static const char *pattern_name(const struct time_token *t)
{
	switch (t->field) {
	case FIELD_HOUR12: return "HH";
	case FIELD_HOUR24: return "HH24";
	case FIELD_MINUTE: return "MI";
	case FIELD_SECOND: return "SS";
	case FIELD_YEAR: return "YYYY";
	case FIELD_YEAR3: return "YYY";
	case FIELD_YEAR2: return "YY";
	case FIELD_YEAR1: return "Y";
	case FIELD_MONTH: return "MM";
	case FIELD_DAY: return "DD";
	case FIELD_YEAR_DAY: return "DDD";
	case FIELD_MS: return "MS";
	case FIELD_US: return "US";
	case FIELD_MON: return "Mon";
	case FIELD_MONTH_NAME: return "Month";
	case FIELD_AM: return "AM";
	default: return "field";
	}
}

static enum status bad_value(struct reading *r, const struct time_token *t)
{
	size_t n = 0, left = r->text.size - r->at;
	while (n < left && n < t->size && (unsigned char)r->text.data[r->at + n] < 0x80)
		n++;
	return ERR(r->err, E_CANNOT_PARSE_DATETIME, "invalid value \"%.*s\" for \"%s\"", (int)n, r->text.data + r->at,
	           pattern_name(t));
}

/* Whether a number may take all digits that follow: nothing numeric comes right behind it in the template. */
static bool is_open(const struct time_token *t, const struct time_token *end)
{
	if (t + 1 == end || t->fill)
		return true;
	const struct time_token *next = t + 1;
	if (next->field == FIELD_TEXT)
		return !is_digit(next->text);
	return next->field == FIELD_AM || next->field == FIELD_AM_DOTS || next->field == FIELD_BC ||
		next->field == FIELD_BC_DOTS || next->field == FIELD_MONTH_NAME || next->field == FIELD_MON ||
		next->field == FIELD_DAY_NAME || next->field == FIELD_DY || next->field == FIELD_ROMAN;
}

static enum status number(struct reading *r, const struct time_token *t, const struct time_token *end, int64_t *out,
                          size_t *digits)
{
	skip_blanks(r);
	size_t from = r->at, most = is_open(t, end) ? 18 : t->field == FIELD_HOUR24 || t->field == FIELD_HOUR12 ? 2
		: t->field == FIELD_MS ? 3 : t->field == FIELD_US ? 6 : t->size;
	bool negative = r->at < r->text.size && r->text.data[r->at] == '-' && most == 18;
	if (negative || (r->at < r->text.size && r->text.data[r->at] == '+'))
		r->at++;
	size_t start = r->at;
	*out = 0;
	while (r->at < r->text.size && r->at - start < most && is_digit(r->text.data[r->at]))
		*out = *out * 10 + (r->text.data[r->at++] - '0');
	*digits = r->at - start;
	if (*digits == 0) {
		r->at = from;
		return bad_value(r, t);
	}
	if (*out > INT32_MAX)
		return ERR(r->err, E_DATETIME_OVERFLOW, "value for \"%s\" in source string is out of range", pattern_name(t));
	if (negative)
		*out = -*out;
	if (t->ordinal != '\0' && r->at + 2 <= r->text.size)
		r->at += 2;
	return OK;
}

static bool word(struct reading *r, const char *text, size_t n)
{
	if (r->text.size - r->at < n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (ascii_lower(r->text.data[r->at + i]) != ascii_lower(text[i]))
			return false;
	r->at += n;
	return true;
}

/* Number of the name that comes next, from 1. */
static enum status name(struct reading *r, const struct time_token *t, const char *const *names, int n, bool whole,
                        int64_t *out)
{
	skip_blanks(r);
	for (int i = 0; i < n; i++)
		if (word(r, names[i], whole ? strlen(names[i]) : 3)) {
			*out = i + 1;
			return OK;
		}
	return bad_value(r, t);
}

static enum status half(struct reading *r, const struct time_token *t, const char *first, const char *second,
                        bool *is_second)
{
	skip_blanks(r);
	if (word(r, second, strlen(second)))
		*is_second = true;
	else if (!word(r, first, strlen(first)))
		return bad_value(r, t);
	return OK;
}

static int64_t near_2020(int64_t year)
{
	return year < 70 ? year + 2000 : year < 100 ? year + 1900 : year < 520 ? year + 2000 : year < 1000 ? year + 1000
		: year;
}

static int64_t fraction(int64_t v, size_t digits, size_t places)
{
	for (; digits < places; digits++)
		v *= 10;
	for (; digits > places; digits--)
		v /= 10;
	return v;
}

static enum status read_zone(struct reading *r, const struct time_token *t, const struct time_token *end)
{
	size_t digits;
	if (t->field == FIELD_ZONE || t->field == FIELD_OFFSET)
		return ERR(r->err, E_NOT_IMPLEMENTED, "formatting field \"%s\" is only supported in to_char",
		           t->field == FIELD_ZONE ? "TZ" : "OF");
	if (t->field == FIELD_ZONE_MINUTE)
		return number(r, t, end, &r->zone_minute, &digits);
	r->zone_negative = r->at < r->text.size && r->text.data[r->at] == '-';
	if (r->at < r->text.size && (r->text.data[r->at] == '-' || r->text.data[r->at] == '+'))
		r->at++;
	r->has_zone = true;
	return number(r, t, end, &r->zone_hour, &digits);
}

static enum status read_field(struct reading *r, const struct time_token *t, const struct time_token *end)
{
	size_t digits = 0;
	int64_t ignored;
	switch (t->field) {
	case FIELD_HOUR12: r->hour12 = true; return number(r, t, end, &r->hour, &digits);
	case FIELD_HOUR24: r->hour12 = false; return number(r, t, end, &r->hour, &digits);
	case FIELD_MINUTE: return number(r, t, end, &r->minute, &digits);
	case FIELD_SECOND: return number(r, t, end, &r->second, &digits);
	case FIELD_MS:
	case FIELD_US:
	case FIELD_FRACTION:
		TRY(number(r, t, end, &r->us, &digits));
		r->us = t->field == FIELD_MS ? fraction(r->us, digits, 3) * 1000 : fraction(r->us, digits, 6);
		return OK;
	case FIELD_DAY_SECOND: return number(r, t, end, &r->day_second, &digits);
	case FIELD_AM: return half(r, t, "AM", "PM", &r->pm);
	case FIELD_AM_DOTS: return half(r, t, "A.M.", "P.M.", &r->pm);
	case FIELD_BC: return half(r, t, "AD", "BC", &r->bc);
	case FIELD_BC_DOTS: return half(r, t, "A.D.", "B.C.", &r->bc);
	case FIELD_YEAR:
	case FIELD_YEAR3:
	case FIELD_YEAR2:
	case FIELD_YEAR1:
		TRY(number(r, t, end, &r->year, &digits));
		r->has_year = true;
		r->short_year = t->field != FIELD_YEAR && digits < 4;
		if (r->short_year)
			r->year = near_2020(r->year);
		return OK;
	case FIELD_YEAR_COMMA:
		TRY(number(r, t, end, &r->year, &digits));
		if (r->at < r->text.size && r->text.data[r->at] == ',') {
			r->at++;
			TRY(number(r, t, end, &ignored, &digits));
			r->year = r->year * 1000 + ignored;
		}
		r->has_year = true;
		return OK;
	case FIELD_ISO_YEAR:
	case FIELD_ISO_YEAR3:
	case FIELD_ISO_YEAR2:
	case FIELD_ISO_YEAR1:
		TRY(number(r, t, end, &r->iso_year, &digits));
		if (t->field != FIELD_ISO_YEAR && digits < 4)
			r->iso_year = near_2020(r->iso_year);
		return OK;
	case FIELD_MONTH_NAME: return name(r, t, time_months, 12, true, &r->month);
	case FIELD_MON: return name(r, t, time_months, 12, false, &r->month);
	case FIELD_MONTH: return number(r, t, end, &r->month, &digits);
	case FIELD_DAY_NAME: return name(r, t, time_days, 7, true, &ignored);
	case FIELD_DY: return name(r, t, time_days, 7, false, &ignored);
	case FIELD_DAY: return number(r, t, end, &r->day, &digits);
	case FIELD_YEAR_DAY: return number(r, t, end, &r->year_day, &digits);
	case FIELD_ISO_WEEK: return number(r, t, end, &r->iso_week, &digits);
	case FIELD_ISO_WEEKDAY: return number(r, t, end, &r->iso_day, &digits);
	case FIELD_WEEK: return number(r, t, end, &r->week, &digits);
	case FIELD_MONTH_WEEK: return number(r, t, end, &r->month_week, &digits);
	case FIELD_CENTURY: return number(r, t, end, &r->century, &digits);
	case FIELD_JULIAN: return number(r, t, end, &r->julian, &digits);
	case FIELD_WEEKDAY:
	case FIELD_QUARTER: return number(r, t, end, &ignored, &digits);
	case FIELD_ZONE:
	case FIELD_ZONE_HOUR:
	case FIELD_ZONE_MINUTE:
	case FIELD_OFFSET: return read_zone(r, t, end);
	default:
		return ERR(r->err, E_NOT_IMPLEMENTED, "not supported yet: reading this field of a template");
	}
}

/* A separator of the template takes a separator of the text; letters and digits take any one character. */
static void skip_text(struct reading *r, const struct time_token *t)
{
	if (t->quoted || is_alnum(t->text)) {
		if (!t->quoted)
			skip_blanks(r);
		if (r->at < r->text.size)
			r->at++;
		return;
	}
	skip_blanks(r);
	if (t->text != ' ' && r->at < r->text.size && !is_alnum(r->text.data[r->at]))
		r->at++;
	else if (t->text == ' ' && r->at < r->text.size && !is_alnum(r->text.data[r->at]) && r->text.data[r->at] != '-' &&
	         r->text.data[r->at] != '+')
		r->at++;
	skip_blanks(r);
}

static enum status out_of_range(struct reading *r)
{
	return ERR(r->err, E_DATETIME_OVERFLOW, "date/time field value out of range: \"%.*s\"", STR_ARG(r->text));
}

static enum status days_of(struct reading *r, int64_t *days)
{
	if (r->julian >= 0) {
		*days = r->julian - 2440588;
		return OK;
	}
	if (r->iso_year >= 0) {
		int64_t fourth = civil_to_days((int32_t)r->iso_year, 1, 4);
		*days = fourth - days_weekday(fourth) + ((r->iso_week > 0 ? r->iso_week : 1) - 1) * 7 +
		        (r->iso_day > 0 ? r->iso_day : 1) - 1;
		return OK;
	}
	if (!r->has_year && r->century >= 0) {
		r->year = (r->century - 1) * 100 + 1;
		r->has_year = true;
	} else if (r->short_year && r->century >= 0) {
		r->year = r->year % 100 == 0 ? r->century * 100 : (r->century - 1) * 100 + r->year % 100;
	}
	int64_t year = r->year;
	if (r->bc && year > 0)
		year = 1 - year;
	else if (year < 0)
		year++;
	if (year > 294276 || year < -4713)
		return out_of_range(r);
	if (r->year_day > 0 && r->month < 0) {
		if (r->year_day > 365 + civil_is_leap((int32_t)year))
			return out_of_range(r);
		*days = civil_to_days((int32_t)year, 1, 1) + r->year_day - 1;
		return OK;
	}
	if (r->week > 0 && r->month < 0) {
		*days = civil_to_days((int32_t)year, 1, 1) + (r->week - 1) * 7;
		return OK;
	}
	int64_t month = r->month < 0 ? 1 : r->month, day = r->day < 0 ? 1 : r->day;
	if (r->day < 0 && r->month_week > 0)
		day = (r->month_week - 1) * 7 + 1;
	if (month < 1 || month > 12 || day < 1 || day > civil_days_in_month((int32_t)year, (unsigned)month))
		return out_of_range(r);
	*days = civil_to_days((int32_t)year, (unsigned)month, (unsigned)day);
	return OK;
}

static enum status clock_of(struct reading *r, int64_t *us)
{
	if (r->day_second >= 0) {
		*us = r->day_second * 1000000 + r->us;
		return r->day_second > 86400 ? out_of_range(r) : OK;
	}
	if (r->hour12 || r->pm) {
		if (r->hour12 && (r->hour < 1 || r->hour > 12)) {
			ERR(r->err, E_CANNOT_PARSE_DATETIME, "hour \"%lld\" is invalid for the 12-hour clock", (long long)r->hour);
			return error_hint(r->err, "Use the 24-hour clock, or give an hour between 1 and 12.");
		}
		if (r->pm && r->hour < 12)
			r->hour += 12;
		else if (!r->pm && r->hour == 12)
			r->hour = 0;
	}
	if (r->hour < 0 || r->hour > 23 || r->minute < 0 || r->minute > 59 || r->second < 0 || r->second > 59)
		return out_of_range(r);
	*us = (r->hour * 3600 + r->minute * 60 + r->second) * 1000000 + r->us;
	return OK;
}

enum status time_read(struct str text, const struct time_token *tokens, uint32_t n, const struct timezone *tz,
                      int64_t *us, int64_t *days, struct error *err)
{
	struct reading r = {.text = text, .month = -1, .day = -1, .day_second = -1, .year_day = -1, .iso_year = -1,
		.iso_week = -1, .iso_day = -1, .julian = -1, .century = -1, .week = -1, .month_week = -1, .err = err};
	bool twelve = false;
	for (uint32_t i = 0; i < n; i++) {
		if (r.at >= r.text.size && tokens[i].field != FIELD_TEXT)
			break;
		if (tokens[i].field == FIELD_TEXT)
			skip_text(&r, &tokens[i]);
		else
			TRY(read_field(&r, &tokens[i], tokens + n));
		twelve |= tokens[i].field == FIELD_HOUR12;
	}
	r.hour12 = twelve && r.hour12;
	int64_t clock;
	TRY(days_of(&r, days));
	TRY(clock_of(&r, &clock));
	if (__builtin_mul_overflow(*days, (int64_t)DAY_SECONDS * 1000000, us) || __builtin_add_overflow(*us, clock, us))
		return out_of_range(&r);
	int64_t offset = r.zone_hour * 3600 + r.zone_minute * 60, seconds = floor_div(*us, 1000000);
	if (r.has_zone)
		*us -= (r.zone_negative ? -offset : offset) * 1000000;
	else if (!timezone_is_utc(tz))
		*us = timezone_to_utc_pg(tz, seconds) * 1000000 + (*us - seconds * 1000000);
	return OK;
}
