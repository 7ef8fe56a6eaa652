// SPDX-License-Identifier: Apache-2.0
/* Dates and times as text: ClickHouse's own form, ISO 8601 and Unix timestamps. */
#include "column/digits.h"
#include "column/text_impl.h"

unsigned format_date(int32_t days, char out[16])
{
	struct civil_date d = days_to_civil(days);
	char *p = out;
	if (likely(d.year >= 0 && d.year <= 9999)) {
		p = put4(p, (unsigned)d.year);
	} else {
		if (d.year < 0)
			*p++ = '-';
		unsigned year = (unsigned)(d.year < 0 ? -d.year : d.year);
		p = year < 1000 ? put_padded(p, year, 4) : put_u64(p, year);
	}
	*p++ = '-';
	p = put2(p, d.month);
	*p++ = '-';
	return (unsigned)(put2(p, d.day) - out);
}

static const int64_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};

int64_t datetime_split(int64_t ticks, unsigned scale, uint32_t *fraction)
{
	int64_t seconds = ticks / powers[scale], rest = ticks % powers[scale];
	if (rest < 0) {
		seconds--;
		rest += powers[scale];
	}
	*fraction = (uint32_t)rest;
	return seconds;
}

char *put_clock(char *p, uint32_t second_of_day)
{
	p = put2(p, second_of_day / 3600);
	*p++ = ':';
	p = put2(p, second_of_day / 60 % 60);
	*p++ = ':';
	return put2(p, second_of_day % 60);
}

unsigned format_datetime(int64_t ticks, unsigned scale, const struct timezone *tz, char out[48])
{
	struct day_cache cache = {.day = INT64_MIN};
	return format_datetime_cached(&cache, ticks, scale, tz, ' ', out);
}

unsigned format_datetime_cached(struct day_cache *cache, int64_t ticks, unsigned scale, const struct timezone *tz,
                                char separator, char out[48])
{
	uint32_t fraction = 0;
	int64_t seconds = scale == 0 ? ticks : datetime_split(ticks, scale, &fraction);
	if (tz != NULL && !timezone_is_utc(tz))
		seconds += timezone_offset(tz, seconds);
	int64_t day = seconds / 86400, rest = seconds % 86400;
	if (rest < 0) {
		day--;
		rest += 86400;
	}
	if (day != cache->day) {
		cache->day = day;
		cache->size = format_date((int32_t)day, cache->text);
	}
	memcpy(out, cache->text, sizeof cache->text);
	char *p = out + cache->size;
	*p++ = separator;
	p = put_clock(p, (uint32_t)rest);
	if (scale != 0) {
		*p++ = '.';
		p = put_padded(p, fraction, scale);
	}
	return (unsigned)(p - out);
}

unsigned format_time(int64_t ticks, unsigned scale, char out[48])
{
	char *p = out;
	if (ticks < 0)
		*p++ = '-';
	uint64_t v = ticks < 0 ? -(uint64_t)ticks : (uint64_t)ticks;
	uint64_t seconds = v / (uint64_t)powers[scale], fraction = v % (uint64_t)powers[scale];
	p = seconds / 3600 < 100 ? put2(p, (unsigned)(seconds / 3600)) : put_u64(p, seconds / 3600);
	*p++ = ':';
	p = put2(p, (unsigned)(seconds / 60 % 60));
	*p++ = ':';
	p = put2(p, (unsigned)(seconds % 60));
	if (scale != 0) {
		*p++ = '.';
		p = put_padded(p, fraction, scale);
	}
	return (unsigned)(p - out);
}

/* ---- reading ---- */

/* One or two digits. */
static bool take12(const char **p, const char *end, unsigned *out)
{
	if (*p == end || !is_digit(**p))
		return false;
	*out = (unsigned)(*(*p)++ - '0');
	if (*p != end && is_digit(**p))
		*out = *out * 10 + (unsigned)(*(*p)++ - '0');
	return true;
}

static bool civil_valid(int32_t year, unsigned month, unsigned day)
{
	return month >= 1 && month <= 12 && day >= 1 && (day <= 28 || day <= civil_days_in_month(year, month));
}

/* Days at the start of [p, end): YYYY-MM-DD with one separator or YYYYMMDD; advances *p. 0000-00-00 is the epoch. */
static bool take_date(const char **p, const char *end, int32_t *days)
{
	const char *s = *p;
	unsigned century, year, month, day;
	if (end - s < 8 || !two_digits(s, &century) || !two_digits(s + 2, &year))
		return false;
	year += century * 100;
	s += 4;
	if (is_digit(*s)) {
		if (!two_digits(s, &month) || !two_digits(s + 2, &day))
			return false;
		s += 4;
	} else {
		char separator = *s++;
		if (separator != '-' && separator != '/' && separator != '.')
			return false;
		if (!take12(&s, end, &month) || s == end || *s++ != separator || !take12(&s, end, &day))
			return false;
	}
	*p = s;
	if (year == 0 && month == 0 && day == 0) {
		*days = 0;
		return true;
	}
	if (!civil_valid((int32_t)year, month, day))
		return false;
	*days = (int32_t)civil_to_days((int32_t)year, month, day);
	return true;
}

bool parse_date(struct str s, int32_t *days)
{
	const char *p = s.data;
	return take_date(&p, s.data + s.size, days) && p == s.data + s.size;
}

bool take_fraction(const char **p, const char *end, unsigned scale, int64_t *out)
{
	unsigned digits = 0;
	*out = 0;
	for (; *p != end && is_digit(**p); (*p)++, digits++)
		if (digits < scale)
			*out = *out * 10 + (**p - '0');
	if (digits < scale)
		*out *= powers[scale - digits];
	return digits != 0;
}

bool take_zone_offset(const char **p, const char *end, int32_t *seconds)
{
	const char *s = *p;
	unsigned hours, minutes = 0;
	if (s == end)
		return false;
	if (*s == 'Z' || *s == 'z') {
		*p = s + 1;
		*seconds = 0;
		return true;
	}
	bool negative = *s == '-';
	if (!negative && *s != '+')
		return false;
	s++;
	if (!take12(&s, end, &hours))
		return false;
	if (s != end && *s == ':')
		s++;
	if (s != end && is_digit(*s) && (end - s < 2 || !two_digits(s, &minutes) || (s += 2, false)))
		return false;
	if (hours > 18 || minutes > 59)
		return false;
	*seconds = (int32_t)(hours * 3600 + minutes * 60) * (negative ? -1 : 1);
	*p = s;
	return true;
}

bool datetime_ticks(int64_t seconds, int64_t fraction, unsigned scale, int64_t *ticks)
{
	return !__builtin_mul_overflow(seconds, powers[scale], ticks) && !__builtin_add_overflow(*ticks, fraction, ticks);
}

int64_t local_to_utc(const struct timezone *tz, int64_t local)
{
	return tz == NULL || timezone_is_utc(tz) ? local : timezone_to_utc(tz, local);
}

/* [-]digits[.digits] since the epoch, in seconds; 13, 16 and 19 digits are milli-, micro- and nanoseconds. */
static bool parse_timestamp(struct str s, unsigned scale, int64_t *ticks)
{
	enum { PLAIN_DIGITS_MIN = 5 }; /* fewer could be a year */
	const char *p = s.data, *end = s.data + s.size;
	bool negative = p != end && *p == '-';
	uint64_t v = 0;
	int64_t fraction = 0;
	const char *start = p += negative;
	for (; p != end && is_digit(*p) && p - start < 19; p++)
		v = v * 10 + (uint64_t)(*p - '0');
	size_t digits = (size_t)(p - start);
	unsigned unit = digits == 13 ? 3 : digits == 16 ? 6 : digits == 19 ? 9 : 0;
	if (digits == 0 || (digits < PLAIN_DIGITS_MIN && v != 0 && !negative) || v > INT64_MAX)
		return false;
	if (p != end && (unit != 0 || *p++ != '.' || !take_fraction(&p, end, scale, &fraction)))
		return false;
	if (p != end)
		return false;
	if (unit != 0) {
		int64_t rest = (int64_t)(v % (uint64_t)powers[unit]);
		fraction = unit > scale ? rest / powers[unit - scale] : rest * powers[scale - unit];
		v /= (uint64_t)powers[unit];
	}
	int64_t seconds = negative ? -(int64_t)v : (int64_t)v;
	return datetime_ticks(seconds, negative ? -fraction : fraction, scale, ticks);
}

/* The form that nearly every value has: "YYYY-MM-DD hh:mm:ss" at the start. */
static bool take_fixed_form(const char *s, int64_t *local)
{
	unsigned century, year, month, day, hour, minute, second;
	int good = two_digits(s, &century) & two_digits(s + 2, &year) & two_digits(s + 5, &month) & two_digits(s + 8, &day) &
	            two_digits(s + 11, &hour) & two_digits(s + 14, &minute) & two_digits(s + 17, &second);
	good &= (s[4] == '-') & (s[7] == '-') & ((s[10] == ' ') | (s[10] == 'T')) & (s[13] == ':') & (s[16] == ':');
	if (!good || hour > 23 || minute > 59 || second > 60)
		return false;
	year += century * 100;
	if (!civil_valid((int32_t)year, month, day))
		return false;
	*local = civil_to_days((int32_t)year, month, day) * 86400 + (int64_t)(hour * 3600 + minute * 60 + second);
	return true;
}

/* The same with one-digit fields, other separators, or without a time. */
static bool take_loose_form(const char **p, const char *end, int64_t *local)
{
	int32_t days;
	unsigned hour = 0, minute = 0, second = 0;
	if (!take_date(p, end, &days))
		return false;
	if (*p != end && (**p == ' ' || **p == 'T' || **p == 't')) {
		(*p)++;
		if (!take12(p, end, &hour) || *p == end || *(*p)++ != ':' || !take12(p, end, &minute))
			return false;
		if (*p != end && **p == ':') {
			(*p)++;
			if (!take12(p, end, &second))
				return false;
		}
	}
	*local = (int64_t)days * 86400 + (int64_t)(hour * 3600 + minute * 60 + second);
	return hour <= 23 && minute <= 59 && second <= 60;
}

static bool parse_basic(struct str s, const struct timezone *tz, unsigned scale, int64_t *ticks)
{
	const char *p = s.data, *end = s.data + s.size;
	int64_t local, fraction = 0;
	if (s.size >= 19 && take_fixed_form(p, &local)) {
		p += 19;
	} else {
		bool date = s.size >= 8 && !is_digit(p[4]) && p[0] != '-';
		if (!date)
			return parse_timestamp(s, scale, ticks);
		if (!take_loose_form(&p, end, &local))
			return false;
	}
	if (p == end)
		return datetime_ticks(local_to_utc(tz, local), 0, scale, ticks);
	if (*p == '.' && (p++, !take_fraction(&p, end, scale, &fraction)))
		return false;
	if (p == end)
		return datetime_ticks(local_to_utc(tz, local), fraction, scale, ticks);
	int32_t offset;
	if (!take_zone_offset(&p, end, &offset) || p != end)
		return false;
	return datetime_ticks(local - offset, fraction, scale, ticks);
}

/* Digits alone that best effort reads as a date: 20260223, 20260223120000, 202602, 2026. */
static bool is_date_in_digits(struct str s)
{
	if (s.size != 4 && s.size != 6 && s.size != 8 && s.size != 14)
		return false;
	for (size_t i = 0; i < s.size; i++)
		if (!is_digit(s.data[i]))
			return false;
	return true;
}

bool parse_datetime(struct str s, const struct timezone *tz, unsigned scale, bool best_effort, int64_t *ticks)
{
	if (s.size == 0 || scale > 9)
		return false;
	if (best_effort && is_date_in_digits(s))
		return parse_datetime_best_effort(s, tz, scale, false, ticks);
	return parse_basic(s, tz, scale, ticks) || (best_effort && parse_datetime_best_effort(s, tz, scale, false, ticks));
}

bool parse_time(struct str s, unsigned scale, int64_t *ticks)
{
	enum { HOURS_MAX = 999 };
	const char *p = s.data, *end = s.data + s.size;
	bool negative = p != end && *p == '-';
	unsigned hours = 0, minutes = 0, seconds = 0, digits = 0;
	int64_t fraction = 0;
	for (p += negative; p != end && is_digit(*p) && digits < 10; p++, digits++)
		hours = hours * 10 + (unsigned)(*p - '0');
	if (digits == 0 || digits == 10)
		return false;
	if (p == end || *p == '.') { /* seconds alone */
		seconds = hours;
		hours = 0;
	} else {
		if (*p++ != ':' || !take12(&p, end, &minutes))
			return false;
		if (p != end && *p == ':' && (p++, !take12(&p, end, &seconds)))
			return false;
		if (minutes > 59 || seconds > 59)
			return false;
	}
	if (p != end && *p == '.' && (p++, !take_fraction(&p, end, scale, &fraction)))
		return false;
	int64_t total = (int64_t)hours * 3600 + minutes * 60 + seconds;
	if (p != end || total > (int64_t)HOURS_MAX * 3600 + 3599)
		return false;
	*ticks = (total * powers[scale] + fraction) * (negative ? -1 : 1);
	return true;
}
