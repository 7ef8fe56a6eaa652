// SPDX-License-Identifier: Apache-2.0
/* Templates of to_char() for times, and writing by them. */
#include <assert.h>

#include "func/pg_format_impl.h"

const char *const time_months[12] = {"January", "February", "March", "April", "May", "June", "July", "August",
                                     "September", "October", "November", "December"};
const char *const time_days[7] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
static const char *const romans[12] = {"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"};

/* ---- templates ---- */

/* Longer patterns stand before those they begin with. */
static const struct {
	const char *text;
	enum time_field field;
} patterns[] = {
	{"A.D.", FIELD_BC_DOTS}, {"A.M.", FIELD_AM_DOTS}, {"AD", FIELD_BC}, {"AM", FIELD_AM}, {"B.C.", FIELD_BC_DOTS},
	{"BC", FIELD_BC}, {"CC", FIELD_CENTURY}, {"DAY", FIELD_DAY_NAME}, {"DDD", FIELD_YEAR_DAY}, {"DD", FIELD_DAY},
	{"DY", FIELD_DY}, {"D", FIELD_WEEKDAY}, {"FF1", FIELD_FRACTION}, {"FF2", FIELD_FRACTION}, {"FF3", FIELD_FRACTION},
	{"FF4", FIELD_FRACTION}, {"FF5", FIELD_FRACTION}, {"FF6", FIELD_FRACTION}, {"HH24", FIELD_HOUR24},
	{"HH12", FIELD_HOUR12}, {"HH", FIELD_HOUR12}, {"IDDD", FIELD_ISO_YEAR_DAY}, {"ID", FIELD_ISO_WEEKDAY},
	{"IW", FIELD_ISO_WEEK}, {"IYYY", FIELD_ISO_YEAR}, {"IYY", FIELD_ISO_YEAR3}, {"IY", FIELD_ISO_YEAR2},
	{"I", FIELD_ISO_YEAR1}, {"J", FIELD_JULIAN}, {"MI", FIELD_MINUTE}, {"MM", FIELD_MONTH},
	{"MONTH", FIELD_MONTH_NAME}, {"MON", FIELD_MON}, {"MS", FIELD_MS}, {"OF", FIELD_OFFSET}, {"P.M.", FIELD_AM_DOTS},
	{"PM", FIELD_AM}, {"Q", FIELD_QUARTER}, {"RM", FIELD_ROMAN}, {"SSSSS", FIELD_DAY_SECOND},
	{"SSSS", FIELD_DAY_SECOND}, {"SS", FIELD_SECOND}, {"TZH", FIELD_ZONE_HOUR}, {"TZM", FIELD_ZONE_MINUTE},
	{"TZ", FIELD_ZONE}, {"US", FIELD_US}, {"WW", FIELD_WEEK}, {"W", FIELD_MONTH_WEEK}, {"Y,YYY", FIELD_YEAR_COMMA},
	{"YYYY", FIELD_YEAR}, {"YYY", FIELD_YEAR3}, {"YY", FIELD_YEAR2}, {"Y", FIELD_YEAR1},
};

/* A pattern is all capitals or all small; a name's may be capitalised: Month, Dy. */
static bool spelled(struct str s, const char *pattern, size_t n, enum letter_case *letters)
{
	bool upper = true, lower = true, capital = n > 1;
	if (s.size < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		char big = pattern[i], small = ascii_lower(big);
		upper &= s.data[i] == big;
		lower &= s.data[i] == small;
		capital &= s.data[i] == (i == 0 ? big : small);
	}
	*letters = upper ? CASE_UPPER : lower ? CASE_LOWER : CASE_CAPITAL;
	return upper || lower || capital;
}

static size_t pattern_at(struct str s, struct time_token *t)
{
	for (size_t i = 0; i < ARRAY_COUNT(patterns); i++) {
		size_t n = strlen(patterns[i].text);
		enum letter_case letters;
		bool name = patterns[i].field == FIELD_MONTH_NAME || patterns[i].field == FIELD_MON ||
			patterns[i].field == FIELD_DAY_NAME || patterns[i].field == FIELD_DY;
		if (!spelled(s, patterns[i].text, n, &letters) || (letters == CASE_CAPITAL && !name))
			continue;
		t->field = patterns[i].field;
		t->letters = letters;
		t->size = t->field == FIELD_FRACTION ? (uint8_t)(patterns[i].text[2] - '0') : (uint8_t)n;
		return n;
	}
	return 0;
}

static bool has_word(struct str s, const char *upper, const char *lower)
{
	return str_starts_with(s, str_of(upper)) || str_starts_with(s, str_of(lower));
}

uint32_t time_template(struct arena *a, struct str s, struct time_token **tokens)
{
	struct time_token *out = ARENA_ARRAY(a, struct time_token, s.size + 1);
	uint32_t n = 0;
	bool quoted = false, fill = false;
	for (size_t i = 0; i < s.size;) {
		struct str rest = str_make(s.data + i, s.size - i);
		struct time_token t = {.field = FIELD_TEXT, .text = s.data[i], .quoted = quoted};
		if (s.data[i] == '"') {
			quoted = !quoted;
			i++;
			continue;
		}
		if (s.data[i] == '\\' && rest.size > 1 && (quoted || s.data[i + 1] == '"')) {
			t.text = s.data[i + 1];
			t.quoted = true;
			out[n++] = t;
			i += 2;
			continue;
		}
		if (!quoted && (has_word(rest, "FM", "fm") || has_word(rest, "TM", "tm") || has_word(rest, "FX", "fx"))) {
			fill |= ascii_lower(s.data[i]) == 'f' && ascii_lower(s.data[i + 1]) == 'm';
			i += 2;
			continue;
		}
		size_t size = quoted ? 0 : pattern_at(rest, &t);
		if (size != 0) {
			t.fill = fill;
			fill = false;
			struct str behind = str_make(rest.data + size, rest.size - size);
			if (has_word(behind, "TH", "th")) {
				t.ordinal = behind.data[0] == 'T' ? 'T' : 't';
				size += 2;
			}
		}
		out[n++] = t;
		i += size == 0 ? 1 : size;
	}
	*tokens = out;
	return n;
}

/* ---- writing ---- */

static void put_name(struct strbuf *to, const char *name, size_t most, const struct time_token *t)
{
	size_t n = strlen(name);
	if (n > most)
		n = most;
	for (size_t i = 0; i < n; i++)
		strbuf_putc(to, t->letters == CASE_UPPER ? ascii_upper(name[i])
		            : t->letters == CASE_LOWER ? ascii_lower(name[i]) : name[i]);
	for (size_t i = n; i < most && most == 9 && !t->fill; i++)
		strbuf_putc(to, ' ');
}

static void put_number(struct strbuf *to, int64_t v, int width, const struct time_token *t)
{
	static const char *const endings[] = {"th", "st", "nd", "rd"};
	strbuf_printf(to, "%0*lld", t->fill ? 0 : v < 0 ? width + 1 : width, (long long)v);
	if (t->ordinal == '\0')
		return;
	int64_t last = v < 0 ? -v : v;
	bool teen = last % 100 >= 11 && last % 100 <= 13;
	const char *ending = endings[teen || last % 10 > 3 ? 0 : last % 10];
	for (; *ending != '\0'; ending++)
		strbuf_putc(to, t->ordinal == 'T' ? ascii_upper(*ending) : *ending);
}

/* AM, BC and their spellings with dots. */
static void put_half(struct strbuf *to, const char *letters, bool dots, const struct time_token *t)
{
	for (; *letters != '\0'; letters++) {
		strbuf_putc(to, t->letters == CASE_UPPER ? *letters : ascii_lower(*letters));
		if (dots)
			strbuf_putc(to, '.');
	}
}

static void put_zone(struct strbuf *to, const struct time_token *t, const struct time_fields *f)
{
	int32_t offset = f->tz == NULL ? 0 : timezone_offset(f->tz, f->utc), size = offset < 0 ? -offset : offset;
	struct str name;
	if (t->field == FIELD_ZONE_MINUTE) {
		strbuf_printf(to, "%02d", size / 60 % 60);
	} else if (t->field == FIELD_ZONE) {
		name = f->tz == NULL ? STR("") : timezone_abbreviation(f->tz, f->utc);
		for (size_t i = 0; i < name.size; i++)
			strbuf_putc(to, t->letters == CASE_LOWER ? ascii_lower(name.data[i]) : name.data[i]);
	} else {
		strbuf_printf(to, "%c%02d", offset < 0 ? '-' : '+', size / 3600);
		if (t->field == FIELD_OFFSET && size / 60 % 60 != 0)
			strbuf_printf(to, ":%02d", size / 60 % 60);
	}
}

static int64_t century_of(const struct time_fields *f)
{
	if (f->interval)
		return f->year / 100;
	return f->year > 0 ? (f->year + 99) / 100 : -((99 - (f->year - 1)) / 100);
}

static void put_date(struct strbuf *to, const struct time_token *t, const struct time_fields *f)
{
	int32_t iso_year = 0;
	unsigned week = 0;
	int64_t year = f->interval || f->year > 0 ? f->year : 1 - f->year, dow = 0, yday = 0;
	if (!f->interval) {
		days_iso_week(f->days, &iso_year, &week);
		if (iso_year <= 0)
			iso_year = 1 - iso_year;
		dow = (days_weekday(f->days) + 1) % 7;
		yday = days_year_day(f->days);
	}
	switch (t->field) {
	case FIELD_YEAR_COMMA: strbuf_printf(to, "%lld,%03lld", (long long)(year / 1000), (long long)(year % 1000)); break;
	case FIELD_YEAR: put_number(to, year, 4, t); break;
	case FIELD_YEAR3: put_number(to, year % 1000, 3, t); break;
	case FIELD_YEAR2: put_number(to, year % 100, 2, t); break;
	case FIELD_YEAR1: put_number(to, year % 10, 1, t); break;
	case FIELD_ISO_YEAR: put_number(to, iso_year, 4, t); break;
	case FIELD_ISO_YEAR3: put_number(to, iso_year % 1000, 3, t); break;
	case FIELD_ISO_YEAR2: put_number(to, iso_year % 100, 2, t); break;
	case FIELD_ISO_YEAR1: put_number(to, iso_year % 10, 1, t); break;
	case FIELD_BC:
	case FIELD_BC_DOTS: put_half(to, f->year > 0 ? "AD" : "BC", t->field == FIELD_BC_DOTS, t); break;
	case FIELD_MONTH_NAME:
	case FIELD_MON:
		if (f->month >= 1 && f->month <= 12)
			put_name(to, time_months[f->month - 1], t->field == FIELD_MON ? 3 : 9, t);
		break;
	case FIELD_MONTH: put_number(to, f->month, 2, t); break;
	case FIELD_DAY_NAME: put_name(to, time_days[dow], 9, t); break;
	case FIELD_DY: put_name(to, time_days[dow], 3, t); break;
	case FIELD_YEAR_DAY: put_number(to, f->interval ? f->year * 360 + f->month * 30 + f->day : yday, 3, t); break;
	case FIELD_ISO_YEAR_DAY: put_number(to, ((int64_t)week - 1) * 7 + (dow == 0 ? 7 : dow), 3, t); break;
	case FIELD_DAY: put_number(to, f->day, 2, t); break;
	case FIELD_WEEKDAY: put_number(to, dow + 1, 0, t); break;
	case FIELD_ISO_WEEKDAY: put_number(to, dow == 0 ? 7 : dow, 0, t); break;
	case FIELD_MONTH_WEEK: put_number(to, (f->day - 1) / 7 + 1, 0, t); break;
	case FIELD_WEEK: put_number(to, (yday - 1) / 7 + 1, 2, t); break;
	case FIELD_ISO_WEEK: put_number(to, week, 2, t); break;
	case FIELD_CENTURY: put_number(to, century_of(f), 2, t); break;
	case FIELD_JULIAN: put_number(to, f->days + 2440588, 0, t); break;
	case FIELD_QUARTER: put_number(to, (f->month - 1) / 3 + 1, 0, t); break;
	default:
		assert(t->field == FIELD_ROMAN);
		if (f->month >= 1 && f->month <= 12) {
			put_name(to, romans[f->month - 1], 4, t);
			for (size_t i = strlen(romans[f->month - 1]); i < 4 && !t->fill; i++)
				strbuf_putc(to, ' ');
		}
		break;
	}
}

static void put_field(struct strbuf *to, const struct time_token *t, const struct time_fields *f)
{
	static const int64_t powers[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
	int64_t hour = f->hour % 12;
	switch (t->field) {
	case FIELD_TEXT: strbuf_putc(to, t->text); break;
	case FIELD_HOUR12: put_number(to, hour == 0 ? 12 : hour, 2, t); break;
	case FIELD_HOUR24: put_number(to, f->hour, 2, t); break;
	case FIELD_MINUTE: put_number(to, f->minute, 2, t); break;
	case FIELD_SECOND: put_number(to, f->second, 2, t); break;
	case FIELD_MS: put_number(to, f->us / 1000, 3, &(struct time_token){.ordinal = t->ordinal}); break;
	case FIELD_US: put_number(to, f->us, 6, &(struct time_token){.ordinal = t->ordinal}); break;
	case FIELD_FRACTION:
		put_number(to, f->us / powers[t->size], t->size, &(struct time_token){.ordinal = t->ordinal});
		break;
	case FIELD_DAY_SECOND: put_number(to, f->hour * 3600 + f->minute * 60 + f->second, 0, t); break;
	case FIELD_AM:
	case FIELD_AM_DOTS: put_half(to, f->hour % 24 >= 12 ? "PM" : "AM", t->field == FIELD_AM_DOTS, t); break;
	case FIELD_ZONE:
	case FIELD_ZONE_HOUR:
	case FIELD_ZONE_MINUTE:
	case FIELD_OFFSET: put_zone(to, t, f); break;
	default: put_date(to, t, f); break;
	}
}

void time_write(struct strbuf *to, const struct time_token *tokens, uint32_t n, const struct time_fields *f)
{
	for (uint32_t i = 0; i < n; i++)
		put_field(to, &tokens[i], f);
}
