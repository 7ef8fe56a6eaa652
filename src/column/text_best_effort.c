// SPDX-License-Identifier: Apache-2.0
/* parseDateTimeBestEffort: dates and times in the orders and spellings that people use. */
#include "base/clock.h"
#include "column/digits.h"
#include "column/text_impl.h"

/* Fields found so far; a field is read once. */
struct best_effort {
	const char *p, *end;
	unsigned scale;
	bool us_style;
	int year, month, day; /* 0: not seen; a year of 0 is none */
	int hour, minute, second;
	int64_t fraction;
	bool has_time, has_offset, pm, am;
	int32_t offset;
};

static bool set_date(struct best_effort *b, int year, int month, int day)
{
	if (b->month != 0 || b->day != 0 || b->year != 0)
		return false;
	b->year = year;
	b->month = month;
	b->day = day;
	return true;
}

static int number(const char *s, unsigned n)
{
	int v = 0;
	for (unsigned i = 0; i < n; i++)
		v = v * 10 + (s[i] - '0');
	return v;
}

static unsigned digits_ahead(const struct best_effort *b)
{
	unsigned n = 0;
	while (b->p + n < b->end && is_digit(b->p[n]) && n < 20)
		n++;
	return n;
}

/* hh:mm[:ss] behind its hour. */
static bool take_minutes(struct best_effort *b, int hour)
{
	unsigned n;
	if (b->has_time)
		return false;
	b->has_time = true;
	b->hour = hour;
	for (int field = 0; field < 2 && b->p < b->end && *b->p == ':'; field++) {
		b->p++;
		n = digits_ahead(b);
		if (n == 0 || n > 2)
			return false;
		*(field == 0 ? &b->minute : &b->second) = number(b->p, n);
		b->p += n;
	}
	return true;
}

/* A year of four digits, and what may hang on it: -MM, -MM-DD with - . or / */
static bool take_year_first(struct best_effort *b, int year)
{
	if (b->year != 0)
		return false;
	b->year = year;
	if (b->p == b->end || b->month != 0 || (*b->p != '-' && *b->p != '/' && *b->p != '.'))
		return true;
	char separator = *b->p++;
	unsigned n = digits_ahead(b);
	if (n == 0 || n > 2)
		return false;
	b->month = number(b->p, n);
	b->p += n;
	if (b->p == b->end || *b->p != separator)
		return true;
	b->p++;
	n = digits_ahead(b);
	if (n == 0 || n > 2)
		return false;
	b->day = number(b->p, n);
	b->p += n;
	return true;
}

static int full_year(const char *s, unsigned n)
{
	int year = number(s, n);
	return n <= 2 ? year + (year < 70 ? 2000 : 1900) : year;
}

/* dd/mm[/yyyy], dd-Mon-yyyy and their like, behind the first number; mm/dd where the day cannot be a month. */
static bool take_day_first(struct best_effort *b, int first)
{
	char separator = *b->p++;
	unsigned n = digits_ahead(b);
	if (n == 0) { /* 23-Feb-2026: the name comes next */
		if (b->day != 0)
			return false;
		b->day = first;
		return true;
	}
	if (n > 2 || b->day != 0 || b->month != 0)
		return false;
	int second = number(b->p, n);
	b->p += n;
	bool swap = b->us_style ? first <= 12 : second > 12;
	b->day = swap ? second : first;
	b->month = swap ? first : second;
	if (b->p < b->end && *b->p == separator) {
		b->p++;
		n = digits_ahead(b);
		if ((n != 2 && n != 4) || b->year != 0)
			return false;
		b->year = full_year(b->p, n);
		b->p += n;
	}
	return true;
}

static bool take_small_number(struct best_effort *b, unsigned n)
{
	int v = number(b->p, n);
	b->p += n;
	char next = b->p < b->end ? *b->p : '\0';
	if (next == ':')
		return take_minutes(b, v);
	if ((next == '/' || next == '.' || next == '-') && b->day == 0)
		return take_day_first(b, v);
	if (b->day == 0 && v != 0) {
		b->day = v;
		return true;
	}
	if (b->year != 0 && b->month != 0 && !b->has_time) { /* an hour alone */
		b->has_time = true;
		b->hour = v;
		return true;
	}
	if (b->year == 0 && n == 2) {
		b->year = full_year(b->p - 2, 2);
		return true;
	}
	return false;
}

static bool take_number(struct best_effort *b, unsigned n)
{
	const char *s = b->p;
	switch (n) {
	case 14:
		b->has_time = true;
		b->hour = number(s + 8, 2);
		b->minute = number(s + 10, 2);
		b->second = number(s + 12, 2);
		b->p += 14;
		return set_date(b, number(s, 4), number(s + 4, 2), number(s + 6, 2));
	case 8:
		b->p += 8;
		return set_date(b, number(s, 4), number(s + 4, 2), number(s + 6, 2));
	case 6:
		b->p += 6;
		if (b->year == 0)
			return set_date(b, number(s, 4), number(s + 4, 2), 0);
		if (b->has_time)
			return false;
		b->has_time = true;
		b->hour = number(s, 2);
		b->minute = number(s + 2, 2);
		b->second = number(s + 4, 2);
		return true;
	case 4:
		b->p += 4;
		if (b->year == 0)
			return take_year_first(b, number(s, 4));
		if (b->has_time)
			return false;
		b->has_time = true;
		b->hour = number(s, 2);
		b->minute = number(s + 2, 2);
		return true;
	case 1:
	case 2: return take_small_number(b, n);
	default: return false;
	}
}

/* Month and weekday names by three letters or in full, AM, PM, zone names. */
static bool take_name(struct best_effort *b)
{
	static const char *const months[] = {"january", "february", "march", "april", "may", "june", "july", "august",
		"september", "october", "november", "december"};
	static const char *const days[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
	const char *start = b->p;
	while (b->p < b->end && ascii_lower(*b->p) >= 'a' && ascii_lower(*b->p) <= 'z')
		b->p++;
	struct str word = {start, (size_t)(b->p - start)};
	if (word.size == 1 && (*start == 'T' || *start == 'Z')) {
		if (*start == 'Z') {
			b->has_offset = true;
			b->offset = 0;
		}
		return true;
	}
	if (str_eq_nocase(word, STR("am")) || str_eq_nocase(word, STR("pm"))) {
		*(ascii_lower(*start) == 'p' ? &b->pm : &b->am) = true;
		return true;
	}
	if (str_eq_nocase(word, STR("utc")) || str_eq_nocase(word, STR("gmt")) || str_eq_nocase(word, STR("msk")) ||
	    str_eq_nocase(word, STR("msd"))) {
		b->has_offset = true;
		b->offset = ascii_lower(start[0]) != 'm' ? 0 : ascii_lower(start[2]) == 'k' ? 3 * 3600 : 4 * 3600;
		return true;
	}
	for (int i = 0; word.size >= 3 && i < 12; i++) {
		if (str_starts_with_nocase(str_of(months[i]), word)) {
			if (b->month != 0)
				return false;
			b->month = i + 1;
			if (b->p < b->end && *b->p == '-') /* 23-Feb-2026 */
				b->p++;
			return true;
		}
	}
	for (int i = 0; word.size >= 3 && i < 7; i++)
		if (str_starts_with_nocase(str_of(days[i]), word))
			return true;
	return false;
}

static bool take_offset(struct best_effort *b)
{
	int32_t offset;
	if (!b->has_time || !take_zone_offset(&b->p, b->end, &offset))
		return false;
	b->offset = b->has_offset ? b->offset + offset : offset;
	b->has_offset = true;
	return true;
}

static bool scan(struct best_effort *b)
{
	while (b->p < b->end) {
		unsigned n = digits_ahead(b);
		bool good = true;
		if (n != 0)
			good = take_number(b, n);
		else if (*b->p == ' ' || *b->p == '\t' || (*b->p == ',' && b->p + 1 < b->end && !is_digit(b->p[1])))
			b->p++;
		else if (*b->p == '.' && b->has_time && b->fraction == 0 && (b->p++, true))
			good = take_fraction(&b->p, b->end, b->scale, &b->fraction);
		else if (*b->p == '+' || *b->p == '-')
			good = take_offset(b);
		else
			good = take_name(b);
		if (!good)
			return false;
	}
	return true;
}

/* A time without a year is the latest one that is not in the future. */
static int missing_year(const struct best_effort *b, const struct timezone *tz)
{
	int64_t now = clock_wall_us() / 1000000;
	struct civil_time today = timezone_civil(tz == NULL ? timezone_utc() : tz, now);
	int month = b->month == 0 ? 1 : b->month, day = b->day == 0 ? 1 : b->day;
	bool later = month > today.date.month || (month == today.date.month && day > today.date.day);
	return today.date.year - later;
}

bool parse_datetime_best_effort(struct str s, const struct timezone *tz, unsigned scale, bool us_style, int64_t *ticks)
{
	struct best_effort b = {.end = s.data + s.size, .scale = scale, .us_style = us_style};
	s = str_trim(s);
	b.p = s.data;
	b.end = s.data + s.size;
	unsigned n = digits_ahead(&b);
	if (n == 9 || n == 10 || n == 13 || n == 16 || n == 19) /* a timestamp */
		return parse_datetime(s, tz, scale, false, ticks);
	if (n == 0 && s.size != 0 && (*b.p == '+' || *b.p == '-' || *b.p == '.'))
		return false;
	if (!scan(&b) || (b.year == 0 && b.month == 0 && b.day == 0 && !b.has_time))
		return false;
	if (b.year == 0)
		b.year = missing_year(&b, tz);
	b.month += b.month == 0;
	b.day += b.day == 0;
	if ((b.am || b.pm) && b.has_time && b.hour > 12)
		return false;
	if (b.pm && b.has_time && b.hour < 12)
		b.hour += 12;
	else if (b.am && b.hour == 12)
		b.hour = 0;
	if (b.month > 12 || b.day > (int)civil_days_in_month(b.year, (unsigned)b.month) || b.hour > 23 || b.minute > 59 ||
	    b.second > 60)
		return false;
	int64_t days = civil_to_days(b.year, (unsigned)b.month, (unsigned)b.day);
	int64_t local = days * 86400 + b.hour * 3600 + b.minute * 60 + b.second;
	return datetime_ticks(b.has_offset ? local - b.offset : local_to_utc(tz, local), b.fraction, scale, ticks);
}
