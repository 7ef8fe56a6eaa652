// SPDX-License-Identifier: Apache-2.0
/* Times as text: formatDateTime by MySQL's letters, names of months and days. */
#include <assert.h>

#include "func/date_impl.h"

static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July", "August",
                                     "September", "October", "November", "December"};
static const char *const weekdays[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

struct date_format {
	const struct timezone *tz;
	unsigned scale;
	bool joda;
	enum interval_unit unit;   /* dateName */
	char part;                 /* dateName: y day of year, w weekday */
};

/* The fields of one row. */
struct fields {
	struct civil_date d;
	int64_t days, second, utc, local, fraction;
	unsigned weekday;  /* 0 is Monday */
};

static void put_digits(struct strbuf *to, int64_t v, unsigned width)
{
	char digits[20];
	unsigned n = 0;
	if (v < 0) {
		strbuf_putc(to, '-');
		v = -v;
	}
	do
		digits[n++] = (char)('0' + v % 10);
	while ((v /= 10) != 0 && n < sizeof digits);
	for (unsigned i = n; i < width; i++)
		strbuf_putc(to, '0');
	while (n != 0)
		strbuf_putc(to, digits[--n]);
}

static int64_t hour12(const struct fields *f)
{
	int64_t h = f->second / 3600 % 12;
	return h == 0 ? 12 : h;
}

static void put_zone(struct strbuf *to, int64_t offset)
{
	strbuf_putc(to, offset < 0 ? '-' : '+');
	offset = offset < 0 ? -offset : offset;
	put_digits(to, offset / 3600, 2);
	put_digits(to, offset / 60 % 60, 2);
}

/* One letter behind %; false when there is no such. */
static bool put_field(struct strbuf *to, char letter, const struct fields *f, const struct date_format *how)
{
	int32_t year;
	unsigned week;
	int64_t h = f->second / 3600, m = f->second / 60 % 60, s = f->second % 60;
	days_iso_week(f->days, &year, &week);
	switch (letter) {
	case 'Y': put_digits(to, f->d.year, 4); return true;
	case 'C': put_digits(to, f->d.year / 100, 2); return true;
	case 'y': put_digits(to, f->d.year % 100, 2); return true;
	case 'm':
	case 'c': put_digits(to, f->d.month, 2); return true;
	case 'd': put_digits(to, f->d.day, 2); return true;
	case 'e': put_digits(to, f->d.day, 1); return true;
	case 'H':
	case 'k': put_digits(to, h, 2); return true;
	case 'h':
	case 'I':
	case 'l': put_digits(to, hour12(f), 2); return true;
	case 'i': put_digits(to, m, 2); return true;
	case 'M': strbuf_putz(to, months[f->d.month - 1]); return true;
	case 'b': strbuf_put(to, months[f->d.month - 1], 3); return true;
	case 'p': strbuf_putz(to, h < 12 ? "AM" : "PM"); return true;
	case 'S':
	case 's': put_digits(to, s, 2); return true;
	case 'f':
		put_digits(to, (int64_t)((i128)f->fraction * 1000000 / (i128)pow10_u64(how->scale)), 6);
		return true;
	case 'F':
		put_digits(to, f->d.year, 4), strbuf_putc(to, '-'), put_digits(to, f->d.month, 2);
		strbuf_putc(to, '-'), put_digits(to, f->d.day, 2);
		return true;
	case 'D':
		put_digits(to, f->d.month, 2), strbuf_putc(to, '/'), put_digits(to, f->d.day, 2);
		strbuf_putc(to, '/'), put_digits(to, f->d.year % 100, 2);
		return true;
	case 'T':
	case 'R':
		put_digits(to, h, 2), strbuf_putc(to, ':'), put_digits(to, m, 2);
		if (letter == 'T')
			strbuf_putc(to, ':'), put_digits(to, s, 2);
		return true;
	case 'r':
		put_digits(to, hour12(f), 2), strbuf_putc(to, ':'), put_digits(to, m, 2);
		strbuf_putz(to, h < 12 ? " AM" : " PM");
		return true;
	case 'j': put_digits(to, f->days - civil_to_days(f->d.year, 1, 1) + 1, 3); return true;
	case 'u': put_digits(to, f->weekday + 1, 1); return true;
	case 'w': put_digits(to, (f->weekday + 1) % 7, 1); return true;
	case 'a': strbuf_put(to, weekdays[f->weekday], 3); return true;
	case 'W': strbuf_putz(to, weekdays[f->weekday]); return true;
	case 'V': put_digits(to, week, 2); return true;
	case 'G': put_digits(to, year, 4); return true;
	case 'g': put_digits(to, year % 100, 2); return true;
	case 'Q': put_digits(to, (f->d.month - 1) / 3 + 1, 1); return true;
	case 'z': put_zone(to, f->local - f->utc); return true;
	case 'n': strbuf_putc(to, '\n'); return true;
	case 't': strbuf_putc(to, '\t'); return true;
	case '%': strbuf_putc(to, '%'); return true;
	default: return false;
	}
}

static enum status put_mysql(struct strbuf *to, struct str format, const struct fields *f,
                             const struct date_format *how, struct error *err)
{
	for (size_t i = 0; i < format.size; i++) {
		if (format.data[i] != '%') {
			strbuf_putc(to, format.data[i]);
			continue;
		}
		if (++i == format.size)
			return ERR(err, E_BAD_ARGUMENTS, "Trailing '%%' in date format '%.*s'", STR_ARG(format));
		if (!put_field(to, format.data[i], f, how))
			return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: %%%c in date format '%.*s'", format.data[i], STR_ARG(format));
	}
	return OK;
}

/* Joda's letters in runs: yyyy-MM-dd, quoted text in ''. */
static enum status put_joda(struct strbuf *to, struct str format, const struct fields *f, const struct date_format *how,
                            struct error *err)
{
	int64_t h = f->second / 3600;
	int32_t year;
	unsigned week;
	days_iso_week(f->days, &year, &week);
	for (size_t i = 0, n; i < format.size; i += n) {
		char l = format.data[i];
		for (n = 1; i + n < format.size && format.data[i + n] == l;)
			n++;
		if (l == '\'') {
			size_t k = i + 1;
			while (k < format.size && format.data[k] != '\'')
				strbuf_putc(to, format.data[k++]);
			if (k == i + 1)
				strbuf_putc(to, '\'');
			n = k + 1 - i;
			continue;
		}
		switch (l) {
		case 'y':
		case 'Y': put_digits(to, n == 2 ? f->d.year % 100 : f->d.year, (unsigned)n); break;
		case 'C': put_digits(to, f->d.year / 100, (unsigned)n); break;
		case 'G': strbuf_putz(to, "AD"); break;
		case 'M':
			if (n >= 4)
				strbuf_putz(to, months[f->d.month - 1]);
			else if (n == 3)
				strbuf_put(to, months[f->d.month - 1], 3);
			else
				put_digits(to, f->d.month, (unsigned)n);
			break;
		case 'E': strbuf_put(to, weekdays[f->weekday], n >= 4 ? strlen(weekdays[f->weekday]) : 3); break;
		case 'd': put_digits(to, f->d.day, (unsigned)n); break;
		case 'D': put_digits(to, f->days - civil_to_days(f->d.year, 1, 1) + 1, (unsigned)n); break;
		case 'e': put_digits(to, f->weekday + 1, (unsigned)n); break;
		case 'a': strbuf_putz(to, h < 12 ? "AM" : "PM"); break;
		case 'H': put_digits(to, h, (unsigned)n); break;
		case 'k': put_digits(to, h == 0 ? 24 : h, (unsigned)n); break;
		case 'h': put_digits(to, hour12(f), (unsigned)n); break;
		case 'K': put_digits(to, h % 12, (unsigned)n); break;
		case 'm': put_digits(to, f->second / 60 % 60, (unsigned)n); break;
		case 's': put_digits(to, f->second % 60, (unsigned)n); break;
		case 'x': put_digits(to, year, (unsigned)n); break;
		case 'w': put_digits(to, week, (unsigned)n); break;
		case 'S': {
			int64_t v = f->fraction;
			for (size_t k = how->scale; k < n; k++)
				v *= 10;
			for (size_t k = n; k < how->scale; k++)
				v /= 10;
			put_digits(to, v, (unsigned)n);
			break;
		}
		case 'z':
		case 'Z': strbuf_puts(to, n >= 4 ? timezone_name(how->tz) : timezone_abbreviation(how->tz, f->utc)); break;
		default:
			if (ascii_lower(l) >= 'a' && ascii_lower(l) <= 'z')
				return ERR(err, E_NOT_IMPLEMENTED, "not supported yet: letter %c in a Joda date format", l);
			strbuf_put(to, format.data + i, n);
		}
	}
	return OK;
}

static void fields_of(const struct date_chunk *k, uint32_t i, struct fields *f)
{
	f->days = floor_div(k->local[i], DAY_SECONDS);
	f->second = k->local[i] - f->days * DAY_SECONDS;
	f->d = days_to_civil(f->days);
	f->weekday = days_weekday(f->days);
	f->utc = k->utc[i];
	f->local = k->local[i];
	f->fraction = k->fraction[i];
}

static void put_name(struct strbuf *to, const struct fields *f, const struct date_format *how)
{
	int32_t year;
	unsigned week;
	if (how->part == 'w')
		strbuf_putz(to, weekdays[f->weekday]);
	else if (how->part == 'y')
		put_digits(to, f->days - civil_to_days(f->d.year, 1, 1) + 1, 1);
	else
		switch (how->unit) {
		case UNIT_YEAR: put_digits(to, f->d.year, 1); break;
		case UNIT_QUARTER: put_digits(to, (f->d.month - 1) / 3 + 1, 1); break;
		case UNIT_MONTH: strbuf_putz(to, months[f->d.month - 1]); break;
		case UNIT_WEEK:
			days_iso_week(f->days, &year, &week);
			put_digits(to, week, 1);
			break;
		case UNIT_DAY: put_digits(to, f->d.day, 1); break;
		case UNIT_HOUR: put_digits(to, f->second / 3600, 1); break;
		case UNIT_MINUTE: put_digits(to, f->second / 60 % 60, 1); break;
		default: put_digits(to, f->second % 60, 1);
		}
}

static enum status exec_format(const struct call *c, struct eval *e, const struct vector *const *args, uint32_t count,
                               struct vector **out)
{
	const struct date_format *how = c->state;
	bool name = how->unit != UNIT_NONE || how->part != '\0';
	uint32_t time = strcmp(c->function->name, "dateName") == 0;
	struct str_arg formats = {NULL, 0};
	struct date_chunk *chunk = ARENA_NEW(e->scratch, struct date_chunk);
	struct fields f;
	struct strings o;
	enum status s = OK;
	if (!name)
		formats = str_arg(args[1]);
	strings_begin(&o, e, count);
	for (uint32_t from = 0; from < count && s == OK; from += DATE_CHUNK) {
		uint32_t n = count - from < DATE_CHUNK ? count - from : DATE_CHUNK;
		date_load(args[time], from, n, how->tz, chunk);
		for (uint32_t i = 0; i < n && s == OK; i++) {
			fields_of(chunk, i, &f);
			if (eval_skips(e, from + i))
				s = OK;
			else if (name)
				put_name(&o.text, &f, how);
			else if (how->joda)
				s = put_joda(&o.text, str_arg_at(&formats, from + i), &f, how, e->err);
			else
				s = put_mysql(&o.text, str_arg_at(&formats, from + i), &f, how, e->err);
			strings_end(&o, from + i);
		}
	}
	enum status finish = strings_finish(&o, c, e, s == OK ? count : 0, out);
	if (s != OK && finish == OK) {
		vector_unref(*out);
		*out = NULL;
	}
	return s != OK ? s : finish;
}

static enum status bind_format(struct bind_env *env, struct call *c)
{
	struct date_format *how = ARENA_NEW(env->arena, struct date_format);
	struct str name = str_of(c->function->name), unit;
	uint32_t time = 0, zone = 2;
	if (str_eq(name, STR("monthName"))) {
		how->unit = UNIT_MONTH;
		zone = 1;
	} else if (str_eq(name, STR("dateName"))) {
		time = 1;
		if (!call_const_str(c, 0, &unit))
			return call_bad_type(env, c, 0);
		how->unit = date_unit(unit);
		if (str_eq_nocase(unit, STR("weekday")))
			how->part = 'w';
		else if (str_eq_nocase(unit, STR("dayofyear")))
			how->part = 'y';
		else if (how->unit < UNIT_SECOND)
			return ERR(env->err, E_BAD_ARGUMENTS, "%.*s doesn't look like datepart name in dateName", STR_ARG(unit));
	} else if (type_is_integer(c->arg_types[0])) {
		c->arg_types[0] = type_datetime(env->arena, NULL);
	}
	how->joda = str_find(name, STR("Joda")) >= 0;
	if (type_is_string(c->arg_types[time]) && how->unit == UNIT_NONE && how->part == '\0')
		return call_bad_type(env, c, time);
	if (!type_is_temporal(c->arg_types[time]))
		return call_bad_type(env, c, time);
	how->scale = c->arg_types[time]->id == TYPE_DATETIME64 ? c->arg_types[time]->scale : 0;
	c->state = how;
	return date_zone(env, c, time, zone, &how->tz);
}

static const struct function rows[] = {
	FUNCTION_ROW("formatDateTime", "~DATE_FORMAT", FUNCTION_CH, "*Ss?", "String", bind_format, exec_format,
	             "A time as text by a format of %Y, %m, %d, %H, %i, %S and more.",
	             "formatDateTime(toDateTime('2024-05-17 13:45:59', 'UTC'), '%d.%m.%Y %H:%i')", "17.05.2024 13:45"),
	FUNCTION_ROW("formatDateTimeInJodaSyntax", NULL, FUNCTION_CH, "*Ss?", "String", bind_format, exec_format,
	             "A time as text by a format of yyyy, MM, dd, HH, mm, ss and more.",
	             "formatDateTimeInJodaSyntax(toDateTime('2024-05-17 13:45:59', 'UTC'), 'yyyy-MM-dd')", "2024-05-17"),
	FUNCTION_ROW("fromUnixTimestamp", "~FROM_UNIXTIME", FUNCTION_CH, "JSs?", "String", bind_format, exec_format,
	             "Seconds since 1970 as text by a format.", "fromUnixTimestamp(1715953559, '%F')", "2024-05-17"),
	FUNCTION_ROW("fromUnixTimestampInJodaSyntax", NULL, FUNCTION_CH, "JSs?", "String", bind_format, exec_format,
	             "Seconds since 1970 as text by a Joda format.",
	             	"fromUnixTimestampInJodaSyntax(1715953559, 'yyyy', 'UTC')",
	             "2024"),
	FUNCTION_ROW("monthName", NULL, CH_NOCASE, "*s?", "String", bind_format, exec_format, "The month's name.",
	             "monthName(toDate('2024-05-17'))", "May"),
	FUNCTION_ROW("dateName", NULL, CH_NOCASE, "s*s?", "String", bind_format, exec_format, "A part of a date as text.",
	             "dateName('weekday', toDate('2024-05-17'))", "Friday"),
};

FUNCTION_FAMILY(date_format, "Times as text");
