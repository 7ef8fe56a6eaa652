// SPDX-License-Identifier: Apache-2.0
/* PostgreSQL's date and time input: ISO 8601, month names, MDY numbers, zones, BC, and its special words. */
#include "base/clock.h"
#include "column/digits.h"
#include "column/pg_datetime_impl.h"

struct scan {
	const char *p, *end;
	struct pg_datetime *out;
	int year, month, day;
	bool has_year, has_month, has_day, has_time, bc, am, pm, short_year;
	bool time;     /* a time of day is wanted */
	bool bad_zone;
};

static unsigned digits_at(const char *p, const char *end)
{
	unsigned n = 0;
	while (p + n < end && is_digit(p[n]) && n < 20)
		n++;
	return n;
}

static int number(const char *s, unsigned n)
{
	int v = 0;
	for (unsigned i = 0; i < n && i < 9; i++)
		v = v * 10 + (s[i] - '0');
	return v;
}

static void set_year(struct scan *s, int year, unsigned digits)
{
	s->year = year;
	s->has_year = true;
	s->short_year = digits <= 2;
}

static bool month_by_name(struct str word, int *out)
{
	static const char *const names[] = {"january", "february", "march", "april", "may", "june", "july", "august",
		"september", "october", "november", "december"};
	if (str_eq_nocase(word, STR("sept"))) {
		*out = 9;
		return true;
	}
	for (int i = 0; i < 12; i++) {
		if (str_eq_nocase(word, str_of(names[i])) || (word.size == 3 && str_starts_with_nocase(str_of(names[i]), word))) {
			*out = i + 1;
			return true;
		}
	}
	return false;
}

static bool is_weekday(struct str word)
{
	static const char *const names[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
	for (int i = 0; i < 7; i++)
		if (str_eq_nocase(word, str_of(names[i])) ||
		    (word.size >= 3 && word.size <= 5 && str_starts_with_nocase(str_of(names[i]), word)))
			return true;
	return false;
}

static struct str take_letters(struct scan *s)
{
	const char *start = s->p;
	while (s->p < s->end && ascii_lower(*s->p) >= 'a' && ascii_lower(*s->p) <= 'z')
		s->p++;
	return str_make(start, (size_t)(s->p - start));
}

/* hh:mm[:ss[.f]] */
static bool take_time(struct scan *s, unsigned n)
{
	struct pg_datetime *o = s->out;
	int64_t fraction = 0;
	if (s->has_time || n > 2)
		return false;
	s->has_time = true;
	o->hour = number(s->p, n);
	s->p += n;
	for (int field = 0; field < 2 && s->p < s->end && *s->p == ':'; field++) {
		n = digits_at(++s->p, s->end);
		if (n == 0 || n > 2)
			return false;
		*(field == 0 ? &o->minute : &o->second) = number(s->p, n);
		s->p += n;
	}
	if (s->p < s->end && *s->p == '.') {
		s->p++;
		enum { DIGITS = 7 }; /* one more than is kept: it rounds */
		if (!take_fraction(&s->p, s->end, DIGITS, &fraction))
			return false;
		o->us = (fraction + 5) / 10;
	}
	return true;
}

/* n1-n2-n3 with - / or . between; the first of three and more digits is a year, else month, day, year. */
static bool take_date_group(struct scan *s, unsigned n)
{
	int field[3] = {number(s->p, n), 0, 0};
	unsigned size[3] = {n, 0, 0};
	int named = -1, count = 1;
	if (s->has_day || s->has_year)
		return false;
	s->p += n;
	char separator = *s->p;
	for (; count < 3 && s->p < s->end && *s->p == separator; count++) {
		s->p++;
		size[count] = digits_at(s->p, s->end);
		field[count] = number(s->p, size[count]);
		s->p += size[count];
		if (size[count] == 0) {
			if (named >= 0 || !month_by_name(take_letters(s), &field[count]))
				return false;
			named = count;
		}
	}
	if (count != 3 || (named >= 0 && s->has_month))
		return false;
	bool year_first = size[0] >= 3;
	int y = year_first ? 0 : 2;
	int m = named >= 0 ? named : year_first ? 1 : 0;
	if (m == y)
		return false;
	set_year(s, field[y], size[y]);
	s->month = field[m];
	s->day = field[3 - y - m];
	s->has_month = s->has_day = true;
	return size[3 - y - m] <= 2;
}

/* Digits that stand alone: 20260223, 100000 behind a date, a year, a day. */
static bool take_lone_number(struct scan *s, unsigned n)
{
	const char *d = s->p;
	s->p += n;
	bool date = s->time || (s->has_year && s->has_month && s->has_day);
	if (n == 8 && !s->has_year && !s->has_day && !s->has_month) {
		set_year(s, number(d, 4), 4);
		s->month = number(d + 4, 2);
		s->day = number(d + 6, 2);
		s->has_month = s->has_day = true;
		return true;
	}
	if (n == 6 || (n == 4 && date)) {
		if (!date) {
			if (n != 6 || s->has_year || s->has_month || s->has_day)
				return false;
			set_year(s, number(d, 2), 2);
			s->month = number(d + 2, 2);
			s->day = number(d + 4, 2);
			s->has_month = s->has_day = true;
			return true;
		}
		if (s->has_time)
			return false;
		s->has_time = true;
		s->out->hour = number(d, 2);
		s->out->minute = number(d + 2, 2);
		s->out->second = n == 6 ? number(d + 4, 2) : 0;
		return true;
	}
	if (n <= 2 && s->has_month && !s->has_day) {
		s->day = number(d, n);
		s->has_day = true;
		return true;
	}
	if (n <= 2 && !s->has_month && !s->has_day) { /* 23 Feb 2026 */
		s->day = number(d, n);
		s->has_day = true;
		return true;
	}
	if (!s->has_year && n <= 7) {
		set_year(s, number(d, n), n);
		return true;
	}
	if (date && !s->has_time && n <= 2 && s->p < s->end) { /* an hour before AM or PM */
		s->has_time = true;
		s->out->hour = number(d, n);
		return true;
	}
	return false;
}

/* Abbreviations that PostgreSQL's default set has; hours and quarters east. */
static bool zone_by_abbreviation(struct str word, int32_t *offset)
{
	static const struct {
		const char *name;
		int8_t quarters;
	} zones[] = {
		{"z", 0}, {"utc", 0}, {"gmt", 0}, {"zulu", 0}, {"ut", 0}, {"uct", 0}, {"wet", 0}, {"west", 4}, {"bst", 4}, {"cet", 4},
		{"cest", 8}, {"met", 4}, {"mest", 8}, {"eet", 8}, {"eest", 12}, {"msk", 12}, {"msd", 16}, {"ist", 8}, {"pkt", 20},
		{"sgt", 32}, {"hkt", 32}, {"jst", 36}, {"kst", 36}, {"aest", 40}, {"aedt", 44}, {"nzst", 48}, {"nzdt", 52},
		{"brt", -12}, {"art", -12}, {"ast", -16}, {"adt", -12}, {"est", -20}, {"edt", -16}, {"cst", -24}, {"cdt", -20},
		{"mst", -28}, {"mdt", -24}, {"pst", -32}, {"pdt", -28}, {"akst", -36}, {"akdt", -32}, {"hst", -40},
	};
	for (size_t i = 0; i < ARRAY_COUNT(zones); i++) {
		if (str_eq_nocase(word, str_of(zones[i].name))) {
			*offset = zones[i].quarters * 900;
			return true;
		}
	}
	return false;
}

/* +hh, +hh:mm, +hhmm, +hh:mm:ss */
static bool take_offset(struct scan *s)
{
	int32_t offset;
	int sign = *s->p == '-' ? -1 : 1;
	if (s->out->has_offset || !take_zone_offset(&s->p, s->end, &offset))
		return false;
	if (s->p + 2 < s->end && *s->p == ':' && is_digit(s->p[1]) && is_digit(s->p[2])) {
		offset += sign * number(s->p + 1, 2);
		s->p += 3;
	}
	s->out->has_offset = true;
	s->out->offset = offset;
	return offset <= 15 * 3600 + 3599 && offset >= -(15 * 3600 + 3599);
}

/* "Europe/Berlin", "Etc/GMT+5". */
static bool take_zone_name(struct scan *s, const char *start)
{
	while (s->p < s->end && *s->p != ' ' && *s->p != ',')
		s->p++;
	s->out->has_offset = true;
	s->bad_zone = timezone_find(str_make(start, (size_t)(s->p - start)), &s->out->zone, NULL) != OK;
	return !s->bad_zone;
}

static bool take_word(struct scan *s)
{
	const char *start = s->p;
	struct str word = take_letters(s);
	int month;
	if (word.size == 0)
		return false;
	if (s->p < s->end && (*s->p == '/' || *s->p == '_'))
		return take_zone_name(s, start);
	if (word.size == 1 && ascii_lower(*start) == 't' && s->p < s->end && is_digit(*s->p))
		return true;
	if (str_eq_nocase(word, STR("am")) || str_eq_nocase(word, STR("pm"))) {
		*(ascii_lower(*start) == 'a' ? &s->am : &s->pm) = true;
		return true;
	}
	if (str_eq_nocase(word, STR("bc")) || str_eq_nocase(word, STR("ad"))) {
		s->bc = ascii_lower(*start) == 'b';
		return true;
	}
	if (month_by_name(word, &month)) {
		if (s->has_month)
			return false;
		s->month = month;
		s->has_month = true;
		return true;
	}
	if (is_weekday(word) || str_eq_nocase(word, STR("at")))
		return true;
	if (zone_by_abbreviation(word, &s->out->offset)) {
		if (s->out->has_offset)
			return false;
		s->out->has_offset = true;
		return true;
	}
	return take_zone_name(s, start);
}

static bool scan_fields(struct scan *s)
{
	while (s->p < s->end) {
		char c = *s->p;
		if (c == ' ' || c == ',' || (c >= '\t' && c <= '\r')) {
			s->p++;
			continue;
		}
		unsigned n = digits_at(s->p, s->end);
		bool good;
		if (n != 0) {
			char next = s->p + n < s->end ? s->p[n] : '\0';
			bool date = s->has_year && s->has_day;
			if (next == ':')
				good = take_time(s, n);
			else if (!date && (next == '-' || next == '/' || next == '.'))
				good = take_date_group(s, n);
			else
				good = take_lone_number(s, n);
		} else if (c == '+' || c == '-') {
			good = (s->has_time || (s->has_year && s->has_day)) && take_offset(s);
		} else {
			good = take_word(s);
		}
		if (!good)
			return false;
	}
	return true;
}

/* infinity, epoch, now, today, tomorrow, yesterday, allballs. */
static bool special_word(struct str s, const struct timezone *tz, struct pg_datetime *out)
{
	bool negative = s.size != 0 && s.data[0] == '-';
	struct str word = {s.data + (negative || (s.size != 0 && s.data[0] == '+')), 0};
	word.size = s.size - (size_t)(word.data - s.data);
	if (str_eq_nocase(word, STR("infinity")) || str_eq_nocase(word, STR("inf"))) {
		out->infinite = negative ? -1 : 1;
		return true;
	}
	int64_t now = clock_wall_us(), second = now / 1000000;
	int64_t local = second + (tz == NULL ? 0 : timezone_offset(tz, second));
	out->has_date = out->has_time = true;
	if (str_eq_nocase(s, STR("epoch"))) {
		out->days = 0;
		out->has_offset = true;
		return true;
	}
	out->days = local / 86400 - (local % 86400 < 0);
	if (str_eq_nocase(s, STR("now"))) {
		int64_t of_day = local - out->days * 86400;
		out->hour = (int)(of_day / 3600);
		out->minute = (int)(of_day / 60 % 60);
		out->second = (int)(of_day % 60);
		out->us = now % 1000000;
		return true;
	}
	if (str_eq_nocase(s, STR("allballs")))
		return true;
	int shift = str_eq_nocase(s, STR("today")) ? 0 : str_eq_nocase(s, STR("tomorrow")) ? 1
	          : str_eq_nocase(s, STR("yesterday")) ? -1 : 2;
	out->days += shift;
	return shift != 2;
}

enum pg_datetime_result pg_datetime_parse(struct str text, const struct timezone *tz, bool time,
                                          struct pg_datetime *out)
{
	*out = (struct pg_datetime){.days = 0};
	text = str_trim(text);
	if (text.size == 0 || text.size > 128)
		return PG_DATETIME_SYNTAX;
	if (special_word(text, tz, out))
		return PG_DATETIME_OK;
	*out = (struct pg_datetime){.days = 0};
	struct scan s = {.p = text.data, .end = text.data + text.size, .out = out, .time = time};
	if (!scan_fields(&s))
		return s.bad_zone && s.has_time ? PG_DATETIME_ZONE : PG_DATETIME_SYNTAX;
	bool any = s.has_year || s.has_month || s.has_day;
	if (any && !(s.has_year && s.has_month && s.has_day))
		return PG_DATETIME_SYNTAX;
	if (!any && !s.has_time)
		return PG_DATETIME_SYNTAX;
	out->has_date = any;
	out->has_time = s.has_time;
	if ((s.am || s.pm) && (out->hour > 12 || !s.has_time))
		return PG_DATETIME_RANGE;
	if (s.pm && out->hour != 12)
		out->hour += 12;
	else if (s.am && out->hour == 12)
		out->hour = 0;
	bool midnight = out->hour == 24 && out->minute == 0 && out->second == 0 && out->us == 0;
	if ((out->hour > 23 && !midnight) || out->minute > 59 || out->second > 60)
		return PG_DATETIME_RANGE;
	if (!any)
		return PG_DATETIME_OK;
	int year = s.year;
	if (s.short_year && !s.bc)
		year += year < 70 ? 2000 : 1900;
	if (year == 0)
		return PG_DATETIME_RANGE;
	if (s.bc)
		year = 1 - year;
	if (s.month < 1 || s.month > 12 || s.day < 1 || s.day > (int)civil_days_in_month(year, (unsigned)s.month) ||
	    year > 5874897)
		return PG_DATETIME_RANGE;
	out->days = civil_to_days(year, (unsigned)s.month, (unsigned)s.day);
	return PG_DATETIME_OK;
}

bool pg_datetime_us(const struct pg_datetime *d, const struct timezone *tz, int64_t *us)
{
	int64_t local = d->days * 86400 + d->hour * 3600 + d->minute * 60 + d->second;
	if (d->has_offset && d->zone != NULL)
		local = timezone_to_utc(d->zone, local);
	else if (d->has_offset)
		local -= d->offset;
	else
		local = local_to_utc(tz, local);
	return datetime_ticks(local, d->us, 6, us);
}
