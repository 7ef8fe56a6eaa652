// SPDX-License-Identifier: Apache-2.0
/* Intervals as text, answered by PostgreSQL 15 (IntervalStyle postgres), and their arithmetic. */
#include "column/pginterval.h"
#include "regress/unit/tap.h"

static const struct {
	const char *text, *shown; /* NULL: refused */
	int months, days;
} cases[] = {
	{"1 day", "1 day", 0, 1},
	{"1 year 2 months -3 days 04:05:06.789 ago", "-1 years -2 mons +3 days -04:05:06.789", -14, 3},
	{"@ 1 minute", "00:01:00", 0, 0},
	{"1-2", "1 year 2 mons", 14, 0},
	{"-1-2", "-1 years -2 mons", -14, 0},
	{"1-2 3 4:05:06", "1 year 2 mons 3 days 04:05:06", 14, 3},
	{"3 4:05:06", "3 days 04:05:06", 0, 3},
	{"1", "00:00:01", 0, 0},
	{"1.5", "00:00:01.5", 0, 0},
	{"1.5 days", "1 day 12:00:00", 0, 1},
	{"1.5 months", "1 mon 15 days", 1, 15},
	{"1.25 years", "1 year 3 mons", 15, 0},
	{"0.7 weeks", "4 days 21:36:00", 0, 4},
	{"P1Y2M3DT4H5M6S", "1 year 2 mons 3 days 04:05:06", 14, 3},
	{"P0001-02-03T04:05:06", "1 year 2 mons 3 days 04:05:06", 14, 3},
	{"PT1.5S", "00:00:01.5", 0, 0},
	{"P1W", "7 days", 0, 7},
	{"P-1Y", "-1 years", -12, 0},
	{"-00:00:01", "-00:00:01", 0, 0},
	{"1:30", "01:30:00", 0, 0},
	{"1:30.5", "00:01:30.5", 0, 0},
	{"100:00:00", "100:00:00", 0, 0},
	{"1 day -1:00", "1 day -01:00:00", 0, 1},
	{"-1 day +1:00", "-1 days +01:00:00", 0, -1},
	{"2 decades", "20 years", 240, 0},
	{"1 century 1 mil", "1100 years", 13200, 0},
	{"1 h 2 m 3 s 4 ms 5 us", "01:02:03.004005", 0, 0},
	{"1d2h", "1 day 02:00:00", 0, 1},
	{"1 fortnight", NULL, 0, 0},
	{"", NULL, 0, 0},
	{"abc", NULL, 0, 0},
	{"1 day 2 days", NULL, 0, 0},
	{"1 week 2 days", "9 days", 0, 9},
	{"25 hours 61 minutes", "26:01:00", 0, 0},
	{"-1 month 1 day", "-1 mons +1 day", -1, 1},
	{"1 mon -1 day", "1 mon -1 days", 1, -1},
	{"0", "00:00:00", 0, 0},
	{"00:00:00.000001", "00:00:00.000001", 0, 0},
	{"2147483647 days", "2147483647 days", 0, 2147483647},
	{"2147483648 days", NULL, 0, 0},
	{"1 quarter", NULL, 0, 0},
	{"10 20", NULL, 0, 0},
	{"1 day ago", "-1 days", 0, -1},
	{"1 year 1 month 1 day 1 hour 1 minute 1 second 1 millisecond 1 microsecond", "1 year 1 mon 1 day 01:01:01.001001",
		13, 1},
	{"-1 year -2 mons +3 days -04:05:06", "-1 years -2 mons +3 days -04:05:06", -14, 3},
	{"P1Y2M", "1 year 2 mons", 14, 0},
	{"P1.5D", "1 day 12:00:00", 0, 1},
	{"+1 day", "1 day", 0, 1},
	{"1 month 12:00", "1 mon 12:00:00", 1, 0},
	{"1y", "1 year", 12, 0},
	{"5 m", "00:05:00", 0, 0},
	{"infinity", NULL, 0, 0},
	{"1.1 sec", "00:00:01.1", 0, 0},
	{"0.1 years", "1 mon", 1, 0},
	{"2.5 decades", "25 years", 300, 0},
};

static struct pginterval parse(const char *text)
{
	struct pginterval v = {0, 0, 0};
	ok(pginterval_parse(str_of(text), &v, NULL) == OK, "'%s' is read", text);
	return v;
}

static void shows(struct pginterval v, const char *want, const char *what)
{
	char text[PGINTERVAL_TEXT_MAX];
	struct str s = {text, pginterval_format(v, text)};
	is_str(s, want, what);
}

static void arithmetic(void)
{
	struct pginterval v;
	ok(!pginterval_multiply(parse("1 mon 1 day 01:00:00"), 1.5, &v), "product");
	shows(v, "1 mon 16 days 13:30:00", "1.5 months are a month and 15 days");
	ok(!pginterval_multiply(parse("1 year"), 0.1, &v), "product");
	shows(v, "1 mon 6 days", "a tenth of a year");
	ok(!pginterval_justify_hours(parse("27:00:00"), &v), "justify_hours");
	shows(v, "1 day 03:00:00", "27 hours");
	ok(!pginterval_justify_days(parse("35 days"), &v), "justify_days");
	shows(v, "1 mon 5 days", "35 days");
	ok(!pginterval_add(parse("1 mon"), parse("-1 day 2:00"), &v), "sum");
	shows(v, "1 mon -1 days +02:00:00", "a sum keeps its fields apart");
	ok(pginterval_compare(parse("1 mon"), parse("30 days")) == 0, "a month is 30 days when compared");
	ok(pginterval_compare(parse("24:00:01"), parse("1 day")) > 0, "a day is 24 hours when compared");
	ok(pginterval_multiply(parse("1 year"), 1e12, &v), "overflow is told");
	v = (struct pginterval){INT64_MIN, INT32_MIN, INT32_MIN};
	shows(v, "-178956970 years -8 mons -2147483648 days -2562047788:00:54.775808", "the least interval");
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		struct pginterval v;
		enum status s = pginterval_parse(str_of(cases[i].text), &v, NULL);
		if (cases[i].shown == NULL) {
			ok(s != OK, "'%s' is refused", cases[i].text);
		} else if (ok(s == OK, "'%s'", cases[i].text)) {
			shows(v, cases[i].shown, "its text");
			ok(v.months == cases[i].months && v.days == cases[i].days, "its fields");
		}
	}
	arithmetic();
	return tap_done();
}
