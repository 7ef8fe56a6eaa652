// SPDX-License-Identifier: Apache-2.0
/* Calendar and zones, against what PostgreSQL and ClickHouse say: before 1970, around transitions, and centuries on. */
#include <pthread.h>

#include "base/hash.h"
#include "base/timezone.h"
#include "regress/unit/tap.h"

/* PostgreSQL's (to_timestamp(t) AT TIME ZONE zone) - t. */
static const struct {
	const char *zone;
	int64_t at;
	int32_t offset;
} offsets[] = {
	{"Africa/Casablanca", -3000000000, -1820},
	{"Africa/Casablanca", -1000000000, 0},
	{"Africa/Casablanca", -100, 0},
	{"Africa/Casablanca", 325666800, 0},
	{"Africa/Casablanca", 1325239200, 0},
	{"America/New_York", -3000000000, -17762},
	{"America/New_York", -1000000000, -14400},
	{"America/New_York", -100, -18000},
	{"America/New_York", 325666800, -14400},
	{"America/New_York", 1325239200, -18000},
	{"America/New_York", 1679792399, -14400},
	{"America/New_York", 1679792400, -14400},
	{"America/New_York", 1700000000, -18000},
	{"America/New_York", 2140000000, -14400},
	{"America/New_York", 4120000000, -14400},
	{"America/New_York", 4133000000, -18000},
	{"America/New_York", 7266000000, -14400},
	{"America/New_York", 17266000000, -18000},
	{"America/New_York", 100266000000, -14400},
	{"America/Nuuk", -3000000000, -12416},
	{"America/Nuuk", -1000000000, -10800},
	{"America/Nuuk", -100, -10800},
	{"America/Nuuk", 325666800, -7200},
	{"America/Nuuk", 1325239200, -10800},
	{"America/Sao_Paulo", -3000000000, -11188},
	{"America/Sao_Paulo", -1000000000, -10800},
	{"America/Sao_Paulo", -100, -10800},
	{"America/Sao_Paulo", 325666800, -10800},
	{"America/Sao_Paulo", 1325239200, -7200},
	{"America/Sao_Paulo", 1679792399, -10800},
	{"America/Sao_Paulo", 1679792400, -10800},
	{"America/Sao_Paulo", 1700000000, -10800},
	{"America/Sao_Paulo", 2140000000, -10800},
	{"America/Sao_Paulo", 4120000000, -10800},
	{"America/Sao_Paulo", 4133000000, -10800},
	{"America/Sao_Paulo", 7266000000, -10800},
	{"America/Sao_Paulo", 17266000000, -10800},
	{"America/Sao_Paulo", 100266000000, -10800},
	{"Asia/Kolkata", -3000000000, 19270},
	{"Asia/Kolkata", -1000000000, 19800},
	{"Asia/Kolkata", -100, 19800},
	{"Asia/Kolkata", 325666800, 19800},
	{"Asia/Kolkata", 1325239200, 19800},
	{"Asia/Kolkata", 1679792399, 19800},
	{"Asia/Kolkata", 1679792400, 19800},
	{"Asia/Kolkata", 1700000000, 19800},
	{"Asia/Kolkata", 2140000000, 19800},
	{"Asia/Kolkata", 4120000000, 19800},
	{"Asia/Kolkata", 4133000000, 19800},
	{"Asia/Kolkata", 7266000000, 19800},
	{"Asia/Kolkata", 17266000000, 19800},
	{"Asia/Kolkata", 100266000000, 19800},
	{"Australia/Lord_Howe", -3000000000, 38180},
	{"Australia/Lord_Howe", -1000000000, 36000},
	{"Australia/Lord_Howe", -100, 36000},
	{"Australia/Lord_Howe", 325666800, 36000},
	{"Australia/Lord_Howe", 1325239200, 39600},
	{"Australia/Lord_Howe", 1679792399, 39600},
	{"Australia/Lord_Howe", 1679792400, 39600},
	{"Australia/Lord_Howe", 1700000000, 39600},
	{"Australia/Lord_Howe", 2140000000, 39600},
	{"Australia/Lord_Howe", 4120000000, 37800},
	{"Australia/Lord_Howe", 4133000000, 39600},
	{"Australia/Lord_Howe", 7266000000, 39600},
	{"Australia/Lord_Howe", 17266000000, 39600},
	{"Australia/Lord_Howe", 100266000000, 37800},
	{"Europe/Berlin", -3000000000, 3208},
	{"Europe/Berlin", -1000000000, 3600},
	{"Europe/Berlin", -100, 3600},
	{"Europe/Berlin", 325666800, 7200},
	{"Europe/Berlin", 1325239200, 3600},
	{"Europe/Berlin", 1679792399, 3600},
	{"Europe/Berlin", 1679792400, 7200},
	{"Europe/Berlin", 1700000000, 3600},
	{"Europe/Berlin", 2140000000, 7200},
	{"Europe/Berlin", 4120000000, 7200},
	{"Europe/Berlin", 4133000000, 3600},
	{"Europe/Berlin", 7266000000, 7200},
	{"Europe/Berlin", 17266000000, 3600},
	{"Europe/Berlin", 100266000000, 7200},
	{"Pacific/Apia", -3000000000, 45184},
	{"Pacific/Apia", -1000000000, -41400},
	{"Pacific/Apia", -100, -39600},
	{"Pacific/Apia", 325666800, -39600},
	{"Pacific/Apia", 1325239200, 50400},
	{"Pacific/Apia", 1679792399, 46800},
	{"Pacific/Apia", 1679792400, 46800},
	{"Pacific/Apia", 1700000000, 46800},
	{"Pacific/Apia", 2140000000, 46800},
	{"Pacific/Apia", 4120000000, 46800},
	{"Pacific/Apia", 4133000000, 46800},
	{"Pacific/Apia", 7266000000, 46800},
	{"Pacific/Apia", 17266000000, 46800},
	{"Pacific/Apia", 100266000000, 46800},
};

static const struct timezone *zone(const char *name)
{
	const struct timezone *tz = timezone_utc();
	struct error e;
	error_init(&e);
	if (timezone_find(str_of(name), &tz, &e) != OK)
		ok(false, "%s: %s", name, e.message);
	return tz;
}

static void test_offsets(void)
{
	for (size_t i = 0; i < ARRAY_COUNT(offsets); i++)
		ok(timezone_offset(zone(offsets[i].zone), offsets[i].at) == offsets[i].offset, "%s at %lld", offsets[i].zone,
		   (long long)offsets[i].at);
	const struct timezone *berlin = zone("Europe/Berlin");
	is_str(timezone_abbreviation(berlin, 1679792399), "CET", "the abbreviation before a transition");
	is_str(timezone_abbreviation(berlin, 1679792400), "CEST", "and after it");
	ok(!timezone_is_dst(berlin, 1679792399) && timezone_is_dst(berlin, 1679792400), "and whether it is summer time");
	is_str(timezone_abbreviation(berlin, 100266000000), "CEST", "in the year 5147");
	is_int(timezone_offset(berlin, INT64_MIN), 3208, "local mean time since ever");
	int32_t ever = timezone_offset(berlin, INT64_MAX);
	ok(ever == 3600 || ever == 7200, "the rule for ever");
}

/* Around the transitions of Berlin in 2023: what each dialect makes of a local time. */
static void test_local(void)
{
	static const struct {
		int64_t local, ch, pg;
	} cases[] = {
		{1679795999, 1679792399, 1679792399}, /* 26 March, 01:59:59 */
		{1679797800, 1679790600, 1679794200}, /* 02:30, which is skipped */
		{1679799600, 1679792400, 1679792400}, /* 03:00 */
		{1698544799, 1698537599, 1698537599}, /* 29 October, 01:59:59 */
		{1698546600, 1698539400, 1698543000}, /* 02:30, which comes twice */
		{1698548400, 1698544800, 1698544800}, /* 03:00 */
	};
	const struct timezone *berlin = zone("Europe/Berlin");
	int64_t later = 2 * (int64_t)146097 * 86400;
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		is_int(timezone_to_utc(berlin, cases[i].local), cases[i].ch, "local time as ClickHouse reads it");
		is_int(timezone_to_utc_pg(berlin, cases[i].local), cases[i].pg, "as PostgreSQL does");
		is_int(timezone_to_utc(berlin, cases[i].local + later), cases[i].ch + later, "800 years later");
		is_int(timezone_to_utc_pg(berlin, cases[i].local + later), cases[i].pg + later, "and there");
	}
}

static bool round_trips(const struct timezone *tz)
{
	bool good = true;
	for (uint64_t i = 0; i < 1000; i++) {
		int64_t t = (int64_t)(hash_u64(i) % 60000000000) - 12000000000, from, until;
		int32_t offset = timezone_offset(tz, t);
		int64_t ch = timezone_to_utc(tz, t + offset), pg = timezone_to_utc_pg(tz, t + offset);
		good &= ch <= pg && (ch == t || pg == t) && ch + timezone_offset(tz, ch) == t + offset;
		good &= timezone_span(tz, t, &from, &until) == offset && from <= t && t < until;
		good &= from == INT64_MIN || timezone_offset(tz, from) == offset;
		good &= until == INT64_MAX || timezone_offset(tz, until - 1) == offset;
		struct civil_time c = timezone_civil(tz, t);
		int64_t day = civil_to_days(c.date.year, c.date.month, c.date.day);
		good &= day * 86400 + c.hour * 3600 + c.minute * 60 + c.second == t + offset;
	}
	return good;
}

static void check_zone(struct str name, void *arg)
{
	int *counts = arg;
	const struct timezone *tz;
	counts[0]++;
	if (timezone_find(name, &tz, NULL) == OK && round_trips(tz) && str_eq(timezone_name(tz), name))
		counts[1]++;
	else
		printf("# %.*s\n", STR_ARG(name));
}

static void test_names(void)
{
	static const char *const bad[] = {
		"", "Foo/Bar", "../../etc/passwd", "/etc/localtime", "Europe", "Europe/", "right/UTC", "Europe/Berlin ", "FOO",
		"Z", "UTC+3,x", "A3B,M13.1.0,M1.1.0", "A3B,M1.1.0", "Fixed/UTC+05:3x:00", "<A3", "tzdata.zi", "posix", "A200",
	};
	const struct timezone *tz, *other = NULL;
	struct error e;
	int counts[2] = {0, 0};
	is_str(timezone_name(zone("america/new_york")), "America/New_York", "case is folded, and the name spelled right");
	timezone_each(check_zone, counts);
	ok(counts[0] > 400 && counts[0] == counts[1], "all %d zones load and return from local time", counts[0]);
	ok(zone("utc") == timezone_utc() && timezone_is_utc(zone("Etc/UTC")), "UTC");
	ok(!timezone_is_utc(zone("Europe/London")), "London is not");
	for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
		error_init(&e);
		ok(timezone_find(str_of(bad[i]), &tz, &e) == E_BAD_ARGUMENTS, "no zone: '%s'", bad[i]);
	}
	ok(timezone_find(str_make("UTC\0", 4), &tz, NULL) == E_BAD_ARGUMENTS, "no zone with a NUL");
	ok(timezone_fixed(19800, &tz, NULL) == OK && timezone_fixed(19800, &other, NULL) == OK, "fixed offsets");
	ok(tz == other, "are shared");
	is_str(timezone_name(tz), "<+05:30>-05:30", "named as PostgreSQL does");
	is_str(timezone_abbreviation(tz, 0), "+05:30", "abbreviated too");
	is_int(timezone_offset(tz, 0), 19800, "and east of Greenwich");
	ok(timezone_fixed(-10800, &tz, NULL) == OK && timezone_offset(tz, 0) == -10800, "west");
	ok(timezone_fixed(INT32_MIN, &tz, NULL) == E_BAD_ARGUMENTS, "out of range");
}

/* What PostgreSQL makes of the same names. */
static void test_rules(void)
{
	int64_t winter = 1673000000, summer = 1689000000;
	is_int(timezone_offset(zone("UTC+3"), winter), -10800, "POSIX counts west");
	is_int(timezone_offset(zone("+05:30"), winter), -19800, "without a name too");
	is_int(timezone_offset(zone("<ab+1>-3"), winter), 10800, "quoted names");
	is_str(timezone_name(zone("<ab+1>-3")), "<AB+1>-3", "in capitals");
	const struct timezone *us = zone("FOO4BAR");
	is_int(timezone_offset(us, winter), -14400, "standard time");
	is_int(timezone_offset(us, summer), -10800, "summer time by the rule of the United States");
	is_int(timezone_offset(us, civil_to_days(1250, 7, 1) * 86400), -10800, "in 1250");
	is_int(timezone_offset(us, civil_to_days(1250, 1, 1) * 86400), -14400, "in its winter");
	is_int(timezone_offset(us, civil_to_days(9000, 7, 1) * 86400), -10800, "in 9000");
	ok(round_trips(us), "and back from local time");
	const struct timezone *julian = zone("AAA-3BBB,J60,J300/3");
	int64_t change = civil_to_days(2023, 3, 1) * 86400 + 7200 - 10800;
	is_int(timezone_offset(julian, change - 1), 10800, "before day J60, 2 o'clock");
	is_int(timezone_offset(julian, change), 14400, "from it on");
	change = civil_to_days(2024, 3, 1) * 86400 + 7200 - 10800;
	is_int(timezone_offset(julian, change - 1), 10800, "on the same date of a leap year");
	is_int(timezone_offset(julian, change), 14400, "from it on");
	change = civil_to_days(2024, 2, 29) * 86400 + 7200 - 10800;
	is_int(timezone_offset(zone("AAA-3BBB,59,300/3"), change - 1), 10800, "day 59 is 29 February there");
	is_int(timezone_offset(zone("AAA-3BBB,59,300/3"), change), 14400, "from it on");
	is_int(timezone_offset(zone("XXX3EDT4,0/0,J365/23"), winter), -14400, "summer time without end");
	is_int(timezone_offset(zone("Fixed/UTC+05:30:00"), 0), 19800, "ClickHouse's fixed offsets");
	is_int(timezone_offset(zone("Fixed/UTC-01:00:30"), 0), -3630, "and west");
}

static void test_calendar(void)
{
	static const struct {
		int64_t days;
		int32_t year;
		unsigned week;
	} weeks[] = {
		{20087, 2025, 1}, {18630, 2020, 53}, {18627, 2020, 53}, {-1, 1970, 1}, {-135081, 1600, 9}, {20819, 2026, 53},
	};
	bool good = true, order = true;
	int64_t expected = civil_to_days(-4800, 1, 1);
	for (int32_t year = -4800; year < 4800; year++) {
		for (unsigned month = 1; month <= 12; month++) {
			good &= civil_to_days(year, month, 1) == expected;
			expected += civil_days_in_month(year, month);
			struct civil_date d = days_to_civil(expected - 1);
			good &= d.year == year && d.month == month && d.day == civil_days_in_month(year, month);
		}
		order &= days_year_day(expected - 1) == 365u + civil_is_leap(year);
	}
	ok(good && civil_to_days(1970, 1, 1) == 0 && civil_to_days(2000, 3, 1) == 11017, "days and dates");
	ok(order, "days of the year");
	struct civil_date far = days_to_civil(civil_to_days(5000000, 2, 29));
	ok(far.year == 5000000 && far.month == 2 && far.day == 29, "the year 5,000,000");
	far = days_to_civil(civil_to_days(-5000000, 12, 31));
	ok(far.year == -5000000 && far.month == 12 && far.day == 31, "and before Christ");
	ok(days_weekday(0) == 3 && days_weekday(-1) == 2 && days_weekday(-4) == 6 && days_weekday(4) == 0, "weekdays");
	for (size_t i = 0; i < ARRAY_COUNT(weeks); i++) {
		int32_t year;
		unsigned week;
		days_iso_week(weeks[i].days, &year, &week);
		ok(year == weeks[i].year && week == weeks[i].week, "ISO week of day %lld", (long long)weeks[i].days);
	}
	struct civil_time t = timezone_civil(timezone_utc(), -1);
	ok(t.date.year == 1969 && t.date.day == 31 && t.hour == 23 && t.second == 59, "one second before 1970");
}

static void *find_in_thread(void *arg)
{
	static const char *const names[] = {"Asia/Tokyo", "asia/tokyo", "Asia/Seoul", "EST5EDT4", "Nowhere"};
	uintptr_t found = 0;
	for (int i = 0; i < 500; i++) {
		const struct timezone *tz;
		if (timezone_find(str_of(names[i % 5]), &tz, NULL) == OK)
			found += timezone_offset(tz, 1700000000) == 32400 || i % 5 == 3;
	}
	return (void *)found;
}

static void test_threads(void)
{
	pthread_t threads[4];
	bool good = true;
	for (int i = 0; i < 4; i++)
		good &= pthread_create(&threads[i], NULL, find_in_thread, NULL) == 0;
	for (int i = 0; i < 4; i++) {
		void *found;
		good &= pthread_join(threads[i], &found) == 0 && (uintptr_t)found == 400;
	}
	ok(good, "threads find zones at once");
}

int main(void)
{
	const struct timezone *tz;
	test_calendar();
	if (timezone_find(STR("Europe/Berlin"), &tz, NULL) != OK) {
		tap_skip(1, "no time zone data base on this system");
		return tap_done();
	}
	test_threads();
	test_offsets();
	test_local();
	test_names();
	test_rules();
	return tap_done();
}
