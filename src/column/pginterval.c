// SPDX-License-Identifier: Apache-2.0
#include "column/pginterval.h"

#include <math.h>
#include <stdio.h>

#define US_PER_SECOND INT64_C(1000000)
#define US_PER_MINUTE (60 * US_PER_SECOND)
#define US_PER_HOUR (3600 * US_PER_SECOND)
#define US_PER_DAY (86400 * US_PER_SECOND)
enum { MONTHS_PER_YEAR = 12, DAYS_PER_MONTH = 30, DAYS_PER_WEEK = 7, SECONDS_PER_DAY = 86400 };

i128 pginterval_span(struct pginterval v)
{
	return ((i128)v.months * DAYS_PER_MONTH + v.days) * US_PER_DAY + v.us;
}

int pginterval_compare(struct pginterval a, struct pginterval b)
{
	i128 x = pginterval_span(a), y = pginterval_span(b);
	return (x > y) - (x < y);
}

bool pginterval_add(struct pginterval a, struct pginterval b, struct pginterval *out)
{
	bool bad = __builtin_add_overflow(a.us, b.us, &out->us);
	bad |= __builtin_add_overflow(a.days, b.days, &out->days);
	bad |= __builtin_add_overflow(a.months, b.months, &out->months);
	return bad;
}

bool pginterval_negate(struct pginterval a, struct pginterval *out)
{
	struct pginterval zero = {0, 0, 0};
	bool bad = __builtin_sub_overflow(zero.us, a.us, &out->us);
	bad |= __builtin_sub_overflow(zero.days, a.days, &out->days);
	bad |= __builtin_sub_overflow(zero.months, a.months, &out->months);
	return bad;
}

static bool to_i32(double v, int32_t *out)
{
	if (isnan(v) || v > INT32_MAX || v < INT32_MIN)
		return true;
	*out = (int32_t)v;
	return false;
}

static bool to_i64(double v, int64_t *out)
{
	if (isnan(v) || v >= 9223372036854775808.0 || v < -9223372036854775808.0)
		return true;
	*out = (int64_t)v;
	return false;
}

/* To a microsecond, so that what is below one does not grow. */
static double round6(double v)
{
	return rint(v * 1e6) / 1e6;
}

bool pginterval_multiply(struct pginterval a, double factor, struct pginterval *out)
{
	if (to_i32(a.months * factor, &out->months) || to_i32(a.days * factor, &out->days))
		return true;
	double days = round6((a.months * factor - out->months) * DAYS_PER_MONTH);
	double seconds = round6((a.days * factor - out->days + days - (int)days) * SECONDS_PER_DAY);
	if (fabs(seconds) >= SECONDS_PER_DAY) {
		int whole = (int)(seconds / SECONDS_PER_DAY);
		if (__builtin_add_overflow(out->days, whole, &out->days))
			return true;
		seconds -= (double)whole * SECONDS_PER_DAY;
	}
	return __builtin_add_overflow(out->days, (int32_t)days, &out->days) ||
	       to_i64(rint((double)a.us * factor + seconds * 1e6), &out->us);
}

bool pginterval_justify_hours(struct pginterval a, struct pginterval *out)
{
	*out = a;
	out->us = a.us % US_PER_DAY;
	if (__builtin_add_overflow(a.days, (int32_t)(a.us / US_PER_DAY), &out->days))
		return true;
	if (out->days > 0 && out->us < 0) {
		out->us += US_PER_DAY;
		out->days--;
	} else if (out->days < 0 && out->us > 0) {
		out->us -= US_PER_DAY;
		out->days++;
	}
	return false;
}

bool pginterval_justify_days(struct pginterval a, struct pginterval *out)
{
	*out = a;
	out->days = a.days % DAYS_PER_MONTH;
	if (__builtin_add_overflow(a.months, a.days / DAYS_PER_MONTH, &out->months))
		return true;
	if (out->months > 0 && out->days < 0) {
		out->days += DAYS_PER_MONTH;
		out->months--;
	} else if (out->months < 0 && out->days > 0) {
		out->days -= DAYS_PER_MONTH;
		out->months++;
	}
	return false;
}

/* ---- text ---- */

unsigned pginterval_format(struct pginterval v, char out[PGINTERVAL_TEXT_MAX])
{
	const struct {
		int value;
		const char *unit;
	} parts[] = {{v.months / MONTHS_PER_YEAR, "year"}, {v.months % MONTHS_PER_YEAR, "mon"}, {v.days, "day"}};
	unsigned n = 0;
	bool before = false;
	for (size_t i = 0; i < ARRAY_COUNT(parts); i++) {
		int value = parts[i].value;
		if (value == 0)
			continue;
		n += (unsigned)snprintf(out + n, PGINTERVAL_TEXT_MAX - n, "%s%s%d %s%s", n == 0 ? "" : " ",
		                        before && value > 0 ? "+" : "", value, parts[i].unit, value == 1 ? "" : "s");
		before = value < 0;
	}
	if (n != 0 && v.us == 0)
		return n;
	uint64_t us = v.us < 0 ? -(uint64_t)v.us : (uint64_t)v.us;
	n += (unsigned)snprintf(out + n, PGINTERVAL_TEXT_MAX - n, "%s%s%02llu:%02u:%02u", n == 0 ? "" : " ",
	                        v.us < 0 ? "-" : before ? "+" : "", (unsigned long long)(us / US_PER_HOUR),
	                        (unsigned)(us / US_PER_MINUTE % 60), (unsigned)(us / US_PER_SECOND % 60));
	unsigned fraction = (unsigned)(us % US_PER_SECOND);
	if (fraction != 0) {
		n += (unsigned)snprintf(out + n, PGINTERVAL_TEXT_MAX - n, ".%06u", fraction);
		while (out[n - 1] == '0')
			n--;
	}
	return n;
}

enum interval_field {
	FIELD_MICROSECOND, FIELD_MILLISECOND, FIELD_SECOND, FIELD_MINUTE, FIELD_HOUR, FIELD_DAY, FIELD_WEEK, FIELD_MONTH,
	FIELD_YEAR, FIELD_DECADE, FIELD_CENTURY, FIELD_MILLENNIUM, FIELD_NONE
};

struct interval_parser {
	struct str s;
	size_t at;
	struct pginterval v;
	unsigned seen;      /* fields given, a bit each */
	bool overflow;
};

static void skip_blanks(struct interval_parser *p)
{
	while (p->at < p->s.size && (p->s.data[p->at] == ' ' || (p->s.data[p->at] >= '\t' && p->s.data[p->at] <= '\r')))
		p->at++;
}

static char look(const struct interval_parser *p)
{
	return p->at < p->s.size ? p->s.data[p->at] : '\0';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z';
}

static void add_us(struct interval_parser *p, int64_t value, int64_t unit)
{
	int64_t us;
	p->overflow |= __builtin_mul_overflow(value, unit, &us) || __builtin_add_overflow(p->v.us, us, &p->v.us);
}

static void add_days(struct interval_parser *p, int64_t value, int64_t unit)
{
	int64_t days;
	p->overflow |= __builtin_mul_overflow(value, unit, &days) || __builtin_add_overflow(p->v.days, days, &p->v.days);
}

static void add_months(struct interval_parser *p, int64_t value, int64_t unit)
{
	int64_t months;
	p->overflow |= __builtin_mul_overflow(value, unit, &months) ||
	               __builtin_add_overflow(p->v.months, months, &p->v.months);
}

static void fraction_us(struct interval_parser *p, double fraction, int64_t unit)
{
	double us = fraction * (double)unit;
	int64_t whole = (int64_t)us;
	us -= (double)whole;
	whole += us > 0.5 ? 1 : us < -0.5 ? -1 : 0;
	add_us(p, whole, 1);
}

static void fraction_days(struct interval_parser *p, double fraction, int unit)
{
	double days = fraction * unit;
	int whole = (int)days;
	add_days(p, whole, 1);
	fraction_us(p, days - whole, US_PER_DAY);
}

/* Fractions spill downwards as PostgreSQL lets them: years into months, months and weeks into days, the rest into
 * time. */
static void add_field(struct interval_parser *p, enum interval_field f, int64_t value, double fraction)
{
	static const int64_t units[] = {1, 1000, US_PER_SECOND, US_PER_MINUTE, US_PER_HOUR, US_PER_DAY};
	static const int years[] = {[FIELD_YEAR] = 1, [FIELD_DECADE] = 10, [FIELD_CENTURY] = 100, [FIELD_MILLENNIUM] = 1000};
	switch (f) {
	case FIELD_DAY:
		add_days(p, value, 1);
		fraction_us(p, fraction, US_PER_DAY);
		return;
	case FIELD_WEEK:
		add_days(p, value, DAYS_PER_WEEK);
		fraction_days(p, fraction, DAYS_PER_WEEK);
		return;
	case FIELD_MONTH:
		add_months(p, value, 1);
		fraction_days(p, fraction, DAYS_PER_MONTH);
		return;
	case FIELD_YEAR:
	case FIELD_DECADE:
	case FIELD_CENTURY:
	case FIELD_MILLENNIUM:
		add_months(p, value, (int64_t)years[f] * MONTHS_PER_YEAR);
		add_months(p, (int64_t)rint(fraction * years[f] * MONTHS_PER_YEAR), 1);
		return;
	default:
		add_us(p, value, units[f]);
		fraction_us(p, fraction, units[f]);
		return;
	}
}

/* Unsigned digits; more than an int64 sets overflow. */
static bool take_digits(struct interval_parser *p, int64_t *out)
{
	size_t start = p->at;
	*out = 0;
	for (; is_digit(look(p)); p->at++)
		p->overflow |= __builtin_mul_overflow(*out, 10, out) || __builtin_add_overflow(*out, look(p) - '0', out);
	if (p->overflow)
		*out = 0;
	return p->at != start;
}

/* ".25", as a fraction; 0 when there is none. */
static double take_fraction(struct interval_parser *p)
{
	uint64_t digits = 0, power = 1;
	if (look(p) != '.')
		return 0;
	for (p->at++; is_digit(look(p)); p->at++) {
		if (power < UINT64_C(1000000000000000)) {
			digits = digits * 10 + (uint64_t)(look(p) - '0');
			power *= 10;
		}
	}
	return (double)digits / (double)power;
}

static bool parse_unit(struct str word, enum interval_field *out)
{
	static const struct {
		const char *name;
		uint8_t field;
	} units[] = {
		{"c", FIELD_CENTURY}, {"cent", FIELD_CENTURY}, {"centuries", FIELD_CENTURY}, {"century", FIELD_CENTURY},
		{"d", FIELD_DAY}, {"day", FIELD_DAY}, {"days", FIELD_DAY}, {"dec", FIELD_DECADE}, {"decade", FIELD_DECADE},
		{"decades", FIELD_DECADE}, {"decs", FIELD_DECADE}, {"h", FIELD_HOUR}, {"hour", FIELD_HOUR}, {"hours", FIELD_HOUR},
		{"hr", FIELD_HOUR}, {"hrs", FIELD_HOUR}, {"m", FIELD_MINUTE}, {"microsecond", FIELD_MICROSECOND},
		{"microseconds", FIELD_MICROSECOND}, {"mil", FIELD_MILLENNIUM}, {"millennia", FIELD_MILLENNIUM},
		{"millennium", FIELD_MILLENNIUM}, {"millisecond", FIELD_MILLISECOND}, {"milliseconds", FIELD_MILLISECOND},
		{"mils", FIELD_MILLENNIUM}, {"min", FIELD_MINUTE}, {"mins", FIELD_MINUTE}, {"minute", FIELD_MINUTE},
		{"minutes", FIELD_MINUTE}, {"mon", FIELD_MONTH}, {"mons", FIELD_MONTH}, {"month", FIELD_MONTH},
		{"months", FIELD_MONTH}, {"ms", FIELD_MILLISECOND}, {"msec", FIELD_MILLISECOND}, {"msecond", FIELD_MILLISECOND},
		{"mseconds", FIELD_MILLISECOND}, {"msecs", FIELD_MILLISECOND}, {"s", FIELD_SECOND}, {"sec", FIELD_SECOND},
		{"second", FIELD_SECOND},
		{"seconds", FIELD_SECOND}, {"secs", FIELD_SECOND}, {"us", FIELD_MICROSECOND}, {"usec", FIELD_MICROSECOND},
		{"usecond", FIELD_MICROSECOND}, {"useconds", FIELD_MICROSECOND}, {"usecs", FIELD_MICROSECOND}, {"w", FIELD_WEEK},
		{"week", FIELD_WEEK}, {"weeks", FIELD_WEEK}, {"y", FIELD_YEAR}, {"year", FIELD_YEAR}, {"years", FIELD_YEAR},
		{"yr", FIELD_YEAR}, {"yrs", FIELD_YEAR},
	};
	for (size_t i = 0; i < ARRAY_COUNT(units); i++) {
		if (str_eq_nocase(str_of(units[i].name), word)) {
			*out = units[i].field;
			return true;
		}
	}
	return false;
}

/* Each field once, as in PostgreSQL. */
static bool mark(struct interval_parser *p, enum interval_field f)
{
	if (p->seen >> f & 1)
		return false;
	p->seen |= 1u << f;
	return true;
}

/* The rest of "h:mm[:ss[.f]]" or "mm:ss.f" behind its first number. */
static bool take_clock(struct interval_parser *p, bool negative, int64_t first)
{
	int64_t second = 0, third = 0;
	double fraction = 0;
	bool three = false;
	p->at++;
	if (!take_digits(p, &second))
		return false;
	if (look(p) == ':') {
		p->at++;
		three = true;
		if (!take_digits(p, &third))
			return false;
	}
	bool fractional = look(p) == '.';
	fraction = take_fraction(p);
	if (!three && fractional) { /* mm:ss.f */
		third = second;
		second = first;
		first = 0;
	}
	if (second > 59 || third > 60 || !mark(p, FIELD_HOUR) || !mark(p, FIELD_MINUTE) || !mark(p, FIELD_SECOND))
		return false;
	int sign = negative ? -1 : 1;
	add_us(p, sign * first, US_PER_HOUR);
	add_us(p, sign * second, US_PER_MINUTE);
	add_us(p, sign * third, US_PER_SECOND);
	fraction_us(p, sign * fraction, US_PER_SECOND);
	return true;
}

static bool time_follows(const struct interval_parser *p)
{
	size_t i = p->at + (look(p) == '-' || look(p) == '+');
	while (i < p->s.size && is_digit(p->s.data[i]))
		i++;
	return i < p->s.size && p->s.data[i] == ':';
}

/* One number with what belongs to it. */
static bool take_item(struct interval_parser *p)
{
	bool negative = look(p) == '-';
	int64_t value = 0;
	p->at += negative || look(p) == '+';
	bool digits = take_digits(p, &value);
	if (!digits && look(p) != '.')
		return false;
	if (digits && look(p) == ':')
		return take_clock(p, negative, value);
	if (digits && look(p) == '-' && p->at + 1 < p->s.size && is_digit(p->s.data[p->at + 1])) { /* years-months */
		int64_t months;
		p->at++;
		take_digits(p, &months);
		if (months >= MONTHS_PER_YEAR || !mark(p, FIELD_YEAR) || !mark(p, FIELD_MONTH))
			return false;
		add_months(p, negative ? -value : value, MONTHS_PER_YEAR);
		add_months(p, negative ? -months : months, 1);
		return true;
	}
	size_t point = p->at;
	double fraction = take_fraction(p);
	if (!digits && p->at == point + 1)
		return false;
	skip_blanks(p);
	size_t start = p->at;
	while (is_letter(look(p)))
		p->at++;
	struct str word = {p->s.data + start, p->at - start};
	enum interval_field f = FIELD_SECOND;
	if (word.size == 0 || str_eq_nocase(word, STR("ago"))) {
		p->at = start;
		if (look(p) != '\0' && word.size == 0) { /* a number before a time is days */
			f = FIELD_DAY;
			if (!time_follows(p))
				return false;
		}
	} else if (!parse_unit(word, &f)) {
		return false;
	}
	if (!mark(p, f))
		return false;
	add_field(p, f, negative ? -value : value, negative ? -fraction : fraction);
	return true;
}

/* P[n]Y[n]M[n]W[n]DT[n]H[n]M[n]S and P0001-02-03T04:05:06. */
static bool take_iso(struct interval_parser *p)
{
	bool time = false, any = false;
	for (p->at++; look(p) != '\0';) {
		if (look(p) == 'T' || look(p) == 't') {
			if (time)
				return false;
			time = true;
			p->at++;
			continue;
		}
		bool negative = look(p) == '-';
		int64_t value;
		p->at += negative || look(p) == '+';
		bool digits = take_digits(p, &value);
		if (digits && time && look(p) == ':') {
			if (!take_clock(p, negative, value))
				return false;
			any = true;
			continue;
		}
		if (digits && !time && look(p) == '-') {
			int64_t months, days = 0;
			p->at++;
			if (!take_digits(p, &months) || (look(p) == '-' && (p->at++, !take_digits(p, &days))))
				return false;
			int sign = negative ? -1 : 1;
			add_months(p, sign * value, MONTHS_PER_YEAR);
			add_months(p, sign * months, 1);
			add_days(p, sign * days, 1);
			any = true;
			continue;
		}
		double fraction = take_fraction(p);
		enum interval_field f;
		switch (ascii_lower(look(p))) {
		case 'y': f = time ? FIELD_NONE : FIELD_YEAR; break;
		case 'm': f = time ? FIELD_MINUTE : FIELD_MONTH; break;
		case 'w': f = time ? FIELD_NONE : FIELD_WEEK; break;
		case 'd': f = time ? FIELD_NONE : FIELD_DAY; break;
		case 'h': f = time ? FIELD_HOUR : FIELD_NONE; break;
		case 's': f = time ? FIELD_SECOND : FIELD_NONE; break;
		default: f = FIELD_NONE; break;
		}
		if (f == FIELD_NONE || (!digits && fraction == 0))
			return false;
		add_field(p, f, negative ? -value : value, negative ? -fraction : fraction);
		p->at++;
		any = true;
	}
	return any;
}

static bool parse_items(struct interval_parser *p)
{
	bool any = false;
	if (look(p) == '@')
		p->at++;
	for (skip_blanks(p); look(p) != '\0'; skip_blanks(p)) {
		if (is_letter(look(p))) {
			struct str rest = {p->s.data + p->at, p->s.size - p->at};
			struct pginterval v = p->v;
			if (!str_eq_nocase(rest, STR("ago")))
				return false;
			p->overflow |= pginterval_negate(v, &p->v);
			return any;
		}
		if (!take_item(p))
			return false;
		any = true;
	}
	return any && p->at == p->s.size;
}

enum status pginterval_parse(struct str text, struct pginterval *out, struct error *err)
{
	struct interval_parser p = {.s = str_trim(text)};
	bool iso = look(&p) == 'P' || look(&p) == 'p';
	bool good = (iso ? take_iso(&p) : parse_items(&p)) && str_find_char(text, 0) < 0;
	if (!good)
		return ERR(err, E_CANNOT_PARSE_DATETIME, "invalid input syntax for type interval: \"%.*s\"", STR_ARG(text));
	if (p.overflow)
		return ERR(err, E_DATETIME_OVERFLOW, "interval field value out of range: \"%.*s\"", STR_ARG(text));
	*out = p.v;
	return OK;
}
