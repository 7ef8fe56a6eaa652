// SPDX-License-Identifier: Apache-2.0
/*
 * Times from text by a format: parseDateTime by MySQL's letters, parseDateTimeInJodaSyntax by Joda's.
 *
 * What a text leaves out is 2000-01-01 where it says something of a date, else 1970-01-01; of months and days, weeks
 * and days of the year the last one said decides.
 */
#include <assert.h>

#include "func/date_impl.h"

enum date_mode { DATE_UNSAID, DATE_CALENDAR, DATE_WEEK, DATE_YEAR_DAY };

struct parse {
	struct str format;
	const struct timezone *tz;
	unsigned scale;
	bool joda, wide, or_null, or_zero;
};

/* One text on its way. */
struct reading {
	const struct parse *how;
	const char *at, *end;
	enum date_mode mode;
	bool has_year, has_offset, half_day, pm;
	int64_t year, month, day, year_day, week, weekday, hour, minute, second, fraction, offset;
	const struct timezone *tz;
	bool bad_format;
	const char *what; /* is wrong */
};

static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July", "August",
                                     "September", "October", "November", "December"};
static const char *const weekdays[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

static bool fail(struct reading *r, const char *what)
{
	r->what = what;
	return false;
}

/* Between `least` and `most` digits. */
static bool read_digits(struct reading *r, unsigned least, unsigned most, int64_t *out)
{
	unsigned n = 0;
	*out = 0;
	while (n < most && r->at < r->end && *r->at >= '0' && *r->at <= '9') {
		*out = *out * 10 + (*r->at++ - '0');
		n++;
	}
	return n >= least || fail(r, "a number is expected");
}

static bool read_range(struct reading *r, unsigned least, unsigned most, int64_t low, int64_t high, int64_t *out)
{
	if (!read_digits(r, least, most, out))
		return false;
	return (*out >= low && *out <= high) || fail(r, "a number is out of range");
}

static bool read_char(struct reading *r, char c)
{
	if (r->at == r->end || *r->at != c)
		return fail(r, "another character is expected");
	r->at++;
	return true;
}

/* One of the names, in any case; `letters` of it, or all where that is 0. */
static bool read_name(struct reading *r, const char *const *names, uint32_t n, size_t letters, int64_t *out)
{
	for (uint32_t i = 0; i < n; i++) {
		size_t size = letters == 0 ? strlen(names[i]) : letters;
		if ((size_t)(r->end - r->at) < size ||
		    !str_eq_nocase(str_make(r->at, size), str_make(names[i], size)))
			continue;
		r->at += size;
		*out = i + 1;
		return true;
	}
	return fail(r, "a name is expected");
}

static bool read_half_day(struct reading *r)
{
	if (r->end - r->at < 2 || ascii_lower(r->at[1]) != 'm' ||
	    (ascii_lower(r->at[0]) != 'a' && ascii_lower(r->at[0]) != 'p'))
		return fail(r, "AM or PM is expected");
	r->pm = ascii_lower(r->at[0]) == 'p';
	r->half_day = true;
	r->at += 2;
	return true;
}

/* +hhmm */
static bool read_offset(struct reading *r)
{
	int64_t hours, minutes;
	if (r->at == r->end || (*r->at != '+' && *r->at != '-'))
		return fail(r, "an offset from UTC is expected");
	bool west = *r->at++ == '-';
	if (!read_range(r, 2, 2, 0, 23, &hours) || !read_range(r, 2, 2, 0, 59, &minutes))
		return false;
	r->offset = (hours * 60 + minutes) * (west ? -60 : 60);
	r->has_offset = true;
	return true;
}

static bool read_zone(struct reading *r)
{
	const char *from = r->at;
	while (r->at < r->end && (memchr("/_+-", *r->at, 4) != NULL || (*r->at >= '0' && *r->at <= '9') ||
	                          (ascii_lower(*r->at) >= 'a' && ascii_lower(*r->at) <= 'z')))
		r->at++;
	struct error ignored;
	error_init(&ignored);
	if (r->at == from || timezone_find(str_make(from, (size_t)(r->at - from)), &r->tz, &ignored) != OK)
		return fail(r, "a time zone is expected");
	return true;
}

static bool set_year(struct reading *r, int64_t year)
{
	int64_t low = r->how->wide ? 1900 : 1970, high = r->how->wide ? 2299 : 2106;
	r->year = year;
	r->has_year = true;
	return (year >= low && year <= high) || fail(r, "the year is out of range");
}

static bool set_date(struct reading *r, enum date_mode mode, bool good)
{
	r->mode = mode;
	return good;
}

static bool read_short_year(struct reading *r)
{
	int64_t y;
	return read_range(r, 2, 2, 0, 99, &y) && set_year(r, y < 70 ? 2000 + y : 1900 + y);
}

/* Hours of half a day count from 12, 1, 2 … 11. */
static bool read_hour12(struct reading *r, unsigned least)
{
	r->half_day = true;
	if (!read_range(r, least, 2, 1, 12, &r->hour))
		return false;
	r->hour %= 12;
	return true;
}

static bool read_time(struct reading *r, bool seconds)
{
	return read_range(r, 2, 2, 0, 23, &r->hour) && read_char(r, ':') && read_range(r, 2, 2, 0, 59, &r->minute) &&
	       (!seconds || (read_char(r, ':') && read_range(r, 2, 2, 0, 59, &r->second)));
}

static bool read_micro(struct reading *r)
{
	const char *from = r->at;
	if (!read_digits(r, 1, 6, &r->fraction))
		return false;
	for (ptrdiff_t n = r->at - from; n < 6; n++)
		r->fraction *= 10;
	return true;
}

/* One letter behind %. */
static bool read_mysql(struct reading *r, char letter)
{
	int64_t n;
	switch (letter) {
	case 'Y': return read_digits(r, 4, 4, &n) && set_year(r, n);
	case 'G': return set_date(r, DATE_WEEK, read_digits(r, 4, 4, &n) && set_year(r, n));
	case 'y': return read_short_year(r);
	case 'g': return set_date(r, DATE_WEEK, read_short_year(r));
	case 'C': return read_digits(r, 2, 2, &n) && set_year(r, n * 100);
	case 'm': return set_date(r, DATE_CALENDAR, read_range(r, 2, 2, 1, 12, &r->month));
	case 'c': return set_date(r, DATE_CALENDAR, read_range(r, 1, 2, 1, 12, &r->month));
	case 'b': return set_date(r, DATE_CALENDAR, read_name(r, months, 12, 3, &r->month));
	case 'M': return set_date(r, DATE_CALENDAR, read_name(r, months, 12, 0, &r->month));
	case 'd': return set_date(r, DATE_CALENDAR, read_range(r, 2, 2, 1, 31, &r->day));
	case 'e':
		if (r->at < r->end && *r->at == ' ')
			r->at++;
		return set_date(r, DATE_CALENDAR, read_range(r, 1, 2, 1, 31, &r->day));
	case 'F':
		return read_digits(r, 4, 4, &n) && set_year(r, n) && read_char(r, '-') && read_range(r, 2, 2, 1, 12, &r->month) &&
		       read_char(r, '-') && set_date(r, DATE_CALENDAR, read_range(r, 2, 2, 1, 31, &r->day));
	case 'D':
		return read_range(r, 2, 2, 1, 12, &r->month) && read_char(r, '/') && read_range(r, 2, 2, 1, 31, &r->day) &&
		       read_char(r, '/') && set_date(r, DATE_CALENDAR, read_short_year(r));
	case 'j': return set_date(r, DATE_YEAR_DAY, read_range(r, 3, 3, 1, 366, &r->year_day));
	case 'V': return set_date(r, DATE_WEEK, read_range(r, 2, 2, 1, 53, &r->week));
	case 'u': return set_date(r, DATE_WEEK, read_range(r, 1, 1, 1, 7, &r->weekday));
	case 'w':
		if (!set_date(r, DATE_WEEK, read_range(r, 1, 1, 0, 6, &r->weekday)))
			return false;
		r->weekday = r->weekday == 0 ? 7 : r->weekday;
		return true;
	case 'a': return set_date(r, DATE_WEEK, read_name(r, weekdays, 7, 3, &r->weekday));
	case 'W': return set_date(r, DATE_WEEK, read_name(r, weekdays, 7, 0, &r->weekday));
	case 'H': return read_range(r, 2, 2, 0, 23, &r->hour);
	case 'k': return read_range(r, 1, 2, 0, 23, &r->hour);
	case 'h':
	case 'I': return read_hour12(r, 2);
	case 'l': return read_hour12(r, 1);
	case 'i': return read_range(r, 2, 2, 0, 59, &r->minute);
	case 's':
	case 'S': return read_range(r, 2, 2, 0, 59, &r->second);
	case 'f': return read_micro(r);
	case 'p': return read_half_day(r);
	case 'T':
	case 'R': return read_time(r, letter == 'T');
	case 'r':
		return read_hour12(r, 2) && read_char(r, ':') && read_range(r, 2, 2, 0, 59, &r->minute) && read_char(r, ' ') &&
		       read_half_day(r);
	case 'z': return read_offset(r);
	case 'n': return read_char(r, '\n');
	case 't': return read_char(r, '\t');
	case '%': return read_char(r, '%');
	default:
		r->bad_format = true;
		return fail(r, "the format has a letter that is not supported");
	}
}

static bool read_all_mysql(struct reading *r)
{
	struct str f = r->how->format;
	for (size_t i = 0; i < f.size; i++) {
		if (f.data[i] != '%') {
			if (!read_char(r, f.data[i]))
				return false;
			continue;
		}
		if (++i == f.size) {
			r->bad_format = true;
			return fail(r, "'%' must not be the last character in the format string, use '%%' instead");
		}
		if (!read_mysql(r, f.data[i]))
			return false;
	}
	return true;
}

/* A run of n equal letters. */
static bool read_joda(struct reading *r, char letter, unsigned n)
{
	unsigned two = n > 2 ? n : 2, most = n > 18 ? 18 : n;
	int64_t v;
	switch (letter) {
	case 'y':
	case 'Y':
		if (n == 2)
			return read_short_year(r);
		return read_digits(r, 1, n > 4 && n <= 9 ? n : 4, &v) && set_year(r, v);
	case 'x': return set_date(r, DATE_WEEK, read_digits(r, 1, 4, &v) && set_year(r, v));
	case 'C': return read_digits(r, 1, 2, &v) && set_year(r, v * 100);
	case 'G':
		if (r->end - r->at < 2 || !str_eq_nocase(str_make(r->at, 2), STR("AD")))
			return fail(r, "an era is expected");
		r->at += 2;
		return true;
	case 'M':
		if (n >= 3)
			return set_date(r, DATE_CALENDAR, read_name(r, months, 12, 0, &r->month) || read_name(r, months, 12, 3, &r->month));
		return set_date(r, DATE_CALENDAR, read_range(r, 1, two, 1, 12, &r->month));
	case 'd': return set_date(r, DATE_CALENDAR, read_range(r, 1, two > 9 ? 9 : two, 1, 31, &r->day));
	case 'D': return set_date(r, DATE_YEAR_DAY, read_range(r, 1, 3, 1, 366, &r->year_day));
	case 'w': return set_date(r, DATE_WEEK, read_range(r, 1, 2, 1, 53, &r->week));
	case 'e': return set_date(r, DATE_WEEK, read_range(r, 1, 1, 1, 7, &r->weekday));
	case 'E':
		return set_date(r, DATE_WEEK, read_name(r, weekdays, 7, 0, &r->weekday) ||
		                              read_name(r, weekdays, 7, 3, &r->weekday));
	case 'a': return read_half_day(r);
	case 'H': return read_range(r, 1, 2, 0, 23, &r->hour);
	case 'k':
		if (!read_range(r, 1, 2, 1, 24, &r->hour))
			return false;
		r->hour %= 24;
		return true;
	case 'h': return read_hour12(r, 1);
	case 'K':
		r->half_day = true;
		return read_range(r, 1, 2, 0, 11, &r->hour);
	case 'm': return read_range(r, 1, 2, 0, 59, &r->minute);
	case 's': return read_range(r, 1, 2, 0, 59, &r->second);
	case 'S': return read_digits(r, 1, most, &r->fraction);
	case 'z': return read_zone(r);
	case 'Z': return read_offset(r);
	default:
		r->bad_format = true;
		return fail(r, "the format has a letter that is not supported");
	}
}

static bool read_all_joda(struct reading *r)
{
	struct str f = r->how->format;
	for (size_t i = 0, n; i < f.size; i += n) {
		char c = f.data[i];
		n = 1;
		if (c == '\'') {
			/* text in quotes; two quotes are one */
			if (i + 1 < f.size && f.data[i + 1] == '\'') {
				n = 2;
				if (!read_char(r, '\''))
					return false;
				continue;
			}
			for (; i + n < f.size && f.data[i + n] != '\''; n++)
				if (!read_char(r, f.data[i + n]))
					return false;
			n++;
			continue;
		}
		if (ascii_lower(c) < 'a' || ascii_lower(c) > 'z') {
			if (!read_char(r, c))
				return false;
			continue;
		}
		while (i + n < f.size && f.data[i + n] == c)
			n++;
		if (!read_joda(r, c, n > 32 ? 32 : (unsigned)n))
			return false;
	}
	return true;
}

static bool date_of(struct reading *r, int64_t *days)
{
	if (!r->has_year)
		r->year = r->mode == DATE_UNSAID ? 1970 : 2000;
	int32_t year = (int32_t)r->year;
	if (r->mode == DATE_YEAR_DAY) {
		*days = civil_to_days(year, 1, 1) + r->year_day - 1;
		return r->year_day <= 365 + civil_is_leap(year) || fail(r, "the day of the year is out of range");
	}
	if (r->mode == DATE_WEEK) {
		int64_t fourth = civil_to_days(year, 1, 4); /* is in week 1 */
		*days = fourth - days_weekday(fourth) + (r->week - 1) * 7 + r->weekday - 1;
		return true;
	}
	if (r->day > civil_days_in_month(year, (unsigned)r->month))
		return fail(r, "the day of the month is out of range");
	*days = civil_to_days(year, (unsigned)r->month, (unsigned)r->day);
	return true;
}

/* Ticks of the result's scale, or false. */
static bool read_text(const struct parse *how, struct str text, struct reading *r, int64_t *out)
{
	int64_t days;
	*r = (struct reading){.how = how, .at = text.data, .end = text.data + text.size, .month = 1, .day = 1, .year_day = 1,
	                      .week = 1, .weekday = 1, .tz = how->tz};
	if (!(how->joda ? read_all_joda(r) : read_all_mysql(r)))
		return false;
	if (r->at != r->end)
		return fail(r, "there is more behind it");
	if (!date_of(r, &days))
		return false;
	if (r->half_day && r->pm)
		r->hour = r->hour % 12 + 12;
	int64_t local = days * DAY_SECONDS + r->hour * 3600 + r->minute * 60 + r->second;
	int64_t utc = r->has_offset ? local - r->offset : timezone_to_utc(r->tz, local);
	if (!how->wide) {
		*out = utc;
		return (utc >= 0 && utc <= UINT32_MAX) || fail(r, "the time is out of range");
	}
	*out = utc * (int64_t)pow10_u64(how->scale) + r->fraction;
	return true;
}

static enum status exec_parse(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                              struct vector **out)
{
	const struct parse *how = c->state;
	struct str_arg texts = str_arg(args[0]);
	struct reading r;
	struct vector *v;
	TRY(call_result(c, e, count, &v));
	for (uint32_t i = 0; i < count; i++) {
		struct str text = str_arg_at(&texts, i);
		int64_t value = 0;
		if (!eval_skips(e, i) && !read_text(how, text, &r, &value)) {
			value = 0;
			bool forgiven = (how->or_null || how->or_zero) && !r.bad_format;
			enum status s = OK;
			if (!forgiven)
				s = ERR(e->err, r.bad_format ? E_BAD_ARGUMENTS : E_CANNOT_PARSE_DATETIME,
				        "Cannot parse '%.*s' by the format '%.*s': %s", STR_ARG(text), STR_ARG(how->format), r.what);
			else if (how->or_null)
				s = v->nulls != NULL ? OK : vector_make_nulls(v, e->track, e->err);
			if (s != OK) {
				vector_unref(v);
				return s;
			}
			if (how->or_null)
				bit_set(v->nulls, i);
		}
		if (how->wide)
			((int64_t *)v->data)[i] = value;
		else
			((uint32_t *)v->data)[i] = (uint32_t)value;
	}
	*out = v;
	return OK;
}

static enum status bind_parse(struct bind_env *env, struct call *c)
{
	struct parse *how = ARENA_NEW(env->arena, struct parse);
	struct str name = str_of(c->function->name);
	if (c->arg_types[0]->id != TYPE_STRING)
		return call_bad_type(env, c, 0);
	how->joda = str_find(name, STR("Joda")) >= 0;
	how->wide = str_starts_with(name, STR("parseDateTime64"));
	how->or_null = str_ends_with(name, STR("OrNull"));
	how->or_zero = str_ends_with(name, STR("OrZero"));
	how->format = how->joda ? STR("yyyy-MM-dd HH:mm:ss") : how->wide ? STR("%Y-%m-%d %H:%i:%s.%f")
	                                                                   : STR("%Y-%m-%d %H:%i:%s");
	if (c->arg_count > 1 && !call_const_str(c, 1, &how->format))
		return call_bad_type(env, c, 1);
	TRY(date_zone(env, c, UINT32_MAX, 2, &how->tz));
	how->scale = 6;
	if (how->joda) {
		how->scale = 0;
		for (size_t i = 0; i < how->format.size; i++)
			how->scale += how->format.data[i] == 'S';
		if (how->scale > 9)
			return ERR(env->err, E_ARGUMENT_OUT_OF_BOUND, "A DateTime64 has no more than 9 digits of a second");
	}
	c->result = how->wide ? type_datetime64(env->arena, how->scale, how->tz) : type_datetime(env->arena, how->tz);
	if (how->or_null)
		c->result = type_nullable(env->arena, c->result);
	c->state = how;
	return OK;
}

#define PARSE(row_name, row_aliases, text, sample, answer) \
	FUNCTION_ROW(row_name, row_aliases, FUNCTION_CH, "*s?s?", NULL, bind_parse, exec_parse, text, sample, answer)
#define PARSE_FAMILY(row_name, row_aliases, null_aliases, text, sample, answer) \
	PARSE(row_name, row_aliases, text, sample, answer), \
	PARSE(row_name "OrNull", null_aliases, text " NULL where it does not fit.", row_name "OrNull('?')", "\\N"), \
	PARSE(row_name "OrZero", NULL, text " 1970 where it does not fit.", "toUnixTimestamp(" row_name "OrZero('?'))", "0")

static const struct function rows[] = {
	PARSE_FAMILY("parseDateTime", "~TO_UNIXTIME", "~str_to_date", "A DateTime from text by a format as in MySQL.",
	             "parseDateTime('17/May/2024', '%d/%b/%Y', 'UTC')", "2024-05-17 00:00:00"),
	PARSE_FAMILY("parseDateTimeInJodaSyntax", NULL, NULL, "A DateTime from text by a Joda format.",
	             "parseDateTimeInJodaSyntax('2024-05-17', 'yyyy-MM-dd', 'UTC')", "2024-05-17 00:00:00"),
	PARSE_FAMILY("parseDateTime64", NULL, NULL, "A DateTime64 from text by a format as in MySQL.",
	             "parseDateTime64('2024-05-17 13:45:59.123', '%F %T.%f', 'UTC')", "2024-05-17 13:45:59.123000"),
	PARSE_FAMILY("parseDateTime64InJodaSyntax", NULL, NULL, "A DateTime64 from text by a Joda format.",
	             "parseDateTime64InJodaSyntax('2024-05-17 13.5', 'yyyy-MM-dd HH.S', 'UTC')", "2024-05-17 13:00:00.5"),
};

FUNCTION_FAMILY(date_parse, "Times from text");
